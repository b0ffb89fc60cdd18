"""What holds for every figure: nothing cut off or covered, the same bytes, words where there are no data."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from matplotlib.text import Text

from analysis.figures import page, style

ROOT = Path(__file__).parents[2]


def boxes_of(texts):
    """Text and its box in pixels, without the lines that some names have."""
    return [(text.get_text(), Text.get_window_extent(text)) for text in texts]


def overlap(a, b, slack=1.0):
    return min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack


def cut_off(shown):
    """Texts that reach over the edge of the paper."""
    paper = shown.fig.bbox
    return [
        words
        for words, box in boxes_of(shown.texts())
        if min(box.x0, box.y0) < -0.5 or box.x1 > paper.x1 + 0.5 or box.y1 > paper.y1 + 0.5
    ]


def test_no_text_is_cut_off_or_covered_by_another(picture, seen):
    shown = seen(picture)
    shown.fig.draw_without_rendering()
    boxes = boxes_of(shown.texts())
    assert boxes
    assert cut_off(shown) == []
    for i, (words, box) in enumerate(boxes):
        for others, other in boxes[i + 1 :]:
            assert not overlap(box, other), f"{words!r} and {others!r} lie on each other"


def test_every_figure_says_in_words_what_it_shows(picture):
    text = style.alt_text(picture.figure)
    assert len(text) > 30
    assert text.endswith(".")
    assert "nan" not in text.split()
    assert "None" not in text


def test_no_picture_is_empty(picture, name, seen):
    shown = seen(picture)
    if "without" in name or "thin" in name or "nothing" in name:
        sentences = shown.named("sentence")
        assert sentences
        assert all(sentence.startswith("No ") for sentence in sentences)
    else:
        assert "n = " in shown.words()


def test_text_from_data_stays_text(picture, seen):
    shown = seen(picture)
    assert not any(text.get_parse_math() or text.get_usetex() for text in shown.texts())


def test_the_same_data_give_the_same_bytes(picture, name, gallery):
    content = page.render(picture.figure, "svg")
    assert page.render(gallery[name]().figure, "svg") == content
    tags = {element.tag.split("}")[-1].lower() for element in ET.fromstring(content).iter()}
    assert "script" not in tags


@pytest.mark.parametrize("name", ["timeline", "wait bars in hours", "survival", "cumulative in hours"])
def test_a_figure_can_be_saved_twice_in_any_order(name, gallery):
    fig, again = gallery[name]().figure, gallery[name]().figure
    svg, png = page.render(fig, "svg"), page.render(fig, "png", dpi=70)
    assert page.render(again, "png", dpi=70) == png
    assert page.render(again, "svg") == svg
    assert page.render(fig, "svg") == svg


@pytest.mark.parametrize("name", ["timeline", "wait bars", "surprise by law"])
def test_personal_settings_do_not_change_a_picture(name, gallery):
    import matplotlib

    plain = page.render(gallery[name]().figure, "svg")
    mine = {
        "font.size": 21,
        "axes.grid": True,
        "text.parse_math": True,
        "lines.linewidth": 9,
        "svg.hashsalt": "x",
    }
    with matplotlib.rc_context(mine):
        before = dict(matplotlib.rcParams)
        theirs = page.render(gallery[name]().figure, "svg")
        assert dict(matplotlib.rcParams) == before
    assert theirs == plain


@pytest.mark.parametrize(
    "name",
    [
        *("timeline", "wait bars", "survival", "surprise", "cumulative", "ratios", "rate bars", "trend", "progress"),
        *("factor curve", "intensity", "rescaled waits", "branching"),
        "correlogram",
        "matches",
        "while on",
        "rivals",
        *("hazard ratios", "cumulative hazard", "interrupted", "interrupted on dates", "onset"),
        "timeline",
        "wait bars",
        "survival",
        "surprise",
        "cumulative",
        "ratios",
        "rate bars",
        "trend",
        "progress",
        "placebo dates",
        "power",
        *("power ahead", "fan", "pit"),
    ],
)
def test_a_figure_fits_one_column_and_a_given_axes(name, gallery, seen):
    _, ax = style.new(width=style.ONE_COLUMN, height=3.0)
    assert gallery[name](ax) is ax
    shown = seen(ax)
    shown.fig.draw_without_rendering()
    assert cut_off(shown) == []


def test_drawing_leaves_pyplot_alone():
    code = """
import sys
import analysis.figures
assert "matplotlib" not in sys.modules, "importing the figures imports matplotlib"
from analysis import EventSeries
from analysis.figures import page, rates, timeline, waiting
series = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)
for ax in (timeline.timeline({"drone": series}), waiting.wait_bars(series), rates.cumulative(series)):
    page.render(ax.figure, "svg")
print("matplotlib.pyplot" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
