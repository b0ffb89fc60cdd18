"""Imports run downward only: who may import what, read from the source files themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

import analysis

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "analysis"


class Room(NamedTuple):
    """A part of the house: its floor, and the libraries it may import (lazily: inside functions only)."""

    floor: int
    libraries: str
    lazily: str = ""


ROOMS = {
    "errors": Room(0, "numpy pandas"),
    "results": Room(0, "numpy pandas"),
    "timeline": Room(0, "numpy pandas"),
    "catalogue": Room(1, "numpy pandas pandera yaml duckdb"),
    "processes": Room(1, "numpy pandas numba"),
    "stats": Room(2, "numpy scipy statsmodels numba pandas"),
    "checks": Room(3, "numpy pandas scipy numba tqdm"),
    "figures": Room(3, "numpy pandas scipy matplotlib seaborn"),
    "prose": Room(3, "numpy pandas"),
    "runs": Room(
        4,
        "click dask distributed IPython ipykernel jinja2 jupyter_client jupyter_core jupyterlab nbclient "
        "cronsim nbconvert nbformat numpy pandas papermill pydantic pygments tornado tqdm traitlets yaml zmq",
        lazily="matplotlib seaborn",
    ),
    # The two doors. The first is opened by every notebook: it shows floor 0, and the catalogue when asked.
    "__init__": Room(0, ""),
    "__main__": Room(4, ""),
}
DOORS = {"__init__": "errors results timeline, and lazily catalogue", "__main__": "runs"}
# What the first door fetches from the catalogue when it is asked for it.
LAZY_NAMES = {"load": "catalogue", "select": "catalogue"}
SHOWN = {*analysis.__all__, "__version__"}
# Stats work on series and numbers: where those are kept is for the floors around them.
NO_PATHS = {"os", "pathlib", "glob", "shutil", "tempfile", "io", "fileinput", "subprocess"}
# Oracles in tests and benchmarks, never a run-time dependency.
PEERS = {
    *("astropy", "bayesloop", "causalpy", "elephant", "hawkesbook", "hawkeslib", "HawkesPyLib", "lifelines"),
    *("neo", "pingouin", "pointpats", "pymc", "pycircstat", "pynapple", "quantities", "reliability"),
    *("ruptures", "sklearn", "sksurv", "stingray", "tick"),
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers"}


@dataclass(frozen=True)
class Import:
    """One name that a file imports, spelt out from the top."""

    line: int
    name: str
    lazy: bool = False


class _Reader(ast.NodeVisitor):
    def __init__(self, package: tuple[str, ...]) -> None:
        self.package = package
        self.found: list[Import] = []
        self.wildcards: list[int] = []
        self.depth = 0

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [Import(node.lineno, alias.name, self.depth > 0) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        above = self.package[: len(self.package) - node.level + 1] if node.level else ()
        base = ".".join([*above, *([node.module] if node.module else [])])
        if any(alias.name == "*" for alias in node.names):
            self.wildcards.append(node.lineno)
        names = [f"{base}.{alias.name}" for alias in node.names] if base in ("analysis", "") else [base]
        self.found += [Import(node.lineno, name, self.depth > 0) for name in dict.fromkeys(names)]

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0] if node.args else None
        if called in ("import_module", "__import__") and isinstance(getattr(first, "value", None), str):
            self.found.append(Import(node.lineno, first.value, True))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_If(self, node: ast.If) -> None:
        # What only type checkers read is not imported when the file is.
        typing_only = getattr(node.test, "id", getattr(node.test, "attr", "")) == "TYPE_CHECKING"
        self.depth += typing_only
        self.generic_visit(node)
        self.depth -= typing_only


def room_of(name: str) -> str:
    """The room a dotted name inside the house belongs to; what the first door shows counts as the door's."""
    first = name.split(".")[1] if "." in name else "__init__"
    return LAZY_NAMES.get(first, "__init__" if first in SHOWN else first)


def may_enter(room: str, other: str, lazy: bool) -> bool:
    """Whether a file in ``room`` may import from ``other``."""
    if room == "__init__":
        return ROOMS[other].floor == 0 or (lazy and other == "catalogue")
    if room == "__main__":
        return other == "runs"
    if room == other:
        return True
    below = ROOMS[other].floor < ROOMS[room].floor
    return below or (ROOMS[room].floor == ROOMS[other].floor == 0 and other != "__init__")


def breaches(path: Path, source: str) -> Iterator[str]:
    """Every rule that a file of the house breaks, with its line and what would be allowed."""
    where = path.as_posix()
    room = path.parts[1].removesuffix(".py")
    yield from _names(path)
    if room not in ROOMS:
        yield f"{where}: no room {room!r} in the floor table; rooms are {', '.join(ROOMS)}"
        return
    here = ROOMS[room]
    reader = _Reader(path.parts[:-1])
    tree = ast.parse(source)
    reader.visit(tree)
    for line in reader.wildcards:
        yield f"{where}:{line} imports *; name what you need"
    for found in reader.found:
        at = f"{where}:{found.line} imports {found.name}"
        top = found.name.split(".")[0]
        if top == "analysis":
            other = room_of(found.name)
            if other not in ROOMS:
                yield f"{at}; no room {other!r} in the floor table"
            elif not may_enter(room, other, found.lazy):
                allowed = DOORS.get(room) or " ".join(r for r in ROOMS if may_enter(room, r, True))
                yield f"{at}; floor {here.floor} ({room}) may import {allowed}"
        elif top in PEERS:
            yield f"{at}; peers are oracles in tests and benchmarks, never imported by the house"
        elif top in sys.stdlib_module_names:
            if room == "stats" and top in NO_PATHS:
                yield f"{at}; stats never touch a path: pass the series or the table in"
        elif top in here.lazily.split():
            if not found.lazy:
                yield f"{at} at its top; {room} may import {here.lazily} inside functions only"
        elif top not in here.libraries.split():
            allowed = here.libraries + (f", inside functions {here.lazily}" if here.lazily else "")
            yield f"{at}; floor {here.floor} ({room}) may import {allowed or 'no library'} and stdlib"
    for node in ast.walk(tree):
        if room == "stats" and isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open":
            yield f"{where}:{node.lineno} opens a file; stats never touch a path"
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.startswith(("test_", "Test")):
            yield f"{where}:{node.lineno} defines {node.name}, which pytest would collect; rename it"


def _names(path: Path) -> Iterator[str]:
    for part in path.with_suffix("").parts:
        if EMPTY_NAMES & set(part.split("_")):
            yield f"{path.as_posix()}: {part!r} says nothing; name it after what it holds"


FILES = sorted(path.relative_to(ROOT) for path in HOUSE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.as_posix())
def test_every_file_keeps_to_its_floor(path):
    found = list(breaches(path, (ROOT / path).read_text(encoding="utf-8")))
    assert not found, "\n".join(["", *found])


def test_every_room_stands():
    rooms = {p.stem for p in HOUSE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert rooms == set(ROOMS)


def test_one_door_opens_quickly():
    heavy = ["scipy", "statsmodels", "matplotlib", "seaborn", "numba", "pandera", "pydantic", "click", "yaml"]
    code = "import analysis, sys; print(*(set(sys.modules) & set(sys.argv[1:])))"
    run = subprocess.run([sys.executable, "-c", code, *heavy], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [], "import analysis brings along what only some callers need"


# -- that the rules can fail --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("timeline/window.py", "import scipy", "floor 0 (timeline) may import numpy pandas and stdlib"),
        ("timeline/window.py", "from analysis.stats import rates", "may import errors results timeline"),
        ("results.py", "from analysis import EventSeries", "floor 0 (results) may import"),
        ("catalogue/load.py", "from analysis.processes import poisson", "floor 1 (catalogue) may import"),
        (
            "processes/nulls.py",
            "def f():\n    from analysis import load",
            "processes/nulls.py:2 imports analysis.load",
        ),
        ("processes/nulls.py", "from ..catalogue import load", "imports analysis.catalogue"),
        (
            "stats/rates/ratio.py",
            "from matplotlib import pyplot",
            "may import numpy scipy statsmodels numba pandas",
        ),
        (
            "stats/rates/ratio.py",
            "def f():\n    import matplotlib.pyplot as plt",
            ":2 imports matplotlib.pyplot",
        ),
        ("stats/rates/ratio.py", "import os.path", "stats never touch a path"),
        ("stats/rates/ratio.py", "from pathlib import Path", "stats never touch a path"),
        ("stats/rates/ratio.py", "def f(name):\n    return open(name)", ":2 opens a file"),
        ("stats/rates/ratio.py", "from ... import checks", "imports analysis.checks"),
        ("stats/rates/ratio.py", "from analysis.figures.style import use", "floor 2 (stats) may import"),
        ("checks/placebo.py", "import importlib\nimportlib.import_module('dask')", ":2 imports dask"),
        ("checks/placebo.py", "from analysis.prose import sentences", "floor 3 (checks) may import"),
        ("figures/style.py", "import analysis.checks.row", "floor 3 (figures) may import"),
        ("prose/text.py", "import seaborn", "floor 3 (prose) may import numpy pandas and stdlib"),
        ("prose/text.py", "import click", "imports click"),
        ("prose/text.py", "from analysis.runs import open_run", "imports analysis.runs"),
        ("runs/session.py", "import matplotlib", "inside functions only"),
        ("runs/session.py", "import notebooks.silence", "imports notebooks.silence"),
        ("runs/session.py", "from analysis.surprise import it", "no room 'surprise' in the floor table"),
        ("runs/session.py", "from analysis.timeline import *", "imports *; name what you need"),
        ("stats/waiting/survival.py", "def f():\n    import lifelines", "peers are oracles"),
        ("stats/waiting/survival.py", "def test_of_laws(): ...", "pytest would collect"),
        ("stats/waiting/survival.py", "class TestResult: ...", "pytest would collect"),
        (
            "__init__.py",
            "from analysis.catalogue import load",
            "may import errors results timeline, and lazily",
        ),
        ("__init__.py", "def f():\n    from analysis import stats", "imports analysis.stats"),
        ("__init__.py", "import pandas", "floor 0 (__init__) may import no library"),
        ("__main__.py", "from analysis.stats import rates", "floor 4 (__main__) may import runs"),
        ("attic/old.py", "", "no room 'attic' in the floor table"),
        ("stats/date_utils.py", "", "'date_utils' says nothing"),
        ("runs/manager.py", "", "'manager' says nothing"),
    ],
)
def test_a_breach_is_told_with_its_line_and_what_is_allowed(path, source, complaint):
    told = list(breaches(Path("analysis") / path, source))
    assert len(told) == 1, told
    assert told[0].startswith(f"analysis/{path}")
    assert complaint in told[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("timeline/window.py", "import numpy as np\nfrom analysis.errors import ParameterError"),
        (
            "catalogue/load.py",
            "from pathlib import Path\nimport pandera.pandas as pa\nfrom analysis import Window",
        ),
        ("stats/rates/ratio.py", "from ..waiting import survival\nfrom analysis.processes import nulls"),
        ("stats/rates/ratio.py", "from scipy import stats\ndef f():\n    from numba import njit"),
        (
            "figures/waiting.py",
            "def f():\n    import matplotlib.pyplot as plt\nfrom analysis.stats import waiting",
        ),
        (
            "runs/session.py",
            "def f():\n    import matplotlib\nimport papermill\nfrom analysis.prose import text",
        ),
        ("__init__.py", "from analysis.results import Finding\ndef f():\n    from analysis import catalogue"),
        ("__main__.py", "from analysis.runs.commands import main"),
    ],
)
def test_what_the_floors_allow_is_not_complained_about(path, source):
    assert list(breaches(Path("analysis") / path, source)) == []
