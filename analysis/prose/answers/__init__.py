"""The claims of the register, each answered from one view of the catalogue."""

from analysis.prose.answers.answer import Answer, answers
from analysis.prose.answers.columns import columns
from analysis.prose.answers.judged import agreement

__all__ = ["Answer", "agreement", "answers", "columns"]
