"""Questions about messages; each asks whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from mingqu.kernel.identifiers import IdentifierRefused, Phone
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_email, mask_phone
from mingqu.notifications.channels import registry
from mingqu.notifications.errors import MessageNotFound, ServiceUnknown
from mingqu.notifications.models import (
    ChannelState,
    Choices,
    ClosedPaper,
    DoubleSms,
    InboxMessage,
    NotifyKey,
    NotifyService,
    Outgoing,
    SentOnDay,
    ServiceRecord,
    UnservedPaper,
)
from mingqu.notifications.rules import segments
from mingqu.notifications.types import (
    ChannelView,
    ChoicesView,
    Closed,
    DoubleMessage,
    Message,
    MessagePage,
    SentOut,
    SentToday,
    Service,
    ServiceView,
    Unserved,
    Wanted,
)

PAGE: Final = 20
UNREAD_SHOWN: Final = 99
COUNTED: Final = 999
LATE: Final = timedelta(minutes=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def inbox(person_id: UUID, *, before: str = "", after: str = "") -> MessagePage:
    """A page of a person's messages, the latest first; `before` and `after` are cursors of a page shown."""
    found = InboxMessage.objects.filter(person_id=person_id)
    if after:
        at, message_id = _read_cursor(after)
        newer = Q(created_at__gt=at) | Q(created_at=at, id__gt=message_id)
        rows = list(found.filter(newer, created_at__gte=at).order_by("created_at", "id")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if before:
            at, message_id = _read_cursor(before)
            older = Q(created_at__lt=at) | Q(created_at=at, id__lt=message_id)
            found = found.filter(older, created_at__lte=at)
        rows = list(found.order_by("-created_at", "-id")[: PAGE + 1])
        more_newer, more_older = bool(before), len(rows) > PAGE
        rows = rows[:PAGE]
    return MessagePage(
        messages=tuple(_message(row) for row in rows),
        newer=_cursor(rows[0]) if rows and more_newer else "",
        older=_cursor(rows[-1]) if rows and more_older else "",
    )


def message(person_id: UUID, message_id: UUID) -> Message:
    """One message of this person. Raises MessageNotFound."""
    row = InboxMessage.objects.filter(person_id=person_id, id=message_id).first()
    if row is None:
        raise MessageNotFound()
    return _message(row)


def messages_about(person_id: UUID, about_id: UUID) -> list[Message]:
    """What this person was told about one case or certificate, the latest first; at most a page."""
    rows = InboxMessage.objects.filter(person_id=person_id, about_id=about_id)
    return [_message(row) for row in rows.order_by("-created_at", "-id")[:PAGE]]


def unread_count(person_id: UUID) -> int:
    """How many messages nobody has opened; counting stops at 99."""
    unread = InboxMessage.objects.filter(person_id=person_id, read_at=None)
    return len(unread.values_list("id")[:UNREAD_SHOWN])


def sent_out(message_ids: Iterable[UUID]) -> dict[UUID, list[SentOut]]:
    """How each of these messages left the house, the first way first; numbers and addresses masked."""
    found: dict[UUID, list[SentOut]] = {}
    rows = Outgoing.objects.filter(message_id__in=list(message_ids)).defer("text", "subject")
    for row in rows.order_by("created_at", "id"):
        assert row.message_id is not None
        found.setdefault(row.message_id, []).append(_sent_out(row))
    return found


def told_about(people: Iterable[UUID], about_id: UUID) -> list[tuple[Message, list[SentOut]]]:
    """
    What these people were told about one case, the latest first, and what became of it: for who handles the case. What
    several were told at one moment stands there once for each.
    """
    rows = InboxMessage.objects.filter(person_id__in=list(people), about_id=about_id)
    told = [_message(row) for row in rows.order_by("-created_at", "-id")[:PAGE]]
    ways = sent_out([one.id for one in told])
    return [(one, ways.get(one.id, [])) for one in told]


def anything_due(at: datetime) -> bool:
    """Whether the sender has something to do."""
    return Outgoing.objects.filter(state__in=("queued", "sending"), try_at__lte=at).exists()


def choices_of(person_id: UUID) -> ChoicesView:
    """How a person wants to be told; what everybody has who chose nothing. The address masked."""
    row = Choices.objects.filter(pk=person_id).first() or Choices()
    return ChoicesView(
        Wanted(row.sms, row.by_email, row.links, row.quiet_from, row.quiet_until),
        email=mask_email(row.email) if row.email_proved_at else "",
        asked=mask_email(row.email_asked) if row.email_asked else "",
        can_email=bool(registry.channels(Outgoing.Medium.EMAIL)),
    )


def way_words(way: str) -> str:
    """What a way of service is called, in the language of the page."""
    return str(ServiceRecord.Way(way).label)


def services_of(root_id: UUID) -> dict[UUID, Service]:
    """What was served of the notices of a case, by paper."""
    return {
        row.paper_id: Service(
            root_id,
            row.paper_id,
            row.paper,
            row.way,
            row.served_on,
            address=row.address,
            receiver=row.receiver,
            relation=row.receiver_relation,
            refused_because=row.refused_because,
            proof=row.proof,
            way_words=str(row.get_way_display()),
            at=row.at,
        )
        for row in ServiceRecord.objects.filter(root_id=root_id)
    }


def unserved_of(root_id: UUID) -> list[Unserved]:
    """What is made and not served of the papers of a case or bundle, the oldest first."""
    return [_unserved(row) for row in UnservedPaper.objects.filter(root_id=root_id).order_by("since", "id")]


def days_of_service() -> Iterator[tuple[UUID, str, str, date, datetime]]:
    """Of every service record: (root, kind of paper, way, day that counts, when it was noted); for a check of all."""
    rows = ServiceRecord.objects.values_list("root_id", "paper", "way", "served_on", "at")
    return rows.iterator(chunk_size=2000)


def served_and_waiting() -> list[tuple[UUID, str]]:
    """(root, kind) of papers on the list although their record is written: there are none."""
    served = ServiceRecord.objects.filter(root_id=OuterRef("root_id"), paper_id=OuterRef("paper_id"))
    return list(UnservedPaper.objects.filter(Exists(served)).values_list("root_id", "paper"))


def waiting_papers(kinds: Iterable[str]) -> list[tuple[UUID, str, date | None]]:
    """(root, kind, last day) of the papers of these kinds that wait."""
    rows = UnservedPaper.objects.filter(paper__in=list(kinds)).order_by("since")
    return list(rows.values_list("root_id", "paper", "limit_on"))


def closed_of(root_id: UUID) -> dict[UUID, Closed]:
    """Why papers of a case left the list without a service record, by paper."""
    return {
        row.paper_id: Closed(row.ground, str(row.get_ground_display()), row.reason or "", row.at)
        for row in ClosedPaper.objects.filter(root_id=root_id)
    }


def closing_grounds() -> list[tuple[str, str]]:
    return [(code, str(words)) for code, words in ClosedPaper.Ground.choices]


def unserved_subjects(where: Q, most: int) -> list[str]:
    """Of which items and bundles something waits, by name; `where` as for `unserved`."""
    found = UnservedPaper.objects.filter(where).order_by("subject").values_list("subject", flat=True)
    return list(found.distinct()[:most])


def unserved(
    where: Q,
    *,
    paper: str = "",
    subject: str = "",
    after: tuple[datetime, UUID] | None = None,
    limit: int = 30,
) -> list[tuple[UUID, Unserved]]:
    """
    文书送达, the longest waiting first, each with the id a page ends with; `where`: whose the asker may see, which the
    rooms above know; `paper`, `subject`: of this kind, of this item or bundle alone. Keyset.
    """
    found = UnservedPaper.objects.filter(where)
    if paper:
        found = found.filter(paper=paper)
    if subject:
        found = found.filter(subject=subject)
    if after:
        found = found.filter(Q(since__gt=after[0]) | Q(since=after[0], id__gt=after[1]))
    return [(row.id, _unserved(row)) for row in found.order_by("since", "id")[:limit]]


def unserved_waiting(where: Q, day: date, most: int) -> tuple[int, int]:
    """How many wait, counted to `most`, and how many of these are past their day."""
    limits = list(UnservedPaper.objects.filter(where).values_list("limit_on", flat=True)[:most])
    return len(limits), sum(limit is not None and limit < day for limit in limits)


def _unserved(row: UnservedPaper) -> Unserved:
    return Unserved(
        row.root_id,
        row.paper_id,
        row.paper,
        row.document_number,
        row.owner,
        row.number,
        row.subject,
        row.department_id,
        row.region_code,
        row.item_type,
        row.since,
        row.limit_on,
    )


def sent_on(day: date, medium: str) -> int:
    """Segments handed over on a day."""
    return SentOnDay.objects.filter(day=day, medium=medium).values_list("segments", flat=True).first() or 0


def channel_states(at: datetime) -> list[ChannelView]:
    """Channels that were ever asked."""
    return [
        ChannelView(
            row.name,
            row.failures,
            bool(row.rests_until and row.rests_until > at),
            row.last_reason,
            row.last_failed_at,
        )
        for row in ChannelState.objects.order_by("name")
    ]


def sms_today(at: datetime) -> SentToday:
    """For the page of health."""
    late = Outgoing.objects.filter(state__in=("queued", "sending"), try_at__lte=at - LATE)
    waiting = len(late.values_list("id")[: COUNTED + 1])
    return SentToday(
        has_channel=bool(registry.channels(Outgoing.Medium.SMS)),
        segments=sent_on(legal_day(at), Outgoing.Medium.SMS),
        quota=settings.MINGQU_SMS_QUOTA,
        waiting=min(waiting, COUNTED),
        waiting_more=waiting > COUNTED,
    )


def _sent_out(row: Outgoing) -> SentOut:
    masked = mask_phone(row.to) if row.medium == Outgoing.Medium.SMS else mask_email(row.to)
    medium, state = Outgoing.Medium(row.medium), Outgoing.State(row.state)
    return SentOut(str(medium.label), masked, state.value, str(state.label), row.ended_at or row.sent_at)


def double_messages() -> list[DoubleMessage]:
    """The last text messages of a demo. A number that is not of the demo's own is masked."""
    return [
        DoubleMessage(_shown(row), row.text, row.created_at, row.subject)
        for row in DoubleSms.objects.order_by("-created_at")[:PAGE]
    ]


def _shown(row: DoubleSms) -> str:
    if row.medium == Outgoing.Medium.EMAIL:
        return mask_email(row.phone)
    try:
        number = Phone.parse(row.phone, demo=True)
    except IdentifierRefused:
        return mask_phone(row.phone)
    return number.grouped() if number.is_demo else mask_phone(row.phone)


def _cursor(row: InboxMessage) -> str:
    """Microseconds since 1970 and the id: safe in an address, exact to the row."""
    return f"{(row.created_at - EPOCH) // timedelta(microseconds=1)}_{row.id}"


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    micros, _, message_id = cursor.partition("_")
    try:
        return EPOCH + timedelta(microseconds=int(micros)), UUID(message_id)
    except (ValueError, OverflowError) as wrong:
        raise MessageNotFound() from wrong


def _message(row: InboxMessage) -> Message:
    return Message(row.id, row.kind, row.title, row.body, row.link, row.created_at, row.read_at)


def notify_services() -> list[ServiceView]:
    """Programs that may send, by name."""
    rows = NotifyService.objects.select_related("department").order_by("name")
    keys = dict(
        NotifyKey.objects.filter(ended_at=None).values_list("service_id").annotate(Count("id")).order_by()
    )
    return [ServiceView(row.id, row.name, row.department.name, keys.get(row.id, 0)) for row in rows]


def notify_service(service_id: UUID) -> ServiceView:
    """One with its keys, the latest first, and its templates as they are now. Raises ServiceUnknown."""
    row = NotifyService.objects.select_related("department").filter(pk=service_id).first()
    if row is None:
        raise ServiceUnknown()
    keys = list(row.keys.order_by("-made_at").values("id", "name", "made_at", "used_at", "ended_at"))
    newest = row.templates.order_by("template_id", "-version").distinct("template_id")
    templates = [
        {"id": t.template_id, "version": t.version, "kind": t.get_kind_display(), "name": t.name,
         "subject": t.subject, "body": t.body, "segments": segments(t.body) if t.kind == "sms" else 0}
        for t in newest
    ]  # fmt: skip
    open_keys = sum(one["ended_at"] is None for one in keys)
    return ServiceView(row.id, row.name, row.department.name, open_keys, keys, templates)
