"""归档包: the same files give the same bytes; what changed is found; nothing is handed over unchecked."""

import io
import json
import zipfile
from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from mingqu.cases import services
from mingqu.cases.archiving import bag, contents, copies, errors, selectors
from mingqu.cases.archiving import services as packages
from mingqu.cases.archiving import working as job
from mingqu.cases.models import ArchiveRecord, ArchiveWork, Case, CaseMaterial, Opinion
from mingqu.cases.services.notices import serve_notice
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.documents.models import DocumentRequest, FileRead, StoredFile
from mingqu.documents.types import Reader
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Person
from mingqu.kernel.codelists import UnknownCode
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry

NOW = f.FRIDAY_NOON
DAY = legal_day(NOW)
PIECES = st.lists(st.binary(max_size=200), max_size=5).map(
    lambda all_data: [
        bag.Piece(bag.path_of(order, "floor-plan", "image/png"), "图纸", "", "image/png", 1, data)
        for order, data in enumerate(all_data, start=1)
    ]
)


def packed(pieces, facts=None) -> bytes:
    out = io.BytesIO()
    bag.pack(out, "99010420261109000318", DAY, facts or {"number": "1"}, pieces)
    return out.getvalue()


@given(PIECES)
@settings(max_examples=25, deadline=None)
def test_the_same_files_give_the_same_whole_package(pieces):
    made = packed(pieces)

    assert made == packed(pieces)
    assert [*bag.faults(io.BytesIO(made))] == []
    assert made != packed(pieces, {"number": "2"})


def test_a_package_whose_file_was_changed_or_lost_names_it():
    made = packed([bag.Piece("data/001-a.png", "图", "", "image/png", 1, b"123456")])
    changed = made.replace(b"123456", b"123457")
    with zipfile.ZipFile(io.BytesIO(made)) as book, zipfile.ZipFile(lost := io.BytesIO(), "w") as other:
        for name in book.namelist():
            if not name.endswith("001-a.png"):
                other.writestr(name, book.read(name))

    assert [*bag.faults(lost)] == ["data/001-a.png"]
    with pytest.raises(zipfile.BadZipFile):
        [*bag.faults(io.BytesIO(changed))]


@pytest.fixture
def w(db):
    return f.world()


def archived(w) -> Case:
    case = f.accepted_case(w)
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=NOW, key=uuid4())
    services.archive_case(case_id=case.pk, by=w.reviewer, at=NOW, key=uuid4())
    return Case.objects.get(pk=case.pk)


def here(w, case):
    return {"case_id": case.pk, "by": w.reviewer, "at": NOW}


def made(w, case):
    return packages.make_archive(retention="y30", key=uuid4(), **here(w, case))


def asked(w, case, deed="make", key=None):
    period = {"retention": "y30"} if deed == "make" else {}
    packages.ask_archive(deed=deed, key=key or uuid4(), **period, **here(w, case))
    return ArchiveWork.objects.get(case=case)


def done(work) -> ArchiveWork:
    """The job has run, and runs once more."""
    assert job.work(work.case_id, work.id, NOW)
    assert not job.work(work.case_id, work.id, NOW)
    return ArchiveWork.objects.get(case_id=work.case_id)


def test_a_package_has_every_file_and_says_what_is_missing(w):
    case = archived(w)
    key = uuid4()
    for _ in range(2):  # pressed twice
        work = asked(w, case, key=key)
    assert not ArchiveRecord.objects.exists(), "a job makes it"
    assert done(work).state == "done"
    reader = Reader(w.reviewer, NOW, "case.keep_archive", False)
    taken = packages.take_archive(reader=reader, key=uuid4(), **here(w, case))

    record = ArchiveRecord.objects.get()
    assert sha256(taken).digest() == bytes(record.digest)
    with zipfile.ZipFile(io.BytesIO(taken)) as book:
        told = json.loads(book.read(f"{case.number}/data/metadata.json"))
        for one in told["files"]:
            assert sha256(book.read(f"{case.number}/{one['path']}")).hexdigest() == one["sha256"]
    handed_in = [one for one in told["files"][:-1] if "copy_of" not in one]
    assert len(told["files"]) == record.pieces
    assert len(handed_in) == FileRead.objects.filter(way="taken").count() > 0
    assert record.pages == sum(one["pages"] for one in (*handed_in, told["files"][-1]))
    assert told["retention"]["name"] == "定期30年"
    assert told["missing"] == ["收件凭证", "受理通知书"]
    assert AuditEntry.objects.filter(action="case.make_archive").count() == 1
    assert selectors.usual_retention(case) == "y30"
    answered = {one["question"]: one["answer"] for one in told["application"]}
    assert f.ANSWERS["premises"] in answered.values() and f.ANSWERS["manager_name"] in answered.values()


def test_what_was_handed_in_has_a_copy_that_lasts_and_the_form_stands_as_it_was_answered(w):
    case = archived(w)
    done(asked(w, case))
    taken = packages.take_archive(reader=None, key=uuid4(), **here(w, case))

    with zipfile.ZipFile(io.BytesIO(taken)) as book:
        told = json.loads(book.read(f"{case.number}/data/metadata.json"))["files"]
        form = book.read(f"{case.number}/{told[-1]['path']}")
    originals = [one for one in told[:-1] if "copy_of" not in one]
    copied = {one["copy_of"] for one in told if "copy_of" in one}
    assert all("archival" in one or "note" in one or one["path"] in copied for one in originals)
    assert copied and all(one["archival"] == "PDF/A-2B" for one in told if "copy_of" in one)
    assert (told[-1]["title"], told[-1]["archival"]) == ("申请表", "PDF/A-2B")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(form)).pages)
    assert f.ANSWERS["premises"] in "".join(text.split()) and f.ANSWERS["manager_name"] in text

    assert done(asked(w, case, "check")).file_id and selectors.record_of(case).sound is True
    before = set(StoredFile.objects.filter(kind=copies.KIND).values_list("id", flat=True))
    made(w, case)
    after = set(StoredFile.objects.filter(kind=copies.KIND).values_list("id", flat=True))
    assert len(before) == len(after) and not before & after, "made anew, the former copies go"


def test_a_package_of_before_there_were_copies_is_the_same_when_it_is_made_again(w):
    case = archived(w)
    made(w, case)
    record = ArchiveRecord.objects.get()
    pieces = [*copies.pieces(record.id, packages._lines(case), None)]
    assert not any(one.lasting or one.note or one.copy_of for one in pieces)
    former = packages._packed(case, "y30", record.missing, pieces, bag.BEFORE_COPIES)
    ArchiveRecord.objects.update(lasting=None, digest=sha256(former).digest())

    assert packages.check_archive(key=uuid4(), **here(w, case)) == former


def test_a_package_that_says_of_a_file_what_it_is_not_names_it():
    plain = bag.Piece("data/001-a.pdf", "图", "", "application/pdf", 1, b"%PDF-1.7")
    known = replace(plain, path="data/002-b.pdf", data=b"%PDF-1.7 pdfaid:part", lasting="PDF/A-2B")
    claims, of_nothing = replace(plain, lasting="PDF/A-2B"), replace(known, copy_of="data/009-z.png")

    assert [*bag.faults(io.BytesIO(packed([plain, known])))] == []
    assert [*bag.faults(io.BytesIO(packed([claims, known])))] == ["data/001-a.pdf"]
    assert [*bag.faults(io.BytesIO(packed([plain, of_nothing])))] == ["data/002-b.pdf"]


def test_a_package_says_what_was_found_who_decided_and_how_each_paper_was_served(w):
    """So that the archive can read it without this platform; what is noted after the archiving is no part of it."""
    case = f.decided_case(w, context={"delivery": "window"})
    notice = DocumentRequest.objects.get(root_id=case.pk, kind="acceptance_notice")
    DocumentRequest.objects.filter(pk=notice.pk).update(state="ready", file_id=new_id())
    by_post = Served("post", address="示例路1号", proof="EA123")
    serve_notice(
        case_id=case.pk, paper_id=notice.id, served=by_post, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )
    given = Served.at_window("李晓禾")
    services.deliver_case(case_id=case.pk, served=given, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    Case.objects.filter(pk=case.pk).update(status="archived", archived_on=legal_day(f.FRIDAY_NOON))
    case.refresh_from_db()

    told = contents.record(case)

    assert [one["step"] for one in told["opinions"]] and all(one["officers"] for one in told["opinions"])
    assert [one["decided_by"] for one in told["decisions"]] == [Person.objects.get(pk=w.leader.id).name]
    ways = [(one["paper"], one["way"], one["proof"]) for one in told["services"]]
    assert ways[0] == ("受理通知书", "邮寄送达", "EA123") and ways[1][:2] == (
        "决定书（准予）",
        "窗口直接送达",
    )
    Opinion.objects.create(**_later(case, w))
    assert contents.record(case) == told
    assert "on_paper" not in told  # nobody counted: a package of before that was asked stays the same
    CaseMaterial.objects.filter(case=case, code="floor-plan").update(how="copy", copies=2)
    (counted,) = contents.record(case)["on_paper"]
    assert (counted["how"], counted["copies"]) == ("窗口收复印件", 2)


def _later(case, w):
    row = Opinion.objects.filter(case=case).first()
    more = {
        "case": case,
        "step": row.step,
        "step_name": row.step_name,
        "post_id": row.post_id,
        "finding": "met",
    }
    return more | {"person_id": w.reviewer.id, "at": f.FRIDAY_NOON + f.DAY}


def test_what_changed_after_it_was_made_is_found_and_not_handed_over(w):
    case = archived(w)
    done(asked(w, case))
    with pytest.raises(errors.ArchiveNotSound):
        packages.hand_over_archive(to="区档案馆", key=uuid4(), **here(w, case))
    assert done(asked(w, case, "check")).file_id and selectors.record_of(case).sound is True
    Case.objects.filter(pk=case.pk).update(item_name="另一个事项")

    assert done(asked(w, case, "check")).file_id is None and selectors.record_of(case).sound is False
    for refused in (
        lambda: packages.hand_over_archive(to="区档案馆", key=uuid4(), **here(w, case)),
        lambda: packages.take_archive(reader=None, key=uuid4(), **here(w, case)),
    ):
        with pytest.raises(errors.ArchiveNotSound):
            refused()
    assert ArchiveRecord.objects.get().handed_on is None


def test_what_was_handed_over_is_not_made_again_but_the_name_can_be_put_right(w):
    case = archived(w)
    made(w, case)
    packages.check_archive(key=uuid4(), **here(w, case))
    for to, wanted in (("  ", errors.ArchiveReceiverMissing), ("馆" * 61, errors.ArchiveReceiverMissing)):
        with pytest.raises(wanted):
            packages.hand_over_archive(to=to, key=uuid4(), **here(w, case))
    for to in ("区档案馆", "清禾区档案馆"):
        packages.hand_over_archive(to=to, key=uuid4(), **here(w, case))
    with pytest.raises(errors.ArchiveHanded):
        made(w, case)

    record = ArchiveRecord.objects.get()
    assert (record.handed_to, record.handed_on) == ("清禾区档案馆", DAY)


def test_files_too_large_for_one_package_are_refused(w, monkeypatch):
    monkeypatch.setattr(packages, "MEGABYTES", 0)
    with pytest.raises(errors.ArchiveTooLarge):
        made(w, archived(w))
    assert not ArchiveRecord.objects.exists()


def test_only_who_keeps_the_archive_of_an_archived_case_makes_its_package(w):
    open_case, case = f.accepted_case(w), archived(w)
    with pytest.raises(errors.NotArchivedYet):
        made(w, open_case)
    with pytest.raises(errors.ArchiveNotMade):
        packages.check_archive(key=uuid4(), **here(w, case))
    for by in (w.clerk, w.citizen):
        with pytest.raises(NotAuthorised):
            packages.make_archive(case_id=case.pk, retention="y30", by=by, at=NOW, key=uuid4())
    with pytest.raises(UnknownCode):
        packages.make_archive(retention="for ever", key=uuid4(), **here(w, case))
    for by in (w.clerk, w.citizen):
        with pytest.raises(NotAuthorised):
            packages.ask_archive(case_id=case.pk, deed="make", retention="y30", by=by, at=NOW, key=uuid4())
    assert not ArchiveWork.objects.exists()
    assert not ArchiveRecord.objects.exists()
    assert StoredFile.objects.filter(root_id=case.pk).exists()


def test_what_a_job_could_not_do_is_said_and_asked_for_again(w, monkeypatch):
    case = archived(w)
    work = asked(w, case)
    with pytest.raises(errors.ArchiveAtWork):
        asked(w, case, "make")
    monkeypatch.setattr(packages, "MEGABYTES", 0)
    failed = done(work)
    assert (failed.state, failed.file_id) == ("failed", None) and "兆字节" in failed.said
    assert selectors.archived(w.reviewer, selectors.Asked(DAY, DAY, stage="failed")) == [case]
    assert selectors.archived(w.reviewer, selectors.Asked(DAY, DAY, stage="none")) == []

    monkeypatch.undo()
    again = asked(w, case)
    assert not job.work(case.pk, failed.id, NOW), "a job of an earlier asking has nothing to do"
    assert done(again).state == "done"
    with pytest.raises(errors.ArchiveNotMade):
        asked(w, archived(w), "check")


def test_a_job_that_breaks_is_tried_three_times_and_then_tells_under_which_code(w, monkeypatch):
    case = archived(w)
    work = asked(w, case)
    monkeypatch.setattr(packages.bag, "pack", lambda *given: 1 / 0)

    tried = [job.work(case.pk, work.id, NOW) for _ in range(3)]

    failed = ArchiveWork.objects.get()
    assert tried == [False, False, True] and failed.state == "failed" and "代码" in failed.said
    assert not ArchiveRecord.objects.exists()


def test_a_job_struck_down_is_queued_again_and_the_package_is_made_once(w, monkeypatch):
    case = archived(w)
    work = asked(w, case)
    keeping = job._keep
    monkeypatch.setattr(job, "_keep", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        job.work(case.pk, work.id, NOW)
    monkeypatch.setattr(job, "_keep", keeping)

    assert job.sweep(NOW) == 0 and job.sweep(NOW + 2 * job.PATIENCE) == 1
    done(work)
    assert AuditEntry.objects.filter(action="case.make_archive").count() == 1
    with pytest.raises(errors.ArchiveNotKept):
        packages.take_archive(reader=None, key=uuid4(), **here(w, case))
    assert done(asked(w, case, "check")).file_id
    assert packages.take_archive(reader=None, key=uuid4(), **here(w, case))[:2] == b"PK"


def test_who_lost_the_post_meanwhile_has_nothing_made(w, monkeypatch):
    case = archived(w)
    work = asked(w, case)
    ArchiveWork.objects.update(asked_post=uuid4())

    assert done(work).state == "failed" and not ArchiveRecord.objects.exists()
