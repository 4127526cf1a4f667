"""再造报告 (ARC-08): what revising brought, of all items and of one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.catalogue.revisions import selectors as revisions
from mingqu.kernel.tables import XLSX, book
from mingqu.redesign.measuring import LIMITS, NAMES, Line
from mingqu.redesign.selectors import savings as found_savings
from mingqu.redesign.selectors.savings import Edition
from mingqu.ui.access import staff


@staff("redesign.see")
@never_cache
@require_GET
def savings(request: Any) -> HttpResponse:
    organ = request.GET.get("organ", "")[:200]
    rows, more = found_savings.savings(request.actor, organ=organ, after=request.GET.get("after", "")[:90])
    count, lines = found_savings.total(request.actor, organ=organ)
    context = {
        "rows": [(row, found_savings.lines_of(row)) for row in rows],
        "names": [name for name, _unit in NAMES.values()],
        "more": more,
        "organ": organ,
        "organs": found_savings.organs(request.actor),
        "count": count,
        "lines": lines,
    }
    return render(request, "redesign/savings.html", context)


@staff("redesign.see")
@never_cache
@require_GET
def item_savings(request: Any, item_code: str) -> HttpResponse:
    """One item between any two of its revisions; by default the first and the one in force."""
    item = revisions.item(item_code)
    offered = found_savings.editions(request.actor, item)
    old = _chosen(request.GET.get("old", ""), offered, 0)
    new = _chosen(request.GET.get("new", ""), offered, len(offered) - 1)
    context = {
        "item": item,
        "offered": offered,
        "old": old,
        "new": new,
        "reports": found_savings.report(old.document, new.document),
    }
    return render(request, "redesign/item_savings.html", context)


def _chosen(asked: str, offered: list[Edition], otherwise: int) -> Edition:
    return next((one for one in offered if one.value == asked), offered[otherwise])


@staff("redesign.see")
@require_GET
def export(request: Any) -> HttpResponse:
    """All of them as a table, the sum last."""
    organ = request.GET.get("organ", "")[:200]
    headers = ["事项编码", "事项", "业务办理项", "部门", "第一版", "现行版"]
    for key, (name, _unit) in NAMES.items():
        headers += [f"{name}（前）", f"{name}（后）", f"{name}减少"]
        headers += [f"{name}的单位"] if key in LIMITS else []
    rows = [
        [row.item_code, row.item_name, row.handling_name, row.department_name, str(row.first_number),
         str(row.current_number), *_cells(found_savings.lines_of(row))]
        for row in found_savings.all_savings(request.actor, organ=organ)
    ]  # fmt: skip
    count, lines = found_savings.total(request.actor, organ=organ)
    first = {line.key: line for line in reversed(lines)}
    rows.append(["合计", f"{count}个业务办理项", "", "", "", "", *_cells([first[key] for key in NAMES])])
    more = {line.key: line for line in lines if first[line.key] is not line}
    if more:  # natural days, which are not added to working days
        none = [Line(key, *NAMES[key], None, None) for key in NAMES]
        other = [more.get(line.key, line) for line in none]
        rows.append(["合计（按自然日的期限）", "", "", "", "", "", *_cells(other)])
    answer = HttpResponse(book("再造报告", headers, rows), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, "再造报告.xlsx") or ""
    return answer


def _cells(lines: list[Line]) -> list[str]:
    cells: list[str] = []
    for line in lines:
        cells += ["" if number is None else str(number) for number in (line.before, line.after, line.less)]
        if line.limit:
            there = line.before is not None and line.after is not None
            cells.append(
                ("→".join((line.unit, line.unit_after)) if line.apart else line.unit) if there else ""
            )
    return cells
