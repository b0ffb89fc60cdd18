"""How every figure looks: print sizes, colours safe for colour-blind readers, the same on every machine."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

ONE_COLUMN, TWO_COLUMNS = 3.5, 7.2  # inches: 89 and 183 mm, the columns of most journals
TEXT, SMALL = 9.0, 8.0  # points; still 4 points when a page is printed at half size

# Okabe and Ito (2008), without the yellow that vanishes on white paper.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#666666"
INK = "#333333"  # names
BAND, FAINT = "#DCE6EF", "#B4B4B4"
# Pale enough to print black on; told apart by their edges and names, never by tint alone.
SHADES = ("#F3E3C3", "#DDE8DC", "#E6DFEC", "#E3E3E3")
UNWATCHED = "////"

# svg.fonttype is 'path': letters are drawn, so that the picture is the same where the font is missing. What a
# screen reader or a search needs is the alternative text, which every saved file carries.
PRINT = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib itself
    "font.size": TEXT,
    "axes.labelsize": TEXT,
    "axes.titlesize": TEXT,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "lines.linewidth": 1.4,
    "lines.markersize": 5.5,
    "hatch.linewidth": 0.6,
    "errorbar.capsize": 2.5,
    "figure.figsize": (TWO_COLUMNS, 3.0),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 300,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "analysis",  # ids inside an svg would else be drawn at random
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a dollar sign in somebody's data is a dollar sign
    "text.usetex": False,
}
# What a personal matplotlibrc may change without changing the picture.
_FREE = (
    "backend",
    "date.",
    "docstring",
    "figure.hooks",
    "interactive",
    "keymap",
    "timezone",
    "tk.",
    "toolbar",
    "webagg",
)


class Look(NamedTuple):
    """Colour, marker and line style of one weapon; any of the three tells it from the others."""

    colour: str
    marker: str
    line: str | tuple


LOOKS = {
    "drone": Look(BLUE, "o", "-"),
    "rocket": Look(VERMILLION, "^", "--"),
    "ied": Look(GREEN, "s", "-."),
    "mortar": Look(PURPLE, "v", ":"),
    "missile": Look(ORANGE, "D", (0, (6, 1, 1, 1, 1, 1))),
    "small_arms": Look(SKY, "P", (0, (3, 1))),
    "unknown": Look(GREY, "X", (0, (1, 2))),
    "all": Look(BLACK, "h", "-"),
}
ALIASES = {
    "uav": "drone", "rockets": "rocket", "bomb": "ied", "convoy": "ied", "roadside": "ied",
    "every": "all", "attacks": "all", "events": "all", "other": "unknown",
}  # fmt: skip
_SPARE = [
    Look(colour, marker, (0, (dash, 2)))
    for dash, marker in ((2, "*"), (4, "<"), (6, "p"), (8, ">"), (10, "d"))
    for colour in (ORANGE, SKY, PURPLE, GREY)
]


def look(name: str) -> Look:
    """The look of a weapon, the same in every figure; that of an unknown one depends on its name alone."""
    words = str(name).lower().replace("-", " ").replace("_", " ").split()
    joined = "_".join(words)
    if joined in LOOKS:
        return LOOKS[joined]
    for word in words:
        known = ALIASES.get(word, word.removesuffix("s"))
        if known in LOOKS and known != "all":
            return LOOKS[known]
    if any(ALIASES.get(word, word) == "all" for word in words):
        return LOOKS["all"]
    return _SPARE[zlib.crc32(joined.encode()) % len(_SPARE)]


def unknown(name: str) -> bool:
    """Whether a name tells no weapon, so that its look depends on the name alone."""
    return look(name) in _SPARE


def looks(names: Iterable[str]) -> dict[str, Look]:
    """The looks of several weapons; of two that would share one, the later gets the next spare look."""
    given: dict[str, Look] = {}
    for name in names:
        chosen = look(name)
        start = _SPARE.index(chosen) if chosen in _SPARE else zlib.crc32(str(name).encode()) % len(_SPARE)
        spare = (_SPARE[(start + i) % len(_SPARE)] for i in range(len(_SPARE)))
        while chosen in given.values() and len(given) < len(_SPARE):
            chosen = next(spare, chosen)
        given[name] = chosen
    return given


def settings() -> dict:
    """Every matplotlib setting a picture depends on: the defaults of matplotlib, then ours."""
    import matplotlib

    defaults = {k: v for k, v in dict.items(matplotlib.rcParamsDefault) if not k.startswith(_FREE)}
    return defaults | PRINT


@contextmanager
def printed() -> Iterator[None]:
    """Draw as for print, whatever the caller's own settings are; every figure function runs inside it."""
    import matplotlib

    with matplotlib.rc_context(settings()):
        yield


def use() -> None:
    """Make one's own figures look like ours: sets matplotlib's own settings, from here on."""
    import matplotlib

    matplotlib.rcParams.update(PRINT)


def new(*, width: float = TWO_COLUMNS, height: float = 3.0):
    """An empty figure in inches and its axes; it shows itself in JupyterLab and knows nothing of pyplot."""
    from analysis.figures.page import page

    with printed():
        fig = page(width, height)
        return fig, fig.add_subplot()


def describe(ax, text: str) -> None:
    """Give an axes its alternative text: a plain sentence built from the data it shows."""
    ax.alternative_text = " ".join(str(text).split())


def alt_text(fig) -> str:
    """The alternative text of a figure: what its axes say, in order; empty where nobody said anything."""
    sentences = (getattr(ax, "alternative_text", "") for ax in fig.axes)
    return " ".join(s for s in sentences if s)
