"""
一件事 at the window: the questions of all departments asked once, one form, originals seen line by line, read out,
signed and filed for the person who stands here; and what a filed one waits for is brought here.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.services import files, promises, window
from mingqu.cases.bundles.services.drafts import BundleDraft
from mingqu.cases.errors import SituationStops, SituationUnanswered
from mingqu.cases.types import CommitmentInput
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.errors import AnswerUnknown
from mingqu.documents import selectors as papers
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors import window_bundles as pages
from mingqu.workbench.selectors.window import Waits
from mingqu.workbench.views.window.bringing import ACCEPT, PROMISED, field_of, scan
from mingqu.workbench.views.window.drafting import END, VERSION, as_number
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, for_applicant
from mingqu.workbench.window_forms import HandInForm, MaterialsForm, SituationForm


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the person's draft of a bundle, or say what became of it."""

    @wraps(view)
    def opened(request: Any, by: AssistingActor, draft_id: UUID, **given: Any) -> HttpResponse:
        try:
            draft = window.open_at_window(draft_id=draft_id, by=by, at=request.at)
        except DraftAlreadyFiled:
            messages.error(request, "这份申请已经提交过了，请在下面查看。")
            return redirect("workbench:window_person")
        except DraftNotFound:
            messages.error(request, "没有找到这份草稿，或者它不是这位申请人的。")
            return redirect("workbench:window_person")
        return view(request, by=by, draft=draft, **given)

    return opened


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


@staff("bundle.file")
@never_cache
@require_safe
@for_applicant
@on_draft
def draft(request: Any, by: AssistingActor, draft: BundleDraft) -> HttpResponse:
    """Straight to what is still to be done."""
    if draft.problems:
        return redirect("workbench:window_bundle_page", draft_id=draft.id, page=draft.problems[0].page)
    if draft.missing:
        return redirect("workbench:window_bundle_materials", draft_id=draft.id)
    return redirect("workbench:window_bundle_check", draft_id=draft.id)


@staff("bundle.file")
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
@for_applicant
@on_draft
def form_page(request: Any, by: AssistingActor, draft: BundleDraft, page: int) -> HttpResponse:
    """One page of the one form; wrong answers are kept and said."""
    if page not in {one.number for one in draft.schema.pages}:
        return redirect("workbench:window_bundle_draft", draft_id=draft.id)
    data = request.POST if request.method == "POST" else None
    form = forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=data)
    if data is None:
        return _form_shown(request, draft, page, form)
    valid = form.is_valid() and END in data
    try:
        forms.save_draft(
            draft_id=draft.id,
            changes=form.changes,
            base_version=as_number(data.get(VERSION, "")),
            by=by,
            at=request.at,
            page=page,
        )
    except DomainError as refused:
        form.add_error(None, refused.message)
        newest = window.open_at_window(draft_id=draft.id, by=by, at=request.at)
        return _form_shown(request, newest, page, form, status=refused.status)
    if not valid:
        saved = window.open_at_window(draft_id=draft.id, by=by, at=request.at)
        return _form_shown(request, saved, page, form, status=WRONG)
    if page < len(draft.schema.pages):
        return redirect("workbench:window_bundle_page", draft_id=draft.id, page=page + 1)
    return redirect("workbench:window_bundle_materials", draft_id=draft.id)


def _form_shown(
    request: Any, draft: BundleDraft, page: int, form: forms.PageForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "schema_page": draft.schema.page(page),
        **_way(draft, f"page{page}"),
    }
    return render(request, "workbench/window_page.html", context, status=status)


def _way(draft: BundleDraft, here: str) -> dict[str, Any]:
    base = reverse("workbench:window_bundle_draft", args=[draft.id])
    return {"steps": pages.steps(draft, here), "base_url": base}


@staff("bundle.file")
@never_cache
@sensitive_post_parameters("signature")
@require_http_methods(GET_OR_POST)
@for_applicant
@on_draft
def materials(request: Any, by: AssistingActor, draft: BundleDraft) -> HttpResponse:
    """One line a material, each once for all departments."""
    if request.method != "POST":
        return _materials_shown(request, draft, MaterialsForm(draft.provisions, initial=pages.ways(draft)))
    form = MaterialsForm(draft.provisions, request.POST)
    if not form.is_valid():
        return _materials_shown(request, draft, form, status=WRONG)
    try:
        _keep(request, by, draft, form)
    except DomainError as refused:
        form.add_error(
            refused.field if refused.field in form.fields else field_of(form, refused.field), refused.message
        )
    newest = window.open_at_window(draft_id=draft.id, by=by, at=request.at)
    if form.errors:
        return _materials_shown(request, newest, form, status=WRONG)
    if newest.missing:
        messages.error(request, f"还缺：{'、'.join(one.material.name for one in newest.missing)}。")
        return redirect("workbench:window_bundle_materials", draft_id=draft.id)
    return redirect("workbench:window_bundle_check", draft_id=draft.id)


def _keep(request: Any, by: AssistingActor, draft: BundleDraft, form: MaterialsForm) -> None:
    """Put every line down as it was chosen."""
    ways = {one.code: form.way(one.code) for one in draft.provisions}
    seen = {code: way == "paper" for code, way in ways.items()}
    window.mark_originals(draft=draft, seen=seen, by=by, at=request.at)
    for one in draft.provisions:
        code, way = one.code, ways[one.code]
        if way == "scan":
            keep = partial(files.add_draft_files, draft_id=draft.id, material=code, by=by, at=request.at)
            scan(request, form, code, keep, bool(draft.files.get(code)))
        if way in PROMISED and (one.signed is None or form.cleaned_data.get("agreed")):
            given = form.cleaned_data
            signed = CommitmentInput(
                code=code,
                kind=PROMISED[way],
                name=given.get("signed_name", ""),
                agreed=bool(given.get("agreed")),
                signature=given.get("signature", ""),
            )
            promises.sign_commitment(draft_id=draft.id, commitment=signed, by=by, at=request.at)
        elif way != "owed":
            promises.bring_now(draft_id=draft.id, material=code, by=by, at=request.at)


def _materials_shown(
    request: Any, draft: BundleDraft, form: MaterialsForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "rows": pages.materials(draft, form),
        "accept": ACCEPT,
        **_way(draft, "materials"),
    }
    return render(request, "workbench/window_materials.html", context, status=status)


@staff("bundle.file")
@never_cache
@sensitive_post_parameters("signature")
@require_http_methods(GET_OR_POST)
@for_applicant
@on_draft
def check(request: Any, by: AssistingActor, draft: BundleDraft) -> HttpResponse:
    """Read out, signed, handed in."""
    if request.method != "POST":
        chosen = draft.view.context.get("delivery", "window")
        return _check_shown(
            request, draft, HandInForm(initial={"version": draft.view.version, "delivery": chosen})
        )
    form = HandInForm(request.POST)
    if not form.is_valid():
        return _check_shown(request, draft, form, status=WRONG)
    try:
        number = _hand_in(request, by, draft, form)
    except DraftAlreadyFiled:
        messages.error(request, "这份申请刚刚已经提交过了，没有重复提交。")
        return redirect("workbench:window_person")
    except DraftChangedElsewhere:
        newest = window.open_at_window(draft_id=draft.id, by=by, at=request.at)
        form = HandInForm(initial={"version": newest.view.version, "delivery": form.cleaned_data["delivery"]})
        words = "这份申请刚在另一个页面或者设备上改过，还没有提交。下面是最新的内容，请重新核对。"
        return _check_shown(request, newest, form, status=409, changed=words)
    except DomainError as refused:
        return _check_shown(request, draft, form, status=form.tell(refused))
    return redirect("workbench:window_bundle_filed", number=number)


def _hand_in(request: Any, by: AssistingActor, draft: BundleDraft, form: HandInForm) -> str:
    given = form.cleaned_data
    signature = documents.check_signature(given["signature"])
    version = given["version"]
    if draft.view.version == version and window.choose_delivery(
        draft_id=draft.id, way=given["delivery"], by=by, at=request.at
    ):
        version += 1
    filed = services.file_bundle_at_window(
        draft_id=draft.id,
        base_version=version,
        applicant_id=draft.person.id,
        by=request.actor,
        at=request.at,
        key=form.command_key,
        signature=signature,
    )
    return filed.number


def _check_shown(
    request: Any, draft: BundleDraft, form: HandInForm, *, status: int = 200, changed: str = ""
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "changed": changed,
        **_way(draft, "check"),
        **pages.summary(draft),
    }
    return render(request, "workbench/window_check.html", context, status=status)


@staff("bundle.file")
@never_cache
@require_safe
@for_applicant
def filed(request: Any, by: AssistingActor, number: str) -> HttpResponse:
    """Number and query code in large type to print, and what comes next."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    if bundle.applicant_id != by.applicant_id or bundle.filed_by_post != by.post_id:
        return redirect("workbench:bundle", number=number)
    receipt = next((d for d in papers.documents_of(bundle.pk) if d.kind == "bundle_receipt"), None)
    context = {
        "bundle": bundle,
        "parts": selectors.parts_of(bundle),
        "receipt": receipt,
        "today": legal_day(request.at),
    }
    return render(request, "workbench/window_bundle_filed.html", context)


@staff("bundle.supplement")
@never_cache
@require_http_methods(GET_OR_POST)
@for_applicant
def bring(request: Any, by: AssistingActor, number: str) -> HttpResponse:
    """What the corrections of all parts ask for, scanned here and handed in at once."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    asked = selectors.asked_materials(bundle, selectors.parts_of(bundle))
    if bundle.applicant_id != by.applicant_id or not asked:
        messages.error(request, "这件“一件事”现在不等补交材料，或者不是这位申请人的。")
        return redirect("workbench:window_person")
    form, status = ActForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid() and _brought(request, form, bundle, [one.code for one in asked]):
            messages.success(request, "补正材料已提交，正在分送各部门。")
            return redirect("workbench:bundle", number=number)
    there = cases.waiting_uploads(bundle.pk)
    rows = [
        (
            one.code,
            one.name,
            "；".join(f"{part}：{what}" for part, what in one.asked),
            there.get(one.code, []),
        )
        for one in asked
    ]
    waits = Waits("correction", "补正材料", "", rows)
    context = {"waits": waits, "form": form, "accept": ACCEPT, "number": number, "item": bundle.name}
    return render(request, "workbench/window_bring.html", context, status=status)


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
