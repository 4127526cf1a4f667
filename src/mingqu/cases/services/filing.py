"""Filing: a draft becomes a received case (收件)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from mingqu.cases import legal, papers, rules
from mingqu.cases.errors import (
    DeliveryNotChosen,
    FaceNeeded,
    FormIncomplete,
    IdentityNeeded,
    LevelAtWindow,
    LevelNeeded,
    SituationStops,
    SituationUnanswered,
    SlipUnknown,
)
from mingqu.cases.events import CaseReceived
from mingqu.cases.models import BackFilled, Case, CaseNumber, PaperSlip
from mingqu.cases.provisions import Asking, on_paper
from mingqu.cases.services import materials
from mingqu.cases.services.certificate import require_certificate
from mingqu.cases.services.delivery_choice import address_row, checked_address
from mingqu.cases.services.party import Party, owners, party_of, whose_certificate
from mingqu.cases.services.reach import require_reached
from mingqu.cases.types import BY_POST, Addressee, Filed
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, SituationResult
from mingqu.clocks import services as clocks
from mingqu.clocks.types import CORRECTION_NOTICE
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView, FormSchema
from mingqu.identity import selectors as identity
from mingqu.identity.services import access, faces
from mingqu.identity.types import DepartmentView, PersonView
from mingqu.kernel.commands import Command, command
from mingqu.kernel.identifiers import CaseNumber as PublicNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import Series, draw_ahead, next_number
from mingqu.kernel.types import Actor, Instant

TYPED_IN = "停机时在纸上收件，事后补录"  # why the clock starts on a day gone by
SELF_DECLARED, DOCUMENT_SEEN = 1, 2  # AAL1: what filing always asks for; AAL2: the real-name step or a window
FACE_SEEN = 3  # AAL3


@dataclass(frozen=True)
class _Dates:
    """When the application came, and by when it must be answered."""

    at: Instant
    due_on: date | None


@dataclass(frozen=True)
class Hand:
    """
    Through whose hands an application comes in: the applicant's own (网上, or at a terminal of the hall), or those of a
    clerk at a window, whose post is written down then.
    """

    applicant_id: UUID
    channel: str = Case.Channel.ONLINE
    post_id: UUID | None = None
    bundle_id: UUID | None = None  # 一件事 it is a part of
    via: str = ""  # which hall of another district took it in, in words of the receipt

    @property
    def vouched(self) -> bool:
        """A clerk stands for whose it is and what was seen: at the window, or as the result of another part."""
        return self.at_window or self.bundle_id is not None

    @property
    def at_window(self) -> bool:
        return self.channel == Case.Channel.WINDOW

    @property
    def visits(self) -> int:
        """到现场次数: who files at a window has come once."""
        return int(self.at_window)


@dataclass(frozen=True)
class _Application:
    """Who applies, for whom, to which organ, through whose hands, and how the result is to reach her."""

    person: PersonView
    party: Party
    organ: DepartmentView
    hand: Hand
    delivery: str
    owes: bool
    capacity_id: UUID | None  # the authority of who files it for another
    acts_on: UUID | None  # the certificate to be changed, renewed, replaced or struck off


class _Own:
    """What the access rule looks at while a case does not exist yet: whose it would be, and of which item."""

    def __init__(self, person_id: UUID, firm_id: UUID | None, item_code: str, item_type: str) -> None:
        self.party_ids, self.firm_id = (person_id,), firm_id
        self.item_code, self.item_type = item_code, item_type


def file_case(
    *,
    draft_id: UUID,
    base_version: int,
    by: Actor,
    at: Instant,
    key: UUID,
    channel: str = Case.Channel.ONLINE,
) -> Filed:
    """
    Hand in an application; the five days for a correction notice start (行政许可法 32(4)).

    At any hour: what comes at night or on a holiday is received that day, and the clock counts from the
    next working day. `base_version` is the draft as the person checked it; `channel` where she pressed the button: the
    draft, the case and its trail are the same whichever it was and wherever it began (ARC-07). Raises NotAuthorised,
    NotLawful, IdentityNeeded, PartyNotYours, SituationUnanswered, SituationStops, FormIncomplete, DeliveryNotChosen,
    AddressIncomplete, MaterialsMissing, GapUnsigned, SignerDiffers, or what the draft refuses (DraftNotFound,
    DraftAlreadyFiled, DraftChangedElsewhere); then nothing is filed.
    """
    with command("case.file", draft_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return filed_before(cmd, draft_id)
        access.require_may(by, "case.file")
        draft = forms.take_for_filing(draft_id=draft_id, base_version=base_version, by=by, at=at)
        definition = definition_of_draft(draft)
        require_within(by, definition)
        return take_in(cmd, draft, definition, received_by(definition, own_hand(by, channel)))


def require_within(by: Actor, definition: Definition) -> None:
    """
    Whether the actor may file for this item; in whose name is `party_of`'s to say. Raises NotAuthorised, and for who
    acts for another outside her authority OutsideAuthority.
    """
    firm_id = by.agency.for_id if by.agency and by.agency.for_firm else None
    would_be = _Own(by.id, firm_id, definition.item.code, definition.item.type)
    access.require(by, "case.file", would_be)


def own_hand(by: Actor, channel: str) -> Hand:
    """The applicant's own hands; at a window a clerk stands for more, and files by `file_at_window`."""
    if channel not in (Case.Channel.ONLINE, Case.Channel.KIOSK):
        raise ValueError("not a channel of the applicant's own")
    return Hand(by.id, channel)


def is_for_bundle(draft: DraftView) -> bool:
    """Whether a draft is for several matters at once (一件事), not for a single service."""
    return "bundle_revision" in draft.context


def filed_before(cmd: Command, draft_id: UUID) -> Filed:
    """What the same key brought the first time; the code is read where it is kept encrypted."""
    code = Case.objects.values_list("query_code", flat=True).get(pk=draft_id)
    return replace(cmd.first_result(Filed), query_code=code)


@dataclass(frozen=True)
class Received:
    """Through whose hands, which organ is responsible, and who applies."""

    hand: Hand
    organ: DepartmentView
    person: PersonView
    slip: PaperSlip | None = None  # 补录: taken in on paper, at its own moment


def received_by(definition: Definition, hand: Hand, organ: DepartmentView | None = None) -> Received:
    """`organ`: where the caller has read it. Raises NotLawful, IdentityNeeded."""
    return Received(hand, organ or organ_of(definition, hand), _known_person(hand.applicant_id))


def take_in(
    cmd: Command,
    draft: DraftView,
    definition: Definition,
    received: Received,
    brought: materials.Brought | None = None,
) -> Filed:
    """
    Make the draft a received case: the same for who files online and for a clerk at a window (ARC-07). The caller
    has checked access and taken the draft. `brought`: by a bundle, for its part.
    """
    at, draft_id = cmd.at, draft.draft_id
    hand, organ, person, slip = received.hand, received.organ, received.person, received.slip
    came_at = slip.received_at if slip else at
    if not hand.vouched:  # a clerk has seen the document
        require_level(definition, person)
    party = party_of(draft.context, person, of_bundle=hand.bundle_id is not None, by=cmd.by)
    situation = checked_situation(definition, draft.context.get("situation", {}))
    check_answers(definition, draft.answers, at)
    delivery = _delivery(draft.context, hand)
    to = checked_address(Addressee.of(draft.aside)) if delivery == BY_POST else None
    asking = asking_for(draft, person, party, hand, legal_day(at))
    codes = [one.code for one in situation.materials]
    if brought is None:
        with_files = materials.take_files(draft_id, codes)
    else:
        asking = replace(asking, signed=rules.latest_signed(brought.signed))
        with_files = materials.take_brought(cmd, brought, codes)
    provided = materials.settled(asking, situation.materials, with_files, person)
    owes = any(one.provided.state == "owed" for one in provided)

    holders = whose_certificate(person, party, at_window=hand.vouched)
    acts_on = require_certificate(definition, draft.context.get("certificate"), holders, at)
    due_on = clocks.begin(
        root_id=draft_id,
        clocks=[legal.clock(CORRECTION_NOTICE, definition.item.type)],
        day=legal_day(came_at),
        by=cmd.by,
        reason=TYPED_IN if slip else "",
    )
    # Numbers come last: a series is held until the commit, and whoever files that day waits for it.
    if hand.bundle_id is None:  # 一件事 has one receipt for all its parts
        draw_ahead(_series(definition, legal_day(came_at)), papers.receipt_series(organ, at))
    authority = cmd.by.agency.capacity_id if cmd.by.agency else None
    application = _Application(person, party, organ, hand, delivery, owes, authority, acts_on)
    case = _new_case(draft, definition, application, _Dates(came_at, due_on))
    if slip is not None:
        _typed_in(cmd, case, slip)
    sent_to = [address_row(draft_id, to, at)] if to else []
    cmd.insert(
        CaseNumber(number=case.number, case_id=draft_id), case, *materials.rows(draft_id, provided), *sent_to
    )
    papers.receipt(case, organ, provided, at, via=hand.via)
    papers.promises(case, organ, provided, at)
    cmd.note(number=case.number, item=case.item_code, channel=case.channel)
    if looked_up := {one.material.code: str(one.certificate.id) for one in provided if one.certificate}:
        # For what purpose a certificate was read: this case. Whose it is, the case says.
        cmd.note(looked_up=looked_up)
    cmd.publish(CaseReceived(case.pk, case.number, case.item_code, case.applicant_id, case.received_on))
    filed = Filed(case.pk, case.number, case.query_code, case.received_on)
    # The record of the command is in the clear, and the code opens the case: it is kept encrypted, once.
    cmd.done(replace(filed, query_code=""))
    return filed


def _typed_in(cmd: Command, case: Case, slip: PaperSlip) -> None:
    """补录: the slip is used up. Two clerks at once: the directory refuses the second, whatever draft it was."""
    case.slip_number = f"{slip.pack.number}-{slip.serial:03d}"
    _row, new = BackFilled.objects.get_or_create(slip_id=slip.id, defaults={"case_id": case.pk})
    if not new:
        raise SlipUnknown(field="slip")
    cmd.note(slip=case.slip_number)


def organ_of(definition: Definition, hand: Hand) -> DepartmentView:
    """
    Who is responsible by the definition the draft was begun with. Raises NotLawful; of a bundle all parts were asked
    when it was filed.
    """
    if hand.bundle_id is None:
        item = catalogue.lawful_item(definition.item.code)
        if item.department.code == definition.item.organ:
            return identity.department_of(item.department)
    return identity.department_by_code(definition.item.organ)


def _known_person(person_id: UUID) -> PersonView:
    return known(identity.person(person_id))


def known(person: PersonView) -> PersonView:
    """Raises IdentityNeeded: no name, or neither a citizen number nor another document."""
    if not person.name or (person.provisional and not person.document_number):
        raise IdentityNeeded()
    return person


def require_level(definition: Definition, person: PersonView) -> None:
    """Whether the applicant is known as well as the service wants. Raises LevelNeeded, FaceNeeded, LevelAtWindow."""
    wanted = int(definition.item.assurance.removeprefix("AAL"))
    if wanted <= SELF_DECLARED or person.assurance >= wanted:
        return
    face = wanted == FACE_SEEN and faces.available()
    if wanted == DOCUMENT_SEEN or (face and person.assurance < DOCUMENT_SEEN):
        raise LevelNeeded()
    raise FaceNeeded() if face else LevelAtWindow()


def checked_situation(definition: Definition, answers: dict[str, object]) -> SituationResult:
    """Every question answered and no stop reached; raises SituationUnanswered or SituationStops."""
    given = {k: [str(e) for e in v] if isinstance(v, list) else [str(v)] for k, v in answers.items()}
    result = catalogue.situation(definition, given)
    if result.missing:
        text = next(q.text for q in definition.situations if q.ask == result.missing[0])
        raise SituationUnanswered(field=result.missing[0], question=text)
    if result.stop:
        raise SituationStops(because=result.stop.because)
    return result


def form_of(definition: Definition) -> FormSchema:
    return forms.known_schema(definition.form.schema, definition.form.pages)


def check_answers(definition: Definition, answers: Mapping[str, Any], at: Instant) -> None:
    """The form as the definition's schema wants it; raises FormIncomplete."""
    problems = forms.check(
        form_of(definition), answers, forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO)
    )
    if problems:
        raise FormIncomplete([(p.path, p.message) for p in problems])


def asking_for(draft: DraftView, person: PersonView, party: Party, hand: Hand, day: date) -> Asking:
    """For whom the materials of this draft are provided."""
    return Asking(
        draft_id=draft.draft_id,
        context=draft.context,
        owners=owners(person, party, at_window=hand.vouched),
        day=day,
        # Paper counts only where a clerk stands for it.
        on_paper=on_paper(draft.context) if hand.vouched else {},
        absent=[str(code) for code in draft.context.get("absent", [])] if hand.bundle_id else [],
        project_id=_project_of(draft) if hand.bundle_id else None,
    )


def _project_of(draft: DraftView) -> UUID | None:
    """The project of the stage a part belongs to, as its bundle says."""
    given = draft.context.get("project_id")
    return UUID(given) if given else None


def _delivery(context: Mapping[str, Any], hand: Hand) -> str:
    """
    How decision and certificate are to reach the applicant; electronically only as she chose it herself, and only where
    she can be reached so. Who came to the window comes there again unless she chose otherwise. A bundle asked for its
    parts. Raises DeliveryNotChosen, DeliveryNotReachable.
    """
    given = str(context.get("delivery", ""))
    if given == Case.DeliveryWay.ELECTRONIC and hand.at_window and hand.bundle_id is None:
        require_reached([hand.applicant_id])
    if given in (*Case.DeliveryWay.values, BY_POST):
        return given
    if hand.at_window and not given:
        return str(Case.DeliveryWay.WINDOW)
    raise DeliveryNotChosen(field="delivery")


def new_query_code() -> str:
    """What opens a case or a bundle to whoever has it beside the number."""
    return "".join(secrets.choice(rules.QUERY_CODE_LETTERS) for _ in range(rules.QUERY_CODE_LENGTH))


def _series(definition: Definition, day: date) -> Series:
    return Series("case", definition.item.region_code[:6], f"{day:%Y%m%d}")


def _public_number(definition: Definition, day: date) -> str:
    series = _series(definition, day)
    return str(PublicNumber(series.organ, day, next_number(*series)))


def definition_of_draft(draft: DraftView) -> Definition:
    """The 业务办理项 a draft answers, as it was when the draft was begun."""
    return catalogue.definition(_revision_id(draft), handling_of(draft))


def handling_of(draft: DraftView) -> str:
    """The code of its 业务办理项; drafts begun while a service had only one do not say it."""
    return str(draft.context.get("handling", "01"))


def _revision_id(draft: DraftView) -> UUID:
    return UUID(str(draft.context["revision_id"]))


def _new_case(draft: DraftView, definition: Definition, given: _Application, dates: _Dates) -> Case:
    item, day = definition.item, legal_day(dates.at)
    person, hand, party = given.person, given.hand, given.party
    return Case(
        id=draft.draft_id,
        number=_public_number(definition, day),
        query_code=new_query_code(),
        revision_id=_revision_id(draft),
        item_code=item.code,
        item_name=item.name,
        handling_code=definition.handling_item.code,
        handling_item=definition.handling_item.name,
        handling_kind=definition.handling_item.kind,
        acts_on_id=given.acts_on,
        department_id=given.organ.id,
        region_code=item.region_code,
        item_type=item.type,
        applicant_id=person.id,
        applicant_name=person.name,
        party_kind=party.kind,
        party_id=party.id,
        party_name=party.name,
        delivery_way=Case.DeliveryWay.WINDOW if given.delivery == BY_POST else given.delivery,
        by_post=given.delivery == BY_POST,
        delivery_consent_at=dates.at if given.delivery == Case.DeliveryWay.ELECTRONIC else None,
        owes=given.owes,
        bundle_id=hand.bundle_id,
        channel=hand.channel,
        filed_by_post=hand.post_id,
        visits=hand.visits,
        situation=dict(draft.context.get("situation", {})),
        answers=forms.asked_only(form_of(definition), draft.answers),
        received_at=dates.at,
        received_on=day,
        due_on=dates.due_on,
        capacity_id=given.capacity_id,
    )
