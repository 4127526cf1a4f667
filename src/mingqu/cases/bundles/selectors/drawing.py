"""
Where a bundle stands, for its own pages and those of its project: its way as a picture and as a list (drawn as the way
of one application is), its timetable, and the limit of handling together with 为什么是这一天.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mingqu.cases import picture
from mingqu.cases.bundles import rules
from mingqu.cases.bundles.selectors.timetable import Standing, Timetable, standings, timetable
from mingqu.cases.models import Bundle, BundlePart
from mingqu.cases.overview import Shown, shown
from mingqu.cases.picture import DELIVER, RECEIVE, Picture, Place
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.kernel.types import Instant
from mingqu.process.types import StepRow
from mingqu.ui.language import day_short
from mingqu.ui.types import FlowStep

State = BundlePart.State
NOBODY = "-"  # a part has no post of its own in this picture


@dataclass(frozen=True)
class Look:
    """`standing`: parts whose time stands still or was lengthened; `joint`: None before anything is accepted."""

    flow: Picture
    standing: dict[str, Standing]
    times: Timetable | None
    joint: Shown | None


def look(bundle: Bundle, parts: Sequence[BundlePart], at: Instant, *, to_staff: bool = False) -> Look:
    """The caller has checked that the bundle may be seen."""
    standing = standings(parts)
    times = timetable(bundle, parts, at) if bundle.is_open else None
    flow = way_of(bundle, parts, standing, times, to_staff=to_staff)
    return Look(flow, standing, times, joint_limit(bundle, at))


def joint_limit(bundle: Bundle, at: Instant) -> Shown | None:
    """Forty-five working days and what lengthened them, day by day (行政许可法 42, second paragraph)."""
    if bundle.accepted_on is None:
        return None
    told = [one for one in clocks.explanations(bundle.pk, at) if one.deadline.kind is Kind.STATUTORY]
    return shown(told[-1]) if told else None


def way_of(
    bundle: Bundle,
    parts: Sequence[BundlePart],
    standing: Mapping[str, Standing],
    times: Timetable | None,
    *,
    to_staff: bool = False,
) -> Picture:
    """
    Parts of one level lie side by side; a level is drawn after all of the level before it. What exactly a part waits
    for stands in the list.
    """
    levels = rules.levels({part.code: part.after for part in parts})
    ordered = sorted(parts, key=lambda part: (levels[part.code], part.position))
    names = {part.code: part.name for part in parts}
    places = {part.code: _place(part, standing.get(part.code), to_staff) for part in parts}
    places |= {
        RECEIVE: Place("done", day_short(bundle.received_at)),
        DELIVER: _delivery(bundle),
    }
    rows = (
        StepRow(RECEIVE, _("收件"), NOBODY),
        *(StepRow(part.code, part.name, NOBODY, parallel=f"level{levels[part.code]}") for part in ordered),
        StepRow(DELIVER, _("一次送达"), NOBODY),
    )
    planned = {row.part.code: row for row in times.rows} if times else {}
    listed = [
        FlowStep(_("收件：%(organ)s") % {"organ": bundle.lead.name}, "done", places[RECEIVE].detail),
        *(
            FlowStep(
                _said(part, [names[code] for code in part.after]),
                places[part.code].state,
                _note(places[part.code], planned[part.code].span.last if part.code in planned else None),
            )
            for part in ordered
        ),
        FlowStep(_("一次送达：全部结果一起交给申请人"), places[DELIVER].state, places[DELIVER].note),
    ]
    return picture.drawn(rows, places, listed)


def _said(part: BundlePart, before: Sequence[str]) -> str:
    said = _("%(part)s：%(organ)s") % {"part": part.name, "organ": part.department.name}
    if not before:
        return said
    return _("%(said)s，%(before)s办成后接着办") % {"said": said, "before": _("、").join(before)}


def _note(place: Place, last: date | None) -> str:
    """Where it stands; what is not done yet, by when it will be as things are."""
    if place.state in ("done", "stop") or last is None:
        return place.note or place.detail
    day = day_short(last)
    return _("%(words)s，照现在看%(day)s前办完") % {"words": place.note or place.detail, "day": day}


def _place(part: BundlePart, standing: Standing | None, to_staff: bool) -> Place:
    if standing and standing.ground:
        ground = _(standing.ground)
        return Place("now", ground, _("%(ground)s，停算期限") % {"ground": ground})
    match part.state:
        case State.WAITING:
            return Place("", _("等前面的事项"))
        case State.OUTSIDE:
            return Place("now", _("在主管部门的系统里办"))
        case State.DUE:
            return Place("now", part.get_state_display())
        case State.FILED:
            return Place("now", _("正在看材料"))
        case State.CORRECTION:
            words = "等申请人补正" if to_staff else _("等您补正")
            return Place("you", words)
        case State.ACCEPTED:
            return Place("now", _("正在办"))
    if part.state in rules.FULFILLED:
        return Place("done", day_short(part.ended_on) if part.ended_on else part.get_state_display())
    return Place("stop", part.get_state_display())


def _delivery(bundle: Bundle) -> Place:
    if bundle.status == Bundle.Status.DECIDED:
        return Place("now", _("正在办"), _("正在办"))
    if bundle.status == Bundle.Status.DELIVERED:
        return Place("done", day_short(bundle.closed_on) if bundle.closed_on else "")
    if bundle.status == Bundle.Status.WITHDRAWN:
        return Place("stop", bundle.get_status_display())
    return Place()
