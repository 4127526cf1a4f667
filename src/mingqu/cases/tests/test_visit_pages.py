"""What the applicant sees of a visit: who comes and when, another date on request, what is to be put right."""

import html
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import selectors, services
from mingqu.cases.services.files import Upload
from mingqu.cases.tests import factories as f
from mingqu.cases.types import PointFound
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.notifications import selectors as notifications

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return f.accepted_case(world, situation=f.RAW_FOOD)


@pytest.fixture
def visit(world, case):
    return f.visit_planned(world, case, at=f.FRIDAY_NOON)


@pytest.fixture
def client(world, sign_in):
    return sign_in(world.citizen)


def text_of(answer):
    body = re.sub(r"<(script|style|svg).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", body)))


def progress(client, case):
    return client.get(reverse("cases:progress", args=[case.number]))


def new_date(case, visit):
    return reverse("cases:new_date", args=[case.number, visit.id])


def messages_of(world, case):
    relay.deliver_root(case.pk, f.FRIDAY_NOON)
    return {m.kind: m.body for m in notifications.messages_about(world.citizen.id, case.pk)}


def test_the_progress_page_says_when_who_where_and_what(client, case, visit):
    page = text_of(progress(client, case))

    assert "现场核查，请在场2026年9月18日（周五）13:00" in page
    assert "2026年9月18日13:00周五" in page
    assert "现场核查、市场监管所，到场会出示证件" in page
    assert "请带好布局图原件。" in page
    assert "要看的12条" in page and "有与经营相适应的消毒、更衣、盥洗设施" in page


def test_a_case_without_a_visit_says_nothing_of_one(client, world, django_assert_max_num_queries):
    case = f.accepted_case(world)

    with django_assert_max_num_queries(22):
        page = text_of(progress(client, case))

    assert "现场核查" not in page


def test_the_message_names_date_people_and_list(world, case, visit):
    body = messages_of(world, case)["visit_planned"]

    assert "2026年9月18日（周五）13:00" in body and "现场核查、市场监管所" in body
    assert "盥洗设施" in body and "请求改期" in body


def test_the_applicant_asks_for_another_date(client, world, case, visit):
    page = client.get(new_date(case, visit))
    assert page.status_code == 200
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode()).group(1)
    wish = {"wish_on_year": "2026", "wish_on_month": "9", "wish_on_day": "23"}

    wrong = client.post(new_date(case, visit), {"key": key, "reason": "", **wish})
    assert wrong.status_code == 400 and "请填写：为什么要改" in text_of(wrong)
    done = client.post(new_date(case, visit), {"key": key, "reason": "进货走不开", **wish}, follow=True)

    assert "改期的请求已经告诉工作人员" in text_of(done)
    assert "已请求改期" in text_of(progress(client, case))
    assert selectors.visit_of(case, visit.id).wish_on == date(2026, 9, 23)
    again = client.get(new_date(case, visit), follow=True)
    assert "现在不能请求改期" in text_of(again)


def test_a_day_that_is_over_comes_back_with_what_was_typed(client, case, visit):
    given = {
        "key": str(uuid4()),
        "reason": "进货",
        "wish_on_year": "2026",
        "wish_on_month": "9",
        "wish_on_day": "1",
    }

    answer = client.post(new_date(case, visit), given)

    assert answer.status_code == 400
    assert "要在现在以后" in text_of(answer) and 'value="进货"' in answer.content.decode()


def test_a_visit_of_somebody_else_is_not_there(sign_in, case, visit):
    stranger = sign_in(people.citizen("王云")[1])

    assert stranger.get(new_date(case, visit)).status_code == 404
    assert stranger.post(new_date(case, visit), {"key": str(uuid4()), "reason": "x"}).status_code == 404


def test_a_moved_visit_is_told_with_its_new_date_alone(world, client, case, visit):
    monday = visit.planned_for + timedelta(days=3)
    plan = f.visit_plan(world, f.FRIDAY_NOON, planned_for=monday)
    services.move_visit(
        case_id=case.pk,
        visit_id=visit.id,
        plan=plan,
        reason="改期",
        by=world.inspector,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )

    told = messages_of(world, case)
    assert "2026年9月21日（周一）13:00" in told["visit_moved"]
    assert "visit_planned" not in told, "the date that no longer holds is not told any more"
    assert "2026年9月21日" in text_of(progress(client, case))


def test_what_is_to_be_put_right_stands_on_the_page_and_in_a_message(world, client, case, visit):
    wrong = {"wash": PointFound("wash", "not_met", "没有洗手池")}
    record = f.visit_record(
        world, case, visit, f.FRIDAY_NOON, points=wrong, outcome="again", again_by=date(2026, 9, 22)
    )
    services.record_visit(
        case_id=case.pk, visit_id=visit.id, record=record, by=world.inspector, at=f.FRIDAY_NOON, key=uuid4()
    )

    page = text_of(progress(client, case))
    assert "请在2026年9月22日以前整改" in page and "没有洗手池" in page
    body = messages_of(world, case)["visit_again"]
    assert "没有洗手池" in body and "期限照常计算" in body


def test_the_applicant_gets_the_record_but_not_the_photos(world, client, case, visit):
    services.add_visit_photos(
        case_id=case.pk,
        visit_id=visit.id,
        uploads=[Upload("一.png", f.PNG)],
        by=world.inspector,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    photo = selectors.photos_of(visit)[0]
    services.record_visit(
        case_id=case.pk,
        visit_id=visit.id,
        record=f.visit_record(world, case, visit, f.FRIDAY_NOON),
        by=world.inspector,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )

    assert client.get(reverse("cases:file", args=[case.number, photo.file_id])).status_code == 404
    assert "现场核查记录" in text_of(progress(client, case))
