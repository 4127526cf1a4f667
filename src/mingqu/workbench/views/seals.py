"""电子印章 of each organ, for the system officer: who has one, who has none; provided, or replaced for a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingqu.documents import selectors as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import staff
from mingqu.workbench import services
from mingqu.workbench.forms import SealForm


@staff("system.manage_seals")
@never_cache
@require_safe
def seals(request: Any) -> HttpResponse:
    keys = documents.organ_keys()
    rows = [(organ, keys.get(organ.code)) for organ in identity.departments()]
    rows.sort(key=lambda row: row[1] is not None and row[1].retired_at is None)  # what is missing comes first
    missing = sum(1 for _organ, held in rows if held is None or held.retired_at)
    return render(request, "workbench/seals.html", {"rows": rows, "missing": missing, "key": new_id()})


@staff("system.manage_seals")
@require_POST
def provide(request: Any) -> HttpResponse:
    form = SealForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有看懂要给哪个机关提供电子印章，请刷新后再试。")
        return redirect("workbench:seals")
    given = form.cleaned_data
    try:
        services.provide_seal(
            organ_code=given["organ_code"],
            reason=given["reason"],
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "电子印章已经可以使用。因为没有印章而失败的文书，在“运行状况”里重新生成。")
    return redirect("workbench:seals")
