"""Questions about matters in other systems. None of them writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet

from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.exchange import rules
from mingqu.exchange.connectors import health, registry
from mingqu.exchange.errors import HandoverUnknown, StatesFileUnknown
from mingqu.exchange.models import (
    Attempt,
    Connection,
    Discrepancy,
    ExchangeDay,
    Handover,
    HandoverFile,
    HandoverReference,
    OutsideState,
    StatesFile,
    StatesLine,
)
from mingqu.exchange.types import ConnectionState, HandoverView, Result
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

CATCH_UP = 31  # days

ANSWER_FILE = "outside_answer"  # kind of a file that goes with an answer
DAYS_LIMIT, DIFFERENCES_LIMIT, STATES_LIMIT = 60, 500, 200
SHOWN = {"needs": "等我们处理", "open": "在外部系统办理", "ended": "办完的", "all": "全部"}
WITH_CASE = 20  # characters of a case's number, at least as many as a typed search may be


def handover_visible_to(actor: Actor | None, reference: str) -> Handover:
    """Within the post's scope. Raises HandoverUnknown for absent and for forbidden alike."""
    found = HandoverReference.objects.filter(pk=reference.strip().lower()).first()
    row = found and Handover.objects.filter(root_id=found.root_id, id=found.handover_id).first()
    if not row or not access.allows(actor, "exchange.see", row):
        raise HandoverUnknown()
    return row


def at_desk(actor: Actor, shown: str, *, system: str = "", before: UUID | None = None) -> QuerySet[Handover]:
    """Of the post's scope, the newest first."""
    rows = Handover.objects.filter(_scope(actor))
    if shown == "needs":
        rows = rows.exclude(needs="")
    elif shown == "open":
        rows = rows.filter(ended_at__isnull=True)
    elif shown == "ended":
        rows = rows.filter(ended_at__isnull=False)
    if system:
        rows = rows.filter(system=system)
    return (rows.filter(id__lt=before) if before else rows).order_by("-id")


def of_number(actor: Actor, number: str) -> list[Handover]:
    """Those of a case or bundle by our number, or the one with the other side's; of the post's scope."""
    plain = "".join(number.split())
    ours = Handover.objects.filter(_scope(actor), number=plain).order_by("id")[:STATES_LIMIT]
    if found := list(ours):
        return found
    theirs = Handover.objects.filter(_scope(actor), external_number=plain.upper())
    return list(theirs.order_by("id")[:STATES_LIMIT])


def waiting_for(actor: Actor) -> int:
    """How many matters of the post's scope wait for a person; counted up to a hundred."""
    if not access.may(actor, "exchange.carry"):
        return 0
    scope = access.scope(actor, "exchange.carry").q(party="root_id")
    return len(Handover.objects.filter(scope).exclude(needs="").values_list("id", flat=True)[:100])


def systems() -> list[str]:
    """Every system that something was handed to, by name."""
    return sorted(Handover.objects.order_by().values_list("system", flat=True).distinct()[:STATES_LIMIT])


def _scope(actor: Actor) -> Q:
    return access.scope(actor, "exchange.see").q(party="root_id")


def connected(system: str) -> bool:
    """Whether a connection reaches this system; else people carry there what is handed over."""
    return registry.for_system(system) != registry.BY_HAND


def states_of(row: Handover) -> list[OutsideState]:
    """All that was told, in the other side's order; the caller has checked that it may be seen."""
    rows = OutsideState.objects.filter(root_id=row.root_id, handover_id=row.id)
    return list(rows.order_by("seq", "happened_at", "content")[:STATES_LIMIT])


def attempts_of(row: Handover) -> list[Attempt]:
    """The latest first."""
    rows = Attempt.objects.filter(root_id=row.root_id, handover_id=row.id)
    return list(rows.order_by("-ended_at", "-attempt")[:STATES_LIMIT])


def views_of(root_id: UUID, parts: Collection[str] | None = None) -> dict[str, HandoverView]:
    """By part; one statement. The caller has checked that the owner may be seen."""
    rows = Handover.objects.filter(root_id=root_id)
    if parts is not None:
        rows = rows.filter(part__in=parts)
    return {row.part: view_of(row) for row in rows}


def asking() -> QuerySet[Handover]:
    """
    Of a row whose key is the owner's: matters whose other side waits for a correction that nobody has answered
    (`HandoverView.asks`, in the database's words).
    """
    on_its_way = Q(sending__in=("called_off", "settled", "by_hand", "waiting", "stuck"))
    answered = ~Q(answers="") & Q(answers=F("latest"))
    return Handover.objects.filter(~on_its_way, ~answered, root_id=OuterRef("pk"), outside="correction")


def known_parts(root_id: UUID) -> set[str]:
    """Parts of this root whose end its owner has not taken yet; one statement."""
    rows = Handover.objects.filter(root_id=root_id).exclude(taken="taken").exclude(sending="called_off")
    return set(rows.values_list("part", flat=True))


def view_of(row: Handover) -> HandoverView:
    result = row.result or {}
    return HandoverView(
        reference=row.reference,
        root_id=row.root_id,
        part=row.part,
        where=row.where,
        system=row.system,
        connected=bool(row.connector),
        standing=row.shown,
        words=row.shown_words,
        number=row.external_number,
        as_of=row.as_of or row.sent_at,
        said=row.said or "",
        needs=row.needs,
        result=Result(result.get("number", ""), result.get("name", ""), result.get("credit_code", "")),
        ended=row.ended_at is not None,
        due_on=row.due_on,
    )


def handover(root_id: UUID, handover_id: UUID) -> HandoverView | None:
    row = Handover.objects.filter(root_id=root_id, id=handover_id).first()
    return view_of(row) if row else None


def place_of(reference: str) -> tuple[UUID, UUID] | None:
    """(root, handover) of a matter by what it is called between us and others; whose it is the caller says."""
    return (
        HandoverReference.objects.filter(pk=reference.strip().lower())
        .values_list("root_id", "handover_id")
        .first()
    )


def waiting_files(root_id: UUID, handover_id: UUID) -> list[FileView]:
    """Files that wait to go with the answer to a correction, the first first."""
    row = Handover.objects.get(root_id=root_id, id=handover_id)
    return _shown_files(row, row.round + 1)


def answer_files(row: Handover) -> list[FileView]:
    """Files that went with the latest answer; the caller has checked that it may be seen."""
    return _shown_files(row, row.round) if row.round else []


def _shown_files(row: Handover, round_: int) -> list[FileView]:
    wanted = set(
        HandoverFile.objects.filter(
            root_id=row.root_id, handover_id=row.id, round=round_, gone=False
        ).values_list("file_id", flat=True)
    )
    return [one for one in documents.files_of(row.root_id, ANSWER_FILE) if one.id in wanted] if wanted else []


def states_files(actor: Actor) -> list[StatesFile]:
    """Files of states of the post's scope, the newest first."""
    scope = access.scope(actor, "exchange.carry").q(party="by_person")
    return list(StatesFile.objects.filter(scope).order_by("-id")[:DAYS_LIMIT])


def states_file(actor: Actor | None, file_id: UUID) -> StatesFile:
    """Raises StatesFileUnknown for absent and for forbidden alike."""
    row = StatesFile.objects.filter(pk=file_id).first()
    if row is None or not access.allows(actor, "exchange.carry", row):
        raise StatesFileUnknown()
    return row


def wrong_lines(row: StatesFile, limit: int | None = None) -> list[StatesLine]:
    """In their order; the caller has checked that the file may be seen."""
    rows = StatesLine.objects.filter(file=row, state=StatesLine.State.WRONG).order_by("line")
    return list(rows[:limit] if limit else rows)


def days() -> list[ExchangeDay]:
    """The latest reconciled days, with how many differences are open."""
    opened = Count("discrepancies__id", filter=Q(discrepancies__settled_at__isnull=True))
    return list(ExchangeDay.objects.annotate(open=opened).order_by("-day", "connector")[:DAYS_LIMIT])


def days_left(at: Instant) -> list[tuple[str, date]]:
    """
    (connection, day) of what was never reconciled before yesterday, since the connection's first day and no longer ago
    than CATCH_UP days, the oldest first; yesterday's comes by itself today.
    """
    today = legal_day(at)
    rows = ExchangeDay.objects.filter(day__gte=today - timedelta(days=CATCH_UP)).values_list(
        "connector", "day"
    )
    known: dict[str, set[date]] = {}
    for connector, day in rows:
        known.setdefault(connector, set()).add(day)
    found = []
    for name in registry.connectors():
        first = min(known.get(name, ()), default=today)
        span = range(1, (today - first).days - 1)
        found += [(name, day) for n in span if (day := first + timedelta(days=n)) not in known[name]]
    return sorted(found, key=lambda one: (one[1], one[0]))


def days_waiting(actor: Actor, at: Instant) -> Waiting | None:
    """Days nobody could reconcile, on the first page of who does."""
    left = len(days_left(at)) if access.may(actor, "exchange.reconcile") else 0
    return Waiting(f"{left}天还没有对上账", state="correct") if left else None


def reconciled_day(connector: str, day: date) -> ExchangeDay | None:
    return ExchangeDay.objects.filter(connector=connector, day=day).first()


def differences_of(row: ExchangeDay) -> list[Discrepancy]:
    """Open ones first."""
    rows = Discrepancy.objects.filter(day=row).order_by("settled_at", "kind", "reference")
    return sorted(rows[:DIFFERENCES_LIMIT], key=lambda one: one.settled_at is not None)


def known_references(references: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Of these, those of ours: (what it is about, our public number); two statements."""
    wanted = {one for one in references if one}
    places = HandoverReference.objects.filter(pk__in=wanted).values_list("root_id", "handover_id")
    roots, ids = {root for root, _id in places}, {one for _root, one in places}
    rows = Handover.objects.filter(root_id__in=roots, id__in=ids)
    return {
        one: (subject, number) for one, subject, number in rows.values_list("reference", "subject", "number")
    }


def open_differences(post_id: UUID | None) -> int:
    """How many differences wait for this post; counted up to a hundred."""
    if post_id is None:
        return 0
    rows = Discrepancy.objects.filter(post_id=post_id, settled_at__isnull=True)
    return len(rows.values_list("id", flat=True)[:100])


@dataclass(frozen=True)
class ConnectionView:
    """How one connection does. `state`: good, failing, resting, unused, by_hand."""

    name: str
    words: str
    systems: list[str]
    state: str
    can_be_asked: bool
    last_good_at: datetime | None
    last_failed_at: datetime | None
    last_reason: str
    waiting: int
    oldest: datetime | None
    outside: int
    reconciled_on: date | None
    open_differences: int


def connections(at: Instant) -> list[ConnectionView]:
    """Every connection of the installation, and what people carry; five statements however many."""
    known = {row.name: row for row in Connection.objects.all()}
    backlog: dict[str, list[datetime]] = {}
    waiting = Handover.objects.filter(sending__in=("waiting", "stuck", "by_hand"), ended_at__isnull=True)
    for name, created in waiting.order_by("created_at").values_list("connector", "created_at")[:10_000]:
        backlog.setdefault(name, []).append(created)
    out = dict(
        Handover.objects.filter(sending="sent", ended_at__isnull=True)
        .order_by()
        .values_list("connector")
        .annotate(many=Count("id"))
    )
    since = legal_day(at) - timedelta(days=DAYS_LIMIT)
    opened = Count("discrepancies__id", filter=Q(discrepancies__settled_at__isnull=True))
    reconciled: dict[str, tuple[date, int]] = {}
    for day in ExchangeDay.objects.filter(day__gte=since).annotate(open=opened).order_by("day"):
        before = reconciled.get(day.connector, (day.day, 0))[1]
        reconciled[day.connector] = (day.day, before + day.open)
    every = registry.connectors()
    found = []
    for name in [*every, registry.BY_HAND]:
        one, row = every.get(name), known.get(name)
        last, open_ = reconciled.get(name, (None, 0))
        found.append(
            ConnectionView(
                name=name,
                words=registry.words(name),
                systems=sorted(one.systems) if one else [],
                state=_state(row, at) if one else "by_hand",
                can_be_asked=bool(one and one.can_be_asked),
                last_good_at=row.last_good_at if row else None,
                last_failed_at=row.last_failed_at if row else None,
                last_reason=row.last_reason if row else "",
                waiting=len(backlog.get(name, [])),
                oldest=next(iter(backlog.get(name, [])), None),
                outside=out.get(name, 0),
                reconciled_on=last,
                open_differences=open_,
            )
        )
    return found


def connection_states(at: Instant) -> list[ConnectionState]:
    """Of every connection that was used; one statement."""
    return [
        ConnectionState(registry.words(row.name), _state(row, at), row.last_failed_at, row.last_reason)
        for row in Connection.objects.order_by("name")
    ]


def _state(row: Connection | None, at: Instant) -> str:
    if row is None:
        return "unused"
    if row.rests_until is not None and row.rests_until > at:
        return "resting"
    return "failing" if row.failures else "good"


def due_words(code: str) -> str:
    return rules.WORDS.get(code, code)


TOLERATED = health.TOLERATED
