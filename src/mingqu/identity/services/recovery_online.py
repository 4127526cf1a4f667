"""
A lost telephone number, without going to a window: facts of the identity card checked with the population register, the
number of something of her own, a code on the new number, and days in which the old number and her inbox are told and
may stop it. The answer is one and the same whether it fits or not.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction

from mingqu.identity import selectors
from mingqu.identity.errors import PhoneTaken, RecoveryOver
from mingqu.identity.events import PhoneRecoveryAsked
from mingqu.identity.models import PhoneRecovery, User
from mingqu.identity.services import access, accounts, limits, own_data, recovery
from mingqu.identity.services.people import DOCUMENT_SEEN, Own, for_field, name_of
from mingqu.identity.sources import registry
from mingqu.identity.types import IdentityFacts
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_phone
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.types import Actor, Instant

State = PhoneRecovery.State
ONLINE = Actor.system("phone-recovery")
BARRED = timedelta(days=30)  # once stopped by who has the old number: only at a window, for so long
AT_ONCE = 100


@dataclass(frozen=True)
class Claim:
    """What somebody says of herself: card, and the number of an application or certificate of her own."""

    facts: IdentityFacts
    own_number: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True)
class Waiting:
    """A change of number that waits, as who is signed in to the account reads it."""

    id: UUID
    asked_at: datetime
    due_at: datetime
    new_phone: str


def count_address(address: str, at: Instant) -> None:
    """Before anything is asked. Raises TooManyAttempts."""
    limits.spend("recovery_address", address, at=at)


def ask(*, claim: Claim, address: str, at: Instant, key: UUID) -> None:
    """
    Ask for another number to sign in with; `claim.phone` was proved by a code. Says nothing of what it came to. Raises
    TooManyAttempts (of an address at a number, of a number by all, of the new telephone), PhoneTaken (the new
    telephone's own account), SourceUnavailable, NameMissing or what is wrong with the number; for everybody alike.
    """
    name = name_of(claim.facts.name)
    parsed = for_field("citizen_number", CitizenNumber.parse, claim.facts.citizen_number, today=legal_day(at))
    number = str(parsed)
    limits.spend("recovery_phone", claim.phone, at=at)
    limits.spend("recovery_number_address", f"{number} {address}", at=at)
    limits.spend("recovery_number", number, at=at)
    if selectors.citizen_with_phone(claim.phone) is not None:
        raise PhoneTaken(field="phone")
    facts = IdentityFacts(name, number, claim.facts.valid_until)
    matches = registry.population().matches(facts)
    account = _account(number, name, claim.own_number, at)
    if not matches or account is None or not _begun(account, claim.phone, at, key):
        _note_refused(key, at)


def waiting(user_id: UUID) -> Waiting | None:
    """What waits for this account."""
    row = PhoneRecovery.objects.filter(user_id=user_id, state=State.WAITING, asked_by=None).first()
    if row is None or row.due_at is None:
        return None
    return Waiting(row.pk, row.asked_at, row.due_at, mask_phone(row.new_phone or ""))


def stop(*, recovery_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Who can sign in to the account says it is not hers: nothing changes, and for thirty days it can be asked at a window
    alone. Raises RecoveryOver (also for another's), NotAuthorised.
    """
    with command("identity.stop_recovery", recovery_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.stop_recovery", Own((by.id,)))
        row = (
            PhoneRecovery.objects.select_for_update()
            .filter(pk=recovery_id, user_id=by.user_id, state=State.WAITING, asked_by=None)
            .first()
        )
        if row is None:
            raise RecoveryOver()
        row.state, row.answered_by, row.answered_at = State.STOPPED, by.id, at
        row.save(update_fields=["state", "answered_by", "answered_at"])
        cmd.note(user=str(row.user_id))
        cmd.done(None)


def finish_due(at: Instant) -> str:
    """What has waited its days takes effect, each alone; what can't any more is over."""
    due = PhoneRecovery.objects.filter(state=State.WAITING, due_at__lte=at).order_by("due_at")
    ids = list(due.values_list("id", flat=True)[:AT_ONCE])
    return each_alone(ids, lambda one: _finish(one, at), "change of a number")


def _finish(recovery_id: UUID, at: Instant) -> None:
    key = uuid5(NAMESPACE_URL, f"mingqu:recovery:{recovery_id}")
    try:
        recovery.agree(recovery_id=recovery_id, by=ONLINE, at=at, key=key)
    except (RecoveryOver, PhoneTaken) as over:
        _call_off(recovery_id, over, at)


def _call_off(recovery_id: UUID, over: DomainError, at: Instant) -> None:
    """Her number changed otherwise, or the new one is somebody's by now."""
    key = uuid5(NAMESPACE_URL, f"mingqu:recovery:over:{recovery_id}")
    with command("identity.decline_recovery", recovery_id, by=ONLINE, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        rows = PhoneRecovery.objects.filter(pk=recovery_id, state=State.WAITING, asked_by=None)
        rows.update(state=State.CALLED_OFF, answered_by=ONLINE.id, answered_at=at)
        cmd.note(because=over.code)
        cmd.done(None)


def _account(number: str, name: str, own_number: str, at: Instant) -> User | None:
    """The account whose holder's document was checked, with this name and something of this number."""
    person_id = selectors.verified_person_id(number)
    person = selectors.person(person_id) if person_id else None
    account = selectors.account_of(person.id) if person else None
    if person is None or account is None or not account.is_active:
        return None
    if person.assurance < DOCUMENT_SEEN or person.name != name:
        return None
    return account if own_data.owns(person.id, own_number) else None


def _begun(account: User, phone: str, at: Instant, key: UUID) -> bool:
    """False where one waits already or was stopped lately."""
    barred = PhoneRecovery.objects.filter(
        user_id=account.pk, state=State.STOPPED, answered_at__gt=at - BARRED
    )
    if barred.exists():
        return False
    with command("identity.recover_online", key, by=ONLINE, at=at, key=key) as cmd:
        if cmd.repeated:
            return True
        access.require_may(ONLINE, "identity.recover_online")
        try:
            with transaction.atomic():
                PhoneRecovery.objects.create(
                    id=key,
                    state=State.WAITING,
                    user_id=account.pk,
                    person_id=account.person_id,
                    old_phone=account.phone,
                    new_phone=phone,
                    reason="",
                    due_at=at + timedelta(days=settings.MINGQU_RECOVERY_DAYS),
                    asked_at=at,
                )
        except IntegrityError:
            cmd.note(began=False)
            return False
        cmd.note(user=str(account.pk), began=True)
        cmd.note_digest(phone=phone)
        cmd.publish(PhoneRecoveryAsked(key))
        cmd.done(None)
    return True


def _note_refused(key: UUID, at: Instant) -> None:
    """
    In vain, under nobody's root: an entry like the other, so that neither the answer nor its time tells them apart.
    """
    with command("identity.refuse_recovery", accounts.NOBODY, by=ONLINE, at=at, key=key) as cmd:
        cmd.note(matched=False)
