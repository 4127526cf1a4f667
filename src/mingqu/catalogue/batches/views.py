"""批量修改: what is to be changed, before → after of each item, and how far it came."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.catalogue import lists
from mingqu.catalogue.batches import selectors, services
from mingqu.catalogue.batches.forms import ChangeForm
from mingqu.catalogue.batches.models import BatchChange
from mingqu.catalogue.batches.rules import FIELDS, Change
from mingqu.catalogue.forms import DeedForm
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.ui.access import staff

WRONG = 400
DEEDS: dict[str, tuple[Callable[..., None], str]] = {
    "approve": (services.approve, "正在审核发布，这一页会自己更新。"),
    "undo": (services.take_back, "正在撤回，这一页会自己更新。"),
}


@staff("catalogue.see")
@never_cache
@require_GET
def changes(request: Any) -> HttpResponse:
    rows = selectors.recent(request.actor)
    names = identity.names_of({row.maker_id for row in rows}) if rows else {}
    lines = [(row, FIELDS[row.field][0], names.get(row.maker_id, "")) for row in rows]
    may = access.may(request.actor, "catalogue.edit")
    return render(request, "catalogue/batches/changes.html", {"lines": lines, "may_edit": may})


@staff("catalogue.edit")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_change(request: Any) -> HttpResponse:
    """Asked by the address; what it would change is ticked and sent."""
    offered = lists.filters()
    known = code_list("item_type")
    kinds = [(code, known.name(code) if code in known else code) for code, _ in offered["kinds"]]
    asked = request.GET if "after" in request.GET else None
    form = ChangeForm(asked, organs=offered["organs"], kinds=kinds)
    context: dict[str, Any] = {"form": form, "deed": DeedForm()}
    status = WRONG if form.errors else 200
    if asked is not None and form.is_valid():
        change, found = _asked(form.cleaned_data)
        if request.method == "POST":
            deed = DeedForm(request.POST)
            try:
                if deed.is_valid():
                    codes = request.POST.getlist("code")
                    made = services.begin(
                        change=change, codes=codes, by=request.actor, at=request.at, key=deed.command_key
                    )
                    return redirect("catalogue:change", made)
            except DomainError as refused:
                if refused.status == 403:
                    raise
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            status = WRONG
        rows, more = selectors.lines(request.actor, change, found)
        context |= {"lines": rows, "more": more, "change": change, "ready": sum(not one.why for one in rows)}
    return render(request, "catalogue/batches/new_change.html", context, status=status)


def _asked(said: dict[str, Any]) -> tuple[Change, selectors.Filter]:
    change = Change(said["field"], said["before"].strip(), said["after"].strip())
    return change, selectors.Filter(said["words"], said["organ"], said["kind"])


@staff("catalogue.see")
@never_cache
@require_GET
def change(request: Any, change_id: UUID) -> HttpResponse:
    """How far it came; polls itself while it is at work."""
    return _page(request, selectors.change_of(request.actor, change_id))


def _page(request: Any, found: BatchChange, refused: str = "", status: int = 200) -> HttpResponse:
    names = identity.names_of({one for one in (found.maker_id, found.reviewer_id) if one})
    counts = selectors.counts(found)
    waiting = (
        counts.get("waiting", 0) if found.state == BatchChange.State.MAKING else counts.get("drafted", 0)
    )
    own, made = request.actor.id == found.maker_id, found.state == BatchChange.State.MADE
    second = access.may(request.actor, "catalogue.review") and access.may(request.actor, "catalogue.publish")
    context = {
        "change": found,
        "words": FIELDS[found.field][0],
        "maker": names.get(found.maker_id, ""),
        "reviewer": names.get(found.reviewer_id, "") if found.reviewer_id else "",
        "rows": selectors.rows_of(found),
        "counts": counts,
        "past": found.total - waiting,
        "deed": DeedForm(),
        "refused": refused,
        "may_approve": made and second and not own and counts.get("drafted", 0) > 0,
        "may_undo": made and own and counts.get("drafted", 0) > 0,
    }
    template = "catalogue/batches/_change.html" if request.htmx else "catalogue/batches/change.html"
    return render(request, template, context, status=status)


@staff("catalogue.see")
@never_cache
@require_POST
def act(request: Any, change_id: UUID) -> HttpResponse:
    found = selectors.change_of(request.actor, change_id)
    form = DeedForm(request.POST)
    if request.POST.get("deed") not in DEEDS or not form.is_valid():
        raise NotFound()
    run, words = DEEDS[request.POST["deed"]]
    try:
        run(change_id=found.pk, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        if refused.status == 403:
            raise
        return _page(request, selectors.change_of(request.actor, change_id), refused.message, refused.status)
    messages.success(request, words)
    return redirect("catalogue:change", change_id)
