"""依职权注销 at the desk (行政许可法 70): proposed by one officer, decided by another on the same page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.certificates import selectors, services
from mingqu.certificates.errors import CertificateNotReady
from mingqu.certificates.forms import StrikeOffForm
from mingqu.certificates.types import CertificateView
from mingqu.certificates.views import two_officers
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui.access import signed_in, staff
from mingqu.ui.forms import tell

GET_OR_POST = ["GET", "HEAD", "POST"]
PROPOSE, DECIDE = "certificate.propose_strike_off", "certificate.strike_off"
WRONG = 400
DEED = two_officers.Deed(
    DECIDE,
    "certificates:strike_off",
    services.strike_off,
    services.decline_strike_off,
    "证照已注销，正在通知持证人。",
    "没有注销，证照的状态不变。",
)


def may_strike_off(actor: Actor, certificate: CertificateView) -> bool:
    """Whether the acting post may propose 注销 now, or there is a proposal to decide."""
    return selectors.may_become(certificate, "cancelled") and selectors.may(actor, PROPOSE, certificate.id)


@staff(PROPOSE)
@never_cache
@require_http_methods(GET_OR_POST)
def strike_off(request: Any, number: str) -> HttpResponse:
    """The form of a proposal; while one waits, the proposal with its two answers."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    selectors.require(request.actor, PROPOSE, certificate.id)
    if request.method == "POST" and "answer" in request.POST:
        return two_officers.answer(request, certificate, DEED)
    row = selectors.row_of(certificate.id)
    form = StrikeOffForm(
        request.POST or None,
        initial={
            "key": new_id(),
            "reconsideration_organ": identity.department(row.department_id).review_organ,
        },
        item_type=row.item_type,
        state=row.state_on(legal_day(request.at)),
        holder_kind=row.holder_kind,
    )
    if request.method != "POST":
        return _page(request, certificate, form, 200)
    if not form.is_valid():
        return _page(request, certificate, form, WRONG)
    given = dict(form.cleaned_data)
    key, proposal = given.pop("key"), services.StrikeOffProposal(**given)
    try:
        services.propose_strike_off(
            certificate_id=certificate.id, proposal=proposal, by=request.actor, at=request.at, key=key
        )
    except DomainError as refused:
        return _page(request, certificate, form, tell(form, refused))
    messages.success(request, "已提出注销，等另一位有权决定的人决定。")
    return redirect("certificates:at_desk", number=certificate.number)


def _page(request: Any, certificate: CertificateView, form: StrikeOffForm, status: int) -> HttpResponse:
    waiting = selectors.strike_off_waiting(certificate.id)
    context = {
        **two_officers.standing(request, certificate, DEED, waiting.proposed_by if waiting else None),
        "form": form,
        "waiting": waiting,
        "possible": selectors.may_become(certificate, "cancelled"),
    }
    return render(request, "certificates/strike_off.html", context, status=status)


@signed_in
@require_safe
def decision(request: Any, number: str) -> HttpResponse:
    """The decision as it was sealed: for the holder, and for the organ's desk."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    found = selectors.strike_off_of(certificate.id) if certificate.state == "cancelled" else None
    if found is None or not found.document_number:
        # It was struck off on application, or before decisions were made on paper: its page says which.
        page = "certificates:at_desk" if request.actor.kind == "staff" else "certificates:detail"
        return redirect(page, number=certificate.number)
    if found.file_id is None:
        raise CertificateNotReady()
    name = f"注销决定书{found.document_number}.pdf"
    return documents.file_response(
        certificate.id, found.file_id, reader=documents.reader_of(request), name=name
    )
