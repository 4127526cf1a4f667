"""登记来件: the page on which an officer notes what came that the flow of a case waits for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.arriving import selectors as arriving
from mingqu.cases.services.files import Upload
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench import selectors
from mingqu.workbench.arriving_forms import ArrivalForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("case.note_arrival")
@never_cache
@require_http_methods(GET_OR_POST)
def arrival(request: Any, number: str) -> HttpResponse:
    found = cases.case_visible_to(request.actor, number)
    awaited, today = arriving.awaited_by(found), legal_day(request.at)
    if request.method != "POST":
        _turn, actions = selectors.turn_of(request.actor, found, request.at)
        if "case.note_arrival" not in actions:
            messages.error(request, "现在不能登记来件：流程没有在等外面的来件。下面是现在的情况。")
            return redirect("workbench:case", found.number)
        return _show(request, found, ArrivalForm(awaited=awaited, today=today))
    form = ArrivalForm(request.POST, awaited=awaited, today=today)
    if not form.is_valid():
        return _show(request, found, form, status=WRONG)
    uploads = tuple(Upload(one.name, one.read()) for one in request.FILES.getlist("files"))
    try:
        services.note_arrival(
            case_id=found.pk,
            noted=form.noted(uploads),
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        return _show(request, found, form, status=form.tell(refused))
    messages.success(request, "来件已登记，流程接着往下走。")
    return redirect("workbench:case", found.number)


def _show(request: Any, found: Any, form: ArrivalForm, *, status: int = 200) -> HttpResponse:
    turn, _actions = selectors.turn_of(request.actor, found, request.at)
    context = {
        "form": form,
        "number": found.number,
        "item": found.item_name,
        "handling_item": found.handling_item,
        "turn": turn,
        "awaited": arriving.awaited_by(found),
    }
    return render(request, "workbench/arrival.html", context, status=status)
