"""流程模拟: what can be asked, the question, its answer, two answers side by side."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import HandlingUnknown
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.redesign import selectors, services
from mingqu.redesign.forms import SEEDS, AskForm, KeyForm, beginning
from mingqu.redesign.models import SimulationRun
from mingqu.redesign.selectors import reading, setting_up
from mingqu.redesign.selectors.runs import asked_of, first_answer, result_of, twins
from mingqu.redesign.services.building import drawn_after
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
OFFERED = 20
LOOK_BACK = timedelta(days=365)
SOURCES = {"replay": "重放办过的件", "sampled": "按记录抽样"}


@staff("redesign.see")
@never_cache
@require_GET
def run_list(request: Any) -> HttpResponse:
    state, item = request.GET.get("state", ""), request.GET.get("item", "")[:64]
    rows, more = selectors.runs(request.actor, item=item, state=state, after=request.GET.get("after", ""))
    context = {
        "rows": rows,
        "more": more,
        "state": state,
        "item": item,
        "states": SimulationRun.State.choices,
        "may_ask": access.may(request.actor, "redesign.simulate"),
    }
    return render(request, "redesign/runs.html", context)


@staff("redesign.simulate")
@never_cache
@require_GET
def which(request: Any) -> HttpResponse:
    """Which item: found by words of its name or the beginning of its code."""
    words = request.GET.get("q", "").strip()[:60]
    rows = [
        (row, setting_up.handlings(catalogue.document(row.current_id)))
        for row in revisions.items(words, OFFERED)
        if row.current_id and access.allows(request.actor, "redesign.simulate", row)
    ]
    rows = [(row, handlings) for row, handlings in rows if handlings]
    return render(request, "redesign/which.html", {"rows": rows, "words": words, "most": OFFERED})


@staff("redesign.simulate")
@never_cache
@require_GET
def of_item(request: Any, item_code: str) -> HttpResponse:
    """To the form where there is one 业务办理项 only, else to the choice among them."""
    item = revisions.item(item_code)
    found = setting_up.handlings(catalogue.document(item.current_id)) if item.current_id else []
    if len(found) == 1:
        return redirect("redesign:new", item_code=item_code, handling=found[0][0])
    return redirect(f"{reverse('redesign:which')}?{urlencode({'q': item_code})}")


@staff("redesign.simulate")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, item_code: str, handling: str) -> HttpResponse:
    item = revisions.item(item_code)
    access.require(request.actor, "redesign.simulate", item)
    offered = setting_up.choices(request.actor, item, handling)
    if not offered:
        raise HandlingUnknown()
    today = legal_day(request.at)
    codes = setting_up.union_of_posts(offered, handling)
    names = setting_up.post_names(codes)
    posts = {code: names.get(code, code) for code in codes}
    steps = setting_up.union_of_steps(offered)
    since = today - LOOK_BACK
    known, counted = setting_up.recorded_minutes(item_code, handling, since, today)
    if request.method == "POST":
        form, status = AskForm(offered, posts, steps, request.POST), WRONG
        if form.is_valid():
            try:
                run_id = services.ask(
                    asked=form.asked(item_code, handling),
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except NotFound:
                raise
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("redesign:run", simulation_id=run_id)
    else:
        people = setting_up.people_now(codes, today)
        seed = new_id().int % SEEDS + 1
        form, status = (
            AskForm(offered, posts, steps, initial=beginning(offered, people, since, today, seed)),
            200,
        )
    context = {
        "form": form,
        "item": item,
        "counted": counted,
        "step_rows": [
            (name, field, known.get(code))
            for (name, field), (code, _) in zip(form.step_rows, steps, strict=True)
        ],
    }
    return render(request, "redesign/new.html", context, status=status)


@staff("redesign.see")
@never_cache
@require_GET
def one(request: Any, simulation_id: UUID) -> HttpResponse:
    row = selectors.run_seen(request.actor, simulation_id)
    template = "redesign/_state.html" if request.headers.get("HX-Request") else "redesign/run.html"
    return render(request, template, _read(request, row))


def _read(request: Any, row: SimulationRun) -> dict[str, Any]:
    result, asked = result_of(row), asked_of(row)
    context: dict[str, Any] = {
        "row": row,
        "asked": asked,
        "source": SOURCES[asked.source],
        "form": KeyForm(),
        "may_ask": access.allows(request.actor, "redesign.simulate", row),
        "may_stop": row.at_work and access.allows(request.actor, "redesign.stop", row),
        "first": first_answer(row),
    }
    if result is not None:
        after = result.variant("after")
        context |= {
            "result": result,
            "headline": reading.headline(result),
            "order": reading.order(result, asked, drawn=drawn_after(asked)),
            "measures": reading.measures([(each.label, each) for each in result.variants]),
            "details": [(each, reading.steps(each), reading.posts(each)) for each in result.variants],
            "bars": reading.step_bars(after) if after else [],
            "loads": reading.load_bars(after) if after else [],
            "twins": twins(row),
            "own_hours": reading.own_hours(
                asked, setting_up.post_names([*asked.hours_of, *asked.weekend_of])
            ),
        }
    return context


@staff("redesign.stop")
@require_POST
def stop(request: Any, simulation_id: UUID) -> HttpResponse:
    return _deed(request, simulation_id, "模拟已停下。", services.stop)


@staff("redesign.simulate")
@require_POST
def again(request: Any, simulation_id: UUID) -> HttpResponse:
    return _deed(request, simulation_id, "正在再算一遍。输入和记录没有变的，结果应当一样。", services.again)


def _deed(request: Any, simulation_id: UUID, done: str, service: Any) -> HttpResponse:
    selectors.run_seen(request.actor, simulation_id)
    form = KeyForm(request.POST)
    key = form.command_key if form.is_valid() else new_id()
    try:
        made = service(run_id=simulation_id, by=request.actor, at=request.at, key=key)
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("redesign:run", simulation_id=simulation_id)
    messages.success(request, done)
    return redirect("redesign:run", simulation_id=made or simulation_id)


@staff("redesign.see")
@never_cache
@require_GET
def compare(request: Any) -> HttpResponse:
    """The changed processes of two runs side by side."""
    wanted = [request.GET[name] for name in ("a", "b") if name in request.GET]
    rows = [selectors.run_seen(request.actor, _id(text)) for text in wanted]
    found = [(row, result) for row in rows if (result := result_of(row)) is not None]
    afters = [after for _row, result in found if (after := result.variant("after"))]
    columns = list(zip(("第一次", "第二次"), afters, strict=False))
    context = {
        "rows": rows,
        "measures": reading.measures(columns),
        "steps": [(words, reading.steps(each)) for words, each in columns],
    }
    return render(request, "redesign/compare.html", context)


def _id(text: str) -> UUID:
    """Of nothing that is an id: one that nothing has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@staff("redesign.see")
@require_GET
def export(request: Any, simulation_id: UUID) -> HttpResponse:
    row = selectors.run_seen(request.actor, simulation_id)
    result = result_of(row)
    if result is None:
        raise NotFound()
    asked = asked_of(row)
    rows = [
        ["事项", row.item_name],
        ["用哪些件", f"{SOURCES[asked.source]}，{asked.since:%Y-%m-%d}至{asked.until:%Y-%m-%d}"],
        ["种子", str(asked.seed)],
        ["输入摘要", row.inputs_digest],
        ["结果摘要", row.result_digest],
        [],
        *reading.sheet(result),
    ]
    answer = HttpResponse(book("流程模拟", [row.title], rows), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"流程模拟-{row.title}.xlsx") or ""
    return answer
