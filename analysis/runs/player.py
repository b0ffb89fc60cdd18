"""Playing a notebook through papermill, in a kernel already starting, with a line in the log for a cell."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from analysis.runs.kernels.kernel import NAME, Kernel
from analysis.runs.notebook import Notebook

ENGINE = "attack-timing"
START_SECONDS = 60


@dataclass(slots=True)
class Played:
    """A notebook after it was played: the cells with their outputs, as far as it came.

    ``at`` is the position of the last cell begun (None where no cell was), ``lost`` whether the kernel was:
    it died, or never answered. ``code`` is its exit code then (None where it runs), ``said`` its last words.
    """

    notebook: Any = None
    at: int | None = None
    lost: bool = False
    code: int | None = None
    said: str = ""

    @property
    def number(self) -> int | None:
        """The number of the last cell begun among the code cells, counted from 1."""
        if self.at is None or self.notebook is None:
            return None
        return sum(c.cell_type == "code" and bool(c.source.strip()) for c in self.notebook.cells[: self.at + 1])


def play(notebook: Notebook, values: dict[str, Any], kernel: Kernel, log: Callable[[str], None], bar: bool) -> Played:
    """Run every cell of a notebook; ``values`` are the parameters that differ from its defaults.

    Errors of a cell stand in the cell, as an output; nothing is raised for them.
    """
    played, kept = Played(), []
    with _papermill() as papermill, _cells(notebook, played, log, bar) as hooks:
        try:
            papermill.execute_notebook(
                _node(notebook),
                None,
                parameters=values,
                engine_name=ENGINE,
                kernel_name=NAME,
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                start_timeout=START_SECONDS,
                iopub_timeout=START_SECONDS,
                km=kernel.manager,
                kept=kept,
                **hooks,
            )
        except papermill.PapermillExecutionError:
            pass
        except (RuntimeError, TimeoutError):  # DeadKernelError is a RuntimeError
            played.lost, played.code, played.said = True, kernel.ended, kernel.said
    played.notebook = kept[0] if kept else _node(notebook)
    return played


@contextmanager
def _papermill() -> Iterator[Any]:
    """papermill without its own log, with an engine that lets us keep the notebook when the kernel dies."""
    papermill = load_papermill()
    logger = logging.getLogger("papermill")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield papermill
    finally:
        logger.setLevel(before)


def load_papermill():
    """Import papermill, with our engine registered.

    jsonschema, which papermill brings along, builds the grammar of international web addresses while it is
    imported, at more than half of the whole start-up. No part of a notebook is such an address, and
    jsonschema counts the grammar as optional, so it is kept out for the length of this import.
    """
    grammar = "rfc3987_syntax"
    absent = grammar not in sys.modules
    if absent:
        sys.modules[grammar] = None
    try:
        import papermill
        from papermill.engines import NBClientEngine, papermill_engines
    finally:
        if absent:
            sys.modules.pop(grammar, None)

    class Engine(NBClientEngine):
        """papermill's own engine; ``kept`` receives the notebook it works on."""

        @classmethod
        def execute_managed_notebook(cls, nb_man, kernel_name, kept, **settings):
            kept[:] = [nb_man.nb]
            return super().execute_managed_notebook(nb_man, kernel_name, **settings)

    papermill_engines.register(ENGINE, Engine)
    return papermill


def _node(notebook: Notebook):
    """The notebook for papermill; a cell without an id gets one by its place, not one drawn at random."""
    import nbformat

    node = nbformat.from_dict(notebook.content)
    node.nbformat_minor = max(node.nbformat_minor, 5)
    for i, cell in enumerate(node.cells):
        cell.setdefault("id", f"cell-{i}")
    return node


@contextmanager
def _cells(notebook: Notebook, played: Played, log: Callable[[str], None], bar: bool) -> Iterator[dict[str, Callable]]:
    """The hooks of nbclient around each cell: a line in the log, a step of the bar on a terminal."""
    total = sum(c["cell_type"] == "code" for c in notebook.content["cells"])
    progress = _bar(total) if bar else None
    begun = {"at": time.monotonic()}

    def on_cell_start(cell, cell_index):
        played.at = cell_index
        begun["at"] = time.monotonic()

    def on_cell_executed(cell, cell_index, execute_reply):
        ended = execute_reply["content"]["status"]
        first = cell.source.strip().split("\n", 1)[0][:60]
        log(f"cell [{cell.execution_count}] {time.monotonic() - begun['at']:.2f} s {ended}: {first}")
        if progress is not None:
            progress.update()

    try:
        yield {"on_cell_start": on_cell_start, "on_cell_executed": on_cell_executed}
    finally:
        if progress is not None:
            progress.close()


def _bar(total: int):
    from tqdm import tqdm

    return tqdm(total=total, unit="cell", desc="running", leave=False, file=sys.stderr)
