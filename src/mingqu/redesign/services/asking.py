"""Ask for a simulation, ask for it again, stop it. A job does the work; its arguments are ids."""

from dataclasses import replace
from uuid import UUID, uuid5

from django.db import connection

from mingqu.catalogue.errors import HandlingUnknown
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.json import plain
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.process.errors import PlanRefused
from mingqu.process.simulation import types as simulation
from mingqu.redesign import rules, selectors
from mingqu.redesign.errors import (
    BasisUnknown,
    NumbersWrong,
    ProcessNotPlayable,
    RunOver,
    RunUnknown,
    TooFewOfficers,
    TooManyRuns,
)
from mingqu.redesign.models import SimulationRun
from mingqu.redesign.selectors.runs import asked_of
from mingqu.redesign.services.building import definition_of, plan_of
from mingqu.redesign.types import Asked

WORK, QUEUE = "redesign.simulate", "redesign"
SIMULATE = "redesign.simulate"
State = SimulationRun.State


def ask(*, asked: Asked, by: Actor, at: Instant, key: CommandKey, repeats: UUID | None = None) -> UUID:
    """
    Put a question. What it rests on is looked at here, so that nothing is refused a minute later.

    Raises NotAuthorised, ItemUnknown, BasisUnknown, ProcessNotPlayable, TooFewOfficers, NumbersWrong, TooManyRuns.
    """
    item = revisions.item(asked.item_code)
    access.require(by, SIMULATE, item)
    check_numbers(asked)
    check_processes(asked)
    run_id = uuid5(by.id, f"simulation:{key}")
    with command("redesign.simulate", run_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return run_id
        one_after_the_other(f"simulation:{by.id}")
        if SimulationRun.objects.filter(asked_by=by.id, state__in=SimulationRun.AT_WORK).exists():
            raise TooManyRuns()
        SimulationRun(
            id=run_id,
            title=asked.title.strip()[:80] or "未命名",
            item_code=item.code,
            item_name=item.name,
            department_id=item.department_id,
            region_code=item.region_code,
            item_type=item.item_type,
            asked=plain(asked),
            inputs_digest=rules.digest(replace(asked, title="")),
            repeats=repeats,
            asked_by=by.id,
            asked_post=by.post_id,
            asked_at=at,
            moved_at=at,
        ).save(force_insert=True)
        cmd.note(item=item.code)
        cmd.defer(WORK, queue=QUEUE, run_id=run_id)
        cmd.done(None)
    return run_id


def one_after_the_other(what: str) -> None:
    """Two commands about the same that are no root yet: the second waits for the end of the first's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 79))", [what])


def again(*, run_id: UUID, by: Actor, at: Instant, key: CommandKey) -> UUID:
    """The same question once more: the same answer, unless what was recorded has changed. Raises as `ask`."""
    row = selectors.run_seen(by, run_id)
    return ask(asked=asked_of(row), by=by, at=at, key=key, repeats=row.pk)


def stop(*, run_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """It ends at the next case it is told of. Raises RunUnknown, RunOver."""
    with command("redesign.stop", run_id, by=by, at=at, key=key) as cmd:
        row = SimulationRun.objects.select_for_update().filter(pk=run_id).first()
        if row is None or not access.allows(by, "redesign.stop", row):
            raise RunUnknown()
        if cmd.repeated:
            return
        if not row.at_work:
            raise RunOver()
        row.state, row.moved_at, row.ended_at = State.STOPPED, at, at
        row.save(update_fields=["state", "moved_at", "ended_at"])
        cmd.done(None)


def check_numbers(asked: Asked) -> None:
    """Raises NumbersWrong beside its field."""
    most = rules.LIMIT_CASES
    wrong = [
        ("cases", not 1 <= asked.cases <= most, f"请填1到{most}之间的件数。"),
        ("per_day", not 0 < asked.per_day <= 10_000, "每个工作日来的件数，请填大于0、不超过10000的数。"),
        ("hours", not 0.5 <= asked.hours <= 24, "请填0.5到24之间的小时数。"),
        ("since", asked.since.year not in rules.YEARS, "请填1949年到2999年之间的日期。"),
        ("until", asked.until < asked.since, "后一天不能早于前一天。"),
        ("until", (asked.until - asked.since).days > 3 * 366, "一次最多看三年。"),
        ("order", asked.order not in list(simulation.Discipline), "没有这种先后办法。"),
    ]
    for field, is_wrong, what in wrong:
        if is_wrong:
            raise NumbersWrong(field=field, what=what)
    for name, people in (("staff", asked.staff), ("staff_after", asked.staff_after)):
        for post, count in people.items():
            if not 1 <= count <= 999:
                raise NumbersWrong(field=f"{name}__{post}", what="请填1到999之间的人数。")
    for post, hours in asked.hours_of.items():
        if not 0.5 <= hours <= 24:
            raise NumbersWrong(field=f"hours__{post}", what="请填0.5到24之间的小时数。")
    for step, minutes in asked.minutes.items():
        if not 0 < minutes <= 60 * 24 * 30:
            raise NumbersWrong(field=f"minutes__{step}", what="请填大于0、不超过43200的分钟数。")


def check_processes(asked: Asked) -> None:
    """Both processes can be played, with these people. Raises BasisUnknown, ProcessNotPlayable, TooFewOfficers."""
    for name, basis, people in (
        ("before", asked.before, asked.staff),
        ("after", asked.after, asked.staff_after),
    ):
        try:
            definition, document = definition_of(asked, basis)
            plan = plan_of(definition, document, asked.arrangement if name == "after" else "as_written")
        except HandlingUnknown as unknown:
            raise BasisUnknown(field=name) from unknown
        except PlanRefused as refused:
            label = "改前" if name == "before" else "改后"
            raise ProcessNotPlayable(field=name, label=label, why=refused.message) from refused
        for node in plan.nodes.values():
            for post in (node.post, *node.signers) if node.post else ():
                if people.get(post, node.people) < node.people:
                    field = "staff" if name == "before" else "staff_after"
                    raise TooFewOfficers(field=f"{field}__{post}", step=node.name, people=node.people)
