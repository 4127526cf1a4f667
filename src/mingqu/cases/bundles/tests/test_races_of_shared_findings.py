"""Two officers write in one shared record at the same instant (联合踏勘): it ends as one of the two orders would."""

from mingqu.cases.bundles.tests import looking_together as t
from mingqu.cases.bundles.tests import test_one_date_for_visits as v
from mingqu.cases.bundles.types import NewFinding
from mingqu.cases.models import SharedFinding
from mingqu.cases.tests.test_races_of_visits import at_once


def test_of_two_who_write_or_correct_the_same_at_once_one_stands(committed_db):
    w = v.world()
    bundle, joint = t.agreed(w)

    written = at_once(
        lambda: t.write(w, joint, "food"),
        lambda: t.write(w, joint, "fire", NewFinding("围挡高度", "有两处断开")),
    )
    assert sorted(written, key=str) == [None, "shared_finding_written"]
    [one] = SharedFinding.objects.filter(bundle=bundle)
    corrected = at_once(
        lambda: t.correct(w, joint, "food", one.id),
        lambda: t.correct(w, joint, "sign", one.id, NewFinding("围挡高度", "有两处断开")),
    )
    assert sorted(corrected, key=str) == [None, "shared_finding_changed"]
    assert sorted(SharedFinding.objects.values_list("state", flat=True)) == ["corrected", "stands"]
