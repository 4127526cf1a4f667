"""
What another system asks the applicant to correct: whose it is, and her answer. What goes there and how is the room of
exchange's; here it is joined with the case or the bundle that it belongs to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from mingqu.cases import selectors
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.errors import CaseUnknown, OutsideAnswerLate
from mingqu.cases.models import Bundle, BundlePart, Case
from mingqu.cases.services.files import Upload
from mingqu.cases.types import Done
from mingqu.documents import services as documents
from mingqu.documents.selectors import FileView
from mingqu.exchange import selectors as exchange
from mingqu.exchange import services as exchange_services
from mingqu.exchange.errors import NotAskedToCorrect
from mingqu.exchange.types import HandoverView
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


@dataclass(frozen=True)
class Asked:
    """A matter of one's own that another system handles: the case or bundle it belongs to, and where it stands."""

    owner: Case | Bundle
    handover_id: UUID
    matter: HandoverView

    @property
    def of_case(self) -> bool:
        return isinstance(self.owner, Case)

    @property
    def name(self) -> str:
        return self.owner.item_name if isinstance(self.owner, Case) else self.owner.name

    @property
    def url(self) -> str:
        """The page of progress."""
        return reverse("cases:progress" if self.of_case else "bundles:progress", args=[self.owner.number])

    def file_url(self, file_id: UUID) -> str:
        return reverse("cases:file" if self.of_case else "bundles:file", args=[self.owner.number, file_id])


def asked_of(actor: Actor | None, reference: str) -> Asked:
    """One's own, whether it still asks or not. Raises CaseUnknown for absent and for another's alike."""
    place = exchange.place_of(reference)
    if place is None:
        raise CaseUnknown()
    root_id, handover_id = place
    owner: Case | Bundle | None = Case.objects.filter(pk=root_id).first()
    if isinstance(owner, Case):
        seen = access.allows(actor, "case.supplement", owner)
    else:
        owner = Bundle.objects.select_related("lead").filter(pk=root_id).first()
        seen = owner is not None and access.allows(actor, "bundle.supplement", owner)
    matter = exchange.handover(root_id, handover_id)
    if owner is None or matter is None or not seen:
        raise CaseUnknown()
    return Asked(owner, handover_id, matter)


def waiting_files(asked: Asked) -> list[FileView]:
    """What was uploaded and goes with the answer when it is handed in."""
    return exchange.waiting_files(asked.owner.pk, asked.handover_id)


def keep_files(*, reference: str, uploads: Sequence[Upload], by: Actor, at: Instant) -> int:
    """Raises CaseUnknown, OutsideAnswerLate, UploadRefused, AnswerFilesTooMany; then none is kept."""
    asked = asked_of(by, reference)
    given = [(one.name, documents.check_upload(one.data)) for one in uploads]
    _require_open(asked)
    try:
        return exchange_services.keep_files(
            root_id=asked.owner.pk, handover_id=asked.handover_id, given=given, at=at
        )
    except NotAskedToCorrect as late:
        raise OutsideAnswerLate() from late


def remove_file(*, reference: str, file_id: UUID, by: Actor) -> None:
    """Take a file back before the answer is handed in. Raises CaseUnknown, OutsideAnswerLate."""
    asked = asked_of(by, reference)
    try:
        exchange_services.take_back_file(
            root_id=asked.owner.pk, handover_id=asked.handover_id, file_id=file_id
        )
    except NotAskedToCorrect as late:
        raise OutsideAnswerLate() from late


def answer(*, reference: str, words: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The applicant's answer goes to the other system, with the files that wait. Our own clocks run on: the case is with
    us as before (行政许可法 42 knows no such pause); the other side's limit begins anew where it had not accepted.

    Raises CaseUnknown, OutsideAnswerLate (answered, ended or taken back meanwhile), AnswerEmpty.
    """
    asked = asked_of(by, reference)
    with command("exchange.answer", asked.owner.pk, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        if asked.of_case:
            owner: Case | Bundle = selectors.case_for_update(asked.owner.pk)
            access.require(by, "case.supplement", owner)
        else:
            owner = bundles.bundle_for_update(asked.owner.pk)
            access.require(by, "bundle.supplement", owner)
        _require_open(asked)
        try:
            exchange_services.answer_of_owner(cmd, handover_id=asked.handover_id, words=words)
        except NotAskedToCorrect as late:
            raise OutsideAnswerLate() from late
        return cmd.done(Done(owner.pk, owner.status))


def _require_open(asked: Asked) -> None:
    """The case is under review, or the part waits for the other system. Raises OutsideAnswerLate."""
    if isinstance(asked.owner, Case):
        fits = Case.objects.filter(pk=asked.owner.pk, status=Case.Status.ACCEPTED).exists()
    else:
        fits = BundlePart.objects.filter(
            bundle_id=asked.owner.pk, code=asked.matter.part, state=BundlePart.State.OUTSIDE
        ).exists()
    if not fits:
        raise OutsideAnswerLate()
