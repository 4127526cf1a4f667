"""Applying without JavaScript, first part: the questions, the draft and the pages of its form."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.models import MaterialFile
from mingqu.cases.tests.applying import (
    FITS,
    PAGE_1,
    PAGE_2,
    START,
    begun,
    body,
    filled,
    hand_in,
    page,
    save,
    user_of,
    version,
)
from mingqu.forms.models import Draft
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db


# The questions ------------------------------------------------------------------------------------------------


def test_the_first_question_is_asked_without_signing_in(client, world):
    answer = client.get(START)

    assert answer.status_code == 200
    assert "您要办哪一项？" in body(answer) and "第1题" not in body(answer)
    assert "由谁来经营？" in body(client.get(f"{START}?_handling=01&_asked=_handling"))


def test_each_answer_leads_to_the_next_question_and_says_what_is_known(client, world):
    answer = client.get(f"{START}?subject=person&_asked=subject")

    assert "后厨会用明火" in body(answer)
    assert "已经知道的" in body(answer) and "个体工商户" in body(answer)
    assert f"{START}?subject=person&amp;_ask=subject" in body(answer), "the way back to change it"


def test_going_on_without_an_answer_says_so_beside_the_question(client, world):
    answer = client.get(f"{START}?_asked=subject")

    assert answer.status_code == 400
    assert "请选择一项，再继续。" in body(answer) and 'href="#id_subject_0"' in body(answer)


def test_an_answer_that_is_none_is_asked_again(client, world):
    answer = client.get(f"{START}?subject=alien")

    assert answer.status_code == 400
    assert "“alien”不是这道题的选项" in body(answer)


def test_a_stop_gives_the_reason_the_article_and_the_telephone_and_lets_the_answer_be_changed(client, world):
    answer = client.get(f"{START}?subject=person&open_fire=yes&above_homes=yes&_asked=above_homes")

    text = body(answer)
    assert "不得新建产生油烟的餐饮项目" in text and "《中华人民共和国大气污染防治法》第81条" in text
    assert "请先不要签租约" in text and "0000-12345" in text
    assert "_ask=above_homes" in text
    assert "开始填写" not in text


def test_all_answers_lead_to_what_is_needed_and_what_is_not(client, world):
    answer = client.get(f"{START}?{FITS}&_asked=foods", follow=True)

    text = body(answer)
    assert answer.redirect_chain[0][0].startswith(f"{START}result/?")
    assert "营业执照" in text and "专间或专用操作区说明" not in text
    assert "您不需要的" in text and "卫生许可证" in text
    assert "8个工作日" in text and "法定20个工作日" in text and "不收费" in text
    assert "材料审查" in text and "现场核查" not in text, "the picture shows the steps that apply"
    assert "2026年9月24日" in text and "2026年9月30日" in text, "answer and decision if filed today"


def test_raw_food_needs_one_more_material_and_a_visit(client, world):
    text = body(client.get(f"{START}result/?{FITS}&foods=raw"))

    assert "专间或专用操作区说明" in text and "现场核查" in text


def test_the_result_is_not_shown_before_every_question_is_answered(client, world):
    assert client.get(f"{START}result/?subject=person").url == f"{START}?subject=person"


def test_a_service_that_does_not_exist_is_not_found(client, world):
    assert client.get("/apply/NO-SUCH/").status_code == 404


# The draft ----------------------------------------------------------------------------------------------------


def test_a_draft_begins_without_signing_in_and_says_how_to_come_back(client, world):
    draft_id = begun(client)
    answer = client.get(reverse("cases:draft", args=[draft_id]))

    code = answer.context["code"]
    assert len(code) == 16
    assert f"/apply/resume/{code}/" in body(answer) and "<svg" in body(answer)
    assert "还有5件事要做" in body(answer)


def test_the_link_and_a_press_open_the_draft_in_any_browser_whatever_that_one_did_before(client, world):
    draft_id = begun(client)
    code = client.get(reverse("cases:draft", args=[draft_id])).context["code"]
    other = Client()
    begun(other)

    assert other.get(reverse("cases:draft", args=[draft_id])).status_code == 404
    asked = other.get(f"/apply/resume/{code}/")
    assert f'value="{code}"' in body(asked), "a stranger's link alone puts no draft into a browser"
    assert other.get(reverse("cases:draft", args=[draft_id])).status_code == 404
    opened = other.post("/apply/resume/", {"code": code}, follow=True)
    assert opened.redirect_chain[-1][0] == reverse("cases:draft", args=[draft_id])
    assert Client().post("/apply/resume/", {"code": f" {code.lower()} "}).status_code == 302


def test_a_wrong_code_opens_nothing_and_guessing_is_limited(client, world, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"draft_code_address": (2, 600)}

    assert client.post("/apply/resume/", {"code": "2" * 16}).status_code == 404
    assert client.post("/apply/resume/", {"code": "3" * 16}).status_code == 404
    assert client.post("/apply/resume/", {"code": "2" * 16}).status_code == 429


def test_an_unfinished_situation_makes_no_draft(client, world):
    answer = client.post(f"{START}begin/", {"subject": "person"})

    assert answer.url == f"{START}?subject=person"
    assert not Draft.objects.exists()


def test_a_page_is_saved_and_the_next_one_follows(client, world):
    draft_id = begun(client)

    assert save(client, draft_id, 1, PAGE_1).url == page(draft_id, 2)
    assert save(client, draft_id, 2, PAGE_2).url == reverse("cases:draft", args=[draft_id])
    assert "填好了" in body(client.get(reverse("cases:draft", args=[draft_id])))
    assert 'value="清禾小馆"' in body(client.get(page(draft_id, 1)))


def test_a_wrong_answer_is_kept_repeated_and_told_at_the_top_with_a_link(client, world):
    draft_id = begun(client)

    answer = save(client, draft_id, 1, PAGE_1 | {"area_m2": "六十"})

    assert answer.status_code == 400
    text = body(answer)
    assert 'value="六十"' in text and 'href="#id_area_m2"' in text and "govuk-error-summary" in text
    assert "<title>错误：" in text
    assert 'value="六十"' in body(client.get(page(draft_id, 1))), "a draft loses nothing"
    assert "还有1处" in body(client.get(reverse("cases:draft", args=[draft_id])))


def test_one_may_stop_in_the_middle(client, world):
    draft_id = begun(client)

    answer = save(client, draft_id, 1, {"shop_name": "清禾小馆", "_end": "1"}, _leave="1")

    assert answer.url == reverse("cases:draft", args=[draft_id])
    assert 'value="清禾小馆"' in body(client.get(page(draft_id, 1)))


def test_a_page_cut_off_in_the_middle_takes_nothing_away(client, world):
    draft_id = begun(client)
    save(client, draft_id, 1, PAGE_1)

    answer = client.post(page(draft_id, 1), {"_version": version(draft_id), "shop_name": "新名字"})

    assert answer.status_code == 400
    assert "没有传完整" in body(answer)
    assert 'value="新名字"' in body(answer) and "青澜街道示例路1号" in body(answer)
    assert 'value="清禾小馆"' in body(client.get(page(draft_id, 1))), "nothing was saved"


def test_autosave_keeps_what_is_typed_and_shows_the_hour(client, world):
    draft_id = begun(client)
    url = reverse("cases:autosave", args=[draft_id, 1])

    answer = client.post(url, PAGE_1 | {"_version": "1"}, headers={"HX-Request": "true"})

    assert "已保存 12:00" in body(answer)
    assert 'id="mq-version" value="2"' in body(answer)
    assert "已保存 12:00" in body(client.get(page(draft_id, 1)))


def test_a_save_that_fails_is_visible(client, world):
    draft_id = begun(client)
    url = reverse("cases:autosave", args=[draft_id, 1])
    save(client, draft_id, 1, PAGE_1)

    stale = client.post(url, PAGE_1 | {"_version": "1", "shop_name": "乙"}, headers={"HX-Request": "true"})
    gone = Client().post(url, PAGE_1 | {"_version": "1"}, headers={"HX-Request": "true"})

    assert stale.status_code == 200 and "没有保存" in body(stale)
    assert "没有保存：登录已过期" in body(gone)


def test_another_tab_is_never_overwritten_without_a_word_and_both_contents_can_be_chosen(client, world):
    draft_id = begun(client)
    save(client, draft_id, 1, PAGE_1)

    answer = client.post(page(draft_id, 1), PAGE_1 | {"_version": "1", "shop_name": "另一家"})

    text = body(answer)
    assert answer.status_code == 409
    assert "用那边保存的" in text and "用这一页填的" in text
    assert "那边保存的是“清禾小馆”，这一页填的是“另一家”" in text
    assert Draft.objects.get(pk=draft_id).answers["values"]["shop_name"] == "清禾小馆"
    again = client.post(
        page(draft_id, 1), PAGE_1 | {"_version": answer.context["version"], "shop_name": "另一家"}
    )
    assert again.status_code == 302
    assert Draft.objects.get(pk=draft_id).answers["values"]["shop_name"] == "另一家"


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(world, sign_in):
    client = sign_in(world.citizen)
    draft_id = begun(client)
    client.post(reverse("identity:sign_out"))

    answer = client.post(page(draft_id, 1), PAGE_1 | {"_version": "1"})
    assert answer.status_code == 404 and "暂时留在这个浏览器里" in body(answer)
    people.signed_in(client, user_of(world.citizen))

    text = body(client.get(page(draft_id, 1)))
    assert 'value="清禾小馆"' in text and "带回来了" in text
    assert save(client, draft_id, 1, PAGE_1).status_code == 302


def test_an_expired_draft_is_told_kindly(client, world, clock):
    draft_id = begun(client)
    clock.at += timedelta(days=31)

    answer = client.get(reverse("cases:draft", args=[draft_id]))

    assert answer.status_code == 404
    assert "草稿30天没有动过" in body(answer)


def test_another_persons_draft_does_not_exist(world, sign_in):
    mine = sign_in(world.citizen)
    draft_id = filled(mine, begun(mine))
    file_id = MaterialFile.objects.filter(root_id=draft_id).values_list("file_id", flat=True).first()
    other = sign_in(people.citizen("王芳")[1])

    for name, args in (
        ("draft", [draft_id]),
        ("form_page", [draft_id, 1]),
        ("material", [draft_id, "floor-plan"]),
        ("draft_file", [draft_id, file_id]),
        ("remove_file", [draft_id, file_id]),
        ("check", [draft_id]),
    ):
        assert other.get(reverse(f"cases:{name}", args=args)).status_code == 404, name
    assert other.post(reverse("cases:remove_file", args=[draft_id, file_id])).status_code == 404
    assert hand_in(other, draft_id).status_code == 404


def test_changing_the_situation_keeps_answers_and_changes_the_materials(client, world):
    draft_id = begun(client)
    save(client, draft_id, 1, PAGE_1)
    changed = {
        "subject": "person",
        "open_fire": "no",
        "above_homes": "no",
        "foods": ["raw"],
        "_draft": draft_id,
    }

    answer = client.post(f"{START}begin/", changed, follow=True)

    text = body(answer)
    assert "专间或专用操作区说明" in text and "填过的内容都还在" in text
    assert 'value="清禾小馆"' in body(client.get(page(draft_id, 1)))
