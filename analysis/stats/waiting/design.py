"""How long a silence would have to be before it says something, and how telling it grows by the day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_level, check_rng
from analysis.results import Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.chances import Chances, LawChoice, SilenceLaw, chances, records_of
from analysis.stats.waiting.open_wait import QUESTION, method_of, null_of, reading_settings, unbounded
from analysis.stats.waiting.past import drawn, moment_after, no_silence, past
from analysis.stats.waiting.renewal import known_rate_needed, known_rate_silence
from analysis.timeline import EventSeries

UNREACHED = "No silence brings the simulated p down to this level: take more resamples."
NO_TEST = "A property of the design, not a test: it has no p-value."


def silence_needed(
    series: EventSeries,
    *,
    level: float = 0.05,
    law: SilenceLaw = "exponential",
    shape: float | None = None,
    branching: float | None = None,
    decay: float | None = None,
    rng: object = None,
    draws: int = 250,
    resamples: int = 9999,
) -> Finding:
    """The quiet time after the last event at which ``silence`` would have p = ``level``.

    ``elapsed * (level^(-1/n) - 1)`` for the exponential law of unknown rate; beside it, in the settings, the
    time needed were the rate known exactly, ``-ln(level) * elapsed / n``, and the moment at which it is over.
    Settings as in ``silence``.
    """
    check_level(level)
    choice = LawChoice(law, shape, branching, decay, resamples)
    about = {
        "question": f"How long a silence would bring p down to {level:g}?",
        "null": null_of(choice),
        "method": method_of(choice).replace("silence", "silence needed", 1),
        "alternative": "greater",
    }
    settings = {"law": law, "shape": shape, "branching": branching, "decay": decay, "level": level}
    reason = no_silence(series) or choice.lacks(past(series), is_drawn=drawn(series))
    if reason is not None:
        return card.thin(series, reason=reason, settings=settings, **about)
    chance, seed = _chance(series, choice, rng=rng, draws=draws)
    needed = chance.needed(level)
    elapsed, quiet = float(chance.elapsed.mean()), float(chance.quiet.mean())
    return Finding(
        **about,
        statistic=quiet,
        statistic_name=f"quiet {series.window.unit}s so far",
        effect=Estimate(
            name="silence needed", value=needed, low=None, high=None, level=1 - level, unit=series.window.unit
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(card.CONSTANT_PACE, card.WATCHED, card.REPORTED, card.NOT_SEARCHED),
        warnings=(NO_TEST, *(() if needed is not None else (UNREACHED,)), *series.notes),
        settings=card.base_settings(
            series,
            **settings,
            **chance.found,
            needed_rate_known=float(known_rate_needed(elapsed, level, series.n)),
            watched_to_last_event=elapsed,
            quiet=quiet,
            still_to_go=None if needed is None else max(0.0, needed - quiet),
            reached_at=None if needed is None else moment_after(series, elapsed + needed),
            seed=seed,
        ),
        vintage=series.vintage,
    )


def surprise(
    series: EventSeries,
    *,
    quiet: object = None,
    level: float = 0.05,
    law: SilenceLaw = "exponential",
    shape: float | None = None,
    branching: float | None = None,
    decay: float | None = None,
    rng: object = None,
    draws: int = 250,
    resamples: int = 9999,
) -> Finding:
    """How surprising the silence is as quiet days pass: ``curve`` with p for each length of silence.

    Parameters
    ----------
    quiet : lengths of silence to look at; None runs from 0 to past the silence with p = level / 2
    level : the level whose crossing is the upper limit of the effect's null range

    The curve's columns are quiet_days, pvalue, pvalue_rate_known (as if the rate were known exactly).
    Settings as in ``silence``; p and effect are those of ``silence``.
    """
    check_level(level)
    choice = LawChoice(law, shape, branching, decay, resamples)
    about = {
        "question": QUESTION,
        "null": null_of(choice),
        "method": method_of(choice).replace("silence", "surprise", 1),
        "alternative": "greater",
    }
    settings = {"law": law, "shape": shape, "branching": branching, "decay": decay, "level": level}
    reason = no_silence(series) or choice.lacks(past(series), is_drawn=drawn(series))
    if reason is not None:
        effect = None if series.quiet_days is None else unbounded(series, 1 - level)
        return card.thin(series, reason=reason, effect=effect, settings=settings, **about)
    chance, seed = _chance(series, choice, rng=rng, draws=draws)
    elapsed, now = float(chance.elapsed.mean()), float(chance.quiet.mean())
    if quiet is None:
        reach = max(now, chance.needed(level / 2) or chance.needed(level) or 10 * elapsed)
        quiet = np.linspace(0.0, 1.1 * reach, 24 if choice.simulated else 241)
    grid = _lengths(quiet)
    known = known_rate_silence(elapsed, grid, series.n)
    curve = {"quiet_days": grid, "pvalue": [chance.pvalue(q) for q in grid], "pvalue_rate_known": known}
    each = chance.each(chance.quiet)
    p, needed = float(each.mean()), chance.needed(level)
    return Finding(
        **about,
        statistic=now / (now + elapsed),
        statistic_name="share of the watched time that lies after the last event",
        pvalue=p,
        attainable_pvalue=p,
        effect=Estimate(
            name="silence",
            value=now,
            low=0.0,
            high=needed,
            level=1 - level,
            unit=series.window.unit,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(card.CONSTANT_PACE, card.WATCHED, card.REPORTED, card.NOT_SEARCHED),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            **settings,
            **chance.found,
            quiet_days=now,
            days_needed=needed,
            **reading_settings(each),
            seed=seed,
        ),
        vintage=series.vintage,
        curve=pd.DataFrame(curve),
    )


def _lengths(quiet: object) -> np.ndarray:
    grid = np.asarray(quiet, dtype=float).reshape(-1)
    if grid.size == 0 or not np.all(np.isfinite(grid)) or np.any(grid < 0):
        raise ParameterError(f"quiet must be lengths of 0 or more, got {quiet!r}")
    return grid


def _chance(series: EventSeries, choice: LawChoice, *, rng: object, draws: int) -> tuple[Chances, object]:
    seed = card.seed_text(rng)
    if not (choice.simulated or drawn(series)):
        return chances(records_of(series, rng=None, draws=draws), choice), None
    rng = check_rng(rng, "dates are drawn or p is simulated")
    return chances(records_of(series, rng=rng, draws=draws), choice, rng=rng), seed
