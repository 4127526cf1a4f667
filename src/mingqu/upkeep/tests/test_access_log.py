"""A line for each request says which page and which account, and nothing by which somebody could be known."""

import logging

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.logfiles import DayFileHandler, log_files
from mingqu.upkeep import access_log, tasks

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


@pytest.fixture
def lines(settings, tmp_path):
    settings.MINGQU_LOG_FOLDER = str(tmp_path / "logs")
    handlers = [(access_log.log, "access"), (access_log.sign_ins, "signin")]
    added = [(log, DayFileHandler(settings.MINGQU_LOG_FOLDER, stream)) for log, stream in handlers]
    for log, handler in added:
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
    yield lambda stream: [
        line
        for one in log_files(tmp_path / "logs")
        if one.stream == stream
        for line in one.path.read_text().splitlines()
    ]
    for log, handler in added:
        log.removeHandler(handler)


def test_a_line_names_page_account_post_and_request_and_nobody(lines):
    actor = people.staff_actor("system_officer", name="孙工")
    client = people.signed_in(Client(REMOTE_ADDR=ADDRESS), User.objects.get(pk=actor.user_id))

    answer = client.get(f"{reverse('upkeep:notices')}?q=李晓禾")

    (line,) = lines("access")
    assert line.startswith("GET upkeep:notices 200 ")
    assert f"account={actor.user_id} post={actor.post_id} " in line
    assert f" from={access_log.digest_of(ADDRESS)} " in line and answer["X-Request-Id"] in line
    assert not any(said in line for said in ("李晓禾", "孙工", ADDRESS, "?", "/"))


def test_what_is_asked_for_and_not_there_is_noted_without_its_address(lines):
    Client().get("/progress/99010420260918000001/19900001234/")

    (line,) = lines("access")
    assert line.startswith("GET - 404 ") and "19900001234" not in line and "account=-" in line


def test_every_try_to_sign_in_stands_in_a_log_of_its_own(lines):
    Client().post(reverse("identity:staff_sign_in"), {"username": "nobody", "password": "一个错的口令"})
    Client().get(reverse("identity:staff_sign_in"))

    (line,) = lines("signin")
    assert line.startswith("POST identity:staff_sign_in ") and "nobody" not in line
    assert len(lines("access")) == 2


def test_static_files_and_a_site_without_a_folder_write_nothing(lines, settings):
    Client().get(f"{settings.STATIC_URL}not-there.css")
    settings.MINGQU_LOG_FOLDER = ""
    Client().get("/healthz")

    assert lines("access") == []


def test_old_files_go_by_day_and_too_few_days_are_told(settings, tmp_path):
    settings.MINGQU_LOG_FOLDER, settings.MINGQU_HOME = str(tmp_path / "logs"), tmp_path
    (tmp_path / "logs").mkdir(mode=0o700)
    (tmp_path / "logs" / "access-20200101.log").touch()
    settings.MINGQU_LOG_DAYS = "30"

    assert "183" in tasks.remove_old_logs(timezone.now()) and [*log_files(tmp_path / "logs")]

    settings.MINGQU_LOG_DAYS = ""
    assert tasks.remove_old_logs(timezone.now()) == "" and not [*log_files(tmp_path / "logs")]
