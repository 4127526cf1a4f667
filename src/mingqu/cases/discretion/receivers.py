"""Who is told of 裁量 outside the range: the post that is to agree, and then who set it. Never the applicant."""

from uuid import uuid5

from mingqu.cases import events
from mingqu.cases.models import Discretion
from mingqu.cases.telling import tell_about
from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant


@subscriber("cases.tell_discretion_asked", events.DiscretionAsked)
def tell_asked(event: events.DiscretionAsked, *, at: Instant) -> None:
    row = Discretion.objects.select_related("case").get(case_id=event.root_id, id=event.discretion_id)
    if row.state != Discretion.State.WAITING or row.second_post != event.post:
        return  # answered or passed on meanwhile
    held = identity.people_at([event.post], legal_day(at))
    people = [one for one in held if one not in row.case.barred_ids and one != row.person_id]
    if not people:  # nobody may give the word there: the head names another post
        place = Place(row.case.department_id, row.case.region_code, row.case.item_type)
        heads = identity.people_who_may("case.reassign", place, legal_day(at))
        left = [one for one in heads if one not in row.case.barred_ids]
        post = identity.post_by_code(event.post)
        params = {"step": "裁量复核", "post": f"{post.department.name}·{post.name}"}
        tell_about(row.case, left, "step_stranded", params, at, str(uuid5(row.id, event.post)))
        return
    tell_about(
        row.case, people, "discretion_asked", {}, at, str(uuid5(row.id, f"{event.post} {at.isoformat()}"))
    )


@subscriber("cases.tell_discretion_answered", events.DiscretionAnswered)
def tell_answered(event: events.DiscretionAnswered, *, at: Instant) -> None:
    row = Discretion.objects.select_related("case").get(case_id=event.root_id, id=event.discretion_id)
    if row.answered_by is None:
        return  # taken back by who asked
    params = {"state": str(Discretion.State(event.state).label)}
    tell_about(row.case, [row.person_id], "discretion_answered", params, at, str(uuid5(row.id, event.state)))
