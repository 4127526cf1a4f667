"""取号机: which browsers give numbers of a hall; one that was lost or sold is ended and gives none."""

from uuid import UUID, uuid5

from mingqu.hall import selectors
from mingqu.hall.errors import TerminalUnknown
from mingqu.hall.models import Hall, Terminal
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


def register_terminal(*, hall: Hall, name: str, by: Actor, at: Instant, key: UUID) -> UUID:
    """A terminal more; its id, which its cookie is to hold. Raises NotAuthorised."""
    with command("hall.register_terminal", hall.pk, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(cmd.first_result(str))
        access.require(by, "hall.manage", hall)
        row = Terminal(
            id=uuid5(hall.pk, str(key)), hall=hall, name=name.strip() or "取号机", registered_at=at
        )
        row.save(force_insert=True)
        cmd.note(terminal=row.pk, name=row.name)
        return UUID(cmd.done(str(row.pk)))


def end_terminal(*, hall: Hall, terminal_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """It gives no number from now on. Raises TerminalUnknown or NotAuthorised."""
    with command("hall.end_terminal", hall.pk, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "hall.manage", hall)
        row = selectors.terminals_of(hall.pk).filter(pk=terminal_id).first()
        if row is None:
            raise TerminalUnknown()
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        cmd.note(terminal=row.pk, name=row.name)
        cmd.done(None)
