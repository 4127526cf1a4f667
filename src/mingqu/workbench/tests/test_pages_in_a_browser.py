"""The staff pages in Chromium: no WCAG 2.1 AA violation, no sideways scrolling, nothing refused by the CSP."""

import os
import socketserver
import threading
from datetime import date, timedelta
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client

from mingqu.cases import services
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.documents.models import DocumentRequest
from mingqu.documents.tests import samples
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import ledger
from mingqu.kernel.models import DeadLetter, OutboxEvent
from mingqu.process import selectors as process
from mingqu.workbench.tests.pages import url

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = [390, 1280]


@pytest.fixture(autouse=True)
def beside_playwright(monkeypatch):
    """Playwright keeps an event loop in this thread, which Django takes for a call from asynchronous code."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Quiet."""


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def site(committed_db, settings):
    """The site on a database of its own; requests run in threads, so what they see is committed."""
    settings.DEBUG = False
    handler = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", 0, handler, server_class=Threaded, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def session_of(user: User) -> str:
    return people.signed_in(Client(), user).cookies["mingqu_session"].value


def look(browser, site, user, name, path, width, do=None):
    """Open a page as somebody, act on it, and hold it to the rules."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "mingqu_session", "value": session_of(user), "url": site}])
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(f"{site}{path}", wait_until="load")
    if do:
        do(page)
        page.wait_for_load_state("networkidle")
    if shots := os.environ.get("MINGQU_SHOTS"):
        page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
    )
    violations = [
        (v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found.response["violations"]
    ]
    context.close()
    assert violations == [], name
    assert wide <= width, name
    # A refused form answers 400 or 409, which Chromium reports as an error of the page; nothing else may.
    assert [words for words in refused if "status of 4" not in words] == [], name


def officer(role: str) -> User:
    return people.staff_user("王岗", people.post(None, role))


def fill_correction(page):
    page.get_by_label("经营场所平面布局图", exact=True).check()
    page.get_by_label("“经营场所平面布局图”要补正什么").fill("尺寸看不清，请标出加工区和洗手的位置。")
    page.get_by_role("button", name="下一步，核对").click()


def fill_pause(page):
    page.get_by_label("检验", exact=True).check()
    for part, value in (("年", "2026"), ("月", "10"), ("日", "16")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("textbox", name="说明").fill("委托检验机构检验后厨用水，机构答复需要两周。")
    page.get_by_role("button", name="下一步，核对").click()


def fill_extension(page):
    page.get_by_label("延长几个工作日").fill("5")
    page.get_by_label("延长的理由").fill("首次核查时停电，需要再约一次现场核查。")
    page.get_by_role("button", name="下一步，核对").click()


def special(w):
    """One case in a special procedure, one that was returned inside."""
    suspended, returned = f.accepted_case(w), f.reviewed_case(w)
    services.pause_case(
        case_id=suspended.pk,
        ground="inspection",
        expected_until=date(2026, 9, 30),
        reason="委托检验机构检验后厨用水。",
        by=w.reviewer,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    task = next(t for t in process.open_tasks(returned.pk) if t.step == "decide")
    services.return_inside(
        case_id=returned.pk,
        task_id=task.task_id,
        step="check",
        reason="营业执照的住所没有核对。",
        by=w.leader,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    return suspended, returned


def press(name):
    return lambda page: page.get_by_role("button", name=name).click()


@pytest.mark.long  # tests/test_pages.py looks at every page in every state each time
@pytest.mark.parametrize("width", WIDTHS)
def test_every_staff_page_is_readable_by_everyone(site, browser, width, clock):
    w = f.world()
    who = {name: User.objects.get(pk=getattr(w, name).user_id) for name in ("clerk", "reviewer", "leader")}
    received = f.received_case(w)
    suspended, returned = special(w)
    correction = f.correction_case(w)
    accepted = f.accepted_case(w, situation=f.RAW_FOOD)
    reviewed, decided = f.reviewed_case(w), f.decided_case(w, outcome="refused")
    f.received_case(w, at=f.FRIDAY_NOON - 3 * f.DAY)
    DocumentRequest.objects.filter(root_id=received.pk).update(
        state="failed", reason="seal_unavailable", detail="机关印章没有配置。", ended_at=f.FRIDAY_NOON
    )
    event = OutboxEvent.objects.filter(root_id=received.pk).first()
    DeadLetter.objects.create(
        root_id=received.pk, event_id=event.event_id, subscriber="cases.tell_received", event_name=event.name,
        error="KeyError", first_at=f.FRIDAY_NOON, last_at=f.FRIDAY_NOON,
    )  # fmt: skip
    ledger.seal(f.FRIDAY_NOON)
    add_correction_files(
        case_id=correction.pk,
        material="floor-plan",
        uploads=[Upload("新图.pdf", samples.pdf())],
        by=w.citizen,
        at=f.FRIDAY_NOON,
    )
    services.supplement_case(case_id=correction.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
    new_plan = next(row.id for row in documents.files_of(correction.pk) if row.name == "新图.pdf")
    clock.at = f.FRIDAY_NOON + timedelta(days=4)
    pages = [
        ("desk", "clerk", "/desk/?tab=received", None),
        ("desk-all", "clerk", "/desk/?tab=all", None),
        ("desk-empty", "leader", "/desk/?tab=received&item=NONE", None),
        ("desk-mine", "reviewer", "/desk/?tab=mine", None),
        ("search", "clerk", "/desk/search/?q=123", None),
        ("case-received", "clerk", url("case", received), None),
        ("case-shown", "clerk", url("case", received), press("显示")),
        ("case-correction", "clerk", f"{url('case', correction)}?file={new_plan}", None),
        ("case-review", "reviewer", url("case", accepted), None),
        ("case-review-wrong", "reviewer", url("case", accepted), press("提交审查意见")),
        ("case-decided", "reviewer", url("case", decided), None),
        ("accept", "clerk", url("accept", received), None),
        ("correct", "clerk", url("correct", received), None),
        ("correct-wrong", "clerk", url("correct", received), press("下一步，核对")),
        ("correct-check", "clerk", url("correct", received), fill_correction),
        ("decide", "leader", url("decide", reviewed), None),
        ("desk-team", "reviewer", "/desk/?tab=team&item=QH-SPJYXK", None),
        ("desk-special", "reviewer", "/desk/?tab=special", None),
        ("search-item", "clerk", "/desk/search/?q=食品", None),
        ("case-suspended", "reviewer", url("case", suspended), None),
        ("case-returned", "leader", url("case", returned), None),
        ("case-leader", "leader", url("case", reviewed), None),
        ("refuse", "clerk", url("refuse_acceptance", received), press("下一步，核对")),
        ("pause", "reviewer", url("pause", accepted), None),
        ("pause-check", "reviewer", url("pause", accepted), fill_pause),
        ("resume", "reviewer", url("resume", suspended), None),
        ("extend-check", "leader", url("extend", accepted), fill_extension),
        ("return", "leader", url("return_inside", reviewed), None),
        ("terminate", "leader", url("terminate", accepted), None),
    ]
    for name, role, path, do in pages:
        look(browser, site, who[role], name, path, width, do)
    look(browser, site, officer("system_officer"), "health", "/desk/health/", width)
    security, post_id = officer("security_officer"), w.posts["SCJG-SPXK-01"]
    look(browser, site, security, "accounts", "/staff/accounts/", width)
    look(browser, site, security, "account", f"/staff/accounts/{who['reviewer'].pk}/", width)
    look(browser, site, security, "organs", "/staff/organs/", width)
    look(browser, site, security, "post", f"/staff/organs/posts/{post_id}/", width)
    look(browser, site, security, "grant", f"/staff/organs/posts/{post_id}/roles/new/", width)
    look(browser, site, security, "lock", f"/staff/accounts/{who['reviewer'].pk}/lock/", width)
    look(browser, site, officer("audit_officer"), "audit", f"/desk/audit/?q={accepted.number}", width)


def test_without_javascript_a_case_is_accepted(site, browser):
    w = f.world()
    case = f.received_case(w)
    context = browser.new_context(java_script_enabled=False)
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    page.goto(f"{site}{url('case', case)}")
    page.get_by_role("link", name="受理", exact=False).first.click()
    page.get_by_role("button", name="确认受理").click()

    assert page.url == f"{site}/desk/?tab=received"
    page.get_by_text("已受理，办理时限开始计算").wait_for()
    case.refresh_from_db()
    assert case.status == "accepted"
    context.close()


def test_a_case_is_accepted_by_keyboard_alone(site, browser):
    w = f.world()
    case = f.received_case(w)
    context = browser.new_context()
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    page.goto(f"{site}{url('case', case)}", wait_until="networkidle")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acceptance/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("y")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith("/desk/?tab=received"))

    case.refresh_from_db()
    assert case.status == "accepted"
    context.close()


def test_the_keys_go_from_case_to_case_and_can_be_switched_off(site, browser):
    """WCAG 2.1.4: single-letter keys have a switch."""
    w = f.world()
    cases = [f.received_case(w), f.received_case(w)]
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/desk/?tab=received")

    focused = "document.activeElement.getAttribute('href')"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(focused) == url("case", cases[1])
    page.keyboard.press("k")
    assert page.evaluate(focused) == url("case", cases[0])
    page.keyboard.press("?")
    assert page.locator("[data-mq-help]").get_attribute("open") is not None
    page.get_by_role("button", name="快捷键：开").click()
    page.keyboard.press("j")
    assert page.evaluate(focused) is None
    page.get_by_role("button", name="快捷键：关").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('case', cases[0])}")

    # The case by keys: the materials turn in place, a mark takes nothing of the page away, N leads to the next case.
    page.wait_for_load_state("networkidle")
    first = page.locator("#materials h3").inner_text()
    page.get_by_label("用途").select_option(index=1)
    page.keyboard.press("Escape")
    page.locator("#materials h2").click()
    page.keyboard.press("]")
    page.wait_for_function("first => document.querySelector('#materials h3').innerText !== first", arg=first)
    page.get_by_label("有什么问题").fill("第二行看不清")
    page.get_by_role("button", name="有问题", exact=True).click()
    page.get_by_text("标注整份：第二行看不清").wait_for()
    assert page.get_by_label("用途").evaluate("list => list.selectedIndex") == 1, (
        "the rest of the page stood still"
    )
    page.locator("#materials h2").click()
    page.keyboard.press("n")
    page.wait_for_url(f"**{url('case', cases[1])}")
    context.close()
