"""What a person typed is not lost: the session ended meanwhile, or another tab or device saved in between."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict

from mingqu.cases.views.shared import draft_gone
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftNotFound
from mingqu.forms.types import FormSchema
from mingqu.identity.services import client_address, limits

KEPT = "cases_kept"  # session: what was typed when the session had ended, until the person is signed in again
KEPT_BYTES = 50_000


def keep_until_opened(
    request: Any, draft_id: UUID, page: int, gone: DraftNotFound, *, back: str
) -> HttpResponse:
    """
    The session ended while the person was typing: what they typed waits (encrypted, in this browser's
    session) until they have signed in again or given the code, and then stands on the page.
    """
    data = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    size = sum(len(name) + sum(len(value) for value in values) for name, values in data.items())
    fits = size <= KEPT_BYTES
    if fits:
        # Anyone may come here, signed in or not.
        limits.spend("kept_address", client_address(request), at=request.at)
        request.session[KEPT] = {"draft": str(draft_id), "page": page, "data": data}
    return draft_gone(request, gone, back=back, kept=fits)


def take_kept(request: Any, draft_id: UUID, page: int) -> QueryDict | None:
    """What waits for this page of this draft, once."""
    kept = request.session.get(KEPT)
    if not kept or kept["draft"] != str(draft_id) or kept["page"] != page:
        return None
    del request.session[KEPT]
    data = QueryDict(mutable=True)
    for name, values in kept["data"].items():
        data.setlist(name, values)
    return data


def differences(
    schema: FormSchema, page: int, saved: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """(question, as the other tab or device saved it, as this page has it), of those that are not the same."""
    fields = {path: schema.fields[path] for path in schema.page(page).paths}
    return [
        (field.title, forms.words(field, theirs), forms.words(field, ours))
        for path, field in fields.items()
        if (theirs := forms.get(saved, path)) != (ours := typed.get(path, theirs))
    ]
