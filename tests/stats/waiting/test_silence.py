"""The open wait: closed forms against simulation, duality, size, the inspection paradox, uncertain dates."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting import renewal
from analysis.stats.waiting.excited import excited_chances
from analysis.stats.waiting.fitted import fitted_chances
from analysis.timeline import EventSeries, Window

BAND = 3.5  # Monte Carlo standard errors: a right test fails once in some thousand runs, and seeds are fixed


def band(p: float, n: int) -> float:
    return BAND * np.sqrt(p * (1 - p) / n)


def uncertain(**more) -> EventSeries:
    """The worked example with the night of each strike, and a day's doubt about the last."""
    window = Window.between("2021-04-14", "2021-06-04", opened_by_event=True)
    readings = {"earliest": [24, 26], "latest": [24.5, 27.5], "width": [0.5, 0.5]}
    return EventSeries(np.array([24.0, 27.0]), window, opener=(0, 0.5, 0.5), **readings, **more)


@pytest.mark.parametrize("law", ["weibull", "gamma"])
@pytest.mark.parametrize("shape", [0.5, 1.7])
def test_the_wait_after_an_event_follows_its_pivot(law, shape):
    # 40000 histories of 4 waits and the next one: if the closed form were wrong its values would not be uniform.
    rng = np.random.default_rng(1)
    x = rng.weibull(shape, (40_000, 5)) if law == "weibull" else rng.gamma(shape, 3.0, (40_000, 5))
    p = renewal.AFTER_EVENT[law](x[:, 4], x[:, :4], shape)
    for alpha in (0.01, 0.05, 0.5):
        assert np.mean(p <= alpha) == pytest.approx(alpha, abs=band(alpha, p.size))


@pytest.mark.parametrize("law", ["weibull", "gamma"])
@pytest.mark.parametrize("shape", [0.5, 1.7])
def test_a_day_of_the_calendar_meets_long_waits_more_often(law, shape):
    # A stationary age is U times a length-biased wait; the four waits before it are ordinary (Palm).
    # Length-biased gamma(k) is gamma(k + 1); the k-th power of a length-biased Weibull is gamma(1 + 1/k).
    rng = np.random.default_rng(2)
    n = 40_000
    if law == "weibull":
        before, met = rng.weibull(shape, (n, 4)), rng.gamma(1 + 1 / shape, 1, n) ** (1 / shape)
    else:
        before, met = rng.gamma(shape, 1, (n, 4)), rng.gamma(shape + 1, 1, n)
    p = renewal.ON_A_DAY[law](rng.random(n) * met, before, shape)
    for alpha in (0.01, 0.05, 0.5):
        assert np.mean(p <= alpha) == pytest.approx(alpha, abs=band(alpha, n))


@pytest.mark.parametrize("law", ["weibull", "gamma"])
def test_shape_one_is_the_exponential_law_on_either_clock(law, worked):
    # If one of the four closed forms were off by a factor, it would not meet the others at shape 1.
    finding = waiting.silence(worked, law=law, shape=1)
    assert finding.pvalue == pytest.approx((27 / 51) ** 2, rel=1e-12)
    assert finding.settings["pvalue_after_an_event"] == pytest.approx(finding.settings["pvalue_on_a_day"])
    assert finding.effect.high == pytest.approx(waiting.silence(worked).effect.high, rel=1e-9)


def test_gamma_of_shape_two_by_hand(worked):
    # P(Beta(2, 4) > x) = (1 - x)^4 (1 + 4 x) with x = 24/51, waits 24 and 3.
    x = 24 / 51
    by_hand = (1 - x) ** 4 * (1 + 4 * x)
    finding = waiting.silence(worked, law="gamma", shape=2)
    assert finding.settings["pvalue_after_an_event"] == pytest.approx(by_hand, rel=1e-12)
    assert finding.pvalue == max(by_hand, finding.settings["pvalue_on_a_day"])


@pytest.mark.parametrize("law", ["weibull", "gamma"])
@pytest.mark.parametrize(("shape", "n"), [(0.5, 10), (0.5, 30), (2, 10)])
def test_given_a_shape_the_size_holds_on_a_day_fixed_beforehand(law, shape, n):
    # Without the second clock a Weibull law of shape 0.5 rejects 15 to 20 % at nominal 5 %.
    rng = np.random.default_rng(3)
    runs, rejected, plain = 1500, 0, 0
    for _ in range(runs):
        x = rng.gamma(shape, 1 / shape, 4 * n + 60)
        if law == "weibull":
            x = rng.weibull(shape, 4 * n + 60) / special.gamma(1 + 1 / shape)
        t = np.cumsum(x)
        k = max(1, np.searchsorted(t, n))
        day = max(float(n), t[k - 1])
        after = renewal.AFTER_EVENT[law](day - t[k - 1], x[:k], shape)
        plain += after <= 0.05
        rejected += max(after, renewal.ON_A_DAY[law](day - t[k - 1], x[:k], shape)) <= 0.05
    assert rejected / runs <= 0.05 + band(0.05, runs)
    if law == "weibull" and shape < 1:
        assert plain / runs > 0.1


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("opened", [True, False])
def test_the_default_holds_its_size(n, opened):
    # Given their number, events at a constant rate are uniform in the window; p must then be uniform.
    rng = np.random.default_rng(4)
    runs = 600
    p = [
        waiting.silence(EventSeries.from_numbers(t, start=0, end=50, opened_by_event=opened)).pvalue
        for t in rng.uniform(0, 50, (runs, n))
    ]
    for alpha in (0.05, 0.2):
        assert np.mean(np.array(p) <= alpha) == pytest.approx(alpha, abs=band(alpha, runs))


@pytest.mark.parametrize("law", ["weibull", "gamma"])
def test_an_estimated_shape_keeps_about_its_size(law):
    # Fixed window of 10 mean waits, shape 1: the approximate method claims 3 to 7 %.
    rng = np.random.default_rng(5)
    runs, rejected = 400, 0
    for _ in range(runs):
        t = np.sort(rng.uniform(0, 10, 10))
        _, chances = fitted_chances(law, np.diff(np.append(0, t)), resamples=199, rng=rng)
        rejected += max(chances(10 - t[-1])) <= 0.05
    assert rejected / runs <= 0.07 + band(0.07, runs)


def test_the_estimated_weibull_after_an_event_is_exact_whatever_the_shape():
    # The estimate is equivariant, so the null law does not depend on the true shape (here 0.4 and 3).
    rng = np.random.default_rng(6)
    for shape in (0.4, 3.0):
        runs, rejected = 400, 0
        for _ in range(runs):
            x = rng.weibull(shape, 7)
            _, chances = fitted_chances("weibull", x[:6], resamples=199, rng=rng)
            rejected += chances(x[6])[0] <= 0.1
        assert rejected / runs == pytest.approx(0.1, abs=band(0.1, runs))


def test_without_branching_self_excitation_is_the_exponential_law():
    # At branching 0 the simulated chance must come back to (27/51)^2 within Monte Carlo error.
    chances = excited_chances(
        np.array([24.0, 27.0]), True, branching=0.0, decay=1.0, resamples=40_000, rng=np.random.default_rng(7)
    )
    exact = (27 / 51) ** 2
    assert chances(24.0)[0] == pytest.approx(exact, abs=band(exact, 40_000))
    assert chances(24.0)[1] == pytest.approx(exact, abs=0.03)


def test_bursts_make_a_silence_less_surprising(worked):
    # A null with bursts has longer silences: its p on a day is above the exponential one, and needs more days.
    finding = waiting.silence(worked, law="self-exciting", branching=0.6, decay=0.5, rng=8)
    assert finding.pvalue > 0.35
    assert finding.settings["days_needed_at_0_05"] > 150


def test_p_at_the_upper_limit_is_one_minus_the_level(worked, irregular):
    # Duality: the silence with p = 0.05 (or 0.1) is the limit of the null's range, for every law.
    for law, shape in [("exponential", None), ("weibull", 0.6), ("gamma", 2.5)]:
        for level in (0.9, 0.95):
            limit = waiting.silence(worked, law=law, shape=shape, level=level).effect.high
            longer = EventSeries.from_numbers([24, 27], start=0, end=27 + limit, opened_by_event=True)
            assert waiting.silence(longer, law=law, shape=shape).pvalue == pytest.approx(1 - level, rel=1e-9)
    needed = waiting.silence_needed(irregular, level=0.03).effect.value
    longer = EventSeries.from_numbers(irregular.times, start=0, end=irregular.last + needed)
    assert waiting.silence(longer).pvalue == pytest.approx(0.03, rel=1e-9)


def test_a_level_that_the_resamples_cannot_reach_has_no_silence(worked):
    # 99 histories cannot show a p under 0.01: None and a reason, not an error after the fact.
    finding = waiting.silence_needed(
        worked, level=0.005, law="self-exciting", branching=0.3, decay=1, rng=1, resamples=99
    )
    assert finding.effect.value is None
    assert any("resamples" in w for w in finding.warnings)


def test_all_laws_stand_side_by_side(worked):
    table = waiting.silence_by_law(worked, rng=9, resamples=299)
    assert set(table["law"]) == {"exponential", "weibull", "gamma", "self-exciting"}
    first = table.iloc[0]
    assert (round(first["pvalue"], 4), round(first["days_needed"], 1)) == (0.2803, 93.7)
    tested = table.dropna(subset=["after_an_event"])
    assert (tested["pvalue"] >= tested[["after_an_event", "on_a_day"]].max(axis=1) - 1e-12).all()
    # Two waits are too few for a shape: such rows say so instead of guessing.
    assert table.loc[table["parameters"] == "shape estimated", "note"].str.contains("too few").all()


def test_too_few_waits_for_a_shape_give_a_printed_grid(worked):
    finding = waiting.silence(worked, law="weibull")
    assert finding.inconclusive
    assert finding.pvalue is None
    assert finding.curve["parameters"].tolist() == ["shape 0.5", "shape 0.7", "shape 1", "shape 2"]
    assert round(finding.curve["pvalue"][2], 4) == 0.2803


def test_uncertain_dates_are_averaged_over_their_readings():
    # By hand: the chance is the mean of (S/T)^2 over the readings of the opener and of the last strike.
    finding = waiting.silence(uncertain(resolution="drawn"), rng=10, draws=2000)
    rng = np.random.default_rng(11)
    opener = rng.uniform(0, 0.5, 100_000)
    last = 26 + rng.integers(0, 2, 100_000) + rng.uniform(0, 0.5, 100_000)
    by_hand = ((last - opener) / (51 - opener)) ** 2
    assert finding.pvalue == pytest.approx(by_hand.mean(), abs=4 * by_hand.std() / np.sqrt(2000))
    low, high = np.quantile(by_hand, [0.05, 0.95])
    assert finding.settings["pvalue_reading_5"] == pytest.approx(low, abs=0.002)
    assert finding.settings["pvalue_reading_95"] == pytest.approx(high, abs=0.002)
    assert finding.settings["readings"] == 2000


def test_drawn_dates_need_a_seed_and_point_dates_do_not():
    with pytest.raises(ParameterError, match="rng"):
        waiting.silence(uncertain(resolution="drawn"))
    assert waiting.silence(uncertain(resolution="day")).pvalue == pytest.approx((27 / 51) ** 2)


def test_a_seed_gives_the_same_answer_twice():
    series = uncertain(resolution="drawn")
    assert waiting.silence(series, rng=3).to_record() == waiting.silence(series, rng=3).to_record()


def test_a_hole_after_the_last_event_is_not_quiet_time():
    # 10 of the 24 days unwatched: 27/(27 + 14), squared.
    series = EventSeries.from_numbers([24, 27], start=0, end=51, holes=[(30, 40)], opened_by_event=True)
    finding = waiting.silence(series)
    assert finding.effect.value == 14
    assert finding.pvalue == pytest.approx((27 / 41) ** 2, rel=1e-12)
    # A law with memory would need the age of the wait inside the hole.
    assert "hole" in waiting.silence(series, law="gamma", shape=2).warnings[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"law": "weibul"},
        {"law": "exponential", "shape": 2},
        {"law": "gamma", "shape": -1},
        {"law": "self-exciting", "branching": 0.5},
        {"law": "self-exciting", "branching": 1.2, "decay": 1},
        {"level": 95},
        {"resamples": 3},
    ],
)
def test_wrong_settings_raise_and_name_the_way_out(worked, wrong):
    with pytest.raises(ParameterError):
        waiting.silence(worked, **wrong)


@pytest.mark.slow
@pytest.mark.parametrize("n", [3, 10, 30, 100])
def test_the_default_holds_its_size_closely(n):
    rng = np.random.default_rng(12)
    t = rng.uniform(0, 1, (200_000, n)).max(axis=1)
    p = renewal.exponential_silence(t, 1 - t, n)
    for alpha in (0.001, 0.01, 0.05):
        assert np.mean(p <= alpha) == pytest.approx(alpha, abs=band(alpha, p.size))
