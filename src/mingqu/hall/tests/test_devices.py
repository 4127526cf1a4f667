"""Devices of a window: paired by a code, believed only with signature, in time, once; ratings the clerk never sees."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.errors import CaseUnknown
from mingqu.cases.tests import factories as cases
from mingqu.evaluation.errors import AlreadyRated
from mingqu.evaluation.models import Rating
from mingqu.hall import errors, selectors, services
from mingqu.hall.bridge import answers, double
from mingqu.hall.bridge.signing import opened, page_token, sealed
from mingqu.hall.models import DeviceBridge
from mingqu.hall.tests import factories as f
from mingqu.hall.types import DEVICES
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry

LATER = f.NINE + timedelta(minutes=1)
CARD = {"kind": "citizen_number", "number": "990104199003070014", "name": "温小满", "valid_until": "long"}


@pytest.fixture
def made(db):
    return f.hall()


@pytest.fixture
def paired(made):
    return f.devices(made)


def ask(made, device="id_reader", *, by=None, at=f.NINE, number="", key=None):
    return services.ask_device(
        window_id=made.one, device=device, by=by or made.clerk, at=at, key=key or uuid4(), case_number=number
    )


def said(paired, nonce, result, *, device="id_reader", secret="", protocol="1"):
    whole = {"protocol": protocol, "device": device, "nonce": nonce, "result": result}
    return sealed(secret or paired.secret, json.dumps(whole).encode())


def read(made, answer, *, by=None, at=LATER, window=None):
    return services.read_card(window_id=window or made.one, answer=answer, by=by or made.clerk, at=at)


def test_a_card_is_read_once_and_nothing_of_it_is_kept(made, paired):
    answer = said(paired, ask(made), CARD)

    card = read(made, answer)

    assert (card.kind, card.number, card.name, card.valid_until) == (
        "citizen_number", CARD["number"], "温小满", None,
    )  # fmt: skip
    with pytest.raises(errors.DeviceAnswerStale):
        read(made, answer)
    kept = json.dumps(
        list(AuditEntry.objects.filter(root_id=made.one).values("action", "notes")), default=str
    )
    assert "device.read" in kept
    assert "device.use" in kept
    assert CARD["number"] not in kept
    assert CARD["name"] not in kept


WRONG = {
    "another secret": lambda paired, nonce: said(paired, nonce, CARD, secret="x" * 43),
    "another device": lambda paired, nonce: said(paired, nonce, CARD, device="camera"),
    "another protocol": lambda paired, nonce: said(paired, nonce, CARD, protocol="2"),
    "a question nobody signed": lambda paired, nonce: said(paired, nonce[:-3] + "AAA", CARD),
    "a question signed for something else": lambda paired, nonce: said(
        paired, signing.Signer(salt="other").sign_object(["x"]), CARD
    ),
    "no signature": lambda paired, nonce: said(paired, nonce, CARD).partition(".")[0],
    "a changed byte": lambda paired, nonce: "A" + said(paired, nonce, CARD)[1:],
    "no JSON": lambda paired, nonce: sealed(paired.secret, b"{"),
    "no object": lambda paired, nonce: sealed(paired.secret, b"[1]"),
    "nothing": lambda paired, nonce: "",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_the_program_of_this_window_did_not_sign_is_not_believed(made, paired, what):
    answer = WRONG[what](paired, ask(made))

    with pytest.raises(errors.DeviceAnswerWrong):
        read(made, answer)
    assert not AuditEntry.objects.filter(action="device.read").exists()


def test_a_question_is_for_one_person_at_one_window_for_three_minutes(made, paired):
    other = people.staff_actor("window_clerk", department_id=people.department("别的中心"), name="别人")

    for changed in ({"by": other}, {"window": made.two}):
        with pytest.raises(errors.DeviceAnswerWrong):
            read(made, said(paired, ask(made), CARD), **changed)
    for at in (f.NINE + timedelta(minutes=4), f.NINE - timedelta(seconds=1)):
        with pytest.raises(errors.DeviceAnswerStale):
            read(made, said(paired, ask(made), CARD), at=at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "990104199003070015"},  # the check digit
        {"number": 990104199003070014},
        {"number": ""},
        {"kind": "no_such_kind"},
        {"kind": ["citizen_number"]},
        {"name": ""},
        {"name": "温" * 61},
        {"name": "温\u202e满"},
        {"name": None},
        {"valid_until": "2035-02-30"},
        {"valid_until": 20350101},
    ],
    ids=str,
)
def test_a_card_that_can_not_be_is_refused_and_may_be_typed(made, paired, wrong):
    with pytest.raises(errors.CardUnreadable):
        read(made, said(paired, ask(made), CARD | wrong))


@given(st.one_of(st.text(max_size=200), st.binary(max_size=120).map(lambda given: sealed("x", given))))
def test_nonsense_is_refused_as_nonsense(text):
    def never(nonce):
        raise errors.DeviceAnswerWrong()

    with pytest.raises(DomainError):
        answers.believed(text, device="camera", at=f.NINE, asked_by_us=never, secret_of=lambda _: "x")


def test_a_code_pairs_one_program_once_and_a_new_one_ends_what_was_before(made, paired):
    old = said(paired, ask(made), CARD)
    code = f.pairing_code(made)

    with pytest.raises(errors.PairingCodeWrong):
        services.pair(code=code, port=80, at=f.NINE)
    again = services.pair(code=code, port=17640, at=f.NINE)

    with pytest.raises(errors.PairingCodeWrong):
        services.pair(code=code, port=17641, at=f.NINE)
    assert again.secret != paired.secret
    assert selectors.devices_at(made.clerk, made.one).port == 17640
    with pytest.raises(errors.DeviceAnswerWrong):
        read(made, old)


def test_a_code_lasts_ten_minutes_and_only_the_last_one_counts(made, paired):
    first, last = f.pairing_code(made), f.pairing_code(made)

    for code, at in (
        (first, f.NINE),
        (last, f.NINE + timedelta(minutes=11)),
        ("1234", f.NINE),
        ("１２３４５６７８", f.NINE),
    ):
        with pytest.raises(errors.PairingCodeWrong):
            services.pair(code=code, port=17640, at=at)
    assert DeviceBridge.objects.get().port == 17630


def test_the_code_and_the_secret_stand_nowhere_in_clear(made):
    code = f.pairing_code(made)
    done = services.pair(code=code, port=17640, at=f.NINE)

    rows = list(AuditEntry.objects.filter(root_id=made.one).values())
    assert code not in str(rows)
    assert done.secret not in str(rows)
    assert page_token(done.secret) == selectors.devices_at(made.clerk, made.one).token
    assert done.secret not in page_token(done.secret)


def test_unpaired_a_window_is_served_by_keyboard_alone(made, paired):
    answer = said(paired, ask(made), CARD)
    services.end_pairing(window_id=made.one, by=made.manager, at=f.NINE, key=uuid4())

    assert selectors.devices_at(made.clerk, made.one) is None
    with pytest.raises(errors.BridgeMissing):
        ask(made)
    with pytest.raises(errors.BridgeMissing):
        read(made, answer)


def test_who_may_not_is_refused_and_nothing_changes(made, paired):
    stranger = people.staff_actor("hall_manager", department_id=people.department("别的中心"), name="别处")
    deeds = (
        lambda by: services.set_devices(window_id=made.one, devices=[], by=by, at=f.NINE, key=uuid4()),
        lambda by: services.make_pairing_code(window_id=made.one, by=by, at=f.NINE, key=uuid4()),
        lambda by: services.end_pairing(window_id=made.one, by=by, at=f.NINE, key=uuid4()),
    )

    for by in (made.clerk, stranger):
        for deed in deeds:
            with pytest.raises(NotAuthorised):
                deed(by)
    with pytest.raises(NotAuthorised):
        ask(made, by=made.manager)
    assert selectors.devices_at(made.manager, made.one) is None
    assert DeviceBridge.objects.get().devices == list(DEVICES)


def test_a_device_the_window_has_not_is_not_asked(made, paired):
    services.set_devices(window_id=made.one, devices=["printer"], by=made.manager, at=f.NINE, key=uuid4())

    with pytest.raises(errors.DeviceUnknown):
        ask(made, "id_reader")
    with pytest.raises(errors.DeviceUnknown):
        services.set_devices(window_id=made.one, devices=["oracle"], by=made.manager, at=f.NINE, key=uuid4())
    assert services.ask_device(window_id=made.one, device="printer", by=made.clerk, at=f.NINE, key=uuid4())


# Ratings


@pytest.fixture
def decided(db):
    """A decided case, and the window of its hall in the same department as its clerk."""
    w = cases.world()
    case = cases.decided_case(w, at=f.NINE)
    hall = f.hall()
    return w, case, hall, f.devices(hall)


def test_the_level_goes_past_the_clerk_and_counts_once(decided):
    w, case, hall, paired = decided
    nonce = ask(hall, "rating", by=w.clerk, at=f.NINE, number=case.number)
    answer = said(paired, nonce, {"level": 2}, device="rating")

    services.hear_rating(answer=answer, at=LATER)
    services.hear_rating(answer=answer, at=LATER)

    row = Rating.objects.get()
    assert (row.channel, row.level, row.root_id) == ("window", 2, case.pk)
    entry = AuditEntry.objects.get(root_id=case.pk, action="evaluation.rate_at_window")
    assert "level" not in json.dumps(entry.notes)
    with pytest.raises(AlreadyRated):
        ask(hall, "rating", by=w.clerk, number=case.number)


def test_a_level_that_is_none_or_of_another_device_is_no_rating(decided):
    w, case, hall, paired = decided
    nonce = ask(hall, "rating", by=w.clerk, number=case.number)

    for level in (0, 6, "5", True, None, 4.0):
        with pytest.raises(errors.DeviceAnswerWrong):
            services.hear_rating(answer=said(paired, nonce, {"level": level}, device="rating"), at=LATER)
    card = said(paired, ask(hall, by=w.clerk), {"level": 5})
    with pytest.raises(errors.DeviceAnswerWrong):
        services.hear_rating(answer=card, at=LATER)
    assert not Rating.objects.exists()


def test_only_a_case_that_the_clerk_may_see_is_rated(decided):
    w, _, hall, _ = decided
    open_case = cases.received_case(w, at=f.NINE)

    assert ask(hall, "rating", by=w.clerk, number=open_case.number), "its filing"
    with pytest.raises(CaseUnknown):
        ask(hall, "rating", by=w.clerk, number="99010420200101000099")


def test_an_answer_as_one_text_is_opened_as_it_was_sealed():
    assert opened(sealed("s", b"body"))[0] == b"body"


def test_a_window_that_is_not_there_has_no_devices(made):
    hall = selectors.halls_managed(made.manager, "hall.manage").get(pk=made.hall_id)

    assert selectors.devices_of(selectors.window_of(hall, 1)).devices == ()
    with pytest.raises(errors.WindowUnknown):
        selectors.window_of(hall, 99)


def test_the_double_calls_the_devices_as_the_desk_does():
    assert double.NAMES == DEVICES
    page = double._own_page(double.Double("s", "https://example.test", double.DEVICES, print))
    assert all(name in page for name in DEVICES.values())
    assert not any(f">{code} <" in page for code in DEVICES)
