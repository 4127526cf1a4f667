"""Follow-ups of bad ratings: the evaluation office sees the case, the rated organ does not, everybody sees counts."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.evaluation.errors import FollowUpUnknown
from mingqu.evaluation.models import FollowUp, FollowUpNumber, Rating, Review
from mingqu.evaluation.rules import LEVELS
from mingqu.evaluation.selectors.limits import due_after
from mingqu.evaluation.selectors.ratings import indicators, level_words
from mingqu.evaluation.types import (
    FollowUpLine,
    FollowUpPage,
    FollowUpView,
    Journey,
    PublicAnswer,
    ReviewView,
    Tally,
    ToFollow,
)
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import regions, second_person
from mingqu.kernel.rows import read_often
from mingqu.kernel.types import Actor
from mingqu.voice import selectors as voice

PAGE = 30
State = FollowUp.State
CLOSED = (State.PUBLISHED, State.EXCLUDED)
EXCLUDE = "evaluation.exclude"  # the deed that takes two officers of the office
# Who may do a step, and which state waits for it.
STEPS = {
    State.VERIFYING: ("evaluation.verify", "evaluation.agree_exclusion"),
    State.RECTIFYING: ("evaluation.rectify",),
    State.CALLING: ("evaluation.call_back",),
    State.PUBLISHING: ("evaluation.publish_answer",),
}


def last_day(rated_on: date, limit: str) -> date:
    """Until when a review may be asked for, this day included: `mistaken` by who rated, `asking` by the rated organ."""
    return due_after(rated_on, limit)


def follow_up_of(case_id: UUID, contact: str) -> UUID:
    """Which follow-up the bad rating of this contact has, its caller's own. Raises FollowUpUnknown."""
    found = FollowUp.objects.filter(case_id=case_id, contact=contact).values_list("pk", flat=True).first()
    if found is None:
        raise FollowUpUnknown()
    return found


def follow_up_for_update(follow_id: UUID) -> FollowUp:
    """Locked by its shard key. Raises FollowUpUnknown."""
    found = FollowUp.objects.select_for_update().filter(pk=follow_id).first()
    if found is None:
        raise FollowUpUnknown()
    return found


WAITS_FOR_REVIEW = Exists(Review.objects.filter(root_id=OuterRef("pk"), answer=Review.Answer.WAITING))


def follow_ups_at_desk(actor: Actor, today: date, *, show: str = "", after: str = "") -> FollowUpPage:
    """
    Within the post's scope: what waits by its day, all of it, what is past its day or what waits for a review; what is
    over, or was left out, the latest first. Keyset.
    """
    day, sign = ("rated_on", "-") if show in {"done", "excluded"} else ("due_on", "")
    rows = FollowUp.objects.filter(access.scope(actor, "evaluation.see").q(party="case_id"))
    rows = rows.annotate(under_review=WAITS_FOR_REVIEW)
    if show == "excluded":
        rows = rows.filter(state=State.EXCLUDED)
    else:
        rows = rows.filter(state__in=CLOSED) if show == "done" else rows.exclude(state__in=CLOSED)
    if show == "review":
        rows = rows.filter(under_review=True)
    elif show == "overdue":
        rows = rows.filter(due_on__lt=today)
    if (start := _cursor(after)) is not None:
        side = "lt" if sign else "gt"
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
    waiting = second_person.waiting([EXCLUDE], row.pk)
    if waiting and waiting[0].asked_by == actor.id:
        may.discard("evaluation.agree_exclusion")
    reviews = list(Review.objects.filter(root_id=row.pk).order_by("id"))
    review_until = last_day(row.rated_on, "asking")
    may |= _about_reviews(
        actor, row, reviews, concerned=concerned, over=bool(waiting) or today > review_until
    )
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
        reviews=tuple(view_of_review(one, today) for one in reviews),
        review_until=review_until,
    )


def _about_reviews(
    actor: Actor, row: FollowUp, reviews: list[Review], *, concerned: bool, over: bool
) -> set[str]:
    """What of a review this post may do now; `over`: its days are, or the office itself proposes to leave it out."""
    may, organ = set(), Review.Side.ORGAN
    open_ = row.state not in CLOSED
    if open_ and not over and organ not in {one.side for one in reviews}:
        may |= {"evaluation.ask_review"} if access.allows(actor, "evaluation.ask_review", row) else set()
    waiting = [one for one in reviews if one.answer == Review.Answer.WAITING]
    if waiting and not concerned and access.allows(actor, "evaluation.answer_review", row):
        may.add("evaluation.see_rater")
        may |= {"evaluation.answer_review"} if actor.id not in took_a_side(row, waiting) else set()
    return may


def took_a_side(row: FollowUp, reviews: Iterable[Review]) -> set[UUID | None]:
    """
    Who does not answer these reviews: who asked for one, who verified the rating, and who ever proposed to leave it out
    though another officer did not agree (that takes her name off the row, and not what she thinks of it).
    """
    proposed = second_person.asked_before(EXCLUDE, row.pk)
    return {row.verified_by, *(one.asked_by for one in reviews), *proposed}


def view_of_review(row: Review, today: date) -> ReviewView:
    waits = row.answer == Review.Answer.WAITING
    return ReviewView(
        id=row.id,
        side=row.side,
        side_words=str(Review.Side(row.side).label),
        ground_words=str(FollowUp.Finding(row.ground).label),
        text=row.text or "",
        evidence=row.evidence or "",
        asked_on=row.asked_on,
        due_on=row.due_on,
        waits=waits,
        overdue=waits and today > row.due_on,
        answer_words=str(Review.Answer(row.answer).label),
        answer_text=row.answer_text or "",
        answered_on=row.answered_on,
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


def journeys_of(case_id: UUID, today: date) -> list[Journey]:
    """For who gave them: how far the answers to her bad ratings are. The caller has checked whose case it is."""
    rows = list(FollowUp.objects.filter(case_id=case_id).order_by("rated_on", "id"))
    if not rows:
        return []
    hers = Review.objects.filter(root_id__in=[row.pk for row in rows], side=Review.Side.RATER)
    said = {one.root_id: view_of_review(one, today) for one in hers}
    return [
        Journey(
            line=line,
            contact=row.contact,
            contact_words=str(Rating.Contact(row.contact).label),
            mistaken_until=_mistaken_until(row, today) if row.pk not in said else None,
            review=said.get(row.pk),
        )
        for row, line in zip(rows, _lines(rows, today), strict=True)
    ]


def _mistaken_until(row: FollowUp, today: date) -> date | None:
    until = last_day(row.rated_on, "mistaken")
    return until if row.state not in CLOSED and today <= until else None


def to_do(actor: Actor, today: date) -> ToFollow:
    """What waits for a step of this post. One statement."""
    wanted = Q(pk__in=[])
    for state, actions in STEPS.items():
        scope = access.scope(actor, actions[0])
        if scope:
            wanted |= Q(state=state) & scope.q(party="case_id")
    if scope := access.scope(actor, "evaluation.answer_review"):
        wanted |= WAITS_FOR_REVIEW & scope.q(party="case_id")
    found = FollowUp.objects.filter(wanted).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return ToFollow(**found)


def tally(since: date, until: date) -> Tally:
    """Bad ratings of these days, both included, none of training regions; one excluded is in `bad` too, and said so."""
    rows = FollowUp.objects.filter(regions.not_training(), rated_on__gte=since, rated_on__lte=until)
    done = Q(rectified_on__isnull=False) & ~Q(state=State.RECTIFYING)
    found = rows.aggregate(
        bad=Count("pk"),
        excluded=Count("pk", filter=Q(state=State.EXCLUDED)),
        rectified=Count("pk", filter=done),
        in_time=Count("pk", filter=done & Q(late=False)),
        published=Count("pk", filter=Q(state=State.PUBLISHED)),
        open=Count("pk", filter=~Q(state__in=CLOSED)),
        late=Count("pk", filter=Q(late=True)),
        mistaken=Count("pk", filter=Q(state=State.EXCLUDED, finding="mistaken")),
        malicious=Count("pk", filter=Q(state=State.EXCLUDED, finding="malicious")),
    )
    return Tally(**found)


def published_answers(limit: int = PAGE) -> list[PublicAnswer]:
    """What everybody may read, the latest first; nothing of training regions."""
    published = FollowUp.objects.filter(regions.not_training(), state=State.PUBLISHED)
    rows = list(published.order_by(F("published_on").desc(), "-id")[:limit])
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
            under_review=bool(getattr(row, "under_review", False)),
        )


def _cursor(text: str) -> tuple[date, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    day, _sep, follow_id = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(follow_id)
    except ValueError:
        return None
