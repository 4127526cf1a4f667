"""Follow-ups of bad ratings: the evaluation office sees the case, the rated organ does not, everybody sees counts."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

import yaml
from django.db.models import Count, Exists, F, OuterRef, Q

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.evaluation.errors import FollowUpUnknown
from mingqu.evaluation.models import FollowUp, FollowUpNumber, Rating
from mingqu.evaluation.rules import LEVELS
from mingqu.evaluation.selectors.ratings import indicators, level_words
from mingqu.evaluation.types import (
    FollowUpLine,
    FollowUpPage,
    FollowUpView,
    PublicAnswer,
    Tally,
    ToFollow,
)
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.rows import read_often
from mingqu.kernel.types import Actor
from mingqu.voice import selectors as voice

PAGE = 30
State = FollowUp.State
CLOSED = (State.PUBLISHED, State.EXCLUDED)
# Who may do a step, and which state waits for it.
STEPS = {
    State.VERIFYING: ("evaluation.verify", "evaluation.agree_exclusion"),
    State.RECTIFYING: ("evaluation.rectify",),
    State.CALLING: ("evaluation.call_back",),
    State.PUBLISHING: ("evaluation.publish_answer",),
}


@cache
def _days() -> dict[str, int]:
    raw = yaml.safe_load(files("mingqu.evaluation").joinpath("following.yaml").read_text("utf-8"))
    return {str(state): int(raw[state]) for state in STEPS}


def step_days(state: str) -> int:
    """Working days the installation gives itself for the step that this state waits for."""
    return _days()[state]


def due_after(day: date, state: str) -> date:
    return clocks.current_calendar().add_working_days(day, step_days(state))


def follow_up_for_update(follow_id: UUID) -> FollowUp:
    """Locked by its shard key. Raises FollowUpUnknown."""
    found = FollowUp.objects.select_for_update().filter(pk=follow_id).first()
    if found is None:
        raise FollowUpUnknown()
    return found


def follow_ups_at_desk(actor: Actor, today: date, *, done: bool = False, after: str = "") -> FollowUpPage:
    """Within the post's scope: what waits by its day; what is over, the latest first. Keyset."""
    day, sign = ("rated_on", "-") if done else ("due_on", "")
    rows = FollowUp.objects.filter(access.scope(actor, "evaluation.see").q(party="case_id"))
    rows = rows.filter(state__in=CLOSED) if done else rows.exclude(state__in=CLOSED)
    if (start := _cursor(after)) is not None:
        side = "lt" if done else "gt"
        rows = rows.filter(Q(**{f"{day}__{side}": start[0]}) | Q(**{day: start[0], f"id__{side}": start[1]}))
    found = list(
        rows.order_by(f"{sign}{day}", f"{sign}id").defer("finding_text", "answer", "call_text")[: PAGE + 1]
    )
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    return FollowUpPage(tuple(_lines(shown, today)), f"{getattr(last, day)}_{last.pk}" if last else "")


def follow_up_at_desk(actor: Actor, number: str, today: date) -> FollowUpView:
    """Raises FollowUpUnknown for one that is not within the post's scope."""
    known = FollowUpNumber.objects.filter(number=number).first()
    row = FollowUp.objects.filter(pk=known.follow_up_id).first() if known else None
    if row is None or not access.allows(actor, "evaluation.see", row):
        raise FollowUpUnknown()
    rating = Rating.objects.get(root_id=row.case_id, contact=row.contact)
    concerned = bool(voice.concerned(actor, [row.case_id]))
    may = {
        action
        for action in STEPS.get(State(row.state), ())
        if access.allows(actor, action, row) and (action == "evaluation.rectify" or not concerned)
    }
    waiting = second_person.waiting(["evaluation.exclude"], row.pk)
    if waiting and waiting[0].asked_by == actor.id:
        may.discard("evaluation.agree_exclusion")
    office = access.allows(actor, "evaluation.verify", row) and not concerned
    sees_case = office and access.allows(actor, "case.see", row)
    (line,) = _lines([row], today)
    return FollowUpView(
        id=row.pk,
        line=line,
        reasons=tuple(reason.name for reason in indicators().reasons if reason.code in rating.reasons),
        text=rating.text or "",
        finding=row.finding,
        finding_words=str(FollowUp.Finding(row.finding).label) if row.finding else "",
        finding_text=row.finding_text or "",
        verified_on=row.verified_on,
        answer=row.answer or "",
        rectified_on=row.rectified_on,
        rounds=row.rounds,
        call_words=str(FollowUp.Call(row.call).label) if row.call else "",
        call_text=(row.call_text or "") if office else "",
        called_on=row.called_on,
        public_text=row.public_text,
        published_on=row.published_on,
        case_number=cases.case_visible_to_id(actor, row.case_id).number if sees_case else "",
        awaits_second=bool(waiting),
        may=frozenset(may),
    )


def rated_case_of(follow_id: UUID) -> UUID | None:
    """Whose bad rating it follows: for what is counted by case."""
    return FollowUp.objects.filter(pk=follow_id).values_list("case_id", flat=True).first()


_COUNTING = (  # asked after every event of a case
    "SELECT r.root_id, r.rated_on, r.level FROM evaluation_rating r WHERE r.root_id = ANY(%s) AND NOT EXISTS"
    " (SELECT FROM evaluation_followup f WHERE f.case_id = r.root_id AND f.contact = r.contact AND f.state = %s)"
    " ORDER BY r.rated_at, r.id"
)


def levels_of(case_ids: Iterable[UUID]) -> dict[UUID, list[tuple[date, int]]]:
    """Day and level of each rating that counts (误评 and 恶意差评 do not), by case: for statistics, nobody's page."""
    ids = list(case_ids)
    found: dict[UUID, list[tuple[date, int]]] = {}
    for case_id, day, level in read_often(_COUNTING, [ids, State.EXCLUDED.value]):
        found.setdefault(case_id, []).append((day, level))
    return found


def levels_given(since: date, until: date) -> dict[int, int]:
    """How many ratings of each level count that were given on these days, both included; a scan."""
    excluded = FollowUp.objects.filter(
        case_id=OuterRef("root_id"), contact=OuterRef("contact"), state=State.EXCLUDED
    )
    rows = Rating.objects.filter(~Exists(excluded), rated_on__gte=since, rated_on__lte=until).order_by()
    counted = dict(rows.values_list("level").annotate(many=Count("pk")))
    return {level: counted.get(level, 0) for level in LEVELS}


def journey_of(case_id: UUID, contact: str) -> FollowUpLine | None:
    """For who gave it: how far the answer to their bad rating is. The caller has checked whose case it is."""
    row = FollowUp.objects.filter(case_id=case_id, contact=contact).first()
    return next(iter(_lines([row], row.due_on)), None) if row else None


def to_do(actor: Actor, today: date) -> ToFollow:
    """What waits for a step of this post. One statement."""
    wanted = Q(pk__in=[])
    for state, actions in STEPS.items():
        scope = access.scope(actor, actions[0])
        if scope:
            wanted |= Q(state=state) & scope.q(party="case_id")
    found = FollowUp.objects.filter(wanted).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return ToFollow(**found)


def tally(since: date, until: date) -> Tally:
    """Bad ratings given on these days, both included; one excluded is in `bad` too, and said so."""
    rows = FollowUp.objects.filter(rated_on__gte=since, rated_on__lte=until)
    done = Q(rectified_on__isnull=False) & ~Q(state=State.RECTIFYING)
    found = rows.aggregate(
        bad=Count("pk"),
        excluded=Count("pk", filter=Q(state=State.EXCLUDED)),
        rectified=Count("pk", filter=done),
        in_time=Count("pk", filter=done & Q(late=False)),
        published=Count("pk", filter=Q(state=State.PUBLISHED)),
        open=Count("pk", filter=~Q(state__in=CLOSED)),
        late=Count("pk", filter=Q(late=True)),
    )
    return Tally(**found)


def published_answers(limit: int = PAGE) -> list[PublicAnswer]:
    """What everybody may read, the latest first."""
    rows = list(
        FollowUp.objects.filter(state=State.PUBLISHED).order_by(F("published_on").desc(), "-id")[:limit]
    )
    lines = _lines(rows, date.max)
    return [
        PublicAnswer(
            line.item, line.department, line.level_words, row.public_text, row.rated_on, row.published_on
        )
        for row, line in zip(rows, lines, strict=True)
        if row.published_on is not None
    ]


def _lines(rows: Iterable[FollowUp], today: date) -> Iterable[FollowUpLine]:
    found = list(rows)
    names = catalogue.names({row.item_code for row in found})
    organs = identity.departments_by_id(row.department_id for row in found)
    for row in found:
        is_open = row.state not in CLOSED
        yield FollowUpLine(
            number=row.number,
            item=names.get(row.item_code, row.item_code),
            department=organs[row.department_id].name if row.department_id in organs else "",
            level_words=level_words(row.level),
            state=row.state,
            state_words=str(State(row.state).label),
            rated_on=row.rated_on,
            due_on=row.due_on,
            overdue=is_open and today > row.due_on,
            open=is_open,
        )


def _cursor(text: str) -> tuple[date, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    day, _sep, follow_id = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(follow_id)
    except ValueError:
        return None
