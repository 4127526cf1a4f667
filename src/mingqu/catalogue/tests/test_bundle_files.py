"""A BPMN file can carry a case and a DMN table can decide who may apply; both are kept by digest, for ever."""

import copy
from uuid import uuid4

import pytest

from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.catalogue import checking, selectors, services
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.models import DefinitionFile
from mingqu.catalogue.plans import _unanswered, plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.decisions.tests import models as dmn
from mingqu.identity.tests.factories import NOON
from mingqu.process import services as process
from mingqu.process.errors import PlanRefused

DEMO = f.food_licence()
STOP = (
    'if situation.open_fire = "yes"'
    ' then {because: "这里不能用明火", advice: "换一处", law: "某法", article: 81} else null'
)


def drawn(document=DEMO):
    """新办 with its process in a BPMN file instead of conditions and letters in the table."""
    whole = copy.deepcopy(document)
    plan = plan_of(definition_of(whole, "01"))
    digest, file = checking.stored_file("bpmn", process.write_bpmn(process.plan_to_bpmn(plan, "food")))
    one = whole["handling"][0]
    one["process"] = {"file": digest, "process": "food"}
    for step in one["steps"]:
        step.pop("when", None)
        step.pop("parallel", None)
    for scenario in one[
        "scenarios"
    ]:  # side by side is the drawing's to say: the path is the order they were done in
        if scenario["expect"].get("path"):
            scenario["expect"]["path"] = [
                d.get("step", "decide") for d in scenario["do"] if d["do"] in ("complete", "decide")
            ]
    return whole, {digest: file}


def decided(logic=STOP, name="能不能办", needs="situation"):
    """新办 with an eligibility decision."""
    whole = copy.deepcopy(DEMO)
    body = dmn.data(needs) + dmn.decision(name, dmn.text(logic), needs=[needs])
    digest, file = checking.stored_file("dmn", dmn.file(body).encode())
    whole["handling"][0]["eligibility"] = {"file": digest, "decision": "能不能办"}
    return whole, {digest: file}


def publish(document, given, at=NOON):
    return services.publish_revision(document=document, files=given, by=f.SYSTEM, at=at, key=uuid4())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("situation", "steps"), [(f.SITUATION, ["check", "fitness"]), (f.RAW_FOOD, ["check", "fitness", "visit"])]
)
def test_a_case_runs_on_the_drawn_process_from_filing_to_the_decision(situation, steps):
    w = f.world()
    publish(*drawn())

    case = f.accepted_case(w, situation=situation)
    opened = sorted(t.step for t in f.tasks.open_tasks(case.pk))
    for step in opened:
        if step != "visit":
            f.review(w, case, step)

    assert opened == steps
    left = {t.step for t in f.tasks.open_tasks(case.pk)}
    assert left == ({"visit"} if "visit" in steps else {"decide"})
    assert Case.objects.get(pk=case.pk).status == "accepted"


@pytest.mark.django_db
def test_a_decision_table_stops_who_may_not_apply_and_nobody_else():
    f.world()
    publish(*decided())
    _, definition = selectors.current_definition("QH-SPJYXK")

    stopped = selectors.situation_of_answers(definition, {**f.SITUATION, "open_fire": "yes"})
    free = selectors.situation_of_answers(definition, f.SITUATION)
    unanswered = selectors.situation_of_answers(definition, {"open_fire": "yes"})

    assert (stopped.stop.because, stopped.stop.article.article) == ("这里不能用明火", 81)
    assert free.stop is None and unanswered.stop is None, "asked when every question has its answer"


@pytest.mark.django_db
def test_a_file_is_stored_once_and_need_not_come_again():
    f.world()
    document, given = decided()
    publish(document, given)
    later = copy.deepcopy(document)
    later["item"]["summary"] = "新的简介。"

    publish(later, {})

    (stored,) = DefinitionFile.objects.all()
    assert checking.stored_file(stored.kind, bytes(stored.content))[0] == stored.digest
    assert selectors.files_of([stored.digest])[stored.digest].kind == "dmn"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: (decided()[0], {}), "没有随定义提交"),
        (
            lambda: (
                decided()[0],
                {d: checking.StoredFile("bpmn", s.content) for d, s in decided()[1].items()},
            ),
            "不是DMN文件",
        ),
        (
            lambda: (decided()[0], {d: checking.StoredFile("dmn", b"<x/>") for d in decided()[1]}),
            "内容和编号不符",
        ),
        (lambda: decided("if situation.open_fire = then"), "决策文件的能不能办"),
        (lambda: decided(name="别的"), "决策文件"),
        (lambda: decided(needs="weather"), "决策文件要用“weather”"),
        (lambda: decided('situation.fods = "raw"'), "“situation.fods”不在情形问题之中"),
        (lambda: (drawn()[0], {}), "没有随定义提交"),
    ],
)
def test_a_file_that_is_missing_or_no_use_keeps_the_definition_from_being_published(made, says):
    f.world()

    with pytest.raises(DefinitionInvalid) as refusal:
        publish(*made())

    assert any(says in problem for problem in refusal.value.problems), refusal.value.problems
    assert not DefinitionFile.objects.exists()


def _post_changed(one):
    one["steps"][0]["post"] = "SCJG-HC"


def _way_in_the_table(one):
    one["steps"][1]["when"] = 'situation.subject = "person"'


def _step_more(one):
    one["steps"].append({"id": "more", "name": "多出的环节", "post": "SCJG-HC", "limit": 1})


def _step_less(one):
    one["steps"] = one["steps"][:2]


def _unknown_question(one):
    one["situations"] = [s for s in one["situations"] if s["ask"] != "foods"]
    one["materials"] = one["materials"][:3]
    one["steps"][0]["checks"] = []
    one["result"]["fields"] = one["result"]["fields"][:2]


@pytest.mark.parametrize(
    ("change", "element", "says"),
    [
        (_post_changed, "check", "流程图和环节表写的不一样"),
        (_way_in_the_table, "visit", "由流程图决定"),
        (_step_more, "more", "不在流程图里"),
        (_step_less, "fitness", "不在环节表里"),
        (_unknown_question, "split.A", "situation.foods"),
    ],
)
def test_drawing_and_table_must_say_the_same_each_finding_names_its_element(change, element, says):
    document, given = drawn()
    document |= {"handling": document["handling"][:1], "sources": []}
    change(document["handling"][0])

    with pytest.raises(PlanRefused) as refusal:
        checking.check(document, f_calendar(), given)

    assert any(x.element == element and says in x.sentence for x in refusal.value.findings), (
        refusal.value.findings
    )


def f_calendar():
    from mingqu.clocks.selectors import seed_calendar

    return seed_calendar()


def test_findings_are_the_same_as_sentences():
    document, given = drawn()
    _step_more(document["handling"][0])

    assert any(
        text.startswith("more：环节表里的环节“多出的环节”")
        for text in checking.findings(document, f_calendar(), given)
    )


def test_a_drawing_that_works_by_itself_or_waits_for_what_has_no_name_is_refused_for_a_case() -> None:
    """The engine runs them; no case works by itself, and an officer must know what is awaited."""
    xml = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mq="https://mingqu.org/bpmn"
      targetNamespace="urn:t"><message id="m" name="m"/><process id="p"><startEvent id="s"/><serviceTask id="a"/>
      <intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
      <intermediateCatchEvent id="d"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>
      </intermediateCatchEvent><endEvent id="e"/>
      <sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="c"/>
      <sequenceFlow id="h" sourceRef="c" targetRef="d"/><sequenceFlow id="i" sourceRef="d" targetRef="e"/>
      </process></definitions>"""
    plan = process.plan_from_bpmn(process.read_bpmn(xml), "p")
    found = [(one.element, one.code) for one in _unanswered(plan)]
    assert found == [("a", "element_unanswered"), ("c", "element_message_unnamed")]
