"""A draft of a bundle with all that is known of it: for its applicant's pages and for a clerk's at a window alike."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.conf import settings

from mingqu.cases import known
from mingqu.cases import selectors as cases
from mingqu.cases.again import Before, handed_in_before
from mingqu.cases.bundles.provisions import Provision, provisions
from mingqu.cases.bundles.services.files import wanted_again
from mingqu.cases.bundles.services.filing import asking_for, opened_draft
from mingqu.cases.bundles.services.stages import owner_firm, project_named
from mingqu.cases.known import Offer
from mingqu.cases.models import Case, Project
from mingqu.cases.services.filing import Hand, is_for_bundle
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles.types import MergedMaterial, Needed, OpenBundle
from mingqu.documents.selectors import FileView
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftNotFound
from mingqu.forms.types import DraftView, FieldError, FormSchema
from mingqu.identity import selectors as identity
from mingqu.identity.types import AssistingActor, PersonView
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


@dataclass(frozen=True)
class BundleDraft:
    """
    A draft with the bundle it is for, and what its answers come to. `hand`: through which it would come in, None while
    nobody has signed in; `token`: what opens it as long as it is nobody's.
    """

    view: DraftView
    hand: Hand | None
    at: Instant
    token: str = ""

    @property
    def id(self) -> UUID:
        return self.view.draft_id

    @property
    def name(self) -> str:
        return self.of.document.name

    @property
    def claimed(self) -> bool:
        return self.view.owner_id is not None

    @cached_property
    def opened(self) -> tuple[OpenBundle, Needed]:
        return opened_draft(self.view)

    @property
    def of(self) -> OpenBundle:
        return self.opened[0]

    @property
    def wanted(self) -> Needed:
        return self.opened[1]

    @cached_property
    def person(self) -> PersonView | None:
        """Who would be the applicant; None before sign-in."""
        return identity.person(self.hand.applicant_id) if self.hand else None

    @cached_property
    def schema(self) -> FormSchema:
        form = catalogue.merged_form(self.of, self.wanted)
        return forms.read_schema(form.schema, form.pages)

    @property
    def circumstances(self) -> forms.Circumstances:
        return forms.Circumstances(legal_day(self.at), demo=settings.MINGQU_DEMO)

    @cached_property
    def problems(self) -> tuple[FieldError, ...]:
        return tuple(forms.check(self.schema, self.view.answers, self.circumstances))

    @cached_property
    def materials(self) -> list[MergedMaterial]:
        return catalogue.merged_materials(self.of, self.wanted)

    @cached_property
    def files(self) -> Mapping[str, list[FileView]]:
        return cases.waiting_uploads(self.id)

    @cached_property
    def owner_id(self) -> UUID | None:
        """The firm in whose name a stage would be asked for; None for everything else, and before sign-in."""
        return owner_firm(self.project)

    @cached_property
    def project(self) -> Project | None:
        """The project of a stage, as far as it is hers; None for everything else, and before sign-in."""
        return project_named(self.view, Actor("citizen", self.hand.applicant_id)) if self.hand else None

    @cached_property
    def provisions(self) -> list[Provision]:
        """How each of its materials is provided so far."""
        asking = asking_for(self.view, self.hand, self.at, self.project)
        return provisions(asking, self.materials, [code for code, files in self.files.items() if files])

    @cached_property
    def handed_in_before(self) -> dict[str, Before]:
        """What she may use again, by material; nothing for a draft that is nobody's yet."""
        if self.hand is None or self.hand.at_window or not self.claimed:
            return {}
        open_ones = [
            one.merged for one in self.provisions if not one.certificate and not self.files.get(one.code)
        ]
        by = Actor("citizen", self.hand.applicant_id)
        return handed_in_before(wanted_again(self.of, open_ones), by, self.owner_id, legal_day(self.at))

    def offers(self, paths: Collection[str]) -> list[Offer]:
        """
        What certificates and earlier applications answer of these fields of the one form, as in the forms of its
        parts; nothing for a draft that is nobody's yet.
        """
        if self.hand is None or not self.claimed:
            return []
        by = Actor("citizen", self.hand.applicant_id)
        there = known.sources(by, self.at, self.owner_id)
        found: dict[tuple[str, str], Offer] = {}
        for part in self.wanted.parts:
            definition = self.of.definitions.get(part.code)
            for offer in known.answered(definition, there) if definition else []:
                path = catalogue.place_in_merged(self.of, part, offer.path)
                if path in paths:
                    found.setdefault((path, str(offer.value)), replace(offer, path=path))
        return list(found.values())

    @property
    def missing(self) -> list[Provision]:
        return [one for one in self.provisions if not one.done]

    def provision(self, code: str) -> Provision | None:
        return next((one for one in self.provisions if one.code == code), None)


def open_draft(*, draft_id: UUID, by: Actor | None, at: Instant, token: str = "") -> BundleDraft:
    """
    For its owner, or for whoever holds the token of one that is nobody's yet. Raises DraftNotFound (unknown, another's,
    expired, or of a single service), DraftAlreadyFiled.
    """
    view = drafts.draft(draft_id, by=by, at=at, token=token)
    if not is_for_bundle(view):
        raise DraftNotFound()
    return BundleDraft(view, hand_of(by) if by else None, at, token)


def hand_of(by: Actor) -> Hand:
    """The applicant's own, or those of the clerk who fills in for the person at the window."""
    if isinstance(by, AssistingActor):
        assert by.applicant_id is not None
        return Hand(by.applicant_id, Case.Channel.WINDOW, by.post_id)
    return Hand(by.id)
