"""
工程建设项目施工许可阶段并联审批: 清禾第二小学教学楼 under its project code. One acceptance, five organs at the same
time, one notice for three of them, one branch that waits for experts while the others go on, one that is lengthened,
and 施工许可证 when all are done.
"""

import re
from datetime import timedelta

import pytest

from mingqu.kernel.identifiers import CreditCode
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

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,  # fourteen people at eleven desks; the days of the same way stand in the golden trace
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("journeys"),
]
STAGE = "施工许可阶段并联审批"
# The demo has the project, its owner and the handler who acts for it.
PROJECT, HANDLER, PHONE, OWNER = "清禾第二小学教学楼", "陆建明", "19900000041", "澜州市清禾区教育发展中心"
LOOKED_UP, PERMIT = "建设工程规划许可证", "GCGH9901042026000001"
ANSWERS = ("都办好了", "是", "要", "要", "要", "不挨着")
FORM = {
    "项目名称": PROJECT,
    "建设地点": "禾塘镇示例路2号",
    "总建筑面积": "9800",
    "施工单位": "澜州市示例建设有限公司",
    "经办人姓名": HANDLER,
    "经办人电话": "19900004242",
    "设计单位": "澜州市示例建筑设计有限公司",
    "建筑高度": "22",
    "防空地下室面积": "800",
    "占地面积": "21000",
    "挖填土石方总量": "16000",
    "外运建筑垃圾数量": "6000",
    "运输单位": "澜州市示例运输有限公司",
    "项目经理姓名": "梁开",
    "合同价格": "4200",
}
DRAWING, SOIL, WASTE = "施工图和消防设计审查", "水土保持方案审批", "建筑垃圾处置核准"
ASKED = {
    f"{DRAWING}：特殊建设工程消防设计文件": "疏散楼梯的宽度没有标。",
    f"{SOIL}：水土保持方案": "缺防治责任范围图。",
    f"{WASTE}：建筑垃圾处理方案": "缺运输合同。",
}


def test_a_school_gets_its_licence_while_one_branch_waits_for_experts(desk, browser, site):
    clerk = desk("chuangkou")
    another_project_is_registered(clerk)
    handler = Citizen(browser, site, PHONE)
    bundle = apply(handler)
    ask_once(open_bundle(clerk, bundle))
    answer_once(handler, bundle)
    accept_once(open_bundle(clerk, bundle))
    cases = cases_of(clerk)
    send_to_experts(desk.case("xiaofang", cases[DRAWING]))
    extend(desk.case("shuiwuju", cases[SOIL]))
    for name, reviewer, leader in (
        (SOIL, "shuibao", "shuiwuju"),
        (WASTE, "zhatu", "chengguanju"),
        ("防空地下室建设审核", "renfang", "renfangban"),
        ("质量安全监督手续", "zhian", "zhianzhan"),
    ):
        opinion(desk.case(reviewer, cases[name]))
        decide(desk.case(leader, cases[name]), "准予", value="3;7.50" if name == WASTE else "")
    only_one_stands_still(handler, bundle)
    experts_are_back(desk, cases[DRAWING])
    the_licence(desk, clerk, bundle)
    pay(handler, bundle)
    handler.go(f"/bundles/mine/{bundle}/")
    handler.waits_for("已经办结", OWNER)
    handler.shoot("stage done")
    handler.close()


def another_project_is_registered(clerk: Person) -> None:
    """A handler shows her document, the owner's certificate and what authorises her; the project gets its stage."""
    number, owner = citizen_number(), "澜州市清禾区示例学校建设中心"
    receive_at_window(clerk, number, "顾开工", new_phone())
    clerk.go("/desk/projects/")
    clerk.fill("项目名称", "清禾第三小学教学楼")
    clerk.fill("项目代码", f"2026-990104-83-01-{number[-6:-1]}0")
    clerk.fill("建设单位名称", owner)
    clerk.fill("建设单位统一社会信用代码", str(CreditCode.build("1", "2", "990104", "MB000462")))
    clerk.fill("经办人公民身份号码", number)
    clerk.press("登记项目")
    clerk.sees("已登记项目", owner)
    clerk.page.get_by_label("阶段", exact=True).select_option(label=STAGE)
    clerk.press("加入")
    clerk.sees("已加入这个阶段", "这个阶段还没有发起")
    clerk.shoot("project board")


def apply(handler: Citizen) -> str:
    handler.go("/sign-in/?next=/my/")
    handler.sign_in()
    handler.go("/my/")
    handler.page.locator("main").get_by_role("link", name=PROJECT).first.click()
    handler.sees(STAGE, OWNER)
    handler.follow("发起这个阶段")
    for answer in ANSWERS:
        handler.page.get_by_label(answer, exact=True).check()
        handler.press("继续")
    handler.sees("要办的事项", DRAWING, "防空地下室建设审核", SOIL, WASTE, "质量安全监督手续", "施工许可证")
    handler.sees(f"项目：{PROJECT}", f"建设单位：{OWNER}")
    handler.shoot("stage result")
    handler.press("开始填表")
    fill_in_once(handler)
    handler.sees("同一份材料只交一次")
    for name in handler.page.locator("main section[id^=m-] h2").all_inner_texts():
        part = handler.page.get_by_role("region", name=name, exact=True)
        if name == LOOKED_UP:
            assert PERMIT in part.inner_text(), "what an organ has issued is not asked for"
            continue
        part.locator("input[type=file]").first.set_input_files([photograph(name)])
        handler.sees(f"{name}.jpg")
    handler.press("继续")
    handler.follow("核对")
    handler.sees("核对并提交")
    handler.choose("电子送达", "我已核对")
    handler.shoot("stage check")
    handler.press("提交申请")
    handler.sees("申请已提交，我们已经收件")
    return "".join(handler.page.locator(".mq-codes dd").first.inner_text().split())


def fill_in_once(handler: Citizen) -> None:
    asked: list[str] = []
    handler.sees("一、填一张表")
    pages = handler.page.get_by_role("region", name="一、填一张表").get_by_role("link").all_inner_texts()
    for page in pages:
        handler.page.get_by_role("region", name="一、填一张表").get_by_role("link", name=page).first.click()
        handler.page.wait_for_load_state()
        for label, value in FORM.items():
            if (field := handler.page.locator("main").get_by_label(label)).count():
                field.first.fill(value)
                asked.append(label)
        handler.press("保存并继续")
        if "/page/" in handler.page.url:
            handler.follow("返回要做的事")
    assert sorted(asked) == sorted(FORM), "each question once"


def open_bundle(clerk: Person, number: str) -> Person:
    clerk.follow("一件事")
    grouped = re.compile(r"\s*".join(number))  # in groups, as a page writes it
    clerk.page.locator("main").get_by_role("link", name=grouped).click()
    clerk.sees("各个事项", OWNER)
    return clerk


def ask_once(clerk: Person) -> None:
    clerk.waits_without("正在提交")  # each part is filed by itself, one after the other
    clerk.waits_for("写明各事项要补什么")
    clerk.page.get_by_text("写明各事项要补什么").click()
    for label, text in ASKED.items():
        clerk.fill(label, text)
    clerk.press("一次告知申请人")
    clerk.waits_for("补正告知书")
    assert clerk.part("文书").get_by_text("补正告知书").count() == 1, "one notice for three organs"


def answer_once(handler: Citizen, bundle: str) -> None:
    handler.go(f"/bundles/mine/{bundle}/")
    handler.waits_for("请补3份材料")
    handler.shoot("stage correction")
    handler.follow("去补正")
    for name in ("特殊建设工程消防设计文件", "水土保持方案", "建筑垃圾处理方案"):
        part = handler.page.get_by_role("region", name=re.compile(name)).first
        part.locator("input[type=file]").first.set_input_files([photograph(f"新{name}")])
        handler.sees(f"新{name}.jpg")
    handler.press("交上补正材料")
    handler.waits_for("各部门正在核对材料")


def accept_once(clerk: Person) -> None:
    clerk.waits_for("受理所选事项")
    clerk.press("受理所选事项")
    clerk.waits_for("受理通知书")
    assert clerk.part("文书").get_by_text("受理通知书").count() == 1, "one notice for all"
    rows = clerk.page.locator("#bundle-parts tbody tr").all_inner_texts()
    assert sum("审查中" in row for row in rows) == 5, rows
    clerk.shoot("stage accepted")


def cases_of(clerk: Person) -> dict[str, str]:
    rows = clerk.page.locator("#bundle-parts tbody tr").all_inner_texts()
    return {re.split(r"\s", row)[0]: numbers_on(row)[0] for row in rows if numbers_on(row)}


def send_to_experts(officer: Person) -> None:
    officer.page.get_by_role("region", name="办理", exact=True).get_by_role(
        "link", name="特别程序"
    ).first.click()
    officer.choose("专家评审")
    officer.fill_date("预计哪一天完成", today() + timedelta(days=9))
    officer.fill("说明", "中庭的防火分隔要请专家评审。")
    officer.press("下一步，核对")
    officer.shoot("experts")
    officer.press("确认，书面告知申请人")
    officer.sees("已进入特别程序")


def extend(leader: Person) -> None:
    what = [("延长几个工作日", "10"), ("延长的理由", "弃土场要再看。")]
    act(leader, "延期", "确认延期", "办理期限已延长", what)


def only_one_stands_still(handler: Citizen, bundle: str) -> None:
    """What the handler reads meanwhile: whose turn, by when, and which way decides."""
    handler.go(f"/bundles/mine/{bundle}/")
    handler.waits_for("只停这一项，其他事项照常办", "时间最长的一路")
    for _ in range(30):
        if handler.page.get_by_text("已准予").count() == 4:
            break
        handler.page.wait_for_timeout(1000)
        handler.page.reload()
    assert handler.page.get_by_text("已准予").count() == 4, handler.text()
    still = handler.page.get_by_role("listitem").filter(has_text=DRAWING).first
    assert "专家评审" in still.inner_text()
    way = handler.page.locator(".mq-when__row--critical").all_inner_texts()
    assert [DRAWING in way[0], "施工许可证" in way[-1]] == [True, True], way
    handler.shoot("stage one branch stands still")


def experts_are_back(desk: Desks, number: str) -> None:
    officer = desk.case("xiaofang", number)
    act(officer, "特别程序结束", "确认恢复计时", "时限接着计算", [("特别程序的结果", "评审通过。")])
    # 票签: two of three posts settle the review of the drawings; 会签: two posts sign that of the fire protection.
    for username in ("xiaofang", "tushen"):
        opinion(desk.case(username, number))
        opinion(desk.case(username, number))
    decide(desk.case("zhujianju", number))


def pay(handler: Citizen, bundle: str) -> None:
    """The fee of one organ, which no other waited for."""
    handler.go(f"/bundles/mine/{bundle}/")
    handler.page.locator("main").get_by_role("link", name=re.compile("水土保持补偿费")).first.click()
    handler.press("去缴费")
    handler.page.get_by_role("button", name="付款成功", exact=True).click()
    # Who looks again before the bank has sent her back stays there.
    handler.page.wait_for_url("**/my/payments/**")
    handler.waits_for("已经收到")


def the_licence(desk: Desks, clerk: Person, bundle: str) -> None:
    open_bundle(clerk, bundle)
    clerk.waits_for("受理所选事项")
    clerk.press("受理所选事项")
    for _ in range(30):
        if "施工许可证" in cases_of(clerk) and "审查中" in clerk.text():
            break
        clerk.page.wait_for_timeout(1000)
        clerk.page.reload()
    number = cases_of(clerk)["施工许可证"]
    opinion(desk.case("shigong", number))
    decide(desk.case("zhujianju", number))
