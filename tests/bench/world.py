"""The government and the person of the measurements, acting as the web has them: with their mandates at hand."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, Finding, Served
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity.types import StaffActor
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
    made = f.world()
    for name in ("clerk", "reviewer", "inspector", "station", "leader"):
        setattr(made, name, as_the_web_has_it(getattr(made, name)))
    # One seal for all: the window sits in the centre, papers carry the bureau's.
    bureau = identity.department(made.bureau)
    documents.provide_organ_key(
        organ_code=bureau.code, organ_name=bureau.name, by=f.SYSTEM, at=AT, key=CommandKey(new_id())
    )
    return made


def as_the_web_has_it(actor: Actor) -> StaffActor:
    """`ActorMiddleware` reads the mandates with the account, so that commands need not."""
    assert actor.post_id is not None
    return StaffActor(
        kind="staff",
        id=actor.id,
        post_id=actor.post_id,
        user_id=actor.user_id,
        name=actor.name,
        mandates=identity.mandates_of(actor.post_id),
    )


def drafts(count: int) -> list[Ready]:
    made = [f.draft(world(), at=AT) for _ in range(count)]
    return [Ready(d.draft_id, d.version) for d in made]


def correction_files(of: Ready) -> None:
    add_correction_files(
        case_id=of.id, material="floor-plan", uploads=[Upload("新图.png", f.PNG)], by=world().citizen, at=AT
    )


def at_step(of: Ready, step: str) -> Ready:
    """With the open task of this step."""
    task = next(t for t in tasks.open_tasks(of.id) if t.step == step)
    return Ready(of.id, of.version, task.task_id)


# The commands, each on what `Ready` names.


def file(on: Ready) -> None:
    services.file_case(draft_id=on.id, base_version=on.version, by=world().citizen, at=AT, key=uuid4())


def accept(on: Ready) -> None:
    services.accept_case(case_id=on.id, by=world().clerk, at=AT, key=uuid4())


def ask_correction(on: Ready) -> None:
    asked = [Asked("floor-plan", "看不清尺寸")]
    services.ask_correction(case_id=on.id, asked=asked, by=world().clerk, at=AT, key=uuid4())


def supplement(on: Ready) -> None:
    services.supplement_case(case_id=on.id, by=world().citizen, at=AT, key=uuid4())


def complete(on: Ready, by: Actor) -> None:
    assert on.task_id is not None
    services.complete_step(case_id=on.id, task_id=on.task_id, finding=MET, by=by, at=AT, key=uuid4())


def check(on: Ready) -> None:
    complete(on, world().reviewer)


def fitness(on: Ready) -> None:
    complete(on, world().station)


def decide(on: Ready) -> None:
    services.decide_case(case_id=on.id, outcome="granted", reasons="", by=world().leader, at=AT, key=uuid4())


def deliver(on: Ready) -> None:
    services.deliver_case(
        case_id=on.id, served=Served.at_window("李晓禾"), by=world().clerk, at=AT, key=uuid4()
    )


def accepted(count: int) -> list[Ready]:
    """Cases whose review has begun."""
    made = drafts(count)
    for one in made:
        file(one)
        accept(one)
    return made


def status_of(one: Ready) -> str:
    return Case.objects.values_list("status", flat=True).get(pk=one.id)
