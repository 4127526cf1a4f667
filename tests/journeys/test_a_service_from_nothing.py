"""
A person without programming builds a service of three departments by clicks and keys alone; a second one reviews and
publishes it; a citizen finds it, applies on a phone and hands in; the window accepts, the three departments say what
they find, the summary is checked, the leader grants; the citizen reads it on her page and holds the certificate.
Nobody gives a command. The twin without a browser is catalogue/studio/tests/test_from_nothing.
"""

import re
import secrets
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, expect

from mingqu.catalogue.studio.fields import dom_id
from tests.journeys.people import (
    PATIENCE,
    Citizen,
    Desks,
    Person,
    act,
    citizen_number,
    decide,
    numbers_on,
    opinion,
    photograph,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("journeys"),
]
NAME, LICENCE = "夜间集市举办许可", "夜间集市举办许可证"
H = "handling[0]"
# department: the post that answers for it, and who holds that
ORGANS = {
    "澜州市清禾区市场监督管理局": ("食品许可承办岗", "chengban"),
    "澜州市公安局清禾分局": ("户籍业务负责岗", "huji"),
    "清禾区消防救援大队": ("消防现场检查岗", "xfjiancha"),
}
SUMMARY = ("食品许可审核岗", "shenhe")
LEADER = ("分管局领导", "juzhang")


@dataclass(frozen=True)
class Built:
    """What nobody typed before, so that a site that is used again has it once."""

    code: str = field(default_factory=lambda: f"QH-YJJS-{secrets.randbelow(1_000_000):06d}")
    serial: str = field(default_factory=lambda: f"{secrets.randbelow(900) + 100}")


def test_a_service_built_from_nothing_runs_to_its_certificate_by_clicks_alone(desk, browser, site):
    service = Built()
    for organ in list(ORGANS)[1:]:
        let_in(desk("anquan"), organ)
    editor = desk("bianji")
    put_on_the_list(editor, desk("shending"), service)
    begin(editor, service)
    tell(editor)
    want(editor)
    hand_out(editor, service)
    submit(editor)
    publish(desk("shending"), service)

    citizen = Citizen(browser, site)
    number = apply(citizen, service)
    accept(desk("chuangkou"), number)
    for organ, (_, username) in ORGANS.items():
        review(desk, username, number, organ)
    follow_the_branches(citizen, number)
    checker = from_the_worklist(desk, SUMMARY[1], number)
    checker.sees("各环节意见")
    opinion(checker, "同意")
    leader = from_the_worklist(desk, LEADER[1], number)
    decide(leader)
    hold_the_certificate(citizen, number)

    assert [one.broken for one in (*desk.people.values(), citizen)] == [[]] * (len(desk.people) + 1)
    citizen.close()


# --- the editor -----------------------------------------------------------------------------


def fill(editor: Person, **typed: str) -> None:
    for path, value in typed.items():
        editor.page.locator(f"#{dom_id(path)}").fill(value)


def sheet(editor: Person, title: str) -> None:
    """The next sheet, by the button below this one."""
    editor.press("保存，")
    editor.page.get_by_role("heading", level=1, name=title).wait_for()


def row(editor: Person, path: str) -> Locator:
    return editor.page.locator(f"#{dom_id(path)}")


def post(editor: Person, path: str, organ: str, name: str) -> None:
    """One of those the list offers after a few words."""
    offered = editor.page.locator(f"#mq-posts option[value*='{organ}'][value*='{name}']")
    row(editor, path).fill(offered.first.get_attribute("value") or "")


def begin(editor: Person, service: Built) -> None:
    editor.page.get_by_role("link", name="事项", exact=True).first.click()
    editor.follow("新建事项")
    editor.choose("联办件")
    editor.fill("事项名称", NAME)
    editor.fill("事项编码", service.code)
    editor.page.get_by_label("实施机关").select_option(label=next(iter(ORGANS)))
    editor.page.get_by_label("事项类型").select_option(label="行政许可")
    editor.page.get_by_label("自然人").check()
    editor.page.get_by_text("联办件：选一起审查的部门").click()
    for name in ORGANS:
        editor.page.get_by_role("checkbox", name=name, exact=True).check()
    editor.press("建草稿，开始填")
    editor.page.get_by_role("heading", level=1, name="基本信息").wait_for()


def tell(editor: Person) -> None:
    """What it is, on what it rests, whom to ask, how long it takes, what is asked before."""
    fill(editor, **{
        "item.summary": "晚上在夜市摆摊卖吃的，之前要办。", "item.theme": "准营准办", "item.base_code": "000131999000",
    })  # fmt: skip
    post(editor, "item.responsible_post", "市场监督管理局", "食品许可承办岗")
    editor.press("加一个依据")
    row(editor, "basis[0].law").wait_for()
    fill(editor, **{"basis[0].law": "中华人民共和国行政许可法", "basis[0].article": "26"})
    fill(editor, **{"basis[0].confirmed_by": "叶知秋"})
    sheet(editor, "办事指南")
    fill(editor, **{"guide.consult": "0000-12345"})
    sheet(editor, "办理项和时限")
    sheet(editor, "情形引导")
    editor.press("加一个问题")
    fill(editor, **{f"{H}.situations[0].text": "要占车行道吗？"})
    sheet(editor, "材料")


def want(editor: Person) -> None:
    """A paper wanted in one situation only; questions of the form, one of them asked after an answer."""
    editor.press("加一个材料")
    at = f"{H}.materials[0]"
    fill(editor, **{f"{at}.name": "占道方案", f"{at}.explain": "画出摊位和通道。"})
    if not (tick := row(editor, at).get_by_label("是", exact=True).first).is_visible():
        row(editor, at).get_by_text("按情形选择").click()
    tick.check()
    sheet(editor, "申请表")
    asked = editor.page.locator("#p-pages-1-questions")
    place = editor.page.locator("section.mq-line[id^='p-pages-1-questions-']").count()
    for title, kind in (("摊位的地点", "text"), ("用不用电", "yes_no"), ("几千瓦", "integer")):
        asked.get_by_role("button", name="加一个问题").click()
        editor.page.wait_for_load_state()
        fill(editor, **{f"pages[1].questions[{place}].title": title})
        row(editor, f"pages[1].questions[{place}].kind").select_option(kind)
        editor.press("保存")
        place += 1
    last = row(editor, f"pages[1].questions[{place - 1}]")
    power = last.get_by_role("group", name="用不用电").get_by_label("是", exact=True)
    if not power.is_visible():
        last.get_by_text("按前面的回答选择").click()
    power.check()
    sheet(editor, "环节表")


def hand_out(editor: Person, service: Built) -> None:
    """Who answers for what, and the certificate a grant brings."""
    for number in range(len(ORGANS)):
        organ = row(editor, f"{H}.steps[{number}].name").input_value().removesuffix("审查")
        post(editor, f"{H}.steps[{number}].post", organ, ORGANS[organ][0])
        fill(editor, **{f"{H}.steps[{number}].standard": "不影响安全和交通。"})
    post(editor, f"{H}.steps[3].post", "市场监督管理局", SUMMARY[0])
    post(editor, f"{H}.decide.post", "市场监督管理局", LEADER[0])
    sheet(editor, "结果和收费")
    row(editor, f"{H}.result.type").select_option(label="证照")
    fill(editor, **{
        f"{H}.result.name": "",
        f"{H}.result.certificate_type": f"11990104MB0000019E{service.serial}",
        f"{H}.result.certificate_name": LICENCE, f"{H}.result.number_prefix": "YJJS",
        f"{H}.result.valid_years": "1", f"{H}.result.basis.law": "中华人民共和国行政许可法",
        f"{H}.result.basis.article": "50",
        f"{H}.result.renew_before_days": "30",
    })  # fmt: skip
    sheet(editor, "裁量基准")
    sheet(editor, "场景")
    editor.press("按现在的定义生成一个场景")
    editor.page.locator("section.mq-line[id^='p-handling-0-scenarios-']").first.wait_for()
    sheet(editor, NAME)


def submit(editor: Person) -> None:
    editor.sees("符合要求")
    editor.page.get_by_role("link", name="办事指南").first.click()
    editor.sees("预览", "占道方案")
    editor.page.go_back()
    editor.press("送审")
    editor.sees("已送审，等另一个人审核")


# --- the security officer: a case belongs to the organ of its item, whoever takes part (decision 0007) ---


def let_in(officer: Person, organ: str) -> None:
    """The post of another department may review cases that are not its own department's; once on a site."""
    officer.page.get_by_role("link", name="部门和岗位", exact=True).first.click()
    name, _ = ORGANS[organ]
    officer.fill("部门、岗位名称", name)
    officer.press("查")
    officer.page.locator("main").get_by_role("link", name=name).first.click()
    officer.page.get_by_role("heading", level=2, name="角色").wait_for()
    if "不限部门" in officer.text():
        return
    officer.follow("授权")
    officer.page.get_by_label("角色").select_option(label="承办人")
    officer.choose("不限部门")
    officer.press("下一步，核对")
    officer.sees("不限部门，澜州市清禾区和下级区划")
    officer.page.locator("main form button[value=do]").click()
    officer.sees("不限部门")


# --- the list of powers: what it does not have is not published ---


def put_on_the_list(editor: Person, reviewer: Person, service: Built) -> None:
    """A new edition with one entry more; the other one publishes it."""
    editor.page.get_by_role("link", name="清单", exact=True).first.click()
    editor.follow("导入或者新编一版")
    editor.page.get_by_label("哪一份清单").last.select_option(label="权责清单")
    editor.page.get_by_label("行政区划代码").last.fill("990104000000")
    editor.press("新编一版")
    editor.follow("加一条")
    for label, value in (
        ("事项编码", service.code), ("事项名称", NAME), ("实施机关", next(iter(ORGANS))), ("行使层级", "县级"),
        ("设定依据", "《中华人民共和国食品安全法》第三十五条"), ("责任事项", "受理、审查、决定、送达。"),
        ("追责情形", "无正当理由不予受理的。"),
    ):  # fmt: skip
        editor.fill(label, value)
    editor.page.get_by_label("事项类型").select_option(label="行政许可")
    editor.press("保存")
    editor.sees("下一步", NAME)
    edition = editor.page.get_by_role("heading", level=1).inner_text()
    editor.press("送审")
    editor.sees("待审核")
    reviewer.page.get_by_role("link", name="清单", exact=True).first.click()
    reviewer.follow(edition)
    reviewer.sees(NAME)
    reviewer.press("发布")
    reviewer.sees("已发布")


# --- the reviewer ---------------------------------------------------------------------------


def publish(reviewer: Person, service: Built) -> None:
    """Found where drafts wait, agreed to, in force."""
    reviewer.page.get_by_role("link", name="事项", exact=True).first.click()
    reviewer.follow("在编的定义")
    drafts = reviewer.page.get_by_role("row").filter(has_text=service.code)
    drafts.get_by_role("link", name=NAME).click()
    reviewer.fill("审核意见", "同意")
    reviewer.press("审核通过")
    reviewer.sees("审核通过，可以发布了")
    reviewer.press("发布")
    reviewer.sees("已发布，从现在起")


# --- the citizen ----------------------------------------------------------------------------


def apply(citizen: Citizen, service: Built) -> str:
    """From the front page to her number."""
    citizen.go("/")
    citizen.page.locator("main input[name=q]").fill("夜间集市")
    citizen.press("搜索")
    citizen.page.locator(f"main a[href*='{service.code}']").first.click()
    citizen.sees("占道方案", LICENCE)
    citizen.follow("在线办理")
    citizen.sees("要占车行道吗？")
    citizen.choose_in("要占车行道吗？", "是")
    citizen.press("继续")
    citizen.sees("您要准备的", "占道方案")
    citizen.press("开始填写")
    name, identity = "安乐渠", citizen_number()
    fill_in(citizen, name, identity)
    citizen.follow("返回要做的事")
    citizen.follow(re.compile("核对"))
    citizen.sign_in(name, identity)
    citizen.sees("核对并提交", "青澜广场", "占道方案.jpg")
    citizen.choose("电子送达", "我已核对")
    citizen.press("提交申请")
    citizen.sees("申请已提交，我们已经收件", "查询码")
    return numbers_on(citizen.text())[0]


def fill_in(citizen: Citizen, name: str, identity: str) -> None:
    citizen.sees("还有")
    citizen.follow("申请人")
    citizen.fill("申请人姓名", name)
    citizen.fill("公民身份号码", identity)
    citizen.fill("联系地址", "青澜街道望渠路5号")
    citizen.fill("联系电话", citizen.phone)
    citizen.press("保存并继续")
    citizen.sees("摊位的地点")
    citizen.fill("申请的内容", "每周五晚上卖小吃")
    citizen.fill("摊位的地点", "青澜广场")
    power = citizen.page.get_by_label("几千瓦")
    expect(power).not_to_be_visible()
    citizen.choose_in("用不用电", "是")
    power.fill("900")
    citizen.press("保存并继续")
    citizen.follow("占道方案")
    citizen.page.locator("input[type=file]").first.set_input_files([photograph("占道方案")])
    citizen.sees("占道方案.jpg")


def follow_the_branches(citizen: Citizen, number: str) -> None:
    """Her page says of each department that it is done."""
    citizen.follow("看办理进度")
    citizen.waits_for("同时办的审查", "3项，办完3项", *(f"{organ}审查" for organ in ORGANS))
    assert number in citizen.page.url


def hold_the_certificate(citizen: Citizen, number: str) -> None:
    """The decision and the certificate come by themselves; both are on the page of the case."""
    citizen.waits_for("准予", "已送达", LICENCE)
    papers = citizen.part("文书和证照")
    expect(papers).to_contain_text("准予行政许可决定书", timeout=PATIENCE)
    citizen.page.locator("main").get_by_role("link", name=LICENCE).first.click()
    citizen.sees(LICENCE, "安乐渠", "每周五晚上卖小吃")


# --- the officers ---------------------------------------------------------------------------


def from_the_worklist(desk: Desks, username: str, number: str) -> Person:
    """Her desk, and the case opened from the list of what waits for her."""
    officer = desk(username)
    officer.page.get_by_role("link", name="我的工作台").first.click()
    officer.page.get_by_role("navigation", name="办件分类").get_by_role("link", name="我的环节").click()
    officer.page.wait_for_url(re.compile("tab=mine"))
    mine = officer.page.locator(f"main a[data-mq-row][href$='/desk/cases/{number}/']")
    officer.page.wait_for_load_state()
    while not mine.count():
        officer.follow("下一页")
    officer.shoot("worklist")
    mine.click()
    officer.sees("走到哪一步", NAME)
    return officer


def accept(clerk: Person, number: str) -> None:
    clerk.page.get_by_role("link", name="我的工作台").first.click()
    clerk.page.locator(f"main a[data-mq-row][href$='/desk/cases/{number}/']").click()
    clerk.sees("占道方案")
    act(clerk, "受理", "确认受理", "已受理")


def review(desk: Desks, username: str, number: str, organ: str) -> None:
    officer = from_the_worklist(desk, username, number)
    officer.sees(f"{organ}审查：审查意见", "不影响安全和交通。")
    opinion(officer)
