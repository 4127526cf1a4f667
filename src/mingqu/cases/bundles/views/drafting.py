"""The draft of a bundle: what is to do, the pages of the one form, the materials, the last look."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import services
from mingqu.cases.bundles.errors import BundleUnknown
from mingqu.cases.bundles.services import files
from mingqu.cases.errors import FormIncomplete, IdentityNeeded, MaterialsMissing
from mingqu.cases.forms import CheckForm
from mingqu.cases.models import Bundle
from mingqu.cases.views.uploads import ACCEPT, Taken, take
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles.types import MergedMaterial, Needed, OpenBundle
from mingqu.documents import services as documents
from mingqu.documents.selectors import FileView
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound, DraftTooLarge
from mingqu.forms.types import DraftView, FormSchema
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import signed_in
from mingqu.ui.types import Action, Fact, Task

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
VERSION, END = "_version", "_end"


@dataclass(frozen=True)
class BundleDraft:
    """A draft with the bundle it is for, and what its answers come to."""

    view: DraftView
    of: OpenBundle
    wanted: Needed
    schema: FormSchema
    materials: list[MergedMaterial]
    files: dict[str, list[FileView]]
    circumstances: forms.Circumstances

    @property
    def id(self) -> UUID:
        return self.view.draft_id

    @property
    def name(self) -> str:
        return self.of.document.name

    @property
    def missing(self) -> list[MergedMaterial]:
        return [m for m in self.materials if not self.files.get(m.code) and not m.material.optional]


def _opened(request: Any, draft_id: UUID) -> BundleDraft:
    view = drafts.draft(draft_id, by=request.actor, at=request.at)
    if "bundle_revision" not in view.context:
        raise DraftNotFound()
    of, wanted = services.opened_draft(view)
    form = catalogue.merged_form(of, wanted)
    return BundleDraft(
        view,
        of,
        wanted,
        forms.read_schema(form.schema, form.pages),
        catalogue.merged_materials(of, wanted),
        cases.waiting_uploads(draft_id),
        forms.Circumstances(legal_day(request.at), demo=settings.MINGQU_DEMO),
    )


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the draft for the view; one that was filed leads to its bundle."""

    @wraps(view)
    def opened(request: Any, draft_id: UUID, **more: Any) -> HttpResponse:
        try:
            return view(request, _opened(request, draft_id), **more)
        except DraftAlreadyFiled as filed:
            number = Bundle.objects.filter(pk=draft_id).values_list("number", flat=True).first()
            if number is None:
                raise BundleUnknown() from filed
            return redirect("bundles:progress", number=number)

    return opened


@signed_in
@never_cache
@require_safe
@on_draft
def task_list(request: Any, draft: BundleDraft) -> HttpResponse:
    """Everything the bundle still needs."""
    wrong = {found.page for found in _problems(draft)}
    pages = [
        Task(
            page.title,
            "received" if page.number in wrong else "done",
            _("还没填好") if page.number in wrong else _("填好了"),
            url=reverse("bundles:form_page", args=[draft.id, page.number]),
        )
        for page in draft.schema.pages
    ]
    there = len(draft.materials) - len(draft.missing)
    materials = Task(
        _("材料"),
        "received" if draft.missing else "done",
        _("交了%(there)d份，共%(all)d份") % {"there": there, "all": len(draft.materials)},
        _("同一份材料只交一次"),
        reverse("bundles:materials", args=[draft.id]),
    )
    ready = not wrong and not draft.missing
    check = Task(
        _("核对并提交"),
        "received",
        _("可以提交了") if ready else _("前面填好再来"),
        url=reverse("bundles:check", args=[draft.id]) if ready else "",
    )
    context = {"draft": draft, "page_tasks": pages, "other_tasks": [materials, check]}
    return render(request, "bundles/draft.html", context)


def _problems(draft: BundleDraft) -> Any:
    return forms.check(draft.schema, draft.view.answers, draft.circumstances)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
@on_draft
def form_page(request: Any, draft: BundleDraft, page: int) -> HttpResponse:
    """One page of the one form. Wrong answers are kept too; each is said at the top and beside its field."""
    try:
        shown = draft.schema.page(page)
    except LookupError:
        return redirect("bundles:draft", draft_id=draft.id)
    data = request.POST if request.method == "POST" else None
    form = forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=data)
    status, note = 200, ""
    if data is not None:
        status = WRONG
        valid = form.is_valid()
        if END not in data:
            note = _("这一页没有传完整，还没有保存。请看一下下面的内容，再点一次“保存并继续”。")
        else:
            try:
                _save(request, draft, page, form)
            except (DraftChangedElsewhere, DraftTooLarge) as refused:
                note, status = refused.message, refused.status
            else:
                if valid:
                    return redirect(_after(request, draft, page))
                draft = _opened(request, draft.id)
    context = {
        "draft": draft,
        "form": form,
        "schema_page": shown,
        "page": page,
        "total": len(draft.schema.pages),
        "version": draft.view.version,
        "note": note,
        "back_url": reverse("bundles:draft", args=[draft.id]),
    }
    return render(request, "bundles/form_page.html", context, status=status)


def _save(request: Any, draft: BundleDraft, page: int, form: forms.PageForm) -> None:
    given = request.POST.get(VERSION, "")
    forms.save_draft(
        draft_id=draft.id,
        changes=form.changes,
        base_version=int(given) if given.isdecimal() and len(given) < 10 else 0,
        by=request.actor,
        at=request.at,
        page=page,
    )


def _after(request: Any, draft: BundleDraft, page: int) -> str:
    if request.GET.get("back") == "check":
        return reverse("bundles:check", args=[draft.id])
    if page < len(draft.schema.pages):
        return reverse("bundles:form_page", args=[draft.id, page + 1])
    return reverse("bundles:materials", args=[draft.id])


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def materials(request: Any, draft: BundleDraft) -> HttpResponse:
    """All materials on one page, each once, with the matters it is for."""
    code, taken = request.POST.get("material", ""), Taken()
    if request.method == "POST":
        taken = take(
            request,
            lambda uploads: files.add_draft_files(
                draft_id=draft.id, material=code, uploads=uploads, by=request.actor, at=request.at
            ),
        )
        if not taken.errors:
            messages.success(request, taken.words)
            return redirect(f"{reverse('bundles:materials', args=[draft.id])}#m-{code}")
        draft = _opened(request, draft.id)
    names = {part.code: part.name for part in draft.wanted.parts}
    rows = [
        {
            "one": one,
            "for": [names[part] for part in one.to],
            "files": draft.files.get(one.code, []),
            "errors": taken.errors if one.code == code else [],
        }
        for one in draft.materials
    ]
    context = {"draft": draft, "rows": rows, "accept": ACCEPT, "errors": taken.errors, "at": code}
    return render(request, "bundles/materials.html", context, status=WRONG if taken.errors else 200)


@signed_in
@require_POST
@on_draft
def remove_file(request: Any, draft: BundleDraft, file_id: UUID) -> HttpResponse:
    files.remove_draft_file(draft_id=draft.id, file_id=file_id, by=request.actor, at=request.at)
    messages.success(request, _("已撤下这个文件。"))
    return redirect("bundles:materials", draft_id=draft.id)


@signed_in
@never_cache
@require_safe
@on_draft
def draft_file(request: Any, draft: BundleDraft, file_id: UUID) -> HttpResponse:
    return documents.file_response(draft.id, file_id, inline=True)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def check(request: Any, draft: BundleDraft) -> HttpResponse:
    """Everything on one page; handed in once."""
    form = CheckForm(request.POST or None, initial={"key": new_id(), "version": draft.view.version})
    status, errors = 200, []
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                filed = services.file_bundle(
                    draft_id=draft.id,
                    base_version=_chosen(request, draft, form),
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
            except DraftAlreadyFiled:
                raise
            except (FormIncomplete, MaterialsMissing, IdentityNeeded, DraftChangedElsewhere) as refused:
                errors, status = [refused.message], refused.status
                draft = _opened(request, draft.id)
                form = CheckForm(initial={"key": new_id(), "version": draft.view.version})
            except DomainError as refused:
                errors, status = [refused.message], refused.status
            else:
                messages.success(request, _("已经提交。编号是%(number)s。") % {"number": filed.number})
                return redirect("bundles:progress", number=filed.number)
    person = identity.person(request.actor.id)
    context = {
        "draft": draft,
        "form": form,
        "errors": errors,
        "person": person,
        "identity_url": f"{reverse('identity:declare')}?next={request.path}",
        "sections": [(page, _rows(draft, page.number)) for page in draft.schema.pages],
        "problems": [found.message for found in _problems(draft)]
        + [_("还缺材料：%(name)s") % {"name": one.material.name} for one in draft.missing],
    }
    return render(request, "bundles/check.html", context, status=status)


def _rows(draft: BundleDraft, page: int) -> list[Fact]:
    url = f"{reverse('bundles:form_page', args=[draft.id, page])}?back=check"
    return [
        Fact(row.title, row.text, action=Action(_("修改"), url))
        for row in forms.rows(draft.schema, draft.view.answers, reveal=True)
        if row.page == page
    ]


def _chosen(request: Any, draft: BundleDraft, form: CheckForm) -> int:
    """Put the chosen way of delivery under the draft; the version to file."""
    version: int = form.cleaned_data["version"]
    way = form.cleaned_data["delivery"]
    if draft.view.context.get("delivery") == way:
        return version
    saved = forms.change_context(
        draft_id=draft.id,
        context={**draft.view.context, "delivery": way},
        base_version=version,
        by=request.actor,
        at=request.at,
    )
    return saved.version
