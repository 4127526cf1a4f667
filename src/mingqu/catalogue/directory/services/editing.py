"""Making an edition: from a file, from the one in force, entry by entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from mingqu.catalogue.directory import columns, selectors
from mingqu.catalogue.directory.errors import (
    EditionOpen,
    EntryCodeTaken,
    EntryWrong,
    ListColumnsMissing,
    ListReadOnly,
    ListUnreadable,
    NothingTaken,
    RegionNotKnown,
)
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.directory.services.passing import EDITABLE, Passed, kept, list_id, on_list, taken
from mingqu.catalogue.directory.types import READ_ONLY, Basis, Entry, Kind, ReadList, RowFinding
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import regions
from mingqu.kernel.codelists import code_list
from mingqu.kernel.commands import Command, command
from mingqu.kernel.foreign_json import JsonRefused, read_json
from mingqu.kernel.identifiers import IdentifierRefused, RegionCode
from mingqu.kernel.tables import FILE_BYTES, Table, TableTooLarge, read_table, unescaped
from mingqu.kernel.training import is_training
from mingqu.kernel.types import Actor, Instant

KEPT_FINDINGS = 2000  # of one file; how many there were is always told
Kinds = ListEdition.Kind


@dataclass(frozen=True)
class Listed:
    """Which list of which region, what it is called and where it comes from."""

    kind: Kind
    region_code: str
    title: str = ""
    source: str = ""


@dataclass(frozen=True)
class Imported:
    edition_id: UUID
    version: int
    rows: int
    taken: int
    refused: int


def begin_edition(*, of: Listed, by: Actor, at: Instant, key: UUID) -> Passed:
    """
    A new draft with what the newest published edition has, to be changed entry by entry. Raises EditionOpen,
    ListReadOnly, RegionNotKnown, NotAuthorised.
    """
    if of.kind == READ_ONLY:
        raise ListReadOnly()
    of = _known(of)
    with command("list.edit", list_id(of.kind, of.region_code), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = _new(of, cmd)
        before = selectors.newest(of.kind, of.region_code)
        if before is not None:
            edition.title = of.title or before.title
            edition.source = of.source or before.source
            write(edition, selectors.entries_of(before))
        return cmd.done(kept(cmd, edition, "新建", f"从第{before.number}版开始" if before else ""))


def import_list(
    *, of: Listed, data: bytes, name: str, by: Actor, at: Instant, key: UUID, edition_id: UUID | None = None
) -> Imported:
    """
    A file (XLSX, CSV or JSON) as a draft: a new one, or in place of what the open draft `edition_id` holds. Rows that
    can't be entries are left out and reported with their line.

    Raises what reading a table refuses, ListColumnsMissing, ListUnreadable, NothingTaken, EditionOpen, EditionState,
    RegionNotKnown, NotAuthorised; then nothing is kept.
    """
    of = _known(of)
    read = read_list(of.kind, data, of.region_code)
    if not read.entries:
        first = next((one for one in read.findings if one.refused), RowFinding(0, "", "没有内容"))
        raise NothingTaken(field="file", rows=read.rows, line=first.line, first=first.sentence)
    with command("list.edit", list_id(of.kind, of.region_code), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Imported)
        if edition_id:
            edition = taken(edition_id, "修改", by, "list.edit")
            edition.version += 1
            ListEntry.objects.filter(edition=edition).delete()
        else:
            edition = _new(of, cmd)
        edition.title = of.title or edition.title
        edition.source = (of.source or edition.source or name)[:200]
        edition.report = {**_report(read, name), "digest": sha256(data).hexdigest()}
        write(edition, read.entries)
        kept(cmd, edition, "导入", f"{name[-80:]}：{len(read.entries)}条")
        refused = edition.report["refused"]
        return cmd.done(Imported(edition.pk, edition.version, read.rows, len(read.entries), refused))


def read_list(kind: Kind, data: bytes, region: str = "") -> ReadList:
    """The file as entries; departments by name or code. Raises what reading a table refuses, ListColumnsMissing."""
    table = (
        _json_table(kind, data)
        if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{")
        else read_table(data)
    )
    found, _unused, missing = columns.mapped(kind, table.headers)
    if kind in selectors.OWN_LISTS and not {"code", "base_code"} & set(found):
        missing = [*missing, "事项编码或者基本编码"]
    if missing:
        raise ListColumnsMissing(field="file", names="、".join(missing))
    rows = ((line, [unescaped(cell) for cell in cells]) for line, cells in table.rows)
    return columns.read(kind, found, rows, find_organ(region))


def find_organ(region: str) -> columns.FindOrgan:
    """Name or code of a department → its code; "" for one the house has not. No organ of training outside training."""
    trained = is_training(region, now=True)
    known = [one for one in identity.open_departments() if is_training(one.region_code) == trained]
    by_name = {one.name: one.code for one in known}
    by_name |= {code: code for code in by_name.values()}
    return lambda said: by_name.get(said, "")


def save_entry(
    *,
    edition_id: UUID,
    version: int,
    values: Mapping[str, str],
    by: Actor,
    at: Instant,
    key: UUID,
    entry_id: UUID | None = None,
) -> Passed:
    """
    One entry as it was typed: a new one, or in place of `entry_id`. Raises EntryWrong (with the field), EntryCodeTaken,
    ListReadOnly, EditionChanged, EditionState, NotAuthorised.
    """
    with on_list(edition_id, "list.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = _own(edition_id, version, by)
        entry, wrong = columns.entry_of(cast(Kind, edition.kind), values, find_organ(edition.region_code))
        for code, sentence, refused in wrong:
            if refused or code == columns.PROPOSED:
                raise EntryWrong(field=_field(code), why=f"{sentence}。")
        assert entry is not None
        old = ListEntry.objects.filter(edition=edition, pk=entry_id).first() if entry_id else None
        others = ListEntry.objects.filter(edition=edition, code=entry.code)
        if old is not None:
            others = others.exclude(pk=old.pk)
        if others.exists():
            raise EntryCodeTaken(field="code", entry=entry.code)
        if old is not None:
            old.delete()
        write(edition, [entry])
        edition.version += 1
        return cmd.done(kept(cmd, edition, "修改", entry.code))


def remove_entry(
    *, edition_id: UUID, version: int, entry_id: UUID, by: Actor, at: Instant, key: UUID
) -> Passed:
    """Take one entry out of a draft. Raises ListReadOnly, EditionChanged, EditionState, NotAuthorised."""
    with on_list(edition_id, "list.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = _own(edition_id, version, by)
        found = ListEntry.objects.filter(edition=edition, pk=entry_id).first()
        if found is not None:
            found.delete()
            edition.size -= 1
            edition.version += 1
        return cmd.done(kept(cmd, edition, "修改", f"删去{found.code}" if found else ""))


def confirm_type(
    *, edition_id: UUID, version: int, words: str, item_type: str, by: Actor, at: Instant, key: UUID
) -> Passed:
    """
    What the source calls 核准, 审核 … is this type, says a person: all entries of the file with that word get it
    (CAT-11). Raises UnknownCode, EditionChanged, EditionState, NotAuthorised.
    """
    chosen = code_list("item_type").require(item_type, field="item_type")
    with on_list(edition_id, "list.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = _own(edition_id, version, by)
        waiting: dict[str, list[str]] = dict(edition.report.get("proposed", {}))
        codes = waiting.pop(words, [])
        ListEntry.objects.filter(edition=edition, code__in=codes, item_type="").update(item_type=chosen.code)
        edition.report = {**edition.report, "proposed": waiting}
        edition.version += 1
        return cmd.done(kept(cmd, edition, "确认类型", f"“{words[:40]}”是{chosen.name}，{len(codes)}条"))


def write(edition: ListEdition, entries: Iterable[Entry]) -> None:
    """Entries into a draft that has none of these codes; kept with the edition by the caller."""
    rows = [
        ListEntry(
            edition=edition,
            words=" ".join(
                (one.code, one.base_code, one.name, one.organ_name, one.basis_words, one.measure, one.duties)
            ),
            **{
                **asdict(replace(one, basis=())),
                "levels": list(one.levels),
                "basis": [_plain(ref) for ref in one.basis],
            },
        )
        for one in entries
    ]
    ListEntry.objects.bulk_create(rows, batch_size=1000)
    edition.size = ListEntry.objects.filter(edition=edition).count()


def _plain(ref: Basis) -> dict[str, Any]:
    return asdict(ref)


def _own(edition_id: UUID, version: int, by: Actor) -> ListEdition:
    """An edition whose single entries may be changed."""
    edition = taken(edition_id, "修改", by, "list.edit", version)
    if edition.kind == READ_ONLY:
        raise ListReadOnly()
    return edition


def _known(of: Listed) -> Listed:
    """Twelve digits of a region there is. Raises RegionNotKnown."""
    try:
        code = str(RegionCode.parse(of.region_code))
    except IdentifierRefused as refused:
        raise RegionNotKnown(field="region_code", region=of.region_code[:20]) from refused
    if regions.current(code) is None:
        raise RegionNotKnown(field="region_code", region=code)
    return replace(of, region_code=code, title=of.title.strip()[:120], source=of.source.strip()[:200])


def _new(of: Listed, cmd: Command) -> ListEdition:
    """A new row, or EditionOpen: the constraint settles who was first."""
    access.require(cmd.by, "list.edit", Place(None, of.region_code, ""))
    region = regions.current(of.region_code)
    edition = ListEdition(
        kind=of.kind,
        region_code=of.region_code,
        title=of.title or f"{region.name if region else ''}{Kinds(of.kind).label}",
        source=of.source,
        author_id=cmd.by.id,
        created_at=cmd.at,
        updated_at=cmd.at,
    )
    ListEdition.objects.bulk_create([edition], ignore_conflicts=True)
    if not ListEdition.objects.select_for_update().filter(pk=edition.pk).exists():
        raise EditionOpen()
    edition._state.adding = False
    return edition


def _report(read: ReadList, name: str) -> dict[str, Any]:
    refused = {one.line for one in read.findings if one.refused}
    return {
        "file": name[-120:],
        "rows": read.rows,
        "taken": len(read.entries),
        "refused": len(refused),
        "findings": [asdict(one) for one in read.findings[:KEPT_FINDINGS]],
        "found": len(read.findings),
        "proposed": {words: list(codes) for words, codes in read.proposed.items()},
    }


def _json_table(kind: Kind, data: bytes) -> Table:
    """A list of objects, or {"entries": [...]}, with the headers of the table or the names of its columns."""
    if len(data) > FILE_BYTES:
        raise TableTooLarge(what=f"文件超过{FILE_BYTES // 1_000_000}MB")
    try:
        given = read_json(data.strip())
    except JsonRefused as broken:
        raise ListUnreadable(field="file") from broken
    rows = given.get("entries") if isinstance(given, dict) else given
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(rows) > 20_000:
        raise ListUnreadable(field="file")
    headers: Sequence[str] = list(dict.fromkeys(str(name) for row in rows for name in row))[:60]
    cells = [[_cell(row.get(header)) for header in headers] for row in rows]
    return Table(list(headers), list(enumerate(cells, start=1)))


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_cell(one) for one in value)
    return "" if value is None else str(value).strip()


def _field(code: str) -> str:
    """Where on the form a finding belongs."""
    known = {
        "type_proposed": "type",
        "type_unknown": "type",
        "type_not_power": "type",
        "base_code_wrong": "base_code",
        "ends_before": "cancelled_on",
        "state_unknown": "state",
    }
    return known.get(code, code.removeprefix("no_").removeprefix("long_").removesuffix("_wrong"))


__all__ = ["EDITABLE", "Imported", "Listed", "begin_edition", "import_list", "save_entry"]
