"""The one-sided p and limit of a progress curve: its slope among those of other orders of the waits."""

from __future__ import annotations

import numpy as np

from analysis.results import Alternative
from analysis.stats.trend.limits import from_tails, inverted
from analysis.stats.trend.orders import Orders, orders_of

STEP = 1e-8  # of a limit; p moves in steps, which a finer search would only halve


class SlopeOrders:
    """Slopes over the orders of the waits of each reading; with ``n^b`` taken out, every order is alike.

    waits : readings of the complete waits, above 0
    """

    def __init__(self, waits: list[np.ndarray], *, rng: object, resamples: int) -> None:
        self.orders: dict[int, Orders | None] = {}
        for size in sorted({row.size for row in waits}):
            numbers = np.log10(np.arange(1, size + 1))
            self.orders[size] = orders_of(numbers, readings=len(waits), rng=rng, resamples=resamples)
        self.logs = {size: np.log10([row for row in waits if row.size == size]) for size in self.orders}

    @property
    def counted(self) -> bool:
        """Whether there are orders to compare with; too many waits have none, and Student's law is good there."""
        return all(each is not None for each in self.orders.values())

    @property
    def words(self) -> str:
        """Which orders."""
        return next(iter(self.orders.values())).words

    def pvalues(self, b: float, alternative: Alternative) -> np.ndarray:
        """p of every reading, were the exponent ``b``."""
        found = []
        for size, orders in self.orders.items():
            # Sums of log number times log wait: large where waits lengthen, which speaks for a falling rate.
            at_most, at_least = orders.tails(self._freed(size, b))
            found.append(from_tails(at_least, at_most, alternative))
        return np.concatenate(found)

    def limits(self, centre: float, alternative: Alternative, level: float) -> tuple[float | None, float | None]:
        """Where the mean p crosses one minus the level."""

        def mean(b: float) -> float:
            return float(self.pvalues(b, alternative).mean())

        return inverted(mean, centre, alternative=alternative, level=level, most=1e3, tolerance=STEP)

    def smallest(self, b: float, alternative: Alternative) -> float:
        """The smallest p that the waits of one reading could give in any order."""
        size, orders = next(iter(self.orders.items()))
        least, most = orders.ends(self._freed(size, b)[0])
        return most if alternative == "less" else least

    def _freed(self, size: int, b: float) -> np.ndarray:
        values = self.logs[size] + b * np.log10(np.arange(1, size + 1))
        values = values - values.mean(axis=1, keepdims=True)
        # One scale for all, so that what counts as a tie does not hang on the unit or on b.
        return values / np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-300)
