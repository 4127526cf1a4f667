"""What can be asked of an item: its revisions and draft, their steps and posts, what was recorded."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.catalogue.types import Document, complete
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import Actor
from mingqu.process.simulation import selectors as past
from mingqu.process.simulation.selectors import Recorded
from mingqu.process.simulation.services import Hours
from mingqu.redesign import rules
from mingqu.redesign.types import Basis, Choice

if TYPE_CHECKING:
    from mingqu.catalogue.models import ServiceItem

REVISIONS = 10
LOOKED_AT = 500
"""Cases of the past that the form looks at to propose minutes."""


def choices(actor: Actor, item: "ServiceItem", handling: str) -> list[Choice]:
    """The draft first, then revisions, newest first; those that have this 业务办理项 with all that a case needs."""
    found = []
    draft = revisions.open_draft(actor, item.code)
    if draft is not None and (document := revisions.document_of(draft.document)) is not None:
        basis = Basis(draft.digest, draft_id=draft.id, version=draft.version)
        found.append(("draft", "在编的草稿", document, basis))
    for row in revisions.of_item(item)[:REVISIONS]:
        day = row.published_at.astimezone(BEIJING)
        label = f"第{row.number}版（{day.year}年{day.month}月{day.day}日发布）"
        label += "，现行" if row.id == item.current_id else ""
        found.append(
            (str(row.number), label, catalogue.document(row.id), Basis(row.digest, number=row.number))
        )
    return [
        Choice(value, label, document, basis, steps_of(document, handling))
        for value, label, document, basis in found
        if any(one.code == handling and complete(one) for one in document.handling)
    ]


def steps_of(document: Document, handling: str) -> list[tuple[str, str, str]]:
    """Id, name and post of every step of a 业务办理项 and of the decision; signers too have a place in the queue."""
    one = next((each for each in document.handling if each.code == handling), None)
    if one is None or one.decide is None:
        return []
    return [(step.id, step.name, step.post) for step in (*one.steps, one.decide)]


def posts_of(document: Document, handling: str) -> dict[str, int]:
    """Posts by code, and how many people one of their steps needs at once."""
    one = next((each for each in document.handling if each.code == handling), None)
    found: dict[str, int] = {}
    for step in (*one.steps, one.decide) if one is not None and one.decide is not None else ():
        for post in (step.post, *step.signers):
            found[post] = max(found.get(post, 1), step.people)
    return found


def post_names(codes: Iterable[str]) -> dict[str, str]:
    found = identity.posts_by_code(codes)
    return {code: f"{post.department.name}·{post.name}" for code, post in found.items()}


def people_now(least: Mapping[str, int], today: date) -> dict[str, int]:
    """How many hold each post today; `least` where they are fewer than a step needs at once."""
    found = identity.posts_by_code(least)
    held = {code: len(identity.holders_on(post.pk, today)) for code, post in found.items()}
    return {code: max(number, held.get(code, 0)) for code, number in least.items()}


def office_hours(first: date) -> Hours:
    """Hours in which what was recorded is counted."""
    return Hours(first, clocks.current_calendar().working_day, rules.spans(rules.FULL_DAY / 60))


def minute_of(moment: datetime, first: date) -> float:
    return (moment - datetime.combine(first, time.min, BEIJING)) / timedelta(minutes=1)


def work_of(row: Recorded, hours: Hours) -> float:
    """
    Working minutes that a step took at the most, from when it could begin: at least one, at most a day. Nobody writes
    down when he takes up a file.
    """
    begun, closed = minute_of(row.begun, hours.first), minute_of(row.closed, hours.first)
    return min(max(hours.worked(closed) - hours.worked(begun), 1.0), rules.FULL_DAY)


def recorded_minutes(item_code: str, handling: str, since: date, until: date) -> tuple[dict[str, float], int]:
    """The middle of what each step took in the latest cases, and how many cases that is."""
    found = cases.past_cases(item_code, handling, since, until, LOOKED_AT)
    hours = office_hours(since - timedelta(days=366))
    by_step: dict[str, list[float]] = {}
    for row in past.recorded([one.id for one in found]):
        by_step.setdefault(row.step, []).append(work_of(row, hours))
    return {step: round(median(values), 1) for step, values in by_step.items()}, len(found)


def handlings(document: Document) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in document.handling if complete(one)]


def union_of_posts(found: Sequence[Choice], handling: str) -> dict[str, int]:
    every: dict[str, int] = {}
    for one in found:
        for post, people in posts_of(one.document, handling).items():
            every[post] = max(every.get(post, 1), people)
    return every


def union_of_steps(found: Sequence[Choice]) -> list[tuple[str, str]]:
    """Id and name, of whichever revision comes first."""
    return list({code: (code, name) for one in reversed(found) for code, name, _post in one.steps}.values())
