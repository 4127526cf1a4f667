"""责任链 of one case (LAW-03): for who watches over the efficiency of others, and for the head of the organ."""

import io
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.cases import selectors as cases
from mingqu.cases.consulting import selectors as consulting
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.workbench import selectors
from mingqu.workbench.answering_book import export_chain
from mingqu.workbench.selectors.answering import chain_of, who_answers

if TYPE_CHECKING:
    from mingqu.cases.models import Case


@staff("case.trace")
@never_cache
@require_GET
def chain(request: Any, number: str) -> HttpResponse:
    """Who did what, when, against which limit and standard, and who was late; to be printed."""
    found = _case(request, number)
    page = selectors.case_page(request.actor, found, request.at)
    consulted = consulting.of_case(found, legal_day(request.at))
    context = {
        "page": page,
        "answers": who_answers(found, page, consulted),
        "chain": chain_of(found, request.at),
        "today": legal_day(request.at),
    }
    return render(request, "workbench/chain.html", context)


@staff("case.trace")
@never_cache
@require_GET
def export(request: Any, number: str) -> HttpResponseBase:
    """The same as a workbook; that it was taken is written down."""
    found = _case(request, number)
    page = selectors.case_page(request.actor, found, request.at)
    chain = chain_of(found, request.at)
    made = export_chain(case=found, chain=chain, page=page, by=request.actor, at=request.at)
    name = f"责任链-{found.number}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


def _case(request: Any, number: str) -> "Case":
    found = cases.case_visible_to(request.actor, number)
    access.require(request.actor, "case.trace", found)
    return found
