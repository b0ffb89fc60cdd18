"""Where the files are: the same path means the same file from every working directory."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.errors import CatalogueError


def project_root() -> Path:
    """The folder that holds the ``analysis`` package, with ``data/`` beside it."""
    return Path(__file__).resolve().parents[2]


def resolve(path: str | os.PathLike) -> Path:
    """The file meant by ``path``: as given from the working directory, else from the project root.

    Raises
    ------
    CatalogueError : there is no such file in either place; both are named
    """
    try:
        given = Path(path).expanduser()
        tried = list(dict.fromkeys([Path.cwd() / given, project_root() / given]))
        found = next((p for p in tried if p.is_file()), None)
    except (TypeError, ValueError, OSError, RuntimeError) as error:
        raise _missing(path, f"{path!r} cannot be the name of a file: {error}") from None
    if found is not None:
        return found.resolve()
    folder = next((p for p in tried if p.is_dir()), None)
    if folder is not None:
        raise _missing(path, f"{folder} is a folder; name the CSV file in it")
    places = " and ".join(str(p) for p in tried)
    raise _missing(path, f"there is no file {given}; looked for {places}. Check the spelling, or give the whole path")


def shown(path: Path) -> str:
    """``path`` for reports: relative to the project root where it lies inside, else the bare file name."""
    path = Path(path).resolve()
    root = project_root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _missing(path: object, message: str) -> CatalogueError:
    problem = {
        "row": None,
        "column": None,
        "value": str(path),
        "rule": "the file has to be there and be readable",
        "way_out": "check the spelling, or give the whole path",
    }
    return CatalogueError(message, [problem])
