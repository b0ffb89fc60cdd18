"""Every public test of the package through one matrix: few events, ties, edges, holes, days, openers.

The tests come from the calibration cases; a public function without a case needs a reason here.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import warnings
from functools import cache

import numpy as np
import pytest

from analysis import EventSeries, Finding, ParameterError
from analysis.checks.calibration import FAMILIES, SCHEMES, cases
from analysis.checks.calibration.measure import has_limits, misses
from analysis.timeline import StateSeries, Window

# Statistics, not language: left to the main environment.
pytestmark = pytest.mark.slow

CASES = {case.name: case for case in cases()}
TAKES = ("series", "pair", "state", "counts")
MATRIX = [name for name, case in CASES.items() if case.takes in TAKES]

# Public functions that give a Finding and have no null to be sized under, each with the reason.
NO_CASE = {
    "clustering.hawkes_forecast": "a forecast has no null; what comes is held against it in tests/stats/clustering",
    "rates.predict_count": "a forecast has no null; its coverage is summed up exactly in tests/stats/rates",
    "rates.bayes_factor": "weighs models and has no p-value; its interval is tested in tests/stats/rates",
    "rates.difference_of_counts": "takes counts; the table is that of rates.ratio_of_counts",
    "rates.rate_of_count": "the count behind rates.rate",
    "rates.ratio_of_counts": "the counts behind rates.ratio",
    "rates.ratio_with_opener": "a reading of rates.ratio that counts the opening event, for the record",
    "coincidence.episodes_needed": "a design, computed before the data; tested against rate_while",
    "interruption.onset_among": "interruption.uncertain_onset on the counts between named dates, tested against it",
    "sequential.alarm": "the critical silence of sequential.evidence, tested against it",
    "sequential.confidence_sequence": "the limits of sequential.evidence, which is measured",
    "waiting.history_needed": "a property of the design, tested against waiting.silence",
    "waiting.late_disclosure": "a chance from given shares of disclosure, not a test",
    "waiting.silence_needed": "the critical value of waiting.silence, tested against it",
    "waiting.surprise": "waiting.silence with its threshold and curve",
}


def public_findings() -> set[str]:
    """Functions that the families show to the world and that say they give a Finding."""
    found = set()
    for family in FAMILIES:
        room = importlib.import_module(f"analysis.stats.{family}")
        for name in room.__all__:
            each = getattr(room, name)
            if inspect.isfunction(each) and str(inspect.signature(each).return_annotation).strip("'") == "Finding":
                found.add(f"{family}.{name}")
    return found


def gives_finding(function) -> bool:
    annotation = inspect.signature(function).return_annotation
    return annotation is Finding or str(annotation).strip("'") == "Finding"


def test_every_public_test_is_calibrated_or_says_why_not():
    measured = {name.split(" ")[0] for name in CASES}
    public = public_findings()
    assert len(public) > 25
    assert public - measured - set(NO_CASE) == set(), "no calibration case and no reason"
    assert (measured | set(NO_CASE)) - public == set(), "cases and reasons of no public function"


def given(case, series: EventSeries):
    """What the case takes, made of one series."""
    if case.takes == "pair":
        return series, second(series)
    if case.takes == "state":
        start, span = series.window.start, series.window.span
        spells = tuple((start + a * span, start + b * span) for a, b in ((0.1, 0.3), (0.55, 0.7), (0.85, 0.95)))
        return series, StateSeries(spells, series.window)
    if case.takes == "counts":
        return series.binned(series.window.span / 24)
    return series


def second(series: EventSeries) -> EventSeries:
    """Another series in the same window: four events, spread over the watched time."""
    window = series.window
    times = window.unclock(window.days * np.array([0.15, 0.4, 0.62, 0.9]))
    ends = [window.span] if window.closed_by_event else []
    return EventSeries(np.append(times, ends), window, label="other events")


def asked(case, series: EventSeries) -> Finding:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return case.test(given(case, series), np.random.default_rng(5))


def sound(finding: Finding) -> None:
    """A defined answer: numbers or reasons, never nan, nothing infinite, a p only with its effect."""
    assert isinstance(finding, Finding)
    text = json.dumps(finding.to_record(), allow_nan=False)
    assert not re.search(r"\b(nan|NaN|inf|None)\b", " ".join([str(finding), *finding.warnings])), text
    assert finding.question
    assert finding.null
    if finding.inconclusive:
        assert finding.warnings, "an inconclusive finding says why"
        assert finding.pvalue is None or finding.effect is not None
    elif finding.pvalue is not None:
        assert finding.effect is not None
        reach = finding.attainable_pvalue
        assert reach is None or finding.pvalue >= reach - 1e-9
    changed = any("ruled out at an earlier look" in w for w in finding.warnings)
    if finding.effect is not None and finding.effect.value is not None and not changed:
        low, value, high = finding.effect.low, finding.effect.value, finding.effect.high
        confidence = finding.effect.interval == "confidence"
        assert not confidence or low is None or low <= value + 1e-9 * max(1, abs(value))
        assert not confidence or high is None or value <= high + 1e-9 * max(1, abs(value))


def series_of(times, end=60.0, **settings) -> EventSeries:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ties are the point of some
        return EventSeries.from_numbers(times, start=0, end=end, **settings)


def answer(call) -> tuple[Finding | None, str]:
    """The finding, or the words of the refusal."""
    try:
        return call(), ""
    except ParameterError as refusal:
        return None, str(refusal)


EDGES = {
    "no event": ([], {}),
    "one event": ([20.0], {}),
    "two events": ([20.0, 31.0], {}),
    "two at one instant": ([20.0, 20.0], {}),
    "all at one instant": ([30.0] * 6, {}),
    "all on one day": ([30.5] * 6, {"precision": 1.0}),
    "equal waits": ([10.0, 20.0, 30.0, 40.0, 50.0], {}),
    "at the very start": ([0.0, 4.0, 11.0, 30.0], {}),
    "just before the end": ([4.0, 11.0, 30.0, float(np.nextafter(60.0, 0))], {}),
    "all at the very start": ([0.0] * 4, {}),
    "opened, none since": ([], {"opened_by_event": True}),
    "opened, one since": ([20.0], {"opened_by_event": True}),
    "opened, a tie with the opener": ([0.0, 7.0, 9.0], {"opened_by_event": True, "precision": 1.0}),
    "closed by the only one": ([60.0], {"closed_by_event": True}),
    "opened and closed": ([7.0, 9.0, 33.0, 60.0], {"opened_by_event": True, "closed_by_event": True}),
    "on both edges of a hole": ([5.0, 19.999, 30.0, 44.0], {"holes": [(20.0, 30.0)]}),
    "alone between holes": ([25.0], {"holes": [(10.0, 20.0), (30.0, 40.0)]}),
    "three, then silence": ([1.0, 2.5, 4.0], {}),
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("name", MATRIX)
def test_every_edge_has_a_defined_answer(name, edge):
    times, settings = EDGES[edge]
    finding, refusal = answer(lambda: asked(CASES[name], series_of(times, **settings)))
    if refusal:
        known_to_the_day = settings.get("precision") == 1 and CASES[name].family == "rhythm"
        assert known_to_the_day, f"a legal series was refused: {refusal}"
        assert WAY_OUT.search(refusal)
        return
    sound(finding)


@cache
def observed(scheme: str, n: int = 24) -> EventSeries:
    from analysis.checks.calibration.case import poisson_series

    return poisson_series(n, np.random.default_rng(8), scheme=scheme)


# A test that cannot take dates of this kind refuses them and says what to take instead.
WAY_OUT = re.compile(r"resolution|draw|point", re.IGNORECASE)
MAY_REFUSE = {"drawn": "", "day": "rhythm"}  # hours of the day need more than the day


@pytest.mark.parametrize("scheme", [s for s in SCHEMES if s != "plain"])
@pytest.mark.parametrize("name", MATRIX)
def test_every_way_of_observing_is_honoured_or_refused_by_name(name, scheme):
    case, series = CASES[name], observed(scheme)
    finding, refusal = answer(lambda: asked(case, series))
    if refusal:
        assert case.family.startswith(MAY_REFUSE.get(scheme, "nobody")), f"refused {SCHEMES[scheme]}: {refusal}"
        assert WAY_OUT.search(refusal), f"the refusal names no way out: {refusal}"
        return
    sound(finding)
    if finding.inconclusive:
        # Too thin for another reason, in a plain window too, or it says which way of observing stops it.
        told = any(re.search(r"hole|cross|draw|day|to the minute", w) for w in finding.warnings)
        assert told or asked(case, observed("plain")).inconclusive, finding.warnings
        return
    days, n = np.sum(finding.exposure_days), np.sum(finding.n_events)
    assert days <= (2 if case.takes == "pair" else 1) * series.days + 1e-6, "unwatched time counts as exposure"
    assert n <= series.n + (4 if case.takes == "pair" else 0), "the opening event counts"
    if scheme == "holes" and case.takes == "series" and name.split(" ")[0] not in WAITS_ONLY:
        assert days == pytest.approx(series.days)


# Tests whose exposure is a part of the window by their nature.
WAITS_ONLY: set[str] = set()

# Tests that see the record on the watched clock: closing up the holes changes nothing.
CLOSES_UP = (
    "rates.rate",
    "rates.dispersion",
    "trend.laplace",
    "trend.milhdbk189",
    "trend.cramer_von_mises",
    "trend.power_law",
    "waiting.silence",
    "waiting.longest_silence",
    "waiting.solow",
    "waiting.solow_declining",
    "waiting.exponentiality",
    "changepoint.scan",
    "changepoint.suspend_resume",
)


@pytest.mark.parametrize("name", CLOSES_UP)
def test_holes_are_cut_out_and_nothing_else(name):
    # Whole days on both clocks, so that no lattice moves.
    times = np.array([1.25, 3.5, 4.0, 9.75, 25.5, 26.0, 34.0, 47.5])
    holed = series_of(times, end=50.0, holes=[(10.0, 20.0), (30.0, 34.0)])
    closed = EventSeries(holed.window.clock(holed.times), Window(0.0, holed.days))
    a, b = asked(CASES[name], holed), asked(CASES[name], closed)
    assert a.pvalue == pytest.approx(b.pvalue, abs=1e-9)
    assert not a.inconclusive


@pytest.mark.parametrize("name", MATRIX)
def test_the_same_seed_gives_the_same_finding(name):
    a, b = (asked(CASES[name], observed("plain")) for _ in range(2))
    assert json.dumps(a.to_record()) == json.dumps(b.to_record())


@pytest.mark.parametrize("name", MATRIX)
def test_naming_no_generator_raises_where_one_is_needed(name):
    # A test that draws without being given a seed would give another answer every night.
    case = CASES[name]
    (a, refusal), (b, _) = (answer(lambda: case.test(given(case, observed("drawn")), None)) for _ in range(2))
    if refusal:
        assert "rng" in refusal or WAY_OUT.search(refusal)
    else:
        assert json.dumps(a.to_record()) == json.dumps(b.to_record())


# Tests whose limits are not those of what p is about, each with the reason.
NOT_DUAL = {
    "rates.equivalence": "p is at most 5 % where the 90 % limits lie inside the margins: tested in tests/stats/rates",
    "rates.ratio (score-log)": "its p is not monotone in the ratio, so it gives no limits",
    "waiting.backtest": "p is about the whole law of the forecasts, the effect is the share inside one interval",
}
DUAL = [n for n in MATRIX if CASES[n].truth is not None and CASES[n].sized and n not in NOT_DUAL]
FALSE_NULLS = {  # shares of the window
    "rising": np.linspace(0.03, 0.99, 14) ** 0.35,
    "falling": np.linspace(0.03, 0.99, 8) ** 3,
    "in bursts": np.array([0.1, 0.11, 0.115, 0.13, 0.45, 0.455, 0.46, 0.475, 0.49, 0.8, 0.81, 0.83]),
    "evenly": np.arange(0.02, 1, 0.06),
}


@pytest.mark.parametrize("name", DUAL)
def test_the_null_lies_outside_the_limits_exactly_where_p_says_so(name):
    case = CASES[name]
    for shares in FALSE_NULLS.values():
        data = given(case, series_of(60 * shares))
        finding = case.test(data, np.random.default_rng(5))
        truth = case.truth(data) if callable(case.truth) else case.truth
        emptied = any("ruled out at an earlier look" in w for w in finding.warnings)
        if finding.pvalue is None or truth is None or emptied or not has_limits(finding):
            continue
        assert misses(finding, truth) == (finding.pvalue <= 1 - case.level + 1e-9), str(finding)


def test_the_false_nulls_are_rejected_by_most_families():
    # Else the agreement above would be that of tests that never reject.
    rejecting = set()
    for name in ("rates.ratio", "trend.laplace", "trend.milhdbk189", "clustering.hawkes", "coincidence.rate_while"):
        for shares in FALSE_NULLS.values():
            found = asked(CASES[name], series_of(60 * shares))
            rejecting |= {name} if found.pvalue is not None and found.pvalue <= 0.05 else set()
    assert len(rejecting) >= 4


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.takes not in TAKES])
def test_data_of_their_own_kind_have_an_answer_at_few_events(name):
    case = CASES[name]
    for n in (1, 2, 3):
        sound(case.test(case.null(n, np.random.default_rng(n)), np.random.default_rng(1)))
