"""The ledger in the database: written inside the owner's command, never changed, answered in one statement."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingqu.clocks import errors, selectors, services
from mingqu.clocks.models import ClockEntry
from mingqu.clocks.tests.ledgers import day, noon, terms
from mingqu.clocks.types import (
    CORRECTION_NOTICE,
    DELIVERY,
    JOINT_LICENCE,
    LICENCE,
    Action,
    Approver,
    ClockKey,
    ClockSpec,
    Correction,
    Entry,
    ExtensionOrder,
    Kind,
    PauseOrder,
    StartedBy,
    State,
    StoredDue,
    Unit,
)
from mingqu.kernel.commands import command
from mingqu.kernel.errors import NoCommand
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db
CLERK = Actor("staff", new_id(), post_id=new_id())
PROMISED = ClockSpec(Kind.PROMISED, 8, pauses=LICENCE.pauses)
VISIT = ClockSpec(Kind.NODE, 3, ref="visit", started_by=StartedBy.ENTERED)
HEARING = PauseOrder("hearing", "清禾告〔2026〕3号", day("2026-09-30"))
TEN_MORE = ExtensionOrder(10, Approver.ORGAN_HEAD, "需要核实经营场所")


def on(when, do, *args, root_id, **more):
    """A service inside its owner's command at noon of a day (or at an instant)."""
    at = when if isinstance(when, datetime) else noon(when)
    with command("case.test", root_id, by=CLERK, at=at, key=uuid4()):
        return do(*args, root_id=root_id, by=CLERK, **more)


@pytest.fixture
def root():
    """A case accepted on 18 September 2026 with its statutory and its promised clock."""
    root_id = new_id()
    on("2026-09-18", services.start, root_id=root_id, clocks=[LICENCE, PROMISED], day=day("2026-09-18"))
    return root_id


def state(root_id, when, kind=Kind.STATUTORY):
    return selectors.deadline_of(root_id, kind, noon(when)).state


def test_a_case_is_bound_by_its_earliest_clock(root):
    assert selectors.due_on(root, Kind.STATUTORY) == day("2026-10-22")
    assert selectors.due_on(root, Kind.PROMISED) == day("2026-09-30")
    assert selectors.due_on(root) == services.due_on(root) == day("2026-09-30")
    assert selectors.due_on(new_id()) is None
    assert selectors.due_on(root, Kind.DELIVERY) is None


def test_every_step_returns_the_day_that_its_owner_stores():
    root = new_id()
    started = on(
        "2026-09-18", services.start, root_id=root, clocks=[LICENCE, PROMISED], day=day("2026-09-18")
    )
    paused = on("2026-09-21", services.pause, root_id=root, order=HEARING)
    resumed = on("2026-09-23", services.resume, root_id=root)
    extended = on("2026-09-24", services.extend, root_id=root, order=TEN_MORE)
    promised_stopped = on("2026-09-24", services.stop, root_id=root, keys=[ClockKey(Kind.PROMISED)])
    stopped = on("2026-09-28", services.stop, root_id=root)

    assert (started, paused, resumed) == (day("2026-09-30"), None, day("2026-10-09"))
    assert (extended, promised_stopped, stopped) == (day("2026-10-09"), day("2026-11-09"), None)
    assert ClockEntry.objects.filter(root_id=root).count() == 9


def test_steps_and_gaps_do_not_bind_the_case(root):
    gap = ClockSpec(Kind.GAP, 1, ref="floor-plan", started_by=StartedBy.COMMITTED)

    due = on("2026-09-18", services.start, root_id=root, clocks=[VISIT, gap], day=day("2026-09-18"))

    assert due == day("2026-09-30")
    assert selectors.due_on(root, Kind.NODE, "visit") == day("2026-09-22")
    assert selectors.due_on(root, Kind.GAP, "floor-plan") == day("2026-09-20")


def test_a_pause_stops_every_clock_that_knows_its_ground_and_no_other(root):
    on("2026-09-18", services.start, root_id=root, clocks=[VISIT], day=day("2026-09-18"))

    on("2026-09-21", services.pause, root_id=root, order=HEARING)

    assert state(root, "2026-09-22") is State.PAUSED
    assert state(root, "2026-09-22", Kind.PROMISED) is State.PAUSED
    assert selectors.deadline_of(root, Kind.NODE, noon("2026-09-22"), "visit").state is State.RUNNING


def test_what_was_written_is_read_back_as_it_was_meant(root):
    on("2026-09-21", services.pause, root_id=root, order=HEARING)
    on("2026-09-22", services.resume, root_id=root)
    on("2026-09-23", services.extend, root_id=root, order=TEN_MORE)

    start, pause, resume, extension = selectors.entries_of(root, Kind.STATUTORY)

    assert start.spec == LICENCE
    assert (start.seq, start.action, start.day, start.recorded_at) == (
        1,
        Action.START,
        day("2026-09-18"),
        noon("2026-09-18"),
    )
    assert (pause.ground, pause.proof, pause.expected_until) == (
        "hearing",
        HEARING.proof,
        HEARING.expected_until,
    )
    assert (resume.action, resume.day) == (Action.RESUME, day("2026-09-22"))
    assert (extension.limit, extension.approver, extension.reason) == (
        10,
        Approver.ORGAN_HEAD,
        TEN_MORE.reason,
    )
    rows = ClockEntry.objects.filter(root_id=root, kind="statutory").order_by("seq")
    assert [row.article for row in rows] == [
        "《行政许可法》第四十二条第一款",
        "《行政许可法》第四十五条",
        "",
        "《行政许可法》第四十二条第一款",
    ]
    assert {(row.actor_kind, row.actor_id, row.post_id) for row in rows} == {
        ("staff", CLERK.id, CLERK.post_id)
    }


def test_terms_with_a_closing_hour_and_hours_survive_the_database():
    root, at = new_id(), datetime(2026, 9, 18, 2, tzinfo=UTC)
    specs = [JOINT_LICENCE, ClockSpec(Kind.NODE, 24, Unit.HOURS, ref="call", closing=time(17, 30))]

    on(at, services.start, root_id=root, clocks=specs, day=day("2026-09-18"), since=at - timedelta(hours=1))

    assert selectors.entries_of(root, Kind.STATUTORY)[0].spec == specs[0]
    assert selectors.entries_of(root, Kind.NODE, "call")[0].spec == specs[1]
    due = selectors.deadline_of(root, Kind.NODE, at, "call").due_at
    assert due == datetime(2026, 9, 19, 1, tzinfo=UTC)


def test_a_deemed_acceptance_starts_in_the_past_without_further_reason():
    """行政许可法 32(4)."""
    root = new_id()
    on("2026-09-18", services.start, root_id=root, clocks=[CORRECTION_NOTICE], day=day("2026-09-18"))
    deemed = terms(20, started_by=StartedBy.DEEMED_ACCEPTED)

    with pytest.raises(errors.ReasonMissing):
        on("2026-09-28", services.start, root_id=root, clocks=[LICENCE], day=day("2026-09-18"))
    on("2026-09-28", services.stop, root_id=root)
    due = on("2026-09-28", services.start, root_id=root, clocks=[deemed], day=day("2026-09-18"))

    assert due == day("2026-10-22")
    assert selectors.deadline_of(root, Kind.CORRECTION_NOTICE, noon("2026-09-28")).in_time is False


def test_after_the_close_of_business_a_step_counts_on_the_next_day():
    root, closing = new_id(), time(17, 30)
    spec = terms(5, closing=closing)
    evening = datetime(2026, 9, 24, 10, tzinfo=UTC)  # 18:00 in Beijing
    on("2026-09-18", services.start, root_id=root, clocks=[spec], day=day("2026-09-18"))

    on(evening, services.stop, root_id=root)

    found = selectors.deadline_of(root, Kind.STATUTORY, evening)
    assert (found.due_on, found.stopped_on, found.in_time) == (day("2026-09-24"), day("2026-09-25"), False)


# Refusals -------------------------------------------------------------------------------------------


def test_clocks_are_moved_only_inside_their_owners_command():
    with pytest.raises(NoCommand):
        services.start(root_id=new_id(), clocks=[LICENCE], day=day("2026-09-18"), by=CLERK)


@pytest.mark.parametrize(
    ("refusal", "do", "more"),
    [
        (errors.ClockAlreadyStarted, services.start, {"clocks": [LICENCE], "day": day("2026-09-21")}),
        (errors.EntryInFuture, services.start, {"clocks": [DELIVERY], "day": day("2026-09-22")}),
        (errors.GroundNotAllowed, services.pause, {"order": PauseOrder("site_visit", "x", day("2026-09-30"))}),
        (errors.ProofMissing, services.pause, {"order": PauseOrder("hearing", "", day("2026-09-30"))}),
        (errors.NotPaused, services.resume, {}),
        (errors.NotPaused, services.resume, {"keys": [ClockKey(Kind.STATUTORY)]}),
        (errors.WrongApprover, services.extend, {"order": ExtensionOrder(5, Approver.GOVERNMENT_HEAD, "x")}),
        (errors.ExtensionNotAllowed, services.extend, {"order": TEN_MORE, "key": ClockKey(Kind.PROMISED)}),
        (errors.ClockNotStarted, services.extend, {"order": TEN_MORE, "key": ClockKey(Kind.DELIVERY)}),
        (errors.ClockNotStarted, services.stop, {"keys": [ClockKey(Kind.NODE, "visit")]}),
        (errors.EntryOutOfOrder, services.stop, {"day": day("2026-09-17"), "reason": "补记"}),
        (errors.EntryUnknown, services.correct,
         {"key": ClockKey(Kind.STATUTORY), "correction": Correction((9,)), "reason": "误录"}),
        (errors.ClockNotStarted, services.correct,
         {"key": ClockKey(Kind.DELIVERY), "correction": Correction((1,)), "reason": "误录"}),
        (errors.ReasonMissing, services.correct,
         {"key": ClockKey(Kind.STATUTORY), "correction": Correction((1,)), "reason": ""}),
    ],
)  # fmt: skip
def test_a_refused_step_leaves_the_ledger_as_it_was(root, refusal, do, more):
    before = list(ClockEntry.objects.filter(root_id=root).values_list("kind", "seq"))
    with pytest.raises(refusal):
        on("2026-09-21", do, root_id=root, **more)
    assert list(ClockEntry.objects.filter(root_id=root).values_list("kind", "seq")) == before


@pytest.mark.parametrize("do", [services.pause, services.resume])
def test_a_root_without_clocks_is_neither_paused_nor_resumed(do):
    more = {"order": HEARING} if do is services.pause else {}
    with pytest.raises(errors.ClockNotStarted):
        on("2026-09-21", do, root_id=new_id(), **more)


def test_stopping_where_nothing_runs_is_no_error(root):
    on("2026-09-21", services.stop, root_id=root)

    assert on("2026-09-22", services.stop, root_id=root) is None
    with pytest.raises(errors.ClockStopped):
        on("2026-09-22", services.stop, root_id=root, keys=[ClockKey(Kind.STATUTORY)])


def test_a_stage_hands_over_to_the_next_in_one_writing(root):
    """受理 and 决定: what runs ends that day, and the days of the next stage count."""
    on("2026-09-28", services.pause, root_id=root, order=HEARING, keys=[ClockKey(Kind.STATUTORY)])
    with CaptureQueriesContext(connection) as queries:
        found = on("2026-09-29", services.hand_over, root_id=root, clocks=[DELIVERY], day=day("2026-09-29"))

    assert sum("clocks_clockentry" in query["sql"] for query in queries) == 2, "one reading, one writing"
    assert (found.binding.kind, found.binding.due_on) == (Kind.DELIVERY, selectors.due_on(root))
    assert set(selectors.states([root], noon("2026-09-29"))[root].deadlines) == set(found.deadlines)
    assert [found.of(kind).stopped_on for kind in (Kind.STATUTORY, Kind.PROMISED)] == [day("2026-09-29")] * 2


def test_a_stage_that_can_not_begin_leaves_the_last_one_running(root):
    with pytest.raises(errors.ClockAlreadyStarted):
        on("2026-09-29", services.hand_over, root_id=root, clocks=[LICENCE], day=day("2026-09-29"))

    assert selectors.states([root], noon("2026-09-29"))[root].of(Kind.STATUTORY).stopped_on is None


def test_each_round_of_a_correction_is_a_clock_of_its_own():
    root_id = new_id()
    on("2026-09-18", services.start, root_id=root_id, clocks=[CORRECTION_NOTICE], day=day("2026-09-18"))
    for when in ("2026-09-21", "2026-09-22"):
        on(when, services.stop, root_id=root_id)
        on(when, services.start_round, root_id=root_id, clock=CORRECTION_NOTICE, day=day(when))

    known = selectors.states([root_id], noon("2026-09-22"))[root_id].deadlines
    assert sorted(clock.ref for clock in known) == ["", "2", "3"]


@pytest.mark.parametrize("limit, unit", [(21, Unit.WORKING_DAYS), (3, Unit.MONTHS), (9000, Unit.HOURS)])
def test_a_promise_longer_than_the_law_gives_never_keeps_a_clock_from_starting_and_ends_with_it(limit, unit):
    """CAS-10: an acceptance is not refused because of what the organ promised."""
    root_id = new_id()
    on("2026-09-18", services.start, root_id=root_id, day=day("2026-09-18"),
       clocks=[ClockSpec(Kind.PROMISED, limit, unit), LICENCE])  # fmt: skip

    known = selectors.states([root_id], noon("2026-09-18"))[root_id]
    assert known.of(Kind.PROMISED).due_on == known.of(Kind.STATUTORY).due_on == day("2026-10-22")


def test_the_first_line_of_a_promise_that_is_cut_short_says_so():
    root_id = new_id()
    week = ClockSpec(Kind.STATUTORY, 7, Unit.DAYS)
    on("2026-02-13", services.start, root_id=root_id, day=day("2026-02-13"),
       clocks=[week, ClockSpec(Kind.PROMISED, 3)])  # fmt: skip

    said = selectors.entries_of(root_id, Kind.PROMISED)[0].reason
    assert "2026年2月25日" in said and "承诺期限不得长于法定期限" in said
    explained = selectors.explain(root_id, Kind.PROMISED, noon("2026-02-13"))
    assert explained.deadline.due_on == explained.rows[-1].day == day("2026-02-24")
    assert explained.deadline.total == explained.rows[-1].number == 2 and said in explained.sentences


def test_a_second_writer_at_the_same_place_is_told_that_the_ledger_moved(root, monkeypatch):
    """The unique constraint decides, should an owner ever forget its lock."""
    stale = selectors.ledgers([root])
    on("2026-09-21", services.extend, root_id=root, order=TEN_MORE)
    monkeypatch.setattr(selectors, "ledgers", lambda ids: stale)

    with pytest.raises(errors.LedgerMoved):
        on("2026-09-21", services.extend, root_id=root, order=TEN_MORE)


@pytest.mark.parametrize("change", [lambda rows: rows.update(reason="x"), lambda rows: rows.delete()])
def test_the_application_can_neither_change_nor_delete_a_line(root, change):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change(ClockEntry.objects.filter(root_id=root))


# Correction -----------------------------------------------------------------------------------------


def test_a_wrong_pause_is_taken_back_and_nothing_is_lost(root):
    on("2026-09-21", services.pause, root_id=root, order=HEARING, keys=[ClockKey(Kind.STATUTORY)])
    on("2026-09-28", services.resume, root_id=root)
    key = ClockKey(Kind.STATUTORY)
    again = Entry(0, Action.PAUSE, day("2026-09-22"), noon("2026-09-22"), ground="hearing", proof="n",
                  expected_until=day("2026-09-28"))  # fmt: skip
    back = Entry(0, Action.RESUME, day("2026-09-28"), noon("2026-09-28"))

    on("2026-09-29", services.correct, root_id=root, key=key, reason="听证开始日误录",
       correction=Correction((2, 3), (again, back)))  # fmt: skip

    entries = selectors.entries_of(root, Kind.STATUTORY)
    assert [(e.seq, e.action) for e in entries] == list(
        enumerate(["start", "pause", "resume", "reverse", "reverse", "pause", "resume"], start=1)
    )
    assert {e.reason for e in entries[3:]} == {"听证开始日误录"}
    assert selectors.due_on(root, Kind.STATUTORY) == day("2026-10-27")  # three working days later


def test_a_start_taken_back_leaves_no_clock(root):
    due = on("2026-09-21", services.correct, root_id=root, key=ClockKey(Kind.PROMISED), reason="误录",
             correction=Correction((1,)))  # fmt: skip

    assert due == day("2026-10-22")
    assert selectors.due_on(root, Kind.PROMISED) is None
    assert len(selectors.entries_of(root, Kind.PROMISED)) == 2
    with pytest.raises(errors.ClockNotStarted):
        selectors.deadline_of(root, Kind.PROMISED, noon("2026-09-21"))
    on("2026-09-21", services.start, root_id=root, clocks=[PROMISED], day=day("2026-09-21"))
    assert selectors.due_on(root, Kind.PROMISED) == day("2026-10-09")


# Questions ------------------------------------------------------------------------------------------


def test_a_list_of_cases_takes_one_statement(root):
    others = [new_id() for _ in range(5)]
    for other in others[:4]:
        on("2026-09-18", services.start, root_id=other, clocks=[LICENCE], day=day("2026-09-18"))
    on("2026-09-21", services.pause, root_id=root, order=HEARING)
    selectors.current_calendar()  # in memory from here on

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = selectors.states([root, *others], noon("2026-10-23"))

    assert len(queries) == 1
    assert found[root].binding is None
    assert found[root].of(Kind.STATUTORY).state is State.PAUSED
    assert found[others[0]].binding.state is State.OVERDUE
    assert found[others[4]].deadlines == ()
    assert found[others[4]].of(Kind.STATUTORY) is None


def test_the_binding_clock_of_a_root_is_the_one_whose_day_is_stored(root):
    on("2026-09-18", services.start, root_id=root, clocks=[VISIT], day=day("2026-09-18"))

    binding = selectors.states([root], noon("2026-09-21"))[root].binding

    assert (binding.kind, binding.due_on) == (Kind.PROMISED, selectors.due_on(root))


def test_a_deadline_explains_itself_from_the_database(root):
    found = selectors.explain(root, Kind.PROMISED, noon("2026-09-18"))

    assert found.rows[-1].day == found.deadline.due_on == day("2026-09-30")
    assert found.sentences[-1] == "工作日日历版本：2026.1。"
    with pytest.raises(errors.ClockNotStarted):
        selectors.explain(root, Kind.DELIVERY, noon("2026-09-18"))


def test_a_guide_can_say_what_the_last_day_would_be():
    assert selectors.preview(LICENCE, day("2026-09-18")).deadline.due_on == day("2026-10-22")
    hours = ClockSpec(Kind.NODE, 24, Unit.HOURS, ref="call")
    assert selectors.preview(hours, day("2026-09-18")).deadline.due_on == day("2026-09-19")


# Stored copies --------------------------------------------------------------------------------------


@pytest.fixture
def owner(monkeypatch):
    """An owner that keeps copies of last days in a dictionary."""
    from mingqu.clocks.services import copies

    monkeypatch.setattr(copies, "_owners", {})
    stored: dict = {}
    rewrites: list = []

    def rewrite(root_id, due, at):
        stored[root_id] = due
        rewrites.append((root_id, at))

    services.register_stored_due(StoredDue("cases", lambda: list(stored.items()), rewrite))
    stored_nodes = {}
    services.register_stored_due(
        StoredDue("steps", lambda: list(stored_nodes.items()), rewrite, ClockKey(Kind.NODE, "visit"))
    )
    return stored, rewrites, stored_nodes


def test_the_nightly_check_finds_a_copy_that_is_wrong_and_changes_nothing(root, owner):
    from mingqu.clocks.tasks import check_stored_due

    stored, rewrites, nodes = owner
    stored[root] = day("2026-09-30")
    check_stored_due(noon("2026-09-19"))  # all is well
    stored[root], nodes[root] = date(2026, 10, 1), date(2026, 9, 22)

    found = services.check_stored()

    assert [(d.owner, d.root_id, d.stored, d.computed) for d in found] == [
        ("cases", root, date(2026, 10, 1), day("2026-09-30")),
        ("steps", root, date(2026, 9, 22), None),
    ]
    with pytest.raises(errors.StoredDueDiffers, match="有 2 个"):
        check_stored_due(noon("2026-09-19"))
    assert rewrites == []


def test_two_owners_do_not_share_a_name(owner):
    with pytest.raises(ValueError, match="cases"):
        services.register_stored_due(StoredDue("cases", list, print))


def test_rewriting_touches_only_what_differs(root, owner):
    stored, rewrites, _ = owner
    other = new_id()
    on("2026-09-18", services.start, root_id=other, clocks=[LICENCE], day=day("2026-09-18"))
    stored.update({root: None, other: day("2026-10-22")})

    found = services.recompute_stored(noon("2026-09-19"))

    assert [(d.root_id, d.computed) for d in found] == [(root, day("2026-09-30"))]
    assert rewrites == [(root, noon("2026-09-19"))]
    assert services.check_stored() == []
