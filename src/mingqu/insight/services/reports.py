"""日报、周报、月报: made by a job of the figures as they stand, edited by people, taken away as Word and Excel."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import selectors as cases
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.insight import rules, selectors
from mingqu.insight.errors import ReportChanged, ReportTextTooLong
from mingqu.insight.models import DayFigures, Report, ReportText
from mingqu.insight.selectors.reports import report_for_update
from mingqu.insight.types import Span
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import Cell, book, numeric
from mingqu.kernel.types import Actor, Instant

MAKER = Actor.system("insight-reports")
TEXT_LIMIT = 5000
COUNTRY = "000000000000"


def make_due(at: Instant) -> int:
    """
    The reports of the last day, week and month that are over, of all together and of each department with something
    in it; how many were made. Safe to repeat: a report's id follows from what it is of.
    """
    today = legal_day(at)
    over = {kind: rules.span_of(kind, today).since - rules.DAY for kind in Report.Kind.values}
    return sum(make_reports(kind, rules.span_of(kind, day), at) for kind, day in over.items())


def make_reports(kind: str, span: Span, at: Instant) -> int:
    """Of these days: those that are not there yet; how many."""
    rows = DayFigures.objects.filter(day__gte=span.since, day__lte=span.until).order_by()
    organs = list(rows.values_list("department_id", flat=True).distinct())
    wanted = {report_id(kind, span.since, organ): organ for organ in (None, *organs)} if organs else {}
    there = set(Report.objects.filter(pk__in=list(wanted)).values_list("pk", flat=True))
    missing = {one: organ for one, organ in wanted.items() if one not in there}
    for one, organ in missing.items():
        _make(one, kind, span, organ, at)
    return len(missing)


def report_id(kind: str, since: date, department: UUID | None) -> UUID:
    return uuid5(NAMESPACE_URL, f"mingqu:report:{kind}:{since.isoformat()}:{department or 'all'}")


def _make(one: UUID, kind: str, span: Span, department: UUID | None, at: Instant) -> None:
    with command("statistics.make_report", one, by=MAKER, at=at, key=one) as cmd:
        if cmd.repeated:
            return
        figures = selectors.report_figures(kind, span, department)
        organ = identity.departments_by_id([department])[department] if department else None
        Report(
            id=one,
            kind=kind,
            since=span.since,
            until=span.until,
            department_id=department,
            region_code=organ.region_code if organ else COUNTRY,
            made_at=at,
            figures=figures,
            agrees=agrees(span) if department is None and kind == "month" else None,
        ).save(force_insert=True)
        cmd.note(since=span.since.isoformat(), until=span.until.isoformat(), kind=kind)
        cmd.done(None)


def agrees(span: Span) -> bool:
    """Whether the kept figures of these days are what a scan of the cases counts; training regions with both."""
    kept = selectors.sums(DayFigures.objects.order_by(), span)
    return all(kept[name] == number for name, number in cases.tally(span.since, span.until).items())


def edit_report(*, report: UUID, version: int, text: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    A new version of what is written in a report; `version`: the one it was written from. Every version is kept.
    Raises ReportUnknown, NotAuthorised, ReportChanged, ReportTextTooLong.
    """
    said = text.strip()
    if len(said) > TEXT_LIMIT:
        raise ReportTextTooLong(field="text", most=TEXT_LIMIT, length=len(said))
    with command("statistics.edit_report", report, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = report_for_update(report)
        access.require(by, "statistics.edit_report", row)
        last = ReportText.objects.filter(root_id=report).order_by("-version").first()
        if (last.version if last else 0) != version:
            raise ReportChanged(field="text")
        ReportText(
            root_id=report, version=version + 1, text=said, written_by=by.id, post_id=by.post_id, at=at
        ).save(force_insert=True)
        cmd.note(version=version + 1)
        cmd.note_digest(text=said)
        cmd.done(None)


def report_table(*, row: Report, by: Actor, at: Instant) -> bytes:
    """As a spreadsheet. Raises NotAuthorised."""
    _note_export(row, "xlsx", by, at)
    figures: dict[str, Any] = row.figures
    rows: list[Sequence[Cell]] = [_cells(line) for line in figures["lines"]]
    for words, table in figures["tables"]:
        rows += [(), (f"按{words}", *figures["heads"]), *map(_cells, table)]
    return book("统计报告", ("指标", "本期", "上期", "环比", "去年同期", "同比"), rows)


def _cells(line: Sequence[str]) -> list[Cell]:
    """The name, and the figures as numbers."""
    return [line[0], *map(numeric, line[1:])]


def note_word(*, row: Report, by: Actor, at: Instant) -> None:
    """That it was taken as Word. Raises NotAuthorised."""
    _note_export(row, "docx", by, at)


def _note_export(row: Report, form: str, by: Actor, at: Instant) -> None:
    access.require(by, "statistics.export", row)
    taken = new_id()
    with command("statistics.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(what=form, since=row.since.isoformat(), until=row.until.isoformat(), kind=row.kind)
        cmd.done(None)
