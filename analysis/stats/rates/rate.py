"""How often: a rate with exact limits."""

from __future__ import annotations

from scipy import special

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.timeline import EventSeries

NO_TEST = "No p-value: an estimate was asked for, not a test; give against= to test a rate."


def garwood(count: int, days: float, *, level: float = 0.95, by_event: bool = False) -> tuple[float, float]:
    """Exact limits of a Poisson rate per unit of ``days`` (Garwood 1936, Biometrika 28:437-442).

    ``by_event``: watching stopped at the last event, so that the time is the random part (limits from
    the gamma law of the time). Returns (low, high); low is 0 for no event.
    """
    alpha = (1 - level) / 2
    low = special.gammaincinv(count, alpha) / days if count else 0.0
    high = special.gammaincinv(count if by_event and count else count + 1, 1 - alpha) / days
    return float(low), float(high)


def one_sample_pvalue(count: int, days: float, rate: float, *, alternative: Alternative = "two-sided") -> float:
    """Exact p of a count against a known rate; two-sided is central (twice the smaller tail, at most 1)."""
    mean = rate * days
    less = float(special.pdtr(count, mean))
    greater = float(special.pdtrc(count - 1, mean)) if count else 1.0
    return {"less": less, "greater": greater, "two-sided": min(1.0, 2 * min(less, greater))}[alternative]


def rate(
    series: EventSeries,
    *,
    level: float = 0.95,
    against: float | None = None,
    alternative: Alternative = "two-sided",
) -> Finding:
    """Attacks per unit of watched time with Garwood's exact limits.

    Parameters
    ----------
    series : the events and their window; an event that opened the window does not count
    level : of the limits (two-sided)
    against : a rate per unit to test against, or None for an estimate alone
    alternative : "less" means a lower rate than ``against``

    Raises
    ------
    ParameterError
        level outside (0, 1), a rate that is not above 0, an unknown alternative
    """
    return rate_of_count(
        series.n,
        series.days,
        level=level,
        against=against,
        alternative=alternative,
        unit=series.window.unit,
        by_event=series.window.closed_by_event,
        label=series.label,
        vintage=series.vintage,
        notes=series.notes,
    )


def rate_of_count(
    count: int,
    days: float,
    *,
    level: float = 0.95,
    against: float | None = None,
    alternative: Alternative = "two-sided",
    unit: str = "day",
    by_event: bool = False,
    label: str = "events",
    vintage=None,
    notes: tuple[str, ...] = (),
) -> Finding:
    """The rate of ``count`` events in ``days`` of watched time; see ``rate``."""
    check_level(level)
    check_choice("alternative", alternative, ALTERNATIVES)
    check_count(count, days, "count", "days")
    if against is not None and not against > 0:
        raise ParameterError(f"against must be a rate above 0 per {unit}, got {against!r}")
    low, high = garwood(count, days, level=level, by_event=by_event)
    pvalue = None if against is None else one_sample_pvalue(count, days, against, alternative=alternative)
    reasons = (NO_TEST,) if pvalue is None else ()
    none_seen = (f"No {label} seen: the rate has an upper limit only.",) if count == 0 else ()
    return Finding(
        question=f"How many {label} per {unit}?",
        null="none" if against is None else f"{label} come at {against:g} per {unit}, independent of each other",
        method="Poisson rate, Garwood limits",
        alternative=alternative,
        statistic=float(count),
        statistic_name="events",
        pvalue=pvalue,
        effect=Estimate(name="rate", value=count / days, low=low, high=high, level=level, unit=f"per {unit}"),
        attainable_pvalue=None if against is None else _smallest(days, against, alternative),
        n_events=int(count),
        exposure_days=float(days),
        assumptions=(
            Assumption("constant rate, independent events", "unchecked", "see dispersion and exponentiality"),
            Assumption("every event of the window is in the record", "unchecked", ""),
        ),
        warnings=(*reasons, *none_seen, *notes),
        settings={"level": level, "against": against},
        vintage=vintage,
    )


def check_count(count: object, days: object, count_name: str, days_name: str) -> None:
    """Raise unless ``count`` is a whole number of 0 or more and ``days`` a time above 0."""
    problems = []
    if isinstance(count, bool) or count != int(count) or count < 0:
        problems.append(f"{count_name} must be a whole number of 0 or more, got {count!r}")
    if not 0 < days < float("inf"):
        problems.append(f"{days_name} must be a time above 0, got {days!r}")
    if problems:
        raise ParameterError("; ".join(problems))


def _smallest(days: float, against: float, alternative: Alternative) -> float:
    """Smallest p over every count: no event for "less"; without bound for the others."""
    return one_sample_pvalue(0, days, against, alternative="less") if alternative == "less" else 0.0
