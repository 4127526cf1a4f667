"""States and clocks of a case in words; pure."""

from datetime import date
from typing import TYPE_CHECKING

from mingqu.clocks.selectors import Calendar
from mingqu.clocks.types import GROUNDS
from mingqu.ui.text import zh_day
from mingqu.workbench.types import ClockWords, StatusWords

if TYPE_CHECKING:
    from mingqu.cases.models import Case

SOON = 1  # working days left at which a clock turns amber

# State of a case → code of ui's `status` tag.
_TAGS = {
    "received": "received",
    "correction": "correct",
    "not_accepted": "refused",
    "accepted": "accepted",
    "decided": "done",
    "delivered": "done",
    "archived": "done",
    "withdrawn": "void",
    "not_required": "void",
    "terminated": "void",
    "voided": "void",
}
STATUSES = {
    "received": "待受理",
    "correction": "待补正",
    "accepted": "审查中",
    "decided": "已决定",
    "delivered": "已送达",
    "not_accepted": "不予受理",
    "not_required": "不需要许可",
    "withdrawn": "已撤回",
    "terminated": "已终止",
    "voided": "已作废",
    "archived": "已归档",
}
_OUTCOMES = {"granted": "准予", "refused": "不予许可"}


KINDS = {"review": "承办", "check": "审核", "visit": "现场核查", "decide": "批准"}
# Findings of a step, by whether it is 审核: who checks agrees or does not.
FINDINGS = {
    False: {"met": "符合", "not_met": "不符合", "returned": "内部退回"},
    True: {"met": "同意", "not_met": "不同意", "returned": "内部退回"},
}
RISKS = {"high": "高", "medium": "中", "low": "低"}


def special_words(ground: str) -> str:
    """「特别程序：检验」."""
    known = GROUNDS.get(ground)
    return f"特别程序：{known.text}" if known else "特别程序"


def expected_words(case: "Case", today: date) -> StatusWords | None:
    """By when a special procedure was to be over, where it has a day; refused: the day has passed."""
    if case.suspended_until is None:
        return None
    if case.suspended_until < today:
        return StatusWords("refused", f"原预计{zh_day(case.suspended_until)}，已超过")
    return StatusWords("special", f"预计到{zh_day(case.suspended_until)}")


def labels_of(case: "Case", *, recusal: bool = False, today: date | None = None) -> list[StatusWords]:
    """
    What is to be known of a case beside its state: 特别程序, 延期, 内部退回, 视为受理; `recusal`: a 回避 that the
    head has not decided on.
    """
    labels = []
    if case.suspended_since:
        labels.append(StatusWords("special", special_words(case.suspended_ground)))
        if today and (told := expected_words(case, today)):
            labels.append(told)
    if case.extended_on:
        labels.append(StatusWords("accepted", "延期"))
    if case.returned_inside and case.status == "accepted":
        labels.append(StatusWords("void", "退回重办"))
    if case.deemed_accepted:
        labels.append(StatusWords("accepted", "视为受理"))
    if recusal and case.status == "accepted":
        labels.append(StatusWords("void", "等回避决定"))
    return labels


def no_clock_words(case: "Case") -> str:
    """What is said where no clock runs."""
    return "暂停计时" if case.suspended_since else WITHOUT_CLOCK.get(case.status, "不计时")


def status_words(status: str, outcome: str) -> StatusWords:
    words = STATUSES[status]
    if outcome in _OUTCOMES and status in {"decided", "delivered", "archived"}:
        code = "refused" if outcome == "refused" else "done"
        return StatusWords(code, f"{words}：{_OUTCOMES[outcome]}")
    return StatusWords(_TAGS[status], words)


def clock_words(
    due_on: date | None, today: date, calendar: Calendar, *, without: str, of: str = ""
) -> ClockWords:
    """How long until `due_on`, in working days; `without`: what to say where no clock runs; `of`: whose clock."""
    if due_on is None:
        return ClockWords(without, "stopped")
    if today > due_on:
        late = calendar.working_days_between(due_on, today)
        return ClockWords(f"{of}逾期{late}个工作日" if late else f"{of}已逾期", "late", due_on)
    if today == due_on:
        return ClockWords(f"{of}今日到期", "soon", due_on)
    left = calendar.working_days_between(today, due_on)
    return ClockWords(f"{of}剩{left}个工作日", "soon" if left <= SOON else "ok", due_on)


WITHOUT_CLOCK = {
    "correction": "等申请人",
    "delivered": "等归档",
    "not_accepted": "等归档",
    "not_required": "等归档",
    "withdrawn": "等归档",
    "terminated": "等归档",
    "voided": "已作废",
    "archived": "已归档",
}
