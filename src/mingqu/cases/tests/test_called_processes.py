"""调用活动 in a case: steps of a called process are steps of the case, with post, limit and standard."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import flows, ways
from mingqu.cases import selectors as cases
from mingqu.cases.tests import calling
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_drawn_flows import picture_of
from mingqu.cases.tests.test_routes import waits_at
from mingqu.catalogue import checking
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.catalogue.rules import definition_of
from mingqu.catalogue.studio import drawn_flow, playing
from mingqu.clocks import selectors as clocks
from mingqu.process import selectors as engine
from mingqu.process.errors import PlanRefused
from mingqu.process.simulation.engine import simulate
from mingqu.process.simulation.hours import always
from mingqu.process.simulation.types import Arrival, Pool, Setup

pytestmark = pytest.mark.django_db
STEP = calling.STEP


@pytest.fixture
def w():
    found = f.world()
    calling.published()
    return found


def test_the_steps_of_the_called_process_are_done_by_their_posts_and_the_case_is_decided(w):
    case = f.accepted_case(w)
    f.review(w, case, "check")
    (task,) = engine.open_tasks(case.pk)
    of = cases.definition_of(case).step(STEP)
    assert (task.step, task.post, task.name, task.due_on is not None) == (STEP, of.post, of.name, True)

    f.review(w, case, STEP)
    f.services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
    )

    case.refresh_from_db()
    assert (case.status, case.outcome) == ("decided", "granted")
    assert engine.differences(case.pk, case.instance_id) == {}, "rebuilt from its history it is the same"


def test_a_way_back_inside_the_called_process_asks_for_its_own_step(w):
    case = f.accepted_case(w)
    f.review(w, case, "check")

    f.review(w, case, STEP, outcome="not_met", text="缺平面图")

    assert waits_at(case) == [STEP]
    f.review(w, case, STEP)
    assert waits_at(case) == ["decide"]


def test_picture_guide_progress_and_the_officers_page_show_the_step_where_it_is_done(w, sign_in):
    case = f.accepted_case(w)
    f.review(w, case, "check")
    _, definition = catalogue.current_definition(case.item_code, case.handling_code)
    name, standard = definition.step(STEP).name, definition.step(STEP).standard

    assert picture_of(case)[0][name] == "now"
    assert {name: ways.way_of(definition).sometimes(name) for name in ("check", STEP)} == {
        "check": False,
        STEP: False,
    }
    progress = sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])).content.decode()
    guide = sign_in(w.citizen).get(f"/services/{case.item_code}/").content.decode()
    desk = sign_in(f.by_step(w, STEP)).get(reverse("workbench:case", args=[case.number])).content.decode()
    for page in (progress, guide, desk):
        assert name in page
        assert not re.search(r"site\.(begin|again|enough|done)", page)
    assert standard in desk


def test_an_example_runs_through_the_called_process(w):
    document, files = calling.drawn()
    given = {"submitted": "2026-09-18T10:00:00+08:00", "situation": f.SITUATION, "form": f.ANSWERS}
    one = {
        "name": "场所重看一遍",
        "given": given,
        "do": [
            {"do": "accept"},
            {"do": "complete", "step": "check"},
            {"do": "complete", "step": STEP, "outcome": "not_met"},
            {"do": "complete", "step": STEP},
            {"do": "decide", "outcome": "granted"},
        ],
        "expect": {"path": ["check", STEP, STEP, "decide"], "result": "granted"},
    }
    document["handling"][0]["scenarios"] = [one]
    assert checking.findings(document, clocks.current_calendar(), f.form_files() | files) == []

    made = playing.example(document, 0)
    assert [deed["step"] for deed in made["do"] if deed["do"] == "complete"] == ["check", STEP]


def broken(what):
    """A drawing whose called process holds something that can't run."""
    document, files = calling.drawn()
    ((_, file),) = files.items()
    content = what(file.content.decode())
    assert content != file.content.decode()
    digest, kept = checking.stored_file("bpmn", content.encode())
    document["handling"][0]["process"]["file"] = digest
    return document, {digest: kept}


@pytest.mark.parametrize(
    ("what", "element", "code"),
    [
        (lambda xml: xml.replace('calledElement="place"', 'calledElement="gone"'), "site", "unknown_call"),
        (lambda xml: xml.replace('calledElement="place"', 'calledElement="food"'), "site", "call_cycle"),
        (lambda xml: xml.replace("exclusiveGateway", "complexGateway"), "again", "not_executed"),
        (lambda xml: xml.replace("outcome.fitness =", "outcome.fitness = ="), "back", "bad_condition"),
        (lambda xml: xml.replace("outcome.fitness =", "outcome.nobody ="), "site.enough", "unknown_name"),
        (lambda xml: xml.replace('name="选址审查"', f'name="{"审" * 81}"'), STEP, "step_name_long"),
    ],
)
def test_what_can_not_be_called_is_refused_before_publication_by_element(w, what, element, code):
    document, files = broken(what)

    with pytest.raises(PlanRefused) as refused:
        plan_of(definition_of(document, "01"), files)

    assert (element, code) in [(one.element, one.code) for one in refused.value.findings]


def test_a_step_of_the_called_process_that_the_table_has_not_is_refused_by_its_name_there(w):
    document, files = calling.drawn(step="fitness")

    with pytest.raises(PlanRefused) as refused:
        plan_of(definition_of(document, "01"), files)

    found = [(one.element, one.code) for one in refused.value.findings]
    assert {(STEP, "step_not_in_table"), ("fitness", "step_not_drawn")} <= set(found)


def test_an_expert_who_draws_a_call_has_its_steps_in_the_table(w):
    document, files = calling.drawn()
    ((_, file),) = files.items()
    document["handling"][0]["steps"] = document["handling"][0]["steps"][:1]

    made, _ = drawn_flow.with_drawing(document, 0, file.content)

    assert [row["id"] for row in made["handling"][0]["steps"]] == ["check", STEP]


def test_a_simulation_sends_cases_through_the_called_process(w):
    hours = always(date(2026, 9, 14))
    of = calling.plan()
    pools = {node.post: Pool(1, hours) for node in of.nodes.values() if node.post}
    minutes = {node.id: (lambda _u: 60.0) for node in of.nodes.values() if node.post}

    found = simulate(Setup(of, f.FRIDAY_NOON, pools, minutes), [Arrival(0.0), Arrival(0.0)])

    assert {step: len(one.handled) for step, one in found.steps.items()} == {"check": 2, STEP: 2, "decide": 2}
    assert list(found.over) == [180.0, 240.0]


def test_a_case_in_the_called_process_goes_over_with_its_call_and_stays_where_there_is_none(w):
    case = f.accepted_case(w)
    f.review(w, case, "check")
    other, later = "anew", f.FRIDAY_NOON + f.DAY
    document, files = calling.drawn(calling.plan(call=other, lines=renamed(other)), f"{other}.fitness")
    f.catalogue_services.publish_revision(
        document=document, files=f.form_files() | files, by=f.SYSTEM, at=later, key=uuid4()
    )
    to = revisions.item(case.item_code).current_id

    stays = flows.flow_check(case, to, {STEP: f"{other}.fitness"}, later)
    goes = flows.flow_check(case, to, {STEP: f"{other}.fitness", calling.CALL: other}, later)

    assert stays.reasons[0] == "正在办的环节“场所审查”在新流程里没有对应的环节。"
    assert (goes.reasons, goes.now) == ((), goes.then)


def renamed(call):
    return [tuple(call if end == calling.CALL else end for end in line) for line in calling.ORDER]
