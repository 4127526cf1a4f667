"""What a batch came to: numbers by state, gate, finding and department, and a table of its rows."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Mapped
from typing import Any

from mingqu.catalogue.imports.mapping import Mapping
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.kernel import tables
from mingqu.kernel.codelists import code_list

GATES = {"listed": "可以公布", "applicable": "可以申请", "lawful": "有法定依据"}
SHUT = {
    "no_name": "没有事项名称",
    "no_organ": "没有实施机关",
    "organ_missing": "没有实施机关，不能受理申请",
    "no_telephone": "没有咨询电话",
    "no_remedies": "没有写明行政复议机关或者法院",
    "not_on_application": "不是依申请办理",
    "no_handling": "没有业务办理项",
    "no_limits": "没有法定期限和承诺期限",
    "no_form": "没有申请表",
    "no_process": "没有写明由谁决定",
    "no_result": "没有办理结果",
    "no_basis": "没有设定依据",
    "no_power_entry": "权责清单里没有有效条目",
    "no_service_entry": "公共服务清单里没有条目",
}
NAMES = {
    "organ_missing": "没有写明实施机关",
    "organ_code_missing": "没有实施机关代码",
    "organ_code_wrong": "实施机关代码校验位不对",
    "organ_unknown": "部门里没有这个机关",
    "organ_doubtful": "机关代码和名称对不上",
    "organ_name_differs": "机关名称与部门里的不同",
    "type_unknown": "事项类型不能确定",
    "type_proposed": "事项类型是推定的",
    "kind_proposed": "办理性质是推定的",
    "handling_kind_unconfirmed": "可能不是新办",
    "value_unknown": "有的内容不在对照表里",
    "value_too_long": "有的内容太长",
    "region_outside": "行政区划不在所选区划内",
    "limit_unreadable": "期限看不懂",
    "statutory_missing": "只有承诺期限",
    "promised_missing": "只有法定期限",
    "limits_missing": "两个期限都没有",
    "promise_exceeds": "承诺期限长于法定期限",
    "units_differ": "两个期限单位不同",
    "limit_over_a_year": "法定期限一年或者更长",
    "telephone_missing": "没有咨询电话",
    "conditions_missing": "没有受理条件",
    "materials_missing": "没有申请材料",
    "material_doubled": "同一材料写了两次",
    "link_missing": "查询、指引没有网址",
    "link_malformed": "网址不对",
    "visits_unreadable": "到现场次数看不懂",
    "stages_unreadable": "联办机关看不懂",
    "stage_organ_proposed": "联办环节的部门待确认",
    "no_decider": "联办机关里没有写谁决定",
    "several_deciders": "写了几个决定机关",
    "delivered_elsewhere": "由另一个机关送达",
    "in_force_differs": "与已发布的不同",
    "basis_missing": "没有设定依据",
    "basis_proposed": "有建议的设定依据",
    "row_unreadable": "这一行读不懂",
    "key_missing": "没有编号",
    "key_doubled": "编号重复",
    "code_missing": "没有事项编码",
    "code_malformed": "事项编码不合要求",
    "name_missing": "没有事项名称",
    "name_too_long": "事项名称太长",
}
HEADERS = (
    "行", "事项编码", "事项名称", "实施机关", "事项类型", "来源的类型", "办理性质", "状态", "可以公布", "可以申请",
    "有法定依据", "不符合的条件", "查出的问题",
)  # fmt: skip


def counts(batch: ImportBatch) -> dict[str, Any]:
    """
    Counted anew: `states`, `gates` (open), `stopped` (by condition), `findings` (by code), `organs` ([code, name,
    rows], most rows first), `unconfirmed`.
    """
    states: Counter[str] = Counter()
    gates: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    found: Counter[str] = Counter()
    organs: Counter[tuple[str, str]] = Counter()
    unconfirmed = 0
    fields = (
        "state", "listed", "applicable", "lawful", "stopped_by", "finding_codes", "organ_code", "organ_name",
        "kind_confirmed",
    )  # fmt: skip
    rows = ImportedItem.objects.filter(batch=batch).order_by().values_list(*fields)
    for state, listed, applicable, lawful, shut, codes, organ, name, confirmed in rows.iterator(2000):
        states[state] += 1
        gates.update({"listed": listed, "applicable": applicable, "lawful": lawful})
        stopped.update(shut)
        found.update(codes)
        organs[organ, name] += 1
        unconfirmed += not confirmed and state != ImportedItem.State.REFUSED
    return {
        "states": dict(states),
        "gates": {gate: gates[gate] for gate in GATES},
        "stopped": dict(stopped.most_common()),
        "findings": dict(found.most_common()),
        "organs": [[code, name, rows] for (code, name), rows in organs.most_common()],
        "unconfirmed": unconfirmed,
    }


def named(codes: Mapped[str, int], names: Mapped[str, str]) -> list[tuple[str, str, int]]:
    """(code, words, rows) of what was counted."""
    return [(code, names.get(code, code), rows) for code, rows in codes.items()]


def table(batch: ImportBatch) -> bytes:
    """Every row with what was found, as a workbook."""
    return tables.book("导入报告", HEADERS, _lines(batch))


def template(mapping: Mapping) -> bytes:
    """The columns a mapping of tables reads, to be filled in."""
    paths = (path for takes in mapping.takes.values() for take in takes for path in take.paths)
    return tables.book("事项", list(dict.fromkeys(paths)), [])


def _lines(batch: ImportBatch) -> Iterator[list[str]]:
    rows = ImportedItem.objects.filter(batch=batch).order_by("line").defer("raw", "document", "bases")
    for row in rows.iterator(500):
        yield [
            str(row.line),
            row.item_code,
            row.name,
            row.organ_name,
            _name("item_type", row.item_type),
            row.type_words,
            _name("handling_kind", row.handling_kind),
            row.get_state_display(),
            *("是" if getattr(row, gate) else "否" for gate in GATES),
            "；".join(SHUT.get(code, NAMES.get(code, code)) for code in row.stopped_by),
            "；".join(one["sentence"] for one in row.findings),
        ]


def _name(codes: str, code: str) -> str:
    known = code_list(codes)
    return known.name(code) if code in known else ""
