"""`mingqu import`: real data from files into this installation. Each kind has a module of its own."""

from __future__ import annotations

import argparse

from mingqu.config.commands import import_items, import_laws, import_lists


def arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    laws = kinds.add_parser(
        "laws", help="law texts in Markdown, with their index", description=import_laws.run.__doc__
    )
    import_laws.arguments(laws)
    laws.set_defaults(load=import_laws.run)
    items = kinds.add_parser(
        "items",
        help="service items of another catalogue, through a mapping",
        description=import_items.run.__doc__,
    )
    import_items.arguments(items)
    items.set_defaults(load=import_items.run)
    lists = kinds.add_parser(
        "lists",
        help="a list (power, service, negative, base) as a draft edition",
        description=import_lists.run.__doc__,
    )
    import_lists.arguments(lists)
    lists.set_defaults(load=import_lists.run)


def run(options: argparse.Namespace) -> int | None:
    """Read files of one kind into this installation; what is there already is left as it is."""
    code: int | None = options.load(options)
    return code
