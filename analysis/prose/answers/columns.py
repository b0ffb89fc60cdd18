"""The two columns of the claims table: what was public on a day, and everything known since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.catalogue import end_of_record
from analysis.catalogue.claims import Claim
from analysis.prose.answers.answer import Answer, answers

END = "as of the end of the record"


def columns(
    register: Mapping[str, Claim], then: pd.DataFrame, now: pd.DataFrame, **asked: Any
) -> dict[str, dict[str, Answer]]:
    """Every claim answered twice: from ``then``, the record as of a day, and from ``now``, to the end of the record.

    ``asked`` are settings of ``answers``. A record whose file does not say where it ends is taken to the end of the
    claims' own windows.
    """
    first = f"as of {then.attrs.get('as_of') or 'the day of the article'}"
    return {
        first: answers(register, then, **asked),
        END: answers(register, now, until=_until(register, now), then=then, **asked),
    }


def _until(register: Mapping[str, Claim], now: pd.DataFrame) -> str | None:
    """The end of the record where it reaches beyond every claim's window and stretch."""
    end = end_of_record(now)
    spans = [span for claim in register.values() for span in (claim.window, claim.stretch) if span]
    return end if end is not None and all(str(end) >= span[1] for span in spans) else None
