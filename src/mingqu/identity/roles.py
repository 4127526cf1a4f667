"""Roles and their permissions (roles.yaml), read once."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mingqu.kernel.yaml_text import read_yaml


@dataclass(frozen=True)
class Role:
    """A set of commands and questions under a name; given to a post, never to a person."""

    code: str
    name: str
    permissions: frozenset[str]


@lru_cache(maxsize=1)
def _roles_file() -> dict[str, Any]:
    data = read_yaml((Path(__file__).parent / "roles.yaml").read_text("utf-8"))
    known = set(data["permissions"])
    used = set(data["citizen"]) | set(data["system"])
    for role in (*data["roles"].values(), *data["capacities"].values()):
        used |= set(role["permissions"])
    if unknown := sorted(used - known):
        raise ValueError(f"roles.yaml uses permissions it does not list: {', '.join(unknown)}")
    return dict(data)


@lru_cache(maxsize=1)
def roles() -> dict[str, Role]:
    """All roles by code."""
    return {
        code: Role(code, role["name"], frozenset(role["permissions"]))
        for code, role in _roles_file()["roles"].items()
    }


@lru_cache(maxsize=1)
def permissions() -> dict[str, str]:
    """Every permission with what it is called."""
    return dict(_roles_file()["permissions"])


@lru_cache(maxsize=1)
def citizen_permissions() -> frozenset[str]:
    """What everyone with a personal account may do with what is their own."""
    return frozenset(_roles_file()["citizen"])


@lru_cache(maxsize=1)
def system_permissions() -> frozenset[str]:
    """What parts of the system may do."""
    return frozenset(_roles_file()["system"])


@lru_cache(maxsize=8)
def capacity_permissions(kind: str) -> frozenset[str]:
    """What who acts for a firm or a person in this capacity may do with what is theirs."""
    return frozenset(_roles_file()["capacities"].get(kind, {"permissions": ()})["permissions"])
