"""文书送达: notices nobody is served with yet, the longest waiting first; and how each of them was served (送达)."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
from mingqu.cases.bundles.services import serving as bundle_notices
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


@dataclass(frozen=True)
class _Of:
    """
    Whose paper it is, a case or a bundle, and its deeds. `noun`: what officers call it. `announce_url`, `close_url`
    "": not for who is here.
    """

    number: str
    noun: str
    paper: served.Line
    applicant: str
    back: str
    serve: Callable[..., object]
    close: Callable[..., object]
    announce_url: str = ""
    close_url: str = ""


def _of_case(request: Any, number: str, paper_id: UUID) -> _Of:
    """Raises NoticeUnknown."""
    case = cases.case_visible_to(request.actor, number)
    may, named = partial(access.allows, request.actor, obj=case), [number, paper_id]
    return _Of(
        number,
        "办件",
        _paper(served.lines_at_desk(case), paper_id),
        case.applicant_name,
        back=reverse("workbench:case", args=[number]),
        serve=partial(notices.serve_notice, case_id=case.pk, paper_id=paper_id),
        close=partial(notices.close_notice, case_id=case.pk, paper_id=paper_id),
        announce_url=reverse("workbench:announce", args=named) if may("case.announce") else "",
        close_url=reverse("workbench:close_notice", args=named) if may("case.close_notice") else "",
    )


def _of_bundle(request: Any, number: str, paper_id: UUID) -> _Of:
    """Raises NoticeUnknown."""
    bundle = bundles.bundle_visible_to(request.actor, number)
    may, named = partial(access.allows, request.actor, obj=bundle), [number, paper_id]
    return _Of(
        number,
        "一件事",
        _paper(served.lines_of_bundle(bundle, documents.documents_of(bundle.pk)), paper_id),
        bundle.applicant_name,
        back=reverse("workbench:bundle", args=[number]),
        serve=partial(bundle_notices.serve_bundle_notice, bundle_id=bundle.pk, paper_id=paper_id),
        close=partial(bundle_notices.close_bundle_notice, bundle_id=bundle.pk, paper_id=paper_id),
        announce_url=reverse("workbench:announce_bundle", args=named) if may("bundle.announce") else "",
        close_url=reverse("workbench:close_bundle_notice", args=named) if may("bundle.close_notice") else "",
    )


@staff("case.serve")
@never_cache
@with_devices
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def serve_notice(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """How a notice of a case reached an applicant; the same form as of a decision."""
    return _serving(request, _of_case(request, number, paper_id))


@staff("bundle.serve")
@never_cache
@with_devices
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def serve_bundle(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """How a merged notice of a bundle (一件事) reached its applicant."""
    return _serving(request, _of_bundle(request, number, paper_id))


@staff("case.close_notice")
@never_cache
@require_POST
def close_notice(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """Nobody can note its service any more: it leaves the list with its reason."""
    return _closing(request, _of_case(request, number, paper_id))


@staff("bundle.close_notice")
@never_cache
@require_POST
def close_bundle_notice(request: Any, number: str, paper_id: UUID) -> HttpResponse:
    """The same of a merged notice of a bundle (一件事)."""
    return _closing(request, _of_bundle(request, number, paper_id))


def _paper(found: list[served.Line], paper_id: UUID) -> served.Line:
    """Raises NoticeUnknown."""
    paper = next((one for one in found if one.paper_id == paper_id), None)
    if paper is None:
        raise NoticeUnknown()
    return paper


def _closing(request: Any, of: _Of) -> HttpResponse:
    form, status = CloseNoticeForm(request.POST, auto_id="close_%s"), WRONG
    if form.is_valid():
        given = form.given("ground", "reason")
        try:
            of.close(**given, by=request.actor, at=request.at, key=form.command_key)
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, f"已写明原因，不再等送达：{of.paper.title}。")
            return redirect(of.back)
    return _shown(request, of, CollectForm(), status, wrong=form, given=form)


def _serving(request: Any, of: _Of) -> HttpResponse:
    """The form; refused, the page comes back with what was typed."""
    if not of.paper.to_serve:
        messages.error(request, NOT_NOW)
        return redirect(of.back)
    form, status = CollectForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            acting = {"by": request.actor, "at": request.at, "key": form.command_key}
            try:
                of.serve(served=served_of(form, of.applicant), **acting)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, f"已登记送达：{of.paper.title}。")
                return redirect(of.back)
    wrong = CloseNoticeForm(auto_id="close_%s") if of.close_url and not of.paper.closed else None
    return _shown(request, of, form, status, wrong=wrong)


def _shown(
    request: Any,
    of: _Of,
    form: CollectForm,
    status: int,
    *,
    wrong: CloseNoticeForm | None,
    given: CloseNoticeForm | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "paper": of.paper,
        "number": of.number,
        "noun": of.noun,
        "back": of.back,
        "announce_url": of.announce_url,
        "close_url": of.close_url,
        "wrong": wrong,
        "given": given,
        "today": legal_day(request.at),
    }
    return render(request, "workbench/notice_served.html", context, status=status)
