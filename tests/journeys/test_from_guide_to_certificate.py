"""
食品经营许可 lived through in a real browser on a running installation: a citizen on a phone, the window, two
departments side by side, the leader, and the citizen again with a certificate that anyone can verify.
"""

import io
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.kill.installation import installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "Qinghe-2026-stream"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE = int(
    os.environ.get("MINGQU_PATIENCE", "60000")
)  # milliseconds; CI machines are slow and jobs run behind


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A demo installation with all its parts, or the one named by MINGQU_JOURNEY_URL."""
    if given := os.environ.get("MINGQU_JOURNEY_URL"):
        yield given
        return
    with installation() as made:
        yield made.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )


class Person:
    """Someone with a browser of their own."""

    def __init__(self, browser: Browser, site: str, size: dict[str, int]) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.broken: list[str] = []
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on(
            "response",
            lambda answer: (
                self.broken.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
        )

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def choose(self, *labels: str) -> None:
        for label in labels:
            self.page.get_by_label(label, exact=False).first.check()

    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE)

    def close(self) -> None:
        self.context.close()
        assert self.broken == []


def sign_in_staff(browser: Browser, site: str, username: str) -> Person:
    someone = Person(browser, site, DESK)
    someone.go("/double/codes/")
    row = someone.page.get_by_role("row", name=re.compile(username))
    code = row.locator("strong").inner_text()
    someone.go("/staff/sign-in/")
    someone.fill("账号", username)
    someone.page.locator("input[name=password]").fill(PASSWORD)
    someone.page.get_by_role("button", name="登录").last.click()
    someone.page.locator("input[name=code]").fill(code)
    someone.page.locator("main button[type=submit]").first.click()
    someone.page.wait_for_url(re.compile("/(desk|staff)/"))
    return someone


def photograph(title: str) -> dict[str, object]:
    image = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(image).rectangle((60, 60, 740, 540), outline="black", width=5)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return {"name": f"{title}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def apply(person: Person, phone: str) -> tuple[str, str]:
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
    sign_in_citizen(person, phone)
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


def sign_in_citizen(person: Person, phone: str) -> None:
    draft = person.page.url.split("/material/")[0]
    person.page.goto(draft + "/check/")
    person.fill("手机号码", phone)
    person.press("获取验证码")
    other = person.context.new_page()
    other.goto(person.site + "/double/sms/")
    code = re.search(r"验证码(\d{6})", other.locator("body").inner_text())
    other.close()
    assert code
    person.fill("验证码", code.group(1))
    person.press("登录")


def hand_in(person: Person) -> tuple[str, str]:
    from datetime import date

    from mingqu.kernel.identifiers import CitizenNumber

    if person.page.get_by_label("姓名").count():
        person.fill("姓名", "李望渠")
        person.fill("公民身份号码", str(CitizenNumber.build("990104", date(1980, 5, 6), "321")))
        person.press("保存")
    person.sees("核对并提交")
    person.choose("电子送达", "我已核对")
    person.press("提交申请")
    person.page.wait_for_url(re.compile("/done/"))
    text = person.page.locator("main").inner_text()
    number = re.search(r"\d{6}\s?\d{8}\s?\d{6}", text)
    code = re.search(r"查询码\s*([2-9A-HJKMNP-Z]{4}\s?[2-9A-HJKMNP-Z]{4})", text)
    assert number and code, text
    return re.sub(r"\s", "", number.group(0)), re.sub(r"\s", "", code.group(1))


def handle(browser: Browser, site: str, number: str) -> None:
    """Window, two departments in the order in which nobody would think of it, and the leader."""
    clerk = sign_in_staff(browser, site, "chuangkou")
    clerk.go(f"/desk/cases/{number}/")
    clerk.sees("待受理")
    clerk.follow("受理")
    clerk.press("受理")
    clerk.sees("审查中")
    clerk.close()
    for username, step in (("shichangsuo", "选址审查"), ("chengban", "材料审查")):
        officer = sign_in_staff(browser, site, username)
        officer.go("/desk/")
        officer.page.locator(f"a[href*='{number}']").first.click()
        officer.sees(f"{step}：审查意见")
        give_opinion(officer)
        officer.close()
    leader = sign_in_staff(browser, site, "juzhang")
    leader.go(f"/desk/cases/{number}/")
    leader.follow("作出决定")
    leader.choose("准予")
    leader.press("下一步")
    leader.page.locator("button[value=do]").first.click()
    leader.sees("决定已作出")
    leader.close()


def give_opinion(officer: Person) -> None:
    form = officer.page.locator("#opinion form")
    for group in form.locator("fieldset").all():
        group.locator("input[value=met]").check()
    form.get_by_role("button", name="提交审查意见").click()
    officer.page.wait_for_load_state()


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


def rate(citizen: Person, number: str) -> None:
    citizen.go("/my/")
    citizen.page.locator(f"a[href*='/rate/{number}/']").first.click()
    citizen.choose("非常满意")
    citizen.page.locator("main form button[type=submit]").first.click()
    citizen.sees("评价")


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


def test_a_citizen_gets_a_certificate_that_anyone_can_verify(site, browser, tmp_path):
    citizen = Person(browser, site, PHONE)
    number, code = apply(citizen, f"1990001{secrets.randbelow(10_000):04d}")

    stranger = Person(browser, site, PHONE)
    follow_by_code(stranger, number, code)
    stranger.close()

    handle(browser, site, number)
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
