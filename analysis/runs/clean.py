"""A played notebook without the traces of when and where: the same inputs leave the same bytes."""

from __future__ import annotations

import os
import re
import sysconfig
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.runs import places

ERROR_MARK = "papermill-error-cell-tag"
INJECTED = "injected-parameters"
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{4,}")
STYLED = re.compile(r"\bT_[0-9a-f]{5}(?=[_\" ]|$)")  # pandas draws the name of a styled table
CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")  # what Python takes the file of a cell to be


@dataclass(frozen=True, slots=True)
class CellError:
    """The error that ended a report: its name and text, and the number of the code cell it came from."""

    name: str
    text: str
    cell: int | None = None

    def __str__(self) -> str:
        where = "" if self.cell is None else f"cell [{self.cell}]: "
        return f"{where}{self.name}: {self.text}" if self.text else f"{where}{self.name}"


def clean(played: Any) -> Any:
    """The notebook as it is kept: without papermill's marks, clock times or addresses in memory."""
    played.cells = [cell for cell in played.cells if ERROR_MARK not in cell.metadata.get("tags", [])]
    played.metadata.pop("papermill", None)
    for cell in played.cells:
        cell.metadata = _metadata(cell.metadata)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED  # papermill draws a new one each time
        for output in cell.get("outputs", []):
            _clean_output(output)
    return played


def _metadata(metadata: Any) -> Any:
    for key in ("papermill", "execution"):
        metadata.pop(key, None)
    if not metadata.get("tags", ["some"]):
        del metadata["tags"]
    return metadata


def _clean_output(output: Any) -> None:
    """Addresses in memory, process numbers and folders of this machine differ from run to run and tell nothing."""
    if output.output_type == "stream":
        output.text = placeless(output.text)
    elif output.output_type in ("display_data", "execute_result"):
        if "text/plain" in output.data:
            output.data["text/plain"] = placeless(output.data["text/plain"])
        if "text/html" in output.data:
            output.data["text/html"] = _styled(output.data["text/html"])
    elif output.output_type == "error":
        output.evalue = placeless(output.evalue)
        output.traceback = [placeless(line) for line in output.traceback]


def _styled(text: str) -> str:
    """Styled tables named in their order, which stays the same."""
    names: dict[str, str] = {}
    return STYLED.sub(lambda found: names.setdefault(found[0], f"T_{len(names):05x}"), text)


def placeless(text: str) -> str:
    """A text of Python's without the traces of this process and of where things lie on this machine."""
    text = CELL_FILE.sub("<cell>", ADDRESS.sub(" at 0x…", text))
    for folder in _folders():
        text = text.replace(folder, "")
    return text


@cache
def _folders() -> tuple[str, ...]:
    """The folders of libraries, of the standard library and of the project, the longest first."""
    found = {sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib")} | {str(places.root())}
    return tuple(sorted((f"{folder}{os.sep}" for folder in found if folder), key=len, reverse=True))


def first_error(played: Any) -> CellError | None:
    """The first error among the outputs; leaving by SystemExit is one too, since the rest was not run."""
    for cell in played.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                return CellError(output.ename, output.evalue, cell.execution_count)
    return None


def unreached(played: Any) -> int:
    """The number of code cells with source that were never run."""
    cells = (c for c in played.cells if c.cell_type == "code" and c.source.strip())
    return sum(c.execution_count is None for c in cells)
