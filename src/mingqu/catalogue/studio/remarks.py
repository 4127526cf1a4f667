"""What was said about places of a draft, for its pages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from mingqu.catalogue import places
from mingqu.catalogue.models import DefinitionDraft, DraftComment
from mingqu.catalogue.studio import marks
from mingqu.catalogue.studio.asking import table_of
from mingqu.catalogue.studio.edits import named, placed, value_at
from mingqu.catalogue.studio.fields import Group, Input, Part, all_rows, dom_id, inputs
from mingqu.catalogue.studio.locating import in_words, located
from mingqu.catalogue.studio.sections import Section, section_of
from mingqu.identity import selectors as identity

FORM_FIELD = ".form.schema.properties."


@dataclass(frozen=True)
class Said:
    """
    One remark, whole for a line of a page; `url` leads to its place, "" where that is gone. `element`: of the drawing
    of an expert.
    """

    id: UUID
    place: str
    path: str
    text: str
    who: str
    at: datetime
    settled: bool
    url: str
    section: str
    element: str = ""


def remarks_on(draft: DefinitionDraft) -> list[Said]:
    """All remarks of a draft, open ones first."""
    rows = list(DraftComment.objects.filter(draft=draft).order_by("said_at", "id"))
    names = identity.names_of({row.author_id for row in rows}) if rows else {}
    drawings: dict[str, marks.Drawn | None] = {}  # each read once
    made = [_said(draft, row, str(names.get(row.author_id, "")), drawings) for row in rows]
    return sorted(made, key=lambda one: one.settled)


def _said(
    draft: DefinitionDraft, row: DraftComment, who: str, drawings: dict[str, marks.Drawn | None]
) -> Said:
    url, name, place = "", "", "整份定义"
    if (drawn := marks.split(row.path)) is not None:
        base, element = drawn
        if base not in drawings:
            drawings[base] = _drawing(draft, base)
        return _said_of_drawing(draft, row, who, drawings[base], element)
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
            if of is not None and of.is_form and FORM_FIELD in row.path:
                place, url = _asked(draft, of, row.path, place, url)
    return Said(row.pk, place, row.path, row.text, who, row.said_at, row.settled_at is not None, url, name)


def _drawing(draft: DefinitionDraft, base: str) -> marks.Drawn | None:
    try:
        return marks.of_path(draft.document, base)
    except KeyError:
        return None


def _said_of_drawing(
    draft: DefinitionDraft, row: DraftComment, who: str, found: marks.Drawn | None, element: str
) -> Said:
    settled, place = row.settled_at is not None, places.words(draft.document, marks.place_of(row.path))
    if found is None:
        gone = f"{place}（{marks.GONE}）"
        return Said(row.pk, gone, row.path, row.text, who, row.said_at, settled, "", "")
    place = f"{place.rpartition(' · ')[0]} · {found.words}".removeprefix(" · ")
    if element:
        place += f"：{found.elements[element]}" if element in found.elements else f"（{marks.GONE}）"
    url = f"{drawing_url(draft, found.part)}#remarks"
    return Said(row.pk, place, row.path, row.text, who, row.said_at, settled, url, found.part, element)


def drawing_url(draft: DefinitionDraft, part: str) -> str:
    """The expert's page of a part of `marks`; "" for any other."""
    page = marks.page_of(part)
    return reverse(page[0], args=[draft.pk, *page[1]]) if page else ""


def of_drawing(draft: DefinitionDraft, path: str, *, may_say: bool, asked: str) -> dict[str, Any]:
    """What the page of a drawing or table (counted from 0) needs for its remarks; `asked`: the element pressed."""
    found = marks.of_place(draft.document, path)
    return {
        "said": [one for one in remarks_on(draft) if one.section == found.part],
        "part": found.part,
        "may_say": may_say,
        "to_say": found.places,
        "say": f"{found.path}#{asked}" if asked in found.elements else "",
    }


def _asked(draft: DefinitionDraft, of: Section, path: str, place: str, url: str) -> tuple[str, str]:
    """A question of the form, by its words, and where it stands on the sheet."""
    for known, words, page, at in _questions(draft, of):
        if known == path:
            return f"{of.title} · {page}：{words}", f"{url_of(draft, of)}#{dom_id(at)}"
    return f"{place}（已经没有了）", url


def places_of(draft: DefinitionDraft, section: Section, parts: list[Part]) -> list[tuple[str, str]]:
    """(path, words) of what can be remarked on a sheet: the whole of it, each row, each line to fill in."""
    there = [top for top in _tops(section) if value_at(draft.document, top) is not None]
    tops = [(named(draft.document, top), section.title) for top in [*there, section.base][:1]]
    if section.is_form:
        return [*tops, *((path, f"{page}：{words}") for path, words, page, _at in _questions(draft, section))]
    return [*tops, *((named(draft.document, path), words) for path, words in _lines(parts, ""))]


def _lines(parts: Iterable[Part], under: str) -> Iterator[tuple[str, str]]:
    """Rows and inputs, the inputs of a row or a group under its name."""
    for part in parts:
        if isinstance(part, Input):
            yield part.path, f"{under}{part.label}"
        elif isinstance(part, Group):
            yield from _lines(part.parts, f"{under}{part.label} · ")
        else:
            for row in part.rows:
                yield row.path, f"{under}{row.title}"
                yield from _lines([*row.main, *row.more], f"{under}{row.title} · ")


def _questions(draft: DefinitionDraft, section: Section) -> Iterator[tuple[str, str, str, str]]:
    """Of the application form: the place in its schema, the question, its page, its place on the sheet."""
    base = named(draft.document, section.base)
    for number, page in enumerate(table_of(value_at(draft.document, f"{section.base}.form"))["pages"]):
        for place, one in enumerate(page["questions"]):
            within = ".properties.".join(str(one["name"]).split("."))
            words = str(one.get("title") or one["name"])
            title = page["title"] or f"第{number + 1}页"
            yield (
                f"{base}.form.schema.properties.{within}",
                words,
                title,
                f"pages[{number}].questions[{place}]",
            )


def chosen(draft: DefinitionDraft, section: Section, asked: str) -> str:
    """The line whose “提意见” was pressed, on the form the question; "" for what is no place."""
    if section.is_form:
        return next(
            (path for path, _w, _p, at in _questions(draft, section) if asked.startswith(f"{at}.")), ""
        )
    try:
        return named(draft.document, asked)
    except KeyError:
        return ""


def marked(draft: DefinitionDraft, section: Section, parts: list[Part], said: Iterable[Said]) -> None:
    """How many open remarks each row and line has; those of a row are counted with all that is in it."""
    waiting = [one.path for one in said if not one.settled and one.path]
    if not waiting:
        return
    if section.is_form:
        places_on = {at: path for path, _words, _page, at in _questions(draft, section)}
    for row in (row for rows in all_rows(parts) for row in rows.rows):
        if section.is_form:
            row.said = waiting.count(places_on.get(row.path, ""))
            continue
        path = named(draft.document, row.path)
        row.said = sum(one == path or one.startswith((f"{path}.", f"{path}[")) for one in waiting)
    for one in inputs(parts) if not section.is_form else ():
        one.said = waiting.count(named(draft.document, one.path))


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
