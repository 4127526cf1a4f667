"""A draft: found again by its code, its list of what is to do, and the pages of its form."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.cases import known
from mingqu.cases.forms import ResumeForm
from mingqu.cases.provisions import Provision
from mingqu.cases.services.filing import is_for_bundle
from mingqu.cases.views.kept import differences, keep_until_opened, take_kept
from mingqu.cases.views.knowing import FILLED, KNOWN, offered, put_in
from mingqu.cases.views.shared import (
    GET_OR_POST,
    WRONG,
    Drafting,
    citizen,
    draft_gone,
    drafting,
    hold,
    on_draft,
    situation_url,
    spared,
    to_its_case,
    ways_back,
)
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound, DraftTooLarge
from mingqu.forms.types import Page
from mingqu.identity.services import client_address, limits
from mingqu.identity.types import PersonView
from mingqu.kernel.errors import DomainError
from mingqu.ui.access import public
from mingqu.ui.types import Action, Task

# Fields of a form page that are no question. END comes last: without it the page arrived only in part.
VERSION, END, LEAVE = "_version", "_end", "_leave"


@public
@never_cache
@require_http_methods(GET_OR_POST)
def resume(request: Any) -> HttpResponse:
    """The code from paper opens the draft."""
    form, status = ResumeForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                return _opened(request, form.cleaned_data["code"])
            except DomainError as refused:
                form.add_error("code", refused.message)
                status = refused.status
    return render(request, "cases/resume.html", {"form": form}, status=status)


@public
@never_cache
@require_safe
def resume_link(request: Any, code: str) -> HttpResponse:
    """
    The same as a link or QR code. It opens nothing by itself: else a stranger's link would put his own draft into a
    browser, and what is typed there before signing in would be his to read.
    """
    form = ResumeForm(initial={"code": code})
    return render(request, "cases/resume.html", {"form": form, "by_link": True})


def _opened(request: Any, code: str) -> HttpResponse:
    """Only wrong codes count towards the limit: many people share the address of a service hall."""
    limits.spend("draft_code_address", client_address(request), at=request.at)
    found, token = drafts.draft_of_token(code, at=request.at)
    limits.give_back("draft_code_address", client_address(request))
    hold(request, found.draft_id, token)
    return redirect("bundles:draft" if is_for_bundle(found) else "cases:draft", draft_id=found.draft_id)


@public
@never_cache
@require_safe
@on_draft
def task_list(request: Any, draft: Drafting) -> HttpResponse:
    """Everything this application still needs, each with its state."""
    open_pages = sum(1 for task in _pages(draft) if task.status != "done")
    open_tasks = open_pages + sum(1 for one in draft.provisions if not one.done)
    context = {
        "draft": draft,
        "page_tasks": _pages(draft),
        "material_tasks": _materials(draft),
        "last_tasks": last_tasks(draft.person, reverse("cases:check", args=[draft.id]), ready=not open_tasks),
        "open_tasks": open_tasks,
        "ready_actions": [Action(_("核对并提交"), reverse("cases:check", args=[draft.id]))],
        "situation_url": situation_url(draft),
        **({} if draft.claimed else ways_back(draft.holder.token)),
    }
    return render(request, "cases/draft.html", context)


def _pages(draft: Drafting) -> list[Task]:
    return [_page_task(draft, page) for page in draft.schema.pages]


def _page_task(draft: Drafting, page: Page) -> Task:
    url = reverse("cases:form_page", args=[draft.id, page.number])
    wrong = sum(1 for problem in draft.problems if problem.page == page.number)
    begun = any(forms.get(draft.view.answers, path) is not None for path in page.paths)
    if not wrong:
        return Task(page.title, "done", _("填好了"), url=url)
    if not begun:
        return Task(
            page.title,
            "received",
            _("还没填"),
            pgettext("questions", "%(count)d项") % {"count": len(page.paths)},
            url,
        )
    return Task(page.title, "correct", _("还有%(count)d处") % {"count": wrong}, url=url)


def _materials(draft: Drafting) -> list[Task]:
    """What is asked for first, then what may be handed in besides."""
    found = sorted(draft.provisions, key=lambda one: one.material.optional)
    return [_material_task(draft, one) for one in found]


def _material_task(draft: Drafting, one: Provision) -> Task:
    tag, words = _material_state(draft, one)
    url = reverse("cases:material", args=[draft.id, one.material.code])
    return Task(one.material.name, tag, words, _material_hint(draft, one), url)


def _material_state(draft: Drafting, one: Provision) -> tuple[str, str]:
    if one.certificate:
        return "done", _("已调取，不用交")
    if count := len(draft.files.get(one.material.code, [])):
        return "done", _("已交%(count)d个文件") % {"count": count}
    if one.provided.how == "commitment":
        return "done", _("已签告知承诺")
    if one.provided.state == "owed":
        return "done", _("受理后补交")
    return "received", _("可以不交") if one.provided.state == "absent" else _("还没交")


def _material_hint(draft: Drafting, one: Provision) -> str:
    """What it is; and as long as nothing stands for it, the ways that spare a file."""
    if one.certificate:
        return _("%(name)s %(number)s") % {
            "name": one.certificate.type_name,
            "number": one.certificate.number,
        }
    if one.provided.state not in {"missing", "absent"}:
        return one.material.explain
    if one.material.code in draft.handed_in_before:
        return "".join([one.material.explain, _("上次交过，点一下就能用。")])
    return "".join([one.material.explain, *spared(one.material, looked_up=draft.person is not None)])


def last_tasks(person: PersonView | None, check: str, *, ready: bool) -> list[Task]:
    """Who applies, and handing in; `check`: the address of the summary."""
    if person is None:
        who = Task(_("登录，填姓名和公民身份号码"), "received", _("提交前再做"), _("用手机号码登录就行"))
    else:
        state = ("done", _("填好了")) if person.name and not person.provisional else ("received", _("还没填"))
        who = Task(_("您的姓名和公民身份号码"), *state, url=check)
    last = Task(
        _("核对并提交"),
        "received",
        _("可以提交了") if ready else _("前面填好再来"),
        url=check if ready else "",
    )
    return [who, last]


# Pages of the form ----------------------------------------------------------------------------------------


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def form_page(request: Any, draft_id: UUID, page: int) -> HttpResponse:
    """One page of questions. Wrong answers are kept too; each is said at the top and beside its field."""
    try:
        draft = drafting(request, draft_id)
        draft.schema.page(page)
    except DraftAlreadyFiled:
        return to_its_case(request, draft_id)
    except DraftNotFound as gone:
        if request.method == "POST" and citizen(request) is None:
            back = reverse("cases:form_page", args=[draft_id, page])
            return keep_until_opened(request, draft_id, page, gone, back=back)
        return draft_gone(request, gone)
    except LookupError:
        return redirect("cases:draft", draft_id=draft_id)
    if request.method == "POST":
        return _save(request, draft, page)
    kept = take_kept(request, draft_id, page)
    form = forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=kept)
    if kept is None:
        return _shown(request, draft, page, form)
    return _shown(request, draft, page, form, kept=True, version=kept.get(VERSION))


def _save(request: Any, draft: Drafting, page: int) -> HttpResponse:
    if END not in request.POST:
        return _cut_off(request, draft, page)
    form = forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=request.POST)
    valid = form.is_valid()
    try:
        _write(request, draft, page, form)
    except DraftChangedElsewhere as refused:
        return _conflict(request, draft, page, form, refused)
    except DraftTooLarge as refused:
        form.add_error(None, refused.message)
        return _shown(request, draft, page, form, status=WRONG)
    if KNOWN in request.POST:
        return _put_in(request, drafting(request, draft.id), page)
    if LEAVE in request.POST:
        messages.success(request, _("已保存，随时可以接着填。"))
        return redirect("cases:draft", draft_id=draft.id)
    if not valid:
        return _shown(request, drafting(request, draft.id), page, form, status=WRONG)
    return HttpResponseRedirect(_after(request, draft, page))


def _offers(request: Any, draft: Drafting, page: int) -> list[known.Offer]:
    """What certificates and applications of the signed-in person say about the questions of this page."""
    by = citizen(request)
    if by is None:
        return []
    paths = draft.schema.page(page).paths
    found = known.offers(draft.definition, by, request.at, draft.party.id)
    return [offer for offer in found if offer.path in paths]


def _put_in(request: Any, draft: Drafting, page: int) -> HttpResponse:
    """The page is saved; then what was asked for is put in. Shown again."""
    put_in(request, draft.view, page, _offers(request, draft, page), draft.holder.token)
    back = "&back=check" if request.GET.get("back") == "check" else ""
    return redirect(f"{reverse('cases:form_page', args=[draft.id, page])}?{FILLED}=1{back}")


def _write(request: Any, draft: Drafting, page: int, form: forms.PageForm) -> None:
    """Save what the page holds, as of the version it showed. Raises what `save_draft` raises."""
    given = request.POST.get(VERSION, "")
    forms.save_draft(
        draft_id=draft.id,
        changes=form.changes,
        base_version=int(given) if given.isdecimal() and len(given) < 10 else 0,
        by=draft.holder.by,
        at=request.at,
        token=draft.holder.token,
        page=page,
    )


def _after(request: Any, draft: Drafting, page: int) -> str:
    """Back to the summary if it sent us here, else the next page, else the list."""
    if request.GET.get("back") == "check":
        return reverse("cases:check", args=[draft.id])
    if page < len(draft.schema.pages):
        return reverse("cases:form_page", args=[draft.id, page + 1])
    return reverse("cases:draft", args=[draft.id])


def _cut_off(request: Any, draft: Drafting, page: int) -> HttpResponse:
    """The line broke in the middle of the page: what came is shown, what did not is as it was saved."""
    fields = forms.page_form(draft.schema, page, {}, draft.circumstances, data=request.POST).changes
    came = {path: value for path, value in fields.items() if value is not None}
    answers = forms.merged(draft.view.answers, came)
    form = forms.page_form(draft.schema, page, answers, draft.circumstances)
    words = _("这一页没有传完整，还没有保存。请看一下下面的内容，再点一次“保存并继续”。")
    return _shown(request, draft, page, form, status=WRONG, note=words)


def _conflict(
    request: Any, draft: Drafting, page: int, form: forms.PageForm, refused: DomainError
) -> HttpResponse:
    """Another tab or device saved in between: both contents side by side, and both choices."""
    newest = drafting(request, draft.id)
    rows = differences(newest.schema, page, newest.view.answers, form.changes)
    more = {"differences": rows, "refused": refused}
    return _shown(request, newest, page, form, status=refused.status, **more)


def _shown(
    request: Any, draft: Drafting, page: int, form: forms.PageForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    schema_page, total = draft.schema.page(page), len(draft.schema.pages)
    back = request.GET.get("back") == "check"
    if back:
        back_url = reverse("cases:check", args=[draft.id])
    elif page > 1:
        back_url = reverse("cases:form_page", args=[draft.id, page - 1])
    else:
        back_url = reverse("cases:draft", args=[draft.id])
    context = {
        "draft": draft,
        "form": form,
        "schema_page": schema_page,
        "page": page,
        "total": total,
        "percent": round(100 * page / total),
        "back_url": back_url,
        "page_url": reverse("cases:form_page", args=[draft.id, page]),
        "materials": draft.situation.materials,
        "version": draft.view.version,
        **offered(request, form, _offers(request, draft, page)),
        **more,
    }
    return render(request, "cases/form_page.html", context, status=status)


@public
@never_cache
@sensitive_post_parameters()
@require_POST
def autosave(request: Any, draft_id: UUID, page: int) -> HttpResponse:
    """
    Keep what is typed, while it is typed; the answer is the line beside the progress bar. A failure stays
    visible there, so it comes as an ordinary answer.
    """
    context: dict[str, Any] = {"at": request.at}
    try:
        draft = drafting(request, draft_id)
        form = forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=request.POST)
        if END in request.POST:
            _write(request, draft, page, form)
            context["version"] = drafting(request, draft_id).view.version
    except (DraftChangedElsewhere, DraftTooLarge, DraftAlreadyFiled) as refused:
        context["refused"] = refused
    except DraftNotFound as gone:
        context["refused"], context["ended"] = gone, citizen(request) is None
    except LookupError:
        context["refused"] = DraftNotFound()
    return render(request, "cases/_saved.html", context)
