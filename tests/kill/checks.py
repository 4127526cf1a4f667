"""
What must hold once an installation has come to rest after kills, whatever was killed.

    python -m tests.kill.checks [--rest] [JOURNAL…]

A program with Django on the installation's database. Prints JSON: what was found wrong (a list of sentences), and
how much was looked at (so that an empty list means something). `--rest`: it only waits until nothing is under way.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from mingqu.kernel.receipts import Report

RESTS_WITHIN = 180.0  # seconds
STILL = 5.0  # seconds without any movement
LATER = timedelta(minutes=10)  # past the time after which a sweep takes a worker for dead
IN_THE_LEDGER = (
    "SELECT (SELECT count(*) FROM kernel_auditentry), (SELECT count(*) FROM kernel_checkpointleaf),"
    " (SELECT count(*) FROM kernel_unsealedentry)"
)
# What each command of a case tells the rooms above; one entry in the ledger, one event.
TELLS = {
    "case.file": "cases.received",
    "case.accept": "cases.accepted",
    "case.deem_accepted": "cases.accepted",
    "case.ask_correction": "cases.correction_asked",
    "case.refuse_acceptance": "cases.not_accepted",
    "case.review": "cases.step_completed",
    "case.check": "cases.step_completed",
    "case.return_inside": "cases.returned_inside",
    "case.pause": "cases.suspended",
    "case.resume": "cases.resumed",
    "case.extend": "cases.extended",
    "case.terminate": "cases.terminated",
    "case.deem_renewed": "cases.decided",
    "case.decide": "cases.decided",
    "case.withdraw": "cases.withdrawn",
    "case.deliver": "cases.delivered",
    "documents.finish": "documents.document_ready",
    "certificate.issue": "certificates.certificate_issued",
    "certificate.attach_file": "certificates.certificate_ready",
}


def come_to_rest() -> list[str]:
    """
    Wait until nothing is under way; what is still not done at the end.

    What stays under way although nothing moves was a killed worker's. The sweep for it is then called as if ten
    minutes had passed, since time is an argument of it.
    """
    from django.utils import timezone

    from mingqu.documents import services as documents

    deadline, moved = time.monotonic() + RESTS_WITHIN, time.monotonic()
    before = left = under_way()
    while left:
        if left != before:
            before, moved = left, time.monotonic()
        if time.monotonic() > deadline:
            return [f"never came to rest: {left}"]
        if time.monotonic() - moved > STILL:
            documents.sweep(timezone.now() + LATER)
            moved = time.monotonic()
        time.sleep(0.2)
        left = under_way()
    return []


def under_way() -> dict[str, int]:
    """Events not delivered, papers not made, entries not sealed; empty at rest."""
    from mingqu.documents.models import DocumentRequest
    from mingqu.kernel.models import OutboxEvent, UnsealedEntry

    counts = {
        "events": OutboxEvent.objects.filter(done_at=None).count(),
        "papers": DocumentRequest.objects.filter(state__in=("waiting", "rendering")).count(),
        "unsealed": UnsealedEntry.objects.count(),
    }
    return {name: count for name, count in counts.items() if count}


def everything_acknowledged_is_there(journal: list[dict[str, Any]]) -> Iterator[str]:
    from mingqu.kernel.models import AuditEntry, CommandRecord

    entries = Counter(AuditEntry.objects.values_list("root_id", "action"))
    for line in journal:
        if line["what"] == "wrong":
            yield f"a client of {line['root']}: {line['why']}"
        if line["what"] != "done":
            continue
        found = CommandRecord.objects.filter(root_id=line["root"], key=line["key"]).first()
        if found is None:
            yield f"{line['name']} of {line['root']} was acknowledged and is lost"
        elif line["result"] is not None and not line["result"].items() >= kept(found.result).items():
            yield f"{line['name']} of {line['root']} kept {found.result}, but answered {line['result']}"
        if not entries[UUID(line["root"]), found.name if found else line["name"]]:
            yield f"{line['name']} of {line['root']} has no entry in the ledger"


def kept(result: Any) -> dict[str, Any]:
    """Of a first result what the record keeps: codes that open something are left empty in it."""
    return {name: value for name, value in (result or {}).items() if value != ""}


def each_command_has_one_entry() -> Iterator[str]:
    from mingqu.kernel.models import AuditEntry, CommandRecord

    records = Counter(CommandRecord.objects.values_list("root_id", "name"))
    acts = AuditEntry.objects.values_list("root_id", "action")
    # What turns out to be another deed stands in the ledger as that one; the key stays with what was called.
    called = {"case.check": "case.review", "case.ask_discretion": "case.decide"}
    entries = Counter((root, called.get(act, act)) for root, act in acts)
    for which in records.keys() | entries.keys():
        if records[which] != entries[which]:
            yield f"{which}: {records[which]} commands, {entries[which]} entries"


def each_entry_told_once() -> Iterator[str]:
    from mingqu.kernel.models import AuditEntry, OutboxEvent
    from mingqu.kernel.recording import EVENTS_PER_COMMAND

    told = Counter(
        (root, order // EVENTS_PER_COMMAND, name)
        for root, order, name in OutboxEvent.objects.values_list("root_id", "order", "name")
    )
    for root, seq, action in AuditEntry.objects.values_list("root_id", "seq", "action"):
        if action in TELLS and told[root, seq, TELLS[action]] != 1:
            yield f"{action} of {root} told {TELLS[action]} {told[root, seq, TELLS[action]]} times"


def each_event_reached_each_subscriber_once() -> Iterator[str]:
    from mingqu.kernel.events import SUBSCRIBERS
    from mingqu.kernel.models import DeadLetter, Delivery, OutboxEvent

    had: dict[UUID, set[str]] = {}
    for event, subscriber in Delivery.objects.values_list("event_id", "subscriber"):
        had.setdefault(event, set()).add(subscriber)
    for event, name in OutboxEvent.objects.values_list("event_id", "name"):
        wanted = {subscriber.name for subscriber in SUBSCRIBERS.get(name, [])}
        if had.get(event, set()) != wanted:
            yield f"{name} {event} reached {sorted(had.get(event, set()))}, not {sorted(wanted)}"
    for letter in DeadLetter.objects.all():
        yield f"{letter.subscriber} refused {letter.event_name} of {letter.root_id}: {letter.error}"


def side_effects_happened_once() -> Iterator[str]:
    from mingqu.cases.models import Case
    from mingqu.cases.selectors import definition_of
    from mingqu.certificates.models import Certificate, CertificateDirectory
    from mingqu.documents.models import DocumentRequest
    from mingqu.notifications.models import InboxMessage

    once: list[tuple[str, Any]] = [
        ("message", InboxMessage.objects.values_list("person_id", "about_id", "kind")),
        ("paper", DocumentRequest.objects.values_list("root_id", "kind")),
        # Those of the paper register (存量证照) come from no case.
        ("certificate", Certificate.objects.exclude(case_id=None).values_list("case_id", "type_id")),
        ("case number", Case.objects.values_list("number")),
        ("certificate number", Certificate.objects.values_list("number")),
        ("文号", DocumentRequest.objects.exclude(number="").values_list("number")),
    ]
    for what, rows in once:
        for which, times in Counter(rows).items():
            if times > 1:
                yield f"{times} times one {what}: {which}"
    for case in Case.objects.all():
        # Of a part of a bundle (一件事) the applicant is told with the bundle, once for all parts.
        about = case.bundle_id or case.pk
        told = set(InboxMessage.objects.filter(about_id=about).values_list("kind", flat=True))
        if not {"case_received", "bundle_received"} & told:
            yield f"nobody told the applicant that {case.number} was received"
        licence = definition_of(case).result.is_certificate  # else the decision is the result
        decided = f"case_{case.outcome}" if licence or case.outcome != "granted" else "case_document_granted"
        if case.outcome and case.bundle_id is None and decided not in told:
            yield f"nobody told the applicant that {case.number} was {case.outcome}"
        held = Certificate.objects.filter(case_id=case.pk).count()
        if held != (licence and case.outcome == "granted"):
            yield f"{case.number} ({case.outcome}) has {held} certificates"
        at_counter = case.delivery_way == Case.DeliveryWay.WINDOW
        if case.outcome and not at_counter and case.status not in ("delivered", "archived"):
            yield f"{case.number} was decided, its paper made, and it is not delivered"
    if CertificateDirectory.objects.filter(kind="number").count() != Certificate.objects.count():
        yield "certificates and their directory differ"


def numbers_have_no_gap() -> Iterator[str]:
    """Allocated inside the command's transaction: what did not happen took no number."""
    from mingqu.cases.models import Case, CaseNumber
    from mingqu.kernel.models import NumberSeries

    for series in NumberSeries.objects.filter(kind="case"):
        same = Case.objects.filter(number__startswith=f"{series.organ}{series.period}")
        serials = sorted(int(number[-6:]) for number in same.values_list("number", flat=True))
        if serials != list(range(1, series.last + 1)):
            yield f"{series.last} numbers of {series.organ} {series.period} were given out, there are {serials}"
    if dict(CaseNumber.objects.values_list("number", "case_id")) != dict(
        Case.objects.values_list("number", "pk")
    ):
        yield "cases and their directory of numbers differ"


def the_ledger_holds() -> Iterator[str]:
    """Every chain, every seal, and the chain of checkpoints."""
    from datetime import UTC

    from django.db import connection

    from mingqu.kernel import audit, signatures
    from mingqu.kernel.models import AuditEntry, Checkpoint, CheckpointLeaf

    for root in AuditEntry.objects.values_list("root_id", flat=True).distinct():
        report = _report(root)
        if "全部已封存" not in report.summary:  # a sweep may just have added to it: the site goes on
            come_to_rest()
            report = _report(root)
        if not report.intact or "全部已封存" not in report.summary:
            yield f"{root}: {report.summary} {report.findings}"
    previous = audit.GENESIS
    for number, point in enumerate(Checkpoint.objects.order_by("number"), start=1):
        leaves = CheckpointLeaf.objects.filter(checkpoint=number).count()
        body = audit.checkpoint_body(
            point.number, point.at.astimezone(UTC).isoformat(), point.size, bytes(point.root), previous
        )
        if (point.number, bytes(point.previous), point.size) != (number, previous, leaves):
            yield f"checkpoint {point.number} does not follow the one before, or lacks leaves"
        if not signatures.holds(point.signer.public_pem, bytes(point.signature), body):
            yield f"the signature of checkpoint {point.number} does not hold"
        previous = bytes(point.digest)
    with connection.cursor() as cursor:
        # One statement, one moment: the site goes on, and a sweep may add an entry while this is asked.
        cursor.execute(IN_THE_LEDGER)
        entries, sealed, waiting = cursor.fetchone()
    if entries != sealed + waiting:
        yield f"{entries} entries, {sealed} under a checkpoint and {waiting} on their way to one"


def _report(root: UUID) -> Report:
    """Of the receipt of this root, as anybody who holds it verifies it."""
    from mingqu.kernel import ledger, receipts

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "receipt.json"
        path.write_text(json.dumps(ledger.receipt(root)), "utf-8")
        return receipts.verify_file(path)


def rows_are_what_their_ledgers_say() -> Iterator[str]:
    from mingqu.cases.models import Case
    from mingqu.cases.services.service_check import check_services
    from mingqu.clocks import selectors as clocks
    from mingqu.clocks import services as clock_services
    from mingqu.process import selectors as process

    for differing in clock_services.check_stored():
        yield f"stored due date: {differing}"
    yield from check_services()
    for case in Case.objects.all():
        if case.due_on != clocks.due_on(case.pk):
            yield f"{case.number} is due {case.due_on}, by its clock {clocks.due_on(case.pk)}"
        if case.instance_id and (found := process.differences(case.pk, case.instance_id)):
            yield f"the process of {case.number} differs from its history: {found}"


def every_paper_is_ready_and_sealed() -> Iterator[str]:
    from mingqu.documents import rules
    from mingqu.documents import services as documents
    from mingqu.documents.models import DocumentRequest, StoredFile
    from mingqu.documents.storage import digest_of, get
    from mingqu.kernel.crypto import NotDecryptable

    broken = set()
    for file in StoredFile.objects.all():
        try:
            whole = digest_of(get(file.address)) == bytes(file.digest)
        except (NotDecryptable, FileNotFoundError):
            whole = False
        if not whole:
            broken.add(file.id)
            yield f"file {file.id} of {file.root_id} is not what was stored"
    for paper in DocumentRequest.objects.all():
        if paper.state != "ready" or paper.file_id is None:
            yield f"{paper.kind} of {paper.root_id} is {paper.state} {paper.reason}"
        if paper.state != "ready" or paper.file_id is None or paper.file_id in broken:
            continue
        pdf = documents.read_file(paper.root_id, paper.file_id)
        if rules.KINDS[paper.kind].sealed and not documents.verify_pdf(pdf, ours=True).trusted:
            yield f"{paper.kind} of {paper.root_id} bears no seal that can be trusted"
    papers = DocumentRequest.objects.values_list("root_id", "kind")
    files = StoredFile.objects.filter(kind__in=set(rules.KINDS)).values_list("root_id", "kind")
    if Counter(papers) != Counter(files):
        yield f"papers made and not kept, or kept twice: {Counter(files) - Counter(papers)}"


def no_job_waits() -> Iterator[str]:
    """A job may have failed or died with its worker; a job that still waits has found no worker."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        if count := cursor.fetchone()[0]:
            yield f"{count} jobs wait"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    each_command_has_one_entry,
    each_entry_told_once,
    each_event_reached_each_subscriber_once,
    side_effects_happened_once,
    numbers_have_no_gap,
    the_ledger_holds,
    rows_are_what_their_ledgers_say,
    every_paper_is_ready_and_sealed,
    no_job_waits,
)


def amounts() -> dict[str, int]:
    from mingqu.cases.models import Case
    from mingqu.certificates.models import Certificate
    from mingqu.documents.models import DocumentRequest
    from mingqu.kernel.models import AuditEntry, OutboxEvent
    from mingqu.notifications.models import InboxMessage

    counted = (Case, Certificate, DocumentRequest, AuditEntry, OutboxEvent, InboxMessage)
    return {model.__name__: model.objects.count() for model in counted}


def main() -> None:
    import django

    django.setup()
    only_rest, paths = "--rest" in sys.argv, [path for path in sys.argv[1:] if path != "--rest"]
    journal = [json.loads(line) for path in paths for line in Path(path).read_text("utf-8").splitlines()]
    wrong = come_to_rest()
    wrong += everything_acknowledged_is_there(journal)
    for check in () if only_rest else CHECKS:
        wrong += check()
    acknowledged = sum(line["what"] == "done" for line in journal)
    print(
        json.dumps(
            {"wrong": wrong, "amounts": amounts() | {"acknowledged": acknowledged}}, ensure_ascii=False
        )
    )


if __name__ == "__main__":
    main()
