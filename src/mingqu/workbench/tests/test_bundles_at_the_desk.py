"""A bundle at the window: its result entered, accepted, corrected, handed over; a project and its board."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import serving
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import Announcement, Bundle, Case, Project
from mingqu.cases.tests import factories as f
from mingqu.catalogue.bundles import services as catalogue_services
from mingqu.documents.events import DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.identity import selectors as identity
from mingqu.identity import services as parties
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewFirm, NewPerson
from mingqu.kernel.ids import new_id
from mingqu.workbench.tests.pages import key_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: b.NOON))
    return b.world()


def client_of(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def page(client, bundle):
    return client.get(reverse("workbench:bundle", args=[bundle.number]))


def do(client, bundle, deed, /, **given):
    shown = page(client, bundle)
    form = shown.context["forms"].get(deed)
    key = form["key"].value() if form else new_id()
    return client.post(reverse(f"workbench:bundle_{deed}", args=[bundle.number]), {"key": key, **given})


LICENCE = {
    "part": "licence",
    "outcome": "granted",
    "number": "990104000012345",
    "name": "澜州市望渠餐饮有限公司",
    "credit_code": b.CREDIT_CODE,
}


def test_from_the_licence_to_one_delivery_at_the_window(w):
    b.seal_all()
    client, bundle = client_of(w.clerk), b.filed(w, context={"delivery": "window"})
    b.settle()
    listed = client.get(reverse("workbench:bundles")).content.decode()
    assert bundle.number in listed and "外部系统办理中" in listed

    assert do(client, bundle, "result", **LICENCE).status_code == 302
    b.settle()
    assert do(client, bundle, "correction", **{"ask__food__floor-plan": "看不清"}).status_code == 302
    b.settle()
    assert do(client, bundle, "acceptance", parts=["sign", "drainage"]).status_code == 302
    b.settle()
    assert b.states(bundle) == {
        "licence": "granted",
        "food": "correction",
        "sign": "accepted",
        "drainage": "accepted",
    }
    shown = page(client, bundle).content.decode()
    assert "法定期限（45个工作日），最晚" in shown and "等您补正" not in shown and "待补正" in shown
    b.cases.withdraw_case(case_id=b.case(bundle, "food").pk, by=w.citizen, at=b.NOON, key=new_id())
    b.decide(w, bundle, "sign")
    b.decide(w, bundle, "drainage", "refused")
    b.make_papers()

    collected = {"way": "window", "relation": "self", "on_paper": "on", "seen": "on"}
    assert do(client, bundle, "delivery", **collected).status_code == 302
    b.settle()

    assert Bundle.objects.get().status == "delivered"
    assert sorted(Case.objects.values_list("status", flat=True)) == ["delivered", "delivered", "withdrawn"]
    done = client.get(reverse("workbench:bundles"), {"tab": "done"}).content.decode()
    assert bundle.number in done


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("result", {**LICENCE, "credit_code": "123"}, "统一社会信用代码"),
        ("result", {**LICENCE, "name": ""}, "请填写登记的名称"),
        ("result", {"part": "licence"}, "请选择办理结果"),
        ("subject", {"name": "", "credit_code": ""}, "请填写登记的名称"),
        ("acceptance", {}, "请至少选一个事项"),
    ],
)
def test_a_refused_deed_says_why_and_changes_nothing(w, name, given, says):
    client, bundle = client_of(w.clerk), b.filed(w)
    b.settle()

    answer = do(client, bundle, name, **given)

    assert answer.status_code in (400, 409) and says in answer.content.decode()
    assert b.states(bundle)["licence"] == "outside"


def test_a_department_of_one_part_sees_the_whole_and_does_none_of_the_windows_deeds(w):
    bundle = b.licensed(w)
    client = client_of(w.other["SWJ-PS-01"])

    shown = page(client, bundle)
    assert shown.status_code == 200 and not shown.context["forms"]
    assert do(client, bundle, "acceptance", parts=["food"]).status_code == 403
    assert b.states(bundle)["food"] == "filed"


def test_a_project_is_registered_and_gets_a_stage_on_its_board(w):
    document = b.document(kind="stage", code="QH-STAGE", name="示例阶段")
    catalogue_services.publish_bundle(document=document, by=b.f.SYSTEM, at=people.NOON, key=new_id())
    client, number = client_of(w.clerk), people.citizen_number()
    url = reverse("workbench:projects")
    given = {"key": new_id(), "name": "清禾第二小学教学楼", "national_code": "", "citizen_number": number}
    register = reverse("workbench:register_project")
    unknown = client.post(register, given)
    assert (
        unknown.status_code == 400
        and "没有找到核验过身份的这个人，请先在综合窗口登记。" in unknown.content.decode()
    )
    parties.create_person(
        draft=NewPerson("李晓禾", citizen_number=number), by=b.f.SYSTEM, at=people.NOON, key=new_id()
    )

    registered = client.post(register, given)
    project = Project.objects.get()
    board = reverse("workbench:project", args=[project.number])
    assert registered.url == board
    added = client.post(
        reverse("workbench:add_stage", args=[project.number]), {"key": new_id(), "code": "QH-STAGE"}
    )

    assert added.status_code == 302
    assert "示例阶段" in client.get(board).content.decode()
    assert project.name in client.get(url).content.decode()


def test_what_can_not_be_handed_out_yet_leads_back_and_changes_nothing(w):
    client, bundle = client_of(w.clerk), b.filed(w)
    b.settle()

    answer = client.post(reverse("workbench:bundle_delivery", args=[bundle.number]), follow=True)

    assert "现在没有可以统一送达的结果" in answer.content.decode()
    assert Bundle.objects.get().status == bundle.status


def test_a_reviewer_adds_points_and_the_window_sends_one_notice(w):
    """行政许可法 32(4): who has not spoken and the last day stand beside it."""
    bundle = b.licensed(w)
    officer, clerk = client_of(w.other["CGJ-SRHJ-01"]), client_of(w.clerk)
    shown = page(officer, bundle)
    [own] = [row for row in shown.context["points"] if row["form"]]
    assert own["of"].part.code == "sign" and not shown.context["forms"]
    url = reverse("workbench:bundle_points", args=[bundle.number])
    given = {"key": own["form"]["key"].value(), "part": "sign"}
    nothing = officer.post(url, given)
    assert nothing.status_code == 400 and "请写明要补什么" in nothing.content.decode()
    foreign = officer.post(url, {**given, "part": "food", "fine": "1"})
    assert foreign.status_code == 403

    said = officer.post(url, {**given, "say__sign-drawing": "没有标出离地高度"})

    assert said.status_code == 302
    shown = page(clerk, bundle)
    assert {part.code for part in shown.context["silent"]} == {"food", "drainage"}
    assert shown.context["tell_by"] == b.case(bundle, "sign").due_on
    form = shown.context["forms"]["correction"]
    begun = {name: form[name].value() for name in form.fields if form[name].value() and name != "key"}
    assert begun == {"ask__sign__sign-drawing": "没有标出离地高度"}
    accepting = shown.context["forms"]["acceptance"]
    assert accepting["parts"].value() == ["food", "drainage"], "what lacks something is not ticked beforehand"
    assert shown.context["todo"] == ("受理，或者把要补的一次告知申请人", shown.context["tell_by"])
    assert do(clerk, bundle, "correction", **begun).status_code == 302
    b.settle()
    assert b.states(bundle)["sign"] == "correction"


def test_the_page_of_a_part_leads_to_its_bundle(w):
    bundle = b.licensed(w)
    client, case = client_of(w.other["CGJ-SRHJ-01"]), b.case(bundle, "sign")

    shown = client.get(reverse("workbench:case", args=[case.number])).content.decode()
    asked = client.get(reverse("workbench:correct", args=[case.number])).content.decode()

    link = reverse("workbench:bundle", args=[bundle.number])
    assert link in shown and f"{link}#points" in asked


def test_an_owner_that_is_half_named_wrong_or_another_is_refused_and_no_project_is_made(w):
    """project_owner_incomplete, project_owner_code_wrong, project_owner_differs."""
    client, number = client_of(w.clerk), people.citizen_number()
    parties.create_person(
        draft=NewPerson("李晓禾", citizen_number=number), by=b.f.SYSTEM, at=people.NOON, key=new_id()
    )
    parties.create_firm(
        draft=NewFirm("清禾区学校建设中心", b.OTHER_CODE), by=b.f.SYSTEM, at=people.NOON, key=new_id()
    )
    given = {"name": "清禾第三小学", "national_code": "", "citizen_number": number}

    for owner, code, says in (
        ("清禾区学校建设中心", "", "要一起填"),
        ("", b.OTHER_CODE, "要一起填"),
        ("清禾区学校建设中心", "12990104MB0000001X", "统一社会信用代码不对"),
        ("另一个建设中心", b.OTHER_CODE, "登记的是另一个名称"),
    ):
        answer = client.post(
            reverse("workbench:register_project"),
            {"key": new_id(), **given, "owner_name": owner, "owner_code": code},
        )
        assert answer.status_code == 400 and says in answer.content.decode()
    unknown = {"key": new_id(), **given, "citizen_number": people.citizen_number()}
    answer = client.post(reverse("workbench:register_project"), unknown)
    assert answer.status_code == 400 and "没有找到核验过身份的这个人" in answer.content.decode()

    assert not Project.objects.exists()


ONE_DATE = {"foods": ["hot", "cold"], "sign_place": "roof"}


def test_a_date_for_all_visits_is_proposed_answered_and_agreed_on_page_by_page(w):
    bundle = b.accepted(w, situation={**b.SITUATION, **ONE_DATE})
    window, food, sign = (client_of(one) for one in (w.clerk, w.base.inspector, w.other["CGJ-SRHJ-01"]))
    organ = identity.post_by_code("CGJ-SRHJ-01").department_id
    second = f._post("CGJ-JZLJ-01", "建筑垃圾承办岗", organ, "reviewer", organ)
    day = {"day_year": "2026", "day_month": "9", "day_day": "21", "hour": "10:00", "place": "望渠路5号"}
    refused = do(window, bundle, "visit", **{**day, "day_day": "19"})
    assert refused.status_code == 400 and "工作日" in refused.content.decode()
    assert do(window, bundle, "visit", **day).status_code == 302
    assert "等本岗答复的时间" in sign.get(reverse("workbench:visits")).content.decode()
    shown = page(sign, bundle)
    assert "答复现场核查的时间" in shown.content.decode()

    def answer(client, part, **given):
        address = reverse("workbench:bundle_visit_answer", args=[bundle.number])
        return client.post(address, {"key": new_id(), "part": part, **given})

    assert answer(sign, "sign", answer="declined").status_code == 400, "why not is to be said"
    assert answer(sign, "sign", answer="declined", reason="当天有整治行动").status_code == 302
    told = page(window, bundle).content.decode()
    assert "有部门去不了" in told and "当天有整治行动" in told
    assert do(window, bundle, "visit", **{**day, "day_day": "22"}).status_code == 302
    officers = {"first": str(w.base.inspector.id), "second": str(w.base.station.id)}
    assert answer(food, "food", answer="agreed", **officers).status_code == 302
    officers = {"first": str(w.other["CGJ-SRHJ-01"].id), "second": str(second.id)}
    assert answer(sign, "sign", answer="agreed", **officers).status_code == 302
    b.settle()

    assert "已经一次告诉申请人" in page(window, bundle).content.decode()
    own = client_of(w.citizen).get(reverse("bundles:progress", args=[bundle.number])).content.decode()
    assert "2个部门一起来" in own and "9月22日" in own
    assert "等本岗答复的时间" not in sign.get(reverse("workbench:visits")).content.decode()


def test_a_merged_notice_is_announced_withdrawn_and_closed_from_its_page(w):
    client, bundle = client_of(w.clerk), b.filed(w, context={"delivery": "window"})
    b.settle()
    do(client, bundle, "result", **LICENCE)
    b.settle()
    do(client, bundle, "acceptance", parts=["food", "sign", "drainage"])
    b.settle()
    rows = DocumentRequest.objects.filter(root_id=bundle.pk, kind="bundle_acceptance")
    rows.update(state="ready", file_id=new_id(), ended_at=b.NOON)
    paper = rows.get()
    serving.serve_notice(DocumentReady(bundle.pk, paper.id, paper.kind, paper.file_id), at=b.NOON)
    named = [bundle.number, paper.id]
    served, here = (
        reverse("workbench:serve_bundle", args=named),
        reverse("workbench:announce_bundle", args=named),
    )
    assert here in client.get(served).text

    fields = {"tried": "邮寄退回。", "place": "公告栏", "text": ""}
    done = client.post(here, {"key": key_in(client.get(here)), **fields}, follow=True)
    assert "公告中" in text_of(done) and "公告中" in text_of(client.get("/desk/unserved/"))
    given = {"announcement_id": str(Announcement.objects.get().id), "reason": "写错了。"}
    withdraw = reverse("workbench:withdraw_bundle_announcement", args=named)
    assert "已撤回" in text_of(client.post(withdraw, {"key": str(new_id()), **given}, follow=True))

    close = reverse("workbench:close_bundle_notice", args=named)
    given = {"key": str(new_id()), "ground": "unrecorded", "reason": "窗口当面交给本人，没有让他签回证。"}
    assert close in client.get(served).text
    assert "请写明原因和经过" in client.post(close, given | {"reason": " "}).text
    assert "没有送达回证，已写明原因" in client.post(close, given, follow=True).text
