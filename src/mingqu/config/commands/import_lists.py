"""`mingqu import lists FILE --kind KIND`: a list as a draft edition, to be published by a second person."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mingqu.config.commands.installation import django_for

KINDS = ("power", "service", "negative", "base")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="XLSX, CSV or JSON; see the templates in /desk/lists/"
    )
    parser.add_argument(
        "--kind", dest="list_kind", choices=KINDS, required=True, help="which of the four lists"
    )
    parser.add_argument("--region", required=True, metavar="CODE", help="the region for which it counts")
    parser.add_argument("--title", default="", help="what the list is called")
    parser.add_argument("--source", default="", help="who made it, which document")


def run(options: argparse.Namespace) -> int:
    """
    Read a list as a draft edition; nothing counts before a second person has published it in the browser.

    Exit code 0; 1 if the file is refused, or rows of it were left out.
    """
    with django_for("mingqu import lists"):
        from django.utils import timezone

        from mingqu.catalogue.directory.models import ListEdition
        from mingqu.catalogue.directory.services import import_list
        from mingqu.catalogue.directory.services.editing import Listed
        from mingqu.kernel.errors import DomainError
        from mingqu.kernel.ids import new_id
        from mingqu.kernel.types import Actor

        try:
            read = import_list(
                of=Listed(options.list_kind, options.region, options.title, options.source),
                data=options.file.read_bytes(),
                name=options.file.name,
                by=Actor.system("command line"),
                at=timezone.now(),
                key=new_id(),
            )
        except (DomainError, OSError) as refused:
            print(f"mingqu: {getattr(refused, 'message', refused)}", file=sys.stderr)
            return 1
        report = ListEdition.objects.get(pk=read.edition_id).report
    for one in report["findings"]:
        print(f"第{one['line']}行：{one['sentence']}{'（没有列入）' if one['refused'] else ''}")
    print(f"{read.rows}行，列入{read.taken}条，{read.refused}行没有列入；草稿在清单页面送审、发布")
    return 1 if read.refused else 0
