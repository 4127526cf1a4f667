"""A person without programming builds a service of three departments on sheets; another reviews it; it runs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import services as cases
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Finding
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio.tests.test_editing import at, now, send
from mingqu.catalogue.tests.test_drafts import Staff, _plain_site, act, browser_of, text_of  # noqa: F401
from mingqu.identity.models import Department
from mingqu.process import selectors as tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_site")]
CODE = "QH-YJTZ"
STEPS = "handling[0].steps"
POSTS = ("SCJG-SPXK-01", "SCJG-QLS", "ZWZX-SC", "SCJG-SPXK-SH")


def test_a_service_of_three_departments_is_built_reviewed_published_and_applied_for():
    staff = Staff()
    hall = Department.objects.get(code="QH-ZWZX").pk
    outside = f._post("ZWZX-SC", "大厅审查", hall, "reviewer", staff.world.bureau)
    editor, reviewer = browser_of(staff.editor), browser_of(staff.reviewer)

    said = {"template": "joint", "name": "夜间集市举办许可", "code": CODE, "organ": "QH-SCJG", "type": "01"}
    said |= {
        "audience": "natural_person",
        "organs": ["QH-SCJG", "QH-SCJG-QLS", "QH-ZWZX"],
        "key": str(uuid4()),
    }
    assert editor.post(reverse("catalogue:begin_draft"), said).status_code == 302
    draft = DefinitionDraft.objects.get(item_code=CODE)
    sheet = editor.get(reverse("catalogue:draft", args=[draft.pk]))
    assert "不能送审" in text_of(sheet), "posts and basis are still to be chosen"

    send(editor, draft, deed="add basis", **{
        "item.summary": "晚上办集市之前要办。", "item.theme": "准营准办", "item.base_code": "000131999000",
        "item.responsible_post": "SCJG-SPXK-01",
    })  # fmt: skip
    basis = {"law": "中华人民共和国行政许可法", "article": "26", "confirmed_by": "叶知秋"}
    send(editor, draft, **{f"basis[0].{name}": value for name, value in basis.items()})
    send(editor, draft, "guide", **{"guide.consult": "0000-12345"})
    send(editor, draft, "0-steps", **{
        **{f"{STEPS}[{n}].post": post for n, post in enumerate(POSTS)},
        **{f"{STEPS}[{n}].standard": "不影响安全和交通。" for n in range(3)}, "handling[0].decide.post": "SCJG-LEAD",
    })  # fmt: skip
    send(editor, draft, "0-situations", deed="add handling[0].situations")
    send(editor, draft, "0-situations", **{"handling[0].situations[0].text": "要占车行道吗？"})
    send(editor, draft, "0-materials", deed="add handling[0].materials")
    send(editor, draft, "0-materials", **{
        "handling[0].materials[0].name": "占道方案", "handling[0].materials[0].explain": "画出摊位和通道。",
        "handling[0].materials[0].when": "q1=yes",
    })  # fmt: skip
    send(editor, draft, "0-form", deed="add pages[1].questions")
    place = len(now(draft)["handling"][0]["form"]["pages"][1]["fields"]) - 1
    send(editor, draft, "0-form", **{f"pages[1].questions[{place}].title": "集市的地点"})
    _a_question_with_a_condition(editor, draft, place + 1)
    send(editor, draft, "0-scenarios", deed="typical")

    sheet = editor.get(reverse("catalogue:draft", args=[draft.pk]))
    assert "符合要求" in text_of(sheet), text_of(sheet)
    assert act(editor, sheet, "submit").status_code == 302
    sheet = reviewer.get(reverse("catalogue:draft", args=[draft.pk]))
    assert act(reviewer, sheet, "approve", comment="同意").status_code == 302
    sheet = reviewer.get(reverse("catalogue:draft", args=[draft.pk]))
    assert act(reviewer, sheet, "publish", when="today").status_code == 302
    assert "集市的地点" not in at(draft)
    assert "夜间集市举办许可" in text_of(Client().get(reverse("portal:guide", args=[CODE])))

    _it_runs(staff.world, outside)


def _a_question_with_a_condition(editor, draft, place):
    """用不用电, and only who does says how much: two questions and a tick."""
    at_, wanted = f"pages[1].questions[{place}]", f"pages[1].questions[{place + 1}]"
    send(editor, draft, "0-form", deed="add pages[1].questions", **{})
    send(editor, draft, "0-form", **{f"{at_}.title": "用不用电", f"{at_}.kind": "yes_no"})
    send(editor, draft, "0-form", deed="add pages[1].questions")
    send(editor, draft, "0-form", **{f"{wanted}.title": "几千瓦", f"{wanted}.kind": "integer"})
    sheet = editor.get(at(draft, "0-form"))
    assert "按前面的回答选择" in text_of(sheet)
    send(editor, draft, "0-form", **{"at": f"{wanted}.asked_when", f"{wanted}.asked_when": "q2=yes"})
    schema = now(draft)["handling"][0]["form"]["schema"]["properties"]
    assert schema["q3"]["asked_when"] == {"q2": ["yes"]}
    assert "“用不用电”选“是”的才填" in text_of(editor.get(at(draft, "0-form")))


def _it_runs(world, outside):
    """A citizen applies; three departments answer side by side, the summary follows, the leader grants."""
    later = f.FRIDAY_NOON + timedelta(days=3)
    answers = {
        "applicant_name": "安乐", "citizen_number": "99010419900101123X", "address": "青澜街道望渠路5号",
        "contact_phone": "19900001234", "matter": "每周五晚上办集市", "q1": "青澜广场", "q2": False, "q3": 900,
    }  # fmt: skip
    case = f.accepted_case(world, at=later, code=CODE, situation={"q1": "yes"}, answers=answers)
    hands = dict(zip(("s1", "s2", "s3"), (world.reviewer, world.station, outside), strict=True))
    assert "q3" not in case.answers, "typed before it was said that no power is needed"
    assert {task.step for task in tasks.open_tasks(case.pk)} == set(hands)

    for step, by in (*hands.items(), ("summary", world.checker)):
        (task,) = [task for task in tasks.open_tasks(case.pk) if task.step == step]
        cases.complete_step(
            case_id=case.pk, task_id=task.task_id, finding=Finding("met", ""), by=by, at=later, key=uuid4()
        )
    cases.decide_case(case_id=case.pk, outcome="granted", reasons="", by=world.leader, at=later, key=uuid4())

    case.refresh_from_db()
    assert case.status == "decided"
