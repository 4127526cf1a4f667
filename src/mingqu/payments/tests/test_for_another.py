"""A relative sees and pays what the person she acts for owes, within the matters; no fee of a firm."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Capacity
from mingqu.identity.tests import households
from mingqu.identity.tests.factories import signed_in
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.payments import selectors, services
from mingqu.payments.errors import NoticeUnknown
from mingqu.payments.models import FeeNotice
from mingqu.payments.tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_demo(settings):
    settings.MINGQU_DEMO = True


def acting(house, at=f.AT) -> Actor:
    held = identity.capacities_of(house.daughter.person_id, legal_day(at))
    return identity.citizen_actor(house.daughter, "邱晓岚", held, str(house.relative))[0]


def test_she_pays_for_her_mother_and_the_ledger_has_both():
    house = households.made(f.AT)
    row = f.notice(Actor("citizen", house.mother.person_id))
    by = acting(house)
    assert [one.number for one in selectors.own(by)] == [row.number]

    services.begin_payment(notice_id=row.id, by=by, at=f.AT, key=new_id())

    entry = AuditEntry.objects.get(action="payment.pay", root_id=row.id)
    assert entry.actor_id == house.daughter.person_id
    assert entry.notes["acting_for"] == str(house.mother.person_id)


def test_neither_a_firms_fee_nor_another_matter_is_hers_to_see_or_pay():
    house = households.made(f.AT)
    row = f.notice(Actor("citizen", house.mother.person_id))
    FeeNotice.objects.filter(pk=row.pk).update(firm_id=house.firm)
    by = acting(house)
    assert selectors.own(by) == []
    FeeNotice.objects.filter(pk=row.pk).update(firm_id=None)
    Capacity.objects.filter(pk=house.relative).update(items=["QH-SPJYXK"])
    by = acting(house)

    with pytest.raises(NoticeUnknown):
        selectors.notice_visible_to(by, row.number)
    with pytest.raises(NotAuthorised):
        services.begin_payment(notice_id=row.id, by=by, at=f.AT, key=new_id())


def test_the_pages_are_open_to_her_in_her_mothers_name_alone():
    at = timezone.now()
    house = households.made(at)
    row = f.notice(Actor("citizen", house.mother.person_id), at=at)
    browser = signed_in(Client(), house.daughter)
    page = reverse("payments:detail", args=[row.number])
    assert browser.get(page).status_code == 404

    browser.post(reverse("portal:switch"), {"capacity": str(house.relative)})

    assert browser.get(page).status_code == 200
    assert row.number in browser.get(reverse("payments:mine")).content.decode()
