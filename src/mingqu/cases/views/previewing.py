"""
预览: a draft of a definition as its applicant will meet it, by the very pages: questions, what they come to, the form,
the last look. Nothing is stored; what is typed goes from page to page with the page itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingqu.cases.errors import SituationStops, SituationUnanswered
from mingqu.cases.forms import CheckForm
from mingqu.cases.services.files import Holder
from mingqu.cases.services.filing import checked_situation
from mingqu.cases.views import check, situation
from mingqu.cases.views.asking import HANDLING, LATER, Asking, answered, ready
from mingqu.cases.views.drafts import END, LEAVE
from mingqu.cases.views.shared import WRONG, Drafting, circumstances
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import AnswerUnknown
from mingqu.catalogue.types import Definition
from mingqu.documents.selectors import FileView
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView
from mingqu.ui.access import staff
from mingqu.ui.preview import enclosed

CARRIED, SALT = "_carried", "mingqu.cases.preview"
NOBODY = SimpleNamespace(name="（登录以后的姓名）", citizen_number="")
PAGES = {"start": "preview_start", "result": "preview_result", "begin": "preview_form"}
WORDS = "申请人会看到这样的页面。可以试着点、试着填，什么都不会保存。"
LAST = "预览到这里：再往下就是提交。这里没有提交，也没有保存。"


@dataclass(frozen=True)
class PreviewAsking(Asking):
    """The questions of a draft of a definition."""

    of: UUID | None = None

    def address(self, page: str) -> str:
        if page not in PAGES:
            return super().address(page)
        return reverse(f"cases:{PAGES[page]}", args=[self.of])


@dataclass(frozen=True)
class Previewed(Drafting):
    """An application that is none: never stored, without files, nobody's."""

    of: catalogue.Drafted

    @property
    def definition(self) -> Definition:
        return self.of.definition

    @property
    def files(self) -> dict[str, list[FileView]]:
        return {}


@staff("catalogue.see")
@never_cache
@require_safe
def start(request: Any, draft_id: UUID) -> HttpResponse:
    return _shown(request, draft_id, situation.go_on(request, _asking(request, draft_id, request.GET)))


@staff("catalogue.see")
@never_cache
@require_safe
def result(request: Any, draft_id: UUID) -> HttpResponse:
    return _shown(request, draft_id, situation.come_to(request, _asking(request, draft_id, request.GET)))


@staff("catalogue.see")
@never_cache
@require_POST
def form(request: Any, draft_id: UUID) -> HttpResponse:
    """The pages of the form one after the other, then the last look; a wrong page says so as the real one does."""
    data = request.POST
    if CARRIED not in data and "_begin" not in data:
        return redirect("cases:preview_start", draft_id)
    if LEAVE in data:
        return redirect("catalogue:draft", draft_id)
    if CARRIED not in data:
        return _begun(request, draft_id)
    found = _carried(request, draft_id, data[CARRIED])
    if found is None:
        return redirect("cases:preview_start", draft_id)
    carried, draft = found
    page = int(carried["page"])
    typed = forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances, data=data)
    valid = typed.is_valid() and END in data
    answers = forms.merged(draft.view.answers, typed.changes)
    if not valid:
        return _page(request, draft, page, typed, status=WRONG)
    onward = _draft(request, draft_id, {**carried, "answers": answers, "page": page + 1})
    if page < len(draft.schema.pages):
        return _page(request, onward, page + 1)
    return _last(request, onward)


def _carried(request: Any, draft_id: UUID, said: str) -> tuple[dict[str, Any], Previewed] | None:
    """What the page brought, as long as the draft still has that page and asks those questions; else None."""
    try:
        carried: dict[str, Any] = signing.loads(said, salt=SALT)
    except signing.BadSignature:
        return None
    if carried.get("of") != str(draft_id):
        return None
    draft = _draft(request, draft_id, carried)
    same = draft.definition.handling_item.code == carried["handling"]
    try:
        checked_situation(draft.definition, carried["situation"])
    except (SituationUnanswered, SituationStops, AnswerUnknown):
        return None
    return (carried, draft) if same and 1 <= int(carried["page"]) <= len(draft.schema.pages) else None


def _asking(request: Any, draft_id: UUID, data: Any) -> PreviewAsking:
    of = catalogue.drafted(request.actor, draft_id, data.get(HANDLING, ""))
    given, codes = data.get(HANDLING, ""), [one.code for one in ready(of.document)]
    known = PreviewAsking(
        of.code, UUID(int=0), "", of.document, of.definition, {}, "", handling_given=given, of=draft_id
    )
    known = replace(known, chosen=given in codes or len(codes) == 1)
    found = answered(known, data)
    # A certificate to act on there is none of: as if it were chosen after signing in.
    made = replace(found, certificate=LATER if found.acts_on_certificate else "")
    assert isinstance(made, PreviewAsking)
    return made


def _begun(request: Any, draft_id: UUID) -> HttpResponse:
    known = _asking(request, draft_id, request.POST)
    try:
        came = checked_situation(known.definition, {k: list(v) for k, v in known.given.items() if v})
    except (SituationUnanswered, SituationStops, AnswerUnknown):
        return HttpResponseRedirect(known.url())
    handling = known.definition.handling_item.code
    carried = {
        "of": str(draft_id),
        "handling": handling,
        "situation": came.answers,
        "answers": {},
        "page": 1,
    }
    return _page(request, _draft(request, draft_id, carried), 1)


def _draft(request: Any, draft_id: UUID, carried: Mapping[str, Any]) -> Previewed:
    of = catalogue.drafted(request.actor, draft_id, carried["handling"])
    context = {"handling": carried["handling"], "situation": carried["situation"]}
    view = DraftView(
        draft_id=draft_id,
        about=of.code,
        form_digest="",
        context=context,
        answers=carried["answers"],
        version=1,
        page=int(carried["page"]),
        owner_id=None,
        saved_at=request.at,
        expires_at=request.at,
    )
    return Previewed(view, Holder(None, ""), circumstances(request), of)


def _page(
    request: Any, draft: Previewed, page: int, typed: forms.PageForm | None = None, *, status: int = 200
) -> HttpResponse:
    shown = typed or forms.page_form(draft.schema, page, draft.view.answers, draft.circumstances)
    total, view = len(draft.schema.pages), draft.view
    carried = {**view.context, "of": str(draft.id), "answers": view.answers, "page": page}
    context = {
        "draft": draft,
        "form": shown,
        "schema_page": draft.schema.page(page),
        "page": page,
        "total": total,
        "percent": round(100 * page / total),
        "back_url": reverse("cases:preview_start", args=[draft.id]),
        "materials": draft.situation.materials,
        "version": 1,
        "offers": [],
        "carried": signing.dumps(carried, salt=SALT, compress=True),
    }
    return _drawn(request, draft.id, "cases/form_page.html", context, status)


def _last(request: Any, draft: Previewed) -> HttpResponse:
    """核对并提交 with what was typed; its button leads nowhere but back."""
    context = {
        "draft": draft,
        "form": CheckForm(licence=check.is_licence(draft)),
        "person": NOBODY,
        "identity_url": "",
        "party_url": "",
        "sections": check.sections(draft),
        "situation": check.situation_rows(draft),
        "situation_url": reverse("cases:preview_start", args=[draft.id]),
        "material_rows": check.material_rows(draft),
        "missing": [],
        "changed": LAST,
    }
    return _drawn(request, draft.id, "cases/check.html", context)


def _drawn(
    request: Any, draft_id: UUID, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    page = HttpResponse(render_to_string(template, context, request), status=status)
    return _shown(request, draft_id, page)


def _shown(request: Any, draft_id: UUID, page: HttpResponse) -> HttpResponse:
    """With the banner, and without ways out."""
    if page.status_code in (301, 302):
        return page
    html = enclosed(
        page.content.decode(),
        within=f"/desk/items/drafts/{draft_id}/preview/",
        words=WORDS,
        back=reverse("catalogue:draft", args=[draft_id]),
        back_words="返回草稿",
    )
    return HttpResponse(html, status=page.status_code)
