"""Published and independently computed numbers, handed to tests by case."""

from __future__ import annotations

import json
from pathlib import Path

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
