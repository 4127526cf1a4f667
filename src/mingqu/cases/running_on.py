"""Steps that stood still with their case: their days are later by what the clock left out."""

from datetime import date
from uuid import UUID

from mingqu.clocks import selectors as clocks
from mingqu.process import services as process


def steps_run_on(case_id: UUID, since: date, today: date) -> None:
    """The clock of the case stood still from `since` and runs again from today, within the command that says so."""
    calendar, pause = clocks.current_calendar(), clocks.Span(since, today)
    process.move_due_days(
        root_id=case_id, moved=lambda opened, due: clocks.after_pause(calendar, opened, due, pause)
    )
