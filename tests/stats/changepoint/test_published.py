"""Numbers that others printed on the search for a date of change and on its posterior, beyond the reference cases."""

import numpy as np
import pytest

from analysis import CountSeries, EventSeries
from analysis.stats import changepoint

# The largest likelihood ratio over all dates, halved, is n times the statistic of Berk and Jones (1979), Z. Wahrsch.
# 47:47-59, for the fit of the uniform law. Jager and Wellner (2005), A new goodness of fit test: the reversed
# Berk-Jones statistic, Technical Report 443, Department of Statistics, University of Washington, table 1, p. 13: four
# uniform instants, in order, all lie between these limits with chance 0.95 (quoted with these digits in the
# documentation of ``noe`` in R's kmconfband 0.1). At each limit the likelihood ratio reaches its 5 % point.
EARLIEST = (0.001340, 0.028958, 0.114653, 0.335379)
LATEST = (0.664621, 0.885347, 0.971042, 0.998660)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("limits", [EARLIEST, LATEST], ids=["earliest", "latest"])
def test_one_of_four_events_at_a_printed_limit_is_found_at_5_per_cent(limits, place):
    # The others are spread evenly on both sides of it, which is well inside their own limits.
    times = np.interp(np.arange(-1, 5), [-1, place, 4], [0, limits[place], 1])[1:-1]
    series = EventSeries.from_numbers(100 * times, start=0, end=100)
    found = changepoint.scan(series, rng=place, resamples=19_999, date_resamples=0)
    # Six printed decimals of the smallest limit, 0.001340, leave 0.001 of the ratio open.
    assert found.statistic == pytest.approx(8.740, abs=0.001)
    assert found.effect.value == pytest.approx(100 * limits[place])
    assert found.pvalue == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 20_000))


def printed_point(n):
    """Jager and Wellner's approximation to the 5 % point of n times the statistic of Berk and Jones."""
    x = np.log(n)
    if n <= 100:
        return 3.6792 + 0.5720 * x - 0.0567 * x**2 + 0.0027 * x**3
    return 3.7752 + 0.5062 * x - 0.0417 * x**2 + 0.0016 * x**3


@pytest.mark.parametrize("n", [2, 3, 10, 30, 100, 300])
def test_the_threshold_of_the_search_is_jager_and_wellners_5_per_cent_point(n):
    # The same report corrects the formula of Owen (1995) JASA 90:516, whose 3.0123 + 0.4835 log n - ... lies 0.4 to 0.7
    # lower; both stand with these digits in R's gamlss.ggplots, ``resid_dtop``. At 19,999 records the error of the
    # simulated point is 0.03; the fit of the formula is within 0.05.
    times = 100 * (np.arange(n) + 0.7) / n
    series = EventSeries.from_numbers(times, start=0, end=100)
    found = changepoint.scan(series, rng=n, resamples=19_999, date_resamples=0)
    assert found.settings["threshold"] / 2 == pytest.approx(printed_point(n), abs=0.15)


# Davidson-Pilon (2015), Bayesian Methods for Hackers, Addison-Wesley, sec. 1.4.1: text messages a day, 74 days.
MESSAGES = [
    *(13, 24, 8, 24, 7, 35, 14, 11, 15, 11, 22, 22, 11, 57, 11, 19, 29, 6, 19, 12, 22, 12, 18, 72, 32, 9, 7, 13, 19),
    *(23, 27, 20, 6, 17, 13, 10, 14, 6, 16, 15, 7, 2, 15, 15, 19, 70, 49, 7, 53, 22, 21, 31, 19, 11, 18, 20, 12, 35),
    *(17, 23, 17, 4, 2, 31, 30, 13, 27, 0, 39, 37, 5, 14, 13, 22),
]


def test_text_messages_became_more_frequent_near_day_45():
    # Both rates exponential with the mean of the whole record, the day uniform. Printed, from a Markov chain: "near day
    # 45, there was a 50% chance that the user's behaviour changed", rates of about 18 and 23 a day, and "only three or
    # four days make any sense as potential transition points".
    found = changepoint.one_change_counts(CountSeries.from_counts(MESSAGES), prior_shape=1, prior_mean_wait="observed")
    posterior = found.curve.set_index("date")["probability"]
    assert posterior.idxmax() == 45
    assert posterior[45] == pytest.approx(0.5, abs=0.05)
    assert 3 <= (posterior > 0.01).sum() <= 4
    assert found.settings["rate_before"] == pytest.approx(18, abs=0.5)
    assert found.settings["rate_after"] == pytest.approx(23, abs=0.5)
