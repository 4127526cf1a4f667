"""Paying at the window: cash or a card, by a clerk, with its slip."""

from uuid import UUID

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import AmountWrong, NotOwed, ProofMissing, ProofUsed
from mingqu.payments.models import Payment, PaymentReference
from mingqu.payments.providers.registry import COUNTER
from mingqu.payments.services import hearing
from mingqu.payments.services.notices import locked
from mingqu.payments.services.paying import register_reference
from mingqu.payments.types import Answer, Fen, Heard

PROOF_LIMIT = 40


def take_at_window(
    *, notice_id: UUID, way: str, amount: Fen, proof: str, by: Actor, at: Instant, key: CommandKey
) -> Heard:
    """
    Money taken by the clerk: exactly what is owed, under the number of the slip (`proof`), which is used once.

    Raises NotAuthorised, NotOwed, AmountWrong, ProofMissing, ProofUsed.
    """
    with command("payment.take", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Heard)
        row = locked(notice_id)
        access.require(by, "payment.take", row)
        if rules.after(rules.NOTICE, row.state, "money") is None:
            raise NotOwed(state=row.get_state_display())
        if amount != row.amount:
            raise AmountWrong(field="amount", amount=rules.yuan(row.amount))
        reference = proof.strip()
        if not reference or way not in {Payment.Way.CASH, Payment.Way.POS}:
            raise ProofMissing(field="proof")
        if PaymentReference.objects.filter(pk=f"{COUNTER}:{reference}").exists():
            raise ProofUsed(field="proof")
        register_reference(COUNTER, reference, row.id)
        payment = Payment(
            notice=row,
            provider=COUNTER,
            way=way,
            reference=reference,
            amount=amount,
            began_at=at,
            until=at,
            post_id=by.post_id,
            person_id=by.id,
        )
        payment.save(force_insert=True)
        verdict = hearing.money(cmd, row, payment, Answer("paid", amount, "", at))
        cmd.note(number=row.number, way=way, amount=amount, proof=reference)
        return cmd.done(Heard(verdict))
