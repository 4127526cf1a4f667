"""What the job does with a table: check its rows in portions, and after the press hand them in one by one."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mingqu.cases.errors import DeliveryNotChosen
from mingqu.cases.many import checking, doubles, packing
from mingqu.cases.many.checking import Checked, Service
from mingqu.cases.many.commands import RowState, State, name_of
from mingqu.cases.models import ManyFiling, ManyRow, MaterialFile
from mingqu.cases.services.filing import file_case
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.identity import selectors as identity
from mingqu.identity.errors import CapacityOver
from mingqu.kernel import asides
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

PORTION = 10
FIRST_VERSION = 1  # of a draft nobody has touched


def work(batch_id: UUID, at: Instant) -> bool:
    """The next portion of what a table waits for; False when nothing is left."""
    batch = ManyFiling.objects.filter(pk=batch_id).first()
    if batch is None or not batch.at_work:
        return False
    if batch.state == State.CHECKING:
        return _check_portion(batch_id, at)
    return _hand_in_next(batch, at)


# Checking -----------------------------------------------------------------------------------------------------


def _check_portion(batch_id: UUID, at: Instant) -> bool:
    with transaction.atomic():
        batch = ManyFiling.objects.select_for_update().get(pk=batch_id)
        if batch.state != State.CHECKING:
            return False
        rows = list(
            ManyRow.objects.filter(batch=batch, state=RowState.WAITING).order_by("tries", "line")[:PORTION]
        )
        if rows:
            _check(batch, rows, at)
        done = sum(row.state != RowState.WAITING for row in rows)
        batch.done, batch.queued_at = batch.done + done, at
        if batch.done >= batch.total or not rows:
            batch.state, batch.ended_at = State.CHECKED, at
        batch.save(update_fields=["done", "queued_at", "state", "ended_at"])
        return batch.state == State.CHECKING and done > 0  # else what failed waits for the sweep


def _check(batch: ManyFiling, rows: list[ManyRow], at: Instant) -> None:
    """A portion at once; where that fails as nobody foresaw, row by row, so that one stops no other."""
    try:
        with transaction.atomic():
            _look(batch, rows, at)
    except Exception:  # noqa: BLE001 - found again and counted below
        for row in rows:
            _check_alone(batch, row, at)


def _check_alone(batch: ManyFiling, row: ManyRow, at: Instant) -> None:
    row.state, row.findings, row.files = RowState.WAITING, [], {}
    try:
        with transaction.atomic():
            _look(batch, [row], at)
    except Exception as error:  # noqa: BLE001 - counted and said; raising would stop the table for ever
        row.tries += 1
        said = asides.failed(row.tries, error, "a row of many applications, looked at")
        row.findings = [["", said]] if said else []
        row.state, row.files = RowState.WRONG if said else RowState.WAITING, {}
        row.save(update_fields=["tries", "findings", "state", "files"])


def _look(batch: ManyFiling, rows: list[ManyRow], at: Instant) -> None:
    try:
        service = checking.service_of(batch, actor_of(batch, at), at)
    except DomainError as refused:  # she may not act in that name any more: so says every row
        for row in rows:
            row.findings, row.state = [["", refused.message]], RowState.WRONG
        ManyRow.objects.bulk_update(rows, ["findings", "state"])
        return
    files = _Files(batch, at)
    before = doubles.handed_in(batch)
    first: dict[tuple[str, ...], int] = {}
    for line, cells in ManyRow.objects.filter(batch=batch).order_by("line").values_list("line", "cells"):
        first.setdefault(tuple(cells), line)
    for row in rows:
        looked = checking.look(service, row.cells, files.packed.names.keys())
        same = tuple(row.cells)
        if first[same] != row.line:
            looked.findings.append(["", _("和第%(line)s行一模一样。") % {"line": first[same]}])
        if same in before:
            looked.findings.append(doubles.said(before[same]))
        row.files = {} if looked.findings else files.kept(looked)
        row.findings = looked.findings
        row.state = RowState.WRONG if looked.findings else RowState.GOOD
    ManyRow.objects.bulk_update(rows, ["findings", "files", "state"])


@dataclass
class _Files:
    """The files of the zip, each made anew once, however many rows name it."""

    batch: ManyFiling
    at: Instant
    stored: dict[str, list[str]] = field(default_factory=dict)
    packed: packing.Packed = packing.NONE

    def __post_init__(self) -> None:
        if self.batch.packed_id is not None:
            self.packed = packing.opened(documents.read_file(self.batch.pk, self.batch.packed_id))

    def kept(self, looked: Checked) -> dict[str, list[list[str]]]:
        """Material → [file id, name]; what is wrong with a file becomes a finding of the row."""
        found: dict[str, list[list[str]]] = {}
        for code, (header, names) in looked.files.items():
            for name in names:
                try:
                    found.setdefault(code, []).append(self._store(name))
                except DomainError as refused:
                    looked.findings.append([header, f"{name}：{refused.message}"])
        return {} if looked.findings else found

    def _store(self, name: str) -> list[str]:
        entry = self.packed.names[name]
        if entry not in self.stored:
            upload = documents.check_upload(self.packed.read(name))
            short = name.rsplit("/", 1)[-1]
            kept = documents.store_upload(
                root_id=self.batch.pk, kind="many_file", name=short, upload=upload, at=self.at
            )
            self.stored[entry] = [str(kept.file_id), short]
        return self.stored[entry]


# Handing in ---------------------------------------------------------------------------------------------------


def actor_of(batch: ManyFiling, at: Instant) -> Actor:
    """Who uploaded it, in the name she did it in, as her authority stands now. Raises CapacityOver."""
    user = identity.account_of(batch.agent_id)
    if user is None or not user.is_active:
        raise CapacityOver()
    held = identity.capacities_of(batch.agent_id, legal_day(at)) if batch.capacity_id else []
    name = identity.person(batch.agent_id).name
    by, acting = identity.citizen_actor(user, name, held, str(batch.capacity_id or ""))
    if batch.capacity_id and acting is None:
        raise CapacityOver()
    return by


def _hand_in_next(batch: ManyFiling, at: Instant) -> bool:
    """
    One row: its draft, then the ordinary command of handing in, under a key that follows from the row. Struck down
    between any two of these, the next job finds the draft, repeats the key, and gets the case that is there.
    """
    good = ManyRow.objects.filter(batch=batch, state=RowState.GOOD)
    row = good.order_by("tries", "line").first()
    if row is None:
        at_work = ManyFiling.objects.filter(pk=batch.pk, state=State.FILING)
        at_work.update(state=State.FILED, ended_at=at)
        return False
    changed: dict[str, Any]
    try:
        by = actor_of(batch, at)
        draft_id = row.draft_id or _begin(batch, row.line, by, at)
        filed = file_case(
            draft_id=draft_id,
            base_version=FIRST_VERSION,
            by=by,
            at=at,
            key=CommandKey(uuid5(batch.pk, f"row:{row.line}")),
            channel=batch.channel,
        )
        changed = {"state": RowState.FILED, "number": filed.number}
    except DomainError as refused:
        changed = {"state": RowState.REFUSED, "findings": [["", refused.message]]}
    except Exception as error:  # noqa: BLE001 - counted and said; raising would stop the others for ever
        said = asides.failed(row.tries + 1, error, "a row of many applications, handed in")
        good.filter(line=row.line).update(tries=row.tries + 1)
        if not said:
            ManyFiling.objects.filter(pk=batch.pk).update(queued_at=at)
            return good.filter(tries__lte=row.tries).exists()  # else what failed waits for the sweep
        changed = {"state": RowState.REFUSED, "findings": [["", said]]}
    with transaction.atomic():
        if ManyRow.objects.filter(batch=batch, line=row.line, state=RowState.GOOD).update(**changed):
            ManyFiling.objects.filter(pk=batch.pk).update(done=F("done") + 1, queued_at=at)
    return True


def _begin(batch: ManyFiling, line: int, by: Actor, at: Instant) -> UUID:
    """The draft of a row with its files; once, whoever asks at the same time."""
    with transaction.atomic():
        row = ManyRow.objects.select_for_update().get(batch=batch, line=line)
        if row.draft_id is not None:
            return row.draft_id
        if not batch.delivery:
            raise DeliveryNotChosen(field="delivery")
        service: Service = checking.service_of(batch, by, at)
        looked = checking.read(service, row.cells)
        context = {
            "revision_id": str(batch.revision_id),
            "handling": batch.handling_code,
            "situation": looked.situation,
            "delivery": batch.delivery,
            **name_of(by),
        }
        draft = forms.start_draft(
            about=batch.item_code,
            form_digest=batch.form_digest,
            context=context,
            by=by,
            at=at,
            answers=looked.answers,
        )
        _give_files(batch, row, draft.draft_id, at)
        row.draft_id = draft.draft_id
        row.save(update_fields=["draft_id"])
        return draft.draft_id


def _give_files(batch: ManyFiling, row: ManyRow, draft_id: UUID, at: Instant) -> None:
    for code, files in row.files.items():
        kinds = {UUID(file_id): code for file_id, _name in files}
        copied = documents.copy_files(root_id=batch.pk, kinds=kinds, to_root=draft_id, at=at)
        MaterialFile.objects.bulk_create(
            MaterialFile(root_id=draft_id, material_code=code, file_id=file_id, added_at=at)
            for file_id in copied.values()
        )
