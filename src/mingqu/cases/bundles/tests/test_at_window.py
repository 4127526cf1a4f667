"""一件事 at the window: filed by a clerk for the person who stands there, delivered by every way of service."""

from uuid import uuid4

import pytest

from mingqu.cases.bundles import services
from mingqu.cases.bundles.errors import NothingNeeded
from mingqu.cases.bundles.services import window
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import (
    ApplicantNotSeen,
    DeliveryNotReachable,
    ServedDayWrong,
    ServiceIncomplete,
    SituationStops,
)
from mingqu.cases.models import Bundle, Case, CaseMaterial, ServiceOfPaper
from mingqu.cases.tests import at_window
from mingqu.cases.types import OnPaper, Served
from mingqu.documents.models import DocumentRequest
from mingqu.forms import services as forms
from mingqu.identity.errors import NotAuthorised, Recused

pytestmark = pytest.mark.django_db
GIVEN = {k: v if isinstance(v, list) else [v] for k, v in b.SITUATION.items()}


@pytest.fixture
def w():
    return b.world()


def typed(w, person_id, **given):
    """A complete draft as the clerk typed it, every original seen: (draft id, version)."""
    by = at_window.assisting(w, person_id)
    started = window.begin(code=b.CODE, given={**GIVEN, **given}, by=by, at=b.NOON)
    version = window.open_at_window(draft_id=started.draft_id, by=by, at=b.NOON).view.version
    forms.save_draft(
        draft_id=started.draft_id, changes=flat(b.ANSWERS), base_version=version, by=by, at=b.NOON
    )
    draft = window.open_at_window(draft_id=started.draft_id, by=by, at=b.NOON)
    seen = {one.code: True for one in draft.materials}
    window.mark_originals(draft=draft, seen=seen, by=by, at=b.NOON)
    window.choose_delivery(draft_id=draft.id, way="window", by=by, at=b.NOON)
    return window.open_at_window(draft_id=draft.id, by=by, at=b.NOON).view


def flat(values, at=""):
    found = {}
    for name, value in values.items():
        path = f"{at}.{name}" if at else name
        found |= flat(value, path) if isinstance(value, dict) else {path: value}
    return found


def test_how_many_copies_came_reaches_the_case_of_every_part_they_are_for(w):
    her = at_window.walk_in(w)
    view = typed(w, her)
    by = at_window.assisting(w, her)
    draft = window.open_at_window(draft_id=view.draft_id, by=by, at=b.NOON)
    chosen = next(
        one.code for one in draft.provisions if "food" in one.merged.to and one.provided.how == "paper"
    )
    window.mark_papers(draft=draft, papers={chosen: OnPaper("copy", 2)}, by=by, at=b.NOON)

    file_it(w, her, window.open_at_window(draft_id=view.draft_id, by=by, at=b.NOON).view)

    bundle = Bundle.objects.get(pk=view.draft_id)
    b.settle()
    b.record(w, bundle)
    b.settle()

    assert bundle.copied == [chosen] and chosen not in bundle.originals and bundle.counted[-1] == 2
    rows = CaseMaterial.objects.filter(case=b.case(bundle, "food"), how="copy")
    assert [one.copies for one in rows] == [2]


def file_it(w, person_id, view, *, by=None, key=None):
    return services.file_bundle_at_window(
        draft_id=view.draft_id,
        base_version=view.version,
        applicant_id=person_id,
        by=by or w.clerk,
        at=b.NOON,
        key=key or uuid4(),
    )


def filed(w):
    person_id = at_window.walk_in(w)
    return Bundle.objects.get(pk=file_it(w, person_id, typed(w, person_id)).bundle_id)


def test_a_clerk_files_for_a_walk_in_and_the_parts_know_what_she_saw(w):
    bundle = filed(w)
    b.settle()
    b.record(w, bundle)
    b.settle()

    assert bundle.channel == "window" and bundle.filed_by_post == w.clerk.post_id and bundle.query_code
    food = b.case(bundle, "food")
    assert (food.channel, food.status, food.delivery_way) == ("window", "received", "window")
    assert set(food.materials.values_list("how", flat=True)) == {"paper"}


def test_the_same_key_files_once(w):
    person_id, key = at_window.walk_in(w), uuid4()
    view = typed(w, person_id)

    first, second = (file_it(w, person_id, view, key=key) for _ in range(2))

    assert first == second and Bundle.objects.count() == 1


def test_who_was_not_seen_or_where_the_window_does_not_receive_nothing_is_filed(w):
    person_id = at_window.walk_in(w)
    view = typed(w, person_id)
    with pytest.raises(NotAuthorised):
        file_it(w, person_id, view, by=w.base.reviewer)
    with pytest.raises(ApplicantNotSeen):
        file_it(w, w.citizen.id, view)
    with pytest.raises(SituationStops):
        typed(w, person_id, outlet=["rain"])
    by = at_window.assisting(w, person_id)
    window.choose_delivery(draft_id=view.draft_id, way="electronic", by=by, at=b.NOON)
    with pytest.raises(DeliveryNotReachable):  # nobody opens what is put into the space of who has no account
        file_it(w, person_id, window.open_at_window(draft_id=view.draft_id, by=by, at=b.NOON).view)
    assert not Bundle.objects.exists()


def decided(w):
    bundle = b.accepted(w, context={"delivery": "window"})
    for code in ("food", "sign", "drainage"):
        b.decide(w, bundle, code, "refused" if code == "sign" else "granted")
    b.seal_all()
    b.make_papers()
    bundle.refresh_from_db()
    return bundle


def test_all_results_are_left_at_the_door_with_a_record_each_and_a_day_to_come_is_refused(w):
    bundle = decided(w)
    left = Served("left", address="青澜街道望渠路5号", reason="拒收", proof="社区王某某见证")

    def deliver(served):
        return services.deliver_bundle(bundle_id=bundle.pk, served=served, by=w.clerk, at=b.NOON, key=uuid4())

    with pytest.raises(ServiceIncomplete):
        deliver(Served("post", address="青澜街道望渠路5号"))
    with pytest.raises(ServedDayWrong):
        deliver(Served("post", address="望渠路", proof="EMS1", received_on=b.NOON.date() + b.DAY))
    deliver(left)
    b.settle()

    assert set(ServiceOfPaper.objects.values_list("way", flat=True)) == {"left"}
    assert DocumentRequest.objects.filter(kind="service_record").count() == 3
    bundle.refresh_from_db()
    assert bundle.status == "delivered"


def test_who_stands_aside_in_one_case_of_a_bundle_does_not_deliver_it_with_the_others(w):
    bundle = decided(w)
    one = Case.objects.filter(bundle_id=bundle.pk).first()
    Case.objects.filter(pk=one.pk).update(barred_ids=[w.clerk.id])
    left = Served("left", address="青澜街道望渠路5号", reason="拒收", proof="社区王某某见证")

    with pytest.raises(Recused):
        services.deliver_bundle(bundle_id=bundle.pk, served=left, by=w.clerk, at=b.NOON, key=uuid4())

    bundle.refresh_from_db()
    assert bundle.status != "delivered" and not ServiceOfPaper.objects.exists()


def test_a_draft_of_which_nothing_is_needed_is_not_filed(w):
    person_id = at_window.walk_in(w)
    by = at_window.assisting(w, person_id)
    empty = forms.start_draft(about=b.CODE, form_digest="", context={}, by=by, at=b.NOON, answers={})

    with pytest.raises(NothingNeeded):
        file_it(w, person_id, empty)
    assert not Bundle.objects.exists()
