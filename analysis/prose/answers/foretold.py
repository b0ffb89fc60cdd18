"""A forecast made when the article was printed, and held against what came."""

from __future__ import annotations

import pandas as pd

from analysis.catalogue.claims import Claim
from analysis.prose import verdicts
from analysis.prose.answers.view import View
from analysis.prose.verdicts import Verdict
from analysis.results import Finding, plain
from analysis.stats import waiting


def judged(view: View, claim: Claim, forecast: Finding) -> tuple[Verdict, str]:
    """The verdict on a forecast and its score; before the outcome is known it cannot be told."""
    if forecast.inconclusive:
        reason = forecast.warnings[0]
        return verdicts.on_forecast(claim, None, None, None, reason=f"There is no forecast: {reason}"), reason
    low, high = forecast.effect.low, forecast.effect.high
    text = (
        f"At the pace until {claim.window[1]} ({forecast.n_events} attacks in {plain(forecast.exposure_days)} days) "
        f"the next one was to come after {plain(low)} to {plain(high)} days ({claim.level:.0%} predictive interval)."
    )
    came, watched = _came(view, claim)
    if came is None and watched <= high:
        return verdicts.on_forecast(claim, low, high, None), text
    outcome = watched if came is None else came
    verdict = verdicts.on_forecast(claim, low, high, outcome, at_least=came is None)
    if came is None:
        return verdict, f"{text} None came within {plain(watched)} days."
    score = waiting.score(forecast, came)
    when = pd.Timestamp(claim.window[1]) + pd.Timedelta(days=came)
    return verdict, (
        f"{text} The next one came on {when:%Y-%m-%d}, after {plain(came)} days: chance {plain(score['pit'])} of "
        f"coming by then, CRPS {plain(score['crps'])} days, log score {plain(score['log_score'])}."
    )


def _came(view: View, claim: Claim) -> tuple[float | None, float]:
    """Days from the end of the claim's window to the next attack, None where none is known, and days watched."""
    start = claim.window[1]
    if view.until is None or pd.Timestamp(view.until) <= pd.Timestamp(start):
        return None, 0.0
    after = view.series(claim, start=start, opened_by_event=False, resolution="exact")
    return (float(after.times[0]) if after.n else None), after.window.span
