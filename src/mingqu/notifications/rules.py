"""Filling message templates: typed parameters, nothing left open. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mingqu.kernel.identifiers import CaseNumber
from mingqu.notifications.errors import WrongMessage


@dataclass(frozen=True)
class Template:
    """One kind of message: what it says, with the type of each parameter."""

    kind: str
    version: str
    params: Mapping[str, str]
    title: str
    body: str


@dataclass(frozen=True)
class Words:
    title: str
    body: str
    version: str


@cache
def _file() -> Any:
    return yaml.safe_load(files("mingqu.notifications").joinpath("messages.yaml").read_text("utf-8"))


@cache
def inbox_templates() -> dict[str, Template]:
    """Every kind of inbox message."""
    raw = _file()
    return {
        kind: Template(kind, raw["version"], t["params"], t["title"], t["body"].strip())
        for kind, t in raw["inbox"].items()
    }


@cache
def sms_templates() -> dict[str, Template]:
    """Every kind of text message; they have no title."""
    raw = _file()
    return {
        kind: Template(kind, raw["version"], t["params"], "", t["text"].strip())
        for kind, t in raw["sms"].items()
    }


def inbox_words(kind: str, params: Mapping[str, Any]) -> Words:
    """Title and body. Raises WrongMessage."""
    return _fill(inbox_templates(), kind, params, {})


def sms_words(kind: str, params: Mapping[str, Any], *, site: str) -> str:
    """The text, with the installation's name in front. Raises WrongMessage."""
    return _fill(sms_templates(), kind, params, {"site": site}).body


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
