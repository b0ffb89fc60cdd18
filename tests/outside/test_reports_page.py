"""The reports page in a real browser, driven by mouse and by keyboard, with every request and complaint recorded.

Playwright is no requirement of the package: these tests run where it and a Chromium are installed beside it.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager

import pytest

from analysis.runs import manifest
from analysis.runs.pages import index

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is installed for these tests only")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]

HOSTILE = "</script><script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
WIDTHS = (320, 390, 800, 1400)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser):
    """Opens a file in the browser; at the end nothing may have been asked of a network, and nothing complained."""
    asked, complaints, contexts = [], [], []

    def open_(path, width: int = 1200, **settings):
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []


@pytest.fixture
def page_of_reports(made_up):
    """A page with a good report of three runs, one that failed last, one with a run left behind, hostile texts."""
    day = "2021-06-0{}T06:00:00+00:00"
    for i, value in enumerate((10.0, 20.0, 15.0)):
        parameters = {"as_of": f"2021-06-0{i + 1}"}
        findings = {"silence": made_up.finding(value), HOSTILE: made_up.finding(value, name=HOSTILE, unit=HOSTILE)}
        verdicts = {"silence": {"word": ("supported", "contradicted", "no evidence for")[i], "rule": HOSTILE}}
        given = {"findings": findings, "verdicts": verdicts, "headline": "silence", "question": HOSTILE}
        made_up("silence", f"run{i}", day.format(i + 1), parameters=parameters, **given)
    made_up("rate", "one", day.format(5), findings={"rate": made_up.finding(100.0, name="rate", unit="per day")})
    made_up("bounds", "one", day.format(4), findings={"bound": made_up.finding(9.0, None, name="bound")})
    error = {"name": "ValueError", "text": HOSTILE, "cell": 3}
    made_up("bounds", "two", day.format(6), status="failed", error=error)
    (made_up.reports / "rate" / ".partial-x-1").mkdir()
    (made_up("a" * 60, "damaged", day.format(1)) / manifest.NAME).write_text(HOSTILE)
    return index.write(made_up.reports)


def shown(page) -> list[str]:
    """The reports to be seen, from the top."""
    return [card.get_attribute("data-name")[:8] for card in page.locator("tbody.card").all() if card.is_visible()]


def said(page) -> str:
    return page.locator(".count").inner_text()


def test_script_in_any_text_is_shown_and_not_run(opened, page_of_reports):
    page = opened(page_of_reports)
    for summary in page.locator("tbody.card summary").all():
        summary.click()
    assert page.title() == "Reports"
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert page.get_by_text("<script>document.title = 'ran'</script>").count() >= 5


def test_the_policy_of_the_page_stops_a_script_that_slipped_in(browser, page_of_reports):
    # were something not escaped after all, the page would still not run it
    text = page_of_reports.read_text(encoding="utf-8")
    page_of_reports.write_text(text.replace("<main", "<script>document.title = 'ran'</script><main"), encoding="utf-8")
    page = browser.new_page()
    page.goto(page_of_reports.as_uri())
    assert page.title() == "Reports"
    assert page.locator(".count").inner_text() == "All 4 shown"  # our own script ran
    page.close()


def test_words_status_and_report_filter_the_list(opened, page_of_reports):
    page = opened(page_of_reports)
    everything = ["bounds", "rate", "silence", "aaaaaaaa"]
    assert (shown(page), said(page)) == (everything, "All 4 shown")
    page.get_by_label("Words").fill("PER rate")
    assert (shown(page), said(page)) == (["rate"], "1 of 4 shown")
    page.get_by_label("Words").fill("nowhere to be found")
    assert (shown(page), said(page)) == ([], "0 of 4 shown")
    page.locator(".none button").click()
    assert shown(page) == everything
    assert page.evaluate("document.activeElement.id") == "words"
    for status, found in (("ok", ["rate", "silence"]), ("failed", ["bounds"]), ("unreadable", ["aaaaaaaa"])):
        page.get_by_label("Status", exact=True).select_option(status)
        assert shown(page) == found
    # a good report with a run that was left behind is found under both
    page.get_by_label("Status", exact=True).select_option("running")
    assert shown(page) == ["rate"]
    page.get_by_label("Report", exact=True).select_option("silence")
    assert shown(page) == []
    page.get_by_role("button", name="Show all").first.click()
    page.get_by_label("Report", exact=True).select_option("silence")
    assert shown(page) == ["silence"]


def test_heads_sort_one_way_and_the_other_and_say_which(opened, page_of_reports):
    page = opened(page_of_reports)
    last = page.get_by_role("columnheader", name="Last run")
    assert last.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Headline").click()
    # 9, 15, 100: by number, not by letter; what has no number comes last both ways
    assert shown(page) == ["bounds", "silence", "rate", "aaaaaaaa"]
    head = page.get_by_role("columnheader", name="Headline")
    assert (head.get_attribute("aria-sort"), last.get_attribute("aria-sort")) == ("ascending", None)
    page.get_by_role("button", name="Headline").click()
    assert shown(page) == ["rate", "silence", "bounds", "aaaaaaaa"]
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Last run").click()
    assert shown(page) == ["bounds", "rate", "silence", "aaaaaaaa"]
    page.get_by_role("button", name="Status").click()
    assert shown(page)[0] == "bounds"  # what needs a look first
    page.get_by_role("button", name="Report").click()
    assert shown(page) == ["aaaaaaaa", "bounds", "rate", "silence"]
    page.get_by_label("Words").fill("silence")
    assert shown(page) == ["silence"]  # filters stay filters in another order


def test_everything_can_be_reached_and_done_by_keyboard(opened, page_of_reports):
    page = opened(page_of_reports)
    keyboard, active = page.keyboard, "document.activeElement.innerText || document.activeElement.id"
    order = []
    for _ in range(14):
        keyboard.press("Tab")
        order.append(page.evaluate(active).split("\n")[0])
    assert order[:10] == [
        "Skip to the reports", "words", "any", "all", "Show all", "Report", "Status", "Verdict", "Headline", "Last run",
    ]  # fmt: skip
    assert order[10:12] == ["The bounds", "What there is of it"]
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.get_by_role("button", name="Headline").focus()
    keyboard.press("Enter")
    assert shown(page) == ["bounds", "silence", "rate", "aaaaaaaa"]
    keyboard.press("Space")
    assert shown(page) == ["rate", "silence", "bounds", "aaaaaaaa"]
    assert page.evaluate(active) == "Headline"  # the focus stays where it was
    page.get_by_label("Words").focus()
    keyboard.type("contradicted")
    assert shown(page) == ["silence"]
    details = page.locator("tbody[data-name=silence] details")
    details.locator("summary").focus()
    keyboard.press("Enter")
    assert details.get_attribute("open") == ""
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Verdicts of silence"


def test_the_skip_link_leads_to_the_reports(opened, page_of_reports):
    page = opened(page_of_reports)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "reports"


def test_the_history_opens_by_mouse_and_leads_to_the_earlier_runs(opened, page_of_reports):
    page = opened(page_of_reports)
    card = page.locator("tbody[data-name=silence]")
    svg = card.get_by_role("img")
    assert svg.get_attribute("aria-label").startswith("silence, 3 runs, oldest first: 2021-06-01 06:00")
    assert svg.locator("circle").count() == 3
    assert not card.get_by_role("heading", name="Runs").is_visible()
    card.locator("summary").click()
    assert card.get_by_role("heading", name="Runs").is_visible()
    assert card.locator("ul.runs li").count() == 3
    assert card.get_by_text("supported → contradicted").count() == 0  # only since the run before
    assert card.get_by_text("silence: contradicted → no evidence for").is_visible()
    card.locator("ul.runs a").last.click()
    assert page.url.endswith("/silence/run0/report.html")


def test_a_failed_run_is_red_and_its_html_is_a_click_away(opened, page_of_reports):
    page = opened(page_of_reports)
    banner = page.locator("tbody[data-name=bounds] .banner")
    assert "cell [3]: ValueError: </script><script>" in banner.inner_text()
    red, green, blue = page.evaluate(
        "getComputedStyle(document.querySelector('.pill.failed')).color.match(/\\d+/g).map(Number)"
    )
    assert red > 150
    assert max(green, blue) < 60
    banner.get_by_role("link").click()
    assert page.url.endswith("/bounds/failed-two/report.html")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_makes_the_page_scroll_sideways_open_or_closed(opened, page_of_reports, width):
    page = opened(page_of_reports, width)
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) == 0
    for summary in page.locator("tbody.card summary").all():
        summary.click()
    assert page.evaluate(over) == 0
    assert page.get_by_role("button", name="Last run").is_visible()
    page.get_by_label("Words").fill("nowhere to be found")
    assert shown(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper_light_and_dark(opened, page_of_reports, scheme):
    page = opened(page_of_reports, color_scheme=scheme)
    for summary in page.locator("tbody.card summary").all():
        summary.click()
    contrasts = page.evaluate(CONTRAST)
    assert len(contrasts) > 30
    weak = {what: round(ratio, 2) for what, ratio in contrasts.items() if ratio < 4.5}
    assert not weak, "WCAG 2 asks for 4.5 to 1"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(253, 253, 251)", "dark": "rgb(23, 24, 26)"}[scheme]


# The contrast of every piece of text with the paper behind it, the least for each class of element.
CONTRAST = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = parts(colour).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (parts(colour).length < 4 || parts(colour)[3] === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = {};
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || element.closest("svg, script, option") || !element.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
    const name = element.tagName.toLowerCase() + "." + element.className;
    found[name] = Math.min(found[name] ?? 99, (a + 0.05) / (b + 0.05));
  }
  return found;
}"""


def test_without_scripts_it_is_a_plain_list(opened, page_of_reports):
    page = opened(page_of_reports, java_script_enabled=False)
    assert page.locator("tbody.card").count() == 4
    assert page.locator("tbody.card").first.is_visible()
    assert not page.locator(".filters").is_visible()
    assert page.locator("thead button").count() == 0
    page.locator("tbody[data-name=silence] summary").click()
    assert page.get_by_role("heading", name="What changed since the run before").is_visible()


def test_the_empty_page_is_a_page(opened, made_up):
    page = opened(index.write(made_up.reports), 320)
    assert page.get_by_text("python -m analysis run silence_and_suspension").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_page_of_many_runs_opens_and_filters_without_a_pause(opened, made_up):
    folder = made_up("report00", "run000", findings={"silence": made_up.finding()})
    for report in range(20):
        for run in range(100):
            copy = made_up.reports / f"report{report:02}" / f"run{run:03}"
            if not copy.exists():
                copy.parent.mkdir(exist_ok=True)
                shutil.copytree(folder, copy, copy_function=os.link)
    page = opened(index.write(made_up.reports))
    assert said(page) == "All 20 shown"
    begun = time.monotonic()
    page.get_by_label("Words").fill("report07")
    assert shown(page) == ["report07"]
    assert time.monotonic() - begun < 2


# -- what a note of a data file becomes -------------------------------------------------------------------


@contextmanager
def _reading(path):
    import csv

    with path.open(newline="", encoding="utf-8-sig") as file:
        yield list(csv.DictReader(file))


def test_an_event_note_with_markup_and_script_ends_as_text(opened, tmp_path):
    import csv
    import json

    from analysis.runs import execute, places
    from analysis.runs.request import prepare

    with _reading(places.root() / "data" / "attacks.csv") as rows:
        for row in rows:
            row |= {"note": HOSTILE, "site": f"{row['site']} {HOSTILE}", "source_1": HOSTILE}
    catalogue = tmp_path / "attacks.csv"
    with catalogue.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    outcome = execute.run(prepare("record", {"catalogue": str(catalogue)}, reports=tmp_path / "reports"))
    outputs = [
        "".join(text)
        for cell in json.loads((outcome.folder / "report.ipynb").read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        for kind, text in output.get("data", {}).items()
        if kind in ("text/html", "text/markdown", "image/svg+xml")
    ]
    assert any("&lt;script&gt;document.title" in text for text in outputs), (
        "the notes are shown nowhere: nothing tested"
    )
    assert not any("<script" in text or "<img src=x" in text for text in outputs)
    page = opened(outcome.html)
    assert page.title() == "The record and what is missing"
    assert page.get_by_text("<script>document.title = 'ran'</script>").count() > 0
    assert page.locator("script").count() == page.locator("img[src=x]").count() == 0
    listed = opened(index.write(tmp_path / "reports"))
    listed.locator("tbody[data-name=record] th a").click()
    assert listed.title() == "The record and what is missing"
