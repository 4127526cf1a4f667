"""
What of a package lasts (PDF/A): the papers do by themselves; of what was handed in a copy is made where it can be, and
the application form is set as it was answered. Made once, with the package, and kept beside its record: a later library
would not make the same bytes. The original stays in the package, as it was handed in.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from mingqu.cases import selectors
from mingqu.cases.archiving import bag
from mingqu.cases.models import Case
from mingqu.documents import services as files
from mingqu.documents.selectors import FileView
from mingqu.documents.services.keeping import MADE, WHY, Lasting, answers_pdf, lasting
from mingqu.documents.types import AnsweredForm, CheckedUpload
from mingqu.forms import services as forms
from mingqu.kernel.commands import Command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.training import is_training
from mingqu.ui.text import zh_day

KIND, PDF = "archive_copy", "application/pdf"
FORM = "form"  # in `ArchiveRecord.lasting`: the application form; the other keys are ids of files
FORM_TITLE = "申请表"
Line = tuple[FileView, str, str]  # file, title, number


def make(cmd: Command, case: Case, record_id: UUID, lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """
    Of each file and of the form: {"claims": what it is by its own statement}, {"copy": a StoredFile of the record,
    "pages": how many} or {"why": a key of `keeping.WHY`}.
    """
    kept = {}
    for file, title, _number in lines:
        found = lasting(files.read_file(file.root_id, file.id), file.media_type, file.pages)
        kept[str(file.id)] = _kept(cmd, record_id, title, found)
    kept[FORM] = _kept(cmd, record_id, FORM_TITLE, answers_pdf(_form(case)))
    return kept


def forget(cmd: Command, record_id: UUID, kept: dict[str, dict[str, Any]]) -> None:
    """The package is made anew: its copies, too."""
    for one in kept.values():
        if "copy" in one:
            files.forget_one(cmd, record_id, UUID(one["copy"]))


def pieces(
    record_id: UUID, lines: Sequence[Line], kept: dict[str, dict[str, Any]] | None
) -> Iterator[bag.Piece]:
    """Every file, behind it its copy; last the form. `kept` None: of a package made before there were copies."""
    for order, (file, title, number) in enumerate(lines, start=1):
        one = (kept or {}).get(str(file.id), {})
        original = bag.Piece(
            path=bag.path_of(order, file.kind, file.media_type),
            title=title,
            number=number,
            media_type=file.media_type,
            pages=file.pages,
            data=files.read_file(file.root_id, file.id),
            lasting=one.get("claims", ""),
            note=WHY.get(one.get("why", ""), ""),
        )
        yield original
        if "copy" in one:
            path = bag.path_of(order, f"{file.kind}-pdfa", PDF)
            yield _copy(record_id, path, title, one, of=original.path)
    form = (kept or {}).get(FORM, {})
    if "copy" in form:
        yield _copy(record_id, bag.path_of(len(lines) + 1, "application-form", PDF), FORM_TITLE, form)


def not_lasting(kept: dict[str, dict[str, Any]] | None) -> int:
    """How many files are in the package only as they were handed in."""
    return sum("why" in one for one in (kept or {}).values())


def _copy(record_id: UUID, path: str, title: str, one: dict[str, Any], *, of: str = "") -> bag.Piece:
    data = files.read_file(record_id, UUID(one["copy"]))
    return bag.Piece(path, title, "", PDF, one["pages"], data, lasting=MADE, copy_of=of)


def _kept(cmd: Command, record_id: UUID, title: str, found: Lasting) -> dict[str, Any]:
    if found.claims:
        return {"claims": found.claims}
    if not found.copy:
        return {"why": found.why}
    upload = CheckedUpload(PDF, found.copy, found.pages)
    stored = files.store_file(root_id=record_id, kind=KIND, name=title, upload=upload, at=cmd.at)
    return {"copy": str(stored.file_id), "pages": found.pages}


def _form(case: Case) -> AnsweredForm:
    definition = selectors.definition_of(case)
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    rows = forms.rows(schema, case.answers or {}, reveal=True)
    facts = (
        ("办件编号", case.number),
        ("申请事项", f"{case.item_name}（{case.handling_item}）"),
        ("申请人", case.party_name or case.applicant_name or ""),
        ("收到日期", zh_day(legal_day(case.received_at))),
        ("提交方式", str(case.get_channel_display())),
    )
    pages = tuple(
        (str(page.title), tuple((row.title, row.text) for row in rows if row.page == page.number))
        for page in schema.pages
    )
    return AnsweredForm(
        FORM_TITLE,
        case.department.name,
        facts,
        tuple(page for page in pages if page[1]),
        case.received_at,
        training=is_training(case.region_code),
    )
