"""An edition on its way: 草稿 → 待审核 → 已发布, or 退回. Two persons, always; one chain of deeds per list."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue.directory import selectors
from mingqu.catalogue.directory.errors import (
    BeforeChanged,
    EditionChanged,
    EditionEmpty,
    EditionNotNew,
    EditionState,
    EditionUnknown,
    ListReasonNeeded,
    SamePerson,
    TypesUnconfirmed,
)
from mingqu.catalogue.directory.events import ListPublished
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

State = ListEdition.State
LONGEST = 300
REMARKS = 500
EDITABLE = (State.DRAFT, State.RETURNED)
DEEDS = {
    "修改": EDITABLE,
    "送审": EDITABLE,
    "退回": (State.SUBMITTED,),
    "发布": (State.SUBMITTED,),
    "作废": (State.DRAFT, State.SUBMITTED, State.RETURNED),
}
WROTE = ("新建", "导入", "修改", "送审", "确认类型")


@dataclass(frozen=True)
class Passed:
    edition_id: UUID
    version: int
    state: str
    number: int


def list_id(kind: str, region_code: str) -> UUID:
    """The id of a list follows from what it is, so that its first edition can be locked too."""
    return uuid5(NAMESPACE_URL, f"mingqu:list:{kind}:{region_code}")


def on_list(
    edition_id: UUID, name: str, by: Actor, at: Instant, key: UUID
) -> AbstractContextManager[Command]:
    """A command on the chain of the edition's list. Raises EditionUnknown."""
    found = ListEdition.objects.filter(pk=edition_id).values_list("kind", "region_code").first()
    if found is None:
        raise EditionUnknown()
    return command(name, list_id(*found), by=by, at=at, key=key)


def taken(edition_id: UUID, deed: str, by: Actor, action: str, version: int | None = None) -> ListEdition:
    """The edition, locked, if this may be done to it now, as the person saw it."""
    found = ListEdition.objects.select_for_update().filter(pk=edition_id).first()
    if found is None:
        raise EditionUnknown()
    access.require(by, action, found)
    if found.state not in DEEDS[deed]:
        raise EditionState(state=found.state_words, deed=deed)
    if version is not None and found.version != version:
        raise EditionChanged()
    return found


def kept(cmd: Command, edition: ListEdition, deed: str, text: str = "") -> Passed:
    """Write the edition with what was done to it."""
    said = text.strip()[:LONGEST]
    remark = {"at": cmd.at.isoformat(), "who": str(cmd.by.id), "deed": deed, "text": said}
    edition.remarks = _bounded([*edition.remarks, remark])
    edition.updated_at = cmd.at
    edition.save()
    cmd.note(kind=edition.kind, region=edition.region_code, edition=edition.pk, deed=deed, text=said)
    return Passed(edition.pk, edition.version, edition.state, edition.number)


def _bounded(remarks: list[dict[str, str]]) -> list[dict[str, str]]:
    """The newest, and of everybody who wrote one: whoever had a hand in an edition never falls out of `hands`."""
    old = {one["who"]: one for one in remarks[:-REMARKS] if one["deed"] in WROTE}
    return [*old.values(), *remarks[-REMARKS:]]


def submit_edition(*, edition_id: UUID, version: int, by: Actor, at: Instant, key: UUID) -> Passed:
    """
    送审: every entry has its type, and the edition differs from the one in force, with which it will be compared.

    Raises EditionEmpty, TypesUnconfirmed, EditionNotNew, EditionChanged, EditionState, NotAuthorised.
    """
    with on_list(edition_id, "list.submit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = taken(edition_id, "送审", by, "list.submit", version)
        rows = ListEntry.objects.filter(edition=edition)
        edition.size = rows.count()
        if not edition.size:
            raise EditionEmpty()
        untyped = 0 if edition.kind == "negative" else rows.filter(item_type="").count()
        if untyped:
            raise TypesUnconfirmed(count=untyped)
        before = selectors.newest(edition.kind, edition.region_code)
        if before is not None and not selectors.differences(before, edition):
            raise EditionNotNew(number=before.number)
        edition.before, edition.state, edition.submitter_id = before, State.SUBMITTED, by.id
        return cmd.done(kept(cmd, edition, "送审"))


def return_edition(
    *, edition_id: UUID, version: int, reason: str, by: Actor, at: Instant, key: UUID
) -> Passed:
    """退回 with a reason. Raises ListReasonNeeded, EditionChanged, EditionState, NotAuthorised."""
    with on_list(edition_id, "list.publish", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = taken(edition_id, "退回", by, "list.publish", version)
        if not reason.strip():
            raise ListReasonNeeded(field="reason")
        edition.state = State.RETURNED
        return cmd.done(kept(cmd, edition, "退回", reason))


def publish_edition(*, edition_id: UUID, version: int, by: Actor, at: Instant, key: UUID) -> Passed:
    """
    Publish: from today this edition counts; items of the region are looked at again. Never by a person who had a hand
    in it (parts of the system bring in what was decided elsewhere).

    Raises SamePerson, BeforeChanged, EditionChanged, EditionState, NotAuthorised.
    """
    with on_list(edition_id, "list.publish", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = taken(edition_id, "发布", by, "list.publish", version)
        if by.kind != "system" and by.id in hands(edition):
            raise SamePerson()
        last = selectors.newest(edition.kind, edition.region_code)
        if (last.pk if last else None) != edition.before_id:
            raise BeforeChanged(number=last.number if last else 0)
        edition.number = last.number + 1 if last else 1
        edition.state, edition.publisher_id, edition.published_on = State.PUBLISHED, by.id, legal_day(at)
        cmd.publish(
            ListPublished(
                list_id(edition.kind, edition.region_code),
                edition.pk,
                edition.kind,
                edition.region_code,
                edition.number,
            )
        )
        return cmd.done(kept(cmd, edition, "发布", f"第{edition.number}版"))


def drop_edition(*, edition_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Passed:
    """作废: another edition of the list may be begun. Raises ListReasonNeeded, EditionState, NotAuthorised."""
    with on_list(edition_id, "list.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Passed)
        edition = taken(edition_id, "作废", by, "list.edit")
        if not reason.strip():
            raise ListReasonNeeded(field="reason")
        edition.state = State.DROPPED
        return cmd.done(kept(cmd, edition, "作废", reason))


def hands(edition: ListEdition) -> set[UUID | None]:
    """Everybody who wrote in it, or handed it in."""
    wrote = {UUID(one["who"]) for one in edition.remarks if one["deed"] in WROTE}
    return {edition.author_id, edition.submitter_id, *wrote}
