"""The sheets of a draft: each is a form of its own, saved as it is typed, with steps back and forward."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.catalogue import lists, rules, services
from mingqu.catalogue.draft_pages import looks_at
from mingqu.catalogue.errors import DefinitionInvalid, DraftChanged, PartChanged
from mingqu.catalogue.models import DefinitionDraft, DraftVersion
from mingqu.catalogue.studio import edits
from mingqu.catalogue.studio.choices import Choices
from mingqu.catalogue.studio.expert_views import of_expert
from mingqu.catalogue.studio.fields import Part, dom_id, inputs
from mingqu.catalogue.studio.flow import flow
from mingqu.catalogue.studio.keeping import neighbours
from mingqu.catalogue.studio.locating import in_words
from mingqu.catalogue.studio.missing import lacking
from mingqu.catalogue.studio.playing import example
from mingqu.catalogue.studio.previewing import previews
from mingqu.catalogue.studio.remarks import chosen, marked, places_of, remarks_on
from mingqu.catalogue.studio.sections import Section, new_element, section, sections
from mingqu.catalogue.studio.sheet import locked
from mingqu.catalogue.studio.taking import taken
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
AT = "at"  # beside a tick box that may stay empty: the input was on the page


@staff("catalogue.see")
@never_cache
@require_http_methods(GET_OR_POST)
def part(request: Any, draft_id: UUID, name: str) -> HttpResponse:
    """One sheet. Typed things come as they are typed (HTMX) or with a button; a button may change the rows besides."""
    found = lists.draft(request.actor, draft_id)
    page = Page(request, found, _section(found, name))
    if request.method == "POST":
        return page.save()
    return page.show()


def _section(found: DefinitionDraft, name: str) -> Section:
    try:
        return section(found.document, name)
    except KeyError as unknown:
        raise NotFound() from unknown


class Page:
    """A sheet of a draft as one person asks for it."""

    def __init__(self, request: Any, found: DefinitionDraft, of: Section) -> None:
        self.request, self.draft, self.section = request, found, of
        self.posts = identity.posts_within(edits.region_of(found.document))
        state = found.state in services.EDITABLE
        self.may_edit = state and access.allows(request.actor, "catalogue.edit", found)
        self.met_own = False  # a save of this page's own that was on its way when a button was pressed

    # -- reading

    def choices(self, document: Mapping[str, Any]) -> Choices:
        handling = edits.value_at(document, self.section.base) if self.section.base else None
        return Choices(document, handling, self.posts)

    def parts(self, document: Mapping[str, Any]) -> list[Part]:
        parts = self.section.parts(self.section.view(document), self.choices(document))
        return locked(parts, self.section.base) if self._drawn(document) else parts

    def _drawn(self, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The 业务办理项 of a step table whose flow an expert drew."""
        handling = edits.value_at(document, self.section.base) if self.section.short == "steps" else None
        return handling if isinstance(handling, Mapping) and handling.get("process") else None

    def digest(self) -> str:
        return rules.digest({"of": self.section.values(self.draft.document)})

    def context(self, document: Mapping[str, Any], parts: list[Part]) -> dict[str, Any]:
        back, forward = neighbours(self.draft) if self.may_edit else (None, None)
        ordered = sections(self.draft.document)
        place = [one.name for one in ordered].index(self.section.name)
        handling = edits.value_at(document, self.section.base) if self.section.base else None
        by_expert = self._drawn(document)
        drawn = (
            flow(handling, self.posts)
            if self.section.short == "steps" and handling and not by_expert
            else None
        )
        return {
            "draft": self.draft,
            "section": self.section,
            "rail": rail(self.draft, self.section),
            "parts": parts,
            "may_edit": self.may_edit,
            "digest": self.digest(),
            "back": back,
            "forward": forward,
            "next": ordered[place + 1] if place + 1 < len(ordered) else None,
            "posts": [f"{words}（{code}）" for code, words in self.posts.items()],
            "flow": drawn,
            "drawing": None if by_expert is None or self.request.htmx else of_expert(document, by_expert),
            "place": self.section.handling,
            "looks": looks_at(self.draft.pk),
            "lacking": lacking(self.draft, self.section, legal_day(self.request.at))
            if self.may_edit
            else None,
            **self._remarks(parts),
            "preview": previews(handling, legal_day(self.request.at)) if self.section.is_form else None,
        }

    def _remarks(self, parts: list[Part]) -> dict[str, Any]:
        """What was said about this sheet, marked on its rows; read once for a page, not for each save."""
        if self.request.htmx:
            return {}
        said = [one for one in remarks_on(self.draft) if one.section == self.section.name]
        marked(self.draft, self.section, parts, said)
        rights = ("catalogue.edit", "catalogue.review")
        return {
            "said": said,
            "part": self.section.name,
            "may_say": any(access.allows(self.request.actor, right, self.draft) for right in rights),
            "to_say": places_of(self.draft, self.section, parts),
            "say": chosen(self.draft, self.section, self.request.GET.get("say", "")[:300]),
        }

    def show(self) -> HttpResponse:
        context = self.context(self.draft.document, self.parts(self.draft.document))
        return render(self.request, "catalogue/studio/part.html", context)

    # -- saving

    def save(self) -> HttpResponse:
        access.require(self.request.actor, "catalogue.edit", self.draft)
        parts = self.parts(self.draft.document)
        view = self.section.view(self.draft.document)
        view, wrong = taken(view, parts, self.choices(self.draft.document), self._values())
        made = self.section.back(self.draft.document, view)
        if self.request.POST.get("digest") != self.digest() and (self.request.htmx or self._by_another()):
            return self._refused(made, wrong, PartChanged(who=self._who()))
        if wrong and not self.request.htmx:
            return self._refused(made, wrong, None)
        deed, _, path = self.request.POST.get("deed", "save").partition(" ")
        anchor = ""
        if deed == "typical" and self.section.short == "scenarios":
            made, anchor = self._with_typical(made)
        elif deed in DEEDS and not (self._drawn(made) and path.startswith(f"{self.section.base}.steps")):
            changed, anchor = DEEDS[deed](view, self._own(path), self.section.root)
            made = self.section.back(self.draft.document, changed)
        if made != self.draft.document:
            try:
                self._keep(made)
            except DomainError as refused:
                if refused.status == 403:
                    raise
                if self._met_own(refused):
                    return self.save()
                return self._refused(made, wrong, refused)
        if self.request.htmx:
            self.draft.refresh_from_db()
            return self._saved(wrong)
        url = reverse("catalogue:draft_part", args=[self.draft.pk, self.section.name])
        if deed == "next":
            url = self._next_url()
        return redirect(f"{url}#{dom_id(anchor)}" if anchor else url)

    def _keep(self, made: dict[str, Any]) -> None:
        services.save_draft(
            document=made,
            draft_id=self.draft.pk,
            version=self.draft.version,
            words=self.section.title,
            by=self.request.actor,
            at=self.request.at,
            key=new_id(),
        )

    def _met_own(self, refused: DomainError) -> bool:
        """
        Whether what came between reading the draft and writing it was typed on this page: a save of typing still on its
        way when a button is pressed. The draft is read anew then, and what the button sends is taken once more.
        """
        if self.met_own or self.request.htmx or not isinstance(refused, DraftChanged):
            return False
        self.draft.refresh_from_db()
        self.met_own = not self._by_another()
        return self.met_own

    def _with_typical(self, made: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """With an example made from the definition; where it can't be made, the page says why."""
        path = f"{self.section.base}.scenarios"
        try:
            found = example(made, self.section.handling or 0)
        except DefinitionInvalid as refused:
            messages.error(self.request, f"还不能生成场景：{in_words(made, refused.problems[0])}")
            return made, ""
        rows = edits.value_at(made, path)
        names = {str(row.get("name")) for row in rows or () if isinstance(row, Mapping)}
        if found["name"] in names:
            messages.info(self.request, "这个场景已经有了。")
            return made, ""
        after = edits.added(made, path, found)
        return after, f"{path}[{len(rows or ())}]"

    def _values(self) -> Callable[[str], list[str] | None]:
        data = self.request.POST
        there = set(data.getlist(AT))

        def values(path: str) -> list[str] | None:
            if path in data:
                return list(data.getlist(path))
            return [] if path in there else None

        return values

    def _own(self, path: str) -> str:
        """A path of this sheet. Raises NotFound for any other."""
        if not any(path == top or path.startswith((f"{top}.", f"{top}[")) for top in self.section.tops):
            raise NotFound()
        return path

    def _next_url(self) -> str:
        names = [one.name for one in sections(self.draft.document)]
        place = names.index(self.section.name) + 1
        if place < len(names):
            return reverse("catalogue:draft_part", args=[self.draft.pk, names[place]])
        return reverse("catalogue:draft", args=[self.draft.pk])

    def _by_another(self) -> bool:
        """Whether somebody else saved since this page was read; what one typed oneself a moment ago is no conflict."""
        seen = self.request.POST.get("version", "")
        since = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        others = DraftVersion.objects.filter(draft=self.draft, number__gt=since)
        me = self.request.actor.id
        return self.draft.author_id != me or others.exclude(person_id=me).exists()

    def _who(self) -> str:
        names = lists.people_of([self.draft])
        return names.get(str(self.draft.author_id), "另一个人")

    def _saved(self, wrong: dict[str, str]) -> HttpResponse:
        parts = self.parts(self.draft.document)
        labels = {one.path: one.label for one in inputs(parts)}
        context = self.context(self.draft.document, parts) | {
            "wrong": [(labels.get(path, path), sentence) for path, sentence in wrong.items()],
            "saved_at": self.request.at,
        }
        return render(self.request, "catalogue/studio/_saved.html", context)

    def _refused(
        self, made: dict[str, Any], wrong: dict[str, str], refused: DomainError | None
    ) -> HttpResponse:
        """The sheet with what was typed; an answer to typing (HTMX) says only why it was not saved."""
        if self.request.htmx:
            context = {"refused": refused}
            return render(self.request, "catalogue/studio/_saved.html", context)
        parts, values = self.parts(made), self._values()
        errors = []
        for one in inputs(parts):
            if one.path in wrong:
                one.error, one.value = wrong[one.path], (values(one.path) or [""])[-1]
                errors.append((f"{one.label}：{one.error}", one.id))
        context = self.context(made, parts) | {"refused": refused, "errors": errors}
        status = refused.status if refused else WRONG
        return render(self.request, "catalogue/studio/part.html", context, status=status)


def rail(found: DefinitionDraft, current: Section) -> list[dict[str, Any]]:
    """The sheets for the menu: of the whole, of the 业务办理项 one is in (else the first), and the others."""
    groups: list[dict[str, Any]] = [{"title": "", "links": []}]
    opened = current.handling or 0
    others: list[dict[str, Any]] = []
    for one in sections(found.document):
        url = reverse("catalogue:draft_part", args=[found.pk, one.name])
        link = {"title": one.title, "url": url, "current": one.name == current.name}
        if one.handling is not None and one.short == "main":
            name = str(edits.value_at(found.document, f"{one.base}.name") or "没有名称的办理项")
            if one.handling != opened:
                others.append(link | {"title": name})
            else:
                groups.append({"title": name, "links": []})
        if one.handling is None or one.handling == opened:
            groups[-1]["links"].append(link)
    return [*groups, {"title": "别的办理项", "links": others}] if others else groups


Made = tuple[dict[str, Any], str]


def _add(made: dict[str, Any], path: str, root: Any) -> Made:
    try:
        after = edits.added(made, path, new_element(made, path, root))
    except KeyError as unknown:
        raise NotFound() from unknown
    return after, f"{path}[{len(edits.value_at(after, path)) - 1}]"


def _up(made: dict[str, Any], path: str, root: Any) -> Made:
    return _move(made, path, -1)


def _down(made: dict[str, Any], path: str, root: Any) -> Made:
    return _move(made, path, 1)


def _move(made: dict[str, Any], path: str, by: int) -> Made:
    try:
        after = edits.moved(made, path, by)
    except KeyError as unknown:
        raise NotFound() from unknown
    parent, _, place = path.removesuffix("]").rpartition("[")
    rows = edits.value_at(after, parent)
    return after, f"{parent}[{min(max(int(place) + by, 0), len(rows) - 1)}]"


def _remove(made: dict[str, Any], path: str, root: Any) -> Made:
    try:
        return edits.removed(made, path), path.removesuffix("]").rpartition("[")[0]
    except KeyError as unknown:
        raise NotFound() from unknown


DEEDS: dict[str, Callable[[dict[str, Any], str, Any], Made]] = {
    "add": _add,
    "up": _up,
    "down": _down,
    "remove": _remove,
}
