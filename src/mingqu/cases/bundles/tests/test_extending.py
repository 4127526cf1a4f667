"""行政许可法 42, second paragraph: forty-five working days together, fifteen more by the head of the government."""

from uuid import uuid4

import pytest

from mingqu.cases.bundles import services
from mingqu.cases.bundles.errors import JointLimitNotRunning
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.tests import factories as f
from mingqu.clocks.errors import ExtensionTooLong, ExtensionTwice, WrongApprover
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return b.world()


def head(within=None):
    """The head of the government: of no department that handles a part."""
    organ = within or f._department("QH-ZF", "清禾区人民政府", None, "")
    return f._post("ZF-LEAD", "分管区领导", organ, "government_head", None)


def extend(bundle, by, *, limit=15, reason="消防验收等候专家排期。", at=b.NOON):
    return services.extend_bundle(bundle_id=bundle.pk, limit=limit, reason=reason, by=by, at=at, key=uuid4())


def test_the_head_of_the_government_lengthens_the_joint_limit_once_and_the_applicant_is_told(w):
    bundle, leader = b.accepted(w), head()
    before, parts = (
        bundle.due_on,
        {code: b.part(bundle, code).due_on for code in ("food", "sign", "drainage")},
    )

    extend(bundle, leader)
    b.settle()

    bundle.refresh_from_db()
    assert bundle.due_on > before and bundle.extended_on
    assert {code: b.part(bundle, code).due_on for code in parts} == parts, "each part keeps its own clock"
    notice = DocumentRequest.objects.get(root_id=bundle.pk, kind="bundle_extension").data
    assert notice["joint_before"] == before.isoformat() and notice["joint_on"] == bundle.due_on.isoformat()
    assert notice["reasons"] == ["消防验收等候专家排期。"] and "第四十二条第二款" in notice["basis"]
    assert InboxMessage.objects.filter(kind="bundle_extended").count() == 1
    with pytest.raises(ExtensionTwice):
        extend(bundle, leader)


def test_nobody_else_and_no_more_than_fifteen_days_and_never_without_a_reason(w):
    bundle, leader = b.accepted(w), head()

    with pytest.raises(NotAuthorised):
        extend(bundle, w.clerk)
    with pytest.raises(ReasonMissing):
        extend(bundle, leader, reason=" ")
    with pytest.raises(ExtensionTooLong):
        extend(bundle, leader, limit=16)
    bundle.refresh_from_db()
    assert bundle.extended_on is None


def test_before_anything_is_accepted_no_joint_limit_runs(w):
    bundle = b.filed(w)

    with pytest.raises(JointLimitNotRunning):
        extend(bundle, head())


def test_a_post_of_a_department_that_handles_a_part_is_not_the_government(w):
    bundle = b.accepted(w)

    with pytest.raises(WrongApprover):
        extend(bundle, head(bundle.lead_id))
