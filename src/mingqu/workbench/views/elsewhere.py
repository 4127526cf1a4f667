"""
通办代收 at the window: what is received for another district under an agreement, filled in on the pages of the window
with what that agreement lets the clerk do and nothing else; and what was received, followed to its result.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.across import selectors as across
from mingqu.across import services as receiving
from mingqu.across.errors import AnotherStands
from mingqu.across.services.receiving import FIX
from mingqu.across.types import Offered
from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.errors import SituationStops
from mingqu.cases.services import answers
from mingqu.forms.services import html_name
from mingqu.identity.services import access
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.paper_forms import KeepForm
from mingqu.workbench.selectors import elsewhere as shown_here
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.window.bringing import bring_in, type_in
from mingqu.workbench.views.window.drafting import Single
from mingqu.workbench.views.window.filling import ACCEPT, HandIn, pages_of
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG, who_stands
from mingqu.workbench.window_forms import SituationForm

View = Callable[..., HttpResponse]
WORDS = "通办代收"


class OfAcross(Single):
    """A draft that is received for another district: of the hall that opened it, with the mandate of its agreement."""

    names = "across"
    by_phone = False  # the page of the code is that of the clerk's own district

    @classmethod
    def home(cls, request: Any, draft_id: UUID) -> HttpResponse:
        row = across.reception_of_draft(request.actor, draft_id)
        return redirect("workbench:across_one", reception_id=row.pk)

    def context(self, here: str) -> dict[str, Any]:
        row = across.reception_of_draft(self.by, self.draft.id)
        url = reverse("workbench:across_one", args=[row.pk])
        return super().context(here) | {"errand_url": url, "errand_words": WORDS}

    def slips(self) -> list[tuple[str, str]]:
        return []  # paper slips of an outage are of the clerk's own district

    def file(self, given: HandIn, by: Actor) -> str:
        services.file_at_window(
            draft_id=self.draft.id,
            base_version=given.version,
            applicant_id=self.draft.person.id,
            by=self.by,
            at=self.at,
            key=given.key,
            signature=given.signature,
        )
        return str(across.reception_of_draft(by, self.draft.id).pk)

    def to(self, name: str, **args: Any) -> HttpResponse:
        if name == "filed":
            return redirect("workbench:across_one", reception_id=args["number"])
        return super().to(name, **args)


def standing(request: Any, row: Any) -> AssistingActor | None:
    """Who stands at the window, where that is the applicant of this reception; None for nobody and for another."""
    here = who_stands(request)
    return here if here is not None and here.applicant_id == row.person_id else None


def _sent_away(request: Any) -> HttpResponse:
    messages.error(request, AnotherStands().message)
    return redirect("workbench:window")


def of_clerk(view: View) -> View:
    """Give the view the clerk with the mandate of the agreement, while the applicant stands at the window."""

    @wraps(view)
    def opened(request: Any, draft_id: UUID, **given: Any) -> HttpResponse:
        row = across.reception_of_draft(request.actor, draft_id)
        if standing(request, row) is None:
            return _sent_away(request)
        return view(request, by=receiving.as_clerk(row, request.actor), draft_id=draft_id, **given)

    return opened


draft, form_page, materials, check = pages_of("across.receive", of_clerk, OfAcross)


@staff("across.receive")
@never_cache
@require_safe
def receptions(request: Any) -> HttpResponse:
    """What may be received today, and what was received, of this post's halls."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in across.TABS else "filed"
    here = who_stands(request) if access.may(request.actor, "case.file") else None
    context = {
        "page": across.receptions(request.actor, tab, after=request.GET.get("after", "")),
        "tab": tab,
        "tabs": across.TABS.items(),
        "offered": across.offered(request.actor, legal_day(request.at)),
        "person": shown_here.name_of(here) if here else "",
        "person_id": here.applicant_id if here else None,
        "key": new_id(),
        "waiting": across.to_go_on(request.actor),
    }
    return render(request, "workbench/across.html", context)


@staff("across.receive")
@never_cache
@require_POST
def open_one(request: Any) -> HttpResponse:
    """An item that an agreement names, for the person at the window."""
    here, form = who_stands(request), ActForm(request.POST)
    wanted = (
        request.POST.get("agreement", ""),
        request.POST.get("item", ""),
        request.POST.get("handling", ""),
    )
    chosen = next(
        (one for one in across.offered(request.actor, legal_day(request.at)) if _is(one, wanted)), None
    )
    if here is None or here.applicant_id is None:
        messages.error(request, "请先核对申请人的证件，再选事项。")
        return redirect("workbench:window")
    if request.POST.get("person") != str(here.applicant_id):  # a page from before, for somebody else
        return _sent_away(request)
    if chosen is None or not form.is_valid():
        messages.error(request, "现在不能收这个事项，请重新选。")
        return redirect("workbench:across")
    # The page has one key for all its buttons: another item, or another person, is another reception.
    key = uuid5(form.command_key, repr((*wanted, here.applicant_id)))
    done = receiving.open_reception(
        offered=chosen, person_id=here.applicant_id, by=request.actor, at=request.at, key=key
    )
    return redirect("workbench:across_start", reception_id=done.reception_id)


def _is(one: Offered, wanted: tuple[str, str, str]) -> bool:
    return (one.agreement, one.item_code, one.handling) == wanted


@staff("across.receive")
@never_cache
@with_devices
@require_safe
def reception(request: Any, reception_id: UUID) -> HttpResponse:
    """One application: whose turn it is, what is missing, the slip, originals, the result."""
    row = across.reception(request.actor, reception_id)
    context = shown_here.page(request.actor, row, request.at)
    return one_shown(request, row, context)


def one_shown(
    request: Any, row: Any, context: dict[str, Any], *, wrong: KeepForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one application; `wrong`: what was typed about originals and refused."""
    keep = wrong or KeepForm(context.get("names", []), auto_id="keep_%s")
    context |= {"stands": standing(request, row) is not None, "key": new_id()}
    context |= {"keep_form": keep, "wrong": wrong}
    return render(request, "workbench/across_one.html", context, status=status)


@staff("across.receive")
@never_cache
@require_http_methods(GET_OR_POST)
def start(request: Any, reception_id: UUID) -> HttpResponse:
    """The questions of the item; begun before: straight to its draft."""
    row = across.reception(request.actor, reception_id)
    if standing(request, row) is None:
        return _sent_away(request)
    if row.draft_id is not None or not row.is_open:
        target = "workbench:across_draft" if row.draft_id else "workbench:across_one"
        return redirect(target, row.draft_id or row.pk)
    by = receiving.as_clerk(row, request.actor)
    page = pages.start(by, row.item_code, row.handling_code, request.at)
    form = SituationForm(page.definition.situations, request.POST or None, initial=page.known)
    stop, status = None, 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                draft_id = receiving.begin_form(
                    reception_id=row.pk,
                    answers=form.cleaned_data,
                    by=request.actor,
                    at=request.at,
                    key=new_id(),
                )
            except SituationStops as refused:
                stop = refused.message
            except DomainError as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                return redirect("workbench:across_page", draft_id=draft_id, page=1)
    url = reverse("workbench:across_one", args=[row.pk])
    context = {"page": page, "form": form, "stop": stop, "errand_url": url, "errand_words": WORDS}
    return render(request, "workbench/window_start.html", context, status=status)


@staff("across.receive")
@require_POST
def end(request: Any, reception_id: UUID) -> HttpResponse:
    """Nothing is received after all."""
    form = ActForm(request.POST)
    if form.is_valid():
        try:
            receiving.end_reception(
                reception_id=reception_id, by=request.actor, at=request.at, key=form.command_key
            )
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "已停下，没有收。草稿还是申请人的，到期删除。")
    return redirect("workbench:across_one", reception_id=reception_id)


@staff("across.receive")
@never_cache
@with_devices
@require_http_methods(GET_OR_POST)
def bring(request: Any, reception_id: UUID) -> HttpResponse:
    """补正 or 容缺补齐 asked for by the other district, scanned here and handed in at once."""
    row = across.reception(request.actor, reception_id)
    if not row.is_filed:
        return redirect("workbench:across_one", reception_id=row.pk)
    assert row.draft_id is not None
    if standing(request, row) is None:
        return _sent_away(request)
    url = reverse("workbench:across_one", args=[row.pk])
    by = receiving.as_clerk(row, request.actor, FIX)
    case = cases.case_visible_to_id(by, row.draft_id)
    waits = pages.waits(by, case)
    if waits is None:
        messages.error(request, "这件申请现在不等补交材料。")
        return redirect(url)
    form, status = ActForm(request.POST or None), 200
    typed = answers.page_of(case, waits.answers, request.at, request.POST or None) if waits.answers else None
    if request.method == "POST":
        status = WRONG
        fine = form.is_valid() and (typed is None or type_in(request, typed, case.pk, by))
        if fine and bring_in(request, form, waits, case.pk, by):
            messages.success(request, waits.done)
            return redirect(url)
        waits = pages.waits(by, cases.case_visible_to_id(by, case.pk)) or waits
    fields = [(asked, typed[html_name(asked.path)]) for asked in waits.answers] if typed else []
    context = {"waits": waits, "form": form, "accept": ACCEPT, "number": case.number, "item": case.item_name}
    context |= {"typed": typed, "fields": fields, "errand_url": url, "errand_words": WORDS}
    return render(request, "workbench/window_bring.html", context, status=status)
