"""The page that plays the bank, in a demo alone."""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.kernel.errors import DomainError, NotFound
from mingqu.payments import services
from mingqu.payments.models import DoubleOrder
from mingqu.payments.providers import double, registry
from mingqu.payments.types import Kind
from mingqu.ui.access import public

log = logging.getLogger(__name__)
CHOICES = {
    "pay": _("付款成功"),
    "thrice": _("付款成功，通知三次"),
    "slow": _("付款成功，通知迟迟不来"),
    "fail": _("付款失败"),
    "less": _("付款成功，通知的金额少一分"),
    "close": _("不付，关掉页面"),
}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: Any, reference: str) -> HttpResponse:
    if not settings.MINGQU_DEMO:
        raise NotFound()
    order = DoubleOrder.objects.filter(pk=reference, refund_of="").first()
    if order is None:
        raise NotFound()
    choice = request.POST.get("choice", "")
    if request.method != "POST" or choice not in CHOICES:
        context = {"order": order, "choices": CHOICES, "back": _back(order)}
        return render(request, "payments/double_bank.html", context)
    if choice != "close":
        decided = double.decide(reference, paid=choice != "fail", at=request.at)
        assert decided is not None
        _tell(decided, choice, request.at)
    return redirect(_back(order))


def _back(order: DoubleOrder) -> str:
    """
    On the host that this page was opened under, which may be another name of the same demo: the browser would not
    follow a form to the other, where nobody is signed in either.
    """
    return urlsplit(order.back_url).path


def _tell(order: DoubleOrder, choice: str, at: Any) -> None:
    """By the same door as a real provider: signed bytes, read and verified by us."""
    kind: Kind = "paid" if order.state == "paid" else "failed"
    times = {"slow": 0, "thrice": 3}.get(choice, 1)
    amount = order.amount - 1 if choice == "less" else None
    for number in range(times):
        headers, body = double.telling(order, kind, at=at + timedelta(seconds=number), amount=amount)
        told = registry.named("double").read(headers, body, at=at)
        try:
            services.hear(provider="double", told=told, at=at)
        except DomainError as refused:
            log.warning("the double's telling was refused: %s", refused.code)
