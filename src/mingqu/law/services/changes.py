"""What happened to a law after the collection was made, recorded by staff."""

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.db import transaction

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.law import rules, selectors
from mingqu.law.errors import (
    ChangeClosed,
    ChangeRefused,
    ChangeUnknown,
    ChangeWaits,
    LawUnknown,
    OwnChange,
    ReasonMissing,
)
from mingqu.law.events import LawChanged
from mingqu.law.models import AwaitedChange, Law, LawChange, LawVersion
from mingqu.law.types import Change, ChangeKind


@dataclass(frozen=True)
class Recorded:
    awaited_id: UUID
    law_id: UUID
    kind: str
    on: date


State = AwaitedChange.State


def record_change(*, slug: str, change: Change, by: Actor, at: Instant, key: UUID) -> Recorded:
    """
    Record what became of a law. It has no effect before another officer confirms it.

    `repealed`: the newest version ceases on a day, and with it the law; recorded again, the last one counts, and
    `restored` takes it back. `new_version`: decided on `decided_on`, in
    force from a day; its text comes with a later import. `in_force`: from when the version decided on `decided_on`
    (default: the newest) is in force, where the source does not state it.
    Raises NotAuthorised, LawUnknown, ChangeWaits, ChangeRefused with the reason.
    """
    law = Law.objects.filter(slug=slug).first()
    if law is None:
        raise LawUnknown()
    with command("law.edit", law.pk, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Recorded)
        access.require_may(by, "law.edit")
        Law.objects.select_for_update().get(pk=law.pk)
        if AwaitedChange.objects.filter(law=law, state=State.WAITING).exists():
            raise ChangeWaits()
        _rehearse(law, change, at)
        AwaitedChange.objects.create(
            id=key,
            law=law,
            kind=change.kind,
            on=change.on,
            decided_on=change.decided_on,
            reason=change.reason,
            paper=change.paper,
            by_id=by.id,
            at=at,
        )
        cmd.note(law=law.name, change=change.kind, on=change.on, state=State.WAITING)
        cmd.note(reason=change.reason, paper=change.paper)
        return cmd.done(Recorded(key, law.pk, change.kind, change.on))


def _rehearse(law: Law, change: Change, at: Instant) -> None:
    """What could not be done is refused to the one who records it; nothing of the law is touched."""
    before = transaction.savepoint()
    try:
        _DEEDS[change.kind](law, change, legal_day(at))
    finally:
        transaction.savepoint_rollback(before)


def confirm_change(*, awaited_id: UUID, by: Actor, at: Instant, key: UUID) -> Recorded:
    """
    Another officer's word: the change has its effect, and what items cite of the law stands differently at once.

    Raises NotAuthorised, ChangeUnknown, ChangeClosed, OwnChange, and ChangeRefused where the law is otherwise by now.
    """
    with command("law.confirm", _law_of(awaited_id), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Recorded)
        access.require_may(by, "law.confirm")
        awaited = _taken(awaited_id)
        if awaited.by_id == by.id:
            raise OwnChange()
        law = awaited.law
        kind = cast(ChangeKind, awaited.kind)
        change = Change(kind, awaited.on, awaited.reason, awaited.paper, awaited.decided_on)
        version = _DEEDS[kind](law, change, legal_day(at))
        LawChange.objects.create(
            law=law,
            version=version,
            kind=awaited.kind,
            on=awaited.on,
            reason=awaited.reason,
            paper=awaited.paper,
            by_id=awaited.by_id,
            confirmed_by_id=by.id,
            at=at,
        )
        _close(awaited, State.CONFIRMED, by, at)
        cmd.note(law=law.name, version=version.label, change=awaited.kind, on=awaited.on, paper=awaited.paper)
        cmd.publish(LawChanged(law.pk, law.name, version.label, awaited.kind, awaited.on))
        return cmd.done(Recorded(awaited.pk, law.pk, awaited.kind, awaited.on))


def decline_change(*, awaited_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Not confirmed, or taken back by the one who recorded it: it never has an effect.

    Raises NotAuthorised, ChangeUnknown, ChangeClosed, ReasonMissing.
    """
    with command("law.confirm", _law_of(awaited_id), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "law.edit")
        awaited = _taken(awaited_id)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        awaited.closed_reason = reason.strip()[:300]
        _close(awaited, State.DECLINED, by, at)
        cmd.note(law=awaited.law.name, change=awaited.kind, on=awaited.on, declined=awaited.closed_reason)
        cmd.done(None)


def _law_of(awaited_id: UUID) -> UUID:
    found = AwaitedChange.objects.filter(pk=awaited_id).values_list("law_id", flat=True).first()
    if found is None:
        raise ChangeUnknown()
    return UUID(str(found))


def _taken(awaited_id: UUID) -> AwaitedChange:
    """Locked, with its law; still waiting."""
    found = AwaitedChange.objects.select_for_update().select_related("law").get(pk=awaited_id)
    if found.state != State.WAITING:
        raise ChangeClosed(state=found.get_state_display())
    return found


def _close(awaited: AwaitedChange, state: str, by: Actor, at: Instant) -> None:
    awaited.state, awaited.closed_by_id, awaited.closed_at = state, by.id, at
    awaited.save(update_fields=["state", "closed_by_id", "closed_at", "closed_reason"])


def _version(law: Law, decided_on: date | None) -> LawVersion:
    """The one decided on that day, or the newest."""
    versions = {version.label: version for version in LawVersion.objects.filter(law=law)}
    if decided_on is not None:
        found = versions.get(decided_on.isoformat())
        if found is None:
            raise ChangeRefused(reason=f"没有{rules.day_words(decided_on)}通过或公布的版本")
        return found
    newest = rules.in_order(map(selectors.edition_of, versions.values()))[-1]
    return versions[newest.label]


def _repealed(law: Law, change: Change, today: date) -> LawVersion:
    version = _version(law, change.decided_on)
    if version.until == change.on:
        raise ChangeRefused(reason=f"已经登记：自{rules.day_words(version.until)}起失效")
    begins = version.since or version.decided_on
    if begins and change.on <= begins:
        raise ChangeRefused(reason=f"失效日期应当晚于{rules.day_words(begins)}（施行或者公布的日期）")
    version.until = change.on
    version.save(update_fields=["until"])
    return version


def _restored(law: Law, change: Change, today: date) -> LawVersion:
    version = _version(law, change.decided_on)
    if not version.until:
        raise ChangeRefused(reason="这一版没有登记过废止")
    version.until = None
    version.save(update_fields=["until"])
    return version


def _in_force(law: Law, change: Change, today: date) -> LawVersion:
    version = _version(law, change.decided_on)
    if version.since and version.since_from != STAFF:
        raise ChangeRefused(reason=f"来源已写明自{rules.day_words(version.since)}起施行")
    if version.decided_on and change.on < version.decided_on:
        raise ChangeRefused(
            reason=f"施行日期不能早于{rules.day_words(version.decided_on)}（通过或公布的日期）"
        )
    version.since, version.since_from = change.on, STAFF
    version.save(update_fields=["since", "since_from"])
    return version


def _new_version(law: Law, change: Change, today: date) -> LawVersion:
    if change.decided_on is None:
        raise ChangeRefused(reason="请填写新版本通过或者公布的日期")
    newest = _version(law, None)
    if newest.decided_on and change.decided_on <= newest.decided_on:
        last = rules.day_words(newest.decided_on)
        raise ChangeRefused(reason=f"新版本应当晚于已有的最新版本（{last}）")
    if change.on < change.decided_on:
        raise ChangeRefused(reason="施行日期不能早于通过或者公布的日期")
    return LawVersion.objects.create(
        law=law,
        label=change.decided_on.isoformat(),
        decided_on=change.decided_on,
        since=change.on,
        since_from=STAFF,
        as_of=today,
        complete=False,
    )


STAFF = "staff"
_DEEDS = {"repealed": _repealed, "restored": _restored, "in_force": _in_force, "new_version": _new_version}
