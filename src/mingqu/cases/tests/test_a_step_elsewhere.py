"""A step that is done in another system (where: link): guide and progress say so, and the case goes its way."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.catalogue.errors import DefinitionInvalid

pytestmark = pytest.mark.django_db
SYSTEM = "省药品监管系统"
AWAY = {**variants.REVIEW, "id": "check", "where": "link", "system": SYSTEM}
DECIDE = variants.DECIDE


@pytest.fixture
def w(clock):
    return f.world(variants.document(steps=[AWAY], decide=DECIDE))


def test_guide_questions_and_progress_say_where_the_step_is_done(w, sign_in):
    case = f.accepted_case(w)
    guide = a.body(Client().get("/services/QH-SPJYXK/"))
    asked = a.body(Client().get(f"{a.START}result/?{a.FITS}"))
    progress = a.body(sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])))

    for page in (guide, asked, progress):
        assert f"在{SYSTEM}办理" in page


def test_its_finding_is_entered_by_the_post_of_the_step_and_the_case_is_decided(w):
    case = f.accepted_case(w)
    f.review(w, case, "check")

    f.services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
    )

    case.refresh_from_db()
    assert (case.status, case.outcome) == ("decided", "granted")


@pytest.mark.parametrize("step", [{"where": "link"}, {"where": "here", "system": SYSTEM}])
def test_a_definition_that_does_not_say_where_or_says_it_for_nothing_is_refused(w, step):
    with pytest.raises(DefinitionInvalid):
        f.catalogue_services.publish_revision(
            document=variants.document(steps=[{**variants.REVIEW, **step}], decide=DECIDE),
            by=f.SYSTEM,
            at=f.FRIDAY_NOON,
            key=uuid4(),
        )
