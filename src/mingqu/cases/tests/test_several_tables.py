"""裁量 by several tables: each its range, value, reason and second person; decided together or not at all."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connections, transaction

from mingqu.cases import errors, services
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.models import Case, Decision, Discretion
from mingqu.cases.services.discretion import Choice, Setting
from mingqu.cases.services.seconds import posts_for
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.catalogue import services as catalogue
from mingqu.documents import selectors as documents
from mingqu.identity.models import Post
from mingqu.identity.tests.factories import NOON
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry
from mingqu.process import selectors as tasks

NOW = f.FRIDAY_NOON
WHY = "租约只剩四年，申请人要求与租约一致"
SECOND, HEAD = "SCJG-SPXK-SH", "SCJG-HEAD"


@pytest.fixture
def w(db):
    return house()


def house():
    """60 平方米: two to three years, 500 to 1000.50 元."""
    world = f.world(v.with_discretion())
    world.head = f._post(HEAD, "局长", world.bureau, "department_head", world.bureau)
    catalogue.publish_revision(
        document=v.with_two_tables(), by=f.SYSTEM, at=NOON, key=uuid4(), files=f.form_files()
    )
    return world


def set_to(case, by, years, deposit, *, years_why="", deposit_why="", post=""):
    choice = Choice("granted", "", years, years_why, post, (Setting(deposit, deposit_why),))
    services.decide_with(case_id=case.pk, choice=choice, by=by, at=NOW, key=uuid4())
    case.refresh_from_db()


def rows_of(case):
    return {row.table: row for row in Discretion.objects.filter(case=case)}


def states(case):
    return {table: str(row.state) for table, row in rows_of(case).items()}


def answer(row, by, agrees=True, text=""):
    services.answer_discretion(
        case_id=row.case_id, discretion_id=row.id, agrees=agrees, text=text, by=by, at=NOW, key=uuid4()
    )


def nothing_decided(case):
    case.refresh_from_db()
    assert (case.status, case.outcome, case.decided_on) == ("accepted", "", None)
    assert not Decision.objects.filter(case=case).exists()
    assert not any(one.kind.startswith("decision") for one in documents.documents_of(case.pk))
    assert [t.step for t in tasks.open_tasks(case.pk)] == ["decide"]


def test_within_both_ranges_it_is_decided_at_once_and_the_paper_says_both(w):
    case = f.reviewed_case(w)

    set_to(case, w.leader, 2, Decimal("1000.50"))

    assert (case.status, states(case)) == ("decided", {1: "within", 2: "within"})
    said = uses.on_paper(uses.decided(case))
    assert [line.partition("：")[0] for line in said] == [
        "有效年数",
        "有效年数的裁量基准",
        "保证金",
        "保证金的裁量基准",
    ]
    assert said[2] == "保证金：1000.50元" and "500至1000.50元" in said[3]
    told = AuditEntry.objects.get(root_id=case.pk, action="case.decide").notes["discretions"]
    assert [(one["table"], one["value"], one["most"]) for one in told] == [
        (1, 2, 3),
        (2, "1000.50", "1000.50"),
    ]


@pytest.mark.parametrize(
    ("years", "deposit", "field"),
    [
        (None, 600, "value"),
        (2, None, "value_2"),
        (2, Decimal("600.005"), "value_2"),
        (Decimal("2.5"), 600, "value"),
    ],
)
def test_each_table_asks_for_its_own_number(w, years, deposit, field):
    case = f.reviewed_case(w)

    with pytest.raises(errors.DiscretionMissing) as refused, transaction.atomic():
        set_to(case, w.leader, years, deposit)

    assert refused.value.field == field
    nothing_decided(case)


def test_the_reason_is_asked_for_the_table_that_is_left(w):
    case = f.reviewed_case(w)

    with pytest.raises(errors.DiscretionUnexplained) as refused, transaction.atomic():
        set_to(case, w.leader, 2, 2000, years_why=WHY)

    assert refused.value.field == "why_2"
    assert not rows_of(case)


def test_what_lies_within_waits_for_what_lies_outside(w):
    case = f.reviewed_case(w)
    set_to(case, w.leader, 2, 2000, deposit_why=WHY)
    nothing_decided(case)
    assert states(case) == {1: "held", 2: "waiting"}

    answer(rows_of(case)[2], w.head)

    case.refresh_from_db()
    assert (case.status, states(case)) == ("decided", {1: "within", 2: "agreed"})


def test_two_outside_are_agreed_to_by_each_second_person_and_decided_with_the_last(w):
    case = f.reviewed_case(w)
    set_to(case, w.leader, 4, 2000, years_why=WHY, deposit_why=WHY)
    with pytest.raises(errors.DiscretionOtherPost), transaction.atomic():
        answer(rows_of(case)[2], w.checker)

    answer(rows_of(case)[1], w.checker)
    nothing_decided(case)
    assert states(case) == {1: "held", 2: "waiting"}
    with pytest.raises(errors.DiscretionUnknown), transaction.atomic():
        answer(rows_of(case)[1], w.checker)
    answer(rows_of(case)[2], w.head)

    case.refresh_from_db()
    rows = rows_of(case)
    assert (case.status, states(case)) == ("decided", {1: "agreed", 2: "agreed"})
    assert [rows[n].answered_by for n in (1, 2)] == [w.checker.id, w.head.id]
    assert Decision.objects.get(case=case).person_id == w.leader.id


def test_one_sent_back_sends_back_the_whole_decision(w):
    case = f.reviewed_case(w)
    set_to(case, w.leader, 4, 2000, years_why=WHY, deposit_why=WHY)
    answer(rows_of(case)[1], w.checker)

    answer(rows_of(case)[2], w.head, agrees=False, text="保证金太高")

    nothing_decided(case)
    assert states(case) == {1: "dropped", 2: "sent_back"}
    set_to(case, w.leader, 3, 1000)
    assert case.status == "decided"


def test_a_withdrawal_takes_all_of_it_away(w):
    case = f.reviewed_case(w)
    set_to(case, w.leader, 2, 2000, deposit_why=WHY)

    services.withdraw_case(case_id=case.pk, by=w.citizen, at=NOW, key=uuid4())

    assert states(case) == {1: "dropped", 2: "dropped"}


def test_who_is_below_does_not_look_over_who_is_above(w):
    Post.objects.filter(code=SECOND).update(rank=Post.Rank.SECTION)
    case = f.reviewed_case(w)

    for post, refusal in (
        ("", errors.DiscretionSubordinate),
        (SECOND, errors.DiscretionSubordinate),
        ("SCJG-LEAD", errors.DiscretionPostUnfit),  # nobody there but who sets the value
    ):
        with pytest.raises(refusal), transaction.atomic():
            set_to(case, w.leader, 4, 600, years_why=WHY, post=post)
    assert not rows_of(case)
    assert list(posts_for(case, w.leader.id, w.leader.post_id, NOW)) == [HEAD]
    set_to(case, w.leader, 4, 600, years_why=WHY, post=HEAD)
    row = rows_of(case)[1]
    assert row.second_post == HEAD
    with pytest.raises(errors.DiscretionSubordinate), transaction.atomic():
        services.pass_discretion(
            case_id=case.pk, discretion_id=row.id, post=SECOND, by=w.head, at=NOW, key=uuid4()
        )
    answer(row, w.head)
    case.refresh_from_db()
    assert case.status == "decided"


def test_the_figures_count_each_table_and_divide_by_what_is_set(w):
    case = f.reviewed_case(w)
    set_to(case, w.leader, 2, 2000, deposit_why=WHY)
    answer(rows_of(case)[2], w.head)
    day = Case.objects.get(pk=case.pk).decided_on

    found = uses.report(w.head, uses.Wanted(day, day, by="name"))

    assert [(one.name, one.inside, one.outside) for one in found] == [("保证金", 0, 1), ("有效年数", 1, 0)]


def test_of_two_second_persons_at_once_the_last_decides_once(committed_db):
    w = house()
    case = f.reviewed_case(w)
    set_to(case, w.leader, 4, 2000, years_why=WHY, deposit_why=WHY)
    rows, done = rows_of(case), []

    def run(row, by):
        try:
            answer(row, by)
            done.append("done")
        except DomainError as refused:
            done.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in ((rows[1], w.checker), (rows[2], w.head))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    case.refresh_from_db()
    assert (done, case.status) == (["done", "done"], "decided")
    assert states(case) == {1: "agreed", 2: "agreed"}
    assert Decision.objects.filter(case=case).count() == 1
