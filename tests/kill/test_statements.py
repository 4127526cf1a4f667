"""
A command whose process dies between any two of its statements leaves everything as it was; once committed,
everything is there. Either way the same key again gives the one result.

Each attempt runs in a process of its own that kills itself. That nothing changed is read from every table,
so the next attempt with the same key is at once the retry of the last: none is refused, none has to wait.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_races import picture
from mingqu.kernel.models import AuditEntry, CommandRecord
from tests.kill.dying import DONE, KILLED, dies_at_commit, dies_before, everything, in_a_process

MOST_STATEMENTS = 400


def filing(w) -> tuple[Callable[[], object], object]:
    draft, key = f.draft(w), uuid4()
    return lambda: services.file_case(
        draft_id=draft.draft_id, base_version=draft.version, by=w.citizen, at=f.FRIDAY_NOON, key=key
    ), draft.draft_id


def acceptance(w) -> tuple[Callable[[], object], object]:
    case, key = f.received_case(w), uuid4()
    return lambda: services.accept_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=key), case.pk


def decision(w) -> tuple[Callable[[], object], object]:
    case, key = f.reviewed_case(w), uuid4()
    return lambda: services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=key
    ), case.pk


@pytest.mark.parametrize("make", [filing, acceptance, decision])
def test_killed_between_any_two_statements_a_command_leaves_nothing(committed_db, make):
    deed, root_id = make(f.world())
    before = everything()

    for number in range(1, MOST_STATEMENTS):
        ended = in_a_process(deed, dies_before(number))
        if ended == DONE:
            break
        assert ended == KILLED, f"killed before statement {number - 1}, it could not be done again"
        assert everything() == before, f"killed before statement {number}, it left something behind"

    assert ended == DONE
    assert number > 6, "the statements were counted"
    assert done_once(root_id)


@pytest.mark.parametrize("make", [filing, acceptance, decision])
def test_killed_when_it_commits_a_command_is_done_wholly_or_not_at_all(committed_db, make):
    deed, root_id = make(f.world())
    before = everything()

    assert in_a_process(deed, dies_at_commit(after=False)) == KILLED
    assert everything() == before

    assert in_a_process(deed, dies_at_commit(after=True)) == KILLED
    done = everything()
    assert done != before
    assert done_once(root_id)

    assert in_a_process(deed) == DONE
    assert everything() == done, "the answer got lost; the second call with the same key changes nothing"


def done_once(root_id) -> bool:
    """Key, entry and picture agree (the picture checks chain, clock and process)."""
    assert picture(root_id)["status"] == Case.objects.get(pk=root_id).status
    records = CommandRecord.objects.filter(root_id=root_id)
    assert records.exclude(result=None).exists()
    return records.count() == AuditEntry.objects.filter(root_id=root_id).count()
