"""What a notebook calls to open its run and to close it, the same wherever the notebook is run."""

from __future__ import annotations

import gc
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError
from analysis.results import Finding
from analysis.runs import data, places, record
from analysis.runs.declared import Declared
from analysis.runs.domains import is_file

# Set by our runner: where to write, and which file is being run. Without a folder nothing is written.
FOLDER = "ATTACK_TIMING_RUN_FOLDER"
NOTEBOOK = "ATTACK_TIMING_NOTEBOOK"


def open_run(name: str, /, **parameters: Any) -> Run:
    """Open the run of the notebook ``name``: check and type its parameters, and set how figures look.

    Parameters
    ----------
    name : stem of the notebook's file, for example "silence_and_suspension"
    parameters : every parameter of the notebook's parameters cell, under its own name

    Raises one ParameterError with every unknown, missing or wrong parameter. Dates are ISO texts; the path of
    a data file is found from the project folder, whatever folder the notebook runs in.
    """
    from analysis.runs.parameters import from_values

    settings = from_values(_declared(name, parameters), parameters)
    paths = {
        k: str(data.located(v)) for k, v in settings.model_dump().items() if is_file(k) and isinstance(v, str) and v
    }
    _set_style()
    # What the imports have made lives as long as the kernel: the collector need not look through it again and again.
    gc.freeze()
    folder = os.environ.get(FOLDER)
    return Run(name, settings.model_copy(update=paths), Path(folder) if folder else None)


def _declared(name: str, parameters: Mapping[str, Any]) -> tuple[Declared, ...]:
    """What the notebook's file declares; one that is nowhere on disk is typed by the values it passes."""
    from analysis.runs.notebook import declared_in

    run_by_us = os.environ.get(NOTEBOOK)
    path = Path(run_by_us) if run_by_us else places.notebooks() / f"{name}.ipynb"
    if not path.is_file():
        return tuple(Declared(k, v) for k, v in parameters.items())
    on_disk = declared_in(path)
    # A parameter just written in an open notebook is not in its file yet.
    known = {each.name for each in on_disk}
    unsaved = () if run_by_us else tuple(Declared(k, v) for k, v in parameters.items() if k not in known)
    return on_disk + unsaved


def _set_style() -> None:
    import pandas as pd

    from analysis.figures import style

    style.use()
    # A sentence in a table is read to its end, and a table to its last row.
    pd.set_option("display.max_colwidth", None, "display.max_rows", 200, "display.max_columns", 50)


class Run:
    """An open run: its settings, its random numbers, and what it has found and drawn so far."""

    def __init__(self, name: str, settings: Any, folder: Path | None) -> None:
        self.name = name
        self.settings = settings
        self.folder = folder
        self.findings: dict[str, Finding] = {}
        self.verdicts: dict[str, Any] = {}
        self.figures: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Run({self.name!r}, {self.settings!r})"

    def rng(self, label: str):
        """Random numbers for one purpose: made from the seed and the label, so that no draw moves another.

        Parameters
        ----------
        label : what the numbers are for, for example "longest silence"; the same label gives the same numbers
        """
        import numpy as np

        seed = getattr(self.settings, "seed", None)
        if seed is None:
            raise ParameterError("random numbers need a seed: declare seed = 20210604 in the parameters cell")
        key = hashlib.sha256(str(label).encode()).digest()
        return np.random.default_rng([seed, int.from_bytes(key[:8], "big")])

    def record(
        self, findings: Mapping[str, Finding] | Iterable[Finding], verdicts: Mapping[str, Any] | None = None
    ) -> None:
        """Keep findings under their names, and verdicts under the names of the claims they answer.

        A name can be recorded once in a report; in an open notebook, where cells run again, the last counts.
        """
        self._keep(self.findings, record.named(findings))
        self._keep(self.verdicts, {str(k): record.verdict_record(v) for k, v in (verdicts or {}).items()})

    def figure(self, fig: Any, name: str, alt: str = "") -> None:
        """Show a figure, and keep it as svg and png where the run has a folder.

        Parameters
        ----------
        fig : a matplotlib Figure, or anything drawn on one (an axes, an array of axes)
        name : file name without ending: small letters, digits, underscores and hyphens
        alt : what the figure shows, in a sentence for who cannot see it; by default what its axes say
        """
        from analysis.figures import page, style

        fig = _figure_of(fig)
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
            raise ParameterError(f"the name of a figure has small letters, digits, _ and - only; got {name!r}")
        if alt:
            style.describe(fig.axes[0], alt)
            for ax in fig.axes[1:]:
                style.describe(ax, "")
        if not style.alt_text(fig):
            raise ParameterError(f"figure {name!r} needs alt='...': a sentence that says what it shows")
        self._keep(self.figures, {name: style.alt_text(fig)})
        svg = None
        if self.folder:
            (self.folder / "figures").mkdir(exist_ok=True)
            svg = page.save(fig, self.folder / "figures" / name)[0].read_bytes()
        _show(page.html(fig, svg=svg), style.alt_text(fig))
        _forget(fig)

    def close(self, headline: str | None = None) -> Summary:
        """End the run: write the findings where it has a folder, and say what was found. The last call.

        Parameters
        ----------
        headline : name of the recorded verdict or finding that stands for the report where reports are listed; by
            default the first verdict, else the first finding

        Raises ParameterError where nothing of that name was recorded.
        """
        lead = record.headline(self.findings, self.verdicts, headline)
        if self.folder:
            record.write(self.folder, self.findings, self.verdicts, lead)
        return Summary(self.name, len(self.findings), len(self.figures), record.digest(self.findings))

    def _keep(self, kept: dict[str, Any], new: Mapping[str, Any]) -> None:
        twice = sorted(kept.keys() & new.keys())
        if self.folder and twice:
            raise ParameterError(f"recorded twice: {', '.join(twice)}; give each its own name")
        kept.update(new)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run leaves: how many findings and figures, and the digest by which two runs can be compared."""

    name: str
    findings: int
    figures: int
    digest: str

    def __str__(self) -> str:
        return f"{self._counts()}; digest of the findings {self.digest[:16]}"

    def _repr_html_(self) -> str:
        digest = f"<code>{escape(self.digest[:16])}</code>"
        return f"<p class='summary'>{self._counts()}; digest of the findings {digest}.</p>"

    def _counts(self) -> str:
        return f"{_count(self.findings, 'finding')} and {_count(self.figures, 'figure')} recorded"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _figure_of(drawn: Any):
    """The figure behind what a drawing function gave back."""
    fig = drawn if hasattr(drawn, "savefig") else getattr(drawn, "figure", None)
    if fig is None and hasattr(drawn, "flat"):
        fig = next((ax.figure for ax in drawn.flat), None)
    if fig is None or not getattr(fig, "axes", None):
        raise ParameterError(f"a figure with at least one axes is needed, got {type(drawn).__name__}")
    return fig


def _show(html: str, alt: str) -> None:
    """Display in a notebook; elsewhere there is nobody to see it."""
    shell = sys.modules.get("IPython")
    if shell is not None and shell.get_ipython() is not None:
        shell.display.display({"text/html": html, "text/plain": alt}, raw=True)


def _forget(fig: Any) -> None:
    """Keep pyplot, where somebody has used it, from showing the figure a second time."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
