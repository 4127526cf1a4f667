"""寄递 at the desk: what is on its way, what is stuck, one case's parcels; for the applicant, where it is now."""

import io
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases.types import BY_POST, Addressee
from mingqu.hall import selectors, services
from mingqu.hall.courier import registry
from mingqu.hall.errors import AddressChanged, ParcelUnknown
from mingqu.hall.forms import CancelParcelForm, ParcelForm, ReaddressForm
from mingqu.hall.types import ParcelView
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.kernel.types import Actor
from mingqu.ui.access import on_behalf, staff
from mingqu.ui.forms import one_press, tell

WRONG = 400
HEAD_ASKED = (
    "办件编号",
    "事项",
    "大厅",
    "位置",
    "申请人",
    "到件",
    "送达期限",
    "退回过",
    "一件事",
    "一起寄的",
)
HEAD = ("办件编号", "事项", "大厅", "收件人", "快递", "运单号", "状态", "最近动静", "很久没有动静")


def _shown(given: Any) -> str:
    shown = given.get("show", selectors.TO_SEND)
    return shown if shown in selectors.PARCEL_LISTS else str(selectors.TO_SEND)


@staff("parcel.send")
@never_cache
@require_GET
def parcels(request: Any) -> HttpResponse:
    """What waits to be sent; by state what is sent; what nobody has told anything of for days by itself."""
    shown = _shown(request.GET)
    context: dict[str, Any] = {}
    if shown == selectors.TO_SEND:
        waiting, after = selectors.to_send(request.actor, after=_place(request.GET.get("after", "")))
        context |= {"waiting": waiting, "next": f"{after[0]}.{after[1]}" if after else ""}
    else:
        lines, more = selectors.parcels(
            request.actor, request.at, shown=shown, before=_uuid(request.GET.get("before", ""))
        )
        context |= {"lines": lines, "more": more}
    context |= {
        "shown": shown,
        "tabs": list(selectors.PARCEL_LISTS.items()),
        "days": selectors.setting("parcel_stuck_days"),
        "there_is_one": registry.there_is_one(),
    }
    return render(request, "hall/parcels.html", context)


@staff("parcel.send")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The list that is open, as a file, masked; that it was taken is written down."""
    shown = _shown(request.POST)
    head, rows = (
        (HEAD_ASKED, _asked_rows(request)) if shown == selectors.TO_SEND else (HEAD, _rows(request, shown))
    )
    taken = new_id()
    with command("parcel.export", taken, by=request.actor, at=request.at, key=taken) as cmd:
        access.require_may(request.actor, "parcel.export")
        cmd.note(tab=selectors.PARCEL_LISTS[shown], rows=len(rows))
        cmd.done(None)
    name = f"寄递-{selectors.PARCEL_LISTS[shown]}-{legal_day(request.at):%Y%m%d}.xlsx"
    made = book("寄递", list(head), rows)
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


def _asked_rows(request: Any) -> list[tuple[str, ...]]:
    return [
        (
            one.case_number,
            one.item_name,
            one.hall_name,
            one.place,
            one.applicant,
            f"{one.arrived_on}",
            f"{one.due_on or ''}",
            "是" if one.returned else "",
            one.bundle,
            one.together,
        )
        for one in selectors.every_to_send(request.actor)
    ]


def _rows(request: Any, shown: str) -> list[tuple[str, ...]]:
    return [
        (
            one.case_number,
            one.item_name,
            one.hall_name,
            one.receiver,
            one.courier,
            one.waybill,
            one.state_words,
            f"{legal_day(one.moved_at)}",
            "是" if one.stuck else "",
        )
        for one in selectors.every_parcel(request.actor, request.at, shown)
    ]


@staff("parcel.send")
@never_cache
@sensitive_post_parameters("receiver", "phone", "address")
@require_http_methods(["GET", "HEAD", "POST"])
def parcel(request: Any, number: str) -> HttpResponse:
    """The parcels of one case; where its result lies at a counter, the form to send it."""
    case = cases.case_visible_to(request.actor, number)
    if request.method != "POST":
        return _page(request, case)
    beside = selectors.may_go_along(case.pk)
    form, status = ParcelForm(request.POST, beside=beside), WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            sent = services.send_result(
                case_id=case.pk,
                to=Addressee(given["receiver"], given["phone"], given["address"], given["said"]),
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except AddressChanged as refused:  # what she says now is shown, not what was typed over it
            messages.error(request, refused.message)
            return redirect("hall:parcel", number=number)
        except DomainError as refused:
            status = tell(form, refused)
        else:
            _put_along(request, case, sent, {UUID(one): beside[UUID(one)] for one in given.get("along", ())})
            messages.success(request, "已交给快递公司下单。快递员来取以前，可以取消。")
            return redirect("hall:parcel", number=number)
    return _page(request, case, form=form, status=status)


def _put_along(request: Any, case: Any, sent: UUID, chosen: dict[UUID, str]) -> None:
    """Each in a command of its own case; one that can't go in says why and is sent by itself later."""
    acting = {"by": request.actor, "at": request.at}
    for one, words in chosen.items():
        try:
            key = uuid5(sent, f"along:{one}")
            services.put_along(case_id=one, lead_root=case.pk, lead_id=sent, key=key, **acting)
        except DomainError as refused:
            messages.error(request, f"{words}没有放进这个包裹：{refused.message}")


@staff("parcel.cancel")
@require_POST
def cancel(request: Any, number: str, consignment_id: UUID) -> HttpResponse:
    """Before it is fetched."""
    case = cases.case_visible_to(request.actor, number)
    form, status = CancelParcelForm(request.POST, auto_id="cancel_%s"), WRONG
    if form.is_valid():
        try:
            services.cancel_parcel(
                case_id=case.pk,
                consignment_id=consignment_id,
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except ParcelUnknown:
            raise
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已取消。结果还在窗口，可以再寄，也可以等申请人来领。")
            return redirect("hall:parcel", number=number)
    return _page(request, case, wrong=form, status=status)


def _page(
    request: Any, case: Any, *, form: ParcelForm | None = None, wrong: Any = None, status: int = 200
) -> HttpResponse:
    found = selectors.parcels_of_case(case.pk, request.at)
    lies = case.pk in selectors.results_of([case.pk], legal_day(request.at))
    under_way = any(one.is_open for one in found)
    may = lies and not under_way and access.allows(request.actor, "parcel.send", case)
    said = cases.delivery_address(case)
    start = {"key": new_id(), "receiver": case.party_name or case.applicant_name}
    start |= {**said.words, "said": said.said} if said else {}
    beside = selectors.may_go_along(case.pk) if may else {}
    context = {
        "case": case,
        "parcels": _with_others(found),
        "asked": said is not None,
        "form": form or (ParcelForm(initial=start, beside=beside) if may else None),
        "given": form,
        "wrong": wrong,
        "cancel": wrong or CancelParcelForm(initial={"key": new_id()}, auto_id="cancel_%s"),
        "lies": lies,
        "there_is_one": registry.there_is_one(),
        "today": legal_day(request.at),
        "demo": settings.MINGQU_DEMO,
    }
    return render(request, "hall/parcel.html", context, status=status)


def _with_others(
    found: list[ParcelView], *, seen_by: Actor | None = None
) -> list[tuple[ParcelView, list[tuple[str, str]]]]:
    """Each parcel with what else lies in it."""
    others = selectors.in_one_parcel(found, seen_by=seen_by)
    return [(one, others[one.id]) for one in found]


@on_behalf("case.see")
@never_cache
@require_GET
def own(request: Any, number: str) -> HttpResponse:
    """Where the result of one's own case is now. Raises CaseUnknown, ParcelUnknown."""
    case = cases.case_visible_to(request.actor, number)
    found = selectors.parcels_of_case(case.pk, request.at, own=True)
    if not found:
        raise ParcelUnknown()
    context = {"case": case, "parcels": _with_others(found, seen_by=request.actor)}
    return render(request, "hall/own_parcel.html", context)


@on_behalf("parcel.readdress")
@never_cache
@sensitive_post_parameters("receiver", "phone", "address")
@require_http_methods(["GET", "HEAD", "POST"])
def readdress(request: Any, number: str) -> HttpResponse:
    """Where the decided result goes, until a parcel is made of it. Raises CaseUnknown."""
    case = cases.case_visible_to(request.actor, number)
    if not (
        access.allows(request.actor, "parcel.readdress", case)
        and registry.there_is_one()
        and selectors.may_readdress(case.pk)
    ):
        messages.info(request, _("现在不能改寄到哪里：还没有作出决定、正在寄递，或者已经送达。"))
        return redirect("cases:progress", number=number)
    together = selectors.to_readdress_with(request.actor, case.pk)
    form, status = ReaddressForm(request.POST or None, initial=_chosen(request, case)), 200
    if request.method == "POST" and form.is_valid():
        changed = services.readdress_together(
            case_ids=together, to=form.to, by=request.actor, at=request.at, key=one_press(form)
        )
        if changed == len(together):
            messages.success(request, _("已改好。"))
        elif changed:
            messages.info(request, _("有的结果没有改成：窗口刚把它交给快递，或者已经送达。其余的已改好。"))
        else:
            messages.info(request, _("没有改成：窗口刚把结果交给快递，或者已经送达。"))
        return redirect("cases:progress", number=number)
    status = WRONG if form.errors else status
    context = {"case": case, "form": form, "others": len(together) - 1}
    return render(request, "hall/readdress.html", context, status=status)


def _chosen(request: Any, case: Any) -> dict[str, Any]:
    """What she said; where no address is given yet, name and telephone of who chooses now."""
    said = cases.delivery_address(case)
    person = identity.person(request.actor.id)
    own = {"receiver": person.name or "", "phone": identity.contact_of(person.id)}
    return {"delivery": BY_POST if said else "window", "key": new_id(), **(said.words if said else own)}


def _place(text: str) -> tuple[date, UUID] | None:
    day, _dot, found = text.partition(".")
    try:
        return date.fromisoformat(day), UUID(found)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
