"""Pure rules of the report upwards: the layouts, digests, and what a row must look like."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.federation.types import Field, Layout, Row
from mingqu.kernel.identifiers import CertificateId, IdentifierRefused
from mingqu.kernel.yaml_text import read_yaml

GUID = "row_guid"
BATCH = 200  # things of ours in one batch
WAITS = (1, 2, 5, 15, 30, 60)  # minutes after which an attempt is repeated
LIFE = ("cd_operation", "cd_time", "cd_batch")  # 同步类型 同步时间 批次号: added when a batch is made
ADDED, REMOVED = "I", "D"  # our own codes: those of the national tables were not seen (verified: false)
_DIGITS = re.compile(r"[0-9]{1,18}")


@cache
def layouts() -> Mapping[str, Layout]:
    """By code, in the order in which they are reported."""
    return {code: _layout(code, one) for code, one in _raw()["tables"].items()}


def layout_version() -> str:
    return str(_raw()["version"])


@cache
def _raw() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(files("mingqu.federation").joinpath("layouts.yaml").read_text("utf-8"))
    return found


def _layout(code: str, raw: dict[str, Any]) -> Layout:
    fields = {
        name: Field(code=name, **one | {"codes": tuple(one.get("codes", ()))})
        for name, one in raw["fields"].items()
    }
    return Layout(code, raw["name"], raw["source"], fields)


def belongs_to(table: str) -> tuple[str, ...]:
    """The tables whose row of the same thing must stand before a row of this one is taken."""
    return tuple(sorted({one.refers for one in layouts()[table].fields.values() if one.refers}))


def entry_id(table: str, key: str) -> UUID:
    """Of what is followed: one thing of ours in one table."""
    return uuid5(NAMESPACE_URL, f"mingqu:upward:{table}:{key}")


def guid(table: str, *parts: str) -> str:
    """row_guid: the same for the same row for ever, and telling nothing of what it was made from."""
    return str(uuid5(NAMESPACE_URL, "mingqu:row:" + ":".join((table, *parts))))


def digest(rows: Iterable[Row]) -> str:
    """Of the content alone: when it was sent, and with which batch, is left out."""
    said = [{name: value for name, value in row.items() if name not in LIFE} for row in rows]
    said.sort(key=lambda row: row[GUID])
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def gone(known: Iterable[str], rows: Iterable[Row]) -> list[str]:
    """Rows that were told before and are no more."""
    now = {row[GUID] for row in rows}
    return sorted(one for one in known if one not in now)


def wrong_in(row: Mapping[str, str], layout: Layout) -> list[tuple[str, str]]:
    """(field, words) for what a row is not as its layout says; a removed row needs its key alone."""
    if row.get("cd_operation") == REMOVED:
        return [] if row.get(GUID) else [(GUID, "没有填写")]
    unknown = [(name, "表里没有这个字段") for name in row if name not in layout.fields and name not in LIFE]
    return unknown + [
        (one.code, words) for one in layout.fields.values() if (words := _wrong(row.get(one.code, ""), one))
    ]


def _wrong(value: str, of: Field) -> str:
    if not value:
        return "没有填写" if of.need else ""
    if of.most and len(value) > of.most:
        return f"超过{of.most}位"
    if of.codes and value not in of.codes:
        return "不在代码表里"
    if of.form and not _READS[of.form](value):
        return _FORMS[of.form]
    return ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_instant(value: str) -> bool:
    try:
        return len(value) == 14 and bool(datetime.strptime(value, "%Y%m%d%H%M%S"))  # noqa: DTZ007 - its form alone
    except ValueError:
        return False


def _is_certificate(value: str) -> bool:
    try:
        CertificateId.parse(value, demo=True)
    except IdentifierRefused:
        return False
    return True


_READS = {
    "digits": lambda value: bool(_DIGITS.fullmatch(value)),
    "day": _is_day,
    "instant": _is_instant,
    "certificate": _is_certificate,
}


_FORMS = {
    "digits": "应是数字",
    "day": "应是日期",
    "instant": "应是时间",
    "certificate": "不是电子证照标识",
}


def wait(attempts: int) -> timedelta:
    return timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1])
