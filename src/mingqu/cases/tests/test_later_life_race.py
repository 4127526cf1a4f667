"""Two applications on the same certificate at the same moment."""

import threading

from django.db import connections

from mingqu.cases import errors
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_later_life import draft, file, licence
from mingqu.documents import services as documents
from mingqu.kernel.ids import new_id


def test_two_applications_on_one_certificate_at_the_same_moment_one_is_taken_in(committed_db):
    w = f.world()
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        by=f.SYSTEM,
        at=f.FRIDAY_NOON,
        key=new_id(),
    )
    first = licence(w)
    started = [draft(w, "change", first.certificate_id, f.FRIDAY_NOON) for _ in range(2)]
    results = []

    def work(one):
        try:
            results.append(file(w, one, f.FRIDAY_NOON).number)
        except errors.CertificateBusy as refused:
            results.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(one,)) for one in started]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(r == "certificate_busy" for r in results) == [False, True]
    assert Case.objects.filter(acts_on_id=first.certificate_id).count() == 1
