"""What agents did for me, and asking somebody to come to my home."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.outreach import selectors, services
from mingqu.outreach.errors import ErrandUnknown
from mingqu.outreach.forms import AskForm, KeyForm
from mingqu.ui.access import public, signed_in
from mingqu.ui.forms import tell

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]


@signed_in
@never_cache
@require_safe
def errands(request: Any) -> HttpResponse:
    """Everything an agent did or wants to do for me."""
    return render(request, "outreach/own_errands.html", {"lines": selectors.own_errands(request.actor)})


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def errand(request: Any, number: str) -> HttpResponse:
    """Who helped, at which point, how I agreed; and taking the consent back."""
    shown = selectors.own_errand(request.actor, number)
    form, status = KeyForm(), 200
    if request.method == "POST":
        form, status = KeyForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.end_errand(
                    errand_id=shown.id, by=request.actor, at=request.at, key=form.cleaned_data["key"]
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("已撤回。代办员从现在起看不到这件事。"))
                return redirect("outreach:own_errand", number=number)
    return render(request, "outreach/own_errand.html", {"shown": shown, "form": form}, status=status)


@signed_in
@never_cache
@require_safe
def signature(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """What I drew when I gave papers to the agent. Raises ErrandUnknown."""
    shown = selectors.own_errand(request.actor, number)
    if not selectors.is_own_signature(shown.id, file_id):
        raise ErrandUnknown()
    return documents.file_response(shown.id, file_id, reader=documents.reader_of(request), inline=True)


def _citizen(request: Any) -> Actor | None:
    actor = request.actor
    own = actor is not None and actor.kind == "citizen" and not actor.stands_in
    return actor if own else None


@public
@never_cache
@sensitive_post_parameters("address", "phone", "about")
@require_http_methods(GET_OR_POST)
def ask(request: Any) -> HttpResponse:
    """Who can hardly come asks for a visit; without an account by telephone or at a point."""
    by = _citizen(request)
    today, region = legal_day(request.at), str(settings.MINGQU_SITE["region_code"])
    first, last = selectors.visit_days(today)
    context: dict[str, Any] = {"citizen": by, "days": selectors.visit_limit(), "first": first, "last": last}
    if by is None:
        return render(request, "outreach/ask.html", context | {"form": None})
    form, status = AskForm(named=True, region=region), 200
    if request.method == "POST":
        form, status = AskForm(request.POST, named=True, region=region), WRONG
        if form.is_valid():
            try:
                done = services.ask_visit(
                    visit=form.visit(identity.person(by.id).name, identity.phone_of(by.id)),
                    channel="online",
                    by=by,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("约好了。安排了人和时间会告诉您。"))
                return redirect("outreach:own_visit", number=done.number)
    context |= {"form": form, "own": selectors.asked_by(by, today)}
    return render(request, "outreach/ask.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def visit(request: Any, number: str) -> HttpResponse:
    """Who comes when, what was done; and cancelling it."""
    shown = selectors.own_visit(request.actor, number, legal_day(request.at))
    form, status = KeyForm(), 200
    if request.method == "POST":
        form, status = KeyForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.withdraw_visit(
                    visit_id=selectors.visit_id_of(number),
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("已取消。需要时可以再约。"))
                return redirect("outreach:own_visit", number=number)
    context = {"shown": shown, "form": form, "open": shown.line.state in ("asked", "planned")}
    return render(request, "outreach/own_visit.html", context, status=status)
