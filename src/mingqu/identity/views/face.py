"""人脸核验, at the last moment a matter wants it: why, what happens with the face, the way to the window instead."""

import hmac
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity import selectors
from mingqu.identity.acting import in_own_name
from mingqu.identity.forms import FaceForm
from mingqu.identity.services import faces as services
from mingqu.identity.sources import faces
from mingqu.identity.web import safe_next, with_next
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.ui.access import public, signed_in
from mingqu.ui.forms import tell

BEGUN, MINUTES = "face", 10  # session; how long a check that was begun may take
WRONG = 400


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def face(request: Any) -> HttpResponse:
    """Consent first; then the way to the service, as a link: forms here lead nowhere else."""
    in_own_name(request.actor)
    person = selectors.person(request.actor.id)
    if person.assurance < services.DOCUMENT_SEEN:
        return redirect(with_next("identity:real_name", safe_next(request)))
    form, status, address = FaceForm(request.POST or None), 200, ""
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            reference = new_id().hex
            try:
                address = services.begin(
                    reference=reference,
                    back=f"{settings.MINGQU_BASE_URL}{reverse('identity:face_back')}",
                    consent=form.cleaned_data["consent"],
                    by=request.actor,
                    at=request.at,
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                status = 200
                begun = {"reference": reference, "next": safe_next(request), "key": str(new_id())}
                request.session[BEGUN] = begun | {"at": request.at.timestamp()}
    context = {
        "form": form,
        "address": address,
        "had": person.assurance >= services.FACE_SEEN,
        "available": faces.available(),
        "target": safe_next(request),
    }
    return render(request, "identity/face.html", context, status=status)


@signed_in
@never_cache
@require_GET
def back(request: Any) -> HttpResponse:
    """She comes back from the service; what was begun in this session counts, once."""
    begun = request.session.pop(BEGUN, None)
    if begun is None or request.at.timestamp() - begun["at"] > MINUTES * 60:
        messages.error(request, _("人脸核验已经过期，请重新开始。"))
        return redirect("identity:face")
    ticket = request.GET.get("ticket", "")[:500]
    try:
        services.finish(
            reference=begun["reference"],
            ticket=ticket,
            by=request.actor,
            at=request.at,
            key=UUID(begun["key"]),
        )
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect(with_next("identity:face", begun["next"]))
    messages.success(request, _("人脸核验通过。"))
    return HttpResponseRedirect(begun["next"]) if begun["next"] else redirect("identity:level")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def double(request: Any, reference: str) -> HttpResponse:
    """The demo's face service; for the session alone that began this check."""
    begun = request.session.get(BEGUN)
    if not settings.MINGQU_DEMO or begun is None or not hmac.compare_digest(begun["reference"], reference):
        raise NotFound()
    choice = request.POST.get("choice", "")
    if request.method != "POST" or choice not in ("yes", "no"):
        return render(request, "identity/double_face.html")
    ticket = faces.double_ticket(reference, passed=choice == "yes")
    return HttpResponseRedirect(f"{reverse('identity:face_back')}?ticket={ticket}")
