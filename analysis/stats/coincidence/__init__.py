"""Do two series, or a series and a state, go together: nulls that keep each one's own clustering."""

from analysis.stats.coincidence.both_ways import both_ways
from analysis.stats.coincidence.correlogram import cross_correlogram
from analysis.stats.coincidence.episodes import episodes_needed, least_episodes
from analysis.stats.coincidence.event_coincidence import event_coincidence, poisson_coincidences
from analysis.stats.coincidence.hawkes_fit import hawkes_fit
from analysis.stats.coincidence.hawkes_model import hawkes_loglik
from analysis.stats.coincidence.knox import expected_close_pairs, knox
from analysis.stats.coincidence.rate_while import rate_while
from analysis.stats.coincidence.rivals import Rivals, rivals
from analysis.stats.coincidence.two_way_hawkes import two_way_hawkes

__all__ = [
    "Rivals",
    "both_ways",
    "cross_correlogram",
    "episodes_needed",
    "event_coincidence",
    "expected_close_pairs",
    "hawkes_fit",
    "hawkes_loglik",
    "knox",
    "least_episodes",
    "poisson_coincidences",
    "rate_while",
    "rivals",
    "two_way_hawkes",
]
