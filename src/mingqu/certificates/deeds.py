"""
What was done to a certificate, for the pages of its holder and its organ: history, suspension, 撤销, 注销.

The caller has checked that it may be seen.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mingqu.certificates import revoking, striking
from mingqu.certificates.models import Certificate, Measure, Revocation, StrikeOff
from mingqu.certificates.types import RevocationView, Standing, StrikeOffView
from mingqu.documents import selectors as papers
from mingqu.identity import selectors as identity
from mingqu.kernel import second_person
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.models_asked import AskedDeed
from mingqu.ui.text import zh_day

DECLINED = {
    "certificate.decline_revocation": "certificate.propose_revocation",
    "certificate.decline_strike_off": "certificate.propose_strike_off",
}
STRUCK_OFF = frozenset({"decision_struck_off", "approval_struck_off"})  # the papers
STRIKE_OFF, REVOKE = "certificate.strike_off", "certificate.revoke"  # as services ask for them
BY_TWO = {*DECLINED, *DECLINED.values(), STRIKE_OFF, REVOKE}  # their posts are named


@dataclass(frozen=True)
class Deed:
    """A line of a certificate's history: when, what, and why."""

    at: datetime
    what: str
    reason: str = ""


def history_of(certificate_id: UUID) -> list[Deed]:
    """What was done with it, from the ledger, the latest first. The caller has checked that it may be seen."""
    words = {
        "certificate.issue": "制发",
        "certificate.collect": "送达持证人，开始计算开工期限",
        "certificate.extend_begin": "批准延期开工",
        "certificate.record_begun": "登记已经开工",
        "certificate.propose_revocation": "提出撤销，等待决定",
        "certificate.decline_revocation": "没有撤销",
        "certificate.revoke": "撤销",
        "certificate.cancel": "注销",
        "certificate.propose_strike_off": "提出依职权注销，等待决定",
        "certificate.decline_strike_off": "没有注销",
        "certificate.strike_off": "依职权注销",
        "certificate.change": "变更以后的新版本",
        "certificate.renew": "延续以后的新版本",
        "certificate.replace": "补发的新版本",
    }
    put_off = Measure.objects.filter(root_id=certificate_id, kind=Measure.Kind.PUT_OFF)
    reasons = {one.at: one.reason for one in put_off}  # a command writes both at its instant
    found = []
    entries = list(AuditEntry.objects.filter(root_id=certificate_id, action__in=list(words)).order_by("-seq"))
    posts = identity.post_names(one.post_id for one in entries if one.post_id and one.action in BY_TWO)
    for place, entry in enumerate(entries):
        notes, what = entry.notes, words[entry.action]
        if entry.action in DECLINED:
            proposed = next(one for one in entries[place:] if one.action == DECLINED[entry.action])
            what += "：提出人撤回" if proposed.actor_id == entry.actor_id else "：决定的人不同意"
        day = notes.get("until_on") or notes.get("on")
        if day:
            label = "最晚开工日" if "until_on" in notes else "开工日期"
            what = f"{what}：{label}{zh_day(date.fromisoformat(day))}"
        who = f"（{posts[entry.post_id]}）" if entry.action in BY_TWO and entry.post_id in posts else ""
        found.append(Deed(entry.at, what + who, reasons.get(entry.at) or ""))
    return found


def measures_of(certificate_id: UUID) -> list[Standing]:
    """What was done to its use, the latest first; the caller has checked that it may be seen."""
    rows = Measure.objects.filter(root_id=certificate_id).exclude(kind=Measure.Kind.PUT_OFF)
    return [standing(row) for row in rows.order_by("-at", "-id")]


def revocation_of(certificate_id: UUID) -> RevocationView | None:
    """撤销 with its decision, None where there was none; the caller has checked that it may be seen."""
    decided = Revocation.objects.filter(root_id=certificate_id, request_id__isnull=False)
    row = decided.order_by("-at").first()
    return _revocation(row) if row else None


def revocation_waiting(certificate_id: UUID) -> RevocationView | None:
    """撤销 as proposed, while it waits for a second person."""
    asked = next(iter(second_person.waiting([REVOKE], certificate_id)), None)
    if asked is None:
        return None
    found = Revocation.objects.filter(root_id=certificate_id, id=UUID(asked.facts["revocation"]))
    return _revocation(found.get())


def _revocation(row: Revocation) -> RevocationView:
    item_type = Certificate.objects.values_list("item_type", flat=True).get(pk=row.root_id)
    return RevocationView(
        on=legal_day(row.at),
        document_number=row.document_number,
        ground=revoking.GROUNDS[row.ground].words,
        basis=row.basis,
        reason=row.reason,
        heard=revoking.HEARD[row.heard],
        told_on=row.told_on,
        statement=row.statement or "",
        consequence=revoking.consequence(row.ground, item_type),
        reconsideration_organ=row.reconsideration_organ,
        court=row.court,
        file_id=papers.document(row.root_id, row.request_id).file_id if row.request_id else None,
        by=row.person_id,
    )


def strike_off_waiting(certificate_id: UUID) -> StrikeOffView | None:
    """注销 as proposed, while it waits for a second person."""
    found = second_person.waiting([STRIKE_OFF], certificate_id)
    return _strike_off(certificate_id, found[0]) if found else None


def strike_off_of(certificate_id: UUID) -> StrikeOffView | None:
    """注销 ex officio as it was decided; None where there was none."""
    done = AskedDeed.objects.filter(deed=STRIKE_OFF, about_id=certificate_id, answer=AskedDeed.Answer.DONE)
    found = done.first()
    return _strike_off(certificate_id, found) if found else None


def _strike_off(certificate_id: UUID, asked: AskedDeed) -> StrikeOffView:
    row = StrikeOff.objects.get(root_id=certificate_id, id=UUID(asked.facts["strike_off"]))
    made = papers.documents_of(certificate_id) if asked.answered_at else []
    paper = next((one for one in made if one.kind in STRUCK_OFF), None)
    return StrikeOffView(
        ground=striking.GROUNDS[row.ground].words,
        basis=row.basis,
        reason=row.reason,
        proof=row.proof,
        proposed_by=row.person_id,
        proposed_on=legal_day(row.at),
        decided_on=legal_day(asked.answered_at) if asked.answered_at else None,
        reconsideration_organ=row.reconsideration_organ,
        court=row.court,
        document_number=paper.number if paper else "",
        file_id=paper.file_id if paper else None,
    )


def standing(row: Measure) -> Standing:
    return Standing(
        row.kind,
        row.get_way_display() or row.get_kind_display(),
        legal_day(row.at),
        row.basis,
        row.reason,
        row.document_number,
        row.until,
    )


def suspension(row: Certificate, state: str) -> Standing | None:
    """Costs nothing unless it is suspended; None for one suspended before deeds were kept."""
    deeds = (
        Measure.objects.filter(root_id=row.pk, kind=Measure.Kind.SUSPENDED) if state == "suspended" else None
    )
    found = deeds.order_by("-at", "-id").first() if deeds is not None else None
    return standing(found) if found else None
