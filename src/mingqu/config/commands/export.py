"""The command `mingqu export`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mingqu.config.commands.installation import django_for, progress


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="an empty folder, or one that is made")


def export(options: argparse.Namespace) -> int:
    """
    Write what is published into a folder: definitions (YAML, with their BPMN and DMN files), bundles, departments
    (CSV), a manifest with the SHA-256 of each. Nothing personal is in it. `mingqu definition check` reads it again.
    """
    with django_for(f"mingqu export {options.folder}"):
        from mingqu.config.keeping.export import NotEmpty, export

        try:
            progress(f"{export(options.folder)} files in {options.folder}")
        except NotEmpty:
            print(f"{options.folder} is not empty; nothing was written", file=sys.stderr)
            return 1
    return 0
