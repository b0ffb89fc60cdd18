"""Changes of pace beside their peers."""

from __future__ import annotations

from benchmarks.timing import Line, Sides  # first: it sets one thread

import contextlib  # isort: skip
import functools  # isort: skip
import io  # isort: skip

import numpy as np  # isort: skip

BINS = 100_000


def one_change(n: int, *, cold_peer: bool) -> Sides:
    """``n`` bins with a fall in the middle; both priors are exp(-rate), the peer's on 1000 rates below 6."""
    import bayesloop
    from scipy import special

    from analysis import CountSeries
    from analysis.stats import changepoint

    rng = np.random.default_rng(3)
    counts = np.concatenate([rng.poisson(3.0, n // 2), rng.poisson(1.0, n - n // 2)])
    series = CountSeries.from_counts(counts)

    def peer():
        study = bayesloop.ChangepointStudy(silent=True)
        # Its word "silent" does not reach everything it prints.
        with contextlib.redirect_stdout(io.StringIO()):
            study.load_data(counts, silent=True)
            grid = bayesloop.oint(0, 6, 1000)
            study.set(bayesloop.om.Poisson("rate", grid, prior=lambda rate: np.exp(-rate)), silent=True)
            study.set(bayesloop.tm.ChangePoint("date", "all"), silent=True)
            study.fit(silent=True)
        return study.get_hyper_parameter_distribution("date")[1], study.log10_evidence * np.log(10)

    # Evidence of no change under Gamma(1, 1), and from it ours of a change with every factor. The peer's carries
    # the width of a cell of its grid once over, and cuts both priors at 6.
    total = counts.sum()
    none = special.gammaln(1 + total) - (1 + total) * np.log(1 + n) - special.gammaln(counts + 1).sum()
    cell = np.log(6 / 1001)

    def same(ours, theirs):
        posterior, evidence = theirs
        dates = np.allclose(ours.curve["probability"], posterior, rtol=1e-6, atol=1e-9)
        return dates and abs(ours.settings["log_bayes_factor"] + none - (evidence - cell)) < 0.02

    return Sides(
        ours=lambda: changepoint.one_change_counts(series, prior_shape=1, prior_mean_wait=1.0),
        peer=peer,
        same=same,
        inner=20,
        peer_repeats=3,
        cold_peer=cold_peer,
    )


def stepped_counts() -> tuple[np.ndarray, dict[str, float]]:
    """Bins whose rate steps between 1 and 4 every 200, and penalties on a level for both costs (BIC's)."""
    rng = np.random.default_rng(3)
    counts = np.concatenate([rng.poisson(4 if i % 2 else 1, 200) for i in range(BINS // 200)])
    return counts, {"poisson": 2 * np.log(BINS), "l2": 2 * np.log(BINS) * float(counts.mean())}


def pelt(cost: str) -> Sides:
    """Our public function with its curve and rates, beside the peer's compiled search with squares."""
    import ruptures

    from analysis import CountSeries
    from analysis.stats import changepoint

    counts, penalties = stepped_counts()
    series = CountSeries.from_counts(counts)
    values = counts.astype(float)

    def peer():
        return ruptures.KernelCPD("linear", min_size=1, jump=1).fit(values).predict(pen=penalties["l2"])

    def same(ours, theirs):
        if cost == "poisson":
            return is_cheapest(ours, values, penalties["poisson"], theirs)
        cheap = np.isclose(ours.statistic, priced(values, np.array(theirs), penalties["l2"], "l2"), rtol=1e-9)
        return cheap and ours.settings["ends"] == list(theirs)

    return Sides(
        ours=lambda: changepoint.pelt(series, penalty=penalties[cost], cost=cost), peer=peer, same=same, repeats=7
    )


def priced(values: np.ndarray, ends: np.ndarray, penalty: float, cost: str) -> float:
    """What a partition costs, from the formula alone."""
    runs = np.split(values, ends[:-1])
    if cost == "l2":
        own = sum(float(np.square(run - run.mean()).sum()) for run in runs)
    else:
        own = sum(float(2 * run.sum() * np.log(run.size / run.sum())) for run in runs if run.sum() > 0)
    return own + penalty * (len(runs) - 1)


def is_cheapest(ours, values: np.ndarray, penalty: float, rival) -> bool:
    """No peer has this cost: ours is what its partition costs, no more than a rival's, and a full search's at 1000."""
    from analysis.stats.changepoint.partition import cut

    true = np.isclose(ours.statistic, priced(values, np.array(ours.settings["ends"]), penalty, "poisson"), rtol=1e-9)
    no_dearer = ours.statistic <= priced(values, np.array(rival), penalty, "poisson") + 1e-6
    part = values[:1000]
    sums = np.concatenate([[0.0], np.cumsum(part)])
    best = np.concatenate([[-penalty], np.full(part.size, np.inf)])
    for t in range(1, part.size + 1):
        total, length = sums[t] - sums[:t], t - np.arange(t)
        with np.errstate(divide="ignore", invalid="ignore"):
            best[t] = np.min(best[:t] + penalty + np.where(total > 0, 2 * total * np.log(length / total), 0.0))
    return true and no_dearer and np.isclose(cut(part, np.ones(1000), penalty=penalty)[1], best[-1], rtol=1e-9)


def blocks(n: int) -> Sides:
    """``n`` events whose rate steps every 200; between the first and the last, as the peer has it."""
    from astropy.stats import bayesian_blocks

    from analysis import EventSeries
    from analysis.stats import changepoint

    rng = np.random.default_rng(3)
    times = np.cumsum(np.concatenate([rng.exponential(1.0 if i % 2 else 0.2, 200) for i in range(n // 200)]))
    series = EventSeries.from_numbers(times, start=0, end=times[-1] + 1)

    def same(ours, theirs):
        return len(ours) == len(theirs) and np.allclose(ours, theirs, rtol=1e-12)

    return Sides(
        ours=lambda: changepoint.blocks(series, p0=0.05, edges="events").settings["edges_elapsed"],
        peer=lambda: bayesian_blocks(times, fitness="events", p0=0.05),
        same=same,
        repeats=7,
        peer_repeats=3,
    )


LINES = (
    Line(
        computation="one change point, posterior",
        size="n=111",
        peer="bayesloop ChangepointStudy",
        aim=0.002,
        sides=functools.partial(one_change, 111, cold_peer=False),
    ),
    Line(
        computation="one change point, posterior",
        size="n=1000",
        peer="bayesloop ChangepointStudy",
        aim=0.0001,
        sides=functools.partial(one_change, 1000, cold_peer=True),
    ),
    Line(
        computation="PELT, Poisson cost",
        size="10^5 bins",
        peer="ruptures KernelCPD, L2 cost",
        aim=2.0,
        sides=functools.partial(pelt, "poisson"),
    ),
    Line(
        computation="PELT, L2 cost",
        size="10^5 bins",
        peer="ruptures KernelCPD, L2 cost",
        aim=0.7,
        sides=functools.partial(pelt, "l2"),
    ),
    Line(
        computation="Bayesian blocks",
        size="10^3 events",
        peer="astropy bayesian_blocks",
        aim=0.03,
        sides=functools.partial(blocks, 1000),
    ),
    Line(
        computation="Bayesian blocks",
        size="10^4 events",
        peer="astropy bayesian_blocks",
        aim=0.03,
        sides=functools.partial(blocks, 10_000),
    ),
)
