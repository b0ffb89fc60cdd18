"""Every defensible way to answer at once, and one p for all of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.catalogue import select
from analysis.checks.asked import asking, one_generator
from analysis.checks.axes import Axes, Specification, crossed, usual_axes
from analysis.checks.ratio_at import RatioAt, ratio_at
from analysis.checks.redrawn import NULLS, NullName, Path, Record
from analysis.checks.row import COLUMNS, row
from analysis.checks.simulation import mapped, seed_of
from analysis.checks.specification_curve import (
    STATISTICS,
    Statistic,
    agrees,
    limits,
    median,
    side,
    sign,
    statistics,
    warnings,
)
from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import Assumption, Estimate, Finding

BLOCK = 50  # records handed to a worker at a time; fixed, so that the draws do not depend on the workers


def multiverse(
    table: pd.DataFrame,
    base: Mapping[str, Any],
    test: Callable[..., Finding],
    *,
    axes: Axes | None = None,
    rng: np.random.Generator | int,
    resamples: int = 199,
    statistic: Statistic = "median p",
    null: NullName = "uniform_nights",
    level: float = 0.95,
    workers: int | None = None,
    progress: bool | None = None,
) -> Finding:
    """``test`` under every combination of choices, with one joint p from redrawing the record under the null.

    Parameters
    ----------
    table : the catalogue, from ``load``
    base : settings of ``select`` for the answer given; resolution "day" or "exact"
    test : called with a series, its date bound: ``partial(rates.ratio, at="2021-05-10", alternative="less")``.
        A specification that it refuses (the date lies outside its window) has no answer
    axes : ``{axis: {value: settings of select that differ}}``; None for ``usual_axes``. Every combination is tried
    rng : seed or Generator
    resamples : redrawn records, each of which goes through every specification; 0 for none, and no joint p
    statistic : what is compared with the redrawn records: the "median p" over the specifications, the "share" with
        p at most 1 - level (on the more frequent side, for a two-sided test), or the "smallest p". All three joint
        p-values stand in ``settings``
    null : "uniform_nights" moves every night with its attacks to a random watched day; "circular_shift" moves the
        whole record by one random lag, which keeps its clustering
    level : of agreement, and of the range under the null
    workers, progress : as in ``simulated``

    Returns
    -------
    Finding. Its effect is the median effect over the specifications with its range under the null; ``settings`` holds
    ``agreement``, the share of the other specifications that agree with the answer given in sign and level.
    ``curve`` has a row per specification: ``analysis.checks.row.COLUMNS``, one column per axis, then question ("the
    same", or whose attacks instead), same_as (the first specification with the very same series), agrees

    Notes
    -----
    The specification curve of Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4:1208. A specification
    without p counts as p = 1. An exact ``rates.ratio`` is computed for all records at once; for any other
    test the cost is one call per specification with a series of its own and record.
    """
    check_level(level)
    check_choice("statistic", statistic, STATISTICS)
    check_choice("null", null, NULLS)
    if not isinstance(resamples, int) or isinstance(resamples, bool) or resamples < 0:
        raise ParameterError(f"resamples must be a whole number of 0 or more, got {resamples!r}")
    specifications = crossed(base, usual_axes(table, base) if axes is None else axes)
    record = Record(table, specifications)
    seed = seed_of(rng)
    draws = np.random.default_rng([seed, 1])
    ask = _Ask(asking(test), record, ratio_at(test))
    findings, same_as = _answers(ask, np.random.default_rng([seed, 2]))
    curve = _table(specifications, findings, same_as, 1 - level)
    given = findings[0]
    if isinstance(given, str):
        raise ParameterError(f"the test refuses the answer given itself: {given}")
    shifts = record.shifts(null, resamples, draws)
    blocks = [shifts[i : i + BLOCK] for i in range(0, resamples, BLOCK)]
    done = mapped(ask, blocks, rng=seed, workers=workers, progress=progress, label=f"blocks of {BLOCK} records")
    redrawn = [np.concatenate(part) for part in zip(*done, strict=True)] if done else None
    given = replace(given, vintage=select(table, **base).vintage)
    effects = np.array([np.nan if isinstance(found, str) else side(found) for found in findings])
    return _finding(given, specifications, curve, effects, redrawn, statistic, null, level, rng)


@dataclass(frozen=True)
class _Ask:
    """The test on every specification of redrawn records: called with shifts, gives p, effect and sign arrays."""

    ask: Callable[..., Finding]
    record: Record
    ratio: RatioAt | None

    def __call__(self, shifts: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """p and effect, shape (records, specifications); nan where there is none, inf for an unbounded ratio."""
        record = self.record
        placed = record.placed(shifts)
        shape = (len(shifts), len(record.paths))
        p, effect = np.full(shape, np.nan), np.full(shape, np.nan)
        known: list[dict[Any, tuple[float, float]]] = [{} for _ in shifts]
        for j, path in enumerate(record.paths):
            times, inside, opening = record.counted(path, placed)
            if self.ratio is not None:
                p[:, j], effect[:, j] = self.ratio.of(
                    record.windows[path.window], times, inside, opening, record.day_counted
                )
                continue
            for i in range(len(shifts)):
                key = _key(path, times[i], inside[i], opening[i])
                if key not in known[i]:
                    known[i][key] = self._one(path, times[i], inside[i], float(opening[i]), rng)
                p[i, j], effect[i, j] = known[i][key]
        return p, effect

    def _one(self, path: Path, times, inside, opening: float, rng) -> tuple[float, float]:
        try:
            found = self.ask(self.record.series(path, times, inside, opening), rng)
        except ParameterError:
            return np.nan, np.nan
        return (np.nan if found.pvalue is None else found.pvalue), side(found)


def _key(path: Path, times: np.ndarray, inside: np.ndarray, opening: float) -> tuple:
    return path.window, float(opening) if opening == opening else None, times[inside].tobytes()


def _answers(ask: _Ask, rng: np.random.Generator) -> tuple[list[Finding | str], list[int]]:
    """The finding of every specification on the record as it is (or why it is refused), and whose series it shares."""
    record = ask.record
    placed = record.placed(np.zeros((1, record.place.size)))
    findings: list[Finding | str] = []
    first: dict[tuple, int] = {}
    same_as: list[int] = []
    for j, path in enumerate(record.paths):
        times, inside, opening = (part[0] for part in record.counted(path, placed))
        key = _key(path, times, inside, opening)
        same_as.append(first.setdefault(key, j))
        if same_as[j] < j:
            findings.append(findings[same_as[j]])
            continue
        try:
            findings.append(ask.ask(record.series(path, times, inside, float(opening)), rng))
        except ParameterError as error:
            findings.append(str(error))
    return findings, same_as


def _table(specifications: list[Specification], findings, same_as: list[int], alpha: float) -> pd.DataFrame:
    rows = []
    for specification, finding, first in zip(specifications, findings, same_as, strict=True):
        if isinstance(finding, str):
            found = dict.fromkeys(COLUMNS) | {"variation": specification.name, "note": finding}
        else:
            found = row(specification.name, finding)
        found |= dict(specification.choices) | {"question": specification.question}
        rows.append(found | {"same_as": "" if specifications[first] is specification else specifications[first].name})
    given = findings[0]
    alike = [agrees(finding, given, alpha) for finding in findings]
    axes = [axis for axis, _ in specifications[0].choices]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *axes, "question", "same_as"])
    numbers = ["n_events", "effect", "low", "high", "pvalue", "attainable"]
    return frame.astype(dict.fromkeys(numbers, float)).assign(agrees=alike)


def _finding(given, specifications, curve, effect, redrawn, statistic, null, level, rng) -> Finding:
    alpha, two_sided = 1 - level, given.alternative == "two-sided"
    own = statistics(curve["pvalue"].to_numpy(float)[None], sign(effect, given)[None], alpha, two_sided)
    joint: dict[str, float] = {}
    low = high = None
    if redrawn is not None:
        p, effects = redrawn
        theirs = statistics(p, sign(effects, given), alpha, two_sided)
        joint = {
            name: (1 + int((theirs[name] <= own[name][0] + 1e-12 * abs(own[name][0])).sum())) / (1 + len(p))
            for name in own
        }
        low, high = limits([median(e) for e in effects], level)
    settings = _settings(curve, own, specifications, alpha) | {
        "joint_p": joint,
        "statistic": statistic,
        "null": null,
        "resamples": 0 if redrawn is None else len(redrawn[0]),
        "level": level,
        "seed": one_generator(rng),
        "test": given.method,
    }
    value = own[statistic][0]
    many = f"{len(curve)} specification{'s' if len(curve) > 1 else ''}"
    said = warnings(curve, specifications, settings)
    if given.inconclusive:
        said.insert(0, given.warnings[0])
    if not joint:
        said.insert(0, "No record was redrawn, so there is no joint p.")
    return Finding(
        question="Does the answer survive the choices that could have been made otherwise?",
        null=f"the record redrawn, every specification asked of it again; {NULLS[null]}",
        method=f"multiverse of {many}, joint p of the {statistic}",
        alternative=given.alternative,
        statistic=float(-value if statistic == "share" else value),
        statistic_name=statistic if statistic != "share" else f"share with p at most {alpha:.2g}",
        pvalue=joint.get(statistic),
        effect=_effect(given, median(effect), (low, high), level, many),
        attainable_pvalue=1 / (1 + settings["resamples"]) if joint else None,
        n_events=given.n_events,
        exposure_days=given.exposure_days,
        assumptions=(
            Assumption("every specification is a defensible answer to the question", "unchecked", "see its axes"),
            Assumption("attacks were as likely to be seen and recorded on every watched day", "unchecked", ""),
        ),
        warnings=tuple(said),
        settings=settings,
        vintage=given.vintage,
        curve=curve,
        inconclusive=given.inconclusive or bool(curve["pvalue"].isna().all()),
    )


def _effect(given: Finding, middle: float, ends: tuple, level: float, many: str) -> Estimate:
    """The median effect, with its range over the redrawn records."""
    name, unit = ("effect", "") if given.effect is None else (given.effect.name, given.effect.unit)
    return Estimate(
        name=f"median {name} over {many}",
        value=float(middle) if np.isfinite(middle) else None,
        low=ends[0],
        high=ends[1],
        level=level,
        unit=unit,
        interval="null range",
    )


def _settings(curve: pd.DataFrame, own: Mapping, specifications: list[Specification], alpha: float) -> dict[str, Any]:
    """Counts and shares of the curve: how many differ, how many agree, how many have a small p."""
    others = curve.iloc[1:]
    alike = others["agrees"][others["question"].eq("the same")]
    return {
        "specifications": len(curve),
        "distinct": int(curve["same_as"].eq("").sum()),
        "agreement": float(others["agrees"].mean()) if len(others) else None,
        "agreement_same_question": float(alike.mean()) if len(alike) else None,
        "share_under": float((curve["pvalue"] <= alpha * (1 + 1e-12)).mean()),
        "median_p": float(own["median p"][0]),
        "axes": {axis: list(curve[axis].unique()) for axis, _ in specifications[0].choices},
    }
