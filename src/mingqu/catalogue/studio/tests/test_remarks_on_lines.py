"""逐处意见: a remark stands at one line of a sheet or one question of the form, written or not yet, and leads there."""

import copy
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.catalogue import places, services
from mingqu.catalogue.models import DraftComment
from mingqu.catalogue.studio.tests.test_editing import at, browser_of, draft, now, staff, text_of
from mingqu.catalogue.tests.test_drafts import NOW

__all__ = ["draft", "staff"]  # fixtures
pytestmark = pytest.mark.django_db


def say(client, found, path, part, text="请再写清楚些"):
    given = {"path": path, "comment": text, "part": part}
    return client.post(reverse("catalogue:draft_say", args=[found.pk]), given)


def offered(client, found, part, **query):
    page = client.get(at(found, part), query)
    return page, dict(page.context["to_say"])


def test_every_line_of_a_sheet_can_be_remarked_on_and_the_remark_leads_to_it(staff, draft):
    reviewer, editor = browser_of(staff.reviewer), browser_of(staff.editor)
    page, lines = offered(reviewer, draft, "item")
    assert "item.summary" in lines and len(lines) > 5
    assert "提意见" in text_of(page) and "提意见" not in text_of(editor.get(at(draft, "item")))
    chosen, _lines = offered(reviewer, draft, "item", say="item.summary")
    assert '<option value="item.summary" selected>' in chosen.content.decode()
    assert offered(reviewer, draft, "item", say="]]nonsense[")[0].status_code == 200

    assert say(reviewer, draft, "item.summary", "item").status_code == 302

    seen = editor.get(at(draft, "item"))
    assert f'<a href="{at(draft, "item")}#p-item-summary">' in seen.content.decode()
    assert "1条意见待处理" in text_of(seen)
    one = DraftComment.objects.get()
    editor.post(reverse("catalogue:draft_settle", args=[draft.pk, one.pk]), {"part": "item"})
    assert "条意见待处理" not in text_of(editor.get(at(draft, "item")))


def test_a_limit_and_a_line_within_a_row_are_places_and_the_row_counts_what_is_in_it(staff, draft):
    reviewer = browser_of(staff.reviewer)
    _page, lines = offered(reviewer, draft, "0-main")
    assert "handling[01].clocks.statutory.limit" in lines
    code = now(draft)["handling"][0]["materials"][0]["code"]
    _page, lines = offered(reviewer, draft, "0-materials")
    row = f"handling[01].materials[{code}]"
    assert f"{row}.name" in lines and row in lines

    say(reviewer, draft, f"{row}.name", "0-materials")
    say(reviewer, draft, row, "0-materials")

    page = text_of(reviewer.get(at(draft, "0-materials")))
    assert "2条" in page and "1条意见待处理" in page


def test_a_question_of_the_form_is_a_place_by_its_words(staff, draft):
    reviewer = browser_of(staff.reviewer)
    _page, lines = offered(reviewer, draft, "0-form")
    path, words = next((p, w) for p, w in lines.items() if ".form.schema.properties." in p)

    asked = reviewer.get(at(draft, "0-form"), {"say": "pages[0].questions[0].title"})
    assert f'<option value="{path}" selected>' in asked.content.decode()

    assert say(reviewer, draft, path, "0-form").status_code == 302

    page = reviewer.get(at(draft, "0-form"))
    assert words in text_of(page) and "1条" in text_of(page)
    assert f"{at(draft, '0-form')}#p-pages-0-questions-" in page.content.decode()
    gone = copy.deepcopy(now(draft))
    gone["handling"][0]["form"] = None
    services.save_draft(
        document=gone, draft_id=draft.pk, version=draft.version, by=staff.editor, at=NOW, key=uuid4()
    )
    told = browser_of(staff.editor).get(reverse("catalogue:draft", args=[draft.pk]))
    assert "已经没有了" in text_of(told)


def test_a_field_the_format_knows_is_a_place_though_nothing_is_written_there_and_a_row_must_exist():
    document = {"item": {"code": "X"}, "handling": [{"code": "01"}]}

    assert places.known(document, "item.summary") and places.known(
        document, "handling[01].clocks.promised.limit"
    )
    assert places.known(document, "item.code")
    for path in ("item.none", "handling[02].clocks", "handling[01].materials[x].name", "handling[01", "none"):
        assert not places.known(document, path), path
