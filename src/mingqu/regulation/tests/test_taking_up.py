"""What was granted before anybody supervised it comes under supervision by type, once, with its first day."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.certificates.models import Certificate
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.regulation import selectors, services
from mingqu.regulation.errors import NextTooEarly
from mingqu.regulation.models import Supervised
from mingqu.regulation.tests.factories import NOON, inspected, under_supervision

TODAY, FIRST = date(2026, 9, 18), date(2026, 12, 1)


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def granted(w) -> Certificate:
    """The food licence, issued; its event was not heard, as if its definition had said nothing yet."""
    case = f.decided_case(w)
    issue_certificate(case_id=case.pk, at=NOON)
    return Certificate.objects.select_related("type").get(case_id=case.pk)


def existing(row: Certificate, number: str = "JY99010420210000001", **other) -> Certificate:
    """Another one, taken over from the paper register: no case, no file."""
    made = Certificate.objects.select_related("type").get(pk=row.pk)
    made.pk, made.number, made.case_id, made.origin, made.holder_id = uuid4(), number, None, "existing", None
    for name, value in other.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    return made


def take_up(row, by, first_on=FIRST, at=NOON):
    return services.take_up(type_code=row.type.code, first_on=first_on, by=by, at=at)


def test_existing_and_older_licences_come_under_supervision_by_type_and_once(w, granted):
    old = existing(granted)
    (kind,) = selectors.kinds_to_take_up(w.reviewer, TODAY)
    assert (kind.code, kind.many) == (granted.type.code, 2)

    assert take_up(granted, w.reviewer) == services.Taken(2, 0)
    assert take_up(granted, w.reviewer) == services.Taken(0, 0)

    assert selectors.kinds_to_take_up(w.reviewer, TODAY) == []
    ours, theirs = (Supervised.objects.get(number=one.number) for one in (granted, old))
    assert {(one.since, one.next_on, one.department_id) for one in (ours, theirs)} == {
        (TODAY, FIRST, w.bureau)
    }
    assert (ours.case_id, theirs.case_id) == (granted.case_id, None)
    assert (theirs.item_code, theirs.item_name) == (granted.type.code, granted.type.name)
    assert AuditEntry.objects.filter(action="regulation.take_up", actor_id=w.reviewer.id).count() == 2
    assert inspected(theirs, w.reviewer).last_on == TODAY


def test_the_event_heard_afterwards_makes_no_second_object_and_moves_no_day(w, granted):
    take_up(granted, w.reviewer)
    services.follow_certificate(certificate_id=granted.pk, case_id=granted.case_id, at=NOON + f.DAY)

    assert Supervised.objects.get().next_on == FIRST


@pytest.mark.parametrize(
    "other",
    [
        {"valid_until": date(2026, 9, 17), "valid_from": date(2021, 9, 18)},
        {"status": "revoked"},
        {"status": "changed"},
        {"region_code": "990105000000"},
    ],
)
def test_what_is_over_or_of_another_place_is_not_taken(w, granted, other):
    Certificate.objects.filter(pk=granted.pk).update(**other)
    existing(granted, **other)

    assert selectors.kinds_to_take_up(w.reviewer, TODAY) == []
    assert take_up(granted, w.reviewer).many == 0
    assert not Supervised.objects.exists()


def test_many_are_taken_in_portions_and_none_twice(w, granted, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    for number in range(4):
        existing(granted, f"JY9901042021000001{number}")

    assert [take_up(granted, w.reviewer) for _press in range(4)] == [
        services.Taken(2, 3), services.Taken(2, 1), services.Taken(1, 0), services.Taken(0, 0),
    ]  # fmt: skip
    assert Supervised.objects.count() == 5


def test_another_officer_who_presses_later_finds_it_done(w, granted):
    found_before = list(selectors.to_take_up(w.reviewer, TODAY))
    take_up(granted, w.reviewer)

    assert [services._taken_up(row, FIRST, w.checker, NOON) for row in found_before] == [False]
    assert Supervised.objects.count() == 1


def test_who_may_not_takes_nothing_and_a_day_that_is_over_is_refused(w, granted):
    with pytest.raises(NotAuthorised):
        take_up(granted, w.clerk)
    with pytest.raises(NextTooEarly):
        take_up(granted, w.reviewer, first_on=TODAY)
    assert take_up(granted, variants.other_organ()).many == 0

    assert not Supervised.objects.exists()


def test_the_page_shows_what_would_be_taken_and_takes_it(w, granted, client):
    under_supervision(w, case=f.decided_case(w))
    old = existing(granted)
    people.signed_in(client, User.objects.get(pk=w.reviewer.user_id))
    here = reverse("regulation:take_up")
    assert here in client.get(reverse("regulation:desk")).content.decode()
    assert f"{granted.type.name}：" not in client.get(here).content.decode()

    page = client.get(here, {"type": granted.type.code}).content.decode()
    assert f"{granted.type.name}：2份" in page and old.number in page and "存量证照" in page
    said = {"type": granted.type.code, "first_on_year": "2026"}
    assert client.post(here, said).status_code == 400
    said |= {"first_on_year": "2099", "first_on_month": "1", "first_on_day": "1"}
    assert "核对年份" in client.post(here, said).content.decode()
    said["first_on_year"] = str(legal_day(timezone.now()).year + 1)
    assert client.post(here, said, follow=True).status_code == 200

    assert Supervised.objects.count() == 3
    made = Supervised.objects.get(number=old.number)
    shown = client.get(reverse("regulation:supervised", args=[made.pk])).content.decode()
    assert "没有办件" in shown
