"""A change and a revocation of the same certificate at the same moment: one of them, never half of both."""

from mingqu.certificates import services
from mingqu.certificates.models import Certificate
from mingqu.certificates.tests.factories import AT, REVOKED, SYSTEM, grant, issued, organ
from mingqu.certificates.tests.test_imports_race import at_once
from mingqu.certificates.types import Holder
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id


def test_a_change_meets_a_revocation(committed_db):
    """行政许可法 49, 69."""
    first = issued()
    leader = people.staff_actor("approver", department_id=organ())
    row = Certificate.objects.get(pk=first.certificate_id)
    officer = people.staff_actor("reviewer", department_id=organ())
    services.propose_revocation(certificate_id=row.pk, order=REVOKED, by=officer, at=AT, key=new_id())
    holder, given = Holder("person", row.holder_id, row.holder_name), grant()

    refused = at_once(
        lambda: services.change(
            grant=given, certificate_id=row.pk, holder=holder, fields={"name": "新名"}, by=SYSTEM, at=AT
        ),
        lambda: services.revoke(certificate_id=row.pk, by=leader, at=AT, key=new_id()),
    )

    states = list(Certificate.objects.order_by("version").values_list("status", flat=True))
    assert refused == ["certificate_not_in_force"]
    assert states in (["changed", "valid"], ["revoked"])
