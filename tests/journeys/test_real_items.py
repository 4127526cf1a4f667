"""
Items of another catalogue, from the file to a decided case in a training region: brought in by one person, reviewed
and published by another, found by people's own words, applied for, accepted, examined, checked and decided by the posts
that came with the file; and the law and the lists behind them.
"""

import io
import re
import time
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from mingqu.kernel.training import FRESH_FOR
from tests.journeys.people import (
    PATIENCE,
    Citizen,
    Desks,
    Person,
    citizen_number,
    decide,
    numbers_on,
    opinion,
    photograph,
    today,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]
FILE = Path(__file__).with_name("training_items.jsonl")
VILLAGE, VILLAGE_NAME = "990104100200", "上禾塘村"
ORGAN = "禾塘镇练习市场监管站"
SHOP, VISITS, TRACTOR, ROOM = (
    "练习小食杂店经营许可",
    "练习高龄老人上门探访申请",
    "练习农机驾驶人登记",
    "练习村级活动室预约查询",
)
SEATS = {"承办岗": "zhujian", "审核岗": "yibao", "批准岗": "renshe"}
BANNER = "培训区域：内容未经确认，办理没有法律效力"


def test_items_of_another_catalogue_are_reviewed_published_applied_for_and_decided(
    desk, browser, site, tmp_path
):
    known_at = mark_the_village(desk("xitong"))
    bring_in(desk("bianji"), tmp_path)
    review(desk("shending"))
    the_vague_material_is_doubtful(desk("shending"))
    for post, username in SEATS.items():
        seat(desk("anquan"), post, username)

    citizen = Citizen(browser, site)
    citizen.page.wait_for_timeout(1000 * max(0.0, known_at - time.monotonic()))
    apply_from_the_front_page(citizen)
    number = hand_in(citizen)
    accept(desk, SEATS["承办岗"], number)
    the_paper_is_marked(citizen, number, "受理通知书", tmp_path)
    examine_and_decide(desk, number)
    the_paper_is_marked(citizen, number, "准予行政许可决定书", tmp_path)
    the_law_and_the_lists_are_open(citizen)
    citizen.close()


# --- staff -----------------------------------------------------------------------------------


def mark_the_village(officer: Person) -> float:
    """When every web process knows of the mark: each reads the marks again after a while, not at every page."""
    officer.follow("培训区域")
    if VILLAGE in officer.text():  # an installation that is used again
        return time.monotonic()
    officer.follow("设为培训区域")
    officer.fill("区划代码", VILLAGE)
    officer.press("下一步，核对")
    officer.sees(f"禾塘镇{VILLAGE_NAME}", "不能再改成正式区域")
    officer.press("确认设为培训区域")
    officer.sees("已设为培训区域", VILLAGE_NAME)
    return time.monotonic() + FRESH_FOR


def bring_in(editor: Person, folder: Path) -> None:
    editor.follow("导入事项")
    editor.upload("文件", {"name": FILE.name, "mimeType": "application/jsonl", "buffer": FILE.read_bytes()})
    editor.page.get_by_label("映射").select_option(label="广东省政务服务事项（JSON lines）")
    editor.fill("行政区划代码", VILLAGE)
    editor.choose("用默认值补齐来源没有写的内容")
    editor.press("导入")
    editor.waits_for("下载逐行报告")
    editor.sees("读了8行", VILLAGE_NAME, "缺的内容用默认值补齐，待确认")
    editor.shoot("batch")
    book = openpyxl.load_workbook(io.BytesIO(editor.download("下载逐行报告", folder / "report.xlsx")))
    told = {
        name: " ".join(str(cell) for sheet in book for row in sheet.values if name in row for cell in row)
        for name in (TRACTOR, ROOM)
    }
    assert "校验位不对" in told[TRACTOR]
    assert "没有网址" in told[ROOM]


def review(reviewer: Person) -> None:
    """What can't be published goes back; of the rest a sample is read, kinds and bases confirmed, all published."""
    reviewer.follow("审核导入的事项")
    reviewer.page.locator("main").get_by_role("link", name=FILE.name).first.click()
    look_for(reviewer, 条件="不能公布")
    reviewer.sees(TRACTOR, ROOM)
    reviewer.page.get_by_role("checkbox", name=ROOM).check()
    reviewer.fill("退回的理由", "没有网址，也没有咨询电话，请补上再导入。")
    reviewer.press("退回")
    reviewer.sees("退回：1行", "已退回")

    look_for(reviewer, 条件="可以公布", 状态="待审核", 抽样="随机抽20行")
    reviewer.sees("从符合条件的6行里随机抽出6行")
    reviewer.follow(SHOP)
    reviewer.sees("文件里的原文", "《中华人民共和国食品安全法》第35条", "默认值，待确认")
    reviewer.shoot("row")
    reviewer.press("采纳全部现行有效的依据")
    reviewer.sees("已采纳")

    reviewer.follow(FILE.name)
    look_for(reviewer, 条件="可以公布", 状态="待审核")
    for deed, question in (("确认类型和办理性质", "确认类型和办理性质"), ("通过", "通过")):
        reviewer.choose("符合条件的全部6行")
        reviewer.press(deed)
        reviewer.sees("确定要办吗？")
        reviewer.press(question)
        reviewer.sees("6行。")
    look_for(reviewer, 条件="可以公布", 状态="已通过")
    reviewer.choose("符合条件的全部6行")
    reviewer.press("发布已通过的")
    reviewer.sees("发布以后不能整批撤销")
    reviewer.press("发布")
    reviewer.sees("已发布6行", "已退回1行", "待审核1行")
    reviewer.shoot("published")


def look_for(reviewer: Person, **asked: str) -> None:
    for name, choice in asked.items():
        reviewer.page.get_by_role("combobox", name=name).first.select_option(label=choice)
    reviewer.press("查")


def the_vague_material_is_doubtful(reviewer: Person) -> None:
    reviewer.follow(re.compile("^事项$"))
    reviewer.follow("存疑的指南")
    look_for(reviewer, 问题="材料写得笼统")
    reviewer.sees("行政许可法 30、31")
    reviewer.follow(VISITS)
    reviewer.sees("材料“其他材料”说不清要交什么")
    reviewer.shoot("doubtful item")


def seat(officer: Person, post: str, username: str) -> None:
    """The posts came with the file; who holds them is the security officer's to say."""
    officer.follow("部门和岗位")
    officer.fill("部门、岗位名称，或者岗位代码的开头", ORGAN)
    officer.press("查")
    officer.page.locator("main").get_by_role("link", name=post).click()
    officer.sees("还没有人担任", VILLAGE_NAME)
    officer.follow("任命")
    officer.fill("账号名称", username)
    officer.fill_date("从哪一天起", today())
    officer.press("下一步，核对")
    officer.press("确认任命")
    officer.sees(f"（{username}）")


def accept(desk: Desks, username: str, number: str) -> None:
    clerk = at_the_post(desk, username)
    desk.case(username, number)
    clerk.sees(BANNER, SHOP)
    clerk.shoot("case")
    clerk.page.get_by_role("region", name="办理", exact=True).get_by_role("link", name="受理").first.click()
    clerk.sees("最晚", "承办、审核")
    clerk.press("确认受理")
    clerk.page.wait_for_url(re.compile("/desk/(\\?|$)"), timeout=PATIENCE)


def at_the_post(desk: Desks, username: str) -> Person:
    officer = desk(username)
    officer.follow("切换岗位")
    officer.press(ORGAN)
    return officer


def examine_and_decide(desk: Desks, number: str) -> None:
    """承办, 审核 and 批准 of the standard template, each by its own post."""
    opinion(desk.case(SEATS["承办岗"], number))
    at_the_post(desk, SEATS["审核岗"])
    opinion(desk.case(SEATS["审核岗"], number), "同意")
    at_the_post(desk, SEATS["批准岗"])
    leader = desk.case(SEATS["批准岗"], number)
    leader.sees(BANNER, SHOP)
    decide(leader)


# --- the citizen -----------------------------------------------------------------------------


def apply_from_the_front_page(citizen: Citizen) -> None:
    """By sound she sees the guide; by her own words once she asks for the region, the form is two clicks away."""
    search(citizen, "xiaoshizadian")
    in_the_training_region(citizen)
    citizen.follow(SHOP)
    citizen.sees(BANNER, "8个工作日", "法定20个工作日", "有13处内容尚待核实")
    citizen.shoot("guide")

    search(citizen, "开小卖部")
    in_the_training_region(citizen)
    row = citizen.page.get_by_role("listitem").filter(has=citizen.page.get_by_role("link", name=SHOP))
    citizen.sees(BANNER, "别名：开小卖部")
    citizen.shoot("search")
    row.get_by_role("link", name="在线办理").click()  # the first
    citizen.sees(BANNER, "您要准备的")
    citizen.not_sees("您不需要的")
    citizen.press("开始填写")  # the second
    citizen.sees(BANNER, "一、填写申请表")


def search(citizen: Citizen, words: str) -> None:
    citizen.go("/")
    citizen.page.locator("main input[name=q]").fill(words)
    citizen.press("搜索")


def in_the_training_region(citizen: Citizen) -> None:
    """What is done there has no legal effect, so nobody meets it who does not ask for the region."""
    citizen.sees("地区")
    services = citizen.page.locator(
        "main a:not([href*='/elsewhere/'])"
    )  # that way leads on with the words themselves
    assert services.filter(has_text=SHOP).count() == 0
    folded = citizen.page.locator("summary").filter(has_text="筛选")
    if folded.is_visible():  # on a phone
        folded.click()
    citizen.follow(re.compile(VILLAGE_NAME))
    citizen.sees("最合您意思的在前", SHOP)


def hand_in(citizen: Citizen) -> str:
    identity = citizen_number()
    citizen.follow("申请人")
    citizen.sees(BANNER)
    for label, value in (
        ("申请人姓名", "田小禾"),
        ("公民身份号码", identity),
        ("联系地址", "上禾塘村8号"),
        ("联系电话", citizen.phone),
    ):
        citizen.fill(label, value)
    citizen.press("保存并继续")
    citizen.fill("申请的内容", "在自家门口开一间小食杂店。")
    citizen.press("保存并继续")
    for material in ("经营场所平面图", "食品安全管理制度"):
        citizen.follow(material)
        citizen.sees(BANNER)
        citizen.page.locator("input[type=file]").first.set_input_files([photograph(material)])
        citizen.sees(f"{material}.jpg")
        citizen.follow("返回要做的事")
    citizen.follow("核对并提交")
    citizen.sign_in("田小禾", identity)
    citizen.sees(BANNER, "核对并提交")
    citizen.shoot("check")
    citizen.choose("电子送达", "我已核对")
    citizen.press("提交申请")
    citizen.sees(BANNER, "申请已提交，我们已经收件")
    citizen.shoot("filed")
    return numbers_on(citizen.text())[0]


def the_paper_is_marked(citizen: Citizen, number: str, name: str, folder: Path) -> None:
    citizen.go("/my/")
    citizen.sees(BANNER, SHOP)
    citizen.go(f"/cases/{number}/progress/")  # once it is decided, the link in the list may ask for a rating
    citizen.sees(BANNER)
    citizen.waits_for(name)
    citizen.shoot("progress")
    paper = citizen.download(re.compile(name), folder / "paper.pdf")
    said = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages))
    assert "培训样本无法律效力" in said
    assert ORGAN in said


def the_law_and_the_lists_are_open(citizen: Citizen) -> None:
    search(citizen, SHOP)
    in_the_training_region(citizen)
    citizen.follow(SHOP)
    citizen.follow(re.compile("《中华人民共和国食品安全法》第35条"))
    citizen.sees("现行有效", "第三十五条", "依据这部法规的事项", SHOP)
    citizen.shoot("law")
    citizen.follow("权责清单和其他清单")
    citizen.page.get_by_role("region", name="权责清单", exact=True).get_by_role("link").first.click()
    citizen.sees("权责清单", "食品经营许可")
    citizen.shoot("power list")
