"""What the system officer tells everybody, and what a planned stop does to pages and programs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.upkeep import rules, selectors, services, tasks
from mingqu.upkeep.errors import NoticeOver, StopTooLong, TimesWrong, WordsMissing
from mingqu.upkeep.models import Announcement, PlannedStop
from mingqu.upkeep.types import EndedRun, NewAnnouncement, NewStop

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return people.staff_actor("system_officer", name="孙工")


@pytest.fixture
def now():
    return timezone.now()


def announced(officer, now, **other):
    said = {
        "text": "周六大厅不开门",
        "text_en": "",
        "shown_from": now - HOUR,
        "shown_until": now + DAY,
    } | other
    return services.announce(announcement=NewAnnouncement(**said), by=officer, at=now, key=uuid4())


def planned(officer, now, *, scope="all", begins=-HOUR, ends=HOUR):
    stop = NewStop(scope, "换服务器", now + begins, now + ends)
    return services.plan_stop(stop=stop, by=officer, at=now, key=uuid4())


def test_an_announcement_stands_on_every_page_until_it_is_withdrawn(officer, now):
    notice = announced(officer, now)
    client = Client()
    assert "周六大厅不开门" in client.get("/").content.decode()
    assert "周六大厅不开门" in client.get(reverse("identity:staff_sign_in")).content.decode()

    services.withdraw_announcement(notice_id=notice, by=officer, at=now, key=uuid4())

    assert "周六大厅不开门" not in client.get("/").content.decode()
    assert AuditEntry.objects.filter(root_id=notice).count() == 2
    with pytest.raises(NoticeOver):
        services.withdraw_announcement(notice_id=notice, by=officer, at=now, key=uuid4())


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"text": " "}, WordsMissing),
        ({"shown_until": None}, TimesWrong),
        ({"far": True}, TimesWrong),
    ],
)
def test_an_announcement_says_something_and_ends(officer, now, other, refusal):
    if "shown_until" in other:
        other = {"shown_until": now - 2 * HOUR}
    if "far" in other:
        other = {"shown_until": now + 91 * DAY}

    with pytest.raises(refusal):
        announced(officer, now, **other)
    assert not Announcement.objects.exists()


def test_a_planned_stop_is_told_three_days_before_and_closes_nothing_until_then(officer, now):
    planned(officer, now, begins=2 * DAY, ends=2 * DAY + HOUR)
    assert selectors.stops_told(now - 2 * DAY) == []

    answer = Client().get("/")

    assert answer.status_code == 200
    assert "网站停机维护，不能使用。请提前办理，办理期限照常计算。" in answer.content.decode()


def test_while_it_runs_every_page_says_until_when_and_programs_are_told_in_seconds(officer, now):
    planned(officer, now)

    page, program = Client().get("/"), Client().get("/api/v1/services")

    assert (page.status_code, program.status_code) == (503, 503)
    assert "网站正在维护" in page.content.decode() and "办理期限照常计算" in page.content.decode()
    assert 3000 < int(page["Retry-After"]) <= 3600
    assert program.json()["code"] == "under_maintenance"
    assert Client().get("/healthz").status_code == 200
    assert Client().get(reverse("identity:staff_sign_in")).status_code == 200


def test_who_runs_the_site_works_on_and_ends_it_early(officer, now):
    stop = planned(officer, now)
    client = Client()
    people.signed_in(client, people.User.objects.get(pk=officer.user_id))
    assert client.get(reverse("upkeep:notices")).status_code == 200

    done = client.post(reverse("upkeep:end", args=[stop]), {"key": uuid4()})

    assert done.status_code == 302
    assert Client().get("/").status_code == 200
    with pytest.raises(NoticeOver):
        services.end_stop(stop_id=stop, by=officer, at=now, key=uuid4())


def test_a_stop_of_writing_shows_pages_and_takes_nothing(officer, now):
    planned(officer, now, scope="writing")

    shown, refused = Client().get("/"), Client().post(reverse("identity:sign_in"), {"phone": people.phone()})

    assert shown.status_code == 200
    assert "以前可以查看，不能提交" in shown.content.decode()
    assert refused.status_code == 503
    assert "您刚才填的没有提交" in refused.content.decode()


def test_it_is_prolonged_within_what_a_stop_may_last(officer, now):
    stop = planned(officer, now)

    services.prolong_stop(stop_id=stop, ends_at=now + 5 * HOUR, by=officer, at=now, key=uuid4())

    assert selectors.stop_running(now + 4 * HOUR) is not None
    with pytest.raises(StopTooLong):
        services.prolong_stop(stop_id=stop, ends_at=now + 72 * HOUR, by=officer, at=now, key=uuid4())


def test_nobody_else_announces_or_closes_the_site(now):
    other = people.staff_actor("security_officer")

    with pytest.raises(NotAuthorised):
        announced(other, now)
    with pytest.raises(NotAuthorised):
        planned(other, now)
    assert not PlannedStop.objects.exists()


def test_the_officer_writes_it_on_a_page_and_errors_stand_beside_their_fields(officer):
    client = Client()
    people.signed_in(client, people.User.objects.get(pk=officer.user_id))
    times = {
        "begin_year": "2027", "begin_month": "1", "begin_day": "9", "begin_time": "22:00",
        "until_year": "2027", "until_month": "1", "until_day": "10", "until_time": "6:00",
    }  # fmt: skip

    wrong = client.post(
        reverse("upkeep:plan"), times | {"key": uuid4(), "scope": "all", "reason": "x", "until_day": "9"}
    )
    done = client.post(reverse("upkeep:plan"), times | {"key": uuid4(), "scope": "all", "reason": "换服务器"})

    empty = client.post(reverse("upkeep:plan"), {"key": uuid4()}).content.decode()

    assert wrong.status_code == 400 and "结束要晚于开始" in wrong.content.decode()
    assert all(f"请填写：{what}，例如" in empty for what in ("哪天开始", "几点开始", "哪天结束", "几点结束"))
    assert done.status_code == 302
    assert "2027" in client.get(reverse("upkeep:notices")).content.decode()


def ended(now, what="backup", **other):
    services.note_run(EndedRun(what, not other.get("reason"), now - HOUR, **other), at=now)


def test_backups_and_drills_grow_old_and_failures_are_told(now):
    backup, drill = selectors.keeping(now)
    assert backup.old and drill.old and backup.last_at is None

    ended(now, name="mingqu-1", rows=5)
    ended(now, "drill", name="mingqu-1")
    ended(now + HOUR, reason="no space left")

    backup, drill = selectors.keeping(now + 2 * HOUR)
    assert (backup.old, backup.rows, backup.reason) == (False, 5, "no space left")
    assert not drill.old and drill.failed_at is None
    backup, drill = selectors.keeping(now + 3 * DAY)
    assert backup.old and not drill.old
    assert rules.is_old(now, now + 93 * DAY, rules.DRILL_DAYS)


def test_the_daily_backup_is_begun_where_a_shelf_is_named_and_a_day_has_passed(now, settings, monkeypatch):
    begun = []
    monkeypatch.setattr(tasks.subprocess, "Popen", lambda command, **_: begun.append(command))
    settings.MINGQU_BACKUP_FOLDER = ""
    assert tasks.backup(now) == "" and begun == []

    settings.MINGQU_BACKUP_FOLDER, settings.MINGQU_BACKUP_RECIPIENT = "/shelf", "/etc/public.pem"
    assert tasks.backup(now) == ""
    ended(now, name="mingqu-1")
    tasks.backup(now + HOUR)
    ended(now + DAY, reason="no space left")
    assert tasks.backup(now + DAY + HOUR / 2) == "the last backup failed"

    assert [command[3:] for command in begun] == [
        ["backup", "/shelf", "--keep-days", "14", "--recipient", "/etc/public.pem"]
    ]
    tasks.backup(now + DAY + HOUR)
    assert len(begun) == 2


def test_who_ends_the_stop_can_take_up_the_post_that_ends_it(officer, now):
    stop = planned(officer, now)
    clerk = people.post(None, "window_clerk")
    user = people.staff_user("孙工", officer.post_id, clerk)
    client = Client()
    people.signed_in(client, user)
    session = client.session
    session["post"] = str(clerk)
    session.save()
    assert client.get(reverse("upkeep:notices")).status_code == 503

    answer = client.post(reverse("identity:posts"), {"post": str(officer.post_id)})

    assert answer.status_code == 302
    assert client.post(reverse("upkeep:end", args=[stop]), {"key": uuid4()}).status_code == 302
    assert Client().get("/").status_code == 200
