"""What a provider tells later of a message: signed, taken once however often it comes, in whatever order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mingqu.kernel.foreign_json import require_storable
from mingqu.kernel.gateways import at_path
from mingqu.kernel.types import Instant
from mingqu.notifications.channels import registry
from mingqu.notifications.channels.base import EMAIL, SMS
from mingqu.notifications.channels.http import Callback, HttpChannel
from mingqu.notifications.errors import CallbackRefused, CallbackUnreadable, ChannelUnknown
from mingqu.notifications.models import Outgoing
from mingqu.notifications.services import ways

State = Outgoing.State
MOST: Final = 1000  # reports in one call
# A report may overtake the answer to the call itself, and a late "delivered" mends an early "failed".
DELIVERED_AFTER: Final = (State.QUEUED, State.SENDING, State.SENT, State.UNKNOWN, State.FAILED, State.EXPIRED)
FAILED_AFTER: Final = (State.SENDING, State.SENT, State.UNKNOWN)


def told_by_provider(*, channel: str, body: bytes, signature: str, at: Instant) -> int:
    """
    One report or a list of them; how many changed something. What is told twice or of messages that are not this
    channel's changes nothing. Raises ChannelUnknown, CallbackRefused (the signature), CallbackUnreadable.
    """
    found, callback = _channel(channel)
    if not callback.signed(body, signature):
        raise CallbackRefused()
    changed = 0
    with transaction.atomic():
        for report in _reports(body):
            state = str(at_path(report, callback.state_at))
            reference = str(at_path(report, callback.reference_at))
            if state in callback.delivered:
                rows = _of(found, reference).filter(state__in=DELIVERED_AFTER)
                changed += rows.update(state=State.DELIVERED, ended_at=at, reason="")
            elif state in callback.failed:
                changed += _failed(_of(found, reference), state, at)
    return changed


def _failed(rows: QuerySet[Outgoing], state: str, at: Instant) -> int:
    if not rows.filter(state__in=FAILED_AFTER).update(state=State.FAILED, ended_at=at, reason=state[:60]):
        return 0
    ways.try_other(rows.get(), at=at)
    return 1


def _of(channel: HttpChannel, reference: str) -> QuerySet[Outgoing]:
    """By our reference, or by the one the provider gave when it took the message."""
    rows = Outgoing.objects.filter(channel=channel.name)
    try:
        return rows.filter(id=UUID(reference))
    except ValueError:
        return rows.filter(provider_reference=reference).exclude(provider_reference="")


def _channel(name: str) -> tuple[HttpChannel, Callback]:
    for medium in (SMS, EMAIL):
        found = registry.channel(medium, name)
        if isinstance(found, HttpChannel) and found.callback:
            return found, found.callback
    raise ChannelUnknown()


def _reports(body: bytes) -> Iterator[Any]:
    try:
        said = json.loads(body)
        require_storable(said)
    except (ValueError, RecursionError) as wrong:
        raise CallbackUnreadable() from wrong
    reports = said if isinstance(said, list) else [said]
    if len(reports) > MOST or not all(isinstance(one, dict) for one in reports):
        raise CallbackUnreadable()
    yield from reports
