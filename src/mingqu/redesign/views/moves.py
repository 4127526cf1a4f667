"""流程迁移: what can be moved, the plan, what it would come to case by case, approval, progress, undoing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.catalogue.revisions import selectors as revisions
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import XLSX, book
from mingqu.redesign import services
from mingqu.redesign.forms import DeclineForm, KeyForm, MoveForm
from mingqu.redesign.models import FlowMove, FlowMoveCase
from mingqu.redesign.selectors import moves
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
MOST = 20_000
"""Rows of a file: more running cases of one item has no organ."""


@staff("redesign.see")
@never_cache
@require_GET
def move_list(request: Any) -> HttpResponse:
    state = request.GET.get("state", "")
    rows, more = moves.moves(request.actor, state=state, after=request.GET.get("after", ""))
    context = {
        "rows": rows,
        "more": more,
        "state": state,
        "states": FlowMove.State.choices,
        "may_plan": access.may(request.actor, "redesign.plan_move"),
    }
    return render(request, "redesign/moves.html", context)


@staff("redesign.plan_move")
@never_cache
@require_GET
def which(request: Any) -> HttpResponse:
    """Only what has cases that go by an earlier revision."""
    return render(request, "redesign/move_which.html", {"rows": moves.waiting(request.actor)})


@staff("redesign.plan_move")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, item_code: str, handling: str, revision_id: UUID) -> HttpResponse:
    item = revisions.item(item_code)
    access.require(request.actor, "redesign.plan_move", item)
    source = moves.Source(item_code, handling, revision_id)
    offered = moves.offered(source, item.current_id)
    form, status = MoveForm(offered, request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                move_id = services.plan_move(
                    source=source,
                    steps=form.mapping,
                    reason=form.cleaned_data["reason"],
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except NotFound:
                raise
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "迁移已拟定，正在逐件核对。核对完以后由另一个人批准。")
                return redirect("redesign:move", move_id=move_id)
    context = {"form": form, "item": item, "offered": offered}
    return render(request, "redesign/move_new.html", context, status=status)


@staff("redesign.see")
@never_cache
@require_GET
def one(request: Any, move_id: UUID) -> HttpResponse:
    row = moves.move_seen(request.actor, move_id)
    state = request.GET.get("state", "")
    rows, more = moves.rows_of(row, state=state, after=request.GET.get("after", "")[:20])
    asked, decided = moves.names_of(row)
    own = request.actor.doer_id == row.asked_by
    waits = row.state == FlowMove.State.CHECKED
    may_approve = access.allows(request.actor, "redesign.approve_move", row)
    context = {
        "row": row,
        "rows": rows,
        "more": more,
        "state": state,
        "counts": moves.counts_of(row),
        "mapping": moves.mapping_of(row),
        "asked": asked,
        "decided": decided,
        "own": own,
        "form": KeyForm(),
        "decline": DeclineForm(),
        "may_approve": waits and may_approve and not own,
        "may_decline": waits and (may_approve or own),
        "may_undo": row.state == FlowMove.State.DONE
        and access.allows(request.actor, "redesign.undo_move", row),
    }
    partial = request.headers.get("HX-Request")
    return render(request, "redesign/_move.html" if partial else "redesign/move.html", context)


@staff("redesign.approve_move")
@require_POST
def approve(request: Any, move_id: UUID) -> HttpResponse:
    return _deed(request, move_id, "已批准，后台正在逐件迁移。", services.approve_move)


@staff("redesign.see")
@require_POST
def decline(request: Any, move_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")[:300]
    return _deed(request, move_id, "已退回，没有迁移任何办件。", services.decline_move, reason=reason)


@staff("redesign.undo_move")
@require_POST
def undo(request: Any, move_id: UUID) -> HttpResponse:
    return _deed(request, move_id, "正在撤销：迁移以后没有办理过的件，回到原来的流程。", services.undo_move)


def _deed(request: Any, move_id: UUID, done: str, service: Any, **more: Any) -> HttpResponse:
    moves.move_seen(request.actor, move_id)
    form = KeyForm(request.POST)
    key = form.command_key if form.is_valid() else new_id()
    try:
        service(move_id=move_id, by=request.actor, at=request.at, key=key, **more)
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("redesign:move", move_id=move_id)


@staff("redesign.see")
@require_GET
def export(request: Any, move_id: UUID) -> HttpResponse:
    row = moves.move_seen(request.actor, move_id)
    found = FlowMoveCase.objects.filter(root_id=row.pk).order_by("number")[:MOST]
    lines = [
        [
            one.number,
            "、".join(one.now),
            "、".join(one.then),
            "".join(one.notes),
            one.get_state_display(),
            one.reason,
        ]
        for one in found
    ]
    data = book("流程迁移", ["办件编号", "正在办的环节", "迁移到", "子流程和等待", "结果", "原因"], lines)
    answer = HttpResponse(data, content_type=XLSX)
    name = f"流程迁移-{row.item_name}-{row.from_number}到{row.to_number}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
