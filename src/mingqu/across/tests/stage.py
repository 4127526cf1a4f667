"""Agreements in three states and what was received under one, for the houses that pages are looked at in."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mingqu.across import services
from mingqu.across.models import Agreement, Reception
from mingqu.across.tests import factories
from mingqu.across.tests.factories import ITEM, NEIGHBOUR, draft
from mingqu.cases import services as cases
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked
from mingqu.hall import services as halls
from mingqu.hall.types import NewHall, NewLine
from mingqu.identity import services as identity
from mingqu.identity.models import User
from mingqu.identity.types import NewDepartment
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor


def made(stage: Any, w: f.World, now: datetime) -> None:
    """`stage`: its hall_manager has the hall H1; the neighbour's is made here."""
    user = stage.users["hall_manager"]
    mine = Actor("staff", user.person_id, post_id=user.holdings.get().post_id, user_id=user.pk)
    new = NewDepartment("LB-ZWZX", "临泊区政务服务中心", NEIGHBOUR, None, "")
    organ = identity.create_department(draft=new, by=f.SYSTEM, at=now, key=new_id())
    lines, windows = (NewLine("A", "综合业务", 10),), ((1, "综合窗口", "A"),)
    hall = NewHall("LB-H", "临泊区政务服务大厅", "大厅路1号", organ, lines, windows)
    halls.set_up_hall(hall=hall, by=Actor.system("demo"), at=now, key=new_id())
    theirs = f.post_of("LB-DT", "临泊大厅管理", organ, "hall_manager")
    given = {"at": now, "from_on": legal_day(now)}
    offered = draft(own="LB-H", other="H1", items=(ITEM,), from_on=given["from_on"])
    later = given["from_on"] + timedelta(days=365)
    asked = draft(own="H1", other="LB-H", receives=False, from_on=given["from_on"], until_on=later)
    for name, by, what in (
        ("agreement", theirs, replace(offered, way="joint")),
        ("agreed", mine, asked),
        ("proposed", mine, replace(asked, from_on=later + timedelta(days=1), until_on=None)),
    ):
        done = services.propose(draft=what, by=by, at=now, key=new_id())
        stage.numbers[f"xy_{name}"] = done.number
        if name == "agreed":
            row = Agreement.objects.get(number=done.number)
            services.answer(agreement_id=row.pk, agreed=True, reason="", by=theirs, at=now, key=new_id())
    clerk = f.post_of("LB-CK", "临泊窗口", organ, "window_clerk")
    stage.users["neighbour"] = User.objects.get(pk=clerk.user_id)
    _received(stage, factories.Sides(mine, theirs, clerk, w), now)
    services.recount()


def _received(stage: Any, s: factories.Sides, now: datetime) -> None:
    """One that is being filled in, one in correction, one with a result; all of one person."""
    person = stage.ids["across_person"] = factories.person_at(s.away_clerk, at=now)
    for name in ("across_open", "across_fix", "across_result"):
        row = factories.opened(s, at=now, person=person)
        stage.ids[name] = row.pk
        version = factories.begun(s, row, at=now)
        stage.ids[f"{name}_draft"] = row.draft_id
        if name == "across_open":
            continue
        filed = factories.hand_in(s, row, version, at=now)
        case = Case.objects.get(number=filed.number)
        if name == "across_fix":
            asked = [Asked("floor-plan", "看不清后厨的尺寸，请重新画一张。")]
            cases.ask_correction(case_id=case.pk, asked=asked, by=s.w.clerk, at=now, key=new_id())
        else:
            factories.decided(s.w, case, at=now)
            stage.numbers["across_result"] = case.number
            clerk = services.as_giver(Reception.objects.get(pk=row.pk), s.away_clerk)
            given = {"case_id": case.pk, "hall_id": row.hall_id, "place": "1号柜"}
            halls.result_arrived(**given, by=clerk, at=now, key=new_id())
