"""谁看过我的材料: for the applicant, who read the files of the case, and who had masked data shown in full."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingqu.cases import selectors
from mingqu.cases.types import REVEAL_PURPOSES
from mingqu.documents import selectors as documents
from mingqu.documents.types import BY_CODE, ReadLine
from mingqu.exchange.selectors import ANSWER_FILE as OUTSIDE_ANSWER
from mingqu.identity import selectors as identity
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.ui.access import signed_in

MOST = 200
INSIDE = (
    "consultation",
    "arrival",
)  # from another organ (征求意见, 来件): the applicant does not get them here


@dataclass(frozen=True)
class Line:
    """Who, as which post; what; how often, since when. `why`: the ground or the purpose that was named."""

    who: str
    what: str
    why: str
    times: int
    first_at: datetime
    last_at: datetime


@signed_in
@never_cache
@require_safe
def readers(request: Any, number: str) -> HttpResponse:
    case = selectors.case_visible_to(request.actor, number)
    lines = documents.readers_of(
        [case.pk, *([case.bundle_id] if case.bundle_id else [])], MOST + 1, without=INSIDE
    )
    reveals = list(AuditEntry.objects.filter(root_id=case.pk, action="case.reveal").order_by("-seq")[:MOST])
    acted = {one.post_id for one in lines} | {entry.post_id for entry in reveals}
    posts = identity.post_names(post_id for post_id in acted if post_id)
    names = selectors.names_across_bundle(case)
    context = {
        "case": case,
        "lines": [_read(one, posts, names, request.actor) for one in lines[:MOST]],
        "more": len(lines) > MOST,
        "shown": [_shown(entry, posts) for entry in reveals],
    }
    return render(request, "cases/readers.html", context)


def _read(one: ReadLine, posts: dict[UUID, str], names: dict[str, str], reader: Actor) -> Line:
    why = _("办理这件申请") if one.actor_kind == "staff" else _("申请人一方")
    if one.actor_kind == "system":
        why = _("随您的补正转去办理")
    if one.ground == BY_CODE:
        why = _("填写申请的时候")
    if one.terminal:
        why = _("%(why)s，在办事大厅的自助机上") % {"why": why}
    sent = _("补正的材料") if one.kind == OUTSIDE_ANSWER else ""
    what = one.title or names.get(one.kind) or sent or _("现场照片、签名等其他文件")
    return Line(_who(one, posts, reader), what, why, one.times, one.first_at or one.at, one.at)


def _who(one: ReadLine, posts: dict[UUID, str], reader: Actor) -> str:
    if one.actor_kind == "staff":
        return posts.get(one.post_id, _("工作人员")) if one.post_id else _("工作人员")
    if one.actor_kind == "system":
        return _("办理的其他系统")
    if one.actor_id is None:
        return _("有草稿编号和取件码的人")
    return _("您本人") if one.actor_id == reader.id else _("和您一起办这件事的人")


def _shown(entry: AuditEntry, posts: dict[UUID, str]) -> Line:
    why = REVEAL_PURPOSES.get(str(entry.notes.get("why", "")), "")
    who = posts.get(entry.post_id, _("工作人员")) if entry.post_id else _("工作人员")
    return Line(who, _("姓名、号码等完整信息"), _(why) if why else "", 1, entry.at, entry.at)
