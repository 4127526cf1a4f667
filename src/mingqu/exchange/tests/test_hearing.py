"""What the other side tells: twice, late, in the wrong order, not at all, or two things at once."""

import itertools
import random

import pytest

from mingqu.exchange import services
from mingqu.exchange.connectors import double, registry, signing
from mingqu.exchange.errors import CallbackStale, CallbackUnreadable, ReferenceUnknown, SignatureWrong
from mingqu.exchange.models import Handover
from mingqu.exchange.tests import factories as f
from mingqu.exchange.views.double import tell
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
FAULTS = ["twice", "reorder", "silent", "slow", "down"]


def end_of(row: Handover):
    row = f.again(row)
    return row.shown, row.needs, row.result.get("number", ""), row.contradicts


@pytest.mark.parametrize("turn", range(12))
def test_any_interleaving_of_duplicates_and_delays_ends_the_same(turn):
    row, chance = f.sent(), random.Random(turn)
    came = [*f.course(row), *chance.sample(f.course(row), k=2)]
    chance.shuffle(came)
    for told in came:
        f.hear(told)

    assert end_of(row) == ("granted", "", f.RESULT.number, False)
    assert f.kept(row) == 4


@pytest.mark.parametrize(
    "faults", [[], *itertools.combinations(FAULTS, 1), *itertools.combinations(FAULTS, 2)]
)
def test_whatever_is_wrong_with_the_other_side_nothing_is_lost_once_it_answers_again(faults):
    row, at = f.handed(), f.AT
    double.set_faults(list(faults))
    f.send(row, at=at)
    if "down" in faults:
        double.set_faults([])
        at = f.again(row).try_at
        f.send(row, at=at)
        double.set_faults(list(faults))
    for state in ("handling", "granted"):
        at += f.MINUTE
        matter = double.say(row.reference, state, at=at, result=f.RESULT)
        tell(matter, at)
    double.set_faults([])
    if f.again(row).sending == "waiting":
        at = max(at, f.again(row).try_at)
        f.send(row, at=at)
    services.look(root_id=row.root_id, handover_id=row.id, at=at + 31 * f.MINUTE)

    assert end_of(row) == ("granted", "", f.RESULT.number, False)
    assert f.kept(row) == 3


def test_the_same_by_callback_and_by_asking_is_kept_once():
    row = f.sent()
    tell(double.say(row.reference, "handling", at=f.AT), f.AT)

    assert services.look(root_id=row.root_id, handover_id=row.id, at=f.AT) == "asked"
    assert f.kept(row) == 2


def test_what_contradicts_itself_waits_for_a_person_and_again_only_when_something_new_does(
    django_assert_num_queries,
):
    row, clerk = f.sent(), f.officer()
    double.set_faults(["contradicts"])
    verdicts = tell(double.say(row.reference, "granted", at=f.AT, result=f.RESULT), f.AT)
    assert verdicts == ["moved", "moved", "contradicts"]
    assert end_of(row) == ("granted", "contradicts", f.RESULT.number, True)

    services.resolve(of=row, reason="电话问过，准予有效", by=clerk, at=f.AT, key=new_id())
    assert f.again(row).needs == ""
    f.hear(f.telling(row, "handling", 9))
    assert f.again(row).needs == "contradicts"


def test_nothing_heard_for_two_working_days_is_called_silence_and_news_ends_it():
    row = f.sent()  # on a Friday; that Sunday is a working day before the holiday
    on_monday, on_tuesday = f.AT + 3 * f.DAY, f.AT + 4 * f.DAY

    assert services.flag_silent(on_monday) == []
    assert services.flag_silent(on_tuesday) == [(row.root_id, row.id)]
    assert services.note_silence(row.root_id, row.id, on_tuesday)
    assert f.again(row).needs == "silent" and services.flag_silent(on_tuesday) == []
    f.hear(f.telling(row, "handling", 2, at=on_tuesday), at=on_tuesday)
    assert f.again(row).needs == ""


def test_a_system_that_does_not_tell_is_asked():
    row = f.sent()
    double.set_faults(["silent"])
    tell(double.say(row.reference, "granted", at=f.AT, result=f.RESULT), f.AT)
    assert f.again(row).shown == "sent"

    assert services.sweep_unheard(f.AT + f.MINUTE) == 0
    assert services.sweep_unheard(f.AT + 3 * f.MINUTE) == 1
    services.look(root_id=row.root_id, handover_id=row.id, at=f.AT + 3 * f.MINUTE)
    assert f.again(row).shown == "granted"
    assert services.sweep_unheard(f.AT + f.DAY) == 0


def test_one_that_cannot_be_asked_is_left_as_it_is():
    row = f.sent()
    double.set_faults(["down"])

    assert services.look(root_id=row.root_id, handover_id=row.id, at=f.AT) == "unavailable"
    assert f.again(row).shown == "sent"


def test_what_we_never_handed_over_is_refused_and_stands_in_the_ledger():
    row = f.sent()
    told = f.telling(row, "granted", 2)
    stranger = type(told)("f" * 32, "granted", f.AT, 2)

    with pytest.raises(ReferenceUnknown):
        f.hear(stranger)

    assert AuditEntry.objects.filter(action="exchange.hear_unknown").count() == 1


def test_only_what_is_signed_fresh_and_readable_is_heard():
    row = f.sent()
    headers, body = double.telling(f.telling(row, "granted", 2), at=f.AT)
    read = registry.named("double").read

    with pytest.raises(SignatureWrong):
        read(headers, body.replace(b"granted", b"refused"), at=f.AT)
    with pytest.raises(CallbackStale):
        read(headers, body, at=f.AT + 11 * f.MINUTE)
    for wrong in (
        b"[]",
        b"{}",
        b'{"reference": "a", "state": "done", "happened_at": "2026-09-18T04:00:00Z"}',
    ):
        sent = f.AT.isoformat()
        with pytest.raises(CallbackUnreadable):
            read(
                {signing.SENT: sent, signing.SIGNATURE: signing.sign(double.secret(), sent, wrong)},
                wrong,
                at=f.AT,
            )
    assert f.kept(row) == 0


def test_the_door_of_the_api_answers_with_what_it_came_to(client):
    row = f.sent(at=f.AT)
    from django.utils import timezone

    now = timezone.now()
    headers, body = double.telling(f.telling(row, "handling", 2), at=now)

    def call():
        return client.post("/api/v1/exchange-callbacks/double", body, "application/json", headers=headers)

    assert [call().json()["verdict"] for _time in range(2)] == ["moved", "known"]
    assert client.post("/api/v1/exchange-callbacks/nobody", body, "application/json").status_code == 404
