"""
The window receives for every department (一窗受理): a clerk types, checks originals and files for the person who stands
there. The draft, the case and its audit trail are those of any other way in (ARC-07).

What is refused: an item outside the clerk's mandate, a person whose document nobody saw, another's draft.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from mingqu.cases import carry, provisions, rules, selectors
from mingqu.cases.errors import ApplicantNotSeen, PartyNotYours
from mingqu.cases.models import Case
from mingqu.cases.services.certificate import find_certificate
from mingqu.cases.services.filing import (
    Hand,
    Received,
    asking_for,
    checked_situation,
    definition_of_draft,
    filed_before,
    handling_of,
    is_for_bundle,
    known,
    organ_of,
    take_in,
)
from mingqu.cases.services.on_paper import noted_papers
from mingqu.cases.services.outages import slip_to_file
from mingqu.cases.services.party import OWN, Party, party_of
from mingqu.cases.types import BY_POST, Addressee, Filed, OnPaper
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, SituationResult
from mingqu.certificates.types import CertificateView
from mingqu.documents import services as documents
from mingqu.documents.selectors import FileView
from mingqu.documents.types import CheckedUpload
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftNotFound
from mingqu.forms.types import DraftView, FieldError, FormSchema, Saved, Started
from mingqu.identity import selectors as identity
from mingqu.identity import services as identity_services
from mingqu.identity.services import access
from mingqu.identity.types import AssistingActor, DepartmentView, PersonView, Place
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

DOCUMENT_SEEN = 2  # AAL2
BeforeFiling = Callable[[UUID, Actor, Instant], str | None]
_before_filing: dict[str, BeforeFiling] = {}
SIGNATURE = "application_signature"  # kind of the stored picture


@dataclass(frozen=True)
class WindowDraft:
    """A draft on a clerk's screen, with all that is known of it."""

    view: DraftView
    person: PersonView
    party: Party
    definition: Definition
    situation: SituationResult
    schema: FormSchema
    problems: tuple[FieldError, ...]
    files: Mapping[str, list[FileView]]
    provided: list[provisions.Provision]

    @property
    def id(self) -> UUID:
        return self.view.draft_id

    @property
    def name(self) -> str:
        return f"{self.definition.item.name}（{self.definition.handling_item.name}）"

    @property
    def on_paper(self) -> Mapping[str, OnPaper]:
        """What a clerk has in hand, by material."""
        return provisions.on_paper(self.view.context)

    @property
    def missing(self) -> list[str]:
        """Names of the materials nothing stands behind yet."""
        return [one.material.name for one in self.provided if not one.done]


def ask_before_filing(name: str, asks: BeforeFiling) -> None:
    """
    A room above says what else must be so before something is filed for somebody: asked within the command with draft,
    who files and when; it raises what is missing, and may say through whose hands it comes, for the receipt. A room
    asks once, in its `AppConfig.ready`.
    """
    _before_filing[name] = asks


def file_at_window(
    *,
    draft_id: UUID,
    base_version: int,
    applicant_id: UUID,
    by: Actor,
    at: Instant,
    key: UUID,
    signature: CheckedUpload | None = None,
) -> Filed:
    """
    Hand in for the person at the window (窗口代为录入); the same five days start as for anyone (行政许可法 32(4)).

    `signature`: drawn on the pad; None: the paper form is signed. Raises NotAuthorised (this item is outside the
    clerk's mandate), ApplicantNotSeen, and what `file_case` raises; then nothing is filed.
    """
    with command("case.file", draft_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return filed_before(cmd, draft_id)
        assisting = identity_services.assisting(by, applicant_id)
        via = "".join(asks(draft_id, by, at) or "" for asks in _before_filing.values())
        person = identity.person(applicant_id)
        if person.assurance < DOCUMENT_SEEN:
            raise ApplicantNotSeen()
        draft = forms.take_for_filing(draft_id=draft_id, base_version=base_version, by=assisting, at=at)
        definition, hand = (
            definition_of_draft(draft),
            Hand(applicant_id, Case.Channel.WINDOW, by.post_id, via=via),
        )
        slip = draft.context.get("slip")
        slip = slip_to_file(slip, definition.item.code, person.name, by) if slip else None
        received = Received(hand, organ_of(definition, hand), known(person), slip)
        _require_mandate(by, definition, received.organ)
        if signature is not None:
            documents.store_file(root_id=draft_id, kind=SIGNATURE, name="申请人签名", upload=signature, at=at)
        cmd.note(signed="drawn" if signature else "paper", applicant=applicant_id)
        return take_in(cmd, draft, definition, received)


def require_mandate(by: Actor, definition: Definition) -> None:
    """That this window receives for the department of this item. Raises NotAuthorised."""
    _require_mandate(by, definition, identity.department_by_code(definition.item.organ))


def _require_mandate(by: Actor, definition: Definition, organ: DepartmentView) -> None:
    item = definition.item
    access.require(by, "case.file", Place(organ.id, item.region_code, item.type))


def begin(
    *,
    item_code: str,
    handling: str,
    answers: Mapping[str, Any],
    by: AssistingActor,
    at: Instant,
    certificate: UUID | None = None,
) -> Started:
    """
    A draft of the person at the window; for all but 新办 of one of her certificates, whose lines are not typed again.
    Raises ItemUnknown, NotAuthorised, SituationUnanswered, SituationStops, or what bars the certificate.
    """
    item, definition, context = _opening(item_code, handling, answers, by)
    assert by.applicant_id is not None
    found = None
    if definition.handling_item.acts_on_certificate:
        found = find_certificate(definition, certificate and str(certificate), {by.applicant_id}, at)
    told = _known(definition, by, phone=identity.contact_of(by.applicant_id))
    if found is not None:
        context |= {"certificate": str(found.id), "certificate_number": ""}
        told = forms.merged(carried(item_code, definition, found, by)[1], told)
    return forms.start_draft(
        about=item_code, form_digest=item.current.digest, context=context, by=by, at=at, answers=told
    )


def begin_unread(
    *, item_code: str, handling: str, answers: Mapping[str, Any], by: AssistingActor, at: Instant
) -> Started:
    """
    The same for who may not look into the person's record yet: it begins with name and number of the document that was
    shown and nothing else. Raises as `begin`, and ApplicantNotSeen for what changes a certificate.
    """
    item, definition, context = _opening(item_code, handling, answers, by)
    if definition.handling_item.acts_on_certificate:
        raise ApplicantNotSeen()
    told = _known(definition, by, phone="")
    return forms.start_draft(
        about=item_code, form_digest=item.current.digest, context=context, by=by, at=at, answers=told
    )


def _opening(
    item_code: str, handling: str, answers: Mapping[str, Any], by: AssistingActor
) -> tuple[Any, Definition, dict[str, Any]]:
    """The item, what it wants, and what its draft begins with."""
    item, definition = catalogue.current_definition(item_code, handling)
    require_mandate(by, definition)
    catalogue.require_lawful(item_code)
    assert item.current is not None
    situation = checked_situation(definition, dict(answers))
    context: dict[str, Any] = {
        "revision_id": str(item.current_id),
        "handling": definition.handling_item.code,
        "situation": situation.answers,
        "post": str(by.post_id),  # whose desk it is on, for the hand-over of a shift
    }
    return item, definition, context


def carried(
    item_code: str, definition: Definition, certificate: CertificateView, by: AssistingActor
) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """What the certificate and the application behind it say already: (question → values, form answers)."""
    _item, document = catalogue.current_document(item_code)
    lines = carry.lines(document, certificate.type_code)
    situation, answers = carry.from_certificate(definition, lines, certificate.values)
    before = carry.case_behind(by, certificate)
    if before is not None and before.applicant_id == by.applicant_id:
        situation = carry.situation_of(definition, before) | situation
        answers = carry.answers_of(definition, before) | answers
    return situation, answers


def _known(definition: Definition, by: AssistingActor, phone: str) -> dict[str, Any]:
    """What the form asks and the person's record answers already."""
    assert by.applicant_id is not None
    person = identity.person(by.applicant_id)
    profile = {
        "applicant.name": person.name,
        "applicant.citizen_number": person.citizen_number,
        "applicant.phone": phone,
    }
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    return forms.merged({}, forms.prefilled(schema, {}, profile))


def open_draft(*, draft_id: UUID, by: AssistingActor, at: Instant) -> WindowDraft:
    """The person's draft, of an item this window receives. Raises DraftNotFound, DraftAlreadyFiled, NotAuthorised."""
    view = drafts.draft(draft_id, by=by, at=at)
    definition = definition_of_draft(view)
    require_mandate(by, definition)
    assert by.applicant_id is not None
    person = identity.person(by.applicant_id)
    situation = catalogue.situation_of_answers(definition, view.context.get("situation", {}))
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    files = selectors.waiting_uploads(draft_id)
    hand = Hand(person.id, Case.Channel.WINDOW, by.post_id)
    party = _party(view, person)
    asking = asking_for(view, person, party, hand, legal_day(at))
    return WindowDraft(
        view=view,
        person=person,
        party=party,
        definition=definition,
        situation=situation,
        schema=schema,
        problems=forms.check(schema, view.answers, circumstances(at)),
        files=files,
        provided=provisions.provisions(asking, situation.materials, files.keys()),
    )


def look(of: catalogue.Drafted, answers: Mapping[str, Any], at: Instant) -> WindowDraft:
    """A draft of a definition as a clerk would meet it with these answers: nobody's application, stored nowhere."""
    definition = of.definition
    situation = catalogue.situation_of_answers(definition, dict(answers))
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    nobody = PersonView(of.id, "", "", "", "", assurance=0)
    view = DraftView(
        draft_id=of.id,
        about=of.code,
        form_digest="",
        context={"situation": dict(answers)},
        answers={},
        version=1,
        page=1,
        owner_id=None,
        saved_at=at,
        expires_at=at,
    )
    asking = provisions.Asking(of.id, view.context, [], legal_day(at))
    provided = provisions.provisions(asking, situation.materials, [])
    return WindowDraft(view, nobody, OWN, definition, situation, schema, (), {}, provided)


def _party(view: DraftView, person: PersonView) -> Party:
    """As the pages show it: a firm she does not represent is none; handing in says so."""
    try:
        return party_of(view.context, person)
    except PartyNotYours:
        return OWN


def circumstances(at: Instant) -> forms.Circumstances:
    return forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO)


def mark_originals(
    *, draft_id: UUID, seen: Mapping[str, bool], by: AssistingActor, at: Instant
) -> Saved | None:
    """`mark_papers` for originals as many as are asked for: seen, or not."""
    papers = {code: OnPaper(provisions.ORIGINAL) if yes else None for code, yes in seen.items()}
    return mark_papers(draft_id=draft_id, papers=papers, by=by, at=at)


def mark_papers(
    *, draft_id: UUID, papers: Mapping[str, OnPaper | None], by: AssistingActor, at: Instant
) -> Saved | None:
    """
    What the clerk has in hand of each of these materials: the original (原件核对, trust B of 国办函〔2016〕108号:
    reusable), copies taken in, how many; None: nothing on paper. Not changed, None comes back. Raises DraftNotFound,
    MaterialUnknown, CopiesWrong, DraftChangedElsewhere.
    """
    view = drafts.draft(draft_id, by=by, at=at)
    noted = noted_papers(view.context, papers, {m.code for m in definition_of_draft(view).materials})
    return _change(view, by, at, **noted) if noted else None


def choose_delivery(
    *, draft_id: UUID, way: str, by: AssistingActor, at: Instant, to: Addressee | None = None
) -> bool:
    """
    How the applicant wants the result, sent to `to`; True if the way is new. Raises DraftNotFound,
    DraftChangedElsewhere.
    """
    view = drafts.draft(draft_id, by=by, at=at)
    if to is not None:
        forms.keep_aside(draft_id=draft_id, aside=to.words, by=by, at=at)
    if view.context.get("delivery") == way or way not in (*Case.DeliveryWay.values, BY_POST):
        return False
    _change(view, by, at, delivery=way)
    return True


def choose_slip(*, draft_id: UUID, slip_id: str, by: AssistingActor, at: Instant) -> bool:
    """
    That this application was taken in on paper (补录): handed in, it counts from the slip's moment. True if that is
    new; the slip itself is checked when it is handed in. Raises DraftNotFound, DraftChangedElsewhere.
    """
    view = drafts.draft(draft_id, by=by, at=at)
    if view.context.get("slip", "") == slip_id:
        return False
    _change(view, by, at, slip=slip_id)
    return True


def _change(view: DraftView, by: AssistingActor, at: Instant, **more: Any) -> Saved:
    return forms.change_context(
        draft_id=view.draft_id,
        context={**view.context, "post": str(by.post_id), **more},
        base_version=view.version,
        by=by,
        at=at,
    )


def take_over(*, code: str, by: AssistingActor, at: Instant, key: UUID) -> UUID:
    """
    A draft begun online without signing in, by the code its applicant reads out: it becomes hers. Raises DraftNotFound
    (also where it is of a bundle), NotAuthorised (another window's item).
    """
    found, token = drafts.draft_of_token(code, at=at)
    if is_for_bundle(found):
        raise DraftNotFound()
    require_mandate(by, definition_of_draft(found))
    forms.claim_draft(draft_id=found.draft_id, token=token, by=by, at=at, key=key)
    return found.draft_id


def ways_of(one: provisions.Provision) -> list[str]:
    """How this material may come at a window: certificate (found), paper, copy, scan, promise, owed, missing."""
    found = ["paper", "copy", "scan"]
    if one.certificate is not None:
        found.insert(0, "certificate")
    if one.material.source.kind == rules.COMMITMENT:
        found.append("promise")
    if rules.may_be_owed(one.material):
        found.append("owed")
    return [*found, "missing"]


__all__ = [
    "WindowDraft",
    "ask_before_filing",
    "begin",
    "begin_unread",
    "choose_delivery",
    "choose_slip",
    "circumstances",
    "file_at_window",
    "handling_of",
    "look",
    "mark_originals",
    "mark_papers",
    "open_draft",
    "take_over",
    "ways_of",
]
