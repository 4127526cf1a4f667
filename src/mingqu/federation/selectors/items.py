"""Rows of items and of the base directory, from published definitions (standards 2.1–2.4)."""

from datetime import date, datetime, time

from django.conf import settings
from django.urls import reverse

from mingqu.catalogue.types import ClockRule, Handling, LawRef
from mingqu.catalogue.upward.selectors import ReportedEntry, ReportedItem, depth_reported
from mingqu.federation import rules
from mingqu.federation.types import Row, Source
from mingqu.hall import selectors as hall
from mingqu.kernel import regions
from mingqu.kernel.codelists import code_list
from mingqu.kernel.legal_day import BEIJING, legal_day

BASIC, EXTEND, MATERIAL, BASE = (
    "task_general_basic",
    "task_general_extend",
    "task_general_material",
    "task_directory",
)
FEES, QUESTIONS = "fee_project", "questions"
STATES = {"active": "1", "suspended": "2", "cancelled": "3"}
YES, NO = "1", "0"
PEOPLE = "natural_person"
WHOLE = "-"  # the one row of an item that has no 业务办理项
NEEDED, MAY_FOLLOW, OPTIONAL = "1", "2", "3"  # our own codes of 材料必要性


def base(one: ReportedEntry) -> Source:
    row = {
        rules.GUID: rules.guid(BASE, one.key),
        "catalog_code": one.code,
        "local_catalog_code": one.local_code if one.local_code != one.code else "",
        "task_name": one.name,
        "task_type": one.item_type,
        "by_law": one.basis_words,
        "use_level": "^".join(one.levels),
        "plan_effective_date": one.effective_on.isoformat() if one.effective_on else "",
        "plan_cancel_date": one.cancelled_on.isoformat() if one.cancelled_on else "",
        "task_state": STATES[one.state],
        "task_version": str(one.version),
        "data_source": one.source,
    }
    return Source(one.key, (one.code or one.local_code)[:64], (row,))


def basic(one: ReportedItem) -> Source:
    """A row for each 业务办理项."""
    return Source(str(one.id), one.code, tuple(_basic(one, part) for part in _parts(one)))


def extend(one: ReportedItem, day: date) -> Source:
    return Source(str(one.id), one.code, tuple(_extend(one, part, day) for part in _parts(one)))


def fees(one: ReportedItem) -> Source:
    rows = [
        {
            rules.GUID: rules.guid(FEES, str(one.id), part.code, str(place)),
            "task_guid": task_guid(one, part),
            "fee_name": fee.name,
            "fee_stand": fee.standard,
            "by_law": _cited(fee.basis),
            "order_num": str(place),
        }
        for part in one.document.handling
        for place, fee in enumerate(part.fees, 1)
    ]
    return Source(str(one.id), one.code, tuple(rows))


def questions(one: ReportedItem) -> Source:
    """常见问题 of the guide, which every 业务办理项 shares."""
    rows = [
        {
            rules.GUID: rules.guid(QUESTIONS, str(one.id), part.code, str(place)),
            "task_guid": task_guid(one, part),
            "question": asked,
            "answer": answer,
            "order_num": str(place),
        }
        for part in _parts(one)
        for place, (asked, answer, *_rest) in enumerate(one.document.guide.faq, 1)
    ]
    return Source(str(one.id), one.code, tuple(rows))


def material(one: ReportedItem) -> Source:
    rows = [
        _material(one, part, place) for part in one.document.handling for place in range(len(part.materials))
    ]
    return Source(str(one.id), one.code, tuple(rows))


def _parts(one: ReportedItem) -> list[Handling]:
    return one.document.handling or [Handling(WHOLE, one.document.item.name, "new")]


def task_guid(one: ReportedItem, part: Handling) -> str:
    return rules.guid(BASIC, str(one.id), part.code)


def _basic(one: ReportedItem, part: Handling) -> Row:
    item, guide = one.document.item, one.document.guide
    assumed = {f.code: f.assumed for f in rules.layouts()[BASIC].fields.values() if f.assumed}
    pauses = part.clocks.statutory.pauses if part.clocks else []
    return {
        rules.GUID: task_guid(one, part),
        "catalog_code": item.base_code,
        "local_catalog_code": one.local_base_code,
        "task_code": item.code,
        "local_task_code": item.code,
        "task_handle_item": "" if part.code == WHOLE else f"{item.code}-{part.code}"[:50],
        "task_name": item.name if len(one.document.handling) < 2 else f"{item.name}（{part.name}）",
        "task_type": item.type,
        "dept_name": one.organ_name,
        "dept_code": one.organ_code,
        **assumed,
        "by_law": "；".join(_cited(ref) for ref in one.document.basis),
        "use_level": item.level,
        "server_type": "^".join(_national("audience", code) for code in item.audience),
        "task_state": "3" if one.withdrawn_at else "1",
        "task_version": str(one.version),
        "plan_effective_date": legal_day(one.published_at).isoformat() if one.published_at else "",
        "plan_cancel_date": legal_day(one.withdrawn_at).isoformat() if one.withdrawn_at else "",
        "accept_condition": "；".join(part.conditions),
        "handle_flow": " → ".join(
            step.name for step in [*part.steps, *([part.decide] if part.decide else [])]
        ),
        "handle_type": "^".join([*(["1"] if guide.windows else []), *(["2"] if one.applicable else [])]),
        "project_type": "1" if part.on_the_spot else "2",
        **_limits("anticipate", part.clocks.statutory if part.clocks else None),
        **_limits("promise", part.clocks.promised if part.clocks else None),
        "special_procedure": "、".join(code_list("special_procedure").name(code) for code in pauses) or "无",
        "limit_scene_num": str(part.visits),
        "is_fee": YES if part.fees else NO,
        "fee_basis": "；".join(_cited(fee.basis) for fee in part.fees),
        "transact_addr": "；".join(f"{window.name}：{window.address}" for window in guide.windows),
        "transact_time": "；".join(dict.fromkeys(window.hours for window in guide.windows)),
        "link_way": guide.consult,
        "supervise_way": guide.complain,
        "is_single_login": YES if one.applicable else NO,  # one account for all that is applied for here
        "app_is_single_login": NO,
        "link_addr": _address(one),
    }


def _address(one: ReportedItem) -> str:
    """Where it is applied for; "" where nothing is."""
    return f"{settings.MINGQU_BASE_URL}{reverse('cases:start', args=[one.code])}" if one.applicable else ""


def _limits(name: str, rule: ClockRule | None) -> Row:
    if rule is None:
        return {f"{name}_day": "", f"{name}_type": "", f"{name}_explain": ""}
    counted = "自收到申请之日起计算" if rule.from_receipt else ""
    law = _cited(LawRef(rule.law, rule.article)) if rule.law else ""
    return {
        f"{name}_day": str(rule.limit),
        f"{name}_type": _national("limit_unit", rule.unit),
        f"{name}_explain": "；".join(filter(None, (law, counted))),
    }


def _extend(one: ReportedItem, part: Handling, day: date) -> Row:
    guide, result = one.document.guide, part.result
    bookable = hall.takes_appointments(one.code, datetime.combine(day, time(), BEIJING))
    return {
        rules.GUID: rules.guid(EXTEND, str(one.id), part.code),
        "task_guid": task_guid(one, part),
        "is_entry_center": YES if guide.windows else NO,
        "is_online": YES if one.applicable else NO,
        "is_express": YES if settings.MINGQU_COURIER and guide.windows else NO,
        "is_pay_online": YES if any(fee.code for fee in part.fees) else NO,
        "is_schedule": YES if bookable else NO,
        "handle_area": one.document.item.handle_area,
        "online_handle_depth": code_list("online_depth").name(depth_reported(one, bookable=bookable)),
        "online_handle_url": _address(one),
        "limit_explain": guide.quantity,
        "result_type": _national("result_type", result.type) if result else "",
        "result_name": (result.certificate_name or result.name) if result else "",
        **_themes(one),
        **_below_the_county(one.document.item.region_code),
    }


def _below_the_county(code: str) -> Row:
    """The town and the village of an item that one of them handles itself."""
    town = code[:9].ljust(12, "0") if code[6:9].strip("0") else ""
    village = code if code[9:].strip("0") else ""
    return {
        "town_code": town,
        "town_name": _region(town),
        "village_code": village,
        "village_name": _region(village),
    }


def _region(code: str) -> str:
    found = regions.current(code) if code else None
    return found.name if found else ""


def _themes(one: ReportedItem) -> Row:
    """The theme where it belongs: for natural persons, for firms and bodies, or for both."""
    item = one.document.item
    people, bodies = PEOPLE in item.audience, set(item.audience) - {PEOPLE}
    return {
        "user_topic_type": item.theme if people else "",
        "corp_topic_type": item.theme if bodies else "",
    }


def _material(one: ReportedItem, part: Handling, place: int) -> Row:
    found = part.materials[place]
    need = OPTIONAL if found.optional else MAY_FOLLOW if found.may_follow else NEEDED
    return {
        rules.GUID: rules.guid(MATERIAL, str(one.id), part.code, found.code),
        "task_guid": task_guid(one, part),
        "material_name": found.name,
        "is_need": need,
        "material_format": "纸质" if found.source.kind == "paper" else "电子",
        "page_num": str(found.copies),
        "source_type": code_list("material_source").name(found.source.kind),
        "source_explain": found.where,
        "by_law": _cited(found.article) if found.article else "",
        "accept_stand": "；".join(found.check),
        "fill_explain": found.explain,
        "order_num": str(place + 1),
    }


def _cited(ref: LawRef) -> str:
    return f"《{ref.law}》第{ref.article}条" if ref.article else f"《{ref.law}》"


def _national(name: str, code: str) -> str:
    """The code of the exchange tables for one of ours; ours where none is known."""
    return str(code_list(name).require(code).attributes.get("national", code))
