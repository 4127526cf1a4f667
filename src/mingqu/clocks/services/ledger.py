"""
Writing the ledger, inside the command of the aggregate that owns the root (`require_command`).

Each function returns the day the owner stores for sorting: the earliest last day that binds the root, None
while there is none. The owner has locked its root row; the order of locks is root, process, clock.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db import IntegrityError

from mingqu.clocks import selectors
from mingqu.clocks.errors import ClockNotStarted, GroundNotAllowed, LedgerMoved, NotPaused
from mingqu.clocks.models import ClockEntry
from mingqu.clocks.rules.calendar import Calendar
from mingqu.clocks.rules.deadline import admit, check_whole, cut_from, evaluate
from mingqu.clocks.rules.explain import cut_sentence
from mingqu.clocks.rules.ledger import Clock, apply, corrected
from mingqu.clocks.rules.promise import kept_within
from mingqu.clocks.types import (
    Action,
    ClockKey,
    ClockSpec,
    Correction,
    Entry,
    ExtensionOrder,
    Kind,
    PauseOrder,
    RootClocks,
)
from mingqu.kernel.commands import require_command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.rows import insert
from mingqu.kernel.types import Actor, Instant

STATUTORY = ClockKey(Kind.STATUTORY)


def start(
    *,
    root_id: UUID,
    clocks: Sequence[ClockSpec],
    day: date,
    by: Actor,
    reason: str = "",
    since: Instant | None = None,
) -> date | None:
    """
    Start clocks on `day`, which itself is not counted (民法典 201). The past needs a reason, or a spec
    started by deemed acceptance (行政许可法 32(4)). `since`: from which instant hours and minutes run.

    A promise that would end after the statutory last day ends with it, and its first line says so.
    Raises ClockAlreadyStarted, EntryInFuture, ReasonMissing, LimitMissing.
    """
    sheet = _Sheet.of(root_id, by)
    _start(sheet, clocks, day, reason, since)
    return sheet.save()


def begin(
    *, root_id: UUID, clocks: Sequence[ClockSpec], day: date, by: Actor, reason: str = ""
) -> date | None:
    """
    As `start`, for a root which this command makes: nobody else adds lines to it, so there is no ledger to read and its
    first lines are written with the command's entry. Raises what `start` raises.
    """
    command, key = require_command(), (_Sheet, root_id)
    if key in command.memory:
        raise ValueError("clocks of this root were looked at before it began")
    command.memory[key] = ({}, selectors.current_calendar())
    sheet = _Sheet.of(root_id, by)
    _start(sheet, clocks, day, reason)
    command.insert(*sheet.rows)
    return selectors.binding_day(sheet.clocks.values(), sheet.calendar)


def start_round(*, root_id: UUID, clock: ClockSpec, day: date, by: Actor) -> date | None:
    """
    Start one more clock of a kind that has run before: each round is a clock of its own, `ref` its number.

    Raises what `start` raises.
    """
    sheet = _Sheet.of(root_id, by)
    rounds = sum(1 for key in sheet.clocks if key.kind == clock.kind)
    _start(sheet, [replace(clock, ref=str(rounds + 1))], day)
    return sheet.save()


def hand_over(*, root_id: UUID, clocks: Sequence[ClockSpec], day: date, by: Actor) -> RootClocks:
    """
    One stage of a root is over and the next begins: every clock that runs ends now, these start on `day`.

    Returns every clock as it stands then. Raises what `start` raises.
    """
    sheet = _Sheet.of(root_id, by)
    _stop(sheet, sheet.running())
    _start(sheet, clocks, day)
    sheet.save()
    return RootClocks(
        root_id, tuple(evaluate(clock, sheet.calendar, sheet.at) for clock in sheet.clocks.values())
    )


def pause(
    *,
    root_id: UUID,
    order: PauseOrder,
    by: Actor,
    day: date | None = None,
    keys: Iterable[ClockKey] | None = None,
) -> date | None:
    """
    Stop counting for a lawful ground (行政许可法 45): by default on every running clock that knows it.

    Raises GroundNotAllowed, ProofMissing, AlreadyPaused, PauseAfterDeadline, ClockNotStarted, ClockStopped,
    EntryInFuture, and for a day gone by ReasonMissing.
    """
    sheet = _Sheet.of(root_id, by)

    def knows(clock: Clock) -> bool:
        return clock.stop is None and order.ground in clock.spec.pauses

    chosen = sheet.chosen(keys, knows)
    if not chosen:
        raise GroundNotAllowed() if sheet.clocks else ClockNotStarted()
    for key in chosen:
        sheet.write(
            key,
            sheet.entry(
                key,
                Action.PAUSE,
                day,
                ground=order.ground,
                proof=order.proof,
                expected_until=order.expected_until,
                reason=order.reason,
            ),
        )
    return sheet.save()


def resume(
    *,
    root_id: UUID,
    by: Actor,
    day: date | None = None,
    keys: Iterable[ClockKey] | None = None,
    reason: str = "",
) -> date | None:
    """
    Count again from `day` on, that day with it: by default on every paused clock.

    Raises NotPaused, ClockNotStarted, EntryInFuture, EntryOutOfOrder, ReasonMissing.
    """
    sheet = _Sheet.of(root_id, by)
    chosen = sheet.chosen(keys, lambda clock: clock.stop is None and clock.open_pause is not None)
    if not chosen:
        raise NotPaused() if sheet.clocks else ClockNotStarted()
    for key in chosen:
        sheet.write(key, sheet.entry(key, Action.RESUME, day, reason=reason))
    return sheet.save()


def extend(*, root_id: UUID, order: ExtensionOrder, by: Actor, key: ClockKey = STATUTORY) -> date | None:
    """
    Lengthen a clock, once, before its last day has passed (行政许可法 42; 政府信息公开条例 33).

    Always takes effect today. Raises ExtensionNotAllowed, ExtensionTooLong, ExtensionTwice,
    ExtensionAfterDeadline, WrongApprover, ReasonMissing, ClockNotStarted, ClockStopped.
    """
    sheet = _Sheet.of(root_id, by)
    entry = sheet.entry(
        key, Action.EXTEND, None, limit=order.limit, approver=order.approver, reason=order.reason
    )
    sheet.write(key, entry)
    return sheet.save()


def stop(
    *,
    root_id: UUID,
    by: Actor,
    day: date | None = None,
    keys: Iterable[ClockKey] | None = None,
    reason: str = "",
) -> date | None:
    """
    End clocks on `day`: by default every one that still runs (none is no error). An open pause ends too.

    Raises ClockStopped or ClockNotStarted for a named clock, EntryInFuture, EntryOutOfOrder, ReasonMissing.
    """
    sheet = _Sheet.of(root_id, by)
    _stop(sheet, sheet.running() if keys is None else keys, day, reason)
    return sheet.save()


def correct(*, root_id: UUID, key: ClockKey, correction: Correction, reason: str, by: Actor) -> date | None:
    """
    Take back lines of one clock and write others in their place; everything stays readable in the ledger.

    The whole ledger must be lawful afterwards, each line on its own day. Lines are given without seq,
    recording instant and reason. Raises EntryUnknown, ReasonMissing, and what the resulting ledger refuses.
    """
    sheet = _Sheet.of(root_id, by)
    entries = sheet.entries.get(key)
    if not entries:
        raise ClockNotStarted()
    written = [replace(e, recorded_at=sheet.at, reason=reason) for e in correction.entries]
    reversal = Entry(0, Action.REVERSE, legal_day(sheet.at), sheet.at, reason=reason)
    after = corrected(entries, replace(correction, entries=written), reversal)
    sheet.take_over(key, after, check_whole(after, sheet.calendar))
    return sheet.save()


@dataclass(slots=True)
class _Sheet:
    """
    The clocks of one root while a service works on them, and the rows it will add. Read once in a command: the owner
    holds the root's lock, so only its own services add lines until it ends.
    """

    root_id: UUID
    by: Actor
    at: Instant
    calendar: Calendar
    entries: selectors.Ledgers
    clocks: dict[ClockKey, Clock]
    rows: list[ClockEntry] = field(default_factory=list)

    @classmethod
    def of(cls, root_id: UUID, by: Actor) -> "_Sheet":
        command = require_command()
        known = command.memory.get((cls, root_id))
        if known is None:
            found, calendar = selectors.ledgers([root_id])
            known = command.memory[(cls, root_id)] = (found[root_id], calendar)
        entries, calendar = known
        return cls(root_id, by, command.at, calendar, entries, selectors.clocks_of(entries))

    def chosen(self, keys: Iterable[ClockKey] | None, fits: Callable[[Clock], bool]) -> list[ClockKey]:
        """The named clocks as they are; without names those that fit."""
        if keys is not None:
            return list(keys)
        return [key for key, clock in self.clocks.items() if fits(clock)]

    def running(self) -> list[ClockKey]:
        return self.chosen(None, lambda clock: clock.stop is None)

    def entry(self, key: ClockKey, action: Action, day: date | None, **more: object) -> Entry:
        """A line that takes effect on `day`, by default now. Raises ClockNotStarted."""
        clock = self.clocks.get(key)
        if clock is None:
            raise ClockNotStarted()
        spec = clock.spec
        on = day or legal_day(self.at, spec.closing)
        at = self.at if spec.unit.is_time_of_day else None
        return replace(Entry(0, action, on, self.at, at=at), **more)  # type: ignore[arg-type]

    def write(self, key: ClockKey, entry: Entry) -> None:
        entries = self.entries.setdefault(key, [])
        entry = replace(entry, seq=max((e.seq for e in entries), default=0) + 1)
        clock = admit(entries, entry, self.calendar)
        entries.append(entry)
        self.clocks[key] = clock
        self.rows.append(ClockEntry.of(self.root_id, clock.spec, entry, self.by))

    def take_over(self, key: ClockKey, after: list[Entry], clock: Clock | None) -> None:
        """A corrected ledger: the lines that are new become rows."""
        before = len(self.entries[key])
        spec = clock.spec if clock else self.clocks[key].spec
        self.rows += [ClockEntry.of(self.root_id, spec, e, self.by) for e in after[before:]]
        self.entries[key] = after
        if clock is None:
            del self.clocks[key]
        else:
            self.clocks[key] = clock

    def save(self) -> date | None:
        try:
            insert(self.rows)
        except IntegrityError as error:
            if "clock_entry_in_order" in str(error):
                raise LedgerMoved() from error
            raise
        return selectors.binding_day(self.clocks.values(), self.calendar)


def _start(
    sheet: _Sheet, specs: Sequence[ClockSpec], day: date, reason: str = "", since: Instant | None = None
) -> None:
    for spec in _kept(sheet, specs):
        at = (since or sheet.at) if spec.unit.is_time_of_day else None
        entry = Entry(0, Action.START, day, sheet.at, at=at, reason=reason, spec=spec)
        clock = apply(None, entry)
        if cut := cut_from(clock, sheet.calendar):
            entry = replace(entry, reason="；".join(filter(None, (reason, cut_sentence(clock, cut)))))
        sheet.write(ClockKey(spec.kind, spec.ref), entry)


def _kept(sheet: _Sheet, specs: Sequence[ClockSpec]) -> list[ClockSpec]:
    """A promise keeps within the statutory clock beside it; it never keeps one from starting."""
    running = sheet.clocks.get(STATUTORY)
    beside = next((s for s in specs if s.kind is Kind.STATUTORY), running.spec if running else None)
    return [kept_within(s, beside) if beside and s.kind is Kind.PROMISED else s for s in specs]


def _stop(sheet: _Sheet, keys: Iterable[ClockKey], day: date | None = None, reason: str = "") -> None:
    for key in keys:
        sheet.write(key, sheet.entry(key, Action.STOP, day, reason=reason))
