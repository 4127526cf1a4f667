"""撤回 of what another system has: it is told until it answers, and what it says is shown, not what we hope."""

import itertools

import pytest

from mingqu.exchange import rules, services
from mingqu.exchange.connectors import double
from mingqu.exchange.errors import HandoverEnded, NotAskedToCorrect
from mingqu.exchange.models import Handover
from mingqu.exchange.services import recalling, sending
from mingqu.exchange.tests import factories as f
from mingqu.exchange.types import Answer, Result, Telling
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def stopped(row: Handover) -> bool:
    return f.over_there(row).stopped_at is not None


def test_what_never_went_out_needs_nobody_to_stop_it():
    row = f.handed()
    assert services.call_off(root_id=row.root_id, at=f.AT) == 1

    row = f.again(row)
    assert (row.shown, row.recall, row.ended_at) == ("called_off", "", f.AT)
    assert f.recall(row) == ""


def test_until_the_other_side_answers_it_is_not_said_to_have_stopped():
    row = f.called_off()
    assert (row.shown, row.needs, row.ended_at) == ("recalling", "", None)
    assert services.call_off(root_id=row.root_id, at=f.AT) == 0

    assert f.recall(row) == "taken"
    assert (f.again(row).shown, stopped(row)) == ("recalled", True)
    assert f.again(row).ended_at == f.AT and f.recall(row) == ""


@pytest.mark.parametrize("fault", ["down", "slow", "loses"])
def test_down_slow_or_deaf_on_the_line_it_is_told_again_and_stops_once(fault):
    row = f.called_off()
    double.set_faults([fault])
    assert f.recall(row) in {"failed", "unknown"}
    row = f.again(row)
    assert (row.shown, row.recall_tries) == ("recalling", 1) and row.recall_at == f.AT + f.MINUTE
    assert f.recall(row) == "", "not before its time"

    double.set_faults([])
    assert services.sweep_recalls(row.recall_at) == 1
    assert f.recall(row, at=row.recall_at) == "taken"
    assert f.again(row).shown == "recalled" and stopped(row)


def test_after_hours_without_an_answer_people_are_asked_to_tell_it_while_it_is_still_tried():
    row, clerk = f.called_off(), f.officer()
    double.set_faults(["down"])
    for _time in range(rules.RECALL_OVERDUE):
        f.recall(row, at=f.again(row).recall_at)
    row = f.again(row)
    assert (row.shown, row.needs) == ("recalling", "recall")

    services.resolve(of=row, reason="电话告诉了登记科，已停办", by=clerk, at=f.AT + f.DAY, key=new_id())
    row = f.again(row)
    assert (row.shown, row.needs) == ("recalled", "") and row.ended_at
    assert services.sweep_recalls(f.AT + 2 * f.DAY) == 0


@pytest.mark.parametrize("order", list(itertools.permutations(["recall", "telling"])))
def test_decided_meanwhile_a_person_looks_at_it_whatever_comes_first(order):
    row, clerk = f.called_off(), f.officer()
    double.say(row.reference, "granted", at=f.AT, result=f.RESULT)
    deeds = {
        "recall": lambda: f.recall(row),
        "telling": lambda: f.hear(f.telling(row, "granted", 2, result=f.RESULT)),
    }
    for name in order:
        deeds[name]()

    row = f.again(row)
    assert (row.shown, row.needs, row.ended_at) == ("too_late", "too_late", None)
    services.resolve(of=row, reason="对方同意撤销登记", by=clerk, at=f.AT, key=new_id())
    row = f.again(row)
    assert (row.shown, row.needs) == ("dealt", "") and row.ended_at


def test_one_that_said_it_stops_and_decides_all_the_same_is_looked_at():
    row = f.called_off()
    assert f.recall(row) == "taken"
    f.hear(f.telling(row, "granted", 2, result=f.RESULT))

    assert (f.again(row).shown, f.again(row).needs) == ("too_late", "too_late")


def test_one_that_does_not_stop_waits_for_a_person():
    row = f.called_off()
    double.set_faults(["deaf"])

    assert f.recall(row) == "refused"
    assert (f.again(row).shown, f.again(row).needs) == ("not_stopped", "too_late")
    assert not stopped(row)


def test_where_people_carry_they_tell_it_and_may_type_what_they_find_there():
    clerk = f.officer()
    row = f.carried(clerk, number="HJ1")
    services.call_off(root_id=row.root_id, at=f.AT)
    row = f.again(row)
    assert (row.shown, row.needs, f.recall(row)) == ("recalling", "recall", "")
    with pytest.raises(HandoverEnded):
        services.type_number(of=row, number="2", again="2", by=clerk, at=f.AT, key=new_id())

    told = Telling(row.reference, "granted", f.AT, result=Result("H-9"))
    services.type_state(of=row, told=told, by=clerk, at=f.AT)
    assert f.again(row).needs == "too_late"


def test_an_attempt_under_way_is_let_end_before_it_is_taken_back(monkeypatch):
    """Told before the parcel came, the other side would know of nothing to stop, and handle it after."""
    row = f.handed()
    with monkeypatch.context() as slow:
        ended = []
        slow.setattr(sending, "_end", lambda *given: ended.append(given))
        f.send(row)
        services.call_off(root_id=row.root_id, at=f.AT)
        assert f.again(row).recall_at == f.AT + rules.LEASE
        assert f.recall(row) == ""
    sending._end(*ended[0])
    assert f.again(row).external_number == f.over_there(row).number

    assert f.recall(row, at=f.AT + rules.LEASE) == "taken"
    assert stopped(row) and f.again(row).sending == "called_off"


@pytest.mark.parametrize("where", ["_told", "_end"])
def test_struck_down_on_the_way_it_is_told_again(monkeypatch, where):
    row = f.called_off()

    def strike(*_given):
        raise ConnectionError

    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(recalling, where, strike)
        f.recall(row)
    later = f.AT + rules.LEASE
    assert services.sweep_recalls(later) == 1
    assert f.recall(row, at=later) == "taken" and f.again(row).shown == "recalled"


def test_a_person_who_dealt_with_it_meanwhile_is_not_overruled_by_a_late_answer(monkeypatch):
    row, clerk = f.called_off(), f.officer()

    def resolved(told, _at):
        Handover.objects.filter(root_id=told.root_id).update(recall="overdue", needs="recall")
        services.resolve(of=f.again(told), reason="电话停办", by=clerk, at=f.AT, key=new_id())
        return Answer("failed", reason="TimeoutError")

    monkeypatch.setattr(recalling, "_told", resolved)
    f.recall(row)
    assert f.again(row).shown == "recalled"


def test_a_correction_is_not_answered_any_more_once_it_was_taken_back():
    row, clerk = f.asking(), f.officer()
    services.call_off(root_id=row.root_id, at=f.AT)

    with pytest.raises(NotAskedToCorrect):
        services.answer_correction(of=f.again(row), words="补好了", by=clerk, at=f.AT, key=new_id())
    assert f.again(row).round == 0


@pytest.mark.parametrize("recall", ["", *rules.RECALLED])
@pytest.mark.parametrize("outside", ["", "handling", "granted", "refused"])
def test_every_standing_of_what_was_taken_back_has_a_word_and_an_end_is_never_passed_over(recall, outside):
    facts = rules.Facts("called_off", outside, recall=recall)

    assert rules.shown(facts) in rules.WORDS
    if outside in rules.FINAL and recall != "settled":
        assert rules.needs(facts) == "too_late"


def test_nobody_without_the_right_resolves_it():
    row = f.called_off()
    double.set_faults(["deaf"])
    f.recall(row)

    with pytest.raises(DomainError):
        services.resolve(
            of=f.again(row), reason="好了", by=f.officer("finance_officer", "钱进"), at=f.AT, key=new_id()
        )
    assert f.again(row).shown == "not_stopped"
