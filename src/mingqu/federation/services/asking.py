"""What the people who answer for the report ask for: something again, or everything looked at anew."""

from uuid import UUID, uuid5

from mingqu.federation import rules
from mingqu.federation.above.registry import above
from mingqu.federation.errors import NobodyAbove, NotRejected, TableUnknown
from mingqu.federation.models import UpwardEntry, UpwardFeed
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

SEND = "report.ask_again"
State = UpwardEntry.State


def resend(*, entry_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """One that was rejected is sent again as it stands now. Raises NotAuthorised, NobodyAbove, NotRejected."""
    with command(SEND, entry_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, SEND)
        _connected()
        entry = UpwardEntry.objects.select_for_update().filter(pk=entry_id, state=State.REJECTED).first()
        if entry is None:
            raise NotRejected()
        entry.state, entry.changed_at = State.WAITING, at
        entry.save(update_fields=["state", "changed_at"])
        cmd.note(table=entry.table)
        cmd.done(None)


def resend_all(*, table: str, by: Actor, at: Instant, key: UUID) -> int:
    """All of a table that were rejected. Raises NotAuthorised, NobodyAbove, TableUnknown, NotRejected."""
    with command(SEND, _root(table), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return 0
        access.require_may(by, SEND)
        _connected()
        rows = UpwardEntry.objects.filter(table=table, state=State.REJECTED)
        many = rows.update(state=State.WAITING, changed_at=at)
        if not many:
            raise NotRejected()
        cmd.note(table=table, rows=many)
        cmd.done(None)
    return many


def rescan(*, table: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    The table is looked through from its beginning; only what is not as it was accepted is sent. Raises NotAuthorised,
    NobodyAbove, TableUnknown.
    """
    with command("report.look_again", _root(table), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "report.look_again")
        _connected()
        UpwardFeed.objects.update_or_create(table=table, defaults={"mark": "", "began_at": at})
        cmd.note(table=table)
        cmd.done(None)


def _root(table: str) -> UUID:
    if table not in rules.layouts():
        raise TableUnknown()
    return uuid5(rules.entry_id(table, ""), "table")


def _connected() -> None:
    if above() is None:
        raise NobodyAbove()
