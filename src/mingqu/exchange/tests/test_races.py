"""Two at once on one matter."""

from mingqu.exchange import services
from mingqu.exchange.connectors import double
from mingqu.exchange.models import Attempt, DoubleMatter, Handover
from mingqu.exchange.tests import factories as f
from mingqu.payments.tests.test_races import at_once


def test_two_jobs_at_once_hand_it_over_once(committed_db):
    row = f.handed()

    said = at_once(lambda: f.send(row), lambda: f.send(row))

    assert sorted(said) == ["", "taken"]
    assert (Attempt.objects.count(), DoubleMatter.objects.count()) == (1, 1)


def test_the_same_told_and_asked_for_at_once_is_kept_once(committed_db):
    row = f.sent()
    matter = double.say(row.reference, "granted", at=f.AT, result=f.RESULT)
    first, last = (double.signing.telling(one) for one in matter.tellings)
    f.hear(first)

    def asked():
        return services.look(root_id=row.root_id, handover_id=row.id, at=f.AT)

    told, found = at_once(lambda: f.hear(last).verdict, asked)

    assert told in {"moved", "known"} and found in {"asked", ""}
    assert f.kept(row) == 2 and f.again(row).shown == "granted"


def test_handing_over_from_two_places_makes_one_matter(committed_db):
    order = f.order()

    first, second = at_once(*[lambda: services.hand_over(order=order, at=f.AT)] * 2)

    assert first == second and Handover.objects.count() == 1
