"""The reports page is one file that loads nothing, shows what runs left as text, and survives damaged ones."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import threading
import time
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from analysis.runs import manifest
from analysis.runs.commands import main
from analysis.runs.pages import index, trace

EARLY, LATER, LATEST = (f"2021-06-0{day}T06:00:00+00:00" for day in (5, 6, 7))
HOSTILE = "</script></td><script>alert(1)</script><img src=x onerror=alert(2)>\u202e{{ 7 * 7 }}\"'&amp;"
VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """The elements of a page, and the text of each report on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.cards: dict[str, str] = {}
        self.card = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tbody" and "data-name" in attributes:
            self.card = attributes["data-name"]
            self.cards[self.card] = ""

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> does not close what was opened last"

    def handle_data(self, data):
        if self.card:
            self.cards[self.card] += data

    def all(self, name: str) -> list[dict]:
        return [attributes for tag, attributes in self.tags if tag == name]


def made(made_up) -> tuple[str, Page]:
    text = index.write(made_up.reports).read_text(encoding="utf-8")
    return text, Page(text)


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_page_loads_nothing_and_runs_nothing_but_its_own_script(made_up):
    made_up("silence", "one")
    text, found = made(made_up)
    policy = next(m["content"] for m in found.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert found.all("script") == [{}]
    assert [link["href"] for link in found.all("link")] == ["data:,"]
    assert not found.all("form")
    for tag, attributes in found.tags:
        assert not {"src", "srcset", "data", "poster", "style"} & attributes.keys(), tag
        assert not any(name.startswith("on") for name in attributes), tag
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_everything_that_comes_from_a_run_is_shown_as_text(made_up):
    quiet = {"name": HOSTILE, "unit": HOSTILE, "question": HOSTILE, "warnings": (HOSTILE,)}
    given = {
        "question": HOSTILE,
        "notebook": {"name": "x", "title": HOSTILE, "path": HOSTILE},
        "code": {"commit": HOSTILE},
        "verdicts": {HOSTILE: {"word": HOSTILE, "rule": HOSTILE}, "gone": HOSTILE},
        "as_of": HOSTILE,
    }
    made_up("silence", "one", EARLY, findings={HOSTILE: made_up.finding(1.0, **quiet)}, **given)
    given |= {
        "verdicts": {HOSTILE: {"word": "other", "rule": HOSTILE}, "new": HOSTILE},
        "parameters": {HOSTILE: HOSTILE},
        "versions": {HOSTILE: HOSTILE},
        "inputs": {"code": HOSTILE, "notebook": HOSTILE},
        "data": [{"parameter": HOSTILE, "path": HOSTILE, "sha256": HOSTILE}],
    }
    new = {HOSTILE: made_up.finding(2.0, **quiet), "new" + HOSTILE: made_up.finding()}
    made_up("silence", "two", LATER, findings=new, **given)
    error = {"name": HOSTILE, "text": HOSTILE, "cell": 3}
    made_up(f"a 50% & <b>bad</b> #name? {HOSTILE.replace('/', '')}", "x", LATEST, status="failed", error=error)
    (made_up("silence", "damaged <b>", EARLY) / manifest.NAME).write_text(HOSTILE)
    (made_up("silence", "changed", EARLY) / manifest.NAME).write_text(json.dumps({"format": HOSTILE}))
    text, found = made(made_up)
    assert found.all("script") == [{}]
    assert found.all("img") == found.all("b") == []
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)
    assert text.count("&lt;script&gt;alert(1)") > 15
    assert "49" not in re.sub(r"[0-9a-f-]{16,}|sha256-\S+|<style>.*?</style>", "", text, flags=re.DOTALL)
    assert HOSTILE in found.cards["silence"]


def test_links_lead_to_the_reports_whatever_their_folders_are_called(made_up):
    from urllib.parse import unquote

    for name in ("plain", "50% of #1? & more", "été", "javascript:alert(1)"):
        made_up(name, "a run#1", EARLY)
    _, found = made(made_up)
    links = {a["href"] for a in found.all("a")} - {"#reports"}
    assert len(links) == 4
    for link in links:
        assert not re.match(r"[a-z]+:", link), "a link with a scheme leaves the folder"
        assert (made_up.reports / unquote(link)).is_file(), link


def test_a_report_without_its_html_is_told_and_not_linked(made_up):
    (made_up("silence", "one") / "report.html").unlink()
    _, found = made(made_up)
    assert [a["href"] for a in found.all("a")] == ["#reports"]
    assert "The silence" in found.cards["silence"]


def test_a_report_shows_verdict_headline_limits_change_and_runs(made_up):
    verdict = {"claim": "C1", "word": "consistent with", "rule": "By hand.", "fragile": True}
    findings = {"C1": made_up.finding(24.0), "silence": made_up.finding(24.0)}
    made_up("silence", "one", EARLY, findings=findings, verdicts={"C1": verdict})
    findings = {"C1": made_up.finding(35.5, 0.05), "silence": made_up.finding(24.0)}
    day = {"as_of": "2021-06-05", "parameters": {"catalogue": "data/attacks.csv", "as_of": "2021-06-05", "level": 0.95}}
    made_up("silence", "two", LATER, findings=findings, verdicts={"C1": verdict}, **day)
    _, found = made(made_up)
    said = words(found.cards["silence"])
    for part in (
        "consistent with (fragile) C1",
        "35.5 days silence 95% limits 0 to 93.7; p = 0.05",
        "Since the run before: only the calendar; 1 of 2 findings moved, the headline by +11.5 days (2 runs)",
        "parameters: as_of: 2021-06-04 → 2021-06-05",
        "silence 24 days (95% limits 0 to 93.7) → 35.5 days (95% limits 0 to 93.7)",
        "1 finding did not move",
        "By hand.",
        "2021-06-06 06:00 good latest as of 2021-06-05 35.5 days (0 to 93.7) two",
        "2021-06-05 06:00 good as of 2021-06-04 24 days (0 to 93.7) one",
    ):
        assert part in said
    (label,) = [svg["aria-label"] for svg in found.all("svg")]
    assert label == (
        "silence, 2 runs, oldest first: 2021-06-05 06:00, as of 2021-06-04: 24 days (0 to 93.7); "
        "2021-06-06 06:00, as of 2021-06-05: 35.5 days (0 to 93.7)"
    )


def test_a_failed_report_is_told_in_red_with_the_last_good_numbers_beside_it(made_up):
    made_up("silence", "one", EARLY)
    error = {"name": "ValueError", "text": "\x1b[31mcolumn 'x' is missing\x1b[0m", "cell": 4}
    made_up("silence", "two", LATER, status="failed", error=error)
    made_up("never", "one", EARLY, status="failed", error={"name": "KernelDied", "text": "", "cell": None})
    text, found = made(made_up)
    said = words(found.cards["silence"])
    assert "The last run failed. The numbers above are of the good run of 2021-06-05 06:00." in said
    assert "cell [4]: ValueError: column 'x' is missing" in said
    assert "silence/failed-two/report.html" in {a["href"] for a in found.all("a")}
    assert [t["class"] for t in found.all("tbody") if "data-name" in t] == ["card failed", "card failed"]
    assert "No good run yet" in found.cards["never"]
    assert "KernelDied" in found.cards["never"]
    assert "2 failed" in words(text)
    # a good run afterwards: the report is good again, and the failure stays in the list
    made_up("silence", "three", LATEST)
    said = words(made(made_up)[1].cards["silence"])
    assert "The last run failed" not in said
    assert "column 'x' is missing" in said


def test_a_report_that_was_refused_before_it_began_is_told_without_a_link(made_up):
    from analysis.errors import ParameterError
    from analysis.runs.schedules import refusal

    made_up("weekly", "one", EARLY)
    refusal.keep(made_up.reports / "weekly", "silence", ParameterError("level: expected a number; got 'high'"))
    _, found = made(made_up)
    said = words(found.cards["weekly"])
    assert said.startswith("The weekly")
    assert "ParameterError: level: expected a number; got 'high'" in said
    assert {a["href"] for a in found.all("a")} == {"#reports", "weekly/one/report.html"}


def test_unfinished_and_unreadable_runs_are_marked_and_found_by_their_status(made_up):
    made_up("silence", "one", EARLY)
    made_up("silence", ".partial-x-1", LATER, status="stopped")
    (made_up.reports / "silence" / ".partial-y-2").mkdir()
    (made_up("silence", "damaged", EARLY) / manifest.NAME).write_text("{")
    (made_up("lost", "damaged", EARLY) / manifest.NAME).write_text("{")
    _, found = made(made_up)
    cards = {t["data-name"]: t["data-status"].split() for t in found.all("tbody") if "data-name" in t}
    assert cards["silence"][0] == "ok"
    assert set(cards["silence"]) == {"ok", "running", "stopped", "unreadable"}
    assert cards["lost"] == ["unreadable"]
    said = words(found.cards["silence"])
    assert ".partial-y-2: under way, or left behind by a run that was killed" in said
    assert "begun 2021-06-06 06:00: stopped by a signal" in said
    assert "Unreadable: damaged: manifest.json is not whole JSON" in said


def test_a_run_before_whose_findings_were_changed_is_told_and_the_page_is_made(made_up):
    (made_up("silence", "one", EARLY) / "findings.json").write_text("[]")
    made_up("silence", "two", LATER)
    said = words(made(made_up)[1].cards["silence"])
    assert "Not compared with the run before: findings.json is not as it was written" in said


def test_the_report_that_ran_last_comes_first(made_up):
    for name, started in (("b", EARLY), ("c", LATEST), ("a", LATER)):
        made_up(name, "one", started)
    assert list(made(made_up)[1].cards) == ["c", "a", "b"]


def test_an_empty_folder_says_how_to_make_the_first_report(made_up):
    text, found = made(made_up)
    assert "python -m analysis run silence_and_suspension" in text
    assert found.all("table") == found.all("script") == []
    assert "no reports here yet" in text


def test_the_same_runs_give_the_same_bytes(made_up):
    made_up("silence", "one", EARLY)
    made_up("silence", "two", LATER)
    first = index.write(made_up.reports).read_bytes()
    time.sleep(0.01)
    assert index.write(made_up.reports).read_bytes() == first


def test_a_page_that_cannot_be_written_leaves_the_old_one_and_no_litter(made_up, monkeypatch):
    made_up("silence", "one", EARLY)
    before = index.write(made_up.reports).read_bytes()
    made_up("silence", "two", LATER)

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        index.write(made_up.reports)
    assert (made_up.reports / "index.html").read_bytes() == before
    assert {p.name for p in made_up.reports.iterdir()} == {"silence", "index.html", index.LOCK}


def test_of_two_writers_the_one_that_saw_less_is_not_the_last(made_up, monkeypatch):
    made_up("silence", "one")
    looked, go_on, whole = threading.Event(), threading.Event(), index.page

    def slowly(reports):
        text = whole(reports)
        if not looked.is_set():
            looked.set()
            go_on.wait(10)
        return text

    monkeypatch.setattr(index, "page", slowly)
    writers = [threading.Thread(target=index.write, args=(made_up.reports,)) for _ in range(2)]
    writers[0].start()
    assert looked.wait(10)
    made_up("rate", "one")
    writers[1].start()
    writers[1].join(0.3)
    go_on.set()
    for writer in writers:
        writer.join(10)
    assert "The rate" in (made_up.reports / "index.html").read_text(encoding="utf-8")


def test_what_a_killed_writer_left_is_cleared_away_and_a_fresh_one_is_not(made_up):
    made_up("silence", "one")
    old, fresh = (made_up.reports / f".index-{n}-1.html" for n in (1, 2))
    old.touch()
    fresh.touch()
    os.utime(old, (0, 0))
    index.write(made_up.reports)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_the_command_prints_the_path_and_refuses_a_folder_that_is_not_there(made_up, tmp_path):
    made_up("silence", "one")
    result = CliRunner().invoke(main, ["index", "--reports", str(made_up.reports)])
    assert (result.exit_code, result.output.strip()) == (0, str(made_up.reports / "index.html"))
    result = CliRunner().invoke(main, ["index", "--reports", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert not (tmp_path / "none").exists()


def test_a_name_that_is_no_text_does_not_stop_the_page(made_up):
    made_up("silence", "one")
    made_up("cafe", "one")
    try:
        (made_up.reports / "cafe").rename(made_up.reports / os.fsdecode(b"caf\xe9"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    _, found = made(made_up)
    assert "caf%E9/one/report.html" in {a["href"] for a in found.all("a")}


def test_a_real_run_is_on_the_page(good):
    found = Page(index.page(good.folder.parents[1]))
    assert f"good/{good.folder.name}/report.html" in {a["href"] for a in found.all("a")}
    assert "consistent" in found.cards["good"]


# -- the line ---------------------------------------------------------------------------------------------


def drawn(made_up):
    from analysis.runs.pages import history

    past = history.runs(made_up.reports / "silence")
    return trace.trace(past, history.latest(past))


def test_the_line_has_a_mark_for_every_run_at_its_height_oldest_first(made_up):
    values = ((10.0, 0.0, 20.0), (20.0, 10.0, 40.0), (15.0, None, None))
    for i, (value, low, high) in enumerate(values):
        findings = {"silence": made_up.finding(value, low=low, high=high)}
        made_up("silence", f"run{i}", f"2021-06-0{i + 1}T06:00:00+00:00", findings=findings)
    made_up("silence", "bad", "2021-06-02T12:00:00+00:00", status="failed", error={"name": "ValueError"})
    found = drawn(made_up)
    ok = [mark for mark in found.marks if mark.y is not None]
    assert [mark.x for mark in found.marks] == sorted(mark.x for mark in found.marks)
    assert found.marks[2].words == "2021-06-02 12:00: failed"
    # by hand: 0 to 40 over a height of 44 with margins of 7, so 0.75 a unit, down from 37
    assert [mark.y for mark in ok] == [29.5, 22.0, 25.8]
    assert [(mark.low, mark.high) for mark in ok] == [(37.0, 22.0), (29.5, 7.0), (None, None)]
    assert found.line == " ".join(f"{mark.x:g},{mark.y:g}" for mark in ok)


def test_a_limit_that_the_data_do_not_set_is_drawn_as_open(made_up):
    made_up("silence", "one", EARLY, findings={"silence": made_up.finding(10.0, low=5.0, high=None)})
    (mark,) = drawn(made_up).marks
    assert (mark.open_low, mark.open_high, mark.high) == (False, True, 1)
    assert "(5 to no upper limit)" in mark.words


def test_runs_with_another_headline_are_left_out_of_the_line_and_counted(made_up):
    made_up("silence", "one", EARLY, findings={"rate": made_up.finding(1.0, name="rate", unit="per day")})
    made_up("silence", "two", LATER, findings={"silence": made_up.finding(2.0, unit="hour")})
    made_up("silence", "three", LATEST)
    found = drawn(made_up)
    assert (len(found.marks), found.left_out) == (1, 2)


def test_a_long_history_is_drawn_to_its_newest_end(made_up):
    for i in range(trace.MOST + 5):
        made_up("silence", f"run{i:03}", f"2021-01-01T{i // 60:02}:{i % 60:02}:00+00:00")
    found = drawn(made_up)
    assert (len(found.marks), found.left_out) == (trace.MOST, 5)
    assert found.words.endswith(f"; {trace.MOST - trace.TOLD} earlier ones are drawn only")
    assert found.marks[-1].words.startswith("2021-01-01 00:44")


def test_equal_values_and_no_value_have_a_line_and_none(made_up):
    made_up("silence", "one", EARLY, findings={"silence": made_up.finding(0.0, low=0.0, high=0.0)})
    assert drawn(made_up).marks[0].y == trace.HEIGHT / 2
    made_up("silence", "two", LATER, findings={"silence": made_up.finding(None, statistic=None)})
    assert drawn(made_up) is None
