"""Filling in for the person at the window: questions, form, materials, the last look, and the slip."""

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
from mingqu.cases import services
from mingqu.cases.errors import SituationStops
from mingqu.cases.services import window
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, for_applicant, on_draft
from mingqu.workbench.window_forms import HandInForm, SituationForm

VERSION, END = "_version", "_end"


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


@staff("case.file")
@never_cache
@require_safe
@for_applicant
@on_draft
def draft(request: Any, by: AssistingActor, draft: window.WindowDraft) -> HttpResponse:
    """Straight to what is still to be done."""
    if draft.problems:
        return redirect("workbench:window_page", draft_id=draft.id, page=draft.problems[0].page)
    if draft.missing:
        return redirect("workbench:window_materials", draft_id=draft.id)
    return redirect("workbench:window_check", draft_id=draft.id)


@staff("case.file")
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
@for_applicant
@on_draft
def form_page(request: Any, by: AssistingActor, draft: window.WindowDraft, page: int) -> HttpResponse:
    """One page of the same form the applicant would get; wrong answers are kept and said."""
    if page not in {one.number for one in draft.schema.pages}:
        return redirect("workbench:window_draft", draft_id=draft.id)
    data = request.POST if request.method == "POST" else None
    form = forms.page_form(
        draft.schema, page, draft.view.answers, window.circumstances(request.at), data=data
    )
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
    except DraftChangedElsewhere as refused:
        form.add_error(None, refused.message)
        newest = window.open_draft(draft_id=draft.id, by=by, at=request.at)
        return _form_shown(request, newest, page, form, status=refused.status)
    except DomainError as refused:
        form.add_error(None, refused.message)
        return _form_shown(request, draft, page, form, status=WRONG)
    if not valid:
        saved = window.open_draft(draft_id=draft.id, by=by, at=request.at)
        return _form_shown(request, saved, page, form, status=WRONG)
    if page < len(draft.schema.pages):
        return redirect("workbench:window_page", draft_id=draft.id, page=page + 1)
    return redirect("workbench:window_materials", draft_id=draft.id)


def as_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _form_shown(
    request: Any, draft: window.WindowDraft, page: int, form: forms.PageForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "schema_page": draft.schema.page(page),
        "steps": pages.steps(draft, f"page{page}"),
    }
    return render(request, "workbench/window_page.html", context, status=status)


@staff("case.file")
@never_cache
@sensitive_post_parameters("signature")
@require_http_methods(GET_OR_POST)
@for_applicant
@on_draft
def check(request: Any, by: AssistingActor, draft: window.WindowDraft) -> HttpResponse:
    """Read out, signed, handed in."""
    if request.method != "POST":
        chosen = draft.view.context.get("delivery", "window")
        form = HandInForm(initial={"version": draft.view.version, "delivery": chosen})
        return _check_shown(request, draft, form)
    form = HandInForm(request.POST)
    if not form.is_valid():
        return _check_shown(request, draft, form, status=WRONG)
    try:
        number = _hand_in(request, by, draft, form)
    except DraftAlreadyFiled:
        messages.error(request, "这份申请刚刚已经提交过了，没有重复提交。")
        return redirect("workbench:window_person")
    except DraftChangedElsewhere:
        newest = window.open_draft(draft_id=draft.id, by=by, at=request.at)
        form = HandInForm(initial={"version": newest.view.version, "delivery": form.cleaned_data["delivery"]})
        words = "这份申请刚在另一个页面或者设备上改过，还没有提交。下面是最新的内容，请重新核对。"
        return _check_shown(request, newest, form, status=409, changed=words)
    except DomainError as refused:
        return _check_shown(request, draft, form, status=form.tell(refused))
    return redirect("workbench:window_filed", number=number)


def _hand_in(request: Any, by: AssistingActor, draft: window.WindowDraft, form: HandInForm) -> str:
    given = form.cleaned_data
    signature = documents.check_signature(given["signature"])
    version = given["version"]
    if draft.view.version == version and window.choose_delivery(
        draft_id=draft.id, way=given["delivery"], by=by, at=request.at
    ):
        version += 1
    filed = services.file_at_window(
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
    request: Any, draft: window.WindowDraft, form: HandInForm, *, status: int = 200, changed: str = ""
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "changed": changed,
        "steps": pages.steps(draft, "check"),
        **pages.summary(draft),
    }
    return render(request, "workbench/window_check.html", context, status=status)


@staff("case.file")
@never_cache
@require_safe
@for_applicant
def filed(request: Any, by: AssistingActor, number: str) -> HttpResponse:
    """Number and query code in large type to print, and what comes next."""
    case = cases.case_visible_to(request.actor, number)
    if case.applicant_id != by.applicant_id or case.filed_by_post != by.post_id:
        return redirect("workbench:case", number=number)
    return render(request, "workbench/window_filed.html", pages.filed(by, case, request.at))


def draft_url(draft_id: UUID) -> str:
    return reverse("workbench:window_draft", args=[draft_id])
