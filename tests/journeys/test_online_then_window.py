"""Begun on a phone without signing in, gone on with at the window, followed on the phone: one case, one number."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Citizen, citizen_number, numbers_on, receive_at_window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]


def test_a_draft_begun_on_a_phone_is_filed_at_the_window_under_one_number(desk, browser, site):
    citizen, identity = Citizen(browser, site), citizen_number()
    code = begin(citizen)

    clerk = desk("chuangkou")
    receive_at_window(clerk, identity, "秦小渠", citizen.phone)
    clerk.fill("草稿编号", code)
    clerk.press("接着办这份草稿")
    clerk.sees("食品经营许可")
    clerk.follow("店铺情况")
    expect(clerk.page.get_by_label("店名")).to_have_value("小渠面馆")  # typed once, on the phone
    clerk.press("保存，下一步")
    clerk.fill("食品安全管理人员姓名", "秦小渠")
    clerk.fill("联系电话", citizen.phone)
    clerk.press("保存，下一步")
    for material in ("营业执照", "经营场所平面布局图", "食品安全管理制度"):
        clerk.choose_in(material, "原件核对")
    clerk.press("保存，去核对")
    clerk.choose("窗口领取")
    clerk.choose("已在纸质申请表上签名")
    clerk.press("提交，收件")
    clerk.sees("收件不是受理")
    number = numbers_on(clerk.text())[0]

    citizen.go("/")
    citizen.follow("登录")
    citizen.sign_in("秦小渠", identity)
    citizen.go("/my/")
    citizen.sees("食品经营许可")
    citizen.page.locator("main").get_by_role("link", name="食品经营许可").first.click()
    citizen.sees("走到哪一步")
    assert number in citizen.page.url
    citizen.close()


def begin(citizen: Citizen) -> str:
    """The first page of the form, and the code of the draft."""
    citizen.go("/")
    citizen.page.locator("main input[name=q]").fill("小饭馆")
    citizen.press("搜索")
    citizen.follow("食品经营许可")
    citizen.follow("在线办理")
    for answer in ("个体工商户", "不会", "没有", "热食"):
        citizen.choose(answer)
        citizen.press("继续")
    citizen.press("开始填写")
    citizen.follow("店铺情况")
    citizen.fill("店名", "小渠面馆")
    citizen.fill("经营场所地址", "青澜街道示例路51号")
    citizen.fill("经营面积", "50")
    citizen.press("先停一下，以后再填")
    citizen.sees("草稿已保存")
    citizen.shoot("draft code")
    code = re.search(
        r"[0-9A-HJKMNP-Z]{4}(?:[\s-]?[0-9A-HJKMNP-Z]{4}){3}", citizen.page.locator("body").inner_text()
    )
    assert code, citizen.text()
    return re.sub(r"[\s-]", "", code.group(0))
