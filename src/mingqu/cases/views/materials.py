"""Handing in the files of one material of a draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases.services.files import add_draft_files, remove_draft_file
from mingqu.cases.views.shared import GET_OR_POST, WRONG, Drafting, citizen, drafting, on_draft
from mingqu.cases.views.uploads import ACCEPT, Taken, remove_context, take
from mingqu.catalogue.types import Material
from mingqu.documents.errors import FileNotFound
from mingqu.documents.selectors import FileView
from mingqu.identity.services import client_address, limits
from mingqu.ui.access import public
from mingqu.ui.types import Action


@public
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def material(request: Any, draft: Drafting, code: str) -> HttpResponse:
    """The files so far, and room for more; each refused file is told in a sentence of its own."""
    found = next((m for m in draft.situation.materials if m.code == code), None)
    if found is None:
        return redirect("cases:draft", draft_id=draft.id)
    taken = Taken()
    if request.method == "POST":
        if citizen(request) is None:
            limits.spend("upload_address_hour", client_address(request), at=request.at)
        taken = take(
            request,
            lambda uploads: add_draft_files(
                draft_id=draft.id, material=code, uploads=uploads, holder=draft.holder, at=request.at
            ),
        )
        if not taken.errors and not request.htmx:
            messages.success(request, taken.words)
            return redirect("cases:material", draft_id=draft.id, code=code)
        draft = drafting(request, draft.id)
    return _page(request, draft, found, taken)


def _page(request: Any, draft: Drafting, found: Material, taken: Taken) -> HttpResponse:
    files = draft.files.get(found.code, [])
    context = {
        "draft": draft,
        "material": found,
        "taken": taken,
        "accept": ACCEPT,
        "upload_url": reverse("cases:material", args=[draft.id, found.code]),
        "files": [(file, *_links(draft.id, file)) for file in files],
        "next_url": _next(request, draft, found),
        "back_url": reverse("cases:draft", args=[draft.id]),
    }
    if request.htmx:  # HTMX swaps only what came well
        return render(request, "cases/_upload.html", context)
    return render(request, "cases/material.html", context, status=WRONG if taken.errors else 200)


def _links(draft_id: UUID, file: FileView) -> tuple[str, str]:
    """Where to look at it, and where to take it back."""
    args = [draft_id, file.id]
    return reverse("cases:draft_file", args=args), reverse("cases:remove_file", args=args)


def _next(request: Any, draft: Drafting, found: Material) -> str:
    """The next material without a file; else the list, or the summary if it sent us here."""
    if request.GET.get("back") == "check":
        return reverse("cases:check", args=[draft.id])
    later = [m.code for m in draft.situation.materials]
    for code in later[later.index(found.code) + 1 :]:
        if not draft.files.get(code):
            return reverse("cases:material", args=[draft.id, code])
    return reverse("cases:draft", args=[draft.id])


@public
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def remove(request: Any, draft: Drafting, file_id: UUID) -> HttpResponse:
    """Take a file back, after a last question."""
    code, file = next(
        ((code, f) for code, files in draft.files.items() for f in files if f.id == file_id), ("", None)
    )
    if file is None:
        raise FileNotFound()
    back = reverse("cases:material", args=[draft.id, code])
    if request.method == "POST":
        remove_draft_file(draft_id=draft.id, file_id=file_id, holder=draft.holder, at=request.at)
        messages.success(request, _("已撤下“%(name)s”。") % {"name": file.name})
        return redirect(back)
    action = Action(_("撤下这个文件"), request.path, kind="warn")
    return render(request, "cases/remove_file.html", remove_context(file, action, back))
