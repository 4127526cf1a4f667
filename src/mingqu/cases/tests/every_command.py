"""
Every command of a case, each on a case that is ready for it: for counting statements and for `make bench`.

What stays between organs and officers is in `every_inside_command`, which has all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from mingqu.cases import services
from mingqu.cases.models import AfterCheck, Case, MaterialFile, Visit
from mingqu.cases.services.files import Upload, add_correction_files, add_owed_files
from mingqu.cases.tests import at_window, promising, variants
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import test_transitions_of_renewal as renewals
from mingqu.cases.types import Asked, Handed, Mark, PointFound, Served, VisitRecord
from mingqu.catalogue import services as catalogue
from mingqu.documents.models import DocumentRequest
from mingqu.identity import selectors as identity
from mingqu.identity.types import StaffActor
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks

AT = f.FRIDAY_NOON
OFFICERS = ("clerk", "reviewer", "checker", "inspector", "station", "leader")


@dataclass(frozen=True)
class Deed:
    """`ready(w)` makes what `act(w, it)` is done on; `document`: the service, where it is not the usual one."""

    ready: Callable[[f.World], Any]
    act: Callable[[f.World, Any], object]
    document: Callable[[], Any] | None = None


def as_the_web_has_it(actor: Actor) -> StaffActor:
    """The middleware reads mandates and post with the account, so that commands need not."""
    assert actor.post_id is not None
    return StaffActor(
        kind="staff",
        id=actor.id,
        post_id=actor.post_id,
        user_id=actor.user_id,
        name=actor.name,
        mandates=identity.mandates_of(actor.post_id),
        post=identity.acting_post(actor),
    )


def officers(w: f.World) -> f.World:
    """Who works in `w`, as the web has them."""
    for name in OFFICERS:
        setattr(w, name, as_the_web_has_it(getattr(w, name)))
    return w


def publish(document: Callable[[], Any] | None) -> None:
    """The service as a deed wants it; what was filed before keeps its own revision."""
    whole, files = document() if document else f.food_licence(), f.form_files()
    if isinstance(whole, tuple):  # with its own files
        whole, files = whole[0], files | whole[1]
    catalogue.publish_revision(document=whole, by=f.SYSTEM, at=f.people.NOON, key=uuid4(), files=files)


def task(case: Case, step: str) -> UUID:
    return next(t.task_id for t in tasks.open_tasks(case.pk) if t.step == step)


def of_case(command: Callable[..., object], by: str, **given: Any) -> Callable[[f.World, Case], object]:
    """`given` may hold functions of the case: what is looked up before is not counted."""

    def act(w: f.World, case: Case) -> object:
        return command(case_id=case.pk, by=getattr(w, by), at=AT, key=uuid4(), **given)

    return act


def at_step(step: str, make: Callable[[f.World], Case] = f.accepted_case) -> Callable[[f.World], Any]:
    def ready(w: f.World) -> tuple[Case, UUID]:
        case = make(w)
        return case, task(case, step)

    return ready


def _finding(by: str) -> Callable[[f.World, Any], object]:
    return lambda w, it: services.complete_step(
        case_id=it[0].pk, task_id=it[1], finding=f.Finding("met"), by=getattr(w, by), at=AT, key=uuid4()
    )


def _handed(service: Callable[..., Any], **how: bool) -> Callable[[f.World, Any], object]:
    to = Handed("SCJG-SPXK-SH", "本周出差", **how)
    return lambda w, it: service(case_id=it[0].pk, task_id=it[1], to=to, by=w.reviewer, at=AT, key=uuid4())


def _done_once(w: f.World) -> tuple[Case, UUID]:
    case, task_id = at_step("check")(w)
    _finding("reviewer")(w, (case, task_id))
    return case, task_id


def _reviewed_once(w: f.World) -> Case:
    case = f.accepted_case(w)
    _finding("reviewer")(w, (case, task(case, "review")))
    return case


def _decide(w: f.World, case: Case) -> object:
    return services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=AT, key=uuid4()
    )


def _extend(w: f.World, case: Case) -> object:
    return services.extend_case(
        case_id=case.pk, limit=5, reason="需要再次核对", by=w.leader, at=AT, key=uuid4()
    )


def _paused(w: f.World) -> Case:
    case = f.accepted_case(w)
    EVERY["pause_case"].act(w, case)
    return case


def _corrected(w: f.World) -> Case:
    case = f.correction_case(w)
    add_correction_files(
        case_id=case.pk, material="floor-plan", uploads=[Upload("新图.png", f.PNG)], by=w.citizen, at=AT
    )
    return case


def _delivered(w: f.World) -> Case:
    case = f.decided_case(w)
    EVERY["deliver_case"].act(w, case)
    return case


def _with_file(w: f.World) -> tuple[Case, UUID]:
    case = f.received_case(w)
    return case, MaterialFile.objects.filter(root_id=case.pk).first().file_id


def _walked_in(w: f.World) -> Any:
    person = at_window.walk_in(w)
    return person, at_window.window_draft(w, person)


def _owing(w: f.World) -> Case:
    return promising.accepted(w, promising.owing_case(w))


def _owing_with_file(w: f.World) -> Case:
    case = _owing(w)
    add_owed_files(
        case_id=case.pk, material=promising.LATER, uploads=[Upload("图.png", f.PNG)], by=w.citizen, at=AT
    )
    return case


def _promise_granted(w: f.World) -> Case:
    case = promising.accepted(w, promising.promised_case(w))
    while steps := [t.step for t in tasks.open_tasks(case.pk) if t.step != "decide"]:
        f.review(w, case, steps[0])
    _decide(w, case)
    return case


def _to_be_checked(w: f.World) -> AfterCheck:
    case = _promise_granted(w)
    services.plan_after_checks(case_id=case.pk, at=AT)
    return AfterCheck.objects.get(case=case)


def _failed_paper(w: f.World) -> DocumentRequest:
    """As the worker leaves it that found no seal."""
    case = f.received_case(w)
    rows = DocumentRequest.objects.filter(root_id=case.pk)
    rows.update(state=DocumentRequest.State.FAILED, reason="seal_unavailable", ended_at=AT)
    return rows.get()


def _raw_food(w: f.World) -> Case:
    """A case somebody has to go and see."""
    return f.accepted_case(w, situation=f.RAW_FOOD)


def _visit(w: f.World) -> Visit:
    return f.visit_planned(w, _raw_food(w))


def _visit_with_photo(w: f.World) -> tuple[Visit, UUID]:
    visit = _visit(w)
    EVERY["add_visit_photos"].act(w, visit)
    return visit, f.cases.photos_of(visit)[0].id


def of_visit(command: Callable[..., object], by: str, **given: Any) -> Callable[[f.World, Visit], object]:
    def act(w: f.World, visit: Visit) -> object:
        return command(
            case_id=visit.case_id, visit_id=visit.id, by=getattr(w, by), at=AT, key=uuid4(), **given
        )

    return act


def _visit_and_record(w: f.World) -> tuple[Visit, VisitRecord]:
    visit = _visit(w)
    return visit, f.visit_record(w, visit.case, visit, visit.planned_for)


def _record(w: f.World, it: tuple[Visit, VisitRecord]) -> object:
    visit, record = it
    return services.record_visit(
        case_id=visit.case_id,
        visit_id=visit.id,
        record=record,
        by=w.inspector,
        at=visit.planned_for,
        key=uuid4(),
    )


def _move(w: f.World, visit: Visit) -> object:
    plan = f.visit_plan(w, AT, planned_for=visit.planned_for + f.timedelta(hours=1))
    return of_visit(services.move_visit, "inspector", plan=plan, reason="改期")(w, visit)


EVERY: dict[str, Deed] = {
    "file_case": Deed(
        f.draft,
        lambda w, it: services.file_case(
            draft_id=it.draft_id, base_version=it.version, by=w.citizen, at=AT, key=uuid4()
        ),
    ),
    "file_at_window": Deed(_walked_in, lambda w, it: at_window.file_it(w, *it)),
    "accept_case": Deed(f.received_case, of_case(services.accept_case, "clerk")),
    "deem_accepted": Deed(
        f.received_case, lambda w, it: services.deem_accepted(case_id=it.pk, at=AT + 12 * f.DAY)
    ),
    "renew_query_code": Deed(
        f.received_case, lambda w, it: services.renew_query_code(case_id=it.pk, because=uuid4(), at=AT)
    ),
    "ask_correction": Deed(
        f.received_case,
        of_case(services.ask_correction, "clerk", asked=[Asked("floor-plan", "看不清尺寸")]),
    ),
    "supplement_case": Deed(_corrected, of_case(services.supplement_case, "citizen")),
    "refuse_acceptance": Deed(
        f.received_case,
        of_case(
            services.refuse_acceptance,
            "clerk",
            ground="not_competent",
            organ="云禾区市场监督管理局",
            reason="场所不在本区",
        ),
    ),
    "complete_step": Deed(at_step("check"), _finding("reviewer")),
    "complete_step: the last": Deed(at_step("fitness", lambda w: _after(w, "check")), _finding("station")),
    "complete_step: 审核": Deed(
        at_step("verify", _reviewed_once), _finding("checker"), variants.in_three_steps
    ),
    "return_inside": Deed(
        at_step("decide", f.reviewed_case),
        lambda w, it: services.return_inside(
            case_id=it[0].pk, task_id=it[1], step="check", reason="再核对", by=w.leader, at=AT, key=uuid4()
        ),
    ),
    "pass_on": Deed(at_step("check"), _handed(services.pass_on, back=True)),
    "change_signers": Deed(at_step("check"), _handed(services.change_signers)),
    "hold_step": Deed(
        at_step("check"),
        lambda w, it: services.hold_step(
            case_id=it[0].pk, task_id=it[1], held=True, reason="等答复", by=w.reviewer, at=AT, key=uuid4()
        ),
    ),
    "take_back": Deed(
        _done_once,
        lambda w, it: services.take_back(
            case_id=it[0].pk, task_id=it[1], reason="写错了", by=w.reviewer, at=AT, key=uuid4()
        ),
    ),
    "decide_case": Deed(f.reviewed_case, _decide),
    "settle_on_spot": Deed(
        f.received_case,
        of_case(services.settle_on_spot, "clerk", outcome="granted", reasons=""),
        variants.on_the_spot,
    ),
    "deliver_case": Deed(
        f.decided_case, of_case(services.deliver_case, "clerk", served=Served.at_window("李晓禾"))
    ),
    "archive_case": Deed(_delivered, of_case(services.archive_case, "reviewer")),
    "withdraw_case": Deed(f.accepted_case, of_case(services.withdraw_case, "citizen")),
    "terminate_case": Deed(
        f.accepted_case, of_case(services.terminate_case, "leader", reason="主体资格消灭")
    ),
    "pause_case": Deed(
        f.accepted_case,
        of_case(
            services.pause_case,
            "reviewer",
            ground="testing",
            expected_until=(AT + 20 * f.DAY).date(),
            reason="需要检测",
        ),
    ),
    "expect_later": Deed(
        _paused,
        of_case(
            services.expect_later, "reviewer", expected_until=(AT + 40 * f.DAY).date(), reason="补送样品"
        ),
    ),
    "tell_it_lasts": Deed(
        _paused, lambda w, case: services.tell_it_lasts(case_id=case.pk, at=AT + 30 * f.DAY)
    ),
    "resume_case": Deed(_paused, of_case(services.resume_case, "reviewer", reason="")),
    "extend_case": Deed(f.accepted_case, _extend),
    "choose_delivery": Deed(f.received_case, of_case(services.choose_delivery, "citizen", way="window")),
    "mark_material": Deed(
        _with_file,
        lambda w, it: services.mark_material(
            case_id=it[0].pk, mark=Mark(it[1], 1, False, "看不清"), by=w.clerk, at=AT, key=uuid4()
        ),
    ),
    "keep_phrases": Deed(
        lambda w: None,
        lambda w, it: services.keep_phrases(phrases=["请补盖章"], by=w.reviewer, at=AT, key=uuid4()),
    ),
    "reveal_applicant": Deed(f.received_case, of_case(services.reveal_applicant, "reviewer", why="contact")),
    "retry_paper": Deed(
        _failed_paper,
        lambda w, it: services.retry_paper(
            case_id=it.root_id, request_id=it.id, by=w.clerk, at=AT, key=uuid4()
        ),
    ),
    "bring_owed": Deed(_owing_with_file, of_case(services.bring_owed, "citizen"), promising.document),
    "tell_about_owed": Deed(
        _owing,
        lambda w, it: services.tell_about_owed(case_id=it.pk, at=AT + 30 * f.DAY),
        promising.document,
    ),
    "plan_after_checks": Deed(
        _promise_granted,
        lambda w, it: services.plan_after_checks(case_id=it.pk, at=AT),
        promising.document,
    ),
    "check_commitment": Deed(
        _to_be_checked,
        lambda w, it: services.check_commitment(
            case_id=it.case_id,
            check_id=it.id,
            finding="kept",
            text="到店查看",
            by=w.reviewer,
            at=AT,
            key=uuid4(),
        ),
        promising.document,
    ),
    "plan_visit": Deed(
        at_step("visit", _raw_food),
        lambda w, it: services.plan_visit(
            case_id=it[0].pk, task_id=it[1], plan=f.visit_plan(w, AT), by=w.inspector, at=AT, key=uuid4()
        ),
    ),
    "move_visit": Deed(_visit, _move),
    "ask_new_date": Deed(_visit, of_visit(services.ask_new_date, "citizen", wish_on=None, reason="出差")),
    "save_visit": Deed(
        _visit,
        lambda w, it: of_visit(services.save_visit, "inspector", points=[PointFound(_point(it), "met")])(
            w, it
        ),
    ),
    "add_visit_photos": Deed(
        _visit, of_visit(services.add_visit_photos, "inspector", uploads=[Upload("一.png", f.PNG)])
    ),
    "remove_visit_photo": Deed(
        _visit_with_photo,
        lambda w, it: of_visit(services.remove_visit_photo, "inspector", photo_id=it[1])(w, it[0]),
    ),
    "record_visit": Deed(_visit_and_record, _record),
    "deem_renewed": Deed(
        renewals.accepted_renewal,
        lambda w, it: services.deem_renewed(case_id=it.pk, at=renewals.OVER),
    ),
}
NO_COMMANDS = {
    "sign_commitment",
    "bring_now",
    "offer_further",
    "offer_whereabouts",
    "ask_before_supplement",
    "new_query_code",
    "move_flow",
    "move_flow_back",
    "checked_address",
    "readdress",
}  # of a draft, without legal effect yet; hooks; a code; tried in `redesign` and `hall`


def _after(w: f.World, step: str) -> Case:
    case = f.accepted_case(w)
    f.review(w, case, step)
    return case


def _point(visit: Visit) -> str:
    return str(f.cases.checklist_of(visit.case, visit).points[0].code)
