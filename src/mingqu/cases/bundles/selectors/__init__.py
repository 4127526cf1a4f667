"""Questions about bundles and projects; each holds its access check or says that its caller does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from mingqu.cases import legal, sharing
from mingqu.cases.bundles import held, points, rules, visits
from mingqu.cases.bundles.errors import BundleUnknown, PartUnknown, ProjectUnknown
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import (
    OPEN_BUNDLES,
    Bundle,
    BundleNumber,
    BundlePart,
    Case,
    CaseMaterial,
    Project,
    ProjectNumber,
    ProjectStage,
)
from mingqu.catalogue import selectors as items
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles.types import MergedMaterial, Needed, OpenBundle
from mingqu.exchange import selectors as exchange
from mingqu.identity.services import access
from mingqu.kernel.fields import blind_index
from mingqu.kernel.types import Actor

# What the desk and our own pages share.
OPEN = OPEN_BUNDLES
AgreedVisit = visits.AgreedVisit
agreed_visits, visits_beside = visits.agreed_visits, visits.visits_beside
visit_days, joint_dates = visits.visit_days, visits.joint_dates
VisitToMake = visits.VisitToMake
TOGETHER, to_visit = visits.TOGETHER, visits.to_visit
joint_visit, standing_visits, answers_to = visits.joint_visit, visits.standing_visits, visits.answers_to
Unanswered = visits.Unanswered
looked_together = visits.looked_together
unanswered, proposed_for = visits.unanswered, visits.proposed_for
agreed_joint, takes_part, joint_records = visits.agreed_joint, visits.takes_part, visits.joint_records
Shared = sharing.Shared
Corrected = sharing.Corrected
shared_with, joint_of, corrected_since = sharing.shared_with, sharing.joint_of, sharing.corrected_since
findings_digest = rules.findings_digest
findings_of, standing_findings = sharing.findings_of, sharing.standing
finding_says, finding_amount = sharing.says, sharing.amount_of
PartPoints = points.PartPoints
points_of = points.points_of
bundle_for_update, parts_of = held.bundle_for_update, held.parts_of


def bundle_with_parts(bundle_id: UUID) -> tuple[Bundle, list[BundlePart]]:
    """Unlocked, in one statement; a bundle has at least one part. Raises BundleUnknown."""
    rows = BundlePart.objects.filter(bundle=bundle_id).select_related("bundle__lead", "department")
    parts = list(rows.order_by("position"))
    if not parts:
        raise BundleUnknown()
    for row in parts:
        row.bundle = parts[0].bundle
    return parts[0].bundle, parts


def part_of(parts: Iterable[BundlePart], code: str) -> BundlePart:
    """Raises PartUnknown."""
    for part in parts:
        if part.code == code:
            return part
    raise PartUnknown(field="part")


def bundle_of_case(case: Case) -> Bundle | None:
    """What this case is a part of; no statement for a case that stands alone. The caller has checked access."""
    if case.bundle_id is None:
        return None
    return Bundle.objects.only("number", "name").filter(pk=case.bundle_id).first()


def cases_beside(case_id: UUID) -> list[UUID]:
    """The cases of the other parts of its bundle, in their order; none where it is of no bundle."""
    mine = Case.objects.filter(pk=case_id, bundle_id__isnull=False).values("bundle_id")
    rows = BundlePart.objects.filter(bundle_id__in=mine, case_id__isnull=False).exclude(case_id=case_id)
    return [one for one in rows.order_by("position").values_list("case_id", flat=True) if one]


@dataclass(frozen=True)
class InOneParcel:
    """What goes in the parcel of one bundle: cases that are decided and not served, and how many may still be."""

    number: str
    decided: tuple[UUID, ...]
    open_parts: int


def in_one_parcel(cases: Iterable[Case]) -> dict[UUID, InOneParcel]:
    """Of these cases those of bundles, with what is sent together with them; one statement, none where none is."""
    bundle_of = {case.pk: case.bundle_id for case in cases if case.bundle_id}
    if not bundle_of:
        return {}
    rows = BundlePart.objects.filter(bundle_id__in=set(bundle_of.values()), case_id__isnull=False)
    parts: dict[UUID, list[BundlePart]] = {}
    for part in rows.select_related("bundle"):
        parts.setdefault(part.bundle_id, []).append(part)
    found = {
        bundle_id: InOneParcel(
            number=of[0].bundle.number,
            decided=tuple(part.case_id for part in of if part.case_id and to_deliver(part)),
            open_parts=sum(part.state not in rules.ENDED for part in of),
        )
        for bundle_id, of in parts.items()
    }
    return {case_id: found[bundle_id] for case_id, bundle_id in bundle_of.items() if bundle_id in found}


def bundle_id_of(number: str) -> UUID:
    """Raises BundleUnknown."""
    found = BundleNumber.objects.filter(number="".join(number.split()).upper())
    bundle_id = found.values_list("bundle_id", flat=True).first()
    if bundle_id is None:
        raise BundleUnknown()
    return bundle_id


def bundle_visible_to(actor: Actor | None, number: str) -> Bundle:
    """The bundle if this actor may see it. Raises BundleUnknown for absent and for forbidden alike."""
    found = Bundle.objects.select_related("lead").filter(pk=bundle_id_of(number)).first()
    if found is None or not may_see(actor, found):
        raise BundleUnknown()
    return found


def bundle_by_query_code(number: str, code: str) -> Bundle:
    """Public progress query. A wrong code gives no information. Raises CaseUnknown, as for a case."""
    found = BundleNumber.objects.filter(number=number).values_list("bundle_id", flat=True).first()
    bundle = found and Bundle.objects.select_related("lead").filter(pk=found).first()
    given = "".join(code.split()).upper()
    if not bundle or not bundle.query_code:
        raise CaseUnknown()
    if blind_index("cases.query", given) != blind_index("cases.query", bundle.query_code):
        raise CaseUnknown()
    return bundle


def may_see(actor: Actor | None, bundle: Bundle) -> bool:
    """The lead and the departments of its parts see it; and whose it is."""
    if access.allows(actor, "bundle.see", bundle):
        return True
    if actor is None or actor.kind != "staff":
        return False
    scope = access.scope(actor, "bundle.see")
    return any(scope.covers(_Place(part.department_id, bundle.region_code)) for part in parts_of(bundle))


@dataclass(frozen=True)
class _Place:
    department_id: UUID
    region_code: str
    item_type: str = ""


def visible_bundles(actor: Actor) -> QuerySet[Bundle]:
    """Every bundle the actor may see."""
    scope = access.scope(actor, "bundle.see")
    if actor.kind == "citizen":
        return Bundle.objects.filter(scope.q())
    led = scope.q(department="lead_id", item_type="kind")
    shared = BundlePart.objects.filter(
        scope.q(department="department_id", region="bundle__region_code", item_type="bundle__kind")
    )
    return Bundle.objects.filter(led | Q(pk__in=shared.values("bundle_id")))


def bundles_of(person_id: UUID, *, before: UUID | None = None, limit: int = 20) -> list[Bundle]:
    """A person's bundles with their parts, newest first; two statements. The caller is this person."""
    found = Bundle.objects.filter(applicant_id=person_id).prefetch_related("parts").order_by("-id")
    if before:
        found = found.filter(pk__lt=before)
    return list(found[:limit])


def own_bundles(actor: Actor) -> QuerySet[Bundle]:
    """
    The actor's own bundles with their lead and parts; `yours`: whether the applicant must act now (correction,
    something promised to follow by `owed_until`, results at the window).
    """
    owed = CaseMaterial.objects.filter(
        case__bundle_id=OuterRef("pk"),
        case__status=Case.Status.ACCEPTED,
        case__suspended_since=None,
        state=CaseMaterial.State.OWED,
    ).order_by(F("owed_until").asc(nulls_last=True))
    parts = BundlePart.objects.filter(bundle_id=OuterRef("pk"), state=BundlePart.State.CORRECTION)
    outside = Q(status__in=(Bundle.Status.RECEIVED, Bundle.Status.HANDLING))
    collect = Q(status=Bundle.Status.DECIDED, delivery_way=Case.DeliveryWay.WINDOW, by_post=False)
    asked = Q(Exists(parts)) | Q(outside, Exists(exchange.asking()))
    found = visible_bundles(actor).annotate(
        to_correct=asked, owes=Exists(owed), owed_until=Subquery(owed.values("owed_until")[:1])
    )
    found = found.annotate(yours=Q(Q(to_correct=True) | Q(owes=True) | collect))
    return found.select_related("lead").prefetch_related("parts")


def worklist(actor: Actor, *, statuses: Sequence[str], limit: int = 30) -> list[Bundle]:
    """Bundles in these states the acting post may see, by deadline; with their parts."""
    found = visible_bundles(actor).filter(status__in=statuses).select_related("lead")
    return list(found.prefetch_related("parts").order_by("due_on", "id")[:limit])


def actions_now(actor: Actor | None, bundle: Bundle) -> frozenset[str]:
    """The commands this actor may give in the bundle's present state: for buttons. Each command checks again."""
    return frozenset(
        action
        for action, statuses in rules.ALLOWED_IN.items()
        if bundle.status in statuses and access.allows(actor, action, bundle)
    )


def opened(bundle: Bundle, parts: Sequence[BundlePart]) -> OpenBundle:
    """The definition the bundle was filed under."""
    return catalogue.pinned_bundle(
        bundle.revision_id, {part.code: part.revision_id for part in parts if part.revision_id}
    )


def needed(bundle: Bundle, parts: Sequence[BundlePart]) -> tuple[OpenBundle, Needed]:
    """The definition, and what the answers came to under it."""
    of = opened(bundle, parts)
    return of, catalogue.needed_of_answers(of, bundle.situation)


@dataclass(frozen=True)
class AskedMaterial:
    """One material the applicant has to hand in again, once for all parts that asked for it."""

    code: str  # of the bundle
    name: str
    asked: list[tuple[str, str]]  # (part, what is wrong)
    to: dict[str, str]  # part → its material


def asked_materials(bundle: Bundle, parts: Sequence[BundlePart]) -> list[AskedMaterial]:
    """What the corrections of all parts ask for, each material once. The caller has checked access."""
    waiting = {part.case_id: part for part in parts if part.state == BundlePart.State.CORRECTION}
    if not waiting:
        return []
    rows = CaseMaterial.objects.filter(case_id__in=list(waiting), state=CaseMaterial.State.ASKED)
    of, wanted = needed(bundle, parts)
    place = {
        (part, code): merged
        for merged in catalogue.merged_materials(of, wanted)
        for part, code in merged.to.items()
    }
    found: dict[str, AskedMaterial] = {}
    for row in rows.order_by("case_id", "position"):
        part = waiting[row.case_id]
        merged: MergedMaterial | None = place.get((part.code, row.code))
        code = merged.code if merged else f"{part.code}--{row.code}"
        one = found.setdefault(
            code, AskedMaterial(code, merged.material.name if merged else row.name, [], {})
        )
        one.asked.append((part.name, row.asked))
        one.to[part.code] = row.code
    return list(found.values())


def to_deliver(part: BundlePart) -> bool:
    """Its case has a decision that did not reach the applicant yet."""
    return not part.is_outside and part.state in rules.WITH_DECISION and part.delivered_on is None


def owed_materials(parts: Sequence[BundlePart]) -> list[tuple[BundlePart, CaseMaterial]]:
    """What was promised to follow and is still owed by parts under review. The caller has checked access."""
    running = {part.case_id: part for part in parts if part.state == BundlePart.State.ACCEPTED}
    if not running:
        return []
    rows = CaseMaterial.objects.filter(case_id__in=list(running), state=CaseMaterial.State.OWED)
    found = [(running[row.case_id], row) for row in rows.order_by("position")]
    return sorted(found, key=lambda one: (one[1].owed_until or date.max, one[0].position))


def item_type(part: BundlePart) -> str:
    """Of the matter, as its pinned definition has it; "" for one of an outside system, of which we know nothing."""
    return items.document(part.revision_id).item.type if part.revision_id else ""


def licences(parts: Iterable[BundlePart]) -> legal.Share:
    """How many of the parts handled here are licences: which law their common papers and pages name."""
    return legal.licences(item_type(part) for part in parts if not part.is_outside)


@dataclass(frozen=True)
class Limits:
    """The last day of handling together, and the one that binds: of the bundle or of one of its parts."""

    joint: date | None
    binding: date | None
    binding_part: str  # its name; "" where the joint limit binds or nothing runs


def limits(bundle: Bundle, parts: Sequence[BundlePart]) -> Limits:
    """Each part has its own clock; all together end by the joint limit (行政许可法 42, second paragraph)."""
    running = [part for part in parts if part.due_on and part.state not in rules.ENDED]
    first = min(running, key=lambda part: part.due_on or date.max, default=None)
    if first and (bundle.due_on is None or (first.due_on or date.max) <= bundle.due_on):
        return Limits(bundle.due_on, first.due_on, first.name)
    return Limits(bundle.due_on, bundle.due_on, "")


def parts_due_for_delivery(day: date) -> list[UUID]:
    """Decided cases of bundles, to be served electronically, whose ten days end by `day` and whose papers are made."""
    due = Case.objects.filter(
        bundle_id__isnull=False,
        status=Case.Status.DECIDED,
        delivery_way=Case.DeliveryWay.ELECTRONIC,
        due_on__lte=day,
    )
    ready = BundlePart.objects.filter(case_id__in=due.values("pk"), paper_ready=True)
    return [case_id for case_id in ready.values_list("case_id", flat=True) if case_id]


def due_dates() -> Iterable[tuple[UUID, date | None]]:
    """(id, stored copy) of every running bundle, for the nightly check of the clocks."""
    running = Bundle.objects.filter(status=Bundle.Status.HANDLING).values_list("pk", "due_on")
    return running.iterator(chunk_size=2000)


# Projects


def project_visible_to(actor: Actor | None, number: str) -> Project:
    """By its number or its national code. Raises ProjectUnknown for absent and for forbidden alike."""
    found = ProjectNumber.objects.filter(number="".join(number.split()).upper()).first()
    project = found and Project.objects.select_related("department").filter(pk=found.project_id).first()
    if not project or not access.allows(actor, "project.see", project):
        raise ProjectUnknown()
    return project


def project_name(bundle: Bundle) -> str:
    """Of the project a stage belongs to, for who may see the stage; "" and no statement for any other bundle."""
    if bundle.project_id is None:
        return ""
    return Project.objects.values_list("name", flat=True).get(pk=bundle.project_id)


def project_slots(actor: Actor | None, number: str) -> dict[str, str]:
    """What the register of the project already says (`forms.types.PREFILL_SLOTS`). Raises ProjectUnknown."""
    return {"project.name": project_visible_to(actor, number).name} if number else {}


def projects(actor: Actor, *, limit: int = 30) -> list[Project]:
    """The newest projects the actor may see."""
    scope = access.scope(actor, "project.see")
    own = scope.q(department="department_id", item_type="status", party="handler_id")
    return list(Project.objects.filter(own).select_related("department").order_by("-id")[:limit])


@dataclass(frozen=True)
class StageOnBoard:
    stage: ProjectStage
    bundles: list[Bundle]  # with their parts


def board(project: Project) -> list[StageOnBoard]:
    """
    The project's stages in order, each with its bundles and their parts. The caller has checked access.
    """
    parts = Prefetch("parts", BundlePart.objects.select_related("department").order_by("position"))
    found = Bundle.objects.filter(project_id=project.pk).select_related("lead").prefetch_related(parts)
    bundles = list(found.order_by("id"))
    return [
        StageOnBoard(stage, [bundle for bundle in bundles if bundle.code == stage.code])
        for stage in ProjectStage.objects.filter(project=project).order_by("position")
    ]
