"""Objects under supervision for tests: a licence that was really granted, followed by the command."""

from datetime import date
from uuid import uuid4

from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.clocks import selectors as clocks
from mingqu.kernel.legal_day import legal_day
from mingqu.regulation import services
from mingqu.regulation.models import Supervised
from mingqu.regulation.types import Found, Seen

NOON = f.FRIDAY_NOON


def under_supervision(w, at=NOON, case=None) -> Supervised:
    """The food licence, granted and issued at that moment."""
    case = case or f.decided_case(w, at=at)
    issue_certificate(case_id=case.pk, at=at)
    row = Certificate.objects.get(case_id=case.pk)
    made = services.follow_certificate(certificate_id=row.pk, case_id=case.pk, at=at)
    return Supervised.objects.get(pk=made)


def found(on: date, finding="sound", months=12, **words) -> Found:
    words = {"seen": "后厨整洁，进货台账齐全。", "done": "无需处理。"} | words
    return Found(on, finding, words["seen"], words["done"], clocks.months_after(on, months))


def inspected(row: Supervised, by, at=NOON, key=None, **given) -> Supervised:
    row.refresh_from_db()
    services.write_inspection(
        object_id=row.pk,
        found=found(legal_day(at), **given),
        seen_as=Seen(row.next_on, row.inspections.count()),
        by=by,
        at=at,
        key=key or uuid4(),
    )
    row.refresh_from_db()
    return row
