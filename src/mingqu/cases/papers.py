"""
The papers of a case: what each prints, asked for inside the command that causes it and made later by a job.

A paper for the applicant carries the full name; numbers stay masked.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from django.conf import settings

from mingqu.cases.models import Case, CaseMaterial
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, Guide, Material
from mingqu.certificates import selectors as certificates
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import Article, Kind, RootClocks
from mingqu.documents import services as documents
from mingqu.kernel.identifiers import CaseNumber
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Instant

WORDS = {
    "receipt": "收",
    "acceptance_notice": "受",
    "correction_notice": "补",
    "not_accepted_notice": "不受",
    "decision_granted": "许",
    "decision_refused": "不许",
}


class Organ(Protocol):
    """Whose paper it is."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


def progress_link(number: str) -> str:
    """The public progress page, as a QR code on paper has it; the query code is typed by the reader."""
    return f"{settings.MINGQU_BASE_URL}/progress/?number={number}"


def receipt(case: Case, organ: Organ, materials: Sequence[Material], at: Instant) -> None:
    """
    收件凭证: written, dated, sealed, as 行政许可法 32 wants it of the notices of acceptance.

    The law itself asks for no paper at receipt; it is the proof of the day from which the five days run.
    """
    _request(
        case,
        "receipt",
        at,
        organ,
        channel=case.get_channel_display(),
        materials=[{"name": m.name, "form": "电子文件", "copies": 1} for m in materials],
        received_time=f"{case.received_at.astimezone(BEIJING):%H:%M}",
        answer_by=_iso(case.due_on),
        query_code=case.query_code,
    )


def correction_notice(case: Case, materials: Iterable[CaseMaterial], at: Instant) -> None:
    """申请材料补正告知书: everything at one time."""
    asked = [
        {"material": m.name, "problem": m.asked, "how": "请重新拍照或者上传。"}
        for m in materials
        if m.state == CaseMaterial.State.ASKED
    ]
    _request(case, "correction_notice", at, asked=asked)


def acceptance_notice(case: Case, definition: Definition, clocks: RootClocks, at: Instant) -> None:
    """受理通知书, with both deadlines."""
    promised, statutory = clocks.of(Kind.PROMISED), clocks.of(Kind.STATUTORY)
    _request(
        case,
        "acceptance_notice",
        at,
        accepted_on=_iso(case.accepted_on),
        deemed=case.deemed_accepted,
        promised_on=_iso(promised and promised.due_on),
        promised_words=f"{definition.clocks.promised.limit}个工作日",
        statutory_on=_iso(statutory and statutory.due_on),
        statutory_words=f"{definition.clocks.statutory.limit}个工作日",
        fee=definition.fee_words,
    )


def not_accepted_notice(case: Case, definition: Definition, reason: str, at: Instant) -> str:
    """不予受理通知书; its 文号."""
    return _request(
        case, "not_accepted_notice", at, reasons=reason.splitlines(), **_remedies(definition.guide)
    )


def decision(case: Case, definition: Definition, reasons: str, at: Instant) -> str:
    """准予 or 不予行政许可决定书; its 文号."""
    common = {
        "accepted_on": _iso(case.accepted_on),
        "basis": _basis(definition, case.outcome),
        "outcome": case.outcome,
        **_remedies(definition.guide),
    }
    if case.outcome == Case.Outcome.REFUSED:
        return _request(case, "decision_refused", at, **common, reasons=reasons.splitlines())
    assert case.decided_on is not None
    result = definition.result
    valid_from, valid_until = certificates.validity(case.decided_on, result.valid_years)
    return _request(
        case,
        "decision_granted",
        at,
        **common,
        scope=_scope(case, definition),
        certificate_name=result.certificate_name,
        valid_from=_iso(valid_from),
        valid_until=_iso(valid_until),
    )


def _basis(definition: Definition, outcome: str) -> list[str]:
    """What sets up the licence, and the paragraph under which it is granted or refused (行政许可法 38)."""
    refs = [Article(ref.law, ref.article) for ref in definition.basis]
    decided = Article("中华人民共和国行政许可法", 38, 2 if outcome == Case.Outcome.REFUSED else 1)
    return [article_text(article) for article in [*refs, decided]]


def _scope(case: Case, definition: Definition) -> str:
    """What exactly is allowed, to whom and where: the lines the certificate will have."""
    names = {"form": case.answers, "situation": case.situation, "applicant": {"name": case.applicant_name}}
    values = catalogue.certificate_values(definition, names)
    lines = ((field.label, values.get(field.code, "")) for field in definition.result.fields)
    return "；".join(f"{label}：{value}" for label, value in lines if value)


def _remedies(guide: Guide) -> dict[str, str]:
    """Where to go with a complaint against the decision (行政许可法 38; 行政复议法 20, 22; 行政诉讼法 46)."""
    return {
        "reconsideration_organ": guide.reconsideration_organ,
        "reconsideration_online": guide.reconsideration_online,
        "court": guide.court,
    }


def _request(case: Case, kind: str, at: Instant, organ: Organ | None = None, **more: Any) -> str:
    organ = organ or case.department
    number = documents.next_document_number(
        prefix=f"{organ.name}{WORDS[kind]}", organ_code=organ.code, kind=kind, at=at
    )
    data = {
        "organ": organ.name,
        "date": _iso(legal_day(at)),
        "number": number,
        "recipient": case.applicant_name,
        "item": f"{case.item_name}（{case.handling_item}）",
        "case_number": case.number,
        "case_number_grouped": CaseNumber.parse(case.number).grouped(),
        # The day the application was made; `case.received_on` moves on with a correction.
        "received_on": _iso(legal_day(case.received_at)),
        "phone": settings.MINGQU_SITE["telephone"],
        "link": progress_link(case.number),
        **more,
    }
    documents.request_document(root_id=case.pk, kind=kind, organ_code=organ.code, data=data, at=at)
    return number


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
