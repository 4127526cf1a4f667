"""联合踏勘 as its page shows it: who comes, what was found together, who signed, what is to be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.types import RecordOf
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

if TYPE_CHECKING:
    from mingqu.cases.models import Bundle, BundlePart, JointVisit, JointVisitAnswer, SharedFinding


@dataclass(frozen=True)
class FindingRow:
    """One thing found together; `before`: what stood in its place, the latest first."""

    id: UUID
    subject: str
    says: str
    who: str
    at: datetime
    photo: bool
    taken_at: datetime | None
    reason: str = ""
    before: list["FindingRow"] = field(default_factory=list)
    removed_because: str = ""


@dataclass(frozen=True)
class Sharer:
    """A department that comes. `own`: the reader is one of its officers; `record_url` names its own visit."""

    part: "BundlePart"
    officers: list[str]
    tag: str
    words: str
    signed: bool
    own: bool
    visit_id: UUID | None = None


@dataclass(frozen=True)
class FindingsPage:
    bundle: "Bundle"
    joint: "JointVisit"
    sharers: list[Sharer]
    rows: list[FindingRow]
    removed: list[FindingRow]
    dropped: list[tuple[str, str]]  # department and why
    due: bool  # its day has come
    project: str = ""  # name of the project, where it is a stage of one

    @property
    def own(self) -> list[Sharer]:
        return [one for one in self.sharers if one.own]

    @property
    def closed(self) -> bool:
        return self.joint.recorded_at is not None

    @property
    def may_write(self) -> bool:
        return bool(self.own) and self.due and not self.closed

    @property
    def may_correct(self) -> bool:
        """Once it is closed, for those who came."""
        return self.record_of() is not None and self.due

    @property
    def unsigned(self) -> list[Sharer]:
        return [one for one in self.sharers if not one.signed]

    @property
    def own_unsigned(self) -> list[Sharer]:
        return [one for one in self.own if not one.signed]

    @property
    def what(self) -> tuple[str, str]:
        """The first line: what is to be done, and whose turn it is ("you", a department, or nobody's)."""
        if self.closed and self._records_open and self.own_unsigned == self.own:
            return "没有到场：采用这份共同记录，或者改期另去一次", "you"
        if self.closed:
            return "共同记录已经完成，各部门据此各自写核查结果", "you" if self._records_open else ""
        if not self.due:
            return "到约定的日子去现场，一起写共同记录", "you" if self.own else self.bundle.lead.name
        if not self.rows:
            return "把各部门都看到、量到的写成一份共同记录", "you" if self.own else self._names(self.sharers)
        if self.own_unsigned:
            return "写完了，请本部门在共同记录上签名", "you"
        if not self.unsigned:
            whose = "you" if self.own else self._names(self.sharers)
            return "各部门都签了，请申请人一方签名，完成共同记录", whose
        return "在共同记录上签名；没有签的，完成时记为没有到场", self._names(self.unsigned)

    @property
    def _records_open(self) -> bool:
        return any(one.visit_id for one in self.own)

    def _names(self, sharers: list[Sharer]) -> str:
        return "、".join(dict.fromkeys(one.part.department.name for one in sharers))

    def record_of(self, part: str = "") -> RecordOf | None:
        """The record as the reader writes in it: for `part`, or for the first of her department's."""
        for one in self.own:
            if part in ("", one.part.code) and (one.signed or not self.closed):
                return RecordOf(self.bundle.pk, self.joint.id, one.part.code)
        return None

    def row(self, finding_id: UUID) -> FindingRow | None:
        return next((one for one in self.rows if one.id == finding_id), None)


def findings_page(actor: Actor, bundle: "Bundle", joint_id: UUID, at: Instant) -> FindingsPage:
    """At most ten statements. Raises JointVisitUnknown. The caller has checked access to the bundle."""
    joint = selectors.agreed_joint(bundle, joint_id)
    parts = {part.code: part for part in selectors.parts_of(bundle)}
    answers, findings = selectors.answers_to(joint), selectors.findings_of(bundle.pk, joint.id)
    coming = [one for one in answers if selectors.takes_part(one, parts[one.part])]
    people = {person for one in coming for person in one.officer_ids} | {f.written_by for f in findings}
    names = identity.names_of(people | {f.ended_by for f in findings if f.ended_by})
    digest = selectors.findings_digest(one.id for one in selectors.standing_findings(findings))
    planned = {one.part.code: one.visit_id for one in selectors.agreed_visits(list(parts.values()))}
    rows = {one.id: _row(one, names, parts) for one in findings}
    return FindingsPage(
        bundle=bundle,
        joint=joint,
        sharers=[_sharer(actor, one, parts[one.part], names, digest, planned) for one in coming],
        rows=[_with_before(one, findings, rows) for one in selectors.standing_findings(findings)],
        removed=[rows[one.id] for one in findings if one.state == "removed"],
        dropped=[(parts[one.part].name, one.drop_reason) for one in answers if one.dropped_at],
        due=legal_day(at) >= legal_day(joint.planned_for),
        project=selectors.project_name(bundle),
    )


def _sharer(
    actor: Actor,
    answer: "JointVisitAnswer",
    part: "BundlePart",
    names: Mapping[UUID, str],
    digest: str,
    planned: Mapping[str, UUID],
) -> Sharer:
    signed = answer.signed_digest == digest
    if answer.came is not None:
        tag, words = ("done", "到场，已签名") if answer.came else ("refused", "没有到场")
    elif signed:
        tag, words = "done", "已签名"
    elif answer.signed_at:
        tag, words = "correct", "签名以后有改动，要再签"
    else:
        tag, words = "received", "还没有签名"
    return Sharer(
        part,
        [names.get(one, "") for one in answer.officer_ids],
        tag,
        words,
        bool(answer.came) if answer.came is not None else signed,
        actor.id in answer.officer_ids,
        planned.get(part.code),
    )


def _row(one: "SharedFinding", names: Mapping[UUID, str], parts: Mapping[str, "BundlePart"]) -> FindingRow:
    who = f"{names.get(one.written_by, '')}（{parts[one.part].department.name}）"
    says = "，".join(filter(None, (selectors.finding_amount(one), one.text)))
    return FindingRow(
        one.id,
        one.subject,
        says,
        who,
        one.written_at,
        one.file_id is not None,
        one.taken_at,
        one.reason,
        removed_because=one.removed_because,
    )


def _with_before(
    one: "SharedFinding", findings: Sequence["SharedFinding"], rows: Mapping[UUID, FindingRow]
) -> FindingRow:
    by_id, chain, here = {f.id: f for f in findings}, [], one.replaces
    while here is not None:
        chain.append(rows[here])
        here = by_id[here].replaces
    rows[one.id].before.extend(chain)
    return rows[one.id]


def photo_of(bundle: "Bundle", joint_id: UUID, finding_id: UUID) -> UUID | None:
    """The stored file of a finding's photo, of corrected and removed ones too."""
    found = selectors.findings_of(bundle.pk, joint_id)
    return next((one.file_id for one in found if one.id == finding_id), None)
