"""
联合踏勘: one set of shared findings of several departments on one visit, written by whoever of them sees it first,
signed by each department that came, closed once. What is wrong later is corrected beside what stood there.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from mingqu.cases.bundles import papers, rules, selectors
from mingqu.cases.bundles.events import JointVisitRecorded, SharedFindingCorrected
from mingqu.cases.bundles.shared_errors import (
    AttendanceChanged,
    FindingChanged,
    FindingEmpty,
    FindingWritten,
    JointVisitUnknown,
    NothingFound,
    NotSharing,
    RecordClosed,
    RecordUnsigned,
    SubjectMissing,
    TooManyFindings,
    UnitMissing,
)
from mingqu.cases.bundles.types import Closing, Correction, FindingDone, NewFinding, RecordOf
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.models import Bundle, BundlePart, Case, JointVisit, JointVisitAnswer, SharedFinding
from mingqu.cases.services.visits.recording import check_officers_signed, check_party_signed
from mingqu.cases.types import OfficerSigned
from mingqu.cases.visit_errors import VisitNotYet
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day

MOST = 60
PHOTO_KIND, SIGNATURE_KIND = "visit_photo", "visit_signature"
State = SharedFinding.State


@dataclass(frozen=True)
class _Open:
    """A shared record under the lock of its bundle, as one of its officers found it."""

    bundle: Bundle
    parts: dict[str, BundlePart]
    joint: JointVisit
    answers: list[JointVisitAnswer]  # of the departments that take part
    own: JointVisitAnswer
    findings: list[SharedFinding]

    @property
    def standing(self) -> list[SharedFinding]:
        return selectors.standing_findings(self.findings)

    @property
    def digest(self) -> str:
        return rules.findings_digest(one.id for one in self.standing)

    def print_record(self, findings: list[SharedFinding], at: Instant) -> None:
        papers.joint_visit_record(self.joint, self.parts, self.answers, findings, at)

    def done(self, finding: SharedFinding | None = None) -> FindingDone:
        return FindingDone(self.bundle.pk, self.joint.id, finding.id if finding else None)


def write_finding(*, of: RecordOf, finding: NewFinding, by: Actor, at: Instant, key: UUID) -> FindingDone:
    """
    One thing all of them see. The first to write of a subject is the one; another is told what stands there.

    Raises JointVisitUnknown, NotSharing, NotAuthorised, VisitNotYet, RecordClosed, SubjectMissing, FindingEmpty,
    UnitMissing, FindingWritten, TooManyFindings, or what is wrong with the photo (documents.errors).
    """
    with command("bundle.write_finding", of.bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(FindingDone)
        found = _open(cmd, of)
        _check(finding)
        _require_unwritten(found.standing, finding.subject)
        if len(found.standing) >= MOST:
            raise TooManyFindings(most=MOST)
        made = _write(cmd, found, finding)
        if found.joint.began_at is None:
            cmd.change(found.joint, began_at=at)
        return cmd.done(found.done(made))


def correct_finding(
    *, of: RecordOf, correction: Correction, by: Actor, at: Instant, key: UUID
) -> FindingDone:
    """
    Another in the place of a finding that stands, with the reason; the old one stays to be read. Everybody whose own
    record rests on the old one is told. After the record is closed it is for those who came, and its paper is made
    anew.

    Raises what write_finding raises (never RecordClosed), FindingChanged (somebody was faster) or ReasonMissing.
    """
    with command("bundle.correct_finding", of.bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(FindingDone)
        found = _open(cmd, of, closed=True)
        before = _standing(found, correction.finding_id)
        if not correction.reason.strip():
            raise ReasonMissing(field="reason")
        _check(correction.finding, photo=before.file_id is not None)
        _require_unwritten([one for one in found.standing if one is not before], correction.finding.subject)
        made = _write(cmd, found, correction.finding, before, correction.reason.strip())
        cmd.change(before, state=State.CORRECTED, ended_by=by.id, ended_at=at)
        _tell_who_rests_on(cmd, found, before, made)
        if found.joint.recorded_at is not None:
            found.print_record([*found.findings, made], at)
        return cmd.done(found.done(made))


def remove_finding(
    *, of: RecordOf, finding_id: UUID, reason: str, by: Actor, at: Instant, key: UUID
) -> FindingDone:
    """Take a finding out while the record is open; it stays to be read. Raises as correct_finding, and RecordClosed."""
    with command("bundle.remove_finding", of.bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(FindingDone)
        found = _open(cmd, of)
        before = _standing(found, finding_id)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        because = reason.strip()
        cmd.change(before, state=State.REMOVED, ended_by=by.id, ended_at=at, removed_because=because)
        _tell_who_rests_on(cmd, found, before, None)
        cmd.note(ended_finding=before.id)
        cmd.note_digest(reason=because)
        return cmd.done(found.done(before))


def sign_findings(
    *, of: RecordOf, signed: tuple[OfficerSigned, ...], by: Actor, at: Instant, key: UUID
) -> FindingDone:
    """
    A department's officers sign what stands in the record. It counts while nothing is written, corrected or taken out
    after it; then they sign again. Raises NothingFound, OfficersUnsigned, and as write_finding.
    """
    with command("bundle.sign_findings", of.bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(FindingDone)
        found = _open(cmd, of)
        if not found.standing:
            raise NothingFound()
        own = found.own
        check_officers_signed(signed, own.officer_ids, identity.names_of(own.officer_ids))
        drawn = {
            str(one.person_id): str(kept)
            for one in signed
            if (kept := _keep(found.bundle, "核查人员签名.png", SIGNATURE_KIND, one.drawn, at))
        }
        cmd.change(own, signature_ids=drawn, signed_at=at, signed_digest=found.digest)
        cmd.note(part=own.part, signed_over=own.signed_digest)
        return cmd.done(found.done())


def close_findings(*, of: RecordOf, closing: Closing, by: Actor, at: Instant, key: UUID) -> FindingDone:
    """
    The record is complete: who signed came, who did not is named as absent, the applicant's side signs or why not. The
    paper is made, the applicant and who did not come are told; each department goes on to its own record.

    Raises RecordUnsigned, AttendanceChanged (somebody signed meanwhile, or a signature fell), PartyUnsigned, and as
    write_finding.
    """
    with command("bundle.close_findings", of.bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(FindingDone)
        found = _open(cmd, of)
        came, missed = rules.who_came({one.part: one.signed_digest for one in found.answers}, found.digest)
        if found.own.part not in came:
            raise RecordUnsigned()
        if sorted(missed) != sorted(closing.absent):
            raise AttendanceChanged()
        check_party_signed(closing.party)
        joint, party = found.joint, closing.party
        cmd.change(
            joint,
            recorded_at=at,
            recorded_by=by.id,
            party_name=party.name.strip(),
            party_refused=party.refused,
            party_reason=party.reason.strip(),
            party_signature_id=_keep(found.bundle, "申请人签名.png", SIGNATURE_KIND, party.drawn, at),
        )
        for one in found.answers:
            cmd.change(one, came=one.part in came)
        found.print_record(found.findings, at)
        cmd.note(came=came, absent=missed, refused=party.refused, signed_over=found.digest)
        cmd.note_digest(party=joint.party_name)
        whose = (found.bundle.pk, found.bundle.number, found.bundle.applicant_id)
        cmd.publish(JointVisitRecorded(*whose, joint.id, came, missed))
        return cmd.done(found.done())


def _tell_who_rests_on(
    cmd: Command, found: _Open, before: SharedFinding, after: SharedFinding | None
) -> None:
    """A department may have made its own record before this one is closed."""
    whose = (found.bundle.pk, found.bundle.number, found.bundle.applicant_id)
    cmd.publish(SharedFindingCorrected(*whose, found.joint.id, before.id, after.id if after else None))


def _open(cmd: Command, of: RecordOf, *, closed: bool = False) -> _Open:
    """`closed`: the deed is possible after the record is closed too."""
    bundle = selectors.bundle_for_update(of.bundle_id)
    joint = selectors.agreed_joint(bundle, of.joint_id)
    parts = {one.code: one for one in selectors.parts_of(bundle)}
    answers = [one for one in selectors.answers_to(joint) if selectors.takes_part(one, parts[one.part])]
    own = next((one for one in answers if one.part == of.part and cmd.by.id in one.officer_ids), None)
    if own is None:
        raise NotSharing()
    access.require(cmd.by, cmd.name, Case.objects.get(pk=parts[own.part].case_id))
    if legal_day(cmd.at) < legal_day(joint.planned_for):
        raise VisitNotYet(day=zh_day(legal_day(joint.planned_for)))
    if joint.recorded_at is not None and not closed:
        raise RecordClosed()
    if own.came is False:
        raise NotSharing()  # it was not there: what it finds by itself stands in its own record
    if bundle.status not in rules.ALLOWED_IN[cmd.name]:
        raise JointVisitUnknown()
    return _Open(bundle, parts, joint, answers, own, selectors.findings_of(bundle.pk, joint.id))


def _check(finding: NewFinding, *, photo: bool = False) -> None:
    """`photo`: one is there already."""
    if not finding.subject.strip():
        raise SubjectMissing(field="subject")
    if finding.amount is not None and not finding.unit.strip():
        raise UnitMissing(field="unit")
    if finding.amount is None and not finding.text.strip() and finding.photo is None and not photo:
        raise FindingEmpty(field="text")


def _require_unwritten(standing: list[SharedFinding], subject: str) -> None:
    for one in standing:
        if rules.same_subject(one.subject, subject):
            who = identity.names_of([one.written_by]).get(one.written_by, "")
            says = selectors.finding_says(one)
            raise FindingWritten(field="subject", subject=one.subject, who=who, says=says)


def _standing(found: _Open, finding_id: UUID) -> SharedFinding:
    for one in found.standing:
        if one.id == finding_id:
            return one
    raise FindingChanged()


def _write(
    cmd: Command,
    found: _Open,
    finding: NewFinding,
    before: SharedFinding | None = None,
    reason: str = "",
) -> SharedFinding:
    kept = _keep(found.bundle, "踏勘照片.jpg", PHOTO_KIND, finding.photo, cmd.at)
    photo = finding.photo
    made = SharedFinding(
        bundle=found.bundle,
        joint_id=found.joint.id,
        part=found.own.part,
        subject=finding.subject.strip(),
        text=finding.text.strip(),
        amount=finding.amount,
        unit=finding.unit.strip() if finding.amount is not None else "",
        file_id=kept or (before.file_id if before else None),
        sha256=sha256(photo.data).hexdigest() if photo else (before.sha256 if before else ""),
        taken_at=photo.taken_at if photo else (before.taken_at if before else None),
        written_by=cmd.by.id,
        written_at=cmd.at,
        replaces=before.id if before else None,
        reason=reason,
    )
    cmd.insert(made)
    cmd.note(part=made.part, shared_finding=made.id, instead_of=made.replaces, sha256=made.sha256)
    said = replace(finding, photo=None)
    cmd.note_digest(finding=[said.subject, said.text, str(said.amount), said.unit], reason=reason)
    return made


def _keep(bundle: Bundle, name: str, kind: str, upload: CheckedUpload | None, at: Instant) -> UUID | None:
    if upload is None:
        return None
    return documents.store_upload(root_id=bundle.pk, kind=kind, name=name, upload=upload, at=at).file_id
