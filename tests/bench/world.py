"""The government and the person of the measurements, acting as the web has them: with their mandates at hand."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.every_command import officers
from mingqu.cases.types import Finding
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.kernel import partitions
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey
from mingqu.process import selectors as tasks

AT = f.FRIDAY_NOON
MET = Finding("met", "")


@dataclass(frozen=True)
class Ready:
    """A case or draft and what the next command on it needs; looked up before measuring."""

    id: UUID
    version: int = 0
    task_id: UUID | None = None


@cache
def world() -> f.World:
    partitions.make_partitions(partitions.partitioned_tables(), legal_day(AT))
    made = officers(f.world())
    # One seal for all: the window sits in the centre, papers carry the bureau's.
    bureau = identity.department(made.bureau)
    documents.provide_organ_key(
        founding=True,
        organ_code=bureau.code,
        organ_name=bureau.name,
        by=f.SYSTEM,
        at=AT,
        key=CommandKey(new_id()),
    )
    return made


def drafts(count: int) -> list[Ready]:
    made = [f.draft(world(), at=AT) for _ in range(count)]
    return [Ready(d.draft_id, d.version) for d in made]


def at_step(of: Ready, step: str) -> Ready:
    """With the open task of this step."""
    task = next(t for t in tasks.open_tasks(of.id) if t.step == step)
    return Ready(of.id, of.version, task.task_id)


# The commands, each on what `Ready` names.


def file(on: Ready) -> None:
    services.file_case(draft_id=on.id, base_version=on.version, by=world().citizen, at=AT, key=uuid4())


def accept(on: Ready) -> None:
    services.accept_case(case_id=on.id, by=world().clerk, at=AT, key=uuid4())


def complete(on: Ready, by: Actor) -> None:
    assert on.task_id is not None
    services.complete_step(case_id=on.id, task_id=on.task_id, finding=MET, by=by, at=AT, key=uuid4())


def check(on: Ready) -> None:
    complete(on, world().reviewer)


def accepted(count: int) -> list[Ready]:
    """Cases whose review has begun."""
    made = drafts(count)
    for one in made:
        file(one)
        accept(one)
    return made


def status_of(one: Ready) -> str:
    return Case.objects.values_list("status", flat=True).get(pk=one.id)
