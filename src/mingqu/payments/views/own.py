"""What I have to pay, and why; paying; the receipt."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingqu.documents import services as documents
from mingqu.identity.services import limits
from mingqu.kernel.errors import NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.middleware import leads_to
from mingqu.payments import selectors, services
from mingqu.payments.errors import NotOwed, ProviderUnavailable
from mingqu.payments.forms import KeyForm
from mingqu.payments.providers import registry
from mingqu.ui.access import on_behalf


@on_behalf("payment.see")
@never_cache
@require_GET
def mine(request: Any) -> HttpResponse:
    """Of the person and of the firms she applied for; what waits for payment first."""
    firms = selectors.firms_of(request.actor)
    whose = request.GET.get("whose", "")
    if whose not in {"own", *(str(pk) for pk, _name in firms)}:
        whose = ""
    context = {"notices": selectors.own(request.actor, whose), "firms": firms, "whose": whose}
    return render(request, "payments/mine.html", context)


@on_behalf("payment.see")
@never_cache
@require_GET
def detail(request: Any, number: str) -> HttpResponse:
    """Where a provider sends people back to: what it says in the address is not looked at."""
    return _page(request, number)


def _page(request: Any, number: str, problem: str = "", status: int = 200) -> HttpResponse:
    row = selectors.notice_visible_to(request.actor, number, request.capacities)
    payments = selectors.payments_of(row)
    context = {
        "notice": selectors.view_of(row),
        "payments": payments,
        "differs": any(one.state == "differs" for one in payments),
        "together": next((one for one in payments if one.state == "open" and one.together_id), None),
        "online": _online(),
        "key": new_id(),
        "problem": problem,
    }
    return leads_to(selectors.pays_at(), render(request, "payments/detail.html", context, status=status))


@on_behalf("payment.pay")
@require_POST
def pay(request: Any, number: str) -> HttpResponse:
    """To the provider's page."""
    row = selectors.notice_visible_to(request.actor, number, request.capacities)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect("payments:detail", number=row.number)
    limits.spend("payment_person_hour", str(request.actor.id), at=request.at)
    try:
        begun = services.begin_payment(
            notice_id=row.id, by=request.actor, at=request.at, key=form.cleaned_data["key"]
        )
    except ProviderUnavailable as refused:
        return _page(request, row.number, _(refused.message), refused.status)
    return redirect(begun.address)


@on_behalf("payment.see")
@require_GET
def paper(request: Any, number: str) -> HttpResponse:
    """缴款通知书 as PDF."""
    found = selectors.view_of(selectors.notice_visible_to(request.actor, number, request.capacities))
    if found.file_id is None:
        raise NotFound()
    reader = documents.reader_of(request)
    return documents.file_response(
        found.id, found.file_id, reader=reader, name=f"缴款通知书{found.number}.pdf"
    )


@on_behalf("payment.see")
@never_cache
@require_GET
def together(request: Any, together_id: UUID) -> HttpResponse:
    """合并缴款: what was paid at once, each with its own receipt; where the provider sends people back to."""
    found = selectors.together_visible_to(request.actor, together_id, request.capacities)
    goes_on = found.state == "open" and found.until > request.at and _online()
    return leads_to(
        selectors.pays_at(), render(request, "payments/together.html", {"order": found, "goes_on": goes_on})
    )


@on_behalf("payment.pay")
@require_POST
def together_again(request: Any, together_id: UUID) -> HttpResponse:
    """To the provider's page of an order that was left; paid or over meanwhile, its own page says so."""
    selectors.together_visible_to(request.actor, together_id, request.capacities)
    limits.spend("payment_person_hour", str(request.actor.id), at=request.at)
    try:
        return redirect(services.address_again(together_id=together_id, by=request.actor, at=request.at))
    except (NotOwed, ProviderUnavailable) as refused:
        messages.info(request, _(refused.message))
        return redirect("payments:together", together_id=together_id)


def _online() -> bool:
    try:
        registry.current()
    except ProviderUnavailable:
        return False
    return True
