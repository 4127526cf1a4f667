"""Reports within what a post watches over, and the figures one is made of."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.insight import rules
from mingqu.insight.errors import ReportUnknown
from mingqu.insight.models import Report, ReportText
from mingqu.insight.selectors.figures import figure, figures, line, value
from mingqu.insight.selectors.kept import Kept, sums, sums_of
from mingqu.insight.selectors.statistics import rows_by
from mingqu.insight.types import Span
from mingqu.kernel.types import Actor

PAGE = 30
IN_TABLES = ("received", "ended", "on_time_rate", "late", "overdue", "full_online_rate", "good_rate")
MOST = 50  # rows of a table in a report


@dataclass(frozen=True)
class ReportLine:
    row: Report
    organ: str


@dataclass(frozen=True)
class ReportView:
    """
    One report; `text` the latest of `version` versions, written by `writer`. `changed`: (figure, as it stands in the
    report, as it is now) of those that something put right since has moved.
    """

    row: Report
    organ: str
    text: str
    version: int
    writer: str
    written_at: Any
    signer: str
    may_edit: bool
    may_sign: bool
    changed: tuple[tuple[str, str, str], ...]


def report_figures(kind: str, span: Span, department: UUID | None) -> dict[str, Any]:
    """Every figure beside what it is compared with, and tables of departments and items, all in words."""
    found = of_organ(department)
    over = rules.compared(kind, span.since, span.until)
    now, before, year_ago = sums_of(found, (over.now, over.before, over.year_ago))
    told = [line(one, now, before, year_ago) for one in figures()]
    by = ("item",) if department else ("department", "item")
    names = {"department": "部门", "item": "事项"}
    return {
        "version": 1,
        "lines": [
            [one.value.figure.name, one.value.text, one.before, one.change, one.year_ago, one.change_year]
            for one in told
        ],
        "heads": [one.name for code in IN_TABLES if (one := figure(code))],
        "tables": [[names[one], _table(found, span, one)] for one in by],
    }


def _table(found: Kept, span: Span, by: str) -> list[list[str]]:
    made = []
    for row in rows_by(found, span, by)[:MOST]:
        values = {one.figure.code: one for one in row.values}
        made.append([row.name, *(values[code].text for code in IN_TABLES)])
    return made


def reports_at_desk(actor: Actor, *, kind: str = "", after: str = "") -> tuple[list[ReportLine], str]:
    """The latest first; keyset. Where the list goes on, or ""."""
    found = Report.objects.filter(access.scope(actor, "board.see").q(party="id")).defer("figures")
    if kind in Report.Kind.values:
        found = found.filter(kind=kind)
    if (start := _cursor(after)) is not None:
        found = found.filter(Q(since__lt=start[0]) | Q(since=start[0], id__lt=start[1]))
    rows = list(found.order_by("-since", "-id")[: PAGE + 1])
    shown = rows[:PAGE]
    more = f"{shown[-1].since}_{shown[-1].pk}" if len(rows) > PAGE else ""
    names = identity.departments_by_id([row.department_id for row in shown if row.department_id])
    return [ReportLine(row, _organ(row, names)) for row in shown], more


def months_to_sign(actor: Actor, since: date) -> int:
    """Monthly reports since then that the post may sign and nobody has."""
    if not access.may(actor, "statistics.sign_report"):
        return 0
    scope = access.scope(actor, "statistics.sign_report").q(party="id")
    return Report.objects.filter(scope, kind=Report.Kind.MONTH, since__gte=since, signed_at=None).count()


def report_at_desk(actor: Actor, report: UUID) -> ReportView:
    """Raises ReportUnknown for one that is not within the post's scope."""
    row = Report.objects.filter(pk=report).first()
    if row is None or not access.allows(actor, "board.see", row):
        raise ReportUnknown()
    last = ReportText.objects.filter(root_id=report).order_by("-version").first()
    organs = identity.departments_by_id([row.department_id] if row.department_id else [])
    people = [one for one in (last.written_by if last else None, row.signed_by) if one]
    names = identity.names_of(people) if people else {}
    return ReportView(
        row=row,
        organ=_organ(row, organs),
        text=(last.text or "") if last else "",
        version=last.version if last else 0,
        writer=names.get(last.written_by, "") if last else "",
        written_at=last.at if last else None,
        signer=names.get(row.signed_by, "") if row.signed_by else "",
        may_edit=row.signed_at is None and access.allows(actor, "statistics.edit_report", row),
        may_sign=access.allows(actor, "statistics.sign_report", row),
        changed=changed_since(row),
    )


def changed_since(row: Report) -> tuple[tuple[str, str, str], ...]:
    """Figures that are another number now than when the report was counted: (name, then, now)."""
    found = of_organ(row.department_id)
    now = sums(found, Span(row.since, row.until))
    texts = {one.name: value(one, now).text for one in figures()}
    then = {line[0]: line[1] for line in row.figures["lines"]}
    return tuple((name, then[name], text) for name, text in texts.items() if then.get(name, text) != text)


def text_version(report: UUID) -> int:
    """How many versions of its text there are."""
    last = ReportText.objects.filter(root_id=report).order_by("-version").values_list("version", flat=True)
    return last.first() or 0


def of_organ(department: UUID | None) -> Kept:
    """What is counted of a department, or of all."""
    found = Kept.everything().without_training()
    return found if department is None else found.filter(Q(department_id=department))


def report_for_update(report: UUID) -> Report:
    """Locked by its shard key. Raises ReportUnknown."""
    row = Report.objects.select_for_update().filter(pk=report).first()
    if row is None:
        raise ReportUnknown()
    return row


def _organ(row: Report, names: Any) -> str:
    if row.department_id is None:
        return "全部部门"
    return names[row.department_id].name if row.department_id in names else ""


def _cursor(text: str) -> tuple[date, UUID] | None:
    day, _sep, one = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(one)
    except ValueError:
        return None
