"""The command `mingqu statistics`."""

from __future__ import annotations

import argparse

from mingqu.config.commands.installation import django_for, progress


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("rebuild",), help="count every case anew")


def statistics(options: argparse.Namespace) -> None:
    """
    Count the figures of statistics anew from the cases themselves. Nothing is lost by it; pages show the old ones
    until it is done.

    Needed only after data came in by other ways than commands, or when the nightly check found a difference.
    """
    with django_for(f"mingqu statistics {options.act}"):
        from django.utils import timezone

        from mingqu.insight.services import rebuild

        progress(f"{rebuild(timezone.now()):,} cases counted")
