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
    "账号", "姓名", "任职日期", "离任日期", "代理谁的账号", "授权区划代码", "授权部门编码", "授权事项类型",
)  # fmt: skip
SCOPE = COLUMNS[-3:]
UNLIMITED = "不限"
MOST_ROWS = 3000
ROLE_MARKS = ("、", "；", ";", ",", "，")
WORDS = {
    "department": "新建部门",
    "post": "新建岗位",
    "role": "给岗位授权",
    "account": "新建账号",
    "assign": "任命",
    "deputy": "AB岗代理",
    "end": "免去",
}


Grant = tuple[str, str, str, tuple[str, ...]]  # role, region ("": all), department code ("": all), item types
Spell = tuple[date, date]  # first and last day


@dataclass(frozen=True)
class Known:
    """
    What there is: department code → name, post code → (name, department code, roles), account → name,
    (account, post code) held now or later → first day (`until`: its last, None for open); `roles`: code → name.
    `grants`: of a post; `regions`: of a department; `deputies`: (account, post, in whose place) → its
    spells, the first first.
    """

    departments: Mapping[str, str]
    posts: Mapping[str, tuple[str, str, frozenset[str]]]
    accounts: Mapping[str, str] = field(repr=False)
    held: Mapping[tuple[str, str], date]
    roles: Mapping[str, str]
    grants: Mapping[str, frozenset[Grant]] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    until: Mapping[tuple[str, str], date | None] = field(default_factory=dict)
    deputies: Mapping[tuple[str, str, str], tuple[Spell, ...]] = field(default_factory=dict)
    item_types: Mapping[str, str] = field(default_factory=dict)


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
    """Rows by column name, with the line as the spreadsheet counts. Who stands in for whom is looked at last."""
    maker, wrong, read = _Maker(known, today), {}, list(rows)
    for look in (maker.row, maker.deputy):
        for line, row in read:
            try:
                if line not in wrong:
                    look(line, row)
            except _Wrong as said:
                wrong[line] = str(said)
    order = list(WORDS)
    changes = sorted(maker.changes, key=lambda one: (order.index(one.kind), one.line))
    return Plan(tuple(changes), tuple(sorted(wrong.items())))


class _Maker:
    def __init__(self, known: Known, today: date) -> None:
        self.known, self.today = known, today
        self.changes: list[Change] = []
        self.departments = dict(known.departments)
        self.posts = dict(known.posts)
        self.accounts = dict(known.accounts)
        self.held = dict(known.held)
        self.until = dict(known.until)
        self.regions = dict(known.regions)
        self.grants = dict(known.grants)
        self.deputies = dict(known.deputies)

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
        self.departments[code], self.regions[code] = name, _region(region)
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
        scope = self._scope(row, department)
        if not code:
            if name or wanted or scope or row.get("账号"):
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
        made += self._grants(line, code, wanted, scope)
        self.posts[code] = (known, owner, roles | wanted)
        return made

    def _grants(self, line: int, post: str, wanted: frozenset[str], scope: "_Scope | None") -> list[Change]:
        """Without a scope, a role the post has anywhere is enough, and a new one is for its own department."""
        known, _owner, roles = self.posts[post]
        if scope is None:
            return [
                self._add(line, "role", post, f"{known} → {self.known.roles[role]}", role=role)
                for role in sorted(wanted - roles)
            ]
        if not wanted:
            raise _Wrong("填写了授权的范围，没有填写职责")
        held = self.grants.get(post, frozenset())
        asked = {(role, *scope.limits) for role in wanted} - held
        if barred := {role for role, *_limits in asked} & OFFICERS:
            raise _Wrong(f"{self.known.roles[min(barred)]}不能用表格授权，要在岗位页面办")
        self.grants[post] = held | asked
        region, department, items = scope.limits
        given = {"scope": "said", "region": region, "department": department, "items": ",".join(items)}
        return [
            self._add(
                line, "role", post, f"{known} → {self.known.roles[role]}，{scope.words}", role=role, **given
            )
            for role, *_limits in sorted(asked)
        ]

    def _scope(self, row: Mapping[str, str], own: str) -> "_Scope | None":
        """Where the roles of this row hold; an empty cell is the department's own, 不限 is everywhere."""
        region, department, items = (row.get(name, "") for name in SCOPE)
        if not (region or department or items):
            return None
        region = "" if region == UNLIMITED else _region(region or self.regions.get(own, ""))
        department = "" if department == UNLIMITED else department or own
        if department and department not in self.departments:
            raise _Wrong(f"没有授权的部门{department}；要写在前面的行")
        kinds = () if items == UNLIMITED else tuple(sorted(self._item_types(items)))
        said = [
            f"区划{region}" if region else "不限区划",
            self.departments[department] if department else "不限部门",
            "只办" + "、".join(self.known.item_types[one] for one in kinds) if kinds else "不限事项类型",
        ]
        return _Scope((region, department, kinds), "，".join(said))

    def _item_types(self, said: str) -> set[str]:
        by_name = {name: code for code, name in self.known.item_types.items()}
        found = set()
        for one in _parts(said):
            code = one if one in self.known.item_types else by_name.get(one)
            if code is None:
                raise _Wrong(f"没有“{one[:20]}”这个事项类型")
            found.add(code)
        return found

    def _roles(self, said: str, has: frozenset[str]) -> frozenset[str]:
        """Codes of what is written; what the post has already may be any."""
        by_name = {name: code for code, name in self.known.roles.items()}
        found = set()
        for one in _parts(said):
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
            if row.get("姓名") or row.get("代理谁的账号"):
                raise _Wrong("填写了姓名或者代理谁，没有填写账号")
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
        return made if row.get("代理谁的账号") else [*made, *self._holding(line, account, post, row)]

    def deputy(self, line: int, row: Mapping[str, str]) -> None:
        """AB岗: in place of who has the post herself on every day of it; looked at when all holders are known."""
        said = row.get("代理谁的账号", "")
        if not said:
            return
        account, post, principal = normal_username(row["账号"]) or "", row["岗位编码"], normal_username(said)
        begun = self.held.get((principal or "", post))
        if principal == account or begun is None:
            raise _Wrong(f"账号{said[:32]}没有担任岗位{post}，不能由别人代理")
        assert principal is not None
        if (account, post) in self.held:
            raise _Wrong(f"账号{account}自己担任岗位{post}，不用代理")
        since, until = _day(row.get("任职日期", ""), "任职日期"), _day(row.get("离任日期", ""), "离任日期")
        known = _spell(self.deputies.get((account, post, principal), ()), since, until)
        if known is not None:
            self._deputy_again(line, (account, post, principal), known, until)
            return
        first, own_last = since or self.today, self.until.get((principal, post))
        if until is None:
            raise _Wrong("代理要写明到哪一天止，填在离任日期里")
        if first < self.today or until < first:
            raise _Wrong("任职日期不能早于今天，离任日期不能早于任职日期")
        if first < begun or (own_last is not None and until > own_last):
            raise _Wrong(f"账号{principal}在这段时间里没有一直担任岗位{post}，不能由别人代理")
        spells = self.deputies.get((account, post, principal), ())
        self.deputies[account, post, principal] = (*spells, (first, until))
        words = f"{self.accounts[account]}（{account}） {self.posts[post][0]}，代{self.accounts[principal]}"
        self.changes.append(
            self._add(
                line, "deputy", post, f"{words}，从{zh_day(first)}起到{zh_day(until)}",
                account=account, since=str(first), until=str(until), of=principal,
            )
        )  # fmt: skip

    def _deputy_again(self, line: int, which: tuple[str, str, str], known: Spell, until: date | None) -> None:
        """One that is there already ends earlier, or stays as it is; no other one ends in its place."""
        account, post, principal = which
        first, last = known
        if until is None or until == last:
            return
        if until > last:
            raise _Wrong(f"已经代理到{zh_day(last)}；要延长的，到期以后再写一行")
        if until < max(self.today, first):
            raise _Wrong(f"离任日期不能早于今天，也不能早于代理开始的{zh_day(first)}")
        spells = self.deputies[which]
        self.deputies[which] = tuple((one, until) if one == first else (one, end) for one, end in spells)
        words = f"{self.accounts[account]}（{account}）不再代{self.accounts[principal]}"
        self.changes.append(
            self._add(
                line, "end", post, f"{words}，最后一天{zh_day(until)}", account=account, until=str(until)
            )
        )

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
        self.held[account, post], self.until[account, post] = first, until
        last = str(until) if until else ""
        return [
            self._add(
                line, "assign", post, f"{words}，从{zh_day(first)}起{f'到{zh_day(until)}' if until else ''}",
                account=account, since=str(first), until=last,
            )
        ]  # fmt: skip


@dataclass(frozen=True)
class _Scope:
    """Region, department and item types of a grant, and the same in words."""

    limits: tuple[str, str, tuple[str, ...]]
    words: str


def _spell(spells: Sequence[Spell], since: date | None, until: date | None) -> Spell | None:
    """
    Which deputyship a row is about: that of the first day it names, else the one its last day lies in, else the first.
    None where there is none yet, and for one that begins after all of them.
    """
    if not spells or (since is not None and since > spells[-1][1]):
        return None
    named = (one for one in spells if one[0] == since)
    within = (one for one in spells if until is not None and one[0] <= until <= one[1])
    return next(named, None) or next(within, spells[0])


def _parts(said: str) -> list[str]:
    for mark in ROLE_MARKS:
        said = said.replace(mark, "\n")
    return [part.strip() for part in said.split("\n") if part.strip()]


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
