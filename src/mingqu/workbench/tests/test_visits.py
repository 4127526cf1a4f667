"""现场核查 as officers live it: agreed on, on the spot line by line, signed; and what others may not open."""

import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from mingqu.cases import selectors as cases
from mingqu.cases.models import Opinion
from mingqu.cases.tests import factories as f
from mingqu.documents.tests.test_signatures import SIGNED
from mingqu.process import selectors as tasks
from mingqu.workbench.tests.pages import key_in, text_of, url

pytestmark = pytest.mark.django_db
DAY = {"day_year": "2026", "day_month": "9", "day_day": "21", "hour": "10:30"}


@pytest.fixture
def case(w):
    return f.accepted_case(w, situation=f.RAW_FOOD)


def photo(name="后厨.jpg"):
    out = io.BytesIO(b"")
    Image.new("RGB", (80, 60), "grey").save(out, "JPEG")
    made = io.BytesIO(out.getvalue())
    made.name = name
    return made


def planned(w, case):
    return f.visit_planned(w, case)


def plan_url(case):
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == "visit")
    return url("visit_plan", case, task.task_id)


def open_in_menu(page):
    rail = page.content.decode().partition('aria-label="工作台"')[2].partition("</nav>")[0]
    return re.findall(r'aria-current="page">([^<]+)<', rail)


def officers(w):
    return {"first": str(w.inspector.id), "second": str(w.station.id)}


def test_a_visit_is_agreed_on_with_the_place_from_the_form(w, case, browse):
    page = browse("inspector").get(plan_url(case))
    assert page.context["form"].initial["place"] == f.ANSWERS["premises"]
    assert open_in_menu(page) == ["现场核查"]

    given = {"key": key_in(page), "place": "青澜街道示例路1号", **DAY, **officers(w)}
    done = browse("inspector").post(plan_url(case), given)

    assert done.status_code == 302
    visit = cases.visits_of(case)[-1]
    assert (visit.state, visit.planned_for.isoformat()) == ("planned", "2026-09-21T02:30:00+00:00")
    shown = browse("inspector").get(url("case", case))
    assert "到现场" in text_of(shown) or "看核查表" in text_of(shown)
    assert shown.context["opinion"] is None, "no bare opinion for a step of kind visit"


def test_a_plan_with_one_officer_comes_back_with_what_was_typed(w, case, browse):
    page = browse("inspector").get(plan_url(case))
    same = {"first": str(w.inspector.id), "second": str(w.inspector.id)}

    answer = browse("inspector").post(plan_url(case), {"key": key_in(page), "place": "仓库", **DAY, **same})

    assert answer.status_code == 400
    assert "须由两名以上工作人员" in text_of(answer) and 'value="仓库"' in answer.content.decode()


def test_the_days_ahead_are_ones_own_or_the_departments(w, case, browse):
    planned(w, case)

    assert f.ANSWERS["premises"] in text_of(browse("inspector").get(reverse("workbench:visits")))
    assert f.ANSWERS["premises"] not in text_of(browse("reviewer").get(reverse("workbench:visits")))
    whole = browse("reviewer").get(reverse("workbench:visits"), {"whose": "all"})
    assert f.ANSWERS["premises"] in text_of(whole) and "到现场，填记录" not in text_of(whole)


def test_a_list_of_days_costs_the_same_for_one_visit_and_for_many(
    w, case, browse, django_assert_max_num_queries
):
    planned(w, case)
    client = browse("inspector")
    for _ in range(3):
        f.visit_planned(w, f.accepted_case(w, situation=f.RAW_FOOD))
    client.get(reverse("workbench:visits"))

    with django_assert_max_num_queries(8):
        client.get(reverse("workbench:visits"))


def test_each_line_is_kept_as_it_is_answered(w, case, browse):
    visit = planned(w, case)
    client, address = browse("inspector"), url("visit", case, visit.id)

    answer = client.post(
        address, {"p-wash": "not_met", "n-wash": "没有洗手池"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200 and "已保存" in text_of(answer) and "还有11条没有填写" in text_of(answer)
    client.post(address, {"n-place": "仓库在二楼"}, headers={"HX-Request": "true"})

    page = client.get(address)
    assert "没有洗手池" in text_of(page) and "仓库在二楼" in text_of(page), (
        "also a note without an answer yet"
    )
    assert re.search(r'name="p-wash" value="not_met" checked', page.content.decode())


def test_without_javascript_the_whole_list_is_kept_and_leads_to_the_signatures(w, case, browse):
    visit = planned(w, case)
    codes = [p.code for p in cases.checklist_of(case, visit).points]

    answer = browse("inspector").post(
        url("visit", case, visit.id), {f"p-{code}": "met" for code in codes} | {"sign": "1"}
    )

    assert answer["Location"] == url("visit_sign", case, visit.id)
    assert "12条，0条不符合" in text_of(browse("inspector").get(url("visit_sign", case, visit.id)))


def test_a_visit_from_the_list_to_the_record(w, case, browse):
    visit = planned(w, case)
    client = browse("station")
    codes = [p.code for p in cases.checklist_of(case, visit).points]
    client.post(url("visit", case, visit.id), {f"p-{code}": "met" for code in codes})
    client.post(url("visit_photos", case, visit.id), {"files": [photo(), photo("前厅.jpg")], "_end": "1"})
    page = client.get(url("visit_sign", case, visit.id))
    given = {
        "key": key_in(page),
        "outcome": "met",
        "began": "12:00",
        "party_name": "李晓禾",
        "party_signature": SIGNED,
        "officer-0": "现场核查",
        "officer-1": "市场监管所",
        "drawn-1": SIGNED,
    }

    wrong = client.post(url("visit_sign", case, visit.id), given | {"officer-1": "别人"})
    assert wrong.status_code == 400 and "还差市场监管所" in text_of(wrong)
    assert SIGNED[:60] in wrong.content.decode(), "what was drawn is still there"
    done = client.post(url("visit_sign", case, visit.id), given)

    assert done["Location"] == url("case", case)
    assert Opinion.objects.get(case=case, step="visit").finding == "met"
    assert "现场核查记录" in text_of(client.get(url("case", case)))
    late = client.get(url("visit", case, visit.id), follow=True)
    assert "已由他人记录" in text_of(late)


def test_lines_not_yet_kept_go_along_with_a_photo_and_the_others_stay_as_another_officer_left_them(
    w, case, browse
):
    visit = planned(w, case)
    first, second = (p.code for p in cases.checklist_of(case, visit).points[:2])
    browse("station").post(url("visit", case, visit.id), {f"p-{first}": "not_met", f"n-{first}": "门锁坏了"})
    sent = {"files": [photo()], "_end": "1", f"p-{second}": "met", f"n-{second}": ""}

    browse("inspector").post(url("visit_photos", case, visit.id), sent)

    kept = cases.visit_of(case, visit.id)
    assert len(cases.photos_of(visit)) == 1
    assert kept.findings["points"] == {first: ["not_met", "门锁坏了"], second: ["met", ""]}


def test_a_photo_can_be_seen_by_the_department_and_taken_back(w, case, browse):
    visit = planned(w, case)
    client = browse("inspector")
    client.post(url("visit_photos", case, visit.id), {"files": [photo()], "_end": "1"})
    one = cases.photos_of(visit)[0]
    address = url("visit_photo", case, visit.id, one.id)

    assert browse("leader").get(address)["Content-Type"] == "image/jpeg"
    assert browse("clerk").get(address).status_code == 404
    page = client.get(url("visit", case, visit.id))
    client.post(url("visit_remove_photo", case, visit.id, one.id), {"key": key_in(page)})
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"_end": "1"}, "还没有选择照片"),
        ({"files": "photo"}, "没有传完整"),
        ({"files": "text", "_end": "1"}, "只能上传JPG、PNG、HEIC"),
    ],
)
def test_a_photo_that_did_not_come_is_said(w, case, browse, given, words):
    visit = planned(w, case)
    text = io.BytesIO(b"hello")
    text.name = "x.jpg"
    files = {"photo": photo(), "text": text}
    if "files" in given:
        given = given | {"files": files[given["files"]]}

    answer = browse("inspector").post(url("visit_photos", case, visit.id), given)

    assert answer.status_code == 400 and words in text_of(answer)
    assert cases.photos_of(visit) == []


def test_a_wish_stands_in_the_list_and_the_visit_is_moved(w, case, browse, clock):
    from mingqu.cases import services
    from mingqu.kernel.ids import new_id

    visit = planned(w, case)
    services.ask_new_date(
        case_id=case.pk,
        visit_id=visit.id,
        wish_on=None,
        reason="进货走不开",
        by=w.citizen,
        at=clock.at,
        key=new_id(),
    )
    client = browse("inspector")
    assert "进货走不开" in text_of(client.get(reverse("workbench:visits")))
    page = client.get(url("visit_move", case, visit.id))
    assert page.context["form"].initial["reason"] == "申请人请求改期"
    given = {
        "key": key_in(page),
        "place": "青澜街道示例路1号",
        "reason": "申请人请求改期",
        **DAY,
        **officers(w),
    }

    client.post(url("visit_move", case, visit.id), given)

    assert [v.state for v in cases.visits_of(case)] == ["moved", "planned"]
    assert client.get(url("visit_move", case, visit.id)).status_code == 302, "the old one is gone"


def test_who_is_not_an_officer_of_the_visit_is_led_back(w, case, browse):
    visit = planned(w, case)

    for name in ("visit", "visit_sign"):
        assert browse("reviewer").get(url(name, case, visit.id))["Location"] == url("case", case)
        assert browse("leader").get(url(name, case, visit.id)).status_code == 403
    refused = browse("reviewer").post(url("visit", case, visit.id), {"p-wash": "met"})
    assert refused.status_code == 403
    assert cases.points_found(cases.visit_of(case, visit.id).findings) == {}
