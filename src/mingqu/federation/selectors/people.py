"""Rows about cases, results, certificates, ratings and users. Names are masked and numbers hashed before they leave."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.certificates import selectors as certificates
from mingqu.evaluation import selectors as evaluation
from mingqu.federation import rules
from mingqu.federation.types import Row, Source
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.masking import mask_name

PERSON, FIRM = "0", "1"  # of who applied
HOLDER_PERSON, HOLDER_FIRM = "1", "2"
CREDIT_CODE = "统一社会信用代码"  # 证件类型, in words: no list of codes was seen
FINISHED = "2"  # 评价环节: 办结
NOT_FINISHED = "1"  # 受理


def affairs_of(ids: Sequence[UUID], _day: date) -> list[Source]:
    return [Source(str(one.id), one.number, (_affair(one),)) for one in cases.reported_cases(ids)]


def _affair(one: cases.ReportedCase) -> Row:
    return {
        rules.GUID: rules.guid("affair", str(one.id)),
        "affair_number": one.number,
        "task_code": one.item_code,
        "task_name": one.item_name,
        "handle_item": one.handling_item,
        "dept_code": one.credit_code,
        "dept_name": one.organ_name,
        "area_code": one.region_code,
        "channel": one.channel,
        "applicant_type": FIRM if one.party_kind == "firm" else PERSON,
        "applicant_name": one.party_name if one.party_kind == "firm" else mask_name(one.party_name),
        "state": one.status,
        "received_time": _instant(one.received_at),
        "accepted_date": _day_text(one.accepted_on),
        "due_date": _day_text(one.due_on),
    }


def results_of(ids: Sequence[UUID], _day: date) -> list[Source]:
    """Of those that were decided."""
    return [
        Source(str(one.id), one.number, (_result(one),))
        for one in cases.reported_cases(ids)
        if one.decided_on
    ]


def _result(one: cases.ReportedCase) -> Row:
    return {
        rules.GUID: rules.guid("result", str(one.id)),
        "affair_guid": rules.guid("affair", str(one.id)),
        "affair_number": one.number,
        "outcome": one.outcome,
        "decided_date": _day_text(one.decided_on),
        "delivered_date": _day_text(one.delivered_on),
        "certificate_guid": rules.guid("certificate", str(one.certificate_id)) if one.certificate_id else "",
    }


def certificates_of(ids: Sequence[UUID], day: date) -> list[Source]:
    return [
        Source(
            str(one.id),
            one.number,
            (
                {
                    rules.GUID: rules.guid("certificate", str(one.id)),
                    "certificate_type_code": one.type_code,
                    "certificate_type_name": one.type_name,
                    "certificate_number": one.number,
                    "certificate_identifier": one.identifier,
                    "issue_dept": one.issuer,
                    "issue_dept_code": one.issuer_code,
                    "issue_date": _day_text(one.issued_on),
                    "zzyxqqsrq": _day_text(one.valid_from),
                    "zzyxqjzrq": _day_text(one.valid_until),
                    "certificate_area_code": one.region_code,
                    "certificate_state": one.state,
                    **_holder(one),
                },
            ),
        )
        for one in certificates.metadata_of(ids, day)
    ]


def _holder(one: certificates.Metadata) -> Row:
    """A firm's name and code are public register data; of a person the mask and a pseudonym."""
    of_firm = one.holder_kind == "firm"
    hashed = identity.pseudonym(one.holder_id) if one.holder_id else ""
    return {
        "certificate_holder": one.holder_name if of_firm else mask_name(one.holder_name),
        "certificate_holder_code": one.holder_code if of_firm else hashed,
        "certificate_holder_type": HOLDER_FIRM if of_firm else HOLDER_PERSON,
    }


def ratings_of(case_ids: Sequence[UUID], _day: date) -> list[Source]:
    """The ratings of a case that count; who gave them is not told."""
    of = {one.id: one for one in cases.reported_cases(case_ids)}
    deciders = cases.deciders_of(of)
    names = identity.names_of(deciders.values())
    codes = {
        firm.pk: firm.credit_code
        for firm in identity.firms_by_id(one.firm_id for one in of.values() if one.firm_id)
    }
    found: dict[UUID, list[Row]] = {}
    for rating in evaluation.ratings_reported(case_ids):
        if rating.case_id in of:
            one = of[rating.case_id]
            officer = names.get(deciders[one.id], "") if one.id in deciders else ""
            code = codes.get(one.firm_id, "") if one.firm_id else ""
            found.setdefault(one.id, []).append(_rating(rating, one, officer, code))
    return [Source(str(case_id), of[case_id].number, tuple(rows)) for case_id, rows in found.items()]


def _rating(rating: evaluation.ReportedRating, of: cases.ReportedCase, officer: str, credit_code: str) -> Row:
    """`officer`: who decided; `credit_code`: of a firm, public register data. Of a person no document is told."""
    return {
        rules.GUID: rules.guid("evaluation", str(rating.id)),
        "evalProcess": FINISHED if of.decided_on and rating.contact != "filing" else NOT_FINISHED,
        "affairSerialNo": of.number,
        "affairCode": of.item_code,
        "affairName": of.item_name,
        "affairHandleItem": of.handling_code,
        "affairDealOfficer": officer,
        "affairApplyTime": _instant(of.received_at),
        "affairDoneTime": f"{of.decided_on:%Y%m%d}000000" if of.decided_on else "",
        "departmentCode": of.credit_code,
        "userName": "",
        "contactPhone": "",
        "userType": FIRM if of.party_kind == "firm" else PERSON,
        "certificateType": CREDIT_CODE if credit_code else "",
        "certificateNo": credit_code,
        "evalLevel": str(rating.level),
        "evalTime": _instant(rating.rated_at),
        "evalDetail": "^".join(rating.reasons),
    }


def users_of(ids: Sequence[UUID], _day: date) -> list[Source]:
    return [
        Source(
            str(one.id),
            one.pseudonym[:12],
            (
                {
                    rules.GUID: one.pseudonym,
                    "user_name": one.name,
                    "user_type": PERSON,
                    "assurance": str(one.assurance),
                    "registered_date": _day_text(one.registered_on),
                    "state": "1" if one.active else "0",
                },
            ),
        )
        for one in identity.registered_users(ids)
    ]


def _day_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _instant(at: datetime | None) -> str:
    return f"{at.astimezone(BEIJING):%Y%m%d%H%M%S}" if at else ""
