"""The process of a kernel: what the notebook will import is imported while the runner gets ready itself."""

from __future__ import annotations

import contextlib
import importlib
import os

from analysis.runs.kernels import steady

IMPORTS = "ATTACK_TIMING_IMPORTS"
# What the first figure and the first table of a report import inside their functions.
DRAWN_WITH = (
    "matplotlib.figure matplotlib.dates matplotlib.ticker matplotlib.backends.backend_agg "
    "matplotlib.backends.backend_svg PIL.PngImagePlugin pandera.pandas pydantic scipy.stats scipy.optimize"
)


def load(names: str) -> None:
    """Import modules by name, divided by blanks; what cannot be imported is left for its cell to tell."""
    for name in names.split():
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def main() -> None:
    """Import, then wait for cells."""
    load(os.environ.pop(IMPORTS, ""))
    load(DRAWN_WITH)
    steady.settle()
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
