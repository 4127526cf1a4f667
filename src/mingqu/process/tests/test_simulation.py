"""The simulation against queueing theory, against a second way of reckoning, and against what can't be otherwise."""

import math
from datetime import UTC, date, datetime
from heapq import heappop, heappush
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.process.plan import Flow, Kind, Node, make_plan
from mingqu.process.services import plan_from_steps
from mingqu.process.simulation import drawing
from mingqu.process.simulation.engine import NeverEnds, TooFewPeople, simulate
from mingqu.process.simulation.hours import DAY, Hours, NoHours, always
from mingqu.process.simulation.types import Arrival, Discipline, Pool, Setup
from mingqu.process.types import StepRow

FIRST = date(2026, 9, 14)  # a Monday
MIDNIGHT = datetime(2026, 9, 13, 16, tzinfo=UTC)
OFFICE = ((9 * 60.0, 12 * 60.0), (14 * 60.0, 18 * 60.0))


def office() -> Hours:
    return Hours(FIRST, lambda day: day.weekday() < 5, OFFICE)


def plan(*rows: StepRow):
    return plan_from_steps(list(rows), names={"fast"})


def setup(of, pools, minutes, **more) -> Setup:
    return Setup(of, MIDNIGHT, pools, {name: (lambda _u, m=m: m) for name, m in minutes.items()}, **more)


ONE = plan(StepRow("review", "承办", "officer"))
LINE = plan(StepRow("review", "承办", "officer"), StepRow("decide", "批准", "head"))


# -- hours


@given(moment=st.floats(0, 30 * DAY), work=st.floats(0.01, 3000))
def test_what_is_worked_until_work_is_done_is_what_was_worked_before_and_the_work(moment, work):
    hours = office()

    done = hours.after(moment, work)

    assert hours.worked(done) == pytest.approx(hours.worked(moment) + work, abs=1e-6)
    assert done >= moment


def test_work_goes_on_the_next_morning_and_not_at_the_weekend():
    hours = office()
    friday_half_past_five = 4 * DAY + 17.5 * 60

    assert hours.after(friday_half_past_five, 30) == 4 * DAY + 18 * 60
    assert hours.after(friday_half_past_five, 31) == 7 * DAY + 9 * 60 + 1
    assert hours.after(5 * DAY, 60) == 7 * DAY + 10 * 60


def test_hours_in_which_nobody_ever_works_are_refused():
    with pytest.raises(NoHours):
        Hours(FIRST, lambda _day: False, OFFICE).moment(1)


# -- queueing theory


def erlang_c_wait(arrivals: float, served: float, people: int) -> float:
    """Mean wait of M/M/c."""
    offered = arrivals / served
    top = offered**people / math.factorial(people) * people / (people - offered)
    waits = top / (sum(offered**k / math.factorial(k) for k in range(people)) + top)
    return waits / (people * served - arrivals)


@pytest.mark.parametrize(("people", "load"), [(1, 0.5), (2, 0.7), (4, 0.8)])
def test_random_arrivals_and_random_work_wait_as_long_as_queueing_theory_says(people, load):
    served, dice = 1 / 10, Random(7)
    rate, moment, came = load * people * served, 0.0, []
    for _ in range(12_000):
        moment += dice.expovariate(rate)
        came.append(Arrival(moment))
    pools = {"officer": Pool(people, always(FIRST))}
    how_long = {"review": lambda u: -math.log(1 - u) / served}

    found = simulate(Setup(ONE, MIDNIGHT, pools, how_long, seed=3), came)

    waited = found.steps["review"].waited
    assert sum(waited) / len(waited) == pytest.approx(erlang_c_wait(rate, served, people), rel=0.15)
    assert found.posts["officer"].load == pytest.approx(load, rel=0.05)


# -- a second way of reckoning


def by_hand(came: list[float], minutes: list[list[float]], people: list[int]) -> list[float]:
    """When each case is over: step after step, each with its own people, who came first first. No events, no heap."""
    ready = list(came)
    for step, staff in enumerate(people):
        free = [0.0] * staff
        for case in sorted(range(len(came)), key=lambda n: (ready[n], n)):
            begin = max(ready[case], heappop(free))
            ready[case] = begin + minutes[case][step]
            heappush(free, ready[case])
    return ready


cases = st.lists(
    st.tuples(st.floats(0, 5000), st.floats(0.5, 400), st.floats(0.5, 400)), min_size=1, max_size=30
)


@given(cases=cases, first=st.integers(1, 3), second=st.integers(1, 3))
def test_two_steps_come_out_as_when_reckoned_by_hand(cases, first, second):
    cases = sorted(cases)
    pools = {"officer": Pool(first, always(FIRST)), "head": Pool(second, always(FIRST))}
    arrivals = [Arrival(at, taken={"review": one, "decide": two}) for at, one, two in cases]

    found = simulate(setup(LINE, pools, {}), arrivals)

    expected = by_hand([at for at, _, _ in cases], [[a, b] for _, a, b in cases], [first, second])
    assert list(found.over) == pytest.approx(expected)


# -- what can't be otherwise


@given(cases=cases, staff=st.integers(1, 3), order=st.sampled_from(Discipline))
def test_nothing_is_lost_and_nobody_works_more_than_there_is_time(cases, staff, order):
    pools = {"officer": Pool(staff, office()), "head": Pool(1, office())}
    arrivals = [Arrival(at, taken={"review": one, "decide": two}) for at, one, two in sorted(cases)]

    found = simulate(setup(LINE, pools, {}, order=order), arrivals)

    assert len(found.over) == len(cases)
    assert all(over > came for came, over in zip(found.came, found.over, strict=True))
    assert [len(one.handled) for one in found.steps.values()] == [len(cases)] * 2
    assert found.posts["officer"].busy == pytest.approx(sum(one for _, one, _ in cases))
    assert all(post.busy <= post.open + 1e-6 for post in found.posts.values())
    # Work is taken when there is work: in whatever order, the post is done with all of it at the same moment.
    if order is not Discipline.FIRST and staff == 1:
        first = simulate(setup(ONE, {"officer": Pool(1, office())}, {}), arrivals)
        again = simulate(setup(ONE, {"officer": Pool(1, office())}, {}, order=order), arrivals)
        assert max(first.over) == pytest.approx(max(again.over))


def test_the_same_seed_gives_the_same_to_the_last_digit_and_another_does_not():
    pools = {"officer": Pool(2, office()), "head": Pool(1, office())}
    drawn = {"review": drawing.spread(60), "decide": drawing.spread(20)}
    arrivals = [Arrival(540.0 + 25 * n) for n in range(200)]

    one, again, other = (
        simulate(Setup(LINE, MIDNIGHT, pools, drawn, seed=seed), arrivals) for seed in (1, 1, 2)
    )

    assert (one.over, one.steps["review"].waited) == (again.over, again.steps["review"].waited)
    assert one.over != other.over


def test_a_case_takes_as_long_in_one_process_as_in_another():
    longer = plan(StepRow("review", "承办", "officer"), StepRow("more", "复核", "head"))
    pools = {"officer": Pool(None, office()), "head": Pool(None, office())}
    drawn = {"review": drawing.spread(60), "more": drawing.spread(20)}
    arrivals = [Arrival(540.0 + 25 * n) for n in range(50)]

    short, long = (simulate(Setup(of, MIDNIGHT, pools, drawn, seed=5), arrivals) for of in (ONE, longer))

    assert sorted(short.steps["review"].handled) == sorted(long.steps["review"].handled)


@given(st.lists(st.floats(1, 300), min_size=3, max_size=3))
def test_side_by_side_lasts_as_long_as_the_longest_and_one_after_another_as_all_together(minutes):
    rows = [StepRow(f"s{n}", f"部门{n}", f"p{n}") for n in range(3)]
    beside = plan(*(StepRow(row.id, row.name, row.post, parallel="A") for row in rows))
    pools = {f"p{n}": Pool(None, always(FIRST)) for n in range(3)}
    times = {f"s{n}": one for n, one in enumerate(minutes)}

    serial, parallel = (simulate(setup(of, pools, times), [Arrival(0.0)]) for of in (plan(*rows), beside))

    assert serial.over[0] == pytest.approx(sum(minutes))
    assert parallel.over[0] == pytest.approx(max(minutes))


def test_a_visit_by_two_takes_two_officers_and_is_not_overtaken():
    visit = plan(StepRow("visit", "现场核查", "officer", people=2), StepRow("decide", "批准", "officer"))
    pools = {"officer": Pool(2, always(FIRST))}

    found = simulate(setup(visit, pools, {"visit": 60, "decide": 10}), [Arrival(0.0), Arrival(1.0)])

    assert list(found.over) == [130.0, 130.0]  # both visits first: the second came before the first decision
    with pytest.raises(TooFewPeople):
        simulate(setup(visit, {"officer": Pool(1, always(FIRST))}, {"visit": 1, "decide": 1}), [])


def test_a_condition_sends_a_case_another_way():
    some = plan(StepRow("review", "承办", "officer", when="fast = false"), StepRow("decide", "批准", "head"))
    pools = {"officer": Pool(1, always(FIRST)), "head": Pool(1, always(FIRST))}
    arrivals = [Arrival(0.0, {"fast": True}), Arrival(100.0, {"fast": False})]

    found = simulate(setup(some, pools, {"review": 30, "decide": 10}), arrivals)

    assert list(found.over) == [10.0, 140.0]


def test_the_most_urgent_is_taken_first_where_that_is_the_order():
    two = plan(StepRow("review", "承办", "officer"), StepRow("decide", "批准", "officer", limit=1))
    pools = {"officer": Pool(1, always(FIRST))}
    arrivals = [Arrival(0.0), Arrival(1.0)]

    first, urgent, short = (
        simulate(setup(two, pools, {"review": 30, "decide": 10}, order=order), arrivals)
        for order in (Discipline.FIRST, Discipline.DUE, Discipline.SHORT)
    )

    assert list(first.over) == [70.0, 80.0]
    assert list(urgent.over) == [70.0, 80.0]  # the other has no limit yet: it goes before
    assert list(short.over) == [40.0, 80.0]


def circle():
    nodes = [
        Node("start", Kind.START),
        Node("review", Kind.USER, "承办", "officer"),
        Node("gate", Kind.EXCLUSIVE, default="out"),
        Node("end", Kind.END),
    ]
    flows = [
        Flow("a", "start", "review"),
        Flow("b", "review", "gate"),
        Flow("back", "gate", "review", 'outcome.review = "not_met"', ("outcome.review",)),
        Flow("out", "gate", "end"),
    ]
    return make_plan(nodes, flows)


def test_outcomes_are_drawn_by_their_shares_and_what_never_ends_is_refused():
    pools = {"officer": Pool(None, always(FIRST))}
    words = {"review": (("met", 3.0), ("not_met", 1.0))}
    arrivals = [Arrival(float(n)) for n in range(2000)]

    found = simulate(setup(circle(), pools, {"review": 5}, outcomes=words), arrivals)

    assert len(found.steps["review"].handled) == pytest.approx(2000 / 0.75, rel=0.05)
    with pytest.raises(NeverEnds):
        never = {"review": (("not_met", 1.0),)}
        simulate(setup(circle(), pools, {"review": 5}, outcomes=never), arrivals[:2])


def test_a_timer_takes_the_work_away_from_who_has_it():
    nodes = [
        Node("start", Kind.START),
        Node("review", Kind.USER, "承办", "officer"),
        Node("late", Kind.BOUNDARY, attached="review", occasion="timer", timer="PT2H"),
        Node("decide", Kind.USER, "批准", "head"),
        Node("end", Kind.END),
        Node("end2", Kind.END),
    ]
    flows = [
        Flow("a", "start", "review"),
        Flow("b", "review", "end"),
        Flow("c", "late", "decide"),
        Flow("d", "decide", "end2"),
    ]
    pools = {"officer": Pool(1, always(FIRST)), "head": Pool(1, always(FIRST))}

    found = simulate(
        setup(make_plan(nodes, flows), pools, {"review": 150, "decide": 10}), [Arrival(0.0), Arrival(10.0)]
    )

    # The first is taken away after two hours, the second, which waited until then, two hours after it came.
    assert list(found.over) == [130.0, 140.0]
    assert found.dropped == 2
    assert found.posts["officer"].busy == pytest.approx(130)


# -- draws


@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=50), st.floats(0, 0.999999))
def test_what_is_drawn_was_recorded(minutes, number):
    assert drawing.sampled(minutes)(number) in minutes


@given(st.floats(1, 1000), st.floats(0, 0.999999))
def test_what_is_spread_stays_between_half_and_twice(typical, number):
    assert typical / 2 - 1e-6 <= drawing.spread(typical)(number) <= typical * 2 + 1e-6


def test_draws_fill_the_whole_span_evenly():
    numbers = [drawing.uniform(1, case, "review") for case in range(20_000)]

    tenths = [sum(n / 10 <= one < (n + 1) / 10 for one in numbers) for n in range(10)]
    assert max(tenths) - min(tenths) < 250
    assert numbers != [drawing.uniform(2, case, "review") for case in range(20_000)]
