"""减免: asked for by the officer of the case with basis and reason, approved by somebody else."""

from uuid import UUID

from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import ExemptionBasisMissing, NotOwed
from mingqu.payments.models import FeeNotice
from mingqu.payments.services.notices import locked, settled

EXEMPT = "payment.exempt"
LONGEST = 200


def ask_exemption(
    *, notice_id: UUID, basis: str, reason: str, by: Actor, at: Instant, key: CommandKey
) -> None:
    """Raises NotAuthorised, NotOwed, ExemptionBasisMissing, DeedReasonMissing, DeedAsked."""
    with command("payment.ask_exemption", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(notice_id)
        access.require(by, "payment.ask_exemption", row)
        _require_owed(row)
        if not basis.strip():
            raise ExemptionBasisMissing(field="basis")
        facts = {"basis": basis.strip()[:LONGEST]}
        second_person.ask(EXEMPT, row.id, reason=reason, facts=facts, by=by, at=at)
        cmd.note(number=row.number, basis=facts["basis"])
        cmd.note_digest(reason=reason.strip())
        cmd.done(None)


def exempt(*, notice_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Approve it: nothing is owed any more. Money that is on its way is given back.

    Raises NotAuthorised, DeedNotAsked, SecondPersonNeeded, NotOwed.
    """
    with command("payment.exempt", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(notice_id)
        access.require(by, "payment.exempt", row)
        asked = second_person.agree(EXEMPT, row.id, by=by, at=at)
        _require_owed(row)
        row.state, row.ended_at = FeeNotice.State.EXEMPTED, at
        row.ended_because = f"{asked.reason}（{asked.facts['basis']}）"
        row.save(update_fields=["state", "ended_at", "ended_because"])
        settled(cmd, row)
        cmd.note(number=row.number, basis=asked.facts["basis"], asked_by=str(asked.asked_by))
        cmd.done(None)


def decline_exemption(*, notice_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """Taken back by who asked, refused by who approves; the fee stays due. Raises NotAuthorised, DeedNotAsked."""
    with command("payment.decline_exemption", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(notice_id)
        own = any(one.asked_by == by.id for one in second_person.waiting([EXEMPT], row.id))
        access.require(by, "payment.ask_exemption" if own else "payment.exempt", row)
        second_person.decline(EXEMPT, row.id, by=by, at=at)
        cmd.note(number=row.number)
        cmd.done(None)


def _require_owed(row: FeeNotice) -> None:
    if rules.after(rules.NOTICE, row.state, "exempt") is None:
        raise NotOwed(state=row.get_state_display())
