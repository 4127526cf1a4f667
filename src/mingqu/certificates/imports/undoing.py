"""A whole batch taken out of the register again: asked for by one steward, done by another (SEC-05)."""

from uuid import UUID

from mingqu.certificates.errors import BatchUsed
from mingqu.certificates.imports.commands import Kind, State, locked_for
from mingqu.certificates.models import Certificate, CertificateDirectory, ImportRow
from mingqu.kernel import second_person
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant

UNDO = "certificate.import_undo"  # done by a second person


def ask_undo(*, batch_id: UUID, reason: str, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Ask for a whole batch to be taken out again; another steward does it. Raises NotAuthorised, BatchNotFound,
    BatchElsewhere, DeedReasonMissing, DeedAsked.
    """
    with command("certificate.import_undo_ask", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        batch = locked_for(batch_id, by, State.IMPORTED)
        asked = second_person.ask(UNDO, batch_id, reason=reason, by=by, at=at)
        cmd.note(rows=batch.imported, reason=asked.reason)
        cmd.done(None)


def decline_undo(*, batch_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """The batch stays: called off by who asked, refused by another. Raises NotAuthorised or DeedNotAsked."""
    with command("certificate.import_undo_decline", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        locked_for(batch_id, by, State.IMPORTED)
        cmd.note(answer=second_person.decline(UNDO, batch_id, by=by, at=at).answer)
        cmd.done(None)


def undo(*, batch_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Take a whole batch out of the register again, as another steward asked for, while nothing has used it: no
    application names one of its certificates, none has changed. Raises NotAuthorised, BatchNotFound, BatchElsewhere,
    DeedNotAsked, SecondPersonNeeded, BatchUsed.
    """
    with command("certificate.import_undo", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        batch = locked_for(batch_id, by, State.IMPORTED)
        asked = second_person.agree(UNDO, batch_id, by=by, at=at)
        brought = Certificate.objects.filter(batch_id=batch_id)
        numbers = list(brought.values_list("number", flat=True))
        # Deleted only as they came. One that an application names this very moment is waited for, and then stays.
        gone, _ = brought.filter(used_at=None, status="valid").delete()
        if gone != batch.imported:
            raise BatchUsed(count=batch.imported - gone)
        CertificateDirectory.objects.filter(kind=Kind.NUMBER, value__in=numbers).delete()
        versions = [f"{number}#1" for number in numbers]
        CertificateDirectory.objects.filter(kind=Kind.VERSION, value__in=versions).delete()
        ImportRow.objects.filter(batch=batch).delete()
        batch.state, batch.ended_at = State.UNDONE, at
        batch.save(update_fields=["state", "ended_at"])
        cmd.note(rows=gone, reason=asked.reason)
        cmd.done(None)
