"""Which run this is: a name made of its inputs, not of the clock, so that the same inputs are recognised."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.runs import data, places

LIBRARIES = (
    "pandas", "numpy", "scipy", "statsmodels", "numba", "pandera", "pydantic", "matplotlib", "seaborn",
    "papermill", "nbclient", "nbconvert", "nbformat", "ipykernel", "jupyter_client", "jinja2", "mistune",
    "pygments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inputs:
    """A hash of each thing a report depends on; what differs between two runs says why they differ."""

    parameters: str
    notebook: str
    code: str
    libraries: str
    data: str

    def run_id(self, as_of: str = "") -> str:
        """A short name: the day the data were read as of, and ten digits of the hash of everything."""
        return f"{as_of.replace('-', '') or 'undated'}-{_hash(asdict(self))[:10]}"


def inputs(notebook_sha256: str, settings: Mapping[str, Any], files: tuple[data.DataFile, ...]) -> Inputs:
    """The inputs of a run. All of ``data/`` counts: a notebook may read named periods unasked."""
    seen = {each.name: each.sha256 for each in files} | tree(places.root() / "data")
    return Inputs(_hash(dict(settings)), notebook_sha256, code(), _hash(versions()), _hash(seen))


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the libraries that a report rests on."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def code() -> str:
    """Hash of every file of the package."""
    return _hash(tree(places.PACKAGE))


def sources() -> dict[str, str]:
    """The sha256 of every file of the package and of ``data/``, by its path in the project."""
    found = {f"analysis/{name}": sha256 for name, sha256 in tree(places.PACKAGE).items()}
    return found | {f"data/{name}": sha256 for name, sha256 in tree(places.root() / "data").items()}


def tree(folder: Path) -> dict[str, str]:
    """The sha256 of every file below a folder, by its path in it; caches and hidden files are left out."""
    if not folder.is_dir():
        return {}
    paths = sorted(
        p.relative_to(folder) for p in folder.rglob("*") if p.is_file() and p.suffix not in (".pyc", ".nbi", ".nbc")
    )
    hidden = ("__pycache__", ".")
    return {p.as_posix(): _sha256(folder / p) for p in paths if not any(part.startswith(hidden) for part in p.parts)}


def _sha256(path: Path) -> str:
    """The sha256 of a file, read again only where its size or its times have changed."""
    state = path.stat()
    return _sha256_of(path, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@lru_cache(maxsize=4096)
def _sha256_of(path: Path, size: int, modified: int, changed: int) -> str:
    return data.sha256(path)


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
