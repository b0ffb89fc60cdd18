"""The process of a kernel: what the notebook will import is imported while the runner gets ready itself."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
from collections.abc import Iterator

from analysis.runs.kernels import steady

IMPORTS = "ATTACK_TIMING_IMPORTS"
# What the first figure and the first table of a report import inside their functions.
DRAWN_WITH = (
    "matplotlib.figure matplotlib.dates matplotlib.ticker matplotlib.backends.backend_agg "
    "matplotlib.backends.backend_svg PIL.PngImagePlugin pydantic scipy.stats scipy.optimize"
)

READ_WITH = "pandera.pandas"  # what reading a catalogue imports inside its functions


def ahead(names: str) -> str:
    """All that is worth importing for a notebook that imports ``names``, divided by blanks as they are."""
    reads = any(name.startswith(("analysis.load", "analysis.catalogue")) for name in names.split())
    return " ".join([names, DRAWN_WITH, *([READ_WITH] if reads else [])])


def load(names: str) -> None:
    """Import modules by name, divided by blanks; what cannot be imported is left for its cell to tell."""
    with lasting():
        for name in names.split():
            with contextlib.suppress(Exception):
                importlib.import_module(name)


@contextlib.contextmanager
def lasting() -> Iterator[None]:
    """For imports: what they make lives as long as the process, and the collector never need look through it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def main() -> None:
    """Import, then wait for cells."""
    load(ahead(os.environ.pop(IMPORTS, "")))
    steady.settle()
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
