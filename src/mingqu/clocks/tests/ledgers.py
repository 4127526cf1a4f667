"""Short ways to write a ledger in a test: every entry goes through `admit`, as in production."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from mingqu.clocks.rules.deadline import admit, evaluate
from mingqu.clocks.rules.ledger import replay
from mingqu.clocks.rules.notice import seed_calendar
from mingqu.clocks.types import (
    SPECIAL_PROCEDURES,
    Action,
    Approver,
    Article,
    ClockSpec,
    Entry,
    ExtensionRule,
    Kind,
    Unit,
)
from mingqu.kernel.legal_day import BEIJING

CALENDAR = seed_calendar()
RULE = ExtensionRule(10, Approver.ORGAN_HEAD, Article("行政许可法", 42, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


def noon(on: date | str) -> datetime:
    return datetime.combine(day(on) if isinstance(on, str) else on, time(12), BEIJING)


def terms(limit: int = 20, unit: Unit = Unit.WORKING_DAYS, **more) -> ClockSpec:
    return ClockSpec(
        Kind.STATUTORY,
        limit,
        unit,
        **({"article": RULE.article, "extension": RULE, "pauses": SPECIAL_PROCEDURES} | more),
    )


class Ledger:
    """A clock's entries, recorded at noon of the day they take effect unless a test says otherwise."""

    def __init__(self, calendar=CALENDAR):
        self.calendar, self.entries = calendar, []

    def write(self, action: Action, on: date | str, **more) -> "Ledger":
        on = day(on) if isinstance(on, str) else on
        entry = Entry(len(self.entries) + 1, action, on, **({"recorded_at": noon(on)} | more))
        admit(self.entries, entry, self.calendar)
        self.entries.append(entry)
        return self

    def start(self, on, spec: ClockSpec | None = None, **more):
        return self.write(Action.START, on, spec=spec or terms(), **more)

    def pause(self, on, **more):
        on = day(on) if isinstance(on, str) else on
        expected = on + timedelta(days=7)
        told = {"ground": "hearing", "proof": "notice-1", "expected_until": expected}
        return self.write(Action.PAUSE, on, **(told | more))

    def resume(self, on, **more):
        return self.write(Action.RESUME, on, **more)

    def extend(self, on, limit=10, **more):
        approved = {"approver": Approver.ORGAN_HEAD, "reason": "案情复杂"}
        return self.write(Action.EXTEND, on, limit=limit, **(approved | more))

    def stop(self, on, **more):
        return self.write(Action.STOP, on, **more)

    def at(self, when: date | str | datetime):
        return evaluate(replay(self.entries), self.calendar, self._instant(when))

    def due(self) -> date | None:
        return self.at(self.entries[0].day).due_on

    def copy(self) -> "Ledger":
        twin = Ledger(self.calendar)
        twin.entries = list(self.entries)
        return twin

    @staticmethod
    def _instant(when: date | str | datetime) -> datetime:
        return when if isinstance(when, datetime) else noon(when)


def with_limit(spec: ClockSpec, limit: int) -> ClockSpec:
    return replace(spec, limit=limit)
