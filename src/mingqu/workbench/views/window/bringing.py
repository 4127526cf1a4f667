"""Materials on the clerk's table: of a draft line by line, and those a case waits for (补正, 容缺补齐)."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.services import gaps, promises, window
from mingqu.cases.services.files import (
    Holder,
    Upload,
    add_correction_files,
    add_draft_files,
    add_owed_files,
)
from mingqu.cases.types import CommitmentInput
from mingqu.documents.services.files import limits
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, for_applicant, on_draft
from mingqu.workbench.window_forms import MaterialsForm

ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,image/*,application/pdf"
PROMISED = {"owed": "gap", "promise": "promise"}


@staff("case.file")
@never_cache
@sensitive_post_parameters("signature")
@require_http_methods(GET_OR_POST)
@for_applicant
@on_draft
def materials(request: Any, by: AssistingActor, draft: window.WindowDraft) -> HttpResponse:
    """One line a material: original, scan, certificate, promise, later, missing; one key each."""
    if request.method != "POST":
        form = MaterialsForm(draft.provided, initial=pages.ways(draft))
        return _shown(request, draft, form)
    form = MaterialsForm(draft.provided, request.POST)
    if not form.is_valid():
        return _shown(request, draft, form, status=WRONG)
    try:
        _keep(request, by, draft, form)
    except DomainError as refused:
        field = refused.field if refused.field in form.fields else field_of(form, refused.field)
        form.add_error(field, refused.message)
    newest = window.open_draft(draft_id=draft.id, by=by, at=request.at)
    if form.errors:
        return _shown(request, newest, form, status=WRONG)
    if newest.missing:
        messages.error(request, f"还缺：{'、'.join(newest.missing)}。")
        return redirect("workbench:window_materials", draft_id=draft.id)
    return redirect("workbench:window_check", draft_id=draft.id)


def field_of(form: MaterialsForm, code: str | None) -> str | None:
    names = {"name": "signed_name", code or "": f"way-{code}"}
    found = names.get(code or "")
    return found if found in form.fields else None


def _keep(request: Any, by: AssistingActor, draft: window.WindowDraft, form: MaterialsForm) -> None:
    """Put every line down as it was chosen."""
    holder = Holder(by)
    window.mark_originals(
        draft_id=draft.id,
        seen={one.material.code: form.way(one.material.code) == "paper" for one in draft.provided},
        by=by,
        at=request.at,
    )
    for one in draft.provided:
        code, way = one.material.code, form.way(one.material.code)
        if way == "scan":
            scan(
                request,
                form,
                code,
                partial(add_draft_files, draft_id=draft.id, material=code, holder=holder, at=request.at),
                bool(draft.files.get(code)),
            )
        if way in PROMISED and (one.signed is None or form.cleaned_data.get("agreed")):
            given = form.cleaned_data
            signed = CommitmentInput(
                code=code,
                kind=PROMISED[way],
                name=given.get("signed_name", ""),
                agreed=bool(given.get("agreed")),
                signature=given.get("signature", ""),
            )
            promises.sign_commitment(draft_id=draft.id, commitment=signed, holder=holder, at=request.at)
        elif way != "owed":
            promises.bring_now(draft_id=draft.id, material=code, holder=holder, at=request.at)


def scan(
    request: Any,
    form: Any,
    code: str,
    keep: Callable[..., object],
    there: bool,
) -> None:
    """The scans of one line; each refused file is told beside it."""
    given = request.FILES.getlist(f"files-{code}")
    name = f"way-{code}" if f"way-{code}" in form.fields else None
    if not given and not there:
        form.add_error(name, "选了“扫描上传”，还没有选择文件。")
    for file in given:
        # One byte over the limit is enough to be refused for its size; the rest is never read.
        upload = Upload(str(file.name), file.read(limits().file_bytes + 1))
        try:
            keep(uploads=[upload])
        except DomainError as refused:
            form.add_error(name, f"“{upload.name[:40]}”：{refused.message}")


def _shown(
    request: Any, draft: window.WindowDraft, form: MaterialsForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "rows": pages.materials(draft, form),
        "accept": ACCEPT,
        "steps": pages.steps(draft, "materials"),
    }
    return render(request, "workbench/window_materials.html", context, status=status)


@staff("case.supplement")
@never_cache
@require_http_methods(GET_OR_POST)
@for_applicant
def bring(request: Any, by: AssistingActor, number: str) -> HttpResponse:
    """What the case waits for, scanned here and handed in at once: 补正, or 容缺补齐."""
    case = cases.case_visible_to(request.actor, number)
    waits = pages.waits(by, case)
    if waits is None:
        messages.error(request, "这件申请现在不等补交材料，或者不是这位申请人的。")
        return redirect("workbench:window_person")
    form, status = ActForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid() and _brought(request, form, waits.kind, case.pk, waits.codes):
            messages.success(request, waits.done)
            return redirect("workbench:case", number=number)
        waits = pages.waits(by, cases.case_visible_to(request.actor, number)) or waits
    context = {"waits": waits, "form": form, "accept": ACCEPT, "number": number, "item": case.item_name}
    return render(request, "workbench/window_bring.html", context, status=status)


def _brought(request: Any, form: ActForm, kind: str, case_id: UUID, codes: list[str]) -> bool:
    add = add_correction_files if kind == "correction" else add_owed_files
    there = cases.waiting_uploads(case_id)
    for code in codes:
        if kind == "owed" and not request.FILES.getlist(f"files-{code}"):
            continue  # what is owed may come piece by piece
        scan(
            request,
            form,
            code,
            partial(add, case_id=case_id, material=code, by=request.actor, at=request.at),
            bool(there.get(code)),
        )
    if form.errors:
        return False
    command = services.supplement_case if kind == "correction" else gaps.bring_owed
    try:
        command(case_id=case_id, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        form.tell(refused)
        return False
    return True
