"""Small catalogues written for one test."""

from __future__ import annotations

import pytest

from analysis.catalogue import load


@pytest.fixture
def write(tmp_path):
    """Write lines (or bytes) to a file of that name and give its path."""

    def written(*lines, name="mine.csv"):
        path = tmp_path / name
        content = lines[0] if isinstance(lines[0], bytes) else ("\n".join(lines) + "\n").encode()
        path.write_bytes(content)
        return path

    return written


@pytest.fixture
def table(write):
    """Load a catalogue given as lines of CSV."""

    def loaded(*lines, **settings):
        return load(write(*lines), **settings)

    return loaded


@pytest.fixture(scope="session")
def attacks():
    """The whole packaged catalogue."""
    return load("data/attacks.csv")


@pytest.fixture(scope="session")
def article():
    """The packaged catalogue as it stood on the day of the article."""
    return load("data/attacks.csv", as_of="2021-06-04")
