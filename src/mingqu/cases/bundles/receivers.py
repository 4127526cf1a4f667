"""What follows a bundle's events and its parts' events: orders to cases, notes of what they came to, messages."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.urls import reverse

from mingqu.cases import events as case_events
from mingqu.cases import selectors as case_selectors
from mingqu.cases import services as cases
from mingqu.cases.bundles import events, of_visits, selectors, services
from mingqu.cases.bundles.errors import BundleRefusal, VisitNotTaken
from mingqu.cases.bundles.form_points import split
from mingqu.cases.bundles.selectors.asking import asked_fields
from mingqu.cases.bundles.services import answers, delivery, following
from mingqu.cases.bundles.services.bringing import hand_over
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.bundles.services.ending import served_as
from mingqu.cases.bundles.services.party import take_bundles_party
from mingqu.cases.errors import CaseRefusal
from mingqu.cases.models import Bundle, BundlePart, Case, CaseMaterial, FilingChange, JointVisit
from mingqu.cases.types import Addressee, Asked, Served, VisitPlan
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity import services as parties
from mingqu.identity.types import NewFirm
from mingqu.kernel import training
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.events import subscriber
from mingqu.kernel.rows import read_often
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.notifications import services as notifications
from mingqu.ui.text import zh_moment

# Why the cases of the other parts end where a bundle says that one refusal ends all.
ENDED_BY_RULE = "您申请的“{bundle}”约定有一项不予许可时其他各项不再继续；其中已有一项没有获准，本项据此终止。"

SAME_DAY = "与同一件“一件事”的其他部门约在同一天"


@subscriber("cases.register_reserved_firm", events.BundleFiled)
def register_reserved_firm(event: events.BundleFiled, *, at: Instant) -> None:
    """The firm a bundle is for exists from now on under its reserved name (名称自主申报)."""
    if event.firm_id is None:
        return
    try:
        identity.firm(event.firm_id)
    except NotFound:
        pass
    else:
        return
    bundle = Bundle.objects.get(pk=event.root_id)
    found = catalogue.provisional_firm(selectors.opened(bundle, selectors.parts_of(bundle)), bundle.situation)
    assert found is not None
    draft = NewFirm(
        bundle.party_name,
        reserved_name_number=str(bundle.answers.get(found[1], "")),
        legal_representative=bundle.applicant_name,
    )
    parties.create_firm(draft=draft, by=BUNDLES, at=at, key=event.firm_id)


@subscriber("cases.bundle_in_project", events.BundleFiled)
def stand_in_project(event: events.BundleFiled, *, at: Instant) -> None:
    if event.project_id is None:
        return
    name = Bundle.objects.values_list("name", flat=True).get(pk=event.root_id)
    services.note_stage(
        project_id=event.project_id, bundle_id=event.root_id, code=event.code, name=name, at=at
    )


@subscriber("cases.bundle_orders", events.PartOrdered)
def give_order(event: events.PartOrdered, *, at: Instant) -> None:
    """
    A bundle's command reaches the case of one part, as a command of that case. If the case does not take it (someone
    had acted on it before), nothing is changed there and the bundle no longer waits for it.
    """
    try:
        with transaction.atomic():
            ORDERS[event.order](event, at)
    except (CaseRefusal, BundleRefusal) as refusal:
        following.order_refused(
            bundle_id=event.root_id, code=event.part, ref=event.ref, refusal=refusal.code, at=at
        )


def _file(event: events.PartOrdered, at: Instant) -> None:
    services.file_part(bundle_id=event.root_id, code=event.part, at=at)


def _accept(event: events.PartOrdered, at: Instant) -> None:
    cases.accept_case(case_id=event.case_id, by=_who(event), at=at, key=_key(event))


def _correct(event: events.PartOrdered, at: Instant) -> None:
    asked, fields = split(Asked(code, what) for code, what in _part(event).asked)
    cases.ask_correction(
        case_id=event.case_id, asked=asked, fields=fields, by=_who(event), at=at, key=_key(event)
    )


def _supplement(event: events.PartOrdered, at: Instant) -> None:
    bundle, part = Bundle.objects.get(pk=event.root_id), _part(event)
    asked = CaseMaterial.objects.filter(case_id=event.case_id, state=CaseMaterial.State.ASKED)
    wanted = set(asked.values_list("code", flat=True))
    of, needed = selectors.needed(bundle, selectors.parts_of(bundle))
    codes = {
        merged.code: merged.to[part.code]
        for merged in catalogue.merged_materials(of, needed)
        if merged.to.get(part.code) in wanted
    }
    # What no common material stands for has a name of its own.
    codes |= {f"{part.code}--{code}": code for code in wanted - set(codes.values())}
    hand_over(bundle, part, codes, at)
    answers.hand_over(bundle, part)
    cases.supplement_case(case_id=event.case_id, by=_who(event), at=at, key=_key(event))


def _answers(event: events.PartOrdered, at: Instant) -> None:
    bundle = Bundle.objects.get(pk=event.root_id)
    answers.share(bundle, _part(event), at=at, key=_key(event))


def _withdraw(event: events.PartOrdered, at: Instant) -> None:
    cases.withdraw_case(case_id=event.case_id, by=_who(event), at=at, key=_key(event))


def _end(event: events.PartOrdered, at: Instant) -> None:
    name = Bundle.objects.values_list("name", flat=True).get(pk=event.root_id)
    reason = ENDED_BY_RULE.format(bundle=name)
    cases.terminate_case(case_id=event.case_id, reason=reason, by=BUNDLES, at=at, key=_key(event))


def _delivery(event: events.PartOrdered, at: Instant) -> None:
    bundle = Bundle.objects.get(pk=event.root_id)
    cases.choose_delivery(
        case_id=event.case_id,
        way=delivery.way_of(bundle),
        to=Addressee.of(bundle.sent_to) if bundle.sent_to else None,
        by=_who(event),
        at=at,
        key=_key(event),
    )


def _deliver(event: events.PartOrdered, at: Instant) -> None:
    bundle = Bundle.objects.get(pk=event.root_id)
    served = served_as(bundle)
    if served.signature_id is not None:
        copied = documents.copy_file(
            root_id=bundle.pk,
            file_id=served.signature_id,
            to_root=event.case_id,
            kind="receipt_signature",
            at=at,
        )
        served = dataclasses.replace(served, signature_id=copied.file_id)
    cases.deliver_case(case_id=event.case_id, served=served, by=_who(event), at=at, key=_key(event))


def _visit(event: events.PartOrdered, at: Instant) -> None:
    """The part's own visit on the agreed date; one it agreed on by itself before is moved there."""
    bundle, part = Bundle.objects.get(pk=event.root_id), _part(event)
    joint = JointVisit.objects.filter(bundle=bundle, state=JointVisit.State.AGREED).first()
    answers = selectors.answers_to(joint) if joint else []
    given = next((one for one in answers if one.part == event.part), None)
    own = next((one for one in selectors.to_visit([part]) if one.task_id), None)
    if joint is None or given is None or own is None or own.task_id is None:
        raise VisitNotTaken(name=part.name)
    plan = VisitPlan(joint.planned_for, joint.place, tuple(given.officer_ids), joint.note, together=True)
    who, key = _who(event), _key(event)
    before = case_selectors.planned_visit_of(own.case, own.task_id)
    try:
        if before is None:
            cases.plan_visit(case_id=event.case_id, task_id=own.task_id, plan=plan, by=who, at=at, key=key)
        else:
            cases.move_visit(
                case_id=event.case_id, visit_id=before.id, plan=plan, reason=SAME_DAY, by=who, at=at, key=key
            )
    except DomainError as refusal:  # too late, or an officer left: the department agrees on a date of its own
        raise VisitNotTaken(name=part.name) from refusal


def _take_party(event: events.PartOrdered, at: Instant) -> None:
    take_bundles_party(bundle_id=event.root_id, case_id=event.case_id, ref=event.ref, at=at)


ORDERS: Mapping[str, Callable[[events.PartOrdered, Instant], None]] = {
    "file": _file,
    "accept": _accept,
    "correct": _correct,
    "supplement": _supplement,
    "answers": _answers,
    "withdraw": _withdraw,
    "end": _end,
    "delivery": _delivery,
    "deliver": _deliver,
    "party": _take_party,
    "visit": _visit,
}


def _who(event: events.PartOrdered) -> Actor:
    """Who gave the bundle the command: the case's ledger names the same person and post."""
    if event.by_kind == "system":
        return BUNDLES
    kind: Any = event.by_kind
    return Actor(kind, event.by_id, post_id=event.by_post)


def _key(event: events.PartOrdered) -> CommandKey:
    return CommandKey(uuid5(event.ref, f"{event.order}:{event.case_id}"))


def _part(event: events.PartOrdered) -> BundlePart:
    return BundlePart.objects.get(bundle_id=event.root_id, code=event.part)


_IS_PART = "SELECT 1 FROM cases_case WHERE id = %s AND bundle_id IS NOT NULL"  # nearly always there is none


@subscriber("cases.bundle_follows", *case_events.ALL)
def follow(event: case_events.CaseEvent, *, at: Instant) -> None:
    """A case that belongs to a bundle moved: its part moves too, and what waited for it."""
    if not read_often(_IS_PART, [event.root_id]):
        return
    case = Case.objects.filter(pk=event.root_id).first()
    if case is not None and case.bundle_id is not None:
        services.follow_case(case=case, happened=event.name, at=at, mended=_mended(event))
        _deliver_if_ready(case.bundle_id, at)


def _mended(event: case_events.CaseEvent) -> dict[str, Any] | None:
    """What a window mended in the answers of a part, path → value."""
    if not isinstance(event, case_events.EntryMended):
        return None
    return dict(FilingChange.objects.get(case_id=event.root_id, id=event.change_id).after)


def paper_ready(case_id: UUID, bundle_id: UUID, at: Instant) -> None:
    """
    A part's certificate or refusal stands in the applicant's space. When it is the last one, who chose to be served
    electronically is served: once, everything together.
    """
    services.paper_ready(bundle_id=bundle_id, case_id=case_id, at=at)
    _deliver_if_ready(bundle_id, at)


def _deliver_if_ready(bundle_id: UUID, at: Instant) -> None:
    bundle = Bundle.objects.get(pk=bundle_id)
    if bundle.delivery_way != Case.DeliveryWay.ELECTRONIC or bundle.status != Bundle.Status.DECIDED:
        return
    if not following.ready_to_deliver(bundle, selectors.parts_of(bundle)):
        return
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:bundle-deliver:{bundle_id}"))
    try:
        services.deliver_bundle(bundle_id=bundle.pk, served=Served.electronic(), by=BUNDLES, at=at, key=key)
    except (BundleRefusal, CaseRefusal) as refusal:
        if refusal.code not in {"bundle_not_decided", "delivery_not_reachable"}:  # a clerk serves it then
            raise


@subscriber("cases.tell_bundle_filed", events.BundleFiled)
def tell_filed(event: events.BundleFiled, *, at: Instant) -> None:
    _tell(event, "bundle_received", {"received_on": event.received_on}, at)


@subscriber("cases.tell_bundle_accepted", events.BundleAccepted)
def tell_accepted(event: events.BundleAccepted, *, at: Instant) -> None:
    params = {"parts": _names(event, event.parts), "accepted_on": event.on}
    _tell(event, "bundle_accepted", params, at, fact=at.isoformat())


@subscriber("cases.tell_bundle_correction", events.BundleCorrectionAsked)
def tell_correction(event: events.BundleCorrectionAsked, *, at: Instant) -> None:
    bundle = Bundle.objects.get(pk=event.root_id)
    parts = selectors.parts_of(bundle)
    materials = [f"申请表里的“{one.name}”" for one in asked_fields(bundle, parts)]
    materials += [one.name for one in selectors.asked_materials(bundle, parts)]
    if materials:  # all handed in meanwhile: nothing left to ask for
        _tell(event, "bundle_correction_asked", {"materials": materials}, at, fact=at.isoformat())


@subscriber("cases.tell_bundle_extended", events.BundleExtended)
def tell_extended(event: events.BundleExtended, *, at: Instant) -> None:
    _tell(event, "bundle_extended", {"due_on": event.due_on}, at)


@subscriber("cases.tell_joint_visit_recorded", events.JointVisitRecorded)
def tell_recorded(event: events.JointVisitRecorded, *, at: Instant) -> None:
    """The applicant; and of each department that did not come, the officers who were to."""
    params = {"came": _names(event, event.came), "missed": _names(event, event.missed) or ["无"]}
    _tell(event, "joint_visit_recorded", params, at, fact=str(event.joint_id))
    of_visits.tell_missed(event, at)


@subscriber("cases.tell_bundle_visit", events.BundleVisitAgreed)
def tell_visit(event: events.BundleVisitAgreed, *, at: Instant) -> None:
    """Once for all departments: when, where, who comes from each; what another proposal replaced is not told."""
    joint = JointVisit.objects.filter(bundle_id=event.root_id, id=event.joint_id).first()
    if joint is None or joint.state != JointVisit.State.AGREED:
        return
    parts = {part.code: part for part in selectors.parts_of(Bundle.objects.get(pk=event.root_id))}
    answers = [one for one in selectors.answers_to(joint) if one.part in event.parts]
    names = identity.names_of(person for one in answers for person in one.officer_ids)
    who = [
        f"{parts[one.part].department.name}（{parts[one.part].name}）："
        + "、".join(names.get(person, "") for person in one.officer_ids)
        for one in answers
    ]
    params = {
        "when": zh_moment(joint.planned_for),
        "place": joint.place,
        "officers": who,
        "note": joint.note or "没有别的要求",
    }
    _tell(event, "bundle_visit_agreed", params, at, fact=str(uuid5(joint.id, ",".join(event.parts))))


@subscriber("cases.tell_bundle_decided", events.BundleDecided)
def tell_decided(event: events.BundleDecided, *, at: Instant) -> None:
    params = {
        "granted": _names(event, event.granted) or ["无"],
        "refused": _names(event, event.refused) or ["无"],
        "decided_on": event.on,
    }
    _tell(event, "bundle_decided", params, at)


@subscriber("cases.tell_bundle_delivered", events.BundleDelivered)
def tell_delivered(event: events.BundleDelivered, *, at: Instant) -> None:
    _tell(event, "bundle_delivered", {"delivered_on": event.on}, at)


@subscriber("cases.tell_bundle_withdrawn", events.BundleWithdrawn)
def tell_withdrawn(event: events.BundleWithdrawn, *, at: Instant) -> None:
    _tell(event, "bundle_withdrawn", {"withdrawn_on": event.on}, at)


def _names(event: events.BundleEvent, codes: list[str]) -> list[str]:
    rows = BundlePart.objects.filter(bundle_id=event.root_id, code__in=codes).order_by("position")
    return list(rows.values_list("name", flat=True))


def _tell(
    event: events.BundleEvent, kind: str, params: Mapping[str, Any], at: Instant, fact: str = ""
) -> None:
    name, region = Bundle.objects.values_list("name", "region_code").get(pk=event.root_id)
    notifications.tell(
        event.applicant_id,
        kind,
        {"item": training.named(name, region), "number": event.number, **params},
        event.root_id,
        at=at,
        fact=fact,
        link=reverse("bundles:progress", args=[event.number]),
    )
