"""People with a browser of their own, who read and click: citizens on a phone, staff at a desk."""

import io
import os
import re
import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import legal_day

PASSWORD = "Qinghe-2026-stream"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE = int(
    os.environ.get("MINGQU_PATIENCE", "60000")
)  # milliseconds; CI machines are slow and jobs run behind
SHOTS = os.environ.get("MINGQU_SHOTS", "")
_shots = count(1)
everyone: list["Person"] = []  # whose pages a failed test shows


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
        everyone.append(self)
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on(
            "response",
            lambda answer: (
                self.broken.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
        )

    # --- reading and clicking --------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)

    def press(self, name: str) -> None:
        self.shoot(f"before {name}")
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, value: str) -> None:
        self.page.locator("main").get_by_label(label).first.fill(value)

    def choose(self, *labels: str) -> None:
        for label in labels:
            self.page.get_by_label(label, exact=False).first.check()

    def choose_in(self, part: str, label: str) -> None:
        """One choice of the fieldset or the section with this name."""
        self.part(part).get_by_label(label).first.check()

    def part(self, name: str) -> Locator:
        """The section, group or row with this name."""
        page = self.page
        return (
            page.get_by_role("group", name=name)
            .or_(page.get_by_role("region", name=name))
            .or_(page.get_by_role("row", name=name))
            .first
        )

    def fill_date(self, label: str, day: date) -> None:
        boxes = self.part(label).get_by_role("textbox")
        expect(boxes).to_have_count(3, timeout=PATIENCE)  # the page may still be on its way
        for box, part in zip(boxes.all(), (day.year, day.month, day.day), strict=True):
            box.fill(str(part))

    def sign(self, label: str) -> None:
        """Draw a signature on the pad of this name."""
        pad = self.page.locator(".govuk-form-group").filter(has_text=label).last.locator("canvas")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box, label
        x, y, w, h = box["x"], box["y"], box["width"], box["height"]
        mouse = self.page.mouse
        mouse.move(x + w * 0.2, y + h * 0.3)
        mouse.down()
        for across, down in ((0.4, 0.7), (0.5, 0.2), (0.7, 0.8), (0.8, 0.4)):
            mouse.move(x + w * across, y + h * down, steps=3)
        mouse.up()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE)

    def not_sees(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text, timeout=PATIENCE)

    def waits_for(self, *texts: str) -> None:
        """Look again until all of it is there: what workers and the relay bring."""
        for text in texts:
            for _look in range(PATIENCE // 1000):
                if text in self.page.locator("main").inner_text():
                    break
                self.page.wait_for_timeout(1000)
                self.page.reload()
        self.sees(*texts)

    def waits_without(self, text: str) -> None:
        """Look again until it is gone."""
        for _look in range(PATIENCE // 1000):
            if text not in self.page.locator("main").inner_text():
                break
            self.page.wait_for_timeout(1000)
            self.page.reload()
        self.not_sees(text)

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def download(self, link: str | re.Pattern[str], to: Path) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=link).or_(
                self.page.get_by_role("button", name=link)
            ).first.click()
        waiting.value.save_as(to)
        return to.read_bytes()

    def upload(self, place: str, *files: dict[str, Any]) -> None:
        """Into the field of this name."""
        field = self.page.get_by_label(place).and_(self.page.locator("input[type=file]"))
        field.first.set_input_files(list(files))

    def shoot(self, name: str) -> None:
        """A picture for whoever looks at them; only where MINGQU_SHOTS names a folder."""
        if SHOTS:
            width = (self.page.viewport_size or PHONE)["width"]
            # A picture of the whole page resizes it; a field left half-way through that swallows the next click.
            self.page.evaluate("document.activeElement?.blur()")
            words = re.sub(r"[^\w]+", "-", name)
            self.page.screenshot(path=Path(SHOTS) / f"{next(_shots):03d}-{width}-{words}.png", full_page=True)

    def close(self) -> None:
        everyone.remove(self)
        self.context.close()
        assert self.broken == []


class Citizen(Person):
    """Someone on a phone, with a telephone number nobody used before."""

    def __init__(self, browser: Browser, site: str, phone: str = "") -> None:
        super().__init__(browser, site, PHONE)
        self.phone = phone or new_phone()

    def sign_in(self, name: str = "", number: str = "") -> None:
        """From the page of the number on; says who she is where that is asked."""
        self.fill("手机号码", self.phone)
        self.press("获取验证码")
        self.sees("输入短信里的验证码")
        self.fill("验证码", self.code_from_the_message())
        self.press("登录")
        expect(self.page).not_to_have_url(re.compile("/sign-in/"), timeout=PATIENCE)
        if name and self.page.get_by_label("姓名").count():
            self.fill("姓名", name)
            self.fill("公民身份号码", number or citizen_number())
            self.press("保存")

    def code_from_the_message(self) -> str:
        """As it comes to her phone: the newest of those sent to her number."""
        other = self.context.new_page()
        masked = re.compile(rf"{self.phone[:3]}[\d *]{{4,6}}{self.phone[-4:]}")
        mine = other.locator("main").get_by_role("listitem").filter(has_text=masked).filter(has_text="验证码")
        for _look in range(PATIENCE // 500):
            other.goto(self.site + "/double/sms/")
            if mine.count():
                break
            other.wait_for_timeout(500)
        line = mine.first.inner_text()
        other.close()
        code = re.search(r"验证码(\d{6})", line)
        assert code, line
        return code.group(1)


class Desks:
    """Staff, each signed in once and at the desk from then on."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.people: dict[str, Person] = {}

    def __call__(self, username: str) -> Person:
        if username not in self.people:
            self.people[username] = sign_in_staff(self.browser, self.site, username)
        return self.people[username]

    def case(self, username: str, number: str) -> Person:
        """The desk of this officer with the case open, found by its number as one finds it at a desk."""
        someone = self(username)
        search = someone.page.get_by_role("searchbox").first
        search.fill(number)
        search.press("Enter")
        someone.page.wait_for_load_state()
        if "/desk/cases/" not in someone.page.url:
            someone.page.locator(f"main a[href$='/desk/cases/{number}/']").first.click()
        someone.sees("走到哪一步")
        return someone

    def close(self) -> None:
        for someone in self.people.values():
            someone.close()


def sign_in_staff(browser: Browser, site: str, username: str) -> Person:
    someone = Person(browser, site, DESK)
    someone.go("/staff/sign-in/")
    someone.fill("账号", username)
    someone.page.locator("input[name=password]").fill(PASSWORD)
    someone.page.get_by_role("button", name="登录", exact=True).last.click()
    someone.page.wait_for_url("**/staff/second-factor/**")
    refused = ""
    for _try in range(
        2
    ):  # a code counts once: this officer may have just signed in elsewhere in the same half minute
        code = _code_now(someone, username, refused)
        someone.page.locator("input[name=code]").fill(code)
        someone.page.locator("main button[type=submit]").first.click()
        someone.page.wait_for_load_state()
        if "/second-factor/" not in someone.page.url:
            break
        refused = code
    someone.page.wait_for_url("**/desk/**")
    return someone


def _code_now(someone: Person, username: str, refused: str) -> str:
    """What the officer's telephone shows, read beside the page that asks for it; another than the one refused."""
    telephone = someone.context.new_page()
    telephone.goto(f"{someone.site}/double/codes/")
    row = telephone.get_by_role("cell", name=username, exact=True).locator("..")
    while (shown := row.locator("strong").inner_text()) == refused:
        telephone.wait_for_timeout(1000)
        telephone.reload()
    telephone.close()
    return shown


def today() -> date:
    return legal_day(timezone.now())


def new_phone() -> str:
    return f"1990001{secrets.randbelow(10_000):04d}"


def citizen_number() -> str:
    """Of somebody born some day in the seventies; the numbers of this region were never given to anyone."""
    born = date(1970, 1, 1) + timedelta(days=secrets.randbelow(3650))
    return str(CitizenNumber.build("990104", born, f"{secrets.randbelow(900) + 100}"))


def numbers_on(text: str) -> list[str]:
    return [re.sub(r"\s", "", found) for found in re.findall(r"\b\d{6}\s?\d{8}\s?\d{6}\b", text)]


def photograph(title: str) -> dict[str, Any]:
    image = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(image).rectangle((60, 60, 740, 540), outline="black", width=5)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return {"name": f"{title}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def receive_at_window(clerk: Person, identity: str, name: str = "", phone: str = "") -> None:
    """Her document is looked at; with a name she comes for the first time and is registered."""
    clerk.follow("综合窗口")
    clerk.fill("证件号码", identity)
    clerk.choose("已核对证件原件")
    clerk.press("下一步")
    if name:
        clerk.sees("这个证件还没有在窗口登记过")
        clerk.fill("证件上的姓名", name)
        clerk.fill("手机号码", phone)
        clerk.choose("已核对证件原件")
        clerk.choose("已念给申请人听")
        clerk.press("登记，继续")
    clerk.sees("今天办什么")


def opinion(officer: Person, finding: str = "符合", reason: str = "") -> None:
    """Every point and the finding, then handed in."""
    form = officer.page.locator("#opinion form")
    for group in form.get_by_role("group").all():
        if (one := group.get_by_label(finding, exact=True)).count():
            one.first.check()
    if reason:
        form.get_by_label("说明").fill(reason)
    officer.shoot("opinion")
    form.get_by_role("button", name=re.compile("^提交审[查核]意见")).click()
    officer.page.wait_for_load_state()


def act(officer: Person, what: str, confirm: str, done: str, fill: Iterable[tuple[str, str]] = ()) -> None:
    """An act of the bar below the case: what it asks, its last question, and the answer."""
    officer.page.get_by_role("region", name="办理", exact=True).get_by_role("link", name=what).first.click()
    for label, value in fill:
        officer.fill(label, value)
    if (check := officer.page.get_by_role("button", name="下一步，核对")).count():
        check.click()
    officer.shoot(confirm)
    officer.page.get_by_role("button", name=confirm).click()
    officer.sees(done)


def rate(citizen: Person, number: str) -> None:
    """好差评 of one case, from her own space."""
    citizen.go("/my/")
    folded = citizen.page.locator("details:not([open]):has(a[href*='/rate/']) > summary")
    for summary in folded.all():
        summary.click()
    citizen.page.locator(f"a[href*='/rate/{number}/']").first.click()
    citizen.choose("非常满意")
    citizen.page.locator("main form button[type=submit]").first.click()
    citizen.sees("评价")


def decide(officer: Person, outcome: str = "准予行政许可", reasons: str = "", value: str = "") -> None:
    """`value`: what the 裁量基准 of an item ask for, within their ranges, as 3;7.50."""
    officer.page.get_by_role("region", name="办理", exact=True).get_by_role("link", name="作出决定").click()
    officer.choose(outcome)
    if value:
        for place, one in enumerate(value.split(";"), start=1):
            officer.page.locator("#id_value" if place == 1 else f"#id_value_{place}").fill(one)
    if reasons:
        officer.fill("理由", reasons)
    officer.press("下一步，核对")
    officer.press("确认作出决定")
    officer.sees("决定已作出")
