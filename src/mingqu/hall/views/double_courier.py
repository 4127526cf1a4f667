"""The page that plays the courier, in a demo alone."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.hall import services
from mingqu.hall.courier import double, registry
from mingqu.hall.models import DoubleParcel
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.ui.access import public

log = logging.getLogger(__name__)
CHOICES = {
    "collected": _("取件"),
    "delivering": _("派送"),
    "failed": _("没有送到，再送一次"),
    "signed": _("本人签收"),
    "thrice": _("签收，通知三次"),
    "slow": _("签收，通知不来"),
    "returned": _("退回窗口"),
}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def courier(request: Any, reference: str) -> HttpResponse:
    row = DoubleParcel.objects.filter(pk=reference).first() if settings.MINGQU_DEMO else None
    if row is None:
        raise NotFound()
    choice = request.POST.get("choice", "")
    if request.method != "POST" or choice not in CHOICES:
        return render(
            request,
            "hall/double_courier.html",
            {"row": row, "choices": CHOICES, "ended": row.state in double.ENDED},
        )
    kind = "signed" if choice in {"thrice", "slow"} else choice
    told = double.play(reference, kind, at=request.at, signer="本人" if kind == "signed" else "")
    times = {"thrice": 3, "slow": 0}.get(choice, 1)
    for number in range(times if told else 0):
        assert told is not None
        headers, body = double.telling(told, at=request.at + timedelta(seconds=number))
        try:
            services.hear_courier(
                courier="double",
                told=registry.named("double").read(headers, body, at=request.at),
                at=request.at,
            )
        except DomainError as refused:
            log.warning("the double's telling was refused: %s", refused.code)
    return redirect("hall:double_courier", reference=reference)
