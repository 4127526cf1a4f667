"""Pages on which people complain, ask and suggest, and those on which their organ answers."""

import io
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.ui import language, menu
from mingqu.ui.access import signed_in, staff
from mingqu.ui.forms import tell
from mingqu.ui.types import Fact
from mingqu.voice import selectors, services
from mingqu.voice.errors import TicketUnknown
from mingqu.voice.forms import AnswerForm, PassForm, SettleForm, TicketForm
from mingqu.voice.models import Ticket
from mingqu.voice.types import About, NewTicket, TicketView, Wanted

WRONG = 400
LONGEST = 22  # of a number that is looked for
GET_OR_POST = ["GET", "HEAD", "POST"]


@signed_in
@never_cache
@require_GET
def mine(request: Any) -> HttpResponse:
    """What one has said, the latest first."""
    page = selectors.own_tickets(request.actor, legal_day(request.at), before=request.GET.get("before", ""))
    return render(request, "voice/mine.html", {"page": page, "first": not request.GET.get("before")})


@signed_in
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(GET_OR_POST)
def new(request: Any) -> HttpResponse:
    """About one's own case (`?case=`), a service (`?item=`), or an organ one chooses."""
    about = _about(request)
    ask = about is None
    form, status = TicketForm(initial={"key": new_id()}, ask_organ=ask), 200
    if request.method == "POST":
        form, status = TicketForm(request.POST, ask_organ=ask), WRONG
        if form.is_valid():
            try:
                filed = services.file_ticket(
                    ticket=_given(form, about),
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
            except NotFound:
                raise
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("voice:ticket", ticket=filed.number)
    limits = [
        Fact(str(Ticket.Kind(kind).label), _("%(days)d个工作日内答复") % {"days": selectors.limit(kind)})
        for kind in Ticket.Kind.values
    ]
    return render(request, "voice/new.html", {"form": form, "about": about, "limits": limits}, status=status)


def _about(request: Any) -> About | None:
    """Raises CaseUnknown or ItemUnknown: a link to what is not one's own leads nowhere."""
    if number := request.GET.get("case", ""):
        return selectors.about_case(request.actor, number)
    if code := request.GET.get("item", ""):
        return selectors.about_item(code)
    return None


def _given(form: TicketForm, about: About | None) -> NewTicket:
    said = form.cleaned_data
    if about is None:
        return NewTicket(said["kind"], said["text"], department_id=UUID(said["organ"]))
    return NewTicket(said["kind"], said["text"], case_number=about.case_number, item_code=about.item_code)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def ticket(request: Any, ticket: str) -> HttpResponse:
    """One's own: where it stands, by when, the answer; and whether that settled it, said once."""
    shown = selectors.own_ticket(request.actor, ticket, legal_day(request.at))
    form, status = SettleForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = SettleForm(request.POST), WRONG
        if form.is_valid():
            services.settle_ticket(
                ticket_id=selectors.ticket_id_of(ticket),
                settled=form.cleaned_data["settled"] == "yes",
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
            return redirect("voice:ticket", ticket=shown.line.number)
    context = {"shown": shown, "form": form, "facts": _facts(shown), "may_say": _may_say(shown)}
    return render(request, "voice/ticket.html", context, status=status)


def _may_say(shown: TicketView) -> bool:
    return shown.answered_at is not None and shown.said_on is None


def _facts(shown: TicketView) -> list[Fact]:
    line = shown.line
    rows = [
        Fact(_("编号"), line.number),
        Fact(_("种类"), line.kind_words),
        Fact(_("答复机关"), line.organ),
        Fact(_("说的是"), line.about),
        Fact(_("提交"), language.moment(shown.filed_at)),
        Fact(_("最晚答复"), language.day(line.due_on)),
    ]
    return [row for row in rows if row.value]


# Desk --------------------------------------------------------------------------------------------------------------


@staff("voice.see")
@require_GET
def desk(request: Any) -> HttpResponse:
    """Within the acting post's scope: what waits by its last day, or what is answered; narrowed."""
    asked, after = _wanted(request.GET), request.GET.get("after", "")
    page = selectors.tickets_at_desk(request.actor, legal_day(request.at), asked, after=after)
    query = {name: request.GET[name] for name in ("show", "kind", "number", "late") if request.GET.get(name)}
    context = {
        "page": page,
        "asked": asked,
        "kinds": Ticket.Kind.choices,
        "first_url": f"?{urlencode(query)}" if after else "",
        "next_url": f"?{urlencode(query | {'after': page.more})}" if page.more else "",
    }
    return render(request, "voice/desk.html", context)


def _wanted(given: Any) -> Wanted:
    kind, number = given.get("kind", ""), given.get("number", "").strip()[:LONGEST].upper()
    return Wanted(
        done=given.get("show") == "done",
        kind=kind if kind in selectors.KINDS else "",
        number=number,
        late=given.get("late") == "yes",
    )


@staff("voice.export")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The list that is open as a file."""
    made = services.export_tickets(
        wanted=_wanted(request.POST), by=request.actor, at=request.at, key=new_id()
    )
    name = f"投诉、咨询和建议-{legal_day(request.at):%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


@staff("voice.see")
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(GET_OR_POST)
def desk_ticket(request: Any, ticket: str) -> HttpResponse:
    """One ticket, and its answer; not for who had a hand in the case complained about."""
    shown = selectors.ticket_at_desk(request.actor, ticket, legal_day(request.at))
    form, status = AnswerForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = AnswerForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.answer_ticket(
                    ticket_id=selectors.ticket_id_of(ticket),
                    text=form.cleaned_data["text"],
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
            except TicketUnknown:
                raise
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("voice:desk_ticket", ticket=shown.line.number)
    return _at_desk(request, shown, form=form, status=status)


def _at_desk(
    request: Any, shown: TicketView, *, form: AnswerForm, passing: PassForm | None = None, status: int = 200
) -> HttpResponse:
    organ = shown.line.organ
    may_pass = selectors.may_pass(request.actor, shown.line.number)
    context = {
        "shown": shown,
        "form": form,
        "passing": passing or (PassForm(initial={"key": new_id()}, now_at=organ) if may_pass else None),
        "case_url": menu.page_of("case_at_desk", shown.case_number)
        if access.may(request.actor, "case.see")
        else "",
    }
    return render(request, "voice/desk_ticket.html", context, status=status)


@staff("voice.answer")
@never_cache
@sensitive_post_parameters("reason")
@require_POST
def pass_on(request: Any, ticket: str) -> HttpResponse:
    """转办: to the organ whose matter it is."""
    shown = selectors.ticket_at_desk(request.actor, ticket, legal_day(request.at))
    form, status = PassForm(request.POST, now_at=shown.line.organ), WRONG
    if form.is_valid():
        try:
            services.pass_ticket(
                ticket_id=selectors.ticket_id_of(ticket),
                department_id=UUID(form.cleaned_data["organ"]),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except NotFound:
            raise
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, f"{shown.line.number}已转给对方，本人会收到消息。")
            return redirect("voice:desk")
    return _at_desk(request, shown, form=AnswerForm(initial={"key": new_id()}), passing=form, status=status)
