"""A figure that keeps its look when shown or saved, carries its alternative text, and repeats its bytes."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path

from analysis.errors import ParameterError
from analysis.figures import style

FORMATS = ("svg", "png", "pdf")
CSS_DPI = 96  # pixels of a style sheet per inch


def page(width: float, height: float):
    """A figure of ``width`` times ``height`` inches that knows nothing of pyplot."""
    if not (0 < width < 50 and 0 < height < 50):
        raise ParameterError(f"width and height are inches above 0 and below 50, got {width!r} and {height!r}")
    return _page_class()(figsize=(width, height), layout="constrained")


@cache
def _page_class():
    """The class is made on first use: importing matplotlib is the costly part of importing a figure."""
    from matplotlib.figure import Figure

    class Page(Figure):
        """A matplotlib Figure that keeps the print settings after the function that filled it."""

        def draw(self, renderer):
            with style.printed():
                return super().draw(renderer)

        def savefig(self, fname, **settings):
            with style.printed():
                return super().savefig(fname, **settings)

        def _repr_mimebundle_(self, include=None, exclude=None):
            return _bundle(self)

    return Page


def render(fig, kind: str, *, dpi: float | None = None) -> bytes:
    """The figure as a file of one kind: the same bytes each time, without a date or a program's name."""
    if kind not in FORMATS:
        raise ParameterError(f"a figure is saved as one of {', '.join(FORMATS)}; got {kind!r}")
    alt = style.alt_text(fig)
    nameless = {
        "svg": {"Date": None, "Creator": None, "Title": alt or None},
        "png": {"Software": None, "Description": alt or None},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None, "Title": alt or None},
    }[kind]
    known = {k: v for k, v in nameless.items() if v is not None or k not in ("Title", "Description")}
    stream = io.BytesIO()
    with style.printed(), _arranged(fig):
        fig.savefig(stream, format=kind, dpi=dpi or style.PRINT["savefig.dpi"], metadata=known)
    content = stream.getvalue()
    return _named_svg(content, alt) if kind == "svg" else content


@contextmanager
def _arranged(fig) -> Iterator[None]:
    """Arrange the axes once and hold them: vector and bitmap alike, in half the time.

    Arranging again moves axes by rounding errors, which would change the bytes; so positions are rounded to a
    hundred thousandth of the page.
    """
    engine = fig.get_layout_engine()
    if engine is None:
        yield
        return
    engine.execute(fig)
    fig.set_layout_engine("none")
    arranged = [(ax, ax.get_position(original=True), ax.get_in_layout()) for ax in fig.axes]
    for ax, place, _ in arranged:
        ax.set_position([round(edge, 5) for edge in place.bounds])
    try:
        yield
    finally:
        fig.set_layout_engine(engine)
        for ax, place, counted in arranged:
            ax.set_position(place)
            ax.set_in_layout(counted)


def save(fig, path: str | Path, *, formats: tuple[str, ...] = ("svg", "png"), dpi: float | None = None) -> list[Path]:
    """Write ``path`` with the ending of each format (an ending of its own is replaced); returns the files."""
    stem = Path(path)
    stem = stem.with_suffix("") if stem.suffix.lstrip(".") in FORMATS else stem
    files = [stem.with_name(f"{stem.name}.{kind}") for kind in formats]
    with style.printed(), _arranged(fig):
        for file, kind in zip(files, formats, strict=True):
            file.write_bytes(render(fig, kind, dpi=dpi))
    return files


def html(fig, *, svg: bytes | None = None) -> str:
    """The figure as one ``<img>`` that needs no other file: vector inside, alternative text outside.

    ``svg`` is the drawing where it has been rendered already.
    """
    return _img(fig, render(fig, "svg") if svg is None else svg)


def _img(fig, svg: bytes) -> str:
    width, _ = (round(inches * CSS_DPI) for inches in fig.get_size_inches())
    data = base64.b64encode(svg).decode()
    alt = escape(style.alt_text(fig), quote=True)
    return (
        f'<img class="figure" alt="{alt}" width="{width}" style="max-width:100%;height:auto" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def _bundle(fig) -> tuple[dict, dict]:
    """What a notebook shows: an image with its alternative text, and beside it the vector and the bitmap."""
    svg, png = render(fig, "svg"), render(fig, "png", dpi=2 * CSS_DPI)
    width, height = (round(inches * CSS_DPI) for inches in fig.get_size_inches())
    alt = style.alt_text(fig)
    data = {
        "text/plain": alt or "figure",
        "text/html": _img(fig, svg),
        "image/svg+xml": svg.decode(),
        "image/png": base64.b64encode(png).decode(),
    }
    return data, {"image/png": {"width": width, "height": height, "alt": alt}, "image/svg+xml": {"alt": alt}}


def _named_svg(content: bytes, alt: str) -> bytes:
    """Say to a screen reader that the whole drawing is one image, and what it shows."""
    if not alt:
        return content
    label = f'<svg role="img" aria-label="{escape(alt, quote=True)}" '
    return re.sub(rb"<svg ", lambda _: label.encode(), content, count=1)
