"""每日对账: what was sent, received, is missing or contradicts, each with the post that answers for it."""

from datetime import date

import pytest

from mingqu.exchange import selectors, services
from mingqu.exchange.connectors import double
from mingqu.exchange.errors import DayNotOver, DayReconciled, DifferenceSettled, FileUnreadable, ReasonMissing
from mingqu.exchange.models import Discrepancy, DoubleMatter, ExchangeDay
from mingqu.exchange.tests import factories as f
from mingqu.exchange.types import DayLine
from mingqu.exchange.views.double import tell
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 9, 18), f.AT + f.DAY


@pytest.fixture
def steward():
    return f.officer("data_steward", "林素")


def reconcile(by, lines, *, at=NEXT, day=DAY):
    return services.reconcile(connector="double", day=day, lines=lines, source="清单.csv", by=by, at=at)


def line(row, state="received", number=None):
    return DayLine(row.reference, f.again(row).external_number if number is None else number, state)


def found():
    return sorted(Discrepancy.objects.values_list("kind", flat=True))


def test_a_day_on_which_both_sides_agree_has_no_difference(steward):
    row = f.sent()
    f.hear(f.telling(row, "received", 1))

    done = reconcile(steward, [line(row)])

    assert (done.sent, done.received, done.differences) == (1, 1, 0)


def test_each_difference_is_found_with_the_post_that_answers_for_it(steward):
    clerk = f.officer()
    post = clerk.post_id
    lost, other, behind, wrong = (f.sent(post_id=post) for _time in range(4))
    unsent = f.handed(post_id=post)
    for row in (other, behind):
        f.hear(f.telling(row, "received", 1))
    f.hear(f.telling(wrong, "granted", 2, result=f.RESULT))
    lines = [
        line(other, number="SDJ9"),
        line(behind, "handling"),
        line(wrong, "refused"),
        DayLine("f" * 32, "SDJ8", "received"),
    ]

    assert reconcile(steward, lines).differences == 6
    assert found() == sorted(["missing_there", "missing_here", "number", "behind", "state", "unsent"])
    owners = dict(Discrepancy.objects.values_list("reference", "post_id"))
    assert owners.pop("f" * 32) is None and set(owners.values()) == {post}
    assert {lost.reference, unsent.reference} <= set(owners)


def test_silence_and_contradictions_stand_in_every_day_until_somebody_dealt_with_them(steward):
    row, clerk = f.sent(), f.officer()
    double.set_faults(["contradicts"])
    tell(double.say(row.reference, "granted", at=f.AT, result=f.RESULT), f.AT)

    reconcile(steward, [line(row, "granted")])
    assert found() == ["contradicts"]
    services.resolve(of=row, reason="以准予为准", by=clerk, at=NEXT, key=new_id())
    assert reconcile(steward, [], day=date(2026, 9, 19), at=NEXT + f.DAY).differences == 0


def test_it_is_settled_once_with_a_reason_by_its_post_or_by_who_reconciles(steward):
    clerk, other = f.officer(), f.officer("reviewer", "王一帆")
    f.sent(post_id=clerk.post_id)
    day = reconcile(steward, []).day_id
    one = Discrepancy.objects.get()

    def settle(by, reason="已让对方重新接收"):
        services.settle_difference(
            day_id=day, difference_id=one.id, reason=reason, by=by, at=NEXT, key=new_id()
        )

    with pytest.raises(NotAuthorised):
        settle(other)
    with pytest.raises(ReasonMissing):
        settle(clerk, " ")
    settle(clerk)
    with pytest.raises(DifferenceSettled):
        settle(steward)
    with pytest.raises(DayReconciled):
        reconcile(steward, [DayLine("f" * 32, "1", "")])


def test_a_day_is_reconciled_when_it_is_over_and_another_list_takes_its_place(steward):
    row = f.sent()
    with pytest.raises(DayNotOver):
        reconcile(steward, [line(row)], at=f.AT)
    reconcile(steward, [])
    assert reconcile(steward, [line(row)]).differences == 1  # behind: it told `received`, we have not heard
    assert ExchangeDay.objects.count() == 1 and found() == ["behind"]
    with pytest.raises(NotAuthorised):
        reconcile(f.officer(), [DayLine("a", "b", "")])


def test_by_itself_every_connection_is_asked_once_for_yesterday_and_a_side_that_is_down_later():
    row = f.sent()

    assert services.sweep_days(NEXT) == 1
    double.set_faults(["down"])
    with pytest.raises(double.SystemUnavailable):
        services.reconcile_asked("double", DAY, NEXT)
    double.set_faults([])
    DoubleMatter.objects.filter(pk=row.reference).delete()
    assert services.reconcile_asked("double", DAY, NEXT).differences == 1
    assert found() == ["missing_there"] and services.sweep_days(NEXT) == 0


@pytest.mark.parametrize(
    "text", ["流水号,编号,状态\n,1,已收到\n", "流水号,编号,状态\nabc\n", "流水号,编号,状态\nabc,1,在路上\n"]
)
def test_a_list_that_cannot_be_read_is_refused_with_its_line(text):
    with pytest.raises(FileUnreadable, match="第2行"):
        list(services.read_list(text.encode()))


def test_a_list_is_read_with_its_states_in_words():
    data = "\ufeff流水号,编号,状态\nabc,1,已办结\n\n".encode()

    assert list(services.read_list(data)) == [DayLine("abc", "1", "granted")]


def test_days_an_outage_left_behind_are_asked_for_later_and_stand_on_the_first_page(steward):
    row, back = f.sent(), f.AT + 10 * f.DAY
    assert selectors.days_left(back) == []  # never reconciled: nothing is owed for days before
    reconcile(steward, [line(row)])

    left = [DAY + n * f.DAY for n in range(1, 9)]
    assert selectors.days_left(back) == [("double", day) for day in left]
    assert services.sweep_days(back) == 7  # yesterday and the six oldest
    assert selectors.days_waiting(steward, back).words == "8天还没有对上账"
    assert selectors.days_waiting(f.officer(), back) is None
    for day in left:
        reconcile(steward, [], at=back, day=day)
    assert services.sweep_days(back) == 1 and selectors.days_waiting(steward, back) is None
