"""
Which law a page or paper of a case names: it comes from the type of the item (code list `legal_words`).

行政许可法 speaks of licences alone. Where nothing is known for another type, nothing is cited but the item's own basis.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from mingqu.cases.rules import LICENCE, is_licence
from mingqu.clocks.types import ClockSpec
from mingqu.kernel.codelists import code_list

LIST = "legal_words"
Share = Literal["all", "some", "none"]


def words(point: str, item_type: str) -> str:
    """The law that is named at this point of the procedure; empty where none is known for the type."""
    attributes = code_list(LIST).require(point).attributes
    return str(attributes["licence" if is_licence(item_type) else "others"])


def cited(sentence: str, point: str, item_type: str) -> str:
    """`sentence`, without its full stop, with the law behind it in brackets, where there is one."""
    law = words(point, item_type)
    return f"{sentence}（{law}）" if law else sentence


def bracketed(point: str, item_type: str) -> str:
    """The law in brackets, to stand inside a sentence; nothing where there is none."""
    return cited("", point, item_type)


def licences(item_types: Iterable[str]) -> Share:
    """
    How many of these matters are licences: what is said of several at once (a bundle's papers) names 行政许可法
    plainly, of the licences among them only, or not at all.
    """
    found = {is_licence(one) for one in item_types}
    if found == {True}:
        return "all"
    return "some" if True in found else "none"


def bracketed_of_several(point: str, share: Share) -> str:
    """`bracketed` for a sentence about several matters."""
    if share == "none":
        return ""
    law = words(point, LICENCE)
    return f"（{law}）" if share == "all" else f"（其中的行政许可：{law}）"


def clock(spec: ClockSpec, item_type: str) -> ClockSpec:
    """A clock the licence law sets; for another type the same days, as the organ's own undertaking."""
    return spec if is_licence(item_type) else replace(spec, article=None, licence=False)


def not_needed_words(item_type: str) -> str:
    """The first ground on which an application is turned away, in words."""
    return "依法不需要取得行政许可" if is_licence(item_type) else "依法不需要办理"
