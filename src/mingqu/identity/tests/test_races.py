"""What happens when two do the same at the same moment, on two connections that really commit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from django.db import connections
from django.utils import timezone

from mingqu.identity import services
from mingqu.identity.errors import NumberTaken, OfficersExclude, TooManyAttempts
from mingqu.identity.models import Department, DepartmentChange, PartyNumber, Person, PostHolding, User
from mingqu.identity.organ_errors import DepartmentChangeGone
from mingqu.identity.organ_types import Change
from mingqu.identity.services import limits, organ_changes, second_factor
from mingqu.identity.tests import factories
from mingqu.identity.types import NewPerson, Span
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Each on a thread and connection of its own, started together; results or the errors they raised."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        start.wait(timeout=20)
        try:
            return deed()
        except (OfficersExclude, NumberTaken, TooManyAttempts, DepartmentChangeGone) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_first_sign_ins_of_one_number_open_one_account(committed_db):
    phone = factories.phone()

    first, second = at_once(*[lambda: services.open_account(phone=phone, at=factories.NOON)] * 2)

    assert first.pk == second.pk
    assert User.objects.count() == Person.objects.count() == 1


def test_the_limit_holds_for_attempts_made_at_once(committed_db):
    attempts = at_once(*[lambda: limits.spend("code_attempt", "x", at=factories.NOON)] * 9)

    assert sum(isinstance(a, TooManyAttempts) for a in attempts) == 4


def test_a_window_begins_anew_when_it_is_over(committed_db):
    later = factories.NOON + timedelta(seconds=15 * 60)
    at_once(*[lambda: limits.spend("code_attempt", "x", at=factories.NOON)] * 6)

    limits.spend("code_attempt", "x", at=later)
    assert limits.prune(later) == 0
    assert limits.prune(later + timedelta(minutes=16)) == 1


def test_one_code_of_the_app_signs_in_one_of_two(committed_db):
    user, at = factories.staff_user(), timezone.now()
    second_factor.seed_totp(user_id=user.id, secret=SECRET, by=factories.SYSTEM, at=at, key=new_id())
    code = second_factor.code_at(SECRET, at)

    found = at_once(*[lambda: second_factor.check_code(user.id, code, at=at)] * 2)

    assert sum(f is not None for f in found) == 1


def test_two_officers_posts_given_at_once_end_with_one(committed_db):
    posts = [factories.post(None, role) for role in ("system_officer", "audit_officer")]
    user = factories.staff_user()

    def assign(post_id):
        return services.assign_post(
            user_id=user.id,
            post_id=post_id,
            span=Span(date(2026, 1, 1)),
            by=factories.SYSTEM,
            at=factories.NOON,
            key=new_id(),
        )

    outcome = at_once(*[lambda post_id=post_id: assign(post_id) for post_id in posts])

    assert sum(isinstance(o, OfficersExclude) for o in outcome) == 1
    assert PostHolding.objects.filter(user=user).count() == 1


def test_one_number_registered_at_once_belongs_to_one(committed_db):
    number = factories.citizen_number()

    def register():
        draft = NewPerson("李晓禾", number)
        return services.create_person(draft=draft, by=factories.SYSTEM, at=factories.NOON, key=new_id())

    outcome = at_once(register, register)

    assert sum(isinstance(o, NumberTaken) for o in outcome) == 1
    assert Person.objects.count() == PartyNumber.objects.count() == 1


def test_one_command_sent_twice_at_once_is_done_once(committed_db):
    key = new_id()

    def register():
        return services.create_person(
            draft=NewPerson("李晓禾"), by=factories.SYSTEM, at=factories.NOON, key=key
        )

    assert at_once(register, register) == [key, key]
    assert Person.objects.count() == 1


def agreed_and_dropped_at_once(from_on: date) -> tuple[DepartmentChange, list[object], tuple[object, object]]:
    """A change that one officer drops while another agrees; how it stands, what each got, and who they are."""
    organ, at = factories.department("甲局"), factories.NOON
    first, second = factories.staff_actor("system_officer"), factories.staff_actor("security_officer")
    change = organ_changes.ask(
        department_id=organ, change=Change("rename", from_on, "清委发〔2026〕3号", "乙局"), by=first, at=at,
        key=new_id(),
    )  # fmt: skip
    outcome = at_once(
        lambda: organ_changes.agree(change_id=change, by=second, at=at, key=new_id()),
        lambda: organ_changes.drop(change_id=change, by=first, at=at, key=new_id()),
    )
    return DepartmentChange.objects.get(pk=change), outcome, (second.id, first.id)


def test_a_change_that_is_agreed_and_dropped_at_once_is_one_of_the_two(committed_db):
    row, outcome, who = agreed_and_dropped_at_once(legal_day(factories.NOON))

    done, dropped = (not isinstance(one, DepartmentChangeGone) for one in outcome)
    assert done != dropped
    name = Department.objects.get(pk=row.department_id).name
    assert (row.state, name) == (("done", "乙局") if done else ("dropped", "甲局"))
    assert (row.answered_by, row.dropped_by) == ((who[0], None) if done else (None, who[1]))


def test_a_change_for_another_day_that_is_agreed_and_dropped_at_once_is_dropped(committed_db):
    row, outcome, who = agreed_and_dropped_at_once(legal_day(factories.NOON) + timedelta(days=7))

    assert (row.state, outcome[1], row.dropped_by) == ("dropped", None, who[1]), "dropping is never refused"
    refused = isinstance(outcome[0], DepartmentChangeGone)
    assert row.answered_by == (None if refused else who[0]), "who agreed before stays known"
    assert Department.objects.get(pk=row.department_id).name == "甲局"
