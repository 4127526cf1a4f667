"""What is refused at filing leaves nothing behind; what is filed twice is filed once; who may see what."""

import itertools
import threading
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases import services as cases
from mingqu.cases.bundles import events, receivers, selectors, services
from mingqu.cases.bundles.errors import (
    AlreadyFinished,
    BundleUnknown,
    NotDecidedYet,
    NotOutside,
    PapersNotReady,
    PartUnknown,
    ResultIncomplete,
    SubjectKnown,
)
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import (
    DeliveryNotChosen,
    DeliveryNotConsented,
    FormIncomplete,
    IdentityNeeded,
    MaterialsMissing,
    ServiceIncomplete,
    SituationStops,
    SituationUnanswered,
)
from mingqu.cases.models import Bundle, BundlePart, Case, MaterialFile
from mingqu.cases.types import Asked, Served
from mingqu.documents import selectors as documents
from mingqu.forms.errors import DraftAlreadyFiled
from mingqu.identity import selectors as identity
from mingqu.identity import services as parties
from mingqu.identity.errors import NotAuthorised, NumberTaken
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewFirm
from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers import IdentifierRefused
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.types import Actor

WITHOUT_SHOP = {k: v for k, v in b.ANSWERS.items() if k != "shop_name"}


@pytest.fixture
def w(db):
    return b.world()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"answers": WITHOUT_SHOP}, FormIncomplete),
        ({"answers": {**b.ANSWERS, "food": {}}}, FormIncomplete),
        ({"answers": {**b.ANSWERS, "contact_phone": "123"}}, FormIncomplete),
        ({"situation": {k: v for k, v in b.SITUATION.items() if k != "outlet"}}, SituationUnanswered),
        ({"situation": {**b.SITUATION, "outlet": "rain"}}, SituationStops),
        ({"situation": {**b.SITUATION, "open_fire": "yes", "above_homes": "yes"}}, SituationStops),
        ({"files": ["food--floor-plan"]}, MaterialsMissing),
        ({"context": {"delivery": ""}}, DeliveryNotChosen),
    ],
)
def test_what_is_incomplete_is_not_filed_and_nothing_is_left(w, given, refusal):
    started = b.draft(w, **given)

    with pytest.raises(refusal):
        b.file(w, started)

    assert Bundle.objects.count() == BundlePart.objects.count() == 0
    assert not MaterialFile.objects.exclude(state="pending").exists()
    assert not OutboxEvent.objects.filter(root_id=started.draft_id).exists()


def test_who_has_not_told_name_and_number_does_so_first(w):
    user = parties.open_account(phone=people.phone(), at=people.NOON)
    stranger = Actor("citizen", user.person_id, user_id=user.id)
    started = b.draft(w, by=stranger)

    with pytest.raises(IdentityNeeded):
        b.file(w, started, by=stranger)


def test_without_a_big_sign_and_a_drain_only_the_food_licence_is_asked_for(w):
    situation = {**b.SITUATION, "signboard": "small", "discharge": "no"}
    del situation["sign_place"], situation["outlet"]
    answers = {k: v for k, v in b.ANSWERS.items() if k not in ("sign", "drainage", "contact_name")}

    bundle = b.filed(w, situation=situation, answers=answers)

    assert set(b.states(bundle)) == {"licence", "food"}


def test_the_same_key_again_gives_the_first_result_and_another_finds_it_filed(w):
    started, key = b.draft(w), b.new_id()

    first, second = b.file(w, started, key=key), b.file(w, started, key=key)
    with pytest.raises(DraftAlreadyFiled):
        b.file(w, started)

    assert first == second and Bundle.objects.count() == 1


def test_an_event_delivered_again_files_nothing_twice(w):
    """A relay that died after its work and before its note."""
    bundle = b.licensed(w)
    ordered = OutboxEvent.objects.filter(name="cases.bundle_part_ordered")
    from mingqu.kernel.json import load

    for row in ordered:
        event = load(events.PartOrdered, row.payload)
        receivers.give_order(event, at=row.at)
    filed = load(
        events.BundleFiled, OutboxEvent.objects.get(root_id=bundle.pk, name="cases.bundle_filed").payload
    )
    receivers.register_reserved_firm(filed, at=b.NOON)
    for case in Case.objects.all():
        services.follow_case(case=case, happened="cases.received", at=b.NOON)

    assert Case.objects.count() == 3
    assert b.states(bundle)["food"] == "filed"
    for case in Case.objects.all():
        assert AuditEntry.objects.filter(root_id=case.pk, action="case.file").count() == 1
        files = MaterialFile.objects.filter(root_id=case.pk)
        assert files.count() == files.values("material_code").distinct().count()


def test_an_order_a_case_no_longer_takes_is_given_up(w):
    bundle = b.licensed(w)
    b.accept(w, bundle, "food")
    cases.withdraw_case(case_id=b.case(bundle, "food").pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()

    assert b.part(bundle, "food").pending == ""
    assert b.states(bundle)["food"] == "withdrawn"


@pytest.mark.parametrize(
    ("result", "refusal"),
    [
        (b.granted_licence(credit_code=""), ResultIncomplete),
        (b.granted_licence(name=" "), ResultIncomplete),
        (b.granted_licence(number=""), ResultIncomplete),
        (b.granted_licence(credit_code=b.CREDIT_CODE[:-1] + "I"), IdentifierRefused),
        (b.OutsideResult("refused"), ResultIncomplete),
        (b.OutsideResult("maybe"), ResultIncomplete),
    ],
)
def test_a_result_with_a_gap_or_a_wrong_code_is_not_entered(w, result, refusal):
    bundle = b.filed(w)
    b.settle()

    with pytest.raises(refusal):
        b.record(w, bundle, result)

    assert b.states(bundle)["licence"] == "outside"
    assert identity.firm(bundle.party_id).credit_code == ""


def test_another_firms_code_is_refused_and_nothing_is_entered(w):
    parties.create_firm(draft=NewFirm("别家", b.CREDIT_CODE), by=b.f.SYSTEM, at=people.NOON, key=b.new_id())
    bundle = b.filed(w)
    b.settle()

    with pytest.raises(NumberTaken):
        b.record(w, bundle)

    assert b.states(bundle)["licence"] == "outside"


def test_a_result_is_entered_once_and_only_for_what_is_outside(w):
    bundle = b.filed(w)
    b.settle()
    key = b.new_id()
    b.record(w, bundle, key=key)
    b.record(w, bundle, key=key)

    with pytest.raises(NotOutside):
        b.record(w, bundle)
    with pytest.raises(PartUnknown):
        services.record_result(
            bundle_id=bundle.pk, code="x", result=b.granted_licence(), by=w.clerk, at=b.NOON, key=b.new_id()
        )
    with pytest.raises(NotOutside):
        services.record_result(
            bundle_id=bundle.pk,
            code="food",
            result=b.granted_licence(),
            by=w.clerk,
            at=b.NOON,
            key=b.new_id(),
        )


def test_a_crash_after_the_firm_was_bound_is_made_good_by_entering_it_again(w):
    bundle = b.filed(w)
    b.settle()
    parties.bind_firm(
        firm_id=bundle.party_id, credit_code=b.CREDIT_CODE, by=w.clerk, at=b.NOON, key=b.new_id()
    )

    b.record(w, bundle)
    b.settle()

    assert b.states(bundle)["food"] == "filed"


def test_a_code_brought_from_elsewhere_is_bound_once(w):
    bundle = b.filed(w)
    b.settle()

    def bind(code):
        services.bind_subject(
            bundle_id=bundle.pk, credit_code=code, name="望渠", by=w.clerk, at=b.NOON, key=b.new_id()
        )

    bind(b.CREDIT_CODE)
    with pytest.raises(SubjectKnown):
        bind(b.OTHER_CODE)

    assert Bundle.objects.get().credit_code == b.CREDIT_CODE


def test_parts_under_way_change_their_party_with_the_bundle(db):
    """A bundle whose food licence may begin under the reserved name."""
    document = b.document()
    food = document["parts"][1]
    food |= {"after": [], "subject": "provisional_firm"}
    document["materials"][0]["to"].pop("food")
    w = b.world(parts=document["parts"], materials=document["materials"])
    situation = {**b.SITUATION, "subject": "person"}
    answers = {k: v for k, v in b.ANSWERS.items() if not k.startswith("reserved")}
    bundle = b.filed(w, situation=situation, answers=answers)
    b.settle()
    assert b.case(bundle, "food").party_id is None

    b.record(w, bundle)
    b.settle()

    food_case = b.case(bundle, "food")
    assert (food_case.party_kind, food_case.party_name) == ("firm", "澜州市望渠餐饮有限公司")
    entry = AuditEntry.objects.get(root_id=food_case.pk, action="case.change_party")
    assert "望渠" not in str(entry.notes), "the name is kept as a digest only"


def test_delivery_waits_for_the_last_outcome_its_papers_and_consent(w):
    bundle = b.accepted(w, context={"delivery": "window"})

    def deliver(served=None, by=None):
        services.deliver_bundle(
            bundle_id=bundle.pk,
            served=served or Served.at_window("李晓禾"),
            by=by or w.clerk,
            at=b.NOON,
            key=b.new_id(),
        )

    with pytest.raises(NotDecidedYet):
        deliver()
    for code in ("food", "sign", "drainage"):
        b.decide(w, bundle, code)
    b.settle()
    with pytest.raises(PapersNotReady):
        deliver()
    b.seal_all()
    b.make_papers()
    with pytest.raises(DeliveryNotConsented):
        deliver(Served.electronic())
    with pytest.raises(ServiceIncomplete):
        deliver(Served("window"))
    deliver()
    b.settle()

    assert set(Case.objects.values_list("status", flat=True)) == {"delivered"}
    assert {one.services_of_paper.get().way for one in Case.objects.all()} == {"window"}
    with pytest.raises(NotDecidedYet):
        deliver()
    with pytest.raises(AlreadyFinished):
        services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=b.new_id())


COMMANDS = {
    "accept": lambda w, c, by: b.accept(w, c, by=by),
    "ask": lambda w, c, by: services.ask_bundle_correction(
        bundle_id=c.pk, asked={"food": [Asked("floor-plan", "看不清")]}, by=by, at=b.NOON, key=b.new_id()
    ),
    "supplement": lambda w, c, by: services.supplement_bundle(
        bundle_id=c.pk, by=by, at=b.NOON, key=b.new_id()
    ),
    "withdraw": lambda w, c, by: services.withdraw_bundle(bundle_id=c.pk, by=by, at=b.NOON, key=b.new_id()),
    "choose": lambda w, c, by: services.choose_delivery(
        bundle_id=c.pk, way="window", by=by, at=b.NOON, key=b.new_id()
    ),
    "deliver": lambda w, c, by: services.deliver_bundle(
        bundle_id=c.pk, served=Served.at_window("某"), by=by, at=b.NOON, key=b.new_id()
    ),
    "record": lambda w, c, by: b.record(w, c, by=by),
    "bind": lambda w, c, by: services.bind_subject(
        bundle_id=c.pk, credit_code=b.CREDIT_CODE, name="某", by=by, at=b.NOON, key=b.new_id()
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_nobody_acts_on_another_persons_bundle(w, name):
    bundle = b.filed(w)
    b.settle()
    strangers = [people.citizen()[1], w.other["CGJ-LEAD"]]

    for stranger in strangers:
        with pytest.raises(NotAuthorised):
            COMMANDS[name](w, bundle, stranger)


def test_the_applicant_the_window_and_the_departments_of_its_parts_see_it_and_nobody_else(w):
    bundle = b.filed(w)
    elsewhere = b.f._department("QH-MZJ", "澜州市清禾区民政局", None, "")
    foreign = b.f._post("MZJ-01", "民政", elsewhere, "reviewer", elsewhere)

    for actor in (w.citizen, w.clerk, w.base.reviewer, w.other["SWJ-PS-01"]):
        assert selectors.bundle_visible_to(actor, bundle.number).pk == bundle.pk
        assert list(selectors.visible_bundles(actor)) == [bundle]
    for actor in (people.citizen()[1], foreign, None):
        with pytest.raises(BundleUnknown):
            selectors.bundle_visible_to(actor, bundle.number)
        if actor:
            assert list(selectors.visible_bundles(actor)) == []


def test_a_part_sees_only_its_own_files(w):
    bundle = b.licensed(w)

    kinds = {file.kind for file in documents.files_of(b.case(bundle, "sign").pk)}

    assert kinds == {"sign-drawing", "premises-right"}


RACES = {
    "received": (b.licensed, ["accept", "ask", "withdraw", "choose"]),
    "outside": (lambda w: _settled(b.filed(w)), ["record", "withdraw", "bind"]),
}


def _settled(bundle):
    b.settle()
    return bundle


def _outcome(w, name, bundle):
    who = w.citizen if name in ("withdraw", "supplement", "choose") else w.clerk
    try:
        COMMANDS[name](w, bundle, who)
    except DomainError as refusal:
        return refusal.code
    return None


def _picture(bundle):
    b.settle()
    entries = list(AuditEntry.objects.filter(root_id=bundle.pk).order_by("seq"))
    assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
    parts = BundlePart.objects.filter(bundle=bundle)
    assert not parts.exclude(pending="").exists(), "nothing is waited for any more"
    return b.states(bundle), Bundle.objects.get(pk=bundle.pk).status


@pytest.mark.parametrize("state", RACES)
def test_two_commands_at_once_end_as_in_one_of_the_two_orders(committed_db, state):
    make, names = RACES[state]
    w = b.world()
    numbers = iter(range(100, 999))

    def fresh():
        # Every bundle brings a firm of its own.
        code = str(b.CreditCode.build("9", "1", "990104", f"MA{next(numbers):06d}"))
        b.CREDIT_CODE = code
        return make(w)

    for one, other in itertools.combinations_with_replacement(names, 2):
        raced = _at_once(w, fresh(), one, other)
        # One order after the other, and the second only where the first was not it.
        orders = (_one_after_the_other(w, fresh(), one, other, order) for order in ((0, 1), (1, 0)))
        assert any(raced in allowed for allowed in orders), f"{one} ∥ {other}"


def _one_after_the_other(w, bundle, one, other, order):
    """What each found, and the bundle afterwards; of two that are the same either may have been the first."""
    found = {place: _outcome(w, (one, other)[place], bundle) for place in order}
    results, seen = [found[0], found[1]], _picture(bundle)
    return [(results, seen), (results[::-1], seen)] if one == other else [(results, seen)]


def _at_once(w, bundle, one, other):
    results, start = {}, threading.Barrier(2)

    def act(place, name):
        try:
            start.wait()
            results[place] = _outcome(w, name, bundle)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=given) for given in ((0, one), (1, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == 2, f"{one} or {other} died"
    return [results[0], results[1]], _picture(bundle)
