"""A test put to data: with the generator it is to draw from, where it takes one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from analysis.errors import AnalysisError, ParameterError
from analysis.results import Finding


def asking(test: Callable[..., Finding], *names: str) -> Callable[..., Finding]:
    """``test`` as a function of the data, a Generator and the settings ``names``: ``ask(data, rng, at=...)``.

    The generator goes in as ``rng`` where the test has such a setting that is not bound already (a test bound to
    a seed would draw the same numbers every time), or as a second positional argument where it takes two.
    """
    if not callable(test):
        raise ParameterError(f"test must be callable, for example functools.partial(rates.ratio, ...); got {test!r}")
    bound = test.keywords if isinstance(test, partial) else {}
    try:
        settings = inspect.signature(test).parameters.values()
    except ValueError:
        settings = ()
    named = {p.name for p in settings if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}
    anything = any(p.kind == p.VAR_KEYWORD for p in settings)
    missing = [name for name in names if name not in named and not anything]
    if missing:
        raise ParameterError(f"the test must take the setting {missing[0]!r}; bind the others with functools.partial")
    positional = [
        p
        for p in settings
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty and p.name not in names
    ]
    if len(positional) == 2:
        return lambda data, rng, **more: _finding(test(data, rng, **more))
    if "rng" in named and bound.get("rng") is None:
        return lambda data, rng, **more: _finding(test(data, rng=rng, **more))
    return lambda data, rng, **more: _finding(test(data, **more))


def rejects(finding: Finding, alpha: float) -> bool:
    """Whether p is at most ``alpha``; a finding without a p-value rejects nothing."""
    return finding.pvalue is not None and finding.pvalue <= alpha * (1 + 1e-12)


def one_generator(rng: np.random.Generator | int) -> int | str:
    """The seed as a report prints it."""
    return "generator" if isinstance(rng, np.random.Generator) else int(rng)


def _finding(answer: Any) -> Finding:
    if not isinstance(answer, Finding):
        raise AnalysisError(f"the test must give back a Finding, it gave {type(answer).__name__}")
    return answer
