"""Imports of another place, and certificates of others named in an address: nobody learns or does anything."""

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate, ImportBatch
from mingqu.certificates.tests import tables as t
from mingqu.documents import services as documents
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SECRET = "绝无仅有的持证人"
ROUTES = ("import_batch", "import_wrong_rows", "import_confirm", "import_undo")


@pytest.fixture
def batches(db):
    steward = t.world()
    number = t.person_number(5)
    waiting = t.checked(steward, t.row(1, 持证人名称=SECRET, 持证人证件号码=number), t.row(2, 证照编号=""))
    return waiting, t.imported(steward, t.row(9)), {SECRET, number}


def stranger(who: str) -> Client:
    client = Client()
    if who == "nobody":
        return client
    if who == "citizen":
        return people.signed_in(client, people.citizen("王生人")[0])
    place = people.department("别区局", region="990105000000")
    return people.signed_in(client, people.staff_user("周敏", people.post(place, who)))


@pytest.mark.parametrize(
    "who", ["nobody", "citizen", "window_clerk", "approver", "system_officer", "data_steward"]
)
def test_a_batch_is_neither_read_nor_changed_from_elsewhere(batches, who):
    waiting, imported, secrets = batches
    client = stranger(who)
    before = list(ImportBatch.objects.order_by("id").values_list("id", "state", "imported"))

    for batch in (waiting, imported):
        for name in ROUTES:
            for method in ("get", "post"):
                given = {"key": str(new_id()), "looked": "on"}
                answer = getattr(client, method)(reverse(f"certificates:{name}", args=[batch.pk]), given)
                assert answer.status_code in {302, 403, 404, 405}, (name, method)
                assert "/certificate-imports/" not in answer.headers.get("Location", "").split("next=")[0]
                assert not any(secret.encode() in answer.content for secret in secrets)
    answer = client.get(reverse("certificates:imports"))
    assert str(waiting.pk).encode() not in answer.content
    assert list(ImportBatch.objects.order_by("id").values_list("id", "state", "imported")) == before
    assert Certificate.objects.count() == 1


def test_the_certificate_of_somebody_else_named_in_an_address_tells_nothing(db, settings):
    w = f.world()
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        by=f.SYSTEM,
        at=f.FRIDAY_NOON,
        key=new_id(),
    )
    issued = issue_certificate(case_id=f.decided_case(w).pk, at=f.FRIDAY_NOON)
    client, start = stranger("citizen"), reverse("cases:start", args=["QH-SPJYXK"])

    there = client.get(start, {"_handling": "02", "_certificate": issued.number})
    absent = client.get(start, {"_handling": "02", "_certificate": "JY0000000000000000"})

    assert there.status_code == absent.status_code == 400
    words = there.content.decode().replace(issued.number, "JY0000000000000000")
    assert "没有找到这个证照" in words and f.ANSWERS["premises"] not in words and w.citizen.name not in words
