"""流程迁移 from the plan to its undoing, on cases that are really under review."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from mingqu.cases import selectors as cases
from mingqu.cases import services as case_services
from mingqu.cases.defined import kinds_of
from mingqu.cases.errors import FlowNotMovable, NotInReview
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue_selectors
from mingqu.catalogue import services as catalogue
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.clocks import selectors as clocks
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.process import selectors as process
from mingqu.redesign import errors, services
from mingqu.redesign.models import FlowMove, FlowMoveCase
from mingqu.redesign.selectors import moves
from mingqu.redesign.services import moving
from mingqu.redesign.services.moving import MOVER

pytestmark = pytest.mark.django_db
ITEM = "QH-SPJYXK"
LATER = f.FRIDAY_NOON + f.DAY
SAVEPOINTS = 2  # of a test's own transaction
STEPS = {"check": "look", "visit": "visit", "fitness": "fitness", "decide": "decide"}


@pytest.fixture
def w():
    return f.world()


def new_edition(w, **changes) -> None:
    """In force from now on: the first step is called otherwise, and 批准 promises a day less."""
    document = f.food_licence()
    first = document["handling"][0]
    first["steps"][0] |= {"id": "look", "name": "材料核对"} | changes
    first["scenarios"] = []
    first["clocks"]["promised"]["limit"] -= 1
    catalogue.publish_revision(document=document, by=f.SYSTEM, at=LATER, key=uuid4(), files=f.form_files())


def source_of(case: Case) -> moves.Source:
    return moves.Source(ITEM, "01", case.revision_id)


def planner(w):
    return people.staff_actor("catalogue_editor", department_id=w.bureau)


def approver(w):
    return people.staff_actor("catalogue_reviewer", department_id=w.bureau)


def planned(w, case, steps=STEPS) -> FlowMove:
    move_id = services.plan_move(
        source=source_of(case), steps=steps, reason="核对并入", by=planner(w), at=LATER, key=uuid4()
    )
    return went_on(move_id)


def went_on(move_id) -> FlowMove:
    services.go_on_with(move_id, lambda: LATER)
    return FlowMove.objects.get(pk=move_id)


def approved(w, row) -> FlowMove:
    services.approve_move(move_id=row.pk, by=approver(w), at=LATER, key=uuid4())
    return went_on(row.pk)


def states(row) -> list[str]:
    return sorted(FlowMoveCase.objects.filter(root_id=row.pk).values_list("state", flat=True))


def test_cases_go_over_keep_their_promise_and_are_handled_to_the_end(w):
    case, other = f.accepted_case(w), f.accepted_case(w)
    f.review(w, other, "check")
    due, clocked = case.due_on, clocks.due_on(case.pk)
    new_edition(w)

    row = planned(w, case)
    assert (row.state, states(row)) == ("checked", ["may", "may"])
    row = approved(w, row)

    assert (row.state, states(row)) == ("done", ["moved", "moved"])
    case.refresh_from_db()
    assert case.flow_revision_id == revisions.item(ITEM).current_id != case.revision_id
    assert (case.due_on, clocks.due_on(case.pk)) == (due, clocked)
    assert {task.step for task in process.open_tasks(case.pk)} == {"look", "fitness"}
    definition = cases.definition_of(case)
    assert definition.step("look").name == "材料核对"
    promise = revisions.definition_of(catalogue_selectors.document(case.revision_id), "01").clocks.promised
    assert definition.clocks.promised == promise
    assert process.differences(case.pk, case.instance_id) == {}
    f.review(w, case, "look", at=LATER)
    assert process.differences(case.pk, case.instance_id) == {}
    other.refresh_from_db()
    tasks = cases.latest_tasks(process.all_tasks(other.pk))
    places = cases.places_of(other, [*cases.definition_of(other).steps, definition.decide], tasks)
    assert places["look"].state == "done"


def test_the_pages_of_a_moved_case_say_what_was_done_before_and_what_waits_now(w, client):
    case = f.accepted_case(w)
    f.review(w, case, "check", text="平面图清楚")
    new_edition(w)
    approved(w, planned(w, case))
    people.signed_in(client, people.staff_user("周审", w.posts["SCJG-SPXK-01"]))

    page = client.get(reverse("workbench:case", args=[case.number]))

    assert page.status_code == 200
    assert "平面图清楚" in page.content.decode()
    assert client.get(reverse("workbench:dossier", args=[case.number])).status_code == 200
    assert client.get(reverse("workbench:desk"), {"tab": "all"}).status_code == 200
    people.signed_in(client, User.objects.get(person_id=case.applicant_id))
    assert client.get(reverse("cases:progress", args=[case.number])).status_code == 200


def test_what_cannot_go_over_stays_with_its_reason(w):
    case = f.accepted_case(w)
    new_edition(w, kind="check", checks=[])

    row = planned(w, case)
    one = FlowMoveCase.objects.get(root_id=row.pk)

    assert (one.state, one.reason) == ("cant", "正在办的环节“材料审查”在新流程里是另一种环节（材料核对）。")
    approved(w, row)
    case.refresh_from_db()
    assert case.flow_revision_id is None
    to = revisions.item(ITEM).current_id
    with pytest.raises(FlowNotMovable, match="另一种环节"):
        case_services.move_flow(case_id=case.pk, revision_id=to, steps=STEPS, by=MOVER, at=LATER, key=uuid4())


def test_a_second_person_approves_and_one_move_at_a_time(w):
    case = f.accepted_case(w)
    new_edition(w)
    row = planned(w, case)
    with pytest.raises(errors.MoveAtWork):
        planned(w, case)
    with pytest.raises(errors.MoveReasonMissing):
        services.decline_move(move_id=row.pk, reason=" ", by=approver(w), at=LATER, key=uuid4())
    services.decline_move(move_id=row.pk, reason="先不换", by=approver(w), at=LATER, key=uuid4())
    with pytest.raises(errors.MoveNotWaiting):
        services.approve_move(move_id=row.pk, by=approver(w), at=LATER, key=uuid4())
    assert went_on(row.pk).state == "declined"
    again = planned(w, case)
    FlowMove.objects.filter(pk=again.pk).update(asked_by=(second := approver(w)).id)
    with pytest.raises(errors.OwnMove):
        services.approve_move(move_id=again.pk, by=second, at=LATER, key=uuid4())


@pytest.mark.parametrize(
    ("steps", "reason", "refusal"),
    [
        ({**STEPS, "check": "visit"}, "x", errors.MoveStepsWrong),
        ({**STEPS, "visit": ""}, "x", errors.MoveStepsWrong),
        (STEPS, " ", errors.MoveReasonMissing),
    ],
)
def test_a_wrong_plan_is_refused_and_nothing_is_kept(w, steps, reason, refusal):
    case = f.accepted_case(w)
    new_edition(w)
    with pytest.raises(refusal):
        services.plan_move(
            source=source_of(case), steps=steps, reason=reason, by=planner(w), at=LATER, key=uuid4()
        )
    assert not FlowMove.objects.exists()


def test_it_is_undone_where_nobody_has_gone_on(w):
    case, other = f.accepted_case(w), f.accepted_case(w)
    new_edition(w)
    row = approved(w, planned(w, case))
    other.refresh_from_db()
    f.review(w, other, "look", at=LATER)

    services.undo_move(move_id=row.pk, by=planner(w), at=LATER, key=uuid4())
    row = went_on(row.pk)

    assert (row.state, states(row)) == ("undone", ["back", "stayed"])
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.flow_revision_id, case.flow_past, case.flow_steps) == (None, [], {})
    assert other.flow_revision_id is not None
    assert "check" in {task.step for task in process.open_tasks(case.pk)}
    f.review(w, case, "check", at=LATER)
    for each in (case, other):
        assert process.differences(each.pk, each.instance_id) == {}


def test_a_job_killed_on_the_way_goes_on_and_moves_nothing_twice(w, monkeypatch):
    case = f.accepted_case(w)
    f.accepted_case(w)
    new_edition(w)
    row = planned(w, case)
    services.approve_move(move_id=row.pk, by=approver(w), at=LATER, key=uuid4())
    real = FlowMoveCase.save

    def power_cut(self, *args, **kwargs):
        raise KeyboardInterrupt  # after the case's own transaction, before the row says so

    monkeypatch.setattr(FlowMoveCase, "save", power_cut)
    with pytest.raises(KeyboardInterrupt):
        went_on(row.pk)
    monkeypatch.setattr(FlowMoveCase, "save", real)
    assert sorted(Case.objects.values_list("flow_revision_id", flat=True), key=str)[-1] is None
    services.sweep_moves(LATER + f.DAY)

    row = went_on(row.pk)

    assert (row.state, states(row)) == ("done", ["moved", "moved"])
    for each in Case.objects.all():
        assert [h.kind for h in process.history(each.pk)].count("replan") == 1
        assert process.differences(each.pk, each.instance_id) == {}


def test_one_case_that_breaks_stops_no_other_and_says_so(w, monkeypatch):
    case = f.accepted_case(w)
    f.accepted_case(w)
    new_edition(w)
    row = planned(w, case)
    real = case_services.move_flow

    def broken(*, case_id, **more):
        if case_id == case.pk:
            raise ZeroDivisionError
        return real(case_id=case_id, **more)

    monkeypatch.setattr(case_services, "move_flow", broken)
    row = approved(w, row)

    assert (row.state, states(row)) == ("done", ["left", "moved"])
    assert FlowMoveCase.objects.get(root_id=row.pk, state="left").reason == moving.BROKE


def test_who_did_the_review_under_the_old_name_does_not_check(w):
    case = f.accepted_case(w)
    new_edition(w)
    approved(w, planned(w, case))
    case.refresh_from_db()
    assert kinds_of(case)["check"] == kinds_of(case)["look"] == "review"


def test_an_editor_plans_a_reviewer_approves_on_pages(w, client):
    case = f.accepted_case(w)
    new_edition(w)
    editor = people.staff_user("周正", people.post(w.bureau, "catalogue_editor"))
    people.signed_in(client, editor)
    which = client.get(reverse("redesign:move_which"))
    assert [(one.from_number, one.to_number, one.count) for one in which.context["rows"]] == [(1, 2, 1)]
    address = reverse("redesign:move_new", args=[ITEM, "01", case.revision_id])
    form = client.get(address).context["form"]
    said = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    assert client.post(address, said | {"step__check": "look"}).status_code == 400
    sent = client.post(address, said | {"step__check": "look", "reason": "核对并入"})
    assert sent.status_code == 302
    row = went_on(FlowMove.objects.get().pk)
    page = client.get(sent.url).content.decode()
    assert "您拟定的，由另一个人批准" in page and "批准，开始迁移" not in page
    assert client.post(reverse("redesign:move_approve", args=[row.pk])).status_code == 403

    people.signed_in(client, people.staff_user("吴审", people.post(w.bureau, "catalogue_reviewer")))
    assert "批准，开始迁移" in client.get(sent.url).content.decode()
    assert "1次等您批准" in client.get(reverse("workbench:desk")).content.decode()
    client.post(reverse("redesign:move_approve", args=[row.pk]), {"key": uuid4()})
    assert went_on(row.pk).state == "done"
    book = load_workbook(BytesIO(client.get(f"{sent.url}export/").content)).active
    assert [line[4] for line in book.values][1:] == ["已迁移"]
    people.signed_in(
        client, people.staff_user("钱进", people.post(people.department(), "catalogue_reviewer"))
    )
    assert client.get(sent.url).status_code == 404
    with pytest.raises(errors.MoveUnknown):
        moves.move_seen(people.staff_actor("catalogue_reviewer"), row.pk)
    assert list(client.get(reverse("redesign:moves")).context["rows"]) == []


def test_only_the_platform_moves_a_case_and_only_one_under_review(w):
    case = f.received_case(w)
    new_edition(w)
    to = revisions.item(ITEM).current_id
    given = {"case_id": case.pk, "revision_id": to, "steps": STEPS, "at": LATER}
    with pytest.raises(NotAuthorised):
        case_services.move_flow(**given, by=w.leader, key=uuid4())
    with pytest.raises(NotInReview):
        case_services.move_flow(**given, by=MOVER, key=uuid4())


def test_a_move_and_its_undoing_keep_to_the_number_of_statements_of_a_command(
    w, django_assert_max_num_queries
):
    cases_ = [f.accepted_case(w), f.accepted_case(w)]
    new_edition(w)
    to = revisions.item(ITEM).current_id

    def there_and_back(case, budget):
        with django_assert_max_num_queries(budget + SAVEPOINTS):
            seq = case_services.move_flow(
                case_id=case.pk, revision_id=to, steps=STEPS, by=MOVER, at=LATER, key=uuid4()
            )
        with django_assert_max_num_queries(budget + SAVEPOINTS):
            case_services.move_flow_back(case_id=case.pk, seq=seq, by=MOVER, at=LATER, key=uuid4())

    there_and_back(cases_[0], 99)  # plans and definitions are in memory after that
    there_and_back(cases_[1], 12)
