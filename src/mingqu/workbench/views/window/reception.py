"""The person at the window: found or registered, with what she has here; and what she wants to have done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.cases.bundles.services import window as bundles
from mingqu.cases.services import window
from mingqu.cases.services.filing import is_for_bundle
from mingqu.forms import selectors as drafts
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall
from mingqu.hall.errors import BookingUnknown, BridgeMissing, CardDiffers
from mingqu.identity import services as identity
from mingqu.identity.types import AssistingActor, SeenDocument
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_phone
from mingqu.kernel.types import Instant
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day
from mingqu.workbench import services
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.selectors import window_bundles
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.window.queue import finish_called
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, for_applicant, let_go, receive
from mingqu.workbench.window_forms import CONSENT, CardForm, DraftCodeForm, RegisterForm

PURPOSE, BY_READER = "窗口办事", "窗口办事，读卡器读出"


@staff("case.file")
@never_cache
@with_devices
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def find(request: Any) -> HttpResponse:
    """The document: whoever is registered under it stands here; anyone else is registered first."""
    form = CardForm(request.POST or None)
    if request.method != "POST":
        return _shown(request, form)
    if not form.is_valid():
        return _shown(request, form, status=WRONG)
    try:
        document = _document(request, form)
        found = identity.look_up_person(
            document=document,
            purpose=BY_READER if document.name else PURPOSE,
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        refused.field = refused.field or "number"
        return _shown(request, form, status=form.tell(refused))
    if found is None:
        kept = {"kind": document.kind, "number": document.number, "name": document.name, "seen": True}
        new = RegisterForm(initial=kept)
        return _register_page(request, new)
    receive(request, found.id)
    return redirect("workbench:window_person")


def _document(request: Any, form: CardForm) -> SeenDocument:
    """
    As typed, without a name; or as the reader of this window read it, if the clerk changed nothing. Raises CardDiffers,
    BridgeMissing, or why the reader is not believed.
    """
    given = form.cleaned_data
    typed = SeenDocument(given["kind"], given["number"])
    if not given["reading"]:
        return typed
    if request.devices is None:
        raise BridgeMissing()
    card = hall.read_card(
        window_id=request.devices.window_id, answer=given["reading"], by=request.actor, at=request.at
    )
    if (card.kind, card.number) != (typed.kind, "".join(typed.number.split()).upper()):
        raise CardDiffers()
    if card.valid_until is not None and card.valid_until < legal_day(request.at):
        messages.warning(request, f"这张证件的有效期到{zh_day(card.valid_until)}为止，已经过期，请核对。")
    return SeenDocument(card.kind, card.number, card.name)


@staff("identity.create_person")
@never_cache
@sensitive_post_parameters()
@require_POST
def register(request: Any) -> HttpResponse:
    """Name and telephone of somebody the clerk has not met here before."""
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _register_page(request, form, status=WRONG)
    given = form.cleaned_data
    document = SeenDocument(given["kind"], given["number"], given["name"], given["phone"], CONSENT)
    try:
        done = services.receive_person(
            document=document, by=request.actor, at=request.at, key=form.command_key
        )
    except DomainError as refused:
        return _register_page(request, form, status=form.tell(refused))
    receive(request, done.person_id)
    if done.former:
        words = (
            f"已登记。联系手机由{mask_phone(done.former)}改为{mask_phone(given['phone'])}，请念给申请人核对。"
        )
        told = "已发短信告诉原来的号码。" if done.told else "短信现在发不出去，原来的号码还不知道。"
        messages.success(request, words + told)
    else:
        messages.success(request, "已登记。")
    return redirect("workbench:window_person")


def _shown(request: Any, form: CardForm, *, status: int = 200) -> HttpResponse:
    return render(request, "workbench/window_find.html", {"form": form}, status=status)


def _register_page(request: Any, form: RegisterForm, *, status: int = 200) -> HttpResponse:
    return render(request, "workbench/window_register.html", {"form": form}, status=status)


@staff("case.file")
@never_cache
@require_safe
@for_applicant
def person(request: Any, by: AssistingActor) -> HttpResponse:
    """Her open cases, drafts and certificates, masked; and the search for what she wants."""
    words = request.GET.get("item", "").strip()
    page = pages.person(by, request.at)
    context = {
        "page": page,
        "words": words,
        "items": pages.items(by, words) if words else None,
        "found_bundles": window_bundles.offered(by, words) if words else [],
        **window_bundles.person(by, request.at),
        "code": DraftCodeForm(auto_id="code_%s"),
        "bookings": halls.bookings_of(request.actor, by.applicant_id, request.at) if by.applicant_id else [],
        "today": legal_day(request.at),
        "key": new_id(),
    }
    return render(request, "workbench/window_person.html", context)


@staff("hall.check_in")
@never_cache
@require_POST
@for_applicant
def check_in(request: Any, by: AssistingActor, booking_id: UUID) -> HttpResponse:
    """Who booked is here: a number of her own appointment, no other's. Raises BookingUnknown."""
    assert by.applicant_id is not None
    if booking_id not in {one.id for one in halls.bookings_of(request.actor, by.applicant_id, request.at)}:
        raise BookingUnknown()
    form = ActForm(request.POST)
    if not form.is_valid():
        messages.error(request, "这一页放得太久了，请再按一次。")
        return redirect("workbench:window_person")
    try:
        issued = hall.check_in(booking_id=booking_id, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已按预约取号：{issued.label}，到约定时间叫号。")
    return redirect("workbench:window_person")


@staff("case.file")
@never_cache
@require_POST
@for_applicant
def take_over(request: Any, by: AssistingActor) -> HttpResponse:
    """A draft begun online without signing in becomes hers and goes on here (ARC-07)."""
    form = DraftCodeForm(request.POST, auto_id="code_%s")
    status = WRONG
    if form.is_valid():
        try:
            return _taken_over(form, by, request.at)
        except DomainError as refused:
            status = form.tell(refused)
    context = {
        "page": pages.person(by, request.at),
        "words": "",
        "items": None,
        "code": form,
        **window_bundles.person(by, request.at),
    }
    return render(request, "workbench/window_person.html", context, status=status)


def _taken_over(form: DraftCodeForm, by: AssistingActor, at: Instant) -> HttpResponse:
    given: dict[str, Any] = {"code": form.cleaned_data["code"], "by": by, "at": at, "key": form.command_key}
    found, _token = drafts.draft_of_token(given["code"], at=at)
    if is_for_bundle(found):
        return redirect("workbench:window_bundle_draft", draft_id=bundles.take_over(**given))
    return redirect("workbench:window_draft", draft_id=window.take_over(**given))


@staff("case.file")
@require_POST
def finish(request: Any) -> HttpResponse:
    """The next one, please: who stood here leaves, and the number she was called by is done."""
    let_go(request)
    label = finish_called(request)
    if label:
        messages.success(request, f"{label}办结。")
        return redirect("workbench:queue")
    return redirect("workbench:window")
