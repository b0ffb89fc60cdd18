"""Rate, dispersion, equivalence, Bayes factor, power: reference values, calibration and edges."""

import numpy as np
import pytest
from scipy import integrate, stats

from analysis import CountSeries, EventSeries, ParameterError
from analysis.stats import rates
from analysis.stats.rates.bayes import log_bayes_factor, posterior_ratio
from analysis.stats.rates.rate import garwood
from analysis.timeline import Split


@pytest.fixture
def article():
    return EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True, label="drone strikes")


@pytest.mark.parametrize(("shape", "suspension", "independent"), [(0.5, 3.83, 1.79), (1, 4.04, 1.45), (2, 4.35, 1.22)])
def test_bayes_factors_of_the_worked_example(article, shape, suspension, independent):
    for model, printed in (("suspension", suspension), ("independent", independent)):
        finding = rates.bayes_factor(
            article, at="last_event", prior_mean_wait="observed", prior_shape=shape, model=model
        )
        assert round(finding.statistic, 2) == printed


@pytest.mark.parametrize(("shape", "printed"), [(0.5, 2.8), (1, 2.5), (2, 2.25)])
def test_a_prior_from_outside_the_data_says_less(article, shape, printed):
    finding = rates.bayes_factor(article, at="last_event", prior_mean_wait=40, prior_shape=shape)
    assert finding.statistic == pytest.approx(printed, abs=0.007)


def test_the_bayes_factor_is_the_ratio_of_two_integrals():
    # Numerical integration of the likelihood over the prior, written out anew.
    split, shape, wait = Split(4, 30.0, 1, 25.0, 30.0, ""), 1.3, 9.0
    prior = stats.gamma(shape, scale=1 / (shape * wait)).pdf
    same = integrate.quad(lambda r: prior(r) * r**5 * np.exp(-r * 55), 0, 5)[0]
    two = (
        integrate.quad(lambda r: prior(r) * r**4 * np.exp(-r * 30), 0, 5)[0]
        * integrate.quad(lambda r: prior(r) * r * np.exp(-r * 25), 0, 5)[0]
    )
    got = log_bayes_factor(split, shape=shape, mean_wait=wait, model="independent")
    assert np.exp(got) == pytest.approx(two / same, rel=1e-6)
    # A full stop is impossible once an event has come after the date.
    assert np.exp(log_bayes_factor(split, shape=shape, mean_wait=wait, model="suspension")) == 0


def test_the_credible_interval_covers_under_its_own_prior():
    rng = np.random.default_rng(11)
    shape, wait, covered, runs = 1.0, 10.0, 0, 2000
    for first, second in rng.gamma(shape, 1 / (shape * wait), size=(runs, 2)):
        split = Split(int(rng.poisson(first * 30)), 30.0, int(rng.poisson(second * 20)), 20.0, 30.0, "")
        limits = posterior_ratio(split, shape=shape, mean_wait=wait, level=0.9)
        covered += limits.low <= second / first <= limits.high
    assert covered / runs == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / runs))


def test_the_prior_predicts_counts_and_is_moved_in_the_curve(article):
    finding = rates.bayes_factor(article, at="last_event", prior_mean_wait=40)
    assert finding.settings["prior_predicts_before"] == [0, 4]
    assert set(finding.curve["shape"]) == {0.5, 1.0, 2.0}
    assert finding.curve["mean_wait"].min() == pytest.approx(10)
    with pytest.raises(ParameterError, match="prior_mean_wait"):
        rates.bayes_factor(article, at=26, prior_mean_wait=0)
    with pytest.raises(TypeError, match="prior_mean_wait"):
        rates.bayes_factor(article, at=26)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
def test_dispersion_holds_its_size(n):
    rng = np.random.default_rng(n)
    watched = np.array([7, 7, 3.5, 7, 7, 1, 7, 7.0])
    edges = np.arange(9) * 7.0
    runs, rejected = 400, 0
    for _ in range(runs):
        counts = CountSeries(edges, rng.multinomial(n, watched / watched.sum()), watched)
        rejected += rates.dispersion(counts, rng=rng, resamples=199).pvalue <= 0.05
    assert rejected / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)


def test_the_chi_square_law_is_refused_where_it_would_mislead():
    # Two-sided at 5 % it rejects 22 % at 3 events in 3 bins and 27 % at 10 events in 2.
    for counts in ([1, 1, 1], [5, 5], [2, 1, 0, 1]):
        found = rates.dispersion(CountSeries.from_counts(counts), method="chi2")
        assert found.inconclusive
        assert "method='exact'" in found.warnings[0]
        assert not rates.dispersion(CountSeries.from_counts(counts), rng=1, resamples=99).inconclusive
    assert not rates.dispersion(CountSeries.from_counts([2, 1, 1, 1]), method="chi2").inconclusive


def test_dispersion_sees_bursts_and_regularity():
    bursts = CountSeries.from_counts([0, 0, 9, 0, 0, 8, 0, 0, 0, 7])
    regular = CountSeries.from_counts([3] * 20)
    assert rates.dispersion(bursts, alternative="greater", rng=1).pvalue < 0.001
    assert rates.dispersion(regular, alternative="less", rng=1).pvalue < 0.001
    assert rates.dispersion(bursts, rng=1) == rates.dispersion(bursts, rng=1)
    with pytest.raises(ParameterError, match="rng"):
        rates.dispersion(bursts)
    assert rates.dispersion(CountSeries.from_counts([1, 0]), rng=1).inconclusive


@pytest.mark.parametrize("ratio", [2.0, 0.5])
@pytest.mark.parametrize("mean", [3, 10, 30, 100])
def test_equivalence_at_the_edge_of_the_margin_holds_its_size(mean, ratio):
    before, after = np.arange(260), np.arange(260)
    mass = stats.poisson.pmf(before, mean)[:, None] * stats.poisson.pmf(after, mean * ratio)[None, :]
    grid = np.meshgrid(before, after, indexing="ij")
    p = np.maximum(
        rates.pvalues(grid[0], 10, grid[1], 10, ratio=2.0, alternative="less"),
        rates.pvalues(grid[0], 10, grid[1], 10, ratio=0.5, alternative="greater"),
    )
    assert mass[p <= 0.05].sum() <= 0.05 + 1e-9


def test_equivalence_agrees_with_its_interval_and_needs_many_events():
    same = EventSeries.from_numbers(np.linspace(0.3, 99.7, 120), start=0, end=100)
    finding = rates.equivalence(same, at=50, margin=2)
    assert finding.pvalue < 0.05
    assert 0.5 < finding.effect.low < finding.effect.high < 2
    few = rates.equivalence(EventSeries.from_numbers([10, 60, 70], start=0, end=100), at=50, margin=2)
    assert few.pvalue > 0.05
    assert few.attainable_pvalue > 0.05
    with pytest.raises(ParameterError, match="above 1"):
        rates.equivalence(same, at=50, margin=0.5)


@pytest.mark.parametrize("margin", [1.3, 1.6, 2.0, 3.0])
def test_equivalence_is_claimed_exactly_where_its_limits_lie_inside_the_margins(margin):
    claimed = set()
    for n in (20, 60, 120):
        for late in (0.4, 0.5, 0.6):
            before, after = round(n * (1 - late)), round(n * late)
            times = [*np.linspace(0.3, 49.7, before), *np.linspace(50.3, 99.7, after)]
            found = rates.equivalence(EventSeries.from_numbers(times, start=0, end=100), at=50, margin=margin)
            inside = 1 / margin < found.effect.low and found.effect.high < margin
            assert inside == (found.pvalue < 0.05)
            claimed.add(inside)
    assert claimed == {False, True} or margin == 1.3


def test_power_is_zero_where_even_a_full_stop_cannot_reach_the_level():
    # methods.md: smallest p 0.2803, so power at 5 % is zero for any effect, total cessation included.
    design = {"before_days": 27, "after_days": 24, "rate": 2 / 27, "before": 2}
    assert rates.power(ratio=0, **design) == 0
    assert rates.minimum_detectable_ratio(**design) is None


def test_power_agrees_with_simulation_and_with_its_inverse():
    design = {"before_days": 200, "after_days": 120, "rate": 0.1}
    wanted = rates.minimum_detectable_ratio(**design)
    assert rates.power(ratio=wanted, **design) == pytest.approx(0.8, abs=1e-3)
    rng = np.random.default_rng(5)
    before, after = rng.poisson(20, 20000), rng.poisson(0.1 * wanted * 120, 20000)
    p = rates.pvalues(before, 200, after, 120, alternative="less")
    assert np.mean(p <= 0.05) == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / 20000))
    upward = rates.minimum_detectable_ratio(**design, alternative="greater")
    assert rates.power(ratio=upward, **design, alternative="greater") == pytest.approx(0.8, abs=1e-3)


def test_under_no_change_power_is_the_size():
    for rate in (0.05, 0.3, 2.0):
        assert rates.power(before_days=27, after_days=24, rate=rate, ratio=1) <= 0.05


@pytest.mark.parametrize("mean", [0.5, 3, 10, 30, 100])
def test_garwood_limits_cover(mean):
    counts = np.arange(400)
    limits = np.array([garwood(int(k), 1.0) for k in counts])
    covered = stats.poisson.pmf(counts, mean)[(limits[:, 0] <= mean) & (mean <= limits[:, 1])].sum()
    assert covered >= 0.95


def test_rate_and_its_test_agree_and_a_window_closed_by_an_event_has_its_own_limits():
    series = EventSeries.from_numbers([0.4, 1.1, 7.9, 8.0, 23.5], start=0, end=30)
    effect = rates.rate(series).effect
    for end in (effect.low, effect.high):
        assert rates.rate(series, against=end).pvalue == pytest.approx(0.05, abs=1e-9)
    closed = EventSeries.from_numbers([0.4, 1.1, 7.9, 8.0, 23.5], start=0, end=23.5, closed_by_event=True)
    # Time to the fifth event is gamma: chi-square with 10 degrees of freedom on both sides.
    expected = stats.chi2.ppf([0.025, 0.975], 10) / 2 / 23.5
    assert [rates.rate(closed).effect.low, rates.rate(closed).effect.high] == pytest.approx(expected)


def test_no_event_is_data_not_an_error():
    finding = rates.rate(EventSeries.from_numbers([], start=0, end=51))
    # Rule of three, exactly: -ln(0.025) / 51.
    assert (finding.effect.value, finding.effect.low) == (0, 0)
    assert finding.effect.high == pytest.approx(-np.log(0.025) / 51)


def test_negative_binomial_agrees_with_the_truth_when_counts_burst():
    rng = np.random.default_rng(3)
    days = np.concatenate(
        [
            np.repeat(np.arange(150), rng.negative_binomial(2, 0.5, 150)),
            150 + np.repeat(np.arange(150), rng.negative_binomial(2, 2 / 3, 150)),
        ]
    )
    series = EventSeries.from_numbers(days + 0.5, start=0, end=300)
    finding = rates.negative_binomial_ratio(series, at=150, width=1)
    assert finding.effect.low < 0.5 < finding.effect.high
    assert finding.settings["dispersion"] > 0.2
    few = EventSeries.from_numbers([1, 2, 30], start=0, end=60)
    assert rates.negative_binomial_ratio(few, at=20, width=7).inconclusive


def test_the_smallest_p_of_equivalence_is_that_of_every_count_tried():
    from types import SimpleNamespace

    from analysis.stats.rates.equivalence import _smallest, equivalence_pvalue

    rng = np.random.default_rng(3)
    for _ in range(40):
        before, days, after_days = int(rng.integers(0, 30)), *rng.uniform(1, 50, 2)
        margin = float(rng.uniform(1.05, 4))
        split = SimpleNamespace(before=before, before_days=days, after_days=after_days)
        counts = range(3 * int(before * after_days / days * margin) + 4)
        tried = min(equivalence_pvalue(before, days, a, after_days, margin=margin) for a in counts)
        assert _smallest(split, margin) == pytest.approx(tried)
