"""The first page of who reviews or writes definitions says what waits."""

from uuid import uuid4

import pytest

from mingqu.catalogue import services
from mingqu.catalogue.tests.test_drafts import LATER, Staff, _plain_site, browser_of, text_of  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_site")]


def first_page(who):
    return text_of(browser_of(who).get("/desk/"))


def test_what_was_handed_in_waits_for_the_other_one_and_what_came_back_for_who_wrote_it():
    staff = Staff()
    saved = staff.submitted()

    assert "在编的定义1份等您审核" in first_page(staff.reviewer)
    assert "等您审核" not in first_page(staff.editor)
    assert "等您审核" not in first_page(staff.strange)

    services.return_draft(
        draft_id=saved.draft_id,
        version=saved.version,
        reason="写清楚些",
        by=staff.reviewer,
        at=LATER,
        key=uuid4(),
    )
    assert "在编的定义1份退回给您" in first_page(staff.editor)
    assert "在编的定义" not in first_page(staff.reviewer)
