"""What concerns a firm is told to who may act for it now, and to nobody whose authority has ended (民法典 173)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases import acting, services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_fees import charging, heard
from mingqu.identity import selectors as identity
from mingqu.identity.errors import SwitchFirst
from mingqu.identity.models import Capacity, User
from mingqu.identity.types import CitizenActor
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.notifications.models import InboxMessage
from mingqu.payments import selectors as money_asked
from mingqu.payments import services as payments
from mingqu.payments.models import FeeNotice

pytestmark = pytest.mark.django_db
DAY = legal_day(f.FRIDAY_NOON)


@dataclass
class Staffed:
    """A firm with its representative, the handler who filed, another one, and one for other matters only."""

    firm: UUID
    head: tuple[User, Actor]
    filed: tuple[User, Actor]
    other: tuple[User, Actor]
    narrow: tuple[User, Actor]
    authority: UUID


def staffed() -> Staffed:
    firm = new_id()
    people = [f.people.citizen(name=name) for name in ("邱晓岚", "叶知秋", "何望舒", "陆听雨")]
    given = [
        authority(firm, person, kind, types)
        for (_user, person), kind, types in zip(
            people,
            ("representative", "handler", "handler", "handler"),
            ([], [], ["01"], ["07"]),
            strict=True,
        )
    ]
    return Staffed(firm, *people, given[1])


def authority(firm: UUID, person: Actor, kind: str, types: list[str]) -> UUID:
    made = Capacity.objects.create(
        kind=kind,
        state="active",
        principal_id=firm,
        principal_name="清禾食品有限公司",
        agent_id=person.id,
        agent_name=person.name,
        granted_by=person.id,
        item_types=types,
        from_on=DAY - timedelta(days=9),
        until_on=None if kind == "representative" else DAY + timedelta(days=900),
        offered_at=f.FRIDAY_NOON,
        accepted_at=f.FRIDAY_NOON,
    )
    return made.pk


def the_firms(case: Case, by: Staffed) -> Case:
    """The case as the handler filed it in the firm's name."""
    Case.objects.filter(pk=case.pk).update(
        party_kind="firm",
        party_id=by.firm,
        party_name="清禾食品有限公司",
        applicant_id=by.filed[1].id,
        capacity_id=by.authority,
    )
    case.refresh_from_db()
    return case


def end(capacity_id: UUID) -> None:
    Capacity.objects.filter(pk=capacity_id).update(state="ended", ended_at=f.FRIDAY_NOON)


def told(kind: str) -> set[UUID]:
    heard()
    return set(InboxMessage.objects.filter(kind=kind).values_list("person_id", flat=True))


def charged() -> tuple[Staffed, Case]:
    """An application of the firm, accepted, before anybody was told."""
    w, by = f.world(), staffed()
    document, files = charging()
    f.catalogue_services.publish_revision(
        document=document, files=files, by=f.SYSTEM, at=f.people.NOON, key=new_id()
    )
    case = the_firms(f.received_case(w, answers=f.ANSWERS), by)
    services.accept_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=new_id())
    return by, Case.objects.get(pk=case.pk)


def test_the_handler_who_filed_hears_of_the_case_and_of_its_fee_while_her_authority_holds():
    by, _case = charged()

    assert told("case_accepted") == told("fee_due") == {by.filed[1].id}


def test_after_the_authority_ended_who_may_act_for_the_firm_in_this_matter_hears_and_she_does_not():
    by, case = charged()
    end(by.authority)

    now = {by.head[1].id, by.other[1].id}
    assert told("case_accepted") == told("fee_due") == now
    assert set(acting.handlers_of(case.pk, DAY)) == now, "of its certificate too"


def test_an_authority_is_over_after_its_last_day_without_anybody_ending_it():
    by = staffed()
    Capacity.objects.filter(pk=by.authority).update(until_on=DAY)
    case = the_firms(f.received_case(f.world()), by)

    def hears(day):
        return identity.whom_to_tell(case.applicant_id, case, day)

    assert hears(DAY) == [by.filed[1].id]
    assert by.filed[1].id not in hears(DAY + timedelta(days=1))


def test_where_nobody_may_act_for_the_firm_nobody_is_told():
    by, case = charged()
    Capacity.objects.filter(principal_id=by.firm).update(state="ended")

    assert told("case_accepted") == set() == set(acting.handlers_of(case.pk, DAY))


def test_what_a_person_filed_for_a_firm_under_no_authority_is_told_to_her():
    by = staffed()
    case = the_firms(f.received_case(f.world()), by)
    Case.objects.filter(pk=case.pk).update(capacity_id=None)
    case.refresh_from_db()

    assert identity.whom_to_tell(case.applicant_id, case, DAY) == [by.filed[1].id]


def in_the_firms_name(of: tuple[User, Actor]) -> CitizenActor:
    user, _person = of
    held = identity.capacities_of(user.person_id, DAY)
    return identity.citizen_actor(user, "", held, str(held[0].id))[0]


def test_the_representative_sees_and_pays_the_fee_of_what_a_handler_filed():
    by, _case = charged()
    heard()
    row = FeeNotice.objects.get()
    head, narrow = in_the_firms_name(by.head), in_the_firms_name(by.narrow)

    assert [one.number for one in money_asked.own(head)] == [row.number]
    assert payments.begin_payment(notice_id=row.pk, by=head, at=f.FRIDAY_NOON, key=new_id()).reference
    assert money_asked.own(narrow) == [], "of other matters only"


def test_who_opens_the_message_as_herself_is_told_to_switch_and_a_stranger_nothing():
    by, case = charged()
    heard()
    pages = [
        reverse("cases:progress", args=[case.number]),
        reverse("payments:detail", args=[FeeNotice.objects.get().number]),
    ]

    def answers(user: User) -> list[int]:
        client = f.people.signed_in(Client(), user)
        said = [client.get(page) for page in pages]
        assert all(("清禾食品" in one.content.decode()) == (one.status_code == 403) for one in said)
        assert all((SwitchFirst.code in one.content.decode()) == (one.status_code == 403) for one in said)
        return [one.status_code for one in said]

    assert legal_day(timezone.now()) >= DAY
    assert answers(by.head[0]) == [403, 403]
    assert answers(by.narrow[0]) == answers(f.people.citizen()[0]) == [404, 404]
