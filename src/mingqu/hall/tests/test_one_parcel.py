"""寄递 of a 一件事: its results go in one parcel with one waybill; each case keeps its own tracking and proof."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors as case_questions
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import Bundle, Case, ServiceOfPaper
from mingqu.cases.tests import factories as cases
from mingqu.cases.types import BY_POST, Addressee
from mingqu.forms import services as forms
from mingqu.hall import errors, selectors, services
from mingqu.hall.models import Consignment, DoubleParcel, Result
from mingqu.hall.tests import factories as f
from mingqu.hall.tests.test_consignments import HOUR, NOON, TO, send, tell
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
OTHER = Addressee("李晓禾的姐姐", "19900005678", "清禾区云澜街道试验路9号")


@pytest.fixture
def w():
    return b.world()


@pytest.fixture
def lying(w):
    """Two results of one bundle at one counter, the third withdrawn."""
    made, bundle = f.hall(at=NOON), b.accepted(w, context={"delivery": "window"})
    drainage = b.case(bundle, "drainage")
    b.cases.withdraw_case(case_id=drainage.pk, by=w.citizen, at=NOON, key=uuid4())
    found = []
    for code in ("food", "sign"):
        b.decide(w, bundle, code)
        b.settle()
        case = b.case(bundle, code)
        services.result_arrived(
            case_id=case.pk, hall_id=made.hall_id, place="3号柜", by=w.clerk, at=NOON, key=uuid4()
        )
        found.append(case)
    b.settle()
    return found


def put(w, case, lead, *, by=None, key=None):
    return services.put_along(
        case_id=case.pk,
        lead_root=lead.root_id,
        lead_id=lead.id,
        by=by or w.clerk,
        at=NOON,
        key=key or uuid4(),
    )


def one_parcel(w, lying) -> tuple[Consignment, Consignment]:
    """Ordered at the courier, with both results in it."""
    first, second = lying
    lead = Consignment.objects.get(id=send(w, first))
    along = Consignment.objects.get(id=put(w, second, lead))
    services.order_parcel(case_id=first.pk, consignment_id=lead.id, at=NOON)
    follow(along, moved=True)
    return fresh(lead), fresh(along)


def follow(row, *, at=NOON + HOUR, moved):
    for expected in (moved, False):  # a job may run twice
        assert services.follow_parcel(case_id=row.root_id, consignment_id=row.id, at=at) is expected


def fresh(row) -> Consignment:
    return Consignment.objects.get(id=row.id)


def test_two_results_have_one_waybill_one_hand_over_and_a_proof_each(w, lying):
    lead, along = one_parcel(w, lying)
    assert DoubleParcel.objects.count() == 1 and along.waybill == lead.waybill and along.state == "ordered"

    tell(lead, "collected")
    follow(along, moved=True)
    tell(lead, "signed", at=NOON + 2 * HOUR, signer="李晓禾")
    follow(along, at=NOON + 2 * HOUR, moved=True)
    b.settle()

    for case in lying:
        served = ServiceOfPaper.objects.get(case=case)
        assert (served.way, served.receiver, served.address) == ("post", "李晓禾", TO.address)
        assert lead.waybill in served.proof and Case.objects.get(pk=case.pk).status == "delivered"
        assert Result.objects.get(pk=case.pk).state == "handed_out"
        (view,) = selectors.parcels_of_case(case.pk, NOON)
        assert [line.what for line in view.tracks] and len(selectors.in_one_parcel([view])[view.id]) == 1
    assert Bundle.objects.get().status == "delivered"
    told = InboxMessage.objects.filter(person_id=w.citizen.id, kind="hall_parcel_sent")
    assert "等2件结果" in told.get().body


def test_the_list_of_what_is_to_be_sent_says_how_many_of_the_parcel_are_there(w):
    """Filed to be sent: one refused goes along, one withdrawn holds nothing up, one still open is told."""
    made = f.hall(at=NOON)
    started = b.draft(w, context={"delivery": BY_POST})
    forms.keep_aside(draft_id=started.draft_id, aside=TO.words, by=w.citizen, at=NOON)
    bundle = Bundle.objects.get(pk=b.file(w, started).bundle_id)
    for deed in (b.record, b.accept):
        b.settle()
        deed(w, bundle)
    b.settle()
    b.decide(w, bundle, "food")
    b.settle()

    def arrive(code):
        case = b.case(bundle, code)
        services.result_arrived(
            case_id=case.pk, hall_id=made.hall_id, place="", by=w.clerk, at=NOON, key=uuid4()
        )
        b.settle()

    def told():
        return {(one.bundle, one.together) for one in selectors.to_send(w.clerk)[0]}

    arrive("food")
    assert told() == {(bundle.number, "一起寄的到了1件，还有2个事项没有决定")}
    b.decide(w, bundle, "sign", "refused")
    b.cases.withdraw_case(case_id=b.case(bundle, "drainage").pk, by=w.citizen, at=NOON, key=uuid4())
    b.settle()
    assert told() == {(bundle.number, "一起寄的到了1件，还差1件没到窗口")}
    arrive("sign")
    assert told() == {(bundle.number, "一起寄的到了2件，都齐了")}

    food, sign = b.case(bundle, "food"), b.case(bundle, "sign")
    lead = Consignment.objects.get(id=send(w, food, to=case_questions.delivery_address(food)))
    put(w, sign, lead)
    assert told() == set(), "both are in one parcel"


def test_what_came_back_lies_at_the_counter_again_each_for_itself(w, lying):
    lead, along = one_parcel(w, lying)

    tell(lead, "returned")
    follow(along, moved=True)
    b.settle()

    assert fresh(along).state == "returned" and not ServiceOfPaper.objects.exists()
    assert selectors.lie_together(lying[0].pk) == [lying[1].pk]


def test_who_calls_off_the_parcel_calls_off_all_in_it_and_one_alone_only_leaves_it(w, lying):
    lead, along = one_parcel(w, lying)
    given = {"by": w.clerk, "at": NOON, "key": uuid4()}
    services.cancel_parcel(case_id=along.root_id, consignment_id=along.id, reason="他自己来领", **given)
    services.cancel_at_courier(case_id=along.root_id, consignment_id=along.id)

    assert DoubleParcel.objects.get().state == "ordered" and fresh(lead).state == "ordered"
    follow(along, moved=False)
    again = Consignment.objects.get(id=put(w, lying[1], lead))
    given["key"] = uuid4()
    services.cancel_parcel(case_id=lead.root_id, consignment_id=lead.id, reason="地址错了", **given)
    follow(again, moved=True)

    assert fresh(again).state == "cancelled" and fresh(again).reason == "地址错了"
    assert selectors.lie_together(lying[0].pk) == [lying[1].pk]


def test_only_results_of_the_same_bundle_that_lie_here_go_along_before_it_is_fetched(w, lying):
    first, second = lying
    lead = Consignment.objects.get(id=send(w, first))
    with pytest.raises(NotAuthorised):
        put(w, second, lead, by=w.citizen)
    key = uuid4()
    assert put(w, second, lead, key=key) == put(w, second, lead, key=key)
    with pytest.raises(errors.ParcelUnderWay):
        put(w, second, lead)
    services.order_parcel(case_id=first.pk, consignment_id=lead.id, at=NOON)
    along = Consignment.objects.get(along_id=lead.id)
    given = {"reason": "单独寄", "by": w.clerk, "at": NOON, "key": uuid4()}
    services.cancel_parcel(case_id=second.pk, consignment_id=along.id, **given)
    tell(lead, "collected")
    with pytest.raises(errors.ParcelMovedOn):
        put(w, second, lead)


def test_a_result_its_applicant_wants_elsewhere_does_not_go_along(w, lying):
    first, second = lying
    services.readdress(case_id=second.pk, to=OTHER, by=w.citizen, at=NOON, key=uuid4())
    lead = Consignment.objects.get(id=send(w, first))

    with pytest.raises(errors.ParcelElsewhere):
        put(w, second, lead)
    alone = cases.decided_case(w.base, context={"delivery": "window"})
    services.result_arrived(
        case_id=alone.pk, hall_id=lead.hall_id, place="", by=w.clerk, at=NOON, key=uuid4()
    )
    with pytest.raises(errors.ParcelElsewhere):
        put(w, alone, lead)
    assert Consignment.objects.count() == 1


def test_what_a_lost_job_did_not_note_is_noted_by_the_sweep(w, lying, monkeypatch):
    lead, along = one_parcel(w, lying)
    asked = []
    monkeypatch.setattr(
        services.consignments.jobs,
        "configure_task",
        lambda name, queue: type(
            "Task", (), {"defer": staticmethod(lambda **ids: asked.append((name, ids)))}
        ),
    )

    services.sweep_parcels(NOON + timedelta(days=1))

    assert {name: ids["consignment_id"] for name, ids in asked} == {
        "hall.look_at_parcel": str(lead.id),
        "hall.follow_parcel": str(along.id),
    }


def test_the_address_is_said_once_for_all_results_that_were_not_sent(w, lying, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    browser = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    page = reverse("hall:readdress", args=[lying[0].number])

    shown = browser.get(page)
    assert "同一件事还有1项结果没有寄出" in shown.text
    fields = {"delivery": "post", "receiver": TO.receiver, "phone": TO.phone, "address": TO.address}
    assert browser.post(page, {**fields, "key": shown.context["form"]["key"].value()}).status_code == 302

    for case in lying:
        said = case_questions.delivery_address(Case.objects.get(pk=case.pk))
        assert said is not None and said.address == TO.address


def test_the_clerk_sends_them_together_with_one_press(w, lying, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    clerk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    page = reverse("hall:parcel", args=[lying[0].number])

    shown = clerk.get(page)
    assert "放进同一个包裹" in shown.text and lying[1].number in shown.text
    fields = {"receiver": TO.receiver, "phone": TO.phone, "address": TO.address, "along": [str(lying[1].pk)]}
    key = shown.context["form"]["key"].value()
    for _twice in range(2):
        clerk.post(page, {**fields, "key": key})

    assert (
        Consignment.objects.count() == 2 and Consignment.objects.filter(along_id__isnull=False).count() == 1
    )
    assert "同一个包裹里还有" in clerk.get(page).text
    assert "同一个包裹里还有" in clerk.get(reverse("hall:parcel", args=[lying[1].number])).text
    citizen = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    assert lying[1].item_name in citizen.get(reverse("hall:own_parcel", args=[lying[0].number])).text


def test_who_may_see_one_matter_reads_and_changes_nothing_of_the_others(w, lying, monkeypatch):
    """An authority to act for another may be for one of them alone: her page named the others, and failed halfway."""
    first, second = lying
    assert selectors.to_readdress_with(w.citizen, first.pk) == [first.pk, second.pk]
    lead, _along = one_parcel(w, lying)
    (view,) = selectors.parcels_of_case(first.pk, NOON)
    everything = selectors.in_one_parcel([view], seen_by=w.citizen)[lead.id]
    stranger = people.citizen("邱晓岚", at=NOON)[1]

    assert [number for number, _item in everything] == [second.number]
    assert selectors.in_one_parcel([view], seen_by=stranger) == {lead.id: []}
    open_still = {one.pk for one in lying}.__contains__
    monkeypatch.setattr("mingqu.hall.selectors.consignments.may_readdress", open_still)
    assert selectors.to_readdress_with(w.citizen, first.pk) == [first.pk, second.pk]
    assert selectors.to_readdress_with(stranger, first.pk) == [first.pk]
