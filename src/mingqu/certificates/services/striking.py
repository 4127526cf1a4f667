"""
依职权注销 (行政许可法 70): one officer proposes it with ground and proof, another decides. The certificate is struck
off at once, its file and code stay and say so, the decision is made on paper and the holder is told. What is applied
for with it is decided first.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings

from mingqu.certificates import rules, striking
from mingqu.certificates.errors import (
    ApplicationUnderWay,
    CertificateNotInForce,
    GroundMissing,
    RemediesMissing,
    StrikeOffBasisMissing,
    StrikeOffGroundUnknown,
    StrikeOffProofMissing,
)
from mingqu.certificates.events import CertificateStruckOff
from mingqu.certificates.firms import under_way
from mingqu.certificates.models import Certificate, StrikeOff
from mingqu.certificates.services.register import locked
from mingqu.certificates.services.standing import told_here
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

DEED = "certificate.strike_off"  # waits for a second person
PAPERS = {True: ("decision_struck_off", "注"), False: ("approval_struck_off", "注准")}


@dataclass(frozen=True)
class StrikeOffProposal:
    """
    `ground`: a code of `striking`; `proof`: by what it is known; `basis`: the law beside 行政许可法.
    The last two: where the holder may complain, which the decision names.
    """

    ground: str
    reason: str = field(repr=False)
    proof: str = field(default="", repr=False)
    basis: str = ""
    reconsideration_organ: str = ""
    court: str = ""


def propose_strike_off(
    *, certificate_id: UUID, proposal: StrikeOffProposal, by: Actor, at: Instant, key: CommandKey
) -> None:
    """
    Propose 注销 ex officio. Raises NotAuthorised, StrikeOffGroundUnknown, StrikeOffProofMissing, StrikeOffBasisMissing,
    GroundMissing, RemediesMissing, ApplicationUnderWay, CertificateNotInForce, DeedAsked.
    """
    with command("certificate.propose_strike_off", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        access.require(by, "certificate.propose_strike_off", row)
        _require_possible(row, at)
        _check(proposal, row, at)
        basis = striking.basis_words(proposal.ground, proposal.basis, row.item_type)
        written = StrikeOff.objects.create(
            root_id=row.pk,
            ground=proposal.ground,
            basis=basis,
            reason=proposal.reason.strip(),
            proof=proposal.proof.strip(),
            reconsideration_organ=proposal.reconsideration_organ.strip(),
            court=proposal.court.strip(),
            post_id=by.post_id,
            person_id=by.id,
            at=at,
        )
        words = striking.GROUNDS[proposal.ground].words
        second_person.ask(DEED, row.pk, reason=words, facts={"strike_off": str(written.id)}, by=by, at=at)
        cmd.note(number=row.number, ground=words)
        cmd.note_digest(basis=basis, reason=written.reason, proof=written.proof)
        cmd.done(None)


def strike_off(*, certificate_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Decide as proposed and have the decision made. Raises NotAuthorised, DeedNotAsked, SecondPersonNeeded,
    ApplicationUnderWay, CertificateNotInForce; and StrikeOffGroundUnknown where the ground no longer holds (it was
    renewed meanwhile).
    """
    with command("certificate.strike_off", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        access.require(by, "certificate.strike_off", row)
        asked = second_person.agree(DEED, row.pk, by=by, at=at)
        _require_possible(row, at)
        written = StrikeOff.objects.get(root_id=row.pk, id=UUID(asked.facts["strike_off"]))
        if written.ground not in _grounds(row, at):
            raise StrikeOffGroundUnknown(field="ground")
        number = _paper(row, written, at)
        row.status = "cancelled"
        row.save(update_fields=["status"])
        told = told_here(row) and written.ground != striking.DIED
        cmd.note(
            number=row.number,
            document_number=number,
            ground=asked.reason,
            proposed_by=str(asked.asked_by),
        )
        cmd.publish(
            CertificateStruckOff(
                row.pk,
                row.case_id,
                row.number,
                striking.GROUNDS[written.ground].words,
                legal_day(at),
                told,
            )
        )
        cmd.done(None)


def decline_strike_off(*, certificate_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """Called off by who proposed it, or refused by who decides. Raises NotAuthorised, DeedNotAsked."""
    with command("certificate.decline_strike_off", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        # Who may only propose calls off what is her own: another's she could else keep from ever being decided.
        own = any(one.asked_by == by.id for one in second_person.waiting([DEED], row.pk))
        access.require(by, "certificate.propose_strike_off" if own else "certificate.strike_off", row)
        second_person.decline(DEED, row.pk, by=by, at=at)
        cmd.note(number=row.number)
        cmd.done(None)


def _grounds(row: Certificate, at: Instant) -> list[str]:
    return striking.grounds_for(row.item_type, row.state_on(legal_day(at)), row.holder_kind)


def _require_possible(row: Certificate, at: Instant) -> None:
    state = row.state_on(legal_day(at))
    if not rules.may_become(state, "cancelled"):
        raise CertificateNotInForce(state=rules.WORDS[state])
    if under_way(row.pk):
        raise ApplicationUnderWay()


def _check(proposal: StrikeOffProposal, row: Certificate, at: Instant) -> None:
    if proposal.ground not in _grounds(row, at):
        raise StrikeOffGroundUnknown(field="ground")
    if striking.GROUNDS[proposal.ground].proof and not proposal.proof.strip():
        raise StrikeOffProofMissing(field="proof")
    if proposal.ground == striking.OTHER and not proposal.basis.strip():
        raise StrikeOffBasisMissing(field="basis")
    if not proposal.reason.strip():
        raise GroundMissing(field="reason")
    for name in ("reconsideration_organ", "court"):
        if not getattr(proposal, name).strip():
            raise RemediesMissing(field=name)


def _paper(row: Certificate, written: StrikeOff, at: Instant) -> str:
    """注销行政许可决定书, of what is no licence 注销决定书: its 文号."""
    licence = row.item_type == striking.LICENCE
    kind, word = PAPERS[licence]
    number = documents.next_document_number(
        prefix=f"{row.organ_name}{word}", organ_code=row.organ_code, kind=kind, at=at
    )
    data: dict[str, Any] = {
        "organ": row.organ_name,
        "date": legal_day(at).isoformat(),
        "number": number,
        "recipient": row.holder_name,
        "licence": licence,
        "certificate_name": row.type.name,
        "certificate_number": row.number,
        "valid_from": row.valid_from.isoformat(),
        "ground": striking.GROUNDS[written.ground].words,
        "basis": written.basis,
        "proof": written.proof,
        "reasons": written.reason.splitlines(),
        "reconsideration_organ": written.reconsideration_organ,
        "court": written.court,
    }
    if row.verification_code:
        data["link"] = f"{settings.MINGQU_BASE_URL}/verify/{row.verification_code}/"
    documents.request_document(
        root_id=row.pk, kind=kind, organ_code=row.organ_code, region_code=row.region_code, data=data, at=at
    )
    return number
