"""What officers note for their own work: it stays inside, moves nothing, and the last word counts."""

from uuid import uuid4

import pytest

from mingqu.cases import desk_errors as errors
from mingqu.cases import selectors, services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Mark
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.errors import NotFound
from mingqu.kernel.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return f.world()


def mark(w, case, by=None, *, page=0, fine=False, text="尺寸读不出", file_id=None):
    file_id = file_id or selectors.files_of(case)[0].file_id
    return services.mark_material(
        case_id=case.pk, mark=Mark(file_id, page, fine, text), by=by or w.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )


def test_the_last_mark_of_a_page_counts_and_nothing_moves(w):
    case = f.received_case(w)
    sent = OutboxEvent.objects.count()

    mark(w, case, page=1)
    assert selectors.marked_wrong([case.pk]) == {case.pk}
    mark(w, case, w.reviewer, page=1, fine=True, text="不留")

    (last,) = selectors.marks_of(case)
    assert (last.fine, last.text, last.page) == (True, "", 1)
    assert selectors.marked_wrong([case.pk]) == set()
    assert OutboxEvent.objects.count() == sent, "nobody outside hears of it"
    now = Case.objects.get(pk=case.pk)
    assert (now.status, now.due_on) == (case.status, case.due_on)
    noted = AuditEntry.objects.filter(action="case.mark_material")
    assert noted.count() == 2
    assert "尺寸" not in str([entry.notes for entry in noted])


def test_a_mark_that_says_nothing_or_means_nothing_is_refused(w):
    case, decided = f.received_case(w), f.decided_case(w)

    with pytest.raises(errors.MarkMissing):
        mark(w, case, text=" ")
    with pytest.raises(errors.PageUnknown):
        mark(w, case, page=9)
    with pytest.raises(NotFound):
        mark(w, case, file_id=uuid4())
    with pytest.raises(errors.MarkTooLate):
        mark(w, decided)
    with pytest.raises(NotAuthorised):
        mark(w, case, w.citizen)
    assert selectors.marks_of(case) == []


def test_own_phrases_are_kept_in_order_once_each(w):
    def keep(*phrases):
        services.keep_phrases(phrases=phrases, by=w.reviewer, at=f.FRIDAY_NOON, key=uuid4())

    keep("  第二条 ", "第一条", "第二条", "")
    assert selectors.own_phrases(w.reviewer.id) == ["第二条", "第一条"]
    assert selectors.own_phrases(w.clerk.id) == []
    with pytest.raises(errors.PhraseTooLong):
        keep("长" * 201)
    with pytest.raises(errors.TooManyPhrases):
        keep(*(f"第{n}条" for n in range(41)))
    assert selectors.own_phrases(w.reviewer.id) == ["第二条", "第一条"]


def test_similar_cases_are_decided_ones_of_the_same_item_that_one_may_see(w):
    case, decided = f.accepted_case(w), f.decided_case(w)

    assert [one.pk for one in selectors.similar_cases(w.reviewer, case)] == [decided.pk]
    assert selectors.similar_cases(w.reviewer, decided) == []
    Case.objects.filter(pk=decided.pk).update(item_code="OTHER")
    assert selectors.similar_cases(w.reviewer, case) == []
