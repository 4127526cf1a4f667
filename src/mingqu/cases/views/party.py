"""Whose application it is: the person's own, or that of a firm she represents."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases.errors import PartyNotYours
from mingqu.cases.forms import PartyForm
from mingqu.cases.services.party import OWN, firm_of
from mingqu.cases.views.shared import GET_OR_POST, WRONG, Drafting, on_draft
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftChangedElsewhere
from mingqu.identity import selectors as identity
from mingqu.ui.access import signed_in


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def party(request: Any, draft: Drafting) -> HttpResponse:
    """Chosen before handing in; a firm is looked up by its code and must be hers."""
    if (
        not draft.claimed or request.actor.agency is not None
    ):  # in whose name she acts is chosen in the header
        return redirect("cases:check", draft_id=draft.id)
    if request.method == "POST":
        return _choose(request, draft)
    chosen = draft.party
    initial = {"whose": PartyForm.FIRM if chosen.id else PartyForm.PERSON, "credit_code": chosen.credit_code}
    return _show(request, draft, PartyForm(initial=initial))


def _choose(request: Any, draft: Drafting) -> HttpResponse:
    form = PartyForm(request.POST)
    if not form.is_valid():
        return _show(request, draft, form, status=WRONG)
    chosen = OWN
    if form.cleaned_data["whose"] == PartyForm.FIRM:
        try:
            chosen = firm_of(identity.person(request.actor.id), form.cleaned_data["credit_code"])
        except PartyNotYours as refused:
            form.add_error("credit_code", refused.message)
            return _show(request, draft, form, status=WRONG)
    context = {name: value for name, value in draft.view.context.items() if name != "party"}
    if chosen.id:
        context["party"] = str(chosen.id)
    try:
        forms.change_context(
            draft_id=draft.id,
            context=context,
            base_version=draft.view.version,
            by=request.actor,
            at=request.at,
        )
    except DraftChangedElsewhere as refused:
        form.add_error(None, refused.message)
        return _show(request, draft, form, status=refused.status)
    messages.success(request, _("已改为：%(name)s") % {"name": chosen.name or _("为我自己办")})
    return redirect("cases:check", draft_id=draft.id)


def _show(request: Any, draft: Drafting, form: PartyForm, *, status: int = 200) -> HttpResponse:
    return render(request, "cases/party.html", {"draft": draft, "form": form}, status=status)
