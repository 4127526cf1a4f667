"""Paper mode: slips printed beforehand, outages, what was taken in on paper and is still to be typed in (补录)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.cases.amending import selectors as paper
from mingqu.cases.errors import SlipUnknown
from mingqu.cases.services import outages as services
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.outage_forms import ConfirmSlipForm, DeclareForm, EndForm, PackForm, SlipForm
from mingqu.workbench.selectors.amending import items_on_paper

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("outage.see")
@never_cache
@require_GET
def outages(request: Any) -> HttpResponse:
    """Outages, latest first, and packs of slips."""
    context = {
        "outages": paper.outages(request.actor),
        "packs": paper.packs(request.actor),
        "may_declare": access.may(request.actor, "outage.declare"),
        "may_pack": access.may(request.actor, "outage.make_pack"),
    }
    return render(request, "workbench/outages.html", context)


@staff("outage.declare")
@never_cache
@require_http_methods(GET_OR_POST)
def declare(request: Any) -> HttpResponse:
    form = DeclareForm(request.POST or None, at=request.at)
    made: list[UUID] = []

    def give() -> None:
        began = form.moment("began")
        assert began is not None  # both parts are required
        made.append(
            services.declare_outage(
                began_at=began,
                ended_at=form.moment("ended"),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=request.at,
                key=form.command_key,
            )
        )

    status = _posted(request, form, give)
    if made:
        messages.success(request, "已登记停机。停机期间收的纸质收件单，在下面登记、复核、补录。")
        return redirect("workbench:outage", made[0])
    context = {"form": form, "title": "登记停机", "button": "登记"}
    return render(request, "workbench/outage_form.html", context, status=status)


@staff("outage.make_pack")
@never_cache
@require_http_methods(GET_OR_POST)
def make_pack(request: Any) -> HttpResponse:
    form = PackForm(request.POST or None)
    made: list[str] = []

    def give() -> None:
        given = {"by": request.actor, "at": request.at, "key": form.command_key}
        made.append(services.make_pack(count=form.cleaned_data["count"], **given))

    status = _posted(request, form, give)
    if made:
        return redirect("workbench:paper_pack", made[0])
    context = {"form": form, "title": "打印纸质收件单", "button": "编号，去打印"}
    return render(request, "workbench/outage_form.html", context, status=status)


@staff("outage.see")
@never_cache
@require_GET
def pack(request: Any, number: str) -> HttpResponse:
    """To be printed before it is needed: instructions, numbered slips, where blank forms are."""
    context = {"pack": paper.pack(request.actor, number), "items": items_on_paper(request.actor)}
    return render(request, "workbench/paper_pack.html", context)


@staff("outage.see")
@never_cache
@require_GET
def outage(request: Any, outage_id: UUID) -> HttpResponse:
    """What was taken in on paper, and what is still to be typed in."""
    found, slips = paper.outage(request.actor, outage_id)
    context = {
        "outage": found,
        "slips": slips,
        "me": request.actor.id,
        "may_end": found.ended_at is None and access.may(request.actor, "outage.end"),
        "may_enter": access.may(request.actor, "slip.enter"),
    }
    return render(request, "workbench/outage.html", context)


@staff("outage.end")
@never_cache
@require_http_methods(GET_OR_POST)
def end(request: Any, outage_id: UUID) -> HttpResponse:
    found, _slips = paper.outage(request.actor, outage_id)
    form = EndForm(request.POST or None, at=request.at)

    def give() -> None:
        ended = form.moment("ended")
        assert ended is not None
        given = {"by": request.actor, "at": request.at, "key": form.command_key}
        services.end_outage(outage_id=outage_id, ended_at=ended, **given)

    status = _posted(request, form, give)
    if status == DONE:
        messages.success(request, "已登记恢复。请把纸质收件单补录完。")
        return redirect("workbench:outage", outage_id)
    context = {"form": form, "title": f"登记恢复：{found.reason}", "button": "登记恢复", "outage": found}
    return render(request, "workbench/outage_form.html", context, status=status)


@staff("slip.enter")
@never_cache
@require_http_methods(GET_OR_POST)
def enter(request: Any, outage_id: UUID) -> HttpResponse:
    """One slip after the other: afterwards the empty form again."""
    found, _slips = paper.outage(request.actor, outage_id)
    form = SlipForm(request.POST or None, items=items_on_paper(request.actor))
    entered: list[services.SlipRef] = []

    def give() -> None:
        received = form.moment("received")
        assert received is not None
        given = form.cleaned_data
        slip = services.NewSlip(given["number"], received, given["item"], given["name"])
        who = {"by": request.actor, "at": request.at, "key": form.command_key}
        entered.append(services.enter_slip(outage_id=outage_id, slip=slip, **who))

    status = _posted(request, form, give)
    if entered:
        messages.success(request, f"{entered[0].number}已登记，等另一位工作人员复核。可以接着登记下一张。")
        return redirect("workbench:enter_slip", outage_id)
    context = {"form": form, "title": "登记纸质收件单", "button": "登记", "outage": found}
    return render(request, "workbench/outage_form.html", context, status=status)


@staff("slip.confirm")
@never_cache
@require_http_methods(GET_OR_POST)
def confirm(request: Any, outage_id: UUID, slip_id: UUID) -> HttpResponse:
    """The second person compares with the paper."""
    found, slips = paper.outage(request.actor, outage_id)
    slip = next((one for one in slips if one.id == slip_id), None)
    if slip is None:
        raise SlipUnknown()
    form = ConfirmSlipForm(request.POST or None)

    def give() -> None:
        services.confirm_slip(
            pack_id=slip.pack_id,
            slip_id=slip_id,
            agrees=form.cleaned_data["agrees"] == "yes",
            text=form.cleaned_data["text"],
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )

    status = _posted(request, form, give)
    if status == DONE:
        messages.success(request, f"{slip.number}已复核。")
        return redirect("workbench:outage", outage_id)
    context = {"form": form, "slip": slip, "outage": found, "own": slip.entered_by == request.actor.id}
    return render(request, "workbench/slip_confirm.html", context, status=status)


DONE = 302


def _posted(request: Any, form: ActForm, give: Callable[[], None]) -> int:
    """The status of the page: as first asked for, done, or with what is wrong beside the fields."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return WRONG
    try:
        give()
    except DomainError as refused:
        return form.tell(refused)
    return DONE
