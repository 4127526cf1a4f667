"""A browser is signed in by a telephone that is: by the right number, once, in time, and no other browser."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from mingqu.identity.errors import ScanOver, WrongNumber
from mingqu.identity.models import ScanSignIn
from mingqu.identity.rules import browser_name
from mingqu.identity.services import scanning
from mingqu.identity.tests import factories
from mingqu.identity.views import scanning as pages

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture
def pictures(monkeypatch):
    """The links in the pictures shown, newest last."""
    seen: list[str] = []
    monkeypatch.setattr(pages, "_drawn", lambda text: seen.append(text) or "")
    return seen


@pytest.fixture
def person():
    return factories.citizen()[0]


@pytest.fixture
def telephone(person):
    return factories.signed_in(Client(), person)


class Computer(Client):
    """A browser with the page open; `number` stands on it."""

    def open(self, pictures: list[str], target: str = "") -> str:
        page = self.get("/sign-in/scan/", {"next": target}, headers={"User-Agent": WINDOWS}).content.decode()
        self.number = re.search(r'mq-code">(\d\d)<', page).group(1)
        return re.sub(r"^https?://[^/]+", "", pictures[-1])

    def state(self) -> str:
        return self.get("/sign-in/scan/state/", headers={"X-Poll": "1"}).context["state"]

    @property
    def signed_in(self) -> bool:
        return "_auth_user_id" in self.session


def test_who_picks_the_number_of_the_screen_signs_it_in(pictures, telephone, person):
    computer = Computer()
    link = computer.open(pictures, target="/my/profile/")
    before = computer.session.session_key

    asked = telephone.get(link).content.decode()
    assert "Chrome · Windows" in asked and "127.0.0.1" in asked and computer.state() == "waiting"
    telephone.post(link, {"number": computer.number})
    assert computer.state() == "allowed"
    answer = computer.post("/sign-in/scan/done/")

    assert answer["Location"] == "/my/profile/" and computer.signed_in
    assert computer.session["_auth_user_id"] == str(person.pk)
    assert computer.session.session_key != before, "the session it had before is nobody's"


def test_the_page_goes_on_by_itself_as_a_whole(pictures, telephone):
    computer = Computer()
    telephone.post(computer.open(pictures), {"number": computer.number})

    answer = computer.post("/sign-in/scan/done/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/")


def test_a_wrong_number_ends_it_and_there_is_no_second_guess(pictures, telephone):
    computer = Computer()
    link = computer.open(pictures)
    wrong = next(n for n in telephone.get(link).context["scan"].numbers if str(n) != computer.number)

    assert telephone.post(link, {"number": wrong}).context["code"] == WrongNumber.code
    assert telephone.post(link, {"number": computer.number}).context["code"] == ScanOver.code
    assert computer.state() == "declined"
    assert computer.post("/sign-in/scan/done/").status_code == ScanOver.status and not computer.signed_in


def test_who_says_it_was_not_her_signs_nobody_in(pictures, telephone):
    computer = Computer()
    telephone.post(computer.open(pictures), {"number": ""})

    assert computer.state() == "declined"
    assert computer.post("/sign-in/scan/done/").status_code == ScanOver.status and not computer.signed_in


def test_the_picture_alone_and_the_session_alone_open_nothing(pictures, telephone):
    computer, thief = Computer(), Computer()
    link = computer.open(pictures)
    thief.open(pictures)  # his own session, her picture
    telephone.post(link, {"number": computer.number})

    assert thief.post("/sign-in/scan/done/").status_code == ScanOver.status and not thief.signed_in
    stranger = Client()
    assert stranger.get(link)["Location"].startswith("/sign-in/"), "the picture is for who is signed in"
    row = ScanSignIn.objects.order_by("asked_at").first()
    with pytest.raises(ScanOver):
        scanning.spend(scan_id=row.pk, own="guessed", at=row.asked_at)
    assert telephone.get(f"/my/scan/{row.pk}/guessed/").context["code"] == ScanOver.code
    assert computer.post("/sign-in/scan/done/").status_code == 302


def test_it_signs_in_once_and_not_after_two_minutes(pictures, telephone):
    computer = Computer()
    telephone.post(computer.open(pictures), {"number": computer.number})
    row, own = ScanSignIn.objects.get(), computer.session[pages.ASKED]["own"]

    late = row.valid_until + timedelta(seconds=1)
    assert scanning.state_of(row.pk, own, late) == "over"
    with pytest.raises(ScanOver):
        scanning.spend(scan_id=row.pk, own=own, at=late)
    scanning.spend(scan_id=row.pk, own=own, at=row.asked_at)
    with pytest.raises(ScanOver):
        scanning.spend(scan_id=row.pk, own=own, at=row.asked_at)
    scanning.prune(late + timedelta(days=1))
    assert not ScanSignIn.objects.exists()


def test_staff_answer_no_picture_and_pictures_are_counted(pictures, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"scan_address": (1, 600)}
    link = Computer().open(pictures)

    assert factories.signed_in(Client(), factories.staff_user()).get(link).status_code == 403
    assert Client().get("/sign-in/scan/").status_code == 429
    assert Computer().state() == "over"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (WINDOWS, "Chrome · Windows"),
        ("Mozilla/5.0 (iPhone) Safari/604.1", "Safari · iPhone"),
        ("curl", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent, name):
    assert browser_name(agent) == name
