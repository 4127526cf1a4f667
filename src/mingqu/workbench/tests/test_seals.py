"""电子印章: the system officer gives organs their seals; nobody else does, and no seal is replaced without a reason."""

import pytest

from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.documents.errors import SealReasonMissing, SealUnavailable
from mingqu.documents.models import OrganKey
from mingqu.documents.services import seal_pdf
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Department
from mingqu.kernel.ids import new_id
from mingqu.workbench import services

pytestmark = pytest.mark.django_db


def provide(by, organ="QH-SCJG", reason=""):
    services.provide_seal(organ_code=organ, reason=reason, by=by, at=f.people.NOON, key=new_id())


def test_an_organ_without_a_seal_gets_one_and_another_only_for_a_reason():
    w = f.world()
    with pytest.raises(SealUnavailable) as refused:
        seal_pdf(b"", organ_code="QH-SCJG", reason="", at=f.people.NOON)
    assert refused.value.message.startswith("澜州市清禾区市场监督管理局还没有可用的电子印章")
    with pytest.raises(NotAuthorised):
        provide(w.reviewer)
    organ = Department.objects.get(code="QH-ZWZX").pk
    officer = f._post("PT-XTGLY", "系统管理员", organ, "system_officer", organ)

    provide(officer)

    first = documents.organ_keys()["QH-SCJG"].fingerprint
    with pytest.raises(SealReasonMissing):
        provide(officer)
    provide(officer, reason="证书到期")
    keys = OrganKey.objects.filter(organ_code="QH-SCJG")
    assert keys.count() == 2 and keys.get(fingerprint=first).retired_at is not None
    assert documents.organ_keys()["QH-SCJG"].fingerprint != first
