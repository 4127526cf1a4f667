"""A matter goes to another system once, whatever happens to the machine, the line and the other side."""

import itertools

import pytest

from mingqu.exchange import services
from mingqu.exchange.connectors import double, registry
from mingqu.exchange.models import Attempt, Connection, DoubleMatter, Handover
from mingqu.exchange.services import sending
from mingqu.exchange.tests import factories as f
from mingqu.exchange.types import Answer
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db


class Struck(RuntimeError):
    """The machine stops here."""


def test_handing_over_is_written_down_once_and_the_double_gets_every_line():
    order = f.order()
    first, second = (services.hand_over(order=order, at=f.AT) for _time in range(2))

    assert first == second and Handover.objects.count() == 1
    row = Handover.objects.get()
    assert (row.shown, row.needs, row.connector) == ("waiting", "", "double")
    assert f.send(row) == "taken"

    row = f.again(row)
    assert (row.shown, row.sent_on.isoformat()) == ("sent", "2026-09-18")
    assert row.external_number == f.over_there(row).number
    assert [one[2] for one in f.over_there(row).sheet] == [one.value for one in f.FIELDS]
    assert row.due_on.isoformat() == "2026-09-22" and row.silent_on.isoformat() == "2026-09-21"


def test_sending_again_what_was_sent_does_nothing():
    row = f.sent()

    assert f.send(row, at=f.AT + f.DAY) == ""
    assert (Attempt.objects.count(), DoubleMatter.objects.count()) == (1, 1)


@pytest.mark.parametrize("where", range(4))
def test_struck_down_between_any_two_deeds_it_gets_there_once(monkeypatch, where):
    """0 before the attempt is written down, 1 before the other side hears, 2 after it heard, 3 after all."""
    row = f.handed()
    places = [(sending, "_begin"), (double, "_take"), (sending, "_end")]

    def strike(*_args, **_named):
        raise Struck

    with monkeypatch.context() as broken:
        if where < len(places):
            broken.setattr(*places[where], strike)
            with pytest.raises(Struck):
                f.send(row)
        else:
            f.send(row)
    later = f.AT + 3 * f.MINUTE
    if where < len(places):
        assert services.sweep_unsent(later) == 1
    f.send(row, at=later)

    assert f.again(row).shown == "sent" and DoubleMatter.objects.count() == 1
    assert f.again(row).external_number == f.over_there(row).number


def test_an_attempt_under_way_is_not_made_a_second_time(monkeypatch):
    row = f.handed()
    monkeypatch.setattr(sending, "_end", lambda *_args: None)
    f.send(row)

    assert f.send(row) == ""


@pytest.mark.parametrize("fault", ["down", "slow", "loses"])
def test_a_system_that_is_down_slow_or_loses_it_has_it_once_in_the_end(fault):
    row, at = f.handed(), f.AT
    double.set_faults([fault])

    assert f.send(row, at=at) in {"failed", "unknown"}
    row = f.again(row)
    assert row.shown == "waiting" and row.try_at > at and not row.external_number
    double.set_faults([])
    assert f.send(row, at=row.try_at) == "taken"

    assert f.again(row).external_number == f.over_there(row).number
    assert DoubleMatter.objects.count() == 1 and f.over_there(row).round == 0


def test_what_may_have_got_there_is_asked_for_and_not_sent_again(monkeypatch):
    row = f.handed()
    double.set_faults(["slow"])
    assert f.send(row) == "unknown"
    double.set_faults([])
    monkeypatch.setattr(double, "_take", lambda *_args: pytest.fail("sent again"))

    assert f.send(row, at=f.AT + 2 * f.MINUTE) == "taken"


def test_attempts_are_made_less_often_and_a_system_that_fails_rests_meanwhile():
    row, at, waits = f.handed(), f.AT, []
    double.set_faults(["down"])
    for _time in range(6):
        f.send(row, at=at)
        row = f.again(row)
        waits.append(int((row.try_at - at) / f.MINUTE))
        at = row.try_at

    assert waits == [1, 2, 5, 15, 30, 60]
    assert Connection.objects.get().failures == 6 and Attempt.objects.count() == 6
    other = f.handed(at=at)
    assert f.send(other, at=at) == "failed"  # the failure before is a minute old or more: tried
    assert f.send(f.handed(at=at), at=at) == "failed"
    assert "resting" in set(Attempt.objects.values_list("reason", flat=True))


def test_what_the_other_side_refuses_waits_for_a_person_who_sends_it_again(monkeypatch):
    row, clerk = f.handed(), f.officer()
    connector = registry.named("double")
    with monkeypatch.context() as strict:
        strict.setattr(type(connector), "send", lambda *_a, **_n: Answer("refused", reason="http_422"))
        assert f.send(row) == "refused"
    row = f.again(row)
    assert (row.shown, row.needs, row.last_reason) == ("stuck", "stuck", "http_422")

    services.try_again(of=row, by=clerk, at=f.AT, key=new_id())
    assert f.send(row) == "taken"
    assert f.again(row).needs == ""


def test_a_correction_goes_there_as_another_round_of_the_same_matter():
    row, clerk = f.sent(), f.officer()
    f.hear(f.telling(row, "correction", 2, words="住所没有填"))
    row = f.again(row)
    assert (row.shown, row.needs, row.said) == ("correction", "correction", "住所没有填")

    services.answer_correction(of=row, words="住所：青澜街道望渠路5号", by=clerk, at=f.AT, key=new_id())
    assert f.again(row).shown == "waiting"
    assert f.send(row) == "taken"

    assert (f.again(row).shown, f.again(row).needs) == ("sent", "")
    assert f.over_there(row).round == 1 and DoubleMatter.objects.count() == 1
    f.hear(f.telling(row, "correction", 2, words="住所没有填"))  # told late once more: it was answered
    assert f.again(row).shown == "sent"
    f.hear(f.telling(row, "correction", 4, words="还缺章程"))
    assert f.again(row).needs == "correction"


def test_a_system_that_nobody_connected_is_reached_by_people_and_the_definition_says_so_for_assisted():
    by_hand = f.handed(system="不动产登记系统")
    assisted = f.handed(where="assisted")

    for row in (by_hand, assisted):
        assert (row.connector, row.shown, row.needs) == ("", "by_hand", "carry")
        assert f.send(row) == ""


def test_what_is_called_off_is_not_sent_any_more():
    row = f.handed()

    assert services.call_off(root_id=row.root_id, at=f.AT) == 1
    assert services.call_off(root_id=row.root_id, at=f.AT) == 0
    assert f.send(row) == "" and not DoubleMatter.objects.exists()


@pytest.mark.parametrize("order", list(itertools.permutations(["answer", "telling"])))
def test_a_telling_that_overtakes_the_answer_to_the_parcel_proves_that_it_got_there(monkeypatch, order):
    row, ended = f.handed(), []
    end = sending._end
    monkeypatch.setattr(sending, "_end", lambda *given: ended.append(given))
    f.send(row)
    deeds = {"answer": lambda: end(*ended[0]), "telling": lambda: f.hear(f.telling(row, "handling", 2))}
    for name in order:
        deeds[name]()

    row = f.again(row)
    assert (row.sending, row.shown) == ("sent", "handling")
