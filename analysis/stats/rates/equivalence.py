"""No change as a finding: is the ratio of two rates inside a margin that was named beforehand?"""

from __future__ import annotations

from analysis.errors import ParameterError, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.rates import conditional
from analysis.timeline import EventSeries


def equivalence(series: EventSeries, *, at: object, margin: float, level: float = 0.95) -> Finding:
    """Two one-sided exact tests that the rate after lies within a factor ``margin`` of the rate before.

    Parameters
    ----------
    series : the events and their window
    at : the date, as in ``ratio``
    margin : the largest factor that still counts as no change, above 1; there is no default, since it
        is the claim itself
    level : 1 - level is the size of the test; the interval has 2 * level - 1 (90 % for 0.95)

    Notes
    -----
    p is the larger of both one-sided exact conditional p-values (Schuirmann 1987); it is below
    1 - level exactly when the interval lies inside the margin.
    """
    check_level(level)
    if not margin > 1:
        raise ParameterError(f"margin must be above 1, for example 2 for a doubling or halving; got {margin!r}")
    if isinstance(at, str) and at == "last_event" and series.last is None:
        return _nothing(series, margin, (0, 0), (0.0, series.days))
    split = series.split(at)
    counts = (split.before, split.before_days, split.after, split.after_days)
    if min(split.before_days, split.after_days) <= 0 or split.before + split.after == 0:
        return _nothing(series, margin, counts[::2], counts[1::2])
    p = equivalence_pvalue(*counts, margin=margin)
    low, high = conditional.limits(*counts, alternative="two-sided", level=2 * level - 1)
    value = split.after / split.after_days / (split.before / split.before_days) if split.before else None
    return Finding(
        question=f"Did the rate of {series.label} stay the same at {split.label}?",
        null=f"the rate changed by a factor of {margin:g} or more, either way",
        method="equivalence, two one-sided exact tests",
        statistic=float(split.after),
        statistic_name="events after",
        pvalue=p,
        effect=Estimate(name="rate ratio, after over before", value=value, low=low, high=high, level=2 * level - 1),
        attainable_pvalue=_smallest(split, margin),
        n_events=counts[::2],
        exposure_days=counts[1::2],
        assumptions=(
            Assumption("constant rate within each period, independent events", "unchecked", "see dispersion"),
        ),
        warnings=series.notes,
        settings={"margin": margin, "at": split.label, "level": level},
        vintage=series.vintage,
    )


def equivalence_pvalue(before: int, before_days: float, after: int, after_days: float, *, margin: float) -> float:
    """The larger of the two exact one-sided p-values at the edges of the margin."""
    return max(_both_pvalues(before, before_days, after, after_days, margin=margin))


def _both_pvalues(before, before_days, after, after_days, *, margin: float) -> tuple[float, float]:
    counts = (before, before_days, after, after_days)
    below = conditional.pvalues(*counts, ratio=margin, alternative="less")
    above = conditional.pvalues(*counts, ratio=1 / margin, alternative="greater")
    return float(below), float(above)


def _smallest(split, margin: float) -> float:
    """Smallest p over every count after, given the count before: near the margin's middle.

    With the count after one p rises and the other falls, so the larger is least where they cross: found by halving.
    """

    def both(after: int) -> tuple[float, float]:
        return _both_pvalues(split.before, split.before_days, after, split.after_days, margin=margin)

    low, high = 0, int(split.before * split.after_days / split.before_days * margin) + 1
    while low < high:
        middle = (low + high) // 2
        below, above = both(middle)
        low, high = (middle + 1, high) if below < above else (low, middle)
    return min(max(both(after)) for after in (max(low - 1, 0), low))


def _nothing(series: EventSeries, margin: float, counts: tuple, days: tuple) -> Finding:
    return Finding(
        question=f"Did the rate of {series.label} stay the same?",
        null=f"the rate changed by a factor of {margin:g} or more, either way",
        method="equivalence, two one-sided exact tests",
        n_events=counts,
        exposure_days=days,
        warnings=("No event, or no watched time on one side: every ratio fits.", *series.notes),
        settings={"margin": margin},
        vintage=series.vintage,
        inconclusive=True,
    )
