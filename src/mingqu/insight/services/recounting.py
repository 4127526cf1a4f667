"""A report is counted again by a job: what was asked for, done once, tried again after a failure, and told."""

from datetime import timedelta
from uuid import UUID, uuid5

from procrastinate.contrib.django import app as jobs

from mingqu.identity.services import access
from mingqu.insight.errors import ReportAtWork, ReportSigned
from mingqu.insight.models import Report
from mingqu.insight.selectors.reports import report_for_update
from mingqu.insight.services.reports import recount_report
from mingqu.kernel import asides
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant

WORK, QUEUE = "insight.recount", "insight"
PATIENCE = timedelta(minutes=5)  # a job that was lost by then is queued again
SWEPT_AT_ONCE = 100
RECOUNT = ["recount_asked_at", "recount_by", "recount_post", "recount_tries", "recount_said"]


def ask_recount(*, report: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Have the figures counted again: a job does it with the authority the asker has then. Until it is done the report is
    not signed. Raises ReportUnknown, NotAuthorised, ReportSigned, ReportAtWork.
    """
    with command("statistics.ask_recount", report, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = report_for_update(report)
        access.require(by, "statistics.edit_report", row)
        if row.signed_at is not None:
            raise ReportSigned()
        if row.recount_asked_at is not None:
            raise ReportAtWork()
        row.recount_asked_at, row.recount_by, row.recount_post = at, by.id, by.post_id
        row.recount_tries, row.recount_said = 0, ""
        row.save(update_fields=RECOUNT)
        cmd.defer(WORK, queue=QUEUE, report_id=report)
        cmd.done(None)


def work(report: UUID, at: Instant) -> bool:
    """
    Counts again what was asked for; False where nothing is. Struck down after counting, the next job finds its key used
    and only says that it is done. What refuses it, or fails several times, is said on the page.
    """
    row = Report.objects.filter(pk=report, recount_asked_at__isnull=False).first()
    if row is None or row.recount_asked_at is None or row.recount_by is None:
        return False
    by = Actor("staff", row.recount_by, post_id=row.recount_post)
    key = uuid5(report, row.recount_asked_at.isoformat())
    asked = Report.objects.filter(pk=report, recount_asked_at=row.recount_asked_at)
    said = ""
    try:
        recount_report(report=report, by=by, at=at, key=key)
    except DomainError as refused:
        said = refused.message
    except Exception as error:  # noqa: BLE001 - counted and said on the page
        said = asides.failed(row.recount_tries + 1, error, "a report counted again")
        if not said:
            asked.update(recount_tries=row.recount_tries + 1)
            return False
    asked.update(recount_asked_at=None, recount_said=said[:200])
    return True


def sweep_recounts(at: Instant) -> None:
    """Jobs that were lost, or failed and are to be tried again: queued anew."""
    rows = Report.objects.filter(recount_asked_at__lt=at - PATIENCE)
    for report in rows.values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        jobs.configure_task(WORK, queue=QUEUE).defer(report_id=str(report))
