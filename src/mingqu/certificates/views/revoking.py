"""撤销 of a certificate at the desk, and its decision for the holder and the organ."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.certificates import selectors, services
from mingqu.certificates.errors import CertificateNotFound, CertificateNotReady
from mingqu.certificates.forms import RevokeForm
from mingqu.certificates.types import CertificateView
from mingqu.certificates.views import two_officers
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.ui.access import signed_in, staff
from mingqu.ui.forms import tell

PROPOSE, DECIDE = "certificate.propose_revocation", "certificate.revoke"
WRONG = 400
DEED = two_officers.Deed(
    DECIDE,
    "certificates:revoke",
    services.revoke,
    services.decline_revocation,
    "证照已撤销，正在制作决定书、通知持证人。决定书要依法送达。",
    "没有撤销，证照的状态不变。",
)
WAYS = ["GET", "HEAD", "POST"]


def may_revoke(actor: Actor, certificate: CertificateView) -> bool:
    """Whether the acting post may propose 撤销 now, or there is a proposal to decide."""
    return selectors.may_become(certificate, "revoked") and selectors.may(actor, PROPOSE, certificate.id)


@staff(PROPOSE)
@never_cache
@require_http_methods(WAYS)
def revoke(request: Any, number: str) -> HttpResponse:
    """The form of a proposal; while one waits, the proposal with its two answers and what follows in words."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    selectors.require(request.actor, PROPOSE, certificate.id)
    if request.method == "POST" and "answer" in request.POST:
        return two_officers.answer(request, certificate, DEED)
    row = selectors.row_of(certificate.id)
    review = identity.department(row.department_id).review_organ
    initial = {"key": new_id(), "reconsideration_organ": review}
    form = RevokeForm(request.POST or None, initial=initial, item_type=row.item_type)
    if request.method != "POST":
        return _page(request, certificate, form, 200)
    if not form.is_valid():
        return _page(request, certificate, form, WRONG)
    given = dict(form.cleaned_data)
    key, order = given.pop("key"), services.RevocationOrder(**given)
    try:
        services.propose_revocation(
            certificate_id=certificate.id, order=order, by=request.actor, at=request.at, key=key
        )
    except DomainError as refused:
        return _page(request, certificate, form, tell(form, refused))
    messages.success(request, "已提出撤销，等另一位有权决定的人决定。")
    return redirect("certificates:at_desk", number=certificate.number)


def _page(request: Any, certificate: CertificateView, form: RevokeForm, status: int) -> HttpResponse:
    waiting = selectors.revocation_waiting(certificate.id)
    context = {
        **two_officers.standing(request, certificate, DEED, waiting.by if waiting else None),
        "form": form,
        "waiting": waiting,
        "possible": selectors.may_become(certificate, "revoked"),
    }
    return render(request, "certificates/revoke.html", context, status=status)


@signed_in
@require_safe
def decision(request: Any, number: str) -> HttpResponse:
    """The decision as it was sealed: for the holder, and for the organ's desk."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    found = selectors.revocation_of(certificate.id)
    if found is None:
        raise CertificateNotFound()
    if found.file_id is None:
        raise CertificateNotReady()
    name = f"撤销决定书{found.document_number}.pdf"
    return documents.file_response(
        certificate.id, found.file_id, reader=documents.reader_of(request), name=name
    )
