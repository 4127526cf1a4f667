"""A key chosen by a person stands in nobody's way: neither another person's nor the system's."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.commands import command
from mingqu.kernel.errors import KeyReused
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, CommandRecord
from mingqu.kernel.tests.test_commands import CLERK, NOON
from mingqu.kernel.types import Actor
from mingqu.outreach.tests import factories as errands

pytestmark = pytest.mark.django_db


def deed(root: UUID, key: UUID, by: Actor, name: str = "thing.open") -> bool:
    with command(name, root, by=by, at=NOON, key=key) as cmd:
        return cmd.repeated


def test_a_person_can_not_use_up_a_key_that_the_system_will_make():
    """The system's keys follow from the root's id, so anyone who may act on the root can foresee them."""
    root, key = new_id(), uuid4()

    assert not deed(root, key, CLERK)
    assert not deed(root, key, Actor.system("sweep"), "thing.expire")
    assert deed(root, key, Actor.system("sweep"), "thing.expire")


def test_a_person_can_not_name_a_key_of_the_systems_own_space():
    root, key = new_id(), uuid4()
    deed(root, key, Actor.system("sweep"))
    stored = CommandRecord.objects.get(root_id=root).key

    with pytest.raises(KeyReused):
        deed(new_id(), stored, CLERK)


def test_another_persons_key_is_refused_and_blocks_nothing_else():
    root, key = new_id(), uuid4()
    deed(root, key, CLERK)

    with pytest.raises(KeyReused):
        deed(root, key, Actor("staff", new_id(), post_id=new_id()))
    assert not deed(new_id(), key, CLERK)


def test_a_clerk_can_not_keep_the_law_from_accepting_a_case(monkeypatch):
    """行政许可法 32(4): revealing the applicant under the foreseen key used to stop the sweep for everybody."""
    from mingqu.cases.services import acceptance

    w = f.world()
    case = f.received_case(w)
    late = f.FRIDAY_NOON + 30 * f.DAY
    foreseen = acceptance.uuid5(
        acceptance.NAMESPACE_URL, f"mingqu:deemed:{case.pk}:{acceptance.legal_day(late).isoformat()}"
    )
    services.reveal_applicant(case_id=case.pk, by=w.clerk, at=late, key=foreseen, why="contact")

    services.deem_accepted(case_id=case.pk, at=late)

    assert Case.objects.get(pk=case.pk).status == Case.Status.ACCEPTED


def test_nobody_writes_into_the_ledger_of_a_case_by_naming_it_as_the_key_of_something_new():
    """An agent's device names its errand itself; the number of a case there gave the case an entry of a stranger."""
    w = f.world()
    case = f.received_case(w)
    before = AuditEntry.objects.filter(root_id=case.pk).count()
    p = errands.place(w, at=timezone.now())
    browser = people.signed_in(Client(), User.objects.get(pk=p.agent.user_id))
    given = {"name": "田桂香", "number": people.citizen_number(), "what": f"{errands.ITEM}|01", "answers": {}}

    refused = browser.post(
        reverse("outreach:offline_sync"), {**given, "id": str(case.pk)}, content_type="application/json"
    ).json()
    own = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    copy = own.post(reverse("identity:own_copies"), {"key": str(case.pk)})

    assert (refused["state"], copy.status_code) == ("wrong", 409)
    assert AuditEntry.objects.filter(root_id=case.pk).count() == before
    taken = browser.post(
        reverse("outreach:offline_sync"), {**given, "id": str(uuid4())}, content_type="application/json"
    ).json()
    assert taken["state"] == "taken"
