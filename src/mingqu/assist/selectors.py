"""Questions about what could not be done: for who said it, for its owner, and for everybody as figures."""

import hmac
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mingqu.assist import rules
from mingqu.assist.errors import StuckUnknown
from mingqu.assist.models import Stuck, StuckNumber
from mingqu.assist.types import About, AnswerView, StuckLine, StuckPage, StuckView, Tally, ToAnswer, Wanted
from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import regions
from mingqu.kernel.errors import spoken
from mingqu.kernel.types import Actor
from mingqu.kernel.yaml_text import read_yaml
from mingqu.voice import selectors as voice

PAGE = 30
MOST = 5_000  # rows of a file
GOING = 0  # beside the rounds in the limits: for how long what goes on may be put off
YEAR = timedelta(days=365)
TAGS = {
    "filed": "accepted",
    "answered": "correct",
    "again": "accepted",
    "going": "accepted",
    "settled": "done",
    "unsettled": "refused",
}
OPEN = (Stuck.State.FILED, Stuck.State.AGAIN, Stuck.State.GOING)
FIRST, SECOND = "assist.answer", "assist.answer_again"


@cache
def _limits() -> dict[int, int]:
    raw = read_yaml(files("mingqu.assist").joinpath("limits.yaml").read_text("utf-8"))
    return {1: int(raw["first"]), 2: int(raw["again"]), GOING: int(raw["going"])}


def limit(round_: int) -> int:
    """Working days within which the installation promises an answer of a round."""
    return _limits()[round_]


def due_after(day: date, round_: int) -> date:
    return clocks.current_calendar().add_working_days(day, limit(round_))


def latest_until(day: date) -> date:
    """The last day until which what goes on may be put off on a day."""
    return clocks.current_calendar().add_working_days(day, _limits()[GOING])


# Who owns it -------------------------------------------------------------------------------------------------


def about_case(actor: Actor, number: str) -> About:
    """Of one's own case, or of one a clerk sees. Raises CaseUnknown."""
    return _about(cases.case_visible_to(actor, number))


def about_code(number: str, code: str) -> About:
    """Of the case whose number and query code are given. Raises CaseUnknown."""
    return _about(cases.case_by_query_code(number, code))


def _about(case: Any) -> About:
    return About(
        department_id=case.department_id,
        organ=identity.department(case.department_id).name,
        region_code=case.region_code,
        item_type=case.item_type,
        item_code=case.item_code,
        item_name=case.item_name,
        case_id=case.pk,
        case_number=case.number,
    )


def about_item(code: str) -> About:
    """Raises ItemUnknown."""
    item = catalogue.item(code)
    return About(
        item.department_id, item.department.name, item.region_code, item.item_type, item.code, item.name
    )


def owned(about: About | None, day: date) -> About:
    """
    The rule of who owns it: the organ of the case or service, where somebody there may answer on that day; else the
    window of last resort.
    """
    if about is not None:
        place = Place(about.department_id, about.region_code, about.item_type)
        if identity.people_who_may(FIRST, place, day):
            return about
    catching = identity.organs_that_may("assist.catch")
    if not catching:  # nobody has the duty: the organ's own list, or nowhere to go
        if about is None:
            raise StuckUnknown()
        return about
    department = identity.department(catching[0])
    if about is None:
        return About(department.id, department.name, department.region_code, caught=True)
    return replace(about, department_id=department.id, organ=department.name, caught=True)


# One matter --------------------------------------------------------------------------------------------------


def for_update(stuck_id: UUID) -> Stuck:
    """Locked by its shard key. Raises StuckUnknown."""
    found = Stuck.objects.select_for_update().filter(pk=stuck_id).first()
    if found is None:
        raise StuckUnknown()
    return found


def id_of(number: str) -> UUID:
    """Raises StuckUnknown."""
    found = (
        StuckNumber.objects.filter(number=number.strip().upper()).values_list("stuck_id", flat=True).first()
    )
    if found is None:
        raise StuckUnknown()
    return found


def own(actor: Actor | None, number: str, today: date) -> StuckView:
    """One's own. Raises StuckUnknown for anybody else's."""
    row = Stuck.objects.filter(pk=id_of(number)).first()
    if row is None or not access.allows(actor, "assist.file", row):
        raise StuckUnknown()
    return _view(row, today)


def by_code(number: str, code: str) -> Stuck:
    """Of who has no account. Raises StuckUnknown, the same whatever is wrong."""
    row = Stuck.objects.filter(pk=id_of(number)).first()
    given = code.strip().upper()
    if row is None or not row.code or not hmac.compare_digest(row.code.encode(), given.encode()):
        raise StuckUnknown()
    return row


def code_of(number: str) -> str:
    """What opens it without an account: the caller knows that it was given."""
    return Stuck.objects.get(pk=id_of(number)).code or ""


def at_desk(actor: Actor, number: str, today: date) -> StuckView:
    """For its owner. Raises StuckUnknown out of scope and for who had a hand in the case."""
    row = Stuck.objects.filter(pk=id_of(number)).first()
    if row is None or not access.allows(actor, "assist.see", row) or is_shut_to(actor, row):
        raise StuckUnknown()
    return _view(row, today)


def may_answer(actor: Actor, number: str) -> bool:
    row = Stuck.objects.get(pk=id_of(number))
    return row.waits and access.allows(actor, action_of(row), row)


def action_of(row: Stuck) -> str:
    """Who answers the first time, and who when it was asked again."""
    return FIRST if row.round == 1 else SECOND


def is_shut_to(actor: Actor, row: Stuck) -> bool:
    """What is said of a case is not for who had a hand in it."""
    return row.case_id is not None and bool(voice.concerned(actor, [row.case_id]))


# Lists -------------------------------------------------------------------------------------------------------


def owns(actor: Actor, today: date) -> list[StuckLine]:
    """What one has said, the latest first."""
    rows = list(Stuck.objects.filter(party_id=actor.id).select_related("department").order_by("-id")[:PAGE])
    names = catalogue.names({row.item_code for row in rows if row.item_code})
    return [_line(row, names, today) for row in rows]


def list_at_desk(actor: Actor, today: date, wanted: Wanted | None = None, *, after: str = "") -> StuckPage:
    """Within the post's scope: what waits by its last day; what is answered, the latest first. Keyset."""
    wanted = wanted or Wanted()
    rows, done = _wanted(actor, today, wanted), wanted.done
    if (start := _cursor(after)) is not None:
        side = "lt" if done else "gt"
        rows = rows.filter(
            Q(**{f"due_on__{side}": start[0]}) | Q(due_on=start[0], **{f"id__{side}": start[1]})
        )
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return StuckPage(tuple(_lines(actor, found[:PAGE], today)), f"{last.due_on}_{last.pk}" if last else "")


def every_matter(actor: Actor, today: date, wanted: Wanted) -> list[StuckLine]:
    """The same list whole, for a file; MOST rows at most."""
    return _lines(actor, list(_wanted(actor, today, wanted)[:MOST]), today)


def _lines(actor: Actor, rows: list[Stuck], today: date) -> list[StuckLine]:
    hands = voice.concerned(actor, (row.case_id for row in rows))
    names = catalogue.names({row.item_code for row in rows if row.item_code})
    return [_line(row, names, today, shut=row.case_id in hands) for row in rows]


def _wanted(actor: Actor, today: date, wanted: Wanted) -> QuerySet[Stuck]:
    rows = Stuck.objects.filter(access.scope(actor, "assist.see").q(party="party_id"))
    rows = rows.select_related("department").defer("text", "code", "contact", "author")
    if wanted.number:
        rows = rows.filter(number=wanted.number)
    if wanted.again:
        rows = rows.filter(round=2)
    if wanted.done:
        rows = rows.filter(in_time=False) if wanted.late else rows
        return rows.exclude(state__in=OPEN).order_by("-due_on", "-id")
    rows = rows.filter(due_on__lt=today) if wanted.late else rows
    return rows.filter(state__in=OPEN).order_by("due_on", "id")


def to_answer(actor: Actor, today: date) -> ToAnswer:
    """What waits for an answer of this post, by round; one statement."""
    first = access.scope(actor, FIRST).q(party="party_id") & Q(state__in=OPEN, round=1)
    second = access.scope(actor, SECOND).q(party="party_id") & Q(state__in=OPEN, round=2)
    found = Stuck.objects.filter(first | second).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return ToAnswer(**found)


def figures(today: date) -> list[Tally]:
    """
    For everybody: of each organ in the last twelve months how many, how many first answers in time, how many solved.
    Those so few that they tell who it was are only said to be few; nothing of training regions. One statement.
    """
    rows = (
        Stuck.objects.filter(regions.not_training(), filed_on__gte=today - YEAR)
        .values("department__name")
        .annotate(
            all=Count("pk"),
            in_time=Count("pk", filter=Q(in_time=True)),
            solved=Count("pk", filter=Q(solved=True) & ~Q(state=Stuck.State.UNSETTLED)),
            going=Count("pk", filter=Q(state=Stuck.State.GOING)),
        )
        .order_by("department__name")
    )
    return [
        Tally(one["department__name"], one["all"], one["in_time"], one["solved"], one["going"])
        if rules.told(one["all"])
        else Tally(one["department__name"], None)
        for one in rows
    ]


def _cursor(text: str) -> tuple[date, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    day, _sep, stuck_id = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(stuck_id)
    except ValueError:
        return None


def _line(row: Stuck, names: dict[str, str], today: date, *, shut: bool = False) -> StuckLine:
    return StuckLine(
        number=row.number,
        state=row.state,
        state_words=spoken(str(Stuck.State(row.state).label)),
        tag=TAGS[row.state],
        organ=row.department.name,
        about=names.get(row.item_code, ""),
        filed_on=row.filed_on,
        due_on=row.due_on,
        round=row.round,
        overdue=row.waits and today > row.due_on,
        channel=str(Stuck.Channel(row.channel).label),
        late=row.in_time is False,
        concerns_reader=shut,
    )


def _view(row: Stuck, today: date) -> StuckView:
    codes: Iterable[str] = [row.item_code] if row.item_code else []
    name = row.author or (identity.names_of([row.party_id]).get(row.party_id, "") if row.party_id else "")
    return StuckView(
        line=_line(row, catalogue.names(codes), today),
        case_number=row.case_number,
        text=row.text or "",
        contact=row.contact or "",
        author=name or _("没有填写姓名"),
        filed_at=row.filed_at,
        answers=tuple(
            AnswerView(one.round, one.solved, one.text or "", one.answered_at, one.until_on)
            for one in row.answers.order_by("answered_at", "id")
        ),
        caught=row.caught,
        put_off=row.put_off,
    )
