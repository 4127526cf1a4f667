"""The command `mingqu search`."""

from __future__ import annotations

import argparse

from mingqu.config.commands.installation import django_for, progress


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("rebuild",), help="make the index anew from what is published")


def search(options: argparse.Namespace) -> None:
    """
    Make the index of services anew. Nothing is lost by it: all of it follows from what is published.

    Needed only when it is in doubt: publishing and withdrawing keep it up to date.
    """
    with django_for(f"mingqu search {options.act}"):
        from mingqu.catalogue.search.rebuilding import rebuild

        progress(f"{rebuild()} services and bundles can be found")
