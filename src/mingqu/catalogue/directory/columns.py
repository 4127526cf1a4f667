"""The columns of a list as a table: by which names they are recognised, how a row becomes an entry."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mingqu.catalogue.directory.rules import STATES, proposed_type
from mingqu.catalogue.directory.types import Basis, Entry, Kind, ReadList, RowFinding
from mingqu.kernel.codelists import code_list
from mingqu.kernel.identifiers import BaseCode, IdentifierRefused
from mingqu.law.selectors import citations

LONG = {"name": 300, "code": 64, "organ_name": 120}
TEXT = 20_000
SEPARATORS = re.compile(r"[、，,；;/\s]+")


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    header: str
    example: str
    aliases: tuple[str, ...] = ()
    required: bool = False


CODE = Column("code", "事项编码", "QH-SPJYXK", ("实施编码", "编码", "职权编码", "权力编码"))
BASE_CODE = Column("base_code", "基本编码", "000131014000", ("基本目录编码", "catalog_code", "事项基本编码"))
NAME = Column(
    "name", "事项名称", "食品经营许可", ("名称", "职权名称", "权力名称", "task_name", "服务名称"), True
)
TYPE = Column("type", "事项类型", "行政许可", ("类型", "职权类型", "权力类型", "task_type", "职权类别"), True)
ORGAN = Column(
    "organ", "实施机关", "区市场监督管理局", ("实施主体", "责任主体", "实施部门", "部门", "行使主体"), True
)
LEVELS = Column("levels", "行使层级", "县级", ("use_level", "层级"))
BASIS = Column(
    "basis",
    "设定依据",
    "《中华人民共和国食品安全法》第三十五条",
    ("实施依据", "依据", "法律依据", "by_law"),
    True,
)
DUTIES = Column(
    "duties", "责任事项", "受理、审查、决定、送达、事后监管。", ("责任事项内容", "职责", "对应责任")
)
ACCOUNTABILITY = Column(
    "accountability", "追责情形", "无正当理由不予受理的。", ("追责情形及依据", "问责依据", "追责依据")
)
SINCE = Column("effective_on", "生效日期", "2026-01-01", ("计划生效日期", "plan_effective_date"))
UNTIL = Column("cancelled_on", "取消日期", "", ("计划取消日期", "plan_cancel_date", "失效日期"))
STATE = Column("state", "状态", "在用", ("事项状态", "task_state"))
NUMBER = Column("code", "编号", "1", ("序号", "项目号", "事项编码", "编码"), True)
MATTER = Column(
    "name",
    "禁止或许可事项",
    "演示：未获得许可，不得开设渡口",
    ("事项名称", "名称", "禁止或许可事项名称"),
    True,
)
MEASURE = Column(
    "measure", "禁止或许可准入措施描述", "演示：渡口设置许可", ("准入措施", "措施描述", "具体措施"), True
)
OTHER_BASIS = Column(BASIS.code, BASIS.header, BASIS.example, BASIS.aliases)
BASE_REQUIRED = Column(
    BASE_CODE.code, BASE_CODE.header, BASE_CODE.example, ("编码", *BASE_CODE.aliases), True
)

OF_KIND: Mapping[Kind, tuple[Column, ...]] = {
    "base": (BASE_REQUIRED, NAME, TYPE, BASIS, LEVELS, SINCE, UNTIL, STATE),
    "power": (CODE, BASE_CODE, NAME, TYPE, ORGAN, BASIS, LEVELS, DUTIES, ACCOUNTABILITY, SINCE, UNTIL, STATE),
    "service": (CODE, BASE_CODE, NAME, ORGAN, BASIS, LEVELS, SINCE, UNTIL, STATE),
    "negative": (NUMBER, MATTER, MEASURE, OTHER_BASIS, SINCE, UNTIL, STATE),
}
DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
PROPOSED = "type_proposed"  # the type stays empty until somebody has confirmed it
FindOrgan = Callable[[str], str]


def clean(text: str) -> str:
    """As people type a header: without spaces, line breaks, stars and what stands in brackets."""
    return re.sub(r"[（(].*?[）)]", "", re.sub(r"[\s*＊]", "", text))


def mapped(kind: Kind, headers: Sequence[str]) -> tuple[dict[str, int], list[str], list[str]]:
    """(column → place in the row, headers nobody reads, required columns that are missing)."""
    names = {clean(name): c.code for c in OF_KIND[kind] for name in (c.code, c.header, *c.aliases)}
    found: dict[str, int] = {}
    unused = []
    for place, header in enumerate(headers):
        code = names.get(clean(header))
        if code is None or code in found:
            unused += [header] if header else []
        else:
            found[code] = place
    missing = [c.header for c in OF_KIND[kind] if c.required and c.code not in found]
    return found, unused, missing


def read(
    kind: Kind, found: Mapping[str, int], rows: Iterable[tuple[int, Sequence[str]]], find_organ: FindOrgan
) -> ReadList:
    """
    Each row an entry, or left out with what is wrong with it. `find_organ`: name or code of a department → its code.
    Nothing is invented: what a row does not say stays empty; a type by an old name is proposed and waits for a person.
    """
    entries: dict[str, Entry] = {}
    findings: list[RowFinding] = []
    proposed: dict[str, list[str]] = {}
    count = 0
    for line, cells in rows:
        count += 1
        values = {code: cells[place].strip() for code, place in found.items() if place < len(cells)}
        entry, wrong = entry_of(kind, values, find_organ)
        findings += [RowFinding(line, code, sentence, refused) for code, sentence, refused in wrong]
        if entry is None:
            continue
        if entry.code in entries:
            findings.append(RowFinding(line, "double", f"编码“{entry.code}”前面已经有一行，这一行没有读入"))
            continue
        entries[entry.code] = entry
        if any(code == PROPOSED for code, _sentence, _refused in wrong):
            proposed.setdefault(values["type"], []).append(entry.code)
    return ReadList(list(entries.values()), findings, count, proposed)


Wrong = tuple[str, str, bool]  # code, sentence, whether the row is left out


def entry_of(
    kind: Kind, values: Mapping[str, str], find_organ: FindOrgan
) -> tuple[Entry | None, list[Wrong]]:
    """One row or one form; what is wrong with it. None: it can't be an entry."""
    wrong: list[Wrong] = []
    said = {column.code: values.get(column.code, "").strip() for column in OF_KIND[kind]}
    for column in OF_KIND[kind]:
        if column.required and not said[column.code]:
            wrong.append((f"no_{column.code}", f"没有写{column.header}", True))
        if len(said[column.code]) > LONG.get(column.code, TEXT):
            wrong.append((f"long_{column.code}", f"{column.header}太长", True))
    base_code = _base_code(said.get("base_code", ""), wrong)
    item_type = _type(kind, said.get("type", ""), base_code, wrong)
    code = base_code if kind == "base" else said.get("code", "") or base_code
    if not code and kind != "base":
        wrong.append(("no_code", "事项编码和基本编码至少要写一个", True))
    since, until = (_day(said.get(name, ""), name, wrong) for name in ("effective_on", "cancelled_on"))
    if since and until and until <= since:
        wrong.append(("ends_before", "取消日期不晚于生效日期", True))
    organ = said.get("organ", "")
    organ_code = find_organ(organ) if organ else ""
    if organ and not organ_code:
        wrong.append(("organ_unknown", f"实施机关“{organ[:40]}”不在本系统的部门里，事项不会和它对上", False))
    basis = tuple(_basis(said.get("basis", "")))
    if said.get("basis") and not basis and kind in ("power", "base"):
        wrong.append(("basis_unread", "设定依据里没有认出法律条文，要写成《……》第……条", False))
    entry = Entry(
        code=code,
        name=said["name"],
        base_code=base_code,
        item_type=item_type,
        organ_code=organ_code,
        organ_name=organ,
        levels=_levels(said.get("levels", ""), wrong),
        basis_words=said.get("basis", ""),
        basis=basis,
        duties=said.get("duties", ""),
        accountability=said.get("accountability", ""),
        measure=said.get("measure", ""),
        effective_on=since,
        cancelled_on=until,
        state=_state(said.get("state", ""), wrong),
    )
    return (None if any(refused for _c, _s, refused in wrong) else entry), wrong


def _base_code(said: str, wrong: list[Wrong]) -> str:
    if not said:
        return ""
    try:
        return str(BaseCode.parse(said))
    except IdentifierRefused:
        wrong.append(("base_code_wrong", f"基本编码“{said[:20]}”不是12位", True))
        return ""


def _type(kind: Kind, said: str, base_code: str, wrong: list[Wrong]) -> str:
    if kind == "negative":
        return ""
    if kind == "service":
        return "20"
    if not said:
        return ""
    code, certain = proposed_type(said)
    names = code_list("item_type")
    if not code:
        wrong.append(("type_unknown", f"“{said[:20]}”不是事项类型，也认不出来", True))
    elif not certain:
        wrong.append((PROPOSED, f"“{said[:20]}”要由人确认是不是“{names.name(code)}”", False))
    elif kind == "power" and code == "20":
        wrong.append(("type_not_power", "公共服务不列入权责清单，请写进公共服务清单", True))
    elif base_code and BaseCode.parse(base_code).item_type not in ("", code):
        wrong.append(("type_and_code", "事项类型和基本编码第3、4位不一致", False))
    return code if certain else ""


def _levels(said: str, wrong: list[Wrong]) -> tuple[str, ...]:
    known = code_list("exercise_level")
    by_name = {one.name: one.code for one in known} | {one.code: one.code for one in known}
    by_name |= {
        "县级（市、区）": "4",
        "区级": "4",
        "区县级": "4",
        "镇级": "5",
        "乡级": "5",
        "街道": "5",
        "乡镇": "5",
    }
    by_name |= {"国家": "1", "省": "2", "市": "3", "县": "4", "乡": "5", "镇": "5"}
    whole = by_name.get(said)
    found: list[str] = [whole] if whole else []
    lost: list[str] = []
    for one in [] if whole else SEPARATORS.split(re.sub(r"[（(].*?[）)]", "", said)):
        code = by_name.get(one)
        if code:
            found.append(code)
        else:
            lost.append(one)
    if any(lost):
        wrong.append(
            ("level_unknown", f"行使层级“{'、'.join(one for one in lost if one)[:40]}”没有认出来", False)
        )
    return tuple(dict.fromkeys(found))


def _day(said: str, name: str, wrong: list[Wrong]) -> date | None:
    if not said:
        return None
    try:
        found = DAY.match(said.split(" ", maxsplit=1)[0])
        if found is None:
            raise ValueError(said)
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        words = "生效日期" if name == "effective_on" else "取消日期"
        wrong.append((f"{name}_wrong", f"{words}“{said[:20]}”读不懂，写成2026-01-01", True))
        return None


def _state(said: str, wrong: list[Wrong]) -> str:
    by_words = {words: code for code, words in STATES.items()} | {code: code for code in STATES}
    by_words |= {"": "active", "1": "active", "2": "suspended", "3": "cancelled"}
    if said not in by_words:
        wrong.append(("state_unknown", f"状态“{said[:20]}”不是在用、暂停、取消", True))
    return by_words.get(said, "active")


def _basis(words: str) -> Iterable[Basis]:
    """The articles that a text names, each once."""
    found = citations(words)
    return dict.fromkeys(Basis(one.law, one.article, one.suffix) for one in found)


def cells_of(kind: Kind, entry: Entry) -> list[str]:
    """The row of an entry in a table that can be read again."""
    levels, types = code_list("exercise_level"), code_list("item_type")
    values = {
        "code": entry.code,
        "base_code": entry.base_code,
        "name": entry.name,
        "type": types.name(entry.item_type) if entry.item_type in types else entry.item_type,
        "organ": entry.organ_name,
        "levels": "、".join(levels.name(one) if one in levels else one for one in entry.levels),
        "basis": entry.basis_words,
        "duties": entry.duties,
        "accountability": entry.accountability,
        "measure": entry.measure,
        "effective_on": entry.effective_on.isoformat() if entry.effective_on else "",
        "cancelled_on": entry.cancelled_on.isoformat() if entry.cancelled_on else "",
        "state": STATES.get(entry.state, ""),
    }
    return [values[column.code] for column in OF_KIND[kind]]
