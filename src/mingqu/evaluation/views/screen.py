"""Rating at a window: what the clerk shows the applicant, and the page on which she presses a level by its key."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.documents import services as documents
from mingqu.evaluation import selectors, services
from mingqu.evaluation.errors import AlreadyRated
from mingqu.evaluation.forms import PressForm, StepForm
from mingqu.identity.services import client_address, limits
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import public, staff

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]


@staff("evaluation.ask_at_window")
@never_cache
@require_http_methods(GET_OR_POST)
def ask(request: Any, number: str) -> HttpResponse:
    """The square code for her telephone, and the button that opens the page for her screen."""
    case = cases.case_visible_to(request.actor, number)
    refused, status = "", 200
    if request.method == "POST":
        form = StepForm(request.POST)
        key = form.cleaned_data["key"] if form.is_valid() else new_id()
        try:
            token = services.ask_on_screen(number=case.number, by=request.actor, at=request.at, key=key)
        except DomainError as refusal:
            refused, status = refusal.message, refusal.status
        else:
            return redirect("evaluation:press", token=token)
    enter_at = f"{settings.MINGQU_BASE_URL}{reverse('evaluation:rate_by_code')}"
    context = {
        "case": case,
        "contact": selectors.contact_now(case.status, case.item_type, at_window=True),
        "qr": _qr(f"{enter_at}?by=qr&number={case.number}"),
        "enter_at": enter_at,
        "refused": refused,
        "key": new_id(),
    }
    return render(request, "evaluation/ask_rating.html", context, status=status)


def _qr(text: str) -> SafeString:
    return mark_safe(documents.qr_svg(text))  # noqa: S308 - drawn by segno from our own address and number


@public
@never_cache
@require_http_methods(GET_OR_POST)
def press(request: Any, token: str) -> HttpResponse:
    """Five buttons and nothing of anybody; once pressed, a word of thanks that does not tell which."""
    if "thanks" in request.GET:
        return render(request, "evaluation/press.html", {"thanks": True})
    case_id, _press = services.screen_of(token, request.at)
    case = cases.case_visible_to_id(services.SCREEN, case_id)
    refused, status = "", 200
    if request.method == "POST":
        form, status = PressForm(request.POST), WRONG
        if form.is_valid():
            limits.spend("rating_address", client_address(request), at=request.at)
            # Rated meanwhile by other means: thanks, either way, for somebody who stands there and wants to go.
            with suppress(AlreadyRated):
                services.rate_on_screen(token=token, level=form.cleaned_data["level"], at=request.at)
            return redirect(f"{request.path}?thanks=1")
        refused = _("请按五个按钮里的一个。")
    context = {
        "case": case,
        "of_filing": selectors.contact_now(case.status, case.item_type, at_window=True) == "filing",
        "levels": list(code_list("rating_level")),
        "refused": refused,
    }
    return render(request, "evaluation/press.html", context, status=status)
