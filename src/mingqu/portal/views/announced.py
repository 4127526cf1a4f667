"""公告送达: papers that could not be served in any other way, open to everyone until they count as served."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.cases import selectors as cases
from mingqu.cases.announcing import selectors
from mingqu.identity.services.traffic import read_gently
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import public


@public
@read_gently
@require_GET
def announced(request: Any) -> HttpResponse:
    """The latest first, names of people masked."""
    before = cases.Cursor.parse(request.GET.get("before", ""))
    lines, more = selectors.announced(legal_day(request.at), before=before)
    context = {
        "lines": lines,
        "first_url": "?" if before else "",
        "next_url": f"?{urlencode({'before': str(more)})}" if more else "",
    }
    return render(request, "portal/announced.html", context)
