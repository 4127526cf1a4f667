"""
What a table of organisations, posts and staff would change (机构和人员导入); pure. It adds and ends, never deletes
or renames: who stands in no row stays as she is. The three officers' roles are never given by a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from mingqu.identity.rules import OFFICERS, normal_username
from mingqu.kernel.identifiers import CreditCode, IdentifierRefused, RegionCode
from mingqu.ui.text import zh_day

COLUMNS = (
    "部门编码", "部门名称", "上级部门编码", "行政区划代码", "统一社会信用代码", "岗位编码", "岗位名称", "职责",
    "账号", "姓名", "任职日期", "离任日期",
)  # fmt: skip
MOST_ROWS = 3000
ROLE_MARKS = ("、", "；", ";", ",", "，")
WORDS = {
    "department": "新建部门",
    "post": "新建岗位",
    "role": "给岗位授权",
    "account": "新建账号",
    "assign": "任命",
    "end": "免去",
}


@dataclass(frozen=True)
class Known:
    """
    What there is: department code → (name, path), post code → (name, department code, roles), account → name,
    (account, post code) held now or later → first day; `roles`: code → name.
    """

    departments: Mapping[str, str]
    posts: Mapping[str, tuple[str, str, frozenset[str]]]
    accounts: Mapping[str, str] = field(repr=False)
    held: Mapping[tuple[str, str], date]
    roles: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """One deed a row asks for; `about`: what is made or of which post it is, `words` in the page's words."""

    line: int
    kind: str
    about: str
    words: str = field(repr=False)
    given: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Plan:
    """Deeds in the order in which they are done, and what is wrong by line. With anything wrong nothing is done."""

    changes: tuple[Change, ...]
    wrong: tuple[tuple[int, str], ...]

    @property
    def digest(self) -> str:
        """Of what a second person agrees to."""
        said = [f"{one.line}|{one.kind}|{one.about}|{sorted(one.given.items())}" for one in self.changes]
        return sha256("\n".join(said).encode()).hexdigest()


class _Wrong(ValueError):
    """Of one row, in words."""


def plan(rows: Iterable[tuple[int, Mapping[str, str]]], known: Known, today: date) -> Plan:
    """Rows by column name, with the line as the spreadsheet counts."""
    maker, wrong = _Maker(known, today), []
    for line, row in rows:
        try:
            maker.row(line, row)
        except _Wrong as said:
            wrong.append((line, str(said)))
    order = list(WORDS)
    changes = sorted(maker.changes, key=lambda one: (order.index(one.kind), one.line))
    return Plan(tuple(changes), tuple(wrong))


class _Maker:
    def __init__(self, known: Known, today: date) -> None:
        self.known, self.today = known, today
        self.changes: list[Change] = []
        self.departments = dict(known.departments)
        self.posts = dict(known.posts)
        self.accounts = dict(known.accounts)
        self.held = dict(known.held)

    def row(self, line: int, row: Mapping[str, str]) -> None:
        code = row.get("部门编码", "")
        if not code:
            raise _Wrong("没有填写部门编码")
        made = [*self._department(line, code, row), *self._post(line, code, row), *self._staff(line, row)]
        self.changes += made

    def _add(self, line: int, kind: str, about: str, words: str, **given: str) -> Change:
        return Change(line, kind, about, words, given)

    def _department(self, line: int, code: str, row: Mapping[str, str]) -> list[Change]:
        name = row.get("部门名称", "")
        if code in self.departments:
            _same("部门", code, self.departments[code], name)
            return []
        region, above = row.get("行政区划代码", ""), row.get("上级部门编码", "")
        if not name or not region:
            raise _Wrong(f"部门{code}还没有，新建要填写部门名称和行政区划代码")
        if "/" in code or "/" in name:
            raise _Wrong("编码和名称里不能有斜线")
        if above and above not in self.departments:
            raise _Wrong(f"没有上级部门{above}；上级部门要写在前面的行")
        credit = _checked(row.get("统一社会信用代码", ""))
        self.departments[code] = name
        return [
            self._add(
                line, "department", code, f"{name}（{code}）",
                name=name, region=_region(region), above=above, credit=credit,
            )
        ]  # fmt: skip

    def _post(self, line: int, department: str, row: Mapping[str, str]) -> list[Change]:
        code, name = row.get("岗位编码", ""), row.get("岗位名称", "")
        has = self.posts[code][2] if code in self.posts else frozenset()
        wanted = self._roles(row.get("职责", ""), has)
        if not code:
            if name or wanted or row.get("账号"):
                raise _Wrong("没有填写岗位编码")
            return []
        made = []
        if code not in self.posts:
            if not name:
                raise _Wrong(f"岗位{code}还没有，新建要填写岗位名称")
            if "/" in code or "/" in name:
                raise _Wrong("编码和名称里不能有斜线")
            made.append(self._add(line, "post", code, f"{name}（{code}）", name=name, department=department))
            self.posts[code] = (name, department, frozenset())
        known, owner, roles = self.posts[code]
        _same("岗位", code, known, name)
        if owner != department:
            raise _Wrong(f"岗位{code}是部门{owner}的，不是{department}的")
        for role in sorted(wanted - roles):
            made.append(self._add(line, "role", code, f"{known} → {self.known.roles[role]}", role=role))
        self.posts[code] = (known, owner, roles | wanted)
        return made

    def _roles(self, said: str, has: frozenset[str]) -> frozenset[str]:
        """Codes of what is written; what the post has already may be any."""
        for mark in ROLE_MARKS:
            said = said.replace(mark, "\n")
        by_name = {name: code for code, name in self.known.roles.items()}
        found = set()
        for one in filter(None, (part.strip() for part in said.split("\n"))):
            role = one if one in self.known.roles else by_name.get(one)
            if role is None:
                raise _Wrong(f"没有“{one[:20]}”这个职责")
            if role in OFFICERS - has:
                raise _Wrong(f"{self.known.roles[role]}不能用表格授权，要在岗位页面办")
            found.add(role)
        return frozenset(found)

    def _staff(self, line: int, row: Mapping[str, str]) -> list[Change]:
        said = row.get("账号", "")
        if not said:
            if row.get("姓名"):
                raise _Wrong("填写了姓名，没有填写账号")
            return []
        account, name, post = normal_username(said), row.get("姓名", ""), row["岗位编码"]
        if account is None:
            raise _Wrong("账号是3到32位的小写字母、数字、点、横线，字母开头")
        made = []
        if account not in self.accounts:
            if not name:
                raise _Wrong(f"账号{account}还没有，新建要填写姓名")
            made.append(self._add(line, "account", account, f"{name}（{account}）", name=name))
            self.accounts[account] = name
        _same("账号", account, self.accounts[account], name)
        return [*made, *self._holding(line, account, post, row)]

    def _holding(self, line: int, account: str, post: str, row: Mapping[str, str]) -> list[Change]:
        since, until = _day(row.get("任职日期", ""), "任职日期"), _day(row.get("离任日期", ""), "离任日期")
        words = f"{self.accounts[account]}（{account}） {self.posts[post][0]}"
        begun = self.held.get((account, post))
        if begun is not None:
            if until is None:
                return []
            if until < max(self.today, begun):
                raise _Wrong("离任日期不能早于今天，也不能早于任职日期")
            return [
                self._add(
                    line, "end", post, f"{words}，最后一天{zh_day(until)}", account=account, until=str(until)
                )
            ]
        first = since or self.today
        if first < self.today or (until is not None and until < first):
            raise _Wrong("任职日期不能早于今天，离任日期不能早于任职日期")
        self.held[account, post] = first
        last = str(until) if until else ""
        return [
            self._add(
                line, "assign", post, f"{words}，从{zh_day(first)}起{f'到{zh_day(until)}' if until else ''}",
                account=account, since=str(first), until=last,
            )
        ]  # fmt: skip


def _same(what: str, code: str, known: str, said: str) -> None:
    if said and said != known:
        raise _Wrong(f"{what}{code}登记的是“{known}”，表里写的不一样；表格不改名")


def _checked(code: str) -> str:
    try:
        return str(CreditCode.parse(code, demo=True)) if code else ""
    except IdentifierRefused as refused:
        raise _Wrong("统一社会信用代码不正确") from refused


def _region(code: str) -> str:
    try:
        return str(RegionCode.parse(code))
    except IdentifierRefused as refused:
        raise _Wrong("行政区划代码不正确") from refused


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-")[:10])
    except ValueError as unreadable:
        raise _Wrong(f"{name}应写成2026-01-31这样") from unreadable


def missing_columns(headers: Sequence[str]) -> list[str]:
    """Columns without which nothing can be read; others that are absent are empty."""
    return [name for name in ("部门编码",) if name not in headers]
