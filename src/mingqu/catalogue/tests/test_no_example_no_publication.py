"""What may be applied for carries an example that plays it through, or staff neither hand it in nor publish it."""

import copy
from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.catalogue import reports, rules, services
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.services.proving import unproved
from mingqu.catalogue.studio.locating import located
from mingqu.catalogue.tests.test_drafts import NOW, Staff
from mingqu.kernel.models import Region
from mingqu.kernel.regions import load_demo_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db):
    return Staff()


def without_examples(document):
    made = copy.deepcopy(document)
    for handling in made["handling"]:
        handling.pop("scenarios", None)
    return made


def said(document):
    return unproved(rules.document_of(document))


def test_without_an_example_it_is_not_handed_in_and_the_report_leads_to_the_sheet(staff):
    document = without_examples(staff.changed())

    with pytest.raises(DefinitionInvalid) as refused:
        staff.submitted(document)

    first = document["handling"][0]["name"]
    assert any(problem.startswith(f"{first}：还没有场景") for problem in refused.value.problems)
    lines = [line for line in reports.report(document).lines if line.kind == "场景"]
    assert [line.place for line in lines] == [one["name"] for one in document["handling"]]
    sheet, _ = located(document, f"{lines[1].place}：{lines[1].sentence}")
    assert sheet.name == "1-scenarios"


def test_one_example_is_enough_for_its_own_handling_item_alone(staff):
    document = without_examples(staff.changed())
    document["handling"][0]["scenarios"] = staff.document["handling"][0]["scenarios"]

    assert [problem.partition("：")[0] for problem in said(document)] == [
        one["name"] for one in document["handling"][1:]
    ]


def test_what_is_in_force_without_one_is_changed_around_it_and_not_in_it(staff):
    bare = without_examples(staff.document)
    services.publish_revision(document=bare, by=f.SYSTEM, at=NOW, key=uuid4())
    telephone, limit = copy.deepcopy(bare), copy.deepcopy(bare)
    telephone["guide"]["consult"] = "0000-12345"
    limit["handling"][0]["clocks"]["promised"]["limit"] -= 1

    assert said(telephone) == []
    assert [problem.partition("：")[0] for problem in said(limit)] == [limit["handling"][0]["name"]]


def test_what_was_agreed_to_before_is_asked_again_at_publication(staff):
    saved = staff.approved()
    DefinitionDraft.objects.filter(pk=saved.draft_id).update(document=without_examples(staff.changed()))

    with pytest.raises(DefinitionInvalid, match="还没有场景"):
        staff.publish(saved)


def test_a_training_region_and_what_nobody_applies_for_need_none(staff):
    document = without_examples(staff.changed())
    enquiry = copy.deepcopy(document)
    enquiry["item"]["handling_kind"] = "enquiry"
    load_demo_district()

    assert said(document) != [] == said(enquiry)
    Region.objects.filter(code=document["item"]["region_code"]).update(training=True)
    assert said(document) == []
    Region.objects.update(training=False)
    assert said(document) != [], "and this process reads the table again"
