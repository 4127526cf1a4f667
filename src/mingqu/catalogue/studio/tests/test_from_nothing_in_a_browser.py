"""
A person without programming builds a service of three departments by clicks and keys alone; a second one reviews and
publishes it; a citizen finds it; it runs to its decision. The twin without a browser is `test_from_nothing`.
"""

import os

import pytest
from django.test import Client

from mingqu.cases.tests import factories as f
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio.sheet import dom_id
from mingqu.catalogue.studio.tests.test_experts_in_a_browser import (  # noqa: F401 - fixtures
    beside_playwright,
    browser,
)
from mingqu.catalogue.studio.tests.test_from_nothing import CODE, POSTS, _it_runs
from mingqu.catalogue.tests.test_drafts import Staff
from mingqu.identity.models import Department, User
from mingqu.identity.tests import factories as people
from mingqu.ui.tests.browsing import serving, watched

pytestmark = [pytest.mark.browser, pytest.mark.long]
NAME = "夜间集市举办许可"
H = "handling[0]"


@pytest.fixture
def desks(committed_db, settings, browser):  # noqa: F811
    """The editor's and the reviewer's desk and a citizen's telephone; what went wrong on any of them."""
    settings.DEBUG = False
    staff, tabs, wrong = Staff(), [], []
    hall = Department.objects.get(code="QH-ZWZX").pk
    staff.outside = f._post("ZWZX-SC", "大厅审查", hall, "reviewer", staff.world.bureau)
    with serving() as site:
        for actor in (staff.editor, staff.reviewer, None):
            session = {}
            if actor is not None:
                signed = people.signed_in(Client(), User.objects.get(pk=actor.user_id))
                session = {"mingqu_session": signed.cookies["mingqu_session"].value}
            page, heard = watched(browser, site, **session)
            page.set_viewport_size({"width": 1280, "height": 900} if actor else {"width": 390, "height": 844})
            tabs.append(page)
            wrong.append(heard)
        yield staff, tabs, wrong
        for page in tabs:
            page.context.close()


def press(page, words):
    page.get_by_role("button", name=words).first.click()
    page.wait_for_load_state()


def fill(page, **typed):
    for path, value in typed.items():
        page.locator(f"#{dom_id(path)}").fill(value)


def onward(page, title):
    """The next sheet, by the button below this one."""
    press(page, "保存，")
    page.get_by_role("heading", level=1, name=title).wait_for()
    if shots := os.environ.get("MINGQU_SHOTS"):
        page.screenshot(path=f"{shots}/nothing-{title}.png", full_page=True)


def begun(page):
    page.goto("/desk/items/")
    page.get_by_role("link", name="在编的定义").first.click()
    page.get_by_role("link", name="新建事项").first.click()
    page.get_by_label("联办件").first.check()
    page.get_by_label("事项名称").fill(NAME)
    page.get_by_label("事项编码").fill(CODE)
    page.get_by_label("实施机关").select_option("QH-SCJG")
    page.get_by_label("事项类型").select_option("01")
    page.get_by_label("自然人").check()
    page.get_by_text("联办件：选一起审查的部门").click()
    for code in ("QH-SCJG", "QH-SCJG-QLS", "QH-ZWZX"):
        page.locator(f"input[name=organs][value={code}]").check()
    press(page, "建草稿，开始填")
    page.get_by_role("heading", level=1, name="基本信息").wait_for()


def told(page):
    """What it is, on what it rests, whom to ask, how long it takes, what is asked before."""
    fill(page, **{
        "item.summary": "晚上办集市之前要办。", "item.theme": "准营准办", "item.base_code": "000131999000",
        "item.responsible_post": POSTS[0],
    })  # fmt: skip
    press(page, "加一个依据")
    fill(page, **{"basis[0].law": "中华人民共和国行政许可法", "basis[0].article": "26"})
    fill(page, **{"basis[0].confirmed_by": "叶知秋"})
    onward(page, "办事指南")
    fill(page, **{"guide.consult": "0000-12345"})
    onward(page, "办理项和时限")
    onward(page, "情形引导")
    press(page, "加一个问题")
    fill(page, **{f"{H}.situations[0].text": "要占车行道吗？"})
    onward(page, "材料")


def wanted(page):
    """A paper wanted in one situation only; questions of the form, one of them asked after an answer."""
    press(page, "加一个材料")
    at = f"{H}.materials[0]"
    fill(page, **{f"{at}.name": "占道方案", f"{at}.explain": "画出摊位和通道。"})
    row = page.locator(f"#{dom_id(at)}")
    if not (tick := row.get_by_label("是", exact=True).first).is_visible():
        row.get_by_text("按情形选择").click()
    tick.check()
    onward(page, "申请表")
    place = page.locator("section.mq-line[id^='p-pages-1-questions-']").count()
    for title, kind in (("集市的地点", "text"), ("用不用电", "yes_no"), ("几千瓦", "integer")):
        page.locator("#p-pages-1-questions").get_by_role("button", name="加一个问题").click()
        page.wait_for_load_state()
        fill(page, **{f"pages[1].questions[{place}].title": title})
        page.locator(f"#p-pages-1-questions-{place}-kind").select_option(kind)
        press(page, "保存")
        place += 1
    last = page.locator(f"#p-pages-1-questions-{place - 1}")
    power = last.get_by_role("group", name="用不用电").get_by_label("是", exact=True)
    if not power.is_visible():
        last.get_by_text("按前面的回答选择").click()
    power.check()
    onward(page, "环节表")


def handled(page):
    for number, post in enumerate(POSTS):
        fill(page, **{f"{H}.steps[{number}].post": post})
    for number in range(3):
        fill(page, **{f"{H}.steps[{number}].standard": "不影响安全和交通。"})
    fill(page, **{f"{H}.decide.post": "SCJG-LEAD"})
    onward(page, "结果和收费")
    onward(page, "裁量基准")
    onward(page, "场景")
    press(page, "按现在的定义生成一个场景")
    page.locator("section.mq-line[id^='p-handling-0-scenarios-']").first.wait_for()
    onward(page, NAME)


def test_a_service_is_built_reviewed_published_and_found_by_clicks_alone(desks):
    staff, (editor, reviewer, citizen), wrong = desks
    begun(editor)
    told(editor)
    wanted(editor)
    handled(editor)
    assert "符合要求" in editor.locator("main").inner_text(), editor.locator(
        "#d-check >> xpath=.."
    ).inner_text()
    editor.get_by_role("link", name="办事指南").first.click()
    editor.get_by_text("预览").first.wait_for()
    editor.go_back()
    press(editor, "送审")
    editor.get_by_text("已送审，等另一个人审核").wait_for()

    reviewer.goto("/desk/items/drafts/")
    reviewer.get_by_role("link", name=NAME).first.click()
    reviewer.get_by_label("意见").last.fill("同意")
    press(reviewer, "审核通过")
    reviewer.get_by_text("审核通过，可以发布了").wait_for()
    press(reviewer, "发布")
    reviewer.get_by_text("已发布，从现在起").wait_for()

    citizen.goto("/")
    citizen.get_by_role("searchbox").first.fill("夜间集市")
    citizen.keyboard.press("Enter")
    citizen.get_by_role("link", name=NAME).first.click()
    citizen.get_by_text("占道方案").first.wait_for()
    citizen.locator("main").get_by_role("link", name="办理").first.click()
    citizen.get_by_text("要占车行道吗？").first.wait_for()
    assert wrong == [[], [], []]
    assert DefinitionDraft.objects.get(item_code=CODE).state == "published"

    _it_runs(staff.world, staff.outside)
