"""A real worker takes the job from the real queue, also after another was killed in the middle."""

from datetime import timedelta

from procrastinate.contrib.django import app

from mingqu.documents import selectors, services
from mingqu.documents.models import DocumentRequest
from mingqu.documents.tests.samples import AT, ORGAN
from mingqu.documents.tests.test_making import CLERK, ask
from mingqu.kernel.ids import new_id


def run_worker() -> None:
    app.with_connector(app.connector.get_worker_connector()).run_worker(
        wait=False, queues=["documents"], install_signal_handlers=False, listen_notify=False
    )


def test_a_worker_makes_what_a_command_asked_for(committed_db):
    services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=CLERK, at=AT, key=new_id()
    )
    root_id, request_id = ask()

    run_worker()

    document = selectors.document(root_id, request_id)
    assert document.state == "ready"
    assert services.read_file(root_id, document.file_id).startswith(b"%PDF-")


def test_what_a_killed_worker_left_is_made_by_the_next_after_the_sweep(committed_db):
    services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=CLERK, at=AT, key=new_id()
    )
    root_id, request_id = ask()
    # As kill -9 leaves it: the job is `doing` for ever, the document is claimed.
    app.connector.execute_query("UPDATE procrastinate_jobs SET status = 'doing', attempts = 1")
    DocumentRequest.objects.update(state="rendering", attempts=1, started_at=AT)

    run_worker()
    assert selectors.document(root_id, request_id).state == "rendering"
    services.sweep(AT + timedelta(minutes=10))
    run_worker()

    assert selectors.document(root_id, request_id).state == "ready"
