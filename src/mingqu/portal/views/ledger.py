"""办理存证: what is published of the audit ledger, and the check of a receipt."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity.services import client_address, limits
from mingqu.portal.forms import ReceiptForm
from mingqu.portal.selectors import ledger as sealed
from mingqu.portal.types import Verdict
from mingqu.ui.access import public

WRONG = 400


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: Any) -> HttpResponse:
    """Sealed checkpoints, the fingerprints of the keys, and a box that checks a receipt."""
    form, verdict, status = ReceiptForm(), None, 200
    if request.method == "POST":
        limits.spend("verify_address", client_address(request), at=request.at)
        form, status = ReceiptForm(request.POST, request.FILES), WRONG
        if form.is_valid():
            verdict, status = sealed.check_receipt(form.cleaned_data["file"]), 200
    return _page(request, form, verdict, status)


def _page(request: Any, form: ReceiptForm, verdict: Verdict | None, status: int) -> HttpResponse:
    before = sealed.cursor(request.GET.get("before", ""))
    rows, more = sealed.checkpoints(before=before)
    context = {
        "form": form,
        "verdict": verdict,
        "checkpoints": sealed.lines(rows),
        "keys": sealed.keys(),
        "older_url": f"?before={more}" if more else "",
        "newer_url": reverse("portal:ledger") if before is not None else "",
    }
    return render(request, "portal/ledger.html", context, status=status)


@public
@require_GET
def checkpoints_json(request: Any) -> JsonResponse:
    """The same for programs: `next` is the address of the next page, absent at the end."""
    body, more = sealed.feed(before=sealed.cursor(request.GET.get("before", "")))
    if more is not None:
        body["next"] = f"{reverse('portal:checkpoints')}?before={more}"
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
