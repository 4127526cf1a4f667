"""How the platform runs, for the system officer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import staff
from mingqu.workbench import selectors, services
from mingqu.workbench.forms import RetryForm
from mingqu.workbench.selectors import kept as sweeps


@staff("system.see_health")
@never_cache
@require_GET
def health(request: Any) -> HttpResponse:
    context = {
        "health": selectors.health(request.at),
        "may_retry": access.may(request.actor, "system.retry"),
        "key": new_id(),
        "at": request.at,
    }
    return render(request, "workbench/health.html", context)


@staff("system.see_health")
@never_cache
@require_GET
def kept(request: Any) -> HttpResponse:
    """到期清理: what the next sweep would remove; looking changes nothing."""
    return render(request, "workbench/kept.html", {"kept": sweeps.kept(request.at), "at": request.at})


@staff("system.retry")
@require_POST
def retry(request: Any) -> HttpResponse:
    form = RetryForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有看懂要重试哪一项，请刷新后再试。")
        return redirect("workbench:health")
    given = form.cleaned_data
    common = {"root_id": given["root_id"], "by": request.actor, "at": request.at, "key": form.command_key}
    try:
        if given["request_id"]:
            services.retry_document(request_id=given["request_id"], **common)
        else:
            services.retry_events(**common)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已安排重试，几秒后刷新可看到结果。")
    return redirect("workbench:health")
