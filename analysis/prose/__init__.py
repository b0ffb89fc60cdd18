"""Words made from findings: verdicts by rule, sentences and conclusions, never typed."""

from analysis.prose.answers import Answer, answers, columns
from analysis.prose.briefing import (
    answers_text,
    closing_text,
    effects,
    evidence_table,
    fall_checked,
    fall_quoted,
    fall_text,
    falls_table,
    rivals_text,
    verdict_table,
)
from analysis.prose.choices import choices_table, depends
from analysis.prose.conclusion import conclusion
from analysis.prose.forecast import backtest_sentence, forecast_conclusion, forecast_table
from analysis.prose.grid import grid_sentence, grid_table
from analysis.prose.hours import hours_conclusion, hours_sentence
from analysis.prose.missing import record_conclusion, share_sentence, shares_table
from analysis.prose.reach import could_show
from analysis.prose.sentences import longest_sentence, ratio_sentence, reach_sentence, silence_sentence
from analysis.prose.speeding import speeding_conclusion, takeover_sentence, trend_sentence
from analysis.prose.tables import (
    by_weapon,
    checked,
    claim_findings,
    claim_verdicts,
    disclosure,
    laws,
    notes,
    record,
    side_by_side,
    spoken,
)
from analysis.prose.text import Text
from analysis.prose.verdicts import Verdict

__all__ = [
    "Answer",
    "Text",
    "Verdict",
    "answers",
    "answers_text",
    "backtest_sentence",
    "by_weapon",
    "checked",
    "choices_table",
    "claim_findings",
    "claim_verdicts",
    "closing_text",
    "columns",
    "conclusion",
    "could_show",
    "depends",
    "disclosure",
    "effects",
    "evidence_table",
    "fall_checked",
    "fall_quoted",
    "fall_text",
    "falls_table",
    "forecast_conclusion",
    "forecast_table",
    "grid_sentence",
    "grid_table",
    "hours_conclusion",
    "hours_sentence",
    "laws",
    "longest_sentence",
    "notes",
    "ratio_sentence",
    "reach_sentence",
    "record",
    "record_conclusion",
    "rivals_text",
    "share_sentence",
    "shares_table",
    "side_by_side",
    "silence_sentence",
    "speeding_conclusion",
    "spoken",
    "takeover_sentence",
    "trend_sentence",
    "verdict_table",
]
