"""A report as one HTML file that opens offline: nothing in it is fetched, and nothing in it can run."""

from __future__ import annotations

import base64
import contextlib
import re
from html import escape, unescape
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"
NUMBER = re.compile(r"<td>(\s*(?:[-+\u2212]?[0-9][0-9.,]*(?:[eE][-+]?[0-9]+)?\s*%?|-|NaN|None|&lt;NA&gt;)\s*)</td>")
CELL = re.compile(r"<td\b.*?</td>", re.DOTALL)
DAY = re.compile(r"(?<![\w-])[0-9]{4}-[0-9]{2}(-[0-9]{2})?(?![\w-])")
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
SCRIPT = re.compile(r"<script\b.*?(</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
IMAGE = re.compile(r"<img\b[^>]*>")
BOX = '<div class="scroll{kind}" role="group" aria-label="{name}" tabindex="0">{inner}</div>'
NAVIGATION = '<nav aria-label="Contents"><details open><summary>Contents</summary><ol>{}</ol></details></nav>'
PANDAS_STYLE = re.compile(r"<style scoped>.*?</style>", re.DOTALL)
HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
CONTENTS = "<!-- contents of what follows -->"
AFTER_THE_QUESTION = "</section>"
WORTH_LISTING = 3  # headings


def render(played: Any, facts: dict[str, Any]) -> str:
    """The HTML of a played notebook.

    Parameters
    ----------
    played : a notebook node with outputs
    facts : title, run_id, as_of, parameters (rows of name, value, comment), files (rows of name, sha256),
        inputs and versions (dictionaries), and error (a text, or None for a report that came to its end)
    """
    from nbconvert.exporters.templateexporter import TemplateExporter

    exporter = TemplateExporter(
        template_name="attack_timing",
        extra_template_basedirs=[str(TEMPLATES)],
        default_preprocessors=[],  # there is nothing to change, and the notebook is validated after each
    )
    exporter.template_extension = ".html.j2"
    for name, filter_ in _filters().items():
        exporter.register_filter(name, filter_)
    body, _ = exporter.from_notebook_node(played, {"facts": facts, "style": _style()})
    return _with_contents(body)


def warm() -> None:
    """Import and compile what ``render`` needs, in a thread with time to spare."""
    import nbformat.v4 as v4

    cells = [v4.new_markdown_cell("# A"), v4.new_code_cell("x = 1")]
    nothing = {"inputs": {"code": "", "notebook": ""}, "files": [], "parameters": [], "versions": {}}
    with contextlib.suppress(Exception):
        render(v4.new_notebook(cells=cells), nothing)


def _filters() -> dict[str, Any]:
    return {
        "author_markdown": lambda text: _markdown(text, trusted=True),
        "shown_markdown": lambda text: _markdown(text, trusted=False),
        "rich": rich,
        "python": _highlighted,
        "base64": lambda text: base64.b64encode(text.encode()).decode(),
        "source": lambda text: text if isinstance(text, str) else "".join(text),
    }


def _style() -> str:
    return (TEMPLATES / "attack_timing" / "report.css").read_text(encoding="utf-8")


def _markdown(text: str, *, trusted: bool) -> str:
    """Markdown as HTML. What an author wrote in a cell may hold HTML; what code printed shows it as text."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=not trusted, allow_harmful_protocols=False, exclude_anchor_links=True)
    return rich(MarkdownWithMath(renderer=renderer).render(text))


def _highlighted(text: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return highlight(text, PythonLexer(), HtmlFormatter(nowrap=True))


def rich(text: str) -> str:
    """HTML from a cell without scripts: tables and pictures in boxes of their own that scroll."""
    text = PANDAS_STYLE.sub("", SCRIPT.sub("", text))
    text = TABLE.sub(lambda found: BOX.format(kind="", name="Table", inner=_table(found[0])), text)
    return IMAGE.sub(lambda found: BOX.format(kind=" picture", name="Figure", inner=found[0]), text)


def _table(text: str) -> str:
    """A table of pandas with numbers to the right, one line of headings, and dates that stay on one line."""
    head, body, rest = text.partition("<tbody>")
    if 'class="dataframe"' not in head:
        return text
    rest = _numbers_to_the_right(DAY.sub(r'<span class="day">\g<0></span>', rest))
    return _head(head, rest).replace(' style="text-align: right;"', "") + body + rest


def _numbers_to_the_right(rest: str) -> str:
    """Columns in which every cell is a number, or says that there is none, stand to the right."""
    rows = [CELL.findall(row) for row in re.findall(ROW, rest)]
    if len({len(row) for row in rows}) != 1:
        return rest
    columns = [all(NUMBER.fullmatch(cell) for cell in column) for column in zip(*rows, strict=True)]

    def aligned(row: re.Match) -> str:
        numeric = iter(columns)
        return CELL.sub(lambda cell: _right(cell[0]) if next(numeric) else cell[0], row[0])

    return re.sub(ROW, aligned, rest)


def _right(cell: str) -> str:
    return NUMBER.sub(r'<td class="number">\1</td>', cell)


def _head(head: str, rest: str) -> str:
    """The headings, those over numbers to the right as well; two storeys of columns are left as they are."""
    rows = [re.findall(r"<th>(.*?)</th>", row, re.DOTALL) for row in re.findall(ROW, head)]
    first = re.search(ROW, rest)
    cells = re.findall(r"<t[hd]\b[^>]*>", first[0]) if first else []
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) and not any(a and b for a, b in zip(*rows, strict=True)):
        # pandas gives the names of the row labels a line of their own.
        rows = [[a or b for a, b in zip(*rows, strict=True)]]
    if len(rows) != 1 or len(rows[0]) != len(cells):
        return head
    kinds = [' class="number"' if "number" in cell else "" for cell in cells]
    line = "".join(f"<th{kind}>{name}</th>" for kind, name in zip(kinds, rows[0], strict=True))
    return re.sub(r"<thead>.*</thead>", lambda _: f"<thead><tr>{line}</tr></thead>", head, flags=re.DOTALL)


def _with_contents(body: str) -> str:
    """Give every heading of the report an address, and list them after its first cell, the question."""
    listed, taken = [], set()

    def address(found: re.Match) -> str:
        level, inner = found[1], found[2]
        words = unescape(re.sub(r"<[^>]+>", "", inner)).strip()
        name = re.sub(r"[^\w]+", "-", words.lower()).strip("-") or "section"
        while name in taken:
            name += "-again"
        taken.add(name)
        if level in "23":
            listed.append(f'<li class="level-{level}"><a href="#{name}">{escape(words)}</a></li>')
        return f'<h{level} id="{name}">{inner}</h{level}>'

    head, marker, rest = body.partition(CONTENTS)
    if not marker:
        return body
    rest = HEADING.sub(address, rest)
    contents = ""
    if len(listed) >= WORTH_LISTING:
        contents = NAVIGATION.format("".join(listed))
    return head + rest.replace(AFTER_THE_QUESTION, AFTER_THE_QUESTION + contents, 1)
