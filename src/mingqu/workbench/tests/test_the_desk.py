"""The lists of the desk: soonest first, page by page, filtered, empty with a next step, within a budget."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.models import AfterCheck, Case, CaseMaterial
from mingqu.cases.tests import factories as f
from mingqu.identity import selectors as identity
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.process import selectors as process
from mingqu.workbench import services as own
from mingqu.workbench.selectors import desk
from mingqu.workbench.tests.pages import text_of, url

pytestmark = pytest.mark.django_db
BUDGET = 8  # statements of one list page, session and account included


def rows(answer):
    return [row.number for row in answer.context["page"].rows]


def test_each_list_costs_the_same_few_statements_however_long_it_is(w, browse, django_assert_max_num_queries):
    for _ in range(3):
        f.accepted_case(w)
        f.received_case(w)
    client = browse("reviewer")
    client.get("/desk/")

    for tab in desk.TABS:
        with django_assert_max_num_queries(BUDGET, info=tab):
            assert client.get(f"/desk/?tab={tab}").status_code == 200, tab


@pytest.mark.parametrize(("who", "kinds"), [("clerk", 14), ("reviewer", 8), ("leader", 4)])
def test_what_waits_elsewhere_costs_one_statement_of_each_kind_on_the_first_page_alone(
    w, browse, who, kinds, django_assert_max_num_queries
):
    """
    Papers not made; what was proposed about certificates; slips to sign; results nobody came for; a number
    exchanged at the window, and where that window lies; what a window changed; slips of an outage to compare and to
    type in; consent papers; visits at home; values outside their range; results to be sent and parcels without news;
    what was received for another district; shifts to be taken over; papers to be served.
    """
    client = browse(who)
    client.get("/desk/")

    with django_assert_max_num_queries(BUDGET + kinds):
        client.get("/desk/")


def test_what_is_due_first_stands_first_with_its_days(w, browse, clock):
    later = f.received_case(w)
    clock.at = f.FRIDAY_NOON + 5 * f.DAY
    first = f.received_case(w, at=f.FRIDAY_NOON - 3 * f.DAY)

    page = browse("clerk").get("/desk/?tab=received")

    assert rows(page) == [first.number, later.number]
    said = text_of(page)
    assert "逾期2个工作日" in said
    assert "剩1个工作日" in said
    assert "李*" in said
    assert "李晓禾" not in said


def test_pages_go_on_and_back_by_their_cursor(w, browse, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 2)
    numbers = [f.received_case(w).number for _ in range(5)]
    clerk = browse("clerk")

    first = clerk.get("/desk/?tab=received")
    second = clerk.get(first.context["next_url"])
    third = clerk.get(second.context["next_url"])

    assert [rows(first), rows(second), rows(third)] == [numbers[:2], numbers[2:4], numbers[4:]]
    assert first.context["previous_url"] == ""
    assert third.context["next_url"] == ""
    again = clerk.get(third.context["previous_url"])
    assert rows(again) == numbers[2:4]
    assert rows(clerk.get(again.context["previous_url"])) == numbers[:2]


def test_own_steps_go_on_page_by_page_too(w, browse, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 2)
    numbers = [f.accepted_case(w).number for _ in range(3)]
    reviewer = browse("reviewer")

    first = reviewer.get("/desk/")
    second = reviewer.get(first.context["next_url"])

    assert rows(first) + rows(second) == numbers
    assert second.context["next_url"] == ""
    assert rows(reviewer.get(second.context["previous_url"])) == numbers[:2]


@pytest.mark.parametrize("tab", ["mine", "received"])
def test_a_broken_cursor_shows_the_first_page(w, browse, tab):
    f.accepted_case(w)
    f.received_case(w)
    reviewer = browse("reviewer")

    for after in ("nonsense", "2026-09-24", "2026-09-24_x", "-_-_-", "9_9_9"):
        assert len(rows(reviewer.get(f"/desk/?tab={tab}&after={after}"))) == 1, after


def test_only_the_steps_of_the_acting_post_are_mine(w, browse):
    case = f.accepted_case(w)
    f.review(w, case, "check")

    assert rows(browse("reviewer").get("/desk/?tab=mine")) == []
    assert rows(browse("station").get("/desk/?tab=mine")) == [case.number]
    f.review(w, case, "fitness")
    assert rows(browse("leader").get("/desk/?tab=mine")) == [case.number]


def test_who_accepts_and_has_no_step_of_their_own_begins_with_what_waits_to_be_accepted(w, browse):
    case, clerk = f.received_case(w), browse("clerk")

    assert rows(clerk.get("/desk/")) == [case.number]
    assert rows(clerk.get("/desk/?tab=mine")) == []
    assert rows(browse("leader").get("/desk/")) == [], "who accepts nothing keeps to the steps"


def test_a_filter_by_item_and_state_keeps_to_them(w, browse):
    received, decided = f.received_case(w), f.decided_case(w)
    clerk = browse("clerk")

    assert set(rows(clerk.get("/desk/?tab=all"))) == {received.number, decided.number}
    assert rows(clerk.get("/desk/?tab=all&status=decided")) == [decided.number]
    assert rows(clerk.get("/desk/?tab=all&item=NONE")) == []
    assert len(rows(clerk.get("/desk/?tab=all&item=QH-SPJYXK"))) == 2
    assert "没有符合筛选的办件" in text_of(clerk.get("/desk/?tab=all&item=NONE"))
    assert rows(browse("station").get("/desk/?tab=mine&item=NONE")) == []


def test_where_a_post_has_more_items_than_anybody_looks_through_the_filter_names_those_of_the_page(
    w, browse, monkeypatch
):
    clerk, case = browse("clerk"), f.received_case(w)
    every = clerk.get("/desk/?tab=received").context["page"].items
    monkeypatch.setattr(desk, "ITEMS", 0)

    page = clerk.get("/desk/?tab=received")
    elsewhere = clerk.get(f"/desk/?tab=correction&item={case.item_code}").context["page"]

    assert page.context["page"].items == elsewhere.items == [(case.item_code, case.item_name)]
    assert "本页的事项" in text_of(page)
    assert set(every) >= set(elsewhere.items)


def test_a_list_shows_its_own_states_only(w, browse):
    received, correction = f.received_case(w), f.correction_case(w)
    accepted, decided = f.accepted_case(w), f.decided_case(w)
    reviewer = browse("reviewer")

    shown = {tab: rows(reviewer.get(f"/desk/?tab={tab}")) for tab in desk.TABS}

    assert shown["received"] == [received.number]
    assert shown["correction"] == [correction.number]
    assert shown["team"] == [received.number, accepted.number, decided.number, correction.number]
    assert shown["closing"] == []
    assert len(shown["all"]) == 4


def test_what_an_officer_did_something_in_is_found_again_whoever_has_it_now(w, browse, monkeypatch):
    first, second, received = f.accepted_case(w), f.accepted_case(w), f.received_case(w)
    f.review(w, first, "check")

    clerk, reviewer = browse("clerk"), browse("reviewer")
    assert set(rows(clerk.get("/desk/?tab=handled"))) == {first.number, second.number}
    assert rows(reviewer.get("/desk/?tab=handled")) == [first.number], "another's deed is not one's own"
    assert received.number not in rows(clerk.get("/desk/?tab=handled"))
    assert rows(clerk.get("/desk/?tab=handled&item=NONE")) == []
    assert "9月18日提出审查意见" in text_of(reviewer.get("/desk/?tab=handled"))

    monkeypatch.setattr(
        desk, "PAGE", 1
    )  # both were accepted at the same instant: the page after forgets none
    page = clerk.get("/desk/?tab=handled")
    after = clerk.get("/desk/", {"tab": "handled", "after": page.context["page"].next_after})
    assert {*rows(page), *rows(after)} == {first.number, second.number}
    assert rows(clerk.get("/desk/?tab=handled&after=x")) == rows(page)


@pytest.mark.parametrize("tab", list(desk.TABS))
def test_an_empty_list_says_what_comes_next(w, browse, tab):
    said = text_of(browse("clerk").get(f"/desk/?tab={tab}"))

    assert desk.TABS[tab].empty in said
    assert desk.TABS[tab].next_step in said


@pytest.mark.parametrize(
    ("role", "work"),
    [
        ("system_officer", "运行状况"),
        ("security_officer", "部门和岗位"),
        ("audit_officer", "办理存证"),
    ],
)
def test_a_post_without_cases_sees_its_own_work(w, role, work):
    officer = people.staff_user("运维", people.post(None, role))

    said = text_of(people.signed_in(Client(), officer).get("/desk/"))
    assert "您现在的岗位不办件" in said and work in said


def test_a_whole_number_leads_to_its_case(w, browse):
    case = f.received_case(w)
    grouped = f"{case.number[:6]} {case.number[6:14]} {case.number[14:]}"

    assert browse("clerk").get(reverse("workbench:search"), {"q": grouped}).url == url("case", case)
    assert "办件编号要写全20位" in text_of(
        browse("clerk").get(reverse("workbench:search"), {"q": case.number[:-1]})
    )


def test_an_applicant_is_found_by_the_posted_number_only(w, browse):
    case = f.received_case(w)
    number = identity.person(w.citizen.id).citizen_number
    clerk, search = browse("clerk"), reverse("workbench:search")

    assert case.number in str(
        [row.number for row in clerk.post(search, {"citizen_number": number}).context["rows"]]
    )
    assert "没有查到这个人" in text_of(clerk.post(search, {"citizen_number": people.citizen_number()}))
    in_address = clerk.get(search, {"q": number})
    assert in_address.url == search
    wrong = clerk.post(search, {"citizen_number": "123"})
    assert wrong.status_code == 400
    assert "您写了3位" in text_of(wrong)


def test_a_post_that_may_not_look_up_people_is_not_answered(w, browse):
    f.received_case(w)
    number = identity.person(w.citizen.id).citizen_number

    answer = browse("reviewer").post(reverse("workbench:search"), {"citizen_number": number})

    assert answer.context["rows"] is None
    assert "按申请人" not in text_of(answer)


def test_a_withdrawn_case_waits_for_the_archive(w, browse):
    case = f.received_case(w)
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())

    page = browse("reviewer").get("/desk/?tab=closing")

    assert rows(page) == [case.number]
    assert "等归档" in text_of(page)


# By deadline, label, step -----------------------------------------------------------------------------------


def paused(w, case):
    services.pause_case(
        case_id=case.pk,
        ground="inspection",
        expected_until=date(2026, 9, 30),
        reason="检验",
        by=w.reviewer,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )


def test_the_lists_by_deadline_part_what_is_late_due_today_and_due_soon(w, browse, clock):
    case = f.received_case(w)

    shown = {}
    for days, name in ((0, "early"), (5, "soon"), (6, "today"), (7, "late")):
        clock.at = f.FRIDAY_NOON + timedelta(days=days)
        clerk = browse("clerk")  # a session ends with the day
        lists = {tab: rows(clerk.get(f"/desk/?tab={tab}")) for tab in ("soon", "today", "late")}
        shown[name] = {tab for tab, numbers in lists.items() if case.number in numbers}

    assert case.due_on == date(2026, 9, 24)
    assert shown == {"early": set(), "soon": {"soon"}, "today": {"today"}, "late": {"late"}}


def test_special_procedures_returns_gaps_and_promises_have_lists_of_their_own(w, browse):
    special, returned, owed, promised = (
        f.accepted_case(w), f.reviewed_case(w), f.accepted_case(w), f.decided_case(w),
    )  # fmt: skip
    paused(w, special)
    task = next(t for t in process.open_tasks(returned.pk) if t.step == "decide")
    services.return_inside(
        case_id=returned.pk,
        task_id=task.task_id,
        step="check",
        reason="再看",
        by=w.leader,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    CaseMaterial.objects.filter(case=owed, code="floor-plan").update(
        state="owed", owed_until=date(2026, 9, 30)
    )
    AfterCheck.objects.create(
        case=promised, material_code="safety-rules", department_id=w.bureau, due_on=date(2026, 10, 30)
    )
    reviewer = browse("reviewer")

    shown = {
        tab: rows(reviewer.get(f"/desk/?tab={tab}")) for tab in ("special", "returned", "owed", "promises")
    }

    assert shown == {
        "special": [special.number],
        "returned": [returned.number],
        "owed": [owed.number],
        "promises": [promised.number],
    }
    said = text_of(reviewer.get("/desk/?tab=special"))
    assert "特别程序：检验" in said and "暂停计时" in said
    assert "核查承诺：食品安全管理制度" in text_of(reviewer.get("/desk/?tab=promises"))


def test_a_step_is_chosen_after_its_item(w, browse):
    case, other = f.accepted_case(w), f.accepted_case(w)
    f.review(w, other, "check")
    reviewer = browse("reviewer")

    assert "选定事项后" in text_of(reviewer.get("/desk/?tab=team"))
    found = reviewer.get("/desk/?tab=team&item=QH-SPJYXK&step=check")
    assert rows(found) == [case.number]
    assert "材料审查" in text_of(found)
    assert rows(reviewer.get("/desk/?tab=mine&item=QH-SPJYXK&step=fitness")) == []


def test_a_list_may_be_put_in_the_order_of_receipt_page_by_page(w, browse, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 1)
    later = f.received_case(w, at=f.FRIDAY_NOON + f.DAY)
    first = f.received_case(w)

    page = browse("clerk").get("/desk/?tab=team&sort=received")

    assert rows(page) == [first.number]
    assert rows(browse("clerk").get(page.context["next_url"])) == [later.number]


def test_no_list_is_counted_beyond_ninety_nine(w, browse, monkeypatch):
    monkeypatch.setattr(desk, "MOST", 2)
    for _ in range(3):
        f.received_case(w)

    counts = browse("clerk").get("/desk/").context["page"].counts

    assert counts["received"] == "2+"
    assert "correction" not in counts


@pytest.mark.parametrize("who", ["reviewer", "clerk"])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (cases.Wanted(("received",)), "case_"),
        (cases.Wanted(("correction",)), "case_"),
        (cases.Wanted(("received", "accepted", "decided"), due_until=date(2026, 9, 18)), "case_"),
        (cases.Wanted(("accepted",), label="returned"), "case_"),
        (cases.Wanted(("accepted",), label="special"), "case_"),
        (cases.Wanted(("accepted",), label="owed"), "material_"),  # with few rows the planner may take either
    ],
)
def test_a_list_is_read_by_an_index(w, wanted, index, who):
    with CaptureQueriesContext(connection) as captured:
        cases.worklist(getattr(w, who), wanted)
    asked = captured.captured_queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert index in plan, plan
    assert "Seq Scan on cases_case" not in plan


# Search and export ------------------------------------------------------------------------------------------


def test_an_item_is_found_by_part_of_its_name(w, browse):
    f.received_case(w)

    answer = browse("clerk").get(reverse("workbench:search"), {"q": "食品经营"})

    assert answer.context["items"] == [("食品经营许可", "/desk/?tab=all&item=QH-SPJYXK")]
    assert "没有找到" in text_of(browse("clerk").get(reverse("workbench:search"), {"q": "渔船"}))


def test_an_applicant_is_found_by_the_whole_telephone_number_and_that_is_written_down(w, browse):
    case = f.received_case(w)
    phone = identity.phone_of(w.citizen.id)
    clerk, search = browse("clerk"), reverse("workbench:search")

    found = clerk.post(search, {"phone": phone})

    assert [row.number for row in found.context["rows"]] == [case.number]
    assert "李晓禾" not in text_of(found)
    entry = AuditEntry.objects.get(action="identity.see_people")
    assert entry.notes == {"what": "phone", "found": 1}
    assert phone not in str(entry.__dict__)
    assert clerk.get(search, {"q": phone}).url == search, "never in an address"
    assert clerk.post(search, {"phone": phone, "citizen_number": "1" * 18}).status_code == 400


def test_a_list_is_taken_away_masked_whole_and_written_down(w, browse, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 2)
    numbers = [f.received_case(w).number for _ in range(3)]
    clerk = browse("clerk")
    key = clerk.get("/desk/?tab=received").context["key"]

    answer = clerk.post(reverse("workbench:export"), {"key": str(key), "tab": "received"})

    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)), read_only=True)
    table = list(book.active.values)
    assert table[0] == own.HEAD
    assert [line[0] for line in table[1:]] == numbers
    assert {line[5] for line in table[1:]} == {"李*"}
    entry = AuditEntry.objects.get(action="case.export")
    assert entry.notes == {"tab": "待受理", "rows": 3}
    clerk.post(reverse("workbench:export"), {"key": str(key), "tab": "all"})
    assert AuditEntry.objects.filter(action="case.export").count() == 2, "the same form again is another file"
    officer = people.signed_in(Client(), people.staff_user("运维", people.post(None, "system_officer")))
    assert officer.post(reverse("workbench:export"), {"key": str(uuid4())}).status_code == 403


def test_my_steps_stand_by_what_is_due_first_and_those_that_stand_still_come_last(w, browse):
    still, later, late = f.accepted_case(w), f.accepted_case(w), f.accepted_case(w)
    Case.objects.filter(pk=late.pk).update(
        due_on=date(2026, 9, 1)
    )  # its step has days left, the whole has none
    paused(w, still)

    page = browse("reviewer").get("/desk/?tab=mine")

    assert rows(page) == [late.number, later.number, still.number]
    assert [row.clock.words for row in page.context["page"].rows][2] == "暂停计时"
    assert page.context["page"].rows[0].clock.state == "late"


def test_my_steps_go_page_by_page_in_either_order(w, browse, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 1)
    later = f.accepted_case(w, at=f.FRIDAY_NOON + f.DAY)
    first = f.accepted_case(w)
    Case.objects.filter(pk=later.pk).update(due_on=date(2026, 9, 1))

    for sort, wanted in (("", [later.number, first.number]), ("received", [first.number, later.number])):
        page = browse("reviewer").get(f"/desk/?tab=mine&sort={sort}")
        then = browse("reviewer").get(page.context["next_url"])

        assert rows(page) + rows(then) == wanted
        assert then.context["next_url"] == ""


def test_what_is_done_stands_newest_first_page_by_page(w, browse, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 1)
    numbers = []
    for _ in range(2):
        case = f.received_case(w)
        services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
        numbers.append(case.number)
    clerk = browse("clerk")

    page = clerk.get("/desk/?tab=done")

    assert rows(page) == numbers[:0:-1]
    assert rows(clerk.get(page.context["next_url"])) == numbers[:1]


def test_a_page_may_be_grouped_by_item(w, browse):
    first, second = f.received_case(w), f.received_case(w)
    Case.objects.filter(pk=second.pk).update(item_name="户外招牌设置许可")

    page = browse("clerk").get("/desk/?tab=received&group=item")

    assert [(title, [row.number for row in group]) for title, group in page.context["groups"]] == [
        ("食品经营许可", [first.number]),
        ("户外招牌设置许可", [second.number]),
    ]
