"""The audit ledger, for the audit officer."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.ui.access import staff
from mingqu.workbench import selectors
from mingqu.workbench.types import AuditPage


@staff("audit.see")
@never_cache
@require_GET
def audit(request: Any) -> HttpResponse:
    """Search by case number or chain (`q`), or by the account of an officer (`account`)."""
    asked = request.GET.get("q", "").strip()
    account = request.GET.get("account", "").strip()
    after = request.GET.get("after", "")
    page: AuditPage | None = None
    if asked:
        root_id = selectors.root_of(asked)
        page = selectors.audit_of_root(root_id, f"办件或编号 {asked}", after=after) if root_id else None
    elif account:
        page = selectors.audit_of_actor(account, after=after)
    given = {"q": asked} if asked else {"account": account}
    context = {
        "asked": asked,
        "account": account,
        "page": page,
        "searched": bool(asked or account),
        "checkpoints": selectors.checkpoints(),
        "first_url": f"?{urlencode(given)}" if after else "",
        "next_url": f"?{urlencode(given | {'after': page.next_after})}" if page and page.next_after else "",
    }
    return render(
        request, "workbench/audit.html", context, status=404 if page is None and (asked or account) else 200
    )


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
