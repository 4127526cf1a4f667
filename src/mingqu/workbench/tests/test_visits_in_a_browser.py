"""现场核查 in Chromium on a phone: from the agreed date to the record in PDF; a lost line loses nothing."""

import io
import os
import threading

import pytest
from django.db import connections
from PIL import Image

from mingqu.cases import selectors as cases
from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.identity.models import User
from mingqu.kernel.ids import new_id
from mingqu.process import selectors as tasks
from mingqu.workbench.tests.pages import url
from mingqu.workbench.tests.test_pages_in_a_browser import (  # noqa: F401 - fixtures
    beside_playwright,
    browser,
    session_of,
    site,
)

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def case(site):  # noqa: F811
    w = f.world()
    document_services.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="市场监督管理局",
        by=f.SYSTEM,
        at=f.FRIDAY_NOON,
        key=new_id(),
    )
    found = f.accepted_case(w, situation=f.RAW_FOOD)
    found.w = w
    return found


def phone(browser, site, user, **more):  # noqa: F811
    context = browser.new_context(viewport=PHONE, has_touch=True, **more)
    context.add_cookies([{"name": "mingqu_session", "value": session_of(user), "url": site}])
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on(
        "console",
        lambda said: (
            page.wrong.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    return page


def shot(page, name):
    if shots := os.environ.get("MINGQU_SHOTS"):
        page.screenshot(path=f"{shots}/{name}-390.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def photo():
    taken = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(taken, "JPEG")
    return {"name": "后厨.jpg", "mimeType": "image/jpeg", "buffer": taken.getvalue()}


def made(root_id, request_id, at):
    """The paper, in a thread: signing brings an event loop of its own, and Playwright has one here."""

    def make():
        try:
            document_services.make_document(root_id=root_id, request_id=request_id, at=at)
        finally:
            connections.close_all()

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()


def write(page, label):
    """A stroke by finger on the pad under this label."""
    pad = page.locator("fieldset", has_text=label).locator("canvas").last
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.move(box["x"] + 200, box["y"] + 25, steps=5)
    page.mouse.up()


def plan(page, site, case):  # noqa: F811
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == "visit")
    page.goto(f"{site}{url('case', case)}")
    page.get_by_role("link", name="约定现场核查").click()
    page.wait_for_url(f"**{task.task_id}/")
    for part, value in (("年", "2026"), ("月", "9"), ("日", "18")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("几点").select_option("13:00")
    page.get_by_label("核查人员2").select_option(str(case.w.station.id))
    shot(page, "visit-plan")
    page.get_by_role("button", name="约定，告诉申请人").click()
    page.get_by_role("link", name="到现场，填核查记录").click()
    page.wait_for_load_state("networkidle")


def test_a_visit_on_a_phone_from_the_date_to_the_paper(site, browser, case, clock):  # noqa: F811
    inspector = User.objects.get(pk=case.w.inspector.user_id)
    page = phone(browser, site, inspector)
    plan(page, site, case)
    points = page.locator(".mq-checks > li")
    assert points.count() == 12
    target = points.first.get_by_text("符合", exact=True).bounding_box()
    assert target["height"] >= 44 and target["width"] >= 44

    for place in range(12):
        box = points.nth(place)
        box.get_by_text("不符合" if place == 0 else "符合", exact=True).click()
        box.get_by_text("已保存").wait_for()
    points.first.get_by_label("情况").fill("仓库堆放杂物")
    points.first.get_by_label("情况").blur()
    page.wait_for_load_state("networkidle")
    page.get_by_label("拍照或者选照片").set_input_files(photo())
    page.get_by_role("button", name="上传照片").click()
    page.get_by_role("heading", name="现场照片（1张）").wait_for()
    shot(page, "visit-spot")
    page.get_by_role("button", name="保存，去签名").click()
    page.wait_for_url("**/sign/")
    assert "1条不符合" in page.inner_text("main")
    page.get_by_label("申请人一方签名（在场人姓名）").fill("李晓禾")
    write(page, "申请人一方手写签名")
    page.get_by_label("核查人员签名：现场核查").fill("现场核查")
    page.get_by_label("核查人员签名：市场监管所").fill("市场监管所")
    write(page, "市场监管所手写签名")
    shot(page, "visit-sign")
    page.get_by_role("button", name="完成核查记录").click()
    page.wait_for_url(f"**{url('case', case)}")
    page.get_by_text("核查记录已完成").wait_for()
    shot(page, "visit-done")

    visit = cases.visits_of(case)[-1]
    assert (visit.state, visit.outcome) == ("done", "met")
    assert visit.party_signature_id and list(visit.officer_signature_ids) == [str(case.w.station.id)]
    paper = documents.documents_of(case.pk)[-1]
    made(case.pk, paper.id, clock.at)
    page.reload()
    page.get_by_role("link", name="现场核查记录").wait_for()
    assert page.wrong == []
    page.context.close()


def test_what_a_lost_line_kept_back_is_sent_when_it_returns(site, browser, case):  # noqa: F811
    visit = f.visit_planned(case.w, case)
    page = phone(browser, site, User.objects.get(pk=case.w.station.user_id))
    page.goto(f"{site}{url('visit', case, visit.id)}", wait_until="networkidle")
    first = page.locator(".mq-checks > li").first
    page.context.set_offline(True)
    first.get_by_text("符合", exact=True).click()
    first.get_by_text("没有保存：网络断了或者系统正忙，过一会儿自动再存。").wait_for()
    shot(page, "visit-offline")

    page.context.set_offline(False)
    first.get_by_text("已保存").wait_for()

    assert cases.points_found(cases.visit_of(case, visit.id).findings) == {"place": ("met", "")}
    page.context.close()


def test_without_javascript_a_visit_is_recorded(site, browser, case):  # noqa: F811
    visit = f.visit_planned(case.w, case)
    page = phone(browser, site, User.objects.get(pk=case.w.inspector.user_id), java_script_enabled=False)
    page.goto(f"{site}{url('visit', case, visit.id)}")
    for point in page.locator(".mq-checks > li").all():
        point.get_by_text("符合", exact=True).click()
    page.get_by_role("button", name="保存，去签名").click()
    page.get_by_label("没有签字（拒签，或者没有人在场）").check()
    page.get_by_label("没有签字的原因").fill("店主不在，店员不愿签字。")
    for name in ("现场核查", "市场监管所"):
        page.get_by_label(f"核查人员签名：{name}").fill(name)
    page.get_by_role("button", name="完成核查记录").click()
    page.get_by_text("核查记录已完成").wait_for()

    assert cases.visit_of(case, visit.id).party_refused
    page.context.close()
