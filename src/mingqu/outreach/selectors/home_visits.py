"""Visits at home: who may ask and when, one's own, the list of who arranges them and of who goes."""

from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import regions
from mingqu.kernel.errors import spoken
from mingqu.kernel.types import Actor
from mingqu.kernel.yaml_text import read_yaml
from mingqu.outreach import rules
from mingqu.outreach.errors import VisitUnknown
from mingqu.outreach.models import HomeVisit, OutreachNumber
from mingqu.outreach.types import VisitLine, VisitPage, VisitView
from mingqu.ui.text import zh_day

PAGE = 30
S = HomeVisit.State
OPEN = (S.ASKED, S.PLANNED)
TAGS = {
    "asked": "received",
    "planned": "accepted",
    "done": "done",
    "impossible": "refused",
    "withdrawn": "void",
}
ARRANGE, GO = "home_visit.plan", "home_visit.go"


@cache
def _settings() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(
        files("mingqu.outreach").joinpath("home_visits.yaml").read_text("utf-8")
    )
    return found


def reasons() -> list[tuple[str, str]]:
    """(code, words) of who may ask; said by the person, no proof is demanded."""
    return [(one["code"], one["name"]) for one in _settings()["reasons"]]


def visit_limit() -> int:
    """Working days within which somebody comes or says why not."""
    return int(_settings()["days"])


def due_after(day: date) -> date:
    return clocks.current_calendar().add_working_days(day, visit_limit())


def visit_days(today: date) -> tuple[date, date]:
    """The first and the last day one may wish for: from the next working day on."""
    return clocks.current_calendar().add_working_days(today, 1), today + timedelta(days=rules.VISIT_DAYS)


def is_visit_day(day: date, today: date) -> bool:
    first, last = visit_days(today)
    return first <= day <= last and clocks.current_calendar().working_day(day)


def visit_of(visit_id: UUID) -> HomeVisit:
    """Locked by its shard key. Raises VisitUnknown."""
    found = HomeVisit.objects.select_for_update().filter(pk=visit_id).first()
    if found is None:
        raise VisitUnknown()
    return found


def visit_id_of(number: str) -> UUID:
    """Raises VisitUnknown."""
    found = (
        OutreachNumber.objects.filter(number=number.strip().upper()).values_list("root_id", flat=True).first()
    )
    if found is None:
        raise VisitUnknown()
    return found


def asked_by(by: Actor, today: date) -> list[VisitLine]:
    """One's own, the latest first."""
    rows = HomeVisit.objects.filter(party_id=by.id).order_by("-id")
    return _lines(list(_without_words(rows)[:PAGE]), today)


def own_visit(by: Actor | None, number: str, today: date) -> VisitView:
    """Raises VisitUnknown for anybody else's."""
    row = HomeVisit.objects.filter(pk=visit_id_of(number)).first()
    if row is None or not access.allows(by, "home_visit.withdraw", row):
        raise VisitUnknown()
    return _view(row, today)


def visit_at_desk(by: Actor, number: str, today: date) -> VisitView:
    """For who arranges visits there, for who is sent, for who asked for her. Raises VisitUnknown."""
    row = HomeVisit.objects.filter(pk=visit_id_of(number)).first()
    if row is None or not sees(by, row):
        raise VisitUnknown()
    return _view(row, today)


def sees(by: Actor, row: HomeVisit) -> bool:
    if access.allows(by, ARRANGE, row):
        return True
    named = by.post_id is not None and by.post_id in (row.assigned_post, row.asked_by_post)
    return named and access.allows(by, GO, row)


def _mine(by: Actor) -> Q:
    arranged = access.scope(by, ARRANGE).q(party="party_id")
    own = access.scope(by, GO).q(party="party_id") & (
        Q(assigned_post=by.post_id) | Q(asked_by_post=by.post_id)
    )
    return arranged | own


def visits_at_desk(by: Actor, today: date, *, show: str = "", after: str = "") -> VisitPage:
    """What is to be arranged and done, by its last day; `show` done: what is over, the latest first. Keyset."""
    found = _without_words(HomeVisit.objects.filter(_mine(by)))
    if show == "done":
        rows, side = found.exclude(state__in=OPEN).order_by("-due_on", "-id"), "lt"
    else:
        rows, side = found.filter(state__in=OPEN).order_by("due_on", "id"), "gt"
    if (start := _cursor(after)) is not None:
        rows = rows.filter(
            Q(**{f"due_on__{side}": start[0]}) | Q(due_on=start[0], **{f"id__{side}": start[1]})
        )
    shown = list(rows[: PAGE + 1])
    last = shown[PAGE - 1] if len(shown) > PAGE else None
    return VisitPage(tuple(_lines(shown[:PAGE], today)), f"{last.due_on}_{last.pk}" if last else "")


def waiting_visits(by: Actor) -> tuple[int, int]:
    """How many wait to be arranged by this post and how many it is sent to, together at most PAGE; one statement."""
    to_plan = access.scope(by, ARRANGE).q(party="party_id") & Q(state=S.ASKED)
    to_go = access.scope(by, GO).q(party="party_id") & Q(assigned_post=by.post_id, state=S.PLANNED)
    found = list(HomeVisit.objects.filter(to_plan | to_go).values_list("state", flat=True)[:PAGE])
    return found.count(S.ASKED), found.count(S.PLANNED)


def may_go(row: HomeVisit) -> list[tuple[str, str]]:
    """(code, words) of the posts that may be sent there."""
    place = Place(row.department_id, row.region_code, row.item_type)
    return list(identity.posts_that_may(GO, place).items())


def goers(by: Actor, number: str) -> list[tuple[str, str]]:
    """The same for who arranges this visit; () for who does not."""
    row = HomeVisit.objects.get(pk=visit_id_of(number))
    return may_go(row) if access.allows(by, ARRANGE, row) and row.state in OPEN else []


def may_close(by: Actor, number: str) -> bool:
    row = HomeVisit.objects.get(pk=visit_id_of(number))
    return row.state in OPEN and closes(by, row)


def closes(by: Actor, row: HomeVisit) -> bool:
    """Who is sent says how it went; who arranges them too."""
    sent = by.post_id is not None and by.post_id == row.assigned_post and access.allows(by, GO, row)
    return sent or access.allows(by, ARRANGE, row)


def _without_words(rows: QuerySet[HomeVisit]) -> QuerySet[HomeVisit]:
    return rows.defer("name", "phone", "address", "about", "note")


def _cursor(text: str) -> tuple[date, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    day, _sep, visit_id = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(visit_id)
    except ValueError:
        return None


def _lines(rows: list[HomeVisit], today: date) -> list[VisitLine]:
    posts = identity.post_names({row.assigned_post for row in rows if row.assigned_post})
    return [_line(row, posts, today) for row in rows]


def _line(row: HomeVisit, posts: dict[UUID, str], today: date) -> VisitLine:
    words = dict(reasons())
    day = row.visit_on or row.wished_on
    return VisitLine(
        number=row.number,
        state=row.state,
        state_words=spoken(str(S(row.state).label)),
        tag=TAGS[row.state],
        region=regions.full_name(row.region_code, within=str(settings.MINGQU_SITE["region_code"])),
        reason=_(words.get(row.reason, row.reason)),
        due_on=row.due_on,
        when=f"{zh_day(day)}{half_words(row.visit_half or row.wished_half)}",
        who=posts.get(row.assigned_post, "") if row.assigned_post else "",
        overdue=row.state in OPEN and today > row.due_on,
        wished=f"{zh_day(row.wished_on)}{half_words(row.wished_half)}",
        day=day,
        half=half_words(row.visit_half or row.wished_half),
        wished_on=row.wished_on,
        wished_half=half_words(row.wished_half),
    )


def half_words(half: str) -> str:
    return spoken(str(HomeVisit.Half(half).label)) if half else ""


def _view(row: HomeVisit, today: date) -> VisitView:
    (line,) = _lines([row], today)
    return VisitView(
        line=line,
        name=row.name or "",
        phone=row.phone or "",
        address=row.address or "",
        about=row.about or "",
        note=row.note or "",
        asked_at=row.asked_at,
        channel=spoken(str(HomeVisit.Channel(row.channel).label)),
    )
