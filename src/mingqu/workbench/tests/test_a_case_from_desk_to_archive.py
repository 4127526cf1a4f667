"""A case lived through the pages, by each role."""

from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.models import Case, CaseMaterial, Decision, Opinion
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.tests.pages import act, key_in, opinion, text_of, url

pytestmark = pytest.mark.django_db


def status_of(case):
    return Case.objects.get(pk=case.pk).status


def test_a_case_goes_from_the_desk_to_the_archive(w, browse):
    case = f.received_case(w, situation=f.RAW_FOOD)

    assert case.number in browse("clerk").get("/desk/?tab=received").content.decode().replace(
        "</span><span>", ""
    )
    accepted = act(browse("clerk"), "accept", case)
    assert accepted.url == "/desk/?tab=received"
    assert status_of(case) == "accepted"

    assert opinion(browse("reviewer"), case).url == "/desk/?tab=mine"
    f.review(w, case, "visit")
    assert opinion(browse("station"), case).status_code == 302
    assert act(browse("leader"), "decide", case, outcome="granted", reasons="").url == "/desk/?tab=mine"
    services.deliver_case(
        case_id=case.pk, served=Served.electronic(), by=f.SYSTEM, at=f.FRIDAY_NOON, key=uuid4()
    )
    assert act(browse("reviewer"), "archive", case).status_code == 302

    assert status_of(case) == "archived"
    assert AuditEntry.objects.filter(root_id=case.pk).count() == 9
    page = text_of(browse("reviewer").get(url("case", case)))
    assert "归档，已办结" in page
    assert "作出决定" in page


def test_points_met_and_not_met_are_kept_with_the_opinion(w, browse):
    case = f.accepted_case(w)

    opinion(browse("reviewer"), case, **{"point-0": "not_met", "finding": "not_met", "text": "住所不一致"})

    kept = Opinion.objects.get(case=case, step="check")
    assert kept.finding == "not_met"
    assert kept.points[0] == ["business-licence", "名称、住所与申请表一致", False]
    assert "不符合的要点：名称、住所与申请表一致" in text_of(browse("leader").get(url("case", case)))


def test_a_correction_is_previewed_and_then_told_once(w, browse):
    case, clerk = f.received_case(w), browse("clerk")
    page = clerk.get(url("correct", case))
    given = {"key": key_in(page), "pick-floor-plan": "on", "what-floor-plan": "看不清尺寸，请重画。"}

    preview = clerk.post(url("correct", case), given | {"stage": "check"})
    assert "告知书第1项：经营场所平面布局图：看不清尺寸，请重画。" in text_of(preview)
    assert status_of(case) == "received"

    back = clerk.post(url("correct", case), given | {"stage": "edit"})
    assert "看不清尺寸，请重画。" in back.content.decode()

    hidden = {
        field.html_name: field.value() for field in preview.context["form"] if field.value() not in (None, "")
    }
    assert clerk.post(url("correct", case), hidden | {"stage": "do"}).status_code == 302
    assert status_of(case) == "correction"
    material = CaseMaterial.objects.get(case=case, code="floor-plan")
    assert (material.state, material.asked) == ("asked", "看不清尺寸，请重画。")
    assert "等申请人：补正1份材料（经营场所平面布局图）" in text_of(clerk.get(url("case", case)))


def test_a_refusal_of_acceptance_gives_its_reason_and_the_remedies(w, browse):
    case = f.received_case(w)
    clerk = browse("clerk")
    page = clerk.get(url("refuse_acceptance", case))
    given = {
        "key": key_in(page),
        "ground": "not_competent",
        "organ": "清禾区卫生健康局",
        "reason": "不属于本机关职权范围",
    }

    preview = text_of(clerk.post(url("refuse_acceptance", case), given | {"stage": "check"}))
    assert "清禾区人民政府申请行政复议" in preview
    clerk.post(url("refuse_acceptance", case), given | {"stage": "do"})

    assert Decision.objects.get(case=case).reasons == "不属于本机关职权范围"


def test_the_last_question_before_a_decision_says_what_follows(w, browse):
    case = f.reviewed_case(w)
    leader = browse("leader")
    given = {"key": key_in(leader.get(url("decide", case)))}

    yes = leader.post(url("decide", case), given | {"outcome": "granted", "stage": "check"})
    no = leader.post(
        url("decide", case), given | {"outcome": "refused", "reasons": "场所不符", "stage": "check"}
    )

    assert "制发《食品经营许可证》，有效期5年" in text_of(yes)
    assert "清禾区人民法院提起行政诉讼" in text_of(no)
    assert "请注意：各环节的意见都是“符合”" in text_of(no)
    assert status_of(case) == "accepted"


def test_after_the_five_days_only_acceptance_is_left(w, browse, clock):
    case = f.received_case(w)
    clock.at = f.FRIDAY_NOON + 10 * f.DAY
    clerk = browse("clerk")

    page = clerk.get(url("case", case))
    assert "依法从2026年9月18日起视为受理" in text_of(page)
    assert url("correct", case) not in page.content.decode()
    assert "法定期限20个工作日开始计算，最晚2026年10月22日" in text_of(clerk.get(url("accept", case)))
    act(clerk, "accept", case)

    assert Case.objects.get(pk=case.pk).deemed_accepted
