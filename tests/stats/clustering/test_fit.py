"""The fit of the self-exciting process to plain times: published fits, recovery, speed paths, edges."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import ParameterError, Window
from analysis.processes import simulate
from analysis.stats.clustering import fit, fit_hawkes


def test_the_fixture_of_hawkeslib_is_fitted(reference):
    case = reference("11_hawkes")
    times = case.csv("hawkeslib_fixture.csv")["t"].to_numpy()
    found = fit_hawkes(times, times[-1])
    three = [found.background, found.branching, found.decay]
    case.check("hawkeslib_fixture_mle_mu_a_b", three)
    case.check("hawkeslib_fixture_mle_R", three)
    case.check("hawkeslib_fixture_max_loglik", found.loglik)


def coal_times(reference):
    """Days since 1 January 1851, the tied pair split by half a day, as the reference case does it."""
    days = reference("01_coal_mining").csv("events.csv")["elapsed_days_since_1851_01_01"].to_numpy(float)
    tied = np.append(False, np.diff(days) == 0)
    return np.where(tied, days + 0.5, days)


def test_coal_mining_is_fitted(reference):
    case = reference("11_hawkes")
    found = fit_hawkes(coal_times(reference), 40907.0)
    case.check("coal_hawkes_mle_mu_a_b", [found.background, found.branching, found.decay])
    case.check("coal_hawkes_max_loglik", found.loglik)
    assert fit.record(coal_times(reference), 40907.0).poisson + fit.record(
        coal_times(reference), 40907.0
    ).shift == pytest.approx(case.value("coal_poisson_max_loglik"), abs=1e-8)


def test_the_truth_is_recovered_from_a_long_record():
    # Standard errors at 20,000 events are about 0.01 each; holes of a tenth of the time are not silence.
    holes = tuple((float(a), float(a) + 100) for a in range(500, 10_000, 1000))
    window = Window(0.0, 10_000.0, holes=holes)
    drawn = simulate.hawkes(window, background=1.0, branching=0.5, decay=2.0, rng=3).series
    found = fit_hawkes(drawn.times, 10_000.0, holes=holes)
    assert found.background == pytest.approx(1.0, abs=0.06)
    assert found.branching == pytest.approx(0.5, abs=0.04)
    assert found.decay == pytest.approx(2.0, abs=0.25)


def test_the_quick_climb_ends_where_the_whole_search_does():
    drawn = simulate.hawkes(Window(0.0, 9000.0), background=0.3, branching=0.6, decay=0.7, rng=8).series
    data = fit.record(drawn.times, 9000.0)
    assert drawn.n > fit.GRID_UP_TO
    assert fit.fitted(data)[0] == pytest.approx(fit.searched(data)[0], abs=1e-3)


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
def test_the_unit_of_time_does_not_matter(scale):
    times = np.array([0.4, 1.1, 7.9, 8.0, 8.3, 23.5, 24.0])
    one, other = fit_hawkes(times, 30.0), fit_hawkes(times * scale, 30.0 * scale)
    assert other.branching == pytest.approx(one.branching, rel=1e-4)
    assert other.background * scale == pytest.approx(one.background, rel=1e-4)
    assert other.decay * scale == pytest.approx(one.decay, rel=1e-3)
    assert other.loglik == pytest.approx(one.loglik - 7 * np.log(scale), abs=1e-6)


def test_no_event_one_event_and_ties_have_a_fit():
    assert fit_hawkes([], 10.0).loglik == 0
    assert fit_hawkes([4.0], 10.0).branching == 0
    assert fit_hawkes([4.0], 10.0).background == pytest.approx(0.1)
    tied = fit_hawkes([4.0] * 5, 10.0)
    assert np.isfinite([tied.background, tied.branching, tied.decay, tied.loglik]).all()
    assert 0 < tied.branching <= 1
    even = fit_hawkes(np.arange(1, 60) * 1.0, 60.0)
    assert even.branching == pytest.approx(0, abs=1e-6)  # regular times excite nothing


def test_thousands_of_events_at_one_instant_have_a_fit():
    tied = fit_hawkes(np.append(np.full(4000, 5.0), 8.0), 10.0)
    assert np.isfinite([tied.background, tied.branching, tied.decay, tied.loglik]).all()


def test_a_regular_record_too_long_for_the_first_search_is_a_poisson_process_too():
    even = fit_hawkes(np.arange(1, 4000) * 1.0, 4000.0)
    assert even.branching < 1e-3
    assert even.loglik == pytest.approx(3999 * np.log(3999 / 4000) - 3999, abs=0.05)


@pytest.mark.parametrize(
    ("times", "end", "holes"),
    [([2.0, 1.0], 5.0, ()), ([1.0, 6.0], 5.0, ()), ([1.0], 0.0, ()), ([-1.0], 5.0, ()), ([1.0], 5.0, [(3, 2)])],
)
def test_what_is_no_record_is_refused(times, end, holes):
    with pytest.raises(ParameterError):
        fit_hawkes(times, end, holes=holes)
