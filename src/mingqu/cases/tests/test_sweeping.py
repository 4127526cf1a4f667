"""What is kept no longer goes with an entry in the ledger; never anything of a case."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases.errors import FilesAreKept
from mingqu.cases.models import ArchiveWork, Case, ManyFiling, ManyRow, MaterialFile
from mingqu.cases.services import sweeping
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import in_bulk as b
from mingqu.cases.tests.test_archive_packages import archived, asked, done
from mingqu.documents.models import StoredFile
from mingqu.forms.models import Draft
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
NOON = f.FRIDAY_NOON
LATER = NOON + timedelta(days=2)
YEAR = NOON + timedelta(days=365)


def numbers(at) -> dict[str, int]:
    return {one.code: one.number for one in sweeping.due(at)}


def files(root) -> int:
    return StoredFile.objects.filter(root_id=root).count()


def test_files_of_a_draft_that_ran_out_go_and_those_of_a_case_stay():
    w = f.world()
    case, waiting, over = f.received_case(w), f.draft(w).draft_id, f.draft(w).draft_id
    before = files(case.pk)
    assert before and files(waiting) and files(over)
    Draft.objects.filter(pk__in=[over, case.pk]).delete()  # as forms do it when their time is over
    assert numbers(NOON)["drafts"] == 0, "not on the same day"
    assert numbers(LATER) == {"drafts": 1, "tables": 0, "packages": 0}

    assert sweeping.sweep(LATER) == ""
    assert sweeping.sweep(LATER) == ""

    assert files(over) == 0 and not MaterialFile.objects.filter(root_id=over).exists()
    assert files(case.pk) == before and files(waiting)
    (entry,) = AuditEntry.objects.filter(action="case.sweep_draft")
    assert entry.root_id == over and entry.notes["files"] > 0


def test_a_sweep_that_comes_upon_a_case_is_refused_and_changes_nothing():
    """It became one between the look and the deed."""
    case = f.received_case(f.world())
    before = files(case.pk)

    with pytest.raises(FilesAreKept):
        sweeping._sweep_draft(case.pk, YEAR)
    with pytest.raises(FilesAreKept):
        sweeping._sweep_package(case.pk, YEAR)

    assert files(case.pk) == before
    assert not AuditEntry.objects.filter(action__startswith="case.sweep").exists()


def test_a_table_keeps_which_row_became_which_case_and_nothing_else():
    of = b.office()
    batch = b.worked(b.uploaded(of, b.row(1), b.row(2, 店名="")))
    b.pressed(of, batch)
    batch = b.worked(batch)
    case = Case.objects.get()
    before = files(case.pk)
    assert numbers(b.AT + timedelta(days=89))["tables"] == 0 and files(batch.pk)

    assert sweeping.sweep(b.AT + timedelta(days=91)) == ""

    row = ManyRow.objects.get(batch=batch)
    assert row.number == case.number and row.files == {} and sum(bool(cell) for cell in row.cells) <= 1
    batch = ManyFiling.objects.get(pk=batch.pk)
    assert (batch.packed_id, batch.state, files(batch.pk)) == (None, "filed", 0)
    assert files(case.pk) == before, "what was handed in is the case's"
    assert numbers(YEAR)["tables"] == 0


def test_a_table_nobody_came_back_to_is_dropped_and_one_at_work_is_left():
    of = b.office()
    checked, working = b.worked(b.uploaded(of, b.row(1))), b.uploaded(of, b.row(2))
    assert numbers(YEAR)["tables"] == 1
    with pytest.raises(FilesAreKept):
        sweeping._sweep_table(working.pk, YEAR)

    sweeping.sweep(YEAR)

    assert ManyFiling.objects.get(pk=checked.pk).state == "dropped"
    assert not ManyRow.objects.filter(batch=checked).exists()
    assert ManyRow.objects.filter(batch=working).exists() and files(working.pk)


def test_a_package_goes_after_its_days_and_can_be_made_again():
    w = f.world()
    case = archived(w)
    before = files(case.pk)
    work = done(asked(w, case))
    assert files(work.file_root) == 1
    assert numbers(NOON + timedelta(days=29))["packages"] == 0

    assert sweeping.sweep(NOON + timedelta(days=31)) == ""

    again = ArchiveWork.objects.get()
    assert again.file_id is None and files(work.file_root) == 0 and files(case.pk) == before
    assert done(asked(w, case, "check", key=uuid4())).file_id
