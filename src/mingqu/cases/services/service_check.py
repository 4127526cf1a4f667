"""
Service records computed again from their facts (送达记录核对): the entry of the deed, the calendar, the case. Of
a record nothing can be changed by a command; what differs was changed underneath. Changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from mingqu.cases.models import Case, ServiceOfPaper
from mingqu.cases.serving import CORRECTIONS, last_day_to_tell
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications import selectors as notifications

DEEDS = ("case.serve", "case.deliver", "bundle.serve")
_SERVED = """
SELECT root_id, paper, way, served_on, at FROM notifications_servicerecord
UNION ALL SELECT case_id, paper, way, served_on, at FROM cases_serviceofpaper
"""
# A record without the entry of its deed, and an entry of a deed without its record. No other deed writes either.
_UNTOLD = f"""
SELECT s.root_id, s.paper, s.served_on FROM ({_SERVED}) s WHERE NOT EXISTS (
 SELECT FROM kernel_auditentry e WHERE e.root_id = s.root_id AND e.at = s.at AND e.action = ANY(%s)
 AND e.notes->>'paper' = s.paper AND e.notes->>'way' = s.way AND e.notes->>'served_on' = s.served_on::text)
"""  # noqa: S608  constants
_UNKEPT = f"""
SELECT e.root_id, e.notes->>'paper', e.notes->>'served_on' FROM kernel_auditentry e
WHERE e.action = ANY(%s) AND NOT EXISTS (
 SELECT FROM ({_SERVED}) s WHERE s.root_id = e.root_id AND s.at = e.at AND s.paper = e.notes->>'paper')
"""  # noqa: S608  constants


def check_services() -> Iterator[str]:
    """A sentence for each record that is not what its facts give; the roots and kinds of papers, no person."""
    for root, paper, day in _rows(_UNTOLD):
        yield f"{root}: {paper} is recorded as served on {day}, the ledger does not say so"
    for root, paper, day in _rows(_UNKEPT):
        yield f"{root}: the ledger says {paper} was served on {day}, there is no such record"
    yield from _wrong_days()
    for case in Case.objects.exclude(delivered_on=None).filter(_delivered_otherwise()).iterator():
        yield f"{case.pk}: delivered on {case.delivered_on}, its record of service has another day"
    yield from _waiting()


def _rows(query: str) -> Iterator[tuple[UUID, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [list(DEEDS)])
        yield from cursor.fetchall()


def _wrong_days() -> Iterator[str]:
    """Electronic service counts on the day it reached the system (民事诉讼法 90); none counts before it is noted."""
    for root, paper, way, day, at in _days():
        noted = legal_day(at)
        if day > noted or (way == ServiceOfPaper.Way.ELECTRONIC and day != noted):
            yield f"{root}: {paper} ({way}) was noted on {noted} and counts on {day}"


def _days() -> Iterator[tuple[UUID, str, str, object, datetime]]:
    own = ServiceOfPaper.objects.values_list("case_id", "paper", "way", "served_on", "at")
    yield from own.iterator(chunk_size=2000)
    yield from notifications.days_of_service()


def _delivered_otherwise() -> Exists:
    """The day of delivery is that of the record, where there is one."""
    own = ServiceOfPaper.objects.filter(case_id=OuterRef("pk"))
    return Exists(own.filter(~Q(served_on=OuterRef("delivered_on"))))


def _waiting() -> Iterator[str]:
    """What waits has no record, and its last day is the calendar's (行政许可法 32(4))."""
    for root, paper in notifications.served_and_waiting():
        yield f"{root}: {paper} was served and still waits to be"
    waiting = {root: (paper, day) for root, paper, day in notifications.waiting_papers(CORRECTIONS)}
    still = Case.objects.filter(pk__in=list(waiting), status=Case.Status.CORRECTION)
    for case_id, received_on in still.values_list("pk", "received_on"):
        paper, day = waiting[case_id]
        if day != (given := last_day_to_tell(paper, received_on)):
            yield f"{case_id}: {paper} is to be told by {day}, the calendar gives {given}"
