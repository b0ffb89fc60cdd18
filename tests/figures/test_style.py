"""Looks that can be told apart, and figures that carry their words with them."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.figures import page, style


def test_each_weapon_differs_in_colour_and_in_marker_and_in_line():
    looks = style.LOOKS.values()
    for part in zip(*looks, strict=True):
        assert len({str(p) for p in part}) >= len(style.LOOKS) - 1  # drone and all share the plain line
    for weapon in ("drone", "rocket", "ied"):
        others = [style.LOOKS[w] for w in ("drone", "rocket", "ied") if w != weapon]
        assert all(a != b for other in others for a, b in zip(other, style.LOOKS[weapon], strict=True))


# Machado, Oliveira and Fernandes (2009), full severity, for linear light.
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]


@pytest.mark.parametrize("matrix", [PROTAN, DEUTAN], ids=["protan", "deutan"])
def test_the_colours_of_the_three_weapons_differ_for_red_green_blind_readers(matrix):
    def seen(colour):
        code = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
        return np.clip(np.array(matrix) @ linear, 0, 1) ** (1 / 2.2)

    drone, rocket, ied = (seen(style.LOOKS[weapon].colour) for weapon in ("drone", "rocket", "ied"))
    pairs = ((drone, rocket), (drone, ied), (rocket, ied))
    # matplotlib's own red and green, a pair that such readers confuse, are 0.34 and 0.11 apart
    assert min(np.linalg.norm(a - b) for a, b in pairs) > 0.35


@pytest.mark.parametrize(
    ("label", "weapon"),
    [
        ("drone", "drone"),
        ("Drones", "drone"),
        ("armed UAV", "drone"),
        ("rocket attacks", "rocket"),
        ("roadside bomb", "ied"),
        ("small-arms", "small_arms"),
        ("all", "all"),
        ("attacks", "all"),
    ],
)
def test_a_weapon_is_known_by_its_everyday_names(label, weapon):
    assert style.look(label) == style.LOOKS[weapon]


def test_an_unknown_weapon_looks_the_same_in_every_figure():
    # crc32 does not change between runs, unlike hash()
    assert style.look("catapult") == style.look("catapult")
    assert style.look("catapult") not in style.LOOKS.values()
    assert style.looks(["drone", "catapult"])["catapult"] == style.looks(["catapult"])["catapult"]


def test_names_that_would_share_a_look_are_told_apart():
    many = style.looks([f"weapon {i}" for i in range(18)])
    assert len(set(many.values())) == 18
    assert len(set(style.looks(["drone", "uav", "drones"]).values())) == 3


def test_use_makes_own_figures_look_like_ours():
    import matplotlib

    with matplotlib.rc_context():
        style.use()
        assert matplotlib.rcParams["font.size"] == style.TEXT
        assert matplotlib.rcParams["text.parse_math"] is False
        assert matplotlib.rcParams["svg.fonttype"] == "path"


def test_a_new_figure_has_the_size_asked_for():
    fig, ax = style.new(width=style.ONE_COLUMN, height=2.0)
    assert fig.get_size_inches().tolist() == [style.ONE_COLUMN, 2.0]
    assert fig.axes == [ax]
    with pytest.raises(ParameterError, match="inches"):
        style.new(width=0)
    with pytest.raises(ParameterError, match="inches"):
        style.new(height=100)


def test_alternative_text_is_what_the_axes_say_in_order():
    fig, ax = style.new()
    assert style.alt_text(fig) == ""
    style.describe(ax, "Two strikes\n  in May.")
    style.describe(fig.add_subplot(), "Nothing after.")
    assert style.alt_text(fig) == "Two strikes in May. Nothing after."


def test_a_file_carries_the_alternative_text_and_nothing_of_the_machine(tmp_path):
    fig, ax = style.new(height=1)
    style.describe(ax, 'A "quoted" <b> & more.')
    svg, png, pdf = page.save(fig, tmp_path / "plot.png", formats=("svg", "png", "pdf"))
    assert [f.name for f in (svg, png, pdf)] == ["plot.svg", "plot.png", "plot.pdf"]
    text = svg.read_text(encoding="utf-8")
    assert 'role="img" aria-label="A &quot;quoted&quot; &lt;b&gt; &amp; more."' in text
    assert "Matplotlib" not in text
    assert "dc:date" not in text
    assert b"more." in png.read_bytes()
    assert b"Software" not in png.read_bytes()
    assert b"CreationDate" not in pdf.read_bytes()


def test_a_dot_in_a_name_is_no_ending(tmp_path):
    fig, _ = style.new(height=1)
    assert [f.name for f in page.save(fig, tmp_path / "as of 4.6")] == ["as of 4.6.svg", "as of 4.6.png"]


def test_an_unknown_format_lists_the_known_ones():
    with pytest.raises(ParameterError, match="svg, png, pdf; got 'gif'"):
        page.render(style.new()[0], "gif")


def test_a_notebook_shows_the_figure_with_its_alternative_text():
    from IPython.core.formatters import DisplayFormatter

    fig, ax = style.new(height=1)
    style.describe(ax, "Two <strikes>.")
    data, metadata = DisplayFormatter().format(fig)
    assert 'alt="Two &lt;strikes&gt;."' in data["text/html"]
    assert 'src="data:image/svg+xml;base64,' in data["text/html"]
    assert data["image/svg+xml"].startswith("<?xml")
    assert data["image/png"].startswith("iVBOR")
    assert metadata["image/png"]["alt"] == "Two <strikes>."
    assert metadata["image/png"]["width"] == round(7.2 * 96)
