"""The lists of the desk: what each shows, and what it says when it is empty."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mingqu.cases import selectors as cases
from mingqu.clocks.selectors import Calendar
from mingqu.workbench.selectors.words import STATUSES

SOON_DAYS = 3  # working days ahead that 即将超期 looks

Kind = Literal["tasks", "cases", "checks", "handled"]


@dataclass(frozen=True)
class Tab:
    """
    One list of the desk: the open steps of the acting post, promises to be checked, what the officer did something in,
    or cases in these states with this deadline (`due`) and this `label`. `sorts`: may be put in the order of receipt;
    the longest list may not.
    """

    code: str
    label: str
    empty: str
    next_step: str
    statuses: tuple[str, ...] = ()
    kind: Kind = "cases"
    due: Literal["", "today", "soon", "late"] = ""
    only: Literal["", "returned", "special", "owed"] = ""
    sorts: bool = True
    first: bool = True  # in the first row of tabs
    newest: bool = False  # what is done: the newest first

    def wanted(
        self,
        today: date,
        calendar: Calendar,
        *,
        status: str = "",
        item: str = "",
        step: tuple[str, str] | None = None,
        received_first: bool = False,
    ) -> cases.Wanted:
        """The list in the words of the cases room."""
        statuses = (status,) if status in self.statuses else self.statuses
        since, until = self._days(today, calendar)
        order: cases.Order = "received" if received_first and self.sorts else "due"
        if self.newest:
            order = "newest"
        return cases.Wanted(statuses, item, step, since, until, self.only, order)

    def _days(self, today: date, calendar: Calendar) -> tuple[date | None, date | None]:
        tomorrow, yesterday = date.fromordinal(today.toordinal() + 1), date.fromordinal(today.toordinal() - 1)
        match self.due:
            case "today":
                return today, today
            case "soon":
                return tomorrow, calendar.add_working_days(today, SOON_DAYS)
            case "late":
                return None, yesterday
        return None, None


RUNNING = tuple(str(status) for status in cases.RUNNING)
OPEN = tuple(str(status) for status in cases.OPEN)
REVIEW = ("accepted",)

TABS: dict[str, Tab] = {
    tab.code: tab
    for tab in (
        Tab(
            "mine",
            "我的环节",
            "没有等您办的环节",
            "新的环节到了会排在这里，先到期的在前。",
            kind="tasks",
        ),
        Tab(
            "received", "待受理", "没有待受理的申请", "申请人一提交就排在这里，先到期的在前。", ("received",)
        ),
        Tab(
            "correction", "待补正", "没有等申请人补正的申请", "申请人补正后，回到“待受理”。", ("correction",)
        ),
        Tab("team", "部门在办", "部门没有在办的办件", "收到的申请从提交到送达都排在这里。", OPEN),
        Tab(
            "handled",
            "我办过的",
            "最近90天没有您办过的办件",
            "受理、提意见、作决定以后，办件排在这里，刚办的在前。",
            kind="handled",
            sorts=False,
        ),
        Tab(
            "closing",
            "待归档",
            "没有等归档的办件",
            "送达、不予受理、撤回或者终止以后的办件排在这里。",
            ("delivered", "not_accepted", "not_required", "withdrawn", "terminated"),
        ),
        Tab(
            "done",
            "已办结",
            "还没有办完的办件",
            "送达、归档、不予受理、撤回或者终止的排在这里，新的在前。",
            ("delivered", "archived", "not_accepted", "not_required", "withdrawn", "terminated", "voided"),
            sorts=False,
            newest=True,
        ),
        Tab(
            "all",
            "全部",
            "还没有办件",
            "申请人提交以后，办件排在这里，新的在前。",
            tuple(STATUSES),
            sorts=False,
            newest=True,
        ),
        Tab(
            "today",
            "今天到期",
            "今天没有到期的办件",
            "明天到期的在“即将超期”里。",
            RUNNING,
            due="today",
            first=False,
        ),
        Tab(
            "soon",
            "即将超期",
            "没有快到期的办件",
            "三个工作日内到期的排在这里。",
            RUNNING,
            due="soon",
            first=False,
        ),
        Tab(
            "late",
            "已超期",
            "没有超期的办件",
            "过了最后一天还没有办完的排在这里。",
            RUNNING,
            due="late",
            first=False,
        ),
        Tab(
            "returned",
            "退回的",
            "没有内部退回的办件",
            "退回重办的环节办完以后，从这里撤下。",
            REVIEW,
            only="returned",
            first=False,
        ),
        Tab(
            "special",
            "特别程序中",
            "没有在特别程序里的办件",
            "检验、听证等期间不计时的办件排在这里。",
            REVIEW,
            only="special",
            first=False,
        ),
        Tab(
            "owed",
            "容缺待补",
            "没有容缺待补的办件",
            "先受理、材料后补的办件排在这里。",
            REVIEW,
            only="owed",
            first=False,
        ),
        Tab(
            "promises",
            "待核查承诺",
            "没有待核查的承诺",
            "凭告知承诺办结的，到期前要核查，排在这里。",
            kind="checks",
            sorts=False,
            first=False,
        ),
    )
}
COUNTED = tuple(code for code, tab in TABS.items() if tab.kind == "cases" and code not in ("all", "done"))
