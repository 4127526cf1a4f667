"""通办, the home side: who gives out the result that a hall of another district received; taken over with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.across import selectors as across
from mingqu.across import services
from mingqu.across.errors import ReceptionUnknown
from mingqu.cases import selectors as cases
from mingqu.hall import selectors as halls
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench.window_forms import GivingForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("across.take_over")
@never_cache
@require_http_methods(GET_OR_POST)
def giving(request: Any, number: str) -> HttpResponse:
    """Take giving out over from the hall that received, or leave it to that hall again; with a reason."""
    case = cases.case_visible_to(request.actor, number)
    received = across.received_at(case.pk)
    if received is None:
        raise ReceptionUnknown()
    form, status = GivingForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                services.move_giving(
                    case_id=case.pk,
                    home=form.cleaned_data["home"] == "yes",
                    reason=form.cleaned_data["reason"],
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已改，正在告诉申请人到哪里领。")
                return redirect("workbench:case", number)
    context = {
        "case": case,
        "received": received,
        "form": form,
        "takes": not received.home_gives,
        "lies": halls.results_of([case.pk], legal_day(request.at)).get(case.pk),
        "may_move": across.may_move_giving(case),
    }
    return render(request, "workbench/giving.html", context, status=status)
