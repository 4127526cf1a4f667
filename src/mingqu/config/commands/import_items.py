"""`mingqu import items FILE`: service items of another catalogue, read through a mapping, up to review."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingqu.config.commands.import_laws import Progress
from mingqu.config.commands.installation import django_for

if TYPE_CHECKING:
    from mingqu.catalogue.models import ImportBatch

SHOWN = 12  # departments and findings in the summary; --report writes every row


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, JSON or JSON lines")
    parser.add_argument(
        "--mapping", required=True, metavar="NAME", help="how the file is read; see docs/howto"
    )
    parser.add_argument("--region", required=True, metavar="CODE", help="the region the items are for")
    parser.add_argument(
        "--defaults",
        action="store_true",
        help="in a training region: enter departments and put marked defaults for what the file does not say",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write every row and its findings (.xlsx)"
    )


def run(options: argparse.Namespace) -> int:
    """
    Read service items up to review; nothing is published. The same file again changes nothing.

    Exit code 0; 1 if rows can't be brought in; 2 if the file, mapping or region is refused.
    """
    with django_for("mingqu import items"):
        from mingqu.kernel.errors import DomainError

        try:
            return _import(options)
        except DomainError as refused:
            print(f"mingqu: {refused.message} ({refused.code})", file=sys.stderr)
        except OSError as refused:
            print(f"mingqu: 文件打不开：{refused.filename}（{refused.strerror}）", file=sys.stderr)
        return 2


def _import(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from mingqu.catalogue.imports import report, services
    from mingqu.catalogue.models import ImportBatch
    from mingqu.kernel.ids import new_id
    from mingqu.kernel.types import Actor, CommandKey

    begun = time.monotonic()
    asked = services.Asked(
        options.file.name, options.file.read_bytes(), options.mapping, options.region, options.defaults
    )
    by, at = Actor.system("command line"), timezone.now()
    taken = services.import_items(asked=asked, by=by, at=at, key=CommandKey(new_id()), here=True)
    if taken.again:
        print("这份文件以前导入过，没有改动。")
    else:
        progress = Progress(sys.stderr.isatty())
        services.read_batch(taken.batch_id, at, lambda done, of: progress("读取", done, of))
    batch = ImportBatch.objects.defer("content").get(pk=taken.batch_id)
    if batch.state == ImportBatch.State.FAILED:
        print(f"mingqu: {batch.failure}", file=sys.stderr)
        return 2
    print(f"{time.monotonic() - begun:.1f}秒，{batch.rows}行")
    _tell(batch, report)
    if options.report:
        options.report.write_bytes(report.table(batch))
    return 1 if batch.counts["states"].get("refused") else 0


def _tell(batch: ImportBatch, report: Any) -> None:
    from mingqu.catalogue.models import ImportedItem

    states = dict(ImportedItem.State.choices)
    counts = batch.counts
    for state, rows in counts["states"].items():
        print(f"  {states[state]}：{rows}")
    if counts.get("same"):
        print(f"  与已发布的相同：{counts['same']}")
    for gate, words in report.GATES.items():
        print(f"  {words}：{counts['gates'][gate]}")
    print("不符合的条件")
    _lines(report.named(counts["stopped"], report.SHUT | report.NAMES))
    print("查出的问题")
    _lines(report.named(counts["findings"], report.NAMES))
    print("部门")
    _lines([(code, f"{name} {code}".strip(), rows) for code, name, rows in counts["organs"]])


def _lines(found: list[tuple[str, str, int]]) -> None:
    for _code, words, rows in found[:SHOWN]:
        print(f"  {rows:>6}  {words}")
    if len(found) > SHOWN:
        print(f"          … 另有{len(found) - SHOWN}项，用 --report 写到文件里")
