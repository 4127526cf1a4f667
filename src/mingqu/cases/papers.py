"""
The papers of a case: what each prints, asked for inside the command that causes it and made later by a job.

A paper for the applicant carries the full name; numbers stay masked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.conf import settings

from mingqu.cases import rules
from mingqu.cases.ink import kept_ink
from mingqu.cases.models import AskedAnswer, Case, CaseMaterial, Decision, ServiceOfPaper, SignedCommitment
from mingqu.cases.provisions import Provision
from mingqu.cases.types import NON_ACCEPTANCE_GROUNDS, RELATIONS, NotTakenIn, Provided
from mingqu.catalogue.types import ClockRule, Definition, Guide, Material
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import GROUNDS, Article, Kind, RootClocks, Unit
from mingqu.documents import selectors as document_list
from mingqu.documents import services as documents
from mingqu.kernel.identifiers import CaseNumber
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.numbers import Series
from mingqu.kernel.types import Instant

WORDS = {
    "receipt": "收",
    "acceptance_notice": "受",
    "correction_notice": "补",
    "commitment": "诺",
    "gap_promise": "容",
    "not_accepted_notice": "不受",
    "not_required_notice": "不受告",
    "special_procedure_notice": "特",
    "extension_notice": "延",
    "termination_notice": "终",
    "service_record": "送",
    "deemed_renewal_notice": "视延",
    "visit_record": "核",
    "decision_granted": "许",
    "decision_refused": "不许",
    "approval_granted": "准",
    "approval_refused": "不准",
}


class Organ(Protocol):
    """Whose paper it is."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Longer:
    """An extension as its paper tells it: 文号, article, who approved, how much, the last day before and after."""

    number: str
    basis: str
    approver: str
    words: str
    before: date | None
    after: date | None
    promised_on: date | None


def progress_link(number: str) -> str:
    """The public progress page, as a QR code on paper has it; the query code is typed by the reader."""
    return f"{settings.MINGQU_BASE_URL}/progress/?number={number}"


FORMS = {
    "upload": "电子文件",
    "commitment": "告知承诺书",
    "paper": "纸质原件（已核对）",
    "copy": "纸质复印件",
}


def receipt(case: Case, organ: Organ, provided: Sequence[Provision], at: Instant, via: str = "") -> None:
    """
    收件凭证: written, dated, sealed, as 行政许可法 32 wants it of the notices of acceptance. `via`: who took it in for
    the organ, in words.

    The law itself asks for no paper at receipt; it is the proof of the day from which the five days run.
    """
    if case.bundle_id:
        return  # 一件事 has one for all its parts (bundles/papers.py)
    given = [one for one in provided if one.provided.state == "given"]
    _request(
        case,
        "receipt",
        at,
        organ,
        channel=f"{case.get_channel_display()}（纸质收件单{case.slip_number}，事后录入）"
        if case.slip_number
        else f"{case.get_channel_display()}{via}",
        materials=received(given),
        looked_up=[f"{one.material.name}（{one.certificate.number}）" for one in given if one.certificate],
        owed=[one.material.name for one in provided if one.provided.state == "owed"],
        delivery=case.delivery_words,
        received_time=f"{case.received_at.astimezone(BEIJING):%H:%M}",
        answer_by=iso(case.due_on),
        query_code=case.query_code,
    )


class Brought(Protocol):
    """A material as it was handed in."""

    @property
    def material(self) -> Material: ...
    @property
    def provided(self) -> Provided: ...


def received(given: Iterable[Brought]) -> list[dict[str, Any]]:
    """The lines of a receipt: what, in which form, how many; as counted, else as many as are asked for."""
    return [
        {
            "name": one.material.name,
            "form": FORMS[one.provided.how],
            "copies": one.provided.copies or one.material.copies,
        }
        for one in given
        if one.provided.how in FORMS
    ]


def promises(case: Case, organ: Organ, provided: Sequence[Provision], at: Instant) -> None:
    """告知承诺书, one for each material that is promised, with the words as they were signed."""
    for one in provided:
        if one.provided.how == "commitment" and one.promise is not None:
            words = {name: one.promise.text[name] for name in ("title", "told", "promised", "consequence")}
            signed = _signed(case, one.promise)
            _request(case, "commitment", at, organ, material=one.material.name, **words, **signed)


def gap_promise(
    case: Case, owed: Sequence[CaseMaterial], signed: Sequence[SignedCommitment], at: Instant
) -> None:
    """容缺承诺书: what was promised to follow, and now that the application is accepted, until when."""
    by_id = {row.id: row for row in signed}
    rows = [(material, by_id[material.source_id]) for material in owed if material.source_id in by_id]
    last = rows[-1][1]
    _request(
        case,
        "gap_promise",
        at,
        materials=[{"name": material.name, "until": iso(material.owed_until)} for material, _row in rows],
        told=[line for _material, row in rows for line in row.text["told"]],
        promised=list(dict.fromkeys(line for _material, row in rows for line in row.text["promised"])),
        consequence=last.text["consequence"],
        **_signed(case, last),
    )


def _signed(case: Case, row: SignedCommitment) -> dict[str, Any]:
    """Who signed, when, and how; a drawn signature is kept with the case and stands on the paper."""
    return {
        "signed_name": row.signed_name,
        "signed_on": iso(legal_day(row.signed_at)) or "",
        "signed_time": f"{row.signed_at.astimezone(BEIJING):%H:%M}",
        "signed_how": "手写签名" if row.signature_id else "填写姓名并勾选确认",
        "drawn": kept_ink(case, row.signature_id),
    }


_HOW_ONLINE = "请重新拍照或者上传。"
_CHANGE_ONLINE = "请登录网站，在原来的位置改好，其他内容不用再填。"
_CHANGE_AT_WINDOW = "请到综合窗口改，也可以登录网站改，其他内容不用再填。"
_HOW_ON_PAPER = "请把改好的原件带到综合窗口，也可以登录网站上传。"


def correction_notice(
    case: Case, materials: Iterable[CaseMaterial], answers: Iterable[AskedAnswer], at: Instant
) -> None:
    """
    申请材料补正告知书: everything at one time, fields of the form first. A bundle tells of all its parts in one.
    """
    if case.bundle_id:
        return
    at_window = case.channel == Case.Channel.WINDOW
    how, change = (_HOW_ON_PAPER, _CHANGE_AT_WINDOW) if at_window else (_HOW_ONLINE, _CHANGE_ONLINE)
    asked = [{"material": f"申请表：{one.name}", "problem": one.asked, "how": change} for one in answers]
    asked += [
        {"material": m.name, "problem": m.asked, "how": how}
        for m in materials
        if m.state == CaseMaterial.State.ASKED
    ]
    _request(case, "correction_notice", at, asked=asked)


def acceptance_notice(
    case: Case, definition: Definition, clocks: RootClocks, owed: Sequence[CaseMaterial], at: Instant
) -> None:
    """受理通知书, with both deadlines and what is owed (容缺). A bundle tells of all its parts in one."""
    if case.bundle_id:
        return
    promised, statutory = clocks.of(Kind.PROMISED), clocks.of(Kind.STATUTORY)
    _request(
        case,
        "acceptance_notice",
        at,
        accepted_on=iso(case.accepted_on),
        deemed=case.deemed_accepted,
        owed=[material.name for material in owed],
        promised_on=iso(promised and promised.due_on),
        promised_words=_span(definition.clocks.promised),
        statutory_on=iso(statutory and statutory.due_on),
        statutory_words=_span(definition.clocks.statutory),
        fee=definition.fee_words,
        **_own_basis(definition, case),
    )


def _span(rule: ClockRule) -> str:
    return f"{rule.limit}{Unit(rule.unit).text}"


def not_taken_in(case: Case, definition: Definition, why: NotTakenIn, at: Instant) -> str:
    """
    不受理告知书 (行政许可法 32(1)) or 不予受理通知书 (32(2), 78), with the remedies; its 文号.

    The first is told, not decided, yet it turns an application away just as the second does: who thinks that a
    licence is needed after all must know where to go (行政复议法 11, 20).
    """
    kind = NON_ACCEPTANCE_GROUNDS[why.ground].paper
    more: dict[str, Any] = (
        {} if kind == "not_required_notice" else {"ground": why.ground, "competent_organ": why.organ}
    )
    more |= _own_basis(definition, case) | remedies(definition.guide)
    return _request(case, kind, at, reasons=why.reason.splitlines(), **more)


def special_procedure_notice(case: Case, ground: str, expected_until: date, reason: str, at: Instant) -> str:
    """特别程序告知书: which one, and how long it takes (行政许可法 45); its 文号, the proof of the pause."""
    return _request(
        case,
        "special_procedure_notice",
        at,
        accepted_on=iso(case.accepted_on),
        ground=GROUNDS[ground].text,
        since=iso(legal_day(at)),
        expected_until=iso(expected_until),
        reasons=reason.splitlines(),
    )


def extension_notice(case: Case, longer: Longer, reason: str, at: Instant) -> None:
    """延期告知书: the reason of the extension, and the new last day (行政许可法 42)."""
    _request(
        case,
        "extension_notice",
        at,
        number=longer.number,
        accepted_on=iso(case.accepted_on),
        basis=longer.basis,
        approver=longer.approver,
        words=longer.words,
        reasons=reason.splitlines(),
        statutory_before=iso(longer.before),
        statutory_on=iso(longer.after),
        promised_on=iso(longer.promised_on),
    )


def service_record(case: Case, served: ServiceOfPaper, at: Instant) -> None:
    """送达回证: which paper, who took it, how and when, and what proves it (民事诉讼法 87)."""
    decided = Decision.objects.filter(case=case, kind__in=("granted", "refused")).order_by("-at").first()
    number = f"（{decided.document_number}）" if decided else ""
    paper = document_list.title_of(rules.decision_kind(case.item_type, case.outcome))
    _request(
        case,
        "service_record",
        at,
        paper=f"{paper}{number}",
        way=served.get_way_display(),
        receiver=served.receiver or "未签收",
        relation=RELATIONS.get(served.receiver_relation, ""),
        receiver_document=served.receiver_document,
        address=served.address,
        proof=served.proof,
        refused_because=served.refused_because,
        signed_time=f"{served.at.astimezone(BEIJING):%H:%M}" if served.signature_id else "",
        drawn=kept_ink(case, served.signature_id),
        served_on=iso(served.served_on),
    )


def termination_notice(case: Case, definition: Definition, reason: str, at: Instant) -> str:
    """终止办理告知书; its 文号."""
    return _request(case, "termination_notice", at, reasons=reason.splitlines(), **remedies(definition.guide))


def deemed_renewal_notice(
    case: Case, definition: Definition, ended_on: date, certificate_number: str, at: Instant
) -> str:
    """视为准予延续告知书 (行政许可法 50, second paragraph); its 文号."""
    return _request(
        case,
        "deemed_renewal_notice",
        at,
        accepted_on=iso(case.accepted_on),
        certificate_name=definition.result.certificate_name,
        certificate_number=certificate_number,
        ended_on=iso(ended_on),
    )


def basis(definition: Definition, case: Case) -> list[str]:
    """What it rests on, and of a licence the paragraph under which it is granted or refused (行政许可法 38)."""
    refs = [Article(ref.law, ref.article) for ref in definition.basis]
    if not rules.is_licence(case.item_type):
        return [article_text(article) for article in refs]
    decided = Article("中华人民共和国行政许可法", 38, 2 if case.outcome == Case.Outcome.REFUSED else 1)
    return [article_text(article) for article in [*refs, decided]]


def _own_basis(definition: Definition, case: Case) -> dict[str, list[str]]:
    """What a paper about anything but a licence may cite: the item's own basis, and no more."""
    return {} if rules.is_licence(case.item_type) else {"basis": basis(definition, case)}


def remedies(guide: Guide) -> dict[str, str]:
    """Where to go with a complaint against the decision (行政许可法 38; 行政复议法 20, 22; 行政诉讼法 46)."""
    return {
        "reconsideration_organ": guide.reconsideration_organ,
        "reconsideration_online": guide.reconsideration_online,
        "court": guide.court,
    }


def next_number(organ: Organ, kind: str, at: Instant) -> str:
    """A 文号, where it is needed before the rest of the paper is known."""
    return documents.next_document_number(
        prefix=f"{organ.name}{WORDS[kind]}", organ_code=organ.code, kind=kind, at=at
    )


def receipt_series(organ: Organ, at: Instant) -> Series:
    """What the receipt takes its 文号 from."""
    return documents.document_series(organ_code=organ.code, kind="receipt", at=at)


def _request(
    case: Case, kind: str, at: Instant, organ: Organ | None = None, number: str = "", **more: Any
) -> str:
    organ = organ or case.department
    number = number or next_number(organ, kind, at)
    data = {
        "organ": organ.name,
        "date": iso(legal_day(at)),
        "number": number,
        "recipient": case.party_name or case.applicant_name,
        "item": f"{case.item_name}（{case.handling_item}）",
        "case_number": case.number,
        "case_number_grouped": CaseNumber.parse(case.number).grouped(),
        # The day the application was made; `case.received_on` moves on with a correction.
        "received_on": iso(legal_day(case.received_at)),
        "phone": settings.MINGQU_SITE["telephone"],
        "link": progress_link(case.number),
        **more,
    }
    if not rules.is_licence(case.item_type):
        data["licence"] = False  # 行政许可法 is not named on it
    documents.request_document(
        root_id=case.pk, kind=kind, organ_code=organ.code, region_code=case.region_code, data=data, at=at
    )
    return number


MADE_ANEW = ("receipt", "acceptance_notice")  # papers whose recipient a 更正 changes


def made_anew(case: Case, at: Instant) -> None:
    """The papers a mistyped name stands on, once more with the right one; each says which it takes the place of."""
    for one in documents.requests_of(case.pk, MADE_ANEW):
        number = next_number(case.department, one.kind, at)
        data = {**one.data, "number": number, "date": iso(legal_day(at)), "corrects": one.number}
        data["recipient"] = case.party_name or case.applicant_name
        documents.request_document(
            root_id=case.pk,
            kind=one.kind,
            organ_code=one.organ_code,
            region_code=case.region_code,
            data={name: value for name, value in data.items() if name != "training"},
            at=at,
        )


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


request_paper = _request  # for papers whose content stands in a module of its own
