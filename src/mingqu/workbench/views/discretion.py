"""裁量复核 and 裁量统计: what waits for a second person, her word, and how often ranges are left."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.errors import DiscretionUnknown
from mingqu.cases.services.seconds import posts_for
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui.access import staff
from mingqu.ui.text import day_written
from mingqu.workbench import selectors
from mingqu.workbench.discretion_forms import AnswerDiscretionForm, PassDiscretionForm
from mingqu.workbench.selectors import discretion as shown
from mingqu.workbench.services import discretion_file
from mingqu.workbench.views.figures import XLSX

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("case.answer_discretion")
@never_cache
@require_GET
def discretions(request: Any) -> HttpResponse:
    """What waits for the acting post, oldest first."""
    lines, more = uses.waiting(request.actor, after=request.GET.get("after", ""))
    context = {"lines": lines, "more": more, "me": request.actor.id}
    return render(request, "workbench/discretions.html", context)


@staff("case.answer_discretion")
@never_cache
@require_http_methods(GET_OR_POST)
def discretion(request: Any, number: str) -> HttpResponse:
    """What is to be decided outside the range, with row, reason and opinions; and the second person's word."""
    case = cases.case_visible_to(request.actor, number)
    lines, post = uses.of_case(case), identity.acting_post(request.actor)
    line = _picked(lines, request.GET.get("of", ""), post.code if post else "")
    if line is None or not access.allows(request.actor, "case.answer_discretion", case):
        raise DiscretionUnknown()
    own = line.person_id == request.actor.id
    form, status = AnswerDiscretionForm(request.POST or None, own=own, shown=line.id), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid() and (done := _answered(request, case.pk, form)):
            messages.success(request, done)
            return _onwards(request.actor, number, case)
    mine = line.waits and (own or (post is not None and post.code == line.second_code))
    below = mine and not own and bool(identity.posts_below(line.post_id, [line.second_code]))
    context = {
        "line": line,
        "form": form,
        "own": own,
        "below": below,
        "beside": [one for one in lines if one.id != line.id and one.task_id == line.task_id],
        "mine": mine,
        "steps": selectors.opinions_of(case),
        "number": number,
        "item": case.item_name,
        "due_on": case.due_on,
    }
    return render(request, "workbench/discretion.html", context, status=status)


def _picked(lines: list[uses.UseLine], wanted: str, post: str) -> uses.UseLine | None:
    """Which 裁量 the page is about: the one asked for, else what waits for this post, for others, the newest."""
    return (
        next((one for one in lines if str(one.id) == wanted), None)
        or next((one for one in lines if one.waits and one.second_code == post), None)
        or next((one for one in lines if one.waits), None)
        or next(iter(lines), None)
    )


def _onwards(actor: Actor, number: str, case: Any) -> HttpResponse:
    """To what else of the case waits for this post, or back to the case."""
    post = identity.acting_post(actor)
    case.refresh_from_db()
    for row in uses.waiting_of(case) if case.status == "accepted" else ():
        if post is not None and row.second_post == post.code and row.person_id != actor.id:
            return redirect(f"{reverse('workbench:discretion', args=[number])}?of={row.id}")
    return redirect("workbench:case", number)


def _answered(request: Any, case_id: Any, form: AnswerDiscretionForm) -> str:
    agrees = form.cleaned_data["agrees"] == "yes"
    try:
        result = services.answer_discretion(
            case_id=case_id,
            discretion_id=form.cleaned_data["discretion_id"],
            agrees=agrees,
            text=form.cleaned_data["text"],
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        form.tell(refused)
        return ""
    if not agrees:
        return "没有作决定，已退回提出的人。"
    if result.status == "accepted":
        return "已同意这一项。还有别的裁量等复核，全部同意以后才作出决定。"
    return "已同意，决定已作出，文书正在生成并送达申请人。"


@staff("case.pass_discretion")
@never_cache
@require_http_methods(GET_OR_POST)
def pass_on(request: Any, number: str) -> HttpResponse:
    """转办 of what waits for a second person."""
    case = cases.case_visible_to(request.actor, number)
    post = identity.acting_post(request.actor)
    line = _picked(uses.of_case(case), request.GET.get("of", ""), post.code if post else "")
    if line is None or not line.waits or not access.allows(request.actor, "case.pass_discretion", case):
        raise DiscretionUnknown()
    able = posts_for(case, line.person_id, line.post_id, request.at)
    posts = [one for one in able.items() if one[0] != line.second_code]
    form, status = PassDiscretionForm(request.POST or None, posts=posts, shown=line.id), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                services.pass_discretion(
                    case_id=case.pk,
                    discretion_id=form.cleaned_data["discretion_id"],
                    post=form.cleaned_data["post"],
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已转给另一个岗位复核，那个岗位的人会收到消息。")
                return redirect("workbench:case", number)
    context = {"line": line, "form": form, "others": posts, "number": number, "item": case.item_name}
    return render(request, "workbench/discretion_pass.html", context, status=status)


@staff("board.see")
@never_cache
@require_GET
def figures(request: Any) -> HttpResponse:
    """How often decisions lie within and outside the ranges, by department, item or month, and which."""
    wanted = _wanted(request)
    rows = uses.report(request.actor, wanted)
    lines, more = uses.behind(request.actor, wanted, after=request.GET.get("after", ""))
    context = {
        "wanted": wanted,
        "rows": rows,
        "inside": sum(row.inside for row in rows),
        "outside": sum(row.outside for row in rows),
        "by": uses.BY,
        "lines": lines,
        "more": more,
        "nothing": "" if rows else shown.nothing_why(request.actor, wanted),
        "asked": _address(wanted),
        "narrowed": wanted.department or wanted.item,
        "longest": shown.LONGEST,
        "enough": uses.ENOUGH,
    }
    return render(request, "workbench/discretion_figures.html", context)


@staff("board.see")
@never_cache
@require_GET
def export(request: Any) -> FileResponse:
    """The same as a spreadsheet: the table, and the decisions behind it."""
    wanted = _wanted(request)
    name = f"裁量统计-{wanted.since:%Y%m%d}-{wanted.until:%Y%m%d}.xlsx"
    made = discretion_file(request.actor, wanted)
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


def _wanted(request: Any) -> uses.Wanted:
    given = request.GET
    since, until = shown.span(
        day_written(given.get("since", "")), day_written(given.get("until", "")), legal_day(request.at)
    )
    by = given.get("by", "")
    return uses.Wanted(
        since,
        until,
        by if by in uses.BY else "department",
        given.get("department", "")[:32],
        given.get("item", "")[:64],
        given.get("outside") == "1",
    )


def _address(wanted: uses.Wanted) -> str:
    """The question as an address, without what the page goes on to."""
    asked = {
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "by": wanted.by,
        "department": wanted.department,
        "item": wanted.item,
        "outside": "1" if wanted.outside else "",
    }
    return urlencode({name: value for name, value in asked.items() if value})
