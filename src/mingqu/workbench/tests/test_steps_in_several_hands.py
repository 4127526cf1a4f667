"""The desk of a step that three posts sign: who signed, who is asked, and the pages of each deed."""

import re
from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.tests.test_steps_in_several_hands import asked, sign, task_of
from mingqu.process import selectors as tasks
from mingqu.workbench.tests.pages import text_of
from mingqu.workbench.tests.test_special_acts import step_through, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return f.world(v.signed_by_three())


def test_the_page_says_who_has_signed_and_who_is_asked(w, browse):
    case = f.accepted_case(w)
    sign(case, w.inspector, "SCJG-HC", "not_met", "后厨没有消毒柜")

    page = text_of(browse("reviewer").get(url("case", case)))

    assert "已问3家，已回1家" in page and "会签" in page and "后厨没有消毒柜" in page
    sign(case, w.reviewer, "SCJG-SPXK-01")
    sign(case, w.station, "SCJG-QLS")
    decision = browse("leader").get(url("decide", case)).context["form"]
    assert "后厨没有消毒柜" in decision.initial["reasons"]


def test_a_step_is_passed_on_lent_called_back_and_signed_with_another(w, browse):
    case = f.accepted_case(w)
    client = browse("reviewer")
    own = {"task_id": task_of(case, "SCJG-SPXK-01"), "reason": "本周出差"}

    question, done = step_through(client, "pass_on", case, how="lend", post="SCJG-SPXK-SH", **own)
    assert "办完交回您这里" in text_of(question) and done.status_code == 302
    assert "SCJG-SPXK-SH" in asked(case)
    lent = text_of(client.get(url("case", case)))
    assert "委派，办完交回" in lent
    step_through(client, "pass_on", case, how="recall", post="SCJG-SPXK-01", **own)
    step_through(client, "change_signers", case, which="add SCJG-SPXK-SH", **own)
    assert asked(case) == ["SCJG-HC", "SCJG-QLS", "SCJG-SPXK-01", "SCJG-SPXK-SH"]
    step_through(client, "change_signers", case, which="drop SCJG-SPXK-SH", **own)
    question, _done = step_through(client, "pass_on", case, how="pass", post="SCJG-SPXK-SH", **own)
    assert "从此由澜州市清禾区市场监督管理局·食品许可审核办" in text_of(question)
    assert asked(case) == ["SCJG-HC", "SCJG-QLS", "SCJG-SPXK-SH"]


def test_a_step_stands_still_and_goes_on_and_an_opinion_is_taken_back(w, browse):
    case = f.accepted_case(w)
    client = browse("reviewer")
    task = {"task_id": task_of(case, "SCJG-SPXK-01")}

    step_through(client, "hold_step", case, held="True", reason="等上级答复", **task)
    assert "这个环节已挂起" in text_of(client.get(url("case", case)))
    step_through(client, "hold_step", case, held="", reason="", **task)
    sign(case, w.reviewer, "SCJG-SPXK-01", "not_met", "看错了", at=f.FRIDAY_NOON + f.DAY)
    step_through(client, "take_back", case, reason="看错了门牌", **task)

    page = text_of(client.get(url("case", case)))
    assert "已撤回" in page and "看错了门牌" in page
    assert [t.post for t in tasks.open_tasks(case.pk) if t.post == "SCJG-SPXK-01"]


def test_what_is_left_out_is_said_at_its_field(w, browse):
    case = f.accepted_case(w)

    answer = browse("reviewer").post(
        url("pass_on", case), {"key": str(uuid4()), "stage": "do", "how": "pass", "reason": ""}
    )

    assert answer.status_code == 400 and len(asked(case)) == 3


HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("pass_on", {"how": "pass", "post": "SCJG-SPXK-SH", "reason": "本周出差"}),
        ("change_signers", {"which": "add SCJG-SPXK-SH", "reason": "请审核岗一起看"}),
        ("hold_step", {"reason": "等上级答复"}),
        ("take_back", {"reason": "看错了门牌"}),
    ],
)
def test_what_the_page_carries_is_enough_to_do_the_deed_from_it(w, browse, name, given):
    """As a browser sends it: what nobody types has to stand in the page."""
    case = f.accepted_case(w)
    if name == "take_back":
        sign(case, w.reviewer, "SCJG-SPXK-01", at=f.FRIDAY_NOON + f.DAY)
    client = browse("reviewer")
    answer = client.get(url(name, case))
    for stage in ("check", "do"):
        body = answer.content.decode()
        carried = dict(HIDDEN.findall(body[body.index("<main") :]))
        answer = client.post(url(name, case), carried | given | {"stage": stage})

    assert answer.status_code == 302
