"""Self-excitation and statistics of waits beside their peers."""

from __future__ import annotations

from benchmarks.timing import Line, Sides  # first: it sets one thread

import functools  # isort: skip

import numpy as np  # isort: skip

BACKGROUND, BRANCHING, DECAY = 0.5, 0.5, 1.0
REFRACTORY = 0.005


def excited(n: int) -> tuple[np.ndarray, float]:
    """About ``n`` times of a self-exciting process, generation by generation, and the end of their window."""
    rng = np.random.default_rng(1)
    end = n * (1 - BRANCHING) / BACKGROUND
    parents = rng.uniform(0, end, rng.poisson(BACKGROUND * end))
    found = [parents]
    while parents.size:
        children = np.repeat(parents, rng.poisson(BRANCHING, parents.size))
        parents = children + rng.exponential(1 / DECAY, children.size)
        parents = parents[parents < end]
        found.append(parents)
    return np.sort(np.concatenate(found)), float(end)


def hawkes(n: int, call) -> Sides:
    """Background, branching ratio and decay together; both answers are judged by one likelihood, to 0.01."""
    from analysis.stats import clustering

    times, end = excited(n)

    def loglik(fit) -> float:
        names = ("background", "branching", "decay")
        return clustering.hawkes_loglikelihood(times, end, **dict(zip(names, map(float, fit), strict=True)))

    def same(ours, theirs):
        own = loglik((ours.background, ours.branching, ours.decay))
        return abs(own - ours.loglik) < 0.01 and abs(own - loglik(theirs)) < 0.01

    return Sides(
        ours=lambda: clustering.fit_hawkes(times, end), peer=call(times, end), same=same, repeats=7, peer_repeats=3
    )


def of_hawkeslib(times: np.ndarray, end: float):
    """hawkeslib by gradient, from its own starting values."""
    from hawkeslib import UnivariateExpHawkesProcess

    def fit():
        np.random.seed(0)  # noqa: NPY002 - its start is drawn from the global generator
        process = UnivariateExpHawkesProcess()
        process.fit(times, end, method="gd")
        return process.get_params()

    return fit


def of_hawkespylib(times: np.ndarray, end: float):
    """HawkesPyLib, from a good guess: its own start is random."""
    from HawkesPyLib.inference import ExpHawkesProcessInference

    pace = times.size / end
    start = np.array([0.6 * pace, 0.4, 1 / (2 * pace)])

    def fit():
        process = ExpHawkesProcessInference(rng=np.random.default_rng(0))
        process.estimate(times, end, custom_param_vec0=True, param_vec0=start)
        background, branching, lag = process.get_params()
        return background, branching, 1 / lag

    return fit


def statistics() -> Sides:
    """CV, CV2, LV, LvR (and ours burstiness) of 10^6 waits."""
    import elephant.statistics as peer_of
    import quantities

    from analysis.stats import clustering

    waits = np.random.default_rng(5).gamma(2, 1, 10**6)
    with_unit = waits * quantities.s
    refractory = REFRACTORY * quantities.s

    def peer():
        cv = float(np.std(waits) / np.mean(waits))
        own = (cv, peer_of.cv2(waits), peer_of.lv(waits), peer_of.lvr(with_unit, R=refractory))
        return [*map(float, own), (cv - 1) / (cv + 1)]

    def same(ours, theirs):
        return np.allclose([ours.cv, ours.cv2, ours.lv, ours.lvr, ours.burstiness], theirs, rtol=0, atol=1e-9)

    return Sides(
        ours=lambda: clustering.wait_statistics(waits, refractory=REFRACTORY, ddof=0), peer=peer, same=same, repeats=9
    )


LINES = (
    *(
        Line(
            computation="Hawkes fit",
            size=f"10^{power} events",
            peer=peer,
            aim=aim,
            sides=functools.partial(hawkes, 10**power, call),
        )
        for power, aim in ((4, 0.35), (5, 0.25), (6, 0.12))
        for peer, call in (("hawkeslib, gradient", of_hawkeslib), ("HawkesPyLib", of_hawkespylib))
    ),
    Line(computation="CV, CV2, LV, LvR, burstiness", size="10^6 waits", peer="elephant", aim=0.12, sides=statistics),
)
