"""
The append-only ledger of one clock: what its entries mean together and which entry may come next.

Reading (`replay`) refuses only what can't be understood. Writing (`admit`, `correct`) also refuses what
the law does not allow on that day; these checks are not repeated when a ledger is read, because a later
calendar may move a deadline under an extension that was lawful when it was granted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mingqu.clocks.errors import (
    AlreadyPaused,
    ClockAlreadyStarted,
    ClockNotStarted,
    ClockStopped,
    EntryInFuture,
    EntryOutOfOrder,
    EntryUnknown,
    ExtensionNotAllowed,
    ExtensionTooLong,
    ExtensionTwice,
    GroundNotAllowed,
    InstantMissing,
    LimitMissing,
    NotPaused,
    ProofMissing,
    ReasonMissing,
    WrongApprover,
)
from mingqu.clocks.rules.wording import article_text, quantity
from mingqu.clocks.types import GROUNDS, Action, ClockSpec, Correction, Entry, Kind, StartedBy
from mingqu.kernel.legal_day import legal_day


@dataclass(frozen=True, slots=True)
class Pause:
    """
    Time that is not counted: from the day `since` up to, not with, the day `until` (None: still open).

    The day on which a special procedure begins is its own, the day on which the file comes back is the
    organ's again; so a pause that is resumed on its own day changes nothing.
    """

    since: date
    until: date | None
    ground: str
    since_at: datetime | None = None
    until_at: datetime | None = None
    expected_until: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The entries folded: everything the deadline depends on, except the calendar."""

    spec: ClockSpec
    start: Entry
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Entry, ...] = ()
    stop: Entry | None = None
    last: Entry | None = None

    @property
    def open_pause(self) -> Pause | None:
        return self.pauses[-1] if self.pauses and self.pauses[-1].until is None else None

    @property
    def limit(self) -> int:
        """The whole period with its extensions, in the clock's unit."""
        return self.spec.limit + sum(entry.limit for entry in self.extensions)


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that hold, in the order in which they take effect; reversed ones are left out."""
    entries = list(entries)
    gone = {e.reverses for e in entries if e.action is Action.REVERSE}
    held = [e for e in entries if e.action is not Action.REVERSE and e.seq not in gone]
    held.sort(key=_order)
    return held


def _order(entry: Entry) -> tuple[date, bool, float, int]:
    instant = entry.at.timestamp() if entry.at is not None else 0.0
    return entry.day, entry.action is not Action.START, instant, entry.seq


def replay(entries: Iterable[Entry]) -> Clock:
    """Fold a whole ledger. Raises ClockNotStarted for an empty one."""
    clock: Clock | None = None
    for entry in effective(entries):
        clock = apply(clock, entry)
    if clock is None:
        raise ClockNotStarted()
    return clock


def apply(clock: Clock | None, entry: Entry) -> Clock:
    """The clock after one more entry, which must make sense where it stands."""
    if clock is None:
        if entry.action is not Action.START:
            raise ClockNotStarted()
        return _started(entry)
    if entry.action is Action.START:
        raise ClockAlreadyStarted()
    if clock.stop is not None:
        raise ClockStopped()
    _check_place(clock, entry)
    return replace(_STEPS[entry.action](clock, entry), last=entry)


def _started(entry: Entry) -> Clock:
    spec = entry.spec
    if spec is None or spec.limit < 1:
        raise LimitMissing()
    if spec.unit.is_time_of_day and entry.at is None:
        raise InstantMissing()
    return Clock(spec, entry, last=entry)


def _check_place(clock: Clock, entry: Entry) -> None:
    last = clock.last or clock.start
    if entry.day < last.day:
        raise EntryOutOfOrder()
    if clock.spec.unit.is_time_of_day:
        if entry.at is None:
            raise InstantMissing()
        if last.at is not None and entry.at < last.at:
            raise EntryOutOfOrder()


def _paused(clock: Clock, entry: Entry) -> Clock:
    if clock.open_pause is not None:
        raise AlreadyPaused()
    if entry.ground not in clock.spec.pauses or entry.ground not in GROUNDS:
        raise GroundNotAllowed()
    if not entry.proof or (GROUNDS[entry.ground].told and entry.expected_until is None):
        raise ProofMissing()
    pause = Pause(entry.day, None, entry.ground, entry.at, None, entry.expected_until)
    return replace(clock, pauses=(*clock.pauses, pause))


def _resumed(clock: Clock, entry: Entry) -> Clock:
    pause = clock.open_pause
    if pause is None:
        raise NotPaused()
    closed = replace(pause, until=entry.day, until_at=entry.at)
    return replace(clock, pauses=(*clock.pauses[:-1], closed))


def _extended(clock: Clock, entry: Entry) -> Clock:
    rule = clock.spec.extension
    if rule is None:
        raise ExtensionNotAllowed()
    article = article_text(rule.article)
    if len(clock.extensions) >= rule.times:
        raise ExtensionTwice(times="一两三四五"[rule.times - 1], article=article)
    if entry.limit < 1:
        raise LimitMissing()
    if entry.limit > rule.limit:
        raise ExtensionTooLong(most=quantity(rule.limit, clock.spec.unit), article=article)
    if entry.approver is not rule.approver:
        raise WrongApprover(approver=rule.approver.text, article=article)
    if not entry.reason.strip():
        raise ReasonMissing()
    return replace(clock, extensions=(*clock.extensions, entry))


def _stopped(clock: Clock, entry: Entry) -> Clock:
    if clock.open_pause is not None:
        clock = _resumed(clock, entry)
    return replace(clock, stop=entry)


_STEPS = {
    Action.PAUSE: _paused,
    Action.RESUME: _resumed,
    Action.EXTEND: _extended,
    Action.STOP: _stopped,
}


def check_recorded(spec: ClockSpec, entry: Entry) -> None:
    """
    Nothing is entered for a day to come; what is entered for a day gone by says why.

    A start by 行政许可法 32(4) is its own reason, and so is a limit that its own law counts from receipt (建筑法 8),
    begun when it was accepted. A start after the close of business takes effect on the next day.
    """
    if entry.day > legal_day(entry.recorded_at, spec.closing):
        raise EntryInFuture()
    if entry.at is not None and entry.at > entry.recorded_at:
        raise EntryInFuture()
    late = entry.day < legal_day(entry.recorded_at)
    if entry.action is Action.START and (
        spec.started_by is StartedBy.DEEMED_ACCEPTED
        or (spec.started_by is StartedBy.RECEIVED and spec.kind is not Kind.CORRECTION_NOTICE)
    ):
        return
    if late and not entry.reason.strip():
        raise ReasonMissing()


def corrected(entries: Sequence[Entry], correction: Correction, reversal: Entry) -> list[Entry]:
    """
    The ledger with some entries taken back and others written in their place.

    `reversal` carries day, instant and reason of the taking back. The caller checks the result by folding
    it. Raises EntryUnknown where an entry is not there, is itself a reversal, or was taken back before.
    """
    if not reversal.reason.strip():
        raise ReasonMissing()
    held = {e.seq for e in effective(entries)}
    ledger, seq = list(entries), max((e.seq for e in entries), default=0)
    for target in correction.reverses:
        if target not in held:
            raise EntryUnknown()
        held.discard(target)
        seq += 1
        ledger.append(replace(reversal, seq=seq, action=Action.REVERSE, reverses=target))
    for entry in correction.entries:
        seq += 1
        ledger.append(replace(entry, seq=seq))
    return ledger
