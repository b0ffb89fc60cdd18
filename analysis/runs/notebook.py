"""A notebook as it is run: found by name, read from its file, refused where a run could not be trusted."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError, nearest
from analysis.runs import places
from analysis.runs.declared import Declared, declared

SHELL = re.compile(
    r"^\s*(!|%%(bash|sh|script|cmd|system|sx|!)|%(system|sx)\b|[\w\s,.\[\]'\"]+=\s*(!|%(system|sx)\b))",
    re.MULTILINE,
)
SHELL_CALL = re.compile(r"get_ipython\(\)\s*\.\s*(system|getoutput|run_cell_magic)\b")


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook without outputs: ``content`` is the notebook as JSON holds it."""

    path: Path
    content: dict[str, Any]
    declared: tuple[Declared, ...]

    @property
    def name(self) -> str:
        """The stem of the file, which names the folder of its reports."""
        return self.path.stem

    @property
    def title(self) -> str:
        """The first heading, or the name where there is none."""
        found = re.search(r"^#[ \t]+(.+?)[ \t#]*$", _text(self.content, "markdown"), re.MULTILINE)
        return found[1] if found else self.name

    @property
    def question(self) -> str:
        """The first paragraph under the first heading, on one line."""
        after = re.split(r"^#[ \t]+.*$", _text(self.content, "markdown"), maxsplit=1, flags=re.MULTILINE)[-1]
        paragraphs = [p for p in re.split(r"\n\s*\n", after.strip()) if p.strip()]
        return " ".join(paragraphs[0].split()) if paragraphs else ""

    @property
    def imports(self) -> list[str]:
        """The modules that the code cells import, in order, each once; some may be names inside a module."""
        names = [name for c in self.content["cells"] if c["cell_type"] == "code" for name in _imported(source(c))]
        return list(dict.fromkeys(names))

    @property
    def sha256(self) -> str:
        """Hash of what is run: kind, source and tags of every cell; outputs and metadata do not count."""
        cells = [[c["cell_type"], source(c), tags(c)] for c in self.content["cells"]]
        return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def find(name: str) -> Path:
    """The file of a notebook from its path, or from its stem where it lies in the notebooks folder."""
    path = Path(name)
    if path.suffix == ".ipynb" and path.is_file():
        return path.absolute()
    folder = places.notebooks()
    known = stems()
    if path.name == name and path.name.removesuffix(".ipynb") in known:
        return folder / f"{path.name.removesuffix('.ipynb')}.ipynb"
    there = f"there are {', '.join(known)}" if known else f"there are no notebooks in {folder}"
    raise ParameterError(f"no notebook {name!r}.{nearest(path.stem, known)} ({there})")


def stems() -> list[str]:
    """The names of the notebooks in the notebooks folder."""
    return sorted(path.stem for path in places.notebooks().glob("*.ipynb"))


def read(path: Path) -> Notebook:
    """A notebook that may be run; raises ParameterError with every reason why it may not."""
    content = _load(path)
    problems, parameters = [], ()
    kernel = content.get("metadata", {}).get("kernelspec", {}).get("name", "python3")
    if kernel != "python3":
        problems.append(f"its kernel is {kernel!r}, which others do not have; choose the kernel python3 and save it")
    try:
        parameters = declared(parameters_source(content))
    except ParameterError as error:
        problems.append(str(error))
    problems += _refusals(content)
    if problems:
        raise ParameterError(f"{places.shown(path)} cannot be run:\n" + "\n".join(f"- {p}" for p in problems))
    return Notebook(path, _without_outputs(content), parameters)


def declared_in(path: Path) -> tuple[Declared, ...]:
    """The parameters that a notebook file declares."""
    return declared(parameters_source(_load(path)))


def parameters_source(content: dict[str, Any]) -> str:
    """The source of the one cell tagged ``parameters``."""
    tagged = [c for c in content["cells"] if c["cell_type"] == "code" and "parameters" in tags(c)]
    if len(tagged) != 1:
        count = "no cell is" if not tagged else f"{len(tagged)} cells are"
        raise ParameterError(f"{count} tagged 'parameters'; one code cell must be")
    return source(tagged[0])


def source(cell: dict[str, Any]) -> str:
    """The source of a cell as one text."""
    text = cell.get("source", "")
    return text if isinstance(text, str) else "".join(text)


def tags(cell: dict[str, Any]) -> list[str]:
    """The tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", []))


def _load(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise ParameterError(f"{places.shown(path)} is not a notebook: {error}") from None
    if not isinstance(content, dict) or content.get("nbformat") != 4 or not isinstance(content.get("cells"), list):
        raise ParameterError(f"{places.shown(path)} is not a notebook of format 4; save it with JupyterLab")
    return content


def _without_outputs(content: dict[str, Any]) -> dict[str, Any]:
    cells = []
    for cell in content["cells"]:
        kept = {k: v for k, v in cell.items() if k not in ("outputs", "execution_count")}
        if cell["cell_type"] == "code":
            kept |= {"outputs": [], "execution_count": None}
        cells.append(kept)
    return {**content, "cells": cells}


def _text(content: dict[str, Any], kind: str) -> str:
    return "\n\n".join(source(c) for c in content["cells"] if c["cell_type"] == kind)


def _refusals(content: dict[str, Any]) -> list[str]:
    """What the code cells hold that a report cannot be trusted with, a sentence for each."""
    found = []
    for i, cell in enumerate(content["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        text = source(cell)
        if line := _shell_line(text):
            found.append(f"cell {i} calls the shell, where a failure goes unnoticed: {line!r}; use the package")
        if _leaves(text):
            found.append(f"cell {i} leaves the notebook before its end; raise an error where it cannot go on")
    return found


def _shell_line(text: str) -> str:
    # A cell that is Python as it stands can hold a ``!`` only inside a text or a comment.
    found = SHELL_CALL.search(text) or (None if _python(text) else SHELL.search(text))
    if not found:
        return ""
    start = text.rfind("\n", 0, found.end()) + 1
    return text[start:].split("\n", 1)[0].strip()


def _leaves(text: str) -> bool:
    """Whether a cell calls exit or quit, after which cells may or may not be run."""
    called = [
        node.func if isinstance(node, ast.Call) else node.value
        for node in ast.walk(_python(text) or ast.Module())
        if isinstance(node, ast.Call | ast.Expr)
    ]
    return any(isinstance(each, ast.Name) and each.id in ("exit", "quit") for each in called)


def _imported(text: str) -> list[str]:
    names = []
    for node in ast.walk(_python(text) or ast.Module()):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def _python(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None
