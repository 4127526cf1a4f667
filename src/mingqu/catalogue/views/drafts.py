"""在编的定义: a file comes in, is checked, compared, handed in, reviewed by a second person, published."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.catalogue import lists, reports, services
from mingqu.catalogue.draft_pages import looks_at
from mingqu.catalogue.errors import DefinitionInvalid, ItemUnknown
from mingqu.catalogue.files import read_document, write_document
from mingqu.catalogue.forms import DeedForm, PublishForm, ReasonForm, ReviewForm, TextForm
from mingqu.catalogue.linting.selectors import remarks_of_draft
from mingqu.catalogue.models import DefinitionDraft, Revision
from mingqu.catalogue.studio.comparing import side_by_side
from mingqu.catalogue.studio.expert_views import expert_links
from mingqu.catalogue.studio.missing import unlisted_because
from mingqu.catalogue.studio.remarks import led, linked, remarks_on
from mingqu.catalogue.upgrades import upgraded
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.process.errors import PlanRefused
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
STATES = (("open", "没有发布的"), *DefinitionDraft.State.choices)


@staff("catalogue.see")
@never_cache
@require_GET
def draft_list(request: Any) -> HttpResponse:
    """What this actor works on; whoever only looks at what is published sees none."""
    state = request.GET.get("state", "open")
    rows, more = lists.drafts(request.actor, state=state, after=request.GET.get("after", ""))
    names = lists.people_of(rows)
    lines = [
        {"draft": row, "author": _name(names, row.author_id), "reviewer": _name(names, row.reviewer_id)}
        for row in rows
    ]
    context = {
        "rows": lines,
        "state": state,
        "states": STATES,
        "first_url": f"?state={state}" if request.GET.get("after") else "",
        "next_url": f"?state={state}&after={more}" if more else "",
        "may_edit": access.may(request.actor, "catalogue.edit"),
    }
    return render(request, "catalogue/drafts.html", context)


@staff("catalogue.edit")
@never_cache
@require_http_methods(GET_OR_POST)
def new_draft(request: Any) -> HttpResponse:
    """A definition from a file or pasted; `?item=` begins with what is in force."""
    if request.method == "POST":
        return _saved(request, TextForm(request.POST, request.FILES), None)
    text, code = "", request.GET.get("item", "")[:40]
    if code:
        found = lists.item(code)
        assert found.current is not None
        text = write_document(found.current.document)
    return _asked(request, TextForm(initial={"text": text}), None)


@staff("catalogue.edit")
@never_cache
@require_http_methods(GET_OR_POST)
def edit_draft(request: Any, draft_id: UUID) -> HttpResponse:
    found = lists.draft(request.actor, draft_id)
    access.require(request.actor, "catalogue.edit", found)
    if request.method == "POST":
        return _saved(request, TextForm(request.POST, request.FILES), found)
    initial = {"text": write_document(found.document), "version": found.version}
    return _asked(request, TextForm(initial=initial), found)


def _saved(request: Any, form: TextForm, of: DefinitionDraft | None) -> HttpResponse:
    if not form.is_valid():
        return _asked(request, form, of, WRONG)
    try:
        document = upgraded(read_document(form.content))
        saved = services.save_draft(
            document=document,
            draft_id=of.pk if of else None,
            version=form.cleaned_data["version"] or 0,
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except DomainError as refused:
        return _asked(request, form, of, form.tell(refused))
    messages.success(request, "草稿已保存，下面是检查结果。")
    return redirect("catalogue:draft", draft_id=saved.draft_id)


def _asked(request: Any, form: TextForm, of: DefinitionDraft | None, status: int = 200) -> HttpResponse:
    return render(request, "catalogue/draft_edit.html", {"form": form, "draft": of}, status=status)


@staff("catalogue.see")
@never_cache
@require_GET
def draft(request: Any, draft_id: UUID) -> HttpResponse:
    return _page(request, lists.draft(request.actor, draft_id))


def _page(
    request: Any, found: DefinitionDraft, tried: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    state, actor = found.state, request.actor
    may = {
        name: access.allows(actor, f"catalogue.{name}", found)
        for name in ("edit", "submit", "review", "publish")
    }
    base = _base(found)
    seen = {"version": found.version}
    forms = {
        "submit": DeedForm(initial=seen),
        "take_back": DeedForm(initial=seen),
        "review": ReviewForm(initial=seen),
        "publish": PublishForm(initial=seen),
        "drop": ReasonForm(initial=seen),
    } | (tried or {})
    report = reports.report(found.document) if state != DefinitionDraft.State.PUBLISHED else None
    doubts = remarks_of_draft(found.document, legal_day(request.at)) if report else None
    editable = state in (DefinitionDraft.State.DRAFT, DefinitionDraft.State.RETURNED)
    submitted, approved = state == DefinitionDraft.State.SUBMITTED, state == DefinitionDraft.State.APPROVED
    names = lists.people_of([found])
    context = {
        "draft": found,
        "author": _name(names, found.author_id),
        "submitter": _name(names, found.submitter_id),
        "reviewer": _name(names, found.reviewer_id),
        "remarks": [
            one | {"name": names.get(one["who"], "系统"), "at": datetime.fromisoformat(one["at"])}
            for one in found.remarks
        ],
        "base": base,
        "report": report,
        "lint": None if doubts is None else led(found, reports.remarks(found.document, doubts)),
        "rows": reports.rows(base.document, found.document) if base else [],
        **side_by_side(base.document if base else None, found.document, _posts(found) if base else {}),
        "findings": linked(found, report.lines) if report else [],
        "unlisted": unlisted_because(found.document, legal_day(request.at)) if report else "",
        "said": remarks_on(found),
        "experts": expert_links(found),
        "looks": looks_at(found.pk) if state in DefinitionDraft.OPEN else [],
        "may_say": may["edit"] or may["review"],
        "forms": forms,
        "tried": next(iter((tried or {}).values()), None),
        "can": {
            "edit": editable and may["edit"],
            "submit": editable and may["submit"] and report is not None and not report.lines,
            "take_back": submitted
            and found.submitter_id == actor.id
            and access.allows(actor, "catalogue.take_back", found),
            "review": submitted and may["review"],
            "own": submitted
            and may["review"]
            and str(actor.id) in {str(i) for i in (found.author_id, found.submitter_id)},
            "publish": approved and may["publish"],
            "give_back": approved and may["review"],
            "drop": may["edit"] and (editable or submitted),
        },
    }
    return render(request, "catalogue/draft.html", context, status=status)


def _posts(found: DefinitionDraft) -> dict[str, str]:
    return identity.posts_within(found.region_code[:6].ljust(12, "0")) if found.region_code else {}


def _name(names: dict[str, str], person: UUID | None) -> str:
    return names.get(str(person), "")


def _base(found: DefinitionDraft) -> Revision | None:
    """What to compare with: what was in force when it was handed in, else what is now."""
    if found.base is not None:
        return found.base
    try:
        now = lists.item(found.item_code).current
    except ItemUnknown:
        return None
    return now if now is not None and now.pk != found.revision_id else None


def _submit(found: DefinitionDraft, form: Any, **given: Any) -> str:
    services.submit_draft(draft_id=found.pk, version=form.cleaned_data["version"] or 0, **given)
    return "已送审，等另一个人审核。"


def _take_back(found: DefinitionDraft, form: Any, **given: Any) -> str:
    services.take_back_draft(draft_id=found.pk, version=form.cleaned_data["version"] or 0, **given)
    return "已收回，可以接着修改，改好以后再送审。"


def _approve(found: DefinitionDraft, form: Any, **given: Any) -> str:
    said = form.cleaned_data
    services.approve_draft(draft_id=found.pk, version=said["version"] or 0, comment=said["comment"], **given)
    return "审核通过，可以发布了。"


def _return(found: DefinitionDraft, form: Any, **given: Any) -> str:
    said = form.cleaned_data
    services.return_draft(draft_id=found.pk, version=said["version"] or 0, reason=said["comment"], **given)
    return "已退回。"


def _publish(found: DefinitionDraft, form: Any, **given: Any) -> str:
    on = form.cleaned_data["on"] if form.cleaned_data["when"] == "day" else None
    services.publish_draft(draft_id=found.pk, on=on, **given)
    return "到那一天自动发布。" if on else "已发布，从现在起新的申请按这一版办。"


def _drop(found: DefinitionDraft, form: Any, **given: Any) -> str:
    services.drop_draft(draft_id=found.pk, reason=form.cleaned_data["reason"], **given)
    return "草稿已作废。"


DEEDS: dict[str, tuple[str, type[DeedForm], Callable[..., str]]] = {
    "submit": ("submit", DeedForm, _submit),
    "take_back": ("take_back", DeedForm, _take_back),
    "approve": ("review", ReviewForm, _approve),
    "return": ("review", ReviewForm, _return),
    "publish": ("publish", PublishForm, _publish),
    "drop": ("drop", ReasonForm, _drop),
}


@staff("catalogue.see")
@never_cache
@require_POST
def act(request: Any, draft_id: UUID) -> HttpResponse:
    """One deed on a draft; the command says whether this actor may. Refused, the page says why."""
    found = lists.draft(request.actor, draft_id)
    if request.POST.get("deed") not in DEEDS:
        raise NotFound()
    name, kind, run = DEEDS[request.POST["deed"]]
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, found, {name: form}, WRONG)
    try:
        done = run(found, form, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        if refused.status == 403:
            raise
        if isinstance(refused, DefinitionInvalid):
            form.add_error(None, "还有不符合要求的地方，见检查结果。")
            return _page(request, found, {name: form}, WRONG)
        return _page(request, lists.draft(request.actor, draft_id), {name: form}, form.tell(refused))
    except PlanRefused:
        form.add_error(None, "办理流程不能执行，见检查结果。")
        return _page(request, found, {name: form}, WRONG)
    messages.success(request, done)
    return redirect("catalogue:draft", draft_id=draft_id)
