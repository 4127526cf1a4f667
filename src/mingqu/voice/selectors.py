"""Questions about tickets: for their authors, and for who answers in the organ; never for who is complained about."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.kernel.yaml_text import read_yaml
from mingqu.voice import rules
from mingqu.voice.errors import OrganUnknown, TicketUnknown
from mingqu.voice.models import Ticket, TicketNumber
from mingqu.voice.types import About, NewTicket, TicketLine, TicketPage, TicketView, ToAnswer, Wanted

PAGE = 30
MOST = 5_000  # rows of a file
KINDS = frozenset(Ticket.Kind.values)
TAGS = {"filed": "accepted", "answered": "correct", "settled": "done", "unsettled": "refused"}
# Reading a case is no hand in it.
READING = ("case.reveal", "case.export")


@cache
def _limits() -> dict[str, int]:
    raw = read_yaml(files("mingqu.voice").joinpath("limits.yaml").read_text("utf-8"))
    return {kind: int(raw[kind]) for kind in KINDS}


def limit(kind: str) -> int:
    """Working days within which the installation promises an answer."""
    return _limits()[kind]


def due_after(day: date, kind: str) -> date:
    return clocks.current_calendar().add_working_days(day, limit(kind))


# Who answers for it ----------------------------------------------------------------------------------------------


def about_of(actor: Actor, ticket: NewTicket) -> About:
    """
    What it is about and the organ that answers. Raises CaseUnknown for a case that is not the actor's, ItemUnknown,
    ItemWithdrawn or OrganUnknown.
    """
    if ticket.case_number:
        return about_case(actor, ticket.case_number)
    if ticket.item_code:
        return about_item(ticket.item_code)
    found = {row.id: row for row in organs()}.get(ticket.department_id) if ticket.department_id else None
    if found is None:
        raise OrganUnknown(field="organ")
    return About(found.id, found.name, found.region_code)


def about_case(actor: Actor, number: str) -> About:
    case = cases.case_visible_to(actor, number)
    organ = identity.department(case.department_id)
    return About(
        department_id=case.department_id,
        organ=organ.name,
        region_code=case.region_code,
        item_type=case.item_type,
        item_code=case.item_code,
        item_name=case.item_name,
        case_id=case.pk,
        case_number=case.number,
    )


def about_item(code: str) -> About:
    item = catalogue.item(code)
    return About(
        item.department_id, item.department.name, item.region_code, item.item_type, item.code, item.name
    )


def organs() -> list[DepartmentView]:
    """The organs that offer a service here, by name: one of them answers."""
    ids = set(catalogue.published_items().order_by().values_list("department_id", flat=True).distinct())
    return sorted(identity.departments_by_id(ids).values(), key=lambda one: one.name)


def organ_to_pass_to(ticket: Ticket, department_id: UUID | None) -> DepartmentView:
    """Another organ than the one that has it. Raises OrganUnknown."""
    found = next((one for one in organs() if one.id == department_id), None)
    if found is None or found.id == ticket.department_id:
        raise OrganUnknown(field="organ")
    return found


def may_pass(actor: Actor, number: str) -> bool:
    """Whether this officer may pass it on to another organ now."""
    row = Ticket.objects.get(pk=ticket_id_of(number))
    open_ = row.state == Ticket.State.FILED and row.case_id is None and row.passes < rules.MOST_PASSES
    return open_ and access.allows(actor, "voice.answer", row)


def concerned(actor: Actor, case_ids: Iterable[UUID | None]) -> set[UUID]:
    """Those cases in which this officer had a hand: an entry of the ledger says so. One statement, or none."""
    wanted = [case_id for case_id in case_ids if case_id]
    if not wanted:
        return set()
    entries = AuditEntry.objects.filter(root_id__in=wanted, actor_kind="staff", actor_id=actor.id)
    return set(entries.exclude(action__in=READING).values_list("root_id", flat=True).distinct())


# Tickets ---------------------------------------------------------------------------------------------------------


def ticket_for_update(ticket_id: UUID) -> Ticket:
    """Locked by its shard key. Raises TicketUnknown."""
    found = Ticket.objects.select_for_update().filter(pk=ticket_id).first()
    if found is None:
        raise TicketUnknown()
    return found


def ticket_id_of(number: str) -> UUID:
    """Raises TicketUnknown."""
    found = TicketNumber.objects.filter(number=number.upper()).values_list("ticket_id", flat=True).first()
    if found is None:
        raise TicketUnknown()
    return found


def own_ticket(actor: Actor | None, number: str, today: date) -> TicketView:
    """One's own. Raises TicketUnknown for anybody else's."""
    row = Ticket.objects.filter(pk=ticket_id_of(number)).first()
    if row is None or not access.allows(actor, "voice.file", row):
        raise TicketUnknown()
    return _view(row, today)


def ticket_at_desk(actor: Actor, number: str, today: date) -> TicketView:
    """For who may answer it. Raises TicketUnknown out of scope and for who had a hand in the case complained about."""
    row = Ticket.objects.filter(pk=ticket_id_of(number)).first()
    if row is None or not access.allows(actor, "voice.see", row) or is_shut_to(actor, row):
        raise TicketUnknown()
    return _view(row, today)


def is_shut_to(actor: Actor, row: Ticket) -> bool:
    """A complaint about a case is not for who had a hand in it."""
    return row.kind == Ticket.Kind.COMPLAINT and bool(concerned(actor, [row.case_id]))


def own_tickets(actor: Actor, today: date, *, before: str = "") -> TicketPage:
    """The latest first, keyset by the day of filing and id."""
    found = Ticket.objects.filter(party_id=actor.id).order_by("-filed_on", "-id")
    return _page(found, "filed_on", today, before, latest_first=True)


def tickets_at_desk(
    actor: Actor, today: date, wanted: Wanted | None = None, *, after: str = ""
) -> TicketPage:
    """Within the post's scope: what waits by its last day; what is answered, the latest first. Keyset."""
    wanted = wanted or Wanted()
    rows = _wanted(actor, today, wanted)
    return _page(rows, "due_on", today, after, latest_first=wanted.done, reader=actor)


def every_ticket(actor: Actor, today: date, wanted: Wanted) -> list[TicketLine]:
    """The same list whole, for a file; MOST rows at most."""
    rows = list(_wanted(actor, today, wanted).select_related("department").defer("text", "reply")[:MOST])
    return _lines(rows, today, actor)


def _wanted(actor: Actor, today: date, wanted: Wanted) -> QuerySet[Ticket]:
    found = Ticket.objects.filter(access.scope(actor, "voice.see").q(party="party_id"))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.number:
        found = found.filter(number=wanted.number)
    if wanted.done:
        if wanted.late:
            found = found.filter(due_on__lt=TruncDate("answered_at", tzinfo=BEIJING))
        return found.exclude(state=Ticket.State.FILED).order_by("-due_on", "-id")
    if wanted.late:
        found = found.filter(due_on__lt=today)
    return found.filter(state=Ticket.State.FILED).order_by("due_on", "id")


def to_answer(actor: Actor, today: date) -> ToAnswer:
    """What waits for an answer of this post; not what it had a hand in. One statement."""
    hands = AuditEntry.objects.filter(
        root_id=OuterRef("case_id"), actor_kind="staff", actor_id=actor.id
    ).exclude(action__in=READING)
    complaint = Q(kind=Ticket.Kind.COMPLAINT)
    rows = Ticket.objects.filter(
        access.scope(actor, "voice.answer").q(party="party_id"), state=Ticket.State.FILED
    ).exclude(complaint & Exists(hands))
    found = rows.aggregate(
        all=Count("pk"),
        complaints=Count("pk", filter=complaint),
        late=Count("pk", filter=Q(due_on__lt=today)),
    )
    return ToAnswer(**found)


def _page(
    rows: QuerySet[Ticket],
    day: str,
    today: date,
    cursor: str,
    *,
    latest_first: bool,
    reader: Actor | None = None,
) -> TicketPage:
    if (start := _cursor(cursor)) is not None:
        side = "lt" if latest_first else "gt"
        rows = rows.filter(Q(**{f"{day}__{side}": start[0]}) | Q(**{day: start[0], f"id__{side}": start[1]}))
    found = list(rows.select_related("department").defer("text", "reply")[: PAGE + 1])
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    more = f"{getattr(last, day)}_{last.pk}" if last else ""
    return TicketPage(tuple(_lines(shown, today, reader)), more)


def _lines(rows: list[Ticket], today: date, reader: Actor | None) -> list[TicketLine]:
    shut = _shut(reader, rows) if reader else frozenset()
    names = catalogue.names({row.item_code for row in rows if row.item_code})
    return [_line(row, names, today, row.pk in shut) for row in rows]


def _shut(reader: Actor, rows: list[Ticket]) -> frozenset[UUID]:
    complaints = [row for row in rows if row.kind == Ticket.Kind.COMPLAINT]
    hands = concerned(reader, (row.case_id for row in complaints))
    return frozenset(row.pk for row in complaints if row.case_id in hands)


def _cursor(text: str) -> tuple[date, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    day, _sep, ticket_id = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(ticket_id)
    except ValueError:
        return None


def _line(row: Ticket, names: dict[str, str], today: date, shut: bool = False) -> TicketLine:
    answered_on = legal_day(row.answered_at) if row.answered_at else None
    return TicketLine(
        number=row.number,
        kind=row.kind,
        kind_words=str(Ticket.Kind(row.kind).label),
        state=row.state,
        state_words=str(Ticket.State(row.state).label),
        tag=TAGS[row.state],
        organ=row.department.name,
        about=names.get(row.item_code, ""),
        filed_on=row.filed_on,
        due_on=row.due_on,
        overdue=row.state == Ticket.State.FILED and today > row.due_on,
        answered_on=answered_on,
        late=answered_on is not None and answered_on > row.due_on,
        concerns_reader=shut,
    )


def _view(row: Ticket, today: date) -> TicketView:
    names: Collection[str] = [row.item_code] if row.item_code else []
    return TicketView(
        line=_line(row, catalogue.names(names), today),
        case_number=row.case_number,
        text=row.text or "",
        reply=row.reply or "",
        filed_at=row.filed_at,
        answered_at=row.answered_at,
        said_on=row.said_on,
        passed_from=row.passed_from.name if row.passed_from else "",
        passed_on=row.passed_on,
        passed_because=row.passed_because or "",
        author=identity.names_of([row.party_id]).get(row.party_id, "") or _("没有填写姓名"),
    )
