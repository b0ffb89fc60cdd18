"""A report that is asked for: everything about it that can be known and checked before it is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.runs import data, identity, notebook, parameters, places


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A report that may be run: its notebook and data were found, and its settings are of the right types."""

    notebook: notebook.Notebook
    settings: dict[str, Any]
    changed: dict[str, Any]
    files: tuple[data.DataFile, ...]
    inputs: identity.Inputs
    run_id: str
    reports: Path  # the folder of this notebook's runs

    def facts(self) -> dict[str, Any]:
        """What the page says about the run; nothing here may hold the clock or a place on this machine."""
        declared, used = self.notebook.declared, self.settings
        return {
            "title": self.notebook.title,
            "run_id": self.run_id,
            "as_of": used.get("as_of"),
            "parameters": [{"name": d.name, "value": repr(used[d.name]), "comment": d.comment} for d in declared],
            "files": [{"name": f"{f.name} ({f.parameter})", "sha256": f.sha256} for f in self.files],
            "inputs": asdict(self.inputs),
            "versions": identity.versions(),
        }


def prepare(name: str, given: Mapping[str, str], *, reports: Path | None = None) -> Request:
    """Find and check everything a run needs that can be checked without running; nothing is written.

    Parameters
    ----------
    name : path of a notebook, or the stem of one in the notebooks folder
    given : parameter values as texts of a command line
    reports : folder of all reports; by default the project's

    Raises ParameterError for the notebook and its parameters, CatalogueError for data files that are missing.
    """
    book = notebook.read(notebook.find(name))
    given = data.beside_notebook(book.declared, data.beside_caller(given), book.path.parent)
    model = parameters.from_text(book.declared, given)
    return _request(book, model, (reports or places.reports()).absolute() / book.name)


def prepare_values(name: str, values: Mapping[str, Any], *, folder: Path) -> Request:
    """The same from values that are typed already, as a schedule or a manifest holds them.

    Parameters
    ----------
    name : path of a notebook, or the stem of one in the notebooks folder
    values : parameter values by name; what is not given keeps its default
    folder : the folder of this report's runs
    """
    book = notebook.read(notebook.find(name))
    found = data.beside_notebook(book.declared, values, book.path.parent)
    model = parameters.from_values(book.declared, {each.name: each.default for each in book.declared} | found)
    return _request(book, model, folder.absolute())


def _request(book: notebook.Notebook, model: Any, folder: Path) -> Request:
    settings = model.model_dump()
    files = data.files(settings)
    data.check_words(settings, files)
    found = identity.inputs(book.sha256, settings, files)
    as_of = settings.get("as_of")
    return Request(
        notebook=book,
        settings=settings,
        changed=parameters.changed(book.declared, model),
        files=files,
        inputs=found,
        run_id=found.run_id(as_of if isinstance(as_of, str) else ""),
        reports=folder,
    )
