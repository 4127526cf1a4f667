"""Certificates at the desk: found by a part of their number, what was done to their use; suspended and restored."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.certificates import finding, selectors, services, waiting
from mingqu.certificates.deeds import REVOKE, STRIKE_OFF
from mingqu.certificates.errors import CertificateNotFound, PartTooShort
from mingqu.certificates.forms import NumberForm, RestoreForm, SuspendForm
from mingqu.certificates.types import CertificateView
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("certificate.see")
@never_cache
@require_safe
def found(request: Any) -> HttpResponse:
    """Type a number or a part of it; and what is suspended now, what should end first in front."""
    form, status = NumberForm(request.GET if "number" in request.GET else None), 200
    several: list[CertificateView] = []
    if form.is_bound:
        status = WRONG
        if form.is_valid():
            try:
                several = finding.by_number(request.actor, form.cleaned_data["number"], request.at)
                if len(several) == 1:
                    return redirect("certificates:at_desk", number=several[0].number)
                status = 200
            except (CertificateNotFound, PartTooShort) as refused:
                form.add_error("number", refused.message)
                status = refused.status
    context = {
        "form": form,
        "several": several[: finding.LIMIT],
        "more": len(several) > finding.LIMIT,
        "revoking": waiting.proposed(request.actor, request.at, REVOKE),
        "waiting": waiting.proposed(request.actor, request.at, STRIKE_OFF),
        "undone": selectors.to_strike_off(request.actor, request.at),
        "suspended": selectors.suspended_now(request.actor, request.at),
        "today": legal_day(request.at),
    }
    return render(request, "certificates/desk.html", context, status=status)


def use_of(actor: Actor, certificate: CertificateView) -> str:
    """Which of the two deeds the acting post may do now; "" for none."""
    if not selectors.may(actor, "certificate.suspend", certificate.id):
        return ""
    if certificate.state == "suspended":
        return "restore"
    return "suspend" if selectors.may_become(certificate, "suspended") else ""


@staff("certificate.suspend")
@never_cache
@require_http_methods(GET_OR_POST)
def suspend(request: Any, number: str) -> HttpResponse:
    """暂停使用, with what follows in words above the button."""
    certificate = _for_deed(request, number)
    form, status = SuspendForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = dict(form.cleaned_data)
            key = given.pop("key")
            order = services.Suspension(**given)
            try:
                services.suspend(
                    certificate_id=certificate.id, order=order, by=request.actor, at=request.at, key=key
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "证照已暂停使用，正在通知持证人。")
                return redirect("certificates:at_desk", number=certificate.number)
    context = {"certificate": certificate, "form": form, "deed": "suspend"}
    return render(request, "certificates/desk_deed.html", context, status=status)


@staff("certificate.suspend")
@never_cache
@require_http_methods(GET_OR_POST)
def restore(request: Any, number: str) -> HttpResponse:
    """恢复使用."""
    certificate = _for_deed(request, number)
    form, status = RestoreForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                services.restore(
                    certificate_id=certificate.id, by=request.actor, at=request.at, **form.cleaned_data
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "证照已恢复使用，正在通知持证人。")
                return redirect("certificates:at_desk", number=certificate.number)
    context = {"certificate": certificate, "form": form, "deed": "restore"}
    return render(request, "certificates/desk_deed.html", context, status=status)


def _for_deed(request: Any, number: str) -> CertificateView:
    """Raises CertificateNotFound, or NotAuthorised where it may be seen but not suspended."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    selectors.require(request.actor, "certificate.suspend", certificate.id)
    return certificate
