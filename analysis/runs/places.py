"""Where the project's folders are, found from the package whatever folder the caller stands in."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def root() -> Path:
    """The project folder: the one that holds the package, else the nearest one above that has notebooks."""
    beside = PACKAGE.parent
    if (beside / "notebooks").is_dir():
        return beside
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    return beside


def notebooks() -> Path:
    """The folder of the notebooks."""
    return root() / "notebooks"


def reports() -> Path:
    """The folder of the reports."""
    return root() / "reports"


def shown(path: Path) -> str:
    """A path for a reader: relative to the folder the reader stands in where it lies below it."""
    path, here = Path(path).absolute(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
