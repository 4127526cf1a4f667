"""实名认证: three facts of one's document, checked against the population register."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.identity import selectors
from mingqu.identity.forms import RealNameForm
from mingqu.identity.services import verify_identity
from mingqu.identity.types import IdentityFacts
from mingqu.identity.web import safe_next
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import signed_in
from mingqu.ui.forms import tell

VERIFIED = 2  # AAL2
WRONG = 400


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def real_name(request: Any) -> HttpResponse:
    """Name, number, last day of the card; five attempts a day, or the window."""
    target, status = safe_next(request), 200
    form = RealNameForm(request.POST or None, initial={"key": new_id()})
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            facts = IdentityFacts(given["name"], given["citizen_number"], given["valid_until"])
            try:
                verify_identity(
                    facts=facts,
                    consent=given["consent"],
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("实名认证通过。"))
                return HttpResponseRedirect(target) if target else redirect("identity:profile")
    verified = selectors.person(request.actor.id).assurance >= VERIFIED
    context = {"form": form, "target": target, "verified": verified}
    return render(request, "identity/real_name.html", context, status=status)
