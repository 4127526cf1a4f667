"""
The window receives a bundle for the person who stands there (一窗受理): one set of questions, one form, originals seen
by a clerk, filed for her. The draft and the bundle are those of any other way in (ARC-07).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.errors import NothingNeeded
from mingqu.cases.bundles.services.drafts import BundleDraft, hand_of, open_draft
from mingqu.cases.bundles.services.filing import (
    check_situation,
    context_of,
    filed_before,
    opened_draft,
    take_in,
)
from mingqu.cases.bundles.types import FiledBundle
from mingqu.cases.errors import ApplicantNotSeen
from mingqu.cases.models import Case
from mingqu.cases.provisions import ORIGINAL
from mingqu.cases.services.filing import Hand, is_for_bundle
from mingqu.cases.services.on_paper import noted_papers
from mingqu.cases.services.window import DOCUMENT_SEEN, SIGNATURE
from mingqu.cases.types import BY_POST, Addressee, OnPaper
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles.types import OpenBundle
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftNotFound
from mingqu.forms.types import DraftView, Started
from mingqu.identity import selectors as identity
from mingqu.identity import services as identity_services
from mingqu.identity.services import access
from mingqu.identity.types import AssistingActor, Place
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


def begin(
    *, code: str, given: Mapping[str, Sequence[str]], by: AssistingActor, at: Instant, project: str = ""
) -> Started:
    """
    A draft of the person at the window; what her record says is not typed again. Raises BundleDefinitionUnknown,
    BundleOutOfStep, NotAuthorised, AnswerUnknown, SituationUnanswered, SituationStops, NothingNeeded.
    """
    of = catalogue.open_bundle(code)
    require_mandate(by, of)
    wanted = catalogue.needed(of, given)
    check_situation(of, wanted)
    merged = catalogue.merged_form(of, wanted)
    schema = forms.read_schema(merged.schema, merged.pages)
    person = identity.person(hand_of(by).applicant_id)
    profile = {
        "applicant.name": person.name,
        "applicant.citizen_number": person.citizen_number,
        "applicant.phone": identity.contact_of(person.id),
    } | selectors.project_slots(by, project)
    context = (
        context_of(of, wanted.answers) | {"post": str(by.post_id)} | ({"project": project} if project else {})
    )
    return forms.start_draft(
        about=code,
        form_digest="",
        context=context,
        by=by,
        at=at,
        answers=forms.merged({}, forms.prefilled(schema, {}, profile)),
    )


def require_mandate(by: Actor, of: OpenBundle) -> None:
    """That this window receives for the lead of this bundle. Raises NotAuthorised."""
    lead = identity.department_by_code(of.document.lead)
    access.require(by, "bundle.file", Place(lead.id, of.document.region_code, of.document.kind))


def take_over(*, code: str, by: AssistingActor, at: Instant, key: UUID) -> UUID:
    """
    A draft of a bundle begun online without signing in, by the code its applicant reads out: it becomes hers. Raises
    DraftNotFound (also where it is of a single service), NotAuthorised (a bundle of another lead).
    """
    found, token = drafts.draft_of_token(code, at=at)
    if not is_for_bundle(found):
        raise DraftNotFound()
    require_mandate(by, opened_draft(found)[0])
    forms.claim_draft(draft_id=found.draft_id, token=token, by=by, at=at, key=key)
    return found.draft_id


def open_at_window(*, draft_id: UUID, by: AssistingActor, at: Instant) -> BundleDraft:
    """The person's draft of a bundle this window receives. Raises DraftNotFound, DraftAlreadyFiled, NotAuthorised."""
    draft = open_draft(draft_id=draft_id, by=by, at=at)
    require_mandate(by, draft.of)
    return draft


def file_bundle_at_window(
    *,
    draft_id: UUID,
    base_version: int,
    applicant_id: UUID,
    by: Actor,
    at: Instant,
    key: UUID,
    signature: CheckedUpload | None = None,
) -> FiledBundle:
    """
    Hand in for the person at the window. `signature`: drawn on the pad; None: the paper form is signed. Raises
    NotAuthorised, ApplicantNotSeen, and what `file_bundle` raises; then nothing is filed.
    """
    with command("bundle.file", draft_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return filed_before(cmd, draft_id)
        assisting = identity_services.assisting(by, applicant_id)
        person = identity.person(applicant_id)
        if person.assurance < DOCUMENT_SEEN:
            raise ApplicantNotSeen()
        draft = forms.take_for_filing(draft_id=draft_id, base_version=base_version, by=assisting, at=at)
        if "bundle_revision" not in draft.context:
            raise NothingNeeded()
        require_mandate(by, opened_draft(draft)[0])
        if signature is not None:
            documents.store_file(root_id=draft_id, kind=SIGNATURE, name="申请人签名", upload=signature, at=at)
        cmd.note(signed="drawn" if signature else "paper", applicant=applicant_id)
        return take_in(cmd, draft, Hand(applicant_id, Case.Channel.WINDOW, by.post_id), person)


def mark_originals(*, draft: BundleDraft, seen: Mapping[str, bool], by: AssistingActor, at: Instant) -> None:
    """`mark_papers` for originals as many as are asked for: seen, or not."""
    papers = {code: OnPaper(ORIGINAL) if yes else None for code, yes in seen.items()}
    mark_papers(draft=draft, papers=papers, by=by, at=at)


def mark_papers(
    *, draft: BundleDraft, papers: Mapping[str, OnPaper | None], by: AssistingActor, at: Instant
) -> None:
    """What the clerk has in hand of each. Raises MaterialUnknown, CopiesWrong, DraftChangedElsewhere."""
    view = drafts.draft(draft.id, by=by, at=at)
    noted = noted_papers(view.context, papers, {one.code for one in draft.materials})
    if noted:
        _change(view, by, at, **noted)


def choose_delivery(
    *, draft_id: UUID, way: str, by: AssistingActor, at: Instant, to: Addressee | None = None
) -> bool:
    """
    How the applicant wants the results, sent to `to`; True if the way is new. Raises DraftNotFound,
    DraftChangedElsewhere.
    """
    view = drafts.draft(draft_id, by=by, at=at)
    if to is not None:
        forms.keep_aside(draft_id=draft_id, aside=to.words, by=by, at=at)
    if view.context.get("delivery") == way or way not in (*Case.DeliveryWay.values, BY_POST):
        return False
    _change(view, by, at, delivery=way)
    return True


def _change(view: DraftView, by: AssistingActor, at: Instant, **more: Any) -> None:
    forms.change_context(
        draft_id=view.draft_id, context={**view.context, **more}, base_version=view.version, by=by, at=at
    )
