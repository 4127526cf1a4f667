"""The nightly sample notices an instance whose rows are not what its history gives."""

import pytest
from django.db import connection

from mingqu.process import selectors
from mingqu.process.errors import RowsDiffer
from mingqu.process.models import Join, Task, Token, Variable
from mingqu.process.tasks import compare_sample

from .running import AT, Running, three_departments

pytestmark = pytest.mark.django_db


def lose_a_token(running: Running) -> None:
    Token.objects.filter(root_id=running.root_id, node="sign").delete()


def count_a_branch_twice(running: Running) -> None:
    Join.objects.filter(root_id=running.root_id).update(arrived=1)


def drop_a_task(running: Running) -> None:
    Task.objects.filter(root_id=running.root_id, node="sign").update(status="dropped", closed_at=AT)


def invent_a_variable(running: Running) -> None:
    Variable.objects.create(root_id=running.root_id, instance_id=running.id, name="x", value=True)


def test_untouched_rows_agree() -> None:
    three_departments()
    compare_sample(AT)


@pytest.mark.parametrize(
    ("tamper", "part"),
    [
        (lose_a_token, "tokens"),
        (count_a_branch_twice, "joins"),
        (drop_a_task, "tasks"),
        (invent_a_variable, "variables"),
    ],
)
def test_a_changed_row_is_found(tamper: object, part: str) -> None:
    running = three_departments()
    tamper(running)  # type: ignore[operator]
    assert part in selectors.differences(running.root_id, running.id)
    with pytest.raises(RowsDiffer):
        compare_sample(AT)


def test_the_history_itself_can_not_be_changed_by_the_application() -> None:
    running = three_departments()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('process_history', 'UPDATE'),"
            " has_table_privilege('process_history', 'DELETE'),"
            " has_table_privilege('process_storedplan', 'UPDATE')"
        )
        assert cursor.fetchone() == (False, False, False)
    assert len(selectors.history(running.root_id)) == 2
