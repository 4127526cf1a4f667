"""Questions about cases; each holds its access check or says that its caller does."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from mingqu.cases import (
    counting,
    defined,
    desk,
    efficiency,
    flows,
    legal,
    lives,
    models,
    past,
    picture,
    places,
    published,
    reported,
    routing,
    rules,
    told,
    turns,
    visiting,
    ways,
    worklists,
)
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import (
    AfterCheck,
    AskedAnswer,
    Case,
    CaseMaterial,
    CaseNumber,
    Decision,
    MaterialFile,
    Opinion,
    SignedCommitment,
)
from mingqu.cases.recusing import selectors as recusing
from mingqu.cases.types import Addressee
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import SituationResult
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.exchange import selectors as exchange
from mingqu.identity.services import access
from mingqu.kernel.crypto import blind_index
from mingqu.kernel.numbers import given_out
from mingqu.kernel.rows import Columns, kept_plans
from mingqu.kernel.training import is_training
from mingqu.kernel.types import Actor, Instant

# What lists and guides of the rooms above share with our own pages.
OPEN = models.OPEN
turn_of, YOUR_TURN, YOU, asked_by = turns.turn_of, turns.YOURS, turns.YOU, turns.asked_by
picture_of, picture_words = picture.picture, picture.to_applicant
way_of, way_of_case, way_of_answers = ways.way_of, ways.way_of_case, ways.way_of_answers
legal_words = legal.words
legally = legal.cited
legally_bracketed = legal.bracketed
legally_of_several = legal.bracketed_of_several
is_licence_type, not_needed_words = rules.is_licence, legal.not_needed_words
Picture = picture.Picture
PicturePlace = picture.Place
elsewhere = picture.elsewhere
places_of, latest_tasks = places.places_of, places.latest
RECEIVE, ACCEPT, DELIVER = picture.RECEIVE, picture.ACCEPT, picture.DELIVER
VisitCursor = visiting.VisitCursor
visits_of, visit_of, visits_ahead = visiting.visits_of, visiting.visit_of, visiting.visits_ahead
checklist_of, points_found = visiting.checklist_of, visiting.points_found
photos_of, may_see_photos = visiting.photos_of, visiting.may_see_photos
finding_so_far, visit_shown, WISHES = visiting.finding_so_far, visiting.visit_shown, visiting.WISHES
points_kept, address_of, has_visits = visiting.points_kept, visiting.address_of, visiting.has_visits
numbers_of, planned_visit_of = desk.numbers_of, visiting.planned_visit_of
Figures = efficiency.Figures
FigureRow = efficiency.FigureRow
figures_within, figures_span, FIGURES_LONGEST = efficiency.figures, efficiency.span, efficiency.LONGEST
Life, lives_of, case_ids = lives.Life, lives.lives_of, lives.case_ids
tally, periods_ended, overdue_on = counting.tally, counting.periods_ended, counting.overdue_on
running_days = counting.running_days
past_cases, whom_to_tell, whom_told = past.past_cases, told.whom_to_tell, told.whom_told
reported_cases, ReportedCase = reported.reported_cases, reported.ReportedCase
deciders_of = reported.deciders_of
granted, Granted = published.granted, published.Granted
WantedGrants = published.WantedGrants
Cursor = worklists.Cursor
Wanted = worklists.Wanted
Order = worklists.Order
worklist, worklist_counts, cursor_of = worklists.worklist, worklists.counts, worklists.cursor_of
received_at_post = worklists.received_at_post
marks_of, marked_wrong, own_phrases = desk.marks_of, desk.marked_wrong, desk.own_phrases
wrong_in, material_names = desk.wrong_in, desk.material_names
similar_cases, received_of_item = desk.similar_cases, desk.received_of_item
first_received, materials_of_many = desk.first_received, desk.materials_of_many
opinions_of_many = desk.opinions_of_many
flow_check, flows_in_use, running_on = flows.flow_check, flows.flows_in_use, flows.running_on
by_id, if_known, definition_of = flows.by_id, flows.if_known, defined.definition_of
standing_aside_from = recusing.standing_aside_from
decided_by_rule = routing.of_case
latest_opinions, standing_opinions = desk.latest_opinions, desk.standing_opinions
after_checks, RUNNING = worklists.after_checks, worklists.RUNNING
steps_waiting, StepsWanted, StepCursor = worklists.steps_waiting, worklists.StepsWanted, worklists.StepCursor


_CASE = Columns(Case, "c")
_ORGAN: Columns[Any] = Columns(Case._meta.get_field("department").related_model, "d")
_HELD = (
    f"SELECT {_CASE}, {_ORGAN} FROM cases_case c JOIN identity_department d ON d.id = c.department_id"  # noqa: S608
    " WHERE c.id = %s FOR UPDATE OF c"
)


def case_for_update(case_id: UUID) -> Case:
    """
    The case with its department, locked by its shard key: the first lock of every command. Raises CaseUnknown. Written
    out: building it through the ORM took a quarter of a short command.
    """
    with kept_plans() as cursor:
        cursor.execute(_HELD, [case_id])
        row = cursor.fetchone()
    if row is None:
        raise CaseUnknown()
    case = _CASE.instance(row[: len(_CASE)])
    case.department = _ORGAN.instance(row[len(_CASE) :])
    return case


def case_id_of(number: str) -> UUID:
    """From the public number to the id. Raises CaseUnknown."""
    digits = "".join(number.split())
    found = CaseNumber.objects.filter(number=digits).values_list("case_id", flat=True).first()
    if found is None:
        raise CaseUnknown()
    return found


def case_visible_to(actor: Actor | None, number: str) -> Case:
    """The case if this actor may see it. Raises CaseUnknown for absent and for forbidden alike."""
    case = Case.objects.filter(pk=case_id_of(number)).first()
    if case is None or not access.allows(actor, "case.see", case):
        raise CaseUnknown()
    return case


def case_visible_to_id(actor: Actor | None, case_id: UUID) -> Case:
    """The same by id, for what already knows it."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None or not access.allows(actor, "case.see", case):
        raise CaseUnknown()
    return case


def case_by_query_code(number: str, code: str) -> Case:
    """Public progress query (CAS-08). A wrong code gives no information. Raises CaseUnknown."""
    case = Case.objects.filter(pk=case_id_of(number)).first()
    given = "".join(code.split()).upper()
    if case is None or blind_index("cases.query", given) != blind_index("cases.query", case.query_code):
        raise CaseUnknown()
    return case


def is_licence(case: Case) -> bool:
    return rules.is_licence(case.item_type)


def decision_title(case: Case, outcome: str) -> str:
    """What the paper of this decision is called."""
    return documents.title_of(rules.decision_kind(case.item_type, outcome))


def situation_of(case: Case) -> SituationResult:
    """Materials and steps of this case's answers."""
    return catalogue.situation_of_answers(definition_of(case), case.situation)


def cases_of(person_id: UUID, *, before: UUID | None = None, limit: int = 20) -> list[Case]:
    """A person's cases, newest first, keyset by id (ids are time-ordered)."""
    found = Case.objects.filter(applicant_id=person_id).order_by("-id")
    if before:
        found = found.filter(pk__lt=before)
    return list(found[:limit])


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Every case the actor may see."""
    return Case.objects.filter(access.scope(actor, "case.see").q(theirs=Case.THEIRS))


def with_asked_fields(rows: QuerySet[Case]) -> QuerySet[Case]:
    """
    Each with `asked_fields`, the names of the fields of its form that are to be corrected, and `asked_by`, the other
    system that waits for a correction, in the same statement.
    """
    asked = AskedAnswer.objects.filter(case=OuterRef("pk"), state=AskedAnswer.State.ASKED)
    return rows.annotate(
        asked_fields=ArraySubquery(asked.order_by("position").values("name")),
        asked_by=Subquery(exchange.asking().order_by("id").values("system")[:1]),
    )


def cases_of_people(actor: Actor, person_ids: Iterable[UUID], *, limit: int = 50) -> list[Case]:
    """The newest cases of these applicants that the actor may see."""
    return list(visible_cases(actor).filter(applicant_id__in=list(person_ids)).order_by("-id")[:limit])


def received_since(day: date, item_codes: Iterable[str]) -> QuerySet[Case]:
    """Applications for these items received on a day or later, to be counted: no page shows one from here."""
    return Case.objects.filter(received_on__gte=day, item_code__in=list(item_codes))


def lately_decided(*, limit: int) -> list[Case]:
    """
    The latest decisions of any applicant, for pages that show neither name nor outcome; training regions left out.
    """
    rows = Case.objects.filter(decided_on__isnull=False).order_by("-decided_on", "-id")
    found = rows.only(
        "number", "item_name", "received_on", "decided_on", "status", "delivery_way", "by_post", "region_code"
    )
    return [case for case in found[: 4 * limit] if not is_training(case.region_code)][:limit]


def figures_of(day: date) -> tuple[int, int]:
    """Applications received and decisions made on a day: from the series of numbers and an index of days."""
    decided = Case.objects.filter(decided_on=day).count()
    return given_out("case", f"{day:%Y%m%d}"), decided


def actions_now(actor: Actor | None, case: Case) -> frozenset[str]:
    """
    The commands this actor may give on this case in its present state: for buttons. Each command checks
    again, and a step of the review belongs to its post besides.
    """
    suspended, extended = case.suspended_since is not None, case.extended_on is not None
    return frozenset(
        action
        for action in rules.ALLOWED_IN
        if rules.possible(action, case.status, suspended=suspended, extended=extended)
        and not (action == "case.resume" and case.waits_for_payment)
        and access.allows(actor, action, case)
    )


def delivery_address(case: Case) -> Addressee | None:
    """Where its result is to be sent; None: she comes for it. The caller has checked access."""
    row = models.DeliveryAddress.objects.filter(case=case).first() if case.by_post else None
    return Addressee(row.receiver, row.phone, row.address, row.said_id) if row else None


def sent_by_post() -> QuerySet[Case, UUID]:
    """Ids of decided cases whose results are to be sent; narrowed by rooms above, which know what lies where."""
    return handed_over_on_paper().filter(by_post=True)


def handed_over_on_paper() -> QuerySet[Case, UUID]:
    """Ids of decided cases whose results are collected or sent, parts of bundles too; for rooms above."""
    rows = Case.objects.filter(status=Case.Status.DECIDED, delivery_way=Case.DeliveryWay.WINDOW)
    return rows.values_list("pk", flat=True)


def waiting_for_collection(
    actor: Actor, *, narrowed: Q | None = None, after: Cursor | None = None, limit: int = 30
) -> list[Case]:
    """
    Decided cases whose applicants come to the window for the result (出件), by the last day of delivery (行政许可法
    44), then keyset by id; `narrowed`: a condition of a room above, which knows what lies at its counters.
    """
    scope = access.scope(actor, "case.deliver")
    found = Case.objects.filter(scope.q(), status=Case.Status.DECIDED, delivery_way=Case.DeliveryWay.WINDOW)
    if narrowed is not None:
        found = found.filter(narrowed)
    if after and after.due_on:
        found = found.filter(Q(due_on__gt=after.due_on) | Q(due_on=after.due_on, pk__gt=after.case_id))
    return list(found.order_by("due_on", "id")[:limit])


def services_of_paper(case: Case) -> list[models.ServiceOfPaper]:
    """How its papers reached the applicant, oldest first; the caller has checked access."""
    return list(models.ServiceOfPaper.objects.filter(case=case).order_by("at", "id"))


def overdue_unanswered(day: date) -> list[UUID]:
    """Received cases whose five days (行政许可法 32(4)) ended before `day`; all: failing ones would hide the rest."""
    found = Case.objects.filter(status=Case.Status.RECEIVED, due_on__lt=day).order_by("due_on", "id")
    return list(found.values_list("pk", flat=True))


def open_renewals(*, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
    """(case, certificate) of accepted applications for renewal, by id: for the sweep of 行政许可法 50."""
    found = Case.objects.filter(
        status=Case.Status.ACCEPTED, handling_kind="renew", acts_on_id__isnull=False
    ).order_by("id")
    if after is not None:
        found = found.filter(pk__gt=after)
    return list(found.values_list("pk", "acts_on_id")[:limit])


def acting_on(certificate_id: UUID) -> Case | None:
    """
    The application under way on a certificate: not decided yet, or granted and not written into the register yet. While
    there is one, no other is taken. For whoever may see the certificate; of the case it tells number and kind only.
    """
    undecided = [status for status in OPEN if status != Case.Status.DECIDED]
    granted = Q(outcome=Case.Outcome.GRANTED, certificate_id=None)
    return (
        Case.objects.filter(Q(status__in=undecided) | granted, acts_on_id=certificate_id)
        .order_by("id")
        .first()
    )


def materials_of(case: Case) -> list[CaseMaterial]:
    return list(CaseMaterial.objects.filter(case=case).order_by("position"))


def materials_of_each(case_ids: Collection[UUID]) -> dict[UUID, list[CaseMaterial]]:
    """By case; one statement."""
    found: dict[UUID, list[CaseMaterial]] = {}
    for row in CaseMaterial.objects.filter(case_id__in=case_ids).order_by("case_id", "position"):
        found.setdefault(row.case_id, []).append(row)
    return found


def names_across_bundle(case: Case) -> dict[str, str]:
    """By code, of this case and of all parts of its bundle, which share their files."""
    rows = CaseMaterial.objects.filter(case=case)
    if case.bundle_id:
        rows = CaseMaterial.objects.filter(case__bundle_id=case.bundle_id)
    return dict(rows.values_list("code", "name"))


def asked_answers(case: Case, *, all_rounds: bool = False) -> list[AskedAnswer]:
    """Fields of the form that are to be corrected now; `all_rounds`: also those corrected before, oldest first."""
    rows = AskedAnswer.objects.filter(case=case)
    if not all_rounds:
        rows = rows.filter(state=AskedAnswer.State.ASKED)
    return list(rows.order_by("asked_at", "position"))


def promises_of(case: Case) -> list[SignedCommitment]:
    """The promises this case rests on, each as it was signed: 告知承诺 and 容缺承诺."""
    ids = CaseMaterial.objects.filter(case=case).exclude(source_id=None).values("source_id")
    return list(SignedCommitment.objects.filter(root_id=case.pk, id__in=ids).order_by("signed_at", "id"))


def owed_materials(case: Case) -> list[CaseMaterial]:
    """What is still owed (容缺), without a statement where the case owes nothing. For whoever decides."""
    if not case.owes:
        return []
    return list(CaseMaterial.objects.filter(case=case, state=CaseMaterial.State.OWED).order_by("position"))


def after_checks_of(case: Case) -> list[AfterCheck]:
    """The checks of promises after the decision (告知承诺事后核查), done and open; the first due first."""
    return list(AfterCheck.objects.filter(case=case).order_by("due_on", "id"))


def after_checks_due(
    actor: Actor, *, until: date | None = None, after: Cursor | None = None, limit: int = 30
) -> list[tuple[Case, AfterCheck]]:
    """Those still to be made that the actor may see, due until a day. Keyset, as `after_checks`."""
    found = after_checks(actor, after=after, limit=limit)
    return [(case, check) for case, check in found if until is None or check.due_on <= until]


def owed_to_tell(day: date, soon: date) -> list[UUID]:
    """Cases under review with an owed material (容缺) to be reminded of, or not brought in time, and not yet told."""
    told = CaseMaterial.OwedTold
    owed = CaseMaterial.objects.filter(
        state=CaseMaterial.State.OWED, owed_until__lte=soon, case__status=Case.Status.ACCEPTED
    )
    untold = Q(owed_until__lt=day) & ~Q(owed_told=told.MISSED) | Q(
        owed_until__gte=day, owed_told=told.NOTHING
    )
    found = owed.filter(untold).order_by("owed_until", "case_id").values_list("case_id", flat=True)
    return list(dict.fromkeys(found))


def files_of(case: Case, *, all_versions: bool = False) -> list[MaterialFile]:
    """Files of the materials, oldest first; replaced ones only if asked for."""
    states = [MaterialFile.State.CURRENT, *([MaterialFile.State.REPLACED] if all_versions else [])]
    return list(MaterialFile.objects.filter(root_id=case.pk, state__in=states).order_by("added_at", "id"))


def pending_files(root_id: UUID) -> list[MaterialFile]:
    """Files that wait: of a draft for filing, of a case for its correction. The caller has checked access."""
    found = MaterialFile.objects.filter(root_id=root_id, state=MaterialFile.State.PENDING)
    return list(found.order_by("added_at", "id"))


def waiting_uploads(root_id: UUID) -> dict[str, list[FileView]]:
    """The same as their owner sees them, by material; two statements. The caller has checked access."""
    shown = {file.id: file for file in documents.files_of(root_id)}
    found: dict[str, list[FileView]] = {}
    for row in pending_files(root_id):
        found.setdefault(row.material_code, []).append(shown[row.file_id])
    return found


def opinions_of(case: Case) -> list[Opinion]:
    return list(Opinion.objects.filter(case=case).order_by("at", "id"))


def returned_steps(case: Case) -> list[str]:
    """The steps that were returned to (内部退回) and not done again since."""
    waiting: dict[str, None] = {}
    for finding, step, to in (
        Opinion.objects.filter(case=case).order_by("at", "id").values_list("finding", "step", "returned_to")
    ):
        if finding == Opinion.Finding.RETURNED:
            waiting[to] = None
        elif finding != Opinion.Finding.UNDONE:
            waiting.pop(step, None)
    return list(waiting)


def decisions_of(case: Case) -> list[Decision]:
    return list(Decision.objects.filter(case=case).order_by("at", "id"))


def due_dates() -> Iterable[tuple[UUID, date | None]]:
    """(id, stored copy) of every running case, for the nightly check of the clocks."""
    return (
        Case.objects.filter(status__in=(Case.Status.RECEIVED, Case.Status.ACCEPTED, Case.Status.DECIDED))
        .values_list("pk", "due_on")
        .iterator(chunk_size=2000)
    )


def certificate_of(case: Case, at: Instant) -> CertificateView | None:
    """The certificate a grant brought; no statement before it. The caller has checked access."""
    if case.outcome != Case.Outcome.GRANTED:
        return None
    result = definition_of(case).result
    return certificates.of_case(case.pk, result.certificate_type, at) if result.is_certificate else None
