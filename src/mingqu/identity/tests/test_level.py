"""我的认证等级 says what one has and leads to the next level, and no page promises what can't be done here."""

import pytest
from django.test import Client

from mingqu.identity.models import Person
from mingqu.identity.tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("assurance", "has", "leads_on"), [(0, 1, True), (1, 1, True), (2, 2, False), (3, 3, False)]
)
def test_a_person_sees_her_level_and_the_way_to_the_next(assurance, has, leads_on, settings):
    user, _ = factories.citizen()
    settings.MINGQU_DEMO, settings.MINGQU_FACE_URL = False, ""
    Person.objects.filter(pk=user.person_id).update(assurance=assurance)

    answer = factories.signed_in(Client(), user).get("/my/level/")

    assert [line.had for line in answer.context["lines"]] == [number <= has for number in range(1, 5)]
    assert [bool(line.address) for line in answer.context["lines"]] == [False, leads_on, False, False]
    assert ("/my/profile/real-name/" in answer.content.decode()) == leads_on


def test_with_a_face_service_the_third_level_is_reached_from_the_second(settings):
    user, _ = factories.citizen()
    settings.MINGQU_DEMO, settings.MINGQU_FACE_URL = False, "https://face.example.org"
    Person.objects.filter(pk=user.person_id).update(assurance=2)

    answer = factories.signed_in(Client(), user).get("/my/level/")

    assert [line.address for line in answer.context["lines"]] == ["", "", "/my/profile/face/", ""]
