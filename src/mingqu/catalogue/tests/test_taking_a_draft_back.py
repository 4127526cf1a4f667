"""收回: who handed a draft in takes it back while nobody has decided, and nobody else does."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from mingqu.catalogue import services
from mingqu.catalogue.errors import DraftChanged, DraftState, NotHandedInByYou
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.tests.test_draft_races import at_once
from mingqu.catalogue.tests.test_drafts import LATER, Staff
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry


def take_back(staff, saved, by=None, version=None):
    return services.take_back_draft(
        draft_id=saved.draft_id,
        version=saved.version if version is None else version,
        by=by or staff.editor,
        at=LATER,
        key=uuid4(),
    )


@pytest.mark.django_db
def test_taken_back_it_is_changed_handed_in_anew_and_still_reviewed_by_another(client):
    staff = Staff()
    saved = staff.submitted()
    user = User.objects.get(pk=staff.editor.user_id)
    page = reverse("catalogue:draft", args=[saved.draft_id])
    browser = people.signed_in(client, user)
    seen = browser.get(page)
    assert "还没有人审核以前，您可以收回" in seen.content.decode()

    form = seen.context["forms"]["take_back"]
    given = {"deed": "take_back", "key": str(uuid4()), "version": form["version"].value()}
    assert browser.post(reverse("catalogue:act", args=[saved.draft_id]), given).status_code == 302

    draft = DefinitionDraft.objects.get()
    assert (draft.state, draft.submitter_id) == ("draft", None)
    assert [one["deed"] for one in draft.remarks][-1] == "收回"
    assert AuditEntry.objects.filter(action="catalogue.take_back").count() == 1
    again = staff.save(staff.changed("收回以后改的。"), draft_id=draft.pk, version=draft.version)
    sent = services.submit_draft(
        draft_id=draft.pk, version=again.version, by=staff.editor, at=LATER, key=uuid4()
    )
    assert staff.approve(sent).state == "approved"
    assert "您可以收回" not in browser.get(page).content.decode()


@pytest.mark.django_db
def test_nobody_else_takes_it_back_and_nothing_once_somebody_has_decided():
    staff = Staff()
    saved = staff.submitted()
    refusals = [
        ({"by": staff.both}, NotHandedInByYou),
        ({"by": staff.strange}, NotAuthorised),
        ({"by": staff.reviewer}, NotAuthorised),
        ({"version": saved.version + 1}, DraftChanged),
    ]
    for given, refusal in refusals:
        with pytest.raises(refusal), transaction.atomic():
            take_back(staff, saved, **given)
        assert DefinitionDraft.objects.get().state == "submitted"

    staff.approve(saved)
    with pytest.raises(DraftState), transaction.atomic():
        take_back(staff, saved)
    assert DefinitionDraft.objects.get().state == "approved"


def test_taken_back_and_approved_at_once_is_one_of_the_two(committed_db):
    staff = Staff()
    saved = staff.submitted()

    answers = at_once(lambda: take_back(staff, saved), lambda: staff.approve(saved))

    assert sorted(type(answer).__name__ for answer in answers) == ["DraftState", "Saved"]
    assert DefinitionDraft.objects.get().state in ("draft", "approved")
