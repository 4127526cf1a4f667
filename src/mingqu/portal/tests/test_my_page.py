"""我的: each case in a line, what waits for me, and nothing of anybody else."""

import re
from uuid import uuid4

import pytest

from mingqu.cases.services import ask_correction
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import promising
from mingqu.cases.types import Asked as CorrectionPoint
from mingqu.evaluation.services import Answer, rate_case
from mingqu.evaluation.tests.factories import delivered_case, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.portal.selectors import my, own_list
from mingqu.portal.types import Asked


def page(response) -> str:
    return response.content.decode()


def test_without_signing_in_the_page_leads_to_sign_in_and_back(client, db):
    response = client.get("/my/")

    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=%2Fmy%2F"


def test_staff_have_their_own_pages(client, w):
    from mingqu.identity.models import User

    response = people.signed_in(client, User.objects.get(pk=w.clerk.user_id)).get("/my/")

    assert response.status_code == 403


def test_with_nothing_yet_the_page_shows_the_way(citizen):
    text = page(citizen.get("/my/"))

    assert "没有正在办的事" in text
    assert "没有填到一半的申请" in text
    assert "没有快到期的证照" in text
    assert "都看过了" in text
    assert 'href="/services/"' in text


def test_fields_of_the_form_that_are_to_be_corrected_stand_in_the_line_and_lead_to_the_correction(w, citizen):
    case = f.received_case(w)
    asked = [CorrectionPoint("area_m2", "和平面图不一样")]
    ask_correction(case_id=case.pk, asked=(), fields=asked, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    line = page(citizen.get("/my/"))
    progress = page(citizen.get(f"/cases/{case.number}/progress/"))

    assert "补正申请表里的“经营面积" in re.sub("<[^>]+>", "", line)
    assert "要改申请表里的1处" in progress
    assert f'href="/cases/{case.number}/correction/"' in progress


def test_a_day_that_is_over_is_not_told_as_one_to_come_though_no_working_day_has_passed_since(w, citizen):
    """Due on Thursday, the day before a holiday: on the holiday nothing is left, and nothing is late by a day."""
    case = f.received_case(w)
    (line,) = own_list.page(w.citizen, f.FRIDAY_NOON + 7 * f.DAY, Asked()).lines

    assert line.number == case.number
    assert line.late
    assert line.why.endswith("这一天已经过了，您可以打电话催办或者投诉")
    assert "原定" in page(citizen.get("/my/"))


def test_each_state_says_where_it_is_who_has_it_and_why_that_day(w):
    received, correction, accepted = f.received_case(w), f.correction_case(w), f.accepted_case(w)
    page = own_list.page(w.citizen, f.FRIDAY_NOON + f.DAY, Asked())
    lines = {line.number: line for line in page.lines}

    line = lines[received.number]
    assert line.turn.whose == "澜州市清禾区市场监督管理局"
    assert line.turn.by == received.due_on
    assert line.why.startswith("收到材料后5个工作日内告诉您是否受理（行政许可法第三十二条）")
    assert not line.late

    line = lines[correction.number]
    assert (line.turn.whose, line.asked, line.why) == ("you", ("经营场所平面布局图",), "")

    line = lines[accepted.number]
    assert line.why.startswith("承诺受理后8个工作日内作出决定；已过")
    assert set(line.at_work) == {"材料审查", "选址审查（青澜市场监督管理所）"}


def test_what_waits_for_me_stands_first_with_the_way_to_do_it(citizen, w):
    first, _second = f.correction_case(w), f.correction_case(w)

    text = page(citizen.get("/my/"))

    assert "轮到您：请为“食品经营许可（新办）”补正经营场所平面布局图" in text
    assert "另外还有1件也轮到您" in text
    assert (
        text.index("mq-turn--you")
        < text.index(f'href="/cases/{first.number}/correction/"')
        < text.index("<h2")
    )


def test_a_result_at_the_window_is_no_correction(citizen, w):
    f.decided_case(w, context={"delivery": "window"})

    text = page(citizen.get("/my/"))

    assert "请带身份证件到窗口领取" in text
    assert "去补正" not in text


def test_what_was_promised_for_later_can_be_brought_from_the_list(client, db):
    w = promising.world()
    case = promising.accepted(w, promising.owing_case(w))
    people.signed_in(client, User.objects.get(pk=w.citizen.user_id))

    assert f'href="/cases/{case.number}/owed/"' in page(client.get("/my/"))


def test_a_deadline_that_passed_says_so_and_what_i_can_do(w):
    f.accepted_case(w)

    (line,) = own_list.page(w.citizen, f.FRIDAY_NOON + 40 * f.DAY, Asked()).lines

    assert line.late
    assert "已经超过" in line.why
    assert "投诉" in line.why


def test_open_and_ended_cases_are_apart(citizen, w):
    opened, ended = f.received_case(w), withdrawn_case(w)

    links = lambda show: set(  # noqa: E731
        re.findall(r'mq-case-line__name" href="/cases/(\d+)/', page(citizen.get("/my/", {"show": show})))
    )
    assert links("open") == links("") == links("nonsense") == {opened.number}
    assert links("done") == {ended.number}
    assert links("all") == {opened.number, ended.number}


def test_an_ended_case_asks_for_a_rating_until_it_has_one(citizen, w):
    case = delivered_case(w)
    assert f"/rate/{case.number}/" in page(citizen.get("/my/"))

    rate_case(case_id=case.pk, answer=Answer(5), by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())

    assert "/rate/" not in page(citizen.get("/my/"))
    assert "/rate/" not in page(citizen.get("/my/?show=done"))


def test_nothing_of_anybody_else_is_shown(client, w):
    case, _draft = f.received_case(w), f.draft(w)
    other, _ = people.citizen("李四")

    text = page(people.signed_in(client, other).get("/my/?show=all"))

    assert case.number not in text
    assert "接着填：" not in text


def test_a_draft_can_be_gone_on_with(citizen, w):
    from django.utils import timezone

    draft = f.draft(w, at=timezone.now())

    text = page(citizen.get("/my/"))

    assert f"/apply/draft/{draft.draft_id}/" in text
    assert "接着填：食品经营许可（新办）" in text


def test_a_certificate_that_ends_soon_is_pointed_out(w):
    from mingqu.certificates.tests.factories import AT, issued

    certificate = issued(w.citizen.id)

    near = AT.replace(year=2031, month=11, day=1)
    assert [c.number for c in my.ending(w.citizen, near)] == [certificate.number]
    assert my.ending(w.citizen, AT) == []


@pytest.mark.parametrize("cursor", ["x", "00", "../"])
def test_a_stale_cursor_shows_the_first_page(citizen, cursor):
    assert citizen.get(f"/my/?before={cursor}").status_code == 200
