"""What `test_races` has no state for: owed materials, promises, 审核, 现场核查, whose it is and how it is delivered."""

import itertools
from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.bundles.services.party import change_party
from mingqu.cases.models import AfterCheck, Case, Visit, VisitPhoto
from mingqu.cases.services.files import Upload, add_owed_files
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import promising as p
from mingqu.cases.tests import test_races as races
from mingqu.cases.tests import test_transitions_of_renewal as renewals
from mingqu.cases.types import PointFound
from mingqu.kernel.errors import DomainError
from mingqu.process import selectors as tasks

NOW, FIRM = f.FRIDAY_NOON, uuid4()


def _check_promise(w, case_id):
    duty = AfterCheck.objects.filter(case=case_id).first()
    if duty is None:
        raise DomainError()
    return services.check_commitment(
        case_id=case_id,
        check_id=duty.id,
        finding="broken",
        text="没有任何制度。",
        by=w.reviewer,
        at=NOW,
        key=uuid4(),
    )


def _examine(w, case_id):
    """审核 by its own post."""
    task = next((t for t in tasks.all_tasks(case_id) if t.step == "check"), None)
    if task is None:
        raise DomainError()
    return services.complete_step(
        case_id=case_id,
        task_id=task.task_id,
        finding=f.Finding("met"),
        by=w.checker,
        at=renewals.LAST_IN_TIME,
        key=uuid4(),
    )


def _choose(way, who):
    return lambda w, c: services.choose_delivery(case_id=c, way=way, by=getattr(w, who), at=NOW, key=uuid4())


MORE = {
    "bring_owed": lambda w, c: services.bring_owed(case_id=c, by=w.citizen, at=NOW, key=uuid4()),
    "bring_at_window": lambda w, c: services.bring_owed(case_id=c, by=w.clerk, at=NOW, key=uuid4()),
    "choose_window": _choose("window", "clerk"),
    "choose_electronic": _choose("electronic", "citizen"),
    "check_promise": _check_promise,
    "change_party": lambda w, c: change_party(
        case_id=c, firm_id=FIRM, name="样例餐饮有限公司", by=f.SYSTEM, at=NOW, key=uuid4()
    ),
}


@pytest.fixture(autouse=True)
def _known_here(monkeypatch):
    for name, deed in MORE.items():
        monkeypatch.setitem(races.COMMANDS, name, deed)
    plain = races.picture

    def picture(case_id):
        case = Case.objects.get(pk=case_id)
        checks = list(AfterCheck.objects.filter(case=case_id).values_list("finding", flat=True))
        return plain(case_id) | {
            "visits": case.visits,
            "owes": case.owes,
            "delivery": (case.delivery_way, case.delivery_consent_at),
            "checks": sorted(checks),
            "party": (case.party_kind, case.party_id),
        }

    monkeypatch.setattr(races, "picture", picture)


def _owing(w):
    case = p.accepted(w, p.owing_case(w))
    add_owed_files(case_id=case.pk, material=p.LATER, uploads=[Upload("图.png", f.PNG)], by=w.citizen, at=NOW)
    return case


def _promised(w):
    case = p.accepted(w, p.promised_case(w))
    while steps := [t.step for t in tasks.open_tasks(case.pk) if t.step != "decide"]:
        f.review(w, case, steps[0])
    races.COMMANDS["grant"](w, case.pk)
    services.plan_after_checks(case_id=case.pk, at=NOW)
    return case


OWING = ["bring_owed", "bring_at_window", "choose_window", "change_party", "withdraw"]
PROMISED = ["check_promise", "deliver"]


def pairs(w, make, some):
    for one, other in some:
        raced = races.at_once(w, make, one, other)
        orders = (races.serially(w, make, one, other, order) for order in ((1, 2), (2, 1)))
        assert raced in orders, f"{one} ∥ {other}"


def test_what_is_owed_or_promised_is_closed_once_and_a_withdrawal_ends_what_else_is_chosen(committed_db):
    """The visit for what is brought is counted once; a promise is found broken once."""
    w = p.world()

    pairs(
        w,
        _owing,
        [("bring_owed", "bring_at_window"), ("choose_window", "withdraw"), ("change_party", "withdraw")],
    )
    pairs(w, _promised, [("check_promise", "check_promise")])


@pytest.mark.long
def test_an_examination_meets_a_second_one_and_what_the_law_renews(committed_db, monkeypatch):
    w = renewals.sealed(f.world())
    monkeypatch.setitem(races.COMMANDS, "examine", _examine)

    def reviewed(w):
        case = renewals.accepted_renewal(w)
        task = next(t for t in tasks.open_tasks(case.pk) if t.step == "review")
        services.complete_step(
            case_id=case.pk,
            task_id=task.task_id,
            finding=f.Finding("met"),
            by=w.reviewer,
            at=renewals.LAST_IN_TIME,
            key=uuid4(),
        )
        return case

    pairs(w, reviewed, [("examine", "examine"), ("examine", "deem_renewed")])


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "names"), [(_owing, OWING), (_promised, PROMISED)], ids=["owing", "promised"]
)
def test_every_pair_where_something_is_owed_or_promised(committed_db, make, names):
    others = [*dict.fromkeys([*names, *MORE, *races.COMMANDS])]
    pairs(p.world(), make, itertools.product(names, others))


def _seen(case_id):
    """The visit as it stood on everybody's page before: the first."""
    return Visit.objects.filter(case=case_id).order_by("id").first()


def _plan_visit(w, case_id):
    task = next(t for t in tasks.all_tasks(case_id) if t.step == "visit")
    plan = f.visit_plan(w, NOW)
    return services.plan_visit(
        case_id=case_id, task_id=task.task_id, plan=plan, by=w.inspector, at=NOW, key=uuid4()
    )


def _of_visit(command, who, **given):
    """A deed on the visit that was agreed on; `given` may be functions of world and visit."""

    def act(w, case_id):
        visit = _seen(case_id)
        named = {name: made(w, visit) if callable(made) else made for name, made in given.items()}
        return command(case_id=case_id, visit_id=visit.id, by=getattr(w, who), at=NOW, key=uuid4(), **named)

    return act


def _one_photo(w, visit):
    return VisitPhoto.objects.filter(case=visit.case_id).order_by("id").first().id


VISITS = {
    "plan_visit": _plan_visit,
    "move_visit": _of_visit(
        services.move_visit, "inspector", plan=lambda w, v: f.visit_plan(w, NOW + f.DAY), reason="改期"
    ),
    "ask_new_date": _of_visit(services.ask_new_date, "citizen", wish_on=None, reason="出差"),
    "save_visit": _of_visit(
        services.save_visit,
        "inspector",
        points=lambda w, v: [PointFound(str(f.cases.checklist_of(v.case, v).points[0].code), "met")],
    ),
    "add_photo": _of_visit(
        services.add_visit_photos, "station", uploads=lambda w, v: [Upload("一.png", f.PNG)]
    ),
    "remove_photo": _of_visit(services.remove_visit_photo, "inspector", photo_id=_one_photo),
    "record_visit": _of_visit(
        services.record_visit, "inspector", record=lambda w, v: f.visit_record(w, v.case, v, NOW)
    ),
    "record_again": _of_visit(
        services.record_visit,
        "station",
        record=lambda w, v: f.visit_record(w, v.case, v, NOW, outcome="not_met", text="当场看过。"),
    ),
}
MEETING = ["withdraw", "pause", "extend", "terminate", "check", "choose_window", "change_party", "grant"]


def _visiting(w):
    case = f.accepted_case(w, situation=f.RAW_FOOD)
    f.visit_planned(w, case)
    VISITS["add_photo"](w, case.pk)
    return case


@pytest.mark.long
@pytest.mark.parametrize("one", VISITS)
def test_every_deed_about_a_visit_meets_every_other_and_what_ends_or_stops_the_case(
    committed_db, monkeypatch, one
):
    plain = races.picture

    def picture(case_id):
        visits = Visit.objects.filter(case=case_id).order_by("id")
        photos = VisitPhoto.objects.filter(case=case_id)
        return plain(case_id) | {
            "visits_made": [(v.state, v.outcome, bool(v.wished_at), bool(v.findings)) for v in visits],
            "photos": sorted(photos.values_list("removed", flat=True)),
        }

    monkeypatch.setattr(races, "picture", picture)
    for name, deed in VISITS.items():
        monkeypatch.setitem(races.COMMANDS, name, deed)

    pairs(f.world(), _visiting, [(one, other) for other in (*VISITS, *MEETING)])
