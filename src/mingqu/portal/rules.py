"""Small rules of the public pages: pure."""

from collections.abc import Iterable

from mingqu.portal.types import Told

UNCONFIRMED = ("待核实", "待确认")
AUDIENCES = ("personal", "legal")
PERSONAL = "natural_person"  # code of kernel's list `audience`; every other code is a legal person or body
ASKED_AT_MOST = 60  # characters of a search or filter


def told(text: str) -> Told:
    """A text with whether it says of itself that it is not confirmed (design, section 1)."""
    return Told(text, any(mark in text for mark in UNCONFIRMED))


def clean(text: str) -> str:
    """What somebody typed or put into an address, without control characters and not endless."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:ASKED_AT_MOST]


def is_for(audience: str, codes: Iterable[str]) -> bool:
    """Whether what is for these codes concerns 个人 or 法人; everything concerns everybody else."""
    return bool(audience_codes(audience, codes))


def audience_codes(audience: str, every: Iterable[str]) -> list[str]:
    """The codes behind 个人 and 法人; all of them for anything else."""
    codes = list(every)
    if audience not in AUDIENCES:
        return codes
    return [code for code in codes if (code == PERSONAL) == (audience == "personal")]


def number_range(least: int, most: int, to: str = "至") -> str:
    """3 or 3至4; `to` in the language of the page."""
    return str(least) if least == most else f"{least}{to}{most}"
