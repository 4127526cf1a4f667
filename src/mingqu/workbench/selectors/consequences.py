"""What follows from an act, in words, before it is confirmed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.catalogue.types import Definition
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Unit
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.ui.text import zh_day
from mingqu.workbench.selectors.steps import Posts, step_views, tasks_of
from mingqu.workbench.selectors.turn import notice_is_over
from mingqu.workbench.types import StepView

if TYPE_CHECKING:
    from mingqu.cases.models import Case

ARCHIVE_FOLLOWS = ["案卷归档，此后不再办理，也不能改动。", "申请人仍然可以查看自己的文书和结果。"]


def opinions_of(case: "Case") -> list[StepView]:
    """The opinions beside a decision."""
    definition = cases.definition_of(case)
    return step_views(case, tasks_of(case, definition), Posts(definition))


def accept_follows(case: "Case", form: object, at: Instant) -> list[str]:
    definition = cases.definition_of(case)
    late = notice_is_over(case, at)
    start = case.received_on if late else legal_day(at)
    steps = "、".join(step.name for step in cases.situation_of(case).steps)
    lines = ["制作《受理通知书》并发给申请人。", *_limits(definition, start), f"开始审查：{steps}。"]
    if late:
        lines.insert(0, f"收到材料已满五个工作日没有告知，依法从{zh_day(start)}起视为受理，时限从那天算起。")
    return lines


def _limits(definition: Definition, start: object) -> list[str]:
    """Both limits with their last days, as far as they count in working days."""
    lines = []
    for words, rule in (("承诺", definition.clocks.promised), ("法定", definition.clocks.statutory)):
        unit = Unit(rule.unit)
        line = f"{words}期限{rule.limit}{unit.text}开始计算"
        if unit is Unit.WORKING_DAYS:
            day = clocks.current_calendar().add_working_days(start, rule.limit)  # type: ignore[arg-type]
            line += f"，最晚{zh_day(day)}"
        lines.append(f"{line}。")
    return lines


def correction_follows(sentences: Sequence[str]) -> list[str]:
    numbered = [f"告知书第{place}项：{words}" for place, words in enumerate(sentences, start=1)]
    return [
        *numbered,
        "申请人会收到《申请材料补正告知书》和短信，只需要补这几份。",
        "要补的内容必须一次写全：这次没有列出的材料，以后不能再要求补正（行政许可法第三十二条）。",
        "等申请人补正期间不计时；补正后五个工作日重新计算。",
    ]


def refuse_follows(case: "Case", reason: str) -> list[str]:
    guide = cases.definition_of(case).guide
    return [
        f"通知书写明的理由：{reason}",
        "申请人会收到《不予受理通知书》，这件申请到此结束。",
        f"通知书告知：可以向{guide.reconsideration_organ}申请行政复议，或者向{guide.court}提起行政诉讼。",
    ]


def decision_follows(case: "Case", outcome: str, reasons: str) -> list[str]:
    definition = cases.definition_of(case)
    against = [s.name for s in opinions_of(case) if s.finding == "not_met"]
    if outcome == "granted":
        result = definition.result
        lines = [
            "决定：准予行政许可。",
            "制作《准予行政许可决定书》并加盖电子印章，取用文号。",
            f"制发《{result.certificate_name}》，有效期{result.valid_years}年，十个工作日内送达（行政许可法第四十四条）。",
        ]
        if against:
            lines.insert(1, f"请注意：{'、'.join(against)}的意见是“不符合”。")
    else:
        guide = definition.guide
        lines = [
            "决定：不予行政许可。",
            f"决定书写明的理由：{reasons}",
            "制作《不予行政许可决定书》并加盖电子印章，取用文号。",
            f"决定书告知：可以向{guide.reconsideration_organ}申请行政复议，或者向{guide.court}提起行政诉讼。",
            # 行政许可法 44 sets a period for granted licences only; the same one is kept for a refusal.
            "十个工作日内送达决定书。",
        ]
        if not against:
            lines.insert(1, "请注意：各环节的意见都是“符合”。")
    return [*lines, "决定作出后不能在这里修改。"]


def delivery_follows(case: "Case", form: object, at: Instant) -> list[str]:
    return [
        f"送达日期登记为{zh_day(legal_day(at))}，送达期限停止计算。",
        "只用于已经当面交付或者邮寄签收、系统没有自动登记的情形。",
    ]
