"""
联合踏勘, the site next to homes that stands in the demo district: 水务, 城管 and 质安站 were there on one day. The
record is added to and signed by those who came, closed without the third, used by the one, adopted by the other;
whoever applied reads what was seen together.
"""

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import Citizen, Desks, Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,  # four people at their desks; the days of the way stand in the golden trace
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("journeys"),
]
PHONE, APPLICANT = "19900000042", "舒清河"
SIGNED = {"zhian": ("秦正", "纪稳"), "zhatu": ("卢净", "许清街"), "shuibao": ("梁坡", "江渠")}
RECORD, PLACE = "联合踏勘共同记录", "青澜街道示例路35号"


def test_two_departments_complete_the_record_and_the_third_adopts_it(
    desk: Desks, browser: Browser, site: str
) -> None:
    waste, quality, water = (desk(name) for name in ("zhatu", "zhian", "shuibao"))
    open_record(waste)
    waste.sees("青澜社区卫生服务站改建", "在共同记录上签名")
    write(waste, "最近的排水口", "东侧路边一处，有雨水箅子")
    sign(waste, "zhatu")
    open_record(quality)
    quality.sees(
        "最近的排水口", "写完了，请本部门在共同记录上签名"
    )  # what it had signed is not the same any more
    sign(quality, "zhian")
    complete(quality)
    conclude(waste, "zhatu")
    open_record(water)
    water.sees("没有到场：采用这份共同记录，或者改期另去一次")
    adopt(water)
    the_applicant_reads_it(Citizen(browser, site, PHONE))


def open_record(officer: Person) -> None:
    officer.follow("现场核查")
    officer.sees("我去的")
    visit = officer.page.locator("main").get_by_role("listitem").filter(has_text=PLACE)
    visit.get_by_role("link", name=RECORD).first.click()
    officer.sees("共同记录（")


def write(officer: Person, subject: str, text: str) -> None:
    officer.fill("看的是什么、量的是什么", subject)
    officer.fill("看到的情况", text)
    officer.press("写进共同记录")
    officer.sees(f"已写进共同记录：{subject}")


def sign(officer: Person, username: str) -> None:
    officer.follow("去签名")
    officer.sees("签的是这5条")
    for name in SIGNED[username]:
        officer.fill(f"核查人员签名：{name}", name)
        officer.sign(f"{name}手写签名")
    officer.shoot("joint record signed")
    officer.press("签名")
    officer.sees("已签名")


def complete(officer: Person) -> None:
    officer.follow("去完成共同记录")
    officer.sees("没有签名，记为没有到场")
    officer.fill("申请人一方签名", APPLICANT)
    officer.sign("申请人一方手写签名")
    officer.shoot("joint record completed")
    officer.press("完成共同记录")
    officer.sees("共同记录已经完成", "联合踏勘记录")
    officer.waits_for("联合踏勘记录（PDF）")  # made by the worker
    paper = officer.page.get_by_role("link", name="联合踏勘记录（PDF）")
    answer = officer.context.request.get(officer.site + (paper.first.get_attribute("href") or ""))
    assert answer.ok and answer.body().startswith(b"%PDF")
    officer.shoot("joint record with its paper")


def conclude(officer: Person, username: str) -> None:
    """Its own result, from what was written together."""
    points(officer)
    hour = officer.page.get_by_label("几点到的现场").input_value()
    assert hour == "14:40", "when the record was begun, whatever hour it is now"
    officer.fill("申请人一方签名", APPLICANT)
    record(officer, username)


def adopt(officer: Person) -> None:
    points(officer)
    officer.choose("采用这份共同记录")
    officer.fill("采用的理由", "共同记录已写明排水口和堆土的位置，不需要另到现场。")
    record(officer, "shuibao")


def points(officer: Person) -> None:
    open_record(officer) if "/findings/" not in officer.page.url else officer.page.reload()
    officer.follow("写核查结果")
    for one in officer.page.locator(".mq-checks > li").all():
        one.get_by_text("符合", exact=True).click()
        one.get_by_text("已保存").wait_for()
    officer.press("保存，去签名")
    outcome = officer.page.get_by_role("group", name="核查结果", exact=True)
    outcome.get_by_label("符合", exact=True).check()


def record(officer: Person, username: str) -> None:
    for name in SIGNED[username]:
        officer.fill(f"核查人员签名：{name}", name)
        officer.sign(f"{name}手写签名")
    officer.shoot("own result")
    officer.press("完成核查记录")
    officer.sees("核查记录已完成")


def the_applicant_reads_it(applicant: Citizen) -> None:
    applicant.go("/sign-in/?next=/my/")
    applicant.sign_in()
    applicant.go("/my/")
    applicant.page.locator("main").get_by_role("link", name="施工许可阶段并联审批").first.click()
    applicant.waits_for("各部门一起看过现场", "没有到场的：澜州市清禾区水务局")
    applicant.not_sees("各查各的")
    applicant.shoot("looked together")
    applicant.close()
