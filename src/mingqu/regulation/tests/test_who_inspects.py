"""Who may inspect: nobody who stands aside from the holder, and who inspected along is recorded."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from mingqu.cases import services as cases
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.identity import selectors as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.regulation import selectors, services
from mingqu.regulation.errors import InspectorRecused, SecondInspectorUnfit
from mingqu.regulation.models import Inspection, Supervised
from mingqu.regulation.tests.factories import NOON, found, inspected, under_supervision
from mingqu.regulation.types import Seen

TODAY = date(2026, 9, 18)


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def row(w) -> Supervised:
    return under_supervision(w)


def put_off(row, by):
    services.put_off(
        object_id=row.pk, next_on=date(2027, 6, 1), reason="停业装修。", seen_as=Seen(row.next_on, 0), by=by,
        at=NOON, key=uuid4(),
    )  # fmt: skip


def stands_aside(w, who):
    """In another case of the same person, which is still under review."""
    case = f.accepted_case(w, at=NOON)
    cases.recuse(case_id=case.pk, why=StandAside("kin", "申请人是我表弟"), by=who, at=NOON, key=uuid4())
    return case


def test_who_stood_aside_from_the_holder_inspects_nothing_of_hers(w, row, client):
    stands_aside(w, w.reviewer)

    for deed in (lambda: inspected(row, w.reviewer), lambda: put_off(row, w.reviewer)):
        with pytest.raises(InspectorRecused):
            deed()

    assert not Inspection.objects.exists()
    assert Supervised.objects.get(pk=row.pk).next_on == row.next_on
    people.signed_in(client, User.objects.get(pk=w.reviewer.user_id))
    page = client.get(f"/desk/supervised/{row.pk}/").content.decode()
    assert "已经回避：可以查看" in page
    assert "签名并登记" not in page


def test_who_need_not_stand_aside_after_all_inspects_again(w, row):
    case = stands_aside(w, w.reviewer)
    case.refresh_from_db()
    case.barred_ids = []
    case.save(update_fields=["barred_ids"])

    assert inspected(row, w.reviewer).last_on == TODAY


def test_who_is_the_holder_inspects_nothing_of_her_own(w, row):
    Supervised.objects.filter(pk=row.pk).update(holder_id=w.reviewer.id)

    with pytest.raises(InspectorRecused):
        inspected(row, w.reviewer)


def test_a_day_that_went_by_is_not_told_to_who_stands_aside(w, row):
    stands_aside(w, w.reviewer)
    late = NOON + 200 * f.DAY
    services.watch(late)
    round_once(late)

    assert not InboxMessage.objects.filter(kind="supervised_overdue", person_id=w.reviewer.id).exists()


def test_who_inspected_along_is_recorded_and_is_another_officer_of_the_organ(w, row):
    others = [one.person_id for one in selectors.colleagues(row, w.reviewer, TODAY)]
    assert others and w.reviewer.id not in others
    second, stranger = others[0], variants.other_organ()
    write = {"object_id": row.pk, "seen_as": Seen(row.next_on, 0), "by": w.reviewer, "at": NOON}
    for unfit in (w.reviewer.id, stranger.id, w.citizen.id):
        with pytest.raises(SecondInspectorUnfit):
            services.write_inspection(found=replace(found(TODAY), second=unfit), key=uuid4(), **write)

    services.write_inspection(found=replace(found(TODAY), second=second), key=uuid4(), **write)

    (shown,) = selectors.supervised_at_desk(w.reviewer, row.pk, TODAY).inspections
    assert shown.second_name == identity.names_of([second])[second]


def test_a_second_officer_who_stands_aside_is_none(w, row):
    second = next(one.person_id for one in selectors.colleagues(row, w.reviewer, TODAY))
    case = stands_aside(w, w.reviewer)
    case.refresh_from_db()
    case.barred_ids = [second]
    case.save(update_fields=["barred_ids"])

    with pytest.raises(SecondInspectorUnfit):
        services.write_inspection(
            object_id=row.pk, found=replace(found(TODAY), second=second), seen_as=Seen(row.next_on, 0),
            by=w.reviewer, at=NOON, key=uuid4(),
        )  # fmt: skip
