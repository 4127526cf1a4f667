"""
What the decision tables (DMN) of two documents differ in: their columns, row by row what came, went and changed. Pure.
Rows are known by their ids where both files keep them, else by what they say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from mingqu.catalogue.studio.decided import WORDS, Table, tables
from mingqu.catalogue.types import Files
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError
from mingqu.ui.types import BoxState

CAME, WENT, CHANGED, MOVED = "新增", "删除", "修改", "调整顺序"
ANY = "-"  # a cell that asks nothing
POLICIES = {
    "U": "只有一行符合", "A": "符合的各行结果相同", "P": "按结果的优先顺序", "F": "用第一行符合的",
    "R": "各行的结果，按行的顺序", "O": "各行的结果，按优先顺序", "C": "各行的结果",
}  # fmt: skip
READ_OUT = "看不懂，请分别下载两版比较"


@dataclass(frozen=True)
class Cell:
    before: str
    after: str

    @property
    def same(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True)
class RowChange:
    """A row that is not the same: how, its number before and after (0: not there), its cells with their columns."""

    state: BoxState
    how: str
    was: int
    now: int
    named: list[tuple[str, Cell]]


@dataclass(frozen=True)
class TableChange:
    """One decision. `lines`: how, and what of columns and the like; `columns` of `rows`."""

    name: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)


def compared_tables(before: Mapping[str, Any], after: Mapping[str, Any], files: Files) -> list[TableChange]:
    """Of each decision of each table whose file is another one, in the order of the newer document."""
    older, newer = _by_name(before), _by_name(after)
    found: list[TableChange] = []
    for name in [*newer, *(name for name in older if name not in newer)]:
        was, now = older.get(name), newer.get(name)
        old_file, new_file = (one.file if one else "" for one in (was, now))
        if old_file == new_file:
            continue
        if not old_file or not new_file:
            found.append(TableChange(name, [(CAME, "这张决策表") if new_file else (WENT, "这张决策表")]))
            continue
        try:
            old, new = (_decisions(files[one].content) for one in (old_file, new_file))
        except (KeyError, DecisionError):
            found.append(TableChange(name, [(CHANGED, READ_OUT)]))
            continue
        made = list(_of_file(name, old, new))
        found += made or [TableChange(name, [(CHANGED, "文件换过，规则没有变化")])]
    return found


def _by_name(document: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of all 业务办理项; a fee is known by its name, for its place may be another one."""
    handling = document.get("handling")
    found: dict[str, Table] = {}
    for place, one in enumerate(handling if isinstance(handling, list) else ()):
        if isinstance(one, Mapping):
            for table in tables(document, place):
                found.setdefault(f"{one.get('name') or one.get('code')} · {table.title}", table)
    return found


def _decisions(content: bytes) -> dict[str, Any]:
    return {one.name: one.logic for one in decisions.parse_model(content).definitions.decisions}


def _of_file(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[TableChange]:
    several = len(old.keys() | new.keys()) > 1
    for one in [*new, *(gone for gone in old if gone not in new)]:
        title = f"{name} · {one}" if several else name
        if one not in old or one not in new:
            yield TableChange(title, [(CAME if one in new else WENT, f"决策“{one}”")])
        elif old[one] != new[one]:
            changed = _logic(title, old[one], new[one])
            if changed.lines or changed.rows:
                yield changed


def _logic(name: str, old: Any, new: Any) -> TableChange:
    if not (hasattr(old, "rules") and hasattr(new, "rules")):
        was, now = (getattr(one, "text", "") for one in (old, new))
        said = f"算法：{was}→{now}" if was and now else "算法"
        return TableChange(name, [(CHANGED, said)])
    before, after = _columns(old), _columns(new)
    lines = [(CAME, words) for key, words in after.items() if key not in before]
    lines += [(WENT, words) for key, words in before.items() if key not in after]
    if (old.policy, old.aggregator) != (new.policy, new.aggregator):
        lines.append((CHANGED, f"几行都符合时：{_policy(old)}→{_policy(new)}"))
    columns = [*after, *(key for key in before if key not in after)]
    pairs, moved = _paired(old.rules, new.rules)
    if moved:
        lines.append((MOVED, "行的先后"))
    named = {key: (before | after)[key] for key in columns}
    found = (_row(named, _numbered(old, was), _numbered(new, now)) for was, now in pairs)
    return TableChange(name, lines, list(named.values()), [row for row in found if row is not None])


def _columns(table: Any) -> dict[str, str]:
    """Key -> words of each column: what is asked by its expression, what comes of it by its name, then the notes."""
    found = {f"in:{one.text}": f"条件“{one.label or one.text}”" for one in table.inputs}
    found |= {
        f"out:{one.name}": f"结果“{one.label or WORDS.get(one.name, one.name) or '结果'}”"
        for one in table.outputs
    }
    return found | {f"note:{name}": f"备注“{name}”" for rule in table.rules for name, _ in rule.notes}


def _policy(table: Any) -> str:
    words = str(POLICIES.get(table.policy, table.policy))
    return f"{words}（{table.aggregator}）" if table.aggregator else words


Pair = tuple[int | None, int | None]


def _paired(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Pair], bool]:
    """Which row became which (places, None: none), by the newer table; whether some changed their order."""
    ids = {rule.id: place for place, rule in enumerate(old) if rule.id}
    kept = [ids[rule.id] for rule in new if rule.id in ids]
    if kept and 2 * len(kept) >= min(len(old), len(new)):
        pairs: list[Pair] = [(ids.get(rule.id), place) for place, rule in enumerate(new)]
        gone: list[Pair] = [(place, None) for place in range(len(old)) if place not in set(kept)]
        return pairs + gone, kept != sorted(kept)
    matcher = SequenceMatcher(None, [_says(one) for one in old], [_says(one) for one in new], autojunk=False)
    found: list[Pair] = []
    for _kind, a, b, c, d in matcher.get_opcodes():
        same = min(b - a, d - c)
        found += [(a + step, c + step) for step in range(same)]
        found += [(place, None) for place in range(a + same, b)]
        found += [(None, place) for place in range(c + same, d)]
    return found, False


def _says(rule: Any) -> tuple[Any, ...]:
    return rule.inputs, rule.outputs, rule.notes


def _numbered(table: Any, place: int | None) -> tuple[int, dict[str, str]]:
    """(number of the row, its cells by column); (0, {}) where there is none."""
    if place is None:
        return 0, {}
    rule = table.rules[place]
    cells = {f"in:{one.text}": text for one, text in zip(table.inputs, rule.inputs, strict=False)}
    cells |= {f"out:{one.name}": text for one, text in zip(table.outputs, rule.outputs, strict=False)}
    return place + 1, cells | {f"note:{name}": text for name, text in rule.notes}


def _row(
    columns: Mapping[str, str], old: tuple[int, dict[str, str]], new: tuple[int, dict[str, str]]
) -> RowChange | None:
    (was, before), (now, after) = old, new
    cells = [(words, Cell(_text(before, key), _text(after, key))) for key, words in columns.items()]
    if not was:
        return RowChange("added", CAME, was, now, cells)
    if not now:
        return RowChange("removed", WENT, was, now, cells)
    return None if all(cell.same for _, cell in cells) else RowChange("changed", CHANGED, was, now, cells)


def _text(cells: Mapping[str, str], column: str) -> str:
    """What asks nothing is the same as a column that is not there."""
    said = cells.get(column, "").strip()
    return "" if said == ANY else said
