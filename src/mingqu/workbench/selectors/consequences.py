"""What follows from an act, in words, before it is confirmed."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from mingqu.cases import selectors as cases
from mingqu.catalogue.types import Definition
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import GROUNDS, Unit
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.ui.text import zh_day
from mingqu.workbench.selectors.steps import Posts, step_views, tasks_of
from mingqu.workbench.selectors.supposed import if_extended, if_paused, if_resumed, promise_kept
from mingqu.workbench.selectors.turn import notice_is_over
from mingqu.workbench.types import StepView

if TYPE_CHECKING:
    from mingqu.cases.models import Case

ARCHIVE_FOLLOWS = ["案卷归档，此后不再办理，也不能改动。", "申请人仍然可以查看自己的文书和结果。"]


def opinions_of(case: "Case") -> list[StepView]:
    """The opinions beside a decision."""
    definition = cases.definition_of(case)
    tasks = tasks_of(case, definition)
    return step_views(case, tasks, Posts(definition, tasks), definition)


def refusal_draft(case: "Case") -> str:
    """What the steps found not met, as the beginning of the reasons of a refusal; empty where all is met."""
    said = []
    for opinion in cases.standing_opinions(case):
        wrong = [str(point[1]) for point in opinion.points if not point[2]]
        if opinion.finding == "not_met" or wrong:
            said.append("；".join(filter(None, ("、".join(wrong), (opinion.text or "").strip()))))
    return f"经审查，不符合：{'；'.join(filter(None, said))}。" if any(said) else ""


def accept_follows(case: "Case", form: object, at: Instant) -> list[str]:
    definition = cases.definition_of(case)
    late = notice_is_over(case, at)
    start = case.received_on if late else legal_day(at)
    steps = "、".join(step.name for step in cases.situation_of(case).steps)
    lines = ["制作《受理通知书》并发给申请人。", *_limits(definition, start), f"开始审查：{steps}。"]
    if late:
        lines.insert(0, f"收到材料已满五个工作日没有告知，依法从{zh_day(start)}起视为受理，时限从那天算起。")
    return lines


def _limits(definition: Definition, start: date) -> list[str]:
    """Both limits with their last days, as far as they count in working days."""
    lines = []
    for words, rule in (("承诺", definition.clocks.promised), ("法定", definition.clocks.statutory)):
        unit = Unit(rule.unit)
        line = f"{words}期限{rule.limit}{unit.text}开始计算"
        if unit is Unit.WORKING_DAYS:
            day = clocks.current_calendar().add_working_days(start, rule.limit)
            line += f"，最晚{zh_day(day)}"
        lines.append(f"{line}。")
    return lines


def correction_follows(sentences: Sequence[str], item_type: str) -> list[str]:
    numbered = [f"告知书第{place}项：{words}" for place, words in enumerate(sentences, start=1)]
    return [
        *numbered,
        "申请人会收到《申请材料补正告知书》和短信，只需要补、改这几项。",
        cases.legally("要补的内容必须一次写全：这次没有列出的，以后不能再要求补正", "correction", item_type)
        + "。",
        "等申请人补正期间不计时；补正后五个工作日重新计算。",
    ]


def refuse_follows(case: "Case", ground: str, organ: str, reason: str) -> list[str]:
    first = {
        "not_required": f"即时告知申请人：这件事{cases.not_needed_words(case.item_type)}",
        "not_competent": f"即时决定不予受理，并告知应当向{organ}申请",
        "false_statement": "因为隐瞒有关情况或者提供虚假材料，不予受理",
    }[ground]
    return [
        f"{cases.legally(first, ground, case.item_type)}。",
        f"文书写明的理由：{reason}",
        "申请人会收到文书和短信，这件申请到此结束。",
        f"文书告知：{_remedies(case)}。",
    ]


def _remedies(case: "Case") -> str:
    guide = cases.definition_of(case).guide
    return f"可以向{guide.reconsideration_organ}申请行政复议，或者向{guide.court}提起行政诉讼"


def pause_follows(case: "Case", ground: str, expected_until: date, reason: str, at: Instant) -> list[str]:
    """进入特别程序: what stops, and the date each clock will have if all goes as expected."""
    moved = [
        f"{one.label}：现在最晚{zh_day(one.was)}；如果{zh_day(expected_until)}完成，改为最晚{zh_day(one.then)}。"
        if one.then != one.was
        else f"{one.label}：最晚{zh_day(one.was)}，不因为特别程序改变。"
        for one in if_paused(case.pk, ground, expected_until, at)
    ]
    not_counted = f"从{zh_day(legal_day(at))}起，{GROUNDS[ground].text}所需时间不计算在办理期限内"
    return [
        f"{cases.legally(not_counted, 'special', case.item_type)}。",
        *(moved or ["这件申请现在没有可以暂停的时限。"]),
        f"书面告知申请人：正在{GROUNDS[ground].text}，预计到{zh_day(expected_until)}；说明：{reason}",
        "完成以后，要在这里办“特别程序结束”，时限才接着计算。提前完成的，提前恢复。",
    ]


def later_follows(case: "Case", form: Any, at: Instant) -> list[str]:
    until, reason = form.cleaned_data["expected_until"], form.cleaned_data["reason"]
    return [
        f"书面告知申请人：{GROUNDS[case.suspended_ground].text}要更长时间，现在预计到{zh_day(until)}；说明：{reason}",
        "办理期限照旧不计算，完成以后，要在这里办“特别程序结束”。",
    ]


def resume_follows(case: "Case", form: object, at: Instant) -> list[str]:
    lines = [
        f"{one.label}从{zh_day(legal_day(at))}接着计算，最晚{zh_day(one.then)}。"
        if one.then >= legal_day(at)
        else f"{one.label}已经在{zh_day(one.then)}到期，不因为特别程序改变。"
        for one in if_resumed(case.pk, at)
    ]
    return [*lines, "“特别程序”的标记撤下，各环节照常办理。", "申请人会收到通知，写明新的最后日期。"]


def extension_follows(case: "Case", limit: int, reason: str, at: Instant) -> list[str]:
    rule = cases.definition_of(case).clocks.statutory
    lines = [
        f"{one.label}延长{limit}{Unit(rule.unit).text}：原来最晚{zh_day(one.was)}，延长后最晚{zh_day(one.then)}。"
        for one in if_extended(case.pk, limit, at)
    ]
    if promised := promise_kept(case.pk, at):
        lines.append(f"承诺期限不因为法定期限延长而改变，仍然最晚{zh_day(promised)}。")
    return [
        *(lines or ["这件申请现在没有可以延长的时限。"]),
        f"告知申请人延长的理由：{reason}",
        f"{cases.legally('只能延长一次，以后不能再延长', 'extension', case.item_type)}。",
    ]


def return_follows(step: str, reason: str) -> list[str]:
    return [
        f"“{step}”以及它后面的环节要重新办，现在没有办完的环节收回。",
        f"退回的理由记在案卷里：{reason}",
        "已经写下的意见都保留，重新办的意见另记一条。",
        "申请人不会收到任何通知。",
        "办理时限照常计算，不因为退回停下来。",
    ]


def termination_follows(case: "Case", reason: str) -> list[str]:
    return [
        f"告知书写明的理由：{reason}",
        "没有办完的环节收回，时限停止计算，这件申请到此结束，不作准予或者不予的决定。",
        f"申请人会收到告知书和短信，其中告知：{_remedies(case)}。",
        "终止以后不能恢复；申请人可以重新申请。",
    ]


def settle_follows(case: "Case", outcome: str, reasons: str) -> list[str]:
    at_once = "受理和决定一次办完：申请材料齐全、符合法定形式，能够当场作出决定的，应当当场作出"
    return [
        f"{cases.legally(at_once, 'on_the_spot', case.item_type)}。",
        *_outcome_lines(case, outcome, reasons),
        "决定作出后不能在这里修改。",
    ]


def decision_follows(case: "Case", outcome: str, reasons: str) -> list[str]:
    against = list(
        dict.fromkeys(o.step_name for o in cases.standing_opinions(case) if o.finding == "not_met")
    )
    lines = _outcome_lines(case, outcome, reasons)
    if outcome == "granted" and against:
        lines.insert(1, f"请注意：{'、'.join(against)}的意见是“不符合”。")
    elif outcome == "refused" and not against:
        lines.insert(1, "请注意：各环节的意见都是“符合”。")
    return [*lines, "决定作出后不能在这里修改。"]


def _years(case: "Case", years: int) -> str:
    """How long it is valid; where the 裁量基准 sets it, what is set says so."""
    return "" if cases.definition_of(case).years_table else f"，有效期{years}年"


def _outcome_lines(case: "Case", outcome: str, reasons: str) -> list[str]:
    licence, paper = cases.is_licence(case), cases.decision_title(case, outcome)
    article = cases.legally("", "delivery", case.item_type)
    if outcome == "granted":
        result = cases.definition_of(case).result
        made = [
            f"决定：{'准予行政许可' if licence else '准予'}。",
            f"制作《{paper}》并加盖电子印章，取用文号。",
        ]
        if not result.is_certificate:
            return [*made, f"办理结果就是决定书，不另发证照，十个工作日内送达{article}。"]
        return [
            *made,
            f"制发《{result.certificate_name}》{_years(case, result.valid_years)}，十个工作日内送达{article}。",
        ]
    return [
        f"决定：{'不予行政许可' if licence else '不予办理'}。",
        f"决定书写明的理由：{reasons}",
        f"制作《{paper}》并加盖电子印章，取用文号。",
        f"决定书告知：{_remedies(case)}。",
        # 行政许可法 44 sets a period for granted licences only; the same one is kept for a refusal.
        "十个工作日内送达决定书。",
    ]


def delivery_follows(case: "Case", form: object, at: Instant) -> list[str]:
    return [
        f"送达日期登记为{zh_day(legal_day(at))}，送达期限停止计算。",
        "只用于已经当面交付或者邮寄签收、系统没有自动登记的情形。",
    ]
