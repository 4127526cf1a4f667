"""手机拍照传到窗口: the code for one material, what came, taken into the draft or not."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.cases.errors import PhoneFileUnknown
from mingqu.cases.services import phone
from mingqu.documents import services as documents
from mingqu.forms.errors import DraftAlreadyFiled, DraftNotFound
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.workbench.views.window.shared import GET_OR_POST, for_applicant


@staff("case.file")
@never_cache
@require_http_methods(GET_OR_POST)
@for_applicant
def slot(request: Any, by: AssistingActor, draft_id: UUID, material: str) -> HttpResponse:
    """The page polls itself: the clerk sees a picture arrive without a key."""
    here: dict[str, Any] = {"draft_id": draft_id, "material": material, "by": by, "at": request.at}
    try:
        if request.method == "POST":
            return _done(request, here)
        # A page that looks by itself keeps no code alive: a forgotten one runs out.
        find = phone.running_slot if "X-Poll" in request.headers else phone.open_slot
        context: dict[str, Any] = {"slot": find(**here), "arrived": phone.arrived(**here)}
    except (DraftNotFound, DraftAlreadyFiled):
        messages.error(request, "没有找到这份草稿：它不是这位申请人的，或者已经提交。")
        return _to_person(request)
    context |= {
        "qr": _qr(context["slot"]),
        "enter_at": settings.MINGQU_BASE_URL + reverse("cases:phone_code"),
        "back": reverse("workbench:window_materials", args=[draft_id]),
        "draft_id": draft_id,
        "material": material,
    }
    return render(request, "workbench/window_phone.html", context)


def _qr(slot: phone.OpenSlot | None) -> SafeString:
    """The link to send by, as a square code; nothing of a code that has run out."""
    if slot is None:
        return SafeString()
    link = settings.MINGQU_BASE_URL + reverse("cases:phone_send", args=[slot.token])
    return mark_safe(documents.qr_svg(link))  # noqa: S308 - drawn by segno from our own address and token


def _to_person(request: Any) -> HttpResponse:
    """Back to who is served; the whole page, where a part of it asked."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": reverse("workbench:window_person")})
    return redirect("workbench:window_person")


def _done(request: Any, here: dict[str, Any]) -> HttpResponse:
    """Take one, leave one, or close the code and go back to the materials."""
    if "close" in request.POST:
        phone.close_slots(**here)
        return redirect("workbench:window_materials", draft_id=here["draft_id"])
    deed = phone.discard if "discard" in request.POST else phone.take
    chosen = request.POST.get("discard") or request.POST.get("take", "")
    try:
        deed(file_id=UUID(chosen), **here)
    except (DomainError, ValueError) as refused:
        messages.error(request, getattr(refused, "message", "没有找到这张照片。"))
    else:
        messages.success(request, "没有收下。" if "discard" in request.POST else "已放进这份材料。")
    return redirect("workbench:window_phone", draft_id=here["draft_id"], material=here["material"])


@staff("case.file")
@never_cache
@require_safe
@for_applicant
def picture(request: Any, by: AssistingActor, draft_id: UUID, material: str, file_id: UUID) -> HttpResponse:
    """One that came, in the browser: at the desk only."""
    found = phone.arrived(draft_id=draft_id, material=material, by=by, at=request.at)
    one = next((line for line in found if line.id == file_id), None)
    if one is None:
        raise PhoneFileUnknown()
    reader = documents.reader_of(request, "case.file")
    return documents.file_response(one.slot_id, one.file_id, reader=reader, inline=True)
