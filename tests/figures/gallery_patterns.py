"""Standard pictures of clusters, coincidences, hazards, checks, hours and forecasts, by name."""

from __future__ import annotations

from functools import partial

from analysis.checks import placebo_dates, power_ahead
from analysis.figures import (
    clustering,
    coincidence,
    coverage,
    delay,
    forecast,
    hazard,
    interruption,
    multiverse,
    placebo,
    power,
    rates,
    rhythm,
    sequential,
    trend,
)
from analysis.stats import clustering as clusters
from analysis.stats import coincidence as coincident
from analysis.stats import hazard as responses
from analysis.stats import interruption as interrupting
from analysis.stats import rates as tested_rates
from analysis.stats import rhythm as clocked
from analysis.stats import sequential as watched
from analysis.stats import trend as tested
from analysis.stats import waiting as tested_waits

from .cases import (
    CLOSED,
    COMING,
    DELAYS,
    DENSE,
    FEW,
    FEW_COUNTS,
    GATHERED,
    HALVED,
    HOURS,
    KNOWN,
    MONTHS,
    MULTIVERSE,
    NASTY,
    NO_COUNTS,
    NONE_OPENED,
    NONE_WITH_HOLE,
    ONE,
    OTHER_THEATRE,
    POWER,
    RATES,
    RATIOS,
    RECENT,
    RIVALS,
    ROWS,
    SMALLEST,
    TALKS,
    THIN,
    TIES,
    WAR,
    WORKED,
    YEAR,
    numbers,
)

PICTURES = {
    "factor curve": lambda ax=None: clustering.factor_curve(clusters.fano(YEAR, rng=1, resamples=199), ax=ax),
    "factor curve, many": lambda ax=None: clustering.factor_curve(clusters.allan(DENSE, rng=1, resamples=99), ax=ax),
    "factor curve in hours": lambda ax=None: clustering.factor_curve(clusters.fano(HOURS, rng=1), ax=ax),
    "factor curve, thin": lambda ax=None: clustering.factor_curve(clusters.fano(ONE, rng=1), ax=ax),
    "intensity": lambda ax=None: clustering.intensity(clusters.hawkes(YEAR, rng=1, **FEW), YEAR, ax=ax),
    "intensity in hours": lambda ax=None: clustering.intensity(clusters.hawkes(HOURS, rng=1, **FEW), HOURS, ax=ax),
    "intensity, closed": lambda ax=None: clustering.intensity(clusters.hawkes(CLOSED, rng=1, **FEW), CLOSED, ax=ax),
    "intensity of nothing": lambda ax=None: clustering.intensity(
        clusters.hawkes(NONE_WITH_HOLE, rng=1), NONE_WITH_HOLE, ax=ax
    ),
    "rescaled waits": lambda ax=None: clustering.rescaled_waits(
        clusters.hawkes_residuals(YEAR, rng=1, resamples=99), ax=ax
    ),
    "rescaled waits, few": lambda ax=None: clustering.rescaled_waits(
        clusters.hawkes_residuals(HOURS, rng=1, resamples=99), ax=ax
    ),
    "rescaled waits, thin": lambda ax=None: clustering.rescaled_waits(clusters.hawkes_residuals(WORKED, rng=1), ax=ax),
    "branching": lambda ax=None: clustering.branching_profile(clusters.hawkes(YEAR, rng=1, **FEW), ax=ax),
    "branching, few": lambda ax=None: clustering.branching_profile(clusters.hawkes(HOURS, rng=1, **FEW), ax=ax),
    "branching, thin": lambda ax=None: clustering.branching_profile(clusters.hawkes(ONE, rng=1), ax=ax),
    "correlogram": lambda ax=None: coincidence.correlogram(
        coincident.cross_correlogram(YEAR, OTHER_THEATRE, bin_days=2, max_lag=20, rng=1, resamples=199), ax=ax
    ),
    "correlogram, less": lambda ax=None: coincidence.correlogram(
        coincident.cross_correlogram(
            YEAR, OTHER_THEATRE, bin_days=7, max_lag=30, alternative="less", rng=1, resamples=199
        ),
        ax=ax,
    ),
    "correlogram without attacks": lambda ax=None: coincidence.correlogram(
        coincident.cross_correlogram(NONE_OPENED, WORKED, bin_days=1, max_lag=5, rng=1), ax=ax
    ),
    "matches": lambda ax=None: coincidence.matched(
        coincident.event_coincidence(YEAR, OTHER_THEATRE, window_days=3, rng=1, resamples=499), ax=ax
    ),
    "matches, thin": lambda ax=None: coincidence.matched(THIN, ax=ax),
    "while on": lambda ax=None: coincidence.while_on(coincident.rate_while(YEAR, TALKS, rng=1), YEAR, TALKS, ax=ax),
    "while on, one episode": lambda ax=None: coincidence.while_on(
        coincident.rate_while(WORKED, WAR), WORKED, WAR, ax=ax
    ),
    "while on without attacks": lambda ax=None: coincidence.while_on(
        coincident.rate_while(NONE_OPENED, WAR), NONE_OPENED, WAR, ax=ax
    ),
    "rivals": lambda ax=None: coincidence.rivals(RIVALS.findings, claimed=(0, 0.2), ax=ax),
    "hazard ratios": lambda ax=None: hazard.ratios(
        responses.by_window(YEAR, ["2021-01-03", "2021-02-25", "2021-06-27"], rng=1, resamples=99), ax=ax
    ),
    "hazard ratios, inconclusive": lambda ax=None: hazard.ratios(
        {"30 days": RATIOS["none at all"], NASTY: THIN}, ax=ax
    ),
    "hazard ratios of nothing": lambda ax=None: hazard.ratios({}, ax=ax),
    "cumulative hazard": lambda ax=None: hazard.cumulative(
        responses.series_hazard(YEAR, ["2021-02-25", "2021-06-27"], response_days=60, rng=1, resamples=99), ax=ax
    ),
    "cumulative hazard in hours": lambda ax=None: hazard.cumulative(
        responses.series_hazard(HOURS, 7.95, rng=1, resamples=99), ax=ax
    ),
    "cumulative hazard, thin": lambda ax=None: hazard.cumulative(THIN, ax=ax),
    "interrupted": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(MONTHS, at=225.0, form="level_slope", rng=1, resamples=99), MONTHS, ax=ax
    ),
    "interrupted on dates": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(MONTHS, at=225.0), MONTHS, window=YEAR.window, ax=ax
    ),
    "interrupted by a silence": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(FEW_COUNTS, at=27.0), FEW_COUNTS, window=WORKED.window, ax=ax
    ),
    "attacks missing": lambda ax=None: interruption.counterfactual(
        interrupting.missing(MONTHS, at=150.0, until=240.0), MONTHS, ax=ax
    ),
    "interrupted, thin": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(NO_COUNTS, at=27.0), NO_COUNTS, ax=ax
    ),
    "onset": lambda ax=None: interruption.onset(
        interrupting.uncertain_onset(MONTHS, prior={210.0: 1, 225.0: 2, 240.0: 1}, rng=1, resamples=99), ax=ax
    ),
    "onset, thin": lambda ax=None: interruption.onset(
        interrupting.uncertain_onset(NO_COUNTS, prior={27.0: 1}, rng=1, resamples=99), ax=ax
    ),
    "specification curve": lambda ax=None: multiverse.specification_curve(MULTIVERSE, ax=ax),
    "specification curve, thin": lambda ax=None: multiverse.specification_curve(THIN, ax=ax),
    "placebo dates": lambda ax=None: placebo.dates(
        placebo_dates(YEAR, partial(tested_rates.ratio, alternative="less"), at="2021-05-10"), YEAR, ax=ax
    ),
    "placebo dates, thin": lambda ax=None: placebo.dates(THIN, WORKED, ax=ax),
    "power": lambda ax=None: power.curve(SMALLEST, name="true ratio", ax=ax),
    "power from a table": lambda ax=None: power.curve(POWER, wanted=0.9, ax=ax),
    "power ahead": lambda ax=None: power.ahead(power_ahead(WORKED), ax=ax),
    "power ahead in hours": lambda ax=None: power.ahead(power_ahead(HOURS), ax=ax),
    "power ahead, thin": lambda ax=None: power.ahead(power_ahead(NONE_OPENED), ax=ax),
    "fan": lambda ax=None: forecast.fan(
        tested_rates.fan(WORKED, days=range(1, 91)), numbers([2.0, 6, 10, 18.1, 49], end=211), ax=ax
    ),
    "fan before the first": lambda ax=None: forecast.fan(tested_rates.fan(HOURS, days=[1, 3, 9]), ax=ax),
    "fan with one so far": lambda ax=None: forecast.fan(
        tested_rates.fan(NONE_OPENED, days=range(1, 31)), numbers([2.0], end=11), name=NASTY, ax=ax
    ),
    "pit": lambda ax=None: forecast.pit(tested_waits.backtest(YEAR, rng=1), ax=ax),
    "pit of few": lambda ax=None: forecast.pit(tested_waits.backtest(WORKED, rng=1), ax=ax),
    "pit, thin": lambda ax=None: forecast.pit(tested_waits.backtest(NONE_OPENED), ax=ax),
    "power of nothing": lambda ax=None: power.curve(POWER.iloc[:0], ax=ax),
    "hours": lambda ax=None: rhythm.hours(clocked.rayleigh(GATHERED), fit=clocked.von_mises(GATHERED), ax=ax),
    "hours of many": lambda ax=None: rhythm.hours(clocked.kuiper(DENSE, rng=1, resamples=99), ax=ax),
    "hours, thin": lambda ax=None: rhythm.hours(clocked.rayleigh(ONE), ax=ax),
    "weekdays": lambda ax=None: rhythm.weekdays(clocked.weekday(TIES), ax=ax),
    "weekdays of a year": lambda ax=None: rhythm.weekdays(clocked.weekday(YEAR, day="Friday"), ax=ax),
    "weekdays, thin": lambda ax=None: rhythm.weekdays(clocked.weekday(NONE_WITH_HOLE), ax=ax),
    "law of delay": lambda ax=None: delay.law(DELAYS, ax=ax),
    "law of delay, thin": lambda ax=None: delay.law(THIN, ax=ax),
    "known by now": lambda ax=None: delay.known(COMING, RECENT, ax=ax),
    "known by now, thin": lambda ax=None: delay.known(THIN, RECENT, ax=ax),
    "evidence": lambda ax=None: sequential.evidence(watched.evidence(TIES, reference=0.2), TIES, ax=ax),
    "evidence, closed": lambda ax=None: sequential.evidence(watched.evidence(CLOSED, reference=0.2), CLOSED, ax=ax),
    "limits of a year": lambda ax=None: sequential.limits(watched.confidence_sequence(YEAR, expected=0.1), YEAR, ax=ax),
    "limits of one": lambda ax=None: sequential.limits(watched.confidence_sequence(ONE, expected=0.1), ONE, ax=ax),
    "evidence, thin": lambda ax=None: sequential.evidence(THIN, WORKED, ax=ax),
    "months": lambda ax=None: coverage.months(
        ROWS, ["ied", "drone"], thin={"ied": [("2021-04-09", "2021-04-27")]}, until="2021-06-04", ax=ax
    ),
    "months of nothing": lambda ax=None: coverage.months(ROWS, ["mortar"], ax=ax),
    "precision": lambda ax=None: coverage.precision(KNOWN, ax=ax),
    "precision of nothing": lambda ax=None: coverage.precision(KNOWN.iloc[:0], ax=ax),
    "shares": lambda ax=None: trend.shares(tested.share(YEAR, HALVED, bin_days=90), YEAR, ax=ax),
    "shares, thin": lambda ax=None: trend.shares(tested.share(NONE_WITH_HOLE, NONE_WITH_HOLE), NONE_WITH_HOLE, ax=ax),
    "rate bars of nothing": lambda ax=None: rates.rate_bars(RATES.iloc[:0], ax=ax),
}
