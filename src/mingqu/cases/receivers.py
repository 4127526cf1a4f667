"""What follows a case's events and need not hurry: messages, the certificate, delivery."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.urls import reverse

from mingqu.cases import (
    events,
    handovers,  # noqa: F401  its subscribers are registered by import
    selectors,
    services,
    serving,
)
from mingqu.cases.arriving import asking, sending, signalling  # noqa: F401  registered by import
from mingqu.cases.bundles import receivers as bundles
from mingqu.cases.consulting import receivers as consulting  # noqa: F401  as above
from mingqu.cases.discretion import receivers as discretion  # noqa: F401  as above
from mingqu.cases.errors import CaseRefusal, CaseUnknown
from mingqu.cases.expecting import receivers as expecting  # noqa: F401  as above
from mingqu.cases.models import Case, FilingChange
from mingqu.cases.recusing import receivers as recusing  # noqa: F401  as above
from mingqu.cases.rules import DECISIONS, is_licence
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.types import Served
from mingqu.catalogue import selectors as catalogue
from mingqu.certificates import selectors as held_certificates
from mingqu.certificates import services as certificates
from mingqu.certificates.events import (
    CertificateReady,
    CertificateRestored,
    CertificateRevoked,
    CertificateStruckOff,
    CertificateSuspended,
)
from mingqu.clocks.types import GROUNDS
from mingqu.documents.events import DocumentReady
from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel import training
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.rows import Columns
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.notifications import services as notifications
from mingqu.ui.text import zh_day, zh_moment

DELIVERY = Actor.system("delivery")
T = TypeVar("T")
# What a bundle (一件事) tells once for all its parts.
TOLD_BY_BUNDLE = frozenset(
    {
        "case_received",
        "case_correction_asked",
        "case_supplemented",
        "case_accepted",
        "case_deemed_accepted",
        "case_delivered",
        "case_document_delivered",
        "case_withdrawn",
    }
)


@subscriber("cases.tell_received", events.CaseReceived)
def tell_received(event: events.CaseReceived, *, at: Instant) -> None:
    _tell(event, "case_received", {"received_on": event.received_on}, at)


@subscriber("cases.tell_outside_lists", events.CaseReceived)
def tell_outside_lists(event: events.CaseReceived, *, at: Instant) -> None:
    """An application for an item that no list has (清单之外无权力): who works on the lists of its region is told."""
    item = catalogue.unlisted(event.item_code)
    if item is None:
        return
    place = Place(None, item.region_code)  # lists are a region's, of no department
    for person_id in identity.people_who_may("list.see", place, event.received_on):
        notifications.tell(
            person_id,
            "case_outside_lists",
            {
                "item": training.named(item.name, item.region_code),
                "code": item.code,
                "received_on": event.received_on,
            },
            event.root_id,
            at=at,
            link=f"/desk/outside-lists/?since={event.received_on.isoformat()}",
        )


@subscriber("cases.tell_correction", events.CorrectionAsked)
def tell_correction(event: events.CorrectionAsked, *, at: Instant) -> None:
    case = Case.objects.get(pk=event.root_id)
    names = {m.code: m.name for m in selectors.materials_of(case)}
    answers = {row.path: row.name for row in selectors.asked_answers(case)} if event.fields else {}
    fields = [f"申请表里的“{answers[path]}”" for path in event.fields if path in answers]
    materials = [*fields, *(names[code] for code in event.materials)]
    _tell(event, "case_correction_asked", {"materials": materials}, at, fact=event.asked_on.isoformat())


@subscriber("cases.tell_supplemented", events.CaseSupplemented)
def tell_supplemented(event: events.CaseSupplemented, *, at: Instant) -> None:
    _tell(event, "case_supplemented", {}, at, fact=event.supplemented_on.isoformat())


@subscriber("cases.tell_accepted", events.CaseAccepted)
def tell_accepted(event: events.CaseAccepted, *, at: Instant) -> None:
    """What was decided at the same instant is told once, with the decision."""
    if event.on_the_spot:
        return
    kind = "case_deemed_accepted" if event.deemed else "case_accepted"
    _tell(event, kind, {"accepted_on": event.accepted_on, "due_on": event.due_on}, at)


@subscriber("cases.tell_not_accepted", events.CaseNotAccepted)
def tell_not_accepted(event: events.CaseNotAccepted, *, at: Instant) -> None:
    kind = "case_not_required" if event.ground == "not_required" else "case_not_accepted"
    _tell(event, kind, {}, at)


@subscriber("cases.tell_suspended", events.CaseSuspended)
def tell_suspended(event: events.CaseSuspended, *, at: Instant) -> None:
    params = {"ground": GROUNDS[event.ground].text, "until": event.expected_until}
    _tell(event, "case_suspended", params, at, fact=at.isoformat())


@subscriber("cases.tell_resumed", events.CaseResumed)
def tell_resumed(event: events.CaseResumed, *, at: Instant) -> None:
    params = {"resumed_on": event.on, "due_on": event.due_on}
    _tell(event, "case_resumed", params, at, fact=at.isoformat())


@subscriber("cases.tell_extended", events.CaseExtended)
def tell_extended(event: events.CaseExtended, *, at: Instant) -> None:
    _tell(event, "case_extended", {"statutory_on": event.statutory_on}, at)


@subscriber("cases.tell_terminated", events.CaseTerminated)
def tell_terminated(event: events.CaseTerminated, *, at: Instant) -> None:
    _tell(event, "case_terminated", {"terminated_on": event.on}, at)


@subscriber("cases.tell_decided", events.CaseDecided)
def tell_decided(event: events.CaseDecided, *, at: Instant) -> None:
    kind = "case_deemed_renewed" if event.deemed else f"case_{event.outcome}"
    if kind == "case_granted":
        kind = _of_result(event.root_id, kind, "case_cancellation_granted", "case_document_granted")
    _tell(event, kind, {"decided_on": event.decided_on}, at)


@subscriber("cases.tell_delivered", events.CaseDelivered)
def tell_delivered(event: events.CaseDelivered, *, at: Instant) -> None:
    """A refusal was told with the decision; its paper needs no second message."""
    if event.outcome == Case.Outcome.GRANTED:
        paper = "case_cancellation_delivered"
        kind = _of_result(event.root_id, "case_delivered", paper, "case_document_delivered")
        _tell(event, kind, {"delivered_on": event.delivered_on}, at)


@subscriber("cases.certificate_collected", events.CaseDelivered)
def certificate_collected(event: events.CaseDelivered, *, at: Instant) -> None:
    """What the certificate allows is to be begun in time from the day it reached its holder (建筑法 9)."""
    case = Case.objects.get(pk=event.root_id)
    result = selectors.definition_of(case).result
    if event.outcome == Case.Outcome.GRANTED and result.is_certificate and result.begin:
        certificates.collected(
            case_id=case.pk, type_code=result.certificate_type, on=event.delivered_on, at=at
        )


@subscriber("cases.tell_visit", events.VisitPlanned)
def tell_visit(event: events.VisitPlanned, *, at: Instant) -> None:
    """When, where, who comes, what they look at; what was moved or cancelled meanwhile is not told any more."""
    if event.together:
        return  # the bundle tells of all its visits in one message
    case = Case.objects.get(pk=event.root_id)
    visit = selectors.visit_of(case, event.visit_id)
    if visit.state in {"moved", "void"}:
        return
    names = identity.names_of(visit.officer_ids)
    params = {
        "when": zh_moment(visit.planned_for),
        "place": visit.place,
        "officers": [names.get(one, "") for one in visit.officer_ids],
        "points": [point.text for point in selectors.checklist_of(case, visit).points],
    }
    kind = "visit_moved" if event.moved else "visit_planned"
    _tell(event, kind, params, at, fact=str(event.visit_id))


@subscriber("cases.tell_visit_again", events.VisitToBeRepeated)
def tell_visit_again(event: events.VisitToBeRepeated, *, at: Instant) -> None:
    """What was not met, in the officers' words, and until when."""
    case = Case.objects.get(pk=event.root_id)
    visit = selectors.visit_of(case, event.visit_id)
    found = selectors.points_found(visit.findings)
    texts = {point.code: point.text for point in selectors.checklist_of(case, visit).points}
    wrong = [f"{texts[code]}（{note}）" for code, (state, note) in found.items() if state == "not_met"]
    _tell(event, "visit_again", {"until": event.by, "wrong": wrong}, at, fact=str(event.visit_id))


@subscriber("cases.tell_withdrawn", events.CaseWithdrawn)
def tell_withdrawn(event: events.CaseWithdrawn, *, at: Instant) -> None:
    _tell(event, "case_withdrawn", {"withdrawn_on": event.on}, at)


@subscriber("cases.tell_voided", events.CaseVoided)
def tell_voided(event: events.CaseVoided, *, at: Instant) -> None:
    _tell(event, "case_voided", {"voided_on": event.on}, at)


@subscriber("cases.tell_mended", events.EntryMended)
def tell_mended(event: events.EntryMended, *, at: Instant) -> None:
    """Which fields, never what stood or stands there: the applicant sees that on her own page."""
    row = FilingChange.objects.get(case_id=event.root_id, id=event.change_id)
    _tell(event, "case_mended", {"fields": [row.names[path] for path in row.paths]}, at, fact=str(row.id))


@subscriber("cases.plan_after_checks", events.CaseDecided)
def plan_after_checks(event: events.CaseDecided, *, at: Instant) -> None:
    """What was promised in place of a material is checked after a grant (告知承诺事后核查)."""
    if event.outcome == Case.Outcome.GRANTED:
        services.plan_after_checks(case_id=event.root_id, at=at)


@subscriber("cases.tell_broken", events.CommitmentBroken)
def tell_broken(event: events.CommitmentBroken, *, at: Instant) -> None:
    names = _material_names(event.root_id)
    params = {"material": names[event.material], "found_on": event.found_on}
    _tell(event, "case_commitment_broken", params, at, fact=str(event.check_id))


@subscriber("cases.tell_owed_brought", events.OwedBrought)
def tell_owed_brought(event: events.OwedBrought, *, at: Instant) -> None:
    names = _material_names(event.root_id)
    params = {"materials": [names[code] for code in event.materials], "brought_on": event.brought_on}
    _tell(event, "case_owed_brought", params, at, fact=at.isoformat())


@subscriber("cases.tell_owed_due_soon", events.OwedDueSoon)
def tell_owed_due_soon(event: events.OwedDueSoon, *, at: Instant) -> None:
    """What came meanwhile is not asked for any more."""
    owed = {m.code: m.name for m in selectors.owed_materials(Case.objects.get(pk=event.root_id))}
    if names := [owed[code] for code in event.materials if code in owed]:
        params = {"materials": names, "until": event.until}
        _tell(event, "case_owed_due_soon", params, at, fact=event.until.isoformat())


@subscriber("cases.tell_owed_missed", events.OwedMissed)
def tell_owed_missed(event: events.OwedMissed, *, at: Instant) -> None:
    owed = {m.code: m.name for m in selectors.owed_materials(Case.objects.get(pk=event.root_id))}
    if event.material in owed:
        params = {"material": owed[event.material], "until": event.until}
        _tell(event, "case_owed_missed", params, at, fact=event.material)


def _material_names(case_id: UUID) -> dict[str, str]:
    return {m.code: m.name for m in selectors.materials_of(Case.objects.get(pk=case_id))}


@subscriber("cases.issue_certificate", events.CaseDecided)
def issue(event: events.CaseDecided, *, at: Instant) -> None:
    if event.outcome == Case.Outcome.GRANTED and not _is_the_decision(event.root_id):
        issue_certificate(case_id=event.root_id, at=at)


@subscriber("cases.tell_certificate_suspended", CertificateSuspended)
def tell_certificate_suspended(event: CertificateSuspended, *, at: Instant) -> None:
    """A person is told by the room of certificates; for a firm, who applied in its name."""
    until = f"预计到{zh_day(event.until)}。" if event.until else "什么时候恢复，会再告诉您。"
    _tell_for_firm(event, "certificate_suspended", {"since": event.since, "until": until}, at)


@subscriber("cases.tell_certificate_restored", CertificateRestored)
def tell_certificate_restored(event: CertificateRestored, *, at: Instant) -> None:
    _tell_for_firm(event, "certificate_restored", {"restored_on": event.on}, at)


@subscriber("cases.tell_certificate_revoked", CertificateRevoked)
def tell_certificate_revoked(event: CertificateRevoked, *, at: Instant) -> None:
    params = {"revoked_on": event.on, "document_number": event.document_number}
    _tell_for_firm(event, "certificate_revoked", params, at)


@subscriber("cases.tell_certificate_struck_off", CertificateStruckOff)
def tell_certificate_struck_off(event: CertificateStruckOff, *, at: Instant) -> None:
    params = {"struck_off_on": event.on, "ground": event.ground}
    _tell_for_firm(event, "certificate_struck_off", params, at)


def _tell_for_firm(
    event: CertificateSuspended | CertificateRestored | CertificateRevoked | CertificateStruckOff,
    kind: str,
    params: dict[str, Any],
    at: Instant,
) -> None:
    case = Case.objects.filter(pk=event.case_id).first() if event.case_id and not event.told else None
    if case is None:
        return
    name = training.named(held_certificates.certificate(event.root_id, at).type_name, case.region_code)
    for person_id in identity.whom_to_tell(case.applicant_id, case, legal_day(at)):
        notifications.tell(
            person_id,
            kind,
            {"certificate": name, "number": event.number} | params,
            case.pk,
            at=at,
            fact=at.isoformat(),
            link=reverse("cases:progress", args=[case.number]),
        )


@subscriber("cases.deliver_certificate", CertificateReady)
def deliver_certificate(event: CertificateReady, *, at: Instant) -> None:
    _deliver(event.case_id, at)


@subscriber("cases.deliver_refusal", DocumentReady)
def deliver_refusal(event: DocumentReady, *, at: Instant) -> None:
    if event.kind in DECISIONS["refused"] or (
        event.kind in DECISIONS["granted"] and _of_result(event.root_id, False, True, True)
    ):
        _deliver(event.root_id, at)


def _of_result(case_id: UUID, certificate: T, cancelled: T, decision: T) -> T:
    """
    By what a grant brings: a certificate to wait for; its end (注销) or nothing besides the decision, which then is
    what is delivered.
    """
    case = _pinned(case_id)
    if case.handling_kind == "cancel":
        return cancelled
    return certificate if selectors.definition_of(case).result.is_certificate else decision


def _is_the_decision(case_id: UUID) -> bool:
    return not selectors.definition_of(_pinned(case_id)).result.is_certificate


def _pinned(case_id: UUID) -> Case:
    return Case.objects.only("handling_kind", "handling_code", "revision_id", "flow_revision_id").get(
        pk=case_id
    )


def _deliver(case_id: UUID, at: Instant) -> None:
    """
    The paper stands in the applicant's space, who agreed to that; if a clerk handed it over before, nothing is left to
    do. Who chose to collect it is served at the window (cases waiting there: `selectors.waiting_for_collection`).
    """
    chosen, bundle_id = Case.objects.values_list("delivery_way", "bundle_id").get(pk=case_id)
    if bundle_id:
        bundles.paper_ready(case_id, bundle_id, at)
        return
    if chosen == Case.DeliveryWay.WINDOW:
        return
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:deliver:{case_id}"))
    try:
        services.deliver_case(case_id=case_id, served=Served.electronic(), by=DELIVERY, at=at, key=key)
    except (CaseRefusal, CaseUnknown) as refusal:
        if refusal.code == "delivery_not_reachable":
            serving.decision_waits(case_id, at)
        elif refusal.code != "case_not_decided":
            raise


# What is said of everything but licences, in words that do not speak of one.
OF_NO_LICENCE = {
    "case_deemed_accepted": "case_unanswered_accepted",
    "case_not_required": "case_not_needed",
    "case_suspended": "case_time_stopped",
    "case_granted": "case_approved",
    "case_refused": "case_not_approved",
}


TOLD_BY = ("item_name", "handling_item", "item_code", "item_type", "bundle_id", "region_code")
TOLD_WHOM = ("party_kind", "party_id", "capacity_id")
_TOLD = Columns(Case, "c", only=("id", *TOLD_BY, *TOLD_WHOM))
_TO_TELL = f"SELECT {_TOLD} FROM cases_case c WHERE c.id = %s"  # noqa: S608  constants


def _tell(event: events.CaseEvent, kind: str, params: Mapping[str, Any], at: Instant, fact: str = "") -> None:
    case = _TOLD.first(_TO_TELL, [event.root_id])
    if case is None:
        raise Case.DoesNotExist
    if case.bundle_id and kind in TOLD_BY_BUNDLE:
        return
    if not is_licence(case.item_type):
        kind = OF_NO_LICENCE.get(kind, kind)
    item = training.named(f"{case.item_name}（{case.handling_item}）", case.region_code)
    told, link = (
        {"item": item, "number": event.number, **params},
        reverse("cases:progress", args=[event.number]),
    )
    for person_id in identity.whom_to_tell(event.applicant_id, case, legal_day(at)):
        notifications.tell(person_id, kind, told, event.root_id, at=at, fact=fact, link=link)
