"""The examples of docs/methods/waiting.md run and hold."""

import re
from pathlib import Path

from analysis.stats import waiting

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "waiting.md"


def test_the_worked_examples_of_the_page_hold():
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) >= 6
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {})  # the page's own asserts fail here


def test_the_page_names_every_public_function():
    # A function that the page forgets is one nobody will find.
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in waiting.__all__ if f"`{name}`" not in text] == []
