"""
`mingqu definition`: check, compare, describe and convert service definitions in files, without an installation.

Output is for the officials who write definitions, so it is Chinese.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mingqu.catalogue.types import Files, Handling

FINE, WRONG, UNREADABLE = 0, 1, 2
MAX_LINE = 200  # characters of a value in a list of differences


def arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    check = deeds.add_parser("check", help="检查定义能否发布：格式、内容、流程、场景")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="YAML 或 JSON 文件")
    diff = deeds.add_parser("diff", help="比较两份定义，按内容逐条列出")
    diff.add_argument("before", type=Path, metavar="OLD")
    diff.add_argument("after", type=Path, metavar="NEW")
    show = deeds.add_parser("show", help="用中文概述一份定义，或者转换格式")
    show.add_argument("files", nargs="+", type=Path, metavar="FILE")
    show.add_argument("--as", dest="form", choices=("text", "yaml", "json"), default="text")
    deeds.add_parser("schema", help="输出定义格式的 JSON Schema")


def definition(options: argparse.Namespace) -> int:
    """
    Work with service definitions in files: check, diff, show, schema. BPMN and DMN files are looked for beside them.

    Exit codes: 0 all is well, 1 there is something to say (problems, differences), 2 a file can't be read.
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingqu.config.settings")
    django.setup()
    from mingqu.catalogue.errors import DefinitionUnreadable

    deeds: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "diff": _diff,
        "show": _show,
        "schema": _schema,
    }
    try:
        return deeds[options.deed](options)
    except DefinitionUnreadable as refused:
        print(refused.message, file=sys.stderr)
    except OSError as refused:
        print(f"文件打不开：{refused.filename}（{refused.strerror}）", file=sys.stderr)
    return UNREADABLE


def _read(path: Path) -> dict[str, Any]:
    """The document in the newest format. Raises OSError, DefinitionUnreadable naming the file."""
    from mingqu.catalogue.errors import DefinitionUnreadable
    from mingqu.catalogue.files import read_document
    from mingqu.catalogue.upgrades import upgraded

    try:
        return upgraded(read_document(path.read_bytes()))
    except DefinitionUnreadable as refused:
        raise DefinitionUnreadable(
            line=refused.params["line"], reason=f"{refused.params['reason']}（{path}）"
        ) from None


def _beside(path: Path) -> Files:
    """The BPMN and DMN files in the folder of a definition, by digest."""
    from mingqu.catalogue.checking import stored_file

    found = [
        file for file in sorted(path.parent.iterdir()) if file.suffix in (".bpmn", ".dmn") and file.is_file()
    ]
    return dict(stored_file(file.suffix[1:], file.read_bytes()) for file in found)


def _check(options: argparse.Namespace) -> int:
    from mingqu.catalogue.checking import findings
    from mingqu.catalogue.gates import gates
    from mingqu.catalogue.rules import document_of
    from mingqu.clocks.selectors import seed_calendar

    calendar, worst = seed_calendar(), FINE
    for path in options.files:
        document = _read(path)
        problems = findings(document, calendar, _beside(path))
        if problems:
            worst = WRONG
            print(f"{path}：不能发布，有{len(problems)}处问题")
            for problem in problems:
                print(f"  - {problem}")
            continue
        whole = document_of(document)
        count = sum(len(handling.scenarios) for handling in whole.handling)
        passed = f"{count}个场景全部通过" if count else "没有场景"
        print(f"{path}：可以发布，{len(whole.handling)}个业务办理项，{passed}")
        for shut in gates(whole).shut:
            print(f"  提示：{shut.sentence}（{shut.code}）")
    return worst


def _diff(options: argparse.Namespace) -> int:
    from mingqu.catalogue.diff import diff, text_of

    rows = diff(_read(options.before), _read(options.after))
    for row in rows:
        print(f"{row.kind_words} {row.words}")
        if row.kind != "added":
            print(f"  - {text_of(row.before)[:MAX_LINE]}")
        if row.kind != "removed":
            print(f"  + {text_of(row.after)[:MAX_LINE]}")
    print(f"共{len(rows)}处不同" if rows else "两份定义内容相同")
    return WRONG if rows else FINE


def _show(options: argparse.Namespace) -> int:
    from mingqu.catalogue.files import write_document, write_json
    from mingqu.catalogue.rules import document_of, shape_problems

    for path in options.files:
        document = _read(path)
        if options.form != "text":
            print((write_json if options.form == "json" else write_document)(document), end="")
            continue
        if problems := shape_problems(document):
            print(f"{path}：格式不对，{problems[0]}", file=sys.stderr)
            return WRONG
        whole = document_of(document)
        print(f"{whole.item.name}（{whole.item.code}）：{whole.item.summary}")
        for handling in whole.handling:
            _show_handling(handling)
    return FINE


def _show_handling(handling: Handling) -> None:
    from mingqu.clocks.types import Unit

    print(f"  {handling.code} {handling.name}")
    if handling.clocks:
        for name, rule in (("法定", handling.clocks.statutory), ("承诺", handling.clocks.promised)):
            print(f"    {name}期限：{rule.limit}{Unit(rule.unit).text}")
    print(f"    情形问题：{'、'.join(s.text for s in handling.situations) or '没有'}")
    print(f"    材料：{'、'.join(m.name for m in handling.materials) or '没有'}")
    steps = [*handling.steps, *([handling.decide] if handling.decide else [])]
    print(f"    环节：{' → '.join(f'{s.name}（{s.post}）' for s in steps) or '没有'}")
    print(f"    场景：{'、'.join(s.name for s in handling.scenarios) or '没有'}")


def _schema(options: argparse.Namespace) -> int:
    from mingqu.catalogue.files import write_json
    from mingqu.catalogue.schema import definition_schema

    print(write_json(definition_schema()), end="")
    return FINE
