"""
专家视图 of the flow of a draft: the same draft as its step table, drawn as BPMN. Looked at and changed with bpmn-js;
without scripts the source stands in its place.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.catalogue import lists, route_checks, rules, selectors, services
from mingqu.catalogue.checking import referred
from mingqu.catalogue.forms import DeedForm
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio import drawn_flow, edits
from mingqu.catalogue.studio.putting import put
from mingqu.catalogue.studio.remarks import of_drawing
from mingqu.catalogue.types import Definition, complete, view
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.process.types import Finding
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
FLOW = "流程图"
FLOW_SAYS = "环节表写不出来的分岔和汇合，在图上画"
TABLES_SAY = "条件多的规则写成一张表：能不能办，收多少"


@staff("catalogue.see")
@never_cache
@require_http_methods(GET_OR_POST)
def flow(request: Any, draft_id: UUID, place: int) -> HttpResponse:
    """The drawing of one 业务办理项. `check` only answers what is wrong with what came; nothing is kept."""
    page = _Page(request, lists.draft(request.actor, draft_id), place)
    if request.method != "POST":
        return page.show()
    deed = request.POST.get("deed", "save")
    if deed == "check":
        return page.checked()
    if deed not in ("save", "table"):
        raise NotFound()
    return page.save(deed)


@staff("catalogue.see")
@never_cache
@require_GET
def flow_file(request: Any, draft_id: UUID, place: int) -> HttpResponse:
    """The drawing as a file for other software."""
    page = _Page(request, lists.draft(request.actor, draft_id), place)
    name = f"{page.draft.item_code}-{place + 1}.bpmn"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(page.stored.xml, content_type="application/xml", headers=headers)


class _Page:
    """The flow of one 业务办理项 of a draft as one person asks for it."""

    def __init__(self, request: Any, found: DefinitionDraft, place: int) -> None:
        self.request, self.draft, self.place = request, found, place
        handling = edits.value_at(found.document, f"handling[{place}]")
        if not isinstance(handling, Mapping):
            raise NotFound()
        self.handling = handling
        self.files = selectors.files_of(referred(found.document))
        self.stored = drawn_flow.drawing(handling, self.files)
        open_ = found.state in services.EDITABLE
        self.may_edit = open_ and access.allows(request.actor, "catalogue.edit", found)

    def show(
        self,
        xml: str = "",
        refused: DomainError | None = None,
        form: DeedForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        posts = identity.posts_within(edits.region_of(self.draft.document))
        shown = xml or self.stored.xml
        context = {
            "draft": self.draft,
            "place": self.place,
            "name": str(self.handling.get("name") or "没有名称的办理项"),
            "steps": f"{self.place}-steps",
            "xml": shown,
            "own": self.stored.own,
            "troubles": self.stored.troubles,
            "may_edit": self.may_edit,
            "refused": refused,
            "form": form or DeedForm(initial={"version": self.draft.version}),
            "posts": [f"{words}（{code}）" for code, words in posts.items()],
            "lines": section_lines(self.handling),
            **remarks_of(self.request, self.draft, f"handling[{self.place}].process"),
            **self._told(shown),
        }
        return render(self.request, "catalogue/studio/flow_expert.html", context, status=status)

    def checked(self) -> HttpResponse:
        """What is wrong with what is being drawn, as the part of the page that says so."""
        access.require(self.request.actor, "catalogue.edit", self.draft)
        told = self._told(self.request.POST.get("xml", ""))
        return render(self.request, "catalogue/studio/_flow_findings.html", told)

    def save(self, deed: str) -> HttpResponse:
        access.require(self.request.actor, "catalogue.edit", self.draft)
        xml = self.request.POST.get("xml", "")
        content = drawn_flow.read(xml)
        change = services.ExpertChange(
            FLOW,
            lambda document: (
                drawn_flow.with_drawing(document, self.place, content)
                if deed == "save"
                else (drawn_flow.without_drawing(document, self.place), {})
            ),
        )
        if (refused := put(self, xml, change)) is not None:
            return refused
        self.draft.refresh_from_db()
        own = "process" in edits.value_at(self.draft.document, f"handling[{self.place}]")
        by_table = "已保存。这个流程环节表写得出来，环节表已经一起改好。"
        by_drawing = "已保存。先后由流程图决定，环节表里的环节已经对齐。"
        dropped = "不用流程图了，按环节表从上到下办。"
        messages.success(self.request, dropped if deed == "table" else by_drawing if own else by_table)
        return redirect("catalogue:draft_flow", self.draft.pk, self.place)

    def _told(self, xml: str) -> dict[str, Any]:
        """Findings by element, and what of it the table can't say."""
        content = drawn_flow.read(xml)
        mine = _whole(self.draft.document, self.handling)
        names = rules.step_names(mine) if mine is not None else None
        try:
            looked = drawn_flow.looked_at(content, self.stored.process, None, names)
        except DomainError as refused:
            return {
                "findings": [Finding("", refused.code, refused.message)],
                "beyond": [],
                "kept": [],
                "unread": True,
            }
        named = {post for row in looked.rows for post in (row.post, *row.signers)} - {drawn_flow.NOBODY, ""}
        known = identity.posts_by_code(named)
        unknown = [
            Finding(row.id, "unknown_post", f"“{row.name or row.id}”的岗位还没有选，或者没有这个岗位。")
            for row in looked.rows
            if not {row.post, *row.signers} <= known.keys()
        ]
        agree = list(route_checks.findings(mine.routes, looked.plan)) if mine and looked.plan else []
        found = [*looked.findings, *unknown, *agree]
        return {"findings": found, "beyond": looked.beyond, "kept": looked.kept, "unread": False}


def remarks_of(request: Any, found: DefinitionDraft, path: str) -> dict[str, Any]:
    """What was said of a drawing or table, and who may say more; read once for a page."""
    may_say = any(
        access.allows(request.actor, right, found) for right in ("catalogue.edit", "catalogue.review")
    )
    return of_drawing(found, path, may_say=may_say, asked=request.GET.get("say", "")[:200])


def _whole(document: Mapping[str, Any], handling: Mapping[str, Any]) -> Definition | None:
    """What a drawing is held against; None while the draft is not whole enough to say."""
    if rules.shape_problems(document):
        return None
    whole = rules.document_of(document)
    mine = next((one for one in whole.handling if one.code == handling.get("code")), None)
    return view(whole, mine.code) if mine is not None and complete(mine) else None


def section_lines(handling: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a condition may ask about, for the expert's panel: the expression and what it means."""
    found = []
    for question in handling.get("situations") or ():
        if isinstance(question, Mapping):
            for choice in question.get("choices") or ():
                if isinstance(choice, Mapping):
                    ask, value = question.get("ask"), choice.get("value")
                    said = (
                        f'list contains(situation.{ask}, "{value}")'
                        if question.get("many")
                        else f'situation.{ask} = "{value}"'
                    )
                    found.append((said, f"{question.get('text')}：{choice.get('label')}"))
    for route in handling.get("routes") or ():
        for result in (route.get("results") or ()) if isinstance(route, Mapping) else ():
            if isinstance(result, Mapping):
                said = f'outcome.{route.get("code")} = "{result.get("value")}"'
                found.append((said, f"自动判定{route.get('name')}：{result.get('label')}"))
    return found


def of_expert(document: Mapping[str, Any], handling: Mapping[str, Any]) -> dict[str, Any]:
    """A drawing for the page of the step table: it decides there, and why the table alone would not do."""
    drawn = drawn_flow.drawing(handling, selectors.files_of(referred(document)))
    try:
        looked = drawn_flow.looked_at(drawn_flow.read(drawn.xml), drawn.process, None, None)
    except DomainError as refused:
        return {"xml": drawn.xml, "beyond": [refused.message]}
    return {"xml": drawn.xml, "beyond": [one.sentence for one in looked.beyond]}


def expert_links(found: DefinitionDraft) -> list[tuple[str, str, str]]:
    """(words, address, what one sees there) of the 专家视图 of a draft."""
    handling = found.document.get("handling")
    rows = [one if isinstance(one, Mapping) else {} for one in handling] if isinstance(handling, list) else []
    made = []
    for place, one in enumerate(rows):
        of = f"（{one.get('name') or '没有名称'}）" if len(rows) > 1 else ""
        made.append((f"流程图{of}", reverse("catalogue:draft_flow", args=[found.pk, place]), FLOW_SAYS))
        made.append((f"决策表{of}", reverse("catalogue:draft_decisions", args=[found.pk, place]), TABLES_SAY))
    return made
