"""送达 of merged notices: told once for all parts, and proved once (行政许可法 32, 42; 民事诉讼法 87 to 91)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases import serving
from mingqu.cases.announcing import errors as refusals
from mingqu.cases.announcing import selectors as announced
from mingqu.cases.announcing import services as announcing
from mingqu.cases.bundles import services
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.bundles.services.serving import close_bundle_notice, serve_bundle_notice
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import (
    DeliveryNotConsented,
    NoticeUnknown,
    ReasonMissing,
    ServedDayWrong,
    ServiceIncomplete,
)
from mingqu.cases.models import Announcement, Bundle
from mingqu.cases.types import Asked, Served
from mingqu.documents.events import DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.errors import PaperNotOpen, ServedAlready
from mingqu.notifications.models import ClosedPaper, ServiceRecord, UnservedPaper

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


NEW = announcing.NewAnnouncement(
    "请到3号窗口领取。", "政务服务中心公告栏", "9月1日邮寄退回；9月10日上门无人。"
)


def announce(w, paper, *, new=NEW, by=None):
    given = {"bundle_id": paper.root_id, "paper_id": paper.id, "new": new}
    return announcing.announce_of_bundle(**given, by=by or w.clerk, at=b.NOON, key=uuid4())


def test_a_merged_notice_nobody_could_be_given_counts_as_served_thirty_days_after_it_was_announced(w):
    bundle, paper = corrected(w, "window")
    deemed = announce(w, paper)
    ((root, one),) = announced.due(deemed + b.DAY, 9)
    late = b.NOON + timedelta(days=(deemed - legal_day(b.NOON)).days + 1)

    (shown,) = announced.announced(legal_day(b.NOON))[0]
    assert shown.item_name == bundle.name and bundle.applicant_name not in shown.addressee
    assert not announcing.serve_announced(root_id=root, announcement_id=one, at=late - b.DAY)
    for served_now in (True, False):
        assert announcing.serve_announced(root_id=root, announcement_id=one, at=late) is served_now

    row = ServiceRecord.objects.get()
    assert (row.root_id, row.way, row.served_on) == (bundle.pk, "announced", deemed)
    assert Announcement.objects.get().state == "served" and not UnservedPaper.objects.exists()


def test_a_merged_notice_that_reached_her_sooner_ends_its_announcement(w):
    bundle, paper = corrected(w, "window")
    announce(w, paper)

    serve(paper, Served.at_window("李晓禾"), w.clerk)

    assert Announcement.objects.get().state == "overtaken"
    assert announced.paper_of_bundle_to_announce(bundle, paper.id) is None
    with pytest.raises(refusals.NothingToAnnounce):
        announce(w, paper)


def test_no_merged_notice_is_announced_twice_by_anybody_or_without_its_course(w):
    _bundle, paper = corrected(w, "window")
    for field in ("tried", "place"):
        with pytest.raises(refusals.AnnouncementIncomplete):
            announce(w, paper, new=announcing.NewAnnouncement(**{**vars(NEW), field: " "}))
    with pytest.raises(NotAuthorised):
        announce(w, paper, by=w.citizen)
    with pytest.raises(refusals.AnnouncedOnly):
        serve(paper, Served("announced"), w.clerk)
    assert not Announcement.objects.exists()

    announce(w, paper)
    with pytest.raises(refusals.AnnouncedAlready):
        announce(w, paper)
    ended = {"bundle_id": paper.root_id, "announcement_id": Announcement.objects.get().id, "at": b.NOON}
    with pytest.raises(ReasonMissing):
        announcing.withdraw_of_bundle(**ended, reason=" ", by=w.clerk, key=uuid4())
    with pytest.raises(NotAuthorised):
        announcing.withdraw_of_bundle(**ended, reason="人找到了。", by=w.citizen, key=uuid4())
    announcing.withdraw_of_bundle(**ended, reason="人找到了。", by=w.clerk, key=uuid4())
    with pytest.raises(refusals.AnnouncementUnknown):
        announcing.withdraw_of_bundle(**ended, reason="再撤一次", by=w.clerk, key=uuid4())


def test_a_merged_notice_nobody_can_tell_the_service_of_leaves_the_list_with_its_reason(w):
    bundle, paper = corrected(w, "window")
    given = {"bundle_id": bundle.pk, "paper_id": paper.id, "ground": "unrecorded", "at": b.NOON}
    with pytest.raises(ReasonMissing):
        close_bundle_notice(**given, reason=" ", by=w.clerk, key=uuid4())
    with pytest.raises(NotAuthorised):
        close_bundle_notice(**given, reason="窗口当面交了。", by=w.citizen, key=uuid4())
    key = uuid4()
    for _twice in range(2):
        close_bundle_notice(**given, reason="窗口当面交了。", by=w.clerk, key=key)

    assert ClosedPaper.objects.get().reason == "窗口当面交了。"
    assert not UnservedPaper.objects.exists() and not ServiceRecord.objects.exists()
    with pytest.raises(PaperNotOpen):
        close_bundle_notice(**given, reason="再结一次", by=w.clerk, key=uuid4())
