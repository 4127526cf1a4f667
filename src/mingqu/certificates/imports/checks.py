"""What is found in one row of a table of existing certificates. Pure: what the register knows is passed in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mingqu.certificates import rules
from mingqu.certificates.types import FieldSpec
from mingqu.kernel.identifiers import CitizenNumber, CreditCode, IdentifierRefused
from mingqu.kernel.tables import CELL

ERROR, NOTE = "error", "note"

# code → (kind, sentence). A row with an error is not brought in; a note is for the person who confirms.
FINDINGS: Mapping[str, tuple[str, str]] = {
    "type_missing": (ERROR, "没有填证照类型"),
    "type_unknown": (ERROR, "本平台没有这种证照类型"),
    "number_missing": (ERROR, "没有填证照编号"),
    "number_malformed": (ERROR, "证照编号超过40个字，或者有不能用的符号"),
    "holder_missing": (ERROR, "没有填持证人名称"),
    "holder_number_missing": (ERROR, "没有填持证人证件号码"),
    "citizen_number_wrong": (ERROR, "公民身份号码不对：位数、出生日期、区划或者校验码不符"),
    "credit_code_wrong": (ERROR, "统一社会信用代码不对：位数或者校验码不符"),
    "date_missing": (ERROR, "没有填有效期自"),
    "date_wrong": (ERROR, "日期看不懂，或者没有这一天，应写成2026-11-20"),
    "dates_reversed": (ERROR, "有效期至早于有效期自"),
    "region_wrong": (ERROR, "区划代码不是6到12位数字，或者不在区划表里"),
    "region_outside": (ERROR, "区划不在您的岗位管辖范围内"),
    "line_missing": (ERROR, "缺少证照上必须写明的内容"),
    "formula": (ERROR, "单元格是公式，请改成数值或者文字"),
    "too_long": (ERROR, "单元格的内容太长"),
    "double_in_file": (ERROR, "同一份文件里有重复的证照类型和编号"),
    "in_register": (ERROR, "登记里已经有这个证照，不重复导入"),
    "number_taken": (ERROR, "这个编号在登记里属于另一种证照"),
    "expired": (NOTE, "证照已经过期，导入后显示“已过期”"),
    "begins_later": (NOTE, "有效期还没有开始"),
    "longer_than_type": (NOTE, "有效期比这种证照规定的年限长"),
    "without_end": (NOTE, "这种证照有年限，表里没有写有效期至，按长期有效导入"),
    "holder_unknown": (NOTE, "持证人还没有在本平台核实身份，先按名称和号码保存，核实后自动归到名下"),
}

_NUMBER = re.compile(r"[\w〔〕\[\]（）().\-]{1,40}")
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?: 00:00(?::00)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
ENDLESS = {"", "长期", "长期有效", "无期限", "永久"}

Finding = tuple[str, str]  # code, header of the column


@dataclass(frozen=True, slots=True)
class TypeRule:
    """What is asked of certificates of one type."""

    code: str
    name: str
    validity_years: int | None
    specs: tuple[FieldSpec, ...]


@dataclass(frozen=True, slots=True)
class Existing:
    """A row as a certificate: only from a row without errors."""

    number: str
    holder_kind: str
    holder_name: str
    holder_number: str
    fields: dict[str, str]
    valid_from: date
    valid_until: date | None
    region_code: str


def error(code: str) -> bool:
    return FINDINGS[code][0] == ERROR


def number_of(text: str) -> str:
    return "".join(text.split()).upper()


def read_date(text: str) -> date | None:
    """Raises ValueError for what is no day; None for none."""
    if text in ENDLESS:
        return None
    found = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return date(*map(int, found.groups()))


def row_findings(
    values: Mapping[str, str],
    kind: TypeRule | None,
    day: date,
    *,
    demo: bool,
    region_known: Callable[[str], bool],
) -> list[Finding]:
    """
    What is wrong or worth knowing in a row. `values`: code of a column, or label of a line → text. `kind` is None for
    an unknown type. Doubles, the register and the scope are looked at by the caller.
    """
    found = [
        *_cells(values),
        *_type(values, kind),
        *_number(values),
        *_holder(values, demo=demo),
        *_dates(values, kind, day),
        *_region(values, region_known),
        *_lines(values, kind),
    ]
    return list(dict.fromkeys(found))


def _cells(values: Mapping[str, str]) -> Iterator[Finding]:
    for name, text in values.items():
        if text.startswith("="):
            yield "formula", name
        if len(text) > CELL:
            yield "too_long", name


def _type(values: Mapping[str, str], kind: TypeRule | None) -> Iterator[Finding]:
    if not values.get("type"):
        yield "type_missing", "type"
    elif kind is None:
        yield "type_unknown", "type"


def _number(values: Mapping[str, str]) -> Iterator[Finding]:
    number = number_of(values.get("number", ""))
    if not number:
        yield "number_missing", "number"
    elif not _NUMBER.fullmatch(number):
        yield "number_malformed", "number"


def holder_kind(number: str, *, demo: bool) -> str:
    """person or firm, by whose number it is. Raises IdentifierRefused for neither."""
    try:
        CitizenNumber.parse(number, demo=demo)
        return "person"
    except IdentifierRefused:
        CreditCode.parse(number, demo=demo)
        return "firm"


def looks_personal(number: str) -> bool:
    """What most likely was meant: digits with a day of birth in their place, or one too few or too many of them."""
    return re.fullmatch(r"\d{6}(19|20)?\d{6,12}X?", number) is not None and number[6:8] in {"19", "20"}


def _holder(values: Mapping[str, str], *, demo: bool) -> Iterator[Finding]:
    if not values.get("holder_name"):
        yield "holder_missing", "holder_name"
    number = number_of(values.get("holder_number", ""))
    if not number:
        yield "holder_number_missing", "holder_number"
        return
    try:
        holder_kind(number, demo=demo)
    except IdentifierRefused:
        yield ("citizen_number_wrong" if looks_personal(number) else "credit_code_wrong"), "holder_number"


def _dates(values: Mapping[str, str], kind: TypeRule | None, day: date) -> Iterator[Finding]:
    days: dict[str, date | None] = {}
    for code in ("valid_from", "valid_until"):
        try:
            days[code] = read_date(values.get(code, ""))
        except ValueError:
            yield "date_wrong", code
    if "valid_from" in days and days["valid_from"] is None:
        yield "date_missing", "valid_from"
    start, until = days.get("valid_from"), days.get("valid_until")
    if start and start > day:
        yield "begins_later", "valid_from"
    if until and until < day:
        yield "expired", "valid_until"
    if start and until and until < start:
        yield "dates_reversed", "valid_until"
    if start and kind and kind.validity_years and "valid_until" in days:
        if until is None:
            yield "without_end", "valid_until"
        elif (until - rules.last_day(start, kind.validity_years)).days > 1:
            # One day more is the same validity, counted as 民法典 201 has it.
            yield "longer_than_type", "valid_until"


def _region(values: Mapping[str, str], known: Callable[[str], bool]) -> Iterator[Finding]:
    code = values.get("region", "")
    if not re.fullmatch(r"\d{6}|\d{9}|\d{12}", code) or not known(region_code(code)):
        yield "region_wrong", "region"


def region_code(text: str) -> str:
    return text.ljust(12, "0")


def _lines(values: Mapping[str, str], kind: TypeRule | None) -> Iterator[Finding]:
    if kind is None:
        return
    for spec in kind.specs:
        if spec.required and not values.get(spec.label):
            yield "line_missing", spec.label


def existing(values: Mapping[str, str], kind: TypeRule, *, demo: bool) -> Existing:
    """The certificate of a row without errors."""
    number = number_of(values["holder_number"])
    start = read_date(values["valid_from"])
    assert start is not None
    return Existing(
        number=number_of(values["number"]),
        holder_kind=holder_kind(number, demo=demo),
        holder_name=values["holder_name"],
        holder_number=number,
        fields={spec.code: values[spec.label] for spec in kind.specs if values.get(spec.label)},
        valid_from=start,
        valid_until=read_date(values.get("valid_until", "")),
        region_code=region_code(values["region"]),
    )
