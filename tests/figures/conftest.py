"""The standard pictures with what they are drawn from, and a way to read what a figure shows."""

from __future__ import annotations

from functools import cache

import pytest

from analysis.figures import style

from . import cases as drawn
from . import gallery_patterns, gallery_waits

GALLERY = gallery_waits.PICTURES | gallery_patterns.PICTURES


class Seen:
    """What an axes shows, by the names (gid) the figures give to what they draw."""

    def __init__(self, ax) -> None:
        self.ax = ax
        self.fig = ax.get_figure(root=True)

    def lines(self, gid: str) -> list:
        return [line for line in self.ax.lines if line.get_gid() == gid]

    def patches(self, gid: str) -> list:
        return [patch for patch in self.ax.patches if patch.get_gid() == gid]

    def collections(self, gid: str) -> list:
        return [found for found in self.ax.collections if found.get_gid() == gid]

    def texts(self) -> list:
        """Every text that can be read, ticks and labels included.

        Ticks are made when they are first asked for, with the settings of that moment: here, as when a page is drawn.
        """
        with style.printed():
            axes = (self.ax.xaxis, self.ax.yaxis)
            ticks = [
                label
                for axis in axes
                for at, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
                if min(axis.get_view_interval()) <= at <= max(axis.get_view_interval())
            ]
            found = [*self.ax.texts, *ticks, *(axis.label for axis in axes), self.ax.title]
            return [text for text in found if text.get_visible() and text.get_text().strip()]

    def words(self) -> str:
        return " | ".join(" ".join(text.get_text().split()) for text in self.texts())

    def named(self, gid: str) -> list[str]:
        return [text.get_text() for text in self.ax.texts if text.get_gid() == gid]


@pytest.fixture
def seen():
    return Seen


@pytest.fixture
def gallery():
    return GALLERY


@cache
def hung(name: str):
    """A picture of the gallery, drawn once for all tests that only look."""
    return GALLERY[name]()


@pytest.fixture(params=sorted(GALLERY))
def name(request):
    """Every standard figure in turn."""
    return request.param


@pytest.fixture
def picture(name):
    """The axes of every standard figure in turn, to be looked at and not touched."""
    return hung(name)


@pytest.fixture
def cases():
    """The series and findings by name."""
    return {name: value for name, value in vars(drawn).items() if name.isupper()}
