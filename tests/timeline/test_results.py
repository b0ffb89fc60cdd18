"""Findings guard themselves: no p-value alone, nothing infinite, the same columns always."""

import json
import pickle
import warnings
from dataclasses import FrozenInstanceError
from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis import AnalysisError, Assumption, Estimate, Finding, ask, collect, flat
from analysis.results import json_safe, p_text, plain

RATIO = Estimate(name="rate ratio", value=0.0, low=0.0, high=5.99)
COLUMNS = [
    *["question", "method", "alternative", "statistic_name", "statistic"],
    *["effect_name", "effect_value", "low", "high", "level", "effect_unit", "effect_interval"],
    *["pvalue", "attainable_pvalue", "n_events", "exposure_days", "inconclusive", "null"],
    *["assumptions", "warnings", "settings", "as_of", "sha256"],
]


def finding(**changes):
    settings = {
        "question": "Did the pace drop after the last strike?",
        "null": "one pace throughout; the count before and both exposures are kept",
        "method": "exact conditional test",
        "statistic": 0.0,
        "statistic_name": "events after",
        "pvalue": 0.5606,
        "effect": RATIO,
        "attainable_pvalue": 0.2803,
        "n_events": (2, 0),
        "exposure_days": (27.0, 24.0),
        "assumptions": (
            Assumption("independent attacks", "unchecked"),
            Assumption("steady", "doubtful", "p = 0.04"),
        ),
        "settings": {"seed": 7, "window": "fixed_before"},
        "vintage": {"sha256": "ab12", "as_of": "2021-06-04"},
    }
    return Finding(**{**settings, **changes})


NO_ANSWER = {
    "pvalue": None,
    "statistic": None,
    "effect": None,
    "attainable_pvalue": None,
    "inconclusive": True,
}


# -- guards -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"effect": None}, "a p-value needs an effect beside it"),
        ({"pvalue": None}, "say in warnings why there is no p-value"),
        ({"statistic": None}, "say in warnings why there is no p-value or statistic"),
        ({"pvalue": float("nan")}, "pvalue must be a finite number or None, got nan"),
        ({"statistic": np.inf}, "statistic must be a finite number or None, got inf"),
        ({"attainable_pvalue": np.nan}, "attainable_pvalue must be a finite"),
        ({"pvalue": 1.0001}, "pvalue must lie between 0 and 1"),
        ({"attainable_pvalue": -0.1}, "attainable_pvalue must lie between 0 and 1"),
        ({"alternative": "larger"}, "alternative must be one of 'two-sided', 'less', 'greater'"),
    ],
)
def test_a_finding_that_says_too_little_or_too_much_is_refused(changes, complaint):
    with pytest.raises(AnalysisError, match=complaint):
        finding(**changes)


def test_too_little_data_is_an_answer():
    thin = finding(**NO_ANSWER, warnings=("Two events are needed, one was seen.",))
    assert thin.inconclusive
    assert "Inconclusive" in str(thin)
    assert str(thin).endswith("Two events are needed, one was seen.")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"value": np.inf}, "rate ratio: value must be a finite number or None"),
        ({"high": np.nan}, "rate ratio: high must be"),
        ({"low": 6.0}, "lower limit 6.0 above upper limit 5.99"),
        ({"level": 95}, "level must lie between 0 and 1"),
        (
            {"interval": "bayesian"},
            "interval must be one of 'confidence', 'null range', 'credible', 'predictive'",
        ),
    ],
)
def test_an_impossible_effect_is_refused(changes, complaint):
    with pytest.raises(AnalysisError, match=complaint):
        Estimate(**{"name": "rate ratio", "value": 0, "low": 0, "high": 5.99, **changes})


def test_an_assumption_has_one_of_four_states():
    with pytest.raises(AnalysisError, match=r"holds.*doubtful.*fails.*unchecked.*Did you mean 'holds'"):
        Assumption("steady", "hold")


def test_findings_are_values_that_nobody_can_change():
    one = finding()
    assert one == finding()
    assert one != finding(pvalue=0.5)
    assert hash(one) == hash(finding())
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(FrozenInstanceError):
        one.pvalue = 0.01
    with pytest.raises(TypeError):
        Finding("Did it stop?", "one pace", "exact")


def test_a_curve_travels_along_but_does_not_decide_equality():
    curve = pd.DataFrame({"quiet_days": [0, 10], "p": [1, 0.5]})
    assert finding(curve=curve) == finding()
    assert "curve" not in finding(curve=curve).to_record()


def test_numpy_numbers_become_plain_ones():
    one = finding(pvalue=np.float64(0.25), statistic=np.int64(3), settings={"seed": np.int64(7)})
    assert type(one.pvalue) is float
    assert type(one.statistic) is float


# -- tables and records -------------------------------------------------------------------------------


def test_every_finding_is_one_row_of_the_same_columns():
    thin = finding(**NO_ANSWER, warnings=("No event was seen.",), vintage=None, n_events=0, exposure_days=51.0)
    for one in (finding(), thin, finding(assumptions=(), settings={})):
        frame = one.to_frame()
        assert frame.shape == (1, len(COLUMNS))
        assert list(frame.columns) == COLUMNS
    row = finding().to_frame().iloc[0]
    assert (row["n_events"], row["exposure_days"]) == ("2 and 0", "27 and 24")
    assert row["assumptions"] == "independent attacks: unchecked; steady: doubtful (p = 0.04)"
    assert row["settings"] == "seed=7; window=fixed_before"
    assert (row["as_of"], row["sha256"]) == ("2021-06-04", "ab12")


def test_collected_findings_are_one_table_with_labels_in_front():
    thin = finding(**NO_ANSWER, warnings=("No event was seen.",))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = collect((f for f in [finding(), thin]), claim=["C1", "C3a"], weapon=["drone", "rocket"])
    assert list(table.columns) == ["claim", "weapon", *COLUMNS]
    assert table["claim"].tolist() == ["C1", "C3a"]
    assert table.index.tolist() == [0, 1]
    assert table["pvalue"].isna().tolist() == [False, True]
    assert collect([]).empty


def test_every_question_is_put_to_every_series():
    def answer(series, *, method):
        return finding(method=method, n_events=len(series))

    questions = {name: partial(answer, method=name) for name in ("silence", "ratio")}
    answers = ask({"drone": [1, 2], "rocket": [3]}, questions)
    assert list(answers) == ["silence", "ratio"]
    assert answers["ratio"]["rocket"] == finding(method="ratio", n_events=1)
    assert list(flat(answers)) == ["silence / drone", "silence / rocket", "ratio / drone", "ratio / rocket"]
    assert flat(answers)["silence / drone"] is answers["silence"]["drone"]


def test_a_record_survives_json():
    odd = {
        "days": np.array([1.5, np.nan]),
        "when": pd.Timestamp("2021-06-04", tz="UTC"),
        "missing": pd.NaT,
        "many": np.int64(3),
        "yes": np.True_,
        "law": ("gamma", None),
        3: float("inf"),
    }
    record = finding(settings=odd).to_record()
    again = json.loads(json.dumps(record, allow_nan=False))
    assert again == record
    assert again["settings"]["days"] == [1.5, None]
    assert again["settings"]["when"].startswith("2021-06-04")
    assert again["settings"]["missing"] is None
    assert again["settings"]["yes"] is True
    assert again["settings"]["3"] is None
    assert again["n_events"] == [2, 0]
    assert again["effect"]["high"] == 5.99


# -- words --------------------------------------------------------------------------------------------


def test_a_finding_reads_as_one_sentence():
    text = str(finding())
    assert text == (
        "exact conditional test: rate ratio 0 (95% limits 0 to 5.99); p = 0.56 (two-sided); "
        "smallest p this design can reach 0.28; 2 and 0 events in 27 and 24 days watched."
    )
    assert "\n" not in text
    assert text.count(". ") == 0
    assert "27 and 24 hours watched" in str(finding(settings={"unit": "hour"}))
    # any p can be reached by a continuous statistic: nothing to say
    assert "smallest p" not in str(finding(attainable_pvalue=0))


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (
            Estimate(name="rate", value=0.0784, low=0.0095, high=0.283, unit="per day"),
            "rate 0.0784 per day (95% limits",
        ),
        (
            Estimate(name="ratio", value=None, low=0.2, high=None),
            "ratio no estimate (95% limits 0.200 and no upper limit",
        ),
        (Estimate(name="ratio", value=0, low=None, high=3.91), "no lower limit and 3.91"),
        (Estimate(name="ratio", value=None, low=None, high=None), "no limits from these data"),
        (
            Estimate(name="silence", value=24, low=1, high=30, interval="null range"),
            "range under the null 1 to 30",
        ),
        (
            Estimate(name="date", value=26, low=3, high=40, interval="credible", level=0.9),
            "90% credible interval 3 to 40",
        ),
    ],
)
def test_an_effect_says_what_its_limits_are(estimate, text):
    assert text in str(estimate)


def test_text_from_data_files_is_shown_as_text():
    attack = "<script>alert('x')</script>"
    html = finding(
        question=attack,
        null=attack,
        method=attack,
        statistic_name=attack,
        warnings=(attack,),
        assumptions=(Assumption(attack, "holds", attack),),
        effect=Estimate(name=attack, value=1, low=0, high=2, unit=attack),
    )._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 9
    assert html.startswith("<table")


def test_a_card_shows_what_the_sentence_says():
    html = finding(warnings=("The window was chosen after looking.",))._repr_html_()
    for part in (
        "Did the pace drop",
        "one pace throughout",
        "0.56",
        "smallest possible 0.28",
        "2 and 0; 27 and 24",
    ):
        assert part in html
    assert "The window was chosen after looking." in html
    assert "(inconclusive)" in finding(**NO_ANSWER, warnings=("None seen.",))._repr_html_()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (24.0, "24"),
        (None, "none"),
        (0.28031, "0.280"),
        (93.7123, "93.7"),
        (-3.14159, "-3.14"),
        (1234.5, "1234"),
        (0.00003, "3.00e-05"),
        (2.5e9, "2.50e+09"),
    ],
)
def test_numbers_are_written_for_reading(value, text):
    assert plain(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.2803, "0.28"),
        (0.05, "0.05"),
        (0.0123, "0.012"),
        (0.00001, "under 0.0001"),
        (0, "under 0.0001"),
        (1, "1.00"),
    ],
)
def test_a_p_value_is_never_written_as_zero(p, text):
    assert p_text(p) == text


# -- once faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "text"), [(0.995, "99.5%"), (0.975, "97.5%"), (0.999, "99.9%")])
def test_a_level_is_never_rounded(level, text):
    assert text in str(Estimate(name="ratio", value=1, low=0, high=2, level=level))


def test_an_array_of_one_number_is_that_number():
    assert json_safe(np.array(5.0)) == 5.0


def test_a_set_is_written_in_one_order():
    weapons = {f"weapon {k}" for k in range(40)}
    assert json_safe(weapons) == sorted(weapons)
