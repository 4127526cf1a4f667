"""The audit ledger, for the audit officer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.workbench import selectors, services
from mingqu.workbench.ledger_forms import LedgerForm
from mingqu.workbench.operating_types import AuditPage, ReadsPage
from mingqu.workbench.selectors.ledger_export import Asked


@staff("audit.see")
@never_cache
@require_GET
def audit(request: Any) -> HttpResponse:
    """Search by case number or chain (`q`), or by the account of an officer (`account`)."""
    found = _looked_up(request, selectors.audit_of_root, selectors.audit_of_actor)
    context = found | {
        "checkpoints": selectors.checkpoints(),
        "export": LedgerForm(initial={"key": new_id()}),
        "may_export": access.may(request.actor, "audit.export"),
    }
    return render(request, "workbench/audit.html", context, status=_status(found))


@staff("audit.see")
@never_cache
@require_GET
def reads(request: Any) -> HttpResponse:
    """Who opened or took away which file: of one case (`q`), or by one officer (`account`)."""
    found = _looked_up(request, selectors.reads_of_root, selectors.reads_of_actor)
    if found["page"] is not None:
        asked = found["asked"] or found["account"]
        services.note_reads_seen(asked=asked, shown=len(found["page"].lines), by=request.actor, at=request.at)
    return render(request, "workbench/audit_reads.html", found, status=_status(found))


def _looked_up(
    request: Any,
    of_root: Callable[..., AuditPage | ReadsPage | None],
    of_actor: Callable[..., AuditPage | ReadsPage | None],
) -> dict[str, Any]:
    """What was asked for, a page of what was found, and the addresses of the first and the next."""
    asked = request.GET.get("q", "").strip()
    account = request.GET.get("account", "").strip()
    after = request.GET.get("after", "")
    page: AuditPage | ReadsPage | None = None
    if asked:
        root_id = selectors.root_of(asked)
        page = of_root(root_id, f"办件或编号 {asked}", after=after) if root_id else None
    elif account:
        page = of_actor(account, after=after)
    given = {"q": asked} if asked else {"account": account}
    return {
        "asked": asked,
        "account": account,
        "page": page,
        "searched": bool(asked or account),
        "first_url": f"?{urlencode(given)}" if after else "",
        "next_url": f"?{urlencode(given | {'after': page.next_after})}" if page and page.next_after else "",
    }


def _status(found: dict[str, Any]) -> int:
    return 404 if found["page"] is None and found["searched"] else 200


@staff("audit.export")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """Entries as a file; its digest stands in its name, in the answer's head and in the ledger."""
    form = LedgerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选择按什么查，填写编号和起止日期；一次最多366天。")
        return redirect("workbench:audit")
    given = form.cleaned_data
    asked = Asked(given["kind"], given["value"].strip(), given["since"], given["until"])
    try:
        made, digest = services.export_ledger(
            asked=asked, form=given["form"], by=request.actor, at=request.at
        )
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("workbench:audit")
    name = f"办理存证-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}-{digest[:16]}.{given['form']}"
    kind = XLSX if given["form"] == "xlsx" else "application/jsonl"
    answer = FileResponse(made, as_attachment=True, filename=name, content_type=kind)
    answer["X-File-SHA256"] = digest
    return answer


@staff("audit.see")
@never_cache
@require_GET
def receipt(request: Any, root_id: UUID) -> HttpResponse:
    """What `mingqu verify` checks offline, as a file."""
    response = JsonResponse(
        selectors.receipt(root_id), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="mingqu-receipt-{root_id}.json"'
    return response
