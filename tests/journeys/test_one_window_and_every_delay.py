"""
One case through every delay the law knows: filed at the window with one material promised for later, suspended for
an expert review, extended, returned inside, and at last collected at the counter against a signature.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.people import (
    Citizen,
    Desks,
    Person,
    act,
    citizen_number,
    decide,
    new_phone,
    numbers_on,
    opinion,
    photograph,
    receive_at_window,
    today,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]
PAPERS = (
    "收件凭证",
    "容缺承诺书",
    "受理通知书",
    "特别程序告知书",
    "延期告知书",
    "准予行政许可决定书",
    "送达回证",
)


def test_one_window_and_every_delay(desk, browser, site, tmp_path):
    phone, identity = new_phone(), citizen_number()
    clerk = desk("chuangkou")
    number = file_at_window(clerk, identity, phone)
    accept_with_a_gap(clerk)
    bring_what_was_owed(clerk, identity, number)
    suspend_and_resume(desk.case("chengban", number))
    opinion(desk.case("chengban", number))
    opinion(desk.case("shichangsuo", number))
    extend_once(desk, number)
    return_inside(desk, number)
    decide(desk.case("juzhang", number))
    collect(desk, number)
    papers_are_ready(desk.case("chuangkou", number), tmp_path)
    the_deadline_is_explained(clerk)
    the_applicant_sees_it(Citizen(browser, site, phone), identity, number)


def file_at_window(clerk: Person, identity: str, phone: str) -> str:
    receive_at_window(clerk, identity, "陆小满", phone)
    clerk.fill("事项名称、俗称", "食品经营许可")
    clerk.press("找事项")
    clerk.follow("新办 食品经营许可")
    for question, answer in (
        ("由谁来经营", "个体工商户"),
        ("后厨会用明火", "不会"),
        ("有没有这些情况", "没有"),
        ("打算卖哪些食品", "热食"),
    ):
        clerk.choose_in(question, answer)
    clerk.press("开始填写")
    clerk.fill("店名", "小满面馆")
    clerk.fill("经营场所地址", "青澜街道示例路31号")
    clerk.fill("经营面积", "45")
    clerk.press("保存，下一步")
    clerk.fill("食品安全管理人员姓名", "陆小满")
    clerk.fill("联系电话", phone)
    clerk.press("保存，下一步")
    clerk.sees("材料，一份一行")
    for material in ("营业执照", "食品安全管理制度"):
        clerk.choose_in(material, "原件核对")
    clerk.choose_in("经营场所平面布局图", "容缺后补")
    clerk.fill("承诺人签名", "陆小满")
    clerk.choose("已向申请人读出承诺内容")
    clerk.sign("承诺人手写签名")
    clerk.press("保存，去核对")
    clerk.sees("读给申请人核对")
    clerk.choose("窗口领取")
    clerk.sign("申请人签名")
    clerk.press("提交，收件")
    clerk.sees("收件不是受理")
    return numbers_on(clerk.text())[0]


def accept_with_a_gap(clerk: Person) -> None:
    clerk.follow("受理")
    clerk.press("确认受理")
    clerk.sees("已受理")


def bring_what_was_owed(clerk: Person, identity: str, number: str) -> None:
    receive_at_window(clerk, identity)
    clerk.page.get_by_role("link", name=re.compile(f"补交材料.*{number}")).click()
    clerk.sees("容缺")
    clerk.upload("经营场所平面布局图", photograph("平面布局图"))
    clerk.press("提交")
    clerk.sees("补齐")


def suspend_and_resume(officer: Person) -> None:
    officer.follow("进入特别程序")
    officer.choose("专家评审")
    officer.fill_date("预计哪一天完成", today() + timedelta(days=10))
    officer.fill("说明", "请专家评审后厨通风和油烟净化的做法。")
    officer.press("下一步，核对")
    officer.press("确认，书面告知申请人")
    officer.sees("已进入特别程序，时限暂停")
    act(
        officer,
        "特别程序结束",
        "确认恢复计时",
        "时限接着计算",
        [("特别程序的结果", "专家评审意见：做法符合要求。")],
    )


def extend_once(desk: Desks, number: str) -> None:
    act(
        desk.case("juzhang", number),
        "延期",
        "确认延期，告知申请人",
        "办理期限已延长",
        [("延长几", "10"), ("延长的理由", "要等消防通道的意见。")],
    )


def return_inside(desk: Desks, number: str) -> None:
    leader = desk.case("juzhang", number)
    leader.page.get_by_role("region", name="办理", exact=True).get_by_role("link", name="内部退回").click()
    leader.choose("材料审查")
    leader.fill("退回的理由", "平面布局图和现场的照片请再对一遍。")
    leader.press("下一步，核对")
    leader.press("确认内部退回")
    leader.sees("已退回")
    officer = desk.case("chengban", number)
    officer.sees("平面布局图和现场的照片请再对一遍。")
    opinion(officer)


def collect(desk: Desks, number: str) -> None:
    clerk = desk("chuangkou")
    clerk.follow("出件")
    clerk.fill("办件编号", number)
    clerk.press("查")
    clerk.page.locator("main").locator(f"a[href*='{number}']").first.click()
    clerk.waits_for("送达")
    while "决定书还在生成" in clerk.text():
        clerk.page.wait_for_timeout(500)
        clerk.page.reload()
    clerk.choose("已核对签收人的证件")
    clerk.sign("签收人签名")
    clerk.press("登记送达")
    clerk.sees("已登记送达")  # no page is asked for before this one has answered


def papers_are_ready(clerk: Person, folder: Path) -> None:
    clerk.waits_for(*PAPERS)
    for paper in PAPERS:
        row = clerk.page.get_by_role("listitem").filter(has_text=paper).filter(has_text="已生成")
        for _look in range(60):
            if row.count():
                break
            clerk.page.wait_for_timeout(1000)
            clerk.page.reload()
        address = row.first.get_by_role("link").first.get_attribute("href")
        answer = clerk.context.request.get(clerk.site + str(address))
        assert answer.body().startswith(b"%PDF"), paper


def the_deadline_is_explained(clerk: Person) -> None:
    for why in clerk.page.locator("details.mq-why, .mq-due-why, details").all():
        why.evaluate("one => { one.open = true }")
    clerk.sees("《行政许可法》第四十五条", "延长10个工作日", "行政许可法》第四十二条")


def the_applicant_sees_it(citizen: Citizen, identity: str, number: str) -> None:
    citizen.go("/")
    citizen.follow("登录")
    citizen.sign_in("陆小满", identity)
    citizen.go("/my/")
    citizen.follow("办完了")
    citizen.page.locator(f"main a[href*='/cases/{number}/progress/']").first.click()
    citizen.sees("陆小满", "食品经营许可", "送达回证")
    citizen.close()
