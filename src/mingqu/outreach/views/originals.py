"""收取原件 at the agent's desk: what the person gave and signed for, handed on to the hall, or given back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.documents import services as documents
from mingqu.hall.types import Returned
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.legal_day import legal_day
from mingqu.outreach import selectors, services
from mingqu.outreach.forms import KeyForm
from mingqu.outreach.original_forms import BackForm, CollectForm
from mingqu.outreach.selectors.originals import Originals
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
ON_PAPER = "在纸上签名"


@staff("errand.open")
@never_cache
@sensitive_post_parameters("signature")
@require_http_methods(GET_OR_POST)
def originals(request: Any, number: str) -> HttpResponse:
    """What is in his hands; posted: the person gives more and signs."""
    shown = selectors.originals_of(request.actor, number)
    form = CollectForm(shown.names, request.POST or None, auto_id="take_%s")
    if request.method != "POST" or not shown.open:
        return _page(request, shown)
    status = WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            many = services.collect_papers(
                errand_id=shown.id,
                papers=form.papers,
                drawn=services.signed(documents.check_signature(given["signature"]), given["on_paper"]),
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, f"已收下{many}种材料。打印清单，一份给本人。")
            return redirect("outreach:originals", number=number)
    return _page(request, shown, take=form, status=status)


def _page(request: Any, shown: Originals, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "shown": shown,
        "take": forms.get("take") or CollectForm(shown.names, auto_id="take_%s"),
        "send": KeyForm(auto_id="send_%s"),
        "back": forms.get("back") or BackForm(auto_id="back_%s"),
        "wrong": next((form for form in forms.values() if form.errors), None),
        "today": legal_day(request.at),
    }
    return render(request, "outreach/originals.html", context, status=status)


@staff("errand.open")
@never_cache
@require_POST
def send(request: Any, number: str) -> HttpResponse:
    """The chosen ones go to the hall by a slip."""
    shown, form = selectors.originals_of(request.actor, number), KeyForm(request.POST)
    if form.is_valid():
        try:
            slip = services.send_originals(
                errand_id=shown.id,
                papers=_chosen(request, shown),
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"材料交接单{slip}已开出。对方点数签收以前，材料还算在您手里。")
    return redirect("outreach:originals", number=number)


@staff("errand.open")
@never_cache
@sensitive_post_parameters("signature")
@require_POST
def give_back(request: Any, number: str) -> HttpResponse:
    """The chosen ones go back to the person, who signs."""
    shown = selectors.originals_of(request.actor, number)
    form, status = BackForm(request.POST, auto_id="back_%s"), WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            many = services.give_back_originals(
                errand_id=shown.id,
                returned=Returned(
                    paper_ids=tuple(_chosen(request, shown)),
                    receiver=services.person_named(shown.id, request.actor),
                    relation="self",
                    proof=ON_PAPER if given["on_paper"] else "",
                    drawn=documents.check_signature(given["signature"]),
                ),
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, f"已登记退还{many}种材料。")
            return redirect("outreach:originals", number=number)
    return _page(request, shown, back=form, status=status)


def _chosen(request: Any, shown: Originals) -> list[UUID]:
    """Of what is in his hands; nothing ticked is refused by the command."""
    own = {one.id for one in shown.mine}
    ticked = (id_or_none(value) for value in request.POST.getlist("paper"))
    return [one for one in ticked if one in own]
