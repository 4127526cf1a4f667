"""What the pages of 告知承诺事后核查 show: each duty with the promise it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mingqu.cases import selectors as cases

if TYPE_CHECKING:
    from mingqu.cases.models import AfterCheck, Case, SignedCommitment

DECIDED = frozenset({"decided", "delivered", "archived"})


@dataclass(frozen=True)
class CheckRow:
    """One duty to check; `promise` is None only if its row was lost."""

    check: "AfterCheck"
    material: str
    promise: "SignedCommitment | None"

    @property
    def words(self) -> Mapping[str, Any]:
        """What was told and promised, as it was signed."""
        return self.promise.text if self.promise else {}


def checks_of(case: "Case") -> list[CheckRow]:
    """The duties of a decided case; nothing is asked of the database for another, or where there is none."""
    if case.status not in DECIDED or not case.outcome:
        return []
    checks = cases.after_checks_of(case)
    if not checks:
        return []
    names = {material.code: material.name for material in cases.materials_of(case)}
    promises = {row.code: row for row in cases.promises_of(case) if row.kind == "promise"}
    return [
        CheckRow(
            check, names.get(check.material_code, check.material_code), promises.get(check.material_code)
        )
        for check in checks
    ]


def follows(case: "Case", finding: str) -> list[str]:
    """What follows from a finding, in words, before it is written down."""
    if finding == "broken":
        law = cases.legal_words("revocation", case.item_type) or "这个事项自己的依据"
        return [
            "登记“与承诺不符”，登记以后不能再改。",
            "系统通知申请人，并通知信用部门。",
            f"要撤销的，另行按{law}办理；撤销前要听取申请人的陈述、申辩。",
        ]
    return ["登记“属实”，登记以后不能再改。", "这项事后核查到此完成，不另外打扰申请人。"]
