"""
开餐饮店一件事, the restaurant that stands in the demo district: two departments come to look at it together, on one
date they agree on. The date is to come, so what they find there is another journey (现场核查).
"""

import re

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import Citizen, Desks, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]
PHONE, PERSON, NAME = "19900000031", "韩*", "开餐饮店一件事"


def test_two_departments_agree_on_one_date_and_the_applicant_is_told_once(
    desk: Desks, browser: Browser, site: str
) -> None:
    clerk = desk("chuangkou")
    clerk.follow("一件事")
    row = clerk.page.locator("main").get_by_role("listitem").filter(has_text=PERSON)
    number = row.get_by_role("link").first.inner_text().split()[-1]
    row.get_by_role("link").first.click()
    clerk.press("受理所选事项")
    clerk.waits_for("提议各部门同一天去")
    clerk.page.get_by_text("提议各部门同一天去").click()
    clerk.press("提给各部门")
    clerk.sees("等它们答复", "还没有答复")
    agree(desk("chengguan"), number, "户外招牌设置许可")
    agree(desk("hecha"), number, "食品经营许可")
    clerk.page.reload()
    clerk.sees("已经一次告诉申请人")
    clerk.waits_for("市场监督管理局（食品经营许可）", "城市管理局（户外招牌设置许可）")
    clerk.shoot("bundle one date")
    the_applicant_sees_one_date(Citizen(browser, site, PHONE), number)


def agree(officer: Person, number: str, part: str) -> None:
    officer.follow("现场核查")
    officer.sees("等本岗答复的时间")
    officer.page.locator("main").get_by_role("link", name=number).click()
    officer.sees("答复现场核查的时间", part)
    officer.choose("同意，派人去")
    for place, label in enumerate(("核查人员1", "核查人员2"), start=1):
        officer.page.get_by_label(label).first.select_option(index=place)
    officer.shoot("answer to a date")
    officer.press("答复牵头窗口")
    officer.sees("已同意")


def the_applicant_sees_one_date(citizen: Citizen, number: str) -> None:
    citizen.go("/")
    citizen.follow("登录")
    citizen.sign_in()
    citizen.go(f"/bundles/mine/{number}/")
    citizen.waits_for("2个部门一起来：共同看到的写一份记录")
    citizen.shoot("one date")
    citizen.go("/my/messages/")
    told = citizen.page.get_by_text(re.compile("各部门约在同一天现场核查"))
    assert told.count() == 1, "one message for two departments"
    citizen.close()
