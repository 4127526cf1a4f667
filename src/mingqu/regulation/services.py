"""
What is under supervision follows from the certificates: it begins with a grant whose definition says so, goes on with
the newest version, and ends when there is none. In between, inspections are written down (行政许可法 61).
"""

from datetime import date
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import selectors as cases
from mingqu.certificates import selectors as certificates
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.errors import KeyReused
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.types import Actor, Instant
from mingqu.regulation import rules, selectors
from mingqu.regulation.errors import (
    AlreadyInspected,
    FindingUnknown,
    InspectorRecused,
    SecondInspectorUnfit,
    SupervisionEnded,
)
from mingqu.regulation.events import Inspected, InspectionOverdue, SupervisionBegan
from mingqu.regulation.events import SupervisionEnded as Ended
from mingqu.regulation.models import Inspection, PutOff, Supervised
from mingqu.regulation.types import Found, Seen, Taken, Written

if TYPE_CHECKING:
    from mingqu.cases.models import Case
    from mingqu.certificates.models import Certificate

REGISTER = Actor.system("regulation")
AT_ONCE = 200  # certificates taken up by one press


def supervised_id(number: str) -> UUID:
    """Of the certificate's number, which its later versions keep."""
    return uuid5(NAMESPACE_URL, f"mingqu:regulation:{number}")


def follow_certificate(*, certificate_id: UUID, case_id: UUID, at: Instant) -> UUID | None:
    """
    A version of a certificate was issued: what it allows comes under supervision if the definition of its case says
    so, first inspected within the months named there; a later version takes the place of the one before, also in
    whether its records are open, and changes no date. Safe to repeat. Returns the object's id,
    None where there is none.
    """
    row = certificates.row_of(certificate_id)
    object_id = supervised_id(row.number)
    before = Supervised.objects.filter(pk=object_id).first()
    case = cases.if_known(case_id)
    if case is None:
        return None
    result = cases.definition_of(case).result
    if before is None and result.supervision is None:
        return None
    key = uuid5(certificate_id, "mingqu:regulation:follow")
    with command("regulation.follow", object_id, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return object_id
        kept = Supervised.objects.select_for_update().filter(pk=object_id).first()
        newest = {
            "certificate_id": row.pk,
            "case_id": case_id,
            "certificate_name": row.type.name,
            "holder_kind": row.holder_kind,
            "holder_id": row.holder_id,
            "holder_name": row.holder_name,
            "not_public": result.not_public,
        }
        if kept is not None:
            cmd.change(kept, **newest)
            cmd.note(number=row.number)
            cmd.done(None)
            return object_id
        assert result.supervision is not None
        since = legal_day(row.issued_at)
        next_on = clocks.months_after(since, result.supervision.first_check_months)
        _begin(cmd, row, case, Supervised(since=since, next_on=next_on, **newest))
        cmd.done(None)
        return object_id


def take_up(*, type_code: str, first_on: date, by: Actor, at: Instant) -> Taken:
    """
    Certificates of a type that are in force and under no supervision come under it, first inspected by that day:
    existing ones (存量证照), and those granted before their definition named it. AT_ONCE of them, each by a command of
    its own; again goes on with the rest.

    Raises NotAuthorised, NextTooEarly, NextTooLate.
    """
    access.require_may(by, "regulation.take_up")
    today = legal_day(at)
    rules.check_next(first_on, today, "first_on")
    rows = list(selectors.to_take_up(by, today, type_code)[:AT_ONCE])
    many = sum(_taken_up(row, first_on, by, at) for row in rows)
    return Taken(many, selectors.to_take_up(by, today, type_code).count())


def _taken_up(row: "Certificate", first_on: date, by: Actor, at: Instant) -> bool:
    """False where another officer was sooner."""
    try:
        return _taken(row, first_on, by, at)
    except KeyReused:
        return False


def _taken(row: "Certificate", first_on: date, by: Actor, at: Instant) -> bool:
    object_id = supervised_id(row.number)
    key = uuid5(row.pk, "mingqu:regulation:take_up")
    with command("regulation.take_up", object_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        access.require(by, "regulation.take_up", row)
        if Supervised.objects.filter(pk=object_id).exists():
            cmd.done(None)
            return False
        case = cases.if_known(row.case_id) if row.case_id else None
        made = Supervised(
            certificate_id=row.pk,
            case_id=case.pk if case else None,
            certificate_name=row.type.name,
            holder_kind=row.holder_kind,
            holder_id=row.holder_id,
            holder_name=row.holder_name,
            not_public=cases.definition_of(case).result.not_public if case else "",
            since=legal_day(at),
            next_on=first_on,
        )
        _begin(cmd, row, case, made)
        cmd.done(None)
        return True


def _begin(cmd: Command, row: "Certificate", case: "Case | None", made: Supervised) -> None:
    """A new object, of this certificate; what no case of ours granted is named by its type."""
    made.id, made.number = cmd.root_id, row.number
    made.item_code = case.item_code if case else row.type.code
    made.item_name = case.item_name if case else row.type.name
    made.item_type = case.item_type if case else row.item_type
    made.department_id, made.region_code = row.department_id, row.region_code
    cmd.insert(made)
    cmd.note(number=row.number, next_on=made.next_on)
    cmd.publish(SupervisionBegan(made.id, made.department_id, made.item_code, made.next_on))


def end_supervision(*, number: str, why: str, on: date, at: Instant) -> None:
    """The certificate with that number is no more. Nothing where it is not under supervision; safe to repeat."""
    object_id = supervised_id(number)
    if not Supervised.objects.filter(pk=object_id, ended_on=None).exists():
        return
    key = uuid5(object_id, f"end:{why}:{on}")
    with command("regulation.end", object_id, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = selectors.supervised_for_update(object_id)
        if row.ended_on is None:
            cmd.change(row, ended_on=on, ended_why=why)
            cmd.publish(Ended(object_id, row.department_id, why, on))
        cmd.note(number=number, reason=str(Supervised.End(why).label))
        cmd.done(None)


def pass_on(*, department_id: UUID, at: Instant) -> None:
    """
    A department was closed with a successor: what it has under supervision is the successor's from now on. Nothing
    where there is none. Safe to repeat.
    """
    heir = identity.successor_of(department_id)
    if heir is None:
        return
    open_ones = Supervised.objects.filter(department_id=department_id, ended_on=None)
    for object_id in open_ones.order_by("pk").values_list("pk", flat=True):
        key = uuid5(object_id, f"pass_on:{department_id}:{heir}")
        with command("regulation.pass_on", object_id, by=REGISTER, at=at, key=key) as cmd:
            if cmd.repeated:
                continue
            row = selectors.supervised_for_update(object_id)
            cmd.change(row, department_id=heir)
            cmd.note(number=row.number, department=str(heir))
            cmd.done(None)


def write_inspection(
    *, object_id: UUID, found: Found, seen_as: Seen, by: Actor, at: Instant, key: UUID
) -> Written:
    """
    监督检查的情况和处理结果 are recorded and signed by who inspected (行政许可法 61); kept as they were written.

    `seen_as`: how it stood when the page was read, so that two officers don't write the same visit down.
    Raises SupervisedUnknown, NotAuthorised (InspectorRecused), SecondInspectorUnfit, SupervisionEnded,
    AlreadyInspected, FindingUnknown, WordsMissing, WordsTooLong, WordsPersonal, InspectedInFuture, InspectedTooEarly,
    NextTooEarly, NextTooLate.
    """
    seen, done = found.seen.strip(), found.done.strip()
    if found.finding not in Inspection.Finding.values:
        raise FindingUnknown(field="finding")
    for words, field in ((seen, "seen"), (done, "done")):
        rules.check_words(words, field)
        rules.check_open(words, field)
    with command("regulation.inspect", object_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Written)
        row = _open(object_id, "regulation.inspect", seen_as, by)
        day = legal_day(at)
        rules.check_inspected(found.inspected_on, row.since, row.last_on, day)
        rules.check_next(found.next_on, day)
        names = _names_of_both(row, found.second, by, day)
        cmd.insert(
            Inspection(
                supervised=row,
                id=new_id(),
                inspected_on=found.inspected_on,
                finding=found.finding,
                seen=seen,
                done=done,
                next_on=found.next_on,
                signed_name=names.get(by.id, ""),
                second_id=found.second,
                second_name=names.get(found.second, "") if found.second else "",
                post_id=by.post_id,
                person_id=by.id,
                at=at,
            )
        )
        cmd.change(
            row,
            last_on=found.inspected_on,
            last_finding=found.finding,
            next_on=found.next_on,
            overdue_on=None,
        )
        cmd.note(number=row.number, inspection=found.finding, next_on=found.next_on)
        cmd.note(officers=2 if found.second else 1)
        cmd.note_digest(seen=seen, done=done)
        cmd.publish(Inspected(object_id, row.department_id, found.finding, found.inspected_on))
        return cmd.done(Written(row.number, found.next_on))


def _names_of_both(row: Supervised, second: UUID | None, by: Actor, day: date) -> dict[UUID, str]:
    """Of who signs, and of who inspected along. Raises SecondInspectorUnfit."""
    if second is None:
        return identity.names_of([by.id])
    if second not in {one.person_id for one in selectors.colleagues(row, by, day)}:
        raise SecondInspectorUnfit(field="second")
    return identity.names_of([by.id, second])


def put_off(
    *, object_id: UUID, next_on: date, reason: str, seen_as: Seen, by: Actor, at: Instant, key: UUID
) -> Written:
    """
    The next inspection is on another day, earlier or later than it was, for a reason that stays with the object; the
    ledger has its digest.

    Raises as `write_inspection` does.
    """
    said = reason.strip()
    rules.check_words(said, "reason", rules.REASON_LIMIT)
    with command("regulation.put_off", object_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Written)
        row = _open(object_id, "regulation.inspect", seen_as, by)
        rules.check_next(next_on, legal_day(at))
        cmd.insert(
            PutOff(
                supervised=row,
                id=new_id(),
                was_on=row.next_on,
                next_on=next_on,
                reason=said,
                post_id=by.post_id,
                person_id=by.id,
                at=at,
            )
        )
        cmd.note(number=row.number, was=row.next_on, next_on=next_on)
        cmd.note_digest(reason=said)
        cmd.change(row, next_on=next_on, overdue_on=None)
        return cmd.done(Written(row.number, next_on))


def _open(object_id: UUID, action: str, seen_as: Seen, by: Actor) -> Supervised:
    row = selectors.supervised_for_update(object_id)
    if access.kept_out(by, action, row):
        raise InspectorRecused()
    access.require(by, action, row)
    if row.ended_on:
        raise SupervisionEnded()
    if seen_as != Seen(row.next_on, row.inspections.count()):
        raise AlreadyInspected()
    return row


def watch(at: Instant) -> str:
    """
    Certificates that ended by themselves end the supervision; a day that went by is told once. Returns what failed.
    """
    today = legal_day(at)
    gone = selectors.over_by_themselves(today)
    failed = each_alone(
        list(gone),
        lambda one: end_supervision(number=gone[one], why=Supervised.End.OVER, on=today, at=at),
        "end of supervision",
    )
    late = Supervised.objects.filter(ended_on=None, next_on__lt=today, overdue_on=None)
    found = late.order_by("next_on", "id").values_list("pk", flat=True)
    not_told = each_alone(list(found), lambda one: _flag(one, at), "overdue inspection")
    return "; ".join(words for words in (failed, not_told) if words)


def _flag(object_id: UUID, at: Instant) -> None:
    with command("regulation.flag_overdue", object_id, by=REGISTER, at=at, key=new_id()) as cmd:
        row = selectors.supervised_for_update(object_id)
        if row.ended_on is None and row.overdue_on is None and row.next_on < legal_day(at):
            cmd.change(row, overdue_on=legal_day(at))
            cmd.publish(InspectionOverdue(object_id, row.department_id, row.next_on))
        cmd.note(number=row.number, next_on=row.next_on)
        cmd.done(None)
