"""
What is kept no longer (decision 0034): files of drafts that ran out, what tables held whose rows became cases or never
will, packages that were made for fetching. Never anything of a case: that is archive.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from mingqu.cases.errors import FilesAreKept
from mingqu.cases.many.columns import OWN, plain
from mingqu.cases.models import ArchiveWork, Bundle, Case, ManyFiling, ManyRow, MaterialFile
from mingqu.documents import services as documents
from mingqu.forms import selectors as forms
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.types import Instant

AT_ONCE = 200
REST = timedelta(days=1)  # between the end of a draft and that of its files
TABLE = ManyFiling.State


@dataclass(frozen=True)
class Due:
    """What of one kind is to go now, up to AT_ONCE, and since when the eldest waits; `days`: kept so long (0: REST)."""

    code: str
    number: int
    more: bool
    eldest: datetime | None
    days: int


def kept_days(code: str) -> int:
    return int(settings.MINGQU_KEPT[code])


def due(at: Instant) -> list[Due]:
    """What the next sweep would do, for the page of operators: nothing is changed."""
    found = []
    for code, (rows, begun, _deed) in KINDS.items():
        waiting = rows(at)
        number = len(waiting[: AT_ONCE + 1])
        eldest = waiting.aggregate(eldest=Min(begun))["eldest"] if number else None
        days = kept_days(code) if code in settings.MINGQU_KEPT else 0
        found.append(Due(code, min(number, AT_ONCE), number > AT_ONCE, eldest, days))
    return found


def sweep(at: Instant) -> str:
    """Each by a command of its own; what could not be done is told, and tried again at the next turn."""
    said = []
    for code, (rows, _begun, deed) in KINDS.items():
        ids = list(rows(at)[:AT_ONCE])
        said.append(each_alone(ids, lambda one, deed=deed: deed(one, at), f"sweep of {code}"))  # type: ignore[misc]
    return "; ".join(filter(None, said))


# Drafts ---------------------------------------------------------------------------------------------------------------


def _left_of_drafts(at: Instant) -> QuerySet[MaterialFile, UUID]:
    """Roots of files handed in for what is neither case nor bundle, and no draft any more."""
    mine = OuterRef("root_id")
    rows = MaterialFile.objects.filter(
        ~Exists(Case.objects.filter(pk=mine)),
        ~Exists(Bundle.objects.filter(pk=mine)),
        ~Exists(forms.drafts().filter(pk=mine)),
        added_at__lt=at - REST,
    )
    return rows.order_by("root_id").values_list("root_id", flat=True).distinct()


def _sweep_draft(root_id: UUID, at: Instant) -> None:
    with _sweeping("case.sweep_draft", root_id, at) as cmd:
        if cmd.repeated:
            return
        if _is_kept(root_id):
            raise FilesAreKept()
        MaterialFile.objects.filter(root_id=root_id).delete()
        documents.forget_files(cmd)
        cmd.done(None)


def _is_kept(root_id: UUID) -> bool:
    """What is a case or a bundle is archive, whatever else it is; a draft is still written."""
    kept = (Case.objects.all(), Bundle.objects.all(), forms.drafts())
    return any(rows.filter(pk=root_id).exists() for rows in kept)  # type: ignore[attr-defined]


# Tables (批量申报) ----------------------------------------------------------------------------------------


def _ended_tables(at: Instant) -> QuerySet[ManyFiling, UUID]:
    """Handed in, dropped, or looked at by nobody since, longer than they are kept."""
    before = at - timedelta(days=kept_days("tables"))
    over = Q(state__in=(TABLE.FILED, TABLE.DROPPED, TABLE.CHECKED), ended_at__lt=before)
    return ManyFiling.objects.filter(over, swept_at=None).order_by("ended_at").values_list("pk", flat=True)


def _sweep_table(batch_id: UUID, at: Instant) -> None:
    """Which case became of which row stays, with one's own name of it; what else it held goes with the files."""
    with _sweeping("case.sweep_table", batch_id, at) as cmd:
        if cmd.repeated:
            return
        batch = ManyFiling.objects.select_for_update().get(pk=batch_id)
        if batch.at_work:
            raise FilesAreKept()
        place = next((n for n, header in enumerate(batch.headers) if plain(header) == OWN), None)
        filed = ManyRow.objects.filter(batch=batch, state=ManyRow.State.FILED)
        for row in filed:
            row.cells = [cell if n == place else "" for n, cell in enumerate(row.cells)]
            row.findings, row.files = [], {}
        ManyRow.objects.bulk_update(filed, ["cells", "findings", "files"])
        ManyRow.objects.filter(batch=batch).exclude(state=ManyRow.State.FILED).delete()
        batch.packed_id, batch.swept_at = None, at
        if batch.state == TABLE.CHECKED:
            batch.state = TABLE.DROPPED
        batch.save(update_fields=["packed_id", "swept_at", "state"])
        documents.forget_files(cmd)
        cmd.done(None)


# Packages (归档包) ----------------------------------------------------------------------------------------


def _old_packages(at: Instant) -> QuerySet[ArchiveWork, UUID]:
    """Made for fetching longer ago than they are kept."""
    before = at - timedelta(days=kept_days("packages"))
    rows = ArchiveWork.objects.filter(ended_at__lt=before, file_id__isnull=False, file_root__isnull=False)
    return rows.order_by("ended_at").values_list("file_root", flat=True)  # type: ignore[return-value]  # none is NULL


def _sweep_package(root_id: UUID, at: Instant) -> None:
    """The package can be made again from the files of the case at any time; those stay."""
    with _sweeping("case.sweep_package", root_id, at) as cmd:
        if cmd.repeated:
            return
        if _is_kept(root_id):
            raise FilesAreKept()
        ArchiveWork.objects.filter(file_root=root_id).update(file_root=None, file_id=None)
        documents.forget_files(cmd)
        cmd.done(None)


def _sweeping(name: str, root_id: UUID, at: Instant) -> AbstractContextManager[Command]:
    access.require_may(documents.SWEEPER, "file.sweep")
    key = uuid5(NAMESPACE_URL, f"mingqu:{name}:{root_id}")
    return command(name, root_id, by=documents.SWEEPER, at=at, key=key)


Waiting = QuerySet[MaterialFile, UUID] | QuerySet[ManyFiling, UUID] | QuerySet[ArchiveWork, UUID]
KINDS: Final[dict[str, tuple[Callable[[Instant], Waiting], str, Callable[[UUID, Instant], None]]]] = {
    "drafts": (_left_of_drafts, "added_at", _sweep_draft),
    "tables": (_ended_tables, "ended_at", _sweep_table),
    "packages": (_old_packages, "ended_at", _sweep_package),
}
