"""
Which law a page or paper of a case names: it comes from the type of the item (code list `legal_words`).

行政许可法 speaks of licences alone. Where nothing is known for another type, nothing is cited but the item's own basis.
"""

from dataclasses import replace

from mingqu.cases.rules import is_licence
from mingqu.clocks.types import ClockSpec
from mingqu.kernel.codelists import code_list

LIST = "legal_words"


def words(point: str, item_type: str) -> str:
    """The law that is named at this point of the procedure; empty where none is known for the type."""
    attributes = code_list(LIST).require(point).attributes
    return str(attributes["licence" if is_licence(item_type) else "others"])


def cited(sentence: str, point: str, item_type: str) -> str:
    """`sentence`, without its full stop, with the law behind it in brackets, where there is one."""
    law = words(point, item_type)
    return f"{sentence}（{law}）" if law else sentence


def clock(spec: ClockSpec, item_type: str) -> ClockSpec:
    """A clock the licence law sets; for another type the same days, as the organ's own undertaking."""
    return spec if is_licence(item_type) else replace(spec, article=None, licence=False)


def not_needed_words(item_type: str) -> str:
    """The first ground on which an application is turned away, in words."""
    return "依法不需要取得行政许可" if is_licence(item_type) else "依法不需要办理"
