"""专家视图 in Chromium: drawn, saved, undone, tried; nothing refused by the content policy, nothing in English."""

import os
import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import mail
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.plans import plan_of_file
from mingqu.catalogue.selectors import files_of
from mingqu.catalogue.studio.tests.test_experts import table_of
from mingqu.catalogue.tests.test_drafts import Staff
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.process.tests.bpmn_files import FOLDER, REFERENCES
from mingqu.ui.tests.browsing import chromium, serving, watched

pytestmark = pytest.mark.browser
FEW = {"A.2.0.bpmn", "B.2.0.bpmn", "C.4.0.bpmn"}


@pytest.fixture(autouse=True)
def beside_playwright(monkeypatch):
    """Playwright keeps an event loop in this thread, which Django takes for a call from asynchronous code."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(committed_db, settings, browser):
    """A draft, and its editor at a desk."""
    settings.DEBUG = False
    staff = Staff()
    draft = DefinitionDraft.objects.get(pk=staff.save().draft_id)
    session = (
        people.signed_in(Client(), User.objects.get(pk=staff.editor.user_id)).cookies["mingqu_session"].value
    )
    with serving() as site:
        page, wrong = watched(browser, site, mingqu_session=session)
        page.set_viewport_size({"width": 1280, "height": 1000})
        yield page, wrong, draft
        page.context.close()


def handling(draft):
    draft.refresh_from_db()
    return draft.document["handling"][0]


def shot(page, name):
    if shots := os.environ.get("MINGQU_SHOTS"):
        page.screenshot(path=f"{shots}/expert-{name}.png", full_page=True)


def drawn(page, model=None):
    """The board once it shows what it was given; a file that can't be drawn fails here."""
    if model is not None:
        page.evaluate("document.getElementById('mq-board').dataset.shown = ''")
        page.set_input_files("#mq-file", str(model))
    page.locator("#mq-board[data-shown=yes]").wait_for()


def open_models(page, models):
    for model in models:
        drawn(page, model)
        page.wait_for_timeout(50)
        assert page.locator("#mq-elements li").count() > 1, model.name
    page.locator("#mq-told li").first.wait_for()


def placed_by_keyboard(page):
    """The tools say in words what they are; a key press puts one into the middle; it is undone."""
    tool = page.locator(".djs-palette [aria-label='加结束']")
    assert "加结束" in tool.evaluate("one => getComputedStyle(one, '::after').content")
    before = page.locator("#mq-elements li").count()
    tool.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('#mq-elements li').length === {before + 1}")
    assert page.evaluate("document.activeElement.id") == "mq-f-name"
    page.get_by_role("button", name="撤销").click()
    page.wait_for_function(f"document.querySelectorAll('#mq-elements li').length === {before}")


def test_a_flow_is_drawn_undone_and_saved_and_the_step_table_follows(opened):
    page, wrong, draft = opened
    step = handling(draft)["steps"][0]
    page.goto(reverse("catalogue:draft", args=[draft.pk]))
    page.get_by_role("link", name=re.compile("^流程图")).first.click()
    drawn(page)
    assert page.locator(".djs-palette [aria-label='加环节']").count() == 1
    assert page.locator(".bjs-powered-by").is_visible(), "the mark stays"
    placed_by_keyboard(page)

    page.get_by_role("button", name=f"环节：{step['name']}").click()
    page.get_by_label("几个工作日").fill("9")
    page.get_by_label("几个工作日").press("Tab")
    page.get_by_label("名称").fill("看材料")
    page.get_by_label("名称").press("Tab")
    page.get_by_role("button", name="环节：看材料").wait_for()
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name=f"环节：{step['name']}").wait_for()
    page.locator(".djs-context-pad [title='后面加环节'], .djs-context-pad [aria-label='后面加环节']").click()
    page.keyboard.press("Escape")
    page.locator("#mq-told [data-kind=wrong]").first.wait_for()
    page.locator(".mq-badge--wrong").first.wait_for()
    shot(page, "flow-wrong")
    page.get_by_role("button", name="撤销").click()
    page.locator("#mq-told [data-kind=wrong]").first.wait_for(state="detached")
    titles = page.locator(".djs-palette [aria-label]").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert len(titles) > 5
    assert [one for one in titles if one.isascii()] == [], "in Chinese"
    page.get_by_role("button", name="保存流程图").click()
    page.get_by_text("环节表已经一起改好").wait_for()

    assert {row["id"]: row["limit"] for row in handling(draft)["steps"]}[step["id"]] == 9
    drawn(page)
    assert wrong == []


def test_a_message_is_named_with_who_may_bring_it_and_two_that_share_one_are_told_apart(opened, tmp_path):
    page, wrong, draft = opened
    _document, files = mail.drawn(mail.plan(tells=replace(mail.TELLS, ref=mail.REPORT.ref)))
    ((_, file),) = files.items()
    model = tmp_path / "mail.bpmn"
    model.write_bytes(file.content)
    page.goto(reverse("catalogue:draft_flow", args=[draft.pk, 0]))
    drawn(page)
    drawn(page, model)

    page.get_by_role("button", name="告诉申请人：告诉申请人").click()
    assert page.get_by_label("消息或者信号").input_value() == mail.REPORT.ref
    assert not page.get_by_label("哪个系统可以传来").is_visible()
    page.get_by_label("消息或者信号").fill("专家已经看过，正在作决定")
    page.get_by_label("消息或者信号").press("Tab")
    page.get_by_role("button", name="等来件：专家评审报告").click()
    assert page.get_by_label("消息或者信号").input_value() == mail.REPORT.ref
    page.get_by_label("哪个系统可以传来").fill("省专家评审系统")
    page.get_by_label("哪个系统可以传来").press("Tab")
    shot(page, "flow-message")
    page.get_by_role("button", name="保存流程图").click()
    page.get_by_text("环节表里的环节已经对齐").wait_for()

    plan = plan_of_file(files_of([handling(draft)["process"]["file"]]).popitem()[1].content, "food")
    assert (plan.nodes["tells"].ref, plan.nodes["report"].ref) == (
        "专家已经看过，正在作决定",
        mail.REPORT.ref,
    )
    assert plan.nodes["report"].sender == "省专家评审系统"
    assert wrong == []


def test_a_decision_table_is_filled_in_tried_and_saved(opened):
    page, wrong, draft = opened
    question = handling(draft)["situations"][0]
    page.goto(table_of(draft))
    page.locator("#mq-board[data-shown=yes]").wait_for()
    page.locator(".add-rule, .create-inputs, td.add-rule-add").first.click()
    cells = page.locator("#mq-board td[data-row-id]")
    cells.nth(1).click()
    page.keyboard.type(f'"{question["choices"][0]["value"]}"')
    cells.nth(2).click()
    page.keyboard.type('"不能办"')
    page.locator("h1").click()
    page.get_by_label(f"情形：{question['text']}").select_option(question["choices"][0]["value"])
    page.get_by_role("button", name="试算").click()
    page.get_by_text("命中第1行").wait_for()
    page.locator("#mq-board td.mq-hit").first.wait_for()
    shot(page, "decision-hit")
    page.get_by_role("button", name="关系图", exact=True).click()
    page.locator("#mq-board .djs-container").first.wait_for()
    assert page.locator(".bjs-powered-by").first.is_visible()
    shot(page, "decision-drawing")
    page.get_by_role("button", name="保存决策表").click()
    page.get_by_text("决策表已保存").wait_for()

    assert handling(draft)["eligibility"]["decision"] == "能不能办"
    assert wrong == []


@pytest.mark.skipif(FOLDER is None, reason="no shared data")
@pytest.mark.parametrize(
    "models",
    [
        pytest.param([one for one in REFERENCES if one.name in FEW], id="three"),
        pytest.param(REFERENCES, id="all", marks=pytest.mark.long),
    ],
)
def test_the_models_of_the_interchange_suite_open(opened, models):
    page, wrong, draft = opened
    page.goto(reverse("catalogue:draft_flow", args=[draft.pk, 0]))
    drawn(page)

    assert len(models) in (3, 21)
    open_models(page, models)
    assert wrong == []
