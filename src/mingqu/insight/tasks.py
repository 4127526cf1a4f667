"""Periodic work of statistics: a sample of cases and days is looked at again every night."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.insight import selectors, services
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("insight.check", every=timedelta(hours=24))
def check(at: Instant) -> str:
    """Whether what is counted of some cases is what they come to; one of which it is not is counted anew."""
    ids, days = selectors.sample(legal_day(at))
    wrong = services.differences(ids)
    if wrong:
        services.follow(one.case_id for one in wrong)
    odd = [day for day in days if not services.day_is_whole(day)]
    said = [f"{len(wrong)} differences of {len(ids)} cases, counted anew"] if wrong else []
    said += [f"figures of {day:%Y-%m-%d} are not those of its cases" for day in odd]
    return "; ".join(said)


@app.task(name=services.WORK, queue=services.QUEUE)
def recount(report_id: str) -> None:
    """A report whose figures somebody asked to have counted again."""
    services.work(UUID(report_id), timezone.now())


@periodic("insight.recount_sweep", every=timedelta(minutes=5))
def recount_sweep(at: Instant) -> None:
    """Reports whose counting again was lost, or failed and is to be tried again."""
    services.sweep_recounts(at)


@periodic("insight.make_reports", every=timedelta(hours=1))
def make_reports(at: Instant) -> None:
    """Those of the day, week and month that are over, once, of last days as they stand."""
    services.settle_due()
    services.make_due(at)
