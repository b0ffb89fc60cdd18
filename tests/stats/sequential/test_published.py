"""Evidence that others printed or computed: mixtures over Poisson rates and over shares, as of one look."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import EventSeries
from analysis.stats import sequential
from analysis.stats.sequential.mixtures import gamma_mixture


def best_weight(looks_at, alpha):
    """The weight of a mixture that is tightest at one time, as confseq has it (``best_rho``)."""
    return looks_at / (2 * np.log(1 / alpha) + np.log(1 + 2 * np.log(1 / alpha)))


def numbers(n, start, end):
    return start + (end - start) * (np.arange(n) + 0.5) / n


# Howard, Ramdas, McAuliffe and Sekhon (2021), Annals of Statistics 49:1055-1080, in their own software: confseq,
# test/uniform_boundaries_unittest.cpp, whose values come "from a reference implementation in R". Each mixture is tuned
# for time 100 at 5 % and looked at when the sum is 10 at time 100.
#
# Gamma-Poisson of scale 2: with rate ``exp(2 x)`` times the reference, a sum of 10 at time 100 is 30 events where 25
# were expected, and the law over rates is a gamma of mean the reference, cut there, of shape a quarter of the weight.
SHAPE = best_weight(100, 2 * 0.05) / 4


def test_the_gamma_mixture_has_the_evidence_of_confseq():
    series = EventSeries.from_numbers(numbers(30, 0, 25), start=0, end=25)
    found = sequential.evidence(series, reference=1.0, shape=SHAPE, alternative="greater")
    assert np.log(found.statistic) == pytest.approx(-0.06991219, abs=1e-8)


def test_the_gamma_mixture_crosses_where_confseqs_boundary_stands():
    # The boundary at time 100, 5 %: a sum of 30.1949, which is 40.09745 events.
    at = gamma_mixture(25 + 30.1949 / 2, 25, reference=1.0, expected=1.0, shape=SHAPE, alternative="greater")
    assert float(at) == pytest.approx(np.log(20), abs=1e-5)
    crossed = []
    for n in (40, 41):
        series = EventSeries.from_numbers(numbers(n, 0, 25), start=0, end=25)
        found = sequential.evidence(series, reference=1.0, shape=SHAPE, alternative="greater", looks=[])
        crossed.append(found.pvalue <= 0.05)
    assert crossed == [False, True]


@pytest.mark.parametrize(
    ("alternative", "alpha", "log_evidence"), [("two-sided", 0.05, -0.6941012), ("greater", 0.1, -0.07134019)]
)
def test_the_beta_mixture_has_the_evidence_of_confseq(alternative, alpha, log_evidence):
    # Beta-binomial with steps of -0.2 and 0.8, that is a share of 0.2: a sum of 10 at time 100 is 135 of 625 where 125
    # were expected. Here the after period is a fifth of the planned time.
    times = np.concatenate([numbers(490, 0, 4), numbers(135, 4, 5)])
    series = EventSeries.from_numbers(times, start=0, end=5)
    strength = best_weight(100, alpha) / 0.16 - 1
    found = sequential.ratio(series, at=4, until=5, strength=strength, alternative=alternative)
    assert found.n_events == (490, 135)
    assert np.log(found.statistic) == pytest.approx(log_evidence, abs=1e-7)


# MacKay (2003), Information Theory, Inference, and Learning Algorithms, Cambridge, exercise 3.15 and its solution: a
# coin spun 250 times, 140 heads; likelihood ratios of a bias with law Beta(a, a) to a fair coin, for nine a.
EURO = {0.37: 0.25, 1: 0.48, 2.7: 0.82, 7.4: 1.3, 20: 1.8, 55: 1.9, 148: 1.7, 403: 1.3, 1096: 1.1}


@pytest.mark.parametrize("weight", EURO)
def test_the_euro_coin_of_mackay(weight):
    # Heads are events after, tails events before, the two periods of equal length. Two digits are printed.
    times = np.concatenate([numbers(110, 0, 1), numbers(140, 1, 2)])
    series = EventSeries.from_numbers(times, start=0, end=2)
    found = sequential.ratio(series, at=1, until=2, strength=2 * weight)
    printed = EURO[weight]
    assert found.statistic == pytest.approx(printed, abs=0.005 if printed < 1 else 0.05)


def test_the_coin_of_pingouins_manual():
    # pingouin.bayesfactor_binom, first example: 115 heads of 200, law uniform; "BF-null: 1.197, BF-alt: 0.835".
    times = np.concatenate([numbers(85, 0, 1), numbers(115, 1, 2)])
    found = sequential.ratio(EventSeries.from_numbers(times, start=0, end=2), at=1, until=2, strength=2)
    assert found.statistic == pytest.approx(0.835, abs=5e-4)
    # Printed as 1.197 in some versions and 1.198 in others: 1.1973.
    assert 1 / found.statistic == pytest.approx(1.1975, abs=1e-3)
