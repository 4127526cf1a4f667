"""日终清单: at the end of the day the clerk and the head of the hall see what is not finished, each with its page."""

from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.documents.models import DocumentRequest
from mingqu.hall import selectors, services
from mingqu.hall.tests import factories as made_halls
from mingqu.hall.types import NewPaper
from mingqu.identity import selectors as identity
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.tables import read_table
from mingqu.workbench.selectors.closing import closing
from mingqu.workbench.tests.pages import text_of

pytestmark = pytest.mark.django_db
NOON = f.FRIDAY_NOON
PAGE = "/desk/closing/"


@pytest.fixture
def made(w):
    """A hall of the department where the clerk of the world works."""
    return made_halls.hall(at=NOON, department=identity.acting_post(w.clerk).department_id)


def kinds(actor, **given):
    return {part.kind: [line.number for line in part.lines] for part in closing(actor, NOON, **given).parts}


def keep(w, case, by):
    papers = (NewPaper("房屋租赁合同", "original", 1),)
    services.keep_papers(case_id=case.pk, papers=papers, by=by, at=NOON, key=uuid4())


def test_a_hall_with_nothing_left_says_so(w, made, browse):
    assert "今天的都办完了" in text_of(browse("clerk").get(PAGE))


def test_papers_in_hands_open_numbers_and_unsigned_slips_are_listed(w, made):
    case = f.received_case(w)
    keep(w, case, w.clerk)
    chosen = [(one.case_id, one.id) for one in selectors.papers_of_case(w.clerk, case.pk)]
    other = f.received_case(w)
    keep(w, other, w.clerk)
    sent = services.send_papers(chosen=chosen, department_id=w.bureau, by=w.clerk, at=NOON, key=uuid4())
    services.issue_number(line_id=made.a, by=made.clerk, at=NOON, key=uuid4())

    found = kinds(w.clerk)

    assert found["paper"] == [other.number], "what is on a slip is listed by its slip"
    assert found["slip"] == [sent] and found["number"] == ["A001"]
    assert kinds(w.clerk, mine=True).keys() == {"paper", "slip"}


def test_a_result_that_is_made_and_registered_at_no_counter_is_listed_until_it_is(w, made):
    case = f.decided_case(w, at=NOON, context={"delivery": "window"})
    DocumentRequest.objects.filter(root_id=case.pk).update(state="waiting")
    assert "result" not in kinds(w.clerk), "its paper is not made yet"
    DocumentRequest.objects.filter(root_id=case.pk, kind__startswith="decision").update(
        state="ready", file_id=uuid4()
    )

    assert kinds(w.clerk)["result"] == [case.number]

    services.result_arrived(
        case_id=case.pk, hall_id=made.hall_id, place="3号柜", by=w.clerk, at=NOON, key=uuid4()
    )
    assert "result" not in kinds(w.clerk)


def test_the_head_of_the_hall_sees_all_of_it_without_ways_to_pages_that_are_not_hers(w, made, browse):
    case = f.received_case(w)
    keep(w, case, w.clerk)

    shown = closing(made.manager, NOON)

    (part,) = shown.parts
    assert [line.number for line in part.lines] == [case.number] and part.lines[0].url == ""
    assert part.lines[0].holder == identity.post_names([w.clerk.post_id])[w.clerk.post_id]
    assert kinds(made.manager, mine=True) == {}
    assert closing(w.clerk, NOON).parts[0].lines[0].url, "the clerk opens the case's papers"


def test_another_districts_head_sees_nothing_of_it(w, made):
    keep(w, f.received_case(w), w.clerk)
    away = people.staff_actor(
        "hall_manager", department_id=people.department("别区大厅", region="990105000000")
    )

    shown = closing(away, NOON, code="H1")

    assert shown.hall is None and shown.parts == []


def test_it_is_taken_away_as_a_table_and_that_is_written_down(w, made, browse):
    case = f.received_case(w)
    keep(w, case, w.clerk)

    answer = browse("clerk").post(f"{PAGE}export/", {"hall": "H1"})

    rows = read_table(b"".join(answer.streaming_content)).rows
    assert case.number in str(rows) and "房屋租赁合同" in str(rows)
    entry = AuditEntry.objects.filter(action="case.export").latest("at")
    assert "日终清单" in entry.notes["tab"] and entry.notes["rows"] == 1
    assert browse("reviewer").get(PAGE).status_code == 403


def test_however_much_there_is_it_takes_as_many_statements(w, made, django_assert_max_num_queries):
    for _ in range(3):
        keep(w, f.received_case(w), w.clerk)

    with django_assert_max_num_queries(12):
        assert closing(w.clerk, NOON).many == 3
