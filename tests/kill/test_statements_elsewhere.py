"""
Money, places, originals and messages when the process dies: what was begun is as it was or wholly done, and the same
deed again, by the same key, ends with one payment, one holder, one hand and one message.

The short run kills at a few statements of each deed and at its commit, the long run at every statement.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as cases
from mingqu.hall import services as hall
from mingqu.hall.models import Booking, KeptPaper, Shift, Slip, SlotPlace
from mingqu.hall.rules import Opening
from mingqu.hall.shift_types import InHand, ShiftTo
from mingqu.hall.tests import factories as halls
from mingqu.hall.types import Counted, NewPaper
from mingqu.identity.models import Person, Post, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.fields import blind_index
from mingqu.notifications import services as notifications
from mingqu.notifications.models import Outgoing
from mingqu.notifications.services import sending
from mingqu.notifications.tests import gateway as gateways
from mingqu.payments import services as payments
from mingqu.payments.models import DoubleOrder, FeeNotice, Payment
from mingqu.payments.tests import factories as fees
from tests.kill.dying import (
    DONE,
    KILLED,
    dies_at_commit,
    dies_before,
    everything,
    in_a_process,
    statements_of,
)

FEW = 2  # statements at which the short run kills
NOON = cases.FRIDAY_NOON


@dataclass
class Deed:
    """What is done, and what has to hold once it is done; `whole`: in one transaction."""

    name: str
    do: Callable[[], object]
    holds: Callable[[], bool]
    whole: bool = True


def held() -> dict[str, tuple[int, int]]:
    """Every table but the counter of attempts: it counts those that came to nothing, too, on purpose."""
    return {name: found for name, found in everything().items() if name != "identity_allowance"}


def killed_everywhere(deed: Deed, *, few: bool) -> None:
    """Kills it before statements and around its commit; afterwards it is done once, however often it is asked for."""
    count = statements_of(deed.do)
    assert count > 6, f"{deed.name}: the statements were counted"
    before = held()
    step = max(1, count // FEW) if few else 1
    for number in range(1, count + 1, step):
        assert in_a_process(deed.do, dies_before(number)) == KILLED, f"{deed.name}, statement {number}"
        assert few or held() == before, f"{deed.name}: killed before statement {number}, it left something"
    assert in_a_process(deed.do, dies_at_commit(after=False)) == KILLED
    assert held() == before, f"{deed.name}: killed before its commit, it left something"
    assert in_a_process(deed.do, dies_at_commit(after=True)) == KILLED
    done = held()
    assert done != before
    assert in_a_process(deed.do) == DONE, f"{deed.name}: it could not be asked for again"
    assert not deed.whole or held() == done, f"{deed.name}: asked for again, it was done again"
    assert deed.holds(), deed.name


def of_a_payment() -> list[Callable[[], Deed]]:
    row, keys = fees.notice(), [uuid4() for _ in range(2)]

    def paying() -> Deed:
        def one_order() -> bool:
            orders = list(DoubleOrder.objects.values_list("reference", flat=True))
            return orders == list(Payment.objects.values_list("reference", flat=True)) and len(orders) == 1

        return Deed("begin to pay", lambda: fees.begin(row, key=keys[0]), one_order, whole=False)

    def hearing() -> Deed:
        order = fees.bank_pays(Payment.objects.get())

        def paid_once() -> bool:
            notice = FeeNotice.objects.get(pk=row.pk)
            paid = Payment.objects.filter(state=Payment.State.SUCCEEDED)
            return notice.state == "paid" and bool(notice.receipt_number) and paid.count() == 1

        return Deed("the bank tells", lambda: fees.tell(order), paid_once, whole=False)

    def taking() -> Deed:
        other, clerk = fees.notice(), fees.officer("window_clerk", "陈晓岚")

        def taken_once() -> bool:
            taken = Payment.objects.filter(notice_id=other.pk, state=Payment.State.SUCCEEDED)
            return taken.count() == 1 and fees.state(other) == "paid"

        return Deed("cash at a window", lambda: take(other, clerk, keys[1]), taken_once)

    return [paying, hearing, taking]


def take(row: FeeNotice, clerk, key) -> object:
    return payments.take_at_window(
        notice_id=row.id, way="cash", amount=row.amount, proof="S-1", by=clerk, at=fees.AT, key=key
    )


def of_a_place() -> list[Callable[[], Deed]]:
    made = halls.hall(openings=(Opening(time(9), time(11), 30, 1),))
    slot = halls.slots(made, days=1)[0]
    me, other = (people.citizen(name)[1] for name in ("张一", "李二"))
    keys = [uuid4() for _ in range(2)]

    def holding() -> Deed:
        def mine() -> bool:
            places = SlotPlace.objects.filter(slot_id=slot.pk)
            refused = in_a_process(lambda: halls.hold(slot, other))
            return list(places.values_list("party_id", flat=True)) == [me.id] and refused not in {
                DONE,
                KILLED,
            }

        return Deed("hold a place", lambda: halls.hold(slot, me, key=keys[0]), mine)

    def booking() -> Deed:
        hold_id = SlotPlace.objects.get(slot_id=slot.pk).booking_id
        new = halls.NewBooking("张一", halls.PHONE)

        def book() -> object:
            return hall.book(hold_id=hold_id, slot_id=slot.pk, booking=new, by=me, at=halls.NINE, key=keys[1])

        def one_holder() -> bool:
            places = list(SlotPlace.objects.filter(slot_id=slot.pk).values_list("booking_id", flat=True))
            return places == list(Booking.objects.values_list("id", flat=True)) and len(places) == 1

        return Deed("book it", book, one_holder)

    return [holding, booking]


def of_an_original() -> list[Callable[[], Deed]]:
    w = cases.world()
    case, keys = cases.received_case(w), [uuid4() for _ in range(3)]
    papers = (NewPaper("营业执照", "original", 1), NewPaper("身份证", "original", 1))
    hall.keep_papers(case_id=case.pk, papers=papers, by=w.clerk, at=NOON, key=uuid4())
    paper, other = KeptPaper.objects.order_by("serial")

    def in_a_hand(one: KeptPaper, state: str, holder) -> bool:
        now = KeptPaper.objects.get(root_id=one.root_id, id=one.id)
        return (now.state, now.post_id) == (state, holder)

    def sending_it() -> Deed:
        return Deed(
            "send it on",
            lambda: hall.send_papers(
                chosen=[(paper.root_id, paper.id)], department_id=w.bureau, by=w.clerk, at=NOON, key=keys[0]
            ),
            lambda: in_a_hand(paper, "moving", w.clerk.post_id) and Slip.objects.count() == 1,
        )

    def receiving() -> Deed:
        slip = Slip.objects.get()
        (line,) = slip.lines.values_list("id", flat=True)
        return Deed(
            "take it in",
            lambda: hall.receive_papers(
                slip_id=slip.pk, counted=[Counted(line, 1, "")], by=w.reviewer, at=NOON, key=keys[1]
            ),
            lambda: in_a_hand(paper, "kept", w.reviewer.post_id),
        )

    def taking_over() -> Deed:
        own = Post.objects.get(pk=w.clerk.post_id).department_id
        next_post = people.post(own, "window_clerk", name="接班岗")
        user = people.staff_user("李接班", next_post)
        to = cases.Actor("staff", user.person_id, post_id=next_post, user_id=user.pk, name="李接班")
        lines = (InHand("paper", other.name, other.code, case_id=other.root_id, paper_id=other.id),)
        hall.give_shift(lines=lines, to=ShiftTo(to.id, to.post_id), by=w.clerk, at=NOON, key=uuid4())
        shift = Shift.objects.get()
        return Deed(
            "take over a shift",
            lambda: hall.take_shift(shift_id=shift.pk, by=to, at=NOON, key=keys[2]),
            lambda: Shift.objects.get().state == "taken" and in_a_hand(other, "kept", next_post),
        )

    return [sending_it, receiving, taking_over]


def all_of_them(*, few: bool) -> None:
    for kind in (of_a_payment, of_a_place, of_an_original):
        for make in kind():
            killed_everywhere(make(), few=few)


def test_money_places_and_originals_survive_a_process_that_dies(committed_db):
    all_of_them(few=True)


@pytest.mark.long
def test_money_places_and_originals_survive_a_death_at_every_statement(committed_db):
    all_of_them(few=False)


@pytest.fixture
def gateway(settings, tmp_path):
    """One that takes messages and does not tell repetitions, so that asking twice would send twice."""
    secret = tmp_path / "secret"
    secret.write_text(gateways.SECRET)
    secret.chmod(0o600)
    made = gateways.Gateway()
    with gateways.running(made) as port:
        file = tmp_path / "channels.yaml"
        file.write_text("channels:" + gateways.entry("only", port, secret, tells_repetitions=False))
        file.chmod(0o600)
        settings.MINGQU_DEMO, settings.MINGQU_CHANNELS_FILE = False, str(file)
        settings.MINGQU_SMS_CHANNEL, settings.MINGQU_EMAIL_CHANNEL = "only", ""
        yield made


def messages_survive(gateway, numbers) -> None:
    for number in numbers:
        tell(number)
        in_a_process(lambda: sending.send_batch(at=NOON), dies_before(number))
    for turn in range(1, 4):
        sending.send_batch(at=NOON + turn * sending.LEASE + timedelta(seconds=1))

    asked = Counter(said["ref"] for said in gateway.asked)
    assert set(asked.values()) <= {1}, "no message was asked for twice"
    states = dict(Outgoing.objects.values_list("id", "state"))
    assert len(states) == len(numbers), "none is lost"
    for row, state in states.items():
        assert state in {"sent", "unknown"}, "none stays on its way for ever"
        assert state == "unknown" or str(row) in gateway.taken, "none is called sent that was not taken"
    assert "sent" in states.values()


def tell(number: int) -> None:
    phone = f"199000{number:05d}"
    found = Person.objects.create(name="李晓禾", created_at=NOON)
    User.objects.create(
        kind="citizen", phone=phone, phone_index=blind_index("identity.phone", phone), phone_verified_at=NOON,
        person_id=found.pk, created_at=NOON,
    )  # fmt: skip
    words = {"item": "食品经营许可（新办）", "number": "99010420260918000001", "received_on": NOON.date()}
    notifications.tell(found.pk, "case_received", words, uuid4(), at=NOON, link="/my/cases/")


def test_a_sender_that_dies_loses_no_message_and_sends_none_twice(committed_db, gateway):
    messages_survive(gateway, [2, 6, 10, 99])


@pytest.mark.long
def test_a_sender_that_dies_at_every_statement_loses_no_message_and_sends_none_twice(committed_db, gateway):
    messages_survive(gateway, range(1, 30))
