"""Do two groups of waits differ: permutation of the groups, exact where the arrangements can be listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.stats.waiting import card, logrank
from analysis.stats.waiting.arrangements import all_sums, n_arrangements, random_sums
from analysis.stats.waiting.past import crosses_hole
from analysis.timeline import EventSeries

Statistic = Literal["mean", "logrank"]
Group = EventSeries | pd.DataFrame | Sequence[float] | np.ndarray
SLACK = 1e-10
NULL = "the waits of both groups follow one law; all waits are kept, which group each belongs to is not"


def compare(
    a: Group,
    b: Group,
    *,
    statistic: Statistic = "mean",
    pvalue: Literal["permutation", "chi2"] = "permutation",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 99999,
) -> Finding:
    """Two groups of waits, ``b`` against ``a``; "greater" means longer waits in ``b``.

    Parameters
    ----------
    a, b : series (their waits are taken), tables with the columns days and censored, or plain waits
    statistic : "mean" compares the means of the ended waits; the effect is their ratio, b over a, with the
        limits of all ratios that the same permutation test, run with b divided by the ratio, does not reject.
        "logrank" compares the pace of ending, open waits censored; the effect is the ratio of the rates of
        ending, b over a, by Peto's one step, with limits from the same null law
    pvalue : "permutation", or "chi2" for the classical log-rank test (approximate)
    rng : needed where there are more arrangements than ``resamples``; fewer are listed one by one
    resamples : random arrangements; p is then (k + 1) / (resamples + 1) on each side
    """
    check_choice("statistic", statistic, ("mean", "logrank"))
    check_choice("pvalue", pvalue, ("permutation", "chi2"))
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    if not isinstance(resamples, int) or resamples < 99:
        raise ParameterError(f"resamples must be a whole number of 99 or more, got {resamples!r}")
    if pvalue == "chi2" and (statistic != "logrank" or alternative != "two-sided"):
        raise ParameterError("pvalue='chi2' is for statistic='logrank' and two-sided only")
    groups = _group(a, "a"), _group(b, "b")
    (x, ended_x), (y, ended_y) = groups
    use = [x[ended_x], y[ended_y]] if statistic == "mean" else [x, y]
    sizes = use[0].size, use[1].size
    about = {
        "question": "Are the waits of the second group longer or shorter than those of the first?",
        "null": NULL,
        "method": f"two groups of waits, {statistic}, {'chi-square' if pvalue == 'chi2' else pvalue}",
        "alternative": alternative,
        "n_events": (int(ended_x.sum()), int(ended_y.sum())),
        "exposure_days": (float(x.sum()), float(y.sum())),
        "vintage": a.vintage if isinstance(a, EventSeries) else None,
    }
    settings = {"statistic": statistic, "pvalue": pvalue, "level": level}
    notes = _notes(a, b, groups, statistic)
    if min(sizes) == 0 or not (ended_x.any() or ended_y.any()) or sum(map(np.sum, use)) == 0:
        reason = "One of the groups has no wait to compare."
        return Finding(**about, warnings=(reason, *notes), settings=settings, inconclusive=True)
    if pvalue == "chi2":
        return logrank.classical(x, ended_x, y, ended_y, level=level, notes=notes, settings=settings, about=about)
    scores = use if statistic == "mean" else logrank.scores(x, ended_x, y, ended_y)
    listed = n_arrangements(*sizes) <= resamples
    if listed:
        sums, added = all_sums(*scores), 0
    else:
        generator = check_rng(rng, f"{n_arrangements(*sizes):.3g} arrangements are too many to list")
        sums, added = random_sums(*scores, resamples=resamples, rng=generator), 1
    total = sums[0].size + added
    if statistic == "mean":
        counts, effect = _ratio_of_means(*use, *sums, added=added, alternative=alternative, level=level)
        shown = float(use[1].mean() - use[0].mean()), "mean of b minus mean of a"
    else:
        parts = logrank.parts(x, ended_x, y, ended_y)
        counts, effect = logrank.effect(parts, sums, added=added, alternative=alternative, level=level)
        shown = float(parts[0]), "events in a, observed minus expected"
    greater, less = (min(1.0, c / total) for c in counts)
    tails = {"greater": greater, "less": less, "two-sided": min(1.0, 2 * min(greater, less))}
    return Finding(
        **about,
        statistic=shown[0],
        statistic_name=shown[1],
        pvalue=tails[alternative],
        attainable_pvalue=min(1.0, (2 if alternative == "two-sided" else 1) / total),
        effect=effect,
        assumptions=(
            Assumption("waits are exchangeable under the null", "unchecked", "independent, one law throughout"),
            *((logrank.EQUAL_CENSORING,) if statistic == "logrank" else ()),
        ),
        warnings=notes,
        settings={
            **settings,
            "arrangements": n_arrangements(*sizes) if listed else None,
            "resamples": None if listed else resamples,
            "seed": None if listed else card.seed_text(rng),
        },
    )


def _ratio_of_means(x, y, kept, gained, *, added: int, alternative: str, level: float):
    """Counts of arrangements as extreme on either side at ratio 1, and the ratio with its limits.

    Dividing b by r turns the sum of group one in an arrangement into ``kept + gained / r``; it is at most the
    observed ``sum x`` exactly when ``gained / (sum x - kept) <= r``. One pass over the arrangements therefore
    holds the test of every ratio (inversion as in Tritchler 1984, JASA 79:200-207).
    """
    lost = x.sum() - kept
    tiny = SLACK * x.sum()
    same = (lost <= tiny) & (gained <= SLACK * max(y.sum(), 1e-300))
    with np.errstate(divide="ignore", invalid="ignore"):
        turning = np.where(lost <= tiny, np.inf, gained / lost)[~same]
    always = int(same.sum()) + added
    greater = int(np.count_nonzero(turning <= 1 + SLACK)) + always
    less = int(np.count_nonzero(turning >= 1 - SLACK)) + always
    alpha = (1 - level) / (2 if alternative == "two-sided" else 1)
    # The first order statistic at which the tail, ``(count + always) / total``, exceeds alpha.
    k = int(np.floor(alpha * (turning.size + always) + 1e-9)) - always + 1
    low = high = None
    if 1 <= k <= turning.size:
        low, high = (np.partition(turning, i)[i] for i in (k - 1, turning.size - k))
    low = None if alternative == "less" or low is None or not np.isfinite(low) else float(low)
    high = None if alternative == "greater" or high is None or not np.isfinite(high) else float(high)
    value = float(y.mean() / x.mean()) if x.sum() > 0 else None
    return (greater, less), Estimate(name="ratio of mean waits, b over a", value=value, low=low, high=high, level=level)


def _group(group: Group, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Lengths of the waits and whether each ended."""
    if isinstance(group, EventSeries):
        table = group.waits()
        group = table[table["kind"].isin(["complete", "open"])]
    if isinstance(group, pd.DataFrame):
        missing = {"days", "censored"} - set(group.columns)
        if missing:
            raise ParameterError(f"group {name} needs the columns days and censored; it has {list(group.columns)}")
        days, ended = group["days"].to_numpy(dtype=float), ~group["censored"].to_numpy(dtype=bool)
    else:
        days = np.asarray(group, dtype=float).reshape(-1)
        ended = np.ones(days.size, dtype=bool)
    if not np.isfinite(days).all() or (days < 0).any():
        raise ParameterError(f"the waits of group {name} must be finite and 0 or more")
    return days, ended


def _notes(a: Group, b: Group, groups, statistic: str) -> tuple[str, ...]:
    notes = [n for g in (a, b) if isinstance(g, EventSeries) for n in g.notes]
    still_open = sum(int((~ended).sum()) for _, ended in groups)
    if statistic == "mean" and still_open:
        notes.insert(0, f"{still_open} open waits are left out of the means, which makes them too short.")
    if any(isinstance(g, EventSeries) and crosses_hole(g) for g in (a, b)):
        notes.insert(0, "Waits that reach across a hole are left out.")
    return tuple(dict.fromkeys(notes))
