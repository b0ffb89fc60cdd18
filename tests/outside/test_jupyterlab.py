"""A researcher's path in JupyterLab, walked in Chromium: open, change a parameter, run all, look, save."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.runs import notebook as notebooks

from .conftest import CHROMIUM, NOTEBOOK, ROOT, git, needs_outside

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt-get install chromium")
pytestmark = [pytest.mark.slow, needs_outside, needs_chromium]
SECONDS = 1000  # in Playwright's milliseconds
SCRIPT = (
    "<script>document.title = 'taken over'</script><img src='x' onerror=\"document.title = 'taken over'\"><b>bold</b>"
)


@pytest.fixture(scope="module")
def page(chromium, lab):
    """A window of the browser, with everything that it asked for and complained about."""
    window = chromium.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    window.asked, window.complaints = [], []
    window.on("request", lambda request: window.asked.append(request.url))
    window.on("websocket", lambda socket: window.asked.append(socket.url))
    window.on("pageerror", lambda error: window.complaints.append(str(error)))
    yield window
    window.context.close()


def opened(page, lab, path: str) -> None:
    """Open a notebook and wait until its kernel can be asked."""
    page.goto(f"{lab.url}/lab/tree/{quote(path)}?token={lab.token}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", timeout=60 * SECONDS)
    page.wait_for_selector(".jp-NotebookPanel-toolbar [data-status=idle]", timeout=60 * SECONDS)


def run_all(page) -> None:
    """Choose "Run All Cells" from the menu until a cell is seen to be run: a page just opened may not listen yet."""
    page.locator(".jp-NotebookPanel .jp-CodeCell .jp-InputPrompt").first.click()
    begun = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[[*\d]+\]:"))
    for _ in range(10):
        page.locator(".lm-MenuBar-item", has_text=re.compile("^Run$")).click()
        page.locator(".lm-Menu-item", has_text=re.compile("^Run All Cells$")).first.click()
        for _ in range(50):
            if begun.count():
                return
            page.wait_for_timeout(100)
        page.keyboard.press("Escape")
    raise AssertionError("no cell was run")


def saved(page, file: Path) -> None:
    """Save by the keyboard, and wait until the page says that it is done."""
    before = file.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    for _ in range(100):
        if file.stat().st_mtime_ns != before and not page.locator(".lm-TabBar-tab.jp-mod-dirty").count():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{file.name} was not saved")


@pytest.fixture(scope="module")
def walked(page, lab, ours) -> SimpleNamespace:
    """The path walked once: what the page showed, what it still shows after saving, and what git sees."""
    file = lab.root / "notebooks" / f"{NOTEBOOK}.ipynb"
    opened(page, lab, f"notebooks/{NOTEBOOK}.ipynb")
    line = page.locator(".jp-CodeCell").first.locator(".cm-line", has_text=re.compile("^as_of = "))
    new = re.sub(r'"[-\d]+"', f'"{ours.as_of}"', line.inner_text(), count=1)
    line.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text(new)
    run_all(page)
    page.wait_for_selector("p.summary", timeout=120 * SECONDS)
    shown = outputs(page)
    saved(page, file)
    return SimpleNamespace(
        file=file, shown=shown, after=outputs(page), line=new, dialogs=page.locator(".jp-Dialog").count()
    )


def outputs(page) -> SimpleNamespace:
    """What the cells show."""
    return SimpleNamespace(
        digest=re.findall(r"digest of the findings (\w{16})", page.locator("p.summary").inner_text()),
        cards=page.locator(".jp-OutputArea table.finding").all_inner_texts(),
        tables=page.locator(".jp-OutputArea table.dataframe").count(),
        figures=page.locator(".jp-OutputArea img").evaluate_all("all => all.map(img => img.naturalWidth)"),
        errors=page.locator(".jp-OutputArea [data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts(),
    )


def test_findings_are_those_of_our_own_runner(walked, ours):
    # another digest would mean that JupyterLab, or the cell that was edited, gives other numbers
    assert walked.shown.digest == [ours.digest]


def test_cards_tables_and_figures_are_seen(walked, ours):
    assert walked.shown.cards
    assert all("effect" in card for card in walked.shown.cards)
    assert walked.shown.tables
    assert len(walked.shown.figures) == len(list((ours.folder / "figures").glob("*.svg")))
    assert min(walked.shown.figures) > 100  # a picture that is broken has no width
    assert walked.shown.errors == []


def test_the_file_differs_by_the_parameter_alone(walked, lab):
    diff = git(lab.root, "diff", "--unified=0", "--", str(walked.file)).splitlines()
    changed = [line for line in diff if re.match(r"[-+](?![-+])", line)]
    quoted = walked.line.replace('"', '\\"')
    assert [line[0] for line in changed] == ["-", "+"], changed
    assert changed[1] == f'+    "{quoted}\\n",'
    others = git(lab.root, "status", "--porcelain", "--untracked-files=no").split()
    assert others == ["M", f"notebooks/{NOTEBOOK}.ipynb"]


def test_the_open_page_keeps_what_it_showed(walked):
    # saving takes outputs out of the file; whoever still looks at them must not lose them
    assert walked.after == walked.shown
    assert walked.dialogs == 0


def test_the_runner_takes_the_saved_notebook_with_its_new_default(walked, ours):
    defaults = {each.name: each.default for each in notebooks.read(walked.file).declared}
    assert defaults["as_of"] == ours.as_of
    assert defaults["weapon"] == ["drone"]


@pytest.fixture(scope="module")
def hostile(lab) -> str:
    """A notebook on a catalogue whose notes and sites hold markup, with a text, a table and a card made of them."""
    attacks = pd.read_csv(ROOT / "data" / "attacks.csv", dtype=str)
    attacks["note"] = attacks["site"] = SCRIPT
    attacks.to_csv(lab.root / "hostile.csv", index=False)
    cells = [
        f'table = load(r"{lab.root / "hostile.csv"}", as_of="2021-06-04")',
        'choice = {"weapon": ["drone"], "start": "2021-04-01", "end": "2021-06-04"}',
        "display(prose.record(events(table, **choice), table), table[['note']].head(3))",
        "note = table['note'].iloc[0]",
        "display(prose.text.Text(f'Said: {prose.text.safe(note)}'))",
        "Finding(question=note, null=note, method=note, n_events=1, effect=None, warnings=(note,))",
    ]
    imports = "from analysis import Finding, load, prose\nfrom analysis.catalogue import events"
    book = new_notebook(cells=[new_code_cell(imports), new_code_cell("\n".join(cells)), new_code_cell("'the end'")])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, lab.root / "hostile.ipynb")
    return "hostile.ipynb"


def test_markup_in_a_note_is_shown_as_text(page, lab, hostile):
    opened(page, lab, hostile)
    run_all(page)
    page.wait_for_selector(".jp-OutputArea-output >> text=the end", timeout=60 * SECONDS)
    shown = "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())
    assert "Error" not in shown
    assert len(re.findall(r"<script>document\.title", shown)) >= 3 + 3 + 1 + 3, "record, notes, text, card"
    assert page.locator(".jp-OutputArea script, .jp-OutputArea b, .jp-OutputArea img").count() == 0
    assert "taken over" not in page.title()


def test_a_notebook_that_is_no_template_keeps_its_outputs(page, lab, hostile):
    # scratch work is somebody's own; only notebooks that reports are made from are stripped
    saved(page, lab.root / hostile)
    kept = nbformat.read(lab.root / hostile, as_version=4)
    assert kept.cells[1].outputs
    assert kept.cells[1].execution_count


def test_nothing_is_asked_of_another_machine_and_nothing_breaks(page, walked):
    elsewhere = [url for url in page.asked if not re.match(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:", url)]
    assert page.asked
    assert elsewhere == []
    assert page.complaints == []
