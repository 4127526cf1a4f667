"""What is done to a draft beside its sheets: begun, taken a step back or forward, remarked on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.catalogue import lists, services
from mingqu.catalogue.errors import CommentEmpty
from mingqu.catalogue.forms import BeginForm
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio import edits
from mingqu.catalogue.studio.beginning import begun
from mingqu.catalogue.studio.remarks import drawing_url
from mingqu.catalogue.studio.sections import sections
from mingqu.catalogue.upgrades import upgraded
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("catalogue.edit")
@never_cache
@require_http_methods(GET_OR_POST)
def begin(request: Any) -> HttpResponse:
    """A new service from a template; then its sheets."""
    organs = {one.code: one for one in identity.open_departments()}
    named = [(one.code, one.name) for one in organs.values()]
    scope, types = access.scope(request.actor, "catalogue.edit"), [one.code for one in code_list("item_type")]
    own = [
        (one.code, one.name)
        for one in organs.values()
        if any(scope.covers(services.ItemScope(one.id, one.region_code, kind)) for kind in types)
    ]
    form = BeginForm(request.POST or None, organs=named, own=own)
    if request.method != "POST" or not form.is_valid():
        status = WRONG if request.method == "POST" else 200
        return render(request, "catalogue/studio/begin.html", {"form": form}, status=status)
    said = form.cleaned_data
    organ = organs[said["organ"]]
    region = organ.region_code
    item = {name: said[name] for name in ("code", "name", "organ", "type", "audience")} | {
        "region_code": region
    }
    chosen = [(code, organs[code].name) for code in said["organs"]]
    document = begun(said["template"], item, chosen, identity.posts_within(edits.region_of({"item": item})))
    if organ.review_organ:
        document["guide"]["reconsideration_organ"] = organ.review_organ
    try:
        saved = services.save_draft(document=document, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        refused.field = "code" if refused.field == "text" else refused.field
        return render(request, "catalogue/studio/begin.html", {"form": form}, status=form.tell(refused))
    messages.success(request, "草稿已建好。每填一处都会自动保存。")
    return redirect("catalogue:draft_part", saved.draft_id, "item")


@staff("catalogue.edit")
@never_cache
@require_POST
def revise(request: Any, code: str) -> HttpResponse:
    """A draft that says what is in force, to be changed on its sheets; the one there is, where there is one."""
    found = lists.item(code)
    assert found.current is not None
    open_one = lists.open_draft(request.actor, code)
    if open_one is not None:
        return redirect("catalogue:draft_part", open_one.pk, "item")
    document = upgraded(found.current.document)
    saved = services.save_draft(document=document, by=request.actor, at=request.at, key=new_id())
    return redirect("catalogue:draft_part", saved.draft_id, "item")


@staff("catalogue.edit")
@never_cache
@require_POST
def step(request: Any, draft_id: UUID) -> HttpResponse:
    """One saved state back or forward; then the sheet it was asked from, if it is still there."""
    found = lists.draft(request.actor, draft_id)
    forward = request.POST.get("deed") == "forward"
    try:
        version = int(request.POST.get("version", ""))
    except ValueError as wrong:
        raise NotFound() from wrong
    services.step_draft(
        draft_id=draft_id, version=version, forward=forward, by=request.actor, at=request.at, key=new_id()
    )
    messages.success(request, "已恢复。" if forward else "已撤销上一次的改动。")
    found.refresh_from_db()
    names = {one.name for one in sections(found.document)}
    name = request.POST.get("part", "")
    return redirect("catalogue:draft_part", draft_id, name if name in names else "item")


@staff("catalogue.see")
@never_cache
@require_POST
def say(request: Any, draft_id: UUID) -> HttpResponse:
    """A remark about a place; then the sheet it was written on."""
    found = lists.draft(request.actor, draft_id)
    try:
        services.say_comment(
            draft_id=draft_id,
            path=request.POST.get("path", "")[:300],
            text=request.POST.get("comment", ""),
            by=request.actor,
            at=request.at,
            key=new_id(),
        )
    except CommentEmpty as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "意见已写下。")
    return _to_remarks(found, request.POST.get("part", ""))


@staff("catalogue.see")
@never_cache
@require_POST
def settle(request: Any, draft_id: UUID, comment_id: UUID) -> HttpResponse:
    found = lists.draft(request.actor, draft_id)
    services.settle_comment(
        draft_id=draft_id, comment_id=comment_id, by=request.actor, at=request.at, key=new_id()
    )
    messages.success(request, "已记为处理过。")
    return _to_remarks(found, request.POST.get("part", ""))


def _to_remarks(found: DefinitionDraft, part_name: str) -> HttpResponse:
    if url := drawing_url(found, part_name):
        return redirect(f"{url}#remarks")
    if part_name in {one.name for one in sections(found.document)}:
        return redirect(reverse("catalogue:draft_part", args=[found.pk, part_name]) + "#remarks")
    return redirect(reverse("catalogue:draft", args=[found.pk]) + "#remarks")
