"""Making a report again from its manifest: the same bytes, or what exactly differs, inputs first and then outputs."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from analysis.errors import ParameterError
from analysis.runs import execute, manifest, places
from analysis.runs.exits import FAILED, FINE
from analysis.runs.request import Request, prepare_values


@dataclass(frozen=True, slots=True)
class Rerun:
    """A report made again: where it lies, and what differs, a sentence each; nothing where every byte is the same."""

    folder: Path
    inputs: list[str]
    outputs: list[str]
    files: int

    @property
    def same(self) -> bool:
        """Whether every file of the report is the same to the byte."""
        return not self.outputs


def read(path: Path) -> dict[str, Any]:
    """The manifest at ``path``, a file or the folder of a run; raises ParameterError where it is none of ours."""
    path = path / manifest.NAME if path.is_dir() else path
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ParameterError(f"{places.shown(path)} is no manifest: {error}") from None
    wanted = {"notebook": dict, "parameters": dict, "inputs": dict, "outputs": dict, "status": str}
    short = [k for k, kind in wanted.items() if not (isinstance(found, dict) and isinstance(found.get(k), kind))]
    if short:
        raise ParameterError(f"{places.shown(path)} is no manifest of a run: {', '.join(short)} missing")
    if found["status"] != "ok":
        raise ParameterError(f"{places.shown(path)} is of a run that did not come to its end: {found['status']!r}")
    if found.get("bill") != manifest.bill(found):
        raise ParameterError(f"{places.shown(path)} is not as it was written: its bill does not fit what it lists")
    return found


def prepare(found: Mapping[str, Any], folder: Path, notebook: Path | None = None) -> Request:
    """The report that a manifest describes, as it can be asked for here.

    A notebook of the project is found by its path in it; any other one has to be named by ``notebook``.

    Raises
    ------
    ParameterError : the notebook is not here, or does not take the parameters any more
    CatalogueError : a data file is not here
    """
    book = found["notebook"]
    path = notebook or places.root() / book.get("path", "")
    name = str(path) if path.suffix == ".ipynb" and path.is_file() else str(book.get("name"))
    try:
        return prepare_values(name, found["parameters"], folder=folder)
    except ParameterError as error:
        raise ParameterError(f"{error}\nA notebook that is not the project's own is named with --notebook") from None


def run(
    path: Path, reports: Path, *, notebook: Path | None = None, limit: float | None = None, bar: bool = False
) -> Rerun:
    """Make the report of a manifest again, below ``reports``, and hold it against what the manifest says.

    Raises
    ------
    ParameterError, CatalogueError : as ``prepare``; RunError : the report did not come about
    """
    found = read(path)
    request = prepare(found, reports / str(found["notebook"]["name"]), notebook)
    outcome = execute.run(request, force=True, limit=limit, bar=bar)
    now = json.loads((outcome.folder / manifest.NAME).read_text(encoding="utf-8"))
    return Rerun(outcome.folder, inputs_that_differ(found, now), outputs_that_differ(found, now), len(now["outputs"]))


def inputs_that_differ(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What two reports do not rest on in common, a sentence each, down to the single file and version."""
    found = []
    for what, label in (("parameters", "parameter"), ("versions", "version of"), ("platform", "platform,")):
        one, other = then.get(what) or {}, now.get(what) or {}
        for key in sorted(one.keys() | other.keys()):
            if one.get(key) != other.get(key):
                found.append(f"{label} {key}: {_word(one.get(key))} then, {_word(other.get(key))} now")
    if then["inputs"].get("notebook") != now["inputs"].get("notebook"):
        found.append("the notebook is another one")
    one, other = then.get("sources") or {}, now.get("sources") or {}
    found += [f"{name}: {_change(one.get(name), other.get(name))}" for name in _differing(one, other)]
    return found


def outputs_that_differ(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The files of two reports that are not the same to the byte, a sentence each."""
    one, other = then["outputs"], now["outputs"]
    return [f"{name}: {_change(one.get(name), other.get(name))}" for name in _differing(one, other)]


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _change(then: str | None, now: str | None) -> str:
    if then is None:
        return "was not there then"
    if now is None:
        return "is not here now"
    return f"sha256 {then[:12]} then, {now[:12]} now"


def _word(value: Any) -> str:
    return "nothing" if value is None else repr(value)


def summary(done: Rerun) -> list[str]:
    """What came of it, line by line."""
    lines = [f"the report lies in {places.shown(done.folder)}"]
    if done.same:
        lines.append(f"every byte is the same ({done.files} files)")
        if done.inputs:
            lines.append("although these differ:")
    else:
        lines.append(f"{len(done.outputs)} of {done.files} files differ:")
        lines += [f"  {line}" for line in done.outputs]
        lines.append("what the report rests on differs:" if done.inputs else "nothing that the report rests on differs")
    return lines + [f"  {line}" for line in done.inputs]


def record(done: Rerun) -> dict[str, Any]:
    """The same as JSON can hold it."""
    return asdict(done) | {"folder": str(done.folder), "same": done.same}


@click.command("rerun")
@click.argument("path", metavar="MANIFEST", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the new report.  [default: a new one among the system's temporary folders]",
)
@click.option("--notebook", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Where the notebook is.")
@click.option("--timeout", type=float, default=3600, show_default=True, metavar="SECONDS", help="Time limit.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
def rerun(path: Path, reports: Path | None, notebook: Path | None, timeout: float, as_json: bool) -> None:
    """Make the report of MANIFEST, a file or the folder of a run, again, and compare every byte.

    Ends with 0 where every file is the same, and with 1 where one differs; then what the report rests on is compared
    down to the single file and the single version.

    \b
    Example:
      python -m analysis rerun reports/briefing/latest/manifest.json
    """
    reports = reports or Path(tempfile.mkdtemp(prefix="attack-timing-rerun-"))
    done = run(path, reports, notebook=notebook, limit=timeout, bar=sys.stderr.isatty())
    click.echo(json.dumps(record(done), indent=2, ensure_ascii=False) if as_json else "\n".join(summary(done)))
    sys.exit(FINE if done.same else FAILED)
