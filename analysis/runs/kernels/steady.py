"""What would make two equal runs differ unasked: clocks in tables, and error bars drawn without a seed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Any

SEED = 20210604  # of resampling that a notebook has given no seed
NO_CLOCK = "-"  # in the place of a date or a time of the day


def settle() -> None:
    """Settle the libraries that are imported by now; for the process of a report, never for an open notebook.

    seaborn draws its error bars by a bootstrap, anew each time unless ``seed`` is given; the tables of statsmodels
    print the time they were made at.
    """
    _seed_bootstrap()
    _stop_clocks()


def _seed_bootstrap() -> None:
    algorithms = sys.modules.get("seaborn.algorithms")
    original = getattr(algorithms, "bootstrap", None)
    if original is None or hasattr(original, "__wrapped__"):
        return
    seeded = _seeded(original)
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "seaborn" and getattr(module, "bootstrap", None) is original:
            module.bootstrap = seeded


def _seeded(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def bootstrap(*arguments: Any, **settings: Any) -> Any:
        if settings.get("seed") is None and settings.get("random_seed") is None:
            settings["seed"] = SEED
        return original(*arguments, **settings)

    return bootstrap


def _stop_clocks() -> None:
    still = SimpleNamespace(strftime=lambda *parts: NO_CLOCK, localtime=lambda *parts: None)
    if "statsmodels.iolib.summary" in sys.modules:
        sys.modules["statsmodels.iolib.summary"].time = still
    if "statsmodels.iolib.summary2" in sys.modules:
        clock = SimpleNamespace(now=lambda *parts: still)
        sys.modules["statsmodels.iolib.summary2"].datetime = SimpleNamespace(datetime=clock)
