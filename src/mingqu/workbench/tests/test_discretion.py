"""裁量 on the pages: the range beside the decision, the second person's page, and how often ranges are left."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mingqu.cases.discretion import selectors as uses
from mingqu.cases.models import Case, Discretion
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.identity.models import Post
from mingqu.identity.tests import factories as people
from mingqu.workbench.selectors import discretion as shown
from mingqu.workbench.tests.pages import act, key_in, text_of, url

pytestmark = pytest.mark.django_db
FIGURES, FILE = reverse("workbench:discretion_figures"), reverse("workbench:discretion_export")
LIST = reverse("workbench:discretions")
WHY = "租约只剩四年，申请人要求与租约一致"


@pytest.fixture
def made(browse_in):
    return browse_in(variants.with_discretion())


def head_of(w):
    return people.signed_in(Client(), people.staff_user("周正", people.post(w.bureau, "department_head")))


def test_from_the_decision_outside_the_range_to_the_word_of_the_second_person(made):
    w, browse = made
    leader, checker = browse("leader"), browse("checker")
    case = f.reviewed_case(w)
    first = text_of(leader.get(url("decide", case)))
    assert "幅度2至3年" in first and "第三十五条" in first

    wrong = leader.post(
        url("decide", case), {"key": key_in(leader.get(url("decide", case))), "outcome": "granted"}
    )
    assert wrong.status_code == 400 and "准予的，请填写有效年数（年）" in text_of(wrong)
    done = act(leader, "decide", case, outcome="granted", value="4", why=WHY)
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.status == "accepted"

    page = text_of(leader.get(url("case", case)))
    assert "等" in page and "复核裁量" in page and WHY in page
    assert leader.get(url("decide", case)).status_code == 302, "nothing is decided anew meanwhile"
    assert "没有等您复核的裁量" in text_of(leader.get(LIST))
    assert "准予，有效年数4年" in text_of(checker.get(LIST))
    assert "1件等您复核" in text_of(checker.get(reverse("workbench:desk")))

    asked = checker.get(url("discretion", case))
    given = {"key": key_in(asked), "discretion_id": asked.context["line"].id, "agrees": "yes"}
    assert checker.post(url("discretion", case), given).status_code == 302
    case.refresh_from_db()
    assert (case.status, Discretion.objects.get(case=case).answered_by) == ("decided", w.checker.id)
    dossier = text_of(leader.get(url("dossier", case)))
    assert "第2档" in dossier and "已复核同意" in dossier


def test_within_the_range_it_is_decided_as_ever(made):
    w, browse = made
    case = f.reviewed_case(w)

    confirm = browse("leader").post(
        url("decide", case),
        {
            "key": key_in(browse("leader").get(url("decide", case))),
            "outcome": "granted",
            "value": "3",
            "stage": "check",
        },
    )
    act(browse("leader"), "decide", case, outcome="granted", value="3")

    case.refresh_from_db()
    assert "有效年数3年，在第2档的幅度之内" in text_of(confirm)
    assert case.status == "decided"


def test_the_figures_count_both_narrow_down_and_go_out_as_a_spreadsheet(made):
    w, browse = made
    for value, why in ((2, ""), (3, ""), (5, WHY)):
        case = f.reviewed_case(w)
        act(browse("leader"), "decide", case, outcome="granted", value=str(value), why=why)
    row = Discretion.objects.get(state="waiting")
    case = Case.objects.get(pk=row.case_id)
    page = browse("checker").get(url("discretion", case))
    given = {"key": key_in(page), "discretion_id": row.id, "agrees": "yes"}
    browse("checker").post(url("discretion", case), given)
    head, days = head_of(w), "since=2026-09-01&until=2026-09-30"

    whole = text_of(head.get(f"{FIGURES}?{days}"))
    assert "幅度之内2件" in whole and "超出幅度1件" in whole
    assert "%" not in whole and "不足10件的只写件数" in whole
    for by, name in (("item", "食品经营许可"), ("month", "2026年9月")):
        assert name in text_of(head.get(f"{FIGURES}?{days}&by={by}"))
    outside = head.get(f"{FIGURES}?{days}&outside=1").context["lines"]
    assert [one.number for one in outside] == [case.number]
    assert "没有用到裁量基准的决定" in text_of(head.get(f"{FIGURES}?since=2026-01-01&until=2026-02-01"))
    assert "这个部门或者事项" in text_of(head.get(f"{FIGURES}?{days}&item=OTHER"))
    book = load_workbook(BytesIO(b"".join(head.get(f"{FILE}?{days}").streaming_content)))
    assert [cell.value for cell in book["裁量统计"][2]][1:3] == [2, 1]
    assert book["决定"].max_row == 4
    assert browse("reviewer").get(FIGURES).status_code == 403


def test_a_share_is_told_of_ten_decisions_and_not_of_nine():
    assert (uses.Share("k", "n", 8, 1).percent, uses.Share("k", "n", 8, 2).percent) == ("—", "20.0%")


def test_where_no_item_has_a_table_the_figures_say_so(w):
    assert "现在没有事项有裁量基准" in text_of(head_of(w).get(FIGURES))


def test_the_days_asked_about_are_this_year_never_turned_round_never_more_than_a_year():
    today = date(2026, 12, 31)

    assert shown.span(None, None, today) == (date(2026, 1, 1), today)
    assert shown.span(today, date(2026, 2, 1), today) == (date(2026, 2, 1), today)
    first, last = shown.span(date(2020, 1, 1), None, today)
    assert (last - first).days + 1 == shown.LONGEST


def test_a_list_and_a_report_cost_the_same_statements_for_many(made, django_assert_max_num_queries):
    w, _browse = made
    wanted = uses.Wanted(date(2026, 9, 1), date(2026, 9, 30))
    for _ in range(3):
        f.reviewed_case(w)

    with django_assert_max_num_queries(3):
        uses.report(w.leader, wanted)
    with django_assert_max_num_queries(5):
        uses.waiting(w.checker)


@pytest.fixture
def two(browse_in):
    return browse_in(variants.with_two_tables(post="SCJG-SPXK-SH"))


def test_each_table_has_its_fields_its_words_and_its_second_word(two):
    w, browse = two
    leader, checker = browse("leader"), browse("checker")
    case = f.reviewed_case(w)
    first = text_of(leader.get(url("decide", case)))
    assert "幅度2至3年" in first and "幅度500至1000.50元" in first and "最多两位小数" in first

    given = {"key": key_in(leader.get(url("decide", case))), "outcome": "granted", "value": "4", "why": WHY}
    wrong = leader.post(url("decide", case), given | {"value_2": "2000.005"})
    assert wrong.status_code == 400 and "请用数字写保证金（最多两位小数）" in text_of(wrong)
    missing = leader.post(url("decide", case), given | {"value_2": "2000.50"})
    assert "value_2" not in missing.context["form"].errors and "why_2" in missing.context["form"].errors
    whole = given | {"value_2": "2000.50", "why_2": WHY + "，押金照旧"}
    sure = text_of(leader.post(url("decide", case), whole | {"stage": "check"}))
    assert "有效年数4年，超出第2档" in sure and "保证金2000.50元，超出第1档（500至1000.50元）" in sure
    assert act(leader, "decide", case, **{k: v for k, v in whole.items() if k != "key"}).status_code == 302

    rows = {row.table: row for row in Discretion.objects.filter(case=case)}
    page = checker.get(url("discretion", case))
    assert "同一个决定里的其他裁量" in text_of(page)
    said = {"key": key_in(page), "discretion_id": page.context["line"].id, "agrees": "yes"}
    onwards = checker.post(url("discretion", case), said)
    assert onwards.status_code == 302 and str(rows[2].id) in onwards["Location"], (
        "to the other one that waits"
    )
    case.refresh_from_db()
    assert case.status == "accepted"
    page = checker.get(onwards["Location"])
    assert page.context["line"].id == rows[2].id
    said = {"key": key_in(page), "discretion_id": rows[2].id, "agrees": "yes"}
    assert checker.post(onwards["Location"], said)["Location"] == url("case", case)
    case.refresh_from_db()
    assert case.status == "decided"
    shown_on_case = text_of(leader.get(url("case", case)))
    assert "保证金2000.50元" in shown_on_case and "有效年数4年" in shown_on_case


def test_where_the_named_post_is_below_the_page_offers_only_who_may(two):
    w, browse = two
    Post.objects.filter(code="SCJG-SPXK-SH").update(rank=0)  # a checker, below who decides
    f._post("SCJG-HEAD", "局长", w.bureau, "department_head", w.bureau)
    case, leader = f.reviewed_case(w), browse("leader")

    page = leader.get(url("decide", case))
    assert [code for code, _ in page.context["form"].fields["post"].choices] == ["", "SCJG-HEAD"]
    given = {"outcome": "granted", "value": "4", "why": WHY, "value_2": "600"}
    refused = leader.post(url("decide", case), given | {"key": key_in(page)})
    assert refused.status_code == 400 and "请选由哪个岗位复核" in text_of(refused)
    assert act(leader, "decide", case, **given, post="SCJG-HEAD").status_code == 302

    assert Discretion.objects.get(case=case, state="waiting").second_post == "SCJG-HEAD"
    assert "局长" in text_of(leader.get(url("case", case)))
