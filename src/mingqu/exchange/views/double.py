"""The page that plays the other side, in a demo alone."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.exchange import services
from mingqu.exchange.connectors import double, registry
from mingqu.exchange.forms import FaultsForm, SayForm
from mingqu.exchange.models import DoubleMatter
from mingqu.exchange.types import FINAL, Result
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.types import Instant
from mingqu.ui.access import public
from mingqu.ui.language import only_chinese

log = logging.getLogger(__name__)
LATEST = 30


@only_chinese
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def registry_page(request: Any) -> HttpResponse:
    """What it was handed, the latest first, and what goes wrong with it."""
    if not settings.MINGQU_DEMO:
        raise NotFound()
    choices = list(double.FAULTS.items())
    if request.method == "POST":
        form = FaultsForm(request.POST, choices=choices)
        if form.is_valid():
            double.set_faults(form.cleaned_data["faults"])
            messages.success(request, "演示故障已设置。")
            return redirect("exchange:double")
    matters = [
        (row, row.tellings, _over(row), double.ready(row))
        for row in DoubleMatter.objects.order_by("-received_at")[:LATEST]
    ]
    on = double.faults()
    form = FaultsForm(initial={"faults": sorted(on)}, choices=choices)
    context = {"matters": matters, "form": form, "faults": [double.FAULTS[name] for name in sorted(on)]}
    return render(request, "exchange/double.html", context)


@public
@require_POST
def say(request: Any) -> HttpResponse:
    """An officer over there decides; we are told by the same door as by a real system."""
    if not settings.MINGQU_DEMO:
        raise NotFound()
    form = SayForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选择状态。")
        return redirect("exchange:double")
    given = form.cleaned_data
    result = Result(given["number"].strip(), given["name"].strip(), given["credit_code"].strip())
    row = double.say(given["reference"], given["state"], at=request.at, words=given["words"], result=result)
    if row is None:
        messages.error(request, "这一件没有，或者已经办结。")
    else:
        tell(row, request.at)
        messages.success(request, "已决定，并通知政务服务平台。")
    return redirect("exchange:double")


def _over(row: DoubleMatter) -> str:
    """Why nothing more is decided there; "" it goes on."""
    if any(one["state"] in FINAL for one in row.tellings):
        return "已经办结。"
    return "来文撤回，已停办。" if row.stopped_at else ""


def tell(row: DoubleMatter, at: Instant) -> list[str]:
    """Signed bytes, read and verified by us; what each came to."""
    verdicts = []
    for told in double.due(row):
        headers, body = double.telling(told, at=at)
        try:
            heard = services.hear(
                connector="double", told=registry.named("double").read(headers, body, at=at), at=at
            )
            verdicts.append(heard.verdict)
        except DomainError as refused:  # the other side sees a refusal of its call, and its own page goes on
            log.warning("a telling of the double was refused: %s", refused.code)
            verdicts.append(refused.code)
    return verdicts
