"""Matters in other systems at the desk: the list, one of them, its copy-ready sheet, and what people do with it."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.errors import FileNotFound, UploadRefused
from mingqu.documents.services.files import limits
from mingqu.documents.types import CheckedUpload
from mingqu.exchange import rules, selectors, services
from mingqu.exchange.forms import AnswerForm, KeyForm, NumberForm, StateForm, WordsForm
from mingqu.exchange.models import Handover
from mingqu.exchange.types import Result, Telling
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import id_or_none, new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import CommandKey
from mingqu.ui.access import staff

WRONG = 400
PAGE = 50
NOON = time(12, 0)


@staff("exchange.see")
@never_cache
@require_GET
def handovers(request: Any) -> HttpResponse:
    """By whom they wait for, by system; or those of a case by its number, or one by the other side's."""
    wanted = request.GET.get("number", "").strip()[:64]
    found = selectors.of_number(request.actor, wanted) if wanted else []
    shown = request.GET.get("show", "needs")
    shown = shown if shown in selectors.SHOWN else "needs"
    system = request.GET.get("system", "")[:80]
    before = id_or_none(request.GET.get("before", ""))
    rows = found or list(selectors.at_desk(request.actor, shown, system=system, before=before)[: PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "more": rows[PAGE - 1].id if len(rows) > PAGE and not found else None,
        "found": bool(found),
        "shown": shown,
        "tabs": selectors.SHOWN.items(),
        "system": system,
        "systems": selectors.systems(),
        "wanted": wanted,
        "nothing": bool(wanted and not found),
        "may_carry": access.may(request.actor, "exchange.carry"),
    }
    return render(request, "exchange/desk.html", context, status=404 if context["nothing"] else 200)


@staff("exchange.see")
@never_cache
@require_GET
def handover(request: Any, reference: str) -> HttpResponse:
    return _page(request, selectors.handover_visible_to(request.actor, reference))


@staff("exchange.carry")
@never_cache
@require_GET
def sheet(request: Any, reference: str) -> HttpResponse:
    """Every field ready to be copied into the other system, with the places for its number."""
    row = selectors.handover_visible_to(request.actor, reference)
    services.read_sheet(of=row, by=request.actor, at=request.at, key=CommandKey(new_id()))
    context = {
        "row": row,
        "parts": _parts(row),
        "files": selectors.answer_files(row),
        "form": NumberForm(initial={"key": new_id()}),
        "may_carry_over": _may_carry_over(row),
        "key": new_id(),
    }
    return render(request, "exchange/sheet.html", context)


def _may_carry_over(row: Handover) -> bool:
    """An answer of the applicant waits to be taken to a system that people carry to."""
    return row.sending == "by_hand" and bool(row.round and row.external_number)


@staff("exchange.carry")
@require_safe
def answer_file(request: Any, reference: str, file_id: UUID) -> HttpResponse:
    """A file of an answer, for who carries it over; that it was read is written down."""
    row = selectors.handover_visible_to(request.actor, reference)
    access.require(request.actor, "exchange.carry", row)
    if documents.file(row.root_id, file_id).kind != selectors.ANSWER_FILE:
        raise FileNotFound()
    reader = document_services.reader_of(request, "exchange.carry")
    return document_services.file_response(row.root_id, file_id, reader=reader)


def _parts(row: Handover) -> list[tuple[str, list[tuple[str, str]]]]:
    """The lines under their headings, in their order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part, label, value in row.payload:
        found.setdefault(part, []).append((label, value))
    return list(found.items())


def _page(
    request: Any, row: Handover, *, wrong: BaseForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    may = access.allows(request.actor, "exchange.carry", row)
    posts = identity.post_names([row.post_id]) if row.post_id else {}
    forms: dict[str, Any] = {
        "number_form": NumberForm(initial={"key": new_id()}),
        "state_form": StateForm(initial={"key": new_id()}),
        "words_form": WordsForm(initial={"key": new_id()}),
        "answer_form": AnswerForm(initial={"key": new_id()}),
    }
    for name, form in forms.items():
        if type(wrong) is type(form):
            forms[name] = wrong
    carried = row.sending in ("by_hand", "sent") or row.recall == "people"
    open_by_hand = row.ended_at is None and not row.connector and carried
    context = forms | {
        "row": row,
        "states": selectors.states_of(row),
        "attempts": selectors.attempts_of(row),
        "may": may,
        "post": posts.get(row.post_id, ""),
        "may_type": may and open_by_hand,
        "may_resolve": may and row.needs in rules.RESOLVED_BY_PEOPLE,
        "may_send": may and row.sending in ("waiting", "stuck"),
        "may_tell": may and row.recall in rules.TO_TELL,
        "may_carry_over": may and _may_carry_over(row),
        "files": selectors.answer_files(row),
        "may_by_hand": may and not row.round and row.begun_at is None and row.sending in ("waiting", "stuck"),
        "words": selectors.registry.words(row.connector),
        "wrong": wrong,
        "problem": problem,
        "key": new_id(),
    }
    return render(request, "exchange/handover.html", context, status=status)


Act = Callable[[Handover, dict[str, Any]], Any]


def _done(request: Any, reference: str, form: BaseForm, act: Act, words: str) -> HttpResponse:
    """What was typed is kept where it is refused."""
    row = selectors.handover_visible_to(request.actor, reference)
    if not form.is_valid():
        return _page(request, row, wrong=form, status=WRONG)
    try:
        act(row, form.cleaned_data)
    except DomainError as refused:
        if refused.field in form.fields:
            form.add_error(refused.field, refused.message)
            return _page(request, row, wrong=form, status=refused.status)
        return _page(request, row, wrong=form, problem=refused.message, status=refused.status)
    messages.success(request, words)
    return redirect("exchange:at_desk", reference=row.reference)


@staff("exchange.carry")
@require_POST
def number(request: Any, reference: str) -> HttpResponse:
    def act(row: Handover, given: dict[str, Any]) -> None:
        services.type_number(
            of=row,
            number=given["number"],
            again=given["again"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )

    words = "已登记外部系统的编号。对方有了新状态，请回来登记。"
    return _done(request, reference, NumberForm(request.POST), act, words)


@staff("exchange.carry")
@require_POST
def state(request: Any, reference: str) -> HttpResponse:
    def act(row: Handover, given: dict[str, Any]) -> None:
        happened_at = datetime.combine(given["on"], NOON, BEIJING)
        told = Telling(
            row.reference,
            given["state"],
            min(happened_at, request.at),
            words=given["words"].strip(),
            result=Result(given["result_number"].strip()),
        )
        services.type_state(of=row, told=told, by=request.actor, at=request.at)

    return _done(request, reference, StateForm(request.POST), act, "已登记外部系统的状态，申请人看得到。")


@staff("exchange.carry")
@require_POST
def answer(request: Any, reference: str) -> HttpResponse:
    def act(row: Handover, given: dict[str, Any]) -> None:
        services.answer_correction(
            of=row,
            words=given["words"],
            by=request.actor,
            at=request.at,
            key=given["key"],
            given=_uploads(request),
        )

    return _done(request, reference, AnswerForm(request.POST, request.FILES), act, "补正已交给对方系统。")


def _uploads(request: Any) -> list[tuple[str, CheckedUpload]]:
    """Checked one by one; a bad one refuses them all beside the field. Raises UploadRefused."""
    most = limits().file_bytes + 1
    try:
        return [
            (str(one.name), document_services.check_upload(one.read(most)))
            for one in request.FILES.getlist("files")
        ]
    except UploadRefused as refused:
        refused.field = "files"
        raise


@staff("exchange.carry")
@require_POST
def carried_over(request: Any, reference: str) -> HttpResponse:
    def act(row: Handover, given: dict[str, Any]) -> None:
        services.carried_over(of=row, by=request.actor, at=request.at, key=given["key"])

    words = "已登记：补正录入了对方系统。对方有了新状态，请回来登记。"
    return _done(request, reference, KeyForm(request.POST), act, words)


@staff("exchange.carry")
@require_POST
def again(request: Any, reference: str) -> HttpResponse:
    def act(row: Handover, given: dict[str, Any]) -> None:
        services.try_again(of=row, by=request.actor, at=request.at, key=given["key"])

    return _done(request, reference, KeyForm(request.POST), act, "正在再送一次，过一会儿刷新可看到结果。")


@staff("exchange.carry")
@require_POST
def by_hand(request: Any, reference: str) -> HttpResponse:
    def act(row: Handover, given: dict[str, Any]) -> None:
        services.by_hand(of=row, reason=given["words"], by=request.actor, at=request.at, key=given["key"])

    return _done(request, reference, WordsForm(request.POST), act, "已改为人工录入，请照单录入对方系统。")


@staff("exchange.carry")
@require_POST
def resolve(request: Any, reference: str) -> HttpResponse:
    def act(row: Handover, given: dict[str, Any]) -> None:
        services.resolve(of=row, reason=given["words"], by=request.actor, at=request.at, key=given["key"])

    return _done(request, reference, WordsForm(request.POST), act, "已登记怎样处理的。")
