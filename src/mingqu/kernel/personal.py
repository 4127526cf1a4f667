"""
Numbers of persons in free text that everybody is going to read: citizen numbers (公民身份号码) and mobile phones.

Pure. A fixed line is no such number: organs print theirs. What has the right places and no right check digit is one all
the same: somebody mistyped it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from mingqu.kernel.masking import mask_number, mask_phone

_GAP: Final = r"[ \-]?"
_BEFORE, _AFTER = r"(?<![0-9])", r"(?![0-9])"
# Written with gaps, it is one number only where no other digits go before or follow.
_ALONE_BEFORE, _ALONE_AFTER = r"(?<![0-9])(?<![0-9][ \-])", r"(?![ \-]?[0-9])"
_BORN: Final = re.compile(
    r"[1-9][0-9]{5}((?:18|19|20)[0-9]{2}|[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]?"
)
_DIGITS: Final = re.compile(
    rf"{_BEFORE}(?:[0-9]{{17}}[0-9Xx]|[0-9]{{15}}){_AFTER}"
    rf"|{_ALONE_BEFORE}[0-9](?:{_GAP}[0-9]){{13,16}}(?:{_GAP}[0-9Xx])?{_ALONE_AFTER}"
)
_PHONE: Final = re.compile(
    rf"{_BEFORE}(?:86)?(1[3-9][0-9]{{9}}){_AFTER}"
    rf"|{_ALONE_BEFORE}(?:\+?86{_GAP})?(1[3-9](?:{_GAP}[0-9]){{9}}){_ALONE_AFTER}"
)
_LENGTHS: Final = {15, 18}


@dataclass(frozen=True)
class Passage:
    """What was found, in words that give it away to nobody who does not know it."""

    what: str
    masked: str

    def __str__(self) -> str:
        return f"{self.what}{self.masked}"


def passages(text: str) -> list[Passage]:
    """The numbers of persons in a text, in their order, full-width digits and gaps between them included."""
    plain = unicodedata.normalize("NFKC", text)
    found = [
        (one.start(), Passage("身份证号", mask_number(number)))
        for one in _DIGITS.finditer(plain)
        if _is_citizen_number(number := _joined(one.group()))
    ]
    found += [
        (one.start(), Passage("手机号", mask_phone(_joined(one.group(1) or one.group(2)))))
        for one in _PHONE.finditer(plain)
    ]
    return [passage for _place, passage in sorted(found, key=lambda one: one[0])]


def _joined(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()


def _is_citizen_number(number: str) -> bool:
    """18 places with a day of birth, or the 15 of before 2000."""
    born = _BORN.fullmatch(number)
    return (
        born is not None and len(number) in _LENGTHS and len(born.group(1)) == (4 if len(number) == 18 else 2)
    )
