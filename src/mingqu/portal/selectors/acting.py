"""Authorities in words, for the page of who may act for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from mingqu.catalogue import selectors as catalogue
from mingqu.identity.types import CapacityView
from mingqu.kernel.codelists import code_list


@dataclass(frozen=True)
class Line:
    """One authority: who, for whom, which matters, until when, and how it stands."""

    one: CapacityView
    matters: str
    tag: str
    state: str

    @property
    def open(self) -> bool:
        return self.tag in ("received", "accepted")


def kind_words(kind: str) -> str:
    return {
        "representative": _("法定代表人（负责人）"),
        "handler": _("经办人"),
        "relative": _("亲友代办"),
    }[kind]


def lines(found: list[CapacityView], day: date) -> list[Line]:
    """One statement for the names of all items."""
    codes = {code for one in found for code in one.items}
    names = catalogue.names(codes) if codes else {}
    return [Line(one, _matters(one, names), *_state(one, day)) for one in found]


def _matters(one: CapacityView, names: dict[str, str]) -> str:
    said = [names.get(code, code) for code in one.items]
    if one.item_types:
        known = code_list("item_type")
        said += [known.require(code, field="kinds").name for code in one.item_types]
    return _("、").join(said) or _("所有能申请的事")


def _state(one: CapacityView, day: date) -> tuple[str, str]:
    if one.state == "offered":
        if one.until_on is not None and day > one.until_on:
            return "ended", _("过了期限，没有生效")
        return "received", _("等对方接受")
    if one.state == "active":
        return ("accepted", _("有效")) if one.holds_on(day) else ("ended", _("已到期"))
    return "ended", _("没有接受") if one.state == "declined" else _("已终止")


def codes_named(texts: Iterable[str]) -> dict[str, str]:
    """The code of each published item that is called exactly so, or has this code, by what was asked."""
    wanted = set(texts)
    rows = catalogue.published_items().filter(Q(code__in=wanted) | Q(name__in=wanted))
    found = list(rows.values_list("code", "name"))
    return {**{name: code for code, name in found}, **{code: code for code, _name in found}}
