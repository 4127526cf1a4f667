"""Filing, answering and settling a complaint, a question or a suggestion."""

from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.services import access, limits
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.tables import Cell, book
from mingqu.kernel.types import Actor, Instant
from mingqu.voice import rules, selectors
from mingqu.voice.errors import (
    AlreadyAnswered,
    AlreadySaid,
    ConcernsYou,
    NotAnsweredYet,
    TicketUnknown,
    TooManyTickets,
)
from mingqu.voice.events import TicketAnswered, TicketFiled, TicketOverdue, TicketPassed, TicketSettled
from mingqu.voice.models import Ticket, TicketNumber
from mingqu.voice.types import Answered, Filed, NewTicket, TicketLine, Wanted

HEAD = ("编号", "种类", "说的是", "答复机关", "提交", "最晚答复", "答复", "超期", "状态")
WATCH = Actor.system("voice-watch")


def file_ticket(*, ticket: NewTicket, by: Actor, at: Instant, key: UUID) -> Filed:
    """
    A person says something to the organ that answers for it (行政许可法 10, 政府信息公开 and petitions have ways of
    their own). The number, and by when an answer is promised, are told at once.

    Raises KindUnknown, WordsMissing, WordsTooLong, CaseUnknown, ItemUnknown, ItemWithdrawn, OrganUnknown,
    TooManyTickets or NotAuthorised.
    """
    text = ticket.text.strip()
    rules.check_kind(ticket.kind, selectors.KINDS)
    rules.check_words(text, "text")
    ticket_id = uuid5(
        NAMESPACE_URL, f"mingqu:voice:{by.id}:{key}"
    )  # a person's key makes nobody else's ticket
    with command("voice.file", ticket_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Filed)
        about = selectors.about_of(by, ticket)
        day = legal_day(at)
        row = Ticket(
            id=ticket_id,
            kind=ticket.kind,
            party_id=by.id,
            case_id=about.case_id,
            case_number=about.case_number,
            item_code=about.item_code,
            department_id=about.department_id,
            region_code=about.region_code,
            item_type=about.item_type,
            text=text,
            filed_at=at,
            filed_on=day,
            due_on=selectors.due_after(day, ticket.kind),
        )
        access.require(by, "voice.file", row)
        _spend(by, at)
        period = f"{day:%Y%m%d}"
        serial = next_number("voice", about.region_code[:6], period)
        row.number = rules.number_of(about.region_code, period, serial)
        row.save(force_insert=True)
        TicketNumber(number=row.number, ticket_id=ticket_id).save(force_insert=True)
        cmd.note(kind=row.kind, number=row.number, department=about.organ, due_on=row.due_on)
        cmd.note_digest(text=text)
        cmd.publish(TicketFiled(ticket_id, row.kind, about.department_id, day, row.due_on))
        return cmd.done(Filed(row.number, row.due_on))


def _spend(by: Actor, at: Instant) -> None:
    try:
        limits.spend("voice_person_day", str(by.id), at=at)
    except TooManyAttempts:
        raise TooManyTickets(most=settings.MINGQU_LIMITS["voice_person_day"][0]) from None


def answer_ticket(*, ticket_id: UUID, text: str, by: Actor, at: Instant, key: UUID) -> Answered:
    """
    The organ answers, once, in words.

    Raises WordsMissing, WordsTooLong, TicketUnknown, ConcernsYou (who had a hand in the case complained about),
    AlreadyAnswered or NotAuthorised.
    """
    text = text.strip()
    rules.check_words(text, "text")
    with command("voice.answer", ticket_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Answered)
        row = selectors.ticket_for_update(ticket_id)
        access.require(by, "voice.answer", row)
        if selectors.is_shut_to(by, row):
            raise ConcernsYou()
        if row.state != Ticket.State.FILED:
            raise AlreadyAnswered()
        day = legal_day(at)
        row.state, row.reply = Ticket.State.ANSWERED, text
        row.answered_at, row.answered_by = at, by.post_id
        row.save(update_fields=["state", "reply", "answered_at", "answered_by"])
        cmd.note(kind=row.kind, number=row.number)
        cmd.note_digest(text=text)
        cmd.publish(TicketAnswered(ticket_id, row.kind, row.department_id, day))
        return cmd.done(Answered(row.number, day))


def pass_ticket(
    *, ticket_id: UUID, department_id: UUID | None, reason: str, by: Actor, at: Instant, key: UUID
) -> Answered:
    """
    转办: what is another organ's matter goes there, with the reason; the day promised to its author stays.

    Raises ReasonMissing, TicketUnknown, OrganUnknown, ConcernsYou, AlreadyAnswered, TicketOfCase, PassedEnough or
    NotAuthorised.
    """
    reason = reason.strip()
    rules.check_reason(reason)
    with command("voice.pass_on", ticket_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Answered)
        row = selectors.ticket_for_update(ticket_id)
        access.require(by, "voice.answer", row)
        if selectors.is_shut_to(by, row):
            raise ConcernsYou()
        if row.state != Ticket.State.FILED:
            raise AlreadyAnswered()
        rules.check_passing(row.passes, of_case=row.case_id is not None)
        to, day = selectors.organ_to_pass_to(row, department_id), legal_day(at)
        row.passed_from_id, row.passed_on, row.passed_because = row.department_id, day, reason
        row.department_id, row.region_code, row.passes = to.id, to.region_code, row.passes + 1
        row.save(
            update_fields=[
                "department", "region_code", "passed_from", "passed_on", "passed_because", "passes",
            ]
        )  # fmt: skip
        cmd.note(kind=row.kind, number=row.number, department=to.name)
        cmd.note_digest(reason=reason)
        before_id = row.passed_from_id
        assert before_id is not None
        cmd.publish(TicketPassed(ticket_id, row.kind, to.id, before_id, row.due_on))
        return cmd.done(Answered(row.number, day))


def export_tickets(*, wanted: Wanted, by: Actor, at: Instant, key: UUID) -> bytes:
    """The list of a post as a spreadsheet, without words and names; that it was taken is written down."""
    with command("voice.export", key, by=by, at=at, key=key) as cmd:
        access.require_may(by, "voice.export")
        lines = selectors.every_ticket(by, legal_day(at), wanted)
        cmd.note(rows=len(lines))
        cmd.done(None)
    return book("投诉、咨询和建议", HEAD, [_row(line) for line in lines])


def _row(line: TicketLine) -> tuple[Cell, ...]:
    return (
        line.number,
        line.kind_words,
        "" if line.concerns_reader else line.about,
        line.organ,
        line.filed_on.isoformat(),
        line.due_on.isoformat(),
        line.answered_on.isoformat() if line.answered_on else "",
        "是" if line.late or line.overdue else "",
        line.state_words,
    )


def flag_overdue(at: Instant) -> str:
    """
    What was not answered by the promised day is written down and its author told, once; its organ and the supervisor
    see it on their first page. Returns what could not be written.
    """
    today = legal_day(at)
    late = Ticket.objects.filter(state=Ticket.State.FILED, due_on__lt=today, overdue_on=None)
    found = late.order_by("due_on", "id").values_list("pk", flat=True)
    return each_alone(list(found), lambda ticket_id: _flag(ticket_id, at), "overdue ticket")


def _flag(ticket_id: UUID, at: Instant) -> None:
    with command("voice.flag_overdue", ticket_id, by=WATCH, at=at, key=uuid5(ticket_id, "overdue")) as cmd:
        if cmd.repeated:
            return
        row = selectors.ticket_for_update(ticket_id)
        if row.state == Ticket.State.FILED:
            row.overdue_on = legal_day(at)
            row.save(update_fields=["overdue_on"])
            cmd.note(kind=row.kind, number=row.number, due_on=row.due_on)
            cmd.publish(TicketOverdue(ticket_id, row.kind, row.department_id, row.due_on))
        cmd.done(None)


def settle_ticket(*, ticket_id: UUID, settled: bool, by: Actor, at: Instant, key: UUID) -> Answered:
    """Its author says, once, whether the answer settled it. Raises TicketUnknown, NotAnsweredYet or AlreadySaid."""
    with command("voice.settle", ticket_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Answered)
        row = selectors.ticket_for_update(ticket_id)
        if not access.allows(by, "voice.settle", row):
            raise TicketUnknown()
        if row.state == Ticket.State.FILED:
            raise NotAnsweredYet()
        if row.said_on is not None:
            raise AlreadySaid()
        day = legal_day(at)
        row.state = Ticket.State.SETTLED if settled else Ticket.State.UNSETTLED
        row.said_on = day
        row.save(update_fields=["state", "said_on"])
        cmd.note(number=row.number, settled=settled)
        cmd.publish(TicketSettled(ticket_id, row.kind, row.department_id, settled, day))
        return cmd.done(Answered(row.number, day))
