"""
Identity documents: one validator per entry of the code list `identity_document`.

Formats other than the citizen number and the credit code are from memory; they refuse what is surely wrong
and no more, because a foreigner's passport must not fail on a rule we made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers.citizen_number import CitizenNumber
from mingqu.kernel.identifiers.credit_code import CreditCode
from mingqu.kernel.identifiers.text import canonical


class DocumentNumberRefused(DomainError):
    """The number does not look like one of this kind of document."""

    code = "document_number_wrong"
    sentence = "{name}的号码应是{shape}，例如{example}，请对照证件核对。"


_SHAPES: Final[dict[str, tuple[str, str, str]]] = {
    "hk_macao_permit": (r"[HM]\d{8}(\d{2})?", "字母H或M加8位数字", "H00000000"),
    "taiwan_permit": (r"\d{8}", "8位数字", "00000000"),
    "permanent_residence": (r"[A-Z]{3}\d{12}|9\d{16}[\dX]", "15位或18位", "AAA000000000000"),
    "passport": (r"[A-Z0-9]{5,17}", "5至17位字母和数字", "E00000000"),
    "birth_certificate": (r"[A-Z]\d{9}", "一个字母加9位数字", "A000000000"),
    "declared_name": (r"[A-Z0-9]{6,32}", "6至32位字母和数字", "A0000000"),
}


def check_document(kind: str, number: str, *, demo: bool = False, field: str = "") -> str:
    """
    The number in canonical form.

    Raises UnknownCode for a kind the list does not have, IdentifierRefused for citizen numbers and credit
    codes, DocumentNumberRefused for the rest.
    """
    entry = code_list("identity_document").require(kind, field=field)
    validator = entry.attributes["validator"]
    if exact := _EXACT.get(validator):
        return exact(number, demo)
    pattern, shape, example = _SHAPES[validator]
    text = canonical(number, dashes=True)
    if not re.fullmatch(pattern, text):
        raise DocumentNumberRefused(field=field, name=entry.name, shape=shape, example=example)
    return text


def _citizen(number: str, demo: bool) -> str:
    return str(CitizenNumber.parse(number, demo=demo))


def _credit(number: str, demo: bool) -> str:
    return str(CreditCode.parse(number, demo=demo))


_EXACT: Final[dict[str, Callable[[str, bool], str]]] = {"citizen_number": _citizen, "credit_code": _credit}
