"""
The tables of a draft as sheets of a workbook, and back: situations, materials, questions of the form, steps. Pure.

A row is known by its code; without one it is new; a row that is not there any more is taken away. What the table does
not show of a row stays. Cells say in words what the sheets of the studio let choose.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue.studio import cells, edits
from mingqu.catalogue.studio.asking import relabelled
from mingqu.catalogue.studio.choices import Choices
from mingqu.catalogue.studio.sections import Section, new_element, sections
from mingqu.catalogue.studio.sheet import Group, Input, Part, Row, all_rows, inputs
from mingqu.catalogue.studio.taking import taken
from mingqu.kernel import tables

Json = dict[str, Any]
# Which sheet of the studio, its list, by which key its rows are known. In the order in which one rests on another.
KEPT = {
    "situations": ("情形", "situations", "ask"),
    "materials": ("材料", "materials", "code"),
    "form": ("申请表", "pages", "name"),
    "steps": ("环节表", "steps", "id"),
}
CODE, PAGE, CHOICES = "编码", "页", "选项，一行一个"
DECIDE = "decide"  # the last row of the step table, which is always there
MOST = 200  # rows of one table: far more than any service has


@dataclass(frozen=True)
class Wrong:
    """What can't be taken: sheet, line as the spreadsheet counts, column, sentence."""

    sheet: str
    line: int
    column: str
    sentence: str


@dataclass
class Read:
    """The document with what the workbook says, and what of it can't be taken."""

    document: Json
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    number: int
    cells: Mapping[str, str]

    @property
    def code(self) -> str:
        return self.cells.get(CODE, "").strip()


def names(document: Mapping[str, Any]) -> list[str]:
    """The sheets a workbook of this document has."""
    return [name for name, _section, _key in _kept(document)]


def workbook(document: Mapping[str, Any], posts: Mapping[str, str]) -> bytes:
    """All tables of all 业务办理项."""
    return tables.sheets(
        {name: _Table(document, posts, of, key).written() for name, of, key in _kept(document)}
    )


def read(document: Mapping[str, Any], posts: Mapping[str, str], data: bytes) -> Read:
    """Raises what `kernel.tables` refuses; a sheet or column that is not there leaves alone what it would say."""
    found = tables.read_sheets(data, names(document))
    made = Read(deepcopy(dict(document)))
    for name, of, key in list(_kept(document)):
        if name in found:
            _Table(made.document, posts, of, key).take(name, found[name], made)
    return made


def _kept(document: Mapping[str, Any]) -> Iterator[tuple[str, Section, str]]:
    """(name of its sheet, section, which of KEPT)"""
    for of in sections(document):
        if of.short in KEPT and of.handling is not None:
            code = str(edits.value_at(document, f"{of.base}.code") or of.handling + 1)[:20]
            yield f"{code} {KEPT[of.short][0]}", of, of.short


class _Table:
    """One list of a document as a table."""

    def __init__(self, document: Mapping[str, Any], posts: Mapping[str, str], of: Section, key: str) -> None:
        self.document, self.posts, self.section, self.key = document, posts, of, key
        self.view: Json = deepcopy(dict(of.view(document)))
        _title, self.list, self.code = KEPT[key]
        self.path = self.list if of.is_form else f"{of.base}.{self.list}"

    # -- out

    def written(self) -> tuple[list[str], list[list[str]]]:
        """Headers and rows."""
        columns = self.columns()
        headers = [CODE, *([PAGE] if self.section.is_form else []), *columns.values()]
        headers += [CHOICES] if self.key == "situations" else []
        rows = []
        for path, parts, page in self.rows():
            shown = {_under(path, one): cells.text_of(one) for one in inputs(parts)}
            row = [self._code_at(path), *([page] if self.section.is_form else [])]
            row += [shown.get(name, "") for name in columns]
            if self.key == "situations":
                row.append("\n".join(_labels(edits.value_at(self.view, f"{path}.choices"))))
            rows.append(row)
        return headers, rows

    def columns(self) -> dict[str, str]:
        """Place of an input within its row → header, of a row as it begins."""
        made = deepcopy(self.view)
        if self.section.is_form:
            made = {"pages": [{"title": "", "questions": []}]}
            path = "pages[0].questions"
        else:
            path, made = self.path, edits.added({**made}, f"{self.path}", {})
            made = edits.removed(made, f"{self.path}[{len(edits.value_at(made, self.path)) - 1}]")
        made = edits.added(made, path, new_element(made, path, self.section.root))
        place = f"{path}[{len(edits.value_at(made, path)) - 1}]"
        parts = next(p for at, p, _page in self._rows_of(made) if at == place)
        return {_under(place, one): label for one, label in _labelled(parts, "")}

    def rows(self) -> Iterator[tuple[str, list[Part], str]]:
        yield from self._rows_of(self.view)

    def _rows_of(self, view: Mapping[str, Any]) -> Iterator[tuple[str, list[Part], str]]:
        """(place, inputs, title of its page) of each row; of the step table the decision too."""
        document = self.section.back(self.document, dict(view)) if self.section.is_form else view
        handling = edits.value_at(document, self.section.base)
        parts = self.section.parts(view, Choices(document, handling, self.posts))
        wanted = "questions" if self.section.is_form else self.list
        for rows in all_rows(parts):
            if rows.path.rpartition(".")[2] != wanted:
                continue
            for row in rows.rows:
                yield row.path, _simple(row), self._page(view, row.path)
        for part in parts:
            if isinstance(part, Group) and part.path == f"{self.section.base}.{DECIDE}":
                yield part.path, part.parts, ""

    def _page(self, view: Mapping[str, Any], path: str) -> str:
        page = path.partition(".")[0]
        return str(edits.value_at(view, f"{page}.title") or "") if self.section.is_form else ""

    def _code_at(self, path: str) -> str:
        return (
            DECIDE if path.endswith(f".{DECIDE}") else str(edits.value_at(self.view, f"{path}.{self.code}"))
        )

    # -- in

    def take(self, sheet: str, table: tables.Table, into: Read) -> None:
        """Write what the table says into `into`; refused as a whole where its rows can't be told apart."""
        columns = self.columns()
        known = {CODE, PAGE, CHOICES, *columns.values()}
        wrong = [
            Wrong(sheet, 1, head, "不认识这一列") for head in table.headers if head and head not in known
        ]
        if CODE not in table.headers:
            wrong.append(Wrong(sheet, 1, CODE, "缺少这一列，没有它分不清是哪一行"))
        lines = [
            _Line(number, dict(zip(table.headers, map(tables.unescaped, row), strict=True)))
            for number, row in table.rows
        ]
        wrong += self._rows_wrong(sheet, lines)
        if wrong:
            into.wrong += wrong
            return
        places = self._arranged(lines)
        by_path = dict(zip(places, lines, strict=True))
        if self.key == "situations":
            self._offer(by_path)
        refused = self._filled(sheet, by_path, columns)
        if self.section.is_form:  # what a question waits for is known only when all of them are there
            refused = self._filled(sheet, by_path, columns)
        into.wrong += refused
        into.document = self.section.back(self.document, self.view) if self.section.is_form else self.view

    def _rows_wrong(self, sheet: str, lines: Sequence[_Line]) -> list[Wrong]:
        if len(lines) > MOST:
            return [Wrong(sheet, lines[MOST].number, CODE, f"超过{MOST}行")]
        mine = {self._code_at(path) for path, _parts, _page in self.rows()}
        found, seen = [], set()
        for line in lines:
            if line.code and line.code not in mine:
                found.append(Wrong(sheet, line.number, CODE, "没有这个编码；新加的一行，编码请空着"))
            elif line.code and line.code in seen:
                found.append(Wrong(sheet, line.number, CODE, "这个编码写了两行"))
            seen.add(line.code)
            for head, text in line.cells.items():
                if text.startswith("="):
                    found.append(Wrong(sheet, line.number, head, "是公式，请改成文字"))
        return found

    def _arranged(self, lines: Sequence[_Line]) -> list[str]:
        """The rows in the order of the table, new ones begun, others taken away; the place of each."""
        if self.section.is_form:
            return self._paged(lines)
        keep = {line.code for line in lines}
        before = edits.value_at(self.view, self.path) or []
        for number in reversed(range(len(before))):
            if str(before[number].get(self.code)) not in keep:
                self.view = edits.removed(self.view, f"{self.path}[{number}]")
        rows = {str(one.get(self.code)): one for one in edits.value_at(self.view, self.path) or []}
        made: list[Any] = list(rows.values())
        places: list[str] = []
        order: list[Any] = []
        for line in lines:
            if line.code == DECIDE and self.key == "steps":
                places.append(f"{self.section.base}.{DECIDE}")
                continue
            if line.code:
                order.append(rows[line.code])
            else:
                edits.put(self.view, self.path, made)
                begun = new_element(self.view, self.path)
                made.append(begun)
                order.append(begun)
            places.append(f"{self.path}[{len(order) - 1}]")
        if order or edits.value_at(self.view, self.path) is not None:
            edits.put(self.view, self.path, order)
        return places

    def _paged(self, lines: Sequence[_Line]) -> list[str]:
        """Questions stand on the page the table names; an empty cell means the page of the row before."""
        old = {str(one["name"]): one for page in self.view["pages"] for one in page["questions"]}
        pages_before = {str(page.get("title") or ""): page for page in self.view["pages"]}
        every = {"pages": [{"questions": list(old.values())}]}
        pages: list[Json] = []
        places = []
        for line in lines:
            title = line.cells.get(PAGE, "").strip() or (pages[-1]["title"] if pages else "")
            number = next((n for n, page in enumerate(pages) if page["title"] == title), None)
            if number is None:
                number = len(pages)
                pages.append({**pages_before.get(title, {}), "title": title, "questions": []})
            one = old.get(line.code)
            if one is None:
                one = new_element(every, "pages[0].questions", self.section.root)
                every["pages"][0]["questions"].append(one)
            pages[number]["questions"].append(one)
            places.append(f"pages[{number}].questions[{len(pages[number]['questions']) - 1}]")
        self.view = {"pages": pages}
        return places

    def _offer(self, by_path: Mapping[str, _Line]) -> None:
        for place, line in by_path.items():
            if CHOICES in line.cells:
                labels = [one.strip() for one in line.cells[CHOICES].split("\n") if one.strip()]
                before = edits.value_at(self.view, f"{place}.choices") or []
                edits.put(self.view, f"{place}.choices", relabelled(before, labels))

    def _filled(self, sheet: str, by_path: Mapping[str, _Line], columns: Mapping[str, str]) -> list[Wrong]:
        """Each cell as its input would have been filled in; why not, where it can't be taken."""
        wrong: list[Wrong] = []
        parts = {path: found for path, found, _page in self._rows_of(self.view)}
        sent: dict[str, list[str]] = {}
        at: dict[str, tuple[int, str]] = {}
        for place, line in by_path.items():
            for one in inputs(parts.get(place, [])):
                head = columns.get(_under(place, one), "")
                if head not in line.cells or cells.unchanged(one, line.cells[head]):
                    continue
                if len(line.cells[head]) > tables.CELL:
                    wrong.append(Wrong(sheet, line.number, head, f"超过{tables.CELL}个字"))
                    continue
                sent[one.path], at[one.path] = cells.sent(one, line.cells[head]), (line.number, head)
        handling = edits.value_at(self.document, self.section.base)
        choices = Choices(self.document, handling, self.posts)
        every = [part for found in parts.values() for part in found]
        self.view, refused = taken(self.view, every, choices, sent.get)
        return [*wrong, *(Wrong(sheet, *at[path], sentence) for path, sentence in refused.items())]


def _simple(row: Row) -> list[Part]:
    return [*row.main, *row.more]


def _labelled(parts: Sequence[Part], within: str) -> Iterator[tuple[Input, str]]:
    """Each input with its header; of a group with the words of the group. Lists within a row are no cells."""
    for part in parts:
        if isinstance(part, Input):
            yield part, f"{within}{part.label}"
        elif isinstance(part, Group):
            yield from _labelled(part.parts, f"{within}{part.label}·")


def _under(place: str, one: Input) -> str:
    return one.path[len(place) + 1 :]


def _labels(rows: Any) -> list[str]:
    return [str(one.get("label") or "") for one in (rows if isinstance(rows, list) else ())]
