"""Consent and what depends on it, on two connections at once."""

from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.kernel.errors import DomainError
from mingqu.outreach import rules, services
from mingqu.outreach.models import Errand, HomeVisit
from mingqu.outreach.tests import factories as made
from mingqu.outreach.tests.test_errands import agree, sent
from mingqu.payments.tests.test_races import at_once

NOON = made.NOON


@pytest.fixture
def p(committed_db):
    return made.place(f.world())


def test_two_codes_at_once_leave_one_that_holds(p):
    row = made.errand(p, person=made.with_telephone(p.clerk))
    at_once(*[lambda: services.send_code(errand_id=row.pk, by=p.agent, at=NOON, key=uuid4())] * 2)
    from mingqu.notifications.models import Outgoing

    texts = Outgoing.objects.filter(kind="consent_code").order_by("created_at", "id")
    codes = [next(part for part in _numbers(one.text) if len(part) == rules.CODE_DIGITS) for one in texts]
    held = []
    for code in codes:
        try:
            agree(p, Errand.objects.get(pk=row.pk), code)
        except DomainError as refused:
            held.append(refused.code)
        else:
            held.append("agreed")
    assert sorted(held) in (["agreed", "consent_code_wrong"], ["agreed", "errand_not_now"])


def _numbers(text):
    return "".join(sign if sign.isdigit() else " " for sign in text).split()


def test_the_same_code_typed_twice_at_once_is_one_consent(p):
    row = made.errand(p, person=made.with_telephone(p.clerk))
    code = sent(p, row)

    said = at_once(
        *[lambda: services.agree_by_code(errand_id=row.pk, code=code, by=p.agent, at=NOON, key=uuid4())] * 2
    )

    assert [one for one in said if isinstance(one, str)] == ["errand_not_now"]


def test_taken_back_while_it_is_handed_in_comes_before_or_after_and_never_between(p):
    mother = made.with_telephone(p.clerk)
    row = made.errand(p, person=mother)
    version = made.begun(p, row)
    agree(p, row, sent(p, row))

    handed, back = at_once(
        lambda: made.hand_in(p, row, version).number,
        lambda: services.end_errand(errand_id=row.pk, by=mother, at=NOON, key=uuid4()).number,
    )

    row.refresh_from_db()
    assert (back, row.state) == (row.number, "ended")
    assert handed == "consent_missing" if not Case.objects.exists() else handed == Case.objects.get().number


@pytest.mark.parametrize("already", [rules.OPEN_VISITS - 1, 0])
def test_of_visits_asked_for_at_once_no_more_than_may_be_open_are_kept(p, already):
    mother = made.with_telephone(p.clerk)
    ask = {"visit": made.visit_words(), "channel": "online", "by": mother, "at": NOON}
    for _ in range(already):
        services.ask_visit(**ask, key=uuid4())

    said = at_once(*[lambda: services.ask_visit(**ask, key=uuid4())] * 4)

    assert HomeVisit.objects.filter(party_id=mother.id).count() == rules.OPEN_VISITS
    assert said.count("home_visit_too_many") == 4 - (rules.OPEN_VISITS - already)
    connections.close_all()
