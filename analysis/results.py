"""What a test gives back: one Finding for every family, with its effect, interval and assumptions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError, check_choice

Alternative = Literal["two-sided", "less", "greater"]
ALTERNATIVES: tuple[Alternative, ...] = ("two-sided", "less", "greater")
STATUSES = ("holds", "doubtful", "fails", "unchecked")
INTERVALS = ("confidence", "null range", "credible", "predictive")


def _number(value: object, name: str) -> float | None:
    """A finite float or None; infinite and undefined values never enter a result."""
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        raise AnalysisError(f"{name} must be a finite number or None, got {number}; say None and give the reason")
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An effect with its limits.

    ``low`` or ``high`` is None where the data set no limit on that side, ``value`` where they allow no
    estimate. ``interval`` says what the limits are: a confidence interval, the range the null would
    produce, a credible or a predictive interval.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    level: float = 0.95
    unit: str = ""
    interval: str = "confidence"

    def __post_init__(self) -> None:
        for part in ("value", "low", "high"):
            object.__setattr__(self, part, _number(getattr(self, part), f"{self.name}: {part}"))
        check_choice("interval", self.interval, INTERVALS)
        if not 0 < self.level < 1:
            raise AnalysisError(f"{self.name}: level must lie between 0 and 1, got {self.level}")
        known = [x for x in (self.low, self.high) if x is not None]
        if len(known) == 2 and self.low > self.high:
            raise AnalysisError(f"{self.name}: lower limit {self.low} above upper limit {self.high}")

    def __str__(self) -> str:
        value = "no estimate" if self.value is None else with_unit(self.value, self.unit)
        if self.low is None and self.high is None:
            limits = "no limits from these data"
        elif self.high is None:
            limits = f"{percent(self.level)} limits {plain(self.low)} and no upper limit"
        elif self.low is None:
            limits = f"{percent(self.level)} limits no lower limit and {plain(self.high)}"
        else:
            limits = f"{percent(self.level)} {_interval_words(self.interval)} {plain(self.low)} to {plain(self.high)}"
        return f"{self.name} {value} ({limits})"


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the method takes for granted, and what is known about it."""

    name: str
    status: str
    evidence: str = ""

    def __post_init__(self) -> None:
        check_choice("assumption status", self.status, STATUSES)

    def __str__(self) -> str:
        return f"{self.name}: {self.status}" + (f" ({self.evidence})" if self.evidence else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of one test to one question.

    A p-value never stands without an effect; a missing p-value or statistic has its reason in
    ``warnings``; ``inconclusive`` says that the question was legal and the data too thin.
    ``attainable_pvalue`` is the smallest p over every outcome of the tested period given what was fixed.
    """

    question: str
    null: str
    method: str
    alternative: Alternative = "two-sided"
    statistic: float | None = None
    statistic_name: str = ""
    pvalue: float | None = None
    effect: Estimate | None = None
    attainable_pvalue: float | None = None
    n_events: int | tuple[int, ...] = 0
    exposure_days: float | tuple[float, ...] = 0.0
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    vintage: Mapping[str, str | None] | None = field(default=None, hash=False)
    curve: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    inconclusive: bool = False

    def __post_init__(self) -> None:
        check_choice("alternative", self.alternative, ALTERNATIVES)
        for part in ("statistic", "pvalue", "attainable_pvalue"):
            object.__setattr__(self, part, _number(getattr(self, part), f"{self.method}: {part}"))
        for part in ("pvalue", "attainable_pvalue"):
            p = getattr(self, part)
            if p is not None and not 0 <= p <= 1:
                raise AnalysisError(f"{self.method}: {part} must lie between 0 and 1, got {p}")
        if self.pvalue is not None and self.effect is None:
            raise AnalysisError(f"{self.method}: a p-value needs an effect beside it")
        if (self.pvalue is None or self.statistic is None) and not self.warnings:
            raise AnalysisError(f"{self.method}: say in warnings why there is no p-value or statistic")
        for part in ("assumptions", "warnings"):
            object.__setattr__(self, part, tuple(getattr(self, part)))
        object.__setattr__(self, "settings", dict(self.settings))

    def to_record(self) -> dict[str, Any]:
        """The finding as JSON-safe values; the curve is left out."""
        effect = self.effect
        parts = ("name", "value", "low", "high", "level", "unit", "interval")
        record = {
            "question": self.question,
            "null": self.null,
            "method": self.method,
            "alternative": self.alternative,
            "statistic_name": self.statistic_name,
            "statistic": self.statistic,
            "pvalue": self.pvalue,
            "attainable_pvalue": self.attainable_pvalue,
            "effect": None if effect is None else {p: getattr(effect, p) for p in parts},
            "n_events": self.n_events,
            "exposure_days": self.exposure_days,
            "inconclusive": self.inconclusive,
            "assumptions": [{"name": a.name, "status": a.status, "evidence": a.evidence} for a in self.assumptions],
            "warnings": list(self.warnings),
            "settings": dict(self.settings),
            "vintage": None if self.vintage is None else dict(self.vintage),
        }
        return json_safe(record)

    def to_frame(self) -> pd.DataFrame:
        """One tidy row with a fixed column order; groups, assumptions and settings are written out as text."""
        record = self.to_record()
        effect = record.pop("effect") or {}
        row = {k: record[k] for k in ("question", "method", "alternative", "statistic_name", "statistic")}
        for part in ("name", "value", "low", "high", "level", "unit", "interval"):
            row[f"effect_{part}" if part in ("name", "value", "unit", "interval") else part] = effect.get(part)
        for part in ("pvalue", "attainable_pvalue", "n_events", "exposure_days", "inconclusive", "null"):
            row[part] = " and ".join(map(plain, record[part])) if isinstance(record[part], list) else record[part]
        row["assumptions"] = "; ".join(map(str, self.assumptions))
        row["warnings"] = " ".join(self.warnings)
        row["settings"] = "; ".join(f"{k}={v}" for k, v in record["settings"].items())
        row["as_of"] = (record["vintage"] or {}).get("as_of")
        row["sha256"] = (record["vintage"] or {}).get("sha256")
        return pd.DataFrame([row])

    def __str__(self) -> str:
        parts = [str(self.effect)] if self.effect is not None else []
        if self.pvalue is not None:
            parts.append(f"{p_is(self.pvalue)} ({self.alternative})")
        if self.attainable_pvalue and self.pvalue is not None:
            parts.append(f"smallest p this design can reach {p_text(self.attainable_pvalue)}")
        n, days = self.n_events, self.exposure_days
        n = " and ".join(map(str, n)) if isinstance(n, tuple) else n
        days = " and ".join(map(plain, days)) if isinstance(days, tuple) else plain(days)
        parts.append(f"{n} events in {days} {self.settings.get('unit', 'day')}s watched")
        lead = "Inconclusive: " if self.inconclusive else ""
        reason = f" {self.warnings[0]}" if self.inconclusive and self.warnings else ""
        return f"{self.method}: {lead}{'; '.join(parts)}.{reason}"

    def _repr_html_(self) -> str:
        rows = [("null", self.null)]
        if self.effect is not None:
            rows.append(("effect", str(self.effect)))
        if self.pvalue is not None:
            reach = "" if self.attainable_pvalue is None else f"; smallest possible {p_text(self.attainable_pvalue)}"
            rows.append(("p-value", f"{p_text(self.pvalue)} ({self.alternative}){reach}"))
        if self.statistic is not None and self.statistic_name:
            rows.append((self.statistic_name, plain(self.statistic)))
        rows.append(("events, watched", f"{_joined(self.n_events)}; {_joined(self.exposure_days)}"))
        rows += [("assumes", str(a)) for a in self.assumptions] + [("note", w) for w in self.warnings]
        # Jupyter sets the cells of tables to the right, which suits numbers and not sentences.
        cell = "<td style='text-align:left'>"
        body = "".join(f"<tr><th scope='row'>{escape(k)}</th>{cell}{escape(v)}</td></tr>" for k, v in rows)
        mark = " (inconclusive)" if self.inconclusive else ""
        title = f"{escape(self.question)}<br><small>{escape(self.method)}{mark}</small>"
        return f"<table class='finding'><caption>{title}</caption><tbody>{body}</tbody></table>"


def collect(findings: Iterable[Finding], **labels: Iterable[Any]) -> pd.DataFrame:
    """Findings as one table, a row each; ``labels`` are columns put in front, one value per finding."""
    findings = list(findings)
    if not findings:
        return pd.DataFrame()
    table = pd.concat([f.to_frame() for f in findings], ignore_index=True)
    for name, values in reversed(labels.items()):
        table.insert(0, name, list(values))
    return table


def ask(series: Mapping[str, Any], questions: Mapping[str, Callable[[Any], Finding]]) -> dict[str, dict[str, Finding]]:
    """Every question put to every series: ``{question: {name of the series: Finding}}``.

    ``questions`` maps a name to a test that takes the series alone; settings are bound with functools.partial.
    """
    return {q: {name: test(each) for name, each in series.items()} for q, test in questions.items()}


def flat(answers: Mapping[str, Mapping[str, Finding]]) -> dict[str, Finding]:
    """The findings of ``ask`` under one name each, "question / series", in order."""
    return {f"{q} / {name}": finding for q, row in answers.items() for name, finding in row.items()}


def plain(value: float | int | None, digits: int = 3) -> str:
    """A number for reading: three significant digits, no exponent where it can be avoided."""
    if value is None:
        return "none"
    if isinstance(value, int | np.integer) or (float(value).is_integer() and abs(value) < 1e6):
        return f"{int(value)}"
    if 0.5 < abs(value) < 1e6 and abs(value - round(value)) < 1e-9:
        return f"{round(value)}"  # 1 but for the last bits, as a limit that was searched for
    if 1e-4 <= abs(value) < 1e6:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        return f"{value:.{decimals}f}"
    return f"{value:.{digits - 1}e}"


def percent(level: float) -> str:
    """A level as a percentage with the digits it has: 95%, 97.5%."""
    return f"{100 * level:.6g}%"


def with_unit(value: float | int, unit: str) -> str:
    """A number with its unit, the unit of a plain duration in the plural: "24 days", "0.1 per day"."""
    number = plain(value)
    many = "s" if unit.isalpha() and number != "1" else ""
    return f"{number} {unit}{many}" if unit else number


def p_text(pvalue: float) -> str:
    """A p-value for reading: two significant digits, never 0."""
    if pvalue < 0.0001:
        return "under 0.0001"
    return f"{pvalue:.2f}" if pvalue >= 0.095 else f"{pvalue:.2g}"


def p_is(pvalue: float) -> str:
    """A p-value in a sentence: "p = 0.28", "p under 0.0001"."""
    words = p_text(pvalue)
    return f"p {words}" if words.startswith("under") else f"p = {words}"


def json_safe(value: Any) -> Any:
    """``value`` with numpy, pandas and tuples turned into what JSON can hold; a missing number is None."""
    if isinstance(value, Mapping):
        return {str(k): json_safe(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((json_safe(v) for v in value), key=str)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return json_safe(value.item())
    if isinstance(value, list | tuple | np.ndarray | pd.Series | pd.Index):
        return [json_safe(v) for v in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if value is None or value is pd.NaT:
        return None
    return value if isinstance(value, str) else str(value)


def _interval_words(interval: str) -> str:
    return {"confidence": "limits", "null range": "range under the null"}.get(interval, f"{interval} interval")


def _joined(value: object) -> str:
    return " and ".join(map(plain, value)) if isinstance(value, tuple) else plain(value)
