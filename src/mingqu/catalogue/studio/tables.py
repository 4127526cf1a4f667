"""
The tables of a draft as sheets of a workbook, and back: situations, materials, questions of the form, steps, the points
of each 核查表, the results of each 自动判定, fees, rows of each 裁量基准 and what stands above them, scenarios. Pure.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from mingqu.catalogue.studio import edits
from mingqu.catalogue.studio.sections import Section, sections
from mingqu.catalogue.studio.table_rows import Heads, Kept, Read, Table
from mingqu.kernel import tables

# By the sheet of the studio, in the order in which one rests on another.
KEPT = {
    "situations": (Kept("情形", "situations", "ask"),),
    "materials": (Kept("材料", "materials", "code"),),
    "form": (Kept("申请表", "pages", "name"),),
    "steps": (Kept("环节表", "steps", "id"),),
    "result": (Kept("收费", "fees"),),
    "scenarios": (Kept("场景", "scenarios"),),
}
DISCRETION = "discretion"


def names(document: Mapping[str, Any]) -> list[str]:
    """The sheets a workbook of this document has."""
    return [name for name, _section, _kind in _kept(document)]


def workbook(document: Mapping[str, Any], posts: Mapping[str, str]) -> bytes:
    """All tables of all 业务办理项."""
    return tables.sheets(
        {name: _table(document, posts, of, kind).written() for name, of, kind in _kept(document)}
    )


def read(document: Mapping[str, Any], posts: Mapping[str, str], data: bytes) -> Read:
    """Raises what `kernel.tables` refuses; a sheet or column that is not there leaves alone what it would say."""
    found = tables.read_sheets(data, names(document))
    made = Read(deepcopy(dict(document)))
    for name, of, kind in list(_kept(document)):
        if name in found:
            # As they went out, whatever was put better since.
            heads = _table(document, posts, of, kind).columns()
            _table(made.document, posts, of, kind).take(name, found[name], heads, made)
    return made


def _table(document: Mapping[str, Any], posts: Mapping[str, str], of: Section, kind: Kept) -> Table:
    return (Heads if kind.list == DISCRETION else Table)(document, posts, of, kind)


def _kept(document: Mapping[str, Any]) -> Iterator[tuple[str, Section, Kept]]:
    """(name of its sheet, section, what it holds)"""
    for of in sections(document):
        if of.handling is not None:
            code = str(edits.value_at(document, f"{of.base}.code") or of.handling + 1)[:20]
            for kind in (*KEPT.get(of.short, ()), *_further(document, of)):
                yield f"{code} {kind.title}", of, kind


def _further(document: Mapping[str, Any], of: Section) -> Iterator[Kept]:
    """Lists that lie within something there is none or several of: 核查表, 自动判定, 裁量基准."""
    if of.short == "steps":
        rules = edits.value_at(document, f"{of.base}.routes")
        for number in range(len(rules) if isinstance(rules, list) else 0):
            yield Kept(f"自动判定{number + 1}", f"routes[{number}].results")
        lists = edits.value_at(document, f"{of.base}.checklists")
        for number in range(len(lists) if isinstance(lists, list) else 0):
            yield Kept(f"核查表{number + 1}", f"checklists[{number}].points", "code")
    if of.short == "discretion" and edits.value_at(document, f"{of.base}.discretion"):
        yield Kept("裁量内容", DISCRETION)
        yield Kept("裁量基准", "discretion.rules")
        more = edits.value_at(document, f"{of.base}.more_discretion")
        for number in range(len(more) if isinstance(more, list) else 0):
            yield Kept(f"裁量基准{number + 2}", f"more_discretion[{number}].rules")
