"""
Regular expressions as XPath 3.1 and XML Schema know them, run on the `regex` package with a time limit.

What differs is translated (flags x and q, `\\i \\c`, `[a-z-[aeiou]]`, blocks like `\\p{IsBasicLatin}`);
what XPath does not have (look-around, `\\b`, named groups) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import regex

from mingqu.decisions.errors import TookTooLong
from mingqu.decisions.values import Run

MAX_PATTERN: Final = 1000
MAX_SECONDS: Final = 0.5
MAX_REPEAT: Final = 1000
_FLAGS: Final = {"i": regex.IGNORECASE, "s": regex.DOTALL, "m": regex.MULTILINE, "x": 0, "q": 0}


class PatternRefused(Exception):
    """The pattern or its flags are not valid; FEEL's answer is null."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; every use is limited in time."""

    compiled: Any
    groups: int

    def search(self, run: Run, text: str) -> Any:
        return self._timed(run, text, lambda: self.compiled.search(text, timeout=MAX_SECONDS))

    def replace(self, run: Run, text: str, by: Callable[[Any], str]) -> str:
        if self.search(run, "") is not None:
            raise PatternRefused("matches the empty string")
        return str(self._timed(run, text, lambda: self.compiled.sub(by, text, timeout=MAX_SECONDS)))

    def split(self, run: Run, text: str) -> list[str]:
        if self.search(run, "") is not None:
            raise PatternRefused("matches the empty string")

        def parts() -> list[str]:
            found, start = [], 0
            for match in self.compiled.finditer(text, timeout=MAX_SECONDS):
                found.append(text[start : match.start()])
                start = match.end()
            return [*found, text[start:]]

        result: list[str] = self._timed(run, text, parts)
        run.pay(len(result))
        return result

    @staticmethod
    def _timed(run: Run, text: str, action: Callable[[], Any]) -> Any:
        run.pay(1 + len(text) // 20)
        try:
            result = action()
        except TimeoutError:
            raise TookTooLong(limit=MAX_SECONDS) from None
        run.look()  # many searches that each stay below their limit are still bounded together
        return result


@lru_cache(maxsize=1000)
def pattern_of(pattern: str, flags: str) -> Pattern:
    """The compiled pattern. PatternRefused."""
    if len(pattern) > MAX_PATTERN or any(flag not in _FLAGS for flag in flags):
        raise PatternRefused("length or flags")
    options = regex.V1
    for flag in flags:
        options |= _FLAGS[flag]
    body = regex.escape(pattern) if "q" in flags else Translator(pattern, flags).whole()
    try:
        compiled = regex.compile(body, options & ~regex.FULLCASE, cache_pattern=False)
    except (regex.error, OverflowError, ValueError, RecursionError) as problem:
        raise PatternRefused(str(problem)) from None
    return Pattern(compiled, compiled.groups)


_NAME_START: Final = (
    r"A-Z_a-z:\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME: Final = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_SETS: Final = {
    "n": r"\n",
    "r": r"\r",
    "t": r"\t",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]",
    "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME}]",
    "C": f"[^{_NAME}]",
}
_ESCAPABLE: Final = r"\|.?*+(){}$-[]^"
_PROPERTY: Final = re.compile(r"\{(Is[A-Za-z0-9-]+|[A-Z][a-z]?)\}")
_COUNT: Final = re.compile(r"\{([0-9]{1,6})(?:(,)([0-9]{1,6})?)?\}")


class Translator:
    """One pattern on its way from XPath to `regex`."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.spaced = "x" in flags
        self.lines = "m" in flags
        self.single = "s" in flags
        self.at = 0
        self.groups = 0
        self.open = 0
        self.closed: set[int] = set()
        self.stack: list[int] = []
        self.repeat = 1
        self.repeated = 0

    def whole(self) -> str:
        out: list[str] = []
        if self.spaced:
            self.pattern = _without_spaces(self.pattern)
        while self.at < len(self.pattern):
            out.append(self.piece())
        if self.stack:
            raise PatternRefused("unclosed group")
        return "".join(out)

    def piece(self) -> str:
        sign = self.pattern[self.at]
        self.at += 1
        if sign not in "*+?{":
            self.repeated = 0
        match sign:
            case "\\":
                return self.escape()
            case "[":
                return self.character_class()
            case "(":
                return self.group()
            case ")":
                if not self.stack:
                    raise PatternRefused("unopened group")
                number = self.stack.pop()
                if number:
                    self.closed.add(number)
                return ")"
            case "{":
                return self.count()
            case "]" | "}":
                raise PatternRefused(f"unexpected {sign}")
            case "*" | "+" | "?":
                return self.quantifier(sign)
            case ".":
                return "." if self.single else r"[^\n\r]"
            case "$":
                return "$" if self.lines else r"\Z"
        return sign if sign in "^|" else regex.escape(sign, literal_spaces=True)

    def quantifier(self, sign: str) -> str:
        """`?` after a quantifier makes it reluctant; any other repetition of signs is no XPath."""
        if self.repeated and (sign != "?" or self.repeated > 1):
            raise PatternRefused("quantifier")
        self.repeated += 1
        return sign

    def count(self) -> str:
        match = _COUNT.match(self.pattern, self.at - 1)
        if match is None:
            raise PatternRefused("quantifier")
        most = max(int(match[1]), int(match[3] or 0), 1)
        self.repeat *= most
        if self.repeat > MAX_REPEAT:
            raise PatternRefused("repeats too often")
        self.quantifier("{")
        self.at = match.end()
        return match[0]

    def group(self) -> str:
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            self.stack.append(0)
            return "(?:"
        if self.pattern.startswith("?", self.at):
            raise PatternRefused("group")
        self.groups += 1
        self.stack.append(self.groups)
        return "("

    def escape(self) -> str:
        if self.at >= len(self.pattern):
            raise PatternRefused("lonely backslash")
        sign = self.pattern[self.at]
        if sign.isdigit():
            return self.back_reference()
        self.at += 1
        if sign in "pP":
            return self.property(sign)
        if sign in _SETS:
            return _SETS[sign]
        if sign in _ESCAPABLE:
            return "\\" + sign
        raise PatternRefused(f"\\{sign}")

    def back_reference(self) -> str:
        digits = re.match("[0-9]+", self.pattern[self.at :])
        number = digits[0] if digits else "0"
        while number and int(number) > self.groups and len(number) > 1:
            number = number[:-1]
        if int(number) not in self.closed:
            raise PatternRefused(f"\\{number}")
        self.at += len(number)
        return f"(?:\\{number})"

    def property(self, sign: str) -> str:
        match = _PROPERTY.match(self.pattern, self.at)
        if match is None:
            raise PatternRefused(f"\\{sign}")
        self.at = match.end()
        return f"\\{sign}{{{_block(match[1])}}}"

    def character_class(self) -> str:
        out = ["["]
        if self.pattern.startswith("^", self.at):
            out.append("^")
            self.at += 1
        first = True
        while True:
            if self.at >= len(self.pattern):
                raise PatternRefused("unclosed class")
            sign = self.pattern[self.at]
            self.at += 1
            if sign == "]":
                if first:
                    raise PatternRefused("empty class")
                return "".join(out) + "]"
            if sign == "-" and self.pattern.startswith("[", self.at):
                self.at += 1
                inner = self.character_class()
                if not self.pattern.startswith("]", self.at):
                    raise PatternRefused("subtraction")
                self.at += 1
                return "".join(out) + "--" + inner + "]"
            if sign == "[":
                raise PatternRefused("unexpected [")
            out.append(self.class_member(sign))
            first = False

    def class_member(self, sign: str) -> str:
        if sign == "\\":
            if self.at < len(self.pattern) and self.pattern[self.at].isdigit():
                raise PatternRefused("back reference in class")
            return self.escape()
        if sign == "-":
            return "-" if self._is_range() else r"\-"
        return regex.escape(sign, literal_spaces=True)

    def _is_range(self) -> bool:
        """Whether the hyphen just read stands between two characters."""
        before = self.pattern[self.at - 2]
        after = self.pattern[self.at : self.at + 1]
        return before not in "[^" and after not in ("]", "")


def _block(name: str) -> str:
    return f"block={name[2:]}" if name.startswith("Is") else name


def _without_spaces(pattern: str) -> str:
    """Flag x: whitespace outside of classes is not part of the pattern."""
    out: list[str] = []
    inside, escaped = 0, False
    for sign in pattern:
        if sign in " \t\n\r" and not inside:
            continue
        if not escaped:
            inside += (sign == "[") - (sign == "]" and inside > 0)
        escaped = sign == "\\" and not escaped
        out.append(sign)
    return "".join(out)


_REPLACED: Final = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)


def replacement_of(template: str, groups: int) -> Callable[[Any], str]:
    """A function from a match to its replacement. PatternRefused for a `$` or `\\` that means nothing."""
    parts: list[str | int] = []
    position = 0
    for found in _REPLACED.finditer(template):
        parts.append(template[position : found.start()])
        position = found.end()
        if found[3] or (found[1] and found[1] not in "\\$"):
            raise PatternRefused("replacement")
        if found[1]:
            parts.append(found[1])
            continue
        number = found[2]
        while len(number) > 1 and int(number) > groups:
            number = number[:-1]
        parts.append(int(number) if int(number) <= groups else "")
        parts.append(found[2][len(number) :])
    parts.append(template[position:])

    def expand(match: Any) -> str:
        return "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)

    return expand
