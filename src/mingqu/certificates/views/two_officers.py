"""What the pages of deeds share that take two officers (撤销, 注销): the answer to a proposal, and who may give it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from mingqu.certificates import selectors, waiting
from mingqu.certificates.forms import AnswerForm
from mingqu.certificates.types import CertificateView
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id


@dataclass(frozen=True)
class Deed:
    """`decides`: the permission; `page`: of proposal and decision; the two answers, and what is said of each."""

    decides: str
    page: str
    agree: Callable[..., object]
    decline: Callable[..., object]
    agreed: str
    declined: str


def answer(request: Any, certificate: CertificateView, deed: Deed) -> HttpResponse:
    """What the second officer said, or the first who takes the proposal back."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请按页面上的按钮办理。")
        return redirect(deed.page, number=certificate.number)
    agreed = form.cleaned_data["answer"] == "agree"
    act = deed.agree if agreed else deed.decline
    try:
        act(certificate_id=certificate.id, by=request.actor, at=request.at, key=form.cleaned_data["key"])
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect(deed.page, number=certificate.number)
    messages.success(request, deed.agreed if agreed else deed.declined)
    return redirect("certificates:at_desk", number=certificate.number)


def standing(
    request: Any, certificate: CertificateView, deed: Deed, proposed_by: UUID | None
) -> dict[str, Any]:
    """For the page: whose proposal it is (None: there is none), who may decide, whether anybody else could."""
    own = proposed_by == request.actor.id
    row = selectors.row_of(certificate.id)
    return {
        "certificate": certificate,
        "own": own,
        "may_decide": proposed_by is not None and not own and access.allows(request.actor, deed.decides, row),
        "alone": not waiting.somebody_else_may(request.actor, deed.decides, certificate.id, request.at),
        "key": new_id(),
    }
