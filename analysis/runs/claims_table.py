"""The claims table as it came out, for the README: made from the data with the briefing's own settings."""

from __future__ import annotations

import re
from pathlib import Path

import click

from analysis.errors import ParameterError
from analysis.runs import notebook, places

BEGIN, END = "<!-- claims table: made by python -m analysis claims --write -->", "<!-- end of the claims table -->"


@click.command()
@click.option("--write", is_flag=True, help="Put the table between the markers in README.md.")
def claims(write: bool) -> None:
    """Print the claims table: what was claimed, and the verdicts on both days, as Markdown.

    \b
    Examples:
      python -m analysis claims
      python -m analysis claims --write
    """
    made = table()
    if not write:
        click.echo(made)
        return
    page = places.root() / "README.md"
    page.write_text(replaced(page.read_text(encoding="utf-8"), made), encoding="utf-8", newline="\n")
    click.echo(places.shown(page))


def table() -> str:
    """The claims table as Markdown, the headline first, from the parameters that the briefing declares."""
    from analysis import checks, load, prose
    from analysis.catalogue import claims as register_of

    set_to = {d.name: d.default for d in notebook.read(notebook.find("briefing")).declared}
    now = load(set_to["catalogue"])
    then = load(set_to["catalogue"], as_of=set_to["as_of"])
    asked = {"target_class": set_to["target_class"] or None, "changes": checks.usual_changes(), "seed": set_to["seed"]}
    columns = prose.columns(register_of(set_to["register_file"]), then, now, **asked)
    return markdown(prose.verdict_table(columns, set_to["headline"]))


def markdown(frame) -> str:
    """A frame of texts as a Markdown table, its index in the first column."""
    heads = ["", *map(str, frame.columns)]
    lines = [heads, ["---"] * len(heads), *([str(row[0]), *map(str, row[1:])] for row in frame.itertuples())]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def replaced(page: str, made: str) -> str:
    """The page with ``made`` between its markers; a page without them raises."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(page):
        raise ParameterError(f"the page has no markers for the table; put {BEGIN!r} and {END!r} into it")
    return pattern.sub(lambda _: f"{BEGIN}\n\n{made}\n\n{END}", page)


def standing(page: Path) -> str:
    """The table that stands between the markers of a page."""
    text = page.read_text(encoding="utf-8")
    return text.split(BEGIN)[1].split(END)[0].strip()
