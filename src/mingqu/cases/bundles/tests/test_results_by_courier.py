"""寄递 of a 一件事 chosen when it is filed: the address is said once, and every part has it."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.services import window
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests.test_at_window import at_window, typed
from mingqu.cases.errors import AddressIncomplete, DeliveryFixed, DeliveryNotChosen
from mingqu.cases.models import Bundle, DeliveryAddress
from mingqu.cases.own_data import copy as copy_of_cases
from mingqu.cases.types import BY_POST, Addressee
from mingqu.documents.models import DocumentRequest
from mingqu.forms import services as forms
from mingqu.forms.models import Draft
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.identifiers import IdentifierRefused

pytestmark = pytest.mark.django_db
TO = Addressee("李晓禾", "19900001234", "清禾区青澜街道试验路2号3单元401")
OTHER = Addressee("李晓禾的姐姐", "19900005678", "清禾区云澜街道试验路9号")


@pytest.fixture
def w():
    return b.world()


@pytest.fixture
def browser(w, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: b.NOON)
    return people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))


def begun(w, to=TO):
    started = b.draft(w, context={"delivery": BY_POST})
    forms.keep_aside(draft_id=started.draft_id, aside=to.words, by=w.citizen, at=b.NOON)
    return started


def filed(w, to=TO):
    return Bundle.objects.get(pk=b.file(w, begun(w, to)).bundle_id)


def running(w):
    bundle = filed(w)
    b.settle()
    b.record(w, bundle)
    b.settle()
    b.accept(w, bundle)
    b.settle()
    return bundle


def choose(w, bundle, way=BY_POST, to=TO, by=None):
    done = services.choose_delivery(
        bundle_id=bundle.pk, way=way, to=to, by=by or w.citizen, at=b.NOON, key=uuid4()
    )
    b.settle()
    bundle.refresh_from_db()
    return done


def sent_to(bundle, code):
    case = b.case(bundle, code)
    to = cases.delivery_address(case)
    return case.delivery_way, case.by_post, to and to.words


def test_every_part_goes_where_she_said_once_also_the_one_that_is_filed_later(w):
    bundle = filed(w)
    assert (bundle.delivery_way, bundle.by_post, bundle.sent_to) == ("window", True, TO.words)
    assert Draft.objects.get(pk=bundle.pk).aside is None, "nothing of it stays beside the draft"
    assert not DeliveryAddress.objects.exists(), "no part is filed before the licence is there"

    b.settle()
    b.record(w, bundle)
    b.settle()

    for code in ("food", "sign", "drainage"):
        assert sent_to(bundle, code) == ("window", True, TO.words)
    receipt = DocumentRequest.objects.get(kind="bundle_receipt")
    assert receipt.data["delivery"] == "寄递"


def test_without_an_address_nothing_is_filed(w):
    started = b.draft(w, context={"delivery": BY_POST})
    with pytest.raises(AddressIncomplete):
        b.file(w, started)
    forms.keep_aside(draft_id=started.draft_id, aside={**TO.words, "phone": "123"}, by=w.citizen, at=b.NOON)
    with pytest.raises(IdentifierRefused):
        b.file(w, started)
    assert not Bundle.objects.exists()


def test_another_address_is_said_once_for_all_parts_under_way(w):
    bundle = running(w)
    b.decide(w, bundle, "food")
    b.settle()

    choose(w, bundle, to=OTHER)

    assert bundle.sent_to == OTHER.words
    assert sent_to(bundle, "sign") == sent_to(bundle, "drainage") == ("window", True, OTHER.words)
    assert sent_to(bundle, "food") == ("window", True, TO.words), "where a decided one goes, the hall changes"
    choose(w, bundle, way="window", to=None)
    assert bundle.sent_to is None and sent_to(bundle, "sign") == ("window", False, None)


def test_consent_to_electronic_delivery_is_given_before_the_first_decision_and_by_her_alone(w):
    bundle = running(w)
    with pytest.raises(NotAuthorised):
        choose(w, bundle, way="electronic", by=w.clerk)
    with pytest.raises(DeliveryNotChosen):
        choose(w, bundle, way="pigeon")
    choose(w, bundle, way="electronic", to=None)
    assert sent_to(bundle, "sign") == ("electronic", False, None)
    assert b.case(bundle, "sign").delivery_consent_at == b.NOON
    choose(w, bundle)
    b.decide(w, bundle, "food")
    b.settle()

    with pytest.raises(DeliveryFixed):
        choose(w, bundle, way="electronic", to=None)

    services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()
    with pytest.raises(DeliveryFixed):
        choose(w, bundle)


def test_the_same_press_changes_it_once(w):
    bundle, key = filed(w), uuid4()
    given = {"bundle_id": bundle.pk, "way": BY_POST, "to": OTHER, "by": w.citizen, "at": b.NOON, "key": key}

    assert services.choose_delivery(**given) == services.choose_delivery(**given)


def test_at_the_window_the_clerk_types_where_all_results_go(w):
    person_id = at_window.walk_in(w)
    view, by = typed(w, person_id), at_window.assisting(w, person_id)
    given = {"draft_id": view.draft_id, "by": by, "at": b.NOON}

    assert window.choose_delivery(way=BY_POST, to=TO, **given)
    assert not window.choose_delivery(way=BY_POST, to=OTHER, **given), (
        "the way is known, the address is another"
    )
    now = window.open_at_window(**given)
    services.file_bundle_at_window(
        draft_id=view.draft_id,
        base_version=now.view.version,
        applicant_id=person_id,
        by=w.clerk,
        at=b.NOON,
        key=uuid4(),
    )

    assert Bundle.objects.get().sent_to == OTHER.words


def test_her_pages_ask_for_it_say_where_it_goes_masked_and_let_her_change_it(w, browser):
    draft = b.draft(w, context={"delivery": ""})
    check = reverse("bundles:check", args=[draft.draft_id])
    page = browser.get(check)
    assert "快递寄到下面填的地址" in page.content.decode()
    form = page.context["form"]
    given = {"key": form["key"].value(), "version": form["version"].value(), "declared": "on"}
    empty = browser.post(check, {**given, "delivery": BY_POST})
    assert empty.status_code == 400 and not Bundle.objects.exists()
    assert browser.post(check, {**given, "delivery": BY_POST, **TO.words}).status_code == 302
    b.settle()
    bundle = Bundle.objects.get()

    assert (
        "装在一个邮件里寄给您" in browser.get(reverse("bundles:done", args=[bundle.number])).content.decode()
    )
    shown = browser.get(reverse("bundles:progress", args=[bundle.number])).content.decode()
    assert "寄递：各事项的结果装在一个邮件里寄给您" in shown and TO.address not in shown
    assert "199****1234" in shown
    change = reverse("bundles:delivery", args=[bundle.number])
    assert change in shown
    form = browser.get(change).context["form"]
    assert form["address"].value() == TO.address
    told = browser.post(change, {"key": form["key"].value(), "delivery": BY_POST, **OTHER.words}, follow=True)
    assert "送达方式已经保存" in told.content.decode()
    bundle.refresh_from_db()
    assert bundle.sent_to == OTHER.words


def test_what_is_no_more_under_way_sends_back_to_its_page_and_others_see_nothing(w, browser):
    bundle = running(w)
    services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()
    change = reverse("bundles:delivery", args=[bundle.number])

    assert browser.get(change).url == reverse("bundles:progress", args=[bundle.number])
    stranger, _actor = people.citizen("张三")
    assert people.signed_in(Client(), stranger).get(change).status_code == 404


def test_the_address_stands_in_the_copy_of_her_data(w):
    bundle = filed(w)

    rows = [
        row for part in copy_of_cases(w.citizen.id) if part.code == "bundle_addresses" for row in part.rows
    ]

    assert [tuple(row)[:4] for row in rows] == [(bundle.number, *TO.words.values())]


def test_in_lists_it_is_not_hers_to_come_for(w):
    bundle = running(w)
    for code in ("food", "sign", "drainage"):
        b.decide(w, bundle, code)
    b.settle()

    (own,) = selectors.own_bundles(w.citizen)

    assert own.status == "decided" and not own.yours
