"""变更 延续 补办 注销: one certificate in force at a time, and every old file and code tells the truth."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingqu.certificates import errors, rules, selectors, services
from mingqu.certificates.events import CertificateCancelled, CertificateSucceeded
from mingqu.certificates.models import Certificate
from mingqu.certificates.tests.factories import (
    AT,
    FIELDS,
    MINUTE,
    SYSTEM,
    food_licence_type,
    grant,
    issued,
    make_files,
    organ,
    revoked,
    seen,
    with_file,
)
from mingqu.certificates.types import Holder
from mingqu.documents import services as documents
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.identifiers import CertificateId
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEAR_END = AT.replace(year=2031, month=10, day=1)
GROUND = "行政许可法第七十条：被许可人申请注销"


def holder_of(certificate) -> Holder:
    row = Certificate.objects.get(pk=certificate.certificate_id)
    return Holder("person", row.holder_id, row.holder_name)


def do(what, certificate, *, at=AT + MINUTE, given=None, holder=None, fields=None, by=SYSTEM):
    day = legal_day(at)
    common = {
        "grant": given or grant(decided_on=day),
        "certificate_id": certificate.certificate_id,
        "holder": holder or holder_of(certificate),
        "by": by,
        "at": at,
    }
    if what == "change":
        return services.change(fields=fields or {"name": "清禾区张三面馆"}, **common)
    if what == "renew":
        return services.renew(fields=fields or {}, **common)
    if what == "replace":
        return services.replace_lost(**common)
    return services.cancel(ground=GROUND, **common)


def test_a_change_brings_a_new_version_with_the_same_number_and_validity():
    """行政许可法 49."""
    first = issued()

    second = do("change", first)

    old, new = (
        Certificate.objects.get(pk=first.certificate_id),
        Certificate.objects.get(pk=second.certificate_id),
    )
    assert (second.number, second.valid_from, second.valid_until) == (
        first.number, first.valid_from, first.valid_until,
    )  # fmt: skip
    assert (old.status, new.status, new.version, new.replaces_id) == ("changed", "valid", 2, old.pk)
    assert new.fields == FIELDS | {"name": "清禾区张三面馆"}
    assert CertificateId.parse(new.identifier, demo=True).version == 2
    succeeded = OutboxEvent.objects.get(name=CertificateSucceeded.name)
    assert (succeeded.root_id, succeeded.payload["state"]) == (new.pk, "changed")


def test_the_number_finds_the_newest_version_and_the_list_has_only_that_one():
    _user, actor = people.citizen("张三")
    first = issued(actor.id)
    second = do("change", first)

    found = selectors.certificate_visible_to(actor, first.number, AT + MINUTE)

    assert found.id == second.certificate_id
    assert [c.id for c in selectors.wallet(actor, AT + MINUTE)] == [second.certificate_id]
    assert [c.version for c in selectors.earlier_versions(found, AT + MINUTE)] == [1]


def test_the_old_file_and_the_old_code_say_that_a_new_certificate_stands_in_their_place():
    first, data = with_file()
    code = seen(first).verification_code

    second = do("change", first)
    make_files(AT + 2 * MINUTE)

    check = selectors.check_file(data, AT + MINUTE)
    assert (check.finding, check.certificate.state_words) == ("not_in_force", "已变更，由新证照替代")
    assert selectors.public_by_code(code, AT + MINUTE).state == "changed"
    newest = Certificate.objects.get(pk=second.certificate_id)
    file = documents.read_file(newest.pk, newest.file_id)
    assert selectors.check_file(file, AT + MINUTE).finding == "in_force"


def test_a_renewal_counts_its_years_from_the_day_after_the_old_end():
    """行政许可法 50."""
    first = issued()

    second = do("renew", first, at=NEAR_END)

    assert (second.valid_from, second.valid_until) == (date(2031, 10, 1), date(2036, 11, 19))
    assert seen(first, NEAR_END).state == "renewed"


def test_a_renewal_decided_late_leaves_no_day_without_a_licence():
    """行政许可法 50, second paragraph: not decided before the end, it counts as granted."""
    first = issued()
    late = AT.replace(year=2031, month=12, day=10)

    second = do("renew", first, at=late)

    assert (second.valid_from, second.valid_until) == (date(2031, 11, 20), date(2036, 11, 19))


def test_what_has_no_end_is_not_renewed():
    organ()
    food_licence_type(validity_years=None)
    first = services.issue(
        grant=grant(), type_code="11100000000013338W011", holder=Holder("person", new_id(), "张三"),
        fields=FIELDS, by=SYSTEM, at=AT,
    )  # fmt: skip

    with pytest.raises(errors.NothingToRenew):
        do("renew", first)
    assert seen(first).state == "valid"


def test_what_was_lost_comes_again_with_the_same_content_and_is_no_longer_in_force_itself():
    first = issued()

    second = do("replace", first)

    assert seen(second).fields == seen(first).fields
    assert (second.valid_from, second.valid_until) == (first.valid_from, first.valid_until)
    assert seen(first).state_words == "已补发，由新证照替代"


def test_a_cancelled_certificate_stays_verifiable_and_says_so():
    """行政许可法 70."""
    first, data = with_file()

    done = do("cancel", first)

    check = selectors.check_file(data, AT + MINUTE)
    assert (check.finding, check.certificate.state_words) == ("not_in_force", "已注销")
    assert done.certificate_id == first.certificate_id
    assert (
        OutboxEvent.objects.filter(root_id=first.certificate_id, name=CertificateCancelled.name).count() == 1
    )
    assert "被许可人" not in str(AuditEntry.objects.get(action="certificate.cancel").notes)


@pytest.mark.parametrize("what", ["change", "renew", "replace", "cancel"])
def test_the_same_case_heard_twice_does_it_once(what):
    first, at = issued(), NEAR_END
    given = grant(decided_on=legal_day(at))

    assert do(what, first, given=given, at=at) == do(what, first, given=given, at=at)
    assert Certificate.objects.count() == (1 if what == "cancel" else 2)


@pytest.mark.parametrize("what", ["change", "renew", "replace", "cancel"])
def test_nothing_is_done_to_what_is_somebody_elses_revoked_or_by_whom_may_not(what):
    leader = people.staff_actor("approver", department_id=organ())
    clerk = people.staff_actor("reviewer", department_id=organ())
    first = issued()

    with pytest.raises(errors.SomebodyElses):
        do(what, first, holder=Holder("person", new_id(), "李四"))
    with pytest.raises(NotAuthorised):
        do(what, first, by=clerk)
    assert seen(first).state == "valid"
    revoked(first.certificate_id, leader)
    if what != "cancel":
        with pytest.raises(errors.CertificateNotInForce, match="已撤销"):
            do(what, first)
    else:
        do(what, first)  # 行政许可法 70(4): what was revoked is struck off
    assert Certificate.objects.count() == 1


def test_a_cancellation_without_ground_and_a_certificate_that_is_not_there_are_refused():
    first = issued()

    with pytest.raises(errors.GroundMissing):
        services.cancel(
            grant=grant(),
            certificate_id=first.certificate_id,
            holder=holder_of(first),
            ground=" ",
            by=SYSTEM,
            at=AT,
        )
    for what in ("change", "cancel"):
        with pytest.raises(errors.CertificateNotFound):
            do(what, first.__class__(new_id(), "X", AT.date(), None), holder=holder_of(first))
    with pytest.raises(errors.CertificateNotFound):
        services.mark_used(new_id(), AT)


def test_a_change_with_a_line_the_type_does_not_know_leaves_the_old_one_as_it_was():
    first = issued()

    with pytest.raises(errors.CertificateFieldsInvalid, match="colour"):
        do("change", first, fields={"colour": "red"})
    assert (seen(first).state, Certificate.objects.count()) == ("valid", 1)


LIVES = st.lists(
    st.sampled_from(["change", "renew", "replace", "cancel", "revoke", "wait", "repeat"]), max_size=8
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(life=LIVES)
def test_whatever_its_life_one_version_is_in_force_and_each_old_code_tells_what_became_of_it(
    life, django_db_blocker
):
    leader = people.staff_actor("approver", department_id=organ())
    newest, at, versions, last = issued(), AT, [], None
    versions.append(newest)
    for what in life:
        at += 30 * DAY
        before = seen(newest, at).state
        if what == "wait":
            at += 5 * 365 * DAY
        elif what == "repeat":
            if last:
                assert do(last[0], versions[-2] if last[0] != "cancel" else newest, given=last[1], at=at)
        elif what == "revoke":
            try:
                revoked(newest.certificate_id, leader, at=at)
            except errors.CertificateNotInForce:
                assert not rules.may_become(before, "revoked")
        else:
            newest, last = lived(what, newest, versions, at, last)
        check_chain(versions, newest, at)


def lived(what, newest, versions, at, last):
    then = {"change": "changed", "renew": "renewed", "replace": "replaced", "cancel": "cancelled"}[what]
    before, case = seen(newest, at).state, grant(decided_on=legal_day(at))
    try:
        done = do(what, newest, at=at, given=case)
    except errors.CertificateNotInForce:
        assert not rules.may_become(before, then)
        return newest, last
    assert rules.may_become(before, then)
    if what == "cancel":
        return newest, (what, case)
    versions.append(done)
    return done, (what, case)


def check_chain(versions, newest, at):
    rows = {r.pk: r for r in Certificate.objects.filter(number=newest.number)}
    chain = [rows[v.certificate_id] for v in versions]
    assert len(rows) == len(chain)
    assert [row.version for row in chain] == list(range(1, len(chain) + 1))
    assert [row.replaces_id for row in chain] == [None, *(row.pk for row in chain[:-1])]
    assert len({row.identifier for row in chain}) == len(chain)
    in_force = [row for row in chain if row.state_on(legal_day(at)) == "valid"]
    assert in_force in ([], [chain[-1]])
    for row in chain:
        shown = selectors.public_by_code(row.verification_code, at)
        assert (shown.certificate_id, shown.state) == (row.pk, row.state_on(legal_day(at)))
        assert (row.status in rules.SUCCEEDED) == (row is not chain[-1])
    assert selectors._by(selectors.Kind.NUMBER, newest.number).pk == chain[-1].pk


@given(
    start=st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    years=st.integers(1, 20),
    decided=st.integers(-400, 400),
    again=st.integers(1, 20),
)
def test_old_and_new_validity_have_no_gap_and_no_day_is_lost(start, years, decided, again):
    until = rules.last_day(start, years)
    valid_from, valid_until = rules.renewed_validity(until, until + decided * DAY, again)

    assert valid_from <= until + DAY
    assert valid_until == rules.last_day(until + DAY, again)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (date(2031, 8, 20), "early"),
        (date(2031, 8, 21), "open"),
        (date(2031, 10, 20), "open"),
        (date(2031, 10, 21), "late"),
        (date(2031, 11, 19), "late"),
        (date(2031, 11, 20), "over"),
    ],
)
def test_when_a_renewal_may_be_applied_for(day, word):
    """行政许可法 50: thirty days before the end at the latest."""
    assert rules.renewal(date(2031, 11, 19), 30).on(day) == word
