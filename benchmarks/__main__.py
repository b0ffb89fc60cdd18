"""Prints the speed table: `python -m benchmarks [rates] [waiting] [process]`; ends with 1 if an aim is missed."""

from __future__ import annotations

import importlib
import sys

FAMILIES = ("rates", "waiting", "process")


def main(families: list[str]) -> int:
    """Run the families' benchmarks and print one line each as it is measured."""
    unknown = [f for f in families if f not in FAMILIES]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(FAMILIES)}", file=sys.stderr)
        return 2
    print(f"{'computation':34} {'size':16} {'ours':>11} {'peer':>11}  {'ratio':>9} {'aim':>7}  beside", flush=True)
    missed = 0
    for family in families or FAMILIES:
        for r in importlib.import_module(f"benchmarks.bench_{family}").rows():
            good = r["ratio"] <= r["aim"] and r["equal"]
            missed += not good
            note = "" if r["equal"] else "  ANSWERS DIFFER"
            note += "" if r["ratio"] <= r["aim"] else "  aim missed"
            times = f"{r['ours_s'] * 1e3:9.3f}ms {r['peer_s'] * 1e3:9.1f}ms"
            print(
                f"{r['computation']:34} {r['size']:16} {times}  {r['ratio']:9.5f} {r['aim']:7.3g}  {r['peer']}{note}",
                flush=True,
            )
    print("every aim met" if not missed else f"{missed} aims missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
