"""«可以延续了»: a holder is told in time that a certificate ends (行政许可法 50), twice, once each."""

from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from mingqu.certificates import rules
from mingqu.certificates.models import Certificate, CertificateType
from mingqu.kernel import training
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications

FIRST_DAYS = 30  # before the last day on which a renewal is in time; the second is a week before it
SECOND_DAYS = 7
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
            holder_kind="person",
            holder_id__isnull=False,
            valid_until__range=(in_time, in_time + timedelta(days=FIRST_DAYS)),
        )
        near = near.filter(Q(begin_by=None) | Q(begun_on__isnull=False) | Q(begin_by__gte=day))
        for row in near.order_by("valid_until", "id").iterator(chunk_size=BATCH):
            _tell(row, kind, day, at)


def _tell(row: Certificate, kind: CertificateType, day: date, at: Instant) -> None:
    assert row.valid_until is not None and row.holder_id is not None
    in_time = rules.renewal(row.valid_until, kind.renew_before_days).in_time_until
    turn = SECOND_DAYS if (in_time - day).days <= SECOND_DAYS else FIRST_DAYS
    notifications.tell(
        row.holder_id,
        "certificate_ends",
        {
            "certificate": training.named(kind.name, row.region_code),
            "number": row.number,
            "valid_until": row.valid_until,
            "in_time_until": in_time,
        },
        row.pk,
        at=at,
        fact=f"{row.valid_until.isoformat()}:{turn}",
        link=reverse("certificates:detail", args=[row.number]),
    )
