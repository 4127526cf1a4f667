"""Many cases of one item at once: looked through, confirmed, each done for itself, none half."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Mark
from mingqu.workbench.tests.pages import key_in, text_of
from mingqu.workbench.views import batch

pytestmark = pytest.mark.django_db
ITEM = "QH-SPJYXK"


def at(kind: str) -> str:
    return reverse(f"workbench:batch_{kind}")


def status(case):
    return Case.objects.get(pk=case.pk).status


def send(client, kind, numbers, *, stage="check", **given):
    return client.post(at(kind), {"item": ITEM, "number": numbers, "stage": stage, **given})


def test_received_cases_are_accepted_one_by_one_and_what_needs_a_look_stays_out(w, browse):
    good, marked, gone = f.received_case(w), f.received_case(w), f.received_case(w)
    file = cases.files_of(marked)[0].file_id
    mark = Mark(file, 0, False, "不清")
    services.mark_material(case_id=marked.pk, mark=mark, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    clerk, numbers = browse("clerk"), [good.number, marked.number, gone.number]

    assert "3件在等" in text_of(clerk.get(at("accept")))
    listed = {row.number: row.why for row in clerk.get(at("accept"), {"item": ITEM}).context["rows"]}
    assert listed == {good.number: "", marked.number: "有材料标注了问题", gone.number: ""}
    asked = send(clerk, "accept", numbers)
    assert "每件各发《受理通知书》" in text_of(asked)
    assert status(good) == "received", "nothing before the last question"
    services.accept_case(case_id=gone.pk, by=w.reviewer, at=f.FRIDAY_NOON, key=uuid4())  # someone was faster

    key = key_in(asked)
    for _ in range(2):  # the page sent again does nothing twice
        answer = send(clerk, "accept", numbers, stage="do", key=key)
        done = {one.number: one.done for one in answer.context["results"]}
        assert done == {good.number: True, marked.number: False, gone.number: False}
    assert "办成1件，共3件" in text_of(answer)
    assert [status(case) for case in (good, marked, gone)] == ["accepted", "received", "accepted"]
    assert len(cases.opinions_of(good)) == 0


def test_one_that_breaks_stops_none_of_the_others(w, browse, monkeypatch):
    first, second = f.received_case(w), f.received_case(w)
    accept = services.accept_case

    def broken(*, case_id, **given):
        if case_id == first.pk:
            raise RuntimeError("broken")
        return accept(case_id=case_id, **given)

    chosen = batch.BATCHES["accept"]
    monkeypatch.setitem(batch.BATCHES, "accept", replace(chosen, run=broken))
    answer = send(browse("clerk"), "accept", [first.number, second.number], stage="do", key=str(uuid4()))

    assert [one.done for one in answer.context["results"]] == [False, True]
    assert "系统出错，这一件没有变化" in text_of(answer)
    assert [status(first), status(second)] == ["received", "accepted"]


def test_simple_cases_are_granted_together_after_a_second_look(w, browse):
    good, doubtful, held = f.reviewed_case(w), f.reviewed_case(w), f.accepted_case(w)
    Case.objects.filter(pk=doubtful.pk).update(extended_on=f.FRIDAY_NOON.date())
    leader = browse("leader")

    shown = leader.get(at("grant"), {"item": ITEM}).context["rows"]
    mine = {row.number: row.clock for row in leader.get(reverse("workbench:desk")).context["page"].rows}
    assert {row.number: row.clock for row in shown} == mine, "one day for a step, on both lists"
    rows = {row.number: row.why for row in shown}
    assert rows == {good.number: "", doubtful.number: "延过期或者退回重办过"}
    numbers = [good.number, doubtful.number, held.number]
    unseen = send(leader, "grant", numbers, stage="do", key=str(uuid4()))
    assert unseen.status_code == 400 and "请先逐件看过" in text_of(unseen)
    answer = send(leader, "grant", numbers, stage="do", key=str(uuid4()), looked="1")

    assert [one.done for one in answer.context["results"]] == [True, False, False]
    assert [status(good), status(doubtful), status(held)] == ["decided", "accepted", "accepted"]
    decision = cases.decisions_of(Case.objects.get(pk=good.pk))[0]
    assert (decision.kind, bool(decision.document_number)) == ("granted", True)


def test_a_batch_wants_its_permission_and_a_choice(w, browse):
    f.received_case(w)

    assert browse("station").get(at("grant")).status_code == 403
    empty = send(browse("clerk"), "accept", [])
    assert empty.status_code == 400 and "请至少选一件" in text_of(empty)
    assert "没有在等的办件" in text_of(browse("clerk").get(at("accept"), {"item": "NONE"}))


@pytest.mark.parametrize("kind", ["accept", "grant"])
def test_a_batch_costs_the_same_few_statements_however_long_it_is(
    w, browse, kind, django_assert_max_num_queries
):
    for _ in range(3):
        f.received_case(w) if kind == "accept" else f.reviewed_case(w)
    client = browse("clerk" if kind == "accept" else "leader")
    client.get(at(kind), {"item": ITEM})

    with django_assert_max_num_queries(10):
        assert len(client.get(at(kind), {"item": ITEM}).context["rows"]) == 3
