"""What a case waits for is brought to the window: 补正, or 容缺补齐."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.services import answers, gaps
from mingqu.cases.services.files import add_correction_files, add_owed_files
from mingqu.forms.services import PageForm, html_name
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.window.filling import ACCEPT, scan
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, for_applicant


@staff("case.supplement")
@never_cache
@with_devices
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
    typed = answers.page_of(case, waits.answers, request.at, request.POST or None) if waits.answers else None
    if request.method == "POST":
        status = WRONG
        fine = form.is_valid() and (typed is None or type_in(request, typed, case.pk, request.actor))
        if fine and bring_in(request, form, waits, case.pk, request.actor):
            messages.success(request, waits.done)
            return redirect("workbench:case", number=number)
        waits = pages.waits(by, cases.case_visible_to(request.actor, number)) or waits
    fields = [(row, typed[html_name(row.path)]) for row in waits.answers] if typed else []
    context = {"waits": waits, "form": form, "accept": ACCEPT, "number": number, "item": case.item_name}
    context |= {"typed": typed, "fields": fields}
    return render(request, "workbench/window_bring.html", context, status=status)


def type_in(request: Any, typed: PageForm, case_id: UUID, by: Actor) -> bool:
    """What the applicant says, typed into the fields asked for; kept even where a file is still missing."""
    if not typed.is_valid():
        return False
    answers.keep_answers(case_id=case_id, changes=typed.changes, by=by, at=request.at)
    return True


def bring_in(request: Any, form: ActForm, waits: pages.Waits, case_id: UUID, by: Actor) -> bool:
    """Every line scanned and all of it handed in; what is wrong is told beside it."""
    kind = waits.kind
    add = add_correction_files if kind == "correction" else add_owed_files
    there = cases.waiting_uploads(case_id)
    for code in waits.codes:
        if kind == "owed" and not request.FILES.getlist(f"files-{code}"):
            continue  # what is owed may come piece by piece
        scan(
            request,
            form,
            code,
            partial(add, case_id=case_id, material=code, by=by, at=request.at),
            bool(there.get(code)),
        )
    if form.errors:
        return False
    command = services.supplement_case if kind == "correction" else gaps.bring_owed
    try:
        command(case_id=case_id, by=by, at=request.at, key=form.command_key)
    except DomainError as refused:
        form.tell(refused)
        return False
    return True
