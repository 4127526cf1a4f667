"""存疑的指南: published guides that break a rule or should be looked at again."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.catalogue import lists
from mingqu.catalogue.linting import selectors
from mingqu.catalogue.linting.rules import RULES
from mingqu.kernel.tables import book
from mingqu.ui.access import staff

MOST_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, "").strip()[:64] for name in ("rule", "organ", "q", "wrong")}
    return given | {"rule": given["rule"] if given["rule"] in RULES else ""}


def _found(asked: dict[str, str]) -> Any:
    return selectors.doubtful(
        rule=asked["rule"], organ=asked["organ"], words=asked["q"], only_wrong=bool(asked["wrong"])
    )


@staff("catalogue.see")
@never_cache
@require_GET
def doubtful(request: HttpRequest) -> HttpResponse:
    asked, after = _asked(request), request.GET.get("after", "")[:64]
    rows, more = selectors.page(_found(asked), after)
    query = {name: value for name, value in asked.items() if value}
    here = reverse("catalogue:doubtful")
    context = {
        "rows": rows,
        "asked": asked,
        "rules": RULES.values(),
        "chosen": RULES.get(asked["rule"]),
        "organs": lists.filters()["organs"],
        "export_url": f"{reverse('catalogue:doubtful_table')}?{urlencode(query)}",
        "first_url": f"{here}?{urlencode(query)}" if after else "",
        "next_url": f"{here}?{urlencode(query | {'after': more})}" if more else "",
    }
    return render(request, "catalogue/doubtful.html", context)


@staff("catalogue.see")
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The filtered list as a spreadsheet, at most MOST_ROWS rows."""
    lines = (selectors.line(row) for row in _found(_asked(request))[:MOST_ROWS])
    rows = (
        (
            one.item.code,
            one.item.name,
            one.item.department.name,
            "；".join(rule.title for rule in one.wrong),
            "；".join(rule.title for rule in one.doubts),
        )
        for one in lines
    )
    headers = ("事项编码", "事项名称", "部门", "不符合规定的", "要再看看的")
    answer = HttpResponse(book("存疑的指南", headers, rows), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, "存疑的指南.xlsx") or ""
    return answer
