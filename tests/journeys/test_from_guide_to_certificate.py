"""
食品经营许可 lived through in a real browser on a running installation: a citizen on a phone, the window, two
departments side by side, the leader, and the citizen again with a certificate that anyone can verify.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.people import (
    PATIENCE,
    PHONE,
    Citizen,
    Desks,
    Person,
    decide,
    opinion,
    photograph,
    rate,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]


def apply(person: Citizen) -> tuple[str, str]:
    """From the front page to the number and query code, never more than what a citizen sees."""
    person.go("/")
    person.page.locator("main input[name=q]").fill("小饭馆")
    person.press("搜索")
    person.follow("食品经营许可")
    person.follow("在线办理")
    answer_questions(person)
    person.sees("您要准备的")
    person.press("开始填写")
    fill_in(person)
    sign_in_citizen(person)
    return hand_in(person)


def answer_questions(person: Person) -> None:
    for label in ("个体工商户", "不会", "没有", "热食"):
        person.choose(label)
        person.press("继续")


def fill_in(person: Person) -> None:
    person.follow("店铺情况")
    person.fill("店名", "望渠小馆")
    person.fill("经营场所地址", "青澜街道示例路8号")
    person.fill("经营面积", "60")
    person.fill("座位数", "20")
    person.press("保存")
    person.fill("食品安全管理人员姓名", "李望渠")
    person.fill("联系电话", "19900005678")
    person.press("保存")
    for material in ("营业执照", "经营场所平面布局图", "食品安全管理制度"):
        person.page.goto(
            person.page.url.split("/draft/")[0]
            + "/draft/"
            + person.page.url.split("/draft/")[1].split("/")[0]
            + "/"
        )
        person.follow(material)
        person.page.locator("input[type=file]").first.set_input_files([photograph(material)])
        if person.page.get_by_role("button", name="上传").first.is_visible():
            person.press("上传")
        person.sees(f"{material}.jpg")


def sign_in_citizen(person: Citizen) -> None:
    draft = person.page.url.split("/material/")[0]
    person.page.goto(draft + "/check/")
    person.sign_in("李望渠")


def hand_in(person: Person) -> tuple[str, str]:
    person.sees("核对并提交")
    person.choose("电子送达", "我已核对")
    person.press("提交申请")
    person.page.wait_for_url(re.compile("/done/"))
    text = person.page.locator("main").inner_text()
    number = re.search(r"\d{6}\s?\d{8}\s?\d{6}", text)
    code = re.search(r"查询码\s*([2-9A-HJKMNP-Z]{4}\s?[2-9A-HJKMNP-Z]{4})", text)
    assert number and code, text
    return re.sub(r"\s", "", number.group(0)), re.sub(r"\s", "", code.group(1))


def handle(desk: Desks, number: str) -> None:
    """Window, two departments in the order in which nobody would think of it, and the leader."""
    clerk = desk.case("chuangkou", number)
    clerk.sees("待受理")
    clerk.page.get_by_role("region", name="办理", exact=True).get_by_role("link", name="受理").first.click()
    clerk.press("确认受理")
    clerk.sees("已受理")
    for username, step in (("shichangsuo", "选址审查"), ("chengban", "材料审查")):
        officer = desk.case(username, number)
        officer.sees(f"{step}：审查意见")
        opinion(officer)
    decide(desk.case("juzhang", number))


def receive(citizen: Person, number: str, folder: Path) -> Path:
    """The progress page says it is there; the certificate is shown and downloaded."""
    for _ in range(30):
        citizen.go(f"/cases/{number}/progress/")
        if citizen.page.get_by_text("已送达").count() or citizen.page.get_by_text("证照已送达").count():
            break
        citizen.page.wait_for_timeout(2000)
    citizen.go("/my/messages/")
    citizen.sees("证照已送达")
    citizen.go("/certificates/")
    citizen.follow("查看证照")
    citizen.sees("望渠小馆")
    with citizen.page.expect_download() as waiting:
        citizen.page.get_by_role("link", name=re.compile("下载")).first.click()
    file = folder / "licence.pdf"
    waiting.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")
    return file


def verify(browser: Browser, site: str, licence: Path, folder: Path) -> None:
    """A stranger uploads the file, then the same file with one byte changed."""
    altered = bytearray(licence.read_bytes())
    altered[len(altered) // 2] ^= 1
    forged = folder / "forged.pdf"
    forged.write_bytes(altered)
    for file, finding in ((licence, "真"), (forged, "改动")):
        stranger = Person(browser, site, PHONE)
        stranger.go("/verify/")
        stranger.page.locator("input[type=file]").set_input_files(file)
        stranger.page.locator("form:has(input[type=file]) button[type=submit]").click()
        stranger.sees(finding)
        stranger.close()


def check_the_ledger(citizen: Person, number: str, folder: Path) -> None:
    """The receipt, checked by the command line with no database at hand."""
    citizen.go(f"/cases/{number}/progress/")
    with citizen.page.expect_download() as waiting:
        citizen.page.locator("a[href*='ledger.json']").first.click()
    receipt = folder / "receipt.json"
    waiting.value.save_as(receipt)
    command = [sys.executable, "-m", "mingqu.config.cli", "verify", str(receipt)]
    offline = {k: v for k, v in os.environ.items() if not k.startswith("MINGQU_")}
    done = subprocess.run(command, env=offline, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "未被改动" in done.stdout


def test_a_citizen_gets_a_certificate_that_anyone_can_verify(desk, browser, site, tmp_path):
    citizen = Citizen(browser, site)
    number, code = apply(citizen)

    stranger = Person(browser, site, PHONE)
    follow_by_code(stranger, number, code)
    stranger.close()

    handle(desk, number)
    licence = receive(citizen, number, tmp_path)
    verify(browser, site, licence, tmp_path)
    rate(citizen, number)
    check_the_ledger(citizen, number, tmp_path)
    citizen.close()


def follow_by_code(stranger: Person, number: str, code: str) -> None:
    """Number and query code show the progress with a masked name; a wrong code shows nothing."""
    for given, expected in (("AAAAAAAA", "没有找到"), (code, r"李\*")):
        stranger.go("/progress/")
        stranger.page.locator("main input[type=text]").nth(0).fill(number)
        stranger.page.locator("main input[type=text]").nth(1).fill(given)
        stranger.page.locator("main form button[type=submit]").first.click()
        expect(stranger.page.locator("main")).to_contain_text(re.compile(expected), timeout=PATIENCE)
        assert "李望渠" not in stranger.page.content()
