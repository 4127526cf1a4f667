"""`python -m tests.bench [GROUP ...]`: measure, write docs/benchmarks.json and docs/benchmarks.md."""

import argparse
import importlib
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import figures, scale
from tests.bench.ground import ground

DOCS = Path(__file__).resolve().parents[2] / "docs"
GROUPS = {
    "commands": "Commands of a case",
    "bundles": "Commands of a bundle of five parts and of a project",
    "load": "Many at once",
    "web": "Over HTTP, with everything running",
    "engine": "Steps, decisions, deadlines in memory",
    "approval": "One task of ten side by side completed, kept in the database",
    "simulation": "What if: simulated cases",
    "pages": "Pages",
    "search": "Finding services",
    "ciphers": "Personal data at rest, by cipher",
    "starting": "Starting the demo",
    "background": "After the command: events, papers, seals of the ledger",
    "payments": "Fees",
    "messages": "Text messages, queued to sent",
    "bookings": "Appointments of one busy day",
    "statistics": "Statistics, beside a scan of the cases",
    "lists": "Lists, my space and counters",  # last: it fills the house
}


def main() -> None:
    """Run the groups named, all without a name."""
    parser = argparse.ArgumentParser(prog="mingqu bench", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)} (default: all)")
    parser.add_argument("--show", action="store_true", help="print the statements of each command")
    parser.add_argument("--new", action="store_true", help="of commands only those that have no figures yet")
    parser.add_argument("--dry", action="store_true", help="print, write no files")
    parser.add_argument("--cases", type=int, default=scale.CASES, help="how many the lists are measured on")
    parser.add_argument("--items", type=int, default=scale.ITEMS, help="among how many services")
    parser.add_argument("--kept", type=Path, help="a folder for the database, which stays for the next run")
    options = parser.parse_args()
    if unknown := set(options.only) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    if len(groups := options.only or list(GROUPS)) > 1:
        sys.exit(max(alone(group, sys.argv[1:]) for group in groups))
    rows, where = [], figures.machine()
    day = datetime.fromtimestamp(time.time(), UTC).date()
    figures.SHOWN_STATEMENTS = options.show
    scale.CASES, scale.ITEMS = options.cases, options.items
    (group,) = groups
    kept = figures.kept_in(DOCS / "benchmarks.json")
    figures.KNOWN = {one["name"] for one in kept if one["group"] == group} if options.new else set()
    with ground(options.kept):
        began = time.monotonic()
        for figure in importlib.import_module(f"tests.bench.{group}").bench():
            rows.append(figures.row(group, figure, day, where))
            print(figures.line(rows[-1]), end="", flush=True)
        print(f"[{group}: {time.monotonic() - began:.0f} s]", file=sys.stderr, flush=True)
    if not options.dry:
        kept = figures.keep(DOCS / "benchmarks.json", rows, list(GROUPS), beside=options.new)
        (DOCS / "benchmarks.md").write_text(figures.page(kept, GROUPS), "utf-8")


def alone(group: str, arguments: list[str]) -> int:
    """One group in a process and on a database of its own: what another left to do would be measured with it."""
    options = [one for one in arguments if one not in GROUPS]
    return subprocess.run([sys.executable, "-m", "tests.bench", group, *options], check=False).returncode


if __name__ == "__main__":
    main()
