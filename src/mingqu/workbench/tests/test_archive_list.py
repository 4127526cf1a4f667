"""归档清单: what was archived in these days, what each file lacks, how far its package is."""

import io
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client

from mingqu.cases.archiving import services as packages
from mingqu.cases.archiving import working as job
from mingqu.cases.archiving.selectors import Asked
from mingqu.cases.models import ArchiveWork, Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_archive_packages import archived, here, made
from mingqu.documents.models import DocumentRequest
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.selectors import archive

pytestmark = pytest.mark.django_db
DAY = legal_day(f.FRIDAY_NOON)
TODAY = Asked(DAY, DAY)


@pytest.fixture
def w():
    return f.world()


def numbers(w, **asked) -> list[str]:
    return [one.number for one in archive.archived(w.reviewer, Asked(DAY, DAY, **asked))[0]]


def test_a_file_says_which_of_its_papers_are_missing(w, django_assert_max_num_queries):
    found = {archived(w).number for _ in range(3)}
    f.accepted_case(w)  # not archived
    DocumentRequest.objects.filter(kind="receipt").update(
        state="ready", file_id=uuid4(), ended_at=f.FRIDAY_NOON, started_at=f.FRIDAY_NOON
    )

    with django_assert_max_num_queries(6):
        lines, more = archive.archived(w.reviewer, TODAY)

    assert ({one.number for one in lines}, more) == (found, "")
    assert {one.missing for one in lines} == {("受理通知书",)}
    later = Asked(DAY + timedelta(days=1), DAY + timedelta(days=9))
    assert archive.archived(w.reviewer, later) == ([], "")


def test_the_list_is_narrowed_by_organ_item_period_and_package(w):
    plain, packed, handed = archived(w), archived(w), archived(w)
    for case in (packed, handed):
        made(w, case)
    packages.check_archive(key=uuid4(), **here(w, handed))
    assert numbers(w, stage="checked") == [handed.number]
    packages.hand_over_archive(to="区档案馆", key=uuid4(), **here(w, handed))

    assert numbers(w, stage="none") == [plain.number]
    assert numbers(w, stage="made") == [packed.number]
    assert numbers(w, stage="handed") == [handed.number]
    assert numbers(w, stage="broken") == numbers(w, retention="y10") == numbers(w, organ="QH-ZWZX") == []
    assert set(numbers(w, retention="y30")) == {packed.number, handed.number}
    assert len(numbers(w, organ="QH-SCJG", item="食品经营")) == 3


def test_pages_follow_each_other_without_gap_or_double(w, monkeypatch):
    monkeypatch.setattr(archive, "BATCH", 2)
    cases = [archived(w).number for _ in range(5)]
    first = Case.objects.get(number=cases[0])
    Case.objects.filter(pk=first.pk).update(
        archived_on=DAY + timedelta(days=1)
    )  # the eldest was archived last

    asked = Asked(DAY, DAY + timedelta(days=1))
    assert [one.number for one in archive.every(w.reviewer, asked)] == [cases[0], *cases[:0:-1]]


def test_others_of_another_organ_see_nothing(w):
    archived(w)
    other = people.staff_actor("reviewer", department_id=people.department())

    assert archive.archived(other, TODAY) == ([], "")


def worked(case) -> None:
    assert job.work(case.pk, ArchiveWork.objects.get(case=case).id, f.FRIDAY_NOON)


def span(since: date, until: date) -> dict[str, str]:
    return {"since": since.isoformat(), "until": until.isoformat()}


def test_the_whole_way_of_a_package_on_its_pages(w):
    case = archived(w)
    client = people.signed_in(Client(), User.objects.get(pk=w.reviewer.user_id))
    answer = client.get("/desk/archive/export/", span(DAY, DAY))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert [row[0] for row in rows][-1] == case.number
    assert "受理通知书" in rows[-1][-1] and "李晓禾" not in str(rows)
    assert AuditEntry.objects.filter(action="case.export").count() == 1

    page = f"/desk/cases/{case.number}/archive-package/"
    assert page in client.get("/desk/archive/", span(DAY, DAY)).content.decode()
    assert client.get("/desk/archive/", span(DAY, DAY - timedelta(days=1))).status_code == 400
    assert client.post(page, {"make": "1", "make-key": uuid4()}).status_code == 400  # no period chosen
    client.post(page, {"make": "1", "make-key": uuid4(), "make-retention": "y10"})
    assert numbers(w, stage="waiting") == [case.number]
    assert 'hx-trigger="every 3s"' in client.get(page).content.decode()
    worked(case)
    client.post(page, {"check": "1", "check-key": uuid4()})
    worked(case)
    assert client.post(page, {"hand": "1", "hand-key": uuid4(), "hand-to": ""}).status_code == 400
    client.post(page, {"hand": "1", "hand-key": uuid4(), "hand-to": "区档案馆"})
    taken = client.post(f"{page}file/", {"key": uuid4()})

    assert taken.getvalue()[:2] == b"PK"
    assert numbers(w, stage="handed") == [case.number]
    assert "已移交区档案馆" in client.get(page).content.decode()


def test_only_organs_whose_files_one_keeps_can_be_chosen(w):
    chosen = dict(archive.organs(w.reviewer))

    assert "QH-SCJG" in chosen
    assert "QH-ZWZX" not in chosen, "the hall's, outside the reader's scope"
