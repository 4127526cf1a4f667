"""What is known already and may be put into a page of a form by a press; the same for a bundle."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from mingqu.cases.known import Offer
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView
from mingqu.ui import language

KNOWN, EVERY = "_known", "*"  # a button: put in what is known, of one field or of every empty one
FILLED = "filled"  # in the address of the page that comes back after it


def put_in(request: Any, view: DraftView, page: int, offers: Sequence[Offer], token: str) -> None:
    """What was asked for, where its source still says it; the page was saved before."""
    path, _mark, number = request.POST[KNOWN].partition("|")
    changes: dict[str, Any] = {}
    for offer in offers:
        empty = forms.get(view.answers, offer.path) in (None, "")
        if (path == EVERY and empty) or (offer.path, offer.number) == (path, number):
            changes.setdefault(offer.path, offer.value)
    if not changes:
        messages.error(request, _("没有可以填的内容，请自己填。"))
        return
    forms.save_draft(
        draft_id=view.draft_id,
        changes=changes,
        base_version=view.version,
        by=request.actor,
        at=request.at,
        token=token,
        page=page,
    )
    messages.success(request, _("已填上，请看一下对不对，不对可以改。"))


def offered(request: Any, form: forms.PageForm, offers: Sequence[Offer]) -> dict[str, Any]:
    """For the page: what is left to offer. Each answer that is there already tells who says the same."""
    left = []
    for offer in offers:
        if forms.html_name(offer.path) not in form.fields:
            continue  # it waits for another answer
        question = form[forms.html_name(offer.path)]
        if str(question.value() or "") == str(offer.value):
            question.help_text = "。".join(filter(None, (question.help_text, _same_as(offer))))
        else:
            choices = dict(getattr(question.field, "choices", ()))
            left.append((offer, choices.get(offer.value, offer.value)))
    return {
        "offers": left,
        "settled": FILLED in request.GET,
        "known_button": KNOWN,
        "every_button": EVERY,
    }


def _same_as(offer: Offer) -> str:
    told = {"name": offer.source, "number": offer.number, "firm": offer.of_firm}
    if offer.on is not None:
        words = _("和您%(day)s办《%(name)s》（%(number)s）时填的一样，不对可以改")
        return words % {**told, "day": language.day(offer.on)}
    if offer.of_firm:
        return _("和%(firm)s的《%(name)s》（%(number)s）上写的一样，不对可以改") % told
    return _("和您的《%(name)s》（%(number)s）上写的一样，不对可以改") % told
