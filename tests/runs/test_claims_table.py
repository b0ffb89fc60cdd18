"""The claims table of the README is the one that the data give."""

from __future__ import annotations

import pytest

from analysis import ParameterError
from analysis.runs import claims_table, places


def test_the_readme_shows_the_table_as_it_came_out():
    # 'python -m analysis claims --write' makes it again.
    assert claims_table.standing(places.root() / "README.md") == claims_table.table()


def test_what_stands_between_the_markers_is_replaced_and_nothing_else():
    page = f"before\n{claims_table.BEGIN}\nold\n{claims_table.END}\nafter\n"
    made = claims_table.replaced(page, "| new \\1 |")
    assert "old" not in made
    assert "| new \\1 |" in made
    assert made.startswith("before\n")
    assert made.endswith("\nafter\n")
    assert claims_table.replaced(made, "| new \\1 |") == made
    with pytest.raises(ParameterError, match="markers"):
        claims_table.replaced("no markers", "x")
