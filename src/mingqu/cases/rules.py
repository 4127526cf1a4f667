"""Rules of a case: pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from mingqu.cases.types import Asked

# Who may do what in which status; every command checks its own line, and the test of all pairs reads it.
ALLOWED_IN: Mapping[str, frozenset[str]] = {
    "case.accept": frozenset({"received"}),
    "case.settle": frozenset({"received"}),
    "case.refuse_acceptance": frozenset({"received"}),
    "case.ask_correction": frozenset({"received"}),
    "case.supplement": frozenset({"correction"}),
    "case.bring_owed": frozenset({"accepted"}),
    "case.review": frozenset({"accepted"}),
    "case.return_inside": frozenset({"accepted"}),
    "case.plan_visit": frozenset({"accepted"}),
    "case.record_visit": frozenset({"accepted"}),
    "case.pause": frozenset({"accepted"}),
    "case.resume": frozenset({"accepted"}),
    "case.extend": frozenset({"accepted"}),
    "case.decide": frozenset({"accepted"}),
    "case.terminate": frozenset({"received", "correction", "accepted"}),
    "case.deliver": frozenset({"decided"}),
    "case.archive": frozenset({"delivered", "not_accepted", "not_required", "withdrawn", "terminated"}),
    "case.withdraw": frozenset({"received", "correction", "accepted"}),
    "case.check_commitment": frozenset({"decided", "delivered", "archived"}),
}

QUERY_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: people read it over the telephone
QUERY_CODE_LENGTH = 8


class HasState(Protocol):
    code: str
    name: str
    state: str


def missing_materials(needed: Iterable[str], handed_in: Iterable[str]) -> list[str]:
    """Codes of needed materials for which no file was handed in, in the order asked for."""
    there = set(handed_in)
    return [code for code in needed if code not in there]


def asked_anew(asked: Sequence[Asked], materials: Sequence[HasState], asked_before: bool) -> list[str]:
    """
    Names of materials that a second correction notice may not ask for (行政许可法 32(4): 一次告知).

    After a first notice only what it asked for may be asked again.
    """
    if not asked_before:
        return []
    known = {m.code: m for m in materials}
    return [known[a.code].name for a in asked if a.code in known and known[a.code].state == "given"]
