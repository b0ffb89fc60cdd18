"""Did the counts change at a date, what would have come without the change, and how many attacks are missing."""

from analysis.stats.interruption.interrupted import interrupted
from analysis.stats.interruption.missing import missing
from analysis.stats.interruption.negative_binomial import NegativeBinomialFit, negative_binomial
from analysis.stats.interruption.onset import uncertain_onset
from analysis.stats.interruption.onset_among import onset_among

__all__ = ["NegativeBinomialFit", "interrupted", "missing", "negative_binomial", "onset_among", "uncertain_onset"]
