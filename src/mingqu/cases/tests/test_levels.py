"""The level a service needs (AAL0–AAL4): who is known less well online is told how to get there."""

import pytest
from django.urls import reverse

from mingqu.cases.errors import LevelAtWindow, LevelNeeded
from mingqu.cases.models import Case
from mingqu.cases.tests import applying
from mingqu.cases.tests import factories as f
from mingqu.identity.models import Person, User
from mingqu.identity.services import faces
from mingqu.identity.tests import factories as people


@pytest.mark.parametrize(
    ("wanted", "known", "refusal"),
    [("AAL2", 1, LevelNeeded), ("AAL3", 2, LevelAtWindow)],
)
def test_who_is_known_less_well_is_told_the_way_and_nothing_is_filed(
    client, db, monkeypatch, wanted, known, refusal
):
    monkeypatch.setattr(faces, "available", lambda: False)  # as where no face service is connected
    says = refusal.sentence
    document = f.food_licence()
    document["item"]["assurance"] = wanted
    w = f.world(document)
    people.signed_in(client, User.objects.get(pk=w.citizen.user_id))
    Person.objects.filter(pk=w.citizen.id).update(assurance=known)
    draft_id = applying.filled(client, applying.begun(client))

    page = applying.body(client.get(reverse("cases:check", args=[draft_id])))
    assert says in page
    refused = applying.hand_in(client, draft_id)
    assert refused.status_code == 400
    assert says in applying.body(refused)
    assert not Case.objects.exists()
    if wanted == "AAL2":
        assert f"{reverse('identity:real_name')}?next=" in page
        Person.objects.filter(pk=w.citizen.id).update(assurance=2)
        assert applying.hand_in(client, draft_id).status_code == 302


def test_the_guide_says_which_level_a_service_needs(client, db):
    document = f.food_licence()
    document["item"]["assurance"] = "AAL2"
    f.world(document)

    assert "实名核验" in applying.body(client.get("/services/QH-SPJYXK/"))
    assert "提交前在网上认证" in applying.body(client.get(f"{applying.START}result/?{applying.FITS}"))
