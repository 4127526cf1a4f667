"""
作废 and 更正: what a clerk took in wrongly is voided on the same day, what she mistyped is mended, both with reason,
trace and notice to the applicant.

Voiding, and changing who somebody is, take effect only when a second person agrees. After acceptance nothing is voided:
the applicant may withdraw. What an applicant typed herself is never changed for her: that is 补正 (行政许可法 32).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from mingqu.cases import papers, rules, selectors
from mingqu.cases.errors import (
    ChangeUnknown,
    ChangeWaits,
    FieldNotMendable,
    FormIncomplete,
    MendTooLate,
    NothingMended,
    NotOfWindow,
    PartOfBundle,
    ReasonMissing,
    SecondPersonNeeded,
    VoidTooLate,
)
from mingqu.cases.events import CaseVoided, EntryMended
from mingqu.cases.models import Case, FilingChange
from mingqu.cases.services.answers import schema_of
from mingqu.cases.services.ending import break_off
from mingqu.cases.types import Done
from mingqu.documents import selectors as documents
from mingqu.forms import services as forms
from mingqu.forms.types import FormSchema
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

NAME = "applicant_name"  # the one field that is not of the form: how the applicant is called on the papers
State, Kind = FilingChange.State, FilingChange.Kind


@dataclass(frozen=True)
class Mended:
    """`waits`: not yet, a second person has to agree."""

    case_id: UUID
    waits: bool


@dataclass(frozen=True)
class Mendable:
    """A field that may be mended; `identity`: only with a second person."""

    path: str
    name: str
    identity: bool


def ask_void(*, case_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Ask to void what this window took in by mistake, on the same day; nothing changes until a second person agrees.

    Raises NotAuthorised, VoidTooLate, NotOfWindow, PartOfBundle, ReasonMissing or ChangeWaits.
    """
    with command("case.ask_void", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.ask_void", case)
        if case.status not in rules.ALLOWED_IN["case.ask_void"] or case.received_on != legal_day(at):
            raise VoidTooLate()
        _of_window(case)
        if case.bundle_id is not None:
            raise PartOfBundle()
        if asked_for_more(case):
            raise VoidTooLate()
        _ask(cmd, case, Kind.VOID, reason)
        return cmd.done(Done(case.pk, case.status))


def mend_entry(
    *, case_id: UUID, changes: Mapping[str, Any], reason: str, by: Actor, at: Instant, key: UUID
) -> Mended:
    """
    Mend what was mistyped at the window: path of the field → value; `NAME` is the applicant's name. Who somebody is
    changes only when a second person agrees, everything else at once; the applicant is told, papers with the name are
    made anew. What parts of a bundle share follows in each of them (`bundles.services.answers.take_mended`).

    Raises NotAuthorised, MendTooLate, NotOfWindow, ReasonMissing, FieldNotMendable, NothingMended, FormIncomplete or
    ChangeWaits.
    """
    with command("case.mend", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Mended)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.mend", case)
        if case.status not in rules.ALLOWED_IN["case.mend"]:
            raise MendTooLate()
        _of_window(case)
        known = {one.path: one for one in mendable(case)}
        if not changes.keys() <= known.keys():
            raise FieldNotMendable()
        before = {path: _value(case, path) for path in changes}
        after = {path: value for path, value in changes.items() if value != before[path]}
        if not after:
            raise NothingMended()
        _check(case, after, at)
        waits = any(known[path].identity for path in after)
        row = _ask(cmd, case, Kind.MEND, reason, state=State.WAITING if waits else State.DONE)
        row.paths, row.names = list(after), {path: known[path].name for path in after}
        row.before, row.after = {path: before[path] for path in after}, after
        cmd.note(fields=row.paths)
        if not waits:
            _mend(cmd, case, row)
        row.save(force_update=True)
        return cmd.done(Mended(case.pk, waits))


def answer_change(
    *, case_id: UUID, change_id: UUID, agrees: bool, text: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    The second person agrees, and it is done; or does not, with the reason. Who asked may take it back (not agree), but
    never agree.

    Raises NotAuthorised, ChangeUnknown, SecondPersonNeeded, ReasonMissing, VoidTooLate or MendTooLate.
    """
    with command("case.answer_change", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.answer_change", case)
        if case.status not in rules.ALLOWED_IN["case.answer_change"]:
            raise MendTooLate()
        row = FilingChange.objects.filter(case=case, id=change_id, state=State.WAITING).first()
        if row is None:
            raise ChangeUnknown()
        if agrees and by.id == row.asked_by:
            raise SecondPersonNeeded()
        if not agrees and not text.strip():
            raise ReasonMissing(field="text")
        if by.id != row.asked_by:  # taken back by who asked: no second person stands in the row
            row.answered_by = by.id
        row.answered_at, row.answer = at, text.strip()
        row.state = State.DONE if agrees else State.DECLINED
        cmd.note(change=row.kind, state=row.state)
        cmd.note_digest(text=row.answer)
        if agrees and row.kind == Kind.VOID:
            _void(cmd, case)
        elif agrees:
            _mend(cmd, case, row)
        row.save(force_update=True)
        return cmd.done(Done(case.pk, case.status))


def mendable(case: Case) -> list[Mendable]:
    """
    What a clerk may mend: every field of the form, and the name on the papers; not the name on one part of a bundle,
    whose papers name her together.
    """
    schema = schema_of(case)
    fields = [
        Mendable(field.path, field.title, field.prefill in rules.WHO_SOMEBODY_IS)
        for page in schema.pages
        for field in schema.fields_of(page)
    ]
    own = [] if case.bundle_id else [Mendable(NAME, "申请人姓名（文书上的）", True)]
    return [*own, *fields]


def mend_form(case: Case, paths: list[str], at: Instant, data: Any = None) -> forms.PageForm:
    """The chosen fields of the form, filled as they stand; who somebody is, is typed anew from the document."""
    chosen, schema = [path for path in paths if path != NAME], schema_of(case)
    blank = {path: None for path in chosen if schema.fields[path].prefill in rules.WHO_SOMEBODY_IS}
    answers = forms.merged(case.answers or {}, blank)
    return forms.fields_form(schema, chosen, answers, _circumstances(at), data)


def shown(case: Case, paths: Collection[str]) -> Callable[[str, Any], str]:
    """How a value of one of these fields is said, in the clear."""
    fields = schema_of(case).fields if any(path != NAME for path in paths) else {}

    def words(path: str, value: Any) -> str:
        return forms.words(fields[path], value) if path in fields else str(value or "")

    return words


def asked_for_more(case: Case) -> bool:
    """Whether a notice of correction went out already: then the applicant counts on this application."""
    return any(one.kind == "correction_notice" for one in documents.documents_of(case.pk))


def _of_window(case: Case) -> None:
    if case.channel != Case.Channel.WINDOW:
        raise NotOfWindow()


def _ask(cmd: Command, case: Case, kind: str, reason: str, *, state: str = State.WAITING) -> FilingChange:
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if _waiting(case).exists():
        raise ChangeWaits()
    assert cmd.by.post_id is not None  # access let nobody else through
    row = FilingChange(
        case=case,
        kind=kind,
        state=state,
        reason=reason.strip(),
        asked_by=cmd.by.id,
        asked_by_post=cmd.by.post_id,
        asked_at=cmd.at,
    )
    row.save(force_insert=True)
    cmd.note(change=kind, state=state)
    cmd.note_digest(reason=row.reason)
    return row


def _waiting(case: Case) -> QuerySet[FilingChange]:
    return FilingChange.objects.filter(case=case, state=State.WAITING)


def _void(cmd: Command, case: Case) -> None:
    """
    The number stays and is never given again; nothing of it counts as received. Agreed to on the same day as well: what
    lay for days may count as accepted (行政许可法 32).
    """
    if case.status != Case.Status.RECEIVED or case.received_on != legal_day(cmd.at) or asked_for_more(case):
        raise VoidTooLate()
    break_off(case, Case.Status.VOIDED, by=cmd.by, at=cmd.at)
    case.visits = 0
    case.save(update_fields=["visits"])
    cmd.publish(CaseVoided(case.pk, case.number, case.item_code, case.applicant_id, legal_day(cmd.at)))


def _mend(cmd: Command, case: Case, row: FilingChange) -> None:
    """Put the new values in; what stands there meanwhile is written over, because both are kept in the row."""
    answers = {path: value for path, value in row.after.items() if path != NAME}
    case.answers = forms.merged(case.answers or {}, answers)
    if NAME in row.after:
        case.applicant_name = row.after[NAME]
        papers.made_anew(case, cmd.at)
    case.save(update_fields=["answers", "applicant_name"])
    cmd.publish(EntryMended(case.pk, case.number, case.item_code, case.applicant_id, row.id))


def _check(case: Case, after: Mapping[str, Any], at: Instant) -> None:
    name = after.get(NAME)
    if name is not None and not str(name).strip():
        raise FormIncomplete([(NAME, "请填写申请人姓名。")])
    changes = {path: value for path, value in after.items() if path != NAME}
    merged = forms.merged(case.answers or {}, changes)
    schema: FormSchema = schema_of(case)
    if problems := forms.check(schema, merged, _circumstances(at), only=_touched(schema, changes)):
        raise FormIncomplete([(one.path, one.message) for one in problems])


def _touched(schema: FormSchema, changes: Collection[str]) -> set[str]:
    """These questions and what waits for their answers (`asked_when` names only questions that come before)."""
    found = set(changes)
    for path in (path for page in schema.pages for path in page.paths):
        if any(before in found for before, _values in schema.fields[path].asked_when):
            found.add(path)
    return found


def _value(case: Case, path: str) -> Any:
    return case.applicant_name if path == NAME else forms.get(case.answers or {}, path)


def _circumstances(at: Instant) -> forms.Circumstances:
    return forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO)
