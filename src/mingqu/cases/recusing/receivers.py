"""
Who is told of 回避 and of a step that changes hands: who decides, the officer, the heads, the post that has it, who had
claimed it.
"""

from mingqu.cases import events
from mingqu.cases.models import Case, Recusal
from mingqu.cases.telling import tell_about
from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

HANDED = {
    "passed": "转办给您的岗位，从此由您办",
    "lent": "委派给您的岗位，办完交回",
    "recalled": "收回，由您的岗位自己办",
    "added": "加签，请您的岗位一起签署",
    "named": "由负责人指定您的岗位办",
}


@subscriber("cases.tell_recusal_asked", events.RecusalAsked)
def tell_asked(event: events.RecusalAsked, *, at: Instant) -> None:
    case = Case.objects.get(pk=event.root_id)
    place = Place(case.department_id, case.region_code, case.item_type)
    heads = identity.people_who_may("case.exclude", place, legal_day(at))
    people = [one for one in heads if one not in case.barred_ids]
    tell_about(case, people, "recusal_asked", {}, at, str(event.recusal_id))


@subscriber("cases.tell_recusal_decided", events.RecusalDecided)
def tell_decided(event: events.RecusalDecided, *, at: Instant) -> None:
    row = Recusal.objects.select_related("case").get(case_id=event.root_id, id=event.recusal_id)
    params = {"state": str(Recusal.State(event.state).label)}
    tell_about(row.case, [row.person_id], "recusal_decided", params, at, f"{row.id.hex}:{event.state}")


@subscriber("cases.tell_step_stranded", events.StepStranded)
def tell_stranded(event: events.StepStranded, *, at: Instant) -> None:
    """The heads of the case's organ and of the post's own."""
    case = Case.objects.get(pk=event.root_id)
    post = identity.post_by_code(event.post)
    places = [
        Place(one, case.region_code, case.item_type)
        for one in dict.fromkeys((case.department_id, post.department_id))
    ]
    day = legal_day(at)
    heads = [one for place in places for one in identity.people_who_may("case.reassign", place, day)]
    people = [one for one in dict.fromkeys(heads) if one not in case.barred_ids]
    params = {"step": event.step_name, "post": f"{post.department.name}·{post.name}"}
    tell_about(case, people, "step_stranded", params, at, str(event.task_id))


@subscriber("cases.tell_step_handed", events.StepHanded)
def tell_handed(event: events.StepHanded, *, at: Instant) -> None:
    """The post that has the step, or a signature of it, from now on."""
    case = Case.objects.get(pk=event.root_id)
    people = [one for one in identity.people_at([event.post], legal_day(at)) if one not in case.barred_ids]
    params = {"step": event.step_name, "how": HANDED[event.how]}
    tell_about(case, people, "step_handed", params, at, at.isoformat())


@subscriber("cases.tell_step_put_back", events.StepPutBack)
def tell_put_back(event: events.StepPutBack, *, at: Instant) -> None:
    """Who had claimed the step, while she is at its post and does not stand aside."""
    case = Case.objects.get(pk=event.root_id)
    there = set(identity.people_at([event.post], legal_day(at))) - set(case.barred_ids)
    people = there & {event.claimed_by}
    tell_about(case, people, "step_put_back", {"step": event.step_name}, at, at.isoformat())
