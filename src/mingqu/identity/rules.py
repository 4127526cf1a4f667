"""
Pure rules of identity: what a mandate covers, which roles exclude each other, what a password must be.

The same `Mandate.covers` decides about one object that `Scope.q` (services/access.py) writes as a filter;
a property test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

# GB/T 22239-2019 8.1.4.2: administration is split among three officers nobody may combine.
OFFICERS = frozenset({"system_officer", "security_officer", "audit_officer"})

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")


class Located(Protocol):
    """What an object must tell about itself before anyone may act on it."""

    @property
    def department_id(self) -> UUID | None: ...

    @property
    def region_code(self) -> str: ...

    @property
    def item_type(self) -> str: ...


@dataclass(frozen=True)
class Place:
    """A place in the three dimensions of access, for commands whose object does not exist yet."""

    department_id: UUID | None = None
    region_code: str = ""
    item_type: str = ""


@dataclass(frozen=True)
class Mandate:
    """
    One grant of a post: a role within a department subtree, a region subtree and item types.

    `departments` are the ids of the whole subtree. None means no limit in that dimension; an empty set
    covers nothing. `region` is `RegionCode.prefix` of a region, empty for everywhere.
    """

    role: str
    permissions: frozenset[str]
    departments: frozenset[UUID] | None
    region: str
    item_types: frozenset[str] | None

    def covers(self, subject: Located) -> bool:
        """Whether the object lies within all limits; what it does not say lies outside a limit."""
        if self.departments is not None and subject.department_id not in self.departments:
            return False
        if self.region and not (subject.region_code or "").startswith(self.region):
            return False
        return self.item_types is None or subject.item_type in self.item_types


def officers_of(roles: Iterable[str]) -> frozenset[str]:
    """The officer roles among these. More than one in one hand is forbidden."""
    return OFFICERS.intersection(roles)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two spans of days share a day. The last day counts; None is open."""
    return (second[1] is None or first[0] <= second[1]) and (first[1] is None or second[0] <= first[1])


def holds_on(day: date, span: tuple[date, date | None]) -> bool:
    """Whether the day lies in the span, both ends included."""
    return overlap((day, day), span)


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
