"""Two who sign a report at the same moment: it is signed once."""

from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.hall.tests.test_races import at_once
from mingqu.insight import services
from mingqu.insight.tests.test_pages import head
from mingqu.insight.tests.test_reports import MONTH_AFTER, sign


def test_two_who_sign_at_once_sign_once(committed_db):
    w = f.world()
    f.received_case(w)
    services.rebuild(timezone.now())
    services.make_due(MONTH_AFTER)
    first, second = head(w), head(w)

    done = at_once(lambda: sign(w, by=first), lambda: sign(w, by=second))

    assert sorted(type(one).__name__ for one in done) == ["NoneType", "ReportSigned"]
