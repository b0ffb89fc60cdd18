"""Is the open wait longer than the earlier pace would have it?"""

from __future__ import annotations

import numpy as np

from analysis.errors import check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.chances import LawChoice, SilenceLaw, chances, records_of
from analysis.stats.waiting.law_table import grid_table, parameters
from analysis.stats.waiting.past import drawn, no_silence, past
from analysis.stats.waiting.renewal import known_rate_needed
from analysis.timeline import EventSeries

QUESTION = "Is the silence since the last event longer than the earlier pace would have it?"
NULLS = {
    "exponential": "the earlier pace went on: independent waits with one exponential law of unknown mean",
    "weibull": "the earlier pace went on: independent waits with one Weibull law of unknown scale",
    "gamma": "the earlier pace went on: independent waits with one gamma law of unknown scale",
    "self-exciting": "the earlier pace went on: each event sets off others for a while, base rate unknown",
}
KEPT = "; the number of events and the watched time are kept, the order of busy and quiet stretches is not"


def silence(
    series: EventSeries,
    *,
    law: SilenceLaw = "exponential",
    shape: float | None = None,
    branching: float | None = None,
    decay: float | None = None,
    level: float = 0.95,
    rng: object = None,
    draws: int = 250,
    resamples: int = 9999,
) -> Finding:
    """Chance of an open wait at least this long, had the earlier pace simply gone on (one-sided).

    Parameters
    ----------
    series : events and window; what counts is watched time
    law : "exponential" (closed form, unknown rate), "weibull" or "gamma" (unknown scale; ``shape`` given:
        closed form; None: estimated from 5 or more complete waits, p by parametric bootstrap),
        "self-exciting" (``branching`` and ``decay`` given: simulated)
    shape : shape of the Weibull or gamma law; 1 is exponential, below 1 bursty, above 1 regular
    branching, decay : mean number of events each one sets off, and the rate (per unit) at which that fades
    level : of the null's range of an open wait, from 0 to the silence with p = 1 - level
    rng : seed or Generator for what is simulated or drawn; draws : readings of uncertain dates
    resamples : simulated histories

    Notes
    -----
    For laws other than the exponential two chances are in the settings, after an event and on a day of the
    calendar (see ``renewal``); p is the larger. The smallest p the design can reach is p itself: no event
    after the last is the extreme outcome already.
    """
    check_level(level)
    choice = LawChoice(law, shape, branching, decay, resamples)
    seed = card.seed_text(rng)
    about = {
        "question": QUESTION,
        "null": null_of(choice),
        "method": method_of(choice),
        "alternative": "greater",
    }
    settings = {"law": law, "shape": shape, "branching": branching, "decay": decay, "level": level}
    reason = no_silence(series)
    if reason is not None:
        effect = None if series.quiet_days is None else unbounded(series, level)
        return card.thin(series, reason=reason, effect=effect, settings=settings, **about)
    reason = choice.lacks(past(series), is_drawn=drawn(series))
    if reason is not None:
        records = records_of(series, rng=rng, draws=draws)
        grid = grid_table(records, choice, rng=rng, level=1 - level)
        more = {"effect": unbounded(series, level), "curve": grid}
        return card.thin(series, reason=reason, settings=settings, **more, **about)
    random = choice.simulated or drawn(series)
    rng = check_rng(rng, "dates are drawn or p is simulated") if random else None
    chance = chances(records_of(series, rng=rng, draws=draws), choice, rng=rng)
    p = chance.each(chance.quiet)
    after, day = chance.both(chance.quiet)
    quiet, elapsed = float(chance.quiet.mean()), float(chance.elapsed.mean())
    pvalue = float(p.mean())
    return Finding(
        **about,
        statistic=quiet / (quiet + elapsed),
        statistic_name="share of the watched time that lies after the last event",
        pvalue=pvalue,
        attainable_pvalue=pvalue,
        effect=Estimate(
            name="silence",
            value=quiet,
            low=0.0,
            high=chance.needed(1 - level),
            level=level,
            unit=series.window.unit,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=_assumptions(choice),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            **settings,
            **chance.found,
            watched_to_last_event=elapsed,
            quiet=quiet,
            days_needed_at_0_05=chance.needed(0.05),
            days_needed_at_0_01=chance.needed(0.01),
            days_needed_rate_known=float(known_rate_needed(elapsed, 0.05, series.n)),
            pvalue_after_an_event=float(after.mean()),
            pvalue_on_a_day=float(day.mean()),
            **reading_settings(p),
            resamples=resamples if choice.simulated else None,
            seed=seed if random else None,
        ),
        vintage=series.vintage,
    )


def null_of(choice: LawChoice) -> str:
    """What the null keeps and destroys, in a sentence."""
    return NULLS[choice.law] + KEPT


def method_of(choice: LawChoice) -> str:
    if choice.law == "exponential":
        return "silence, exponential law of unknown rate (exact)"
    if not choice.simulated:
        return f"silence, {choice.law} law of shape {choice.shape:g} and unknown scale (exact)"
    how = "simulated" if choice.law == "self-exciting" else "shape estimated, parametric bootstrap"
    return f"silence, {choice.law} law ({how})"


def _assumptions(choice: LawChoice) -> tuple[Assumption, ...]:
    always = (card.CONSTANT_PACE, card.WATCHED, card.REPORTED, card.NOT_SEARCHED)
    if choice.law == "self-exciting":
        size = "rejects 3 to 8 % at nominal 5 %; up to 16 % for 5 events in strong, quick bursts (branching 0.6)"
        given = Assumption("branching and decay as given", "unchecked", parameters(choice))
        return (*always, given, Assumption("approximate", "doubtful", size))
    if choice.law != "exponential" and choice.shape is None:
        size = "rejects 3 to 7 % at nominal 5 % on a day fixed by the calendar (7 to 30 waits, shapes 0.5 to 2)"
        return (*always, Assumption("approximate", "holds", size))
    return always


def reading_settings(p: np.ndarray) -> dict:
    if p.size == 1:
        return {}
    low, high = np.quantile(p, [0.05, 0.95])
    return {"readings": p.size, "pvalue_reading_5": float(low), "pvalue_reading_95": float(high)}


def unbounded(series: EventSeries, level: float) -> Estimate:
    return Estimate(
        name="silence",
        value=series.quiet_days,
        low=None,
        high=None,
        level=level,
        unit=series.window.unit,
        interval="null range",
    )
