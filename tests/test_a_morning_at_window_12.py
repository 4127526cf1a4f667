"""
One morning at window 12, keyboard only: twenty people, services of three departments, and three who had been taken in
on paper while the hall had no power. What is pressed is counted and turned into time by the keystroke-level model
(Card, Moran, Newell, Communications of the ACM 23(7), 1980):

- K, a key: 0.36 s (2.8 a second; their figure for an average typist who does nothing else is 0.20 s, for 40 words a
  minute 0.28 s);
- M, making up one's mind: 1.35 s for every screen and for every choice on it;
- a Chinese character is four keys (its pinyin, and the choice among those that sound alike): our own assumption.

What people say to each other, papers changing hands, the printer and the answer of the server are not in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from uuid import uuid4

import pytest
from django.utils import timezone

from mingqu.cases.models import Case, PaperSlip
from mingqu.cases.services import outages
from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.portal.tests import samples
from mingqu.workbench.tests.test_pages_in_a_browser import (
    beside_playwright,
    browser,
    session_of,
    site,
)

__all__ = ["beside_playwright", "browser", "site"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(600)]
KEY, MIND, CHARACTER = 0.36, 1.35, 4  # seconds, seconds, keys
BAR = 180  # seconds of interaction, the median of the morning
SERVICES = {"spjyxk": "QH-SPJYXK", "hwzpsz": "QH-HWZPSZ", "yhlsxk": "QH-YHLSXK"}
ANSWERS = {"shop_name": "清禾小馆", "premises": "青澜街道示例路1号", "area_m2": "60", "staff_count": "20"}
MANAGER = {"manager_name": "禾小满", "manager_phone": "19900001234"}
FIELDS = """() => [...document.querySelectorAll("form[data-mq-start] input, form[data-mq-start] textarea")]
  .filter((e) => !["hidden", "radio", "checkbox", "file", "submit"].includes(e.type))
  .map((e) => [e.name, e.value, e === document.activeElement])"""


@dataclass
class Served:
    """One person: what she came for, and what it took."""

    who: str
    service: str
    keys: int = 0
    minds: int = 0
    screens: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.keys * KEY + self.minds * MIND


class Hand:
    """Presses keys, and counts them and the screens met."""

    def __init__(self, page) -> None:
        self.page, self.now = page, Served("", "")

    def press(self, *keys: str, chosen: bool = False) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.now.keys += 1
            self.now.minds += chosen

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.now.keys += sum(1 if sign.isascii() else CHARACTER for sign in text)

    def go(self, key: str = "Enter") -> None:
        with self.page.expect_navigation(wait_until="networkidle", timeout=15000):
            self.press(key)
        self.now.minds += 1
        self.now.screens.append(self.page.url.partition("/desk/")[2])

    def on(self, path: str) -> None:
        assert path in self.page.url, (path, self.page.url, self.page.inner_text("main")[:800])


def fill(hand: Hand, texts: dict[str, str]) -> None:
    """What is not there yet, from the field that has the focus; what is known is passed over."""
    begun = False
    for name, value, focused in hand.page.evaluate(FIELDS):
        begun = begun or focused
        if not begun:
            continue
        text = next((text for slot, text in texts.items() if slot in name), "")
        if text and not value:
            hand.type(text)
        hand.press("Tab")
    hand.page.keyboard.press("Shift+Tab")
    hand.now.keys += 1


def serve(hand: Hand, number: str, *, known: bool, service: str, slip: str = "") -> None:
    """From the document to the slip in her hand, and the next one."""
    hand.on("/desk/window/")
    hand.type(number)
    hand.press("Tab", "Tab")
    hand.press("Space", chosen=True)  # she is who her document says
    hand.go()
    if not known:
        hand.type("禾小满")
        hand.press("Tab", "Tab", "Tab")
        hand.press("Space", chosen=True)  # what becomes of it was read to her, she agrees
        hand.go()
    hand.on("/desk/window/person/")
    hand.type(service)
    hand.go()
    hand.go()
    hand.on(f"/desk/window/start/{SERVICES[service]}/")
    hand.press("1", "2", "2", "1", chosen=True)
    hand.go()
    hand.on("/page/1/")
    fill(hand, ANSWERS)
    hand.go()
    hand.on("/page/2/")
    fill(hand, MANAGER)
    hand.go()
    hand.on("/materials/")
    hand.press("1", "1", "1", chosen=True)
    hand.go()
    hand.on("/check/")
    if slip:
        options = hand.page.locator("select[name=slip] option").all_inner_texts()
        place = next(at for at, words in enumerate(options) if words.startswith(slip))
        hand.press("z", *["ArrowDown"] * place)
        hand.press("Tab", chosen=True)
    hand.press("y", "Space", chosen=True)
    hand.go()
    hand.on("/desk/window/filed/")
    hand.press("n")
    hand.go()


def on_paper(w: f.World, at) -> list[str]:
    """Three taken in on paper yesterday while the hall stood still, agreed by a second person: their numbers."""
    second = f.post_of("QH-CK-02", "二号窗口", w.bureau, "window_clerk")
    manager = f.post_of("QH-DTGL", "大厅管理", w.bureau, "hall_manager")
    came = at - timedelta(hours=20)
    pack = outages.make_pack(count=3, by=w.clerk, at=at, key=uuid4())
    began = came - timedelta(hours=1)
    outage = outages.declare_outage(
        began_at=began, ended_at=None, reason="大厅停电", by=manager, at=at, key=uuid4()
    )
    numbers = [f"{pack}-{serial:03d}" for serial in (1, 2, 3)]
    for number in numbers:
        slip = outages.NewSlip(number, came, "QH-SPJYXK", "禾小满")
        made = outages.enter_slip(outage_id=outage, slip=slip, by=w.clerk, at=at, key=uuid4())
        pack_id = PaperSlip.objects.get(id=made.id).pack_id
        outages.confirm_slip(
            pack_id=pack_id, slip_id=made.id, agrees=True, text="", by=second, at=at, key=uuid4()
        )
    return numbers


def morning(slips: list[str]) -> Iterator[tuple[str, str, str, bool, str]]:
    """Twelve who were never here, five of them again for another service, three from the slips of the outage."""
    services = list(SERVICES)
    first = [people.citizen_number() for _ in range(12)]
    for at, number in enumerate(first):
        yield "第一次来", number, services[at % 3], False, ""
    for at, number in enumerate(first[:5]):
        yield "又来办别的", number, services[(at + 1) % 3], True, ""
    for slip in slips:
        yield "补录停机时的收件单", people.citizen_number(), "spjyxk", False, slip


def services_of_three() -> None:
    for code, name, organ, title in (
        ("QH-HWZPSZ", "户外招牌设置许可", "QH-CGJ", "澜州市清禾区城市管理局"),
        ("QH-YHLSXK", "烟花零售许可", "QH-YJJ", "澜州市清禾区应急管理局"),
    ):
        f._department(organ, title, None)
        samples.publish(code=code, name=name, organ=organ, aliases=[])


def test_twenty_people_three_departments_and_an_outage_take_less_than_three_minutes_each(site, browser):
    w = f.world()
    services_of_three()
    slips = on_paper(w, timezone.now())
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/desk/window/", wait_until="networkidle")
    hand, day = Hand(page), []

    for who, number, service, known, slip in morning(slips):
        hand.now = Served(who, service)
        serve(hand, number, known=known, service=service, slip=slip)
        day.append(hand.now)

    print(table(day))
    cases = Case.objects.all()
    assert (cases.count(), cases.exclude(slip_number="").count()) == (20, 3)
    assert len({case.department_id for case in cases}) == 3
    assert {case.channel for case in cases} == {"window"}
    assert median(one.seconds for one in day) <= BAR
    assert errors == []
    context.close()


def table(day: list[Served]) -> str:
    lines = [
        f"| {at} | {one.who} | {one.service} | {one.keys} | {one.minds} | {one.seconds:.0f} |"
        for at, one in enumerate(day, start=1)
    ]
    middle = median(one.seconds for one in day)
    return "\n".join(["", *lines, f"median {middle:.0f} s, longest {max(one.seconds for one in day):.0f} s"])
