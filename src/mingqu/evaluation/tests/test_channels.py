"""Each service contact is rated once, by whatever channel: without an account, at a window, unseen by the clerk."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import services as cases
from mingqu.cases.tests import factories as f
from mingqu.cases.views.progress import for_herself
from mingqu.evaluation import rules, selectors, services
from mingqu.evaluation.errors import AlreadyRated, ContactPassed, NotYetRateable, RatingFromDesk, ScreenEnded
from mingqu.evaluation.models import FollowUp, Rating
from mingqu.evaluation.tests.factories import NOON, delivered_case, rate, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry, CommandRecord
from mingqu.kernel.types import Agency


@pytest.fixture
def w(db):
    return f.world()


def by_code(case, level=4, *, channel="code", key=None, contact=""):
    answer = services.Answer(level, contact=contact)
    return services.rate_by_code(case_id=case.pk, answer=answer, channel=channel, at=NOON, key=key or uuid4())


def opened(w, case, *, at=NOON, key=None):
    return services.ask_on_screen(number=case.number, by=w.clerk, at=at, key=key or uuid4())


def test_filing_result_and_handing_out_are_each_rated_once(w):
    case = f.received_case(w)
    rate(w, case, 5)
    with pytest.raises(AlreadyRated):
        by_code(case)
    cases.withdraw_case(case_id=case.pk, by=w.citizen, at=NOON, key=uuid4())

    by_code(case, 2, channel="qr")
    with pytest.raises(AlreadyRated):
        rate(w, case)
    services.rate_on_screen(token=opened(w, case), level=1, at=NOON)

    found = Rating.objects.filter(root_id=case.pk).order_by("contact")
    assert [(one.contact, one.channel, one.level) for one in found] == [
        ("filing", "online", 5), ("pickup", "screen", 1), ("result", "qr", 2),
    ]  # fmt: skip
    relay.round_once(NOON)
    assert {row.contact for row in FollowUp.objects.all()} == {"pickup", "result"}


def test_nobody_rates_something_else_than_she_read(w):
    case = withdrawn_case(w)

    with pytest.raises(ContactPassed):
        by_code(case, contact="filing")
    assert not Rating.objects.exists()


def test_the_same_press_again_is_one_rating_and_the_ledger_has_no_level(w):
    case, key = withdrawn_case(w), uuid4()

    assert by_code(case, 4, key=key) == by_code(case, 1, key=key)

    entry = AuditEntry.objects.get(root_id=case.pk, action="evaluation.rate_by_code")
    assert set(entry.notes) == {"indicator_version"}
    assert not CommandRecord.objects.filter(key=key).exists(), (
        "a key of the system is never one that was sent"
    )


def test_a_screen_is_for_ten_minutes_and_one_rating(w):
    case = delivered_case(w)
    token = opened(w, case)

    with pytest.raises(ScreenEnded):
        services.rate_on_screen(token=token, level=3, at=NOON + timedelta(minutes=11))
    with pytest.raises(ScreenEnded):
        services.rate_on_screen(token=token + "x", level=3, at=NOON)
    for level in (3, 5):
        services.rate_on_screen(token=token, level=level, at=NOON)
    assert Rating.objects.get().level == 3
    with pytest.raises(AlreadyRated):
        opened(w, case)


def test_what_was_taken_in_by_mistake_is_rated_by_nobody(w):
    case = f.received_case(w)
    type(case).objects.filter(pk=case.pk).update(status="voided")

    with pytest.raises(NotYetRateable):
        rate(w, case)
    assert not Rating.objects.exists()


def test_what_was_followed_up_before_keeps_its_id():
    assert rules.contact_told("", "window") == "pickup"
    assert (rules.follow_name("pickup"), rules.follow_name("result")) == ("window", "online")
    assert rules.contact_told("", "online") == "result"


def test_number_and_code_open_the_question_and_a_wrong_pair_looks_alike(client, w):
    case = withdrawn_case(w)
    wrong = {"number": case.number, "code": "AAAAAAAA"}
    nobody = {"number": "99010420200101000099", "code": case.query_code}

    pages = [client.post("/rate/", given) for given in (wrong, nobody)]
    assert {one.status_code for one in pages} == {404}
    assert len({one.context["form"].errors.as_json() for one in pages}) == 1
    assert client.get(f"/rate/{case.number}/open/")["Location"].startswith("/rate/?number=")

    right = client.post("/rate/?by=qr", {"number": case.number, "code": case.query_code.lower()})
    where = right["Location"]
    said = {"key": str(uuid4()), "level": "2", "contact": "result"}
    assert client.post(where, said)["Location"] == where
    page = client.get(where).content.decode()
    assert "谢谢您的评价" in page
    assert "不满意" not in page, "who printed the receipt knows the code, too"
    assert Rating.objects.get().channel == "qr"


def test_what_the_one_before_opened_is_shut_for_the_next_on_the_same_machine(client, w):
    first, second = withdrawn_case(w), withdrawn_case(w)
    for case in (first, second):
        client.post("/rate/", {"number": case.number, "code": case.query_code})

    assert client.get(f"/rate/{second.number}/open/").status_code == 200
    assert client.get(f"/rate/{first.number}/open/").status_code == 302


def test_a_desk_rates_nothing_by_the_code_that_it_printed(client, w):
    case = withdrawn_case(w)
    pair = {"number": case.number, "code": case.query_code}
    where = client.post("/rate/", pair)["Location"]
    people.signed_in(client, User.objects.get(pk=w.clerk.user_id))

    said = {"key": str(uuid4()), "level": "5", "contact": "result"}
    answers = [client.get("/rate/"), client.post("/rate/", pair), client.post(where, said)]
    assert {one.status_code for one in answers} == {RatingFromDesk.status}
    assert "不能凭查询码评价" in answers[0].content.decode()
    assert not Rating.objects.exists()

    people.signed_in(client, User.objects.get(pk=w.citizen.user_id))
    assert client.get("/rate/").status_code == 200, "who applied may, signed in or not"


def test_wrong_pairs_are_counted_and_then_refused(client, w, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"progress_address": (2, 600)}
    case = withdrawn_case(w)
    answers = [client.post("/rate/", {"number": case.number, "code": "AAAAAAAA"}) for _ in range(3)]

    assert [one.status_code for one in answers] == [404, 404, 429]


def test_a_terminal_is_its_own_channel(client, w):
    case = withdrawn_case(w)
    client.post("/kiosk/")
    where = client.post("/rate/", {"number": case.number, "code": case.query_code})["Location"]
    client.post(where, {"key": str(uuid4()), "level": "5", "contact": "result"})

    assert Rating.objects.get().channel == "kiosk"


def test_the_page_at_the_window_tells_nobody_what_was_pressed(client, w):
    case = f.received_case(w)
    people.signed_in(client, User.objects.get(pk=w.clerk.user_id))
    assert "请申请人评价" in client.get(f"/desk/rate/{case.number}/").content.decode()

    where = client.post(f"/desk/rate/{case.number}/", {"key": str(uuid4())})["Location"]
    asked = client.get(where).content.decode()
    assert case.number not in asked
    assert "李晓禾" not in asked
    thanks = client.get(client.post(where, {"level": "1"})["Location"]).content.decode()

    assert "收到了，谢谢" in thanks
    assert "非常不满意" not in thanks
    assert selectors.rating_given(case.pk, case.status).level == 1
    assert client.post(f"{where}", {"level": "5"}).status_code == 302
    assert Rating.objects.get().level == 1


def test_links_lead_there_after_filing_from_her_own_page_and_from_the_one_by_query_code(client, w):
    case = f.received_case(w)
    client.post("/progress/", {"number": case.number, "code": case.query_code})
    shown = client.get(reverse("cases:public_progress", args=[case.number])).content.decode()
    assert f'href="/rate/?number={case.number}"' in shown

    people.signed_in(client, User.objects.get(pk=w.citizen.user_id))
    for page in ("cases:done", "cases:progress"):
        shown = client.get(reverse(page, args=[case.number])).content.decode()
        assert f'href="/rate/{case.number}/"' in shown, page


def test_who_acts_for_another_is_not_led_to_a_rating(w):
    case = f.received_case(w)
    assert for_herself(w.citizen, case)
    assert not for_herself(replace(w.citizen, agency=Agency(uuid4(), uuid4(), w.citizen.id, False)), case)
    assert not for_herself(None, case)
