"""
Who may act for whom: representatives of firms, handlers they appoint, relatives and friends a person asks.

An authority is offered by who may give it, accepted by who is named in it, and ended by either at once. Every command
given under one asks `require_live` in its own transaction.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from mingqu.identity import selectors
from mingqu.identity.acting import NO_ACCOUNT
from mingqu.identity.errors import (
    CapacityAnswered,
    CapacityOver,
    CapacityUnknown,
    GivenOn,
    NameDiffers,
    NotRepresentative,
    NotToOneself,
    RealNameNeeded,
    WrongPeriod,
)
from mingqu.identity.events import CapacityAnswered as Answered
from mingqu.identity.events import CapacityEnded, CapacityOffered
from mingqu.identity.models import Capacity, Firm, PartyNumber, User
from mingqu.identity.rules import latest_end
from mingqu.identity.services import access, limits
from mingqu.identity.services.firms import checked_code
from mingqu.identity.services.people import DOCUMENT_SEEN, Own, enter_number, for_field, name_of
from mingqu.identity.sources import registry
from mingqu.identity.sources.base import RegisteredFirm
from mingqu.identity.types import Authority, PersonView
from mingqu.kernel.commands import command
from mingqu.kernel.fields import blind_index
from mingqu.kernel.identifiers import Phone
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day

REPRESENTATIVE, HANDLER, RELATIVE = (
    Capacity.Kind.REPRESENTATIVE,
    Capacity.Kind.HANDLER,
    Capacity.Kind.RELATIVE,
)
ASKED_FIRMS, OFFERED = "firm_asked_person", "capacity_offered_person"  # limits


def become_representative(*, credit_code: str, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The signed-in person is the representative of this firm, as the register of firms says by name and number; returns
    the capacity. A firm not known yet is known from then on; whoever was its representative before is it no more.

    Raises RealNameNeeded, NotRepresentative, SourceUnavailable, TooManyAttempts, NotAuthorised, IdentifierRefused.
    """
    person = _in_own_name(by)
    access.require(by, "identity.become_representative", Own((by.id,)))
    code = checked_code(credit_code)
    limits.spend(ASKED_FIRMS, str(by.id), at=at)
    found = registry.firms().represented(code, person.name, person.citizen_number)
    if found is None:
        raise NotRepresentative(field="credit_code")
    with command("identity.become_representative", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(str(cmd.first_result(str)))
        firm = _firm(found, at)
        of_firm = Capacity.objects.select_for_update().filter(
            principal_id=firm.pk, kind=REPRESENTATIVE, state=Capacity.State.ACTIVE
        )
        capacity_id = key
        for one in of_firm.order_by("id"):
            if one.agent_id == person.id:
                capacity_id = one.pk
            else:  # the register knows another by now
                _close(one, Capacity.State.ENDED, by.id, at)
        if capacity_id == key:
            Capacity.objects.create(
                id=key,
                kind=REPRESENTATIVE,
                state=Capacity.State.ACTIVE,
                principal_id=firm.pk,
                principal_name=firm.name,
                agent_id=person.id,
                agent_name=person.name,
                granted_by=person.id,
                from_on=legal_day(at),
                offered_at=at,
                accepted_at=at,
            )
        cmd.note(firm=str(firm.pk), credit_code=code)
        return UUID(cmd.done(str(capacity_id)))


def appoint_handler(*, firm_id: UUID, authority: Authority, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The firm's representative asks somebody to handle its matters (经办人授权); holds once accepted.

    Raises CapacityUnknown (not hers to give), GivenOn, and what `ask_relative` raises.
    """
    _may_give(by)
    held = Capacity.objects.filter(principal_id=firm_id, agent_id=by.id, state=Capacity.State.ACTIVE)
    kinds = set(held.values_list("kind", flat=True))
    if REPRESENTATIVE not in kinds:
        raise GivenOn() if kinds else CapacityUnknown()
    return _offer(HANDLER, (firm_id, selectors.firm(firm_id).name), authority, by, at, key)


def ask_relative(*, authority: Authority, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    A person asks a relative or friend to act for her (亲友代办); holds once accepted. Returns the capacity.

    Raises RealNameNeeded, GivenOn (she acts for another herself), NotToOneself, WrongPeriod, NameMissing,
    IdentifierRefused, TooManyAttempts, NotAuthorised.
    """
    _may_give(by)
    person = _in_own_name(by)
    return _offer(RELATIVE, (person.id, person.name), authority, by, at, key)


def answer_capacity(*, capacity_id: UUID, accept: bool, by: Actor, at: Instant, key: UUID) -> None:
    """
    Who is named in it accepts or declines: her telephone is the one proved by her account, her name the one written.

    Raises CapacityUnknown (also for anybody else), CapacityAnswered, CapacityOver, RealNameNeeded, NameDiffers,
    NotToOneself, GivenOn, NotAuthorised.
    """
    with command("identity.answer_capacity", capacity_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.answer_capacity", Own((by.id,)))
        row = _for_update(capacity_id)
        if not _addressed_to(row, by):
            raise CapacityUnknown()
        if row.state != Capacity.State.OFFERED:
            raise CapacityAnswered()
        if accept:
            _accept(row, by, at)
        else:
            _close(row, Capacity.State.DECLINED, by.id, at)
        cmd.note(accepted=accept)
        cmd.publish(Answered(capacity_id, accept, row.granted_by))
        cmd.done(None)


def end_capacity(*, capacity_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Either side ends it, at once (民法典 173(2)): the person or a representative of the firm, or the agent. What was
    done before stays done. Raises CapacityUnknown (also for anybody else), CapacityAnswered, GivenOn, NotAuthorised.
    """
    with command("identity.end_capacity", capacity_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        if by.stands_in:
            raise GivenOn()
        access.require(by, "identity.end_capacity", Own((by.id,)))
        row = _for_update(capacity_id)
        if by.id not in sides(row):
            raise CapacityUnknown()
        if row.state not in (Capacity.State.OFFERED, Capacity.State.ACTIVE):
            raise CapacityAnswered()
        _close(row, Capacity.State.ENDED, by.id, at)
        cmd.publish(CapacityEnded(capacity_id, by.id, row.granted_by, row.agent_id))
        cmd.done(None)


def require_live(by: Actor, at: Instant) -> None:
    """
    Asked in the transaction of every command given under an authority: it is in force today, and its row is held until
    the deed is done, so that an end comes before it or after it. Raises CapacityOver.
    """
    agency = by.agency
    if agency is None:
        return
    with transaction.atomic():
        row = Capacity.objects.select_for_update(no_key=True).filter(pk=agency.capacity_id).first()
    day = legal_day(at)
    if (
        row is None
        or (row.agent_id, row.principal_id) != (agency.agent_id, agency.for_id)
        or not selectors.capacity_view(row).holds_on(day)
    ):
        raise CapacityOver()


def sides(row: Capacity) -> set[UUID]:
    """Who may end it: the agent; the person, or every representative of the firm."""
    found = (
        {row.principal_id} if row.kind == RELATIVE else set(selectors.representatives_of(row.principal_id))
    )
    return found | ({row.agent_id} if row.agent_id else set())


def _may_give(by: Actor) -> None:
    if by.stands_in:
        raise GivenOn()
    access.require(by, "identity.offer_capacity", Own((by.id,)))


def _in_own_name(by: Actor) -> PersonView:
    """Raises GivenOn for who acts for another person, RealNameNeeded."""
    if by.stands_in:
        raise GivenOn()
    person = selectors.person(by.id)
    if person.assurance < DOCUMENT_SEEN or not person.citizen_number:
        raise RealNameNeeded()
    return person


def _offer(
    kind: str, principal: tuple[UUID, str], authority: Authority, by: Actor, at: Instant, key: UUID
) -> UUID:
    name = name_of(authority.name)
    phone = str(for_field("phone", Phone.parse, authority.phone))
    today = legal_day(at)
    latest = latest_end(kind, today)
    if not today <= authority.until_on <= latest:
        raise WrongPeriod(field="until_on", latest=zh_day(latest))
    index = blind_index("identity.phone", phone)
    if User.objects.filter(pk=by.user_id or NO_ACCOUNT, phone_index=index).exists():
        raise NotToOneself(field="phone")
    limits.spend(OFFERED, str(by.id), at=at)
    with command("identity.offer_capacity", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        Capacity.objects.create(
            id=key,
            kind=kind,
            state=Capacity.State.OFFERED,
            principal_id=principal[0],
            principal_name=principal[1],
            agent_name=name,
            agent_phone=phone,
            agent_phone_index=index,
            granted_by=by.id,
            items=sorted(set(authority.items)),
            item_types=sorted(set(authority.item_types)),
            from_on=today,
            until_on=authority.until_on,
            offered_at=at,
        )
        cmd.note(capacity_kind=kind, items=sorted(authority.items), item_types=sorted(authority.item_types))
        cmd.note(until_on=authority.until_on, principal=str(principal[0]))
        cmd.note_digest(name=name, phone=phone)
        cmd.publish(CapacityOffered(key))
        cmd.done(None)
    return key


def _accept(row: Capacity, by: Actor, at: Instant) -> None:
    person = _in_own_name(by)
    if person.name != row.agent_name:
        raise NameDiffers()
    if person.id == row.principal_id:
        raise NotToOneself()
    if row.until_on is not None and legal_day(at) > row.until_on:
        raise CapacityOver()
    row.state, row.agent_id, row.accepted_at = Capacity.State.ACTIVE, person.id, at
    row.save(update_fields=["state", "agent_id", "accepted_at"])


def _close(row: Capacity, state: str, by_id: UUID, at: Instant) -> None:
    row.state, row.ended_at, row.ended_by = state, at, by_id
    row.save(update_fields=["state", "ended_at", "ended_by"])


def _for_update(capacity_id: UUID) -> Capacity:
    found = Capacity.objects.select_for_update().filter(pk=capacity_id).first()
    if found is None:
        raise CapacityUnknown()
    return found


def _addressed_to(row: Capacity, by: Actor) -> bool:
    mine: Any = User.objects.filter(
        pk=by.user_id or NO_ACCOUNT, person_id=by.id, phone_verified_at__isnull=False
    )
    return not by.stands_in and bool(mine.filter(phone_index=row.agent_phone_index).exists())


def _firm(found: RegisteredFirm, at: Instant) -> Firm:
    """The firm as the register has it by now; made if nobody knew it."""
    firm_id = selectors.party_with_number(PartyNumber.Kind.CREDIT_CODE, found.credit_code)
    if firm_id is None:
        firm = Firm(name=found.name, credit_code=found.credit_code, created_at=at)
        firm.legal_representative = found.representative
        firm.save(force_insert=True)
        enter_number(PartyNumber.Kind.CREDIT_CODE, found.credit_code, firm.pk, field="credit_code")
        return firm
    firm = Firm.objects.select_for_update().get(pk=firm_id)
    firm.name, firm.legal_representative = found.name, found.representative
    firm.save(update_fields=["name", "legal_representative"])
    return firm
