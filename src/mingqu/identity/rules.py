"""Pure rules of identity: which roles exclude each other, which spans overlap, what a password must be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

from mingqu.kernel.identifiers import RegionCode

# GB/T 22239-2019 8.1.4.2: administration is split among three officers nobody may combine.
OFFICERS = frozenset({"system_officer", "security_officer", "audit_officer"})

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")


def officers_of(roles: Iterable[str]) -> frozenset[str]:
    """The officer roles among these. More than one in one hand is forbidden."""
    return OFFICERS.intersection(roles)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two spans of days share a day. The last day counts; None is open."""
    return (second[1] is None or first[0] <= second[1]) and (first[1] is None or second[0] <= first[1])


def holds_on(day: date, span: tuple[date, date | None]) -> bool:
    """Whether the day lies in the span, both ends included."""
    return overlap((day, day), span)


def department_state(closed_on: date | None, change: str) -> str:
    """How a department stands, in words: closed, with a change under way (its kind), or in use."""
    under_way = {"rename": "在用，改名在办", "move": "在用，改隶在办", "close": "在用，撤销在办"}
    return "已撤销" if closed_on else under_way.get(change, "在用")


def region_holds(region: str, inside: str) -> bool:
    """Whether a department of a region may stand above one of another; without a region: of everywhere."""
    return not region or (bool(inside) and RegionCode.parse(region).contains(RegionCode.parse(inside)))


def may_succeed(region: str, successor: str) -> bool:
    """
    Whether duties of a department of this region can go to one of that: of the same region, of one around it (上收) or
    of one inside it (下放), and never of a neighbour, who has no power here.
    """
    return region_holds(successor, region) or region_holds(region, successor)


def normal_username(text: str) -> str | None:
    """A staff account name in lower case, or None: 3 to 32 of a–z, 0–9, dot, hyphen, underscore."""
    name = unicodedata.normalize("NFKC", text).strip().lower()
    return name if _USERNAME.fullmatch(name) else None


def password_weakness(password: str, username: str) -> str:
    """
    The code of what is wrong with a password, or "" (GB/T 22239-2019 8.1.4.1 a: complexity).

    At least 10 characters of three kinds (lower, upper, digit, other), without the account's name.
    """
    if len(password) < 10:
        return "too_short"
    kinds = [
        any(c.islower() for c in password),
        any(c.isupper() for c in password),
        any(c.isdigit() for c in password),
        any(not c.isalnum() for c in password),
    ]
    if sum(kinds) < 3:
        return "too_plain"
    if username and username.lower() in password.lower():
        return "holds_username"
    return ""


# The longest an authority may be given for, days. No law fixes one; a rule of this platform (民法典 165 wants an end).
LONGEST = {"handler": 3 * 365, "relative": 365}


def latest_end(kind: str, today: date) -> date:
    """The last day an authority of this kind may be given to."""
    return today + timedelta(days=LONGEST[kind])


_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("OpenHarmony", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Browser and system as people know them ("Chrome · Windows"); "" for what says nothing known of itself."""
    found = (next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, found))
