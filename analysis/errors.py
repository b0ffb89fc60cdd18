"""What can go wrong, named by what the reader has to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AnalysisError(ValueError):
    """Something was asked that has no answer: the message names the value, the rule and the way out."""


class ParameterError(AnalysisError):
    """A setting is unknown, of the wrong type or out of its range."""


class CatalogueError(AnalysisError):
    """A data file breaks its codebook; ``problems`` holds every breach, one row each.

    ``problems`` is a tuple of dictionaries with the keys row, column, value, rule and way_out.
    """

    def __init__(self, message: str, problems: Iterable[dict] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class SmallSampleWarning(UserWarning):
    """The finding stands, on very few events."""


class TiesWarning(UserWarning):
    """The finding stands, but several events share one time."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` for the known name nearest to ``name``, or an empty string."""
    close = difflib.get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


def check_choice(setting: str, value: object, allowed: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``allowed``; otherwise raise a ParameterError that lists them."""
    allowed = tuple(allowed)
    if value in allowed:
        return value
    listed = ", ".join(repr(a) for a in allowed)
    raise ParameterError(f"{setting} must be one of {listed}; got {value!r}.{nearest(str(value), allowed)}")


def check_level(level: float, setting: str = "level") -> float:
    """Return ``level`` if it lies strictly between 0 and 1."""
    if not isinstance(level, int | float) or isinstance(level, bool) or not 0 < level < 1:
        raise ParameterError(f"{setting} must be a number between 0 and 1, for example 0.95; got {level!r}")
    return float(level)


def check_rng(rng: object, reason: str):
    """Return ``rng`` as a numpy Generator; randomness is passed in, never taken from the clock.

    ``rng`` is a Generator or an integer seed; None raises, since an unseeded report cannot be repeated.
    """
    import numpy as np

    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(int(rng))
    raise ParameterError(
        f"rng must be a numpy Generator or a seed of 0 or more, because {reason}; got {rng!r}. "
        "Pass for example rng=20210604."
    )
