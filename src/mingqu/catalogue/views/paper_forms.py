"""空白表格 and 样表 of the materials of a draft: which there are, and one put in, changed or taken away."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.catalogue import lists, selectors, services
from mingqu.catalogue.errors import MaterialOfNoDraft
from mingqu.catalogue.forms import PaperFormForm
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.paper_forms import paragraphs, problems
from mingqu.catalogue.services import EDITABLE
from mingqu.catalogue.services.paper_forms import form_in, material_in, rows
from mingqu.catalogue.services.publishing import item_id
from mingqu.catalogue.types import PaperForm
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
TAKEN = ("application/pdf", "image/jpeg", "image/png")


@staff("catalogue.see")
@never_cache
@require_GET
def draft_forms(request: Any, draft_id: UUID) -> HttpResponse:
    """Each material of each 业务办理项, with what there is for it."""
    found = lists.draft(request.actor, draft_id)
    context = {
        "draft": found,
        "handlings": [
            (one, [(material, _shown(material)) for material in rows(one, "materials")])
            for one in rows(found.document, "handling")
        ],
        "may_edit": _may_edit(request.actor, found),
    }
    return render(request, "catalogue/draft_forms.html", context)


@staff("catalogue.see")
@never_cache
@require_http_methods(GET_OR_POST)
def draft_form(request: Any, draft_id: UUID, handling: str, material: str) -> HttpResponse:
    """One of them; whoever may not edit the draft sees what it says."""
    found = lists.draft(request.actor, draft_id)
    of = material_in(found.document, handling, material)
    if of is None:
        raise MaterialOfNoDraft()
    now = form_in(of)
    if request.method != "POST":
        initial = {
            "version": found.version,
            "title": now.get("title") or of.get("name", ""),
            "text": "\n".join(now.get("text", ())),
        }
        return _page(request, found, of, PaperFormForm(initial=initial))
    access.require(request.actor, "catalogue.edit", found)
    form = PaperFormForm(request.POST, request.FILES)
    change = _change(form, handling, material, now)
    if change is None:
        return _page(request, found, of, form, WRONG)
    try:
        services.put_form(
            draft_id=draft_id,
            version=form.cleaned_data["version"] or 0,
            change=change,
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        if refused.status == 403:
            raise
        return _page(request, found, of, form, form.tell(refused))
    messages.success(request, "表格已经存进草稿。" if not change.empty else "这份材料现在没有表格。")
    return redirect("catalogue:draft_forms", draft_id=draft_id)


@staff("catalogue.see")
@never_cache
@require_GET
def draft_form_file(request: Any, draft_id: UUID, digest: str) -> HttpResponse:
    """A file of a form of this draft, to be looked at."""
    found = lists.draft(request.actor, draft_id)
    file = selectors.form_file(item_id(found.item_code), digest) if digest in _digests(found) else None
    if file is None:
        raise NotFound()
    return documents.file_response(file.root_id, file.id, reader=None)


def _page(
    request: Any, found: DefinitionDraft, of: dict[str, Any], form: PaperFormForm, status: int = 200
) -> HttpResponse:
    now = form_in(of)
    context = {
        "draft": found,
        "material": of,
        "now": now,
        "form": form,
        "paragraphs": paragraphs(PaperForm("", 1, now.get("text", []))),
        "may_edit": _may_edit(request.actor, found),
    }
    return render(request, "catalogue/draft_form.html", context, status=status)


def _change(
    form: PaperFormForm, handling: str, material: str, now: dict[str, Any]
) -> services.FormChange | None:
    """What was asked for; None where something of it is refused, which the form then says."""
    if not form.is_valid():
        return None
    files: dict[str, services.NewFile | str] = {}
    for name in ("blank", "sample"):
        given = form.cleaned_data[name]
        files[name] = "" if form.cleaned_data[f"drop_{name}"] else str(now.get(name) or "")
        if given is None:
            continue
        try:
            upload = documents.check_upload(given.read(), allowed=TAKEN)
        except DomainError as refused:
            form.add_error(name, refused.message)
        else:
            files[name] = services.NewFile(Path(given.name).name, upload)
    said = form.cleaned_data
    for problem in problems(PaperForm(said["title"] or "无", 1, list(form.lines))) if form.lines else ():
        form.add_error("text", problem)
    if form.errors:
        return None
    return services.FormChange(
        handling, material, said["title"], form.lines, blank=files["blank"], sample=files["sample"]
    )


def _shown(material: dict[str, Any]) -> dict[str, Any]:
    """What there is for a material, in words."""
    form, source = form_in(material), material.get("source")
    made = bool(form.get("text"))
    promised = isinstance(source, dict) and source.get("kind") == "commitment"
    return {
        "title": form.get("title", ""),
        "version": form.get("version", ""),
        "blank": "文件" if form.get("blank") else "由文字印出" if made else "",
        "sample": "文件" if form.get("sample") else "由文字印出" if made else "",
        "promised": promised and not form,
    }


def _digests(found: DefinitionDraft) -> set[str]:
    forms = [form_in(m) for one in rows(found.document, "handling") for m in rows(one, "materials")]
    return {digest for form in forms for digest in (form.get("blank"), form.get("sample")) if digest}


def _may_edit(actor: Any, found: DefinitionDraft) -> bool:
    return found.state in EDITABLE and access.allows(actor, "catalogue.edit", found)
