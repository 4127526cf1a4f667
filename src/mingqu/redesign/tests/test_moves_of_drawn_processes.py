"""流程迁移 of cases whose process is drawn, with a sub-process that runs and a timer that waits."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from mingqu.cases import selectors as case_selectors
from mingqu.cases import services as case_services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.catalogue import checking
from mingqu.catalogue import services as catalogue
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.catalogue.rules import definition_of
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import Instant
from mingqu.process import selectors as process
from mingqu.process import services as engine
from mingqu.process.models import Wait
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.redesign import services
from mingqu.redesign.forms import GONE
from mingqu.redesign.models import FlowMove, FlowMoveCase
from mingqu.redesign.selectors import moves
from mingqu.redesign.services.moving import MOVER

pytestmark = pytest.mark.django_db
ITEM = "QH-SPJYXK"
NAME = "三天没审完提醒"
LATER = f.FRIDAY_NOON + f.DAY
SAVEPOINTS = 2


def with_timer(plan: Plan, scope: str, timer: str, after: str) -> Plan:
    """Its first examination within a sub-process, and a reminder beside that."""
    nodes, flows = list(plan.nodes.values()), list(plan.flows.values())
    (into,), (out,) = plan.into["check"], plan.out["check"]
    kept = [flow for flow in flows if flow.id not in (into.id, out.id)]
    examined = Node(
        **{name: getattr(plan.nodes["check"], name) for name in Node.__slots__} | {"scope": scope}
    )
    nodes = [node for node in nodes if node.id != "check"]
    nodes += [
        Node(scope, Kind.SUB, "审查"),
        Node(f"{scope}.s", Kind.START, scope=scope),
        examined,
        Node(f"{scope}.e", Kind.END, scope=scope),
        Node(timer, Kind.BOUNDARY, NAME, occasion="timer", attached=scope, interrupts=False, timer=after),
        Node(f"{timer}.e", Kind.END),
    ]
    kept += [
        Flow(into.id, into.source, scope, into.condition, into.reads),
        Flow(out.id, scope, out.target, out.condition, out.reads),
        Flow(f"{scope}.1", f"{scope}.s", "check"),
        Flow(f"{scope}.2", "check", f"{scope}.e"),
        Flow(f"{timer}.1", timer, f"{timer}.e"),
    ]
    return make_plan(nodes, kept)


def edition(at: Instant, scope: str, timer: str, after: str) -> None:
    """In force from `at` on: the process of 新办 is a drawing."""
    document = f.food_licence()
    first = document["handling"][0]
    plan = with_timer(plan_of(definition_of(document, "01")), scope, timer, after)
    digest, file = checking.stored_file("bpmn", engine.write_bpmn(engine.plan_to_bpmn(plan, "food")))
    first["process"], first["scenarios"] = {"file": digest, "process": "food"}, []
    for step in first["steps"]:
        step.pop("when", None)
        step.pop("parallel", None)
    files = f.form_files() | {digest: file}
    catalogue.publish_revision(document=document, by=f.SYSTEM, at=at, key=uuid4(), files=files)


@pytest.fixture
def w():
    made = f.world()
    edition(people.NOON + timedelta(minutes=1), "exam", "slow", "P3D")
    return made


def source_of(case: Case) -> moves.Source:
    return moves.Source(ITEM, "01", case.revision_id)


STEPS = {"exam": "audit", "slow": "slower"} | {name: name for name in ("check", "visit", "fitness", "decide")}


def planned(w, case, steps=STEPS) -> FlowMove:
    move_id = services.plan_move(
        source=source_of(case),
        steps=steps,
        reason="提醒改为九天",
        by=people.staff_actor("catalogue_editor", department_id=w.bureau),
        at=LATER,
        key=uuid4(),
    )
    return went_on(move_id)


def went_on(move_id) -> FlowMove:
    services.go_on_with(move_id, lambda: LATER)
    return FlowMove.objects.get(pk=move_id)


def said(moment: Instant) -> str:
    here = moment.astimezone(BEIJING)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


def test_a_case_goes_over_with_its_sub_process_and_its_timer_and_back(w, client):
    case = f.accepted_case(w)
    wait = Wait.objects.get(root_id=case.pk)
    began = wait.due_at - timedelta(days=3)
    edition(LATER, "audit", "slower", "P9D")

    row = planned(w, case)

    one = FlowMoveCase.objects.get(root_id=row.pk)
    assert (one.state, one.reason) == ("may", "")
    assert one.notes == [
        "“审查”正在进行，里面正在办的环节一起迁移。",
        f"“{NAME}”原来{said(wait.due_at)}到时，按新流程{said(began + timedelta(days=9))}到时。",
    ]
    services.approve_move(
        move_id=row.pk,
        by=people.staff_actor("catalogue_reviewer", department_id=w.bureau),
        at=LATER,
        key=uuid4(),
    )
    assert went_on(row.pk).state == "done"
    wait.refresh_from_db()
    assert (wait.node, wait.due_at) == ("slower", began + timedelta(days=9))
    assert process.differences(case.pk, case.instance_id) == {}

    people.signed_in(client, people.staff_user("吴审", people.post(w.bureau, "catalogue_reviewer")))
    address = reverse("redesign:move", args=[row.pk])
    page = client.get(address).content.decode()
    assert all(note in page for note in one.notes)
    assert f'<th role="rowheader" scope="row">{NAME}</th>' in page
    book = load_workbook(BytesIO(client.get(f"{address}export/").content)).active
    assert [line[3] for line in book.values][1:] == ["".join(one.notes)]

    services.undo_move(
        move_id=row.pk,
        by=people.staff_actor("catalogue_editor", department_id=w.bureau),
        at=LATER,
        key=uuid4(),
    )
    assert went_on(row.pk).state == "undone"
    wait.refresh_from_db()
    assert (wait.node, wait.due_at) == ("slow", began + timedelta(days=3))
    f.review(w, case, "check", at=LATER)
    assert process.differences(case.pk, case.instance_id) == {}


def test_the_form_asks_for_what_the_new_drawing_lacks_and_nothing_said_is_a_reason_to_stay(w, client):
    case = f.accepted_case(w)
    edition(LATER, "exam", "slower", "P9D")
    people.signed_in(client, people.staff_user("周正", people.post(w.bureau, "catalogue_editor")))
    address = reverse("redesign:move_new", args=[ITEM, "01", case.revision_id])

    page = client.get(address)

    form = page.context["form"]
    assert form.events == ["slow"]  # what is drawn the same goes by itself
    assert [code for code, _ in form.fields["step__slow"].choices] == ["slower", GONE]
    assert form.get_initial_for_field(form.fields["step__slow"], "step__slow") == "slower"
    assert "子流程、定时和消息怎样对应" in page.content.decode()
    fields = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    sent = client.post(address, fields | {"step__slow": GONE, "reason": "不再提醒"})
    assert sent.status_code == 302
    row = went_on(FlowMove.objects.get().pk)
    assert row.steps["slow"] == ""
    one = FlowMoveCase.objects.get(root_id=row.pk)
    assert (one.state, one.notes[1:]) == (
        "may",
        [
            f"“{NAME}”新流程里没有，不再等。",
            f"新流程的“{NAME}”从迁移时起计，{said(LATER + timedelta(days=9))}到时。",
        ],
    )

    unsaid = {name: to for name, to in STEPS.items() if name != "slow"} | {"exam": "exam"}
    to = revisions.item(ITEM).current_id
    check = case_selectors.flow_check(Case.objects.get(pk=case.pk), to, unsaid, LATER)
    assert check.reasons == (f"“{NAME}”正在等，新流程里没有对应的，也没有标明不再等。",)


def test_a_move_with_a_timer_keeps_to_the_number_of_statements_of_a_command(w, django_assert_max_num_queries):
    cases = [f.accepted_case(w), f.accepted_case(w)]
    edition(LATER, "audit", "slower", "P9D")
    to = revisions.item(ITEM).current_id

    def over(case, budget):
        with django_assert_max_num_queries(budget + SAVEPOINTS):
            case_services.move_flow(
                case_id=case.pk, revision_id=to, steps=STEPS, by=MOVER, at=LATER, key=uuid4()
            )

    over(cases[0], 99)
    over(cases[1], 14)
