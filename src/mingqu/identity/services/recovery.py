"""
A lost telephone number: at a window, with the document in the clerk's hands and a code on the new number; a second
person agrees. Then the new number signs in, whatever was open ends, and the old number has been told twice.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from mingqu.identity import selectors
from mingqu.identity.errors import NameDiffers, PhoneTaken, RecoveryAsked, RecoveryOver, RecoveryUnknown
from mingqu.identity.events import PhoneRecovered, PhoneRecoveryAsked
from mingqu.identity.models import OutsideLink, Person, PhoneRecovery, ScanSignIn, User
from mingqu.identity.services import access
from mingqu.identity.services.people import name_of
from mingqu.identity.services.reception import checked_number, count_search
from mingqu.identity.types import SeenDocument
from mingqu.kernel.commands import command
from mingqu.kernel.fields import blind_index
from mingqu.kernel.masking import mask_number, mask_phone
from mingqu.kernel.second_person import DeedReasonMissing, SecondPersonNeeded
from mingqu.kernel.types import Actor, Instant

State = PhoneRecovery.State
LISTED = 50
HOLDS = timedelta(days=3)  # the second person sees her and her document too: not weeks later


@dataclass(frozen=True)
class Recovery:
    """As the second person reads it; numbers are masked."""

    id: UUID
    state: str
    name: str = field(repr=False)
    number: str
    old_phone: str
    new_phone: str
    reason: str = field(repr=False)
    asked_by: UUID
    asked_at: datetime


def account_of(document: SeenDocument, *, by: Actor, at: Instant) -> User:
    """
    The account of who stands before the clerk, by her document as it was checked before, while the number she gives is
    nobody's. Counts like a search. Raises RecoveryUnknown, NameDiffers, PhoneTaken, NotAuthorised, TooManyAttempts.
    """
    access.require_may(by, "identity.ask_recovery")
    number = checked_number(document)
    count_search(by, at)
    person = selectors.person_with_document(document.kind, number)
    account = selectors.account_of(person.id) if person else None
    if person is None or account is None:
        raise RecoveryUnknown(field="number")
    if person.name != name_of(document.name):
        raise NameDiffers(field="name")
    if selectors.citizen_with_phone(document.phone) is not None:
        raise PhoneTaken(field="phone")
    return account


def ask(*, document: SeenDocument, reason: str, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The first clerk asks; the code on the new number was right. Returns the request (`key`); the old number is told at
    once, so that its owner can speak up. Raises RecoveryAsked, DeedReasonMissing and what `account_of` raises.
    """
    account = account_of(document, by=by, at=at)
    if not reason.strip():
        raise DeedReasonMissing(field="reason")
    with command("identity.ask_recovery", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        try:
            with transaction.atomic():
                PhoneRecovery.objects.create(
                    id=key,
                    state=State.WAITING,
                    user_id=account.pk,
                    person_id=account.person_id,
                    old_phone=account.phone,
                    new_phone=document.phone,
                    reason=reason.strip()[:200],
                    asked_by=by.id,
                    asked_at=at,
                )
        except IntegrityError as waiting:
            raise RecoveryAsked() from waiting
        cmd.note(user=str(account.pk), document=document.kind)
        cmd.note_digest(phone=document.phone, reason=reason.strip())
        cmd.publish(PhoneRecoveryAsked(key))
        cmd.done(None)
    return key


def agree(*, recovery_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Another clerk agrees: the new number signs in from now on; sessions, tokens and the other ways in (accounts linked
    from outside, a scan just allowed) end: whoever had the old telephone could have opened them.
    Raises RecoveryOver (also after three days, or where her number or identity is another since), SecondPersonNeeded,
    PhoneTaken, NotAuthorised.
    """
    with command("identity.agree_recovery", recovery_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "identity.agree_recovery")
        row = _waiting(recovery_id)
        if row.asked_by == by.id:
            raise SecondPersonNeeded()
        user = User.objects.select_for_update().get(pk=row.user_id)
        asked_of = (row.person_id, row.old_phone or "")
        if at - row.asked_at > HOLDS or (user.person_id, user.phone or "") != asked_of:
            raise RecoveryOver()
        user.phone, user.phone_index = row.new_phone, blind_index("identity.phone", row.new_phone)
        user.phone_verified_at, user.epoch = at, user.epoch + 1
        try:
            with transaction.atomic():
                user.save(update_fields=["phone", "phone_index", "phone_verified_at", "epoch"])
        except IntegrityError as taken:
            raise PhoneTaken() from taken
        Person.objects.filter(pk=row.person_id, contact_phone__isnull=False).update(
            contact_phone=row.new_phone
        )
        OutsideLink.objects.filter(user_id=user.pk, ended_at=None).update(ended_at=at)
        ScanSignIn.objects.filter(user_id=user.pk, state=ScanSignIn.State.ALLOWED).update(
            state=ScanSignIn.State.DECLINED
        )
        _answered(row, State.DONE, by, at)
        cmd.note(user=str(user.pk), asked_by=str(row.asked_by))
        cmd.publish(PhoneRecovered(recovery_id))
        cmd.done(None)


def decline(*, recovery_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Nothing changes: called off by who asked, refused by another. Raises RecoveryOver, NotAuthorised."""
    with command("identity.decline_recovery", recovery_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "identity.agree_recovery")
        row = _waiting(recovery_id)
        _answered(row, State.CALLED_OFF if row.asked_by == by.id else State.REFUSED, by, at)
        cmd.note(user=str(row.user_id), answer=row.state)
        cmd.done(None)


def waiting() -> list[Recovery]:
    """What waits for a second person, newest first."""
    rows = PhoneRecovery.objects.filter(state=State.WAITING).order_by("-id")[:LISTED]
    return [_view(row) for row in rows]


def one(recovery_id: UUID) -> Recovery:
    """Raises RecoveryOver for what is not there."""
    row = PhoneRecovery.objects.filter(pk=recovery_id).first()
    if row is None:
        raise RecoveryOver()
    return _view(row)


def numbers_of(recovery_id: UUID) -> tuple[str, str, UUID]:
    """Old and new number and the person, for telling them; not an access check."""
    row = PhoneRecovery.objects.get(pk=recovery_id)
    return row.old_phone or "", row.new_phone or "", row.person_id


def waits_for(actor: Actor) -> int:
    """How many this clerk may be the second for."""
    if not access.may(actor, "identity.agree_recovery"):
        return 0
    return PhoneRecovery.objects.filter(state=State.WAITING).exclude(asked_by=actor.id).count()


def _view(row: PhoneRecovery) -> Recovery:
    person = selectors.person(row.person_id)
    return Recovery(
        row.pk,
        row.state,
        person.name,
        mask_number(person.citizen_number or person.document_number),
        mask_phone(row.old_phone or ""),
        mask_phone(row.new_phone or ""),
        row.reason or "",
        row.asked_by,
        row.asked_at,
    )


def _waiting(recovery_id: UUID) -> PhoneRecovery:
    row = PhoneRecovery.objects.select_for_update().filter(pk=recovery_id, state=State.WAITING).first()
    if row is None:
        raise RecoveryOver()
    return row


def _answered(row: PhoneRecovery, state: str, by: Actor, at: Instant) -> None:
    row.state, row.answered_by, row.answered_at = state, by.id, at
    row.save(update_fields=["state", "answered_by", "answered_at"])
