"""
Each command of a bundle and of a project keeps to its number of statements, whoever gives it: a person, or the relay on
behalf of one. Counted in the life of a restaurant of five parts, as it happens.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.services import answers, following, party
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import looking_together as together
from mingqu.cases.bundles.tests import test_at_window as window
from mingqu.cases.bundles.tests import test_one_date_for_visits as visits
from mingqu.cases.bundles.tests import test_projects as projects
from mingqu.cases.bundles.tests.test_corrections import ask, supplement
from mingqu.cases.bundles.tests.test_extending import extend, head
from mingqu.cases.bundles.tests.test_form_points import NAME, NEW
from mingqu.cases.bundles.tests.test_points import say
from mingqu.cases.models import CaseMaterial
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.every_command import as_the_web_has_it, officers
from mingqu.cases.types import BY_POST, Addressee, Asked, Served
from mingqu.catalogue.bundles import services as published
from mingqu.kernel.identifiers import CreditCode

pytestmark = pytest.mark.django_db
BAR = 12  # of the issue, for every command
NO_COMMANDS = {
    "Provision",
    "check_form",
    "check_materials",
    "check_situation",
    "context_of",
    "opened_draft",
    "words_of",
}
INSIDE = {"order_refused": following, "take_shared_answers": answers, "change_party": party}
CODES = [str(CreditCode.build("9", "1", "990104", f"MA00001{n}")) for n in range(4)]
MOST = {
    "accept_bundle": 5,
    "add_visitor": 10,
    "answer_visit": 10,  # the last answer: the date becomes the agreed one
    "ask_bundle_correction": 7,
    "bind_subject": 11,  # two commands, on the firm and on the bundle
    "change_party": 4,
    "choose_delivery": 4,
    "close_findings": 10,
    "correct_finding": 10,  # after the record is closed: its paper again
    "deliver_bundle": 5,  # one of them: whether the clerk stands aside in one of its cases
    "drop_visitor": 9,
    "extend_bundle": 9,
    "file_bundle": 11,
    "file_bundle_at_window": 11,
    "file_part": 11,
    "follow_case": 9,
    "note_stage": 4,
    "open_stage": 8,
    "order_refused": 4,
    "paper_ready": 4,
    "propose_visit": 11,
    "record_result": 11,  # two commands, on the firm and on the bundle
    "register_project": 7,
    "remove_finding": 8,
    "say_points": 7,
    "sign_findings": 9,
    "supplement_bundle": 10,
    "take_shared_answers": 5,
    "withdraw_bundle": 4,
    "write_finding": 8,
}
TWO = b.SITUATION | {"signboard": "none", "discharge": "no"}  # the licence, and one licence that waits for it
OF_TWO = {k: v for k, v in b.ANSWERS.items() if k not in ("sign", "drainage", "contact_name")}


@pytest.fixture
def counted(monkeypatch) -> dict[str, int]:
    """command -> the most statements that one of its calls took since the dictionary was emptied."""
    found: dict[str, int] = {}

    def counting(name: str, command: Callable) -> Callable:
        def call(**given):
            sent = []

            def note(execute, sql, params, many, context):
                if "SAVEPOINT" not in sql:  # the test's own transaction
                    sent.append(sql)
                return execute(sql, params, many, context)

            with connection.execute_wrapper(note):
                result = command(**given)
            found[name] = max(found.get(name, 0), len(sent))
            return result

        return call

    for name in set(services.__all__) - NO_COMMANDS:
        monkeypatch.setattr(services, name, counting(name, getattr(services, name)))
    for name, module in INSIDE.items():
        monkeypatch.setattr(module, name, counting(name, getattr(module, name)))
    return found


def restaurant(w: b.World) -> None:
    """From filing to the agreed visit, with everything that may happen between."""
    bundle = b.filed(w, situation=visits.SITUATION, answers=visits.ANSWERS, context={"delivery": "window"})
    b.settle()
    b.record(w, bundle, b.granted_licence(credit_code=CODES[2]))
    b.settle()
    say(w, bundle)
    ask(w, bundle, {"sign": [Asked("sign-drawing", "没有标出离地高度"), NAME]})
    b.settle()
    b.add_file(bundle.pk, "sign--sign-drawing")
    answers.keep_answers(bundle_id=bundle.pk, changes={"shop_name": NEW}, by=w.citizen, at=b.NOON)
    supplement(w, bundle)
    b.settle()
    b.accept(w, bundle)
    b.settle()
    extend(bundle, head())
    visits.propose(w, bundle)
    for part in visits.PARTS:
        visits.answer(w, bundle, part)
    b.settle()
    looked_together(w, bundle)


def looked_together(w: b.World, bundle) -> None:
    """联合踏勘: one department out and in again; written, corrected, signed, closed, corrected again."""
    together.drop(w, bundle, "sign", at=b.NOON)
    together.add(w, bundle, "sign", at=b.NOON)
    visits.answer(w, bundle, "sign")
    b.settle()
    joint = selectors.joint_visit(bundle)
    found = together.write(w, joint, "food").finding_id
    found = together.correct(w, joint, "fire", found).finding_id
    together.remove(w, joint, "fire", together.write(w, joint, "fire", together.GATE).finding_id)
    together.sign(w, joint, "food")
    together.close(w, joint)
    together.correct(w, joint, "food", found)
    b.settle(together.THERE)


def delivered(w: b.World) -> None:
    bundle = b.filed(w, context={"delivery": "window"})
    b.settle()
    b.record(w, bundle, b.granted_licence(credit_code=CODES[3]))
    b.settle()
    b.accept(w, bundle)
    b.settle()
    to = Addressee("李晓禾", "19900001234", "清禾区青澜街道试验路2号")
    services.choose_delivery(bundle_id=bundle.pk, way=BY_POST, to=to, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()
    for code in ("food", "sign", "drainage"):
        b.decide(w, bundle, code)
    b.settle()
    for part in b.BundlePart.objects.filter(bundle=bundle).exclude(case_id=None):
        services.paper_ready(bundle_id=bundle.pk, case_id=part.case_id, at=b.NOON)
    services.deliver_bundle(
        bundle_id=bundle.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=b.NOON, key=uuid4()
    )
    b.settle()


def subject_changes(w: b.World) -> None:
    """The food licence begins under the reserved name; a case is withdrawn while the bundle has it accepted."""
    document = b.document()
    document["parts"][1] |= {"after": [], "subject": "provisional_firm"}
    document["materials"][0]["to"].pop("food")
    b.publish(parts=document["parts"], materials=document["materials"])
    bundle = b.filed(w)
    b.settle()
    b.record(w, bundle, b.granted_licence(credit_code=CODES[0]))
    b.settle()
    b.accept(w, bundle)
    f.services.withdraw_case(case_id=b.case(bundle, "food").pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()
    services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()
    b.publish()


def at_the_window(w: b.World) -> None:
    """A walk-in's bundle, for a firm that has its code already."""
    bundle = window.filed(w)
    b.settle()
    services.bind_subject(
        bundle_id=bundle.pk, credit_code=CODES[1], name="望渠", by=w.clerk, at=b.NOON, key=uuid4()
    )
    b.settle()


def project(w: b.World) -> None:
    document = b.document(kind="stage", code=projects.STAGE, name="示例阶段")
    published.publish_bundle(document=document, by=f.SYSTEM, at=f.people.NOON, key=uuid4())
    made = projects.register(w)
    services.open_stage(project_id=made.project_id, code=projects.STAGE, by=w.clerk, at=b.NOON, key=uuid4())
    b.file(w, projects.stage_draft(w, {"project": made.number}))
    b.settle()


def test_every_command_keeps_to_its_number_of_statements(counted):
    w = visits.world()
    officers(w.base)
    w.other = {post: as_the_web_has_it(actor) for post, actor in w.other.items()}
    b.accepted(w)
    counted.clear()  # definitions and calendar are in memory now
    for life in (restaurant, delivered, subject_changes, at_the_window, project):
        life(w)

    assert counted == MOST
    assert max(MOST.values()) <= BAR


def corrected_and_withdrawn(w: b.World, code: str, **given) -> int:
    """How many parts it has; everything is asked of all of them at one time."""
    bundle = b.filed(w, **given)
    b.settle()
    b.record(w, bundle, b.granted_licence(credit_code=code))
    b.settle()
    parts = selectors.parts_of(bundle)
    cases = [part for part in parts if part.case_id]
    ask(w, bundle, {part.code: [Asked(first_material(part), "看不清")] for part in cases})
    b.settle()
    for one in selectors.asked_materials(bundle, selectors.parts_of(bundle)):
        b.add_file(bundle.pk, one.code)
    supplement(w, bundle)
    b.settle()
    b.accept(w, bundle)
    b.settle()
    services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()
    assert set(b.states(bundle).values()) == {"granted", "withdrawn"}
    return len(parts)


def first_material(part: b.BundlePart) -> str:
    return CaseMaterial.objects.filter(case_id=part.case_id).order_by("position")[0].code


def test_a_bundle_of_five_parts_takes_no_more_statements_than_one_of_two(counted):
    w = visits.world()
    officers(w.base)
    five = {"situation": visits.SITUATION, "answers": visits.ANSWERS}
    corrected_and_withdrawn(w, CODES[0], **five)  # definitions and calendar are in memory after that
    found = []
    for code, given in ((CODES[1], {"situation": TWO, "answers": OF_TWO}), (CODES[2], five)):
        counted.clear()
        found.append((corrected_and_withdrawn(w, code, **given), dict(counted)))

    (few, of_two), (many, of_five) = found
    assert (few, many) == (2, 5)
    assert of_five.keys() == of_two.keys()
    assert {name: most for name, most in of_five.items() if most > of_two[name]} == {}


def test_no_command_is_forgotten():
    assert set(MOST) == set(services.__all__) - NO_COMMANDS | set(INSIDE)
