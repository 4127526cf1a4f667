"""我的材料: what was handed in before, for its owner (CAS-13)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import kept_materials as kept
from mingqu.cases import selectors
from mingqu.cases.services.offering import offer_material
from mingqu.cases.views.shared import GET_OR_POST
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import signed_in


class OfferForm(forms.Form):
    """Which material of which application, and whether it is to come up again."""

    case = forms.CharField(max_length=40)
    material = forms.CharField(max_length=40)
    offered = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    key = forms.UUIDField()


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def own_materials(request: Any) -> HttpResponse:
    """By party: name, day, until when, where used; one press says whether it is offered again."""
    if request.method == "POST":
        return _choose(request)
    day, asked = legal_day(request.at), request.GET.get("whose", "")
    parties = kept.parties(request.actor)
    whose = next((id for id, _name in parties if str(id or "") == asked), None)
    rows = kept.kept_materials(request.actor, whose)
    context = {
        "rows": [(one, one.good(day)) for one in rows],
        "parties": [(str(id or ""), name, id == whose) for id, name in parties],
        "whose": str(whose or ""),
        "key": new_id(),
    }
    return render(request, "cases/own_materials.html", context)


def _choose(request: Any) -> HttpResponse:
    form = OfferForm(request.POST)
    whose = request.POST.get("whose", "")
    address = redirect("cases:own_materials")
    if _is_id(whose):
        address["Location"] += f"?whose={whose}"
    if not form.is_valid():
        messages.error(request, _("没有保存，请再点一次。"))
        return address
    given = form.cleaned_data
    case = selectors.case_visible_to(request.actor, given["case"])
    offered = given["offered"] == "yes"
    offer_material(
        case_id=case.pk,
        material=given["material"],
        offered=offered,
        by=request.actor,
        at=request.at,
        key=given["key"],
    )
    messages.success(request, _("以后办事会再带出这份材料。") if offered else _("以后办事不再带出这份材料。"))
    return address


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
