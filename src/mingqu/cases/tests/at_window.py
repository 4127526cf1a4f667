"""A person at the window, for tests: received by the clerk, filled in for, filed."""

from uuid import uuid4

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.services import window
from mingqu.cases.tests import factories as f
from mingqu.forms import services as forms
from mingqu.identity import services as identity
from mingqu.identity.tests import factories as people
from mingqu.identity.types import AssistingActor, SeenDocument

ORIGINALS = ("business-licence", "floor-plan", "safety-rules")


def walk_in(w, *, name="禾小满", number="", phone="", at=f.FRIDAY_NOON):
    """Somebody who was never here; her id."""
    document = SeenDocument("citizen_number", number or people.citizen_number(), name, phone)
    return identity.receive_person(document=document, by=w.clerk, at=at, key=uuid4())


def assisting(w, person_id) -> AssistingActor:
    return identity.assisting(w.clerk, person_id)


def window_draft(w, person_id, *, at=f.FRIDAY_NOON, answers=f.ANSWERS, originals=ORIGINALS):
    """A complete draft, typed by the clerk: (draft id, version)."""
    by = assisting(w, person_id)
    started = window.begin(item_code="QH-SPJYXK", handling="01", answers=_listed(f.SITUATION), by=by, at=at)
    version = window.open_draft(draft_id=started.draft_id, by=by, at=at).view.version
    saved = forms.save_draft(draft_id=started.draft_id, changes=answers, base_version=version, by=by, at=at)
    marked = window.mark_originals(
        draft_id=started.draft_id, seen=dict.fromkeys(originals, True), by=by, at=at
    )
    return started.draft_id, (marked or saved).version


def filled_in(draft_id, by: AssistingActor, *, at=f.FRIDAY_NOON) -> int:
    """A draft that was begun for somebody, with all answers and every original seen; its version."""
    version = window.open_draft(draft_id=draft_id, by=by, at=at).view.version
    saved = forms.save_draft(draft_id=draft_id, changes=dict(f.ANSWERS), base_version=version, by=by, at=at)
    needed = window.open_draft(draft_id=draft_id, by=by, at=at).provided
    seen = {one.material.code: True for one in needed}
    marked = window.mark_originals(draft_id=draft_id, seen=seen, by=by, at=at)
    return (marked or saved).version


def _listed(situation):
    return {k: v if isinstance(v, list) else [v] for k, v in situation.items()}


def file_it(w, person_id, draft, *, by=None, at=f.FRIDAY_NOON, key=None, **more):
    draft_id, version = draft
    return services.file_at_window(
        draft_id=draft_id,
        base_version=version,
        applicant_id=person_id,
        by=by or w.clerk,
        at=at,
        key=key or uuid4(),
        **more,
    )


def filed_case(w, person_id=None, **given) -> Case:
    person_id = person_id or walk_in(w)
    filed = file_it(w, person_id, window_draft(w, person_id, **given))
    return Case.objects.get(pk=filed.case_id)
