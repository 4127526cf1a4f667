"""开餐饮店一件事 from one form to one delivery: a bundle of four, each part with its own clock."""

import pytest

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.tasks import deliver_parts_in_time
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import Bundle, Case, CaseMaterial
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.documents.models import DocumentRequest
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return b.world()


def papers(root_id, kind):
    return [
        row.data
        for row in DocumentRequest.objects.filter(root_id=root_id, kind=kind).order_by("requested_at", "id")
    ]


def test_three_services_ask_each_common_thing_once(w):
    of = catalogue.open_bundle(b.CODE)
    wanted = catalogue.needed_of_answers(of, b.SITUATION)
    form = catalogue.merged_form(of, wanted)

    def titles(schema):
        for below in schema["properties"].values():
            yield from titles(below) if below["type"] == "object" else [below["title"]]

    asked = list(titles(form.schema))
    own = [of.definitions[part.code] for part in wanted.parts if part.code in of.definitions]
    apart = [t for d in own for t in titles(d.form.schema)]
    assert len(asked) == len(set(asked)), "CAS-12: nothing is asked twice"
    assert asked.count("联系电话") == 1 and apart.count("联系电话") == 3
    assert "统一社会信用代码" not in asked, "the licence brings it"
    assert "营业执照" not in [m.material.name for m in catalogue.merged_materials(of, wanted)]


def test_the_days_are_those_of_the_longest_way_not_the_sum(w):
    """CAS-04."""
    of = catalogue.open_bundle(b.CODE)
    elapsed = catalogue.needed_of_answers(of, b.SITUATION).elapsed

    assert (elapsed.days, elapsed.serial) == (3 + 8, 3 + 8 + 5 + 7)
    assert elapsed.path == ["licence", "food"]


def test_what_waits_for_the_licence_is_filed_when_the_licence_is_there(w):
    bundle = b.filed(w)
    b.settle()

    assert b.states(bundle) == {
        "licence": "outside",
        "food": "waiting",
        "sign": "waiting",
        "drainage": "waiting",
    }
    assert Case.objects.count() == 0
    b.record(w, bundle)
    b.settle()

    assert b.states(bundle) == {"licence": "granted", "food": "filed", "sign": "filed", "drainage": "filed"}
    food = b.case(bundle, "food")
    assert (food.bundle_id, food.received_on) == (bundle.pk, legal_day(b.NOON))
    assert food.answers["credit_code"] == b.CREDIT_CODE, "what the licence brought is filled in"
    assert food.answers["manager_phone"] == "19900001234" and food.answers["area_m2"] == 60
    licence = CaseMaterial.objects.get(case=food, code="business-licence")
    assert (licence.state, licence.how) == ("given", "paper"), "seen by the clerk who entered it"
    assert CaseMaterial.objects.filter(case=food, how="upload").count() == 2


def test_a_firm_with_a_reserved_name_keeps_its_id_when_its_code_comes(w):
    bundle = b.filed(w)
    b.settle()
    firm = identity.firm(bundle.party_id)
    assert (firm.reserved_name_number, firm.credit_code) == ("ZS20260007", "")

    b.record(w, bundle)
    b.settle()

    bundle.refresh_from_db()
    assert identity.firm(bundle.party_id).credit_code == b.CREDIT_CODE
    food = b.case(bundle, "food")
    assert (food.party_kind, food.party_id) == ("firm", firm.id)
    assert food.applicant_id == w.citizen.id, "the person goes on acting"


def test_a_person_who_begins_ends_as_a_firm(w):
    situation = {**b.SITUATION, "subject": "person"}
    answers = {k: v for k, v in b.ANSWERS.items() if not k.startswith("reserved")}
    bundle = b.filed(w, situation=situation, answers=answers)
    b.settle()
    assert (bundle.party_kind, bundle.party_id) == ("person", None)

    b.record(w, bundle)
    b.settle()

    bundle.refresh_from_db()
    assert bundle.party_kind == "firm" and identity.firm(bundle.party_id).credit_code == b.CREDIT_CODE
    assert b.case(bundle, "food").party_id == bundle.party_id


def test_one_notice_of_acceptance_for_all_parts_and_none_of_their_own(w):
    bundle = b.accepted(w)

    assert b.states(bundle) == {
        "licence": "granted",
        "food": "accepted",
        "sign": "accepted",
        "drainage": "accepted",
    }
    [notice] = papers(bundle.pk, "bundle_acceptance")
    assert [p["name"] for p in notice["accepted"]] == [
        "食品经营许可",
        "户外招牌设置许可",
        "污水排入排水管网许可",
    ]
    assert notice["still_open"] == []
    for code in ("food", "sign", "drainage"):
        own = {row.kind for row in DocumentRequest.objects.filter(root_id=b.case(bundle, code).pk)}
        assert own == set(), "行政许可法 32: the bundle's notice tells of it"
    kinds = list(InboxMessage.objects.values_list("kind", flat=True))
    assert sorted(kinds) == ["bundle_accepted", "bundle_received"]


def test_the_limit_of_handling_together_is_45_working_days_and_the_earliest_binds(w):
    """行政许可法 42, second paragraph."""
    bundle = b.accepted(w)
    calendar = clocks.current_calendar()

    assert bundle.status == "handling"
    assert bundle.due_on == calendar.add_working_days(legal_day(b.NOON), 45)
    found = selectors.limits(bundle, selectors.parts_of(bundle))
    assert found.binding == calendar.add_working_days(legal_day(b.NOON), 5)
    assert (found.joint, found.binding_part) == (bundle.due_on, "户外招牌设置许可")


def test_accepting_one_part_leaves_the_others_and_says_so(w):
    bundle = b.licensed(w)

    b.accept(w, bundle, "food")
    b.settle()

    assert b.states(bundle)["sign"] == "filed"
    [notice] = papers(bundle.pk, "bundle_acceptance")
    assert [p["name"] for p in notice["accepted"]] == ["食品经营许可"]
    assert [p["name"] for p in notice["still_open"]] == ["户外招牌设置许可", "污水排入排水管网许可"]


def test_one_refused_and_two_granted_are_delivered_at_one_time(w):
    b.seal_all()
    bundle = b.accepted(w)
    b.decide(w, bundle, "food")
    b.decide(w, bundle, "sign", "refused")
    b.make_papers()
    assert Case.objects.filter(status="delivered").count() == 0, "the last outcome is not there yet"
    b.decide(w, bundle, "drainage")

    b.make_papers()

    bundle.refresh_from_db()
    assert b.states(bundle) == {
        "licence": "granted",
        "food": "granted",
        "sign": "refused",
        "drainage": "granted",
    }
    assert bundle.status == "delivered" and bundle.closed_on == legal_day(b.NOON)
    assert set(Case.objects.values_list("status", flat=True)) == {"delivered"}
    refusal = papers(b.case(bundle, "sign").pk, "decision_refused")[0]
    assert refusal["reconsideration_organ"] and refusal["court"], "行政许可法 38: the remedies"
    assert InboxMessage.objects.filter(kind="bundle_delivered").count() == 1
    assert InboxMessage.objects.filter(kind="case_delivered").count() == 0


def test_no_result_waits_longer_than_the_ten_days_for_delivery(w):
    """行政许可法 44: the last outcome may be late, the first result must not be."""
    b.seal_all()
    bundle = b.accepted(w)
    b.decide(w, bundle, "food")
    b.make_papers()
    last_day = b.case(bundle, "food").due_on
    before = b.NOON + (last_day - legal_day(b.NOON)) - b.DAY

    deliver_parts_in_time(before)
    assert b.case(bundle, "food").status == "decided"
    deliver_parts_in_time(before + b.DAY)
    b.settle(before + b.DAY)

    assert b.case(bundle, "food").status == "delivered"
    assert b.part(bundle, "food").delivered_on == last_day and b.states(bundle)["sign"] == "accepted"


def test_no_licence_no_shop_what_comes_after_a_refusal_is_not_filed(w):
    bundle = b.filed(w)
    b.settle()
    b.record(w, bundle, b.OutsideResult("refused", reasons="住所不符合登记条件"))
    b.settle()

    bundle.refresh_from_db()
    assert b.states(bundle) == {
        "licence": "refused",
        "food": "skipped",
        "sign": "skipped",
        "drainage": "skipped",
    }
    assert bundle.status == "delivered", "nothing of ours is left to deliver"
    assert Case.objects.count() == 0


def test_where_one_refusal_ends_all_the_others_end_with_reason_and_remedies():
    w = b.world(on_refusal="end_all")
    bundle = b.accepted(w)
    b.decide(w, bundle, "sign", "refused")
    b.settle()

    assert b.states(bundle) == {
        "licence": "granted",
        "food": "terminated",
        "sign": "refused",
        "drainage": "terminated",
    }
    bundle.refresh_from_db()
    assert bundle.status == "decided"
    assert papers(b.case(bundle, "food").pk, "termination_notice")[0]["court"]


def test_withdrawing_takes_back_what_is_not_decided_and_leaves_what_is(w):
    b.seal_all()
    bundle = b.accepted(w)
    b.decide(w, bundle, "food")
    b.settle()

    b.services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=b.new_id())
    b.settle()

    assert b.states(bundle) == {
        "licence": "granted",
        "food": "granted",
        "sign": "withdrawn",
        "drainage": "withdrawn",
    }
    b.make_papers()
    assert Bundle.objects.get().status == "delivered"


def test_a_bundle_withdrawn_before_the_licence_files_nothing(w):
    bundle = b.filed(w)
    b.services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=b.new_id())
    b.settle()

    assert set(b.states(bundle).values()) == {"withdrawn"}
    assert Bundle.objects.get().status == "withdrawn" and Case.objects.count() == 0
