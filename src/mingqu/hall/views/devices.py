"""Which devices a window has, and pairing with the program on its computer; for who runs the hall."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.hall import selectors, services
from mingqu.hall.errors import HallUnknown
from mingqu.hall.forms import DevicesForm, KeyForm
from mingqu.hall.models import Hall, Window
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400


def _window(request: Any, code: str, number: int) -> Window:
    """Of a hall within the acting post's scope. Raises HallUnknown or WindowUnknown."""
    hall: Hall | None = selectors.halls_managed(request.actor, "hall.manage").filter(code=code).first()
    if hall is None:
        raise HallUnknown()
    return selectors.window_of(hall, number)


@staff("hall.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: Any, code: str, window: int) -> HttpResponse:
    """What the window has; whether its program is paired, since when."""
    found = _window(request, code, window)
    if request.method != "POST":
        return _page(request, found)
    form, status = DevicesForm(request.POST), WRONG
    if form.is_valid():
        try:
            chosen = services.set_devices(
                window_id=found.pk,
                devices=form.cleaned_data["devices"],
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            said = (
                "已保存。设备程序已经配对的，窗口打开的下一页就按新的。" if chosen else "已保存：没有设备。"
            )
            messages.success(request, said)
            return redirect("hall:devices", code=code, window=window)
    return _page(request, found, form=form, status=status)


@staff("hall.manage")
@never_cache
@sensitive_variables("pairing")
@require_POST
def code(request: Any, code: str, window: int) -> HttpResponse:
    """A code for the program on this window's computer, shown here alone; pressed twice it is the same."""
    found, form = _window(request, code, window), KeyForm(request.POST)
    if not form.is_valid():
        return redirect("hall:devices", code=code, window=window)
    pairing = services.make_pairing_code(
        window_id=found.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"]
    )
    return _page(request, found, pairing=pairing)


@staff("hall.manage")
@require_POST
def end(request: Any, code: str, window: int) -> HttpResponse:
    """What was paired is believed nothing any more."""
    found, form = _window(request, code, window), KeyForm(request.POST)
    if form.is_valid():
        services.end_pairing(
            window_id=found.pk, by=request.actor, at=request.at, key=form.cleaned_data["key"]
        )
        messages.success(request, "已解除配对。这个窗口用键盘办理；再用设备的，重新生成配对码。")
    return redirect("hall:devices", code=code, window=window)


def _page(
    request: Any, window: Window, *, form: forms.Form | None = None, pairing: str = "", status: int = 200
) -> HttpResponse:
    shown = selectors.devices_of(window)
    context = {
        "hall": window.hall,
        "window": window,
        "shown": shown,
        "form": form or DevicesForm(initial={"key": new_id(), "devices": list(shown.devices)}),
        "pairing": pairing,
        "waits": shown.code_until is not None and shown.code_until > request.at,
        "server": settings.MINGQU_BASE_URL,
        "key": new_id(),
    }
    return render(request, "hall/devices.html", context, status=status)
