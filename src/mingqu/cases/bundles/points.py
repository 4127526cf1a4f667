"""
What is to be corrected in the parts of a bundle, before the one notice goes out: what each department said of its part,
what officers marked in the files, who has not spoken, and until when it may be told (行政许可法 32(4)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mingqu.cases import desk
from mingqu.cases.bundles.form_points import questions_of_part
from mingqu.cases.bundles.types import FORM
from mingqu.cases.models import BundlePart, Case, CaseMaterial
from mingqu.identity.services import access
from mingqu.kernel.types import Actor


@dataclass(frozen=True)
class PartPoints:
    """One part that is not accepted yet. `words`: by material what to ask for, as the notice begins."""

    part: BundlePart
    materials: list[tuple[str, str]]  # code, name
    words: dict[str, str]
    said_by: UUID | None
    said_at: datetime | None
    may_say: bool  # the one who looks may speak for this part
    questions: list[tuple[str, str]]  # of its form: code (FORM and the path), words

    @property
    def until(self) -> date | None:
        """The last day on which it may be told; after it the part is accepted by law."""
        return self.part.due_on

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Name of the material or of the question, and what is wrong."""
        every = [*self.materials, *self.questions]
        return [(name, self.words[code]) for code, name in every if code in self.words]


def points_of(parts: Sequence[BundlePart], actor: Actor | None = None) -> list[PartPoints]:
    """Of the received parts, in their order; four statements. The caller has checked that they may be seen."""
    received = [part for part in parts if part.state == BundlePart.State.FILED and not part.pending]
    cases = Case.objects.in_bulk([part.case_id for part in received])
    if not cases:
        return []
    spoken = {part.case_id: part.said_at for part in received if part.case_id and part.said_at}
    marked = desk.wrong_in(list(cases), spoken)
    materials: dict[UUID, list[tuple[str, str]]] = {}
    rows = CaseMaterial.objects.filter(case_id__in=list(cases)).order_by("case_id", "position")
    for case_id, code, name in rows.values_list("case_id", "code", "name"):
        materials.setdefault(case_id, []).append((code, name))
    return [
        PartPoints(
            part,
            materials.get(case.pk, []),
            _together(part, marked.get(case.pk, {})),
            part.said_by,
            part.said_at,
            access.allows(actor, "bundle.say_points", case),
            [
                (f"{FORM}{path}", f"申请表：{title}")
                for path, title in questions_of_part(part.bundle, part).items()
            ],
        )
        for part in received
        if part.case_id and (case := cases.get(part.case_id))
    ]


def _together(part: BundlePart, marked: dict[str, str]) -> dict[str, str]:
    """What the department said, and what was marked since; before it spoke, what was marked."""
    words = dict(part.said)
    for code, what in marked.items():
        words[code] = f"{words[code]}；{what}" if words.get(code) else what
    return words
