"""A point with an agent, errands in each state, visits; for the houses that pages are looked at in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from mingqu.cases import services as cases
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked
from mingqu.clocks import selectors as clocks
from mingqu.hall.types import NewPaper
from mingqu.identity import selectors as identity
from mingqu.identity.models import User
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import load_demo_district
from mingqu.kernel.types import Actor
from mingqu.outreach import services
from mingqu.outreach.models import Collected, Errand, Point
from mingqu.outreach.tests import factories as made_of
from mingqu.outreach.types import NewPoint

AGENT, MANAGER = "village_agent", "hall_manager"


def made(stage: Any, w: f.World, now: datetime) -> None:
    """`stage`: who there is (users) and where numbers and ids are put down."""
    load_demo_district()
    agent, manager = (_actor(stage.users[who]) for who in (AGENT, MANAGER))
    words = ("青澜社区便民服务点", made_of.VILLAGE, "望渠路1号", "工作日9:00至17:00", "0990-5550101")
    point = NewPoint("qinglan", *words, (_code(agent),))
    given = {"by": manager, "at": now}
    services.keep_point(point=point, department_id=w.bureau, key=new_id(), **given)
    row = Point.objects.get(code="qinglan")
    services.delegate(point_id=row.pk, items=[(made_of.ITEM, date(2025, 1, 1), None)], key=new_id(), **given)
    place = made_of.Place(row, agent, _actor(stage.users["window_clerk"]), manager)
    _errands(stage, place, w, now)
    _visits(stage, place, w, now)


def _errands(stage: Any, place: made_of.Place, w: f.World, now: datetime) -> None:
    helped = made_of.with_telephone(place.clerk, at=now)
    stage.users["helped"] = User.objects.get(pk=helped.user_id)
    for name in ("errand", "errand_paper", "errand_agreed", "errand_filed"):
        row = made_of.errand(place, person=helped, at=now)
        stage.numbers[name] = row.number
        if name == "errand":
            services.send_code(errand_id=row.pk, by=place.agent, at=now, key=new_id())
        elif name == "errand_paper":
            photo = made_of.documents.check_upload(f.PNG)
            services.hand_paper(errand_id=row.pk, photo=photo, by=place.agent, at=now, key=new_id())
        else:
            _agreed(stage, place, row, now)
    made_of.hand_in(place, row, made_of.begun(place, row, at=now), at=now)
    relay.deliver_root(row.draft_id, now)
    _originals(stage, place, row, now)
    _to_fix(stage, place, helped, w, now)


def _originals(stage: Any, place: made_of.Place, row: Errand, now: datetime) -> None:
    """The person gave the agent a paper and signed on the screen."""
    services.collect_papers(
        errand_id=row.pk,
        papers=[NewPaper("房屋租赁合同", "original", 1)],
        drawn=made_of.documents.check_upload(f.PNG),
        by=place.agent,
        at=now,
        key=new_id(),
    )
    stage.ids["errand_signature"] = Collected.objects.get(root_id=row.pk).signature_id


def _to_fix(stage: Any, place: made_of.Place, helped: Actor, w: f.World, now: datetime) -> None:
    """Filed, and a plan asked for again; the paper says that the agent may bring it."""
    row = made_of.errand(place, person=helped, at=now)
    stage.numbers["errand_fix"] = row.number
    made_of.by_paper(place, row, at=now, by=place.manager, fixes=True)
    made_of.hand_in(place, row, made_of.begun(place, row, at=now), at=now)
    relay.deliver_root(row.draft_id, now)
    asked = [Asked("floor-plan", "看不清后厨的尺寸，请重新画一张。")]
    cases.ask_correction(case_id=row.draft_id, asked=asked, by=w.clerk, at=now, key=new_id())


def _agreed(stage: Any, place: made_of.Place, row: Errand, now: datetime) -> None:
    """By paper: who looks at it is a clerk of the stage."""
    made_of.by_paper(place, row, at=now, by=place.manager)
    if stage.numbers.get("errand_agreed") == row.number:
        made_of.begun(place, row, at=now)
        stage.ids["errand_draft"] = row.draft_id


def _visits(stage: Any, place: made_of.Place, w: f.World, now: datetime) -> None:
    day = clocks.current_calendar().add_working_days(legal_day(now), 1)
    for name in ("home_visit", "home_visit_planned", "home_visit_done"):
        words = made_of.visit_words(wished_on=day)
        done = services.ask_visit(visit=words, channel="telephone", by=w.citizen, at=now, key=new_id())
        stage.numbers[name] = done.number
        visit_id = made_of.selectors.visit_id_of(done.number)
        if name != "home_visit":
            services.plan_visit(
                visit_id=visit_id,
                post=_code(place.agent),
                on=day,
                half="pm",
                by=place.manager,
                at=now,
                key=new_id(),
            )
        if name == "home_visit_done":
            services.close_visit(
                visit_id=visit_id,
                done=True,
                note="证已办好，当面交给本人。",
                by=place.agent,
                at=now + (day - legal_day(now)),  # not before its day
                key=new_id(),
            )


def _actor(user: User) -> Actor:
    post: UUID = user.holdings.get().post_id
    return Actor("staff", user.person_id, post_id=post, user_id=user.pk, name=user.username)


def _code(by: Actor) -> str:
    assert by.post_id is not None
    return identity.post_code(by.post_id)
