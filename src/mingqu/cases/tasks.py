"""Periodic work of cases. What could not be done is told to the page of health and tried again at the next turn."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.cases import selectors, services
from mingqu.cases.announcing import selectors as announcing
from mingqu.cases.announcing import services as announced
from mingqu.cases.archiving import services as packages
from mingqu.cases.archiving import working as packing
from mingqu.cases.bundles import tasks as bundles  # noqa: F401  its periodic work is registered by import
from mingqu.cases.consulting import selectors as consulting
from mingqu.cases.expecting import selectors as expecting
from mingqu.cases.many import commands as many
from mingqu.cases.many.working import work
from mingqu.cases.services import sweeping
from mingqu.certificates import selectors as certificates
from mingqu.clocks import selectors as clocks
from mingqu.kernel import asides
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import each_alone, periodic
from mingqu.kernel.types import Instant

BATCH = 500


@app.task(name=many.WORK, queue=many.QUEUE)
def many_at_once(batch_id: str) -> None:
    """批量申报: portion after portion, until nothing is left."""
    while work(UUID(batch_id), timezone.now()):
        pass


@app.task(name=packages.WORK, queue=packages.QUEUE)
def archive_work(case_id: str, work_id: str) -> None:
    """归档包: made, or made again and compared."""
    packing.work(UUID(case_id), UUID(work_id), timezone.now())


@periodic("cases.sweep_files", every=timedelta(hours=6))
def sweep_files(at: Instant) -> str:
    """Files of drafts that ran out, tables and packages that were kept long enough (decision 0034)."""
    return sweeping.sweep(at)


@periodic("cases.archive_sweep", every=timedelta(minutes=5))
def archive_sweep(at: Instant) -> None:
    """Packages whose job was lost, or failed and is to be tried again."""
    packing.sweep(at)


@periodic("cases.many_sweep", every=timedelta(minutes=2))
def many_sweep(at: Instant) -> str:
    """Tables whose job was killed go on; operators are told of rows that failed until they were left."""
    many.sweep(at)
    return asides.told(many.stood_aside(at))


@periodic("cases.deem_accepted", every=timedelta(minutes=10))
def deem_accepted(at: Instant) -> str:
    """行政许可法 32(4): what nobody answered within five working days is accepted from the day it came."""
    return each_alone(
        selectors.overdue_unanswered(legal_day(at)),
        lambda case_id: services.deem_accepted(case_id=case_id, at=at),
        "deemed acceptance",
    )


@periodic("cases.deem_renewed", every=timedelta(hours=1))
def deem_renewed(at: Instant) -> str:
    """行政许可法 50: a renewal applied for in time and not decided when the certificate ended is granted by law."""
    return each_alone(
        _renewals_past(legal_day(at)),
        lambda case_id: services.deem_renewed(case_id=case_id, at=at),
        "deemed renewal",
    )


def _renewals_past(day: date) -> Iterator[UUID]:
    """Of all accepted renewals, batch by batch, those whose certificate has ended."""
    after: UUID | None = None
    while batch := selectors.open_renewals(after=after, limit=BATCH):
        after = batch[-1][0]
        ended = certificates.ended_before(day, {certificate for _, certificate in batch})
        yield from (case_id for case_id, certificate in batch if certificate in ended)


@periodic("cases.watch_consultations", every=timedelta(hours=1))
def watch_consultations(at: Instant) -> str:
    """征求意见: remind of what is due within a working day, say once what is late, or take silence for agreement."""
    day = legal_day(at)
    soon = clocks.current_calendar().add_working_days(day, 1)
    found = consulting.to_watch(day, soon)
    return each_alone(
        found,
        lambda one: services.watch_consultation(case_id=found[one], consultation_id=one, at=at),
        "watching consultations",
    )


@periodic("cases.serve_announced", every=timedelta(hours=1))
def serve_announced(at: Instant) -> str:
    """公告送达: what was announced for thirty days counts as served (民事诉讼法 95)."""
    found = {one: root for root, one in announcing.due(legal_day(at), BATCH)}
    return each_alone(
        found,
        lambda one: announced.serve_announced(root_id=found[one], announcement_id=one, at=at),
        "service by announcement",
    )


@periodic("cases.watch_suspensions", every=timedelta(hours=1))
def watch_suspensions(at: Instant) -> str:
    """特别程序 whose expected day has passed: whoever handles the case is told, once."""
    return each_alone(
        expecting.to_tell(legal_day(at)),
        lambda case_id: services.tell_it_lasts(case_id=case_id, at=at),
        "telling that special procedures last",
    )


@periodic("cases.watch_owed", every=timedelta(hours=1))
def watch_owed(at: Instant) -> str:
    """
    容缺: remind of what is due within a working day, and say once what did not come in time.

    Nothing else follows by itself (services.gaps says why).
    """
    day = legal_day(at)
    soon = clocks.current_calendar().add_working_days(day, 1)
    return each_alone(
        selectors.owed_to_tell(day, soon),
        lambda case_id: services.tell_about_owed(case_id=case_id, at=at),
        "telling what is owed",
    )
