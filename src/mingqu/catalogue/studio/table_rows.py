"""
One list of a draft as a table, and back: a row of a workbook for each element. Pure.

A row is known by its code, or where rows have none by its number as it went out; without one it is new; a row that is
not there any more is taken away. What the table does not show of a row stays. Cells say in words what the sheets of the
studio let choose.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue.studio import cells, edits
from mingqu.catalogue.studio.asking import relabelled
from mingqu.catalogue.studio.choices import Choices
from mingqu.catalogue.studio.fields import Group, Input, Part, Row, Rows, all_rows, inputs
from mingqu.catalogue.studio.sections import Section, new_element
from mingqu.catalogue.studio.taking import taken
from mingqu.kernel import tables

Json = dict[str, Any]
CODE, NUMBER, PAGE, CHOICES = "编码", "行号", "页", "选项，一行一个"
FILES = ("table.",)  # of a fee: a decision table is no cell
DECIDE = "decide"  # the last row of the step table, which is always there
NONE_SO = "没有这个{0}；新加的一行，{0}请空着"
MOST = 200  # rows of one table: far more than any service has
NOT_HERE = "要加一项裁量基准，请在“裁量基准”那一部分加，这里只改已有的"


@dataclass(frozen=True)
class Kept:
    """One sheet: its title, the list within its 业务办理项, by which key its rows are known ("" their number)."""

    title: str
    list: str
    code: str = ""


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
    code: str


class Table:
    """One list of a document as a table."""

    def __init__(
        self, document: Mapping[str, Any], posts: Mapping[str, str], of: Section, kind: Kept
    ) -> None:
        self.document, self.posts, self.section = document, posts, of
        self.view: Json = deepcopy(dict(of.view(document)))
        self.list, self.code = kind.list, kind.code
        self.known_by = CODE if kind.code else NUMBER
        self.path = self.list if of.is_form else f"{of.base}.{self.list}"

    # -- out

    def written(self) -> tuple[list[str], list[list[str]]]:
        """Headers and rows."""
        columns = self.columns()
        headers = [self.known_by, *([PAGE] if self.section.is_form else []), *columns.values()]
        headers += [CHOICES] if self.list == "situations" else []
        rows = []
        for path, parts, page in self.rows():
            shown = {_under(path, one): cells.text_of(one) for one in inputs(parts)}
            shown |= {_under(path, one): cells.lines_of(one) for one in _within(parts)}
            row = [self._code_at(path), *([page] if self.section.is_form else [])]
            row += [shown.get(name, "") for name in columns]
            if self.list == "situations":
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
        found = {_under(place, one): label for one, label in _labelled(parts, "")}
        found |= {_under(place, one): f"{one.label}，一行一个" for one in _within(parts)}
        return {name: label for name, label in found.items() if not name.startswith(FILES)}

    def rows(self) -> Iterator[tuple[str, list[Part], str]]:
        yield from self._rows_of(self.view)

    def _rows_of(self, view: Mapping[str, Any]) -> Iterator[tuple[str, list[Part], str]]:
        """(place, inputs, title of its page) of each row; of the step table the decision too."""
        document = self.section.back(self.document, dict(view)) if self.section.is_form else view
        handling = edits.value_at(document, self.section.base)
        parts = self.section.parts(view, Choices(document, handling, self.posts))
        for rows in all_rows(parts):
            if rows.path.endswith(".questions") if self.section.is_form else rows.path == self.path:
                for row in rows.rows:
                    yield row.path, _simple(row), self._page(view, row.path)
        for part in parts:
            decides = isinstance(part, Group) and part.path == f"{self.section.base}.{DECIDE}"
            if self.list == "steps" and decides and isinstance(part, Group):
                yield part.path, part.parts, ""

    def _page(self, view: Mapping[str, Any], path: str) -> str:
        page = path.partition(".")[0]
        return str(edits.value_at(view, f"{page}.title") or "") if self.section.is_form else ""

    def _code_at(self, path: str) -> str:
        if path.endswith(f".{DECIDE}"):
            return DECIDE
        if not self.code:
            return str(int(path.removesuffix("]").rpartition("[")[2]) + 1)
        return str(edits.value_at(self.view, f"{path}.{self.code}"))

    # -- in

    def take(self, sheet: str, table: tables.Table, columns: Mapping[str, str], into: Read) -> None:
        """Write what the table says into `into`; refused as a whole where its rows can't be told apart."""
        known = {self.known_by, PAGE, CHOICES, *columns.values()}
        wrong = [
            Wrong(sheet, 1, head, "不认识这一列") for head in table.headers if head and head not in known
        ]
        if self.known_by not in table.headers:
            wrong.append(Wrong(sheet, 1, self.known_by, "缺少这一列，没有它分不清是哪一行"))
        lines = []
        for number, row in table.rows:
            found = dict(zip(table.headers, map(tables.unescaped, row), strict=True))
            lines.append(_Line(number, found, found.get(self.known_by, "").strip()))
        wrong += self._rows_wrong(sheet, lines)
        if wrong:
            into.wrong += wrong
            return
        places = self._arranged(lines)
        by_path = dict(zip(places, lines, strict=True))
        if self.list == "situations":
            self._offer(by_path)
        self._lengthen(by_path, columns)
        refused = self._filled(sheet, by_path, columns)
        if self.section.is_form:  # what a question waits for is known only when all of them are there
            refused = self._filled(sheet, by_path, columns)
        into.wrong += refused
        into.document = self.section.back(self.document, self.view) if self.section.is_form else self.view

    def _rows_wrong(self, sheet: str, lines: Sequence[_Line]) -> list[Wrong]:
        if len(lines) > MOST:
            return [Wrong(sheet, lines[MOST].number, self.known_by, f"超过{MOST}行")]
        mine = {self._code_at(path) for path, _parts, _page in self.rows()}
        found, seen = [], set()
        for line in lines:
            if line.code and line.code not in mine:
                found.append(Wrong(sheet, line.number, self.known_by, NONE_SO.format(self.known_by)))
            elif line.code and line.code in seen:
                found.append(Wrong(sheet, line.number, self.known_by, f"这个{self.known_by}写了两行"))
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
        codes = [
            self._code_at(f"{self.path}[{n}]") for n in range(len(edits.value_at(self.view, self.path) or ()))
        ]
        for number in reversed(range(len(codes))):
            if codes[number] not in keep:
                self.view = edits.removed(self.view, f"{self.path}[{number}]")
                del codes[number]
        rows = dict(zip(codes, edits.value_at(self.view, self.path) or (), strict=True))
        made: list[Any] = list(rows.values())
        places: list[str] = []
        order: list[Any] = []
        for line in lines:
            if line.code == DECIDE and self.list == "steps":
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

    def _lengthen(self, by_path: Mapping[str, _Line], columns: Mapping[str, str]) -> None:
        """A list within a row has an element for each line of its cell: the one that says so, else a new one."""
        parts = {path: found for path, found, _page in self._rows_of(self.view)}
        for place, line in by_path.items():
            for rows in _within(parts.get(place, [])):
                cell = line.cells.get(columns.get(_under(place, rows), ""))
                if cell is None or len(cell) > tables.CELL or cells.same(cells.lines_of(rows), cell):
                    continue
                found = list(edits.value_at(self.view, rows.path) or [])
                before = list(zip(cells.lines_in(cells.lines_of(rows)), found, strict=False))
                now: list[Any] = []
                for said in cells.lines_in(cell):
                    same = next((pair for pair in before if pair[0] == said), None)
                    now.append(same[1] if same else new_element(self.view, rows.path))
                    before = [pair for pair in before if pair is not same]
                edits.put(self.view, rows.path, now)

    def _filled(self, sheet: str, by_path: Mapping[str, _Line], columns: Mapping[str, str]) -> list[Wrong]:
        """Each cell as its input would have been filled in; why not, where it can't be taken."""
        wrong: list[Wrong] = []
        parts = {path: found for path, found, _page in self._rows_of(self.view)}
        sent: dict[str, list[str]] = {}
        at: dict[str, tuple[int, str]] = {}
        for place, line in by_path.items():
            for part, head, cell in _changed(place, line, parts.get(place, []), columns):
                if len(cell) > tables.CELL:
                    wrong.append(Wrong(sheet, line.number, head, f"超过{tables.CELL}个字"))
                    continue
                came, strange = _sent(part, cell)
                wrong += [Wrong(sheet, line.number, head, f"不认识“{name}”") for name in strange]
                sent |= came
                at |= dict.fromkeys(came, (line.number, head))
        handling = edits.value_at(self.document, self.section.base)
        choices = Choices(self.document, handling, self.posts)
        every = [part for found in parts.values() for part in found]
        self.view, refused = taken(self.view, every, choices, sent.get)
        return [*wrong, *(Wrong(sheet, *at[path], sentence) for path, sentence in refused.items())]


class Heads(Table):
    """What stands above the rows of each 裁量基准, a row for each: changed here, begun and taken away in the studio."""

    def columns(self) -> dict[str, str]:
        """As the first says them."""
        place, parts, _page = next(self.rows())
        return {_under(place, one): label for one, label in _labelled(parts, "")}

    def _rows_of(self, view: Mapping[str, Any]) -> Iterator[tuple[str, list[Part], str]]:
        handling = edits.value_at(view, self.section.base)
        for part in self.section.parts(view, Choices(view, handling, self.posts)):
            if isinstance(part, Group) and part.path == self.path:
                yield part.path, part.parts, ""
            elif isinstance(part, Rows):
                for row in part.rows:
                    yield row.path, _simple(row), ""

    def _code_at(self, path: str) -> str:
        return "1" if path == self.path else str(int(super()._code_at(path)) + 1)

    def _rows_wrong(self, sheet: str, lines: Sequence[_Line]) -> list[Wrong]:
        new = [Wrong(sheet, line.number, self.known_by, NOT_HERE) for line in lines if not line.code]
        return [*super()._rows_wrong(sheet, lines), *new]

    def _arranged(self, lines: Sequence[_Line]) -> list[str]:
        """Where they are; one whose row was deleted stays as it is."""
        places = {self._code_at(path): path for path, _parts, _page in self.rows()}
        return [places[line.code] for line in lines]


def _simple(row: Row) -> list[Part]:
    return [*row.main, *row.more]


def _labelled(parts: Sequence[Part], within: str) -> Iterator[tuple[Input, str]]:
    """Each input with its header; of a group with the words of the group. Lists within a row are no cells."""
    for part in parts:
        if isinstance(part, Input):
            yield part, f"{within}{part.label}"
        elif isinstance(part, Group):
            yield from _labelled(part.parts, f"{within}{part.label}·")


def _within(parts: Sequence[Part]) -> Iterator[Rows]:
    """Lists within a row that are a cell, a line for each element: what happens in a scenario."""
    return (part for part in parts if isinstance(part, Rows) and part.path.endswith(".do"))


def _changed(
    place: str, line: _Line, parts: Sequence[Part], columns: Mapping[str, str]
) -> Iterator[tuple[Input | Rows, str, str]]:
    """What of a row does not say any more what is there: input or list, header, cell."""
    found: list[Input | Rows] = [*inputs(list(parts)), *_within(parts)]
    for part in found:
        head = columns.get(_under(place, part), "")
        text = cells.lines_of(part) if isinstance(part, Rows) else cells.text_of(part)
        if head in line.cells and not cells.same(text, line.cells[head]):
            yield part, head, line.cells[head]


def _sent(part: Input | Rows, cell: str) -> tuple[dict[str, list[str]], list[str]]:
    """By input what a browser would send of a cell, of a list line by line; and words that are none of its inputs."""
    if isinstance(part, Input):
        return {part.path: cells.sent(part, cell)}, []
    came: dict[str, list[str]] = {}
    strange: list[str] = []
    for row, line in zip(part.rows, cells.lines_in(cell), strict=True):
        first, *others = inputs([*row.main, *row.more])
        what, said = cells.read_line(line)
        came[first.path] = cells.sent(first, what)
        came |= {one.path: cells.sent(one, said.pop(one.label, "")) for one in others}
        strange += [name for name in said if name]
    return came, strange


def _under(place: str, one: Input | Rows) -> str:
    return one.path[len(place) + 1 :]


def _labels(rows: Any) -> list[str]:
    return [str(one.get("label") or "") for one in (rows if isinstance(rows, list) else ())]
