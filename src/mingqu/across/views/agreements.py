"""通办协议: the list, a new one, one with its history, the other side's answer, leaving it."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from mingqu.across import selectors, services
from mingqu.across.forms import AnswerForm, KeyForm, ProposeForm, TakeBackForm, WithdrawForm
from mingqu.across.models import Agreement
from mingqu.across.types import AgreementView
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, spoken
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import public, staff
from mingqu.ui.forms import tell

WRONG = 400
CHOOSE = ("hall", "way", "theme", "item")
GET_OR_POST = ["GET", "HEAD", "POST"]
HEADERS = (
    *("编号", "方式", "负责办理的大厅", "代收的大厅", "事项编码", "事项"),
    *("从哪天起", "到哪天止", "从哪天起退出", "状态", "今天有效"),
)


@public
@require_GET
def places(request: Any) -> HttpResponse:
    """通办: what can be handed in or done somewhere else; by place, way and theme."""
    today, chosen = legal_day(request.at), {name: request.GET.get(name, "") for name in CHOOSE}
    every = selectors.lines(today)
    found = selectors.lines(today, **chosen) if any(chosen.values()) else every
    context = {
        "lines": found,
        "halls": selectors.places(today),
        "ways": [(code, spoken(words)) for code, words in selectors.WAY_WORDS.items()],
        "themes": selectors.themes(every),
        "chosen": chosen,
        "any": any(chosen.values()),
    }
    return render(request, "across/places.html", context)


@staff("agreement.see")
@never_cache
@require_safe
def agreements(request: Any) -> HttpResponse:
    """Of this post's halls, on either side; first what waits for an answer of its side."""
    shown, way = request.GET.get("show", ""), request.GET.get("way", "")
    today, after = legal_day(request.at), request.GET.get("after", "")
    context = {
        "page": selectors.agreements(request.actor, today, shown=shown, way=way, after=after),
        "tabs": [(code, words) for code, (words, _q) in selectors.SHOWN.items()],
        "ways": Agreement.Way.choices,
        "shown": shown if shown in selectors.SHOWN else "",
        "way": way,
        "waiting": selectors.waiting(request.actor),
        "may_propose": access.may(request.actor, "agreement.propose"),
    }
    return render(request, "across/agreements.html", context)


@staff("agreement.see")
@never_cache
@require_safe
def export(request: Any) -> HttpResponseBase:
    """One row for each item of each agreement; nothing personal."""
    today = legal_day(request.at)
    rows = [
        [
            *(one.number, one.way_words, one.home, one.away, item.code, item.name),
            *(f"{one.from_on}", f"{one.until_on or ''}", f"{one.ends_on or ''}", one.state_words),
            "是" if one.in_force else "否",
        ]
        for one in selectors.all_agreements(request.actor, today)
        for item in one.items
    ]
    made = io.BytesIO(book("通办协议", list(HEADERS), rows))
    name = f"通办协议-{today:%Y%m%d}.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


@staff("agreement.propose")
@never_cache
@require_http_methods(GET_OR_POST)
def new(request: Any) -> HttpResponse:
    """Proposed here, confirmed by the other side. `search`: what was typed is kept, what is found can be ticked."""
    own, other = selectors.own_halls(request.actor), selectors.other_halls(request.actor)
    items = selectors.named(request.POST.getlist("items"))
    looking = "search" in request.POST
    if looking:
        found = selectors.choices(request.actor, request.POST.get("find", "")[:60])
        items += [one for one in found if one not in items]
    kept = _kept(request.POST) if looking else {}
    given = {"own": own, "other": other, "items": items, "initial": kept}
    form, status = ProposeForm(None if looking else request.POST or None, **given), 200
    if request.method == "POST" and not looking:
        status = WRONG
        if form.is_valid():
            try:
                done = services.propose(
                    draft=form.draft(), by=request.actor, at=request.at, key=form.cleaned_data["key"]
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "已提出，等对方确认。")
                return redirect("across:agreement", number=done.number)
    context = {"form": form, "possible": bool(own and other), "own": own, "looking": looking, "items": items}
    return render(request, "across/new.html", context, status=status)


def _kept(post: Any) -> dict[str, Any]:
    """What was typed before the search for items."""
    kept = {**post.dict(), "items": post.getlist("items")}
    for name in ("from_on", "until_on"):
        try:
            kept[name] = date(*(int(post.get(f"{name}_{part}", "")) for part in ("year", "month", "day")))
        except ValueError:  # not whole yet
            kept[name] = None
    return kept


@staff("agreement.see")
@never_cache
@require_safe
def agreement(request: Any, number: str) -> HttpResponse:
    """One agreement: whose turn it is, what it says, who did what."""
    return _page(request, selectors.agreement(request.actor, number, legal_day(request.at)))


def _page(request: Any, shown: AgreementView, *, status: int = 200, **given: KeyForm) -> HttpResponse:
    context = {
        "shown": shown,
        "answer": given.get("answer") or AnswerForm(auto_id="answer_%s"),
        "back": given.get("back") or TakeBackForm(auto_id="back_%s"),
        "leave": given.get("leave") or WithdrawForm(auto_id="leave_%s"),
        "wrong": next((form for form in given.values() if form.errors), None),
    }
    return render(request, "across/agreement.html", context, status=status)


def _done(
    request: Any, number: str, form: KeyForm, name: str, deed: Callable[[AgreementView, dict[str, Any]], None]
) -> HttpResponse:
    """Do it and go back to the agreement; refused, the page comes back with what was typed."""
    shown = selectors.agreement(request.actor, number, legal_day(request.at))
    status = WRONG
    if form.is_valid():
        try:
            deed(shown, form.cleaned_data)
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已登记，对方在“通办协议”里看得到。")
            return redirect("across:agreement", number=number)
    return _page(request, shown, status=status, **{name: form})


@staff("agreement.answer")
@never_cache
@require_POST
def answer(request: Any, number: str) -> HttpResponse:
    """The other side confirms or says why not."""

    def deed(shown: AgreementView, given: dict[str, Any]) -> None:
        services.answer(
            agreement_id=shown.id,
            agreed=given["agreed"] == "yes",
            reason=given["reason"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )

    return _done(request, number, AnswerForm(request.POST, auto_id="answer_%s"), "answer", deed)


@staff("agreement.propose")
@never_cache
@require_POST
def take_back(request: Any, number: str) -> HttpResponse:
    """Before it is answered."""

    def deed(shown: AgreementView, given: dict[str, Any]) -> None:
        services.take_back(
            agreement_id=shown.id, reason=given["reason"], by=request.actor, at=request.at, key=given["key"]
        )

    return _done(request, number, TakeBackForm(request.POST, auto_id="back_%s"), "back", deed)


@staff("agreement.withdraw")
@never_cache
@require_POST
def withdraw(request: Any, number: str) -> HttpResponse:
    """From a day on."""

    def deed(shown: AgreementView, given: dict[str, Any]) -> None:
        services.withdraw(
            agreement_id=shown.id,
            ends_on=given["ends_on"],
            reason=given["reason"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )

    return _done(request, number, WithdrawForm(request.POST, auto_id="leave_%s"), "leave", deed)
