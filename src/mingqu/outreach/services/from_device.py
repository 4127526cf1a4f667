"""
What an agent took down without a line comes in. The id was made on the device and is the errand's: the same draft sent
twice, or again after the answer was lost, is one errand with one application.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from mingqu.catalogue import selectors as catalogue
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftChangedElsewhere
from mingqu.identity import selectors as identity
from mingqu.identity.types import SeenDocument
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach.errors import DraftOfAnother, ErrandAlready, NotDelegated
from mingqu.outreach.models import Errand
from mingqu.outreach.selectors import points
from mingqu.outreach.selectors.offline import FIELD, SITUATION
from mingqu.outreach.services.errands import as_agent, begin_form, open_errand
from mingqu.outreach.types import Offered

FIRST_VERSION = 1  # of a draft nobody has touched
S = Errand.State
FILLING = (S.OPEN, S.PAPER, S.AGREED)


@dataclass(frozen=True)
class DeviceDraft:
    """`answers`: the names the page was given → what was typed."""

    id: UUID
    name: str = field(repr=False)
    number: str = field(repr=False)
    what: str
    answers: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Taken:
    """`words`: what the agent should know of it; empty where everything was taken over."""

    number: str
    words: str = ""


def take_from_device(*, draft: DeviceDraft, by: Actor, at: Instant) -> Taken:
    """
    The errand, and its application with what was typed; nothing is handed in. Safe to repeat.

    Raises ErrandAlready (this person and item are under way at this point already: nothing is opened), DraftOfAnother
    (the id was taken in for another person or item, before the draft was changed on the device), NotDelegated, and what
    `open_errand` refuses; then the draft stays on the device.
    """
    point = points.point_of(by)
    offered = {one.key: one for one in points.offered_at(point, legal_day(at))}
    if draft.what not in offered:
        raise NotDelegated()
    document = SeenDocument("citizen_number", draft.number, draft.name)
    chosen = offered[draft.what]
    before = Errand.objects.filter(pk=draft.id, post_id=by.post_id).first()
    if before is not None:
        _require_same(before, document, chosen)
    elif other := _known(document=document, offered=chosen, by=by):
        raise ErrandAlready(number=other)
    opened = open_errand(document=document, offered=chosen, by=by, at=at, key=draft.id)
    row = Errand.objects.get(pk=opened.errand_id)
    if row.state not in FILLING or not draft.answers:
        return Taken(row.number)
    return Taken(row.number, _typed(row, chosen, draft, by, at))


def _require_same(row: Errand, document: SeenDocument, offered: Offered) -> None:
    """Raises DraftOfAnother."""
    person = _person_of(document)
    if (person, offered.item_code, offered.handling) != (row.person_id, row.item_code, row.handling_code):
        raise DraftOfAnother(number=row.number)


def _person_of(document: SeenDocument) -> UUID | None:
    found = identity.person_with_document(document.kind, "".join(document.number.split()).upper())
    return found.id if found else None


def _known(*, document: SeenDocument, offered: Offered, by: Actor) -> str:
    """The number of what this post helps the person of this document with already, in this item; else empty."""
    person = _person_of(document)
    if person is None:
        return ""
    under_way = Errand.objects.filter(
        post_id=by.post_id,
        person_id=person,
        item_code=offered.item_code,
        handling_code=offered.handling,
        state__in=(S.OPEN, S.PAPER, S.AGREED),
    )
    return under_way.order_by("-id").values_list("number", flat=True).first() or ""


def _typed(row: Errand, chosen: Offered, draft: DeviceDraft, by: Actor, at: Instant) -> str:
    """The application begun with the answers; why not, in words, where that can't be."""
    situation = _named(draft.answers, SITUATION)
    try:
        draft_id = begin_form(errand_id=row.pk, answers=situation, by=by, at=at, key=uuid5(draft.id, "form"))
    except DomainError as refused:
        return f"申请没有带过来：{refused.message}请在网上填。"
    changes = _coerced(chosen, _named(draft.answers, FIELD))
    if not changes:
        return ""
    try:
        forms.save_draft(
            draft_id=draft_id, changes=changes, base_version=FIRST_VERSION, by=as_agent(row, by), at=at
        )
    except DraftChangedElsewhere:
        return "这份申请在网上已经改过，没有用这台设备上的内容覆盖，请核对。"
    return ""


def _named(answers: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in answers.items() if name.startswith(prefix)}


def _coerced(chosen: Offered, given: Mapping[str, Any]) -> dict[str, Any]:
    """As the form keeps them; what the form does not ask is dropped, what is wrong is kept and told on its page."""
    _item, definition = catalogue.current_definition(chosen.item_code, chosen.handling)
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    found = {}
    for path, value in given.items():
        field_ = schema.fields.get(path)
        if field_ is None:
            continue
        raw = value == "yes" if field_.kind == "yes_no" else value
        read = forms.coerce(field_, raw)
        if read is not None:
            found[path] = read
    return found
