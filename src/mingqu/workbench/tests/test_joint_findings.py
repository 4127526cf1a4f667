"""联合踏勘 at the desk: written, corrected, signed, closed and adopted page by page, with a phone in one hand."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import looking_together as t
from mingqu.cases.bundles.tests import test_one_date_for_visits as v
from mingqu.cases.models import BundlePart, JointVisit, SharedFinding, Visit
from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.documents import services as papers
from mingqu.identity import selectors as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(monkeypatch):
    """Three departments on the spot: the world, the bundle, its joint visit."""
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: t.THERE))
    return t.begun()


def client_of(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def address(joint, name="findings", *more):
    return reverse(f"workbench:{name}", args=[joint.bundle.number, joint.id, *more])


def text(answer):
    return answer.content.decode()


def names(w, part):
    known = identity.names_of(v.pair(w, part))
    return {f"officer-{n}": known[one] for n, one in enumerate(v.pair(w, part))}


def test_a_record_is_written_signed_and_closed_on_the_pages(there):
    w, bundle, joint = there
    food, fire, window = (client_of(one) for one in (w.base.inspector, v.who(w, "fire"), w.clerk))
    listed = text(window.get(reverse("workbench:bundle", args=[bundle.number])))
    assert address(joint) in listed and "减去一个部门" in listed
    assert "添一条" not in text(window.get(address(joint))), "the lead reads"

    wall = {"subject": "围挡高度", "text": "连续封闭", "amount": "2.4", "unit": "米"}
    assert food.post(address(joint), {"key": new_id(), **wall, "unit": ""}).status_code == 400
    photo = SimpleUploadedFile("现场.png", f.PNG, "image/png")
    assert food.post(address(joint), {"key": new_id(), **wall, "photo": photo}).status_code == 302
    refused = fire.post(address(joint), {"key": new_id(), **wall, "text": "有断开"})
    assert refused.status_code == 409 and "刚才已由现场核查写进共同记录" in text(refused)
    assert window.post(address(joint), {"key": new_id(), **wall}).status_code == 302
    [one] = SharedFinding.objects.all()
    assert fire.get(address(joint, "finding_photo", one.id)).status_code == 200
    instead = {"key": new_id(), **wall, "amount": "2.5", "reason": "复测"}
    assert fire.post(address(joint, "finding_correct", one.id), instead).status_code == 302
    shown = text(food.get(address(joint)))
    assert "2.5米" in shown and "原来写的" in shown and "2.4米" in shown

    for client, part in ((food, "food"), (fire, "fire")):
        signing = address(joint, "findings_sign") + f"?part={part}"
        assert (
            client.post(signing, {"key": new_id(), **names(w, part), "officer-1": "别人"}).status_code == 400
        )
        assert client.post(signing, {"key": new_id(), **names(w, part)}).status_code == 302
    closing = food.get(address(joint, "findings_close"))
    assert "记为没有到场" in text(closing)
    absent = closing.context["form"]["absent"].value()
    assert absent == "sign"
    done = {"key": new_id(), "party_name": "李晓禾", "absent": absent}
    assert food.post(address(joint, "findings_close"), {**done, "party_name": ""}).status_code == 400
    assert food.post(address(joint, "findings_close"), done).status_code == 302
    b.settle(t.THERE)

    assert "共同记录已经完成" in text(food.get(address(joint)))
    own = text(client_of(w.citizen).get(reverse("bundles:progress", args=[bundle.number])))
    assert "各部门一起看过现场" in own and "没有到场的" in own


def test_a_department_uses_the_record_and_another_adopts_it(there):
    w, bundle, joint = there
    t.closed(w, joint, ("food", "fire"))
    used, adopted = (
        reverse("workbench:visit_sign", args=[b.case(bundle, part).number, t.visit_of(bundle, part).id])
        for part in ("food", "sign")
    )
    food, sign = client_of(w.base.inspector), client_of(v.who(w, "sign"))
    for part, client in (("food", food), ("sign", sign)):
        visit = t.visit_of(bundle, part)
        spot = reverse("workbench:visit", args=[b.case(bundle, part).number, visit.id])
        page = client.get(spot)
        assert "联合踏勘共同记录" in text(page)
        points = {f"p-{one.code}": "met" for one in page.context["spot"].points}
        assert client.post(spot, points).status_code == 302
    found = str(t.standing(joint)[0].id)
    base = {"outcome": "met", "used": [found]}
    on_spot = base | {"key": new_id(), "began": "10:10", "party_name": "李晓禾", **names(w, "food")}
    assert food.post(used, on_spot).status_code == 302
    away = base | {"key": new_id(), "adopt": "on", **names(w, "sign")}
    refused = sign.post(adopted, away)
    assert refused.status_code == 400 and "请写明为什么采用" in text(refused)
    assert sign.post(adopted, away | {"adopted": "当天值守"}).status_code == 302

    assert sorted(one.adopted for one in Visit.objects.filter(state="done")) == ["", "当天值守"]
    t.correct(w, joint, "fire", t.standing(joint)[0].id)
    page = text(food.get(reverse("workbench:case", args=[b.case(bundle, "food").number])))
    assert "引用的共同记录后来有更正" in page


def test_the_lead_takes_a_department_out_by_the_page(there):
    w, bundle, _joint = there
    window = client_of(w.clerk)
    drop = reverse("workbench:bundle_drop_visitor", args=[bundle.number])
    assert window.post(drop, {"key": new_id(), "part": "fire"}).status_code == 400, "why is to be said"
    assert window.post(drop, {"key": new_id(), "part": "fire", "reason": "改天自己去"}).status_code == 302

    assert "不再一起去" in text(window.get(reverse("workbench:bundle", args=[bundle.number])))
    add = window.post(
        reverse("workbench:bundle_add_visitor", args=[bundle.number]), {"key": new_id(), "part": "fire"}
    )
    assert add.status_code == 400, "its hour is over"


def test_the_paper_of_a_closed_record_is_at_hand_and_the_record_in_the_list_of_visits(there):
    w, bundle, joint = there
    food = client_of(w.base.inspector)
    listed = text(food.get(reverse("workbench:visits")))
    assert address(joint) in listed, "from the list of visits to the record"
    assert "联合踏勘记录" not in text(food.get(address(joint))), "no paper before it is closed"

    papers.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name="市场监督管理局", by=f.SYSTEM, at=b.NOON, key=new_id()
    )
    t.closed(w, joint)
    assert "联合踏勘记录" in text(food.get(address(joint))), "it is being made"
    b.make_papers(t.THERE)

    [paper] = [one for one in documents.documents_of(bundle.pk) if one.kind == "joint_visit_record"]
    link = reverse("workbench:bundle_paper", args=[bundle.number, paper.file_id])
    assert f'href="{link}"' in text(food.get(address(joint)))
    got = food.get(link)
    assert got.status_code == 200 and got.content.startswith(b"%PDF")


def test_a_result_written_days_after_the_visit_says_when_the_department_was_there(there, monkeypatch):
    w, bundle, joint = there
    t.closed(w, joint, ("food", "fire"))
    later = t.THERE + timedelta(days=3)
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: later))
    food = client_of(w.base.inspector)
    visit = t.visit_of(bundle, "food")
    spot, sign = (
        reverse(f"workbench:{name}", args=[b.case(bundle, "food").number, visit.id])
        for name in ("visit", "visit_sign")
    )
    points = {f"p-{one.code}": "met" for one in food.get(spot).context["spot"].points}
    assert food.post(spot, points).status_code == 302
    form = food.get(sign).context["form"]
    assert form["began"].value() == "10:20"

    given = {"outcome": "met", "key": new_id(), "began": "10:25", "party_name": "李晓禾", **names(w, "food")}
    assert food.post(sign, given).status_code == 302

    visit.refresh_from_db()
    assert visit.began_at == t.THERE + timedelta(minutes=5)


def test_the_applicant_is_told_what_the_visits_of_a_day_are_at_each_time(there, monkeypatch):
    w, bundle, joint = there

    def shown(when):
        monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: when))
        return text(client_of(w.citizen).get(reverse("bundles:progress", args=[bundle.number])))

    before = shown(b.NOON)
    assert "3个部门一起来" in before and "现场核查，请在场" in before and "各查各的" not in before
    assert "共同记录还没有写完" in shown(t.THERE)
    t.closed(w, joint, ("food", "fire"))
    after = shown(t.THERE)
    assert "已经一起看过，这些部门还在写核查结果" in after and "请在场" not in after
    # Who did not come writes no result of that visit: it is named as absent, once.
    writing = after[after.index("还在写核查结果") : after.index("各部门一起看过现场")]
    absent = BundlePart.objects.get(bundle=bundle, code="sign")
    assert absent.name not in writing and "没有到场的" in after
    t.move(w, bundle, "sign")  # who did not come goes there by itself
    after = shown(t.THERE)
    assert "现场核查，请在场" in after and "各部门一起看过现场" in after


def test_departments_that_came_to_the_same_day_by_themselves_look_by_themselves(there):
    """No date was proposed to all of them: each agreed on its own."""
    _w, bundle, joint = there
    JointVisit.objects.filter(pk=joint.pk).update(state=JointVisit.State.REPLACED)

    (day,) = bundles.visit_days(bundle, bundles.parts_of(bundle), b.NOON)

    assert (day.way, len(day.visits), day.to_come) == ("apart", 3, True)


def test_the_page_takes_no_more_statements_for_more_findings(there, django_assert_max_num_queries):
    w, _bundle, joint = there
    client = client_of(w.base.inspector)
    for number in range(6):
        t.write(w, joint, "food", t.NewFinding(f"第{number}处", "完好"))
    client.get(address(joint))

    with django_assert_max_num_queries(24):
        assert client.get(address(joint)).status_code == 200
