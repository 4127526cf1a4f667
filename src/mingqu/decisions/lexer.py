"""Splits FEEL text into tokens (DMN 1.5, 10.3.1.2, grammar rules 22 to 37). Names are joined by the parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from mingqu.decisions.errors import ExpressionInvalid, ExpressionTooLong

Kind = Literal["name", "number", "string", "at", "op", "end"]
MAX_LENGTH: Final = 20_000

# Grammar rules 27 and 28: what a name starts with and goes on with. U+FF0C and its like (full-width
# punctuation) are left out: an official's Chinese comma is an error to be seen, not a name.
_START: Final = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3004-\u3007\u3021-\u302F\u3031-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFF\uFF10-\uFF19\uFF21-\uFF3A"
    r"\uFF41-\uFF5A\uFF66-\uFFDC\U00010000-\U000EFFFF"
)
_NAME: Final = rf"[{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F-\u2040]*"
_SPACE: Final = r"[\s\u0085\u00A0\u180E\u2028\u2029\uFEFF]+"
_TOKEN: Final = re.compile(
    rf"""(?P<space>(?:{_SPACE}|//[^\n\r]*|/\*(?s:.*?)\*/)+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>{_NAME})
    |(?P<at>@\s*"(?:[^"\\\n]|\\.)*")
    |(?P<string>"(?:[^"\\]|\\(?s:.))*")
    |(?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>(){{}}\[\],.:;'])
    """,
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text (a string's is unescaped), where it starts and ends."""

    kind: Kind
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """All tokens and a closing one of kind `end`. ExpressionTooLong, ExpressionInvalid."""
    if len(text) > MAX_LENGTH:
        raise ExpressionTooLong(limit=MAX_LENGTH)
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionInvalid(position=position, reason=f"不认识的字符“{text[position]}”")
        kind = match.lastgroup
        position = match.end()
        if kind == "space" or kind is None:
            continue
        body = match[0]
        if kind == "string":
            body = unescape(body[1:-1])
        elif kind == "at":
            body = unescape(body[1:].strip()[1:-1])
        found.append(Token(kind, body, match.start(), position))  # type: ignore[arg-type]
    found.append(Token("end", "", len(text), len(text)))
    return found


def unescape(text: str) -> str:
    r"""Resolves `\n`, `\uXXXX`, `\UXXXXXX` and pairs of surrogates; other escapes stay as they are."""
    if "\\" not in text:
        return text
    text = _ESCAPE.sub(_character, text)
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _HALF.sub("\ufffd", text)  # half a character can't be stored or shown


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else match[0]
    return _PLAIN.get(match[3], match[0])
