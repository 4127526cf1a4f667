"""The draft of a bundle: what is to do, the pages of the one form, the last look, and the page after it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.cases import rules
from mingqu.cases.bundles import services
from mingqu.cases.bundles.errors import BundleUnknown
from mingqu.cases.bundles.provisions import Provision
from mingqu.cases.bundles.services.drafts import BundleDraft, open_draft
from mingqu.cases.errors import FormIncomplete, GapUnsigned, IdentityNeeded, MaterialsMissing, SignerDiffers
from mingqu.cases.forms import CheckForm
from mingqu.cases.models import Bundle
from mingqu.cases.views.drafts import last_tasks
from mingqu.cases.views.files import file_or_small
from mingqu.cases.views.kept import differences, keep_until_opened, take_kept
from mingqu.cases.views.knowing import FILLED, KNOWN, offered, put_in
from mingqu.cases.views.shared import (
    channel,
    citizen,
    claim,
    draft_gone,
    follow_words,
    holder,
    prefill,
    ways_back,
)
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound, DraftTooLarge
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import public, signed_in
from mingqu.ui.types import Action, Fact, Task

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
VERSION, END, LEAVE = "_version", "_end", "_leave"


def opened(request: Any, draft_id: UUID) -> BundleDraft:
    """For its owner, or in the browser that holds the code of one nobody claimed yet."""
    held = holder(request, draft_id)
    return open_draft(draft_id=draft_id, by=held.by, at=request.at, token=held.token)


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the draft for the view; one that was filed leads to its bundle, and a page says where any other went."""

    @wraps(view)
    def found(request: Any, draft_id: UUID, **more: Any) -> HttpResponse:
        try:
            return view(request, opened(request, draft_id), **more)
        except DraftAlreadyFiled as filed:
            number = Bundle.objects.filter(pk=draft_id).values_list("number", flat=True).first()
            if number is None:
                raise BundleUnknown() from filed
            return redirect("bundles:progress", number=number)
        except DraftNotFound as gone:
            page = more.get("page")
            if page and request.method == "POST" and citizen(request) is None:
                back = reverse("bundles:form_page", args=[draft_id, page])
                return keep_until_opened(request, draft_id, page, gone, back=back)
            return draft_gone(request, gone)

    return found


@public
@never_cache
@require_safe
@on_draft
def task_list(request: Any, draft: BundleDraft) -> HttpResponse:
    """Everything the bundle still needs."""
    wrong = {found.page for found in draft.problems}
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
        _("有了%(there)d份，共%(all)d份") % {"there": there, "all": len(draft.materials)},
        _("同一份材料只交一次；能查到的、能承诺的不用交"),
        reverse("bundles:materials", args=[draft.id]),
    )
    ready = not wrong and not draft.missing
    check = reverse("bundles:check", args=[draft.id])
    context = {
        "draft": draft,
        "page_tasks": pages,
        "material_tasks": [materials],
        "last_tasks": last_tasks(draft.person, check, ready=ready),
        "open_tasks": len(wrong) + len(draft.missing),
        "ready_actions": [Action(_("核对并提交"), check)],
        **({} if draft.claimed else ways_back(draft.token)),
    }
    return render(request, "bundles/draft.html", context)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
@on_draft
def form_page(request: Any, draft: BundleDraft, page: int) -> HttpResponse:
    """
    One page of the one form. Wrong answers are kept too; each is said at the top and beside its field. What was typed
    while the session ended waits for whoever opens the draft again.
    """
    try:
        draft.schema.page(page)
    except LookupError:
        return redirect("bundles:draft", draft_id=draft.id)
    if request.method != "POST":
        kept = take_kept(request, draft.id, page)
        form = _page_form(draft, page, kept)
        more = {} if kept is None else {"kept": True, "version": kept.get(VERSION)}
        return _shown(request, draft, page, form, **more)
    form = _page_form(draft, page, request.POST)
    valid = form.is_valid()
    if END not in request.POST:
        note = _("这一页没有传完整，还没有保存。请看一下下面的内容，再点一次“保存并继续”。")
        return _shown(request, draft, page, form, status=WRONG, note=note)
    try:
        _save(request, draft, page, form)
    except DraftChangedElsewhere as refused:
        newest = opened(request, draft.id)
        rows = differences(newest.schema, page, newest.view.answers, form.changes)
        return _shown(request, newest, page, form, status=refused.status, refused=refused, differences=rows)
    except DraftTooLarge as refused:
        return _shown(request, draft, page, form, status=refused.status, note=refused.message)
    if KNOWN in request.POST:
        saved = opened(request, draft.id)
        put_in(request, saved.view, page, saved.offers(saved.schema.page(page).paths), saved.token)
        return redirect(f"{reverse('bundles:form_page', args=[draft.id, page])}?{FILLED}=1")
    if LEAVE in request.POST:
        messages.success(request, _("已保存，随时可以接着填。"))
        return redirect("bundles:draft", draft_id=draft.id)
    if valid:
        return redirect(_after(request, draft, page))
    return _shown(request, opened(request, draft.id), page, form, status=WRONG)


def _page_form(draft: BundleDraft, page: int, data: Any) -> forms.PageForm:
    return forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=data)


def _shown(
    request: Any, draft: BundleDraft, page: int, form: forms.PageForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    total = len(draft.schema.pages)
    context = {
        "draft": draft,
        "form": form,
        "schema_page": draft.schema.page(page),
        "page": page,
        "total": total,
        "percent": round(100 * page / total),
        "version": draft.view.version,
        "back_url": reverse("bundles:draft", args=[draft.id]),
        "page_url": reverse("bundles:form_page", args=[draft.id, page]),
        **offered(request, form, draft.offers(draft.schema.page(page).paths)),
        **more,
    }
    return render(request, "bundles/form_page.html", context, status=status)


def _save(request: Any, draft: BundleDraft, page: int, form: forms.PageForm) -> None:
    given = request.POST.get(VERSION, "")
    forms.save_draft(
        draft_id=draft.id,
        changes=form.changes,
        base_version=int(given) if given.isdecimal() and len(given) < 10 else 0,
        by=citizen(request),
        at=request.at,
        token=draft.token,
        page=page,
    )


@public
@never_cache
@sensitive_post_parameters()
@require_POST
def autosave(request: Any, draft_id: UUID, page: int) -> HttpResponse:
    """Keep what is typed, while it is typed; a failure stays visible, so it comes as an ordinary answer."""
    context: dict[str, Any] = {"at": request.at}
    try:
        draft = opened(request, draft_id)
        form = forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=request.POST)
        if END in request.POST:
            _save(request, draft, page, form)
            context["version"] = opened(request, draft_id).view.version
    except (DraftChangedElsewhere, DraftTooLarge, DraftAlreadyFiled) as refused:
        context["refused"] = refused
    except DraftNotFound as gone:
        context["refused"], context["ended"] = gone, citizen(request) is None
    except LookupError:
        context["refused"] = DraftNotFound()
    return render(request, "cases/_saved.html", context)


def _after(request: Any, draft: BundleDraft, page: int) -> str:
    if request.GET.get("back") == "check":
        return reverse("bundles:check", args=[draft.id])
    if page < len(draft.schema.pages):
        return reverse("bundles:form_page", args=[draft.id, page + 1])
    return reverse("bundles:materials", args=[draft.id])


@public
@never_cache
@require_safe
@on_draft
def draft_file(request: Any, draft: BundleDraft, file_id: UUID) -> HttpResponse:
    return file_or_small(request, draft.id, file_id)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def check(request: Any, draft: BundleDraft) -> HttpResponse:
    """Everything on one page; handed in once. Who signed in for it takes over the draft she began without."""
    if not draft.claimed:
        claim(request, draft.view, prefill(draft.schema, draft.view.answers, request.actor))
        return redirect("bundles:check", draft_id=draft.id)
    form = CheckForm(request.POST or None, initial=_start(draft, request.actor.id))
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
                    channel=channel(request),
                )
            except DraftAlreadyFiled:
                raise
            except (
                FormIncomplete,
                MaterialsMissing,
                IdentityNeeded,
                GapUnsigned,
                SignerDiffers,
                DraftChangedElsewhere,
            ) as refused:
                errors, status = [refused.message], refused.status
                draft = opened(request, draft.id)
                form = CheckForm(initial=_start(draft, request.actor.id))
            except DomainError as refused:
                errors, status = [refused.message], refused.status
            else:
                return redirect("bundles:done", number=filed.number)
    person = identity.person(request.actor.id)
    context = {
        "draft": draft,
        "form": form,
        "errors": errors,
        "person": person,
        "identity_url": f"{reverse('identity:declare')}?next={request.path}",
        "sections": [(page, _rows(draft, page.number)) for page in draft.schema.pages],
        "material_rows": [_material_row(draft, one) for one in draft.provisions],
        "problems": _problems(draft),
    }
    return render(request, "bundles/check.html", context, status=status)


def _start(draft: BundleDraft, person_id: UUID) -> dict[str, Any]:
    """What the form begins with; where no address is given yet, name and telephone of who files."""
    person = identity.person(person_id)
    own = {"receiver": person.name or "", "phone": identity.contact_of(person_id)}
    chosen = draft.view.context.get("delivery", "")
    return {"key": new_id(), "version": draft.view.version, "delivery": chosen, **(draft.view.aside or own)}


def _problems(draft: BundleDraft) -> list[tuple[str, str]]:
    """What must be done before handing in: sentence and where."""
    found = [
        (one.message, f"{reverse('bundles:form_page', args=[draft.id, one.page])}?back=check")
        for one in draft.problems
    ]
    materials = reverse("bundles:materials", args=[draft.id])
    name = draft.person.name if draft.person else ""
    found += [
        (_("还缺材料：%(name)s") % {"name": one.material.name}, f"{materials}#m-{one.code}")
        for one in draft.missing
    ]
    return found + [
        (
            SignerDiffers(name=one.material.name).message,
            reverse("bundles:material", args=[draft.id, one.code]),
        )
        for one in draft.provisions
        if one.signed and name and not rules.same_name(one.signed.signed_name, name)
    ]


def _material_row(draft: BundleDraft, one: Provision) -> Fact:
    url = f"{reverse('bundles:materials', args=[draft.id])}#m-{one.code}"
    return Fact(one.material.name, stands_for(draft, one), action=Action(_("修改"), url))


def stands_for(draft: BundleDraft, one: Provision) -> str:
    """In words what is handed in for a material."""
    if one.certificate:
        return _("已调取，不用交（%(number)s）") % {"number": one.certificate.number}
    if files := draft.files.get(one.code):
        return "、".join(file.name for file in files)
    if one.provided.how == "paper":
        return _("窗口已核对原件")
    if one.provided.how == "copy":
        return _("窗口已收复印件")
    if one.provided.how == "commitment" and one.signed:
        return _("告知承诺，%(name)s签署") % {"name": one.signed.signed_name}
    if one.provided.state == "owed" and one.material.may_follow:
        return _("受理后%(limit)s内补交，已签承诺") % {"limit": follow_words(one.material)}
    return _("不交") if one.provided.state == "absent" else _("还没交")


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
    if form.to is not None:
        forms.keep_aside(draft_id=draft.id, aside=form.to.words, by=request.actor, at=request.at)
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
