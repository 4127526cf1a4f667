"""What is refused stands on the page, beside what was typed; and a stale click shows who holds the case."""

from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.models import Case, Opinion
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.yaml_text import read_yaml
from mingqu.process import selectors as process
from mingqu.workbench.tests.pages import key_in, opinion, text_of, url

pytestmark = pytest.mark.django_db


def entries(case):
    return AuditEntry.objects.filter(root_id=case.pk).count()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "请至少选一份材料"),
        ({"pick-floor-plan": "on"}, "请写明“经营场所平面布局图”要补正什么"),
        ({"what-floor-plan": "看不清"}, "但没有勾选它"),
    ],
)
def test_a_correction_without_its_parts_is_refused_at_its_place(w, browse, given, words):
    case, clerk = f.received_case(w), browse("clerk")
    before = entries(case)

    answer = clerk.post(url("correct", case), given | {"key": str(uuid4()), "stage": "check"})

    assert answer.status_code == 400
    assert words in text_of(answer)
    assert entries(case) == before


def test_a_second_notice_asks_only_for_what_the_first_asked(w, browse):
    from mingqu.cases.services.files import Upload, add_correction_files

    case = f.correction_case(w)
    add_correction_files(
        case_id=case.pk,
        material="floor-plan",
        uploads=[Upload("新.png", f.PNG)],
        by=w.citizen,
        at=f.FRIDAY_NOON,
    )
    services.supplement_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())

    page = browse("clerk").get(url("correct", case)).content.decode()

    assert "what-floor-plan" in page
    assert "what-safety-rules" not in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"finding": ""}, "请选择：审查意见"),
        ({"finding": "not_met"}, "请写明理由"),
        ({"point-0": "not_met"}, "选了不符合，审查意见却是符合"),
        ({"point-0": ""}, "请选择“名称、住所与申请表一致”是否符合"),
        ({"text": "好" * 2001}, "最多写2000字"),
    ],
)
def test_an_opinion_that_lacks_something_is_refused_and_kept(w, browse, given, words):
    case = f.accepted_case(w)

    answer = opinion(
        browse("reviewer"), case, **({"text": "平面图清楚"} | given if "finding" not in given else given)
    )

    assert answer.status_code == 400
    assert words in text_of(answer)
    if given.get("text") is None and "finding" not in given:
        assert "平面图清楚" in answer.content.decode()
    assert not Opinion.objects.filter(case=case).exists()


def test_two_officers_are_asked_for_where_the_step_wants_two(browse_in):
    document = read_yaml(f.DEFINITION.read_text("utf-8"))
    document["handling"][0]["steps"][0]["people"] = 2
    w, browse = browse_in(document)
    case = f.accepted_case(w)

    answer = opinion(browse("reviewer"), case, text="材料齐全")

    assert answer.status_code == 400
    assert "“材料审查”须由两名以上工作人员办理" in text_of(answer)
    assert "材料齐全" in answer.content.decode()


def test_a_refusal_of_the_licence_needs_reasons(w, browse):
    case = f.reviewed_case(w)

    answer = browse("leader").post(
        url("decide", case), {"key": str(uuid4()), "outcome": "refused", "reasons": " ", "stage": "do"}
    )

    assert answer.status_code == 400
    assert "不予许可的，请写明理由" in text_of(answer)
    assert Case.objects.get(pk=case.pk).status == "accepted"


def test_a_form_without_its_key_does_nothing(w, browse):
    case = f.received_case(w)

    answer = browse("clerk").post(url("accept", case), {"stage": "do"})

    assert answer.status_code == 400
    assert "请刷新后再提交一次" in text_of(answer)
    assert Case.objects.get(pk=case.pk).status == "received"


def test_the_same_key_does_nothing_twice(w, browse):
    case, clerk = f.received_case(w), browse("clerk")
    given = {"key": key_in(clerk.get(url("accept", case))), "stage": "do"}

    answers = [clerk.post(url("accept", case), given) for _ in range(2)]

    assert [a.url for a in answers] == ["/desk/?tab=received"] * 2
    assert AuditEntry.objects.filter(root_id=case.pk, action="case.accept").count() == 1


def test_an_opinion_posted_twice_is_one_opinion(w, browse):
    case, reviewer = f.accepted_case(w), browse("reviewer")
    page = reviewer.get(url("case", case))
    form = page.context["opinion"]
    given = {
        "key": key_in(page, url("opinion", case)),
        "task_id": str(form.task.task_id),
        "finding": "met",
    } | {field: "met" for field, _, _ in form.points}

    answers = [reviewer.post(url("opinion", case), given) for _ in range(2)]

    assert [a.status_code for a in answers] == [302, 302]
    assert Opinion.objects.filter(case=case, step="check").count() == 1


def test_who_comes_second_is_told_who_holds_the_case_now(w, browse):
    case, clerk = f.received_case(w), browse("clerk")
    key = key_in(clerk.get(url("accept", case)))
    services.accept_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    answer = clerk.post(url("accept", case), {"key": key, "stage": "do"})

    assert answer.status_code == 409
    said = text_of(answer)
    assert "可能已由他人处理" in said
    assert (
        "等澜州市清禾区市场监督管理局·食品许可承办、青澜市场监督管理所·市场监管所：材料审查、选址审查" in said
    )


def test_a_stale_correction_keeps_what_was_typed(w, browse):
    case, clerk = f.received_case(w), browse("clerk")
    key = key_in(clerk.get(url("correct", case)))
    services.ask_correction(
        case_id=case.pk, asked=[Asked("safety-rules", "缺制度")], by=w.reviewer, at=f.FRIDAY_NOON, key=uuid4()
    )

    answer = clerk.post(
        url("correct", case),
        {"key": key, "pick-safety-rules": "on", "what-safety-rules": "没有健康管理制度", "stage": "do"},
    )

    assert answer.status_code == 409
    assert "没有健康管理制度" in answer.content.decode()
    assert "等申请人：补正1份材料" in text_of(answer)


def test_a_stale_opinion_keeps_what_was_typed(w, browse):
    case, reviewer = f.accepted_case(w), browse("reviewer")
    page = reviewer.get(url("case", case))
    task = next(t for t in process.open_tasks(case.pk) if t.step == "check")
    f.review(w, case, "check")

    form = page.context["opinion"]
    answer = reviewer.post(
        url("opinion", case),
        {
            "key": key_in(page, url("opinion", case)),
            "task_id": str(task.task_id),
            "finding": "met",
            "text": "平面图清楚",
        }
        | {field: "met" for field, _, _ in form.points},
    )

    assert answer.status_code == 409
    assert "这个环节已由他人办理" in text_of(answer)
    assert "平面图清楚" in answer.content.decode()


def test_an_act_that_is_over_leads_to_the_case(w, browse):
    case = f.accepted_case(w)

    answer = browse("clerk").get(url("accept", case), follow=True)

    assert answer.redirect_chain[-1][0] == url("case", case)
    assert "现在不能办理“受理”" in text_of(answer)


def test_a_decision_before_the_review_is_over_is_refused(w, browse):
    case = f.accepted_case(w)

    answer = browse("leader").post(
        url("decide", case), {"key": str(uuid4()), "outcome": "granted", "reasons": "", "stage": "do"}
    )

    assert answer.status_code == 409
    assert "还有环节没有办完" in text_of(answer)


def test_an_archive_before_delivery_is_refused(w, browse):
    case = f.decided_case(w)

    answer = browse("reviewer").post(url("archive", case), {"key": str(uuid4()), "stage": "do"})

    assert answer.status_code == 409
    assert "结果送达以后才能归档" in text_of(answer)


def test_the_step_of_another_post_is_refused(w, browse):
    case = f.accepted_case(w)
    task = next(t for t in process.open_tasks(case.pk) if t.step == "fitness")

    answer = browse("reviewer").post(
        url("opinion", case), {"key": str(uuid4()), "task_id": str(task.task_id), "finding": "met"}
    )

    assert answer.status_code == 403
    assert "这个环节由“市场监管所”办理" in text_of(answer)


def test_a_step_that_is_none_of_this_case_is_refused(w, browse):
    case = f.accepted_case(w)

    answer = browse("reviewer").post(
        url("opinion", case), {"key": str(uuid4()), "task_id": str(uuid4()), "finding": "met"}
    )

    assert answer.status_code == 400
    assert "没有找到这个环节" in text_of(answer)


def test_every_act_page_is_there_when_it_may_be_done(w, browse):
    received, accepted, reviewed, decided = (
        f.received_case(w), f.accepted_case(w), f.reviewed_case(w), f.decided_case(w)
    )  # fmt: skip

    for who, name, case in (
        ("clerk", "accept", received),
        ("clerk", "correct", received),
        ("clerk", "refuse_acceptance", received),
        ("reviewer", "pause", accepted),
        ("leader", "extend", accepted),
        ("leader", "terminate", accepted),
        ("leader", "decide", reviewed),
        ("leader", "return_inside", reviewed),
        ("clerk", "deliver", decided),
    ):
        assert browse(who).get(url(name, case)).status_code == 200, name
    for who, name, case in (
        ("reviewer", "resume", accepted),
        ("leader", "settle", received),
        ("station", "return_inside", accepted),
    ):
        assert browse(who).get(url(name, case)).status_code in {302, 403}, name
