"""认领 and 放回 of one's own, posted from the case page; putting back another's has a page that asks why."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.handing_forms import ClaimForm
from mingqu.workbench.views.case import GET_OR_POST, WRONG, show_case


def _posted(request: Any, number: str, command: Callable[..., object], said: str) -> HttpResponse:
    found = cases.case_visible_to(request.actor, number)
    if request.method != "POST":
        return redirect("workbench:case", found.number)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return show_case(request, number, problem="没有找到这个环节，请按页面现在的内容办理。", status=WRONG)
    try:
        command(
            case_id=found.pk,
            task_id=form.cleaned_data["task_id"],
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        return show_case(request, number, problem=refused.message, status=refused.status)
    messages.success(request, said)
    return redirect("workbench:case", found.number)


@staff("case.claim")
@never_cache
@require_http_methods(GET_OR_POST)
def claim(request: Any, number: str) -> HttpResponse:
    said = "已认领，这个环节由您办理；同岗位的人看得到是您认领的。"
    return _posted(request, number, services.claim_step, said)


@staff("case.release")
@never_cache
@require_http_methods(GET_OR_POST)
def release(request: Any, number: str) -> HttpResponse:
    return _posted(request, number, services.release_step, "已放回，同岗位的人都可以办。")
