"""Filling in for the person at the window: questions, form, materials, the last look, and the slip."""

from collections.abc import Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.errors import SituationStops
from mingqu.cases.services import promises, window
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.cases.types import Addressee, CommitmentInput, OnPaper
from mingqu.forms import services as forms
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.access import staff
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.window.filling import Filling, HandIn, pages_of
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, for_applicant
from mingqu.workbench.window_forms import MaterialsForm, SituationForm


class Single(Filling):
    """A draft of one service."""

    draft: window.WindowDraft
    names = "window"
    by_phone = True

    @classmethod
    def open(cls, draft_id: UUID, by: AssistingActor, at: Instant) -> Self:
        return cls(window.open_draft(draft_id=draft_id, by=by, at=at), by, at)

    @property
    def provided(self) -> Sequence[Any]:
        return self.draft.provided

    @property
    def missing(self) -> list[str]:
        return self.draft.missing

    @property
    def circumstances(self) -> forms.Circumstances:
        return window.circumstances(self.at)

    def lines(self, form: MaterialsForm) -> list[pages.MaterialLine]:
        return pages.materials(self.draft, form)

    def ways(self) -> dict[str, Any]:
        return pages.ways(self.draft)

    def summary(self) -> dict[str, Any]:
        return pages.summary(self.draft)

    def mark_papers(self, papers: Mapping[str, OnPaper | None]) -> None:
        window.mark_papers(draft_id=self.draft.id, papers=papers, by=self.by, at=self.at)

    def add_files(self, material: str, uploads: Sequence[Upload]) -> None:
        add_draft_files(
            draft_id=self.draft.id, material=material, uploads=uploads, holder=Holder(self.by), at=self.at
        )

    def sign(self, commitment: CommitmentInput) -> None:
        promises.sign_commitment(
            draft_id=self.draft.id, commitment=commitment, holder=Holder(self.by), at=self.at
        )

    def bring_now(self, material: str) -> None:
        promises.bring_now(draft_id=self.draft.id, material=material, holder=Holder(self.by), at=self.at)

    def choose_delivery(self, way: str, to: Addressee | None = None) -> bool:
        return window.choose_delivery(draft_id=self.draft.id, way=way, by=self.by, at=self.at, to=to)

    def slips(self) -> list[tuple[str, str]]:
        return pages.slips(self.by, self.draft)

    def choose_slip(self, slip_id: str) -> bool:
        return window.choose_slip(draft_id=self.draft.id, slip_id=slip_id, by=self.by, at=self.at)

    def file(self, given: HandIn, by: Actor) -> str:
        filed = services.file_at_window(
            draft_id=self.draft.id,
            base_version=given.version,
            applicant_id=self.draft.person.id,
            by=by,
            at=self.at,
            key=given.key,
            signature=given.signature,
        )
        return filed.number


@staff("case.file")
@never_cache
@require_http_methods(GET_OR_POST)
@for_applicant
def start(request: Any, by: AssistingActor, item_code: str, handling: str) -> HttpResponse:
    """All questions on one page, answered by digits; then the draft begins."""
    page = pages.start(by, item_code, handling, request.at)
    form = SituationForm(page.definition.situations, request.POST or None, initial=page.known)
    stop, status, certificate = None, 200, None
    if request.method == "POST":
        status = WRONG
        certificate = page.chosen(request.POST.get("certificate", ""))
        if form.is_valid() and (certificate or not page.certificates_needed):
            try:
                started = window.begin(
                    item_code=item_code,
                    handling=handling,
                    answers=form.cleaned_data,
                    by=by,
                    at=request.at,
                    certificate=certificate,
                )
            except SituationStops as refused:
                stop = refused.message
            except DomainError as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                return redirect("workbench:window_page", draft_id=started.draft_id, page=1)
    context = {
        "page": page,
        "form": form,
        "stop": stop,
        "missing_certificate": status == WRONG and not certificate,
    }
    return render(request, "workbench/window_start.html", context, status=status)


draft, form_page, materials, check = pages_of("case.file", for_applicant, Single)


@staff("case.file")
@never_cache
@with_devices
@require_safe
@for_applicant
def filed(request: Any, by: AssistingActor, number: str) -> HttpResponse:
    """Number and query code in large type to print, and what comes next."""
    case = cases.case_visible_to(request.actor, number)
    if case.applicant_id != by.applicant_id or case.filed_by_post != by.post_id:
        return redirect("workbench:case", number=number)
    return render(request, "workbench/window_filed.html", pages.filed(by, case, request.at))
