"""Who was late, and by how much; pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol

from mingqu.workbench.answering_types import Link

DAY = timedelta(days=1)


class WorkingDays(Protocol):
    """The calendar, as far as it is asked here."""

    def working_days_between(self, after: date, until: date) -> int: ...


def late_by(
    calendar: WorkingDays,
    due_on: date | None,
    since: date,
    last: date,
    pauses: Iterable[tuple[date, date | None]] = (),
) -> int | None:
    """
    How many working days a step that was opened on `since` and lasted to `last` went past its last day; None: it did
    not. Days on which the time of the case stood still (特别程序) are nobody's.
    """
    if due_on is None or last <= due_on:
        return None
    stood = sum(
        calendar.working_days_between(max(first - DAY, since), min(until - DAY if until else last, last))
        for first, until in pauses
    )
    late = calendar.working_days_between(due_on, last) - stood
    return None if late <= 0 and stood else max(late, 0)


def hands_after(due_on: date, last: date, steps: Sequence[Link]) -> tuple[str, ...]:
    """In whose hands a case lay after the last day of a period, until it ended: 「环节：岗位（姓名）」, each once."""
    lay = (one for one in steps if one.since <= last and (one.ended_on is None or one.ended_on > due_on))
    said = (f"{one.name}：{one.post}{f'（{one.who}）' if one.who else ''}" for one in lay)
    return tuple(dict.fromkeys(said))
