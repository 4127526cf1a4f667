"""What a clerk at the window may do to the record of a person, and what of it is written down."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from mingqu.cases import services as cases
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.identity import services
from mingqu.identity.errors import NameDiffers, NotAuthorised, TooManyAttempts
from mingqu.identity.models import Person, User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import SeenDocument
from mingqu.kernel.errors import KeyReused
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


def document(number="", name="禾小满", phone=""):
    return SeenDocument("citizen_number", number or people.citizen_number(), name, phone)


def test_a_key_made_up_by_a_clerk_never_becomes_the_record_of_somebody_else():
    """The key becomes the new person's id: named after somebody who exists, it would write over her record."""
    w = f.world()
    before = Person.objects.filter(pk=w.citizen.id).values().get()

    with pytest.raises(KeyReused):
        services.receive_person(
            document=document(name="占名人"), by=w.clerk, at=f.FRIDAY_NOON, key=w.citizen.id
        )

    assert Person.objects.filter(pk=w.citizen.id).values().get() == before


def test_who_is_looked_up_in_vain_is_written_down_too_without_the_number():
    """Trying numbers one after the other tells who was never here: it leaves a trace each time."""
    w, key, number = f.world(), uuid4(), people.citizen_number()

    found = services.look_up_person(
        document=document(number), purpose="窗口办事", by=w.clerk, at=f.FRIDAY_NOON, key=key
    )

    entry = AuditEntry.objects.get(root_id=key, action="identity.look_up_person")
    assert found is None and entry.actor_id == w.clerk.id
    assert entry.notes == {"purpose": "窗口办事", "found": False} and number not in str(entry.digests)


def test_numbers_are_not_tried_one_after_the_other(settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"people_searched": (3, 3600)}
    w = f.world()

    def look():
        return services.look_up_person(
            document=document(), purpose="窗口办事", by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
        )

    assert [look() for _ in range(3)] == [None] * 3
    with pytest.raises(TooManyAttempts):
        look()


def test_no_clerk_consents_for_an_applicant_to_electronic_delivery():
    """民事诉讼法 90: with the consent of who is served. A result nobody looks for would count as served."""
    w = f.world()
    case = f.received_case(w)
    Case.objects.filter(pk=case.pk).update(delivery_way="window", delivery_consent_at=None)

    with pytest.raises(NotAuthorised):
        cases.choose_delivery(case_id=case.pk, way="electronic", by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    assert Case.objects.get(pk=case.pk).delivery_consent_at is None


def clerks_browser(w):
    return people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))


@pytest.mark.parametrize("page", ["/desk/counter/", "/desk/search/"])
def test_a_citizen_number_typed_at_the_counter_or_the_search_is_written_down_and_counted(page, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"people_searched": (2, 3600)}
    w = f.world()
    client, number = clerks_browser(w), people.citizen_number()
    given = {"number": number, "citizen_number": number}
    since = timezone.now()

    codes = [client.post(page, given).status_code for _ in range(3)]

    assert codes == [200, 200, 429]
    entries = AuditEntry.objects.filter(action="identity.see_people", at__gte=since)
    assert entries.count() == 2 and {e.notes["found"] for e in entries} == {0}


def test_a_number_typed_into_the_form_of_a_project_is_written_down_and_counted(settings):
    """It tells who is registered here, and by what name: as much as a search."""
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"people_searched": (2, 3600)}
    client, since = clerks_browser(f.world()), timezone.now()
    given = {"name": "示例工程", "national_code": "", "owner_name": "", "owner_code": ""}

    codes = [
        client.post(
            "/desk/projects/register/", given | {"key": uuid4(), "citizen_number": people.citizen_number()}
        ).status_code
        for _ in range(3)
    ]

    assert codes == [400, 400, 429]
    entries = AuditEntry.objects.filter(action="identity.look_up_person", at__gte=since)
    assert [entry.notes for entry in entries] == [{"purpose": "登记项目", "found": False}] * 2


def test_names_are_not_tried_for_a_number_one_after_the_other(settings):
    """What registers somebody says whether the number has another name: each try counts like a search."""
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"people_searched": (2, 3600)}
    w, number = f.world(), people.citizen_number()
    person = services.receive_person(document=document(number), by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    with pytest.raises(NameDiffers):
        services.receive_person(
            document=document(number, "王另名"), by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
        )
    with pytest.raises(TooManyAttempts):
        services.receive_person(
            document=document(number, "李另名"), by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
        )

    assert Person.objects.get(pk=person).name == "禾小满"
