"""Who opens or takes away a file of a case is written down, and read by the auditor and the applicant (SEC-04)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.models import FileRead
from mingqu.documents.types import Reader
from mingqu.identity import selectors as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.tests.pages import text_of

pytestmark = pytest.mark.django_db
READS = reverse("workbench:audit_reads")


@pytest.fixture
def case(w):
    return f.accepted_case(w)


@pytest.fixture
def material(case):
    return next(one for one in documents.files_of(case.pk) if one.kind == "floor-plan")


@pytest.fixture
def at_desk(browse, case, material):
    """The reviewer opens the floor plan twice."""
    for _ in range(2):
        assert (
            browse("reviewer").get(reverse("workbench:file", args=[case.number, material.id])).status_code
            == 200
        )


def own(w):
    return people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))


def auditor():
    return people.signed_in(Client(), people.staff_user("审计", people.post(None, "audit_officer")))


def test_an_officer_who_opens_a_material_is_written_down_with_post_ground_and_time(
    w, case, material, at_desk
):
    first, second = FileRead.objects.filter(root_id=case.pk).order_by("id")

    assert (first.file_id, first.kind, first.way, first.ground) == (
        material.id,
        "floor-plan",
        "shown",
        "case.see",
    )
    assert (first.actor_kind, first.actor_id, first.post_id) == ("staff", w.reviewer.id, w.reviewer.post_id)
    assert first.at == f.FRIDAY_NOON and not first.terminal and first.id != second.id


def test_what_the_applicant_takes_away_and_looks_at_small_at_a_terminal_is_written_down_too(
    w, case, material
):
    client, url = own(w), reverse("cases:file", args=[case.number, material.id])
    client.cookies["mq_kiosk"] = "on"

    client.get(f"{url}?download")
    client.get(f"{url}?small")

    found = FileRead.objects.filter(root_id=case.pk).order_by("id").values_list("way", "ground", "terminal")
    assert set(found) <= {("taken", "own", True), ("small", "own", True)} and ("taken", "own", True) in found


def test_who_may_not_see_a_file_reads_nothing_and_leaves_no_line(case, material):
    other = people.signed_in(Client(), people.citizen("旁人")[0])

    assert other.get(reverse("cases:file", args=[case.number, material.id])).status_code == 404
    assert not FileRead.objects.exists()


def test_opening_a_file_costs_one_insert_more(case, material, django_assert_num_queries):
    row = documents.file_row(case.pk, material.id)
    reader = Reader(None, f.FRIDAY_NOON, "code")

    with django_assert_num_queries(1):
        document_services.note_reading(row, reader, "shown")


def test_what_was_read_can_not_be_changed_or_taken_back(at_desk):
    for deed in ("UPDATE documents_fileread SET ground = ''", "DELETE FROM documents_fileread"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)


def test_readings_lie_in_partitions_by_month():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relkind FROM pg_class WHERE relname = 'documents_fileread'")
        assert cursor.fetchone() == ("p",)


def test_the_auditor_reads_who_opened_the_files_of_a_case_and_what_an_officer_opened(w, case, at_desk):
    reviewer = User.objects.get(pk=w.reviewer.user_id)
    client = auditor()

    by_case = text_of(client.get(READS, {"q": case.number}))
    by_person = text_of(client.get(READS, {"account": reviewer.username}))

    for page in (by_case, by_person):
        assert page.count("经营场所平面布局图") == 2 and "打开" in page and "查看办件" in page
    assert client.get(READS, {"q": "没有"}).status_code == 404
    assert client.get(READS, {"account": "nobody"}).status_code == 404


def test_the_applicant_reads_which_organ_and_post_opened_what_how_often_but_no_officers_name(
    w, case, at_desk
):
    page = text_of(own(w).get(reverse("cases:readers", args=[case.number])))

    (name,) = identity.names_of([w.reviewer.id]).values()
    assert (
        "市场监督管理局·" in page
        and "经营场所平面布局图" in page
        and "2次" in page
        and "办理这件申请" in page
    )
    assert page.count(name) == 1, "as the name of the post, which is the same here; not beside it"


def test_who_had_the_full_name_shown_stands_there_with_the_purpose(w, browse, case):
    browse("reviewer").post(
        reverse("workbench:reveal", args=[case.number]), {"key": str(f.new_id()), "why": "contact"}
    )

    page = text_of(own(w).get(reverse("cases:readers", args=[case.number])))

    assert "姓名、号码等完整信息" in page and "联系申请人" in page


def test_nobody_else_reads_who_read(case, at_desk):
    other = people.signed_in(Client(), people.citizen("旁人")[0])

    assert other.get(reverse("cases:readers", args=[case.number])).status_code == 404


def test_who_looks_up_the_readings_stands_in_the_ledger_each_time(case, at_desk):
    looking = auditor()

    looking.get(READS)  # nothing asked for, nothing shown
    looking.get(f"{READS}?q=nothing")
    for asked in (f"?q={case.number}", "?account=reviewer-nobody", f"?q={case.number}"):
        looking.get(READS + asked)

    entries = AuditEntry.objects.filter(action="audit.see_reads")
    assert [(one.notes["about"], one.notes["rows"], one.actor_kind) for one in entries] == [
        (case.number, 2, "staff")
    ] * 2
