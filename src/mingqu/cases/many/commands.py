"""
Commands about many applications at once: upload, press, leave. The slow parts are a job's (`working`), which goes on
where a killed one stopped.
"""

from dataclasses import dataclass, field
from uuid import UUID

from procrastinate.contrib.django import app as jobs

from mingqu.cases.many import columns, doubles, packing
from mingqu.cases.many.errors import (
    ManyColumnsMissing,
    ManyElsewhere,
    ManyTooLong,
    ManyUnknown,
    NothingToHandIn,
    NotInBulk,
)
from mingqu.cases.models import Case, ManyFiling, ManyRow
from mingqu.cases.services.filing import known, require_level, require_within
from mingqu.cases.services.party import party_of
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.forms import services as forms
from mingqu.forms.types import FormSchema
from mingqu.identity import selectors as identity
from mingqu.identity.services import access, limits
from mingqu.kernel import asides
from mingqu.kernel.commands import command
from mingqu.kernel.errors import spoken
from mingqu.kernel.tables import read_table, unescaped
from mingqu.kernel.types import Actor, CommandKey, Instant

ACTION = "case.file"
WORK, QUEUE = "cases.many", "cases"
PACK = "many_files"  # kind of the stored zip
MOST = 200  # rows of one table
State, RowState = ManyFiling.State, ManyRow.State


@dataclass(frozen=True)
class Table:
    """What was uploaded: hostile until checked. `packed` may be empty."""

    item_code: str
    handling: str
    name: str
    data: bytes = field(repr=False)
    packed: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Uploaded:
    batch_id: UUID
    rows: int


def service(item_code: str, handling: str = "") -> tuple[Definition, FormSchema, UUID]:
    """What a table is made for: definition, form, revision. Raises ItemUnknown, NotLawful, NotInBulk."""
    item, definition = catalogue.current_definition(item_code, handling)
    catalogue.require_lawful(item_code)
    if definition.handling_item.acts_on_certificate:
        raise NotInBulk(name=f"{definition.item.name}（{definition.handling_item.name}）")
    assert item.current_id is not None
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    return definition, schema, item.current_id


def upload(*, table: Table, by: Actor, at: Instant, key: CommandKey) -> Uploaded:
    """
    Take in a table and its files; a job checks the rows. Nothing has effect before the press.

    Raises NotAuthorised, TooManyAttempts, OutsideAuthority, IdentityNeeded, LevelNeeded, ManyColumnsMissing,
    ManyTooLong, PackRefused, what `service` raises and what reading a table refuses; then nothing of it is kept.
    """
    access.require_may(by, ACTION)
    limits.spend("many_person_day", str(agent_of(by)), at=at)
    definition, schema, revision_id = service(table.item_code, table.handling)
    require_within(by, definition)
    person = known(identity.person(by.id))
    require_level(definition, person)
    party = party_of(name_of(by), person, by=by)
    read = read_table(table.data)
    _found, missing = columns.places(columns.columns_of(definition, schema), read.headers)
    if missing:
        raise ManyColumnsMissing(field="file", names="、".join(missing))
    if len(read.rows) > MOST:
        raise ManyTooLong(field="file", most=MOST, rows=len(read.rows))
    if table.packed:
        packing.opened(table.packed)
    batch_id = UUID(str(key))
    with command("case.many_upload", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Uploaded)
        item = definition.item
        batch = ManyFiling.objects.create(
            id=batch_id,
            item_code=item.code,
            item_name=item.name,
            item_type=item.type,
            region_code=item.region_code,
            revision_id=revision_id,
            form_digest=catalogue.item(item.code).current.digest,  # type: ignore[union-attr]  # it is in force
            handling_code=definition.handling_item.code,
            handling_item=definition.handling_item.name,
            owner_id=by.id,
            agent_id=agent_of(by),
            capacity_id=capacity_of(by),
            firm_id=party.id,
            firm_name=party.name,
            file_name=table.name[-120:],
            headers=read.headers,
            packed_id=_kept(batch_id, table.packed, at),
            uploaded_at=at,
            queued_at=at,
            total=len(read.rows),
        )
        ManyRow.objects.bulk_create(
            ManyRow(batch=batch, line=line, cells=[unescaped(cell) for cell in cells])
            for line, cells in read.rows
        )
        cmd.note(rows=batch.total, item=item.code)
        cmd.defer(WORK, queue=QUEUE, batch_id=str(batch_id))
        return cmd.done(Uploaded(batch_id, batch.total))


def _kept(batch_id: UUID, packed: bytes, at: Instant) -> UUID | None:
    """The zip waits, encrypted, for the job that makes every file of it anew; nobody can download it."""
    if not packed:
        return None
    whole = CheckedUpload("application/zip", packed, 0)
    return documents.store_file(root_id=batch_id, kind=PACK, name="zip", upload=whole, at=at).file_id


def name_of(by: Actor) -> dict[str, str]:
    """What a draft keeps of the firm she acts for."""
    return {"party": str(by.agency.for_id)} if by.agency and by.agency.for_firm else {}


def agent_of(by: Actor) -> UUID:
    """Whose hands it is."""
    return by.agency.agent_id if by.agency else by.id


def capacity_of(by: Actor) -> UUID | None:
    return by.agency.capacity_id if by.agency else None


def press(
    *, batch_id: UUID, delivery: str, by: Actor, at: Instant, key: CommandKey, channel: str = "online"
) -> None:
    """
    Hand in every good row; a job does it, each row an application of its own. Raises ManyUnknown, ManyElsewhere,
    NothingToHandIn. Where another table has handed in every good row meanwhile, the rows say so and nothing else
    happens.
    """
    if delivery not in Case.DeliveryWay.values:
        raise ValueError("not a way of delivery")
    with command("case.many_press", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        doubles.hold(by.id)
        batch = locked_for(batch_id, by, State.CHECKED)
        good = ManyRow.objects.filter(batch=batch, state=RowState.GOOD)
        if not good.exists():
            raise NothingToHandIn()
        doubles.strike(batch)
        if not (rows := good.count()):
            cmd.note(rows=0, left=batch.total)
            cmd.done(None)
            return
        batch.state, batch.done, batch.delivery, batch.channel = State.FILING, 0, delivery, channel
        batch.queued_at, batch.pressed_at, batch.ended_at = at, at, None
        batch.save()
        cmd.note(rows=rows, left=batch.total - rows)
        cmd.defer(WORK, queue=QUEUE, batch_id=str(batch_id))
        cmd.done(None)


def leave(*, batch_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """Not handed in; the rows are deleted. Raises ManyUnknown, ManyElsewhere."""
    with command("case.many_leave", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        batch = locked_for(batch_id, by, State.CHECKED)
        batch.state, batch.ended_at = State.DROPPED, at
        batch.save(update_fields=["state", "ended_at"])
        ManyRow.objects.filter(batch=batch).delete()
        cmd.note(rows=batch.total)
        cmd.done(None)


def locked_for(batch_id: UUID, by: Actor, state: str) -> ManyFiling:
    batch = ManyFiling.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None or not is_of(batch, by):
        raise ManyUnknown()
    if batch.state != state:
        raise ManyElsewhere(state=spoken(str(batch.get_state_display())))
    return batch


def is_of(batch: ManyFiling, by: Actor) -> bool:
    """Of who uploaded it, in the name she did it in, while that authority covers it."""
    return (
        (batch.owner_id, batch.agent_id, batch.capacity_id) == (by.id, agent_of(by), capacity_of(by))
    ) and access.allows(by, ACTION, batch)


def sweep(at: Instant, patience_seconds: int = 120) -> None:
    """Jobs of killed workers: what is at work and has not moved for a while gets a new one."""
    for batch in ManyFiling.objects.filter(state__in=(State.CHECKING, State.FILING)):
        if (at - batch.queued_at).total_seconds() > patience_seconds:
            ManyFiling.objects.filter(pk=batch.pk).update(queued_at=at)
            jobs.configure_task(WORK, queue=QUEUE).defer(batch_id=str(batch.pk))


def stood_aside(at: Instant) -> int:
    """How many rows of late failed until they were left."""
    recent = ManyRow.objects.filter(batch__uploaded_at__gte=at - asides.TOLD_FOR)
    return recent.filter(tries__gte=asides.TRIES).count()
