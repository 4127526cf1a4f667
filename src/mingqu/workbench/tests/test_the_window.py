"""The pages of the window without JavaScript: a person is received, filled in for, filed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingqu.cases import services
from mingqu.cases.models import Case, CaseMaterial
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import at_window as t
from mingqu.cases.tests import factories as f
from mingqu.documents.models import DocumentRequest
from mingqu.forms.models import Draft
from mingqu.identity.models import Person, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.selectors import double_messages
from mingqu.workbench.tests.pages import act, key_in, text_of, url

pytestmark = pytest.mark.django_db

FIND, PERSON = "/desk/window/", "/desk/window/person/"
MATERIALS = ("business-licence", "floor-plan", "safety-rules")
PAGES = (
    {
        "shop_name": "清禾小馆",
        "credit_code": "",
        "premises": "青澜街道示例路1号",
        "area_m2": "60",
        "seats": "20",
    },
    {"manager_name": "禾小满", "manager_phone": "19900001234"},
)
NUMBER = "990104199001010013"


def find(client, number, **more):
    page = client.get(FIND)
    return client.post(
        FIND, {"key": key_in(page), "kind": "citizen_number", "number": number, "seen": "on", **more}
    )


def receive(client, number=None, *, name="禾小满", phone="", **more):
    """At the window with her document in the clerk's hands."""
    number = number or people.citizen_number()
    page = find(client, number, **more)
    if page.status_code == 200:
        given = {"kind": "citizen_number", "number": number, "seen": "on", "name": name, "phone": phone}
        given["consent"] = "on"
        page = client.post("/desk/window/register/", {"key": key_in(page), **given})
    assert page.status_code == 302 and page.url == PERSON, text_of(page)
    return number


def begin(client, code="QH-SPJYXK"):
    """The id of a draft, its questions answered."""
    given = {"subject": "person", "open_fire": "no", "above_homes": "no", "foods": ["hot"]}
    answer = client.post(f"/desk/window/start/{code}/01/", given)
    assert answer.status_code == 302, text_of(answer)
    return answer.url.split("/")[4]


def fill(client, draft_id):
    for place, given in enumerate(PAGES, start=1):
        page = client.get(f"/desk/window/draft/{draft_id}/page/{place}/")
        version = re.search(r'name="_version" value="(\d+)"', page.content.decode()).group(1)
        answer = client.post(
            f"/desk/window/draft/{draft_id}/page/{place}/", {**given, "_version": version, "_end": "1"}
        )
        assert answer.status_code == 302, text_of(answer)


def originals(client, draft_id, **more):
    ways = {f"way-{code}": "paper" for code in MATERIALS} | more
    return client.post(f"/desk/window/draft/{draft_id}/materials/", ways)


def hand_in(client, draft_id, **more):
    page = client.get(f"/desk/window/draft/{draft_id}/check/")
    version = re.search(r'name="version" value="(\d+)"', page.content.decode())
    given = {
        "key": key_in(page) if version else str(uuid4()),
        "version": version.group(1) if version else "1",
        "delivery": "window",
        "on_paper": "on",
    }
    return client.post(f"/desk/window/draft/{draft_id}/check/", given | more)


def test_who_has_no_account_is_not_offered_electronic_service_and_the_page_says_why(browse):
    client = browse("clerk")
    receive(client)
    draft_id = begin(client)
    fill(client, draft_id)
    originals(client, draft_id)

    page = client.get(f"/desk/window/draft/{draft_id}/check/").text
    assert "不能选电子送达：申请人没有能登录的账号" in page and 'value="electronic"' not in page
    refused = hand_in(client, draft_id, delivery="electronic")

    assert refused.status_code == 400 and "电子送达无法确认收悉" in refused.text
    assert not Case.objects.filter(pk=draft_id).exists()


def filed(client, **more):
    receive(client)
    draft_id = begin(client)
    fill(client, draft_id)
    assert originals(client, draft_id).url.endswith("/check/")
    answer = hand_in(client, draft_id, **more)
    assert answer.status_code == 302, text_of(answer)
    return Case.objects.get(pk=draft_id)


def test_from_the_document_to_the_slip(w, browse):
    client = browse("clerk")
    case = filed(client)

    slip = client.get(f"/desk/window/filed/{case.number}/")

    words = text_of(slip)
    assert "收件不是受理" in words and case.query_code in words.replace("-", "").replace(" ", "")
    assert "受理" in words and "一次性告知补正" in words
    assert (case.channel, case.visits, case.delivery_way) == ("window", 1, "window")


def test_a_person_is_found_again_masked_with_what_she_has_here(w, browse):
    client = browse("clerk")
    number = receive(client)
    draft_id = begin(client)
    client.post("/desk/window/finish/")

    receive(client, number)
    page = client.get(PERSON)

    words = text_of(page)
    assert "禾小满" not in words and number not in words and "禾*" in words
    assert f"/desk/window/draft/{draft_id}/" in page.content.decode()
    her = Draft.objects.get(pk=draft_id).owner_id
    assert AuditEntry.objects.filter(root_id=her, action="identity.look_up_person").count() == 1


def test_without_a_person_at_the_window_nothing_opens(w, browse):
    client = browse("clerk")

    for path in (PERSON, "/desk/window/start/QH-SPJYXK/01/", f"/desk/window/draft/{uuid4()}/"):
        assert client.get(path).url == FIND


def test_after_a_while_the_document_is_checked_again(w, browse, clock):
    client = browse("clerk")
    receive(client)
    clock.at += timedelta(minutes=21)

    assert client.get(PERSON).url == FIND


def test_the_next_person_does_not_see_the_one_before(w, browse):
    client = browse("clerk")
    receive(client)
    before = begin(client)
    receive(client, name="另一人")

    assert client.get(f"/desk/window/draft/{before}/").url == PERSON


@pytest.mark.parametrize("who", ["reviewer", "leader"])
def test_who_receives_nothing_has_no_window(w, browse, who):
    assert browse(who).get(FIND).status_code == 403


def test_a_person_is_found_by_her_whole_number_only(w, browse):
    client = browse("clerk")
    wrong = find(client, "990104")

    assert wrong.status_code == 400 and "990104" in wrong.content.decode()
    page = client.get(FIND)
    unseen = client.post(
        FIND, {"key": key_in(page), "kind": "citizen_number", "number": people.citizen_number()}
    )
    assert unseen.status_code == 400 and "人证一致" in text_of(unseen)


def test_a_registered_number_under_another_name_is_not_registered_again(w, browse):
    client = browse("clerk")
    number = receive(client)
    people_before = Person.objects.count()
    given = {"key": str(uuid4()), "kind": "citizen_number", "number": number, "seen": "on", "name": "何满"}
    given["consent"] = "on"

    answer = client.post("/desk/window/register/", given)

    assert answer.status_code == 409 and "登记的姓名" in text_of(answer)
    assert Person.objects.count() == people_before


def test_a_changed_contact_telephone_is_told_to_the_former_number_and_read_out(w, browse, settings):
    settings.MINGQU_DEMO = True
    client, number = browse("clerk"), people.citizen_number()
    given = {"kind": "citizen_number", "number": number, "seen": "on", "name": "何小满"}
    given["consent"] = "on"

    def registered(phone):
        posted = client.post("/desk/window/register/", given | {"key": str(uuid4()), "phone": phone})
        assert posted.status_code == 302, text_of(posted)
        return text_of(client.get(posted.url))

    first, again = registered("19900005671"), registered("19900005671")
    changed = registered("19900005672")

    assert "改为" not in first + again
    assert "联系手机由199****5671改为199****5672" in changed
    (sent,) = double_messages()
    assert sent.phone.replace(" ", "") == "19900005671"
    assert "已改为199****5672" in sent.text


@pytest.mark.parametrize("words", ["食品经营许可", "开饭店", "spjyxk", "kfd"])
def test_items_are_found_by_name_by_everyday_word_and_by_initials(w, browse, words):
    client = browse("clerk")
    receive(client)

    page = client.get(PERSON, {"item": words})

    assert "/desk/window/start/QH-SPJYXK/01/" in page.content.decode()


def test_an_answer_that_stops_is_told_before_anything_is_typed(w, browse):
    client = browse("clerk")
    receive(client)
    given = {"subject": "person", "open_fire": "yes", "above_homes": "yes", "foods": ["hot"]}

    answer = client.post("/desk/window/start/QH-SPJYXK/01/", given)

    assert answer.status_code == 400 and "不能办理" in text_of(answer)
    assert not Draft.objects.exists()


def test_an_unanswered_question_is_asked_again(w, browse):
    client = browse("clerk")
    receive(client)

    answer = client.post("/desk/window/start/QH-SPJYXK/01/", {"subject": "person"})

    assert answer.status_code == 400 and not Draft.objects.exists()


def test_wrong_answers_are_kept_and_said(w, browse):
    client = browse("clerk")
    receive(client)
    draft_id = begin(client)
    page = f"/desk/window/draft/{draft_id}/page/1/"

    answer = client.post(page, {**PAGES[0], "area_m2": "大", "_version": "1", "_end": "1"})

    assert answer.status_code == 400 and "大" in answer.content.decode()
    stale = client.post(page, {**PAGES[0], "_version": "1", "_end": "1"})
    assert (stale.status_code == 409 and "没有保存" in text_of(stale)) or "改过" in text_of(stale)


def test_a_scan_stands_beside_its_material_and_a_bad_file_is_told(w, browse):
    client = browse("clerk")
    receive(client)
    draft_id = begin(client)
    fill(client, draft_id)
    good = SimpleUploadedFile("图.png", f.PNG, "image/png")
    bad = SimpleUploadedFile("病毒.exe", b"MZ" + b"\0" * 50, "application/octet-stream")

    none = originals(client, draft_id, **{"way-floor-plan": "scan"})
    refused = originals(client, draft_id, **{"way-floor-plan": "scan", "files-floor-plan": bad})
    taken = originals(client, draft_id, **{"way-floor-plan": "scan", "files-floor-plan": good})

    assert none.status_code == 400 and "还没有选择文件" in text_of(none)
    assert refused.status_code == 400 and "病毒.exe" in text_of(refused)
    assert taken.url.endswith("/check/")


def test_a_copy_and_how_many_came_stand_on_receipt_case_and_custody(w, browse):
    client = browse("clerk")
    receive(client)
    draft_id = begin(client)
    fill(client, draft_id)

    none = originals(client, draft_id, **{"way-floor-plan": "copy", "copies-floor-plan": "0"})
    taken = originals(client, draft_id, **{"way-floor-plan": "copy", "copies-floor-plan": "3"})
    again = client.get(f"/desk/window/draft/{draft_id}/materials/").text
    last_look = text_of(client.get(f"/desk/window/draft/{draft_id}/check/"))
    hand_in(client, draft_id)

    assert none.status_code == 400 and "请填1到99的数" in text_of(none)
    assert taken.url.endswith("/check/") and re.search(r'name="copies-floor-plan" value="3"', again)
    assert "复印件，3份" in last_look and "原件已核对，1份" in last_look
    case = Case.objects.get(pk=draft_id)
    rows = {one.code: (one.state, one.how, one.copies) for one in case.materials.all()}
    assert rows["floor-plan"] == ("given", "copy", 3) and rows["safety-rules"] == ("given", "paper", 0)
    receipt = DocumentRequest.objects.get(root_id=case.pk, kind="receipt")
    lines = {one["name"]: (one["form"], one["copies"]) for one in receipt.data["materials"]}
    assert ("纸质复印件", 3) in lines.values() and ("纸质原件（已核对）", 1) in lines.values()
    assert "窗口收复印件3份" in text_of(client.get(url("case", case)))
    custody = client.get(reverse("workbench:paper_case", args=[case.number])).text
    assert re.search(r'name="copy_\d+" value="3"', custody)  # what stays here is typed once


def test_what_is_missing_stays_missing(w, browse):
    client = browse("clerk")
    receive(client)
    draft_id = begin(client)
    fill(client, draft_id)

    answer = originals(client, draft_id, **{"way-safety-rules": "missing"})

    assert answer.url.endswith("/materials/")
    check = client.get(f"/desk/window/draft/{draft_id}/check/")
    assert "还缺材料：食品安全管理制度" in text_of(check)
    assert hand_in(client, draft_id).status_code in {400, 409} and not Case.objects.exists()


def test_what_may_follow_later_follows_on_her_signed_promise(w, browse):
    client = browse("clerk")
    receive(client)
    draft_id = begin(client)
    fill(client, draft_id)
    later = {"way-floor-plan": "owed"}

    unsigned = originals(client, draft_id, **later)
    another = originals(client, draft_id, **later, signed_name="", agreed="on")
    signed = originals(client, draft_id, **later, signed_name="禾小满", agreed="on")

    assert unsigned.status_code == 400 and another.status_code == 400
    assert signed.url.endswith("/check/"), text_of(signed)
    assert hand_in(client, draft_id).status_code == 302
    assert CaseMaterial.objects.get(case_id=draft_id, code="floor-plan").state == "owed"


def test_without_a_signature_nothing_is_filed(w, browse):
    client = browse("clerk")
    receive(client)
    draft_id = begin(client)
    fill(client, draft_id)
    originals(client, draft_id)

    answer = hand_in(client, draft_id, on_paper="")

    assert answer.status_code == 400 and "请申请人签名" in text_of(answer)
    assert not Case.objects.exists()


def test_pressed_twice_is_filed_once(w, browse):
    client = browse("clerk")
    case = filed(client)
    again = hand_in(client, case.pk)

    assert again.url == PERSON and Case.objects.count() == 1


def test_the_slip_with_the_code_is_shown_to_who_filed_it_only(w, browse):
    client = browse("clerk")
    case = f.received_case(w)
    receive(client)

    assert client.get(f"/desk/window/filed/{case.number}/").url == url("case", case)


def test_who_accepts_what_she_filed_stays_at_the_case_where_its_papers_are_printed(w, browse):
    client = browse("clerk")
    walked_in, online = filed(client), f.received_case(w)

    assert act(client, "accept", walked_in).url == url("case", walked_in)
    assert act(client, "accept", online).url.startswith(reverse("workbench:desk"))


def test_a_draft_begun_on_a_telephone_goes_on_here(w, browse):
    client = browse("clerk")
    receive(client)
    from mingqu.cases.tests.test_window import _anonymous

    begun = _anonymous(w)
    page = client.get(PERSON)
    key = re.findall(r'name="key" value="([0-9a-f-]{36})"', page.content.decode())[-1]

    link = f"https://example.cn/apply/resume/{begun.token}/"
    answer = client.post("/desk/window/take-over/", {"key": key, "code": link})
    wrong = client.post("/desk/window/take-over/", {"key": str(uuid4()), "code": "ABCDABCDABCDABCD"})

    assert answer.url == f"/desk/window/draft/{begun.draft_id}/"
    assert wrong.status_code == 404


def test_asked_materials_are_scanned_and_handed_in_at_the_window(w, browse):
    client = browse("clerk")
    case = filed(client)
    services.ask_correction(
        case_id=case.pk,
        asked=[f.Asked("floor-plan", "看不清尺寸")],
        by=w.clerk,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    bring = url("window_bring", case)
    page = client.get(bring)

    none = client.post(bring, {"key": key_in(page)})
    scan = SimpleUploadedFile("新图.png", f.PNG, "image/png")
    done = client.post(bring, {"key": key_in(page), "files-floor-plan": scan})

    assert "看不清尺寸" in text_of(page)
    assert none.status_code == 400 and done.url == url("case", case)
    case.refresh_from_db()
    assert (case.status, case.visits) == ("received", 2)
    assert client.get(bring).url == PERSON


def test_another_persons_case_takes_nothing_from_who_stands_here(w, browse):
    case = f.correction_case(w)
    client = browse("clerk")
    receive(client)

    assert client.get(url("window_bring", case)).url == PERSON


def test_a_change_begins_with_the_certificate_and_is_not_typed_again(w, browse, clock):
    client = browse("clerk")
    case = filed(client)
    services.accept_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    for step in ("check", "fitness"):
        f.review(w, case, step)
    services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
    )
    issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON)
    change = "/desk/window/start/QH-SPJYXK/02/"

    page = client.get(change)
    none = client.post(change, {})
    chosen = page.context["page"].certificates[0]
    answers = {q.ask: q.choices[0].value for q in page.context["page"].definition.situations}
    begun = client.post(change, {**answers, **page.context["page"].known, "certificate": str(chosen.id)})

    assert "食品经营许可证" in text_of(page)
    assert none.status_code == 400 and "请选择一本证照" in text_of(none)
    assert begun.status_code == 302, text_of(begun)
    draft = Draft.objects.get(pk=begun.url.split("/")[4])
    assert draft.context["values"]["certificate"] == str(chosen.id)
    assert "清禾小馆" in str(draft.answers)


@pytest.fixture
def lying(w):
    return f.decided_case(w, context={"delivery": "window"})


def test_a_window_of_another_region_sees_neither_person_nor_result(w, browse, lying):
    """Object level: the same role elsewhere."""
    clerk = people.staff_actor("window_clerk", department_id=people.department("别处", region="990105000000"))
    from django.test import Client

    client = people.signed_in(Client(), User.objects.get(pk=clerk.user_id))

    assert lying.number not in client.get("/desk/counter/").content.decode()
    assert client.get(url("deliver", lying)).status_code == 404
    number = Person.objects.get(pk=t.walk_in(w)).citizen_number
    receive(client, number)  # a person may come to any window
    assert "没有找到这个事项" in text_of(client.get(PERSON, {"item": "食品经营许可"}))
    assert client.get("/desk/window/start/QH-SPJYXK/01/").status_code == 403


def test_the_addresses_stand_as_they_are_linked():
    assert reverse("workbench:window") == FIND and reverse("workbench:window_person") == PERSON
