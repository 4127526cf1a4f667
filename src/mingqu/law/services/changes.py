"""What happened to a law after the collection was made, recorded by staff."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.law import rules, selectors
from mingqu.law.errors import ChangeRefused, LawUnknown
from mingqu.law.events import LawChanged
from mingqu.law.models import Law, LawChange, LawVersion
from mingqu.law.types import Change


@dataclass(frozen=True)
class Recorded:
    law_id: UUID
    label: str
    kind: str
    on: date


def record_change(*, slug: str, change: Change, by: Actor, at: Instant, key: UUID) -> Recorded:
    """
    Record what became of a law; what items cite of it stands differently at once.

    `repealed`: the newest version ceases on a day, and with it the law; recorded again, the last one counts, and
    `restored` takes it back. `new_version`: decided on `decided_on`, in
    force from a day; its text comes with a later import. `in_force`: from when the version decided on `decided_on`
    (default: the newest) is in force, where the source does not state it.
    Raises NotAuthorised, LawUnknown, ChangeRefused with the reason.
    """
    law = Law.objects.filter(slug=slug).first()
    if law is None:
        raise LawUnknown()
    with command("law.edit", law.pk, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Recorded)
        access.require_may(by, "law.edit")
        Law.objects.select_for_update().get(pk=law.pk)
        version = _DEEDS[change.kind](law, change, legal_day(at))
        LawChange.objects.create(
            law=law,
            version=version,
            kind=change.kind,
            on=change.on,
            reason=change.reason,
            paper=change.paper,
            by_id=by.id,
            at=at,
        )
        cmd.note(law=law.name, version=version.label, change=change.kind, on=change.on)
        cmd.note(reason=change.reason, paper=change.paper)
        cmd.publish(LawChanged(law.pk, law.name, version.label, change.kind, change.on))
        return cmd.done(Recorded(law.pk, version.label, change.kind, change.on))


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
