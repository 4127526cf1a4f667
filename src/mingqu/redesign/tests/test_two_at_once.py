"""Two presses of one person at the same moment, on two connections."""

from uuid import uuid4

from mingqu.cases.tests import factories as f
from mingqu.identity.tests import factories as people
from mingqu.process.tests.test_two_connections_at_once import both
from mingqu.redesign import errors, services
from mingqu.redesign.models import SimulationRun

from .test_simulations import asked_for


def test_two_questions_sent_at_once_are_one_after_the_other(committed_db):
    w = f.world()
    by = people.staff_actor("catalogue_editor", department_id=w.bureau)

    def ask():
        services.ask(asked=asked_for(), by=by, at=f.FRIDAY_NOON, key=uuid4())

    assert both(ask, ask, committed_db) == errors.TooManyRuns.code
    assert SimulationRun.objects.count() == 1
