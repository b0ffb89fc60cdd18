"""A state that is on or off: a war, a ceasefire, a round of talks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.errors import ParameterError
from analysis.timeline.window import Moment, Window


@dataclass(frozen=True, slots=True)
class StateSeries:
    """The stretches ``[from, to)`` in which a state was on, inside a window.

    ``spells`` are pairs of times of the window's kind, apart from each other; outside them the state was off.
    """

    spells: tuple[tuple[Moment, Moment], ...]
    window: Window
    label: str = "state"

    def __post_init__(self) -> None:
        spells = tuple(sorted(tuple(s) for s in self.spells))
        object.__setattr__(self, "spells", spells)
        edges = self.edges
        if np.any(edges[:, 1] <= edges[:, 0]):
            raise ParameterError(f"{self.label}: a spell must end after it starts")
        if np.any(edges[1:, 0] < edges[:-1, 1]):
            raise ParameterError(f"{self.label}: spells overlap; join them first")
        if edges.size and (edges.min() < 0 or edges.max() > self.window.span):
            raise ParameterError(f"{self.label}: a spell reaches outside the window {self.window}")

    @classmethod
    def clipped(cls, spells: Sequence[tuple[Moment, Moment]], window: Window, label: str) -> StateSeries:
        """The part of ``spells`` that falls into ``window``."""
        inside = [(max(a, window.start), min(b, window.end)) for a, b in spells if a < window.end and b > window.start]
        return cls(tuple(inside), window, label)

    @property
    def edges(self) -> np.ndarray:
        """Elapsed start and end of each spell, shape (n_spells, 2)."""
        pairs = [(self.window.elapsed(a), self.window.elapsed(b)) for a, b in self.spells]
        return np.array(pairs, dtype=float).reshape(-1, 2)

    @property
    def episodes(self) -> int:
        """Number of spells: one coincidence is one episode, however many events it holds."""
        return len(self.spells)

    @property
    def days_on(self) -> float:
        """Watched time with the state on."""
        return float(sum(self.window.watched(a, b) for a, b in self.edges))

    @property
    def days_off(self) -> float:
        """Watched time with the state off."""
        return self.window.days - self.days_on

    def is_on(self, elapsed: np.ndarray | float) -> np.ndarray:
        """Whether the state was on at these elapsed times."""
        t = np.asarray(elapsed, dtype=float)
        return ((t[..., None] >= self.edges[:, 0]) & (t[..., None] < self.edges[:, 1])).any(axis=-1)
