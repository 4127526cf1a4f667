"""
What a holder is told because a day comes near or has gone by: «可以延续了» (行政许可法 50), twice, once each; that what
a licence allows is to be begun, and that the licence is void by itself because it was not (建筑法 9). Of a firm's
certificate the person hears who applied for it.
"""

from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from mingqu.certificates import rules
from mingqu.certificates.firms import whom_to_tell
from mingqu.certificates.models import Certificate, CertificateType
from mingqu.kernel import training
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications

FIRST_DAYS = 30  # before the last day on which a renewal is in time; the second is a week before it
SECOND_DAYS = 7
BEGIN_DAYS = 7  # before the last day to begin; as long after it the holder may be told that it went by
BATCH = 500


def remind(at: Instant) -> None:
    """
    Tell the holders of certificates whose last day in time comes near. The message itself keeps that it was told, so
    that running twice tells nobody twice.
    """
    day = legal_day(at)
    for kind in CertificateType.objects.order_by("code"):
        in_time = day + timedelta(days=kind.renew_before_days)
        near = Certificate.objects.filter(
            type=kind,
            status="valid",
            valid_until__range=(in_time, in_time + timedelta(days=FIRST_DAYS)),
        )
        near = near.filter(Q(begin_by=None) | Q(begun_on__isnull=False) | Q(begin_by__gte=day))
        for row in near.order_by("valid_until", "id").iterator(chunk_size=BATCH):
            _tell(row, kind, day, at)


def _tell(row: Certificate, kind: CertificateType, day: date, at: Instant) -> None:
    assert row.valid_until is not None
    in_time = rules.renewal(row.valid_until, kind.renew_before_days).in_time_until
    turn = SECOND_DAYS if (in_time - day).days <= SECOND_DAYS else FIRST_DAYS
    told = {
        "certificate": training.named(kind.name, row.region_code),
        "number": row.number,
        "valid_until": row.valid_until,
        "in_time_until": in_time,
    }
    fact, link = f"{row.valid_until.isoformat()}:{turn}", reverse("certificates:detail", args=[row.number])
    for person_id in whom_to_tell(row, day):
        notifications.tell(person_id, "certificate_ends", told, row.pk, at=at, fact=fact, link=link)


def remind_of_beginning(at: Instant) -> None:
    """
    Tell who has not begun yet that the last day comes near, and once it has gone by that the licence is void by
    itself (建筑法 9). Safe to run again: the message keeps that it was told.
    """
    day, span = legal_day(at), timedelta(days=BEGIN_DAYS)
    near = Certificate.objects.filter(
        status__in=("valid", "suspended"), begun_on=None, begin_by__range=(day - span, day + span)
    )
    for row in near.select_related("type").order_by("begin_by", "id").iterator(chunk_size=BATCH):
        assert row.begin_by is not None
        tell_of_beginning(row, "lapsed" if row.begin_by < day else "near", at)


def tell_of_beginning(row: Certificate, what: str, at: Instant) -> None:
    """`what`: near, lapsed or put_off; told once for each last day."""
    if row.begin_by is None:
        return
    told = {
        "certificate": training.named(row.type.name, row.region_code),
        "number": row.number,
        "begin_by": row.begin_by,
    }
    kind, link = f"certificate_begin_{what}", reverse("certificates:detail", args=[row.number])
    for person_id in whom_to_tell(row, legal_day(at)):
        notifications.tell(person_id, kind, told, row.pk, at=at, fact=row.begin_by.isoformat(), link=link)
