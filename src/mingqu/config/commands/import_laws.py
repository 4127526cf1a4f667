"""`mingqu import laws FOLDER`: law texts into the law library."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mingqu.config.commands.installation import django_for

if TYPE_CHECKING:
    from mingqu.law.services import Import

SHOWN = 40  # lines of a report on the screen; --report writes all
WORDS = {
    "added": "新入库的版本",
    "same": "已有、没有变化的",
    "dated": "已有、补上日期的",
    "changed": "同一版本文字不同、没有替换的",
    "remark": "文字可能有问题的",
    "skipped": "不是法规、跳过的",
    "unreadable": "读不出来的",
}
QUIET = ("added", "same", "skipped")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="a folder of .md files, with db.sqlite3 if there"
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DATE",
        help="the day for which the collection holds (default: the newest day in it)",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write what became of each file, tab-separated"
    )


def run(options: argparse.Namespace) -> int:
    """
    Read law texts into the library; the same folder again changes nothing.

    Exit code 0; 1 if a file could not be read or another text of a known version was left out.
    """
    with django_for("mingqu import laws"):
        from django.utils import timezone

        from mingqu.kernel.types import Actor
        from mingqu.law.services import import_laws

        begun = time.monotonic()
        done = import_laws(
            options.folder,
            by=Actor.system("command line"),
            at=timezone.now(),
            as_of=options.as_of,
            tell=Progress(sys.stderr.isatty()),
        )
    print(
        f"{time.monotonic() - begun:.0f}秒，{done.files}个文件，{done.laws}部法规，新入库{done.articles}条",
        end="",
    )
    print(f"；资料截至{done.as_of:%Y-%m-%d}")
    _tell(done)
    if options.report:
        lines = [
            f"{one.outcome}\t{one.file}\t{one.words}" for one in sorted(done.reports, key=lambda r: r.file)
        ]
        options.report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if done.counts.get("unreadable") or done.counts.get("changed") else 0


def _tell(done: Import) -> None:
    for outcome, words in WORDS.items():
        if count := done.counts.get(outcome):
            print(f"  {words}：{count}")
    loud = [one for one in done.reports if one.outcome not in QUIET]
    for one in loud[:SHOWN]:
        print(f"  - {one.file}：{one.words}")
    if len(loud) > SHOWN:
        print(f"  … 另有{len(loud) - SHOWN}行，用 --report 写到文件里")


class Progress:
    """One line a second, rewritten in place on a terminal."""

    def __init__(self, in_place: bool) -> None:
        self._in_place, self._last = in_place, 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - self._last < 1:
            return
        self._last = now
        ending = "\r" if self._in_place and done < total else "\n"
        print(f"{what} {done}/{total}", end=ending, file=sys.stderr, flush=True)
