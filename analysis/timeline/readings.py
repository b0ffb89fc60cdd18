"""The readings of one date: copies of one width, whole days apart, each as likely as the other."""

from __future__ import annotations

import numpy as np


def one_each(earliest: np.ndarray, latest: np.ndarray, width: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One time for each event, drawn from its readings; arrays of one shape."""
    choices = np.maximum(1, np.rint(latest - earliest - width).astype(int) + 1)
    return earliest + rng.integers(0, choices) + rng.random(earliest.size) * width


def share_from(when: float, earliest: float, latest: float, width: float) -> float:
    """Share of one event's readings that lie at ``when`` or later."""
    starts = earliest + np.arange(max(1, round(latest - earliest - width) + 1))
    return float(np.mean(np.clip((starts + width - when) / width, 0, 1) if width > 0 else starts >= when))
