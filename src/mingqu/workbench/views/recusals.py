"""回避 that waits for a decision of the head, and the page on which it is decided."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.errors import RecusalUnknown
from mingqu.cases.recusing import selectors as recusing
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.recusing_forms import DecideRecusalForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("case.exclude")
@never_cache
@require_GET
def recusals(request: Any) -> HttpResponse:
    lines, more = recusing.to_decide(request.actor, after=request.GET.get("after", ""))
    return render(request, "workbench/recusals.html", {"lines": lines, "more": more})


@staff("case.exclude")
@never_cache
@require_http_methods(GET_OR_POST)
def recusal(request: Any, number: str, recusal_id: UUID) -> HttpResponse:
    """Agreed to, or not needed; one that stands is lifted here too."""
    case = cases.case_visible_to(request.actor, number)
    shown = next((one for one in recusing.of_case(case, request.actor) if one.id == recusal_id), None)
    if shown is None:
        raise RecusalUnknown()
    decided = shown.state == "stands"
    form, status = DecideRecusalForm(decided=decided), 200
    if request.method == "POST":
        form, status = DecideRecusalForm(request.POST, decided=decided), WRONG
        if form.is_valid():
            try:
                services.decide_recusal(
                    case_id=case.pk,
                    recusal_id=recusal_id,
                    stands=form.cleaned_data["stands"] == "yes",
                    text=form.cleaned_data["text"],
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已决定，本人会收到通知。")
                return redirect("workbench:case", number)
    context = {"shown": shown, "form": form, "number": number, "item": case.item_name}
    return render(request, "workbench/recusal.html", context, status=status)
