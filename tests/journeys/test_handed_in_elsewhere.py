"""通办: handed in at the hall of 临泊, decided in 清禾, corrected and collected where it was handed in."""

import re

import pytest

from tests.journeys.people import (
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
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,  # five people at their desks; test_receiving and test_giving hold the rules
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("journeys"),
]
PLAN = "经营场所平面布局图"


def test_handed_in_corrected_and_collected_at_one_hall_and_decided_in_another_district(desk):
    phone, identity = new_phone(), citizen_number()
    there = desk("linbo")
    number = hand_in(there, identity, phone)
    ask_for_a_plan(desk.case("chuangkou", number))
    bring(there, identity, number)
    accept(desk.case("chuangkou", number))
    opinion(desk.case("chengban", number))
    opinion(desk.case("shichangsuo", number))
    decide(desk.case("juzhang", number))
    home_does_not_give_it_out(desk, number)
    collect(there, number)
    desk.case("chuangkou", number).sees("已送达")
    counted(desk("linboguanli"))


def hand_in(clerk: Person, identity: str, phone: str) -> str:
    receive_at_window(clerk, identity, "葛远渡", phone)
    clerk.follow("别的区县的事项（通办代收）")
    clerk.sees("窗口前的申请人：葛")
    line = clerk.page.locator("main li").filter(has_text="食品经营许可").first
    line.get_by_role("button", name=re.compile("收这一件")).click()
    clerk.page.wait_for_load_state()
    for question, answer in (
        ("由谁来经营", "个体工商户"),
        ("后厨会用明火", "不会"),
        ("有没有这些情况", "没有"),
        ("打算卖哪些食品", "热食"),
    ):
        clerk.choose_in(question, answer)
    clerk.press("开始填写")
    clerk.fill("店名", "远渡面馆")
    clerk.fill("经营场所地址", "青澜街道示例路61号")
    clerk.fill("经营面积", "45")
    clerk.press("保存，下一步")
    clerk.fill("食品安全管理人员姓名", "葛远渡")
    clerk.fill("联系电话", phone)
    clerk.press("保存，下一步")
    for material in ("营业执照", PLAN, "食品安全管理制度"):
        clerk.choose_in(material, "原件核对")
    clerk.press("保存，去核对")
    clerk.choose("窗口领取")
    clerk.choose("已在纸质申请表上签名")
    clerk.press("提交，收件")
    clerk.sees("收件凭条", "临泊区政务服务大厅", "通办 · 代清禾区收")
    clerk.shoot("slip of the other hall")
    return numbers_on(clerk.text())[0]


def ask_for_a_plan(clerk: Person) -> None:
    clerk.sees("通办", "结果由临泊区政务服务大厅发给申请人")
    clerk.follow("一次性告知补正")
    part = clerk.part(PLAN)
    part.get_by_role("checkbox").first.check()
    part.locator("textarea").first.fill("看不清后厨的尺寸，请重新画一张。")
    clerk.press("下一步，核对")
    clerk.press("确认，发给申请人")
    clerk.sees("补正告知书已发给申请人")


def one(clerk: Person, number: str, tab: str = "") -> None:
    """The page of the reception, from the list."""
    clerk.follow("通办代收")
    shown = f"{number[:6]} {number[6:14]} {number[14:]}"
    row = clerk.page.locator("main tr").filter(has_text=re.compile(shown.replace(" ", r"\s?")))
    row.get_by_role("link").first.click()
    clerk.page.wait_for_load_state()


def bring(clerk: Person, identity: str, number: str) -> None:
    receive_at_window(clerk, identity)
    one(clerk, number)
    clerk.sees("要补正", "看不清后厨的尺寸")
    clerk.follow("在这里补交")
    clerk.upload(f"{PLAN}的扫描件", photograph("平面布局图"))
    clerk.press("提交")
    clerk.waits_for("等澜州市清禾区市场监督管理局答复")


def accept(clerk: Person) -> None:
    act(clerk, re.compile("^受理"), "确认受理", "已受理")


def home_does_not_give_it_out(desk: Desks, number: str) -> None:
    clerk = desk("chuangkou")
    clerk.go(f"/desk/cases/{number}/delivery/")
    clerk.sees("由临泊区政务服务大厅代收", "这里不能再发")
    assert clerk.page.get_by_role("button", name="登记送达").count() == 0


def collect(clerk: Person, number: str) -> None:
    one(clerk, number)
    clerk.fill("放在哪里（架位）", "3号柜")
    clerk.press("登记到件")
    clerk.sees("等申请人来领", "3号柜")
    clerk.follow("发给申请人")
    clerk.choose("已核对签收人的证件")
    clerk.sign("签收人签名")
    clerk.press("登记送达")
    clerk.sees("已登记送达")


def counted(manager: Person) -> None:
    manager.follow("通办统计")
    manager.sees("我方代收、对方办")
    for _look in range(60):  # the relay tells of it
        if "在代收大厅发" in manager.text() and re.search(r"[2-9]件", manager.text()):
            break
        manager.page.wait_for_timeout(1000)
        manager.page.reload()
    manager.shoot("figures of the other hall")
    manager.page.get_by_role("row").filter(has_text="XY").first.get_by_role("link").first.click()
    manager.sees("代收", "临泊区政务服务大厅")
