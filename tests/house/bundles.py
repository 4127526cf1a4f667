"""一件事 and projects in the states their pages show."""

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from mingqu.cases import selectors as cases_selectors
from mingqu.cases import services as cases
from mingqu.cases.bundles import services as bundle_services
from mingqu.cases.bundles.services.promises import sign_commitment
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.types import NewProject, VisitAnswer, VisitDate
from mingqu.cases.models import Bundle, MaterialFile
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, CommitmentInput
from mingqu.clocks import selectors as clocks
from mingqu.forms.models import Draft
from mingqu.identity import selectors as persons
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING, legal_day
from tests.house.joint_visits import look_together
from tests.house.stage import RARE_NAME, Stage


def made_bundles(made: Stage, w: f.World, now: datetime) -> None:
    """A bundle in each state a page shows, a draft of one, a project with a stage."""
    house = b.world(w)
    b.publish(kind="stage", code="QH-STAGE", name="示例阶段")
    outside, asked, running, checking = (b.filed(house, at=now) for _ in range(4))
    at_window = b.filed(house, at=now, context={"delivery": "window"})
    b.settle(now)
    for serial, bundle in enumerate((asked, running, at_window, checking)):
        code = str(b.CreditCode.build("9", "1", "990104", f"MA90000{serial}"))
        b.record(house, bundle, b.granted_licence(credit_code=code), at=now)
    b.settle(now)
    bundle_services.ask_bundle_correction(
        bundle_id=asked.pk,
        asked={"food": [Asked("floor-plan", "看不清"), Asked("form:shop_name", "和营业执照上的不一样")]},
        by=w.clerk,
        at=now,
        key=new_id(),
    )
    b.accept(house, running, at=now)
    bundle_services.say_points(
        bundle_id=checking.pk,
        part="sign",
        points=[Asked("sign-drawing", "没有标出离地高度")],
        by=house.other["CGJ-SRHJ-01"],
        at=now,
        key=new_id(),
    )
    for code in ("food", "sign", "drainage"):
        cases.withdraw_case(case_id=b.part(at_window, code).case_id, by=w.citizen, at=now, key=new_id())
    b.settle(now)
    b.add_file(asked.pk, "food--floor-plan", now)
    for name, bundle in (("outside", outside), ("asked", asked), ("running", running), ("ended", at_window)):
        made.numbers[f"bundle_{name}"] = bundle.number
    made.numbers["bundle_checking"] = checking.number
    made.ids["bundle_file"] = cases_selectors.pending_files(asked.pk)[0].file_id
    started = b.draft(house, at=now)
    made.ids["bundle_draft"] = started.draft_id
    made.ids["bundle_begun"] = b.draft(house, at=now, files=[], answers={}).draft_id
    made.words["bundle_code"] = running.query_code
    made.numbers["bundle_owing"] = _owing_bundle(house, now)
    made.numbers["bundle_visiting"] = _visiting_bundle(house, now)
    look_together(made, house, now)
    made.numbers["bundle_decided"] = _decided_bundle(house, now)
    made.ids["bundle_draft_file"] = cases_selectors.pending_files(started.draft_id)[0].file_id
    project = bundle_services.register_project(
        draft=NewProject("清禾第二小学教学楼", w.citizen.id, people.REGION),
        department_id=w.bureau,
        by=w.clerk,
        at=now,
        key=new_id(),
    )
    bundle_services.open_stage(
        project_id=project.project_id, code="QH-STAGE", by=w.clerk, at=now, key=new_id()
    )
    made.numbers["project"] = project.number
    _stage_under_way(made, house, now)


def _stage_under_way(made: Stage, house: b.World, now: datetime) -> None:
    """A second project, whose stage is under review in two departments and answered in a third."""
    project = bundle_services.register_project(
        draft=NewProject("云澜街道社区食堂改造" + RARE_NAME, house.citizen.id, people.REGION),
        department_id=house.base.bureau,
        by=house.clerk,
        at=now,
        key=new_id(),
    )
    bundle_services.open_stage(
        project_id=project.project_id, code="QH-STAGE", by=house.clerk, at=now, key=new_id()
    )
    started = b.draft(house, at=now, code="QH-STAGE", context={"project": project.number})
    bundle = _licensed(house, b.file(house, started, at=now).bundle_id, 5, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    b.decide(house, bundle, "drainage", at=now)
    b.settle(now)
    made.numbers["project_under_way"], made.numbers["stage_under_way"] = project.number, bundle.number


def _owing_bundle(house: b.World, now: datetime) -> str:
    """Accepted, with a material that was promised to follow."""
    started = b.draft(house, at=now)
    left = MaterialFile.objects.filter(root_id=started.draft_id, material_code="food--floor-plan")
    left.update(state=MaterialFile.State.REMOVED)
    name = persons.person(house.citizen.id).name
    given = CommitmentInput("gap", "food--floor-plan", name, True)
    sign_commitment(draft_id=started.draft_id, commitment=given, by=house.citizen, at=now)
    version = Draft.objects.get(pk=started.draft_id).version
    bundle = _licensed(house, b.file(house, replace(started, version=version), at=now).bundle_id, 7, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    return bundle.number


def _visiting_bundle(house: b.World, now: datetime) -> str:
    """Two departments are asked whether they come on one date; one can't."""
    situation = {**b.SITUATION, "foods": ["hot", "cold"], "sign_place": "roof"}
    bundle = _licensed(house, b.filed(house, at=now, situation=situation).pk, 6, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    day = clocks.current_calendar().next_working_day(legal_day(now))
    date = VisitDate(datetime.combine(day, time(10), BEIJING), "青澜街道望渠路5号", "请把后厨设备接通水电。")
    bundle_services.propose_visit(bundle_id=bundle.pk, date=date, by=house.clerk, at=now, key=new_id())
    bundle_services.answer_visit(
        bundle_id=bundle.pk,
        part="sign",
        answer=VisitAnswer(False, reason="当天全员参加市容整治，第二天可以。"),
        by=house.other["CGJ-SRHJ-01"],
        at=now,
        key=new_id(),
    )
    return bundle.number


def _decided_bundle(house: b.World, now: datetime) -> str:
    """All granted, to be fetched at the window."""
    bundle = _licensed(house, b.filed(house, at=now, context={"delivery": "window"}).pk, 8, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    for code in ("food", "sign", "drainage"):
        b.decide(house, bundle, code, at=now)
    b.settle(now)
    return bundle.number


def _licensed(house: b.World, bundle_id: UUID, serial: int, now: datetime) -> Bundle:
    bundle = Bundle.objects.get(pk=bundle_id)
    b.settle(now)
    code = str(b.CreditCode.build("9", "1", "990104", f"MA90000{serial}"))
    b.record(house, bundle, b.granted_licence(credit_code=code), at=now)
    b.settle(now)
    return bundle
