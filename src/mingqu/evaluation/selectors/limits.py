"""The days of the loop: what an officer set from a day on, else following.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from mingqu.clocks import selectors as clocks
from mingqu.evaluation import rules
from mingqu.evaluation.models import Limits
from mingqu.identity import selectors as identity
from mingqu.kernel.yaml_text import read_yaml

HISTORY = 50


@dataclass(frozen=True)
class LimitsView:
    """One setting, as it was made; `days` in the order of the page."""

    from_on: date
    days: tuple[tuple[str, int], ...]
    reason: str
    set_by: str
    set_at: datetime
    state: str  # "now", "later" or "past"


@cache
def default_days() -> Mapping[str, int]:
    raw = read_yaml(files("mingqu.evaluation").joinpath("following.yaml").read_text("utf-8"))
    return {name: int(raw[name]) for name in rules.LIMITS}


def days_on(day: date) -> Mapping[str, int]:
    """Working days of each limit on this day."""
    row = _in_force(day)
    return row.days if row else default_days()


def due_after(day: date, limit: str) -> date:
    """The last day of what begins on this one: a step (the state that waits for it) or a limit, as set on that day."""
    return clocks.current_calendar().add_working_days(day, days_on(day)[limit])


def rated_until(since: date | None) -> date | None:
    """Until when a result of this day may be rated, that day included; None: as long as one likes."""
    if since is None or not (days := days_on(since)["rating"]):
        return None
    return clocks.current_calendar().add_working_days(since, days)


def limits_set(today: date) -> list[LimitsView]:
    """What was set, the latest day first."""
    rows = list(Limits.objects.order_by("-from_on", "-id")[:HISTORY])
    names = identity.names_of({row.set_by for row in rows})
    now = _in_force(today)
    return [
        LimitsView(
            from_on=row.from_on,
            days=tuple((words, row.days[name]) for name, words in rules.LIMITS.items()),
            reason=row.reason,
            set_by=names.get(row.set_by, ""),
            set_at=row.set_at,
            state="later" if row.from_on > today else "now" if now and row.pk == now.pk else "past",
        )
        for row in rows
    ]


def _in_force(day: date) -> Limits | None:
    return Limits.objects.filter(from_on__lte=day).order_by("-from_on", "-id").first()
