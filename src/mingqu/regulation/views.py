"""Pages of the organ that inspects, and the records that everybody may read."""

import io
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity.services import access
from mingqu.identity.services.traffic import read_gently
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.regulation import selectors, services
from mingqu.regulation.forms import InspectionForm, PutOffForm, TakeUpForm
from mingqu.regulation.types import SupervisedView
from mingqu.ui.access import public, staff
from mingqu.ui.forms import tell
from mingqu.ui.text import zh_day

WRONG = 400
LONGEST = 60
HEAD = (
    "证照编号",
    "证照",
    "被许可人",
    "机关",
    "列入监管",
    "最晚检查日",
    "上次检查",
    "上次结论",
    "结束",
    "结束原因",
)


@public
@read_gently
@require_GET
def open_records(request: Any) -> HttpResponse:
    """监督检查记录, the latest first; by organ or by the number of a certificate."""
    organ, number = request.GET.get("organ", ""), request.GET.get("number", "").strip()[:LONGEST]
    department_id = _uuid(organ)
    lines, more = selectors.open_records(
        department_id=department_id, number=number, before=request.GET.get("before", "")
    )
    query = {name: value for name, value in (("organ", organ), ("number", number)) if value}
    context = {
        "lines": lines,
        "organs": selectors.organs(),
        "organ": department_id,
        "number": number,
        "first_url": f"?{urlencode(query)}" if request.GET.get("before") else "",
        "next_url": f"?{urlencode(query | {'before': more})}" if more else "",
    }
    return render(request, "regulation/open.html", context)


def _asked(given: Any) -> selectors.Wanted:
    shown = selectors.ENDED if given.get("show") == selectors.ENDED else selectors.OPEN
    return selectors.Wanted(
        shown, given.get("item", "")[:LONGEST], given.get("number", "")[:LONGEST], given.get("late") == "yes"
    )


@staff("regulation.see")
@never_cache
@require_GET
def desk(request: Any) -> HttpResponse:
    """What the acting post's organ has under supervision, the first due first; or what has ended."""
    asked, today = _asked(request.GET), legal_day(request.at)
    query = {name: request.GET[name] for name in ("show", "item", "number", "late") if request.GET.get(name)}
    page = selectors.supervised_page(request.actor, asked, today, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "asked": asked,
        "items": selectors.items_of(request.actor),
        "may_take_up": access.may(request.actor, "regulation.take_up"),
        "narrowed": bool(asked.item_code or asked.number or asked.late),
        "first_url": f"?{urlencode(query)}" if request.GET.get("after") else "",
        "next_url": f"?{urlencode(query | {'after': page.more})}" if page.more else "",
    }
    return render(request, "regulation/desk.html", context)


@staff("regulation.see")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The list that is open as a file, persons masked; that it was taken is written down."""
    asked, today = _asked(request.POST), legal_day(request.at)
    rows = [
        (
            one.number,
            one.certificate_name,
            one.holder,
            one.organ,
            one.since,
            one.next_on,
            one.last_on or "",
            one.last_words,
            one.ended_on or "",
            one.ended_words,
        )
        for one in selectors.every_supervised(request.actor, asked, today)
    ]
    taken = new_id()
    with command("regulation.export", taken, by=request.actor, at=request.at, key=taken) as cmd:
        access.require_may(request.actor, "regulation.export")
        cmd.note(rows=len(rows))
        cmd.done(None)
    made = book("事后监管", list(HEAD), rows)
    name = f"事后监管-{today:%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


@staff("regulation.see")
@never_cache
@sensitive_post_parameters("seen", "done")
@require_http_methods(["GET", "HEAD", "POST"])
def supervised(request: Any, object_id: UUID) -> HttpResponse:
    """One object: its inspections, and the form for a new one."""
    shown = selectors.supervised_at_desk(request.actor, object_id, legal_day(request.at))
    if request.method != "POST":
        return _page(request, shown)
    colleagues = selectors.colleagues_at_desk(request.actor, object_id, legal_day(request.at))
    form, status = InspectionForm(request.POST, colleagues=colleagues), WRONG
    if form.is_valid():
        try:
            written = services.write_inspection(
                object_id=object_id,
                found=form.found(legal_day(request.at)),
                seen_as=form.seen_as,
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except NotFound:
            raise
        except DomainError as refused:
            status = tell(form, refused)
        else:
            opened = "" if shown.not_public else "记录向社会公开。"
            messages.success(request, f"已登记，下次检查不晚于{zh_day(written.next_on)}。{opened}")
            return redirect("regulation:supervised", object_id)
    return _page(request, shown, form=form, status=status)


@staff("regulation.inspect")
@never_cache
@require_POST
def put_off(request: Any, object_id: UUID) -> HttpResponse:
    """The next inspection on another day."""
    shown = selectors.supervised_at_desk(request.actor, object_id, legal_day(request.at))
    form, status = PutOffForm(request.POST, auto_id="off_%s"), WRONG
    if form.is_valid():
        try:
            services.put_off(
                object_id=object_id,
                next_on=form.cleaned_data["next_on"],
                reason=form.cleaned_data["reason"],
                seen_as=form.seen_as,
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except NotFound:
            raise
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已改期。")
            return redirect("regulation:supervised", object_id)
    return _page(request, shown, off=form, status=status)


@staff("regulation.take_up")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: Any) -> HttpResponse:
    """存量证照: what is in force and nobody supervises, type by type; those of one type come under supervision."""
    today = legal_day(request.at)
    asked = (request.POST if request.method == "POST" else request.GET).get("type", "")[:LONGEST]
    kinds = selectors.kinds_to_take_up(request.actor, today)
    kind = next((one for one in kinds if one.code == asked), None)
    form, status = TakeUpForm(initial={"type": asked}), 200
    if request.method == "POST" and kind is not None:
        form, status = TakeUpForm(request.POST), WRONG
        if form.is_valid():
            first_on = form.cleaned_data["first_on"]
            try:
                taken = services.take_up(type_code=asked, first_on=first_on, by=request.actor, at=request.at)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                left = f"还有{taken.left}份，请接着列入。" if taken.left else ""
                messages.success(request, f"已把{taken.many}份{kind.name}列入监管。{left}")
                return redirect("regulation:take_up")
    context = {
        "kinds": kinds,
        "kind": kind,
        "lines": selectors.lines_to_take_up(request.actor, today, asked) if kind else [],
        "at_once": services.AT_ONCE,
        "form": form,
    }
    return render(request, "regulation/take_up.html", context, status=status)


def _page(
    request: Any,
    shown: SupervisedView,
    *,
    form: InspectionForm | None = None,
    off: PutOffForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = legal_day(request.at)
    start = {
        "key": new_id(),
        "seen_next_on": shown.line.next_on,
        "seen_inspections": len(shown.inspections),
    }
    proposed = start | {"inspected_on": today}
    colleagues = () if form else selectors.colleagues_at_desk(request.actor, shown.line.id, today)
    context = {
        "shown": shown,
        "may": selectors.may_inspect(request.actor, shown.line.id),
        "form": form or InspectionForm(initial=proposed, colleagues=colleagues),
        "off": off or PutOffForm(initial=start, auto_id="off_%s"),
        "given": form or off,
    }
    return render(request, "regulation/supervised.html", context, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
