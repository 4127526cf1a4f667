"""
What a job does to the package of an archived case: make it, or make it again and compare. Struck down between any two
steps, the next job repeats the same command under the same key. What failed is said on the page, and asked for anew.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid5

from procrastinate.contrib.django import app as jobs

from mingqu.cases.archiving import services
from mingqu.cases.models import ArchiveWork
from mingqu.documents import selectors as kept_files
from mingqu.documents import services as files
from mingqu.documents.types import CheckedUpload
from mingqu.kernel import asides
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant

KIND = "archive_package"
PATIENCE = timedelta(minutes=5)  # a job that was lost by then is queued again
SWEPT_AT_ONCE = 100
State = ArchiveWork.State


def work(case_id: UUID, work_id: UUID, at: Instant) -> bool:
    """Does what was asked, once; False where it was asked for anew since, is done, or failed and is tried later."""
    row = ArchiveWork.objects.filter(case_id=case_id, id=work_id, state=State.WAITING).first()
    if row is None:
        return False
    by = Actor("staff", row.asked_by, post_id=row.asked_post)
    key = uuid5(row.id, f"do:{row.tries}")
    try:
        made = _deed(row)(by, at, key)
        file_id = _kept(row) or (_keep(row, made, at) if made else None)
    except DomainError as refused:
        return _ended(row, State.FAILED, at, said=refused.message)
    except Exception as error:  # noqa: BLE001 - counted and said on the page
        said = asides.failed(row.tries + 1, error, "the package of an archived case")
        ArchiveWork.objects.filter(case_id=case_id, id=work_id).update(tries=row.tries + 1)
        return _ended(row, State.FAILED, at, said=said) if said else False
    return _ended(row, State.DONE, at, file_root=row.id if file_id else None, file_id=file_id)


def _deed(row: ArchiveWork) -> Callable[[Actor, Instant, UUID], bytes]:
    if row.deed == ArchiveWork.Deed.CHECK:
        return lambda by, at, key: services.check_archive(case_id=row.case_id, by=by, at=at, key=key)
    return lambda by, at, key: services.make_archive(
        case_id=row.case_id, retention=row.retention, by=by, at=at, key=key
    )


def _kept(row: ArchiveWork) -> UUID | None:
    """What a job that was struck down had kept already."""
    found = kept_files.files_of(row.id, KIND)
    return found[0].id if found else None


def _keep(row: ArchiveWork, made: bytes, at: Instant) -> UUID:
    """For fetching, under a root of its own: no list of the case's files has it."""
    whole = CheckedUpload("application/zip", made, 0)
    return files.store_file(root_id=row.id, kind=KIND, name=KIND, upload=whole, at=at).file_id


def _ended(row: ArchiveWork, state: str, at: Instant, *, said: str = "", **file: UUID | None) -> bool:
    """`file`: the package that is there now; not given, what was there stays."""
    found = ArchiveWork.objects.filter(case_id=row.case_id, id=row.id, state=State.WAITING)
    return bool(found.update(state=state, ended_at=at, said=said[:200], **file))


def sweep(at: Instant) -> int:
    """Jobs that were lost, or failed and are to be tried again, are queued anew; how many."""
    rows = ArchiveWork.objects.filter(state=State.WAITING, queued_at__lt=at - PATIENCE).order_by("queued_at")
    found = list(rows[:SWEPT_AT_ONCE])
    for row in found:
        ArchiveWork.objects.filter(case_id=row.case_id, id=row.id).update(queued_at=at)
        task = jobs.configure_task(services.WORK, queue=services.QUEUE)
        task.defer(case_id=str(row.case_id), work_id=str(row.id))
    return len(found)
