"""
Each command of a bundle and of a project keeps to its number of statements, whoever gives it: a person, or the relay on
behalf of one. Counted in the life of a restaurant of five parts, as it happens.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from mingqu.cases.bundles import services
from mingqu.cases.bundles.services import answers, following, party
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import test_at_window as window
from mingqu.cases.bundles.tests import test_one_date_for_visits as visits
from mingqu.cases.bundles.tests import test_projects as projects
from mingqu.cases.bundles.tests.test_corrections import ask, supplement
from mingqu.cases.bundles.tests.test_extending import extend, head
from mingqu.cases.bundles.tests.test_form_points import NAME, NEW
from mingqu.cases.bundles.tests.test_points import say
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.every_command import as_the_web_has_it, officers
from mingqu.cases.types import Asked, Served
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
    "accept_bundle": 6,
    "ask_bundle_correction": 8,
    "change_party": 4,
    "deliver_bundle": 6,  # one of them: whether the clerk stands aside in one of its cases
    "follow_case": 12,
    "note_stage": 5,
    "open_stage": 12,
    "order_refused": 5,
    "paper_ready": 5,
    "propose_visit": 11,
    "register_project": 7,
    "say_points": 8,
    "supplement_bundle": 11,
    "take_shared_answers": 5,
    "withdraw_bundle": 6,
}
# Over the bar: several parts, departments and people are looked at by one command; each figure may only fall.
OVER = {
    "answer_visit": 18,  # the last answer: two people of every department, and the date becomes the agreed one
    "bind_subject": 13,  # two commands, on the firm and on the bundle
    "extend_bundle": 13,  # the approver is held against every department
    "file_bundle": 19,
    "file_bundle_at_window": 21,
    "file_part": 17,  # filing a case, and before it the bundle with its parts and files
    "record_result": 16,  # two commands, on the firm and on the bundle
}


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


def delivered(w: b.World) -> None:
    bundle = b.filed(w, context={"delivery": "window"})
    b.settle()
    b.record(w, bundle, b.granted_licence(credit_code=CODES[3]))
    b.settle()
    b.accept(w, bundle)
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

    assert counted == MOST | OVER
    assert max(MOST.values()) <= BAR < min(OVER.values())


def test_no_command_is_forgotten():
    assert set(MOST | OVER) == set(services.__all__) - NO_COMMANDS | set(INSIDE)
