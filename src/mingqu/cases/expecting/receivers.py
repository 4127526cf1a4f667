"""Who is told that a special procedure lasts: the applicant of a new day, the officers that the old one has passed."""

from typing import Any

from django.urls import reverse

from mingqu.cases import events
from mingqu.cases.models import Case
from mingqu.cases.telling import tell_about
from mingqu.clocks.types import GROUNDS
from mingqu.identity import selectors as identity
from mingqu.kernel import training
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.process import selectors as tasks


@subscriber("cases.tell_suspension_lasts", events.SuspensionLasts)
def tell_lasts(event: events.SuspensionLasts, *, at: Instant) -> None:
    """Nothing any more where the procedure ended, or was put off, meanwhile."""
    case = Case.objects.get(pk=event.root_id)
    if case.suspended_until != event.expected_until:
        return
    params = {"ground": GROUNDS[event.ground].text, "until": event.expected_until}
    fact = f"{event.expected_until}"
    if event.put_off:
        _tell_applicant(case, params, at, fact)
        return
    posts = [task.post for task in tasks.open_tasks(case.pk)]
    people = [one for one in identity.people_at(posts, legal_day(at)) if one not in case.barred_ids]
    tell_about(case, people, "suspension_past", params, at, fact)


def _tell_applicant(case: Case, params: dict[str, Any], at: Instant, fact: str) -> None:
    item = training.named(f"{case.item_name}（{case.handling_item}）", case.region_code)
    link = reverse("cases:progress", args=[case.number])
    told = {"item": item, "number": case.number, **params}
    for person_id in identity.whom_to_tell(case.applicant_id, case, legal_day(at)):
        notifications.tell(person_id, "case_suspended_longer", told, case.pk, at=at, fact=fact, link=link)
