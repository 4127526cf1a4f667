"""Filling message templates: typed parameters, nothing left open. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from mingqu.kernel.identifiers import CaseNumber
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.yaml_text import read_yaml
from mingqu.notifications.errors import WrongMessage

# A text message of 16-bit signs holds 70; of one that takes several, each part holds 67 (3GPP TS 23.040, 9.2.3.24.1).
ALONE: Final = 70
IN_PARTS: Final = 67
MOST_SEGMENTS: Final = 4
VERSION_LENGTH: Final = 12  # signs of a digest: two texts of one kind do not meet by chance
WIDE: Final = 0xFFFF  # beyond it a sign takes two units, which must stay in one part
# What is said where the words of a kind would be longer than that: a sentence is never cut.
INSTEAD: Final = "【{site}】您有一条新消息，请登录网站，在“我的消息”里看。"


@dataclass(frozen=True)
class Template:
    """One kind of message: what it says, with the type of each parameter."""

    kind: str
    version: str
    params: Mapping[str, str]
    title: str
    body: str
    sms: str = ""  # "": told in the inbox alone
    urgent: bool = False  # asked for just now: neither quiet hours nor a quota hold it back


@dataclass(frozen=True)
class Words:
    title: str
    body: str
    version: str


@cache
def _file() -> Any:
    return read_yaml(files("mingqu.notifications").joinpath("messages.yaml").read_text("utf-8"))


def _version(template: Mapping[str, Any]) -> str:
    """What identifies the words of one kind: a short digest of its texts and parameters, another with every change."""
    said = json.dumps(template, ensure_ascii=False, sort_keys=True)
    return sha256(said.encode()).hexdigest()[:VERSION_LENGTH]


@cache
def inbox_templates() -> dict[str, Template]:
    """Every kind of inbox message."""
    raw = _file()
    return {
        kind: Template(
            kind,
            _version(t),
            t["params"],
            t["title"],
            t["body"].strip(),
            t.get("sms", "").strip(),
            bool(t.get("urgent", False)),
        )
        for kind, t in raw["inbox"].items()
    }


@cache
def sms_templates() -> dict[str, Template]:
    """Every kind of text message; they have no title."""
    raw = _file()
    return {
        kind: Template(kind, _version(t), t["params"], "", t["text"].strip())
        for kind, t in raw["sms"].items()
    }


def inbox_words(kind: str, params: Mapping[str, Any]) -> Words:
    """Title and body. Raises WrongMessage."""
    return _fill(inbox_templates(), kind, params, {})


def sms_words(kind: str, params: Mapping[str, Any], *, site: str) -> str:
    """The text, with the installation's name in front. Raises WrongMessage."""
    return _fill(sms_templates(), kind, params, {"site": site}).body


@cache
def letter_templates() -> dict[str, Template]:
    """Letters that are no fact of an inbox."""
    raw = _file()
    return {
        kind: Template(kind, _version(t), t["params"], t["title"], t["body"].strip())
        for kind, t in raw["letters"].items()
    }


def letter_words(kind: str, params: Mapping[str, Any]) -> Words:
    """Subject and text. Raises WrongMessage."""
    return _fill(letter_templates(), kind, params, {})


def push_words(kind: str, params: Mapping[str, Any], *, site: str, link: str = "") -> str:
    """
    What a text message says of a fact of the inbox, whole, with the signature in front; `link` at its end for who wants
    it. "" for a kind that is told in the inbox alone. Raises WrongMessage.
    """
    template = inbox_templates().get(kind)
    if template is None or not template.sms:
        return ""
    said = _fill({kind: Template(kind, "", template.params, "", template.sms)}, kind, params, {})
    text = f"【{site}】{said.body}".replace("\u00a0", "")
    longest = f"{text} {link} " if link else text
    if segments(longest) <= MOST_SEGMENTS:
        return longest.rstrip()
    return text if segments(text) <= MOST_SEGMENTS else INSTEAD.format(site=site)


def segments(text: str) -> int:
    """How many text messages it is charged as; a sign of two units is not torn apart."""
    units = [2 if ord(sign) > WIDE else 1 for sign in text]
    if sum(units) <= ALONE:
        return 1
    parts, filled = 1, 0
    for unit in units:
        if filled + unit > IN_PARTS:
            parts, filled = parts + 1, 0
        filled += unit
    return parts


def quiet_until(at: datetime, begins: time, ends: time) -> datetime:
    """When something may be sent that is ready at `at`: then, or when the quiet hours end. Equal times: never quiet."""
    local = at.astimezone(BEIJING)
    clock = local.time()
    over_night = begins > ends
    quiet = (clock >= begins or clock < ends) if over_night else begins <= clock < ends
    if not quiet:
        return at
    day = legal_day(at) + timedelta(days=1 if over_night and clock >= begins else 0)
    return datetime.combine(day, ends, BEIJING)


PLACE: Final = re.compile(r"\(\(([^()]{1,40})\)\)")


def fill_in(text: str, given: Mapping[str, Any]) -> tuple[str, list[str]]:
    """A text with its ((names)) filled in, and the names that were not given."""
    missing = sorted({name for name in PLACE.findall(text) if name not in given})
    return PLACE.sub(lambda found: _said(given.get(found[1], "")), text), missing


def _said(value: Any) -> str:
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)


def next_try(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]


BACK_OFF: Final = tuple(timedelta(seconds=s) for s in (0, 10, 60, 300, 1800))
MOST_ATTEMPTS: Final = 6


def _fill(
    templates: Mapping[str, Template], kind: str, params: Mapping[str, Any], given: dict[str, str]
) -> Words:
    template = templates.get(kind)
    if template is None:
        raise WrongMessage(f"no message of kind {kind}")
    if params.keys() != template.params.keys():
        raise WrongMessage(f"{kind} needs {sorted(template.params)}, not {sorted(params)}")
    words = given | {name: _word(template.params[name], value) for name, value in params.items()}
    return Words(template.title.format(**words), template.body.format(**words), template.version)


def _word(kind: str, value: Any) -> str:
    if kind == "date" and isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if kind == "case_number":
        return CaseNumber.parse(str(value)).grouped().replace(" ", "\u00a0")  # must not break over two lines
    if kind == "list" and isinstance(value, list | tuple) and value:
        return "、".join(str(item) for item in value)
    if kind == "number" and isinstance(value, int):
        return str(value)
    if kind == "text" and isinstance(value, str) and value:
        return value
    raise WrongMessage(f"a parameter is no {kind}")


def is_own_path(link: str) -> bool:
    """A path of this site and nothing that a browser would take for another one."""
    return link.startswith("/") and not link.startswith("//") and "\\" not in link and link.isprintable()
