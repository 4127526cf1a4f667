"""事项: the list, one item with its revisions, their differences and files; 停办."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.catalogue import lists, reports, selectors, services
from mingqu.catalogue.files import write_document, write_json
from mingqu.catalogue.forms import ReasonForm
from mingqu.catalogue.item_pages import pages_about
from mingqu.catalogue.linting.selectors import remarks_of
from mingqu.catalogue.models import Revision
from mingqu.catalogue.studio.comparing import side_by_side
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
FILES = {"yaml": (write_document, "application/yaml"), "json": (write_json, "application/json")}
OFFERS = (("", "全部"), ("open", "可以申请"), ("shut", "不能申请"), ("withdrawn", "已停办"))


@staff("catalogue.see")
@never_cache
@require_GET
def item_list(request: Any) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "type", "organ", "offer")}
    after = request.GET.get("after", "")[:40]
    rows, more = lists.items(
        words=asked["q"], kind=asked["type"], organ=asked["organ"], offer=asked["offer"], after=after
    )
    here, query = request.path, {name: value for name, value in asked.items() if value}
    known = lists.filters()
    context = {
        "rows": [_line(row) for row in rows],
        "asked": asked,
        "kinds": [(code, reports.named("item_type", code)) for code, _ in known["kinds"]],
        "organs": known["organs"],
        "offers": OFFERS,
        "first_url": f"{here}?{urlencode(query)}" if after else "",
        "next_url": f"{here}?{urlencode(query | {'after': more})}" if more else "",
        "may_edit": access.may(request.actor, "catalogue.edit"),
        "works": lists.may_see_drafts(request.actor),
        "counts": lists.draft_counts(request.actor) if lists.may_see_drafts(request.actor) else {},
    }
    return render(request, "catalogue/items.html", context)


def _line(row: Any) -> dict[str, Any]:
    gates = reports.gate_lines(selectors.gates_of(row))
    return {"item": row, "kind": reports.named("item_type", row.item_type), "gates": gates}


@staff("catalogue.see")
@never_cache
@require_GET
def item(request: Any, code: str, number: int = 0) -> HttpResponse:
    found = lists.item(code)
    shown = lists.revision(found, number) if number else found.current
    assert shown is not None
    document = selectors.document(shown.pk)
    context = {
        "item": found,
        "shown": shown,
        "is_current": shown.pk == found.current_id,
        "read": reports.read(document),
        "lint": reports.remarks(document, remarks_of(document, legal_day(request.at))),
        "revisions": lists.revisions(found),
        "draft": lists.open_draft(request.actor, code) if lists.may_see_drafts(request.actor) else None,
        "pages": pages_about(request.actor, found),
        "may_edit": access.allows(request.actor, "catalogue.edit", found),
        "may_withdraw": access.allows(request.actor, "catalogue.withdraw", found) and not found.withdrawn_at,
    }
    return render(request, "catalogue/item.html", context)


@staff("catalogue.see")
@require_GET
def download(request: Any, code: str, number: int, form: str) -> HttpResponse:
    """Any revision as a file, to be changed and handed in again."""
    if form not in FILES:
        raise NotFound()
    revision = lists.revision(lists.item(code), number)
    write, kind = FILES[form]
    answer = HttpResponse(write(revision.document), content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{code}-{number}.{form}") or ""
    return answer


@staff("catalogue.see")
@never_cache
@require_GET
def compare(request: Any, code: str) -> HttpResponse:
    """Two revisions side by side; by default the last two."""
    found = lists.item(code)
    all_of_them = lists.revisions(found)
    new = _chosen(request.GET.get("new", ""), all_of_them, 0)
    old = _chosen(request.GET.get("old", ""), all_of_them, 1)
    rows = reports.rows(old.document, new.document)
    posts = identity.posts_within(found.region_code[:6].ljust(12, "0"))
    context = {"item": found, "revisions": all_of_them, "old": old, "new": new, "rows": rows}
    context |= side_by_side(old.document, new.document, posts)
    return render(request, "catalogue/compare.html", context)


def _chosen(asked: str, known: list[Revision], otherwise: int) -> Revision:
    for one in known:
        if str(one.number) == asked:
            return one
    return known[min(otherwise, len(known) - 1)]


@staff("catalogue.withdraw")
@never_cache
@require_http_methods(GET_OR_POST)
def withdraw(request: Any, code: str) -> HttpResponse:
    found = lists.item(code)
    access.require(request.actor, "catalogue.withdraw", found)
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    form.fields["reason"].help_text = "所有人都看得到。例如：依据的规定自2026年12月1日起废止。"
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.withdraw_item(
                    code=code,
                    reason=form.cleaned_data["reason"],
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
                messages.success(request, "事项已停办。")
                return redirect(reverse("catalogue:item", args=[code]))
            except DomainError as refused:
                status = form.tell(refused)
    return render(request, "catalogue/withdraw.html", {"item": found, "form": form}, status=status)
