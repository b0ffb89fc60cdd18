"""Words made from findings: verdicts by rule, sentences and conclusions, never typed."""

from analysis.prose.answers import Answer, answers, columns
from analysis.prose.briefing import (
    answers_text,
    closing_text,
    effects,
    evidence_table,
    fall_text,
    rivals_text,
    verdict_table,
)
from analysis.prose.conclusion import conclusion
from analysis.prose.sentences import longest_sentence, ratio_sentence, reach_sentence, silence_sentence
from analysis.prose.tables import (
    by_weapon,
    checked,
    claim_findings,
    claim_verdicts,
    claims_table,
    disclosure,
    laws,
    record,
    side_by_side,
)
from analysis.prose.text import Text
from analysis.prose.verdicts import Verdict

__all__ = [
    "Answer",
    "Text",
    "Verdict",
    "answers",
    "answers_text",
    "by_weapon",
    "checked",
    "claim_findings",
    "claim_verdicts",
    "claims_table",
    "closing_text",
    "columns",
    "conclusion",
    "disclosure",
    "effects",
    "evidence_table",
    "fall_text",
    "laws",
    "longest_sentence",
    "ratio_sentence",
    "reach_sentence",
    "record",
    "rivals_text",
    "side_by_side",
    "silence_sentence",
    "verdict_table",
]
