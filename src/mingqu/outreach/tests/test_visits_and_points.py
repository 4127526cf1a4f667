"""上门服务 and 便民服务点: asked without proof, arranged, told, taken back; points within one's own reach."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.tests import factories as f
from mingqu.catalogue.models import ServiceItem
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.notifications.models import InboxMessage
from mingqu.outreach import rules, selectors, services
from mingqu.outreach.errors import (
    DelegationDates,
    DelegationWrong,
    PointCodeTaken,
    PointRegion,
    PostServesElsewhere,
    ReasonNeeded,
    VisitDay,
    VisitNobody,
    VisitNotNow,
    VisitToCome,
    VisitTooMany,
    VisitUnknown,
)
from mingqu.outreach.models import HomeVisit, Point
from mingqu.outreach.tests import factories as made
from mingqu.outreach.types import NewPoint

NOON, TODAY = made.NOON, made.NOON.date()
TUESDAY = date(2026, 9, 22)


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def p(w):
    return made.place(w)


def asked(by, *, channel="telephone", **words) -> HomeVisit:
    done = services.ask_visit(visit=made.visit_words(**words), channel=channel, by=by, at=NOON, key=uuid4())
    return HomeVisit.objects.get(number=done.number)


def planned(p, row, *, on=TUESDAY, post="ag-qinglan"):
    services.plan_visit(visit_id=row.pk, post=post, on=on, half="pm", by=p.manager, at=NOON, key=uuid4())
    row.refresh_from_db()


def told(at=NOON):
    while relay.round_once(at):
        pass


def test_a_visit_is_asked_for_arranged_done_and_told_at_each_step(w, p):
    row = asked(w.citizen)
    assert (row.channel, row.due_on, row.department_id) == (
        "online",
        date(2026, 9, 24),
        p.point.department_id,
    )
    told()
    assert InboxMessage.objects.filter(person_id=p.manager.id, kind="home_visit_asked").exists()
    with pytest.raises(VisitUnknown):
        selectors.visit_at_desk(p.agent, row.number, TODAY)
    planned(p, row)
    told()
    assert selectors.visit_at_desk(p.agent, row.number, TODAY).address == "望渠路2号"
    assert InboxMessage.objects.filter(person_id=p.agent.id, kind="home_visit_to_go").exists()
    assert "9月22日" in InboxMessage.objects.get(person_id=w.citizen.id, kind="home_visit_planned").body

    with pytest.raises(VisitToCome):
        services.close_visit(visit_id=row.pk, done=True, note="证已办好", by=p.agent, at=NOON, key=uuid4())
    there = NOON + timedelta(days=4)  # 9月22日
    services.close_visit(visit_id=row.pk, done=True, note="证已办好", by=p.agent, at=there, key=uuid4())
    told(there)
    assert InboxMessage.objects.filter(person_id=w.citizen.id, kind="home_visit_done").exists()
    assert selectors.own_visit(w.citizen, row.number, TODAY).note == "证已办好"
    with pytest.raises(VisitNotNow):
        services.withdraw_visit(visit_id=row.pk, by=w.citizen, at=NOON, key=uuid4())


def test_not_possible_needs_its_reason_and_the_person_hears_it(w, p):
    row = asked(w.citizen)
    with pytest.raises(ReasonNeeded):
        services.close_visit(visit_id=row.pk, done=False, note=" ", by=p.manager, at=NOON, key=uuid4())
    with pytest.raises(NotAuthorised):
        services.close_visit(visit_id=row.pk, done=False, note="路断了", by=p.agent, at=NOON, key=uuid4())
    services.close_visit(
        visit_id=row.pk, done=False, note="路断了，下周再约", by=p.manager, at=NOON, key=uuid4()
    )
    told()
    assert InboxMessage.objects.filter(person_id=w.citizen.id, kind="home_visit_not_done").exists()


@pytest.mark.parametrize(
    "day",
    [TODAY, date(2026, 9, 19), date(2026, 9, 25), date(2026, 12, 31)],
    ids=["today", "Saturday", "holiday", "far"],
)
def test_only_working_days_of_the_next_weeks_may_be_wished_for(w, p, day):
    with pytest.raises(VisitDay):
        asked(w.citizen, wished_on=day)
    assert not HomeVisit.objects.exists()


def test_a_working_sunday_may_be_wished_for(w, p):
    assert asked(w.citizen, wished_on=date(2026, 9, 20)).wished_on == date(2026, 9, 20)


def test_who_is_not_sent_and_who_has_asked_too_often_is_refused(w, p):
    stranger = people.citizen()[1]
    rows = [asked(w.citizen) for _ in range(rules.OPEN_VISITS)]
    with pytest.raises(VisitTooMany):
        asked(w.citizen)
    with pytest.raises(VisitUnknown):
        selectors.own_visit(stranger, rows[0].number, TODAY)
    with pytest.raises(NotAuthorised):
        services.withdraw_visit(visit_id=rows[0].pk, by=stranger, at=NOON, key=uuid4())
    with pytest.raises(VisitNobody):
        planned(p, rows[0], post="SCJG-LEAD")
    with pytest.raises(PointRegion):
        asked(p.agent, region_code="990104000000")
    services.withdraw_visit(visit_id=rows[0].pk, by=w.citizen, at=NOON, key=uuid4())
    assert asked(w.citizen).state == "asked"


def test_the_agent_lists_what_he_asked_for_and_where_he_is_sent_and_nothing_else(w, p):
    own, others = asked(p.agent, channel="agent"), asked(w.citizen)
    lines = [line.number for line in selectors.visits_at_desk(p.agent, TODAY).lines]
    assert lines == [own.number]
    every = [line.number for line in selectors.visits_at_desk(p.manager, TODAY).lines]
    assert sorted(every) == sorted([own.number, others.number])


@given(
    st.sampled_from(sorted({s for s, _ in rules.VISIT_MOVES})),
    st.sampled_from(["done", "impossible", "withdraw"]),
)
def test_what_is_over_stays_over(state, deed):
    after = rules.visit_after(state, deed)
    if after is not None:
        assert all(
            rules.visit_after(after, again) is None for again in ("plan", "done", "impossible", "withdraw")
        )


# Points ------------------------------------------------------------------------------------------------------


def kept(p, *, by=None, new=True, **given):
    words = {
        "code": "yunlan",
        "name": "云澜服务点",
        "region_code": "990104002001",
        "address": "一路",
        "hours": "全天",
    }
    point = NewPoint(**(words | given))
    return services.keep_point(
        point=point, department_id=p.point.department_id, by=by or p.manager, at=NOON, key=uuid4(), new=new
    )


def test_a_point_is_public_by_street_with_what_is_delegated_today(w, p):
    kept(p)
    assert [one.name for one in selectors.public_points(TODAY, "990104002000")] == ["云澜服务点"]
    (own,) = selectors.public_points(TODAY, made.STREET)
    assert [line.item_code for line in own.items] == [made.ITEM]
    assert selectors.streets() == [("990104001000", "青澜街道"), ("990104002000", "云澜街道")]
    kept(p, new=False, closed=True)
    assert selectors.public_points(TODAY, "990104002000") == []


def test_points_are_kept_within_ones_reach_with_a_place_and_posts_of_their_own(w, p):
    for refusal, words in (
        (PointCodeTaken, {"code": "qinglan"}),
        (PointRegion, {"region_code": "990104000000"}),
        (PostServesElsewhere, {"posts": ("ag-qinglan",)}),
        (NotAuthorised, {"by": p.agent}),
        (NotAuthorised, {"by": w.clerk}),
    ):
        with pytest.raises(refusal):
            kept(p, **words)
    assert Point.objects.count() == 1


def test_items_and_regions_are_chosen_by_their_names(w, p):
    manager = people.signed_in(Client(), User.objects.get(pk=p.manager.user_id))
    page, delegate = "/desk/points/qinglan/", "/desk/points/qinglan/items/"
    name = ServiceItem.objects.get(code=made.ITEM).name
    box = f'value="{made.ITEM}"'
    assert box not in manager.get(page).content.decode(), "nothing is offered before it is looked for"
    for words in (name[:2], made.ITEM):
        assert box in manager.get(page, {"find": words}).content.decode()
    assert "没有找到" in manager.get(page, {"find": "养恐龙"}).content.decode()

    given = {"key": str(uuid4()), "from_on_year": "2026", "from_on_month": "9", "from_on_day": "18"}
    refused = manager.post(delegate, given | {"find": name[:2]}).content.decode()
    assert "请先找到事项" in refused and box in refused, "what was found stays"
    assert manager.post(delegate, given | {"items": ["QH-NICHTS"]}).status_code == 400
    assert manager.post(delegate, given | {"items": [made.ITEM]}).status_code == 302

    about = {
        "key": str(uuid4()),
        "name": "青澜服务点",
        "address": "一路",
        "hours": "全天",
        "posts": "ag-qinglan",
    }
    assert manager.post(page, about | {"region_code": "云澜街道"}).status_code == 302
    assert Point.objects.get(code="qinglan").region_code == "990104002000"
    assert "没有找到这个地方" in manager.post(page, about | {"region_code": "月亮街道"}).content.decode()
    assert "云澜街道" in manager.get(page).content.decode()


def test_only_items_that_can_be_applied_for_are_delegated_from_a_day_to_a_later_one(p):
    def delegate(*items):
        services.delegate(point_id=p.point.pk, items=list(items), by=p.manager, at=NOON, key=uuid4())

    with pytest.raises(DelegationWrong):
        delegate(("NOTHING", TODAY, None))
    with pytest.raises(DelegationDates):
        delegate((made.ITEM, TODAY, date(2026, 9, 17)))
    delegate((made.ITEM, TODAY, TODAY))
    (line,) = selectors.delegated(p.point.pk, date(2026, 9, 19))
    assert not line.in_force
    ServiceItem.objects.filter(code=made.ITEM).update(region_code="990105000000")
    with pytest.raises(DelegationWrong):  # another district's: its organ never let these agents file
        delegate((made.ITEM, TODAY, None))


@pytest.mark.parametrize(
    ("regions", "inside"),
    [
        (("990104001001", "990104000000", "990100000000", "990000000000", "000000000000"), True),
        (("990104001002", "990140000000", "990110000000"), False),
    ],
)
def test_a_village_lies_in_its_street_district_and_city_and_in_no_other(regions, inside):
    assert {rules.lies_in("990104001001", one) for one in regions} == {inside}
