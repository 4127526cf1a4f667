"""The application of an errand (代办): the pages of the window, with what is delegated to the agent alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.errors import SituationStops
from mingqu.cases.services import answers
from mingqu.forms.services import html_name
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.outreach import selectors as errands
from mingqu.outreach import services as helping
from mingqu.outreach.errors import FixConsentMissing
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.window.bringing import bring_in, type_in
from mingqu.workbench.views.window.drafting import Single
from mingqu.workbench.views.window.filling import ACCEPT, HandIn, pages_of
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG
from mingqu.workbench.window_forms import SituationForm

View = Callable[..., HttpResponse]
READS_RECORD = {
    "materials",
    "check",
}  # they show her certificates and what was handed in before: after consent alone


class OfErrand(Single):
    """A draft of an errand: its agent alone, with the mandate its delegation gives."""

    names = "errand"
    by_phone = False  # the page of the code is the window's, refused to an agent

    @classmethod
    def home(cls, request: Any, draft_id: UUID) -> HttpResponse:
        return redirect("outreach:at_desk", number=errands.of_draft(request.actor, draft_id).number)

    def context(self, here: str) -> dict[str, Any]:
        number = errands.of_draft(self.by, self.draft.id).number
        return super().context(here) | {"errand_url": reverse("outreach:at_desk", args=[number])}

    def slips(self) -> list[tuple[str, str]]:
        return []  # paper slips of an outage are a window's

    def file(self, given: HandIn, by: Actor) -> str:
        services.file_at_window(
            draft_id=self.draft.id,
            base_version=given.version,
            applicant_id=self.draft.person.id,
            by=self.by,
            at=self.at,
            key=given.key,
            signature=given.signature,
        )
        return errands.of_draft(by, self.draft.id).number

    def to(self, name: str, **args: Any) -> HttpResponse:
        if name == "filed":
            return redirect("outreach:at_desk", number=args["number"])
        return super().to(name, **args)


def of_agent(view: View) -> View:
    """Give the view the agent as one who fills in for the person of this errand. Raises ErrandUnknown, NoPoint."""
    reads_record = view.__name__ in READS_RECORD

    @wraps(view)
    def opened(request: Any, draft_id: UUID, **given: Any) -> HttpResponse:
        row = errands.of_draft(request.actor, draft_id)
        if reads_record and row.state in ("open", "paper"):
            messages.info(request, "申请已保存。本人同意以后，接着办材料。")
            return redirect("outreach:at_desk", number=row.number)
        return view(request, by=helping.as_agent(row, request.actor), draft_id=draft_id, **given)

    return opened


@staff("errand.open")
@never_cache
@require_http_methods(GET_OR_POST)
def start(request: Any, number: str) -> HttpResponse:
    """The questions of what the errand is for; begun before: straight to its draft."""
    row = errands.agents_errand(request.actor, errands.id_of(number))
    if row.draft_id is not None:
        return redirect("workbench:errand_draft", draft_id=row.draft_id)
    by = helping.as_agent(row, request.actor)
    page = pages.start(by, row.item_code, row.handling_code, request.at)
    form = SituationForm(page.definition.situations, request.POST or None, initial=page.known)
    stop, status = None, 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                draft_id = helping.begin_form(
                    errand_id=row.pk, answers=form.cleaned_data, by=request.actor, at=request.at, key=new_id()
                )
            except SituationStops as refused:
                stop = refused.message
            except DomainError as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                return redirect("workbench:errand_page", draft_id=draft_id, page=1)
    errand_url = reverse("outreach:at_desk", args=[row.number])
    context = {"page": page, "form": form, "stop": stop, "errand_url": errand_url}
    return render(request, "workbench/window_start.html", context, status=status)


draft, form_page, materials, check = pages_of("errand.open", of_agent, OfErrand)


@staff("errand.open")
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def fix(request: Any, number: str) -> HttpResponse:
    """补正 for the person, with her consent to just that: what is asked for, scanned and handed in at once."""
    row = errands.of_case(request.actor, number)
    errand_url = reverse("outreach:at_desk", args=[row.number])
    if not helping.may_fix(row):
        messages.error(request, FixConsentMissing().message)
        return redirect(errand_url)
    by = helping.as_agent(row, request.actor, helping.FIX)
    assert row.draft_id is not None
    case = cases.case_visible_to_id(by, row.draft_id)
    waits = pages.waits(by, case)
    if waits is None or waits.kind != "correction":
        messages.error(request, "这件申请现在不等补正。")
        return redirect(errand_url)
    form, status = ActForm(request.POST or None), 200
    typed = answers.page_of(case, waits.answers, request.at, request.POST or None) if waits.answers else None
    if request.method == "POST":
        status = WRONG
        fine = form.is_valid() and (typed is None or type_in(request, typed, case.pk, by))
        if fine and bring_in(request, form, waits, case.pk, by):
            messages.success(request, waits.done)
            return redirect(errand_url)
        waits = pages.waits(by, cases.case_visible_to_id(by, case.pk)) or waits
    fields = [(asked, typed[html_name(asked.path)]) for asked in waits.answers] if typed else []
    context = {"waits": waits, "form": form, "accept": ACCEPT, "number": case.number, "item": case.item_name}
    context |= {"typed": typed, "fields": fields, "errand_url": errand_url}
    return render(request, "workbench/window_bring.html", context, status=status)
