"""
一件事 at the window: the questions of all departments asked once, one form, originals seen line by line, read out,
signed and filed for the person who stands here; and what a filed one waits for is brought here.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Self
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.selectors import AskedMaterial
from mingqu.cases.bundles.selectors.asking import AskedField, asked_fields
from mingqu.cases.bundles.services import answers, files, promises, window
from mingqu.cases.bundles.services.drafts import BundleDraft
from mingqu.cases.errors import SituationStops, SituationUnanswered
from mingqu.cases.services.files import Upload
from mingqu.cases.types import Addressee, CommitmentInput, OnPaper
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.errors import AnswerUnknown
from mingqu.documents import selectors as papers
from mingqu.forms import services as forms
from mingqu.forms.services import PageForm, html_name
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors import window_bundles as pages
from mingqu.workbench.selectors.window import MaterialLine, Waits
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.window.filling import ACCEPT, Filling, HandIn, pages_of, scan
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, for_applicant
from mingqu.workbench.window_forms import MaterialsForm, SituationForm


class Bundled(Filling):
    """A draft of a bundle."""

    draft: BundleDraft
    names = "window_bundle"

    @classmethod
    def open(cls, draft_id: UUID, by: AssistingActor, at: Instant) -> Self:
        return cls(window.open_at_window(draft_id=draft_id, by=by, at=at), by, at)

    @property
    def provided(self) -> Sequence[Any]:
        return self.draft.provisions

    @property
    def missing(self) -> list[str]:
        return [one.material.name for one in self.draft.missing]

    @property
    def circumstances(self) -> forms.Circumstances:
        return self.draft.circumstances

    def lines(self, form: MaterialsForm) -> list[MaterialLine]:
        return pages.materials(self.draft, form)

    def ways(self) -> dict[str, Any]:
        return pages.ways(self.draft)

    def summary(self) -> dict[str, Any]:
        return pages.summary(self.draft)

    def mark_papers(self, papers: Mapping[str, OnPaper | None]) -> None:
        window.mark_papers(draft=self.draft, papers=papers, by=self.by, at=self.at)

    def add_files(self, material: str, uploads: Sequence[Upload]) -> None:
        files.add_draft_files(
            draft_id=self.draft.id, material=material, uploads=uploads, by=self.by, at=self.at
        )

    def sign(self, commitment: CommitmentInput) -> None:
        promises.sign_commitment(draft_id=self.draft.id, commitment=commitment, by=self.by, at=self.at)

    def bring_now(self, material: str) -> None:
        promises.bring_now(draft_id=self.draft.id, material=material, by=self.by, at=self.at)

    def choose_delivery(self, way: str, to: Addressee | None = None) -> bool:
        return window.choose_delivery(draft_id=self.draft.id, way=way, to=to, by=self.by, at=self.at)

    def file(self, given: HandIn, by: Actor) -> str:
        assert self.by.applicant_id is not None
        filed = services.file_bundle_at_window(
            draft_id=self.draft.id,
            base_version=given.version,
            applicant_id=self.by.applicant_id,
            by=by,
            at=self.at,
            key=given.key,
            signature=given.signature,
        )
        return filed.number


@staff("bundle.file")
@never_cache
@require_http_methods(GET_OR_POST)
@for_applicant
def start(request: Any, by: AssistingActor, code: str) -> HttpResponse:
    """All questions on one page, answered by digits; one that the others rule out may stay open."""
    of = catalogue.open_bundle(code)
    window.require_mandate(by, of)
    form = SituationForm(of.document.situations, request.POST or None)  # type: ignore[arg-type]
    for question in of.document.situations:
        form.fields[question.ask].required = not question.when
    stop, status = None, 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = {q.ask: request.POST.getlist(q.ask) for q in of.document.situations}
            try:
                started = window.begin(code=code, given=given, by=by, at=request.at)
            except SituationStops as refused:
                stop = refused.message
            except (SituationUnanswered, AnswerUnknown) as refused:
                form.add_error(refused.field, "请选择一项。")
            except DomainError as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                return redirect("workbench:window_bundle_page", draft_id=started.draft_id, page=1)
    context = {"page": {"name": of.document.name}, "form": form, "stop": stop}
    return render(request, "workbench/window_start.html", context, status=status)


draft, form_page, materials, check = pages_of("bundle.file", for_applicant, Bundled)


@staff("bundle.file")
@never_cache
@with_devices
@require_safe
@for_applicant
def filed(request: Any, by: AssistingActor, number: str) -> HttpResponse:
    """Number and query code in large type to print, and what comes next."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    if bundle.applicant_id != by.applicant_id or bundle.filed_by_post != by.post_id:
        return redirect("workbench:bundle", number=number)
    receipt = next((d for d in papers.documents_of(bundle.pk) if d.kind == "bundle_receipt"), None)
    parts = selectors.parts_of(bundle)
    context = {
        "bundle": bundle,
        "parts": parts,
        "law": cases.legally_of_several("silence", selectors.licences(parts)),
        "receipt": receipt,
        "today": legal_day(request.at),
    }
    return render(request, "workbench/window_bundle_filed.html", context)


@staff("bundle.supplement")
@never_cache
@with_devices
@require_http_methods(GET_OR_POST)
@for_applicant
def bring(request: Any, by: AssistingActor, number: str) -> HttpResponse:
    """What the corrections of all parts ask for, scanned here and handed in at once."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    parts = selectors.parts_of(bundle)
    asked, fields = selectors.asked_materials(bundle, parts), asked_fields(bundle, parts)
    if bundle.applicant_id != by.applicant_id or not (asked or fields):
        messages.error(request, "这件“一件事”现在不等补交材料，或者不是这位申请人的。")
        return redirect("workbench:window_person")
    form, status = ActForm(request.POST or None), 200
    typed = answers.page_of(bundle, fields, request.at, request.POST or None) if fields else None
    if request.method == "POST":
        status = WRONG
        fine = form.is_valid() and (typed is None or _typed(request, form, typed, bundle))
        if fine and _brought(request, form, bundle, [one.code for one in asked]):
            messages.success(request, "补正材料已提交，正在分送各部门。")
            return redirect("workbench:bundle", number=number)
    there = cases.waiting_uploads(bundle.pk)
    rows = [(one.code, one.name, _words(one), there.get(one.code, [])) for one in asked]
    waits = Waits("correction", "补正材料", "", rows)
    context = {"waits": waits, "form": form, "accept": ACCEPT, "number": number, "item": bundle.name}
    rows_of_form = [({"asked": _words(one)}, typed[html_name(one.path)]) for one in fields] if typed else []
    context |= {"typed": typed, "fields": rows_of_form}
    return render(request, "workbench/window_bring.html", context, status=status)


def _words(one: AskedMaterial | AskedField) -> str:
    return "；".join(f"{part}：{what}" for part, what in one.asked)


def _typed(request: Any, form: ActForm, typed: PageForm, bundle: Any) -> bool:
    """What the applicant says, typed into the fields asked for; kept even where a file is still missing."""
    if not typed.is_valid():
        return False
    try:
        answers.keep_answers(bundle_id=bundle.pk, changes=typed.changes, by=request.actor, at=request.at)
    except DomainError as refused:
        form.tell(refused)
        return False
    return True


def _brought(request: Any, form: ActForm, bundle: Any, codes: list[str]) -> bool:
    there = cases.waiting_uploads(bundle.pk)
    for code in codes:
        keep = partial(
            files.add_correction_files, bundle=bundle, material=code, by=request.actor, at=request.at
        )
        scan(request, form, code, keep, bool(there.get(code)))
    if form.errors:
        return False
    try:
        services.supplement_bundle(bundle_id=bundle.pk, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        form.tell(refused)
        return False
    return True
