"""Changing how the results of all parts are to come."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.services.delivery import way_of
from mingqu.cases.errors import DeliveryFixed
from mingqu.cases.forms import ChangeDeliveryForm
from mingqu.cases.types import Addressee
from mingqu.cases.views.delivery import chosen_before
from mingqu.cases.views.shared import GET_OR_POST, WRONG
from mingqu.ui.access import signed_in
from mingqu.ui.forms import one_press


@signed_in
@never_cache
@sensitive_post_parameters("receiver", "phone", "address")
@require_http_methods(GET_OR_POST)
def delivery(request: Any, number: str) -> HttpResponse:
    """Said once for all parts under way; where a decided one is sent, its own page changes."""
    bundle = selectors.bundle_visible_to(request.actor, number)
    if "bundle.choose_delivery" not in selectors.actions_now(request.actor, bundle):
        messages.info(request, DeliveryFixed().message)
        return redirect("bundles:progress", number=bundle.number)
    to = Addressee.of(bundle.sent_to) if bundle.sent_to else None
    form = ChangeDeliveryForm(request.POST or None, initial=chosen_before(request, way_of(bundle), to))
    if request.method == "POST" and form.is_valid():
        way, key = form.cleaned_data["delivery"], one_press(form)
        try:
            services.choose_delivery(
                bundle_id=bundle.pk, way=way, by=request.actor, at=request.at, key=key, to=form.to
            )
        except DeliveryFixed as refused:
            messages.info(request, refused.message)
        else:
            messages.success(request, _("送达方式已经保存，各事项都按新的来。"))
        return redirect("bundles:progress", number=bundle.number)
    status = WRONG if form.errors else 200
    return render(request, "bundles/delivery.html", {"bundle": bundle, "form": form}, status=status)
