"""Applying and following in Chromium: with and without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from mingqu.cases import services
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, Served
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.identity.services import codes
from mingqu.kernel import ledger
from mingqu.kernel.ids import new_id
from mingqu.ui.tests.browsing import chromium, serving

pytestmark = pytest.mark.browser

START = "/apply/QH-SPJYXK/"
LONG = "清禾区云澜街道老张头私房小碗菜热干面早餐店（青年路二分店）"


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.MINGQU_SITE = settings.MINGQU_SITE | {"name": "清禾区政务服务网", "region_name": "澜州市 清禾区"}
    with serving() as address:
        settings.MINGQU_BASE_URL = address
        yield address


@dataclass
class Stage:
    """What exists before the browser starts: its event loop forbids the database in this thread."""

    phone: str
    cases: dict[str, str] = field(default_factory=dict)
    query: tuple[str, str] = ("", "")


@pytest.fixture
def stage(site) -> Stage:
    from mingqu.identity.models import User

    now = timezone.now()
    w = f.world()
    document_services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name="市场监督管理局", by=f.SYSTEM, at=now, key=new_id()
    )
    made = Stage(User.objects.get(pk=w.citizen.user_id).phone)
    received = f.received_case(w, at=now, answers={**f.ANSWERS, "shop_name": LONG})
    correction = f.received_case(w, at=now)
    services.ask_correction(
        case_id=correction.pk,
        asked=[
            Asked("floor-plan", "看不清后厨和用餐区的尺寸，请重新画一张，标出门、灶台和水池的位置。"),
            Asked("safety-rules", "缺少从业人员健康管理的内容。"),
        ],
        by=w.clerk,
        at=now,
        key=uuid4(),
    )
    accepted = f.accepted_case(w, at=now, situation=f.RAW_FOOD)
    f.review(w, accepted, "fitness", at=now)
    granted, refused = f.decided_case(w, at=now), f.decided_case(w, at=now, outcome="refused")
    issue_certificate(case_id=granted.pk, at=now)
    for case in (granted, refused):
        services.deliver_case(
            case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=now, key=uuid4()
        )
    for paper in documents.documents_of(accepted.pk):
        document_services.make_document(root_id=accepted.pk, request_id=paper.id, at=now)
    ledger.seal(now)
    made.cases = {
        "received": received.number,
        "correction": correction.number,
        "accepted": accepted.number,
        "granted": granted.number,
        "refused": refused.number,
    }
    made.query = (accepted.number, accepted.query_code)
    return made


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    received: list[str] = []
    monkeypatch.setattr(codes, "_sender", [lambda *, phone, code, minutes, at: received.append(code)])
    return received


@pytest.fixture
def browser(stage):
    with chromium() as opened:
        yield opened


@pytest.fixture
def photo(tmp_path) -> Path:
    from PIL import Image

    made = BytesIO()
    Image.effect_noise((900, 1200), 60).convert("RGB").save(made, "JPEG")
    path = tmp_path / "营业执照 正本 20261121 手机拍摄.jpg"
    path.write_bytes(made.getvalue())
    return path


def watched(browser, site, **options: Any):
    page = browser.new_context(base_url=site, locale="zh-CN", **options).new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def give_code(page, phone, sent):
    page.get_by_label("手机号码").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("短信里的6位验证码").fill(sent[-1])
    page.get_by_role("button", name="登录", exact=True).click()


def find_and_begin(page):
    """From the front page by searching and the guide, as people come."""
    page.goto("/")
    page.locator("main input[name=q]").fill("食品经营")
    page.get_by_role("button", name="搜索").first.click()
    page.locator("main").get_by_role("link", name="食品经营许可").first.click()
    page.locator("a:visible", has_text="在线办理").first.click()
    answer(page)


def answer_questions(page):
    page.goto(START)
    page.get_by_text("新办：第一次办").click()
    page.get_by_role("button", name="继续").click()
    answer(page)


def answer(page):
    page.get_by_text("个体工商户").click()
    page.get_by_role("button", name="继续").click()
    page.get_by_text("不会", exact=True).click()
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="继续").click()
    page.get_by_text("没有", exact=True).click()
    page.get_by_role("button", name="继续").click()
    page.get_by_text("热食（现炒、现煮、现炸）").click()
    page.get_by_text("生食（刺身等）").click()
    page.get_by_role("button", name="继续").click()
    page.wait_for_url("**/result/**")


def fill_first_page(page):
    page.get_by_label("店名").fill(LONG)
    page.get_by_label("经营场所地址").fill("青澜街道示例路1号")
    page.get_by_label("经营面积").fill("60")
    page.get_by_label("座位数").fill("20")


def fill_second_page(page):
    page.get_by_label("食品安全管理人员姓名").fill("古丽娜尔·买买提江")
    page.get_by_label("联系电话").fill("19900001234")


def test_the_whole_way_without_javascript(browser, site, stage, sent, photo):
    page, _ = watched(browser, site, java_script_enabled=False)
    find_and_begin(page)
    page.get_by_role("button", name="开始填写").click()
    page.get_by_role("link", name="店铺情况").click()
    fill_first_page(page)
    page.get_by_role("button", name="保存并继续").click()
    fill_second_page(page)
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_role("link", name="营业执照").click()
    for _number in range(4):
        page.get_by_label("选择文件或者照片").set_input_files(photo)
        page.get_by_role("button", name="上传", exact=True).click()
        page.get_by_role("link", name="这份交好了，继续").click()
    page.get_by_role("link", name="核对并提交").first.click()
    give_code(page, stage.phone, sent)
    page.wait_for_url("**/check/")
    page.get_by_label("电子送达").check()
    page.get_by_text("我已核对，填写的内容和上传的材料都真实").click()
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/done/")

    assert page.get_by_role("heading", name="申请已提交，我们已经收件").is_visible()
    assert len(re.sub(r"\D", "", page.locator(".mq-codes dd").first.inner_text())) == 20
    page.get_by_role("link", name="看办理进度").click()
    assert page.get_by_text("正在看您交的材料").first.is_visible()
    assert page.locator("[data-mq-print]:visible, .mq-progress:visible, .mq-wait:visible").count() == 0


def test_what_is_typed_saves_itself_and_photos_upload_when_chosen(browser, site, stage, photo):
    page, wrong = watched(browser, site)
    answer_questions(page)
    page.get_by_role("button", name="开始填写").click()
    page.get_by_role("link", name="店铺情况").click()
    fill_first_page(page)
    page.get_by_label("座位数").blur()
    with page.expect_response(lambda answer: "/autosave/" in answer.url and answer.ok):
        pass
    page.locator("#mq-version:not([value='1'])").wait_for(state="attached")
    page.reload()
    assert page.get_by_label("店名").input_value() == LONG, "nothing was pressed"

    page.get_by_label("店名").fill("另一家")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/page/2/")
    page.goto(page.url.replace("page/2/", "material/floor-plan/"))
    page.get_by_label("选择文件或者照片").set_input_files([photo, photo])
    page.locator(".mq-files li").first.wait_for()
    assert page.locator(".mq-files li").count() == 2
    for picture in page.locator(".mq-files img").all():
        assert picture.evaluate("async i => { await i.decode(); return i.naturalWidth }") > 0
    assert [text for text in wrong if "status of 400" not in text] == []


def test_a_lost_line_is_said_and_stays_said_until_a_save_succeeds(browser, site, stage):
    page, _ = watched(browser, site)
    answer_questions(page)
    page.get_by_role("button", name="开始填写").click()
    page.get_by_role("link", name="店铺情况").click()
    page.context.set_offline(True)
    page.get_by_label("店名").fill("清禾小馆")
    page.get_by_label("店名").blur()
    page.locator("#mq-saved").get_by_text("没有保存：网络断了").wait_for()

    page.context.set_offline(False)
    page.get_by_label("座位数").fill("20")
    page.get_by_label("座位数").blur()
    page.locator("#mq-saved").get_by_text("已保存").wait_for()
    page.reload()
    assert page.get_by_label("店名").input_value() == "清禾小馆"


def test_pressing_on_while_a_save_is_under_way_is_not_taken_for_another_tab(browser, site, stage):
    page, _ = watched(browser, site)
    answer_questions(page)
    page.get_by_role("button", name="开始填写").click()
    page.get_by_role("link", name="店铺情况").click()
    fill_first_page(page)
    slow = {"offline": False, "latency": 1500, "downloadThroughput": -1, "uploadThroughput": -1}
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow)
    with page.expect_request("**/autosave/"):
        page.get_by_label("座位数").blur()
    page.get_by_label("座位数").fill("21")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/page/2/")

    page.go_back()
    assert page.get_by_label("座位数").input_value() == "21"
