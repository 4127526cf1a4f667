"""States and clocks of a case in words; pure."""

from datetime import date

from mingqu.clocks.selectors import Calendar
from mingqu.workbench.types import ClockWords, StatusWords

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
}
STATUSES = {
    "received": "待受理",
    "correction": "待补正",
    "accepted": "审查中",
    "decided": "已决定",
    "delivered": "已送达",
    "not_accepted": "不予受理",
    "withdrawn": "已撤回",
    "archived": "已归档",
}
_OUTCOMES = {"granted": "准予", "refused": "不予许可"}


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
    "withdrawn": "等归档",
    "archived": "已归档",
}
