"""Identity before numbers: a firm known by its reserved name keeps its id when its credit code comes."""

import threading

import pytest
from django.db import connections

from mingqu.identity import selectors, services
from mingqu.identity.errors import FirmBound, NotAuthorised, NumberTaken
from mingqu.identity.models import Firm, PartyNumber
from mingqu.identity.tests import factories
from mingqu.identity.types import NewFirm
from mingqu.kernel.identifiers import CreditCode, IdentifierRefused
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor

BY = {"by": factories.SYSTEM, "at": factories.NOON}


def credit_code(subject):
    return str(CreditCode.build("9", "1", "990104", subject[:8]))


def provisional(name="澜州市望渠餐饮有限公司"):
    draft = NewFirm(name, reserved_name_number="ZS20260007")
    return services.create_firm(draft=draft, **BY, key=new_id())


def bind(firm_id, code, **given):
    return services.bind_firm(firm_id=firm_id, credit_code=code, **{**BY, "key": new_id()} | given)


@pytest.mark.django_db
def test_the_code_comes_and_the_firm_stays_the_same():
    firm_id, code = provisional(), credit_code("MA000007")

    bind(firm_id, code.lower(), name="澜州市望渠餐饮管理有限公司")

    firm = selectors.firm(firm_id)
    assert (firm.credit_code, firm.name) == (code, "澜州市望渠餐饮管理有限公司")
    assert firm.reserved_name_number == "ZS20260007", "how it began stays known"
    assert selectors.party_with_number("credit_code", code) == firm_id
    assert AuditEntry.objects.filter(root_id=firm_id, action="identity.bind_firm").count() == 1


@pytest.mark.django_db
def test_binding_again_changes_nothing_and_another_code_is_refused():
    firm_id, code = provisional(), credit_code("MA000007")
    key = new_id()
    bind(firm_id, code, key=key)

    bind(firm_id, code, key=key)
    bind(firm_id, code)
    with pytest.raises(FirmBound):
        bind(firm_id, credit_code("MA000008"))

    assert PartyNumber.objects.filter(party_id=firm_id).count() == 1


@pytest.mark.django_db
def test_a_wrong_check_digit_and_another_firms_code_leave_it_provisional():
    code = credit_code("MA000007")
    bind(provisional(), code)
    other = provisional("另一家")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    with pytest.raises(IdentifierRefused) as refused:
        bind(other, wrong)
    assert refused.value.field == "credit_code"
    with pytest.raises(NumberTaken):
        bind(other, code)
    with pytest.raises(NumberTaken):
        services.require_free(code, other)

    assert selectors.firm(other).credit_code == ""


@pytest.mark.django_db
def test_only_who_registers_firms_binds_their_codes():
    with pytest.raises(NotAuthorised):
        bind(provisional(), credit_code("MA000007"), by=Actor("citizen", new_id()))


def test_two_firms_that_claim_one_code_at_once_do_not_both_get_it(committed_db):
    firms, code, start = (
        [provisional("甲"), provisional("乙")],
        credit_code("MA000009"),
        threading.Barrier(2),
    )
    outcomes = []

    def claim(firm_id):
        try:
            start.wait()
            bind(firm_id, code)
            outcomes.append("bound")
        except NumberTaken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=(firm,)) for firm in firms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["bound", "taken"]
    assert Firm.objects.filter(credit_code=code).count() == 1
