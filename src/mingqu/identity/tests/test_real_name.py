"""实名核验: three facts of one person against a register, guessed at seldom, with consent, and one account for each."""

from dataclasses import replace

import pytest

from mingqu.identity import selectors
from mingqu.identity.errors import (
    ConsentMissing,
    FactsDiffer,
    HasAccount,
    IdentityVerified,
    SourceUnavailable,
    TooManyAttempts,
)
from mingqu.identity.models import Person
from mingqu.identity.sources import registry
from mingqu.identity.sources.http import HttpRegister
from mingqu.identity.tests.demo_people import HEAD, signed_up, verify
from mingqu.kernel.models import AuditEntry


@pytest.fixture(autouse=True)
def _a_demo(settings):
    settings.MINGQU_DEMO = True


def test_three_facts_of_one_person_make_her_identity_verified(db):
    _user, actor = signed_up(HEAD)

    person = selectors.person(actor.id)
    assert (person.name, person.assurance) == (HEAD.name, 2)
    assert selectors.verified_person_id(HEAD.citizen_number) == actor.id
    with pytest.raises(IdentityVerified):
        verify(actor, HEAD)
    entry = AuditEntry.objects.get(root_id=actor.id, action="identity.verify_identity")
    assert entry.notes["matched"] is True and HEAD.citizen_number not in str(entry.notes)


@pytest.mark.parametrize("wrong", [{"name": "沈立"}, {"valid_until": "2038-09-02"}, {"valid_until": "long"}])
def test_one_fact_that_differs_is_not_told_apart_and_attempts_are_counted(db, wrong):
    _user, actor = signed_up(HEAD, real=False)

    with pytest.raises(FactsDiffer) as refused:
        verify(actor, replace(HEAD, **wrong))

    assert refused.value.params == {"left": 4}
    assert Person.objects.get(pk=actor.id).assurance == 0
    assert (
        AuditEntry.objects.get(root_id=actor.id, action="identity.verify_identity").notes["matched"] is False
    )


def guessing(accounts: int, times: int) -> list[int]:
    """How many guesses at one number the register is asked, of each account."""
    asked = []
    for _account in range(accounts):
        _user, guesser = signed_up(HEAD, real=False)
        asked.append(0)
        for _attempt in range(times):
            try:
                verify(guesser, replace(HEAD, valid_until="2031-01-01"))
            except FactsDiffer:
                asked[-1] += 1
            except TooManyAttempts:
                break
    return asked


def test_a_number_is_guessed_at_seldom_however_many_accounts_guess(db):
    assert guessing(accounts=4, times=6) == [5, 4, 2, 2], "two of each its own, five more of all together"


def test_strangers_who_guess_do_not_keep_the_owner_of_a_number_out(db):
    guessing(accounts=3, times=6)
    _user, owner = signed_up(HEAD, real=False)

    with pytest.raises(FactsDiffer) as mistyped:
        verify(owner, replace(HEAD, name="沈立衍"))
    assert mistyped.value.params == {"left": 1}, "what is promised is kept"
    verify(owner, HEAD)

    assert Person.objects.get(pk=owner.id).assurance == 2


def test_without_consent_or_source_nothing_is_checked_and_no_attempt_is_used(db, settings):
    _user, actor = signed_up(HEAD, real=False)
    with pytest.raises(ConsentMissing):
        verify(actor, HEAD, consent=False)
    settings.MINGQU_DEMO = False
    with pytest.raises(SourceUnavailable):
        registry.population()
    with pytest.raises(SourceUnavailable):
        registry.firms()
    settings.MINGQU_DEMO = True

    with pytest.raises(FactsDiffer) as refused:
        verify(actor, replace(HEAD, name="别人"))
    assert refused.value.params == {"left": 4}


def test_a_register_that_is_silent_costs_no_attempt(db, monkeypatch):
    _user, actor = signed_up(HEAD, real=False)

    class Silent:
        def matches(self, facts):
            raise SourceUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(registry, "population", Silent)
        with pytest.raises(SourceUnavailable):
            verify(actor, HEAD)
    with pytest.raises(FactsDiffer) as refused:
        verify(actor, replace(HEAD, name="别人"))
    assert refused.value.params == {"left": 4}


def test_a_register_is_asked_over_tls_only():
    with pytest.raises(ValueError, match="https"):
        HttpRegister("http://register.example/")
    with pytest.raises(SourceUnavailable):
        HttpRegister("http://127.0.0.1:1/").matches(HEAD)


def test_one_person_has_one_verified_account(db):
    signed_up(HEAD)
    _second, other = signed_up(HEAD, real=False)

    with pytest.raises(HasAccount):
        verify(other, HEAD)
