"""受影响的事项: what published definitions cite of laws, and how it stands."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.catalogue.affected import selectors
from mingqu.catalogue.affected.selectors import Asked
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.law import selectors as law
from mingqu.ui.access import staff
from mingqu.ui.text import day_written

MOST_ITEMS = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {
    "in_force": ("done", "现行有效"),
    "not_yet": ("special", "尚未施行"),
    "repealed": ("void", "已失效"),
    "unknown_date": ("special", "待核实"),
    "no_such_article": ("refused", "没有这一条"),
    "unknown_law": ("special", "法规库没有收录"),
}


def _asked(request: Any) -> tuple[Asked, dict[str, str]]:
    given = {name: request.GET.get(name, "").strip()[:80] for name in ("law", "article", "on", "show")}
    day = day_written(given["on"])
    on, given["on"] = day or legal_day(request.at), f"{day}" if day else ""
    number, suffix = law.article_of(given["article"])
    # Without a law: what is in doubt; with one: everything that rests on it.
    trouble = given["show"] == "trouble" or (given["show"] != "all" and not given["law"])
    return Asked(on, given["law"], number, suffix, trouble), given


@staff("law.see")
@never_cache
@require_GET
def affected(request: Any) -> HttpResponse:
    asked, given = _asked(request)
    after = request.GET.get("after", "")[:64]
    rows, more = selectors.lines(asked, after=after)
    query = {name: value for name, value in given.items() if value}
    here = reverse("catalogue:affected")
    context = {
        "rows": rows,
        "states": STATES,
        "given": given,
        "asked": asked,
        "slug": law.slug_of(asked.law) if asked.law else "",
        "export_url": f"{reverse('catalogue:affected_table')}?{urlencode(query)}",
        "first_url": f"{here}?{urlencode(query)}" if after else "",
        "next_url": f"{here}?{urlencode(query | {'after': more})}" if more else "",
    }
    return render(request, "catalogue/affected.html", context)


@staff("law.see")
@require_GET
def affected_table(request: Any) -> HttpResponse:
    """The same as a spreadsheet, a row for each citation, at most MOST_ITEMS items."""
    asked, _ = _asked(request)
    told, _ = selectors.lines(asked, size=MOST_ITEMS)
    rows = (
        (
            line.item.code,
            line.item.name,
            line.item.department.name,
            line.post,
            place.words,
            place.where,
            STATES[place.standing.state][1],
            place.standing.sentence,
        )
        for line in told
        for place in line.places
    )
    headers = ("事项编码", "事项名称", "部门", "责任岗位", "引用的条文", "在定义的哪里", "有效性", "说明")
    answer = HttpResponse(book("受影响的事项", headers, rows), content_type=XLSX)
    name = f"受影响的事项-{asked.on:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
