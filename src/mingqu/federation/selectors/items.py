"""Rows of items and of the base directory, from published definitions (standards 2.1–2.4)."""

from django.conf import settings

from mingqu.catalogue.types import ClockRule, Handling, LawRef
from mingqu.catalogue.upward.selectors import ReportedEntry, ReportedItem
from mingqu.federation import rules
from mingqu.federation.types import Row, Source
from mingqu.kernel.codelists import code_list

BASIC, EXTEND, MATERIAL, BASE = (
    "task_general_basic",
    "task_general_extend",
    "task_general_material",
    "task_directory",
)
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


def extend(one: ReportedItem) -> Source:
    return Source(str(one.id), one.code, tuple(_extend(one, part) for part in _parts(one)))


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
        "task_state": "3" if one.withdrawn else "1",
        "task_version": str(one.version),
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
    }


def _limits(name: str, rule: ClockRule | None) -> Row:
    if rule is None:
        return {f"{name}_day": "", f"{name}_type": ""}
    return {f"{name}_day": str(rule.limit), f"{name}_type": _national("limit_unit", rule.unit)}


def _extend(one: ReportedItem, part: Handling) -> Row:
    guide, result = one.document.guide, part.result
    return {
        rules.GUID: rules.guid(EXTEND, str(one.id), part.code),
        "task_guid": task_guid(one, part),
        "is_entry_center": YES if guide.windows else NO,
        "is_online": YES if one.applicable else NO,
        "is_express": YES if settings.MINGQU_COURIER and guide.windows else NO,
        "is_pay_online": YES if any(fee.code for fee in part.fees) else NO,
        "limit_explain": guide.quantity,
        "result_type": _national("result_type", result.type) if result else "",
        "result_name": (result.certificate_name or result.name) if result else "",
        **_themes(one),
    }


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
