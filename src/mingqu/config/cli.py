"""The command `mingqu`. Each command's own code is in `commands/`, loaded only when it is asked for."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from mingqu.config.launcher_process import LauncherError

Run = Callable[[argparse.Namespace], int | None]


def parser() -> argparse.ArgumentParser:
    """All commands there are, with a line of help each."""
    from mingqu.config.commands import (
        backup,
        bench,
        bridge,
        check,
        definition,
        export,
        importing,
        logs,
        operate,
        search,
        serve,
        statistics,
    )

    whole = argparse.ArgumentParser(
        prog="mingqu",
        description="明渠: a platform for public services, from guide to certificate.",
        epilog="The installation's folder is MINGQU_HOME; see docs/operations/ for all settings.",
    )
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(
        name: str, text: str, run: Run, arguments: Callable[[argparse.ArgumentParser], None] | None = None
    ) -> None:
        one = commands.add_parser(name, help=text, description=run.__doc__)
        one.set_defaults(run=run)
        if arguments is not None:
            arguments(one)

    add("demo", "a complete demo: database, district, web; until Ctrl-C", serve.demo, serve.arguments)
    add("serve", "run this installation until Ctrl-C", serve.serve, serve.arguments)
    add("setup", "make a real site and its first operator", operate.setup, operate.setup_arguments)
    add("migrate", "bring the database to this version", operate.migrate, _migrate_arguments)
    add("check", "name what is wrong, or unsafe with --production", check.check, check.arguments)
    add(
        "backup",
        "a backup of everything but the keys, while the site serves",
        backup.backup,
        backup.arguments,
    )
    add("restore", "bring a backup back into an empty installation", backup.restore, backup.restore_arguments)
    add("drill", "try whether the newest backup would come back", backup.drill, backup.drill_arguments)
    add("user", "accounts of staff: list, add, lock, unlock, reset", operate.user, operate.user_arguments)
    add(
        "keys",
        "exchange the master key (rotate) or the audit ledger's (ledger)",
        operate.keys,
        operate.keys_arguments,
    )
    add("verify", "check a receipt of the audit ledger offline", operate.verify, operate.verify_arguments)
    add(
        "definition",
        "check, compare, show service definitions in files",
        definition.definition,
        definition.arguments,
    )
    add("import", "read real data from files: laws, lists, items", importing.run, importing.arguments)
    add("export", "write what is published into a folder, for others", export.export, export.arguments)
    add("search", "make the index of services anew: rebuild", search.search, search.arguments)
    add("statistics", "count all figures anew: rebuild", statistics.statistics, statistics.arguments)
    add("logs", "which log files there are; lines of an address", logs.logs, logs.arguments)
    add("bench", "measure this version on this machine", bench.bench, bench.arguments)
    add("bridge", "play the devices of a window, paired by a code", bridge.bridge, bridge.arguments)
    return whole


def _migrate_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("--force", action="store_true", help="even if this version was applied before")


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. A refusal is a sentence on standard error, never a traceback."""
    signal.signal(signal.SIGTERM, _terminated)
    options = parser().parse_args(given)
    try:
        return options.run(options) or 0
    except LauncherError as refused:
        print(f"mingqu: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("mingqu: stopped", file=sys.stderr)
        return 130


def _terminated(number: int, frame: FrameType | None) -> None:
    """SIGTERM unwinds like Ctrl-C, so that what a command started is stopped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
