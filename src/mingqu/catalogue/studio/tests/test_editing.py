"""An editor fills in the sheets of a draft: typed things are kept, steps go back and forward, nobody loses work."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.catalogue import services
from mingqu.catalogue.checking import findings
from mingqu.catalogue.errors import CommentEmpty, CommentUnknown, DraftChanged, NoFurtherStep, PartChanged
from mingqu.catalogue.models import DefinitionDraft, DraftComment, DraftVersion
from mingqu.catalogue.studio import keeping
from mingqu.catalogue.tests.test_drafts import LATER, NOW, Staff, _plain_site, browser_of, text_of  # noqa: F401
from mingqu.clocks.selectors import seed_calendar
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_site")]
TYPING = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def staff(db):
    return Staff()


@pytest.fixture
def draft(staff):
    return DefinitionDraft.objects.get(pk=staff.save().draft_id)


def at(draft, name="item"):
    return reverse("catalogue:draft_part", args=[draft.pk, name])


def hidden(page):
    """What the page sends besides what is typed."""
    return dict(
        re.findall(
            r'name="(digest|version)" id="mq-(?:digest|version)" value="([^"]*)"', page.content.decode()
        )
    )


def send(client, draft, name="item", *, page=None, typing=False, **typed):
    page = page or client.get(at(draft, name))
    assert page.status_code == 200
    more = TYPING if typing else {}
    return client.post(at(draft, name), hidden(page) | typed, **more)


def now(draft):
    draft.refresh_from_db()
    return draft.document


def test_what_is_typed_is_kept_without_a_button_and_says_when(staff, draft):
    editor = browser_of(staff.editor)

    answer = send(editor, draft, typing=True, **{"item.summary": "边写边存。"})

    assert "已自动保存" in text_of(answer)
    assert now(draft)["item"]["summary"] == "边写边存。"
    assert [one["deed"] for one in draft.remarks] == ["新建", "修改"]
    send(editor, draft, typing=True, **{"item.summary": "边写边存，两次。"})
    assert [one["deed"] for one in now(draft) and draft.remarks] == ["新建", "修改"], (
        "one sitting is one line"
    )


def test_the_flowchart_follows_the_table_as_it_is_typed(staff, draft):
    answer = send(
        browser_of(staff.editor), draft, "0-steps", typing=True, **{"handling[0].steps[0].name": "先看一遍"}
    )

    assert 'id="mq-flow"' in answer.content.decode()
    assert "先看一遍" in text_of(answer)


def test_what_can_not_be_taken_is_told_beside_its_input_and_the_rest_of_typing_is_kept(staff, draft):
    editor = browser_of(staff.editor)
    typed = {"handling[0].steps[0].limit": "三天", "handling[0].steps[0].name": "承办人审查"}

    answer = send(editor, draft, "0-steps", typing=True, **typed)
    assert "有1处没有保存：时限：请写一个整数" in text_of(answer)
    assert now(draft)["handling"][0]["steps"][0]["name"] == "承办人审查"

    page = send(editor, draft, "0-steps", **typed)
    assert page.status_code == 400
    assert 'value="三天"' in page.content.decode()


def test_rows_are_added_moved_and_taken_away_by_buttons(staff, draft):
    editor = browser_of(staff.editor)
    before = [step["id"] for step in now(draft)["handling"][0]["steps"]]

    added = send(
        editor, draft, "0-steps", deed="add handling[0].steps", **{"handling[0].steps[0].result": "意见"}
    )
    assert added.url.endswith(f"#p-handling-0-steps-{len(before)}")
    assert [step["id"] for step in now(draft)["handling"][0]["steps"]] == [*before, "s1"]
    assert draft.document["handling"][0]["steps"][0]["result"] == "意见", (
        "what was typed is not lost with a button"
    )

    send(editor, draft, "0-steps", deed=f"up handling[0].steps[{len(before)}]")
    assert [step["id"] for step in now(draft)["handling"][0]["steps"]][-2] == "s1"
    send(editor, draft, "0-steps", deed=f"remove handling[0].steps[{len(before) - 1}]")
    assert [step["id"] for step in now(draft)["handling"][0]["steps"]] == before


@pytest.mark.parametrize(
    "deed", ["add item", "remove handling[0].steps[99]", "up handling[0].materials[1]", "add x["]
)
def test_a_button_of_another_sheet_or_of_nothing_changes_nothing(staff, draft, deed):
    was = now(draft)

    assert send(browser_of(staff.editor), draft, "0-steps", deed=deed).status_code == 404
    assert now(draft) == was


def test_steps_go_back_and_forward_and_a_new_change_makes_a_new_way(staff, draft):
    editor = browser_of(staff.editor)
    for words in ("第一次", "第二次"):
        send(editor, draft, **{"item.summary": words})

    def go(deed):
        draft.refresh_from_db()
        to = reverse("catalogue:draft_step", args=[draft.pk])
        return editor.post(to, {"deed": deed, "version": draft.version, "part": "item"})

    go("back")
    assert now(draft)["item"]["summary"] == "第一次"
    go("back")
    assert now(draft)["item"]["summary"] == "改过的简介。"
    assert go("back").status_code == 409
    go("forward")
    assert now(draft)["item"]["summary"] == "第一次"
    send(editor, draft, **{"item.summary": "另一条路"})
    go("back")
    go("forward")
    assert now(draft)["item"]["summary"] == "另一条路"


def test_a_draft_written_before_states_were_kept_goes_back_to_what_it_said(staff, draft):
    DraftVersion.objects.all().delete()
    DefinitionDraft.objects.update(shown=0)
    send(browser_of(staff.editor), draft, **{"item.summary": "新的"})
    draft.refresh_from_db()

    services.step_draft(
        draft_id=draft.pk, version=draft.version, forward=False, by=staff.editor, at=LATER, key=uuid4()
    )

    assert now(draft)["item"]["summary"] == "改过的简介。"


def test_only_the_newest_states_are_kept(staff, draft, monkeypatch):
    monkeypatch.setattr(keeping, "KEPT", 2)
    for words in "甲乙丙丁":
        send(browser_of(staff.editor), draft, **{"item.summary": words})

    draft.refresh_from_db()
    assert list(draft.versions.order_by("number").values_list("number", flat=True)) == [4, 5]


def test_a_step_from_an_old_page_or_with_nothing_before_is_refused(staff, draft):
    given = {"draft_id": draft.pk, "by": staff.editor, "at": NOW}

    with pytest.raises(DraftChanged):
        services.step_draft(version=draft.version + 1, forward=False, key=uuid4(), **given)
    with pytest.raises(NoFurtherStep):
        services.step_draft(version=draft.version, forward=False, key=uuid4(), **given)


def test_two_people_in_one_part_are_told_and_in_two_parts_do_not_meet(staff, draft):
    mine, others = browser_of(staff.editor), browser_of(staff.both)
    page, guide = mine.get(at(draft)), mine.get(at(draft, "guide"))
    send(others, draft, **{"item.summary": "他写的"})

    assert send(mine, draft, "guide", page=guide, **{"guide.quantity": "一百个"}).status_code == 302
    refused = send(mine, draft, page=page, **{"item.summary": "我写的"})

    assert refused.status_code == 409
    assert PartChanged.sentence.partition("}")[2] in text_of(refused)
    assert "我写的" in refused.content.decode(), "what was typed is not lost"
    assert (now(draft)["item"]["summary"], draft.document["guide"]["quantity"]) == ("他写的", "一百个")
    again = mine.post(at(draft), hidden(refused) | {"item.summary": "我写的"})
    assert (again.status_code, now(draft)["item"]["summary"]) == (302, "我写的")


def test_typing_on_a_page_that_is_not_the_newest_is_not_kept(staff, draft):
    """A late save of a page whose rows were moved meanwhile would write into the wrong rows."""
    editor = browser_of(staff.editor)
    old = editor.get(at(draft, "0-steps"))
    send(editor, draft, "0-steps", deed="down handling[0].steps[0]")
    moved = now(draft)

    answer = send(editor, draft, "0-steps", page=old, typing=True, **{"handling[0].steps[0].name": "错行"})

    assert "没有保存" in text_of(answer)
    assert now(draft) == moved


def test_who_may_not_edit_only_looks(staff, draft):
    reviewer = browser_of(staff.reviewer)
    page = reviewer.get(at(draft, "0-materials"))

    assert page.status_code == 200
    assert '<form method="post" class="mq-panel"' not in page.content.decode()
    assert send(reviewer, draft, page=page, **{"item.summary": "不该"}).status_code == 403
    assert browser_of(staff.strange).get(at(draft)).status_code == 404
    assert browser_of(staff.editor).get(at(draft, "9-steps")).status_code == 404


def test_a_submitted_draft_is_not_changed_on_its_sheets(staff):
    saved = staff.submitted()
    draft = DefinitionDraft.objects.get(pk=saved.draft_id)

    assert send(browser_of(staff.editor), draft, **{"item.summary": "晚了"}).status_code == 409
    assert now(draft)["item"]["summary"] == "改过的简介。"


def test_a_remark_stands_at_its_place_until_it_is_settled(staff, draft):
    path = "handling[01].clocks.promised"
    said = services.say_comment(
        draft_id=draft.pk, path=path, text=" 能不能再短一点 ", by=staff.reviewer, at=NOW, key=uuid4()
    )
    one = DraftComment.objects.get()
    assert (one.pk, one.path, one.text, one.author_id) == (said, path, "能不能再短一点", staff.reviewer.id)

    services.settle_comment(draft_id=draft.pk, comment_id=said, by=staff.editor, at=LATER, key=uuid4())

    one.refresh_from_db()
    assert (one.settled_by, one.settled_at) == (staff.editor.id, LATER)


@pytest.mark.parametrize(
    ("path", "text", "refusal"), [("", " ", CommentEmpty), ("item.none", "在哪里", CommentUnknown)]
)
def test_a_remark_says_something_about_a_place_there_is(staff, draft, path, text, refusal):
    with pytest.raises(refusal):
        services.say_comment(draft_id=draft.pk, path=path, text=text, by=staff.reviewer, at=NOW, key=uuid4())
    assert not DraftComment.objects.exists()


def test_who_neither_writes_nor_reviews_here_says_nothing(staff, draft):
    clerk = people.staff_actor("reviewer", department_id=staff.world.bureau, name="承办人")

    for by in (clerk, staff.strange):
        with pytest.raises(NotAuthorised):
            services.say_comment(draft_id=draft.pk, path="", text="路过", by=by, at=NOW, key=uuid4())
    with pytest.raises(CommentUnknown):
        services.settle_comment(draft_id=draft.pk, comment_id=uuid4(), by=staff.editor, at=NOW, key=uuid4())


def begun(client, **more):
    said = {"template": "joint", "name": "占道施工许可", "code": "QH-ZDSG", "organ": "QH-SCJG", "type": "01"}
    said |= {"audience": "enterprise", "organs": ["QH-SCJG", "QH-CGJ"], "key": str(uuid4())}
    return client.post(reverse("catalogue:begin_draft"), said | more)


def test_a_new_service_begins_from_a_template_with_what_its_law_gives(staff):
    answer = begun(browser_of(staff.editor), organs=organs())
    assert answer.status_code == 302, text_of(answer)
    draft = DefinitionDraft.objects.get(item_code="QH-ZDSG")

    handling = draft.document["handling"][0]
    assert handling["clocks"]["statutory"] == {
        "limit": 45, "unit": "working_days", "law": "中华人民共和国行政许可法", "article": 42, "paragraph": 2,
        "extension": {"limit": 15, "approver": "government_head", "law": "中华人民共和国行政许可法", "article": 42},
    }  # fmt: skip
    assert [step.get("parallel") for step in handling["steps"]] == ["A", "A", None]
    assert answer.url == at(draft)


def organs():
    return list(Department.objects.order_by("code").values_list("code", flat=True)[:2])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"organs": []}, "联办件至少选两个部门"),
        ({"code": "坏"}, "编码只能用字母"),
        ({"organ": "EX-NONE"}, "实施机关"),
    ],
)
def test_a_new_service_that_lacks_something_is_not_begun(staff, more, said):
    answer = begun(browser_of(staff.editor), **more)

    assert answer.status_code == 400
    assert said in text_of(answer)
    assert not DefinitionDraft.objects.exists()


def test_what_is_in_force_is_changed_in_one_draft(staff):
    editor = browser_of(staff.editor)
    first = editor.post(reverse("catalogue:revise_draft", args=["QH-SPJYXK"]))
    again = editor.post(reverse("catalogue:revise_draft", args=["QH-SPJYXK"]))

    assert first.url == again.url == at(DefinitionDraft.objects.get())
    assert DefinitionDraft.objects.get().document == staff.document


def test_an_example_is_made_from_the_definition_and_comes_out_as_it_says(staff, draft):
    editor = browser_of(staff.editor)
    path = "handling[0].scenarios"
    before = len(now(draft)["handling"][0]["scenarios"])

    send(editor, draft, "0-scenarios", deed="typical")

    made = now(draft)["handling"][0]["scenarios"][before:]
    assert [one["expect"]["result"] for one in made] == ["granted"], path
    assert findings(draft.document, seed_calendar()) == []


def test_an_example_of_what_can_not_run_is_refused_with_the_reason(staff, draft):
    editor = browser_of(staff.editor)
    send(editor, draft, "0-main", **{"handling[0].clocks.statutory.limit": ""})
    was = now(draft)

    answer = editor.get(send(editor, draft, "0-scenarios", deed="typical").url)

    assert "还不能生成场景" in text_of(answer)
    assert now(draft) == was


def test_the_form_shows_itself_as_it_is_built(staff, draft):
    editor = browser_of(staff.editor)
    send(editor, draft, "0-form", deed="add pages[0].questions")
    place = len(now(draft)["handling"][0]["form"]["pages"][0]["fields"]) - 1

    answer = send(
        editor, draft, "0-form", typing=True, **{f"pages[0].questions[{place}].title": "您还要说什么"}
    )

    assert "申请人看到的样子" in text_of(answer)
    assert "您还要说什么" in text_of(answer)


def test_a_reviewer_remarks_on_a_row_and_the_editor_settles_it(staff, draft):
    reviewer, editor = browser_of(staff.reviewer), browser_of(staff.editor)
    page = text_of(reviewer.get(at(draft, "0-materials")))
    assert "对哪一处" in page
    path = f"handling[01].materials[{now(draft)['handling'][0]['materials'][0]['code']}]"
    say = reverse("catalogue:draft_say", args=[draft.pk])

    assert (
        reviewer.post(say, {"path": path, "comment": "说明再写清楚些", "part": "0-materials"}).status_code
        == 302
    )
    assert "有意见" in text_of(editor.get(at(draft, "0-materials")))
    seen = editor.get(reverse("catalogue:draft", args=[draft.pk])).content.decode()
    assert f"{at(draft, '0-materials')}#p-handling-0-materials-0" in seen

    one = DraftComment.objects.get()
    editor.post(reverse("catalogue:draft_settle", args=[draft.pk, one.pk]), {"part": "0-materials"})
    page = text_of(editor.get(at(draft, "0-materials")))
    assert "已处理" in page
    assert "有意见" not in page


def test_a_finding_leads_to_where_it_is_put_right(staff, draft):
    editor = browser_of(staff.editor)
    send(editor, draft, "0-main", **{"handling[0].clocks.promised.limit": "99"})
    send(
        editor,
        draft,
        "0-steps",
        **{"handling[0].steps[0].parallel": "B", "handling[0].steps[2].parallel": "B"},
    )

    page = editor.get(reverse("catalogue:draft", args=[draft.pk])).content.decode()

    assert f'<a href="{at(draft, "0-main")}">' in page


def test_a_remark_of_the_linter_leads_to_its_input_though_nothing_is_written_there(staff, draft):
    editor = browser_of(staff.editor)
    send(editor, draft, "guide", **{"guide.consult": ""})

    page = editor.get(reverse("catalogue:draft", args=[draft.pk])).content.decode()

    lint = page[page.index('id="i-lint"') :]
    target = "#p-guide-consult"
    assert f'<a href="{at(draft, "guide")}{target}">' in lint
    assert f'id="{target[1:]}"' in editor.get(at(draft, "guide")).content.decode()


def test_the_reviewer_sees_what_became_of_the_flow(staff, draft):
    send(browser_of(staff.editor), draft, "0-steps", **{"handling[0].steps[0].name": "换了名字"})

    page = browser_of(staff.reviewer).get(reverse("catalogue:draft", args=[draft.pk]))

    assert "流程的改动" in text_of(page)
    assert 'class="is-changed"' in page.content.decode()
