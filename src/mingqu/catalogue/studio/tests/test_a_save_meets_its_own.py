"""A button pressed while a save of the same typing is on its way: the two meet, and nothing is refused or lost."""

import pytest
from django.urls import reverse

from mingqu.catalogue import services
from mingqu.catalogue.errors import DraftChanged
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio import views
from mingqu.catalogue.studio.tests.test_editing import at, draft, hidden, now, send, staff  # noqa: F401
from mingqu.catalogue.tests.test_drafts import _plain_site, browser_of, text_of  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_site")]
TYPED = {"handling[0].steps[0].name": "承办人审查"}
ADD = {"deed": "add handling[0].steps"}


@pytest.fixture
def met(monkeypatch, draft):  # noqa: F811
    """The next save of a sheet finds that what this does was done after it had read the draft."""

    def arrange(typing):
        save, waiting = services.save_draft, [typing]

        def late(**given):
            if waiting:
                waiting.pop()()
            return save(**given)

        monkeypatch.setattr(views.services, "save_draft", late)

    return arrange


def test_a_button_pressed_while_typing_is_being_saved_does_both_once(staff, draft, met):  # noqa: F811
    editor = browser_of(staff.editor)
    page = editor.get(at(draft, "0-steps"))
    before = len(draft.document["handling"][0]["steps"])
    met(lambda: send(editor, draft, "0-steps", page=page, typing=True, **TYPED))

    answer = editor.post(at(draft, "0-steps"), hidden(page) | TYPED | ADD)

    assert answer.status_code == 302, text_of(answer)
    steps = now(draft)["handling"][0]["steps"]
    assert (steps[0]["name"], len(steps)) == ("承办人审查", before + 1)


def test_a_button_that_meets_the_save_of_somebody_else_is_refused_as_before(staff, draft, met):  # noqa: F811
    editor, other = browser_of(staff.editor), browser_of(staff.both)
    page = editor.get(at(draft, "0-steps"))
    before = len(draft.document["handling"][0]["steps"])
    met(lambda: send(other, draft, "0-steps", typing=True, **TYPED))

    answer = editor.post(at(draft, "0-steps"), hidden(page) | TYPED | ADD)

    assert answer.status_code == DraftChanged.status
    assert "没有保存" in text_of(answer)
    kept = DefinitionDraft.objects.get(pk=draft.pk)
    assert len(kept.document["handling"][0]["steps"]) == before


def test_why_no_example_can_be_made_is_told_in_words(staff, draft):  # noqa: F811
    document = draft.document
    del document["handling"][0]["result"]["renew_before_days"]
    DefinitionDraft.objects.filter(pk=draft.pk).update(document=document)

    editor = browser_of(staff.editor)
    answer = send(editor, draft, "0-scenarios", deed="typical")
    for page in (editor.get(answer.url), editor.get(reverse("catalogue:draft", args=[draft.pk]))):
        assert "到期前多少日申请延续" in text_of(page)
        assert "renew_before_days" not in text_of(page)
