"""Surrogates, 1000 series of 1000 events, beside their peers."""

from __future__ import annotations

from benchmarks.timing import Line, Sides  # first: it sets one thread

import functools  # isort: skip

import numpy as np  # isort: skip

N = 1000
SPAN, REACH = 1000.0, 5.0


def sides(name: str, peer_name: str, **settings) -> Sides:
    """One null and the peer's own. Ours must keep what the null says it keeps; the peer's jitter loses a few events."""
    import neo
    import quantities
    from elephant import spike_train_surrogates

    from analysis import EventSeries
    from analysis.processes import local_jitter, surrogates

    times = np.sort(np.random.default_rng(0).uniform(0, SPAN, N))
    series = EventSeries.from_numbers(times, start=0, end=SPAN)
    train = neo.SpikeTrain(times * quantities.s, t_stop=SPAN * quantities.s)
    null = local_jitter(REACH) if name == "local_jitter" else name
    draw = getattr(spike_train_surrogates, peer_name)
    settings = {k: v * quantities.s for k, v in settings.items()}

    return Sides(
        ours=lambda: surrogates(series, null, size=N, rng=1),
        peer=lambda: draw(train, n_surrogates=N, **settings),
        same=lambda a, b: kept(name, times, a) and len(b) == N and all(0.99 * N <= row.size <= N for row in b),
        peer_repeats=3,
    )


def kept(name: str, times: np.ndarray, rows: np.ndarray) -> bool:
    """Whether every row is sorted, inside the window and keeps its null's word; and whether the rows differ."""
    whole = rows.shape == (N, times.size) and (np.diff(rows, axis=1) >= 0).all()
    inside = rows.min() >= 0 and rows.max() < SPAN and np.unique(rows[:, 500]).size > 1
    if name == "shuffled_waits":
        own = np.allclose(np.sort(np.diff(rows, axis=1), axis=1), np.sort(np.diff(times)), atol=1e-9)
    elif name == "local_jitter":
        # Sorted draws can be no further from the sorted times than each is from its own.
        own = np.abs(rows - times).max() <= REACH
    else:
        # The mean of 10^6 uniform times, within five standard errors.
        own = abs(rows.mean() / SPAN - 0.5) < 5 / np.sqrt(12 * rows.size)
    return bool(whole and inside and own)


LINES = tuple(
    Line(
        computation=f"surrogates, {name.replace('_', ' ')}",
        size="1000 x 1000",
        peer=f"elephant {peer_name}",
        aim=0.2,
        sides=functools.partial(sides, name, peer_name, **settings),
    )
    for name, peer_name, settings in (
        ("local_jitter", "dither_spikes", {"dither": REACH}),
        ("uniform_times", "randomise_spikes", {}),
        ("shuffled_waits", "shuffle_isis", {}),
    )
)
