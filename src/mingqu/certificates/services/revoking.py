"""
撤销 (行政许可法 69): on a ground of the law, after the holder was told and heard. One officer of the organ proposes it,
an approver who is somebody else decides (SEC-05); the decision on paper names the remedies. It takes effect at once;
nothing brings the certificate back.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from mingqu.certificates import revoking, rules
from mingqu.certificates.errors import (
    CertificateNotInForce,
    GroundMissing,
    HolderNotHeard,
    RemediesMissing,
    RevocationBasisMissing,
    RevocationGroundUnknown,
    RevocationHarms,
    ToldOnWrong,
)
from mingqu.certificates.events import CertificateRevoked
from mingqu.certificates.models import Certificate, Revocation
from mingqu.certificates.services.register import locked
from mingqu.certificates.services.standing import told_here
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

DEED = "certificate.revoke"  # waits for a second person
PAPERS = {True: ("decision_revoked", "撤"), False: ("approval_revoked", "撤准")}


@dataclass(frozen=True)
class RevocationOrder:
    """
    What is proposed. `ground` and `heard`: codes of `revoking`; `basis`: the law that says so beside 行政许可法;
    `told_on`: when the holder was told; `harmless`: it does the public no great harm (69, third paragraph).
    """

    ground: str
    reason: str = field(repr=False)
    heard: str
    told_on: date
    reconsideration_organ: str
    court: str
    statement: str = field(default="", repr=False)
    basis: str = ""
    harmless: bool = False


def propose_revocation(
    *, certificate_id: UUID, order: RevocationOrder, by: Actor, at: Instant, key: CommandKey
) -> None:
    """
    Propose 撤销. Raises NotAuthorised, RevocationGroundUnknown, RevocationBasisMissing, GroundMissing, HolderNotHeard,
    ToldOnWrong, RevocationHarms, RemediesMissing, CertificateNotInForce (revoked, struck off, replaced), DeedAsked.
    """
    with command("certificate.propose_revocation", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        access.require(by, "certificate.propose_revocation", row)
        _check(order, row, legal_day(at))
        _require_possible(row, at)
        basis = revoking.basis_words(order.ground, order.basis, row.item_type)
        written = Revocation(
            root_id=row.pk,
            ground=order.ground,
            basis=basis,
            reason=order.reason.strip(),
            heard=order.heard,
            told_on=order.told_on,
            statement=order.statement.strip() or None,
            reconsideration_organ=order.reconsideration_organ.strip(),
            court=order.court.strip(),
            post_id=by.post_id,
            person_id=by.id,
            at=at,
        )
        written.save(force_insert=True)
        words = revoking.GROUNDS[order.ground].words
        second_person.ask(DEED, row.pk, reason=words, facts={"revocation": str(written.id)}, by=by, at=at)
        cmd.note(number=row.number, ground=words)
        cmd.note_digest(basis=basis, reason=written.reason, statement=order.statement.strip())
        cmd.done(None)


def revoke(*, certificate_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Decide as proposed and have the decision made. Raises NotAuthorised, DeedNotAsked, SecondPersonNeeded,
    CertificateNotInForce.
    """
    with command("certificate.revoke", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        access.require(by, "certificate.revoke", row)
        asked = second_person.agree(DEED, row.pk, by=by, at=at)
        _require_possible(row, at)
        written = Revocation.objects.get(root_id=row.pk, id=UUID(asked.facts["revocation"]))
        number, written.request_id = _paper(row, written, at)
        row.status = "revoked"
        row.save(update_fields=["status"])
        written.id, written.document_number = new_id(), number
        written.post_id, written.person_id, written.at = by.post_id, by.id, at
        written.save(force_insert=True)
        cmd.note(number=row.number, document_number=number, proposed_by=str(asked.asked_by))
        cmd.note_digest(ground=written.basis, reason=written.reason)
        cmd.publish(
            CertificateRevoked(row.pk, row.case_id, row.number, number, legal_day(at), told_here(row))
        )
        cmd.done(None)


def decline_revocation(*, certificate_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """Called off by who proposed it, or refused by who decides. Raises NotAuthorised, DeedNotAsked."""
    with command("certificate.decline_revocation", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        # Who may only propose calls off what is her own: another's she could else keep from ever being decided.
        own = any(one.asked_by == by.id for one in second_person.waiting([DEED], row.pk))
        access.require(by, "certificate.propose_revocation" if own else "certificate.revoke", row)
        second_person.decline(DEED, row.pk, by=by, at=at)
        cmd.note(number=row.number)
        cmd.done(None)


def _require_possible(row: Certificate, at: Instant) -> None:
    state = row.state_on(legal_day(at))
    if not rules.may_become(state, "revoked"):
        raise CertificateNotInForce(state=rules.WORDS[state])


def _check(order: RevocationOrder, row: Certificate, today: date) -> None:
    if order.ground not in revoking.grounds_for(row.item_type):
        raise RevocationGroundUnknown(field="ground")
    if order.ground == revoking.OTHER and not order.basis.strip():
        raise RevocationBasisMissing(field="basis")
    if not order.reason.strip():
        raise GroundMissing(field="reason")
    silent = order.heard == "nothing_said"
    if order.heard not in revoking.HEARD or not (silent or order.statement.strip()):
        raise HolderNotHeard(field="statement" if order.heard in revoking.HEARD else "heard")
    if order.told_on > today:
        raise ToldOnWrong(field="told_on")
    if row.item_type == revoking.LICENCE and not order.harmless:
        raise RevocationHarms(field="harmless")
    for name in ("reconsideration_organ", "court"):
        if not getattr(order, name).strip():
            raise RemediesMissing(field=name)


def _paper(row: Certificate, order: Revocation, at: Instant) -> tuple[str, UUID]:
    """撤销行政许可决定书, of what is no licence 撤销决定书: its 文号 and the request."""
    licence = row.item_type == revoking.LICENCE
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
        "ground": revoking.GROUNDS[order.ground].words,
        "basis": order.basis,
        "reasons": order.reason.splitlines(),
        "told_on": order.told_on.isoformat(),
        "heard": revoking.heard_words(order.heard),
        "statement": order.statement or "",
        "consequence": revoking.consequence(order.ground, row.item_type),
        "reconsideration_organ": order.reconsideration_organ,
        "court": order.court,
    }
    if row.verification_code:
        data["link"] = f"{settings.MINGQU_BASE_URL}/verify/{row.verification_code}/"
    request_id = documents.request_document(
        root_id=row.pk, kind=kind, organ_code=row.organ_code, region_code=row.region_code, data=data, at=at
    )
    return number, request_id
