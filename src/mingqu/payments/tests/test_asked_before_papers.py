"""Who has paid waits at the page: the bank is asked before the papers that are queued already."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from procrastinate.contrib.django import app as jobs

from mingqu.payments import services
from mingqu.payments.services.hearing import LOOK
from mingqu.payments.tests import factories as f

pytestmark = pytest.mark.django_db
PAPERS = 30


def next_task() -> str:
    """As the one worker fetches it."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        cursor.execute("SELECT task_name FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
        return cursor.fetchone()[0]


def test_a_payment_is_asked_for_before_papers_that_were_queued_earlier():
    for _ in range(PAPERS):
        jobs.configure_task("documents.make", queue="documents").defer(
            root_id=str(uuid4()), request_id=str(uuid4())
        )
    f.begin(f.notice())

    services.sweep(f.AT + timedelta(minutes=5))

    assert next_task() == LOOK
