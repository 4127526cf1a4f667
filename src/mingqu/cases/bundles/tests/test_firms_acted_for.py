"""Whose certificates a person sees beside her own: those of a firm as far as the data say that she acts for it."""

from dataclasses import replace

import pytest
from django.test import Client

from mingqu.cases import acting
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import test_projects as projects
from mingqu.cases.models import Bundle, Case, Project
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.services.party import party_of, whose_certificate
from mingqu.cases.tests import factories as f
from mingqu.certificates import selectors as certificates
from mingqu.certificates.models import Certificate
from mingqu.forms.models import Draft
from mingqu.identity import selectors as persons
from mingqu.identity import services as identity
from mingqu.identity.models import Firm, Person, User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewFirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    made = b.world()
    b.seal_all()
    return made


def opened_restaurant(w) -> Bundle:
    """The firm has its code and its food licence."""
    bundle = b.accepted(w)
    b.decide(w, bundle, "food")
    b.settle()
    return bundle


def licence(bundle: Bundle) -> Certificate:
    return Certificate.objects.get(case_id=b.part(bundle, "food").case_id)


def browser(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def seen(actor, number: str) -> set[int]:
    """How the pages of one certificate answer this person."""
    client = browser(actor)
    return {client.get(f"/certificates/{number}/{page}").status_code for page in ("", "show/")}


def test_the_founder_sees_the_firms_licence_apart_from_her_own_shows_it_and_may_have_it_changed(w):
    bundle = opened_restaurant(w)
    found, client = licence(bundle), browser(w.citizen)
    assert (found.holder_kind, found.holder_id) == ("firm", bundle.party_id)

    own, of_firm = (
        client.get(address).content.decode()
        for address in ("/certificates/", f"/certificates/?whose={bundle.party_id}")
    )

    assert found.number not in own
    assert bundle.party_name in own
    assert found.number in of_firm
    assert f"/certificates/{found.number}/show/" in of_firm
    for handling in ("02", "04", "05"):  # 变更 补办 注销; 延续 only before the end
        assert f"_handling={handling}&amp;_certificate={found.number}" in of_firm
    assert seen(w.citizen, found.number) == {200}


def test_nobody_else_sees_it(w):
    bundle = opened_restaurant(w)
    found, stranger = licence(bundle), people.citizen("王五")[1]

    text = browser(stranger).get(f"/certificates/?whose={bundle.party_id}").content.decode()

    assert found.number not in text
    assert bundle.party_name not in text
    assert seen(stranger, found.number) == {404}
    assert certificates.firms_of(w.clerk) == []


def test_without_its_code_the_firm_holds_nothing_and_nobody_acts_for_it(w):
    bundle = b.filed(w)
    b.settle()

    assert bundle.party_id is not None
    assert acting.firms_of(w.citizen) == []


def test_who_took_the_bundle_back_acts_for_the_firm_no_more(w):
    bundle = opened_restaurant(w)
    Bundle.objects.filter(pk=bundle.pk).update(status="withdrawn")
    Case.objects.filter(bundle_id=bundle.pk).update(status="withdrawn")

    assert acting.firms_of(w.citizen) == []
    assert seen(w.citizen, licence(bundle).number) == {404}


def test_when_another_represents_the_firm_the_founder_sees_only_what_her_own_applications_brought(w):
    bundle = opened_restaurant(w)
    Firm.objects.filter(pk=bundle.party_id).update(legal_representative="王五")
    other = issued_to_firm(w, bundle)

    [firm] = acting.firms_of(w.citizen)

    assert not firm.may_apply
    shown = browser(w.citizen).get(f"/certificates/?whose={firm.id}").content.decode()
    assert licence(bundle).number in shown
    assert other.number not in shown
    assert "_handling=" not in shown
    assert seen(w.citizen, other.number) == {404}


def issued_to_firm(w, bundle: Bundle) -> Certificate:
    """A certificate of the firm that another's application brought."""
    stranger = people.citizen("赵六")[1]
    found = Certificate.objects.get(pk=_licence_of(w, stranger))
    Certificate.objects.filter(pk=found.pk).update(holder_kind="firm", holder_id=bundle.party_id)
    return found


def _licence_of(w, actor):
    case = f.decided_case(replace(w.base, citizen=actor))
    return issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON).certificate_id


def test_a_representative_who_filed_for_the_firm_acts_once_it_is_accepted_and_a_document_was_seen(w):
    """A name is anybody's to type, and an application taken back (an earlier co-filer's) says nothing."""
    firm_id = identity.create_firm(
        draft=NewFirm("澜州市清禾商贸有限公司", b.OTHER_CODE, legal_representative=w.citizen.name),
        by=w.clerk,
        at=b.NOON,
        key=b.new_id(),
    )
    case = f.accepted_case(w.base)
    mine = Case.objects.filter(pk=case.pk)
    mine.update(party_kind="firm", party_id=firm_id, party_name="澜州市清禾商贸有限公司")

    for assurance, status, acts in (
        (2, "accepted", True), (1, "accepted", False), (2, "withdrawn", False), (2, "received", False)
    ):  # fmt: skip
        mine.update(status=status)
        Person.objects.filter(pk=w.citizen.id).update(assurance=assurance)
        found = [firm.id for firm in acting.firms_of(w.citizen)]
        assert found == ([firm_id] if acts else []), (assurance, status)


def test_who_handles_a_project_sees_what_its_applications_brought_while_she_handles_it(w):
    b.publish(kind="stage", code=projects.STAGE, name="示例阶段")
    owner = identity.create_firm(
        draft=NewFirm("澜州市清禾区教育发展中心", b.OTHER_CODE), by=w.clerk, at=b.NOON, key=b.new_id()
    )
    made = projects.register(w, owner_id=owner)
    bundle = Bundle.objects.get(pk=b.file(w, projects.stage_draft(w, {"project": made.number})).bundle_id)
    case = f.decided_case(w.base)
    Case.objects.filter(pk=case.pk).update(party_kind="firm", party_id=owner, bundle_id=bundle.pk)

    [firm] = acting.firms_of(w.citizen)
    assert (firm.id, firm.cases) == (owner, frozenset({case.pk}))

    Project.objects.filter(pk=made.project_id).update(handler_id=people.citizen("王五")[1].id)
    assert acting.firms_of(w.citizen) == []


def test_whoever_never_filed_for_a_firm_costs_two_statements(w, django_assert_num_queries):
    f.received_case(w.base)

    with django_assert_num_queries(2):
        assert acting.firms_of(w.citizen) == []


def test_a_change_begun_from_the_firms_licence_is_the_firms_application(w):
    bundle = opened_restaurant(w)
    found, client = licence(bundle), browser(w.citizen)
    base = {"_handling": "05", "_certificate": found.number, "why": "closed"}

    asked = client.get("/apply/QH-SPJYXK/", {k: v for k, v in base.items() if k != "_certificate"})
    assert found.number in asked.content.decode()
    begun = client.post("/apply/QH-SPJYXK/begin/", base)

    draft = Draft.objects.get(pk=begun["Location"].split("/")[-2])
    context = draft.context["values"]
    assert (context["certificate"], context["party"]) == (str(found.pk), str(bundle.party_id))
    person = persons.person(w.citizen.id)
    party = party_of(context, person)
    assert party.name == bundle.party_name
    assert whose_certificate(person, party) == {bundle.party_id}
    namesake = people.citizen(person.name)[1]
    assert whose_certificate(persons.person(namesake.id), party) == set()
