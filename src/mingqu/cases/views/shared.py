"""What the pages of an application share: whose draft it is, and what is known of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from mingqu.cases import rules, selectors
from mingqu.cases.again import Before, Wanted, handed_in_before
from mingqu.cases.errors import CaseUnknown, PartyNotYours
from mingqu.cases.models import Case
from mingqu.cases.provisions import Asking, Provision, provisions
from mingqu.cases.services.files import Holder
from mingqu.cases.services.filing import handling_of, is_for_bundle
from mingqu.cases.services.party import OWN, Party, owners, party_of
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, Material, SituationResult
from mingqu.documents import services as documents
from mingqu.documents.selectors import FileView
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftNotFound
from mingqu.forms.types import DraftView, FieldError, FormSchema
from mingqu.identity import selectors as identity
from mingqu.identity.types import PersonView
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui import language
from mingqu.ui.context import on_kiosk

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
CHANGED_DRAFT = "_draft"  # in the address of the questions: the draft whose situation is being changed
HELD = "cases_drafts"  # session: draft id → the code that opens it
HELD_AT_MOST = 20


def citizen(request: Any) -> Actor | None:
    """The signed-in citizen; staff fill in nothing here in their own name."""
    actor = request.actor
    return actor if actor is not None and actor.kind == "citizen" else None


def channel(request: Any) -> str:
    """How the citizen came: over the net, or at a terminal of the hall."""
    return Case.Channel.KIOSK if on_kiosk(request) else Case.Channel.ONLINE


def holder(request: Any, draft_id: UUID) -> Holder:
    return Holder(citizen(request), request.session.get(HELD, {}).get(str(draft_id), ""))


def hold(request: Any, draft_id: UUID, code: str) -> None:
    """Remember in this session what opens an unclaimed draft. The link decides; this only saves typing it."""
    held = {**request.session.get(HELD, {}), str(draft_id): code}
    request.session[HELD] = dict(list(held.items())[-HELD_AT_MOST:])


def let_go(request: Any, draft_id: UUID) -> None:
    held = dict(request.session.get(HELD, {}))
    if held.pop(str(draft_id), None) is not None:
        request.session[HELD] = held


def claim(request: Any, view: DraftView, known: Mapping[str, Any]) -> None:
    """
    Who signed in takes over the draft she began without; from then on its code opens nothing. `known`: what she or her
    record answers already, put under it.
    """
    token = holder(request, view.draft_id).token
    forms.claim_draft(draft_id=view.draft_id, token=token, by=request.actor, at=request.at, key=new_id())
    let_go(request, view.draft_id)
    if (named := in_whose_name(request)) and named["party"] != view.context.get("party", ""):
        forms.change_context(
            draft_id=view.draft_id,
            context={**view.context, **named},
            base_version=view.version,
            by=request.actor,
            at=request.at,
        )
        view = replace(view, version=view.version + 1)
    messages.success(request, _("这份草稿已存到您名下，换手机登录也能接着填。"))
    if known:
        forms.save_draft(
            draft_id=view.draft_id,
            changes=known,
            base_version=view.version,
            by=request.actor,
            at=request.at,
        )


def in_whose_name(request: Any) -> dict[str, Any]:
    """What a draft keeps of the firm somebody acts for; who acts for a person, or for herself, has no other party."""
    agency = request.actor.agency if citizen(request) else None
    if agency is None:
        return {}
    return {"party": str(agency.for_id) if agency.for_firm else ""}


def prefill(
    schema: FormSchema, answers: Mapping[str, Any], by: Actor | None, also: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """
    What the person's own profile already knows (国务院令第716号 7: what is known is not asked again); `also`: further
    slots, of what the application is about.
    """
    if by is None or not any(field.prefill for field in schema.fields.values()):
        return {}
    person = identity.person(by.id)
    profile = {
        "applicant.name": person.name,
        "applicant.citizen_number": person.citizen_number,
        "applicant.phone": identity.phone_of(by.id),
    }
    return forms.prefilled(schema, answers, profile | dict(also or {}))


def ways_back(token: str) -> dict[str, Any]:
    """How a draft that is nobody's yet is found again: its code, and a link to it as text and to be scanned."""
    if not token:
        return {}
    link = settings.MINGQU_BASE_URL + reverse("cases:resume_link", args=[token])
    qr = mark_safe(documents.qr_svg(link))  # noqa: S308 - drawn by segno from our own address and code
    return {"code": token, "link": link, "qr": qr}


@dataclass(frozen=True)
class Drafting:
    """A draft with the definition it answers."""

    view: DraftView
    holder: Holder
    circumstances: forms.Circumstances

    @property
    def id(self) -> UUID:
        return self.view.draft_id

    @property
    def revision_id(self) -> UUID:
        return UUID(str(self.view.context["revision_id"]))

    @cached_property
    def definition(self) -> Definition:
        return catalogue.definition(self.revision_id, handling_of(self.view))

    @cached_property
    def situation(self) -> SituationResult:
        return catalogue.situation_of_answers(self.definition, self.view.context.get("situation", {}))

    @cached_property
    def schema(self) -> FormSchema:
        return forms.known_schema(self.definition.form.schema, self.definition.form.pages)

    @cached_property
    def problems(self) -> tuple[FieldError, ...]:
        return forms.check(self.schema, self.view.answers, self.circumstances)

    @cached_property
    def files(self) -> dict[str, list[FileView]]:
        return selectors.waiting_uploads(self.id)

    @cached_property
    def person(self) -> PersonView | None:
        """The signed-in citizen, who would be the applicant."""
        by = self.holder.by
        return identity.person(by.id) if by is not None and by.kind == "citizen" else None

    @cached_property
    def party(self) -> Party:
        """Whose application it is; a firm she does not represent (any more) is none."""
        if self.person is None or not self.view.context.get("party"):
            return OWN
        try:
            return party_of(self.view.context, self.person, by=self.holder.by)
        except PartyNotYours:
            return OWN

    @cached_property
    def provisions(self) -> list[Provision]:
        """How each of its materials is provided so far."""
        materials = self.situation.materials
        asked = any(m.source.kind == rules.CERTIFICATE for m in materials)
        asking = Asking(
            self.id,
            self.view.context,
            owners(self.person, self.party) if asked and self.person else [],
            self.circumstances.today,
        )
        return provisions(asking, materials, [code for code, files in self.files.items() if files])

    @cached_property
    def handed_in_before(self) -> dict[str, Before]:
        """What she may use again, by material; nothing for a draft that is nobody's yet."""
        if self.holder.by is None or not self.claimed:
            return {}
        item = self.definition.item.code
        open_ones = {
            one.material.code: Wanted(one.material, frozenset({(item, one.material.code)}))
            for one in self.provisions
            if not one.certificate and not self.files.get(one.material.code)
        }
        return handed_in_before(open_ones, self.holder.by, self.party.id, self.circumstances.today)

    @property
    def claimed(self) -> bool:
        return self.view.owner_id is not None

    @property
    def name(self) -> str:
        return f"{self.definition.item.name}（{self.definition.handling_item.name}）"


def circumstances(request: Any) -> forms.Circumstances:
    return forms.Circumstances(legal_day(request.at), demo=settings.MINGQU_DEMO)


def drafting(request: Any, draft_id: UUID) -> Drafting:
    """Raises DraftNotFound (unknown, another's, expired) or DraftAlreadyFiled."""
    held = holder(request, draft_id)
    view = drafts.draft(draft_id, by=held.by, at=request.at, token=held.token)
    if is_for_bundle(view):  # it has pages of its own
        raise DraftNotFound()
    return Drafting(view, held, circumstances(request))


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the draft itself, or a page that says where it went."""

    @wraps(view)
    def opened(request: Any, draft_id: UUID, **more: Any) -> HttpResponse:
        try:
            found = drafting(request, draft_id)
        except DraftAlreadyFiled:
            return to_its_case(request, draft_id)
        except DraftNotFound as gone:
            return draft_gone(request, gone)
        return view(request, found, **more)

    return opened


def to_its_case(request: Any, draft_id: UUID) -> HttpResponse:
    """A filed draft is a case of the same id; for anyone but its owner it does not exist."""
    try:
        case = selectors.case_visible_to_id(request.actor, draft_id)
    except CaseUnknown:
        return draft_gone(request, DraftNotFound())
    return redirect("cases:progress", number=case.number)


def draft_gone(request: Any, gone: DraftNotFound, *, back: str = "", kept: bool = False) -> HttpResponse:
    """Why there is no draft here, and the ways to it. `kept`: what was just typed waits in this session."""
    if not back and request.method in {"GET", "HEAD"}:
        back = request.get_full_path()
    context = {
        "sentence": gone.message,
        "back": back,
        "is_citizen": citizen(request) is not None,
        "kept": kept,
    }
    return render(request, "cases/draft_gone.html", context, status=404)


def organs_of(definition: Definition) -> dict[str, str]:
    """Whose each post of the step table is, by post code; one statement."""
    codes = [step.post for step in [*definition.steps, definition.decide]]
    return {code: post.department.name for code, post in identity.posts_by_code(codes).items()}


def spared(material: Material, *, looked_up: bool = False) -> list[str]:
    """The ways that spare a file of this material, in sentences; `looked_up`: one's certificates were searched."""
    ways = []
    if material.source.kind == rules.CERTIFICATE and not looked_up:
        ways.append(_("登录后自动查找，查到就不用交。"))
    if material.source.kind == rules.COMMITMENT:
        ways.append(_("可以签告知承诺代替。"))
    if rules.may_be_owed(material):
        ways.append(_("可以受理后补交。"))
    return ways


def situation_url(draft: Drafting) -> str:
    """The result page of this draft's situation, from which its answers can be changed."""
    query = QueryDict(mutable=True)
    for ask, value in draft.situation.answers.items():
        query.setlist(ask, value if isinstance(value, list) else [value])
    if number := draft.view.context.get("certificate_number", ""):
        query["_certificate"] = number
    elif "certificate" in draft.view.context:
        query["_certificate"] = "later"
    query[CHANGED_DRAFT] = str(draft.id)
    return f"{reverse('cases:result', args=[draft.view.about])}?{query.urlencode()}"


def follow_words(material: Material) -> str:
    """Within what time of acceptance it may follow (容缺): 5个工作日, in the language of the page; else nothing."""
    follow = material.may_follow
    return f"{follow.limit}{language.unit(follow.limit, rules.UNITS[follow.unit])}" if follow else ""
