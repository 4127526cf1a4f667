"""The golden traces once more, through services and rows: the same story, and rows equal history after each line."""

from typing import Any

import pytest
from django.db import transaction

from mingqu.kernel.errors import DomainError
from mingqu.process import selectors, writes
from mingqu.process.errors import ChangedMeanwhile
from mingqu.process.models import History, Join, ProcessInstance, Task, Token
from mingqu.process.state import shape

from .golden import NAMES, pattern
from .running import Running, three_departments

pytestmark = pytest.mark.django_db


def do(running: Running, line: dict[str, Any]) -> None:
    if "complete" in line:
        running.complete(line["complete"], line.get("outcome", "ok"), **line.get("data", {}))
    elif "return" in line:
        running.return_to(line["return"]["from"], line["return"]["to"])
    else:
        running.terminate(line["terminate"])


def expect(line: dict[str, Any], running: Running) -> None:
    seen = shape(selectors.stored(running.root_id, running.id))
    if "open" in line:
        assert seen["tasks"] == sorted(line["open"]) == running.open
    if "joins" in line:
        assert seen["joins"] == {join: tuple(counts) for join, counts in line["joins"].items()}
    if "refused" not in line:
        over = running.effects.ended, running.effects.end
        if "ended" in line:
            assert over == ("ended", line["ended"])
        else:
            assert over == ("terminated" if line.get("terminated") else None, None)
        assert len(running.effects.dropped) == len(line.get("dropped", running.effects.dropped))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "outcome_decides"])
def test_the_pattern_gives_its_trace_on_rows(name: str) -> None:
    golden = pattern(name)
    first, *rest = golden.trace
    running = Running(golden.plan, first["start"])
    expect(first, running)
    for line in rest:
        if "refused" in line:
            with pytest.raises(DomainError) as refusal, transaction.atomic():
                do(running, line)
            assert refusal.value.code == line["refused"], line
        else:
            do(running, line)
        expect(line, running)
        assert selectors.differences(running.root_id, running.id) == {}, line
    root = running.root_id
    assert ProcessInstance.objects.get(root_id=root).status in ("ended", "terminated")
    assert Token.objects.filter(root_id=root).count() == 0
    assert Join.objects.filter(root_id=root, status="open").count() == 0
    assert Task.objects.filter(root_id=root, status="open").count() == 0
    assert History.objects.filter(root_id=root, seq=1, kind="start").exists()


def test_a_task_that_is_not_as_it_was_read_keeps_nothing(monkeypatch) -> None:
    """The lock stands before; this is the second bar, should a row be changed past it."""
    running = three_departments()
    real = writes.write

    def after_another_hand(held: Any, done: Any) -> None:
        Task.objects.filter(root_id=running.root_id, node="fire").update(
            status="dropped", closed_at=running.at
        )
        real(held, done)

    monkeypatch.setattr(writes, "write", after_another_hand)
    with pytest.raises(ChangedMeanwhile):
        running.complete("fire")

    monkeypatch.undo()
    assert running.open == ["drain", "fire", "sign"]
    assert selectors.differences(running.root_id, running.id) == {}
