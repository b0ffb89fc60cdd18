"""The reports page: one file that opens offline and lists every report, rebuilt from what the runs have left."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

try:
    import fcntl
except ImportError:  # not a Unix
    fcntl = None

NAME = "index.html"
LOCK = ".index.lock"
TEMPLATES = Path(__file__).parents[1] / "templates"
STALE_AFTER = 60  # seconds after which a page half written is nobody's


@click.command()
@click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of all reports.  [default: reports/]",
)
def index(reports: Path | None) -> None:
    """Rebuild the page that lists all reports, and print its path.

    \b
    Example:
      python -m analysis index
    """
    from analysis.runs import places

    click.echo(places.shown(write(reports or places.reports())))


def write(reports: Path) -> Path:
    """Rebuild ``index.html`` in the reports folder and return its path.

    A damaged run is shown as such and raises nothing; OSError where the folder cannot be written, and the page that
    was there stays. The same runs give the same bytes.
    """
    reports.mkdir(parents=True, exist_ok=True)
    with _alone(reports):
        text = page(reports).encode("utf-8", "replace")
        new = reports / f".index-{os.getpid()}.html"
        try:
            with new.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, reports / NAME)
        finally:
            new.unlink(missing_ok=True)
        _clear(reports)
    return reports / NAME


def refresh(reports: Path) -> None:
    """Rebuild the page after a run; where that cannot be done it is said, and the run stands all the same."""
    try:
        write(reports)
    except OSError as error:
        click.echo(f"The page of all reports could not be written: {error}", err=True)


@contextlib.contextmanager
def _alone(reports: Path) -> Iterator[None]:
    """One writer at a time: of two, the one that has seen less must not be the last to rename."""
    with (reports / LOCK).open("w") as lock:
        if fcntl:
            with contextlib.suppress(OSError):  # a network folder may know no locks
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear(reports: Path) -> None:
    """Remove pages that a killed writer has left under their temporary names."""
    for left in reports.glob(".index-*.html"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_AFTER:
                left.unlink()


def page(reports: Path) -> str:
    """The reports page as HTML; everything that comes from a run is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from analysis.runs.pages import history
    from analysis.runs.pages.cards import WORDS, card

    found = [(history.ran(past), card(name, past)) for name, past in history.reports(reports)]
    cards = [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].name), reverse=True)]
    look = [TEMPLATES / "attack_timing" / "report.css", TEMPLATES / "reports_page" / "page.css"]
    script = (TEMPLATES / "reports_page" / "page.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "reports_page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    counts = Counter(each.status for each in cards)
    return environment.get_template("index.html.j2").render(
        cards=cards,
        words=WORDS,
        counts=[(WORDS[status], counts[status]) for status in WORDS if counts[status]],
        statuses=[status for status in WORDS if any(status in each.statuses for each in cards)],
        style="\n".join(path.read_text(encoding="utf-8") for path in look),
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
