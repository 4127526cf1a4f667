"""What was said about places of a draft, for its pages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from mingqu.catalogue import places
from mingqu.catalogue.models import DefinitionDraft, DraftComment
from mingqu.catalogue.studio.edits import named, placed, value_at
from mingqu.catalogue.studio.locating import in_words, located
from mingqu.catalogue.studio.sections import Section, section_of
from mingqu.catalogue.studio.sheet import Part, all_rows, dom_id
from mingqu.identity import selectors as identity


@dataclass(frozen=True)
class Said:
    """One remark, whole for a line of a page; `url` leads to its place, "" where that is gone."""

    id: UUID
    place: str
    path: str
    text: str
    who: str
    at: datetime
    settled: bool
    url: str
    section: str


def remarks_on(draft: DefinitionDraft) -> list[Said]:
    """All remarks of a draft, open ones first."""
    rows = list(DraftComment.objects.filter(draft=draft).order_by("said_at", "id"))
    names = identity.names_of({row.author_id for row in rows}) if rows else {}
    made = [_said(draft, row, str(names.get(row.author_id, ""))) for row in rows]
    return sorted(made, key=lambda one: one.settled)


def _said(draft: DefinitionDraft, row: DraftComment, who: str) -> Said:
    url, name, place = "", "", "整份定义"
    if row.path:
        place = places.words(draft.document, row.path)
        try:
            path = placed(draft.document, row.path)
        except KeyError:
            place += "（已经没有了）"
        else:
            of = section_of(draft.document, path)
            name = of.name if of else ""
            url = f"{url_of(draft, of)}#{dom_id(path)}" if of else ""
    return Said(row.pk, place, row.path, row.text, who, row.said_at, row.settled_at is not None, url, name)


def places_of(draft: DefinitionDraft, section: Section, parts: list[Part]) -> list[tuple[str, str]]:
    """(path, words) of what can be remarked on a sheet: the whole of it, and each row."""
    there = [top for top in _tops(section) if value_at(draft.document, top) is not None]
    tops = [(named(draft.document, top), section.title) for top in [*there, section.base][:1]]
    if section.is_form:
        return tops
    rows = [row for rows in all_rows(parts) for row in rows.rows]
    return [*tops, *((named(draft.document, row.path), row.title) for row in rows)]


def _tops(section: Section) -> list[str]:
    if section.is_form:
        return [f"{section.base}.form"]
    return [section.base] if section.base and section.short == "main" else section.tops


def url_of(draft: DefinitionDraft, section: Section) -> str:
    return reverse("catalogue:draft_part", args=[draft.pk, section.name])


def led(draft: DefinitionDraft, lines: Iterable[Any]) -> list[Any]:
    """Each remark of the linter with where it is put right; of what is not written yet that is its empty input."""
    made = []
    for line in lines:
        try:
            path = placed(draft.document, line.path)
        except KeyError:
            path = line.path
        of = section_of(draft.document, path) if path else None
        made.append(replace(line, url=f"{url_of(draft, of)}#{dom_id(path)}") if of else line)
    return made


def linked(draft: DefinitionDraft, lines: Iterable[Any]) -> list[tuple[Any, str]]:
    """Each finding, its place in words, with where it is put right."""
    made = []
    for line in lines:
        of, anchor = located(
            draft.document, f"{line.place}：{line.sentence}" if line.place else line.sentence
        )
        url = f"{url_of(draft, of)}#{anchor}" if anchor else url_of(draft, of)
        made.append((replace(line, place=in_words(draft.document, line.place)), url))
    return made
