"""寄递: a result goes by courier, each telling counts once in whatever order, who signed serves the case by post."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.errors import AddressIncomplete
from mingqu.cases.models import Case, ServiceOfPaper
from mingqu.cases.tests import factories as cases
from mingqu.cases.types import Addressee
from mingqu.hall import errors, rules, selectors, services
from mingqu.hall.courier import double, registry
from mingqu.hall.courier.types import KINDS
from mingqu.hall.models import Consignment, ConsignmentTrack, DoubleParcel, Result
from mingqu.hall.tests import factories as f
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.identifiers import IdentifierRefused
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import deliver_root
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
NOON = cases.FRIDAY_NOON
TO = Addressee("李晓禾", "19900001234", "清禾区青澜街道试验路2号3单元401")
HOUR = timedelta(hours=1)


@pytest.fixture
def w():
    return cases.world()


@pytest.fixture
def case(w):
    """Decided; its result lies at the counter."""
    made = f.hall(at=NOON)
    found = cases.decided_case(w, context={"delivery": "window"})
    services.result_arrived(
        case_id=found.pk, hall_id=made.hall_id, place="3号柜", by=w.clerk, at=NOON, key=uuid4()
    )
    return found


def send(w, case, *, to=TO, by=None, at=NOON, key=None):
    return services.send_result(case_id=case.pk, to=to, by=by or w.clerk, at=at, key=key or uuid4())


def ordered(w, case, at=NOON) -> Consignment:
    parcel_id = send(w, case, at=at)
    services.order_parcel(case_id=case.pk, consignment_id=parcel_id, at=at)
    return Consignment.objects.get(id=parcel_id)


def tell(row, kind, *, at=NOON + HOUR, signer="", times=1):
    """By the door of a real courier: signed bytes."""
    told = double.play(row.reference, kind, at=at, signer=signer)
    answers = []
    for number in range(times):
        headers, body = double.telling(told, at=at + timedelta(seconds=number))
        answers.append(
            services.hear_courier(
                courier="double", told=registry.named("double").read(headers, body, at=at), at=at
            )
        )
    return answers


def relayed(case, at=NOON + HOUR):
    deliver_root(case.pk, at)


def test_who_signed_serves_the_case_by_post_with_the_waybill_as_its_proof(w, case):
    row = ordered(w, case)
    tell(row, "collected")
    tell(row, "delivering", at=NOON + 2 * HOUR)

    assert tell(row, "signed", at=NOON + 3 * HOUR, signer="李晓禾", times=3) == ["signed"] * 3
    relayed(case, NOON + 3 * HOUR)
    relayed(case, NOON + 3 * HOUR)

    served = ServiceOfPaper.objects.get(case=case)
    assert (served.way, served.receiver, served.address) == ("post", "李晓禾", TO.address)
    assert row.waybill in served.proof
    assert "李晓禾签收" in served.proof
    assert Case.objects.get(pk=case.pk).delivered_on == served.served_on == legal_day(NOON)
    assert Result.objects.get(pk=case.pk).state == "handed_out"
    assert ConsignmentTrack.objects.filter(consignment_id=row.id).count() == 3
    kinds = list(InboxMessage.objects.filter(person_id=w.citizen.id).values_list("kind", flat=True))
    assert kinds.count("hall_parcel_sent") == 1


@given(st.lists(st.sampled_from([*KINDS, "order", "cancel"]), max_size=12))
def test_a_parcel_goes_only_where_the_table_leads_and_what_has_ended_stays(happens):
    state = "waiting"
    for one in happens:
        then = rules.consignment_after(state, one)
        if state in {"signed", "returned"}:
            assert then is None
        assert state != "cancelled" or then not in {"ordered", "cancelled"}
        state = then or state
    assert state in rules.CONSIGNMENT


def test_late_and_lost_tellings_never_lead_back(w, case):
    row = ordered(w, case)

    assert tell(row, "signed", signer="门卫") == ["signed"], "nothing told of its way"
    DoubleParcel.objects.update(state="ordered")
    assert tell(row, "collected") == ["known"]
    assert tell(row, "returned") == ["known"]
    assert Consignment.objects.get(id=row.id).state == "signed"


def test_what_came_back_is_told_lies_at_the_counter_and_is_sent_again(w, case):
    row = ordered(w, case)
    tell(row, "failed")
    tell(row, "returned", at=NOON + 2 * HOUR)
    relayed(case, NOON + 2 * HOUR)

    assert Result.objects.get(pk=case.pk).state == "lying"
    assert Case.objects.get(pk=case.pk).status == "decided"
    assert InboxMessage.objects.filter(person_id=w.citizen.id, kind="hall_parcel_returned").count() == 1
    again = ordered(w, case, at=NOON + 3 * HOUR)
    assert again.reference != row.reference


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        (Addressee("", TO.phone, TO.address), AddressIncomplete),
        (Addressee(TO.receiver, TO.phone, " "), AddressIncomplete),
        (Addressee(TO.receiver, "12", TO.address), IdentifierRefused),
    ],
)
def test_an_address_that_can_not_be_sends_nothing(w, case, to, refusal):
    with pytest.raises(refusal):
        send(w, case, to=to)
    assert not Consignment.objects.exists()


def test_one_parcel_at_a_time_and_only_of_what_lies_here(w, case):
    key = uuid4()
    assert send(w, case, key=key) == send(w, case, key=key), "a second click"
    with pytest.raises(errors.ParcelUnderWay):
        send(w, case)
    row = Consignment.objects.get()
    row.pk, row._state.adding = (case.pk, uuid4()), True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(errors.ResultNotHere):
        send(w, cases.decided_case(w, context={"delivery": "window"}))
    with pytest.raises(NotAuthorised):
        send(w, case, by=w.reviewer)


def test_until_it_is_fetched_it_can_be_cancelled(w, case):
    row = ordered(w, case)

    def cancel(reason="申请人自己来领"):
        services.cancel_parcel(
            case_id=case.pk, consignment_id=row.id, reason=reason, by=w.clerk, at=NOON, key=uuid4()
        )

    with pytest.raises(errors.ReasonMissing):
        cancel("")
    cancel()
    services.cancel_at_courier(case_id=case.pk, consignment_id=row.id)
    assert DoubleParcel.objects.get().state == "cancelled"
    with pytest.raises(errors.ParcelMovedOn):
        cancel()
    row = ordered(w, case)
    tell(row, "collected")
    with pytest.raises(errors.ParcelMovedOn):
        cancel()
    with pytest.raises(errors.ParcelUnknown):
        services.cancel_at_courier(case_id=case.pk, consignment_id=uuid4())


def test_an_order_that_was_lost_and_a_silent_courier_are_seen_to(w, case):
    parcel_id = send(w, case)
    assert services.sweep_parcels(NOON) == 0
    assert services.sweep_parcels(NOON + HOUR) == 1
    services.order_parcel(case_id=case.pk, consignment_id=parcel_id, at=NOON + HOUR)
    services.order_parcel(case_id=case.pk, consignment_id=parcel_id, at=NOON + HOUR)
    row = Consignment.objects.get()
    double.play(row.reference, "collected", at=NOON + HOUR)  # not told

    assert services.sweep_parcels(NOON + 2 * HOUR) == 0
    assert services.sweep_parcels(NOON + 9 * HOUR) == 1
    services.look_at_parcel(case_id=case.pk, consignment_id=row.id, at=NOON + 9 * HOUR)
    services.look_at_parcel(case_id=case.pk, consignment_id=row.id, at=NOON + 9 * HOUR)

    assert Consignment.objects.get().state == "moving"
    assert ConsignmentTrack.objects.count() == 1


def test_what_nobody_told_anything_of_for_days_is_on_a_list_of_its_own(
    w, case, django_assert_max_num_queries
):
    row = ordered(w, case)
    late = NOON + timedelta(days=4)

    assert selectors.parcels_waiting(w.clerk, NOON, 9) == (0, 0)
    assert selectors.parcels_waiting(w.clerk, late, 9) == (0, 1)
    with django_assert_max_num_queries(4):
        lines, more = selectors.parcels(w.clerk, late, shown="stuck")
    assert [(one.waybill, one.stuck, one.receiver) for one in lines] == [(row.waybill, True, "李*")]
    assert more is None
    assert list(selectors.results_to_remind(legal_day(NOON + timedelta(days=9)), 9)) == [], "told to come, no"
    assert selectors.parcels(w.reviewer, late, shown="all") == ([], None)


# The door of couriers


def callback(headers, body):
    return Client(enforce_csrf_checks=True).post(
        "/api/v1/courier-callbacks/double", body, content_type="application/json", headers=headers
    )


def test_only_what_the_courier_signed_lately_and_readably_is_heard(w, case, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    row = ordered(w, case)
    told = double.play(row.reference, "collected", at=NOON)
    headers, body = double.telling(told, at=NOON + HOUR)

    assert callback(headers | {double.SIGNATURE: "0" * 64}, body).json()["code"] == "courier_signature_wrong"
    assert callback(headers, body + b" ").json()["code"] == "courier_signature_wrong"
    stale = double.telling(told, at=NOON - HOUR)
    assert callback(*stale).json()["code"] == "courier_telling_stale"
    for wrong in (
        {"kind": "lost"},
        {"event": "x"},
        {"happened_at": "2026-09-18"},
        {"signer": "甲" * 61},
        {"words": 1},
    ):
        answer = callback(*double.telling({**told, **wrong}, at=NOON + HOUR))
        assert answer.json()["code"] == "courier_telling_unreadable", wrong
    later = {**told, "happened_at": (NOON + 9 * HOUR).isoformat()}
    assert callback(*double.telling(later, at=NOON + HOUR)).json()["code"] == "courier_telling_unreadable"
    nobody = {**told, "reference": "JD0"}
    assert callback(*double.telling(nobody, at=NOON + HOUR)).json()["code"] == "parcel_not_found"
    assert not ConsignmentTrack.objects.exists()
    assert [callback(headers, body).json() for _ in range(3)] == [{"verdict": "moving"}] * 3
    assert ConsignmentTrack.objects.count() == 1
    notes = str(list(AuditEntry.objects.filter(root_id=case.pk).values_list("notes", flat=True)))
    assert TO.address not in notes
    assert TO.receiver not in notes


def test_outside_a_demo_the_double_carries_nothing(w, case, settings):
    row = ordered(w, case)
    settings.MINGQU_DEMO = False

    with pytest.raises(errors.CourierUnavailable):
        send(w, case)
    with pytest.raises(errors.CourierUnknown):
        registry.named("double")
    assert not registry.there_is_one()
    assert callback({}, b"{}").json()["code"] == "courier_not_found"
    assert Client().get(f"/double/courier/{row.reference}/").status_code == 404


# Pages


def test_the_clerk_sends_watches_and_the_applicant_sees_where_it_is(w, case, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    clerk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    citizen = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    page = f"/desk/parcels/{case.number}/"
    own = f"/my/parcels/{case.number}/"
    assert citizen.get(own).status_code == 404
    assert "寄给申请人" in clerk.get(f"/desk/cases/{case.number}/delivery/").content.decode()
    given = {"key": str(uuid4()), "receiver": TO.receiver, "phone": TO.phone, "address": TO.address}

    assert "请填写" in clerk.post(page, given | {"address": " "}).content.decode()
    assert clerk.post(page, given).status_code == 302
    row = Consignment.objects.get()
    services.order_parcel(case_id=case.pk, consignment_id=row.id, at=NOON + HOUR)
    row = Consignment.objects.get()
    assert row.waybill in clerk.get("/desk/parcels/?show=open").content.decode()
    courier = Client()
    address = f"/double/courier/{row.reference}/"
    assert courier.get(address).status_code == 200
    courier.post(address, {"choice": "collected"})
    shown = citizen.get(own).content.decode()
    assert row.waybill in shown
    assert "快递员已取件" in shown
    assert TO.address in shown
    assert "快递到哪里了" in citizen.get(reverse("cases:progress", args=[case.number])).content.decode()
    stranger = people.signed_in(Client(), people.citizen("别人")[0])
    assert stranger.get(own).status_code == 404
    courier.post(address, {"choice": "thrice"})
    assert "已签收" in clerk.get("/desk/parcels/?show=signed").content.decode()
    book = clerk.post("/desk/parcels/export/", {"show": "signed"})
    assert book.status_code == 200
    assert AuditEntry.objects.filter(action="parcel.export").count() == 1


def test_cancelling_asks_why_on_the_page(w, case, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    row = ordered(w, case)
    clerk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    cancel = f"/desk/parcels/{case.number}/{row.id}/cancellation/"

    assert "请写明为什么取消" in clerk.post(cancel, {"key": str(uuid4())}).content.decode()
    assert clerk.post(cancel, {"key": str(uuid4()), "reason": "改为自己来领"}).status_code == 302
    assert clerk.post(cancel, {"key": str(uuid4()), "reason": "再点一次"}).status_code == 409
    assert Consignment.objects.get().state == "cancelled"
