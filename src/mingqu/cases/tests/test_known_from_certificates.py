"""What a certificate already says is offered with its source, put in when asked for, and never by itself."""

import pytest
from django.test import Client

from mingqu.cases import known
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue
from mingqu.certificates.models import Certificate
from mingqu.forms.models import Draft
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db
ITEM = "QH-PSXK"  # waste water: asks name, code and place of the shop, as the food licence says them
SITUATION = {"subject": "person", "trade": "catering", "outlet": "sewer"}


@pytest.fixture
def w():
    made = b.world()
    b.seal_all()
    return made


@pytest.fixture
def licence(w) -> Certificate:
    case = f.decided_case(w.base)
    return Certificate.objects.get(pk=issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON).certificate_id)


def browser(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def begun(client) -> str:
    return client.post(f"/apply/{ITEM}/begin/", SITUATION)["Location"]


def answers(address: str) -> dict:
    return Draft.objects.get(pk=address.split("/")[-2]).answers["values"]


def version(address: str) -> int:
    return Draft.objects.get(pk=address.split("/")[-2]).version


def press(client, address: str, button: str, **typed: str):
    given = {"_version": version(address), "_end": "1", "_known": button, **typed}
    return client.post(f"{address}page/1/", given, follow=True)


def test_a_held_certificate_offers_its_lines_with_its_name_and_puts_nothing_in_by_itself(w, licence):
    client = browser(w.citizen)
    address = begun(client)

    text = a.body(client.get(f"{address}page/1/"))

    assert f"取自您的《食品经营许可证》（{licence.number}）" in text
    assert f.ANSWERS["shop_name"] in text
    assert f.ANSWERS["premises"] in text
    assert "shop_name" not in answers(address)


def test_one_button_puts_one_line_in_and_the_page_says_where_it_is_from(w, licence):
    client = browser(w.citizen)
    address = begun(client)

    text = a.body(press(client, address, f"shop_name|{licence.number}", outlet_place="后门的井"))

    found = answers(address)
    assert found["shop_name"] == f.ANSWERS["shop_name"]
    assert found["outlet_place"] == "后门的井", "what was typed on the page is kept"
    assert "premises" not in found
    assert f"和您的《食品经营许可证》（{licence.number}）上写的一样，不对可以改" in text
    assert "已填上" in text


def test_every_empty_line_at_once_and_nothing_that_was_typed(w, licence):
    client = browser(w.citizen)
    address = begun(client)

    press(client, address, "*", shop_name="望渠二店")

    found = answers(address)
    assert found["shop_name"] == "望渠二店"
    assert found["premises"] == f.ANSWERS["premises"]


def test_what_was_put_in_can_be_changed(w, licence):
    client = browser(w.citizen)
    address = begun(client)
    press(client, address, "*")
    changed = {"_version": version(address), "_end": "1", "_leave": "1", "shop_name": "望渠二店"}

    client.post(f"{address}page/1/", changed)

    assert answers(address)["shop_name"] == "望渠二店"


def test_a_button_that_no_certificate_stands_behind_puts_nothing_in(w, licence):
    client = browser(w.citizen)
    address = begun(client)

    for button in ("shop_name|X", "area_m2|X", "", "|", "shop_name"):
        assert "没有可以填的内容" in a.body(press(client, address, button)), button
    assert "shop_name" not in answers(address)


def test_nobody_elses_certificate_is_offered_and_none_before_signing_in(w, licence):
    for client in (browser(people.citizen("王五")[1]), Client()):
        address = begun(client)
        assert licence.number not in a.body(client.get(f"{address}page/1/"))
        press(client, address, f"shop_name|{licence.number}")
        assert "shop_name" not in answers(address)


def test_a_certificate_that_is_not_in_force_says_nothing(w, licence):
    definition = catalogue.current_definition(ITEM)[1]
    assert known.offers(definition, w.citizen, f.FRIDAY_NOON, None) != []

    for state in ("revoked", "cancelled"):
        Certificate.objects.filter(pk=licence.pk).update(status=state)
        assert known.offers(definition, w.citizen, f.FRIDAY_NOON, None) == [], state


def test_a_firms_certificate_is_offered_to_who_acts_for_it_by_its_name(w):
    bundle = b.accepted(w)
    b.decide(w, bundle, "food")
    b.settle()
    definition = catalogue.current_definition(ITEM)[1]

    found = {one.path: one for one in known.offers(definition, w.citizen, f.FRIDAY_NOON, bundle.party_id)}

    assert found["credit_code"].value == b.CREDIT_CODE
    assert found["credit_code"].of_firm == bundle.party_name
    assert found["premises"].value == b.ANSWERS["premises"]


def test_what_acts_on_a_certificate_begins_with_it_and_is_offered_nothing_besides(w, licence):
    change = catalogue.current_definition("QH-SPJYXK", "02")[1]

    assert known.offers(change, w.citizen, f.FRIDAY_NOON, None) == []
