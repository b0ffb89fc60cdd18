"""The architecture page names what stands, all of it, and nothing else."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"


def mapped(page: str) -> dict[str, tuple[int, set[str]]]:
    """Room to its floor and its files, from the table under "Module map"."""
    section = page.split("## Module map")[1].split("\n## ")[0]
    rooms = {}
    for line in section.splitlines():
        if re.match(r"\| \d \|", line):
            floor, room, _, files = (cell.strip() for cell in line.split("|")[1:5])
            rooms[room.strip("`")] = (int(floor), set(re.findall(r"`([^`]+)`", files)))
    return rooms


def standing(folder: Path) -> set[str]:
    """Modules and packages in a folder, as the map writes them."""
    modules = {p.stem for p in folder.glob("*.py")} - {"__init__", "__main__"}
    return modules | {f"{p.name}/" for p in folder.iterdir() if (p / "__init__.py").exists()}


def differences(page: str, house: Path) -> list[str]:
    """What the map leaves out, and what it names that is not there."""
    rooms = mapped(page)
    told = [f"{room}: stands, but has no line in the map" for room in standing(house) - set(rooms)]
    told += [f"{room}: has a line in the map, but does not stand" for room in set(rooms) - standing(house)]
    for room, (_, files) in rooms.items():
        there = standing(house / room) if room.endswith("/") and (house / room).exists() else set()
        told += [f"{room}: add `{name}` to its line" for name in there - files]
        told += [f"{room}: take `{name}` from its line" for name in files - there]
    return sorted(told)


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_the_map_names_every_module_and_no_other(page):
    told = differences(page, ROOT / "analysis")
    assert not told, "\n".join(["docs/architecture.md, table under 'Module map':", *told])


def test_the_map_and_the_test_of_the_floors_agree(page, monkeypatch):
    spec = importlib.util.spec_from_file_location("floors", ROOT / "tests" / "test_floors.py")
    floors = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "floors", floors)
    spec.loader.exec_module(floors)
    tested = {name: room.floor for name, room in floors.ROOMS.items() if name not in floors.DOORS}
    assert {room.rstrip("/"): floor for room, (floor, _) in mapped(page).items()} == tested
    drawn = dict(re.findall(r"^floor (\d)  (.*)$", page, flags=re.MULTILINE))
    for room, floor in tested.items():
        assert re.search(rf"\b{room}\b", drawn[str(floor)]), f"{room} is missing on floor {floor} of the drawing"


def test_every_path_on_the_page_exists(page):
    tops = "analysis|tests|docs|notebooks|data|reports|benchmarks"
    paths = set(re.findall(rf"`((?:{tops})/[^`<*]*)`", page))
    paths |= {f"docs/{link}" for link in re.findall(r"\]\((?!http)([^)#]+)", page)}
    # `runs/request` is the file request.py in the room runs
    files = [f"{room}{name}" for room in mapped(page) for name in re.findall(rf"`{room}([\w/]+)`", page)]
    missing = {path for path in paths if not (ROOT / path).exists()}
    missing |= {name for name in files if not (ROOT / "analysis" / f"{name}.py").exists()}
    assert paths
    assert not missing, f"docs/architecture.md names what is not there: {sorted(missing)}"


def test_the_page_stays_a_page(page):
    assert len(page.splitlines()) <= 120


def test_a_map_that_is_not_true_is_told(tmp_path):
    for name in (
        "errors.py",
        "stats/__init__.py",
        "stats/trend.py",
        "stats/rates/__init__.py",
        "attic/__init__.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    page = (
        "## Module map\n\n| floor | room | holds | files |\n| --- | --- | --- | --- |\n"
        "| 0 | `errors` | what can go wrong | |\n| 2 | `stats/` | tests of `trend` | `rates/` `rhythm` |\n"
        "| 3 | `prose/` | words | `text` |\n\n## Life of a report\n| 4 | `runs/` | not in the map | `run` |\n"
    )
    assert differences(page, tmp_path) == [
        "attic/: stands, but has no line in the map",
        "prose/: has a line in the map, but does not stand",
        "prose/: take `text` from its line",
        "stats/: add `trend` to its line",
        "stats/: take `rhythm` from its line",
    ]
