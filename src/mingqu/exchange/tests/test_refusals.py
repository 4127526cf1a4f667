"""What people may not do with a matter in another system is refused, and leaves it as it was."""

import pytest

from mingqu.exchange import errors, selectors, services
from mingqu.exchange.models import Handover
from mingqu.exchange.tests import factories as f
from mingqu.exchange.types import Telling
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return f.officer("window_clerk", "陈晓岚")


def given(by):
    return {"by": by, "at": f.AT, "key": new_id()}


def number(row, by, again="HJ1"):
    return services.type_number(of=row, number="HJ1", again=again, **given(by))


def state(row, by, code="handling", **more):
    told = Telling(row.reference, code, f.AT, **more)
    return services.type_state(of=row, told=told, by=by, at=f.AT)


def answer(row, by):
    return services.answer_correction(of=row, words="补了", **given(by))


def by_hand():
    return f.handed(where="assisted", system=f.BY_HAND)


def ended():
    row = f.sent()
    f.hear(f.telling(row, "granted", 2, result=f.RESULT))
    return f.again(row)


@pytest.mark.parametrize(
    ("make", "deed", "refusal"),
    [
        (by_hand, lambda row, by: number(row, by, "HJ2"), errors.NumbersDiffer),
        (f.handed, number, errors.NotByHand),
        (ended, number, errors.HandoverEnded),
        (by_hand, state, errors.NumberMissing),
        (f.sent, state, errors.NotByHand),
        (f.sent, answer, errors.NotAskedToCorrect),
        (f.sent, lambda row, by: services.try_again(of=row, **given(by)), errors.NothingToSendAgain),
        (f.sent, lambda row, by: services.by_hand(of=row, reason="停机", **given(by)), errors.NothingToSendAgain),
        (f.handed, lambda row, by: services.by_hand(of=row, reason=" ", **given(by)), errors.ReasonMissing),
        (f.sent, lambda row, by: services.resolve(of=row, reason="问过", **given(by)), errors.NothingToResolve),
    ],
)  # fmt: skip
def test_a_refused_deed_leaves_the_matter_as_it_was(clerk, make, deed, refusal):
    row = make()
    before = Handover.objects.filter(id=row.id).values().get()

    with pytest.raises(refusal):
        deed(row, clerk)

    assert Handover.objects.filter(id=row.id).values().get() == before


@pytest.mark.parametrize(
    ("code", "refusal"),
    [("in_transit", errors.StateUnknown), ("granted", errors.ResultIncomplete), ("refused", errors.ResultIncomplete),
     ("correction", errors.ResultIncomplete)],
)  # fmt: skip
def test_a_state_is_one_of_ours_and_complete(clerk, code, refusal):
    row = f.carried(clerk)

    with pytest.raises(refusal):
        state(row, clerk, code)

    assert f.kept(row) == 0


def test_one_number_there_is_one_matter(clerk):
    f.carried(clerk, number="HJ1")

    with pytest.raises(errors.NumberTaken):
        number(by_hand(), clerk)


def test_who_has_no_right_to_it_does_nothing_and_learns_nothing():
    row, stranger = by_hand(), f.officer("finance_officer", "钱正")

    with pytest.raises(NotAuthorised):
        number(row, stranger)
    with pytest.raises(errors.HandoverUnknown):
        selectors.handover_visible_to(stranger, row.reference)
    with pytest.raises(errors.HandoverUnknown):
        selectors.handover_visible_to(f.officer(), "0" * 32)


def test_the_same_key_is_the_same_deed(clerk):
    row, key = by_hand(), new_id()
    for _time in range(2):
        services.type_number(of=row, number="HJ1", again="HJ1", by=clerk, at=f.AT, key=key)

    assert f.again(row).external_number == "HJ1"
