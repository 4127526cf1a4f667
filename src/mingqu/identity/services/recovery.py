"""
A lost telephone number: at a window, with the document in the clerk's hands and a code on the new number; a second
person of the same region agrees. Then the new number signs in, whatever was open ends, and the old number has been told
twice. What was asked online (`recovery_online`) ends here too, by the same command, after its days.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from mingqu.identity import selectors
from mingqu.identity.errors import (
    NameDiffers,
    NotAuthorised,
    PhoneTaken,
    RecoveryAsked,
    RecoveryOver,
    RecoveryUnknown,
)
from mingqu.identity.events import PhoneRecovered, PhoneRecoveryAsked
from mingqu.identity.models import OutsideLink, Person, PhoneRecovery, ScanSignIn, User
from mingqu.identity.services import access
from mingqu.identity.services.people import name_of
from mingqu.identity.services.reception import checked_number, count_search
from mingqu.identity.types import DepartmentView, SeenDocument
from mingqu.kernel.commands import command
from mingqu.kernel.fields import blind_index
from mingqu.kernel.masking import mask_number, mask_phone
from mingqu.kernel.regions import subtree
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
    asked_by: UUID | None
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
        here = _organ_of(by)
        PhoneRecovery.objects.filter(user_id=account.pk, state=State.WAITING, asked_by=None).update(
            state=State.CALLED_OFF, answered_by=by.id, answered_at=at
        )  # what was asked online gives way to who stands before a clerk with her document
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
                    department_id=here.id,
                    region_code=here.region_code,
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
    Another clerk agrees, or, of what was asked online, its days are over: the new number signs in from now on;
    sessions, tokens and the other ways in (accounts linked from outside, a scan just allowed) end: whoever had the
    old telephone could have opened them. Raises RecoveryOver (also after three days, of another region, or where her
    number or identity is another since), SecondPersonNeeded, PhoneTaken, NotAuthorised.
    """
    with command("identity.agree_recovery", recovery_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "identity.agree_recovery")
        row = _waiting(recovery_id, by)
        if row.asked_by == by.id:
            raise SecondPersonNeeded()
        _in_its_days(row, at)
        user = User.objects.select_for_update().get(pk=row.user_id)
        if (user.person_id, user.phone or "") != (row.person_id, row.old_phone or ""):
            raise RecoveryOver()
        _another_number(user, row.new_phone or "", at)
        _answered(row, State.DONE, by, at)
        cmd.note(user=str(user.pk), asked_by=str(row.asked_by) if row.asked_by else "online")
        cmd.publish(PhoneRecovered(recovery_id))
        cmd.done(None)


def _in_its_days(row: PhoneRecovery, at: Instant) -> None:
    """At a window within three days; online not before its days are over. Raises RecoveryOver."""
    early = row.due_at is not None and at < row.due_at
    late = row.due_at is None and at - row.asked_at > HOLDS
    if early or late:
        raise RecoveryOver()


def _another_number(user: User, phone: str, at: Instant) -> None:
    """Raises PhoneTaken."""
    user.phone, user.phone_index = phone, blind_index("identity.phone", phone)
    user.phone_verified_at, user.epoch = at, user.epoch + 1
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_index", "phone_verified_at", "epoch"])
    except IntegrityError as taken:
        raise PhoneTaken() from taken
    Person.objects.filter(pk=user.person_id, contact_phone__isnull=False).update(contact_phone=phone)
    OutsideLink.objects.filter(user_id=user.pk, ended_at=None).update(ended_at=at)
    ScanSignIn.objects.filter(user_id=user.pk, state=ScanSignIn.State.ALLOWED).update(
        state=ScanSignIn.State.DECLINED
    )


def decline(*, recovery_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Nothing changes: called off by who asked, refused by another. Raises RecoveryOver, NotAuthorised."""
    with command("identity.decline_recovery", recovery_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "identity.agree_recovery")
        row = _waiting(recovery_id, by)
        _answered(row, State.CALLED_OFF if row.asked_by == by.id else State.REFUSED, by, at)
        cmd.note(user=str(row.user_id), answer=row.state)
        cmd.done(None)


def waiting(actor: Actor) -> list[Recovery]:
    """What waits for a second person in the region of this clerk's organ, newest first."""
    return [_view(row) for row in _seen_by(actor).order_by("-id")[:LISTED]]


def one(recovery_id: UUID, actor: Actor) -> Recovery:
    """One that waits. Raises RecoveryOver for what is not there, of another region or answered."""
    row = _seen_by(actor).filter(pk=recovery_id).first()
    if row is None:
        raise RecoveryOver()
    return _view(row)


def _seen_by(actor: Actor) -> QuerySet[PhoneRecovery]:
    """Asked at a window of the region where this clerk's organ lies, or below it."""
    asked = PhoneRecovery.objects.filter(state=State.WAITING, asked_by__isnull=False)
    post = selectors.acting_post(actor)
    if post is None:
        return asked.none()
    return asked.filter(subtree("region_code", selectors.department(post.department_id).region_code))


def _organ_of(by: Actor) -> DepartmentView:
    """The organ whose window asks. Raises NotAuthorised for who acts as no post."""
    post = selectors.acting_post(by)
    if post is None:
        raise NotAuthorised(action="identity.ask_recovery")
    return selectors.department(post.department_id)


def numbers_of(recovery_id: UUID) -> tuple[str, str, UUID]:
    """Old and new number and the person, for telling them; not an access check."""
    row = PhoneRecovery.objects.get(pk=recovery_id)
    return row.old_phone or "", row.new_phone or "", row.person_id


def is_online(recovery_id: UUID) -> datetime | None:
    """When a change asked online takes effect; None for one asked at a window."""
    return PhoneRecovery.objects.filter(pk=recovery_id).values_list("due_at", flat=True).first()


def waits_for(actor: Actor) -> int:
    """How many this clerk may be the second for."""
    if not access.may(actor, "identity.agree_recovery"):
        return 0
    return _seen_by(actor).exclude(asked_by=actor.id).count()


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


def _waiting(recovery_id: UUID, by: Actor) -> PhoneRecovery:
    """Held for this command: a clerk's of her region, the system's of what was asked online. Raises RecoveryOver."""
    rows = (
        PhoneRecovery.objects.filter(state=State.WAITING, asked_by=None)
        if by.kind == "system"
        else _seen_by(by)
    )
    row = rows.select_for_update().filter(pk=recovery_id).first()
    if row is None:
        raise RecoveryOver()
    return row


def _answered(row: PhoneRecovery, state: str, by: Actor, at: Instant) -> None:
    row.state, row.answered_by, row.answered_at = state, by.id, at
    row.save(update_fields=["state", "answered_by", "answered_at"])
