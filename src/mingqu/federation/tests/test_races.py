"""Two at once on one table."""

from mingqu.federation import services
from mingqu.federation.models import UpwardBatch
from mingqu.federation.tests.factories import delivered_and_told, now
from mingqu.payments.tests.test_races import at_once


def test_two_gatherers_at_once_put_nothing_into_two_batches(committed_db):
    delivered_and_told()
    services.look_through("affair", now())

    made = at_once(lambda: services.gather("affair", now()), lambda: services.gather("affair", now()))

    assert sorted(map(len, made)) == [0, 1]  # neither broke off
    assert UpwardBatch.objects.count() == 1
