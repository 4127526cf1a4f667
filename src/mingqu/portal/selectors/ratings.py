"""What people said of the services, as public figures."""

from datetime import timedelta

from django.utils.translation import gettext as _

from mingqu.evaluation import selectors as evaluation
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.portal.types import RatingBox
from mingqu.ui.types import Bar

DAYS = 30


def rating_box(at: Instant) -> RatingBox:
    """The last thirty days, today included; one statement."""
    until = legal_day(at)
    found = evaluation.figures(until - timedelta(days=DAYS - 1), until)
    return RatingBox(
        since=found.since,
        until=found.until,
        total=found.total,
        rate=f"{found.good_rate}%" if found.good_rate is not None else "",
        minimum=found.minimum,
        bars=tuple(
            Bar(_(level.words), level.count, _("%(count)d条") % {"count": level.count}, over=level.bad)
            for level in found.levels
        ),
    )
