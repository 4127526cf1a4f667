"""String functions (DMN 1.5, table 74) and string(). Positions count characters, from 1."""

from __future__ import annotations

from decimal import Decimal

from mingqu.decisions.built_in import built_in
from mingqu.decisions.patterns import PatternRefused, pattern_of, replacement_of
from mingqu.decisions.text_of import text_of
from mingqu.decisions.values import Run, Value


@built_in("string", "from: any")
def string_from(run: Run, value: Value) -> Value:
    """The value as text; null stays null."""
    return None if value is None else text_of(run, value)


@built_in("substring", "string: string, start position: number, length: number?")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None) -> Value:
    """From a position (from 1, or from -1 backwards) to the end or for so many characters."""
    if not -len(text) <= start <= len(text) or int(start) == 0:
        return run.warn("no_such_index")
    index = int(start) - 1 if start > 0 else len(text) + int(start)
    if length is None:
        return text[index:]
    if length < 1:
        return run.warn("no_such_index")
    return text[index : index + int(min(length, Decimal(len(text))))]


@built_in("string length", "string: string")
def string_length(run: Run, text: str) -> Value:
    return Decimal(len(text))


@built_in("upper case", "string: string")
def upper_case(run: Run, text: str) -> Value:
    return run.grown(text.upper())


@built_in("lower case", "string: string")
def lower_case(run: Run, text: str) -> Value:
    return run.grown(text.lower())


@built_in("substring before", "string: string, match: string")
def substring_before(run: Run, text: str, match: str) -> Value:
    """What stands before the first match; empty if there is none."""
    run.pay(len(text) // 1000)
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@built_in("substring after", "string: string, match: string")
def substring_after(run: Run, text: str, match: str) -> Value:
    """What stands after the first match; empty if there is none."""
    run.pay(len(text) // 1000)
    return text.partition(match)[2] if match else text


@built_in("contains", "string: string, match: string")
def contains(run: Run, text: str, match: str) -> Value:
    run.pay(len(text) // 1000)
    return match in text


@built_in("starts with", "string: string, match: string")
def starts_with(run: Run, text: str, match: str) -> Value:
    return text.startswith(match)


@built_in("ends with", "string: string, match: string")
def ends_with(run: Run, text: str, match: str) -> Value:
    return text.endswith(match)


@built_in("matches", "input: string, pattern: string, flags: string?")
def matches(run: Run, text: str, pattern: str, flags: str | None) -> Value:
    """Whether the regular expression (XPath) is found in the text."""
    try:
        return pattern_of(pattern, flags or "").search(run, text) is not None
    except PatternRefused as refusal:
        return run.warn("pattern", str(refusal))


@built_in("replace", "input: string, pattern: string, replacement: string, flags: string?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    """Every match replaced; $1 is the first group."""
    try:
        found = pattern_of(pattern, flags or "")
        if "q" in (flags or ""):
            return run.grown(found.replace(run, text, lambda match: replacement))
        return run.grown(found.replace(run, text, replacement_of(replacement, found.groups)))
    except PatternRefused as refusal:
        return run.warn("pattern", str(refusal))


@built_in("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> Value:
    """The parts between matches of the delimiter, a regular expression."""
    try:
        return pattern_of(delimiter, "").split(run, text)
    except PatternRefused as refusal:
        return run.warn("pattern", str(refusal))


@built_in("string join", "list: list, delimiter: string?")
def string_join(run: Run, items: list[Value], delimiter: str | None) -> Value:
    """The strings one after another; nulls are left out."""
    parts = [item for item in items if item is not None]
    if any(not isinstance(part, str) for part in parts):
        return run.warn("arguments", "string join")
    run.pay(len(parts))
    # Paid for before it is built: many references to one long text are cheap, their text is not.
    run.grown_by(sum(map(len, parts)) + len(delimiter or "") * len(parts))
    return (delimiter or "").join(parts)
