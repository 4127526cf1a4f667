"""文书送达: notices nobody is served with yet, the longest waiting first; and how each of them was served (送达)."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.bundles.services.serving import serve_bundle_notice
from mingqu.cases.errors import NoticeUnknown
from mingqu.cases.services import notices, served
from mingqu.documents import selectors as documents
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.workbench.selectors import unserved as pages
from mingqu.workbench.services import export_unserved
from mingqu.workbench.views.counter import served_of
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.window_forms import CloseNoticeForm, CollectForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
NOT_NOW = "这份文书现在不用登记送达：已经登记过，或者还在生成。"


@staff("case.serve")
@never_cache
@require_GET
def unserved(request: Any) -> HttpResponse:
    """Which paper, of what, since when, until when; one page at a time."""
    asked = request.GET
    wanted = pages.wanted(asked.get("paper", ""), asked.get("item", ""))
    page = pages.unserved(request.actor, request.at, wanted, after=asked.get("after", ""))
    more = urlencode({"after": page.next_after, **wanted.query})
    context = {
        "page": page,
        "kinds": pages.kinds(),
        "items": pages.items(request.actor),
        "more": more if page.next_after else "",
        "first": "after" not in request.GET,
        "today": legal_day(request.at),
        "post": request.post_label,
    }
    return render(request, "workbench/unserved.html", context)


@staff("case.serve")
@never_cache
@require_POST
def unserved_export(request: Any) -> HttpResponseBase:
    """The list as narrowed, as a file; that it was taken is written down."""
    wanted = pages.wanted(request.POST.get("paper", ""), request.POST.get("item", ""))
    rows = pages.every(request.actor, request.at, wanted)
    made = export_unserved(rows=rows, by=request.actor, at=request.at)
    name = f"文书送达-{legal_day(request.at):%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


@staff("case.serve")
@never_cache
@with_devices
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def serve_notice(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """How a notice of a case reached an applicant; the same form as of a decision."""
    case = cases.case_visible_to(request.actor, number)
    paper = _paper(served.lines_at_desk(case), paper_id)
    back = reverse("workbench:case", args=[number])

    def serve(form: CollectForm) -> object:
        return notices.serve_notice(
            case_id=case.pk,
            paper_id=paper_id,
            served=served_of(form, case.applicant_name),
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )

    return _serving(
        request, paper, back, serve, close=access.allows(request.actor, "case.close_notice", case)
    )


@staff("bundle.serve")
@never_cache
@with_devices
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def serve_bundle(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """How a merged notice of a bundle (一件事) reached its applicant."""
    bundle = bundles.bundle_visible_to(request.actor, number)
    paper = _paper(served.lines_of_bundle(bundle, documents.documents_of(bundle.pk)), paper_id)
    back = reverse("workbench:bundle", args=[number])

    def serve(form: CollectForm) -> object:
        return serve_bundle_notice(
            bundle_id=bundle.pk,
            paper_id=paper_id,
            served=served_of(form, bundle.applicant_name),
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )

    return _serving(request, paper, back, serve)


@staff("case.close_notice")
@never_cache
@require_POST
def close_notice(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """Nobody can note its service any more: it leaves the list with its reason."""
    case = cases.case_visible_to(request.actor, number)
    paper = _paper(served.lines_at_desk(case), paper_id)
    form, status = CloseNoticeForm(request.POST, auto_id="close_%s"), WRONG
    if form.is_valid():
        given = form.given("ground", "reason")
        acting = {"by": request.actor, "at": request.at, "key": form.command_key}
        try:
            notices.close_notice(case_id=case.pk, paper_id=paper_id, **given, **acting)
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, f"已写明原因，不再等送达：{paper.title}。")
            return redirect("workbench:case", number)
    shown = {"form": CollectForm(), "paper": paper, "number": number, "wrong": form, "given": form}
    return _shown(request, shown | {"back": reverse("workbench:case", args=[number])}, status)


def _shown(request: Any, context: dict[str, Any], status: int) -> HttpResponse:
    context |= {"today": legal_day(request.at)}
    return render(request, "workbench/notice_served.html", context, status=status)


def _paper(found: list[served.Line], paper_id: UUID) -> served.Line:
    """Raises NoticeUnknown."""
    paper = next((one for one in found if one.paper_id == paper_id), None)
    if paper is None:
        raise NoticeUnknown()
    return paper


def _serving(
    request: Any,
    paper: served.Line,
    back: str,
    serve: Callable[[CollectForm], object],
    *,
    close: bool = False,
) -> HttpResponse:
    """The form; refused, the page comes back with what was typed. `close`: whether it may leave without a record."""
    if not paper.to_serve:
        messages.error(request, NOT_NOW)
        return redirect(back)
    form, status = CollectForm(request.POST or None), 200
    number = str(request.resolver_match.kwargs["number"])
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                serve(form)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, f"已登记送达：{paper.title}。")
                return redirect(back)
    context = {"form": form, "paper": paper, "number": number, "back": back, "may_announce": close}
    if close and not paper.closed:
        context["wrong"] = CloseNoticeForm(auto_id="close_%s")
    return _shown(request, context, status)
