"""What people hear of authorities: offered, answered, ended; and of each deed of who acts for them."""

import logging
from typing import Any

from django.conf import settings
from django.urls import reverse

from mingqu.identity import selectors as identity
from mingqu.identity.events import (
    CapacityAnswered,
    CapacityEnded,
    CapacityOffered,
    ClosingAskedFor,
    ClosingEnded,
    CopyReady,
    PhoneRecovered,
    PhoneRecoveryAsked,
)
from mingqu.identity.services import access, closing, copies
from mingqu.identity.services.recovery import is_online, numbers_of
from mingqu.identity.types import CapacityView
from mingqu.kernel.events import ActedForAnother, subscriber
from mingqu.kernel.masking import mask_phone
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.notifications.errors import SmsUnavailable
from mingqu.ui.text import zh_day, zh_moment

log = logging.getLogger(__name__)
NOTHING_YET = {"hall.hold"}  # a place kept for minutes: what is booked is told


@subscriber("portal.tell_of_offer", CapacityOffered)
def tell_of_offer(event: CapacityOffered, *, at: Instant) -> None:
    """Whoever has signed in with that telephone; nobody learns whether there is such an account."""
    given, asked = identity.capacity(event.root_id), identity.account_asked(event.root_id)
    if given is None or asked is None:
        return
    told = {"principal": given.principal_name, "until_on": given.until_on}
    notifications.tell(asked, "capacity_offered", told, given.id, at=at, link=_page(given))


@subscriber("portal.tell_of_answer", CapacityAnswered)
def tell_of_answer(event: CapacityAnswered, *, at: Instant) -> None:
    given = identity.capacity(event.root_id)
    if given is None:
        return
    kind = "capacity_accepted" if event.accepted else "capacity_declined"
    told = {"agent": given.agent_name}
    notifications.tell(event.granted_by, kind, told, given.id, at=at, link=_page(given))


@subscriber("portal.tell_of_end", CapacityEnded)
def tell_of_end(event: CapacityEnded, *, at: Instant) -> None:
    """The other side."""
    given = identity.capacity(event.root_id)
    if given is None:
        return
    told: dict[str, Any] = {"principal": given.principal_name, "agent": given.agent_name}
    for person in {event.granted_by, event.agent_id} - {event.ended_by, None}:
        notifications.tell(person, "capacity_ended", told, given.id, at=at, link=_page(given))


@subscriber("portal.tell_whom_it_was_for", ActedForAnother)
def tell_whom_it_was_for(event: ActedForAnother, *, at: Instant) -> None:
    """Each deed for another is told to that person, with whose hands it was (民法典 162: it binds her)."""
    deed, given = access.action_words(event.action), identity.capacity(event.capacity_id)
    if not deed or given is None or event.action in NOTHING_YET:
        return
    told = {"agent": given.agent_name, "deed": deed}
    fact = f"{event.action}{at:%Y%m%d%H%M%S%f}"[-40:]
    link = reverse("portal:my")
    notifications.tell(event.for_id, "acted_for_you", told, event.root_id, at=at, fact=fact, link=link)


@subscriber("portal.tell_of_recovery_asked", PhoneRecoveryAsked)
def tell_of_recovery_asked(event: PhoneRecoveryAsked, *, at: Instant) -> None:
    """The old number, before anything changes: its owner may still have it."""
    old, new, person = numbers_of(event.root_id)
    due_at = is_online(event.root_id)
    if due_at is None:
        _to_number(old, "phone_recovery_asked", {}, at)
        return
    due, link = zh_moment(due_at), reverse("identity:stop_recovery")
    told = {"phone": mask_phone(new), "due": due}
    notifications.tell(person, "phone_recovery_online", told, event.root_id, at=at, link=link)
    _to_number(old, "phone_recovery_online", {"due": zh_day(due_at)}, at)


@subscriber("portal.tell_of_recovery", PhoneRecovered)
def tell_of_recovery(event: PhoneRecovered, *, at: Instant) -> None:
    """The old number once more, and the person under the new one."""
    old, new, person = numbers_of(event.root_id)
    told = {"phone": mask_phone(new)}
    notifications.tell(
        person, "phone_recovered", told, event.root_id, at=at, link=reverse("identity:profile")
    )
    _to_number(old, "phone_recovered", told, at)
    if is_online(event.root_id) is not None:
        _to_number(new, "phone_recovered_here", {}, at)


@subscriber("portal.tell_of_closing_asked", ClosingAskedFor)
def tell_of_closing_asked(event: ClosingAskedFor, *, at: Instant) -> None:
    """Until when she may change her mind; called off before this is told, nothing is."""
    until = closing.until(event.root_id)
    if until is not None:
        told = {"until": zh_moment(until)}
        link = reverse("identity:close")
        notifications.tell(event.person_id, "closing_asked", told, event.root_id, at=at, link=link)


@subscriber("portal.tell_of_closing_stopped", ClosingEnded)
def tell_of_closing_stopped(event: ClosingEnded, *, at: Instant) -> None:
    link = reverse("identity:close")
    notifications.tell(event.person_id, "closing_stopped", {}, event.root_id, at=at, link=link)


@subscriber("portal.tell_of_own_copy", CopyReady)
def tell_of_own_copy(event: CopyReady, *, at: Instant) -> None:
    """Unless it is gone again, with the account."""
    until = copies.until(event.root_id)
    if until is not None:
        told, link = {"until": zh_moment(until)}, reverse("identity:own_copies")
        notifications.tell(event.person_id, "own_copy_ready", told, event.root_id, at=at, link=link)


def _to_number(phone: str, template: str, told: dict[str, str], at: Instant) -> None:
    """A number that is nobody's inbox any more; without a channel of text messages the log says so."""
    telephone = str(settings.MINGQU_SITE["telephone"])
    try:
        notifications.send_sms(phone, template, told | {"telephone": telephone}, at=at)
    except SmsUnavailable as unavailable:
        log.warning("an old number was not told of its recovery: %s", unavailable.code)


def _page(given: CapacityView) -> str:
    return reverse("portal:capacity", args=[given.id])
