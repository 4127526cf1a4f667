"""
双人复核: what can't be made good alone is asked for by one person and done by another (SEC-05; GB/T 22239-2019 has the
separation of duties). Called inside the command of whoever owns the deed, which asks for the right first.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from mingqu.kernel.commands import require_command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models_asked import AskedDeed
from mingqu.kernel.types import Actor, Instant

Answer = AskedDeed.Answer


class DeedReasonMissing(DomainError):
    code = "deed_reason_missing"
    sentence = "请写明为什么要这样做，复核的人要看。"


class DeedAsked(DomainError):
    """One request at a time for the same deed on the same thing."""

    code = "deed_asked_already"
    sentence = "已经有人提出，正在等另一个人复核。"
    status = 409


class DeedNotAsked(DomainError):
    code = "deed_not_asked"
    sentence = "没有等待复核的这一件，可能已经由别人办了。"
    status = 409


class SecondPersonNeeded(DomainError):
    """自己提出的不能自己复核."""

    code = "second_person_needed"
    sentence = "您自己提出的，要由另一个人复核。"
    status = 409


def ask(
    deed: str, about_id: UUID, *, reason: str, facts: Mapping[str, Any] | None = None, by: Actor, at: Instant
) -> AskedDeed:
    """Wait for a second person. Raises DeedReasonMissing or DeedAsked."""
    require_command()
    if not reason.strip():
        raise DeedReasonMissing(field="reason")
    if AskedDeed.objects.filter(deed=deed, about_id=about_id, answer=Answer.WAITING).exists():
        raise DeedAsked()
    return AskedDeed.objects.create(
        deed=deed,
        about_id=about_id,
        facts=dict(facts or {}),
        reason=reason.strip()[:200],
        asked_by=by.id,
        asked_post=by.post_id,
        asked_at=at,
    )


def agree(deed: str, about_id: UUID, *, by: Actor, at: Instant) -> AskedDeed:
    """The second person does it; what was asked for. Raises DeedNotAsked or SecondPersonNeeded."""
    found = _waiting_row(deed, about_id)
    if found.asked_by == by.id:
        raise SecondPersonNeeded()
    return _answered(found, Answer.DONE, by, at)


def decline(deed: str, about_id: UUID, *, by: Actor, at: Instant) -> AskedDeed:
    """Not done: called off by who asked, refused by another. Raises DeedNotAsked."""
    found = _waiting_row(deed, about_id)
    return _answered(found, Answer.CALLED_OFF if found.asked_by == by.id else Answer.REFUSED, by, at)


def waiting(deeds: Iterable[str], about_id: UUID | None = None) -> list[AskedDeed]:
    """What waits for a second person, oldest first."""
    found = AskedDeed.objects.filter(deed__in=list(deeds), answer=Answer.WAITING)
    return list((found.filter(about_id=about_id) if about_id else found).order_by("asked_at"))


def asked_before(deed: str, about_id: UUID) -> set[UUID]:
    """Who ever asked for it, whatever became of that: a second person for the same end is somebody else."""
    return set(AskedDeed.objects.filter(deed=deed, about_id=about_id).values_list("asked_by", flat=True))


def waiting_for(by: Actor, deeds: Iterable[str]) -> list[AskedDeed]:
    """What others asked for and this person may be the second for, oldest first; whether she may, the room says."""
    wanted = list(deeds)
    found = AskedDeed.objects.filter(deed__in=wanted, answer=Answer.WAITING).exclude(asked_by=by.id)
    return list(found.order_by("asked_at")) if wanted else []


def _waiting_row(deed: str, about_id: UUID) -> AskedDeed:
    require_command()
    rows = AskedDeed.objects.select_for_update().filter(deed=deed, about_id=about_id, answer=Answer.WAITING)
    found = rows.first()
    if found is None:
        raise DeedNotAsked()
    return found


def _answered(found: AskedDeed, answer: str, by: Actor, at: Instant) -> AskedDeed:
    found.answer, found.answered_by, found.answered_at = answer, by.id, at
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    return found
