"""Two workers hear the same decision at the same moment."""

import threading

from django.db import connections

from mingqu.certificates import services
from mingqu.certificates.models import Certificate
from mingqu.certificates.tests.factories import AT, FIELDS, SYSTEM, TYPE, food_licence_type, grant, organ
from mingqu.certificates.types import Holder
from mingqu.kernel.ids import new_id


def test_two_workers_at_once_issue_one_certificate(committed_db):
    organ()
    food_licence_type()
    given, holder, results = grant(), Holder("person", new_id(), "张三"), []

    def work():
        try:
            results.append(
                services.issue(grant=given, type_code=TYPE, holder=holder, fields=FIELDS, by=SYSTEM, at=AT)
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(results) == 2
    assert results[0] == results[1]
    assert Certificate.objects.count() == 1
