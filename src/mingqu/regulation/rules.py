"""Rules of supervision after approval: pure."""

from datetime import date

from mingqu.kernel.personal import passages
from mingqu.regulation.errors import (
    InspectedInFuture,
    InspectedTooEarly,
    NextTooEarly,
    NextTooLate,
    WordsMissing,
    WordsPersonal,
    WordsTooLong,
)

TEXT_LIMIT = 1000
REASON_LIMIT = 300
# By when the next one is proposed, by what this one found; ours, no law's: what is wrong is looked at again soon.
NEXT_MONTHS = {"sound": 12, "wrong": 1, "absent": 1}
FARTHEST_YEARS = 5  # no inspection is planned for later than that; a bound against slips of the keyboard


def check_words(text: str, field: str, most: int = TEXT_LIMIT) -> None:
    """Raises WordsMissing or WordsTooLong."""
    if not text:
        raise WordsMissing(field=field)
    if len(text) > most:
        raise WordsTooLong(field=field, most=most, length=len(text))


def check_open(text: str, field: str) -> None:
    """Nothing in what everybody reads names a number of a person. Raises WordsPersonal."""
    if found := passages(text):
        raise WordsPersonal(field=field, passages="、".join(str(one) for one in found))


def check_inspected(on: date, since: date, last_on: date | None, today: date) -> None:
    """
    Not before the grant nor before the inspection before it, not after today.

    Raises InspectedInFuture or InspectedTooEarly.
    """
    if on > today:
        raise InspectedInFuture(field="inspected_on")
    if on < max(since, last_on or since):
        raise InspectedTooEarly(field="inspected_on")


def check_next(next_on: date, after: date, field: str = "next_on") -> None:
    """Later than that day, and within FARTHEST_YEARS of it. Raises NextTooEarly or NextTooLate."""
    if next_on <= after:
        raise NextTooEarly(field=field)
    if next_on.year - after.year > FARTHEST_YEARS:
        raise NextTooLate(field=field, years=FARTHEST_YEARS)
