"""
注销账号 (个人信息保护法 47): asked by its owner, carried out by a job some days later, so that she may change her
mind and whoever took her telephone gains nothing at once. What was filed, decided, paid and issued is kept as other
laws want it; nobody signs in to it any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from mingqu.identity import selectors
from mingqu.identity.account_errors import ClosingAsked, ClosingBarred, ClosingOver
from mingqu.identity.acting import in_own_name
from mingqu.identity.events import (
    AccountClosed,
    CapacityAnswered,
    CapacityEnded,
    ClosingAskedFor,
    ClosingEnded,
)
from mingqu.identity.models import (
    AccountClosing,
    AppCode,
    AppGrant,
    AppToken,
    Capacity,
    OutsideLink,
    PartyNumber,
    Person,
    PhoneRecovery,
    ScanSignIn,
    User,
)
from mingqu.identity.services import access, accounts, own_data
from mingqu.identity.services.people import Own, person_for_update
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.types import Actor, Instant

State = AccountClosing.State
CLOSING = Actor.system("account-closing")
AT_ONCE = 100  # closings of one turn of the sweep


@dataclass(frozen=True)
class Closing:
    """A closing that waits, as its owner reads it."""

    id: UUID
    asked_at: datetime
    closes_at: datetime


def waiting(user_id: UUID) -> Closing | None:
    row = AccountClosing.objects.filter(user_id=user_id, state=State.WAITING).first()
    return Closing(row.pk, row.asked_at, row.closes_at) if row else None


def until(closing_id: UUID) -> datetime | None:
    """When it takes effect; None where it waits no more."""
    rows = AccountClosing.objects.filter(pk=closing_id, state=State.WAITING)
    return rows.values_list("closes_at", flat=True).first()


def matters(person_id: UUID, at: Instant) -> list[own_data.Matter]:
    """What is not finished; what bars a closing first."""
    return own_data.open_matters(person_id, legal_day(at))


def ask(*, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The owner, who has just shown her telephone, wants her account closed; returns the closing (`key`).
    Raises ClosingBarred (something is under way), ClosingAsked, ActingForAnother, NotAuthorised.
    """
    in_own_name(by)
    with command("identity.ask_closing", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require(by, "identity.ask_closing", Own((by.id,)))
        user = User.objects.select_for_update().get(pk=by.user_id)
        _require_nothing_open(by.id, at)
        try:
            with transaction.atomic():
                AccountClosing.objects.create(
                    id=key,
                    user_id=user.pk,
                    person_id=user.person_id,
                    asked_at=at,
                    closes_at=at + timedelta(days=settings.MINGQU_CLOSING_DAYS),
                )
        except IntegrityError as twice:
            raise ClosingAsked() from twice
        cmd.note(user=str(user.pk))
        cmd.publish(ClosingAskedFor(key, user.person_id))
        cmd.done(None)
    return key


def call_off(*, closing_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """She changed her mind; nothing has changed. Raises ClosingOver (also for another's), NotAuthorised."""
    with command("identity.call_off_closing", closing_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.call_off_closing", Own((by.id,)))
        row = _for_update(closing_id)
        if row is None or row.user_id != by.user_id:
            raise ClosingOver()
        _end(row, State.CALLED_OFF, at)
        cmd.note(user=str(row.user_id))
        cmd.done(None)


def close_due(at: Instant) -> str:
    """What is due now is closed, each alone; how many could not be, for the page of health."""
    due = AccountClosing.objects.filter(state=State.WAITING, closes_at__lte=at).order_by("closes_at")
    ids = list(due.values_list("id", flat=True)[:AT_ONCE])
    return each_alone(ids, lambda one: carry_out(one, at), "closing of an account")


def carry_out(closing_id: UUID, at: Instant) -> None:
    """
    The last day has come. Something began meanwhile: it is not done, and she is told. Safe to repeat: what is not
    waiting is left alone.
    """
    row = AccountClosing.objects.filter(pk=closing_id, state=State.WAITING, closes_at__lte=at).first()
    if row is None:
        return
    try:
        _require_nothing_open(row.person_id, at)
        _end_authorities(row, at)
        _carry_out(closing_id, at)
    except ClosingBarred:
        _stop(closing_id, at)


def _require_nothing_open(person_id: UUID, at: Instant) -> None:
    """Raises ClosingBarred."""
    if bars := [one.words for one in matters(person_id, at) if one.bars]:
        raise ClosingBarred(what=bars[0])


def _carry_out(closing_id: UUID, at: Instant) -> None:
    key = uuid5(NAMESPACE_URL, f"mingqu:close:{closing_id}")
    with command("identity.close_account", closing_id, by=CLOSING, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(CLOSING, "identity.close_account")
        found = _for_update(closing_id)
        if found is not None:
            _close(cmd, found, at)
            cmd.done(None)


def _stop(closing_id: UUID, at: Instant) -> None:
    key = uuid5(NAMESPACE_URL, f"mingqu:close:stop:{closing_id}")
    with command("identity.stop_closing", closing_id, by=CLOSING, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(CLOSING, "identity.stop_closing")
        row = _for_update(closing_id)
        if row is not None:
            _end(row, State.STOPPED, at)
            cmd.note(user=str(row.user_id))
            cmd.publish(ClosingEnded(closing_id, row.person_id))
            cmd.done(None)


def _close(cmd: Command, row: AccountClosing, at: Instant) -> None:
    user = User.objects.select_for_update().get(pk=row.user_id)
    person = person_for_update(row.person_id)
    _require_nothing_open(person.pk, at)  # once more: she may have filed since the first look
    user.phone = user.phone_index = user.phone_verified_at = None
    user.is_active, user.closed_at, user.epoch = False, at, user.epoch + 1
    user.save(update_fields=["phone", "phone_index", "phone_verified_at", "is_active", "closed_at", "epoch"])
    _end_ways_in(user.pk, at)
    keeps = own_data.kept(person.pk)
    _erase(person, keeps=keeps)
    _end(row, State.DONE, at)
    cmd.note(user=str(user.pk), person_kept=keeps)
    cmd.publish(AccountClosed(row.pk, person.pk, user.pk, keeps))


def _end_ways_in(user_id: UUID, at: Instant) -> None:
    """Links to outside accounts, what applications were let in to, scans, requests for another number."""
    OutsideLink.objects.filter(user_id=user_id).delete()
    grants = AppGrant.objects.filter(user_id=user_id)
    AppCode.objects.filter(grant__in=grants).delete()
    AppToken.objects.filter(grant__in=grants).delete()
    grants.filter(ended_at=None).update(ended_at=at)
    ScanSignIn.objects.filter(user_id=user_id).delete()
    asked = PhoneRecovery.objects.filter(user_id=user_id)
    asked.filter(state="waiting").update(state="called_off", answered_at=at)
    asked.update(old_phone="", new_phone="", reason="")


def _erase(person: Person, *, keeps: bool) -> None:
    """The number told for contact goes; name and numbers stay where records that the law keeps are hers."""
    person.contact_phone = None
    if not keeps:
        person.name = person.citizen_number = person.citizen_number_index = None
        person.document_kind, person.assurance = "", 0
        person.document_number = person.document_number_index = None
        PartyNumber.objects.filter(party_id=person.pk).delete()
    person.save()


def _end_authorities(row: AccountClosing, at: Instant) -> None:
    """
    What she gave, what she was given, and what waits for an answer under her telephone: each by a command of its own,
    so that the other side is told as ever.
    """
    user = User.objects.get(pk=row.user_id)
    hers = Q(agent_id=row.person_id) | Q(principal_id=row.person_id)
    if user.phone_index is not None:
        hers |= Q(state=Capacity.State.OFFERED, agent_phone_index=user.phone_index)
    live = Capacity.objects.filter(hers, state__in=[Capacity.State.OFFERED, Capacity.State.ACTIVE])
    for capacity_id in live.order_by("id").values_list("id", flat=True):
        _end_authority(capacity_id, accounts.as_actor(user), row.pk, at)


def _end_authority(capacity_id: UUID, by: Actor, closing_id: UUID, at: Instant) -> None:
    key = uuid5(closing_id, str(capacity_id))
    with command("identity.end_capacity", capacity_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = Capacity.objects.select_for_update().get(pk=capacity_id)
        asked_of_her = row.agent_id is None and row.principal_id != by.id
        row.state = Capacity.State.DECLINED if asked_of_her else Capacity.State.ENDED
        row.ended_at, row.ended_by = at, by.id
        row.save(update_fields=["state", "ended_at", "ended_by"])
        cmd.note(closing=str(closing_id))
        if asked_of_her:
            cmd.publish(CapacityAnswered(capacity_id, False, row.granted_by))
        else:
            cmd.publish(CapacityEnded(capacity_id, by.id, row.granted_by, row.agent_id))
        cmd.done(None)


def _for_update(closing_id: UUID) -> AccountClosing | None:
    return AccountClosing.objects.select_for_update().filter(pk=closing_id, state=State.WAITING).first()


def _end(row: AccountClosing, state: str, at: Instant) -> None:
    row.state, row.ended_at = state, at
    row.save(update_fields=["state", "ended_at"])


def standing_alone(person_id: UUID) -> Iterable[str]:
    """Names of firms that have handlers only she appointed: nobody could end their authority after her."""
    firms = selectors.firms_represented(person_id)
    live = Capacity.objects.filter(
        principal_id__in=firms,
        kind=Capacity.Kind.HANDLER,
        state__in=[Capacity.State.OFFERED, Capacity.State.ACTIVE],
    )
    return list(dict.fromkeys(str(row.principal_name) for row in live.order_by("id")[:50]))
