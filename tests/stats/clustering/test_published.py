"""Numbers that others printed on how uneven the waits of a constant rate are."""

import numpy as np
import pytest

from analysis import EventSeries
from analysis.stats import clustering

# D'Agostino and Stephens (1986), Goodness-of-fit techniques, Dekker, table 8.3, p. 340 (as stored with R's DiceDesign):
# upper 10, 5 and 1 % points of n times Greenwood's (1946) sum of squares of the n + 1 stretches between n uniform
# instants. Its 2.5 % points are left out: up to n = 10 the stored ones have chances of 0.021 to 0.024 in a million
# simulated records, where those at the other levels have theirs.
LEVELS = (0.10, 0.05, 0.01)
GREENWOOD = {
    2: (1.381, 1.539, 1.783),
    3: (1.635, 1.852, 2.269),
    4: (1.800, 2.037, 2.565),
    6: (1.995, 2.246, 2.849),
    10: (2.157, 2.404, 3.008),
    20: (2.258, 2.465, 2.970),
    50: (2.248, 2.389, 2.723),
    100: (2.205, 2.304, 2.528),
}


def one_long_wait(n, greenwood):
    """n + 1 waits that add up to 1, all equal but the second, with this n-fold sum of squares."""
    # a^2 + (1 - a)^2 / n = greenwood / n for the long one.
    long = (1 + np.sqrt(1 - (n + 1) * (1 - greenwood))) / (n + 1)
    waits = np.full(n + 1, (1 - long) / n)
    waits[1] = long
    return waits


@pytest.mark.parametrize("n", GREENWOOD)
def test_waits_at_the_printed_points_of_greenwoods_statistic_have_the_printed_p(n):
    # Both ends of the window are events, so that every stretch is a complete wait.
    for level, printed in zip(LEVELS, GREENWOOD[n], strict=True):
        times = 100 * np.append(np.cumsum(one_long_wait(n, printed))[:-1], 1.0)
        series = EventSeries.from_numbers(times, start=0, end=100, opened_by_event=True, closed_by_event=True)
        found = clustering.burstiness(series, alternative="greater", rng=n, resamples=19_999)
        assert found.settings["waits"] == n + 1
        # The squared CV, with one less than their number, is (n + 1) (sum of squares) - 1 times (n + 1) / n.
        assert found.statistic**2 == pytest.approx(((n + 1) * printed / n - 1) * (n + 1) / n)
        assert found.pvalue == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / 20_000))
