"""
The devices of the window where this clerk sits: pages may speak with the program on this very computer, and with
nothing else; a question to a device is asked here first, so that it stands in the ledger and its answer counts once.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mingqu.hall import selectors as halls
from mingqu.hall import services
from mingqu.hall.errors import BridgeMissing, DeviceUnknown
from mingqu.hall.types import DEVICES, BridgeView
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.middleware import CONTENT_SECURITY_POLICY
from mingqu.ui.access import staff
from mingqu.workbench.views.window.shared import AT_WINDOW

CONNECT = "connect-src 'self'"


def devices_here(request: Any) -> BridgeView | None:
    """Of the window chosen for this session; None where it has none that are paired."""
    chosen = request.session.get(AT_WINDOW)
    return halls.devices_at(request.actor, UUID(chosen)) if chosen else None


def with_devices(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page gets `request.devices`, and may connect to that one port of its own computer."""

    @wraps(view)
    def opened(request: Any, *args: Any, **given: Any) -> HttpResponse:
        request.devices = devices_here(request)
        answer = view(request, *args, **given)
        if request.devices is not None:
            there = f"{CONNECT} http://127.0.0.1:{request.devices.port:d}"
            answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(CONNECT, there)
        return answer

    return opened


class AskForm(forms.Form):
    key = forms.UUIDField()
    device = forms.ChoiceField(choices=list(DEVICES.items()))
    number = forms.CharField(required=False, max_length=40)


@staff("device.use")
@never_cache
@require_POST
def ask(request: Any) -> HttpResponse:
    """A question to take to a device: signed, answered once. A refusal comes as its sentence, to stand on the page."""
    form, here = AskForm(request.POST), devices_here(request)
    try:
        if here is None:
            raise BridgeMissing()
        if not form.is_valid():
            raise DeviceUnknown()
        given = form.cleaned_data
        nonce = services.ask_device(
            window_id=here.window_id,
            device=given["device"],
            case_number=given["number"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )
    except DomainError as refused:
        return JsonResponse({"code": refused.code, "says": refused.message}, status=refused.status)
    more = {"levels": _levels()} if given["device"] == "rating" else {}
    return JsonResponse({"nonce": nonce, **more})


def _levels() -> list[dict[str, Any]]:
    return [{"level": int(one.code), "name": one.name} for one in code_list("rating_level")]
