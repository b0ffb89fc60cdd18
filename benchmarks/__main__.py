"""Prints the speed table: `python -m benchmarks [--write] [family ...]`; ends with 1 unless every aim is met."""

from __future__ import annotations

import argparse
import sys

from benchmarks.table import FAMILIES, PAGE, as_line, heading, lines, page
from benchmarks.timing import Measured, measured


def main(arguments: list[str]) -> int:
    """Time the families' lines and print each as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Our times beside those of the peers.")
    parser.add_argument("families", nargs="*", metavar="family", help=f"some of {', '.join(FAMILIES)}; all if none")
    parser.add_argument("--write", action="store_true", help=f"put the whole table into {PAGE.name}")
    asked = parser.parse_args(arguments)
    unknown = [f for f in asked.families if f not in FAMILIES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(FAMILIES)}")
    if asked.write and asked.families:
        parser.error("--write needs the whole table: name no family")
    print(heading(), flush=True)
    found: list[Measured] = []
    for line in lines(asked.families or FAMILIES):
        found.append(measured(line))
        print(as_line(found[-1]), flush=True)
    short = [m for m in found if m.note]
    print("every aim met" if not short else f"{len(short)} of {len(found)} lines fall short")
    if asked.write:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
        print(f"written to {PAGE.name}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
