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
from mingqu.documents import services as documents
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.ui.access import signed_in, staff
from mingqu.ui.forms import tell

WRONG = 400
WAYS = ["GET", "HEAD", "POST"]


def may_revoke(actor: Actor, certificate: CertificateView) -> bool:
    """Whether the acting post may revoke it now."""
    return selectors.may_become(certificate, "revoked") and selectors.may(
        actor, "certificate.revoke", certificate.id
    )


@staff("certificate.revoke")
@never_cache
@require_http_methods(WAYS)
def revoke(request: Any, number: str) -> HttpResponse:
    """撤销, with what follows in words above the button."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    selectors.require(request.actor, "certificate.revoke", certificate.id)
    item_type = selectors.row_of(certificate.id).item_type
    form = RevokeForm(request.POST or None, initial={"key": new_id()}, item_type=item_type)
    status = 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = dict(form.cleaned_data)
            key = given.pop("key")
            try:
                services.revoke(
                    certificate_id=certificate.id,
                    order=services.RevocationOrder(**given),
                    by=request.actor,
                    at=request.at,
                    key=key,
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "证照已撤销，正在制作决定书、通知持证人。决定书要依法送达。")
                return redirect("certificates:at_desk", number=certificate.number)
    context = {"certificate": certificate, "form": form, "deed": "revoke"}
    return render(request, "certificates/desk_deed.html", context, status=status)


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
    return documents.file_response(certificate.id, found.file_id, name=name)
