"""Compare says which findings moved, by how much, in their unit, and why; or that nothing did."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from analysis import Assumption
from analysis.runs import manifest
from analysis.runs.commands import main
from analysis.runs.pages import history, moved, reasons

EARLY, LATER, LATEST = (f"2021-06-0{day}T06:00:00+00:00" for day in (5, 6, 7))
INPUTS = {"parameters": "p", "notebook": "n", "code": "c", "libraries": "l", "data": "d"}
PARAMETERS = {"catalogue": "data/attacks.csv", "as_of": "2021-06-04", "level": 0.95}


def compared(made_up, name="silence"):
    past = history.runs(made_up.reports / name)
    return moved.compare(past[1], past[0])


def call(made_up, *words):
    return CliRunner().invoke(main, ["compare", *map(str, words), "--reports", str(made_up.reports)])


def test_equal_runs_say_so(made_up):
    made_up("silence", "one", EARLY)
    made_up("silence", "two", LATER)
    found = compared(made_up)
    assert (found.equal, found.reasons, found.still) == (True, (), 1)
    result = call(made_up, "silence")
    assert result.exit_code == 0
    assert "Why they differ: nothing: the inputs are the same" in result.output
    assert "Nothing moved: all 1 finding and all verdicts are equal." in result.output


def test_a_finding_moves_by_an_amount_in_its_unit(made_up):
    made_up("silence", "one", EARLY, findings={"silence": made_up.finding(24.0, 0.28)})
    made_up("silence", "two", LATER, findings={"silence": made_up.finding(35.5, 0.05, high=None, n_events=(3, 1))})
    (each,) = compared(made_up).findings
    assert each.by == {"value": 11.5, "low": 0.0, "high": None}
    assert each.shift() == "+11.5 days"
    assert str(each) == (
        "silence 24 days (95% limits 0 to 93.7) → 35.5 days (95% limits 0 and no upper limit); "
        "moved by +11.5 days; p 0.28 → 0.05; events 3 → 3 and 1"
    )
    result = call(made_up, "silence")
    assert result.exit_code == 0
    assert "Findings that moved: 1 of 1" in result.output
    assert "Headline: silence\n  silence 24 days" in result.output


def test_a_value_that_comes_or_goes_moves_by_no_number(made_up):
    made_up("silence", "one", EARLY, findings={"a": made_up.finding(1.0), "b": made_up.finding(1.0, unit="day")})
    effectless = {"a": made_up.finding(1.0, None), "b": made_up.finding(1.0, unit="hour")}
    made_up("silence", "two", LATER, findings=effectless)
    a, b = compared(made_up).findings
    assert "p 0.28 → none" in str(a)
    # days cannot be taken from hours
    assert set(b.by.values()) == {None}
    assert b.shift() == ""
    assert "1 day (95% limits 0 to 93.7) → silence 1 hour" in str(b)


def test_rounding_in_the_last_digits_is_no_move(made_up):
    made_up("silence", "one", EARLY, findings={"silence": made_up.finding(0.1 + 0.2, 0.3, low=0.0)})
    made_up("silence", "two", LATER, findings={"silence": made_up.finding(0.3, 0.1 + 0.2, low=1e-17)})
    assert compared(made_up).equal
    for run_id, value in (("large", 1e6), ("large too", 1e6 + 1e-4)):
        made_up("rate", run_id, findings={"rate": made_up.finding(value, high=None)})
    assert compared(made_up, "rate").equal
    made_up("silence", "three", LATEST, findings={"silence": made_up.finding(0.3 + 1e-6, 0.3)})
    assert not compared(made_up).equal


def test_what_a_finding_rests_on_is_part_of_what_moved(made_up):
    doubt = [Assumption("constant pace", "holds"), Assumption("no holes", "unchecked")]
    made_up("silence", "one", EARLY, findings={"silence": made_up.finding(assumptions=doubt)})
    doubt = [Assumption("constant pace", "fails"), Assumption("no holes", "unchecked")]
    made_up("silence", "two", LATER, findings={"silence": made_up.finding(assumptions=doubt, inconclusive=True)})
    (each,) = compared(made_up).findings
    assert each.notes == ("inconclusive now", "constant pace: holds → fails")


def test_findings_and_verdicts_that_appear_and_go_are_named(made_up):
    old = {"verdicts": {"C1": "supported", "C2": {"word": "supported", "fragile": True}, "C3": "supported"}}
    made_up("silence", "one", EARLY, findings={"kept": made_up.finding(), "gone": made_up.finding()}, **old)
    new = {"verdicts": {"C1": "supported", "C2": {"word": "supported"}, "C4": "contradicted"}}
    made_up("silence", "two", LATER, findings={"new": made_up.finding(), "kept": made_up.finding()}, **new)
    found = compared(made_up)
    assert (found.appeared, found.went, found.still) == (("new",), ("gone",), 1)
    assert found.verdicts == (
        ("C2", "supported (fragile)", "supported"), ("C4", None, "contradicted"), ("C3", "supported", None),
    )  # fmt: skip
    said = call(made_up, "silence").output
    assert "Findings that appeared: 1\n  new" in said
    assert "Findings that went: 1\n  gone" in said
    assert "  C2: supported (fragile) → supported\n  C4: none → contradicted\n  C3: supported → none" in said


def test_a_name_with_the_day_of_the_record_in_it_is_the_same_finding_a_day_later(made_up):
    for run_id, started, day in (("one", EARLY, "2021-06-04"), ("two", LATER, "2021-07-01")):
        findings = {f"silence / as of {day}": made_up.finding(float(day[6])), "silence / whole": made_up.finding()}
        given = {"parameters": PARAMETERS | {"as_of": day, "end": day, "split_date": "2021-05-10"}, "as_of": day}
        findings["after 2021-05-10"] = made_up.finding()
        verdicts = {f"C1 / as of {day}": "supported"}
        made_up("silence", run_id, started, findings=findings, verdicts=verdicts, **given)
    found = compared(made_up)
    assert found.why == "only the calendar"
    (each,) = found.findings
    assert (each.name, each.called) == ("silence / as of 2021-07-01", "silence / as of 2021-06-04")
    assert each.by["value"] == 1.0
    assert (found.appeared, found.went, found.verdicts, found.still) == ((), (), (), 2)
    assert found.headline.called == "C1 / as of 2021-06-04"


def test_one_day_that_was_two_parameters_is_told_apart_by_what_the_other_run_has(made_up):
    names = {"2021-06-04": "x as of 2021-06-04", "2021-07-01": "x as of 2021-07-01"}
    for run_id, started, day in (("one", EARLY, "2021-06-04"), ("two", LATER, "2021-07-01")):
        given = {"parameters": PARAMETERS | {"as_of": day, "end": "2021-06-04"}}
        findings = {names[day]: made_up.finding(), "x until 2021-06-04": made_up.finding()}
        made_up("silence", run_id, started, findings=findings, **given)
    found = compared(made_up)
    assert found.equal
    assert found.still == 2


def test_days_that_were_one_and_came_apart_are_followed_each(made_up):
    sides = (("one", EARLY, "2021-06-04", "2021-06-04"), ("two", LATER, "2021-07-01", "2021-06-20"))
    for run_id, started, as_of, end in sides:
        given = {"parameters": PARAMETERS | {"end": end, "as_of": as_of}}
        findings = {f"x as of {as_of}": made_up.finding(), f"x until {end}": made_up.finding()}
        made_up("silence", run_id, started, findings=findings, **given)
    found = compared(made_up)
    assert (found.appeared, found.went, found.still) == ((), (), 2)


REASONS = {
    "data": (
        {"data": [{"parameter": "catalogue", "path": "data/attacks.csv", "sha256": "b" * 64, "bytes": 120}]},
        "data", "data/attacks.csv (catalogue): 100 bytes, sha256 aaaaaaaaaaaa → 120 bytes, sha256 bbbbbbbbbbbb",
    ),
    "a file that no parameter names": (
        {"inputs": INPUTS | {"data": "other"}}, "data", "a file in data/ that no parameter names",
    ),
    "a file no longer read": ({"data": []}, "data", "data/attacks.csv (catalogue): is read no more"),
    "code": (
        {"inputs": INPUTS | {"code": "other"}, "code": {"commit": "f" * 40, "dirty": True}},
        "code", "the package: commit 0000000000 → commit ffffffffff with changes not committed",
    ),
    "code outside a repository": (
        {"inputs": INPUTS | {"code": "other"}, "code": {"commit": None, "dirty": None}},
        "code", "the package: commit 0000000000 → commit unknown",
    ),
    "notebook": ({"inputs": INPUTS | {"notebook": "other"}}, "notebook", "notebooks/silence.ipynb: sha256 n → other"),
    "libraries": (
        {"versions": {"python": "3.11.7", "numpy": "2.5.0"}}, "libraries", "numpy: 2.4.6 → 2.5.0",
    ),
    "a library that came": (
        {"versions": {"python": "3.11.7", "numpy": "2.4.6", "scipy": "1.17.1"}},
        "libraries", "scipy: not there → 1.17.1",
    ),
    "level": ({"parameters": PARAMETERS | {"level": 0.9}}, "parameters", "level: 0.95 → 0.9"),
    "the day of the record": (
        {"parameters": PARAMETERS | {"as_of": "2021-06-05"}}, "only the calendar", "as_of: 2021-06-04 → 2021-06-05",
    ),
    "a window that was added": (
        {"parameters": PARAMETERS | {"end": "2021-06-05"}}, "only the calendar", "end: not there → 2021-06-05",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REASONS)
def test_each_input_that_differs_is_named(made_up, kind):
    given, short, line = REASONS[kind]
    made_up("silence", "one", EARLY)
    made_up("silence", "two", LATER, **given)
    found = compared(made_up)
    assert found.why == short
    assert [each for reason in found.reasons for each in reason.lines] == [line]
    said = call(made_up, "silence").output
    assert line in said
    assert f"Why they differ: {short}" in said


def test_the_files_that_differ_are_named_where_both_manifests_list_theirs(made_up):
    old = {
        "analysis/a.py": "1",
        "analysis/b.py": "1",
        "data/attacks.csv": "1",
        "data/grid.yml": "1",
        "data/old.yml": "1",
    }
    new = {"analysis/a.py": "2", "analysis/c.py": "1", "data/attacks.csv": "2", "data/grid.yml": "2"}
    data = [{"parameter": "catalogue", "path": "data/attacks.csv", "sha256": "b" * 64, "bytes": 120}]
    made_up("silence", "one", EARLY, sources=old)
    inputs = {"inputs": INPUTS | {"code": "other", "data": "other"}}
    made_up("silence", "two", LATER, sources=new, data=data, **inputs)
    files, code = compared(made_up).reasons
    assert files.lines[0].startswith("data/attacks.csv (catalogue): 100 bytes")
    assert files.lines[1:] == ("data/grid.yml: changed", "data/old.yml: removed")
    assert code.lines[1:] == ("analysis/a.py: changed", "analysis/b.py: removed", "analysis/c.py: added")
    many = {f"analysis/{i:02}.py": "1" for i in range(20)}
    made_up("silence", "three", LATEST, sources=new | many, data=data, inputs=INPUTS | {"data": "other"})
    (code,) = compared(made_up).reasons
    assert (len(code.lines), code.lines[-1]) == (1 + reasons.LISTED + 1, "and 8 files more")


def test_a_named_date_is_another_question_not_the_calendar(made_up):
    made_up("silence", "one", EARLY, parameters=PARAMETERS | {"split_date": "2021-05-10"})
    made_up("silence", "two", LATER, parameters=PARAMETERS | {"split_date": "2021-05-11"})
    assert compared(made_up).why == "parameters"


def test_the_calendar_with_something_else_is_not_only_the_calendar(made_up):
    made_up("silence", "one", EARLY)
    given = {"parameters": PARAMETERS | {"as_of": "2021-06-05"}, "versions": {"python": "3.12.1"}}
    made_up("silence", "two", LATER, **given, inputs=INPUTS | {"code": "other"})
    assert compared(made_up).why == "parameters, code and libraries"


def test_findings_that_moved_without_a_reason_are_not_passed_over(made_up):
    made_up("silence", "one", EARLY)
    findings = {"silence": made_up.finding(25.0)}
    made_up("silence", "two", LATER, findings=findings, platform={"machine": "aarch64"})
    said = call(made_up, "silence").output
    assert "machine: machine x86_64 → aarch64" in said
    assert "this should not be so" in said


def test_runs_are_named_by_folder_by_report_and_run_and_by_report(made_up, monkeypatch, tmp_path):
    made_up("silence", "one", EARLY, findings={"silence": made_up.finding(1.0)})
    folder = made_up("silence", "two", LATER, findings={"silence": made_up.finding(2.0)})
    made_up("silence", "three", LATEST, findings={"silence": made_up.finding(4.0)})
    (made_up.reports / "silence" / "latest").symlink_to("three")

    def sides(*words):
        told = json.loads(call(made_up, *words, "--json").output)
        return told["before"]["folder"], told["after"]["folder"], told["moved"][0]["by"]["value"]

    assert sides("silence") == ("two", "three", 2.0)
    assert sides("silence/one", "silence/latest") == ("one", "three", 3.0)
    assert sides("silence", "silence/one") == ("three", "one", -3.0)
    assert sides(folder, made_up.reports / "silence") == ("two", "three", 2.0)
    monkeypatch.chdir(made_up.reports / "silence")
    assert sides("one", "two") == ("one", "two", 1.0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["silnce"], "there is no report 'silnce'"),
        (["silence/one", "silence/twoo"], "Did you mean 'silence/two'?"),
        (["silence/one"], "is one run: name the run to compare it with"),
        (["alone"], "one good run only"),
        (["broken"], "no good run"),
        (["silence/one", "silence/damaged"], "manifest.json is not whole JSON"),
        (["silence/one", "silence/.partial-x-1"], "no manifest yet"),
        (["silence/one", "silence/changed"], "findings.json is not as it was written"),
        (["silence/one", "silence/two", "silence/one"], "two runs are compared, got 3"),
        ([], "Missing argument"),
    ],
)
def test_a_run_that_is_not_there_or_cannot_be_read_ends_with_2(made_up, words, told):
    made_up("silence", "one", EARLY)
    made_up("silence", "two", LATER)
    made_up("alone", "one")
    made_up("broken", "one", status="failed", error={"name": "ValueError", "text": "x", "cell": 2})
    (made_up("silence", "damaged", LATER) / manifest.NAME).write_text("{")
    (made_up("silence", "changed", EARLY) / "findings.json").write_text("[]")
    (made_up.reports / "silence" / ".partial-x-1").mkdir()
    result = call(made_up, *words)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_a_failed_run_can_be_compared_and_has_no_findings(made_up):
    made_up("silence", "one", EARLY)
    made_up("silence", "two", LATER, status="failed", error={"name": "ValueError", "text": "x", "cell": 2})
    result = call(made_up, "silence/one", "silence/failed-two")
    assert result.exit_code == 0
    assert ", failed" in result.output
    assert "Findings that went: 1\n  silence" in result.output


def test_findings_that_are_no_findings_are_refused_though_the_hash_agrees(made_up):
    made_up("silence", "one", EARLY)
    folder = made_up("silence", "two", LATER)
    for text in ('[{"name": "x", "finding": {"effect": {"value": "1"}}}]', '{"a": 1}', "[1]"):
        (folder / "findings.json").write_text(text)
        told = json.loads((folder / manifest.NAME).read_text())
        told["findings_sha256"] = manifest.outputs(folder)["findings.json"]
        manifest.write(folder, told)
        result = call(made_up, "silence")
        assert result.exit_code == 2
        assert "findings.json is not as it is written here" in result.stderr


def test_the_json_holds_all_of_it_and_nothing_else(made_up):
    made_up("silence", "one", EARLY)
    made_up("silence", "two", LATER, findings={"silence": made_up.finding(25.0)}, versions={"python": "3.12.1"})
    told = json.loads(call(made_up, "silence", "--json").output)
    assert (told["equal"], told["why"], told["still"]) == (False, "libraries", 0)
    assert told["reasons"] == [
        {"kind": "libraries", "differences": ["python: 3.11.7 → 3.12.1", "numpy: 2.4.6 → not there"]}
    ]
    (each,) = told["moved"]
    assert each["by"] == {"value": 1.0, "low": 0.0, "high": 0.0}
    assert each["before"]["effect"]["value"] == 24.0
    assert told["headline"]["name"] == "silence"
    assert told["before"]["report"] == "silence"


def test_reasons_in_short():
    assert reasons.in_short(()) == "nothing: the inputs are the same"
    both = tuple(reasons.Reason(kind, ("x",)) for kind in ("data", "code"))
    assert reasons.in_short(both) == "data and code"
