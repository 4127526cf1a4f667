"""What stands on the page of a case, and what is masked until it is asked for."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases.models import Case
from mingqu.cases.tests import at_window
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.certificates.tests import factories as certificates
from mingqu.documents import selectors as documents
from mingqu.documents.models import DocumentRequest
from mingqu.identity import selectors as identity
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry, CommandRecord
from mingqu.workbench.selectors.amending import why_not_void
from mingqu.workbench.selectors.of_papers import papers_to_mend
from mingqu.workbench.tests.pages import key_in, text_of, url

pytestmark = pytest.mark.django_db


def test_the_first_line_says_what_whose_turn_and_by_when(w, browse):
    case = f.received_case(w)

    said = text_of(browse("clerk").get(url("case", case)))

    assert "轮到您：受理、一次性告知补正，或者不予受理，2026年9月24日前。" in said
    assert "一次性告知期限2026年9月24日" in said
    assert "为什么是这一天" in said
    assert "调休上班" in said, "day by day: 9月20日 is a working Sunday"


def test_both_clocks_explain_themselves_while_the_review_runs(w, browse):
    case = f.accepted_case(w)

    page = browse("reviewer").get(url("case", case)).context["page"]

    running = [(d.label, str(d.day)) for d in page.deadlines if d.running]
    assert running == [("承诺期限", "2026-09-30"), ("法定期限", "2026-10-22")]
    assert all(d.explanation.rows for d in page.deadlines)


def test_a_late_step_is_late_on_its_page_as_in_the_list(w, browse, clock):
    """The promise still runs, but what this post was to do is over: the page says so first."""
    case = f.accepted_case(w)
    clock.at = f.FRIDAY_NOON + 7 * f.DAY

    said = text_of(browse("reviewer").get(url("case", case)))
    listed = text_of(browse("reviewer").get("/desk/"))

    assert "逾期2个工作日" in listed
    assert "本环节逾期2个工作日" in said
    assert "轮到您：材料审查，" in said and "已经逾期，请尽快办。" in said
    assert "本环节" not in text_of(browse("clerk").get(url("case", case))), "not the clerk's step"


def test_a_step_is_never_shown_as_due_after_the_case(w, browse):
    """A case that counts as accepted long ago (行政许可法 32): its promise has run since then."""
    case = f.accepted_case(w)
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 9, 18))

    assert "轮到您：材料审查，2026年9月18日前" in text_of(browse("reviewer").get(url("case", case)))


def test_opinions_say_how_many_were_asked_and_how_many_came(w, browse):
    case = f.accepted_case(w)
    f.review(w, case, "fitness", text="场所与学校保持距离")

    said = text_of(browse("reviewer").get(url("case", case)))

    assert "已问2家，已回1家" in said
    assert "场所与学校保持距离" in said
    assert "未回" in said


def test_the_picture_shows_the_present_place_and_only_the_steps_of_this_case(w, browse):
    case = f.accepted_case(w)
    f.review(w, case, "fitness")

    steps = browse("reviewer").get(url("case", case)).context["page"].flow.steps

    assert [(s.text.partition("：")[0], s.state) for s in steps] == [
        ("收件", "done"),
        ("受理", "done"),
        ("材料审查", "now"),
        ("选址审查", "done"),
        ("作出决定", ""),
        ("送达", ""),
    ]


def test_a_chosen_file_stands_beside_the_form(w, browse):
    case = f.received_case(w)
    file = documents.files_of(case.pk)[1]

    page = browse("clerk").get(url("case", case), {"file": str(file.id)})

    assert page.context["page"].preview.file.id == file.id
    assert f'src="{url("file", case, file.id)}"' in page.content.decode()
    assert browse("clerk").get(url("case", case), {"file": "x"}).status_code == 200


def test_the_page_costs_a_bounded_number_of_statements(w, browse, django_assert_max_num_queries):
    case, client = f.reviewed_case(w), browse("leader")
    client.get(url("case", case))

    with django_assert_max_num_queries(34):
        client.get(url("case", case))


# Personal data -----------------------------------------------------------------------------------------------


def personal(w):
    """The shop's name is not among it: it stands on its signboard."""
    person = identity.person(w.citizen.id)
    return [
        person.name,
        person.citizen_number,
        identity.phone_of(w.citizen.id),
        f.ANSWERS["premises"],
        f.ANSWERS["manager_phone"],
    ]


def reveal(client, case, key, why="contact"):
    return client.post(url("reveal", case), {"key": key, "why": why})


def test_everything_personal_is_masked_until_it_is_asked_for(w, browse):
    case, clerk = f.received_case(w), browse("clerk")
    hidden = clerk.get(url("case", case))
    for value in personal(w):
        assert value not in hidden.content.decode()

    shown = reveal(clerk, case, key_in(hidden, url("reveal", case)))

    for value in personal(w):
        assert value in shown.content.decode()
    entry = AuditEntry.objects.get(root_id=case.pk, action="case.reveal")
    assert entry.notes == {"why": "contact"}
    assert (entry.actor_id, entry.post_id) == (w.clerk.id, w.clerk.post_id)
    assert "显示申请人的个人信息" in text_of(shown)
    assert "联系申请人" in text_of(shown)


def test_a_reveal_leaves_nothing_personal_behind(w, browse):
    case, clerk = f.received_case(w), browse("clerk")
    reveal(clerk, case, uuid4())

    kept = str(list(AuditEntry.objects.values())) + str(list(CommandRecord.objects.values()))
    for value in personal(w)[:3]:
        assert value not in kept


def test_the_same_key_shows_again_for_ten_minutes_and_then_no_more(w, browse, clock):
    case, clerk, key = f.received_case(w), browse("clerk"), uuid4()
    reveal(clerk, case, key)
    clock.at += timedelta(minutes=9)
    assert reveal(clerk, case, key).status_code == 200
    clock.at += timedelta(minutes=2)

    late = reveal(clerk, case, key)

    assert late.status_code == 409
    assert "已超过10分钟" in text_of(late)
    assert personal(w)[1] not in late.content.decode()
    assert AuditEntry.objects.filter(root_id=case.pk, action="case.reveal").count() == 1


def test_a_reveal_without_a_known_purpose_shows_nothing(w, browse):
    case = f.received_case(w)

    answer = reveal(browse("clerk"), case, uuid4(), why="curious")

    assert answer.status_code == 400
    assert personal(w)[1] not in answer.content.decode()
    assert not AuditEntry.objects.filter(root_id=case.pk, action="case.reveal").exists()


# Papers ------------------------------------------------------------------------------------------------------


def failed_paper(case):
    DocumentRequest.objects.filter(root_id=case.pk, kind="receipt").update(
        state="failed", reason="seal_unavailable", detail="机关印章没有配置。", ended_at=f.FRIDAY_NOON
    )
    return documents.documents_of(case.pk)[0]


def test_a_failed_paper_says_why_and_is_made_again_once(w, browse):
    case = f.received_case(w)
    paper, clerk = failed_paper(case), browse("clerk")
    again = url("retry_paper", case, paper.id)

    page = clerk.get(url("case", case))
    assert "机关印章没有配置" in text_of(page)
    answer = clerk.post(again, {"key": key_in(page, again)}, follow=True)

    assert "已重新排队生成" in text_of(answer)
    assert documents.documents_of(case.pk)[0].state == "waiting"
    refused = clerk.post(again, {"key": str(uuid4())})
    assert refused.status_code == 409


def test_the_first_page_tells_who_can_mend_it_of_papers_that_were_not_made(w, browse):
    first, second = f.received_case(w), f.received_case(w)
    clerk = browse("clerk")
    assert "没有做成" not in text_of(clerk.get("/desk/"))
    failed_paper(first)
    failed_paper(second)

    page = clerk.get("/desk/")

    assert "2件办件有文书、证照没有做成" in text_of(page)
    assert f'<a href="{url("case", first)}">没做成的文书</a>' in page.content.decode()
    elsewhere = people.staff_actor("reviewer", department_id=people.department("清禾区水务局"))
    assert papers_to_mend(elsewhere, f.FRIDAY_NOON) is None and papers_to_mend(w.leader, f.FRIDAY_NOON)


def test_a_certificate_that_was_not_made_is_told_as_its_case(w):
    case = f.received_case(w)
    given = certificates.issued(given=certificates.grant(case.pk))
    row = Certificate.objects.get(pk=given.certificate_id)
    assert papers_to_mend(w.clerk, f.FRIDAY_NOON) is None

    DocumentRequest.objects.filter(root_id=row.pk).update(
        state="failed", reason="glyph_missing", ended_at=f.FRIDAY_NOON
    )

    assert papers_to_mend(w.clerk, f.FRIDAY_NOON).words == "1件办件有文书、证照没有做成"


def test_a_paper_that_is_there_opens_under_its_case(w, browse):
    case = f.received_case(w)
    stored = documents.files_of(case.pk)[0].id
    DocumentRequest.objects.filter(root_id=case.pk).update(
        state="ready", file_id=stored, ended_at=f.FRIDAY_NOON
    )

    page = browse("clerk").get(url("case", case)).content.decode()

    assert reverse("workbench:file", args=[case.number, stored]) in page


def test_where_a_window_can_not_void_a_filing_the_page_says_why(w, browse, clock):
    case = at_window.filed_case(w)
    today = browse("clerk").get(url("case", case)).content.decode()
    assert "作废：" not in today.replace("作废：收件当天收错的", ""), "it is offered, no reason is given"

    clock.at = f.FRIDAY_NOON + f.DAY

    said = "不能作废了：只能在收件当天"
    assert said in text_of(browse("clerk").get(url("case", case)))
    assert said not in text_of(browse("reviewer").get(url("case", case))), "who never voids is not told"
    far = people.staff_actor("window_clerk", department_id=people.department(region="990103000000"))
    assert "不归您的窗口" in why_not_void(far, case, offered=False)
