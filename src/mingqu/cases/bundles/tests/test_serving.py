"""送达 of merged notices: told once for all parts, and proved once (行政许可法 32, 42; 民事诉讼法 87 to 91)."""

from uuid import uuid4

import pytest

from mingqu.cases import serving
from mingqu.cases.bundles import services
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.bundles.services.serving import serve_bundle_notice
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import (
    DeliveryNotConsented,
    NoticeUnknown,
    ServedDayWrong,
    ServiceIncomplete,
)
from mingqu.cases.models import Bundle
from mingqu.cases.types import Asked, Served
from mingqu.documents.events import DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.errors import ServedAlready
from mingqu.notifications.models import ServiceRecord, UnservedPaper

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return b.world()


def corrected(w, way: str) -> tuple[Bundle, DocumentRequest]:
    """A bundle whose merged correction is made, and what followed of that."""
    bundle = b.licensed(w, context={"delivery": way})
    services.ask_bundle_correction(
        bundle_id=bundle.pk,
        asked={"food": [Asked("floor-plan", "没有标出口")]},
        by=w.clerk,
        at=b.NOON,
        key=uuid4(),
    )
    b.settle()
    rows = DocumentRequest.objects.filter(root_id=bundle.pk, kind="bundle_correction")
    rows.update(state="ready", file_id=new_id(), ended_at=b.NOON)
    paper = rows.get()
    for _twice in range(2):
        serving.serve_notice(DocumentReady(bundle.pk, paper.id, paper.kind, paper.file_id), at=b.NOON)
    return bundle, paper


def serve(paper, served, by, at=b.NOON):
    return serve_bundle_notice(
        bundle_id=paper.root_id, paper_id=paper.id, served=served, by=by, at=at, key=uuid4()
    )


def test_who_agreed_to_it_is_served_once_on_the_day_the_merged_notice_is_made(w):
    _bundle, paper = corrected(w, "electronic")

    row = ServiceRecord.objects.get(root_id=paper.root_id)
    assert (row.paper, row.way, row.served_on) == ("bundle_correction", "electronic", legal_day(b.NOON))
    assert not UnservedPaper.objects.exists()


def test_of_others_it_waits_on_a_list_with_its_last_day_until_a_clerk_notes_how_it_was_served(w):
    bundle, paper = corrected(w, "window")

    waits = UnservedPaper.objects.get()
    assert (waits.owner, waits.number, waits.paper_id) == ("bundle", bundle.number, paper.id)
    assert waits.limit_on is not None and waits.limit_on > legal_day(b.NOON)
    serve(paper, Served.at_window("李晓禾"), w.clerk)

    assert ServiceRecord.objects.get().post_id == w.clerk.post_id
    assert not UnservedPaper.objects.exists()
    with pytest.raises(ServedAlready):
        serve(paper, Served.at_window("李晓禾"), w.clerk)


def test_without_proof_consent_or_right_nothing_is_noted(w):
    bundle, paper = corrected(w, "window")
    receipt = DocumentRequest.objects.filter(root_id=bundle.pk, kind="bundle_receipt").get()
    late = Served("post", address="示例路1号", proof="EA1", received_on=legal_day(b.NOON) + b.DAY)

    for served, by, refusal in (
        (Served("post", address="示例路1号"), w.clerk, ServiceIncomplete),
        (late, w.clerk, ServedDayWrong),
        (Served.electronic(), w.clerk, DeliveryNotConsented),
        (Served.electronic(), BUNDLES, DeliveryNotConsented),
        (Served.at_window("李晓禾"), w.citizen, NotAuthorised),
    ):
        with pytest.raises(refusal):
            serve(paper, served, by)
    with pytest.raises(NoticeUnknown):
        serve(receipt, Served.at_window("李晓禾"), w.clerk)

    assert not ServiceRecord.objects.exists() and UnservedPaper.objects.count() == 1


def test_a_locked_account_is_told_nothing_by_its_space_and_the_notice_waits_for_a_clerk(w):
    User.objects.filter(person_id=w.citizen.id).update(is_active=False)
    _bundle, paper = corrected(w, "window")
    Bundle.objects.update(delivery_way="electronic")

    serving.serve_notice(DocumentReady(paper.root_id, paper.id, paper.kind, paper.file_id), at=b.NOON)

    assert not ServiceRecord.objects.exists() and UnservedPaper.objects.count() == 1
