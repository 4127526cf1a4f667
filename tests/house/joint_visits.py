"""Joint visits (联合踏勘) in the houses of pages: signed by one department, closed without the other."""

from datetime import datetime, time, timedelta
from typing import Any

from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.types import Closing, Correction, NewFinding, RecordOf, VisitAnswer, VisitDate
from mingqu.cases.models import Bundle, JointVisit
from mingqu.cases.tests import factories as f
from mingqu.cases.types import OfficerSigned, VisitParty
from mingqu.clocks import selectors as clocks
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor
from tests.house.stage import Stage

WEEKS = timedelta(days=21)  # long enough that a working day lies between, whatever holidays there are
LONG = "南侧沿街一段，连续封闭，底部砖砌；西侧一段用彩钢板，接缝处有三处松动，已当场要求加固。"


def look_together(made: Stage, house: b.World, now: datetime) -> None:
    """Two bundles, whose joint visit was on a working day that is over at any hour now."""
    organ = identity.post_by_code("CGJ-SRHJ-01").department_id
    second = f._post("CGJ-SRHJ-02", "户外招牌承办岗", organ, "reviewer", organ)
    there = now - WEEKS
    for name, serial in (("together", 11), ("looked", 12)):
        bundle, joint = _agreed(house, second, serial, there)
        at = joint.planned_for + timedelta(minutes=10)
        of = RecordOf(bundle.pk, joint.id, "food")
        photo = documents.check_upload(f.PNG)
        found = _write(house, of, NewFinding("围挡高度", LONG, photo=photo), at)
        _write(house, of, NewFinding("出入口", "一处，已经硬化"), at)
        given = Correction(found, NewFinding("围挡高度", LONG + "复测2.5米。", photo=photo), "复测")
        corrected = services.correct_finding(
            of=of, correction=given, by=house.base.inspector, at=at, key=new_id()
        )
        _sign(house, of, at)
        if name == "looked":
            closing = Closing(VisitParty("", True, "没有人在场"), ("sign",))
            services.close_findings(of=of, closing=closing, by=house.base.inspector, at=at, key=new_id())
            b.settle(at)
        made.numbers[f"bundle_{name}"] = bundle.number
        made.ids["joint_visit" if name == "together" else "joint_looked"] = joint.id
        made.ids["finding" if name == "together" else "finding_looked"] = corrected.finding_id


def _agreed(house: b.World, second: Actor, serial: int, at: datetime) -> tuple[Bundle, JointVisit]:
    situation = {**b.SITUATION, "foods": ["hot", "cold"], "sign_place": "roof"}
    bundle = Bundle.objects.get(pk=b.filed(house, at=at, situation=situation).pk)
    b.settle(at)
    code = str(b.CreditCode.build("9", "1", "990104", f"MA9000{serial}"))
    b.record(house, bundle, b.granted_licence(credit_code=code), at=at)
    b.settle(at)
    b.accept(house, bundle, at=at)
    b.settle(at)
    day = clocks.current_calendar().next_working_day(legal_day(at))
    date = VisitDate(datetime.combine(day, time(10), BEIJING), "青澜街道望渠路5号", "请把后厨设备接通水电。")
    services.propose_visit(bundle_id=bundle.pk, date=date, by=house.clerk, at=at, key=new_id())
    first = house.other["CGJ-SRHJ-01"]
    for part, by, other in (("food", house.base.inspector, house.base.station), ("sign", first, second)):
        answer = VisitAnswer(True, (by.id, other.id))
        services.answer_visit(bundle_id=bundle.pk, part=part, answer=answer, by=by, at=at, key=new_id())
    b.settle(at)
    found = selectors.joint_visit(bundle)
    assert found is not None
    return bundle, found


def _write(house: b.World, of: RecordOf, finding: NewFinding, at: datetime) -> Any:
    done = services.write_finding(of=of, finding=finding, by=house.base.inspector, at=at, key=new_id())
    return done.finding_id


def _sign(house: b.World, of: RecordOf, at: datetime) -> None:
    people = (house.base.inspector.id, house.base.station.id)
    names = identity.names_of(people)
    signed = tuple(OfficerSigned(one, names[one]) for one in people)
    services.sign_findings(of=of, signed=signed, by=house.base.inspector, at=at, key=new_id())
