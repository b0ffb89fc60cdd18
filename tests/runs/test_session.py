"""What a notebook calls: the same checks, numbers and records wherever it is run."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from analysis import Estimate, Finding
from analysis.errors import ParameterError
from analysis.runs import open_run, places, record
from analysis.runs.session import FOLDER, NOTEBOOK


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.delenv(NOTEBOOK, raising=False)
    with matplotlib.rc_context():
        yield


def finding(pvalue: float = 0.1 + 0.2, method: str = "a method") -> Finding:
    effect = Estimate(name="ratio", value=1 / 3, low=None, high=2.0)
    return Finding(
        question="Q?",
        null="N.",
        method=method,
        statistic=1.0,
        pvalue=pvalue,
        effect=effect,
        settings={"b": 1, "a": (2,)},
    )


def drawn(**text):
    from analysis.figures import style

    fig, ax = style.new()
    ax.plot([1, 3, 2])
    ax.set_title(text.get("title", "x"))
    return fig


def test_settings_are_typed_by_what_the_notebook_on_disk_declares(notebook, monkeypatch):
    path = notebook("mine", "1", parameters="bins = 3  # n\nlevel = 0.9  # l")
    monkeypatch.setattr(places, "notebooks", lambda: path.parent)
    assert open_run("mine", bins=4, level=0.8).settings.bins == 4
    with pytest.raises(ParameterError, match=r"(?s)level is declared and not passed.*bins: expected a whole number"):
        open_run("mine", bins="4")
    # A parameter just written in an open notebook, not saved yet, is typed by its value.
    assert open_run("mine", bins=4, level=0.8, fresh="x").settings.fresh == "x"


def test_under_our_runner_an_undeclared_parameter_is_refused(notebook, monkeypatch):
    monkeypatch.setenv(NOTEBOOK, str(notebook("mine", "1", parameters="bins = 3  # n")))
    with pytest.raises(ParameterError, match="fresh is unknown"):
        open_run("mine", bins=4, fresh="x")


def test_a_notebook_nowhere_on_disk_is_checked_by_the_values_it_passes():
    assert open_run("nowhere to be found", level=0.5, n=3).settings.n == 3
    with pytest.raises(ParameterError, match=r"(?s)level.*seed.*end"):
        open_run("nowhere to be found", level=95, seed=-1, start="2021-02-01", end="2021-01-01")


def test_a_data_file_is_the_same_file_from_every_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert open_run("x", catalogue="pyproject.toml").settings.catalogue == str(places.root() / "pyproject.toml")
    (tmp_path / "mine.csv").write_text("a\n")
    assert Path(open_run("x", catalogue="mine.csv").settings.catalogue) == tmp_path / "mine.csv"


def test_one_draw_more_in_one_place_moves_no_other():
    run = open_run("x", seed=7)
    alone = run.rng("silence").normal(size=3)
    run.rng("ratio").normal(size=100)
    np.testing.assert_array_equal(run.rng("silence").normal(size=3), alone)
    assert not np.array_equal(run.rng("ratio").normal(size=3), alone)
    assert not np.array_equal(open_run("x", seed=8).rng("silence").normal(size=3), alone)
    with pytest.raises(ParameterError, match="seed"):
        open_run("x").rng("silence")


def test_without_a_run_folder_nothing_is_written(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run = open_run("x", seed=7)
    run.record({"one": finding()})
    run.figure(drawn(), "walk", alt="A walk.")
    run.close()
    assert list(tmp_path.iterdir()) == []


def test_findings_keep_every_digit_and_their_order(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    run = open_run("x")
    run.record({"z": finding(), "a": finding(0.05)}, verdicts={"C1": "consistent"})
    summary = run.close()
    text = (tmp_path / "findings.json").read_text()
    entries = json.loads(text)
    assert [e["name"] for e in entries] == ["z", "a"]
    assert entries[0]["finding"]["pvalue"] == 0.1 + 0.2
    assert "0.30000000000000004" in text
    assert (tmp_path / "findings.csv").read_text().splitlines()[0].startswith("name,question")
    assert json.loads((tmp_path / "verdicts.json").read_text()) == {"C1": "consistent"}
    assert (tmp_path / record.MARKER).read_text().strip() == summary.digest == record.digest(run.findings)


def test_the_digest_is_the_same_with_and_without_a_folder(monkeypatch, tmp_path):
    open_ = open_run("x")
    open_.record([finding()])
    monkeypatch.setenv(FOLDER, str(tmp_path))
    run = open_run("x")
    run.record([finding()])
    assert run.close().digest == open_.close().digest
    assert run.close().digest != record.digest({"a method": finding(0.3)})


def test_a_report_records_a_name_once_and_an_open_notebook_keeps_the_last(monkeypatch, tmp_path):
    run = open_run("x")
    run.record({"one": finding(0.1)})
    run.record({"one": finding(0.2)})
    assert run.findings["one"].pvalue == 0.2
    monkeypatch.setenv(FOLDER, str(tmp_path))
    run = open_run("x")
    run.record({"one": finding(0.1)})
    with pytest.raises(ParameterError, match="twice: one"):
        run.record({"one": finding(0.2)})


def test_a_list_of_findings_is_named_after_the_methods():
    run = open_run("x")
    run.record([finding(), finding(0.2), finding(0.3, "other")])
    assert list(run.findings) == ["a method", "a method (2)", "other"]
    with pytest.raises(ParameterError, match="only a Finding"):
        run.record({"one": 0.05})


def test_no_finding_at_all_still_closes(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    open_run("x").close()
    assert json.loads((tmp_path / "findings.json").read_text()) == []


def test_a_figure_is_kept_with_the_same_bytes_each_time(monkeypatch, tmp_path):
    kept = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(FOLDER, str(tmp_path / name))
        run = open_run("x")
        run.figure(drawn(title="<a> & b"), "walk", alt='A "walk" <b>')
        kept.append([(tmp_path / name / "figures" / f"walk.{kind}").read_bytes() for kind in ("svg", "png")])
    assert kept[0] == kept[1]
    assert b"<dc:date>" not in kept[0][0]


def test_a_figure_needs_a_plain_name_and_words(tmp_path):
    run = open_run("x")
    with pytest.raises(ParameterError, match="small letters"):
        run.figure(drawn(), "../walk", alt="A walk.")
    with pytest.raises(ParameterError, match="alt="):
        run.figure(drawn(), "walk")
    with pytest.raises(ParameterError, match="at least one axes"):
        run.figure("no figure", "walk", alt="A walk.")


def test_axes_stand_for_their_figure():
    run = open_run("x")
    run.figure(drawn().axes[0], "walk", alt="A walk.")
    assert run.figures == {"walk": "A walk."}


def test_the_summary_says_what_was_found():
    run = open_run("x")
    run.record([finding()])
    summary = run.close()
    assert str(summary).startswith("1 finding and 0 figures recorded; digest")
    assert summary.digest[:16] in summary._repr_html_()


def test_the_headline_is_what_is_named_else_the_first_verdict_else_the_first_finding(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    kept = tmp_path / record.HEADLINE
    run = open_run("x")
    run.close()
    assert not kept.exists(), "a run that found nothing has no headline"
    run.record({"one": finding(0.1), "two": finding(0.2)})
    run.close()
    assert json.loads(kept.read_text())["name"] == "one"
    run.record({}, verdicts={"two": {"word": "supported", "rule": "By hand.", "fragile": True}})
    run.close()
    told = json.loads(kept.read_text())
    # a verdict and a finding of one name belong together
    assert (told["name"], told["question"], told["pvalue"]) == ("two", "Q?", 0.2)
    assert told["verdict"]["word"] == "supported"
    assert told["sentence"] == str(run.findings["two"])
    assert told["effect"] == {
        "name": "ratio", "value": 1 / 3, "low": None, "high": 2.0, "level": 0.95, "unit": "", "interval": "confidence",
    }  # fmt: skip
    run.close(headline="one")
    assert json.loads(kept.read_text())["name"] == "one"


def test_a_verdict_without_a_finding_can_be_the_headline(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    run = open_run("x")
    run.record({"one": finding()}, verdicts={"C1": {"word": "supported", "rule": "By hand.", "fragile": True}})
    run.close(headline="C1")
    told = json.loads((tmp_path / record.HEADLINE).read_text())
    assert told["sentence"] == "supported (fragile). By hand."
    assert (told["effect"], told["pvalue"], told["question"]) == (None, None, "")


def test_an_unknown_headline_is_refused_with_the_nearest_name_and_closes_nothing(monkeypatch, tmp_path):
    run = open_run("x")
    with pytest.raises(ParameterError, match="nothing was recorded"):
        run.close(headline="silence")
    monkeypatch.setenv(FOLDER, str(tmp_path))
    run = open_run("x")
    run.record({"silence / as of 2021-06-04": finding()})
    with pytest.raises(ParameterError, match="Did you mean 'silence / as of 2021-06-04'"):
        run.close(headline="silence / as of 2021-06-05")
    assert not (tmp_path / record.MARKER).exists()
