"""
批量受理, 批量准予: look through the list, confirm, read what came of each.

Each case is a command of its own with a key of its own: one that is refused, or breaks, stops none of the others, and
the same page sent again does nothing twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors import batch as selectors

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """One thing that may be done with many cases at once."""

    code: str
    title: str
    done: str
    action: str
    run: Callable[..., object]
    follows: tuple[str, ...]
    tab: str
    looked: str = ""  # what is to be ticked before it is done

    @property
    def url(self) -> str:
        return reverse(f"workbench:batch_{self.code}")


BATCHES = {
    one.code: one
    for one in (
        Batch(
            "accept",
            "批量受理",
            "已受理",
            "case.accept",
            services.accept_case,
            (
                "每件各发《受理通知书》，各自开始计时。",
                "受理以后不能撤回；受理错了的，由批准岗依法处理。",
                "有一件没有办成，不影响其他件；每件的结果会逐件列出。",
            ),
            "received",
        ),
        Batch(
            "grant",
            "批量准予",
            "已准予",
            "case.decide",
            partial(services.decide_case, outcome="granted", reasons=""),
            (
                "每件各作一个准予决定，各有文号，各发决定书和证照。",
                "决定作出以后不能在这里撤销；要撤销的，依法另行办理。",
                "有一件没有办成，不影响其他件；每件的结果会逐件列出。",
            ),
            "mine",
            "我已逐件看过上面的意见，同意逐件准予。",
        ),
    )
}


@dataclass(frozen=True)
class Outcome:
    """What came of one case."""

    number: str
    done: bool
    words: str


@staff("case.accept")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Any) -> HttpResponse:
    """批量受理"""
    return _batch(request, BATCHES["accept"])


@staff("case.decide")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: Any) -> HttpResponse:
    """批量准予"""
    return _batch(request, BATCHES["grant"])


def _batch(request: Any, chosen: Batch) -> HttpResponse:
    """Choose an item, choose its cases, confirm, read the results."""
    item = request.POST.get("item", "") if request.method == "POST" else request.GET.get("item", "")
    if not item:
        items = selectors.items_waiting(request.actor, chosen.code)
        return render(request, "workbench/batch_items.html", {"batch": chosen, "items": items})
    rows = selectors.batch_rows(request.actor, chosen.code, item, request.at)
    if request.method != "POST" or request.POST.get("stage") == "edit":
        return _list(request, chosen, item, rows)
    numbers = list(dict.fromkeys(request.POST.getlist("number")))[: selectors.MOST]
    if not numbers:
        return _list(request, chosen, item, rows, problem="请至少选一件。")
    form = ActForm(request.POST) if request.POST.get("stage") == "do" else None
    if form is None:
        return _confirm(request, chosen, item, rows, numbers)
    if not form.is_valid():
        return _list(request, chosen, item, rows, problem=str(form.errors["key"][0]))
    if chosen.looked and not request.POST.get("looked"):
        return _confirm(request, chosen, item, rows, numbers, problem="请先逐件看过，再勾选确认。")
    results = [_do(request, chosen, rows, number, form.command_key) for number in numbers]
    context = {"batch": chosen, "item": item, "results": results, "done": sum(one.done for one in results)}
    return render(request, "workbench/batch_result.html", context)


def _do(request: Any, chosen: Batch, rows: list[selectors.BatchRow], number: str, key: UUID) -> Outcome:
    """One case. What is no longer in the list may have been done by this very page: the command knows its key."""
    row = next((one for one in rows if one.number == number), None)
    if row is not None and row.why:
        return Outcome(number, False, row.why)
    try:
        case = cases.case_visible_to(request.actor, number)
        chosen.run(case_id=case.pk, by=request.actor, at=request.at, key=uuid5(key, number))
    except DomainError as refused:
        return Outcome(number, False, refused.message)
    except (
        Exception
    ):  # a defect of one case must not take the others with it; it stands in the log and in the result
        log.exception("a case of a batch failed")
        return Outcome(number, False, "系统出错，这一件没有变化，请打开单独办理。")
    return Outcome(number, True, chosen.done)


def _list(request: Any, chosen: Batch, item: str, rows: Any, *, problem: str = "") -> HttpResponse:
    picked = set(request.POST.getlist("number"))
    context = {"batch": chosen, "item": item, "rows": rows, "picked": picked, "problem": problem}
    context |= {"most": selectors.MOST, "fit": sum(not row.why for row in rows)}
    return render(request, "workbench/batch.html", context, status=400 if problem else 200)


def _confirm(
    request: Any, chosen: Batch, item: str, rows: Any, numbers: list[str], *, problem: str = ""
) -> HttpResponse:
    taken = [row for row in rows if row.number in numbers]
    context = {"batch": chosen, "item": item, "rows": taken, "form": ActForm(), "problem": problem}
    return render(request, "workbench/batch_confirm.html", context, status=400 if problem else 200)
