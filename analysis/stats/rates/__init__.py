"""How often, and did it change: rates and their ratio, exact at any number of events."""

from analysis.stats.rates.approximate import by_method, difference_of_counts
from analysis.stats.rates.bayes import bayes_factor, prior_sensitivity
from analysis.stats.rates.conditional import pvalues
from analysis.stats.rates.contrast import contrast, contrast_power
from analysis.stats.rates.dated import at_dates, by_period, without_day
from analysis.stats.rates.dispersion import dispersion
from analysis.stats.rates.equivalence import equivalence
from analysis.stats.rates.negative_binomial import negative_binomial_ratio
from analysis.stats.rates.power import minimum_detectable_ratio, power, power_curve
from analysis.stats.rates.predict import fan, predict_count, score_count
from analysis.stats.rates.rate import rate, rate_of_count
from analysis.stats.rates.ratio import ratio, ratio_of_counts, ratio_with_opener
from analysis.stats.rates.share import share, share_ratio, shares
from analysis.stats.rates.share_power import share_power

__all__ = [
    "at_dates",
    "bayes_factor",
    "by_method",
    "by_period",
    "contrast",
    "contrast_power",
    "difference_of_counts",
    "dispersion",
    "equivalence",
    "fan",
    "minimum_detectable_ratio",
    "negative_binomial_ratio",
    "power",
    "power_curve",
    "predict_count",
    "prior_sensitivity",
    "pvalues",
    "rate",
    "rate_of_count",
    "ratio",
    "ratio_of_counts",
    "ratio_with_opener",
    "score_count",
    "share",
    "share_power",
    "share_ratio",
    "shares",
    "without_day",
]
