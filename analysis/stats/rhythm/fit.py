"""About which hour do the events gather, and how closely? A von Mises law, arcs included."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.rhythm import card, concentration
from analysis.stats.rhythm.hours import TURN, Hours, clock_angles, hours_of
from analysis.timeline import EventSeries

Parameter = Literal["mean_hour", "concentration", "resultant_length"]
PARAMETERS: tuple[Parameter, ...] = ("mean_hour", "concentration", "resultant_length")
LEAST = 3
UNEVEN = 0.05  # resultant length of watched time from which a rhythm of watching passes for one of the events
NODES = 24
NAMES = {"mean_hour": "mean hour", "concentration": "concentration kappa", "resultant_length": "resultant length"}


def von_mises(
    series: EventSeries,
    *,
    parameter: Parameter = "mean_hour",
    against: float | None = None,
    level: float = 0.95,
    rng: object = None,
    draws: int = 50,
) -> Finding:
    """Fit of a von Mises law to the hours: mean hour, concentration kappa, or mean resultant length, with limits.

    Parameters
    ----------
    parameter : which of the three the effect is; all three are in the settings
    against : a value of the parameter to be tested; None gives the fit alone, without a p-value
    rng, draws : readings of hours that are arcs, drawn from the fitted law inside each arc; p is their mean

    Notes
    -----
    The fit is by maximum likelihood, a time known as an arc entering with its chance of falling there. Limits of
    kappa are central, by the marginal law of the resultant; those of the mean hour invert the conditional test
    that is free of kappa (Stephens 1962), with a tenth of the level spent on ruling out the opposite hour. Limits
    that cross midnight run below 0 or above 24. Where no hour can be ruled out the mean hour has no limits.
    """
    check_choice("parameter", parameter, PARAMETERS)
    check_level(level)
    card.whole("draws", draws, 1)
    against = _checked(parameter, against)
    hours = hours_of(series)
    about = {
        "question": f"About which hour do the {series.label} gather, and how closely?",
        "null": f"hours of a von Mises law, independent; {NAMES[parameter]} "
        + ("free" if against is None else f"{against:g}"),
        "method": "von Mises fit",
    }
    own = card.settings_of(hours, level=level, seed=card.seed_text(rng), parameter=parameter, against=against)
    reason = card.few(hours, LEAST) or _unfit(hours)
    if reason:
        return card.thin(series, reason=reason, settings=own, **about)
    fitted = fit(hours)
    if fitted[1] > 1e6:
        return card.thin(series, reason="All events stand at one hour: no concentration fits.", settings=own, **about)
    rows = _readings(hours, fitted, draws, rng)
    totals = np.exp(1j * rows).sum(axis=1)
    p_of = _pvalue_function(parameter, hours.n, totals)
    value = {"mean_hour": card.hour_of(fitted[0]), "concentration": fitted[1]}.get(parameter)
    value = float(concentration.length_of(fitted[1])) if value is None else value
    low, high = _limits(parameter, p_of, value, 1 - level)
    p = None if against is None else float(p_of(against))
    told = () if p is not None else ("A fit, not a test: no p-value. For a test see rayleigh.",)
    return Finding(
        **about,
        statistic=float(np.abs(totals).mean()),
        statistic_name="length of the sum of directions",
        pvalue=p,
        attainable_pvalue=None if p is None else 0.0,
        effect=Estimate(
            name=NAMES[parameter],
            value=value,
            low=low,
            high=high,
            level=level,
            unit="h (local)" if parameter == "mean_hour" else "",
        ),
        n_events=hours.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("one peak, von Mises", "unchecked", "two peaks cancel out: see kuiper and watson"),
            Assumption("every hour watched alike", "holds" if hours.even else "doubtful", _evenness(hours)),
            *card.assumptions(hours),
        ),
        warnings=(*told, *card.warnings_of(hours)),
        settings=card.base_settings(
            series,
            **own,
            mean_hour=card.hour_of(fitted[0]),
            concentration=fitted[1],
            resultant_length=float(concentration.length_of(fitted[1])),
        ),
        vintage=series.vintage,
        curve=_curve(fitted),
    )


def fit_angles(angles: np.ndarray) -> tuple[float, float]:
    """Mean direction and concentration of exact angles in radians by maximum likelihood."""
    total = np.exp(1j * np.asarray(angles, dtype=float)).mean()
    return float(np.angle(total) % TURN), float(concentration.kappa_of(min(abs(total), 1.0)))


def fit(hours: Hours) -> tuple[float, float]:
    """Mean direction and concentration, arcs by expectation and maximisation."""
    if not hours.arcs:
        return fit_angles(hours.angles)
    nodes = _nodes(hours)
    mu, kappa = fit_angles(nodes.ravel())
    for _ in range(500):
        weight = _weights(nodes, mu, kappa)
        total = (np.exp(1j * nodes) * weight).sum(axis=1).mean()
        before, mu, kappa = kappa, float(np.angle(total) % TURN), float(concentration.kappa_of(min(abs(total), 1.0)))
        if abs(kappa - before) < 1e-9 * (1 + kappa):
            break
    return mu, kappa


def _nodes(hours: Hours) -> np.ndarray:
    """Angles along the arc of each event, shape (n, NODES)."""
    day = hours.width[:, None] * (24.0 if hours.series.window.unit == "hour" else 1.0)
    times = hours.earliest[:, None] + day * (np.arange(NODES) + 0.5) / NODES
    return clock_angles(hours.series.window, times.ravel()).reshape(times.shape)


def _weights(nodes: np.ndarray, mu: float, kappa: float) -> np.ndarray:
    weight = np.exp(kappa * (np.cos(nodes - mu) - 1))
    weight = np.maximum(weight, 1e-300)
    return weight / weight.sum(axis=1, keepdims=True)


def _readings(hours: Hours, fitted: tuple[float, float], draws: int, rng: object) -> np.ndarray:
    """Angles with each arc replaced by a draw from the fitted law inside it, shape (draws, n)."""
    if not hours.arcs:
        return hours.angles[None, :]
    rng = check_rng(rng, "hours known only as a part of the day are drawn")
    nodes = _nodes(hours)
    reach = np.cumsum(_weights(nodes, *fitted), axis=1)
    at = (rng.random((draws, hours.n, 1)) > reach[None]).sum(axis=2).clip(0, NODES - 1)
    step = TURN * hours.width / NODES
    return nodes[np.arange(hours.n), at] + (rng.random((draws, hours.n)) - 0.5) * step


def _checked(parameter: Parameter, against: float | None) -> float | None:
    if against is None:
        return None
    if parameter == "mean_hour":
        return card.check_hour(against, "against")
    most = 1.0 if parameter == "resultant_length" else 1e5
    number = isinstance(against, int | float | np.number) and not isinstance(against, bool)
    if not number or not 0 <= against < most:
        raise ParameterError(f"against must be a {NAMES[parameter]}, 0 or more and under {most:g}; got {against!r}")
    return float(against)


def _unfit(hours: Hours) -> str | None:
    if hours.watched_length > UNEVEN:
        return (
            f"Some hours were watched much longer than others (resultant length of watched time "
            f"{hours.watched_length:.2f}), which the fit would take for a rhythm; rayleigh allows for it."
        )
    return None


def _evenness(hours: Hours) -> str:
    return f"resultant length of watched time {hours.watched_length:.3f}"


def _pvalue_function(parameter: Parameter, n: int, totals: np.ndarray):
    """P as a function of the parameter's value, averaged over readings."""
    sums, direction = np.abs(totals), np.angle(totals)
    if parameter == "mean_hour":
        return lambda hour: concentration.direction_pvalue(n, sums, direction - hour / 24 * TURN).mean()

    def central(value: float) -> float:
        kappa = value if parameter == "concentration" else float(concentration.kappa_of(value))
        at_most, at_least = concentration.length_tails(n, sums, kappa)
        return float(np.minimum(1.0, 2 * np.minimum(at_most, at_least)).mean())

    return central


def _limits(parameter: Parameter, p_of, value: float, alpha: float) -> tuple[float | None, float | None]:
    if parameter == "mean_hour":
        return _hour_limits(p_of, value, alpha)
    from scipy.optimize import brentq

    gap = lambda x: p_of(x) - alpha  # noqa: E731
    grid = np.append(0.0, np.geomspace(0.02, 1, 40) * (4 * value + 4))
    if parameter == "resultant_length":
        grid = np.linspace(0, 1 - 1e-9, 60)
    kept = np.array([gap(x) > 0 for x in grid])
    if not kept.any():
        return 0.0, value
    first, last = np.flatnonzero(kept)[[0, -1]]
    low = 0.0 if first == 0 else float(brentq(gap, grid[first - 1], grid[first], xtol=1e-10))
    if last < grid.size - 1:
        return min(low, value), max(value, float(brentq(gap, grid[last], grid[last + 1], xtol=1e-10)))
    if parameter == "resultant_length":
        return min(low, value), 1.0
    outer = 2 * grid[-1]
    while gap(outer) > 0:
        outer *= 2
        if outer > 1e7:
            return min(low, value), None
    return min(low, value), float(brentq(gap, grid[-1], outer, xtol=1e-10))


def _hour_limits(p_of, value: float, alpha: float) -> tuple[float | None, float | None]:
    """Hours on both sides at which p falls to alpha; none where hours beyond are not ruled out again."""
    from scipy.optimize import brentq

    gap = lambda off: p_of(value + off) - alpha  # noqa: E731
    ends = []
    for sign in (-1, 1):
        grid = sign * np.linspace(0, 12, 97)
        out = np.array([gap(x) <= 0 for x in grid])
        first = int(np.argmax(out))
        if not out.any() or first == 0 or not out[first:].all():
            return None, None
        ends.append(value + float(brentq(gap, grid[first - 1], grid[first], xtol=1e-9)))
    return ends[0], ends[1]


def _curve(fitted: tuple[float, float]) -> pd.DataFrame:
    """The fitted density per hour of the clock."""
    from scipy import special

    hour = np.linspace(0, 24, 193)
    mu, kappa = fitted
    density = np.exp(kappa * (np.cos(hour / 24 * TURN - mu) - 1)) / (24 * special.i0e(kappa))
    return pd.DataFrame({"hour": hour, "density": density})
