"""How long until the next one: waits with the open last one, silences, survival, laws and forecasts."""

from analysis.stats.waiting.backtest import backtest
from analysis.stats.waiting.declining import solow_declining
from analysis.stats.waiting.design import silence_needed, surprise
from analysis.stats.waiting.disclosure import late_disclosure
from analysis.stats.waiting.history import history_needed
from analysis.stats.waiting.law_table import silence_by_law
from analysis.stats.waiting.laws_compared import laws
from analysis.stats.waiting.longest import longest_silence
from analysis.stats.waiting.mean import mean_wait
from analysis.stats.waiting.next_event import forecast, score
from analysis.stats.waiting.open_wait import silence
from analysis.stats.waiting.optimal_linear import last_event_ole
from analysis.stats.waiting.poisson_fit import exponentiality
from analysis.stats.waiting.product_limit import kaplan_meier
from analysis.stats.waiting.shape_test import shape_against_one
from analysis.stats.waiting.spacings import longest_spacing_pvalue
from analysis.stats.waiting.stopped import solow
from analysis.stats.waiting.survivors import survival
from analysis.stats.waiting.two_groups import compare
from analysis.stats.waiting.wait_laws import law

__all__ = [
    "backtest",
    "compare",
    "exponentiality",
    "forecast",
    "history_needed",
    "kaplan_meier",
    "last_event_ole",
    "late_disclosure",
    "law",
    "laws",
    "longest_silence",
    "longest_spacing_pvalue",
    "mean_wait",
    "score",
    "shape_against_one",
    "silence",
    "silence_by_law",
    "silence_needed",
    "solow",
    "solow_declining",
    "surprise",
    "survival",
]
