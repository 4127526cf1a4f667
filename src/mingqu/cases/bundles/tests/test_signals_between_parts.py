"""信号: what one part of a 一件事 throws releases what another waits for, whichever came first, once."""

from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from uuid import uuid4

import pytest

from mingqu.cases import services as cases
from mingqu.cases.arriving import signalling
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.events import FlowSignals
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import mail
from mingqu.cases.tests.drawing import file_of, flow
from mingqu.cases.types import Finding
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.kernel.models import AuditEntry
from mingqu.process import selectors as engine
from mingqu.process.errors import PlanRefused
from mingqu.process.plan import Kind, Node, make_plan

pytestmark = pytest.mark.django_db
PLACED = Node("placed", Kind.CATCH, "招牌位置定下来", occasion="signal", ref="招牌位置已定")
REPORT = replace(mail.REPORT, kind=Kind.CATCH)
TELLS = Node("tells", Kind.THROW, "告诉食品许可", occasion="signal", ref="招牌位置已定")
WAITS = [
    ("start", "check"), ("check", "wait"), ("wait", "placed"), ("wait", "report"), ("placed", "gate"),
    ("report", "gate"), ("gate", "decide"), ("decide", "end"),
]  # fmt: skip


def food(placed=PLACED, lines=WAITS):
    """The examination, then the signal of the sign or an experts' report, whichever is first."""
    more = (Node("wait", Kind.EVENTS), placed, Node("gate", Kind.EXCLUSIVE))
    return mail.drawn(mail.plan(REPORT, more=more, lines=lines))


def sign(tells=TELLS):
    document = deepcopy(b._parsed(b.DEMO / "definitions/outdoor-sign.yaml"))
    table = plan_of(definition_of(document, "01"))
    order = ["start", "check", "tells", "verify", "decide", "end"]
    nodes = {**table.nodes, "start": Node("start", Kind.START), "tells": tells, "end": Node("end", Kind.END)}
    lines = [flow(*line) for line in pairwise(order)]
    digest, file = file_of(make_plan([nodes[name] for name in order], lines))
    one = document["handling"][0]
    one["process"], one["scenarios"], one["checklists"] = {"file": digest, "process": "food"}, [], []
    one["steps"] = [step for step in one["steps"] if step["id"] in order]
    for step in one["steps"]:
        step.pop("parallel", None)
    return document, {digest: file}


def publish(document, files):
    f.catalogue_services.publish_revision(
        document=document, files=f.form_files() | files, by=f.SYSTEM, at=f.people.NOON, key=uuid4()
    )


@pytest.fixture
def w():
    made = b.world()
    publish(*sign())
    publish(*food())
    return made


def check(w, case: Case) -> None:
    task = next(one for one in engine.open_tasks(case.pk) if one.step == "check")
    cases.complete_step(
        case_id=case.pk, task_id=task.task_id, finding=Finding("met"), by=w.does(case, "check"), at=b.NOON,
        key=uuid4(),
    )  # fmt: skip
    b.settle()


def another(w):
    """A second shop, of another firm."""
    bundle = b.filed(w)
    b.settle()
    b.record(w, bundle, b.granted_licence(credit_code=b.OTHER_CODE, name="澜州市禾禾餐饮有限公司"))
    b.settle()
    b.accept(w, bundle)
    b.settle()
    return bundle


def waits_at(case: Case) -> list[str]:
    return [task.step for task in engine.open_tasks(case.pk)]


@pytest.mark.parametrize("first", ["sign", "food"])
def test_what_one_part_throws_releases_the_other_whichever_came_first_and_once(w, first):
    bundle = b.accepted(w)
    waiting, throwing = b.case(bundle, "food"), b.case(bundle, "sign")
    order = [throwing, waiting] if first == "sign" else [waiting, throwing]
    check(w, order[0])
    assert "decide" not in waits_at(waiting)

    check(w, order[1])
    for _time in range(2):  # the same event again changes nothing
        whose = (throwing.pk, throwing.number, throwing.item_code, throwing.applicant_id)
        signalling.carry(FlowSignals(*whose, bundle_id=bundle.pk), at=b.NOON)

    assert (waits_at(waiting), waits_at(throwing)) == (["decide"], ["verify"])
    assert engine.awaited(waiting.pk) == []
    (entry,) = AuditEntry.objects.filter(root_id=waiting.pk, action="case.hear_signal")
    assert entry.notes["signal"] == "招牌位置已定"
    for case in (waiting, throwing):
        assert engine.differences(case.pk, case.instance_id) == {}


def test_the_parts_of_another_bundle_hear_nothing(w):
    one, other = b.accepted(w), another(w)
    check(w, b.case(other, "food"))

    check(w, b.case(one, "sign"))

    assert waits_at(b.case(other, "food")) == []


def test_what_came_otherwise_is_not_waited_for_and_a_case_by_itself_goes_on_by_it(w):
    bundle = b.accepted(w)
    alone, part = f.accepted_case(w.base), b.case(bundle, "food")
    for case in (alone, part):
        f.review(w.base, case, "check")
        mail.noted(case, engine.awaited(case.pk)[0].wait_id, w.base.reviewer)

    check(w, b.case(bundle, "sign"))

    assert (waits_at(alone), waits_at(part)) == (["decide"], ["decide"])
    assert not AuditEntry.objects.filter(action="case.hear_signal").exists()


def test_what_nobody_throws_is_refused_at_publication():
    b.world()
    with pytest.raises(DefinitionInvalid) as refused:
        publish(*food())

    assert "没有一个一件事里的别的事项会发出它" in "".join(refused.value.problems)


@pytest.mark.parametrize(
    ("document", "finding"),
    [
        (lambda: food(lines=[("start", "check"), ("check", "placed"), ("placed", "decide"), ("decide", "end")]),
         ("placed", "element_signal_alone")),
        (lambda: food(replace(PLACED, name="")), ("placed", "element_signal_unnamed")),
        (lambda: food(replace(PLACED, ref="长" * 101)), ("placed", "element_signal_words")),
    ],
)  # fmt: skip
def test_a_wait_that_could_last_for_ever_or_that_nobody_understands_is_refused_by_element(document, finding):
    whole, files = document()
    with pytest.raises(PlanRefused) as refused:
        plan_of(definition_of(whole, "01"), files)

    assert finding in [(one.element, one.code) for one in refused.value.findings]
