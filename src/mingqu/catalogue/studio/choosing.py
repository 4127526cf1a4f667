"""
Conditions chosen instead of written: answers of situation questions, and of a step what 自动判定 gives, ticked. Pure.

What can be ticked is a condition of this shape and no other: of each question named one answer or one of several, all
questions together. Everything else stays the expression it is. A question stands by its name, a rule by `outcome.code`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ASK = r"(?:situation\.)?(?P<ask>(?<=situation\.)\w+|outcome\.\w+)"
_ONE = rf'{_ASK}\s*=\s*"(?P<value>[^"\\]*)"'
_SOME = rf'{_ASK}\s+in\s+\((?P<values>"[^"\\]*"(?:\s*,\s*"[^"\\]*")*)\)'
_LISTED = r'[\[(](?P<values>"[^"\\]*"(?:\s*,\s*"[^"\\]*")*)[\])]'
_HAS = r'list contains\(\s*situation\.(?P<ask>\w+)\s*,\s*"(?P<value>[^"\\]*)"\s*\)'
_MANY = (
    r"\(?some\s+(?P<each>\w+)\s+in\s+situation\.(?P<ask>\w+)\s+satisfies\s+(?P=each)\s*"
    rf'(?:=\s*"(?P<value>[^"\\]*)"|in\s+{_LISTED})\)?'
)

Chosen = dict[str, list[str]]


def chosen(when: str) -> Chosen | None:
    """Question → answers; empty: no condition; None: not of this shape."""
    found: Chosen = {}
    if not when.strip():
        return found
    for part in re.split(r"\s+and\s+", when.strip()):
        if one := re.fullmatch(_ONE, part) or re.fullmatch(_HAS, part):
            ask, values = one["ask"], [one["value"]]
        elif any_of := re.fullmatch(_MANY, part):
            ask = any_of["ask"]
            values = re.findall(r'"([^"\\]*)"', any_of["values"] or f'"{any_of["value"]}"')
        elif some := re.fullmatch(_SOME, part):
            ask, values = some["ask"], re.findall(r'"([^"\\]*)"', some["values"])
        else:
            return None
        if ask in found:
            return None
        found[ask] = values
    return found


def condition(picked: Mapping[str, Sequence[str]], many: Mapping[str, bool]) -> str:
    """The expression of ticked answers; `many`: questions with several answers. "" where nothing is ticked."""
    parts = []
    for ask, values in picked.items():
        if not values:
            continue
        name = ask if "." in ask else f"situation.{ask}"
        if many.get(ask):
            # One of the ticked answers among those given; in brackets, for all that follows belongs to it else.
            listed = ", ".join(f'"{value}"' for value in values)
            test = f'= "{values[0]}"' if len(values) == 1 else f"in ({listed})"
            parts.append(f"(some f in situation.{ask} satisfies f {test})")
        elif len(values) == 1:
            parts.append(f'{name} = "{values[0]}"')
        else:
            listed = ", ".join(f'"{value}"' for value in values)
            parts.append(f"{name} in ({listed})")
    return " and ".join(parts)


_STRETCH = re.compile(
    r"(?:(?P<ticks>.+?)\s+and\s+)??"
    r"(?:(?P<one>form\.[\w.]+)\s*>\s*(?P<over>\d+(?:\.\d+)?))?"
    r"(?:(?<=\d)\s+and\s+)?"
    r"(?:(?P<other>form\.[\w.]+)\s*<=\s*(?P<most>\d+(?:\.\d+)?))?"
)


@dataclass(frozen=True)
class Stretch:
    """Which number of the form a row is for: over so much, up to so much; "" where there is no such end."""

    measure: str = ""
    over: str = ""
    most: str = ""

    @property
    def condition(self) -> str:
        ends = ((">", self.over), ("<=", self.most))
        return " and ".join(f"{self.measure} {sign} {end}" for sign, end in ends if self.measure and end)


NO_STRETCH = Stretch()


def stretched(when: str) -> tuple[str, Stretch] | None:
    """The ticked part and the stretch of a condition; None where it is not of this shape."""
    if chosen(when) is not None:
        return when, NO_STRETCH
    found = _STRETCH.fullmatch(when.strip())
    if found is None or not (found["one"] or found["other"]):
        return None
    if found["one"] and found["other"] and found["one"] != found["other"]:
        return None
    ticks = found["ticks"] or ""
    if chosen(ticks) is None:
        return None
    return ticks, Stretch(found["one"] or found["other"], found["over"] or "", found["most"] or "")
