"""Screens of a hall: the self-service terminal forgets everybody, the wall shows nobody."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.models import Case
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import middleware
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.portal.selectors import display
from mingqu.ui.context import KIOSK_COOKIE

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch):
    """The time of requests, to be moved on."""
    now = {"at": timezone.now()}
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=lambda: now["at"]))
    return now


@pytest.fixture
def terminal(client, clock) -> Client:
    client.post("/kiosk/")
    return client


def text_of(client, address: str) -> str:
    return client.get(address).content.decode()


def sign_in(client, w) -> None:
    people.signed_in(client, User.objects.get(pk=w.citizen.user_id))


def signed_out(client) -> bool:
    return client.get("/my/").status_code == 302


def test_a_link_alone_makes_no_browser_a_terminal(client):
    assert "设为自助机" in text_of(client, "/kiosk/")
    assert KIOSK_COOKIE not in client.cookies


def test_its_button_makes_a_browser_a_terminal_on_every_public_page(terminal):
    assert terminal.cookies[KIOSK_COOKIE].value == "on"

    text = text_of(terminal, "/progress/")

    assert 'class="elder mq-kiosk"' in text
    assert "结束并清除" in text
    assert "mq-tabbar" not in text
    assert "结束并清除" not in text_of(Client(), "/progress/")


def test_no_page_of_the_layout_leads_out_of_the_site(terminal, settings):
    settings.MINGQU_SITE = {**settings.MINGQU_SITE, "icp": "示例ICP备0号", "icp_url": "https://beian.example"}

    for address in ("/kiosk/", "/", "/progress/"):
        text = text_of(terminal, address)
        assert "示例ICP备0号" in text
        assert "https://beian.example" not in text
    assert "tel:" not in text_of(terminal, "/kiosk/")
    assert "https://beian.example" in text_of(Client(), "/progress/")


def test_without_scripts_silence_leads_to_the_question_and_back_to_the_page(terminal):
    assert '<meta http-equiv="refresh" content="120;url=/kiosk/waiting/?next=/progress/">' in text_of(
        terminal, "/progress/"
    )

    asked = text_of(terminal, "/kiosk/waiting/?next=/progress/")

    assert '<meta http-equiv="refresh" content="60;url=/kiosk/ended/">' in asked
    assert 'href="/progress/"' in asked
    assert "您还在吗" in asked


def test_the_question_leads_back_to_this_site_alone(terminal):
    asked = text_of(terminal, "/kiosk/waiting/?next=https://elsewhere.example/")

    assert 'href="/kiosk/"' in asked
    assert 'href="https://elsewhere' not in asked


def test_nobody_answers_and_everything_ends_by_the_clock_of_the_server(terminal, w, clock):
    sign_in(terminal, w)
    assert terminal.get("/kiosk/ended/")["Location"] == "/kiosk/waiting/", "not before somebody was asked"
    terminal.get("/kiosk/waiting/")
    assert terminal.get("/kiosk/ended/")["Location"] == "/kiosk/waiting/", (
        "nor before there was time to answer"
    )
    assert not signed_out(terminal)

    terminal.get("/kiosk/waiting/")
    clock["at"] += MINUTE
    answer = terminal.get("/kiosk/ended/")

    assert answer["Location"] == "/kiosk/?ended=1"
    assert signed_out(terminal)


def test_the_button_signs_out_forgets_drafts_and_choices_and_is_written_down(terminal, w):
    draft = a.begun(terminal)
    page = a.page(draft, 1)
    assert terminal.get(page).status_code == 200
    terminal.post("/display/language/", {"language": "en", "next": "/"})
    sign_in(terminal, w)

    answer = terminal.post("/kiosk/end/")

    assert answer["Location"] == "/kiosk/?ended=1"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert signed_out(terminal)
    assert terminal.get(page).status_code == 404, "the draft opens by its code again, not by this browser"
    assert "都清除了" in text_of(terminal, "/kiosk/?ended=1"), "in Chinese again"
    assert AuditEntry.objects.filter(action="identity.sign_out").exists()
    assert 'mq-kiosk"' in text_of(terminal, "/progress/"), "it stays a terminal"


def test_a_terminal_left_without_power_or_line_keeps_nobody_signed_in(terminal, w, clock):
    sign_in(terminal, w)
    terminal.get("/my/")

    clock["at"] += 11 * MINUTE

    assert signed_out(terminal)


def test_no_terminal_is_asked_nothing_and_ends_nothing(client, w, clock):
    sign_in(client, w)

    for page in ("waiting", "ended"):
        assert client.get(f"/kiosk/{page}/")["Location"] == "/"
    assert not signed_out(client)


def test_staff_leaves_and_it_is_an_ordinary_browser_with_nobody_in_it(terminal, w):
    people.signed_in(terminal, User.objects.get(pk=w.clerk.user_id))
    assert "不再作自助机" in text_of(terminal, "/kiosk/leave/")

    assert terminal.post("/kiosk/leave/")["Location"] == "/"

    assert "结束并清除" not in text_of(terminal, "/progress/")
    assert terminal.get("/desk/").status_code == 302, "signed out"


def test_nobody_but_staff_turns_a_terminal_into_an_open_browser(terminal, w):
    for send in (terminal.get, terminal.post):
        assert reverse("identity:staff_sign_in") in send("/kiosk/leave/")["Location"]
    sign_in(terminal, w)

    assert terminal.post("/kiosk/leave/").status_code == 403

    assert 'mq-kiosk"' in text_of(terminal, "/progress/"), "it stays a terminal"
    assert not signed_out(terminal)


def test_what_is_no_terminal_has_nothing_to_leave(client, w):
    people.signed_in(client, User.objects.get(pk=w.clerk.user_id))

    assert client.get("/kiosk/leave/")["Location"] == "/"


def test_the_wall_counts_today_and_names_nobody(client, w):
    at = timezone.now()
    case = delivered_case(w, at=at)
    refused = f.decided_case(w, at=at, outcome="refused")
    collect = f.decided_case(w, at=at, context={"delivery": "window"})

    board = display.board(at)
    text = text_of(client, "/display/")

    assert (board.received, board.decided) == (3, 3)
    assert [line.tail for line in board.lines] == [c.number[-10:] for c in (collect, refused, case)]
    assert f"<span>{case.number[-10:-6]}</span><span>{case.number[-6:]}</span>" in text, (
        "its day and its number"
    )
    assert [line.at_window for line in board.lines] == [True, False, False]
    assert case.applicant_name not in text
    assert case.number not in text
    assert "不予" not in text
    assert "准予" not in text
    assert "请到窗口领取" in text


def test_the_wall_of_an_empty_day_says_so(client):
    assert "还没有办出的结果" in text_of(client, "/display/")


def test_the_wall_takes_four_statements_however_much_was_decided(w, django_assert_num_queries):
    delivered_case(w)
    copy = Case.objects.get()
    rows = []
    for serial in range(40):
        one = Case.objects.get(pk=copy.pk)
        one.pk, one.number = people.new_id(), f"{copy.number[:-6]}{500000 + serial}"
        rows.append(one)
    Case.objects.bulk_create(rows)

    with django_assert_num_queries(4):
        board = display.board(f.FRIDAY_NOON)
    assert len(board.lines) == display.LINES
    assert board.decided == Case.objects.filter(decided_on=legal_day(f.FRIDAY_NOON)).count()
