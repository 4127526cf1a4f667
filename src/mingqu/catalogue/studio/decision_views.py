"""专家视图 of the decision tables of a draft: written with dmn-js, tried on answers, checked, kept by digest."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.catalogue import lists, selectors, services
from mingqu.catalogue.checking import DMN, decision_problems, referred
from mingqu.catalogue.forms import DeedForm
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio import decided, edits
from mingqu.catalogue.studio.expert_views import remarks_of
from mingqu.catalogue.studio.putting import put
from mingqu.catalogue.types import Eligibility, StoredFile
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.middleware import CONTENT_SECURITY_POLICY
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
# dmn-js writes the mark that must stay visible with styles in the text of its element. They are let through by their
# digests, so that nothing of the mark is changed and no other such style applies.
OWN_STYLES = (
    "sha256-r3vOsuepBDg6tz/cOusiNJ9Y4Lp9hGQTT7pzDks1Xxc=",
    "sha256-CA/eh4+2R0J7cEQ14gBMtx834RIOjzMUqCM+evtrkp4=",
)
POLICY = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self';",
    "style-src 'self'; style-src-attr 'unsafe-hashes' " + " ".join(f"'{one}'" for one in OWN_STYLES) + ";",
)


@staff("catalogue.see")
@never_cache
@require_GET
def decisions(request: Any, draft_id: UUID, place: int) -> HttpResponse:
    """The tables a 业务办理项 has or may have."""
    found = lists.draft(request.actor, draft_id)
    handling = _handling(found, place)
    context = {
        "draft": found,
        "name": str(handling.get("name") or "没有名称的办理项"),
        "place": place,
        "tables": decided.tables(found.document, place),
        "may_edit": _may_edit(request, found),
        "result": f"{place}-result",
    }
    return render(request, "catalogue/studio/decisions.html", context)


@staff("catalogue.see")
@never_cache
@require_http_methods(GET_OR_POST)
def decision(request: Any, draft_id: UUID, place: int, name: str) -> HttpResponse:
    """One table. `check` and `try` answer what came, and keep nothing."""
    found = lists.draft(request.actor, draft_id)
    _handling(found, place)
    table = next((one for one in decided.tables(found.document, place) if one.name == name), None)
    if table is None:
        raise NotFound()
    page = _Page(request, found, place, table)
    if request.method != "POST":
        return page.show()
    deed = request.POST.get("deed", "save")
    if deed == "check":
        return page.checked()
    if deed not in ("save", "drop", "try"):
        raise NotFound()
    return page.show(request.POST.get("xml", "")) if deed == "try" else page.save(deed)


class _Page:
    def __init__(self, request: Any, found: DefinitionDraft, place: int, table: decided.Table) -> None:
        self.request, self.draft, self.place, self.table = request, found, place, table
        self.may_edit = _may_edit(request, found)

    def show(
        self,
        xml: str = "",
        refused: DomainError | None = None,
        form: DeedForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        files = selectors.files_of(referred(self.draft.document))
        shown = xml or decided.text_of(self.table, self.draft.document, self.place, files)
        context = {
            "draft": self.draft,
            "place": self.place,
            "table": self.table,
            "xml": shown,
            "may_edit": self.may_edit,
            "refused": refused,
            "form": form or DeedForm(initial={"version": self.draft.version}),
            **remarks_of(self.request, self.draft, self.table.path),
            **self._told(shown),
        }
        answer = render(self.request, "catalogue/studio/decision.html", context, status=status)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    def checked(self) -> HttpResponse:
        """What is wrong with what is being written, and what it says of the answers tried."""
        told = self._told(self.request.POST.get("xml", "")) | {"table": self.table}
        return render(self.request, "catalogue/studio/_decision_told.html", told)

    def save(self, deed: str) -> HttpResponse:
        access.require(self.request.actor, "catalogue.edit", self.draft)
        xml = self.request.POST.get("xml", "")
        content = decided.normal(xml).encode()
        change = services.ExpertChange(
            f"决策表：{self.table.title}",
            lambda document: (
                decided.with_table(document, self.table, content)
                if deed == "save"
                else (decided.without_table(document, self.table), {})
            ),
        )
        if (refused := put(self, xml, change)) is not None:
            return refused
        messages.success(self.request, "决策表已保存。" if deed == "save" else "这张决策表不用了。")
        if deed == "drop":
            return redirect("catalogue:draft_decisions", self.draft.pk, self.place)
        return redirect("catalogue:draft_decision", self.draft.pk, self.place, self.table.name)

    def _told(self, xml: str) -> dict[str, Any]:
        """Findings, and the trial where something was typed for it."""
        said = {
            name.removeprefix("in."): value for name, value in self.request.POST.items() if name[:3] == "in."
        }
        document = self.draft.document
        reads = decided.asked(self.table, document, self.place, said)
        content = decided.normal(xml).encode()
        told: dict[str, Any] = {"asked": reads, "findings": [], "tried": None}
        try:
            name = decided.answering(content, self.table.decision)
            of, file = Eligibility("0" * 64, name), StoredFile(DMN, content)
            told["findings"] = list(
                decision_problems(of, file, decided.known(self.table, document, self.place))
            )
            if any(said.values()):
                told["tried"] = decided.tried(content, name, reads)
        except DomainError as refused:
            told["findings"] = [refused.message]
        return told


def _handling(found: DefinitionDraft, place: int) -> Mapping[str, Any]:
    handling = edits.value_at(found.document, f"handling[{place}]")
    if not isinstance(handling, Mapping):
        raise NotFound()
    return handling


def _may_edit(request: Any, found: DefinitionDraft) -> bool:
    return found.state in services.EDITABLE and access.allows(request.actor, "catalogue.edit", found)
