"""
Cases for tests: each was really filed, with draft, clock, audit and papers, by the commands production uses.

`world()` makes the bureau, its posts and the food licence; `received_case()` and friends take it from there.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import mingqu.config
from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.models import Case, MaterialFile, Visit
from mingqu.cases.types import Asked, Finding, OfficerSigned, PointFound, VisitParty, VisitPlan, VisitRecord
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue import services as catalogue_services
from mingqu.catalogue.checking import stored_file
from mingqu.catalogue.types import Files
from mingqu.clocks import selectors as clocks
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.identity import services as identity
from mingqu.identity.models import Department, Post
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewDepartment, NewPost, Within
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.tests.made_once import made_once
from mingqu.kernel.types import Actor
from mingqu.kernel.yaml_text import read_yaml
from mingqu.process import selectors as tasks

DEFINITION = Path(mingqu.config.__file__).parent / "demo/definitions/food-licence.yaml"
# Friday before the Mid-autumn holiday of 2026; working days go on 09-20 (a working Sunday).
FRIDAY_NOON = datetime(2026, 9, 18, 12, 0, tzinfo=BEIJING)
DAY = timedelta(days=1)
SYSTEM = people.SYSTEM
SITUATION = {"subject": "person", "open_fire": "no", "above_homes": "no", "foods": ["hot"]}
RAW_FOOD = {**SITUATION, "foods": ["raw"]}
ANSWERS = {
    "shop_name": "清禾小馆",
    "premises": "青澜街道示例路1号",
    "area_m2": 60,
    "seats": 20,
    "manager_name": "李晓禾",
    "manager_phone": "19900001234",
}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


@dataclass
class World:
    """The people and the service of one test."""

    bureau: UUID
    clerk: Actor
    reviewer: Actor
    checker: Actor
    inspector: Actor
    station: Actor
    leader: Actor
    citizen: Actor
    posts: dict[str, UUID] = field(default_factory=dict)


def _post(code: str, name: str, department: UUID, role: str, within: UUID | None) -> Actor:
    region = Department.objects.get(pk=department).region_code
    post_id = identity.create_post(
        draft=NewPost(code, name, department, ()), by=SYSTEM, at=people.NOON, key=new_id()
    )
    identity.grant_role(
        post_id=post_id, role=role, within=Within(region, within), by=SYSTEM, at=people.NOON, key=new_id()
    )
    user = people.staff_user(name, post_id)
    return Actor("staff", user.person_id, post_id=post_id, user_id=user.id, name=name)


def post_of(code: str, name: str, department: UUID, role: str) -> Actor:
    """Somebody whose post reaches beyond its own department, over the department's region."""
    return _post(code, name, department, role, None)


@cache
def _parsed() -> dict:
    found: dict = read_yaml(DEFINITION.read_text("utf-8"))
    return found


def drawn_food_licence() -> dict:
    """The demo's definition as it is; its file is parsed once, which takes longer than all else here."""
    return deepcopy(_parsed())


def food_licence() -> dict:
    """
    The same to change at will, and to publish under other codes: without the samples that are files, since each item
    keeps its own.
    """
    found = drawn_food_licence()
    for material in (m for one in found["handling"] for m in one["materials"]):
        if "sample" in material.get("form", {}):
            del material["form"]
    return found


def world(document: dict | None = None) -> World:
    """The bureau of 清禾区 with its posts, a window, and the published food licence, or another `document`."""
    return _world_of(document) if document and _has_files(document) else _known_world(document)


@made_once
def _known_world(document: dict | None) -> World:
    return _world_of(document or food_licence())


def _has_files(document: dict) -> bool:
    """Its samples are written beside the database, into the home that the test has set."""
    materials = [m for one in document["handling"] for m in one.get("materials", ())]
    return any("sample" in material.get("form", {}) for material in materials)


def _world_of(document: dict) -> World:
    bureau = _department("QH-SCJG", "澜州市清禾区市场监督管理局", None, "11990104MB0000019E")
    station = _department("QH-SCJG-QLS", "青澜市场监督管理所", bureau)
    hall = _department("QH-ZWZX", "清禾区政务服务中心", None, "11990104MB00000279")
    made = World(
        bureau=bureau,
        clerk=_post("QH-HALL-03", "综合窗口", hall, "window_clerk", None),
        reviewer=_post("SCJG-SPXK-01", "食品许可承办", bureau, "reviewer", bureau),
        checker=_post("SCJG-SPXK-SH", "食品许可审核", bureau, "checker", bureau),
        inspector=_post("SCJG-HC", "现场核查", bureau, "reviewer", bureau),
        station=_post("SCJG-QLS", "市场监管所", station, "reviewer", bureau),
        leader=_post("SCJG-LEAD", "分管局领导", bureau, "approver", bureau),
        citizen=people.citizen()[1],
    )
    # Who agrees to what lies outside a range: not below the leader, whatever her role tells.
    Post.objects.filter(code="SCJG-SPXK-SH").update(rank=Post.Rank.DEPUTY)
    made.posts = dict(Post.objects.values_list("code", "id"))
    catalogue_services.publish_revision(
        document=document, by=SYSTEM, at=people.NOON, key=uuid4(), files=form_files()
    )
    return made


@cache
def form_files() -> Files:
    """Drawn samples the demo's definitions name by digest."""
    found = (DEFINITION.parent.parent / "forms").glob("*.pdf")
    return dict(stored_file("application/pdf", path.read_bytes()) for path in found)


def _department(code: str, name: str, parent: UUID | None, credit_code: str = "") -> UUID:
    draft = NewDepartment(code, name, people.REGION, parent, credit_code)
    return identity.create_department(draft=draft, by=SYSTEM, at=people.NOON, key=new_id())


def draft(
    w: World,
    *,
    situation=SITUATION,
    answers=ANSWERS,
    files=None,
    at=FRIDAY_NOON,
    context=None,
    code="QH-SPJYXK",
):
    """
    A complete draft of the citizen's for `code`; `files` names the materials handed in (default: all needed), `context`
    what was chosen besides.
    """
    item, definition = catalogue.current_definition(code)
    started = forms.start_draft(
        about=item.code,
        form_digest=item.current.digest,
        context={
            "revision_id": str(item.current_id),
            "handling": definition.handling_item.code,
            "situation": situation,
            "delivery": "electronic",
            **(context or {}),
        },
        by=w.citizen,
        at=at,
        answers=answers,
    )
    needed = [m.code for m in catalogue.situation_of_answers(definition, situation).materials]
    hand_in(started.draft_id, needed if files is None else files, at)
    return started


def hand_in(draft_id: UUID, materials: Sequence[str], at: datetime) -> None:
    """
    A file for each, as `services.files.add_draft_files` leaves it; that asks for every file whose draft it is and was a
    tenth of what a test of a case costs. test_files_of_a_draft compares the two.
    """
    upload = documents.check_upload(PNG)
    MaterialFile.objects.bulk_create(
        MaterialFile(
            root_id=draft_id,
            material_code=code,
            file_id=documents.store_upload(
                root_id=draft_id, kind=code, name=f"{code}.png", upload=upload, at=at
            ).file_id,
            added_at=at,
        )
        for code in materials
    )


def received_case(w: World, *, at=FRIDAY_NOON, **given) -> Case:
    started = draft(w, at=at, **given)
    services.file_case(
        draft_id=started.draft_id, base_version=started.version, by=w.citizen, at=at, key=uuid4()
    )
    return Case.objects.get(pk=started.draft_id)


def accepted_case(w: World, *, at=FRIDAY_NOON, **given) -> Case:
    case = received_case(w, at=at, **given)
    services.accept_case(case_id=case.pk, by=w.clerk, at=at, key=uuid4())
    case.refresh_from_db()
    return case


def correction_case(w: World, *, at=FRIDAY_NOON) -> Case:
    case = received_case(w, at=at)
    services.ask_correction(
        case_id=case.pk, asked=[Asked("floor-plan", "看不清尺寸")], by=w.clerk, at=at, key=uuid4()
    )
    case.refresh_from_db()
    return case


def by_step(w: World, step: str) -> Actor:
    return {
        "check": w.reviewer,
        "look": w.reviewer,
        "visit": w.inspector,
        "fitness": w.station,
        "decide": w.leader,
    }[step.rpartition(".")[2]]  # one of a called process has the call before it


def review(w: World, case: Case, step: str, *, outcome="met", text="", at=FRIDAY_NOON):
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == step)
    if cases.definition_of(case).step(step).kind == "visit":
        return visited(w, case, outcome=outcome, text=text, at=at)
    return services.complete_step(
        case_id=case.pk,
        task_id=task.task_id,
        finding=Finding(outcome, text, second_officer="赵一凡" if task.people > 1 else ""),
        by=by_step(w, step),
        at=at,
        key=uuid4(),
    )


def visit_plan(w: World, at: datetime, **other) -> VisitPlan:
    """Two officers at the applicant's place, in the next working hour after `at`."""
    local = (at + timedelta(hours=1)).astimezone(BEIJING)
    calendar = clocks.current_calendar()
    if not calendar.working_day(local.date()) or not 8 <= local.hour < 18:
        day = calendar.next_working_day(local.date())
        local = datetime.combine(day, time(10), BEIJING)
    given = {
        "planned_for": local,
        "place": ANSWERS["premises"],
        "officers": (w.inspector.id, w.station.id),
        "note": "请带好布局图原件。",
    }
    return VisitPlan(**{**given, **other})


def visit_planned(w: World, case: Case, *, at=FRIDAY_NOON, **plan) -> Visit:
    """The visit of the case's step of kind visit, agreed on."""
    steps = {s.id for s in cases.definition_of(case).steps if s.kind == "visit"}
    task = next(t for t in tasks.open_tasks(case.pk) if t.step in steps)
    done = services.plan_visit(
        case_id=case.pk,
        task_id=task.task_id,
        plan=visit_plan(w, at, **plan),
        by=w.inspector,
        at=at,
        key=uuid4(),
    )
    return Visit.objects.get(case=case, id=done.visit_id)


def visit_record(w: World, case: Case, visit: Visit, at: datetime, **other) -> VisitRecord:
    """Everything met, signed by both officers and the applicant; `points` overrides single lines."""
    changed = other.pop("points", {})
    points = tuple(
        changed.get(p.code) or PointFound(p.code, "met") for p in cases.checklist_of(case, visit).points
    )
    given = {
        "outcome": "met",
        "points": points,
        "began_at": at,
        "party": VisitParty("李晓禾"),
        "officers": (OfficerSigned(w.inspector.id, "现场核查"), OfficerSigned(w.station.id, "市场监管所")),
    }
    return VisitRecord(**{**given, **other})


def visited(w: World, case: Case, *, outcome="met", text="", at=FRIDAY_NOON):
    """Agreed on and recorded on its day."""
    visit = visit_planned(w, case, at=at)
    there = max(at, visit.planned_for)
    record = visit_record(w, case, visit, there, outcome=outcome, text=text)
    return services.record_visit(
        case_id=case.pk, visit_id=visit.id, record=record, by=w.inspector, at=there, key=uuid4()
    )


def reviewed_case(w: World, *, at=FRIDAY_NOON, **given) -> Case:
    """Every step done; only the decision is open."""
    case = accepted_case(w, at=at, **given)
    while steps := [t.step for t in tasks.open_tasks(case.pk) if t.step != "decide"]:
        review(w, case, steps[0], at=at)
    return case


def decided_case(w: World, *, outcome="granted", at=FRIDAY_NOON, **given) -> Case:
    case = reviewed_case(w, at=at, **given)
    services.decide_case(
        case_id=case.pk,
        outcome=outcome,
        reasons="" if outcome == "granted" else "场所不符合条件",
        by=w.leader,
        at=at,
        key=uuid4(),
    )
    case.refresh_from_db()
    return case
