"""Published and independently computed numbers, handed to tests by case, and made-up runs of reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).parent / "reference"
BESIDE = Path(__file__).parents[2] / "shared" / "reference"


class Case:
    """One folder of reference data with its ``expected.json``; tolerance is absolute and element-wise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))

    def csv(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / name)

    def value(self, quantity: str):
        return self.expected[quantity]["value"]

    def check(self, quantity: str, computed) -> None:
        """Assert that ``computed`` is the expected value of ``quantity`` within its tolerance."""
        entry = self.expected[quantity]
        value, computed = np.asarray(entry["value"], dtype=float), np.asarray(computed, dtype=float)
        near = np.abs(computed - value) <= np.maximum(entry["tolerance"], 1e-12)
        assert computed.squeeze().shape == value.squeeze().shape  # a list of one is written as its value
        assert near.all(), f"{self.folder.name}: {quantity} is {computed}, expected {value} ({entry['source']})"


@pytest.fixture(scope="session")
def reference():
    """A function from a case's name to the case; skips where the case may not be copied and is not at hand."""

    def find(name: str) -> Case:
        for root in (HERE, BESIDE):
            if (root / name / "expected.json").exists():
                return Case(root / name)
        pytest.skip(f"reference case {name} may not be redistributed and is not beside this clone")

    return find


def finding(value: float = 24.0, pvalue: float | None = 0.28, **parts: Any):
    """A finding with limits; ``low``, ``high``, ``name`` and ``unit`` are of its effect, what else of the finding."""
    from analysis import Estimate, Finding

    effect = {"name": "silence", "low": 0.0, "high": 93.7, "unit": "day"}
    effect |= {k: parts.pop(k) for k in tuple(parts) if k in effect}
    given = {"question": "How long was it quiet?", "null": "The pace went on.", "method": "a method", "n_events": 3}
    given |= {"statistic": value, "warnings": ("made up",)} | parts
    return Finding(pvalue=pvalue, effect=Estimate(value=value, **effect), **given)


def write_run(reports: Path, name: str, run_id: str, started: str = "2021-06-05T06:00:00+00:00", **given: Any) -> Path:
    """The folder of a made-up run as a report leaves it; ``given`` replaces parts of its manifest.

    Of what is given, ``findings`` and ``verdicts`` (both by name), ``headline`` (a name) and ``html`` are written into
    files of the folder; a run that failed is put into the folder that failed runs get.
    """
    from analysis.runs import manifest, record

    findings, verdicts = given.pop("findings", {"silence": finding()}), given.pop("verdicts", {})
    failed = given.get("status") == "failed"
    folder = reports / name / (f"failed-{run_id}" if failed else run_id)
    folder.mkdir(parents=True)
    (folder / "report.html").write_text(given.pop("html", f"<!DOCTYPE html><title>{run_id}</title>"), encoding="utf-8")
    lead = given.pop("headline", None)
    if not failed:
        record.write(folder, findings, verdicts, record.headline(findings, verdicts, lead))
        (folder / record.MARKER).unlink()
    told = {
        "format": manifest.FORMAT,
        "run_id": run_id,
        "status": "ok",
        "notebook": {"name": name, "title": f"The {name}", "path": f"notebooks/{name}.ipynb"},
        "question": "Did it stop?",
        "parameters": {"catalogue": "data/attacks.csv", "as_of": "2021-06-04", "level": 0.95},
        "as_of": "2021-06-04",
        "data": [{"parameter": "catalogue", "path": "data/attacks.csv", "sha256": "a" * 64, "bytes": 100}],
        "inputs": {"parameters": "p", "notebook": "n", "code": "c", "libraries": "l", "data": "d"},
        "code": {"commit": "0" * 40, "dirty": False},
        "versions": {"python": "3.11.7", "numpy": "2.4.6"},
        "platform": {"machine": "x86_64"},
        "started": started,
        "error": None,
        "findings_sha256": None if failed else manifest.outputs(folder)["findings.json"],
    }
    manifest.write(folder, told | manifest.found(folder) | given)
    return folder


@pytest.fixture
def made_up(tmp_path: Path):
    """Writes made-up runs below an empty reports folder: ``made_up(name, run_id, started, ...)``; has ``finding``."""

    def write(name: str, run_id: str, *words: str, **given: Any) -> Path:
        return write_run(write.reports, name, run_id, *words, **given)

    write.reports, write.finding = tmp_path / "reports", finding
    return write
