"""自动判定: a decision table of the definition sends a case one of two ways, by a drawn flow or by the step table."""

from copy import deepcopy
from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import picture, routing, ways
from mingqu.cases.tests import factories as f
from mingqu.catalogue import checking, rules
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.studio.as_table import as_table
from mingqu.clocks import selectors as clocks
from mingqu.decisions.tests import models as dmn
from mingqu.process import selectors as engine
from mingqu.process import services as process
from mingqu.process.errors import PlanRefused
from mingqu.process.models import ProcessInstance, Variable
from mingqu.process.plan import Flow, Kind, Node, make_plan
from mingqu.process.types import RuleStep, StepRow, WorkItem

BASIS = {"law": "食品经营许可和备案管理办法", "article": 20}
RESULTS = [
    {"value": "simple", "label": "免现场核查", "basis": BASIS},
    {"value": "visit", "label": "要现场核查", "basis": BASIS},
]
CODE = "way"
SIMPLE = f'outcome.{CODE} = "simple"'
SMALL = dmn.table(
    ["form.area_m2", "situation.open_fire"],
    [(["< 100", '"no"'], ['"simple"']), ([">= 100", "-"], ['"visit"'])],
)


def plan(condition=SIMPLE, *, reads=("outcome.way",), **of_rule):
    """The examination, then the rule: straight to the decision, or by default with a second examination before."""
    base = plan_of(rules.definition_of(f.food_licence(), "01"))
    kept = {name: getattr(base.nodes["check"], name) for name in Node.__slots__}
    decide = {name: getattr(base.nodes["decide"], name) for name in Node.__slots__}
    fitness = {name: getattr(base.nodes["fitness"], name) for name in Node.__slots__}
    nodes = [
        Node("start", Kind.START),
        Node(**kept),
        Node(**({"id": CODE, "kind": Kind.RULE, "name": "要不要现场核查", "ref": CODE} | of_rule)),
        Node("gate", Kind.EXCLUSIVE, "走哪一路", default="f5"),
        Node(**fitness),
        Node("join", Kind.EXCLUSIVE),
        Node(**decide),
        Node("end", Kind.END),
    ]
    rule = nodes[2].id
    flows = [
        Flow("f1", "start", "check"),
        Flow("f2", "check", rule),
        Flow("f3", rule, "gate"),
        Flow("f4", "gate", "join", condition, reads),
        Flow("f5", "gate", "fitness"),
        Flow("f6", "fitness", "join"),
        Flow("f7", "join", "decide"),
        Flow("f8", "decide", "end"),
    ]
    return make_plan(nodes, flows)


def item(of=None, *, logic=SMALL, needs=("form", "situation"), results=RESULTS, **more):
    """The food licence drawn with the rule, and its files."""
    whole = deepcopy(f.food_licence())
    digest, file = checking.stored_file(
        "bpmn", process.write_bpmn(process.plan_to_bpmn(of or plan(), "food"))
    )
    body = "".join(dmn.data(name) for name in needs) + dmn.decision("走哪一路", logic, needs=list(needs))
    table, rule = checking.stored_file("dmn", dmn.file(body).encode())
    one = whole["handling"][0]
    one["process"], one["scenarios"] = {"file": digest, "process": "food"}, []
    one["steps"] = [step for step in one["steps"] if step["id"] in ("check", "fitness")]
    one["checklists"] = []
    for step in one["steps"]:
        step.pop("when", None)
        step.pop("parallel", None)
    route = {"code": CODE, "name": "要不要现场核查", "table": {"file": table, "decision": "走哪一路"}}
    one["routes"] = [route | {"results": results} | more]
    return whole, {digest: file, table: rule}


def in_table(when='outcome.way = "visit"', **more):
    """The same in the step table: the second examination only where the rule says so."""
    whole, files = item(**more)
    one = whole["handling"][0]
    del one["process"]
    next(step for step in one["steps"] if step["id"] == "fitness")["when"] = when
    return whole, files


def published(*made):
    document, files = made or item()
    f.catalogue_services.publish_revision(
        document=document, files=files, by=f.SYSTEM, at=f.people.NOON, key=uuid4()
    )


def accepted(w, **answers):
    return f.accepted_case(w, answers=f.ANSWERS | answers)


def waits_at(case):
    return [task.step for task in f.tasks.open_tasks(case.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("made", [item, in_table], ids=["drawn", "in the step table"])
def test_a_case_goes_one_of_two_ways_by_the_table_and_both_are_shown_with_their_article(clock, sign_in, made):
    w = f.world()
    published(*made())
    small, large = accepted(w), accepted(w, area_m2=300)
    for case in (small, large):
        f.review(w, case, "check")
        case.refresh_from_db()

    assert (waits_at(small), waits_at(large)) == (["decide"], ["fitness"])
    for case, label in ((small, "免现场核查"), (large, "要现场核查")):
        assert [(one.name, one.result) for one in routing.of_case(case)] == [("要不要现场核查", label)]
        assert engine.differences(case.pk, case.instance_id) == {}, "rebuilt from its history it is the same"
        said = sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])).content.decode()
        assert label in said and "第二十条" in said
        desk = sign_in(w.reviewer).get(reverse("workbench:case", args=[case.number])).content.decode()
        assert "自动判定" in desk and label in desk
    kept = Variable.objects.filter(root_id=large.pk).values_list("name", flat=True)
    assert f"outcome.{CODE}" in kept and not any(name.startswith("form") for name in kept), (
        "no answer is kept"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "logic",
    [
        dmn.text('if form.area_m2 = 1 then "simple" else null'),
        dmn.text('"somewhere else"'),
        dmn.text("count(for a in 1..10000, b in 1..10000 return a)"),
        dmn.table(["form.area_m2"], [(["> 0"], ['"simple"']), (["> 1"], ['"visit"'])], policy="UNIQUE"),
    ],
)
def test_a_table_that_gives_no_result_sends_the_case_the_ordinary_way_and_says_so(monkeypatch, logic):
    """Whatever keeps it from an answer: nothing, something else, too much to count, rows that agree together."""
    w = f.world()
    document, files = item(logic=logic)
    monkeypatch.setattr(checking, "decision_problems", lambda *_: iter(()))  # as a file of before might be
    published(document, files)
    case = accepted(w)

    f.review(w, case, "check")

    case.refresh_from_db()
    assert waits_at(case) == ["fitness"]
    assert [one.result for one in routing.of_case(case)] == [""]


@pytest.mark.django_db
def test_a_case_of_an_item_without_rules_costs_no_statement(django_assert_num_queries):
    w = f.world()
    case = f.accepted_case(w)
    routing.of_case(case)

    with django_assert_num_queries(0):
        assert routing.of_case(case) == []


@pytest.mark.django_db
def test_the_history_of_a_case_that_met_a_rule_is_the_golden_one():
    w = f.world()
    published()
    case = accepted(w)

    f.review(w, case, "check")

    case.refresh_from_db()
    rows = engine._history(case.pk, case.instance_id)
    told = [(row.seq, row.kind, row.node) for row in rows]
    assert told == [(1, "start", ""), (2, "complete", "check"), (3, "work", CODE)]
    assert rows[-1].event["outcome"] == "simple"
    assert rows[-1].event["data"] == {f"outcome.{CODE}": "simple"}
    assert rows[-1].event["decisions"] == {"f4": True}
    assert ProcessInstance.objects.get(root_id=case.pk).seq == len(rows)


def test_a_service_task_is_nothing_a_case_does():
    with pytest.raises(ValueError, match="service"):
        routing.work(uuid4(), WorkItem(uuid4(), "send", "", "send", rule=False), f.FRIDAY_NOON)


def refused(document, files):
    with pytest.raises(PlanRefused) as found:
        checking.check(document, clocks.current_calendar(), files)
    return {(one.element, one.code) for one in found.value.findings}


def without_routes():
    document, files = item()
    document["handling"][0]["routes"] = []
    return document, files


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "finding"),
    [
        (without_routes, (CODE, "rule_unknown")),
        (lambda: item(plan(ref="another")), (CODE, "rule_other")),
        (lambda: item(plan("situation.open_fire = \"no\"", reads=("situation.open_fire",))), (CODE, "rule_unread")),
        (lambda: item(plan(f'outcome.{CODE} = "simpel"')), ("f4", "rule_value")),
        (lambda: item(plan(id="other", ref="")), (CODE, "rule_not_drawn")),
        (lambda: item(plan(loop="parallel", count="2")), (CODE, "rule_repeated")),
        (lambda: item(plan(kind=Kind.SERVICE)), (CODE, "element_unanswered")),
    ],
)  # fmt: skip
def test_a_drawing_that_does_not_agree_with_the_rules_is_refused_by_element(made, finding):
    assert finding in refused(*made())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("when", "finding"),
    [
        ("", (CODE, "rule_unused")),
        (f'outcome.{CODE} = "vist"', ("if.fitness--fitness", "rule_value")),
    ],
)
def test_a_step_table_that_does_not_agree_with_the_rules_is_refused(when, finding):
    assert finding in refused(*in_table(when))


@pytest.mark.django_db
def test_a_step_that_a_rule_decides_is_still_open_before_it_is_asked_and_passed_by_afterwards(clock):
    """The answers alone rule it out no more; the guide says when it is done, the case that it was not."""
    w = f.world()
    published(*in_table())
    case = accepted(w)
    _, definition = f.catalogue.current_definition(case.item_code, case.handling_code)
    guide = ways.way_of(definition)
    before = ways.way_of_case(case, definition)

    f.review(w, case, "check")

    case.refresh_from_db()
    shown = picture.picture([], definition.decide, {}, {}, {}, guide)
    assert "要不要现场核查：自动判定" in [step.text for step in shown.steps]
    said = "自动判定“要不要现场核查”是“要现场核查”的才办"
    assert said in guide.words("fitness", guide.laid())
    assert before.states.get("fitness") != "skipped"
    assert ways.way_of_case(case, definition).states["fitness"] == "skipped"


def test_a_rule_stands_right_before_what_reads_it_first():
    rows = [StepRow("a", "甲", "p"), StepRow("b", "乙", "p", when='outcome.r = "x"', parallel="A")]
    rows += [StepRow("c", "丙", "p", parallel="A"), StepRow("d", "丁", "p", when='outcome.r = "x"')]
    made = process.plan_from_steps(rows, [RuleStep("r", "判定")])

    assert (made.out["a"][0].target, made.out["r"][0].target) == ("r", "split.A")
    assert as_table(made).rows == rows
    late = process.plan_from_steps(rows[:1] + rows[3:], [RuleStep("r", "判定")])
    moved = [replace(one, target="r") if one.source == "start" else one for one in late.flows.values()]
    moved = [replace(one, target="a") if one.source == "r" else one for one in moved]
    moved = [replace(one, target="if.d") if one.source == "a" else one for one in moved]
    early = make_plan(list(late.nodes.values()), moved)
    assert [one.code for one in as_table(early).beyond] == ["rule"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: (item()[0], {}), "没有随定义提交"),
        (lambda: item(logic=dmn.text("form.nothing"), needs=("form",)), "form.nothing"),
        (lambda: item(logic=dmn.text("case.number"), needs=("case",)), "要用“case”"),
        (lambda: item(logic=dmn.table(["form.area_m2"], [(["-"], ['"third"'])])), "会给出“third”"),
        (lambda: item(logic=dmn.table(["form.area_m2"], [(["-"], ['"simple"'])])), "从来不给“visit”"),
        (lambda: item(logic=dmn.table(["form.area_m2"], [(["-"], ['"simple"'])], policy="COLLECT")), "每次给一个值"),
        (lambda: item(results=RESULTS[:1]), "两个不同的结果"),
        (lambda: item(results=[RESULTS[0], RESULTS[1] | {"basis": {"law": "", "article": 0}}]), "第几条"),
        (lambda: item(code="check"), "重复"),
    ],
)  # fmt: skip
def test_a_rule_that_could_not_be_answered_is_refused_in_words(made, says):
    document, files = made()
    with pytest.raises(DefinitionInvalid) as found:
        checking.check(document, clocks.current_calendar(), files)

    assert any(says in sentence for sentence in found.value.problems), found.value.problems


def scenario(path, **form):
    given = {"submitted": "2026-09-18T10:00:00+08:00", "situation": f.SITUATION, "form": f.ANSWERS | form}
    done = [{"do": "complete", "step": step} for step in path]
    return {
        "name": "-".join(path),
        "given": given,
        "do": [{"do": "accept"}, *done, {"do": "decide", "outcome": "granted"}],
        "expect": {"path": [*path, "decide"]},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("made", [item, in_table], ids=["drawn", "in the step table"])
def test_examples_run_through_the_rule_each_its_way(made):
    document, files = made()
    good = [scenario(["check"]), scenario(["check", "fitness"], area_m2=300)]
    document["handling"][0]["scenarios"] = good

    assert checking.findings(document, clocks.current_calendar(), files) == []

    document["handling"][0]["scenarios"] = [scenario(["check"], area_m2=300)]
    assert any("场景" in one for one in checking.findings(document, clocks.current_calendar(), files))
