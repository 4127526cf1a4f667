"""The tables of a draft as a workbook: taken out, and taken in after one has seen what would change."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.catalogue import lists, reports, services
from mingqu.catalogue.forms import DeedForm, WorkbookForm
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio import edits
from mingqu.catalogue.studio import tables as books
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import tables as files
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
SALT = "mingqu.catalogue.tables"
MOST_SHOWN = 100


@staff("catalogue.see")
@never_cache
@require_safe
def workbook(request: Any, draft_id: UUID) -> HttpResponse:
    found = lists.draft(request.actor, draft_id)
    answer = HttpResponse(books.workbook(found.document, _posts(found)), content_type=files.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{found.item_code}.xlsx"'
    return answer


@staff("catalogue.see")
@never_cache
@require_http_methods(GET_OR_POST)
def tables(request: Any, draft_id: UUID) -> HttpResponse:
    """Out, in: first what would change or what is wrong, then taken by a button."""
    found = lists.draft(request.actor, draft_id)
    if request.method != "POST":
        return _page(request, found, WorkbookForm(initial={"version": found.version}))
    access.require(request.actor, "catalogue.edit", found)
    return _take(request, found) if request.POST.get("deed") == "take" else _read(request, found)


def _posts(found: DefinitionDraft) -> dict[str, str]:
    return identity.posts_within(edits.region_of(found.document))


def _may_edit(request: Any, found: DefinitionDraft) -> bool:
    return found.state in services.EDITABLE and access.allows(request.actor, "catalogue.edit", found)


def _read(request: Any, found: DefinitionDraft) -> HttpResponse:
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, WRONG)
    try:
        read = books.read(found.document, _posts(found), form.cleaned_data["file"].read(files.FILE_BYTES + 1))
    except DomainError as refused:
        form.add_error("file", refused.message)
        return _page(request, found, form, refused.status)
    if read.wrong:
        shown: dict[str, Any] = {"wrong": read.wrong[:MOST_SHOWN], "wrong_more": len(read.wrong) - MOST_SHOWN}
        return _page(request, found, WorkbookForm(), WRONG, **shown)
    if read.document == found.document:
        form.add_error("file", "这份表格和草稿现在的内容一样，没有要改的。")
        return _page(request, found, form, WRONG)
    kept = {"draft": str(found.pk), "document": read.document}
    more: dict[str, Any] = {
        "rows": reports.rows(found.document, read.document),
        "kept": signing.dumps(kept, salt=SALT, compress=True),
        "take": DeedForm(initial={"version": found.version}),
    }
    return _page(request, found, WorkbookForm(), **more)


def _take(request: Any, found: DefinitionDraft) -> HttpResponse:
    form = DeedForm(request.POST)
    try:
        kept = signing.loads(request.POST.get("kept", ""), salt=SALT)
    except signing.BadSignature as wrong:
        raise NotFound() from wrong
    if kept["draft"] != str(found.pk) or not form.is_valid():
        raise NotFound()
    try:
        services.save_draft(
            document=kept["document"],
            draft_id=found.pk,
            version=form.cleaned_data["version"] or 0,
            words="用Excel改",
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        if refused.status == 403:
            raise
        return _page(request, found, WorkbookForm(), refused.status, refused=refused.message)
    messages.success(request, "表格里的改动已写进草稿；不对的，可以在各部分里点“撤销”。")
    return redirect("catalogue:draft", found.pk)


def _page(request: Any, found: DefinitionDraft, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "draft": found,
        "form": form,
        "may_edit": _may_edit(request, found),
        "sheets": books.names(found.document),
        **more,
    }
    return render(request, "catalogue/studio/tables.html", context, status=status)
