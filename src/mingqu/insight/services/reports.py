"""
日报、周报、月报: made by a job of the figures as they stand, edited and signed by people, counted again until then when
something was put right, taken away as Word, Excel and PDF.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.insight import rules, selectors
from mingqu.insight.errors import (
    ReopenReasonMissing,
    ReportAtWork,
    ReportChanged,
    ReportDisagrees,
    ReportNotSigned,
    ReportSigned,
    ReportTextTooLong,
)
from mingqu.insight.models import DayFigures, Report, ReportText
from mingqu.insight.selectors.reports import report_for_update
from mingqu.insight.services.scanning import agrees
from mingqu.insight.types import Span
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import Cell, book, numeric
from mingqu.kernel.types import Actor, Instant

MAKER = Actor.system("insight-reports")
TEXT_LIMIT, REASON_LIMIT = 5000, 200
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
            agrees=_scanned(kind, span, department),
        ).save(force_insert=True)
        cmd.note(since=span.since.isoformat(), until=span.until.isoformat(), kind=kind)
        cmd.done(None)


def _scanned(kind: str, span: Span, department: UUID | None) -> bool | None:
    """A scan is made of a month of all departments together."""
    return agrees(span) if department is None and kind == "month" else None


def edit_report(*, report: UUID, version: int, text: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    A new version of what is written in a report; `version`: the one it was written from. Every version is kept.
    Raises ReportUnknown, NotAuthorised, ReportSigned, ReportChanged, ReportTextTooLong.
    """
    said = text.strip()
    if len(said) > TEXT_LIMIT:
        raise ReportTextTooLong(field="text", most=TEXT_LIMIT, length=len(said))
    with command("statistics.edit_report", report, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = report_for_update(report)
        access.require(by, "statistics.edit_report", row)
        if row.signed_at is not None:
            raise ReportSigned(field="text")
        if selectors.text_version(report) != version:
            raise ReportChanged(field="text")
        ReportText(
            root_id=report, version=version + 1, text=said, written_by=by.id, post_id=by.post_id, at=at
        ).save(force_insert=True)
        cmd.note(version=version + 1)
        cmd.note_digest(text=said)
        cmd.done(None)


def recount_report(*, report: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    The figures as they stand now, after something was put right: a case corrected or typed in later.
    Raises ReportUnknown, NotAuthorised, ReportSigned.
    """
    with command("statistics.recount_report", report, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = report_for_update(report)
        access.require(by, "statistics.edit_report", row)
        if row.signed_at is not None:
            raise ReportSigned()
        span = Span(row.since, row.until)
        changed = selectors.changed_since(row)
        row.figures = selectors.report_figures(row.kind, span, row.department_id)
        row.agrees, row.recounted_at = _scanned(row.kind, span, row.department_id), at
        row.save(update_fields=["figures", "agrees", "recounted_at"])
        cmd.note(figures=[name for name, _then, _now in changed], agrees=row.agrees)
        cmd.done(None)


def sign_report(
    *, report: UUID, version: int, counted_at: Instant, by: Actor, at: Instant, key: UUID
) -> None:
    """
    From now on neither text nor figures change. `version` and `counted_at` are those of what the signer has read.
    Raises ReportUnknown, NotAuthorised, ReportSigned, ReportAtWork, ReportChanged, ReportDisagrees.
    """
    with command("statistics.sign_report", report, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = report_for_update(report)
        access.require(by, "statistics.sign_report", row)
        if row.signed_at is not None:
            raise ReportSigned()
        if row.recount_asked_at is not None:
            raise ReportAtWork()
        if selectors.text_version(report) != version or row.counted_at != counted_at:
            raise ReportChanged()
        if row.agrees is False:
            raise ReportDisagrees()
        row.signed_at, row.signed_by = at, by.id
        row.save(update_fields=["signed_at", "signed_by"])
        cmd.note(version=version, kind=row.kind, since=row.since.isoformat(), until=row.until.isoformat())
        cmd.note_digest(figures=json.dumps(row.figures, sort_keys=True, ensure_ascii=False))
        cmd.done(None)


def reopen_report(*, report: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    撤回签发: it may be counted again and edited, then signed anew.
    Raises ReportUnknown, NotAuthorised, ReportNotSigned, ReopenReasonMissing.
    """
    said = reason.strip()
    if not 0 < len(said) <= REASON_LIMIT:
        raise ReopenReasonMissing(field="reason")
    with command("statistics.reopen_report", report, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = report_for_update(report)
        access.require(by, "statistics.sign_report", row)
        if row.signed_at is None:
            raise ReportNotSigned()
        row.signed_at = row.signed_by = None
        row.save(update_fields=["signed_at", "signed_by"])
        cmd.note(reason=said)
        cmd.done(None)


def report_table(*, row: Report, by: Actor, at: Instant) -> bytes:
    """As a spreadsheet. Raises NotAuthorised."""
    note_taken(row=row, form="xlsx", by=by, at=at)
    figures: dict[str, Any] = row.figures
    rows: list[Sequence[Cell]] = [_cells(line) for line in figures["lines"]]
    for words, table in figures["tables"]:
        rows += [(), (f"按{words}", *figures["heads"]), *map(_cells, table)]
    return book("统计报告", ("指标", "本期", "上期", "环比", "去年同期", "同比"), rows)


def _cells(line: Sequence[str]) -> list[Cell]:
    """The name, and the figures as numbers."""
    return [line[0], *map(numeric, line[1:])]


def note_taken(*, row: Report, form: str, by: Actor, at: Instant) -> None:
    """That it was taken as Word, PDF or a table. Raises NotAuthorised."""
    access.require(by, "statistics.export", row)
    taken = new_id()
    with command("statistics.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(what=form, since=row.since.isoformat(), until=row.until.isoformat(), kind=row.kind)
        cmd.done(None)
