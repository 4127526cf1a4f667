"""`mingqu check --production` names officers nobody is, and organs without a seal."""

import pytest

from mingqu.config.commands.check import missing_officers
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db


def test_each_officer_nobody_is_is_named_with_what_nobody_can_do_then():
    people.staff_user("系统", people.post(None, "system_officer"))

    said = list(missing_officers(people.NOON))

    assert [one.split(":")[0] for one in said[:2]] == [
        "Nobody is security_officer",
        "Nobody is audit_officer",
    ]
    assert "no seal is made" in said[0] and "mingqu setup --officer security_officer" in said[0]


def test_with_all_three_only_organs_without_a_seal_are_left():
    for role in ("system_officer", "security_officer", "audit_officer"):
        people.staff_user(role, people.post(None, role))
    assert not [one for one in missing_officers(people.NOON) if "Nobody" in one]

    people.department("清禾区水务局")

    assert "have no seal" in list(missing_officers(people.NOON))[-1]
