"""A certificate at the desk of the organ that issued it: by when it is to be begun, put off, begun (建筑法 9)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingqu.certificates import finding, selectors, services
from mingqu.certificates.forms import BegunForm, PutOffForm
from mingqu.certificates.views.revoking import may_revoke
from mingqu.certificates.views.standing import use_of
from mingqu.certificates.views.striking import may_strike_off
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
REVOKED = {"revoked", "cancelled"}  # one that was revoked is then struck off


@staff("certificate.see")
@never_cache
@require_safe
def certificate(request: Any, number: str) -> HttpResponse:
    """What it says, by when it is to be begun day by day, and what was done about it."""
    return _page(request, number)


@staff("certificate.extend_begin")
@never_cache
@require_POST
def put_off(request: Any, number: str) -> HttpResponse:
    found = selectors.certificate_visible_to(request.actor, number, request.at)
    form, status = PutOffForm(request.POST), WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.extend_begin(
                certificate_id=found.id,
                months=given["months"],
                reason=given["reason"],
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已批准延期开工，核验页上能看到新的最晚开工日。")
            return redirect("certificates:at_desk", number=found.number)
    return _page(request, number, put_off=form, status=status)


@staff("certificate.record_begun")
@never_cache
@require_POST
def begun(request: Any, number: str) -> HttpResponse:
    found = selectors.certificate_visible_to(request.actor, number, request.at)
    form, status = BegunForm(request.POST), WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.record_begun(
                certificate_id=found.id, on=given["on"], by=request.actor, at=request.at, key=given["key"]
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已登记开工。")
            return redirect("certificates:at_desk", number=found.number)
    return _page(request, number, begun=form, status=status)


def _page(
    request: Any,
    number: str,
    *,
    put_off: PutOffForm | None = None,
    begun: BegunForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = selectors.certificate_visible_to(request.actor, number, request.at)
    row, begin = selectors.row_of(found.id), selectors.begin_of(found.id, request.at)
    open_now = begin is not None and begin.begun_on is None and found.state in {"valid", "suspended"}
    may_put_off = open_now and begin is not None and begin.left > 0
    may_put_off = may_put_off and access.allows(request.actor, "certificate.extend_begin", row)
    may_begin = begin is not None and begin.begun_on is None
    may_begin = may_begin and access.allows(request.actor, "certificate.record_begun", row)
    context = {
        "certificate": found,
        "lines": selectors.public_lines(row),
        "begin": begin,
        "today": legal_day(request.at),
        "put_off": put_off or (PutOffForm(initial={"key": new_id()}) if may_put_off else None),
        "begun": begun or (BegunForm(initial={"key": new_id()}, auto_id="begun_%s") if may_begin else None),
        "tried": put_off or begun,
        "case_page": finding.case_page(request.actor, found),
        "history": selectors.history_of(found.id),
        "measures": selectors.measures_of(found.id),
        "use": use_of(request.actor, found),
        "may_revoke": may_revoke(request.actor, found),
        "revoking": selectors.revocation_waiting(found.id),
        "revocation": selectors.revocation_of(found.id) if found.state in REVOKED else None,
        "may_strike_off": may_strike_off(request.actor, found),
        "striking": selectors.strike_off_waiting(found.id),
        "struck_off": selectors.strike_off_of(found.id) if found.state == "cancelled" else None,
    }
    return render(request, "certificates/at_desk.html", context, status=status)
