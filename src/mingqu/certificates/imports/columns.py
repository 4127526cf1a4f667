"""The columns of a table of existing certificates, and by which names they are recognised. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mingqu.certificates.types import FieldSpec

EXPLAINED = "错误说明"  # of the table of wrong rows; not read again
LINE = "原行号"


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    header: str
    example: str
    aliases: tuple[str, ...] = ()
    required: bool = True


COLUMNS = (
    Column("type", "证照类型", "食品经营许可证", ("证照名称", "证照类型代码", "证照类型名称")),
    Column("number", "证照编号", "JY19901040000017", ("证照号码", "许可证编号", "许可证号", "证号")),
    Column("holder_name", "持证人名称", "清禾区示例餐饮店", ("持证人", "持证主体", "持证主体名称")),
    Column(
        "holder_number",
        "持证人证件号码",
        "990104199001011230",
        ("持证主体代码", "持证人号码", "公民身份号码或者统一社会信用代码"),
    ),
    Column("valid_from", "有效期自", "2023-05-10", ("有效期起", "发证日期", "有效期开始日期")),
    Column("valid_until", "有效期至", "2028-05-09", ("有效期止", "有效期截止日期"), required=False),
    Column("region", "区划代码", "990104", ("行政区划代码", "所属区划")),
)


def clean_header(text: str) -> str:
    """As people type it: without spaces, line breaks, stars and what stands in brackets."""
    return re.sub(r"[（(].*?[）)]", "", re.sub(r"[\s*＊]", "", text))


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which header of the file is which column, which are lines of the certificate, which are of no use."""

    known: Mapping[str, int]  # code of a column → place in the row
    lines: Mapping[str, int]  # label of a line → place
    unused: tuple[str, ...]
    missing: tuple[str, ...]  # headers of required columns that are not there
    doubled: tuple[str, ...]  # headers that stand for the same column


def mapped(headers: Sequence[str], specs: Iterable[FieldSpec]) -> Mapped:
    names = {clean_header(name): c.code for c in COLUMNS for name in (c.header, *c.aliases)}
    labels = {clean_header(spec.label): spec.label for spec in specs}
    known: dict[str, int] = {}
    lines: dict[str, int] = {}
    unused, doubled = [], []
    for place, header in enumerate(headers):
        name = clean_header(header)
        if not name or name in {EXPLAINED, LINE}:
            continue
        if code := names.get(name):
            doubled += [header] if code in known else []
            known.setdefault(code, place)
        elif name in labels:
            doubled += [header] if labels[name] in lines else []
            lines.setdefault(labels[name], place)
        else:
            unused.append(header)
    missing = tuple(c.header for c in COLUMNS if c.required and c.code not in known)
    return Mapped(known, lines, tuple(unused), missing, tuple(doubled))


def template_headers(specs: Iterable[FieldSpec]) -> list[str]:
    taken = {clean_header(c.header) for c in COLUMNS}
    return [c.header for c in COLUMNS] + [s.label for s in specs if clean_header(s.label) not in taken]
