"""What is done beside the plain way, through the pages: each says first what follows, and who hears of it."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.models import Case, CaseMaterial, Decision, Opinion
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.types import Finding
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.process import selectors as process
from mingqu.workbench.selectors.answering import chain_of
from mingqu.workbench.tests.pages import key_in, opinion, text_of, url

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 9, 30)
PAUSE = {
    "ground": "inspection",
    "expected_until_year": "2026",
    "expected_until_month": "9",
    "expected_until_day": "30",
    "reason": "委托检验机构检验后厨用水。",
}


def step_through(client, name, case, **given):
    """Fill in, read the last question, confirm: the last question and the answer to the deed."""
    page = client.get(url(name, case))
    assert page.status_code == 200, (page.status_code, getattr(page, "url", ""))
    given = {"key": key_in(page), **given}
    for field in page.context["form"].hidden_fields():
        given.setdefault(field.html_name, str(field.value()))
    question = client.post(url(name, case), given | {"stage": "check"})
    assert question.status_code == 200, text_of(question)
    carried = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', question.content.decode())
    )
    carried.pop("csrfmiddlewaretoken", None)
    return question, client.post(url(name, case), carried | {"stage": "do"})


def now(case):
    return Case.objects.get(pk=case.pk)


def paused(w, case, at=f.FRIDAY_NOON):
    services.pause_case(
        case_id=case.pk,
        ground="inspection",
        expected_until=UNTIL,
        reason="检验",
        by=w.reviewer,
        at=at,
        key=uuid4(),
    )
    return now(case)


# 特别程序 (行政许可法 45) ---------------------------------------------------------------------------------------


def test_a_special_procedure_says_the_day_it_leads_to_before_it_stops_the_clock(w, browse):
    case = f.accepted_case(w)
    before = clocks.due_on(case.pk, Kind.STATUTORY)

    question, done = step_through(browse("reviewer"), "pause", case, **PAUSE)

    said = text_of(question)
    assert "从2026年9月18日起，检验所需时间不计算在办理期限内（行政许可法第四十五条）" in said
    assert f"法定期限：现在最晚{before.year}年{before.month}月{before.day}日" in said
    assert "预计到2026年9月30日" in said
    assert done.url == url("case", case)
    assert now(case).suspended_ground == "inspection"
    projected = clocks.deadline_of(case.pk, Kind.STATUTORY, f.FRIDAY_NOON).projected_on
    assert f"改为最晚{projected.year}年{projected.month}月{projected.day}日" in said


def test_a_suspended_case_says_so_first_and_whose_turn_it_is(w, browse):
    case = paused(w, f.accepted_case(w))

    page = browse("reviewer").get(url("case", case))

    assert page.context["page"].turn.whose == "you"
    said = text_of(page)
    assert "特别程序：检验，完成后恢复计时" in said
    assert "预计到2026年9月30日" in said
    assert [label.code for label in page.context["page"].labels] == ["special", "special"]
    assert "暂停计时" in said
    assert f'href="{url("pause", case)}"' not in page.content.decode()
    assert "特别程序：检验" in text_of(browse("leader").get(url("case", case)))


def test_a_step_that_is_open_meanwhile_shows_no_day_as_if_it_ran(w, browse):
    case = f.accepted_case(w)
    running = browse("reviewer").get(url("case", case)).context["page"].steps
    days = {step.limit_on for step in running if step.open and step.limit_on}

    said = text_of(browse("reviewer").get(url("case", paused(w, case))))

    assert days and not [day for day in days if f"{day.year}年{day.month}月{day.day}日前" in said]
    assert "，暂停计时" in said
    assert not [one for one in chain_of(now(case), f.FRIDAY_NOON).steps if not one.ended_on and one.due_on]


def test_the_end_of_a_special_procedure_gives_the_new_last_day(w, browse, clock):
    case = paused(w, f.accepted_case(w))
    clock.at = f.FRIDAY_NOON + timedelta(days=10)

    question, done = step_through(browse("reviewer"), "resume", case, reason="9月28日收到检验报告，合格。")

    due = clocks.due_on(case.pk, Kind.STATUTORY)
    assert f"法定期限从2026年9月28日接着计算，最晚{due.year}年{due.month}月{due.day}日" in text_of(question)
    assert done.status_code == 302
    assert now(case).suspended_since is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ground": ""}, "请选择：因为哪一项"),
        ({"ground": "repair"}, "“因为哪一项”请选择列出的一项"),
        (
            {"expected_until_year": "2026", "expected_until_month": "9", "expected_until_day": "1"},
            "不能早于今天",
        ),
        ({"reason": ""}, "请填写：说明"),
    ],
)
def test_a_special_procedure_without_its_parts_is_refused_at_its_place(w, browse, given, words):
    case = f.accepted_case(w)

    answer = browse("reviewer").post(url("pause", case), PAUSE | given | {"key": str(uuid4()), "stage": "do"})

    assert answer.status_code == 400
    assert words in text_of(answer)
    assert now(case).suspended_since is None


# 延期 (行政许可法 42) -------------------------------------------------------------------------------------------


def test_an_extension_shows_the_old_and_the_new_day_and_is_the_approvers(w, browse):
    case = f.accepted_case(w)
    before = clocks.due_on(case.pk, Kind.STATUTORY)

    question, done = step_through(browse("leader"), "extend", case, limit="5", reason="需要再次现场核查。")

    after = clocks.due_on(case.pk, Kind.STATUTORY)
    said = text_of(question)
    assert f"原来最晚{before.year}年{before.month}月{before.day}日" in said
    assert f"延长后最晚{after.year}年{after.month}月{after.day}日" in said
    assert "承诺期限不因为法定期限延长而改变" in said
    assert done.status_code == 302
    assert "延期" in [label.words for label in browse("leader").get(url("case", case)).context["page"].labels]
    assert url("extend", case) not in browse("leader").get(url("case", case)).content.decode()
    assert browse("reviewer").get(url("extend", case)).status_code == 403


def test_an_extension_beyond_the_rule_is_refused_at_the_field(w, browse):
    case = f.accepted_case(w)

    answer = browse("leader").post(
        url("extend", case), {"key": str(uuid4()), "stage": "do", "limit": "11", "reason": "忙"}
    )

    assert answer.status_code == 400
    assert "最多延长10个工作日，您写了11个工作日" in text_of(answer)
    assert now(case).extended_on is None


# 内部退回 -------------------------------------------------------------------------------------------------------


def test_a_return_inside_stands_apart_and_the_applicant_hears_nothing(w, browse):
    case = f.reviewed_case(w)
    leader = browse("leader")
    page = leader.get(url("case", case))
    assert [group["title"] for group in page.context["groups"]][-1] == "留在机关内"
    told = process.open_tasks(case.pk)

    question, done = step_through(
        leader, "return_inside", case, step="check", reason="营业执照的住所没有核对。"
    )

    said = text_of(question)
    assert "申请人不会收到任何通知" in said
    assert "办理时限照常计算" in said
    assert done.url == "/desk/?tab=mine"
    assert [task.step for task in process.open_tasks(case.pk)] != [task.step for task in told]
    again = text_of(browse("reviewer").get(url("case", case)))
    assert "退回到“材料审查”：营业执照的住所没有核对。" in again
    assert "理由：营业执照的住所没有核对。" in again
    assert "退回重办" in again


def test_a_step_done_twice_shows_both_opinions(w, browse):
    case = f.reviewed_case(w)
    step_through(browse("leader"), "return_inside", case, step="check", reason="再看一次。")
    f.review(w, case, "check", outcome="not_met", text="住所不一致")

    steps = browse("leader").get(url("case", case)).context["page"].steps

    assert [(s.finding, s.round) for s in steps if s.step == "check"] == [("met", 1), ("not_met", 2)]


# 不受理, 终止 ---------------------------------------------------------------------------------------------------


def test_each_ground_of_refusal_says_what_the_law_says_of_it(w, browse):
    case = f.received_case(w)
    given = {"ground": "not_competent", "reason": "属于卫生许可。"}

    missing = browse("clerk").post(
        url("refuse_acceptance", case), given | {"key": str(uuid4()), "stage": "check"}
    )
    assert missing.status_code == 400
    assert "请写明应当向哪个机关申请" in text_of(missing)
    question, _done = step_through(
        browse("clerk"), "refuse_acceptance", case, organ="清禾区卫生健康局", **given
    )

    assert "应当向清禾区卫生健康局申请（行政许可法第三十二条第二项）" in text_of(question)
    assert Decision.objects.get(case=case).competent_organ == "清禾区卫生健康局"


def test_what_needs_no_licence_ends_as_such(w, browse):
    case = f.received_case(w)

    step_through(browse("clerk"), "refuse_acceptance", case, ground="not_required", reason="只卖预包装食品。")

    page = text_of(browse("clerk").get(url("case", case)))
    assert now(case).status == "not_required"
    assert "不需要许可" in page


def test_a_case_is_terminated_with_its_reason_and_the_remedies(w, browse):
    case = f.accepted_case(w)

    question, done = step_through(browse("leader"), "terminate", case, reason="申请人已经死亡。")

    assert "清禾区人民政府申请行政复议" in text_of(question)
    assert done.status_code == 302
    assert now(case).status == "terminated"
    assert "已终止" in text_of(browse("leader").get(url("case", case)))


# Materials ------------------------------------------------------------------------------------------------------


def test_a_material_says_how_it_was_provided_and_until_when_it_is_owed(w, browse):
    case = f.accepted_case(w)
    rows = CaseMaterial.objects.filter(case=case)
    rows.filter(code="floor-plan").update(state="owed", owed_until=date(2026, 9, 30))
    rows.filter(code="safety-rules").update(how="commitment")

    said = text_of(browse("reviewer").get(url("case", case)))

    assert "容缺待补，最晚2026年9月30日补齐" in said
    assert "告知承诺" in said


def test_the_step_shows_what_it_is_measured_by_and_its_risk(w, browse):
    said = text_of(browse("reviewer").get(url("case", f.accepted_case(w))))

    assert "审查标准：材料齐全，相互一致，与申请表一致" in said
    assert "廉政风险点（中）：" in said


# 即办件, 审核 ----------------------------------------------------------------------------------------------------


def test_what_can_be_settled_at_once_is_received_and_decided_by_one_confirmation(browse_in):
    """行政许可法 34, second paragraph."""
    w, browse = browse_in(v.on_the_spot())
    case = f.received_case(w)
    assert "当场办结" in text_of(browse("clerk").get(url("case", case)))

    question, done = step_through(browse("clerk"), "settle", case, outcome="granted", reasons="")

    assert "受理和决定一次办完" in text_of(question)
    assert done.status_code == 302
    assert now(case).status == "decided"


def test_what_is_no_matter_of_the_spot_has_no_such_button(w, browse):
    case = f.received_case(w)

    assert "当场办结" not in text_of(browse("clerk").get(url("case", case)))


def test_a_checker_sees_the_reviewers_opinion_and_agrees_or_does_not(browse_in):
    w, browse = browse_in(v.document(steps=[v.REVIEW, v.VERIFY], decide=v.DECIDE))
    case = f.accepted_case(w)
    task = process.open_tasks(case.pk)[0]
    services.complete_step(
        case_id=case.pk,
        task_id=task.task_id,
        finding=Finding("met", "材料一致。"),
        by=w.reviewer,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    checker = browse("checker")

    page = checker.get(url("case", case))
    said = text_of(page)
    assert said.index("材料一致。") < said.index("审核：审核意见")
    assert "不同意的，必须写明理由" in said
    refused = opinion(checker, case, finding="not_met")
    assert "意见是不同意的，请写明理由" in text_of(refused)
    assert opinion(checker, case, finding="met").status_code == 302
    steps = browse("leader").get(url("case", case)).context["page"].steps
    assert [(s.kind, s.finding_words) for s in steps] == [("承办", "符合"), ("审核", "同意")]


def test_a_common_phrase_is_written_into_the_opinion(w, browse):
    case = f.accepted_case(w)
    phrase = browse("reviewer").get(url("case", case)).context["opinion"].fields["phrase"].choices[1][1][0][0]

    opinion(browse("reviewer"), case, phrase=phrase, text="平面图已核对。")

    assert Opinion.objects.get(case=case).text == f"{phrase}平面图已核对。"
