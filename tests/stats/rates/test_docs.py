"""The examples of docs/methods/rates.md run and hold."""

import re
from pathlib import Path


def test_the_worked_examples_of_the_page_hold():
    page = Path(__file__).parents[3] / "docs" / "methods" / "rates.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) >= 3
    exec(compile("\n".join(blocks), str(page), "exec"), {})  # the page's own asserts fail here
