"""一件事 at the window: filed by a clerk for the person who stands there, delivered by every way of service."""

from uuid import uuid4

import pytest

from mingqu.cases import services as cases
from mingqu.cases.bundles import services
from mingqu.cases.bundles.errors import NothingNeeded
from mingqu.cases.bundles.services import window
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import (
    ApplicantNotSeen,
    DeliveryNotReachable,
    FieldNotMendable,
    PartOfBundle,
    ServedDayWrong,
    ServiceIncomplete,
    SituationStops,
)
from mingqu.cases.models import AskedAnswer, Bundle, Case, CaseMaterial, FilingChange, ServiceOfPaper
from mingqu.cases.tests import at_window
from mingqu.cases.types import OnPaper, Served
from mingqu.documents.models import DocumentRequest
from mingqu.forms import services as forms
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.notifications.models import InboxMessage

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


def shop_names(bundle):
    return {code: b.case(bundle, code).answers.get("shop_name") for code in ("food", "sign", "drainage")}


def mend(bundle, code, by, **changes):
    return cases.mend_entry(
        case_id=b.case(bundle, code).pk, changes=changes, reason="录入打错", by=by, at=b.NOON, key=uuid4()
    )


def test_what_the_clerk_mistyped_is_mended_in_every_part_that_shares_it(w):
    """Also in a part that is filed later: it takes its answers from the one form."""
    bundle = filed(w)
    b.settle()
    b.record(w, bundle)
    b.settle()
    dues = {code: b.case(bundle, code).due_on for code in ("food", "drainage")}

    assert mend(bundle, "sign", w.clerk, shop_name="望渠大馆").waits is False
    b.settle()

    bundle.refresh_from_db()
    assert bundle.answers["shop_name"] == "望渠大馆"
    assert shop_names(bundle) == dict.fromkeys(("food", "sign", "drainage"), "望渠大馆")
    assert {code: b.case(bundle, code).due_on for code in dues} == dues
    kept = AskedAnswer.objects.filter(path="shop_name", state="shared")
    assert {one.case_id for one in kept} == {b.case(bundle, code).pk for code in ("food", "drainage")}
    assert FilingChange.objects.get().case_id == b.case(bundle, "sign").pk
    assert InboxMessage.objects.filter(kind="case_mended").count() == 1

    with pytest.raises(FieldNotMendable):  # her name stands on papers of the whole bundle
        mend(bundle, "sign", w.clerk, applicant_name="别人")
    with pytest.raises(PartOfBundle):
        cases.ask_void(case_id=b.case(bundle, "sign").pk, reason="收错", by=w.clerk, at=b.NOON, key=uuid4())


def test_what_one_part_alone_asks_is_mended_there_alone_and_what_is_decided_stays(w):
    bundle = filed(w)
    b.settle()
    b.record(w, bundle)
    b.settle()
    b.accept(w, bundle)
    b.settle()
    b.decide(w, bundle, "food")
    b.settle()

    mend(bundle, "drainage", w.clerk, shop_name="望渠大馆")
    mend(bundle, "drainage", w.clerk, outlet_place="北门外雨水井")
    b.settle()

    assert shop_names(bundle) == {"food": "望渠小馆", "sign": "望渠大馆", "drainage": "望渠大馆"}
    assert b.case(bundle, "drainage").answers["outlet_place"] == "北门外雨水井"
    assert not AskedAnswer.objects.filter(path="outlet_place").exists()


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
