"""What both 专家视图 do with what was sent: kept as one change of the draft, or shown again with the reason."""

from typing import Any, Protocol

from django.http import HttpResponse

from mingqu.catalogue import services
from mingqu.catalogue.forms import DeedForm
from mingqu.catalogue.models import DefinitionDraft
from mingqu.kernel.errors import DomainError

WRONG = 400


class ExpertPage(Protocol):
    """A page that can show again what was sent to it."""

    request: Any
    draft: DefinitionDraft

    def show(
        self,
        xml: str = "",
        refused: DomainError | None = None,
        form: DeedForm | None = None,
        status: int = 200,
    ) -> HttpResponse: ...


def put(page: ExpertPage, xml: str, change: services.ExpertChange) -> HttpResponse | None:
    """None where it is kept. Raises NotAuthorised; any other refusal is the page with what was sent."""
    form = DeedForm(page.request.POST)
    if not form.is_valid():
        return page.show(xml, form=form, status=WRONG)
    try:
        services.put_expert(
            draft_id=page.draft.pk,
            version=form.cleaned_data["version"] or 0,
            change=change,
            by=page.request.actor,
            at=page.request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        if refused.status == 403:
            raise
        return page.show(xml, refused, status=refused.status)
    return None
