"""Each command of a case keeps to its number of statements; `make bench` tells what they cost."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, Served
from mingqu.identity import selectors as identity
from mingqu.identity.types import StaffActor
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    """Officers act as the web has them: their mandates came with the session."""
    world = f.world()
    for name in ("clerk", "reviewer", "station", "leader"):
        setattr(world, name, _with_mandates(getattr(world, name)))
    case = f.decided_case(world)  # once through, so that plans, definitions and calendar are in memory
    services.deliver_case(
        case_id=case.pk, served=Served.at_window("李晓禾"), by=world.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )
    return world


def _with_mandates(actor: Actor) -> StaffActor:
    return StaffActor(
        kind="staff", id=actor.id, post_id=actor.post_id, mandates=identity.mandates_of(actor.post_id)
    )


def statements(command, **given) -> int:
    with CaptureQueriesContext(connection) as seen:
        command(at=f.FRIDAY_NOON, key=uuid4(), **given)
    own = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]  # the test's own transaction
    return len(own)


def complete(w, case: Case, step: str) -> int:
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == step)
    return statements(
        services.complete_step,
        case_id=case.pk,
        task_id=task.task_id,
        finding=f.Finding("met", ""),
        by=f.by_step(w, step),
    )


def test_from_draft_to_delivery(w):
    draft = f.draft(w)
    assert (
        statements(services.file_case, draft_id=draft.draft_id, base_version=draft.version, by=w.citizen)
        <= 19
    )
    case = Case.objects.get(pk=draft.draft_id)

    assert statements(services.accept_case, case_id=case.pk, by=w.clerk) <= 12
    assert complete(w, case, "check") <= 10
    assert complete(w, case, "fitness") <= 11
    decision = {"outcome": "granted", "reasons": ""}
    assert statements(services.decide_case, case_id=case.pk, by=w.leader, **decision) <= 16
    electronic = {"served": Served.electronic(), "by": Actor.system("delivery")}
    assert statements(services.deliver_case, case_id=case.pk, **electronic) <= 8


def test_handed_out_at_the_window_with_a_slip_to_sign(w):
    case = f.decided_case(w)
    handed = {"served": Served.at_window("李晓禾"), "by": w.clerk}
    assert statements(services.deliver_case, case_id=case.pk, **handed) <= 12


def test_by_way_of_a_correction(w):
    case = f.received_case(w)
    asked = [Asked("floor-plan", "看不清尺寸")]
    assert statements(services.ask_correction, case_id=case.pk, asked=asked, by=w.clerk) <= 12

    upload = Upload("新图.png", f.PNG)
    add_correction_files(
        case_id=case.pk, material="floor-plan", uploads=[upload], by=w.citizen, at=f.FRIDAY_NOON
    )
    assert statements(services.supplement_case, case_id=case.pk, by=w.citizen) <= 11
