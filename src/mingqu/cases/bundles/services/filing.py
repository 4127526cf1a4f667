"""A draft becomes a bundle, and a part whose turn it is becomes a case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from mingqu.cases.bundles import papers, selectors
from mingqu.cases.bundles.errors import NothingNeeded
from mingqu.cases.bundles.events import BundleFiled
from mingqu.cases.bundles.provisions import Provision, provisions
from mingqu.cases.bundles.services import delivery
from mingqu.cases.bundles.services.bringing import brought_to
from mingqu.cases.bundles.services.course import BUNDLES, go_on
from mingqu.cases.bundles.services.stages import in_the_name_of, owner_firm, project_of
from mingqu.cases.bundles.types import FiledBundle
from mingqu.cases.errors import (
    FormIncomplete,
    GapUnsigned,
    MaterialsMissing,
    SignerDiffers,
    SituationStops,
    SituationUnanswered,
)
from mingqu.cases.models import (
    Bundle,
    BundleNumber,
    BundlePart,
    Case,
    MaterialFile,
    Project,
)
from mingqu.cases.provisions import COPY, ORIGINAL, Asking, on_paper, owed_codes
from mingqu.cases.rules import CERTIFICATE, same_name
from mingqu.cases.services import filing as cases
from mingqu.cases.services.materials import take_files
from mingqu.cases.services.reach import require_reached
from mingqu.cases.types import Addressee, Filed
from mingqu.catalogue import selectors as items
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles.types import MergedMaterial, Needed, OpenBundle, Part
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView, FormSchema
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import PersonView
from mingqu.kernel.commands import Command, command
from mingqu.kernel.identifiers import CaseNumber as PublicNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import Series, draw_ahead, next_number
from mingqu.kernel.types import Actor, Instant

CURRENT, PENDING = MaterialFile.State.CURRENT, MaterialFile.State.PENDING


class _Own:
    """What the access rule looks at while the bundle does not exist yet."""

    def __init__(self, person_id: UUID) -> None:
        self.party_ids = (person_id,)


def context_of(of: OpenBundle, situation: Mapping[str, Any]) -> dict[str, Any]:
    """What a new draft of this bundle keeps: what it pins, and the answers."""
    return {
        "bundle_revision": str(of.revision_id),
        "revisions": {part: str(revision) for part, revision in of.revisions.items()},
        "situation": dict(situation),
    }


def opened_draft(draft: DraftView) -> tuple[OpenBundle, Needed]:
    """The bundle a draft is for, as it was when the draft was begun, and what its answers come to."""
    of = catalogue.pinned_bundle(
        UUID(str(draft.context["bundle_revision"])),
        {part: UUID(str(revision)) for part, revision in draft.context["revisions"].items()},
    )
    return of, catalogue.needed_of_answers(of, draft.context.get("situation", {}))


def file_bundle(
    *,
    draft_id: UUID,
    base_version: int,
    by: Actor,
    at: Instant,
    key: UUID,
    channel: str = Case.Channel.ONLINE,
) -> FiledBundle:
    """
    Hand in a bundle: one form, one set of materials, one receipt. Parts that wait for nothing are filed next,
    each in a command of its own; the others when what they wait for is there.

    Raises NotAuthorised, IdentityNeeded, SituationUnanswered, SituationStops, NothingNeeded, FormIncomplete,
    MaterialsMissing, GapUnsigned, SignerDiffers, DeliveryNotChosen, AddressIncomplete, StageOfNoProject, or what the
    draft refuses; then nothing is filed.
    """
    with command("bundle.file", draft_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return filed_before(cmd, draft_id)
        access.require(by, "bundle.file", _Own(by.id))
        draft = forms.take_for_filing(draft_id=draft_id, base_version=base_version, by=by, at=at)
        return take_in(cmd, draft, cases.own_hand(by, channel))


def filed_before(cmd: Command, draft_id: UUID) -> FiledBundle:
    """What the same key brought the first time; the code is read where it is kept encrypted."""
    bundle = Bundle.objects.only("query_code").get(pk=draft_id)
    return replace(cmd.first_result(FiledBundle), query_code=bundle.query_code)


def take_in(cmd: Command, draft: DraftView, hand: cases.Hand, seen: PersonView | None = None) -> FiledBundle:
    """
    Make the draft a bundle: the same for who files online and for a clerk at a window. The caller has checked access
    and taken the draft. `seen`: the applicant, where the caller has looked at her.
    """
    at = cmd.at
    of, wanted = opened_draft(draft)
    person = cases.known(seen or identity.person(hand.applicant_id))
    project = project_of(of, draft, hand.applicant_id, cmd.by)
    check_situation(of, wanted)
    check_form(of, wanted, draft.answers, at)
    merged = catalogue.merged_materials(of, wanted)
    with_files = take_files(draft.draft_id, [one.code for one in merged])
    provided = _settled(asking_for(draft, hand, at, project), merged, with_files)
    _require_signer(provided, person)
    if hand.at_window and draft.context.get("delivery") == Case.DeliveryWay.ELECTRONIC:
        require_reached([person.id])  # who files online is signed in
    organs = identity.department_rows({of.document.lead, *(_organ(of, part) for part in wanted.parts)})
    bundle = _new_bundle(of, wanted, draft, person, at)
    bundle.lead = organs[of.document.lead]
    in_the_name_of(bundle, project)
    bundle.channel, bundle.filed_by_post = hand.channel, hand.post_id
    note_paper(bundle, provided)
    bundle.owed = [one.code for one in provided if one.provided.state == "owed"]
    parts = _new_parts(bundle, of, wanted, organs)
    cmd.insert(bundle, BundleNumber(number=bundle.number, bundle_id=bundle.pk), *parts)
    papers.receipt(bundle, parts, provided, at)
    cmd.note(
        number=bundle.number, bundle=bundle.code, parts=[part.code for part in parts], channel=bundle.channel
    )
    cmd.publish(
        BundleFiled(
            bundle.pk, bundle.number, bundle.applicant_id, bundle.code, bundle.project_id,
            bundle.party_id, legal_day(at),
        )
    )  # fmt: skip
    go_on(cmd, bundle, parts)
    filed = FiledBundle(bundle.pk, bundle.number, bundle.query_code)
    # The record of the command is in the clear, and the code opens the bundle: it is kept encrypted, once.
    cmd.done(replace(filed, query_code=""))
    return filed


def asking_for(
    draft: DraftView, hand: cases.Hand | None, at: Instant, project: Project | None = None
) -> Asking:
    """
    For whom the materials of this draft are provided: for nobody yet before sign-in. A firm that is only being founded
    has no certificates; a firm whose `project` it is was seen at the window when that was registered, and of its
    certificates those of this project count.
    """
    owner_id, project_id = owner_firm(project), project.pk if project else None
    in_hand = on_paper(draft.context) if hand and hand.at_window else {}
    owners = [one for one in (hand.applicant_id, owner_id) if one] if hand else []
    return Asking(draft.draft_id, draft.context, owners, legal_day(at), in_hand, project_id=project_id)


def note_paper(bundle: Bundle, provided: Sequence[Provision]) -> None:
    """Which materials a clerk had in hand, and how many of each, for the cases of the parts."""
    originals, copied = ([one for one in provided if one.provided.how == how] for how in (ORIGINAL, COPY))
    bundle.originals, bundle.copied = [one.code for one in originals], [one.code for one in copied]
    bundle.counted = [one.provided.copies for one in (*originals, *copied)]


def check_situation(of: OpenBundle, wanted: Needed) -> None:
    """
    Every question answered, no stop reached, each part lawful. Raises SituationUnanswered, SituationStops,
    NothingNeeded, NotLawful.
    """
    if wanted.missing:
        question = next(q for q in of.document.situations if q.ask == wanted.missing[0])
        raise SituationUnanswered(field=question.ask, question=question.text)
    if wanted.stops:
        raise SituationStops(because=wanted.stops[0][1].because)
    if not wanted.parts:
        raise NothingNeeded()
    items.require_lawful(*(part.item for part in wanted.parts if part.item))


def check_form(of: OpenBundle, wanted: Needed, answers: Mapping[str, Any], at: Instant) -> None:
    """
    The one form, and each part's form as its own definition wants it; what is wrong is told where the one form
    asks for it. Raises FormIncomplete.
    """
    when = forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO)
    problems = {found.path: found.message for found in forms.check(_schema(of, wanted), answers, when)}
    for part in wanted.parts:
        definition = of.definitions.get(part.code)
        if definition is None:
            continue
        own = forms.known_schema(definition.form.schema, definition.form.pages)
        given = catalogue.answers_of_part(of, part, answers, {})
        asked = [path for path in own.fields if path not in part.fill]
        for found in forms.check(own, given, when, only=asked):
            problems.setdefault(catalogue.place_in_merged(of, part, found.path), found.message)
    if problems:
        raise FormIncomplete(list(problems.items()))


def _schema(of: OpenBundle, wanted: Needed) -> FormSchema:
    merged = catalogue.merged_form(of, wanted)
    return forms.read_schema(merged.schema, merged.pages)


def check_materials(of: OpenBundle, wanted: Needed, asking: Asking) -> list[Provision]:
    """How each needed material is provided. Raises MaterialsMissing, GapUnsigned."""
    waiting = MaterialFile.objects.filter(root_id=asking.draft_id, state=PENDING)
    there = set(waiting.values_list("material_code", flat=True))
    return _settled(asking, catalogue.merged_materials(of, wanted), there)


def _settled(
    asking: Asking, materials: Sequence[MergedMaterial], with_files: Collection[str]
) -> list[Provision]:
    found = provisions(asking, materials, with_files)
    missing = [one for one in found if not one.done]
    for one in missing:
        if one.may_be_owed and one.code in owed_codes(asking.context):
            raise GapUnsigned(field=one.code, name=one.material.name)
    if missing:
        raise MaterialsMissing([one.code for one in missing], [one.material.name for one in missing])
    return found


def _require_signer(provided: Sequence[Provision], person: PersonView) -> None:
    """A promise is its applicant's own. Raises SignerDiffers."""
    for one in provided:
        signed = one.signed
        if signed and not (
            same_name(signed.signed_name, person.name) and signed.person_id in (None, person.id)
        ):
            raise SignerDiffers(field=one.code, name=one.material.name)


def _new_bundle(of: OpenBundle, wanted: Needed, draft: DraftView, person: PersonView, at: Instant) -> Bundle:
    document = of.document
    coming = delivery.chosen(str(draft.context.get("delivery", "")), Addressee.of(draft.aside))
    firm = catalogue.provisional_firm(of, wanted.answers)
    day, region = legal_day(at), document.region_code[:6]
    series = Series("bundle", region, f"{day:%Y%m%d}")
    draw_ahead(series, papers.receipt_series(document.lead, at))
    return Bundle(
        id=draft.draft_id,
        number=f"B{PublicNumber(region, day, next_number(*series))}",
        query_code=cases.new_query_code(),
        kind=document.kind,
        code=document.code,
        name=document.name,
        revision_id=of.revision_id,
        region_code=document.region_code,
        applicant_id=person.id,
        applicant_name=person.name,
        party_kind=Case.PartyKind.FIRM if firm else Case.PartyKind.PERSON,
        party_id=firm_id_of(draft.draft_id) if firm else None,
        party_name=str(draft.answers.get(firm[0], "")) if firm else "",
        situation=dict(wanted.answers),
        answers=forms.asked_only(_schema(of, wanted), draft.answers),
        **coming,
        received_at=at,
    )


def firm_id_of(bundle_id: UUID) -> UUID:
    """The firm a bundle brings into being has its id from the beginning."""
    return uuid5(NAMESPACE_URL, f"mingqu:bundle-firm:{bundle_id}")


def case_id_of(bundle_id: UUID, part: str) -> UUID:
    """A part's case has its id from the beginning, so that it is filed once whoever asks for it and how often."""
    return uuid5(NAMESPACE_URL, f"mingqu:bundle-part:{bundle_id}:{part}")


def _new_parts(
    bundle: Bundle, of: OpenBundle, wanted: Needed, organs: identity.DepartmentRows
) -> list[BundlePart]:
    return [
        BundlePart(
            bundle=bundle,
            code=part.code,
            name=part.name,
            position=place,
            department=organs[_organ(of, part)],
            item_code=part.item,
            revision_id=of.revisions.get(part.code),
            case_id=None if part.external else case_id_of(bundle.pk, part.code),
            after=wanted.after[part.code],
        )
        for place, part in enumerate(wanted.parts)
    ]


def _organ(of: OpenBundle, part: Part) -> str:
    """Who handles the part: the organ outside, else that of its definition."""
    return part.external.organ if part.external else of.definitions[part.code].item.organ


def file_part(*, bundle_id: UUID, code: str, at: Instant) -> Filed | None:
    """
    File the case of a part whose turn it is. Done once, however often it is asked for; None where the part no
    longer waits for it (the bundle was withdrawn).
    """
    bundle, parts = selectors.bundle_with_parts(bundle_id)
    row = selectors.part_of(parts, code)
    assert row.case_id is not None
    key = uuid5(NAMESPACE_URL, f"mingqu:bundle-file:{row.case_id}")
    with command("case.file", row.case_id, by=BUNDLES, at=at, key=key) as cmd:
        if cmd.repeated:
            return cases.filed_before(cmd, row.case_id)
        if row.state != BundlePart.State.DUE:
            return None
        of, wanted = selectors.needed(bundle, parts)
        part = of.document.part(code)
        draft = _draft_of_part(bundle, row, part, (of, wanted), at)
        brought = brought_to(cmd, bundle, row, catalogue.merged_materials(of, wanted))
        hand = cases.Hand(bundle.applicant_id, bundle.channel, bundle.filed_by_post, bundle.pk)
        definition = of.definitions[code]
        received = cases.received_by(definition, hand, identity.department_of(row.department))
        return cases.take_in(cmd, draft, definition, received, brought)


def _draft_of_part(
    bundle: Bundle, row: BundlePart, part: Part, opened: tuple[OpenBundle, Needed], at: Instant
) -> DraftView:
    """The draft that a person would have filled in for this part alone."""
    of, wanted = opened
    assert row.case_id is not None
    in_the_name_of_a_firm = part.subject != "person" and bundle.party_id
    subject = {"name": bundle.party_name or bundle.applicant_name, "credit_code": bundle.credit_code}
    own = {m.code: m.to[row.code] for m in catalogue.merged_materials(of, wanted) if row.code in m.to}
    seen = [own[code] for code in bundle.originals if code in own]
    counted = zip([*bundle.originals, *bundle.copied], bundle.counted, strict=False)
    context = {
        "revision_id": str(row.revision_id),
        "handling": part.handling,
        "situation": catalogue.situation_of_part(of, part, wanted.answers),
        "delivery": delivery.way_of(bundle),
        "paper": sorted({*catalogue.brought(of, part, wanted), *seen}),
        "copied": [own[code] for code in bundle.copied if code in own],
        "counted": {own[code]: copies for code, copies in counted if code in own},
        "owed": [own[code] for code in bundle.owed if code in own],
        "absent": [m.code for m in of.definitions[row.code].materials if m.source.kind == CERTIFICATE],
        **({"party": str(bundle.party_id)} if in_the_name_of_a_firm else {}),
        **({"project_id": str(bundle.project_id)} if bundle.project_id else {}),
    }
    return DraftView(
        draft_id=row.case_id,
        about=row.item_code,
        form_digest="",
        context=context,
        answers=catalogue.answers_of_part(of, part, bundle.answers, subject),
        version=1,
        page=1,
        owner_id=bundle.applicant_id,
        saved_at=at,
        expires_at=at,
        aside=bundle.sent_to or {},
    )
