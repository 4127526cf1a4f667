"""Following a case: by its applicant, by number and query code; its papers, its ledger; who sees nothing."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingqu.cases import receivers, selectors, services
from mingqu.cases.events import CaseReceived
from mingqu.cases.models import Case
from mingqu.cases.overview import overview
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.identity import selectors as identity
from mingqu.identity.models import Person
from mingqu.identity.tests import factories as people
from mingqu.kernel import ledger
from mingqu.kernel.ids import new_id
from mingqu.kernel.receipts import verify_file
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db

BUDGET = 18  # statements of one look at the progress page, fees and 送达记录 with it


def body(answer):
    return answer.content.decode()


def url(case, name="progress"):
    return reverse(f"cases:{name}", args=[case.number])


@pytest.fixture
def mine(world, sign_in):
    return sign_in(world.citizen)


def test_a_received_case_says_who_looks_at_it_and_by_when(world, mine):
    case = f.received_case(world)

    text = body(mine.get(url(case)))

    assert "澜州市清禾区市场监督管理局：正在看您交的材料" in text
    assert "2026年9月24日" in text and "告诉您是否受理" in text and "为什么是这一天" in text
    assert "撤回申请" in text and "收件凭证" in text and "正在生成" in text
    assert "您提交申请，收件" in text


def test_a_correction_names_the_material_and_leads_to_it(world, mine):
    case = f.correction_case(world)

    text = body(mine.get(url(case)))

    assert "轮到您：要补正1份材料：经营场所平面布局图" in text
    assert "看不清尺寸" in text
    assert f"{url(case, 'correction')}#m-floor-plan" in text


def test_an_accepted_case_shows_parallel_steps_both_clocks_and_the_picture(world, mine):
    case = f.accepted_case(world, situation=f.RAW_FOOD)
    f.review(world, case, "fitness")

    text = body(mine.get(url(case)))

    assert "3项，办完1项" in text
    assert "承诺期限（8个工作日），最晚" in text and "法定期限（20个工作日），最晚" in text
    assert "2026年9月30日" in text and "2026年10月22日" in text
    assert 'aria-current="step"' in text and "用文字看流程" in text
    assert "“选址审查”办完" in text
    assert "受理通知书" in text


def test_no_step_is_due_while_a_special_procedure_stops_the_clock(world, mine):
    case = f.accepted_case(world)
    running = [one.due_on for one in overview(case, f.FRIDAY_NOON, own=True).branches]
    Case.objects.filter(pk=case.pk).update(
        suspended_since=f.FRIDAY_NOON.date(),
        suspended_ground="inspection",
        suspended_until=f.FRIDAY_NOON.date(),
    )

    stopped = overview(Case.objects.get(pk=case.pk), f.FRIDAY_NOON, own=True).branches

    assert any(running) and stopped and not any(one.due_on for one in stopped)


def test_who_answers_for_each_step_is_told_by_post_with_the_last_day_and_never_by_name(world, mine):
    case = f.accepted_case(world, situation=f.RAW_FOOD)
    f.review(world, case, "fitness")
    officers = [one.id for one in (world.reviewer, world.checker, world.leader)]
    Person.objects.filter(pk__in=officers).update(name="钱不露面")

    answers = {one.step: one for one in overview(case, f.FRIDAY_NOON, own=True).answers}
    text = body(mine.get(url(case)))

    assert answers["收件、受理"].tag == "done"
    done = [one for one in answers.values() if one.tag == "done"][1:]
    open_ = [one for one in answers.values() if one.tag == "accepted"]
    assert done and not any(one.due_on for one in done)
    assert open_ and all(one.due_on and one.organ and one.post for one in open_)
    assert any(one.words == "还没到" for one in answers.values())
    section = text.split("谁负责")[1].split("</section>")[0]
    guide = selectors.definition_of(case).guide
    assert guide.consult in section and open_[0].post in section
    assert "钱不露面" in identity.names_of(officers).values() and "钱不露面" not in section


def test_while_the_time_stands_still_no_step_names_a_day(world):
    case = f.accepted_case(world)
    Case.objects.filter(pk=case.pk).update(
        suspended_since=f.FRIDAY_NOON.date(), suspended_ground="inspection", suspended_until=None
    )

    answers = overview(Case.objects.get(pk=case.pk), f.FRIDAY_NOON, own=True).answers

    assert not any(one.due_on for one in answers) and any(one.stands for one in answers)


def test_before_acceptance_the_organ_has_its_five_days_and_after_withdrawal_nothing_is_to_come(world):
    case = f.received_case(world)
    first = overview(case, f.FRIDAY_NOON, own=False).answers[0]
    assert (first.words, first.due_on) == ("正在办", case.due_on)
    assert overview(f.correction_case(world), f.FRIDAY_NOON, own=True).answers[0].words == "等您补正"
    services.withdraw_case(case_id=case.pk, by=world.citizen, at=f.FRIDAY_NOON, key=uuid4())

    after = overview(Case.objects.get(pk=case.pk), f.FRIDAY_NOON, own=True).answers

    assert {one.words for one in after[1:]} == {"没有办"}


def test_a_look_takes_few_statements_at_every_stage(world, mine):
    for case in (f.received_case(world), f.correction_case(world), f.accepted_case(world)):
        mine.get(url(case))
        with CaptureQueriesContext(connection) as seen:
            assert mine.get(url(case)).status_code == 200
        assert len(seen) <= BUDGET, [q["sql"][:90] for q in seen]
    decided = f.decided_case(world)
    mine.get(url(decided))
    with CaptureQueriesContext(connection) as seen:
        mine.get(url(decided))
    assert len(seen) <= BUDGET, [q["sql"][:90] for q in seen]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("granted", "已经办结：准予。证照在“我的证照”里"), ("refused", "已经办结：不予许可")],
)
def test_an_ended_case_says_how_and_that_the_promise_was_kept(world, mine, outcome, words):
    case = f.decided_case(world, outcome=outcome)
    services.deliver_case(
        case_id=case.pk, served=Served.at_window("李晓禾"), by=world.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )

    text = body(mine.get(url(case)))

    assert words in text
    assert "承诺期限（8个工作日），没有超过" in text
    assert "撤回申请" not in text


def turned_away(world):
    case = f.received_case(world)
    why = {"ground": "not_competent", "organ": "云禾区市场监督管理局", "reason": "场所不在本区"}
    services.refuse_acceptance(case_id=case.pk, **why, by=world.clerk, at=f.FRIDAY_NOON, key=uuid4())
    return case


def refused(world):
    return f.decided_case(world, outcome="refused")


@pytest.mark.parametrize("against", [refused, turned_away])
def test_where_to_complain_stands_on_the_page_of_what_was_refused(world, mine, against):
    """行政许可法 38; 行政复议法 20; 行政诉讼法 46."""
    text = body(mine.get(url(against(world))))

    assert "不服怎么办" in text
    assert "60日内向" in text and "人民政府申请行政复议" in text
    assert "6个月内向" in text and "人民法院提起行政诉讼" in text


def test_nothing_is_said_of_complaints_where_nothing_was_refused(world, mine):
    for case in (f.accepted_case(world), f.decided_case(world)):
        assert "不服怎么办" not in body(mine.get(url(case)))


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_a_result_that_waits_at_the_window_says_so_and_asks_for_no_correction(world, mine, outcome):
    case = f.decided_case(world, outcome=outcome, context={"delivery": "window"})

    text = body(mine.get(url(case)))

    assert "结果出来了，请带身份证件到窗口领取" in text
    assert "去补正" not in text


def test_a_certificate_is_linked_when_it_is_issued(world, mine):
    from mingqu.cases.services.certificate import issue_certificate

    case = f.decided_case(world)
    issued = issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON)

    assert reverse("certificates:detail", args=[issued.number]) in body(mine.get(url(case)))


def test_a_deadline_that_passed_is_shown_as_passed(world, mine, clock):
    case = f.accepted_case(world)
    clock.at += timedelta(days=20)

    text = body(mine.get(url(case)))

    assert "mq-due--late" in text


def test_an_open_page_asks_again_and_gets_nothing_while_nothing_changed(world, mine):
    case = f.received_case(world)
    page = mine.get(url(case))
    assert 'hx-trigger="every 30s"' in body(page)
    again = page.context["poll_url"]

    assert mine.get(again, headers={"HX-Request": "true"}).status_code == 204
    services.accept_case(case_id=case.pk, by=world.clerk, at=f.FRIDAY_NOON, key=uuid4())
    changed = mine.get(again, headers={"HX-Request": "true"})

    assert changed.status_code == 200 and "<html" not in body(changed) and "审查中" in body(changed)


def test_what_the_applicant_was_told_about_this_case_stands_on_its_page(world, mine):
    first, second = f.received_case(world), f.received_case(world)
    for case in (first, second):
        event = CaseReceived(case.pk, case.number, case.item_code, case.applicant_id, case.received_on)
        receivers.tell_received(event, at=f.FRIDAY_NOON)

    shown = mine.get(url(first)).context["seen"].messages

    assert len(shown) == 1 and shown[0].link == url(first)
    assert shown[0].title in body(mine.get(url(first)))


def test_another_persons_case_does_not_exist_in_any_page(world, mine, sign_in):
    case = f.correction_case(world)
    file_id = documents.files_of(case.pk)[0].id
    other = sign_in(people.citizen("王芳")[1])

    for name in ("progress", "done", "correction", "withdraw", "ledger_receipt"):
        assert other.get(url(case, name)).status_code == 404, name
    assert other.get(reverse("cases:file", args=[case.number, file_id])).status_code == 404
    assert other.post(url(case, "withdraw"), {"key": uuid4()}).status_code == 404
    assert other.post(reverse("cases:correction_upload", args=[case.number, "floor-plan"])).status_code == 404
    assert mine.get(reverse("cases:file", args=[case.number, file_id])).status_code == 200
    assert mine.get(reverse("cases:file", args=[case.number, uuid4()])).status_code == 404
    assert "/sign-in/" in Client().get(url(case)).url


def test_a_file_of_another_case_of_ones_own_is_not_served_under_this_number(world, mine):
    first, second = f.received_case(world), f.received_case(world)
    foreign = documents.files_of(second.pk)[0].id

    assert mine.get(reverse("cases:file", args=[first.number, foreign])).status_code == 404


# By number and query code -------------------------------------------------------------------------------------


def asked(client, number, code):
    return client.post("/progress/", {"number": number, "code": code})


def test_number_and_query_code_show_the_progress_with_the_name_masked(world, client):
    case = f.accepted_case(world)

    answer = asked(client, f" {case.number[:6]} {case.number[6:]}", case.query_code.lower())
    text = body(client.get(answer.url))

    assert answer.url == reverse("cases:public_progress", args=[case.number])
    assert "李*" in text and "李晓禾" not in text
    assert "审查中" in text and "最晚" in text
    assert "文书和证照" not in text and "发给您的消息" not in text and "撤回申请" not in text


def test_what_must_be_corrected_is_told_in_full_only_to_the_applicant(world, client):
    case = f.correction_case(world)

    text = body(client.get(asked(client, case.number, case.query_code).url))

    assert "经营场所平面布局图" in text and "看不清尺寸" not in text


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(world, client):
    case = f.received_case(world)

    wrong = asked(client, case.number, "22222222")
    unknown = asked(client, "99010420260918999999", case.query_code)

    assert wrong.status_code == unknown.status_code == 404
    sentence = "没有找到这件办件。请核对办件编号和查询码。"
    assert sentence in body(wrong) and sentence in body(unknown)
    assert case.item_name not in body(wrong)
    assert (
        client.get(reverse("cases:public_progress", args=[case.number])).url
        == f"/progress/?number={case.number}"
    )


def test_a_number_that_is_none_is_repeated_with_a_right_one(world, client):
    answer = asked(client, "12345", "22222222")

    assert answer.status_code == 400
    assert "您填的是“12345”" in body(answer) and "990104 20261109 000318" in body(answer)


def test_guessing_codes_is_limited(world, client, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"progress_address": (2, 600)}
    case = f.received_case(world)

    assert [asked(client, case.number, "22222222").status_code for _ in range(3)] == [404, 404, 429]
    assert asked(client, case.number, case.query_code).status_code == 429


def test_right_pairs_do_not_count_towards_the_limit(world, client, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"progress_address": (2, 600)}
    case = f.received_case(world)

    assert [asked(client, case.number, case.query_code).status_code for _ in range(4)] == [302] * 4


def test_the_public_view_ends_after_half_an_hour(world, client, clock):
    case = f.received_case(world)
    shown = asked(client, case.number, case.query_code).url
    clock.at += timedelta(minutes=31)

    assert client.get(shown).status_code == 302
    assert client.get(reverse("cases:public_receipt", args=[case.number])).status_code == 404


def test_the_number_of_a_printed_code_is_filled_in(world, client):
    page = body(client.get("/progress/?number=99010420260918000001"))

    assert 'value="99010420260918000001"' in page


def test_who_scans_the_receipt_types_the_query_code_alone_and_is_told_where_it_stands(world, client):
    case = f.received_case(world)
    address = f"/progress/?number={case.number}"

    page = body(client.get(address))
    wrong = body(client.post(address, {"number": case.number, "code": "22222222"}))
    typed = body(client.get("/progress/?number=一二三"))

    for shown in (page, wrong):
        assert "二维码的左边" in shown and "查另一件" in shown
        assert '<input type="hidden" name="number"' in shown, "20 digits are not typed on a telephone"
    assert "二维码的左边" not in typed and 'type="hidden" name="number"' not in typed


# 办理存证 -----------------------------------------------------------------------------------------------------


def test_the_ledger_file_proves_itself_and_tells_the_public_nothing_readable(world, mine, client, tmp_path):
    case = f.accepted_case(world)
    assert "还没有封存" in body(mine.get(url(case)))
    ledger.seal(f.FRIDAY_NOON)
    assert "最近一次封存" in body(mine.get(url(case)))

    own = mine.get(url(case, "ledger_receipt"))
    asked(client, case.number, case.query_code)
    public = client.get(reverse("cases:public_receipt", args=[case.number]))

    for answer in (own, public):
        path = tmp_path / "receipt.json"
        path.write_bytes(answer.content)
        assert verify_file(path).intact
    assert f'filename="mingqu-{case.number}.json"' in own["Content-Disposition"]
    assert json.loads(own.content)["entries"][0]["notes"]["number"] == case.number
    assert all(entry["notes"] == {} for entry in json.loads(public.content)["entries"])


# 补正 ---------------------------------------------------------------------------------------------------------


def brought(client, case, data=f.PNG, code="floor-plan", **more):
    from django.core.files.uploadedfile import SimpleUploadedFile

    target = reverse("cases:correction_upload", args=[case.number, code])
    return client.post(target, {"files": [SimpleUploadedFile("新图.png", data)], "_end": "1"} | more)


def test_a_correction_is_brought_and_handed_in(world, mine):
    case = f.correction_case(world)
    page = body(mine.get(url(case, "correction")))
    assert "看不清尺寸" in page and "floor-plan.png" in page and "还差：经营场所平面布局图" in page

    assert brought(mine, case).url == f"{url(case, 'correction')}#m-floor-plan"
    assert "新图.png" in body(mine.get(url(case, "correction")))
    answer = mine.post(url(case, "correction"), {"key": uuid4()}, follow=True)

    case.refresh_from_db()
    assert case.status == "received"
    assert "补正的材料已经交上" in body(answer) and "您交来补正的材料" in body(answer)


def test_a_correction_without_a_file_is_not_handed_in(world, mine):
    case = f.correction_case(world)

    answer = mine.post(url(case, "correction"), {"key": uuid4()})

    assert answer.status_code == 400
    assert "还缺1份材料" in body(answer)


def test_a_bad_file_and_a_material_nobody_asked_for_are_refused(world, mine):
    case = f.correction_case(world)

    assert "只能上传" in body(brought(mine, case, b"MZ\x90\x00" + b"\0" * 90))
    assert brought(mine, case, code="safety-rules").status_code == 302
    assert len(documents.files_of(case.pk)) == 3, "neither was kept"


def test_a_page_left_open_until_the_case_went_on_leads_to_where_it_is(world, mine):
    case = f.correction_case(world)
    brought(mine, case)
    key = uuid4()
    mine.post(url(case, "correction"), {"key": key})

    again = mine.post(url(case, "correction"), {"key": key})
    stale = mine.post(url(case, "correction"), {"key": uuid4()})

    assert again.url == stale.url == url(case)
    assert mine.get(url(case, "correction")).url == url(case)
    assert brought(mine, case).url == url(case)


def test_a_file_brought_for_a_correction_can_be_taken_back(world, mine):
    case = f.correction_case(world)
    brought(mine, case)
    file = documents.files_of(case.pk)[-1]
    target = reverse("cases:correction_remove", args=[case.number, file.id])

    assert "撤下这个文件？" in body(mine.get(target))
    mine.post(target)

    assert "还差：经营场所平面布局图" in body(mine.get(url(case, "correction")))
    assert mine.get(target).status_code == 404


# 撤回, the receipt ---------------------------------------------------------------------------------------------


def test_withdrawing_tells_its_consequences_first_and_happens_once(world, mine):
    case = f.accepted_case(world)

    page = mine.get(url(case, "withdraw"))
    assert "不能恢复" in body(page) and "可以随时重新申请" in body(page)
    answer = mine.post(url(case, "withdraw"), {"key": page.context["key"]}, follow=True)

    case.refresh_from_db()
    assert case.status == "withdrawn" and tasks.open_tasks(case.pk) == []
    assert "您已经撤回这件申请" in body(answer)
    assert mine.post(url(case, "withdraw"), {"key": uuid4()}).url == url(case)
    assert mine.get(url(case, "withdraw")).url == url(case)


def test_the_receipt_can_be_downloaded_when_it_is_made(world, mine):
    case = f.received_case(world)
    request = documents.documents_of(case.pk)[0]
    document_services.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        by=f.SYSTEM,
        at=f.FRIDAY_NOON,
        key=new_id(),
    )
    document_services.make_document(root_id=case.pk, request_id=request.id, at=f.FRIDAY_NOON)

    part = body(mine.get(url(case, "done"), headers={"HX-Request": "true"}))
    made = documents.documents_of(case.pk)[0]
    paper = mine.get(reverse("cases:file", args=[case.number, made.file_id]) + "?download")

    assert "下载《收件凭证》" in part and "hx-get" not in part
    assert paper["Content-Type"] == "application/pdf" and "attachment" in paper["Content-Disposition"]
    assert paper.content.startswith(b"%PDF")
