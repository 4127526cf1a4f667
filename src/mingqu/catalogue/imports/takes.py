"""What a mapping takes out of a row: texts, lists, limits. Pure; whatever it does not understand becomes a finding."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mingqu.catalogue.imports.findings import finding
from mingqu.catalogue.imports.mapping import LIMITS, LISTS, Mapping, Take
from mingqu.catalogue.imports.types import Finding, Row
from mingqu.catalogue.types import LIFE_EVENTS
from mingqu.kernel.codelists import code_list

UNITS = {
    "工作日": "working_days",
    "个工作日": "working_days",
    "自然日": "days",
    "个自然日": "days",
    "日": "days",
    "天": "days",
    "小时": "hours",
    "个小时": "hours",
    "月": "months",
    "个月": "months",
    "年": "years",
}
_LIMIT = re.compile(r"(\d{1,4})\s*[(（]?\s*(\D{1,4}?)\s*[)）]?")
JOINED = {"summary", "stages", "quotes", "window_address", "window_hours"}  # of several texts one
GATHERED = {"organ_codes"}
CODED = {
    "type": ("item_type",),
    "level": ("exercise_level",),
    "audience": ("audience",),
    "handling_kind": ("handling_item_kind",),
    "life_events": LIFE_EVENTS,
}
LONGEST = {"summary": 300, "theme": 40, "base_code": 12, "organ_name": 120}
HANDLING_CODE = re.compile(r"[\w.\-]{1,20}")
PLACE = "@"  # the numbers of a row on the way from the top


@dataclass
class Taken:
    """What a row says of each target; `path` names where it was found, `default` which targets are a default."""

    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    limits: dict[str, tuple[int, str]] = field(default_factory=dict)
    path: dict[str, str] = field(default_factory=dict)
    default: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def text(self, target: str) -> str:
        return self.texts.get(target, "")

    def many(self, target: str) -> list[str]:
        return self.lists.get(target, [])


def taken(row: Row, mapping: Mapping, *, defaults: bool = False) -> Taken:
    """Everything a mapping takes from a row."""
    found = Taken()
    for target, takes in mapping.takes.items():
        values, path = _found(row, target, takes, mapping, found.findings)
        if not values and defaults and (default := next((t.default for t in takes if t.default), "")):
            values, path = [default], "默认值"
            found.default.add(target)
        if not values:
            continue
        found.path[target] = path
        if target in LISTS:
            found.lists[target] = values
        elif target in LIMITS:
            _put_limit(found, target, "".join(values))
        else:
            found.texts[target] = "；".join(values) if target in JOINED else values[0]
    return found


def _found(
    row: Row, target: str, takes: Sequence[Take], mapping: Mapping, findings: list[Finding]
) -> tuple[list[str], str]:
    """The first way that finds something; of organ codes all of them, best first."""
    gathered: list[str] = []
    named = ""
    for take in takes:
        values, path = _values(row, take, mapping)
        values = _translated(values, target, take, mapping, findings)
        values = [text for text in values if _fits(text, target, findings)]
        if values and target not in GATHERED:
            return values, path
        gathered, named = gathered + values, named or (path if values else "")
    return list(dict.fromkeys(gathered)), named


def _values(row: Row, take: Take, mapping: Mapping) -> tuple[list[str], str]:
    """What the first path that says something says, and which path that was."""
    if take.value:
        return [take.value], "映射中的固定值"
    silent = mapping.empty | take.empty
    for path in take.paths:
        values = [text for text in texts_of(at(row, path)) if text not in silent]
        for name, argument in take.do:
            values = transformed(values, name, argument)
        values = [text for text in values if text not in silent]
        if values:
            return values, path
    return [], ""


def at(row: Row, path: str) -> Any:
    """What stands at a path: `a.b.0`, `../department` (in what the row lies in), `@` (the row's numbers)."""
    if path == PLACE:
        return row.place
    here: Any = row.values
    level = 0
    while path.startswith("../"):
        path, level = path[3:], level + 1
    if level:
        here = row.above[level - 1] if level <= len(row.above) else None
    for name in path.split("."):
        if isinstance(here, dict):
            here = here.get(name)
        elif isinstance(here, list) and name.isdigit() and int(name) < len(here):
            here = here[int(name)]
        else:
            return None
    return here


def flat(row: Row) -> dict[str, Any]:
    """What a row said, with the single values of what it lay in, under the paths by which a mapping names them."""
    found = dict(row.values)
    for level, above in enumerate(row.above, start=1):
        found |= {
            f"{'../' * level}{name}": one for name, one in above.items() if not isinstance(one, (dict, list))
        }
    return found


def texts_of(value: Any) -> list[str]:
    """A value as texts; what is no text, number or list of them says nothing."""
    if isinstance(value, bool):
        return ["是" if value else "否"]
    if isinstance(value, (str, int, float)):
        text = " ".join(str(value).replace("\u3000", " ").split())
        return [text] if text else []
    if isinstance(value, list):
        return [text for one in value if not isinstance(one, list) for text in texts_of(one)]
    return []


def transformed(values: list[str], name: str, argument: Any) -> list[str]:
    """One transform of the closed list (`mapping.TRANSFORMS`) on each value."""
    if name == "join":
        return [str(argument).join(values)] if values else []
    found: list[str] = []
    for text in values:
        found += _one(text, name, argument)
    return [text.strip() for text in found if text.strip()]


def _one(text: str, name: str, argument: Any) -> Iterable[str]:
    if name == "split":
        return text.split(argument)
    if name == "first":
        return [text[:argument]]
    if name == "last":
        return [text[-argument:]]
    if name == "upper":
        return [text.upper()]
    if name == "plain":
        return [re.sub(r"[\s\-]", "", text)]
    if name == "prefix":
        return [f"{argument}{text}"]
    if name == "drop_parts":
        return ["-".join(text.split("-")[:-argument])]
    if name in ("after", "before"):
        if argument not in text:
            return [text] if name == "before" else []
        return [text.split(argument, 1)[1 if name == "after" else 0]]
    return _asked(text, argument)


def _asked(link: str, parameter: str) -> list[str]:
    """A parameter of an address's query."""
    try:
        return parse_qs(urlsplit(link).query, max_num_fields=50).get(parameter, [])[:1]
    except ValueError:
        return []


def _translated(
    values: list[str], target: str, take: Take, mapping: Mapping, findings: list[Finding]
) -> list[str]:
    if not take.table:
        return values
    table = mapping.tables[take.table]
    found: list[str] = []
    for text in values:
        if text in table:
            found += [table[text]] if table[text] else []
        elif take.others == "keep":
            found.append(text)
        elif take.others == "finding":
            findings.append(finding("value_unknown", target=target, value=text[:60]))
    return list(dict.fromkeys(found))


def _fits(text: str, target: str, findings: list[Finding]) -> bool:
    """Whether a value is of the code list, and no longer than what is made of it can hold; else it is not used."""
    if (codes := CODED.get(target)) and not any(text in code_list(one) for one in codes):
        findings.append(finding("value_unknown", target=target, value=text[:60]))
        return False
    if len(text) > LONGEST.get(target, len(text)):
        findings.append(finding("value_too_long", target=target, most=LONGEST[target], value=text[:30]))
        return False
    if target == "handling_code" and not HANDLING_CODE.fullmatch(text):
        findings.append(finding("value_unknown", target=target, value=text[:60]))
        return False
    return True


def _put_limit(found: Taken, target: str, text: str) -> None:
    limit = read_limit(text)
    if limit is None:
        found.findings.append(finding("limit_unreadable", target=target, value=text[:40]))
    else:
        found.limits[target] = limit


def read_limit(text: str) -> tuple[int, str] | None:
    """20(工作日), 20个工作日, 3个月 → number and unit (code list limit_unit); None for anything else."""
    read = _LIMIT.fullmatch(text.strip())
    if read is None or read[2] not in UNITS or int(read[1]) < 1:
        return None
    return int(read[1]), UNITS[read[2]]
