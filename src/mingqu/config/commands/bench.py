"""`mingqu bench`: measure this version on this machine, from a checkout of the source."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from mingqu.config.commands.installation import Refused

CHECKOUT = Path(__file__).resolve().parents[4]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("only", nargs="*", metavar="GROUP", help="groups to measure (default: all)")
    parser.add_argument("--show", action="store_true", help="print the statements of each command too")
    parser.add_argument("--new", action="store_true", help="of commands only those that have no figures yet")
    parser.add_argument("--dry", action="store_true", help="print the figures, leave docs/ as it is")
    parser.add_argument("--cases", metavar="N", help="cases that lists are measured on (default: 1,000,000)")
    parser.add_argument("--items", metavar="N", help="services beside them (default: 500,000)")
    parser.add_argument("--kept", metavar="FOLDER", help="keep what was generated there, for the next run")


def bench(options: argparse.Namespace) -> int:
    """
    Measure on a database of its own with durability on; write docs/benchmarks.json and docs/benchmarks.md.

    No installation is touched. The measurements are part of the tests, which only a checkout has.
    """
    if not (CHECKOUT / "tests/bench").is_dir():
        raise Refused("Benchmarks need a checkout of the source: tests/bench is not beside this package.")
    # A process of its own: it reads settings made for its own database, and no others.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MINGQU_")}
    kept = {name: os.environ[name] for name in ("MINGQU_PG_BIN",) if name in os.environ}
    source = {"PYTHONPATH": str(CHECKOUT / "src")}
    flags = [f"--{name}" for name in ("show", "new", "dry") if getattr(options, name)]
    for name in ("cases", "items", "kept"):
        if value := getattr(options, name):
            flags += [f"--{name}", os.path.abspath(value) if name == "kept" else value]
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-m", "tests.bench", *options.only, *flags],
        cwd=CHECKOUT,
        env=clean | kept | source,
        check=False,
    )
    return done.returncode
