"""The rate ratio: the worked example, agreement of p and interval, invariance, and what cannot be told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import EventSeries, ParameterError, Window
from analysis.stats import rates
from analysis.stats.rates.ratio import METHODS

ARTICLE = {"start": 0, "end": 51, "opened_by_event": True, "label": "drone strikes"}
IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]


@pytest.fixture
def article():
    return EventSeries.from_numbers([24, 27], **ARTICLE)


def test_the_worked_example_to_its_printed_digits(article):
    fewer = rates.ratio(article, at="last_event", alternative="less")
    both = rates.ratio(article, at="last_event")
    assert round(fewer.pvalue, 4) == 0.2803  # (27/51)^2
    assert round(fewer.attainable_pvalue, 4) == 0.2803  # nothing after is already the most extreme outcome
    assert fewer.effect.value == 0
    assert round(fewer.effect.high, 2) == 3.91
    assert round(both.pvalue, 4) == 0.5606
    assert (both.effect.low, round(both.effect.high, 2)) == (0, 5.99)


def test_an_event_falls_after_the_tenth_of_may(article):
    finding = rates.ratio(article, at=26)
    assert round(finding.effect.value, 2) == 1.04
    assert (round(finding.effect.low, 3), round(finding.effect.high, 1)) == (0.013, 81.6)
    assert round(rates.ratio(article, at=26, alternative="less").pvalue, 2) == 0.76


def test_counting_the_first_strike_moves_the_answer():
    dated = EventSeries([0.5, 24.5, 27.5], Window.between("2021-04-14", "2021-06-05"))
    finding = rates.ratio(dated, at="2021-05-12", alternative="less")
    assert (finding.n_events, finding.exposure_days) == ((3, 0), (28.0, 24.0))
    assert round(finding.pvalue, 3) == 0.156


def test_an_event_at_the_split_falls_after_it_and_the_last_event_closes_the_before_period(article):
    assert rates.ratio(article, at=24).n_events == (0, 2)
    assert rates.ratio(article, at="last_event").n_events == (2, 0)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("counts", [(2, 27, 1, 24), (7, 40, 2, 61), (12, 30, 30, 33)])
def test_p_at_each_limit_equals_alpha(method, alternative, counts):
    # Duality: an interval that the test contradicts would let two sentences of one report disagree.
    before, before_days, after, after_days = counts
    design = {"before": before, "before_days": before_days, "after": after, "after_days": after_days}
    finding = rates.ratio_of_counts(**design, method=method, alternative=alternative)
    ends = [x for x in (finding.effect.low, finding.effect.high) if x]
    assert ends or method in ("wald", "score-log")
    for end in ends:
        around = [
            rates.ratio_of_counts(**design, method=method, alternative=alternative, null_ratio=end * r).pvalue
            for r in (1 - 1e-6, 1 + 1e-6)
        ]
        # The p of the E-test jumps, so there the limit is where it crosses alpha.
        assert min(around) - 2e-6 <= 0.05 <= max(around) + 2e-6
        assert method == "etest" or around == pytest.approx([0.05, 0.05], abs=2e-6)


def test_p_at_the_limit_equals_alpha_over_drawn_dates_too():
    window = Window.between("2021-04-14", "2021-06-04", opened_by_event=True)
    series = EventSeries(
        [3.5, 24.5, 27.0, 40.1],
        window,
        earliest=[3, 24, 26, 40],
        latest=[4, 25, 27.25, 40.25],
        width=[1, 1, 0.25, 0.25],
        resolution="drawn",
    )
    finding = rates.ratio(series, at="2021-05-10 18:02", rng=7)
    at_limit = rates.ratio(series, at="2021-05-10 18:02", rng=7, null_ratio=finding.effect.high)
    assert at_limit.pvalue == pytest.approx(0.05, abs=1e-6)
    # Half of the readings of the third event lie before the salvo: p lies between the two point answers.
    early, late = (
        rates.ratio(EventSeries([3.5, 24.5, t, 40.1], window), at="2021-05-10 18:02").pvalue for t in (26.1, 27.1)
    )
    assert min(early, late) - 1e-9 <= finding.pvalue <= max(early, late) + 1e-9
    with pytest.raises(ParameterError, match="rng"):
        rates.ratio(series, at="2021-05-10 18:02")


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-1e4, 1e4))
def test_changing_the_clock_does_not_change_the_answer(scale, shift):
    moved = EventSeries.from_numbers(
        [shift + scale * t for t in IRREGULAR], start=shift, end=shift + 30 * scale, unit="hour"
    )
    plain = EventSeries.from_numbers(IRREGULAR, start=0, end=30)
    a, b = rates.ratio(moved, at=shift + 10 * scale), rates.ratio(plain, at=10)
    assert a.pvalue == pytest.approx(b.pvalue, rel=1e-6)
    assert a.effect.high == pytest.approx(b.effect.high, rel=1e-6)


@given(before=st.integers(0, 60), after=st.integers(0, 60), days=st.floats(0.5, 500), more=st.floats(0.5, 500))
def test_turning_time_round_turns_the_ratio_over(before, after, days, more):
    one = rates.ratio_of_counts(before=before, before_days=days, after=after, after_days=more)
    other = rates.ratio_of_counts(before=after, before_days=more, after=before, after_days=days)
    assert one.pvalue == pytest.approx(other.pvalue, rel=1e-9)
    if one.effect.high:
        assert other.effect.low == pytest.approx(1 / one.effect.high, rel=1e-6)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_the_exact_test_never_rejects_more_than_its_level(n, alternative):
    # By summing over every outcome, not by simulation: the size is exact.
    share = 24 / 51
    k = np.arange(n + 1)
    mass = np.exp(_log_binomial(n, k, share))
    p = rates.pvalues(n - k, 27, k, 24, alternative=alternative)
    for alpha in (0.01, 0.05, 0.1):
        assert mass[p <= alpha].sum() <= alpha + 1e-12


@pytest.mark.parametrize("true_ratio", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("n", [3, 10, 30, 100])
def test_the_interval_covers_at_least_as_often_as_it_says(n, true_ratio):
    share = true_ratio * 24 / (27 + true_ratio * 24)
    covered = 0.0
    for k in range(n + 1):
        effect = rates.ratio_of_counts(before=n - k, before_days=27, after=k, after_days=24).effect
        inside = effect.low <= true_ratio and (effect.high is None or true_ratio <= effect.high)
        covered += np.exp(_log_binomial(n, k, share)) * inside
    assert covered >= 0.95 - 1e-9


def _log_binomial(n, k, share):
    from scipy.special import gammaln

    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * np.log(share) + (n - k) * np.log1p(-share)


def test_approximations_say_how_large_they_really_are():
    finding = rates.ratio_of_counts(before=9, before_days=45, after=1, after_days=5, method="wald", alternative="less")
    approximate = {a.name: a for a in finding.assumptions}["approximate"]
    assert approximate.status == "doubtful"
    # Ten expected events, nine tenths of the time before: Wald rejects a true null 37 % of the time at 5 %.
    assert "rejects 36.6%" in approximate.evidence
    exact = rates.ratio_of_counts(before=9, before_days=45, after=1, after_days=5)
    assert "approximate" not in {a.name for a in exact.assumptions}


def test_no_events_and_one_sided_counts_have_a_defined_answer():
    # A peer returns the point [2.16, 2.16], a ZeroDivisionError and NaN for these.
    nothing = rates.ratio_of_counts(before=0, before_days=27, after=0, after_days=24)
    assert (nothing.pvalue, nothing.effect.value, nothing.effect.high) == (1, None, None)
    assert nothing.inconclusive
    only_after = rates.ratio_of_counts(before=0, before_days=27, after=4, after_days=24)
    assert (only_after.effect.value, only_after.effect.high) == (None, None)
    assert only_after.effect.low > 0
    only_before = rates.ratio_of_counts(before=4, before_days=27, after=0, after_days=24)
    assert (only_before.effect.value, only_before.effect.low) == (0, 0)


@pytest.mark.parametrize(
    ("series", "at"),
    [
        (EventSeries.from_numbers([], start=0, end=51), "last_event"),
        (EventSeries.from_numbers([51], start=0, end=51, closed_by_event=True), "last_event"),
        (EventSeries.from_numbers([3], start=0, end=51), 0),
        (EventSeries.from_numbers([3], start=0, end=51), 51),
        (EventSeries.from_numbers([0], start=0, end=51), "last_event"),
        (EventSeries.from_numbers([12], start=0, end=51, holes=[(0, 10)]), 10),
    ],
    ids=[
        "nothing",
        "closed by its last",
        "split at the opening",
        "split at the end",
        "event at the opening",
        "hole",
    ],
)
def test_a_side_without_watched_time_or_events_is_inconclusive_not_an_error(series, at):
    finding = rates.ratio(series, at=at)
    assert finding.inconclusive
    assert finding.pvalue is None
    assert finding.warnings


def test_unwatched_time_is_not_quiet_time():
    watched = EventSeries.from_numbers(IRREGULAR, start=0, end=60)
    blind = EventSeries.from_numbers(IRREGULAR, start=0, end=60, holes=[(30, 58)])
    assert rates.ratio(blind, at=24).exposure_days == (24, 8)
    assert rates.ratio(blind, at=24, alternative="less").pvalue > rates.ratio(watched, at=24, alternative="less").pvalue


def test_given_the_event_that_closed_the_window_the_others_are_uniform():
    # Event truncation: the closing event is conditioned on, so only the other four count.
    closed = EventSeries.from_numbers([*IRREGULAR, 30], start=0, end=30, closed_by_event=True)
    open_end = EventSeries.from_numbers(IRREGULAR, start=0, end=30)
    assert rates.ratio(closed, at=10).pvalue == rates.ratio(open_end, at=10).pvalue


def test_inside_a_stretch_is_compared_with_all_other_watched_time():
    series = EventSeries.from_numbers([*IRREGULAR, 26.0], start=0, end=60)
    finding = rates.ratio(series, inside=(8, 25))
    assert (finding.n_events, finding.exposure_days) == ((4, 2), (43, 17))
    assert finding.effect.value == pytest.approx(2 / 17 / (4 / 43))


def test_a_date_chosen_after_looking_says_so_and_days_can_be_counted_for_events():
    series = EventSeries.from_numbers([1.2, 1.4, 1.9, 8, 9.5], start=0, end=20)
    searched = rates.ratio(series, at=10, chosen="chosen_after")
    assert any("search" in w for w in searched.warnings)
    assert rates.ratio(series, at=10, cluster="day").n_events == (3, 0)


def test_wrong_settings_name_the_value_the_rule_and_the_way_out(article):
    with pytest.raises(ParameterError, match=r"'exact'.*Did you mean 'score'"):
        rates.ratio(article, at=26, method="scroe")
    with pytest.raises(ParameterError, match="either at="):
        rates.ratio(article)
    with pytest.raises(ParameterError, match="outside the window"):
        rates.ratio(article, at=99)
    with pytest.raises(ParameterError, match=r"before must be.*after_days must be"):
        rates.ratio_of_counts(before=-1, before_days=3, after=1, after_days=0)
