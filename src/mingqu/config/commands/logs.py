"""The command `mingqu logs`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from mingqu.config.commands.installation import Installation, Refused, django_for
from mingqu.kernel import logfiles


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--address", help="print the lines of requests that came from this address")
    parser.add_argument("--day", default="", help="of this day alone, as 2026-11-23")


def logs(options: argparse.Namespace) -> None:
    """
    What log files there are, from which days, and for how long they are kept; with --address the lines of an address,
    which stands in them as a keyed digest alone.
    """
    installation = Installation.here()
    if installation.logs is None:
        raise Refused("MINGQU_LOG_FOLDER is none: no log is kept.")
    found = [*logfiles.log_files(installation.logs)]
    if options.day:
        found = [one for one in found if one.day.isoformat() == options.day]
    if options.address:
        for line in lines_of(
            options.address, [one.path for one in found if one.stream in ("access", "signin")]
        ):
            print(line)
        return
    for line in overview(installation.logs, found):
        print(line)


def overview(folder: Path, found: list[logfiles.LogFile]) -> Iterator[str]:
    days = logfiles.days_kept(os.environ.get("MINGQU_LOG_DAYS", ""))
    kept = f"kept {days} days" if days else "nothing is removed: MINGQU_LOG_DAYS is too small"
    yield f"{folder}: {kept}"
    for stream, files in groupby(sorted(found, key=lambda one: one.stream), key=lambda one: one.stream):
        own = list(files)
        size = sum(one.path.stat().st_size for one in own) / 2**20
        yield f"{stream}: {min(one.day for one in own)} to {max(one.day for one in own)}, {size:.1f} MiB"


def lines_of(address: str, files: list[Path]) -> Iterator[str]:
    with django_for("mingqu logs --address"):
        from mingqu.upkeep.access_log import digest_of

        wanted = f" from={digest_of(address)} "
    for path in files:
        with path.open(encoding="utf-8") as lines:
            yield from (line.rstrip() for line in lines if wanted in line)
