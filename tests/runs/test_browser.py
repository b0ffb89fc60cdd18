"""Reports and their page in a real browser: nothing goes wrong, and a phone shows them without scrolling sideways."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from analysis.runs.pages import index

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]

# The page itself forbids scripts, so the measuring page holds it in a frame.
MEASURE = """<!DOCTYPE html><title>measure</title>
<iframe id="f" style="width:{width}px;height:800px;border:0"></iframe>
<pre id="out"></pre><script>
const frame = document.getElementById("f");
frame.onload = () => {{
  const page = frame.contentDocument.documentElement;
  const paper = frame.contentWindow.getComputedStyle(page.querySelector("body")).backgroundColor;
  const over = page.scrollWidth - page.clientWidth;
  document.getElementById("out").textContent = "over " + over + " paper " + paper;
}};
frame.src = "{name}";
</script>"""


def chromium(tmp_path, address: str, *flags: str) -> subprocess.CompletedProcess:
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=3000", "--enable-logging=stderr", "--dump-dom", *flags, address,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)


def measured(tmp_path, html, width: int, *flags: str) -> tuple[int, str]:
    shutil.copy(html, tmp_path / "report.html")
    (tmp_path / "measure.html").write_text(MEASURE.format(width=width, name="report.html"))
    done = chromium(tmp_path, f"file://{tmp_path / 'measure.html'}", *flags)
    found = re.search(r"over (\d+) paper (rgb[^<]*)", done.stdout)
    return int(found[1]), found[2]


def test_nothing_is_complained_about(good, tmp_path):
    done = chromium(tmp_path, f"file://{good.html}")
    assert "<h1" in done.stdout
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []


@pytest.mark.parametrize("width", [320, 390, 1400])
def test_the_page_is_no_wider_than_the_window(good, tmp_path, width):
    assert measured(tmp_path, good.html, width)[0] == 0


def test_the_paper_is_light_and_dark_where_that_is_wished(good, tmp_path):
    light = measured(tmp_path, good.html, 800)[1]
    dark = measured(tmp_path, good.html, 800, "--force-dark-mode", "--disable-features=WebContentsForceDark")[1]
    assert light == "rgb(253, 253, 251)"
    assert dark == "rgb(23, 24, 26)"


def test_the_page_of_all_reports_runs_its_own_script_without_complaint(made_up, tmp_path):
    made_up("silence", "one", verdicts={"<script>console.log('ran')</script>": "supported"})
    done = chromium(tmp_path, f"file://{index.write(made_up.reports)}")
    assert "All 1 shown" in done.stdout
    assert done.stdout.count('<button type="button">') == 5, "the heads that sort"
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []


@pytest.mark.parametrize("width", [320, 1400])
def test_the_page_of_all_reports_is_no_wider_than_the_window(made_up, tmp_path, width):
    made_up("silence" * 9, "one", headline="silence")
    made_up("rate", "two", status="failed", error={"name": "ValueError", "text": "x" * 200, "cell": 2})
    assert measured(tmp_path, index.write(made_up.reports), width)[0] == 0
