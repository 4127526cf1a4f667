"""Why a part of an evaluation became null: a stable code and a sentence. Never holds a person's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "aggregation": "多列结果的决策表不能汇总。",
    "arguments": "函数的参数个数或类型不对：{detail}",
    "cyclic_type": "类型“{detail}”包含它自身。",
    "division": "除数为零或结果超出范围。",
    "duplicate_key": "上下文中有重复的条目。",
    "expression_invalid": "表达式无法识别。",
    "expression_too_deep": "表达式嵌套过深。",
    "expression_too_long": "表达式过长。",
    "external_function": "外部函数不予执行。",
    "input_missing": "没有提供输入“{detail}”。",
    "no_clock": "没有提供当前时间。",
    "no_logic": "“{detail}”没有写明决策逻辑。",
    "no_rule": "没有规则适用。",
    "no_such_index": "列表或文字中没有这个位置。",
    "not_a_date": "不是有效的日期。",
    "not_a_duration": "不是有效的时长。",
    "not_a_function": "这里不是函数：{detail}",
    "not_a_number": "不是有效的数字。",
    "not_a_range": "不是有效的区间。",
    "not_a_time": "不是有效的时间。",
    "not_allowed": "不在允许的取值之内。",
    "not_boolean": "这里应当是“是”或“否”，实际是 {detail}。",
    "not_iterable": "不能逐项处理：{detail}",
    "operand_types": "类型不匹配：{detail}",
    "out_of_range": "结果超出数值范围。",
    "overlapping_rules": "同时有多条规则适用，但这张表只允许一条。",
    "pattern": "正则表达式无效。",
    "rules_disagree": "适用的规则给出了不同的结果。",
    "table_shape": "决策表各行的列数不一致。",
    "too_many_steps": "表达式过于复杂。",
    "type_mismatch": "类型不符：{detail}",
    "unknown_element": "引用的元素不在文件里：{detail}",
    "unknown_entry": "没有条目“{detail}”。",
    "unknown_language": "只支持 FEEL 表达式。",
    "unknown_name": "没有名为“{detail}”的数据。",
    "unknown_type": "没有名为“{detail}”的类型。",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, and what it is about: names and types as the expression has them, never values."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        """For people."""
        return SENTENCES[self.code].format(detail=self.detail)
