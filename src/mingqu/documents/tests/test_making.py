"""Documents asked for inside a command and made in a job: once, off the path, with a state everyone sees."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from mingqu.documents import errors, selectors, services
from mingqu.documents.events import DocumentFailed, DocumentReady
from mingqu.documents.models import DocumentRequest, OrganKey, StoredFile
from mingqu.documents.seals import verify
from mingqu.documents.services import making, seals
from mingqu.documents.tests.samples import AT, DATA, ORGAN, pdf
from mingqu.identity.tests import factories as people
from mingqu.kernel.commands import command
from mingqu.kernel.errors import NoCommand
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.second_person import DeedNotAsked, SecondPersonNeeded
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db
CLERK, SECOND = Actor.system("test"), Actor.system("second")
MINUTE = timedelta(minutes=1)
REGION = "990104000000"


def owner_command(root_id: UUID, at=AT):
    return command("test.case", root_id, by=CLERK, at=at, key=new_id())


def ask(kind: str = "acceptance_notice", root_id: UUID | None = None, **changes: object) -> tuple[UUID, UUID]:
    root_id = root_id or new_id()
    with owner_command(root_id) as cmd:
        request_id = services.request_document(
            root_id=root_id,
            kind=kind,
            organ_code="QH-SCJG",
            region_code=REGION,
            data=DATA[kind] | changes,
            at=AT,
        )
        cmd.done(None)
    return root_id, request_id


def make(root_id: UUID, request_id: UUID, at=AT + MINUTE) -> str:
    return services.make_document(root_id=root_id, request_id=request_id, at=at)


def events_of(root_id: UUID) -> list[str]:
    return list(OutboxEvent.objects.filter(root_id=root_id).order_by("order").values_list("name", flat=True))


@pytest.fixture
def seal():
    services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=CLERK, at=AT, key=new_id()
    )


def test_asking_makes_nothing_yet_but_queues_a_job_with_ids_only():
    root_id, request_id = ask()

    assert selectors.document(root_id, request_id).state == "waiting"
    job = ProcrastinateJob.objects.get(task_name="documents.make")
    assert job.args == {"root_id": str(root_id), "request_id": str(request_id)}


def test_a_refused_command_asks_for_nothing():
    root_id = new_id()
    with pytest.raises(RuntimeError), owner_command(root_id):
        services.request_document(
            root_id=root_id,
            kind="receipt",
            organ_code="QH-SCJG",
            region_code=REGION,
            data=DATA["receipt"],
            at=AT,
        )
        raise RuntimeError

    assert not DocumentRequest.objects.filter(root_id=root_id).exists()
    assert not ProcrastinateJob.objects.filter(task_name="documents.make").exists()


def test_outside_a_command_nothing_can_be_asked_for():
    with pytest.raises(NoCommand):
        services.request_document(
            root_id=new_id(),
            kind="receipt",
            organ_code="QH-SCJG",
            region_code=REGION,
            data=DATA["receipt"],
            at=AT,
        )


@pytest.fixture
def read_here(monkeypatch):
    """Seals are read in this process: one of its own takes half a second, and other tests of this file start it."""
    monkeypatch.setattr(seals.apart, "verify_apart", verify.verify_pdf)


@pytest.mark.parametrize("kind", sorted(DATA))
def test_the_job_makes_a_sealed_document_that_verifies(kind, seal, read_here):
    root_id, request_id = ask(kind)

    assert make(root_id, request_id) == "ready"

    document = selectors.document(root_id, request_id)
    data = services.read_file(root_id, document.file_id)
    report = services.verify_pdf(data)
    assert report.valid
    assert (report.signer, report.signed_at) == (ORGAN, AT + MINUTE)
    assert events_of(root_id) == [DocumentReady.name]


def test_a_job_that_runs_twice_makes_one_document(seal):
    root_id, request_id = ask()

    assert [make(root_id, request_id), make(root_id, request_id)] == ["ready", "ready"]

    assert StoredFile.objects.filter(root_id=root_id).count() == 1
    assert events_of(root_id) == [DocumentReady.name]


def test_data_is_fixed_when_asked_and_kept_encrypted(seal):
    root_id, _ = ask()

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM documents_documentrequest WHERE root_id = %s", [root_id])
        (raw,) = cursor.fetchone()
    assert "张三".encode() not in bytes(raw)
    assert DocumentRequest.objects.get(root_id=root_id).data["recipient"] == "张三"


def test_a_missing_glyph_ends_as_a_clerks_task_with_its_reason(seal):
    root_id, request_id = ask(recipient="张\U00031350")

    assert make(root_id, request_id) == "failed"

    document = selectors.document(root_id, request_id)
    assert document.reason == "glyph_missing"
    assert document.detail.startswith("文书里有字库缺少的字，")
    assert not any(said in document.detail for said in ("31350", "\U00031350", "张")), "nothing of a name"
    assert events_of(root_id) == [DocumentFailed.name]


def test_an_organ_without_a_seal_fails_and_can_be_tried_again_once_it_has_one():
    root_id, request_id = ask()
    assert make(root_id, request_id) == "failed"
    assert selectors.document(root_id, request_id).reason == "seal_unavailable"

    services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=CLERK, at=AT, key=new_id()
    )
    with owner_command(root_id) as cmd:
        services.retry_document(root_id=root_id, request_id=request_id, at=AT + MINUTE)
        cmd.done(None)

    assert make(root_id, request_id, AT + 2 * MINUTE) == "ready"


def test_only_a_failed_document_is_tried_again(seal):
    root_id, request_id = ask()
    make(root_id, request_id)

    with pytest.raises(errors.DocumentNotRetryable), owner_command(root_id):
        services.retry_document(root_id=root_id, request_id=request_id, at=AT)
    with pytest.raises(errors.FileNotFound), owner_command(root_id):
        services.retry_document(root_id=root_id, request_id=new_id(), at=AT)


def test_the_sweep_takes_back_a_document_whose_worker_died(seal):
    root_id, request_id = ask()
    DocumentRequest.objects.filter(root_id=root_id).update(state="rendering", attempts=1, started_at=AT)

    assert services.sweep(AT + MINUTE) == 0
    assert services.sweep(AT + 4 * MINUTE) == 1

    assert ProcrastinateJob.objects.filter(task_name="documents.make").count() == 2
    assert make(root_id, request_id, AT + 5 * MINUTE) == "ready"


def test_the_sweep_queues_again_what_lost_its_job_but_not_at_every_turn(seal):
    ask()
    assert services.sweep(AT + 6 * MINUTE) == 1
    assert services.sweep(AT + 7 * MINUTE) == 0


def test_a_worker_given_up_for_dead_changes_nothing_when_it_comes_back(seal, monkeypatch):
    root_id, request_id = ask()
    slow = making._sealed

    def overtaken(row, at):
        """While this one renders, the sweep takes the document back and another worker finishes it."""
        monkeypatch.setattr(making, "_sealed", slow)
        services.sweep(AT + 10 * MINUTE)
        assert make(root_id, request_id, AT + 10 * MINUTE) == "ready"
        return slow(row, at)

    monkeypatch.setattr(making, "_sealed", overtaken)
    assert make(root_id, request_id) == "ready"

    assert StoredFile.objects.filter(root_id=root_id).count() == 1
    assert events_of(root_id) == [DocumentReady.name]


def test_a_renderer_that_keeps_failing_is_given_up_after_five_goes(seal, monkeypatch):
    root_id, request_id = ask()

    def broken(row, at):
        raise errors.RenderingFailed()

    monkeypatch.setattr(making, "_sealed", broken)
    states = [make(root_id, request_id, AT + n * MINUTE) for n in range(1, 7)]

    assert states == ["waiting"] * 4 + ["failed"] * 2
    assert selectors.document(root_id, request_id).reason == "rendering_failed"


def test_numbers_of_documents_run_per_organ_kind_and_year():
    def number(organ: str, kind: str, at=AT) -> str:
        with owner_command(new_id(), at) as cmd:
            given = services.next_document_number(prefix="清禾市监食受", organ_code=organ, kind=kind, at=at)
            cmd.done(None)
        return given

    assert number("QH-SCJG", "acceptance_notice") == "清禾市监食受〔2026〕1号"
    assert number("QH-SCJG", "acceptance_notice") == "清禾市监食受〔2026〕2号"
    assert number("QH-SCJG", "decision_granted") == "清禾市监食受〔2026〕1号"
    assert number("QH-SWJ", "acceptance_notice") == "清禾市监食受〔2026〕1号"
    new_year_in_beijing = AT.replace(month=12, day=31, hour=16)
    assert number("QH-SCJG", "acceptance_notice", new_year_in_beijing) == "清禾市监食受〔2027〕1号"


@pytest.mark.parametrize(
    ("kind", "changes", "named"),
    [
        ("receipt", {"recipient": ""}, "recipient"),
        ("receipt", {"surprise": 1}, "surprise"),
        ("decision_refused", {"reasons": []}, "reasons"),
    ],
)
def test_a_document_with_a_field_missing_or_unknown_is_refused_by_name(kind, changes, named):
    with pytest.raises(errors.DocumentDataInvalid, match=named):
        ask(kind, **changes)


def test_an_unknown_kind_is_refused():
    with pytest.raises(errors.UnknownDocumentKind), owner_command(new_id()):
        services.request_document(
            root_id=new_id(), kind="poem", organ_code="X", region_code=REGION, data={}, at=AT
        )


def test_the_ledger_says_which_document_was_made_and_holds_nothing_personal(seal):
    root_id, request_id = ask()
    make(root_id, request_id)

    entry = AuditEntry.objects.get(root_id=root_id, action="documents.finish")
    assert entry.notes["number"] == "清禾市监食受〔2026〕318号"
    assert "张三" not in str(entry.notes)


def retire(at):
    given = {"organ_code": "QH-SCJG", "at": at}
    services.ask_retirement(**given, reason="机关撤销", by=CLERK, key=new_id())
    services.retire_organ_key(**given, by=SECOND, key=new_id())


def test_nobody_makes_or_retires_a_seal_alone():
    """SEC-05; GB/T 22239-2019."""
    organ = people.department(ORGAN, code="QH-SCJG")
    given = {"organ_code": "QH-SCJG", "at": AT}

    def provide(by):
        return services.provide_organ_key(**given, organ_name=ORGAN, by=by, key=new_id())

    with pytest.raises(DeedNotAsked):
        provide(CLERK)
    services.ask_seal(**given, organ_id=organ, reason="没有", by=CLERK, key=new_id())
    with pytest.raises(SecondPersonNeeded):
        provide(CLERK)
    assert not selectors.has_seal("QH-SCJG")
    provide(SECOND)
    assert selectors.has_seal("QH-SCJG")

    with pytest.raises(DeedNotAsked):
        services.retire_organ_key(**given, by=SECOND, key=new_id())
    services.ask_retirement(**given, reason="机关撤销", by=SECOND, key=new_id())
    with pytest.raises(SecondPersonNeeded):
        services.retire_organ_key(**given, by=SECOND, key=new_id())
    assert selectors.has_seal("QH-SCJG")
    services.retire_organ_key(**given, by=CLERK, key=new_id())
    assert not selectors.has_seal("QH-SCJG")
    with pytest.raises(errors.SealUnavailable):
        services.ask_retirement(**given, reason="机关撤销", by=SECOND, key=new_id())


def test_a_seal_made_at_the_founding_says_so_in_the_ledger(seal):
    assert AuditEntry.objects.get(action="documents.provide_seal").notes["founding"] is True


def test_an_organ_has_one_active_key_and_a_retired_one_stays_valid_for_what_it_signed(seal):
    first = services.seal_pdf(pdf(), organ_code="QH-SCJG", reason="x", at=AT + MINUTE)
    again = services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=CLERK, at=AT, key=new_id()
    )
    assert selectors.has_seal("QH-SCJG")

    retire(AT + 2 * MINUTE)

    assert services.verify_pdf(first).valid
    with pytest.raises(errors.SealUnavailable):
        services.seal_pdf(pdf(), organ_code="QH-SCJG", reason="x", at=AT + 3 * MINUTE)
    renewed = services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=CLERK, at=AT + 3 * MINUTE, key=new_id()
    )
    assert renewed != again
    assert services.verify_pdf(
        services.seal_pdf(pdf(), organ_code="QH-SCJG", reason="x", at=AT + 4 * MINUTE)
    ).valid


def test_what_a_retired_key_signs_later_is_not_trusted(seal):
    later = services.seal_pdf(pdf(), organ_code="QH-SCJG", reason="x", at=AT + 5 * MINUTE)
    retire(AT + 2 * MINUTE)

    report = services.verify_pdf(later)

    assert (report.intact, report.trusted) == (True, False)
    assert report.reasons == ("signer_not_valid_then",)


def kept(root_id: UUID, request_id: UUID) -> bytes:
    return services.read_file(root_id, selectors.document(root_id, request_id).file_id)


def retired_while(monkeypatch, then=lambda: None):
    """Two officers retire the key after it sealed and before the file is kept."""
    seal_it = making.sealed

    def slow(*given, **named):
        made = seal_it(*given, **named)
        OrganKey.objects.filter(pk=made[1]).update(retired_at=AT)
        monkeypatch.setattr(making, "sealed", seal_it)
        then()
        return made

    monkeypatch.setattr(making, "sealed", slow)


def test_a_paper_sealed_while_its_seal_was_replaced_is_sealed_anew_and_valid(seal, monkeypatch):
    another = {"organ_code": "QH-SCJG", "organ_name": ORGAN, "by": CLERK, "at": AT, "founding": True}
    retired_while(monkeypatch, lambda: services.provide_organ_key(**another, key=new_id()))
    root_id, request_id = ask()

    assert make(root_id, request_id) == "waiting" and not StoredFile.objects.exists()
    assert make(root_id, request_id, AT + 2 * MINUTE) == "ready"
    assert services.verify_pdf(kept(root_id, request_id)).valid


def test_a_paper_sealed_while_its_seal_was_retired_fails_for_a_clerk(seal, monkeypatch):
    retired_while(monkeypatch)
    root_id, request_id = ask()

    assert [make(root_id, request_id, AT + n * MINUTE) for n in (1, 2)] == ["waiting", "failed"]
    assert (errors.SealRetired.code, selectors.document(root_id, request_id).reason) == (
        "seal_retired",
        errors.SealUnavailable.code,
    )


def test_a_paper_kept_before_the_retirement_took_effect_stays_valid_though_that_is_dated_earlier(seal):
    root_id, request_id = ask()
    make(root_id, request_id, AT + 2 * MINUTE)
    OrganKey.objects.filter(organ_code="QH-SCJG").update(retired_at=AT + MINUTE)
    data = kept(root_id, request_id)

    assert services.verify_pdf(data, ours=True).trusted
    assert not services.verify_pdf(data).trusted, "of a file that was not made here nobody knows when"


def test_of_two_who_retire_a_seal_the_second_changes_nothing(seal):
    row = OrganKey.objects.get(organ_code="QH-SCJG")

    assert seals._retire(row, AT) and not seals._retire(row, AT + MINUTE)
    assert OrganKey.objects.get(pk=row.pk).retired_at == AT
