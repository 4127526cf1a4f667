"""
开餐饮店一件事: one set of questions that stops before anyone pays rent, one form, one set of materials; a firm that
has no code yet, four departments at the same time, one merged correction, one refusal with its remedies,
everything handed over at once, a rating.
"""

import re
import secrets

import pytest

from mingqu.kernel.identifiers import CreditCode
from tests.journeys.people import (
    Citizen,
    Desks,
    Person,
    citizen_number,
    decide,
    numbers_on,
    opinion,
    photograph,
    rate,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]
FIRM = "澜州市望渠餐饮有限公司"
PROMISED = ("食品安全管理制度", "消防安全承诺书")
ABOVE_HOMES = ("公司、合作社等企业", "会", "有")
ANSWERS = (
    "没有",
    "热食",
    "300平方米以上",
    "签告知承诺",
    "要挂，10平方米以上",
    "门头或者外墙上",
    "会",
    "污水管道",
)
PARTS = ("食品经营许可", "公众聚集场所消防安全检查", "户外招牌设置许可", "污水排入排水管网许可")
FORM = {
    "店名": FIRM,
    "自主申报的企业名称": FIRM,
    "名称自主申报的编号": "ZZSB2026001",
    "经营场所地址": "青澜街道示例路41号",
    "联系人姓名": "苏望渠",
    "联系电话": "19900004141",
    "经营面积": "320",
    "座位数": "90",
    "食品安全管理人员姓名": "苏望渠",
    "店在哪一层": "一层",
    "安全出口数": "2",
    "消防安全责任人姓名": "苏望渠",
    "招牌上的文字": "望渠餐饮",
    "招牌长": "8",
    "招牌高": "1.5",
    "每天大约排放的污水": "3",
    "排水口的位置": "后门左侧2米的污水井",
}


def test_one_form_opens_a_restaurant_with_one_refusal_and_one_delivery(desk, browser, site):
    citizen = Citizen(browser, site)
    bundle = apply(citizen)
    clerk = open_bundle(desk("chuangkou"), bundle)
    enter_the_business_licence(clerk)
    ask_once_for_everything(clerk)
    correct_once(citizen, bundle)
    accept_in_one_go(open_bundle(clerk, bundle))
    cases = cases_of(clerk)
    opinion(desk.case("xfchengban", cases["公众聚集场所消防安全检查"]))
    decide(desk.case("xfdadui", cases["公众聚集场所消防安全检查"]))
    opinion(desk.case("chengban", cases["食品经营许可"]))
    opinion(desk.case("shichangsuo", cases["食品经营许可"]))
    decide(desk.case("juzhang", cases["食品经营许可"]))
    for part, seats in (
        ("户外招牌设置许可", ("chengguan", "chengguansh", "chengguanju")),
        ("污水排入排水管网许可", ("shuiwu", "shuiwush", "shuiwuju")),
    ):
        refused = part == "户外招牌设置许可"
        review(desk, cases[part], seats, refused=refused)
    hand_over(open_bundle(clerk, bundle))
    the_firm_has_its_certificates(citizen, bundle)
    rate(citizen, cases["食品经营许可"])
    is_inspected_by_a_day(desk("chengban"))
    citizen.close()


def is_inspected_by_a_day(officer: Person) -> None:
    """What was granted is under supervision, with a first day of inspection."""
    officer.follow("事后监管")
    officer.page.locator("main").get_by_role("row").filter(has_text=FIRM).get_by_role("link").click()
    officer.sees(FIRM, "还没有检查过", "最晚")


def apply(citizen: Citizen) -> str:
    citizen.go("/")
    citizen.follow("开餐饮店一件事")
    for answer in ABOVE_HOMES:
        citizen.choose(answer)
        citizen.press("继续")
    citizen.sees("请先不要签租约、付定金", "大气污染防治法")
    citizen.shoot("bundle stop")
    citizen.page.locator("main").get_by_role("link", name=re.compile("修改")).last.click()
    for answer in ANSWERS:
        citizen.choose(answer)
        citizen.press("继续")
    citizen.sees("要办的事项", "营业执照", *PARTS, "一项一项办要", "卫生许可证")
    citizen.shoot("bundle result")
    citizen.press("开始填表")
    citizen.sees("草稿编号")  # nobody has signed in yet
    fill_in_once(citizen)
    bring_materials(citizen)
    return hand_in(citizen)


def fill_in_once(citizen: Citizen) -> None:
    """Every question of every department, each asked once."""
    asked: list[str] = []
    citizen.sees("一、填一张表")
    for page in citizen.page.get_by_role("region", name="一、填一张表").get_by_role("link").all_inner_texts():
        citizen.page.get_by_role("region", name="一、填一张表").get_by_role("link", name=page).first.click()
        citizen.page.wait_for_load_state()
        for label, value in FORM.items():
            if (field := citizen.page.locator("main").get_by_label(label)).count():
                field.first.fill(value)
                asked.append(label)
        with (
            citizen.page.expect_navigation()
        ):  # else the next click may still meet the page that is being sent
            citizen.press("保存并继续")
        if "/page/" in citizen.page.url:
            citizen.follow("返回要做的事")
    assert sorted(asked) == sorted(FORM), "each question once"


def bring_materials(citizen: Citizen) -> None:
    citizen.sees("同一份材料只交一次")
    names = [
        name
        for name in citizen.page.locator("main section[id^=m-] h2").all_inner_texts()
        if name not in PROMISED
    ]
    for name in names:
        part = citizen.page.get_by_role("region", name=name, exact=True)
        part.locator("input[type=file]").first.set_input_files([photograph(name)])
        citizen.sees(f"{name}.jpg")  # what is chosen is sent at once
    for name in PROMISED:
        part = citizen.page.get_by_role("region", name=name, exact=True)
        with citizen.page.expect_navigation():
            part.get_by_role("button", name="签告知承诺，不交文件").click()
        promise = citizen.page.get_by_role("region", name="签告知承诺，不用交文件")
        promise.get_by_label("申请人姓名").fill("苏望渠")
        promise.get_by_label("我已看清").check()
        with citizen.page.expect_navigation():
            citizen.press("签署承诺")
        citizen.sees("已签告知承诺，不用交文件")
    citizen.sees("都齐了")
    citizen.shoot("bundle materials")
    citizen.press("继续")


def hand_in(citizen: Citizen) -> str:
    citizen.follow("核对")
    citizen.sign_in("苏望渠", citizen_number())  # and the draft is hers
    citizen.sees("这份草稿已存到您名下")
    if citizen.page.get_by_text("还没填").count():
        citizen.page.get_by_role("link", name="修改").first.click()
        citizen.fill("姓名", "苏望渠")
        citizen.fill("公民身份号码", citizen_number())
        citizen.press("保存")
    citizen.sees("核对并提交")
    citizen.choose("到窗口领取", "我已核对")
    citizen.press("提交申请")
    citizen.sees("申请已提交，我们已经收件", "查询码")
    citizen.shoot("bundle filed")
    number = "".join(citizen.page.locator(".mq-codes dd").first.inner_text().split())
    citizen.follow("看办理进度")
    citizen.sees("各个事项")
    return number


def open_bundle(clerk: Person, number: str) -> Person:
    clerk.follow("一件事")
    grouped = re.compile(r"\s*".join(number))
    if not clerk.page.get_by_role("link", name=grouped).count():
        clerk.follow("待送达")
    clerk.page.locator("main").get_by_role("link", name=grouped).click()
    clerk.sees("各个事项")
    return clerk


def enter_the_business_licence(clerk: Person) -> None:
    clerk.sees("自主申报名称，还没有统一社会信用代码")
    result = clerk.part("登记“营业执照”的结果")
    result.get_by_label("准予").check()
    result.get_by_label("证照编号").fill("990104000001")
    result.get_by_label("登记的名称").fill(FIRM)
    result.get_by_label("统一社会信用代码").fill(firm_code())
    clerk.press("登记结果")
    clerk.sees(FIRM)
    clerk.not_sees("还没有统一社会信用代码")


def firm_code() -> str:
    """Of a firm in a region code that was never given."""
    return str(CreditCode.build("9", "1", "990104", f"MA{secrets.randbelow(1_000_000):06d}"))


def ask_once_for_everything(clerk: Person) -> None:
    """What two departments miss becomes one notice."""
    clerk.waits_without("正在提交")
    clerk.waits_for("写明各事项要补什么")
    clerk.page.get_by_text("写明各事项要补什么").click()
    clerk.fill("招牌效果图", "照片看不清尺寸。")
    clerk.fill("排水接管示意图", "没有标出接入的井。")
    clerk.press("一次告知申请人")
    clerk.waits_for("补正告知书")
    assert clerk.part("文书").get_by_text("补正告知书").count() == 1, "one notice for two departments"


def correct_once(citizen: Citizen, bundle: str) -> None:
    citizen.page.reload()
    citizen.waits_for("请补2份材料")
    citizen.follow("去补正")
    citizen.shoot("bundle correction")
    for name in ("招牌效果图", "排水接管示意图"):
        part = citizen.page.get_by_role("region", name=name)
        part.locator("input[type=file]").first.set_input_files([photograph(name)])
        citizen.sees(f"{name}.jpg")
    citizen.press("交上补正材料")
    citizen.waits_for("各部门正在核对材料")


def accept_in_one_go(clerk: Person) -> None:
    clerk.waits_for("受理所选事项")
    clerk.press("受理所选事项")
    clerk.waits_for("受理通知书")
    assert clerk.part("文书").get_by_text("受理通知书").count() == 1, "one notice for all"


def cases_of(clerk: Person) -> dict[str, str]:
    rows = clerk.part("各个事项").get_by_role("row").all_inner_texts()
    return {re.split(r"\s", row)[0]: numbers_on(row)[0] for row in rows if numbers_on(row)}


def review(desk: Desks, number: str, seats: tuple[str, str, str], *, refused: bool) -> None:
    reviewer, checker, leader = seats
    if refused:
        opinion(desk.case(reviewer, number), "不符合", "招牌遮挡消防通道。")
        opinion(desk.case(checker, number), "同意")
        decide(desk.case(leader, number), "不予行政许可", "招牌遮挡消防通道，不符合设置条件。")
    else:
        opinion(desk.case(reviewer, number))
        opinion(desk.case(checker, number), "同意")
        decide(desk.case(leader, number))


def hand_over(clerk: Person) -> None:
    clerk.waits_for("登记统一送达")
    clerk.follow("登记统一送达")
    clerk.waits_without("还有文书在生成")  # papers stand back for people where the machine is busy
    clerk.choose("已核对签收人的证件", "已在纸质送达回证上签名")
    clerk.shoot("bundle delivery")
    clerk.press("登记统一送达")
    clerk.sees("已办结")


def the_firm_has_its_certificates(citizen: Citizen, bundle: str) -> None:
    citizen.go("/my/?show=done")
    citizen.page.locator("main").get_by_role("link", name="开餐饮店一件事").first.click()
    citizen.sees("已经办结", FIRM)
    refused = citizen.page.get_by_role("listitem").filter(has_text="户外招牌设置许可")
    told = refused.first.inner_text()
    assert "不予" in told and "60日内可以申请行政复议" in told and "6个月内可以提起行政诉讼" in told
    citizen.shoot("bundle done")
    granted = citizen.page.get_by_role("listitem").filter(has_text="已准予")
    names = sorted(re.split(r"\s", text)[0] for text in granted.all_inner_texts())
    assert names == sorted({"营业执照", *PARTS} - {"户外招牌设置许可"})
    granted.filter(has_text="食品经营许可").get_by_role("link").first.click()
    citizen.waits_for("食品经营许可证")
