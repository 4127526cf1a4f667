"""Changing how the result is to come, before the decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases import selectors, services
from mingqu.cases.errors import DeliveryFixed
from mingqu.cases.forms import ChangeDeliveryForm
from mingqu.cases.types import BY_POST, Addressee
from mingqu.cases.views.shared import GET_OR_POST, WRONG
from mingqu.identity import selectors as identity
from mingqu.kernel.ids import new_id
from mingqu.ui.access import on_behalf
from mingqu.ui.forms import one_press


@on_behalf("case.choose_delivery")
@never_cache
@require_http_methods(GET_OR_POST)
def delivery(request: Any, number: str) -> HttpResponse:
    """Consent to electronic delivery is given and taken back here; decided, the case itself says how it goes on."""
    case = selectors.case_visible_to(request.actor, number)
    if "case.choose_delivery" not in selectors.actions_now(request.actor, case):
        messages.info(request, DeliveryFixed().message)
        return redirect("cases:progress", number=number)
    way, to = BY_POST if case.by_post else case.delivery_way, selectors.delivery_address(case)
    form = ChangeDeliveryForm(request.POST or None, initial=chosen_before(request, way, to))
    if request.method == "POST" and form.is_valid():
        way, key = form.cleaned_data["delivery"], one_press(form)
        try:
            services.choose_delivery(
                case_id=case.pk, way=way, by=request.actor, at=request.at, key=key, to=form.to
            )
        except DeliveryFixed as refused:
            messages.info(request, refused.message)
        else:
            messages.success(request, _("送达方式已经保存。"))
        return redirect("cases:progress", number=number)
    status = WRONG if form.errors else 200
    return render(request, "cases/delivery.html", {"case": case, "form": form}, status=status)


def chosen_before(request: Any, way: str, to: Addressee | None) -> dict[str, Any]:
    """What the form begins with; where no address is given yet, name and telephone of who chooses now."""
    person = identity.person(request.actor.id)
    own = {"receiver": person.name or "", "phone": identity.contact_of(person.id)}
    return {"delivery": way, "key": new_id(), **(to.words if to else own)}
