"""提意见 at one element of a drawing and at one row of a decision table."""

import pytest
from django.urls import reverse

from mingqu.catalogue.errors import CommentUnknown
from mingqu.catalogue.models import DraftComment
from mingqu.catalogue.studio.tests.test_experts import (
    BACK,
    LINE,
    RULES,
    address,
    draft,
    save,
    staff,
    table_of,
    tell,
)
from mingqu.catalogue.studio.tests.test_remarks_on_lines import say
from mingqu.catalogue.tests.test_drafts import _plain_site, browser_of, text_of  # noqa: F401

__all__ = ["draft", "staff"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_site")]
FLOW = "handling[01].process"


def test_a_gateway_and_a_way_of_a_drawing_are_places_and_the_remark_stands_there_until_settled(staff, draft):
    editor, reviewer = browser_of(staff.editor), browser_of(staff.reviewer)
    save(editor, draft, BACK)
    page = reviewer.get(address(draft), {"say": "g"})
    offered = dict(page.context["to_say"])
    assert offered[FLOW] == "整张图" and offered[f"{FLOW}#g"] == "只走一条的网关“够不够”"
    assert any(words.startswith("路线：只走一条的网关“够不够”到") for words in offered.values())
    assert f'<option value="{FLOW}#g" selected>' in page.content.decode()

    answer = say(reviewer, draft, f"{FLOW}#g", "flow-0", "什么叫不够？")

    assert answer.url == f"{address(draft)}#remarks"
    seen = editor.get(address(draft))
    assert 'data-element="g" data-kind="said"' in seen.content.decode() and "什么叫不够？" in text_of(seen)
    assert 'data-go="g"' in seen.content.decode()
    whole = editor.get(reverse("catalogue:draft", args=[draft.pk]))
    assert "流程图：只走一条的网关“够不够”" in text_of(whole)
    assert f'href="{address(draft)}#remarks"' in whole.content.decode()
    one = DraftComment.objects.get()
    editor.post(reverse("catalogue:draft_settle", args=[draft.pk, one.pk]), {"part": "flow-0"})
    assert 'data-kind="said"' not in editor.get(address(draft)).content.decode()


def test_a_remark_outlives_the_element_it_was_about_and_says_so(staff, draft):
    editor, reviewer = browser_of(staff.editor), browser_of(staff.reviewer)
    save(editor, draft, BACK)
    say(reviewer, draft, f"{FLOW}#g", "flow-0")
    draft.refresh_from_db()

    save(editor, draft, LINE)

    assert "流程图（已经没有了）" in text_of(reviewer.get(address(draft)))


@pytest.mark.parametrize("path", [f"{FLOW}#none", "handling[09].process#g", "handling[01].eligibility#r9"])
def test_what_is_not_drawn_is_no_place(staff, draft, path):
    answer = say(browser_of(staff.reviewer), draft, path, "flow-0")

    assert answer.status_code == CommentUnknown.status
    assert not DraftComment.objects.exists()


def test_a_row_of_a_decision_table_is_a_place_by_its_number_and_words(staff, draft):
    editor, reviewer = browser_of(staff.editor), browser_of(staff.reviewer)
    ask = draft.document["handling"][0]["situations"][0]["ask"]
    tell(editor, draft, RULES.format(name="能不能办", reads=f"situation.{ask}"))
    page = reviewer.get(table_of(draft))
    path = "handling[01].eligibility"
    assert dict(page.context["to_say"]) == {
        path: "整张表", f"{path}#r1": "第1行：\"no\"、\"不是本人\"、\"请本人来\"",
    }  # fmt: skip

    answer = say(reviewer, draft, f"{path}#r1", "decision-0-eligibility", "代办也可以")

    assert answer.url == f"{table_of(draft)}#remarks"
    assert "决策表“能不能办”：第1行" in text_of(editor.get(table_of(draft)))
    assert "代办也可以" in text_of(editor.get(reverse("catalogue:draft", args=[draft.pk])))


def test_who_neither_writes_nor_reviews_is_offered_nothing_to_say(staff, draft):
    page = browser_of(staff.editor).get(address(draft))
    assert "写下意见" in text_of(page)
    draft.refresh_from_db()
    seen = browser_of(staff.world.leader).get(address(draft))

    assert seen.status_code in (403, 404) or "写下意见" not in text_of(seen)
