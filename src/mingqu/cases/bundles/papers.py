"""
The papers of a bundle: one for all its parts. Each part's own receipt and notices of acceptance and correction are
not made then; its decision, and what is particular to it, is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.provisions import Provision
from mingqu.cases.bundles.selectors import AskedMaterial
from mingqu.cases.bundles.selectors.asking import AskedField
from mingqu.cases.ink import ink
from mingqu.cases.models import (
    Bundle,
    BundlePart,
    Case,
    CaseMaterial,
    JointVisit,
    JointVisitAnswer,
    SharedFinding,
)
from mingqu.cases.papers import progress_link, received
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind, RootClocks
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.numbers import Series
from mingqu.kernel.types import Instant
from mingqu.ui.text import zh_moment

UPLOAD_AGAIN = "请重新拍照或者上传，交一次就行。"
CHANGE = "请登录网站改好，改一次各事项都跟着改；也可以到综合窗口改。"
WORDS = {
    "bundle_receipt": "事收",
    "bundle_acceptance": "事受",
    "bundle_correction": "事补",
    "bundle_extension": "事延",
    "joint_visit_record": "联踏",
}
State = BundlePart.State


def receipt(bundle: Bundle, parts: Sequence[BundlePart], provided: Iterable[Provision], at: Instant) -> None:
    """收件凭证 of the whole: the parts with what they wait for, the materials each once."""
    names = {part.code: part.name for part in parts}
    known = list(provided)
    _request(
        bundle,
        "bundle_receipt",
        at,
        received_time=f"{bundle.received_at.astimezone(BEIJING):%H:%M}",
        channel=bundle.get_channel_display(),
        delivery=bundle.delivery_words,
        parts=[
            {"name": part.name, "organ": part.department.name, "state": _waiting(part, names)}
            for part in parts
        ],
        materials=received(one for one in known if one.provided.state == "given"),
        looked_up=[f"{one.material.name}（{one.certificate.number}）" for one in known if one.certificate],
        owed=[one.material.name for one in known if one.provided.state == "owed"],
        query_code=bundle.query_code,
        licences=selectors.licences(parts),
    )


def acceptance_notice(
    bundle: Bundle, parts: Sequence[BundlePart], accepted: Sequence[BundlePart], at: Instant
) -> None:
    """
    受理通知书 of the whole: what is accepted, each with its last days; what is still to be brought for it and until
    when (容缺); and what is not accepted yet, with what it waits for.
    """
    running = clocks.states([part.case_id for part in accepted if part.case_id], at)
    names = {part.code: part.name for part in parts}
    owed, deemed = _owed(accepted), _deemed(accepted)
    open_parts = [part for part in parts if part not in accepted and part.state not in rules.ENDED]
    _request(
        bundle,
        "bundle_acceptance",
        at,
        together=catalogue.document(bundle.revision_id).accept == "together",
        accepted=[_accepted(part, running, owed) | {"deemed": part.case_id in deemed} for part in accepted],
        owed=[
            {"part": part.name, "material": material.name, "until": _iso(material.owed_until)}
            for part in accepted
            for material in owed.get(part.case_id, ())
        ],
        still_open=[
            {"name": part.name, "organ": part.department.name, "state": _waiting(part, names)}
            for part in open_parts
        ],
        joint_on=_iso(bundle.due_on),
        licences=selectors.licences(accepted),
    )


def _owed(accepted: Sequence[BundlePart]) -> dict[UUID | None, list[CaseMaterial]]:
    """By case: what was promised to follow."""
    found: dict[UUID | None, list[CaseMaterial]] = {}
    cases = [part.case_id for part in accepted if part.case_id]
    rows = CaseMaterial.objects.filter(case_id__in=cases, state=CaseMaterial.State.OWED)
    for row in rows.order_by("case_id", "position"):
        found.setdefault(row.case_id, []).append(row)
    return found


@dataclass(frozen=True)
class Longer:
    """An extension of the joint limit as it is told: who approved, by how much, from when to when."""

    number: str
    basis: str
    approver: str
    words: str
    before: date | None
    after: date | None


def extension_notice(bundle: Bundle, given: Longer, reason: str, at: Instant) -> None:
    """延期告知书 of the whole: 行政许可法 42 wants the reason told."""
    _request(
        bundle,
        "bundle_extension",
        at,
        given.number,
        accepted_on=_iso(bundle.accepted_on),
        basis=given.basis,
        approver=given.approver,
        words=given.words,
        reasons=reason.splitlines(),
        joint_before=_iso(given.before),
        joint_on=_iso(given.after),
    )


def correction_notice(
    bundle: Bundle, parts: Iterable[BundlePart], asked: Sequence[AskedMaterial | AskedField], at: Instant
) -> None:
    """申请材料补正告知书 of the whole: everything of `parts` at one time, each material and each question once."""
    _request(
        bundle,
        "bundle_correction",
        at,
        asked=[
            {
                "material": one.name if isinstance(one, AskedMaterial) else f"申请表：{one.name}",
                "parts": "、".join(dict.fromkeys(name for name, _ in one.asked)),
                "problem": _problem(one),
                "how": UPLOAD_AGAIN if isinstance(one, AskedMaterial) else CHANGE,
            }
            for one in asked
        ],
        licences=selectors.licences(parts),
    )


def joint_visit_record(
    joint: JointVisit,
    parts: Mapping[str, BundlePart],
    answers: Sequence[JointVisitAnswer],
    findings: Sequence[SharedFinding],
    at: Instant,
) -> None:
    """
    联合踏勘记录: what was found together, who came and signed, who did not come; what was corrected since it was closed
    stands beside what stood there.
    """
    bundle = next(iter(parts.values())).bundle
    people = {person for one in answers for person in one.officer_ids} | {one.written_by for one in findings}
    names = identity.names_of(people)
    assert joint.recorded_at is not None and joint.began_at is not None
    _request(
        bundle,
        "joint_visit_record",
        at,
        project=selectors.project_name(bundle),
        place=joint.place,
        began=zh_moment(joint.began_at),
        ended=zh_moment(joint.recorded_at),
        organs=[
            {
                "name": f"{parts[one.part].department.name}（{parts[one.part].name}）",
                "came": bool(one.came),
                "officers": [
                    {
                        "name": names.get(person, ""),
                        "drawn": _kept_ink(bundle, one.signature_ids.get(str(person)), came=bool(one.came)),
                    }
                    for person in one.officer_ids
                ],
            }
            for one in answers
        ],
        findings=[_found(one, names) for one in selectors.standing_findings(findings)],
        corrections=_corrections(findings, joint.recorded_at, names),
        party=joint.party_name,
        party_drawn=_kept_ink(bundle, joint.party_signature_id),
        party_refused=joint.party_reason if joint.party_refused else "",
    )


def _found(one: SharedFinding, names: Mapping[UUID, str]) -> dict[str, str]:
    return {
        "subject": one.subject,
        "says": selectors.finding_says(one),
        "who": names.get(one.written_by, ""),
        "sha256": one.sha256,
    }


def _corrections(
    findings: Sequence[SharedFinding], closed_at: Instant, names: Mapping[UUID, str]
) -> list[dict[str, str]]:
    """What was corrected after the record was closed: what stood there, what stands there, why, who, when."""
    by_id = {one.id: one for one in findings}
    return [
        {
            "subject": one.subject,
            "before": selectors.finding_says(by_id[one.replaces]),
            "after": selectors.finding_says(one),
            "reason": one.reason,
            "who": f"{names.get(one.written_by, '')}，{zh_moment(one.written_at)}",
        }
        for one in findings
        if one.replaces and one.written_at > closed_at
    ]


def _kept_ink(bundle: Bundle, file_id: UUID | str | None, *, came: bool = True) -> str:
    return ink(documents.read_file(bundle.pk, UUID(str(file_id)))) if file_id and came else ""


def _problem(one: AskedMaterial | AskedField) -> str:
    texts = list(dict.fromkeys(what for _, what in one.asked))
    return texts[0] if len(texts) == 1 else "；".join(f"{name}：{what}" for name, what in one.asked)


def _accepted(
    part: BundlePart, running: dict[UUID, RootClocks], owed: Mapping[UUID | None, Sequence[CaseMaterial]]
) -> dict[str, Any]:
    clocked = running.get(part.case_id) if part.case_id else None
    promised, statutory = (clocked.of(kind) if clocked else None for kind in (Kind.PROMISED, Kind.STATUTORY))
    return {
        "name": part.name,
        "organ": part.department.name,
        "case_number": part.case_number,
        "owed": [material.name for material in owed.get(part.case_id, ())],
        "accepted_on": _iso(part.accepted_on),
        "promised_on": _iso(promised.due_on if promised else None),
        "statutory_on": _iso(statutory.due_on if statutory else None),
    }


def _deemed(accepted: Sequence[BundlePart]) -> set[UUID]:
    """Cases that were accepted by law because nobody answered in five working days (行政许可法 32(4))."""
    ids = [part.case_id for part in accepted if part.case_id]
    return set(Case.objects.filter(pk__in=ids, deemed_accepted=True).values_list("pk", flat=True))


def _waiting(part: BundlePart, names: dict[str, str]) -> str:
    """In words, what a part waits for."""
    match part.state:
        case State.WAITING:
            return f"“{'”“'.join(names[code] for code in part.after)}”办成后接着办，不用再申请"
        case State.CORRECTION:
            return "等您补正材料"
        case State.OUTSIDE:
            return "在外部系统办理，结果由窗口登记"
        case State.ACCEPTED:
            return "已经受理"
    return "已收到，正在核对材料"


def next_number(bundle: Bundle, kind: str, at: Instant) -> str:
    """文号 of the lead's organ."""
    lead = bundle.lead
    return documents.next_document_number(
        prefix=f"{lead.name}{WORDS[kind]}", organ_code=lead.code, kind=kind, at=at
    )


def receipt_series(lead: str, at: Instant) -> Series:
    """What the receipt takes its 文号 from; `lead`: the code of the lead's organ."""
    return documents.document_series(organ_code=lead, kind="bundle_receipt", at=at)


def _request(bundle: Bundle, kind: str, at: Instant, number: str = "", **more: Any) -> None:
    lead = bundle.lead
    number = number or next_number(bundle, kind, at)
    data = {
        "organ": lead.name,
        "date": _iso(legal_day(at)),
        "number": number,
        "recipient": bundle.applicant_name,
        "bundle": bundle.name,
        "bundle_number": bundle.number,
        "received_on": _iso(legal_day(bundle.received_at)),
        "phone": settings.MINGQU_SITE["telephone"],
        "link": progress_link(bundle.number),
        **more,
    }
    documents.request_document(
        root_id=bundle.pk, kind=kind, organ_code=lead.code, region_code=bundle.region_code, data=data, at=at
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
