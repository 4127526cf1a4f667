"""
施工许可阶段: five organs at the same time after one acceptance, an expert review that stops one of them alone, and
施工许可证 when all are done. The days of the whole way, one after the other (the golden trace).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from mingqu.cases import services as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import JointLimitStandsStill
from mingqu.cases.bundles.rules import Span, critical_way
from mingqu.cases.bundles.selectors import timetable
from mingqu.cases.bundles.selectors.drawing import look
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests.test_extending import head
from mingqu.cases.bundles.types import NewProject
from mingqu.cases.errors import MaterialsMissing
from mingqu.cases.models import Bundle
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked
from mingqu.catalogue import services as catalogue_services
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles import services as bundle_services
from mingqu.certificates import services as certificates
from mingqu.certificates.types import Grant, Holder
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.config.demo.district import form_files
from mingqu.documents.models import DocumentRequest
from mingqu.forms import services as forms
from mingqu.identity import services as identity
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewFirm
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.yaml_text import read_yaml

STAGE, OWNER = "QH-SGXKJD", "澜州市清禾区教育发展中心"
OWNER_CODE = str(CreditCode.build("1", "2", "990104", "MB000061"))
FIVE = ["drawing", "defence", "soil", "waste", "quality"]
ORGANS = (
    ("QH-ZJJ", "11990104MB0000051R", ("ZJJ-SGT-01", "ZJJ-XF-01", "ZJJ-XK-01"), "ZJJ-LEAD"),
    ("QH-ZAZ", "12990104MB0000078E", ("ZAZ-01", "ZAZ-02"), "ZAZ-LEAD"),
    ("QH-RFB", "11990104MB000006XH", ("RFB-01",), "RFB-LEAD"),
    ("QH-SWJ", "11990104MB0000043Y", ("SWJ-SB-01", "SWJ-PS-01"), "SWJ-LEAD"),
    ("QH-CGJ", "11990104MB00000354", ("CGJ-JZLJ-01", "CGJ-HEAD"), "CGJ-LEAD"),
)
ITEMS = (
    "drawing-review", "civil-defence", "soil-plan", "building-waste", "quality-safety", "construction-licence"
)  # fmt: skip
SITUATION = {
    "ready": "yes",
    "special": "yes",
    "basement": "yes",
    "soil": "yes",
    "waste": "yes",
    "near": "no",
}
ANSWERS = {
    "project_name": "清禾第二小学教学楼",
    "site": "禾塘镇示例路2号",
    "area_m2": 9800,
    "builder": "澜州市示例建设有限公司",
    "contact_name": "李晓禾",
    "contact_phone": "19900001234",
    "drawing": {"designer": "澜州市示例建筑设计有限公司", "height_m": 22},
    "defence": {"basement_m2": 800},
    "soil": {"land_m2": 21000, "earth_m3": 16000},
    "waste": {"waste_m3": 6000, "carrier": "澜州市示例运输有限公司"},
    "quality": {"manager": "梁开"},
    "licence": {"price_wan": 4200},
}


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=BEIJING)


@pytest.fixture
def w():
    made = b.World(f.world())
    for code, number, reviewers, leader in ORGANS:
        organ = f._department(code, code, None, number)
        for post in reviewers:
            made.other[post] = f._post(post, post, organ, "reviewer", organ)
        made.other[leader] = f._post(leader, leader, organ, "approver", organ)
    for name in ITEMS:
        document = read_yaml((b.DEMO / f"definitions/{name}.yaml").read_text("utf-8"))
        catalogue_services.publish_revision(
            document=document, by=f.SYSTEM, at=people.NOON, key=uuid4(), files=form_files()
        )
    stage = read_yaml((b.DEMO / "bundles/building-permit-stage.yaml").read_text("utf-8"))
    bundle_services.publish_bundle(document=stage, by=f.SYSTEM, at=people.NOON, key=uuid4())
    return made


def planning_permit(owner: UUID, fields: Mapping[str, str] | None = None, at: datetime | None = None) -> None:
    """建设工程规划许可证 that another organ has issued to who builds; without `fields` for the school."""
    code = "11990104MB0003041E001"
    certificates.define_type(
        code=code,
        name="建设工程规划许可证",
        organ_code="QH-ZJJ",
        fields=[certificates.FieldSpec("project", "建设项目名称", required=False)],
        number_prefix="GCGH",
        validity_years=None,
    )
    certificates.issue(
        grant=Grant(uuid4(), date(2026, 9, 1), "QH-ZJJ", people.REGION, "01"),
        type_code=code,
        holder=Holder("firm", owner, OWNER, OWNER_CODE),
        fields={"project": "清禾第二小学教学楼"} if fields is None else fields,
        by=f.SYSTEM,
        at=at or on(9, 1),
    )


def filed(
    w: b.World, near: str, held: tuple[str, ...] = (), permits: Sequence[Mapping[str, str] | None] = (None,)
) -> Bundle:
    """By its handler, under the project, in the name of who builds; `held` materials are looked up."""
    at, situation = on(9, 18), SITUATION | {"near": near}
    owner = identity.create_firm(draft=NewFirm(OWNER, OWNER_CODE), by=w.clerk, at=at, key=uuid4())
    project = services.register_project(
        draft=NewProject(
            "清禾第二小学教学楼", w.citizen.id, people.REGION, "2026-990104-83-01-000002", owner
        ),
        department_id=w.base.bureau,
        by=w.clerk,
        at=at,
        key=uuid4(),
    )
    for place, fields in enumerate(permits if held else ()):
        planning_permit(owner, fields, on(9, 1 + place))
    of = catalogue.open_bundle(STAGE)
    context = {**services.context_of(of, situation), "delivery": "electronic", "project": project.number}
    started = forms.start_draft(
        about=STAGE, form_digest="", context=context, by=w.citizen, at=at, answers=ANSWERS
    )
    for material in catalogue.merged_materials(of, catalogue.needed_of_answers(of, situation)):
        if material.code not in held:
            b.add_file(started.draft_id, material.code, at)
    made = b.file(w, started, at=at)
    b.settle(at)
    return Bundle.objects.get(pk=made.bundle_id)


def accepted(w: b.World, near: str = "no") -> Bundle:
    """One notice for three organs on Friday, one answer on Monday, one acceptance on Tuesday."""
    bundle = filed(w, near)
    asked = {
        "drawing": [Asked("fire-design", "疏散楼梯的宽度没有标。")],
        "soil": [Asked("soil-plan", "缺防治责任范围图。")],
        "waste": [Asked("waste-plan", "缺运输合同。")],
    }
    services.ask_bundle_correction(bundle_id=bundle.pk, asked=asked, by=w.clerk, at=on(9, 18), key=uuid4())
    b.settle(on(9, 18))
    for one in selectors.asked_materials(bundle, selectors.parts_of(bundle)):
        b.add_file(bundle.pk, one.code, on(9, 21))
    services.supplement_bundle(bundle_id=bundle.pk, by=w.citizen, at=on(9, 21), key=uuid4())
    b.settle(on(9, 21))
    b.accept(w, bundle, at=on(9, 22))
    b.settle(on(9, 22))
    bundle.refresh_from_db()
    return bundle


def statutory(bundle: Bundle, code: str, at: datetime):
    return clocks.deadline_of(b.case(bundle, code).pk, Kind.STATUTORY, at)


def joint_due(bundle: Bundle, at: datetime) -> date | None:
    """What the ledger says of the joint limit: the copy on the bundle has to be that."""
    deadline = clocks.deadline_of(bundle.pk, Kind.STATUTORY, at)
    return deadline.due_on if deadline and deadline.stopped_on is None else None


def assert_accepted_at_one_time(bundle: Bundle) -> None:
    # One notice, one acceptance; five organs begin on the same day, the licence waits.
    papers = DocumentRequest.objects.filter(root_id=bundle.pk)
    [notice] = papers.filter(kind="bundle_correction")
    told = str(notice.data)
    assert all(name in told for name in ("施工图和消防设计审查", "水土保持方案审批", "建筑垃圾处置核准"))
    assert "防空地下室" not in told
    assert papers.filter(kind="bundle_acceptance").count() == 1
    assert b.states(bundle) == dict.fromkeys(FIVE, "accepted") | {"licence": "waiting"}
    assert (bundle.party_name, bundle.credit_code) == (OWNER, OWNER_CODE)
    assert b.case(bundle, "soil").party_id == bundle.party_id, "not in the handler's own name"
    # 行政许可法 42, second paragraph: 45 working days; 7 days of National Day are none of them.
    assert (bundle.accepted_on, bundle.due_on) == (date(2026, 9, 22), date(2026, 12, 1))


@pytest.mark.django_db
def test_what_an_organ_has_issued_to_who_builds_is_looked_up_and_not_asked_for(w):
    bundle = filed(w, "no", held=("licence--planning-permit",))

    [receipt] = DocumentRequest.objects.filter(root_id=bundle.pk, kind="bundle_receipt")
    [line] = receipt.data["looked_up"]
    assert line.startswith("建设工程规划许可证（GCGH")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"project": "清禾第三小学教学楼"}, {"project": "清禾第二小学"}, {"project": "2026-990104-83-01-000003"}],
)
def test_a_permit_for_another_site_of_the_same_owner_stands_in_for_nothing(w, fields):
    with pytest.raises(MaterialsMissing) as refused:
        filed(w, "no", held=("licence--planning-permit",), permits=(fields,))

    assert "建设工程规划许可证" in str(refused.value.message) + str(vars(refused.value))
    assert not Bundle.objects.exists()


@pytest.mark.django_db
def test_of_several_permits_the_one_for_this_project_is_looked_up_though_another_is_newer(w):
    code = {"project": " 2026-990104-83-01-000002"}
    bundle = filed(
        w, "no", held=("licence--planning-permit",), permits=(code, {"project": "清禾第三小学教学楼"})
    )

    [receipt] = DocumentRequest.objects.filter(root_id=bundle.pk, kind="bundle_receipt")
    assert "GCGH" in receipt.data["looked_up"][0]
    assert "000001" in receipt.data["looked_up"][0]


@pytest.mark.django_db
def test_the_days_of_a_school_from_one_acceptance_to_the_licence(w):
    bundle = accepted(w)

    assert_accepted_at_one_time(bundle)

    # 专家评审 (行政许可法 45) stops one branch alone.
    drawing = b.case(bundle, "drawing")
    cases.pause_case(
        case_id=drawing.pk,
        ground="expert_review",
        expected_until=date(2026, 10, 8),
        reason="中庭的防火分隔要请专家评审。",
        by=w.other["ZJJ-XF-01"],
        at=on(9, 23),
        key=uuid4(),
    )
    b.settle(on(9, 23))
    parts = selectors.parts_of(bundle)
    assert {p.code: p.due_on is None for p in parts if p.code in FIVE} == {c: c == "drawing" for c in FIVE}
    standing = timetable.standings(parts)
    assert list(standing) == ["drawing"]
    assert (standing["drawing"].ground, standing["drawing"].until) == ("专家评审", date(2026, 10, 8))
    stood, ran = statutory(bundle, "drawing", on(9, 23)), statutory(bundle, "soil", on(9, 23))
    assert statutory(bundle, "drawing", on(9, 29)).elapsed == stood.elapsed
    assert statutory(bundle, "soil", on(9, 29)).elapsed == ran.elapsed + 3  # 9月25日到27日中秋节
    found = timetable.timetable(bundle, parts, on(9, 29))
    assert found.way == ["施工图和消防设计审查", "施工许可证"]
    assert [row.mark for row in found.rows] == ["still", "runs", "runs", "runs", "runs", "ahead"]

    # One organ takes longer (行政许可法 42): its own clock only.
    before = {code: b.part(bundle, code).due_on for code in FIVE}
    assert statutory(bundle, "soil", on(9, 24)).due_on == date(2026, 10, 27)
    cases.extend_case(
        case_id=b.case(bundle, "soil").pk, limit=10, reason="弃土场要再看。", by=w.other["SWJ-LEAD"],
        at=on(9, 24), key=uuid4(),
    )  # fmt: skip
    b.settle(on(9, 24))
    assert statutory(bundle, "soil", on(9, 24)).due_on == date(2026, 11, 10)
    assert {code: b.part(bundle, code).due_on for code in FIVE} == before
    # 45 is about all limits of its section, so also about the forty-five days of handling together (decision 0013).
    bundle.refresh_from_db()
    assert bundle.due_on is None and joint_due(bundle, on(9, 24)) is None

    # The others end while it stands; the licence still waits for it.
    for code in ("defence", "soil", "waste", "quality"):
        b.decide(w, bundle, code, at=on(9, 28))
    b.settle(on(9, 28))
    assert b.states(bundle)["licence"] == "waiting"
    cases.resume_case(
        case_id=drawing.pk, reason="评审通过。", by=w.other["ZJJ-XF-01"], at=on(10, 8), key=uuid4()
    )
    b.settle(on(10, 8))
    bundle.refresh_from_db()
    # Working days from 9月23日 to 10月7日 that were left out: 23, 24, 28, 29, 30; then 12月1日 is five later.
    assert bundle.due_on == joint_due(bundle, on(10, 8)) == date(2026, 12, 8)
    b.decide(w, bundle, "drawing", at=on(10, 12))
    b.settle(on(10, 12))

    # The join: received the day the last one was granted, seven days from then (建筑法 8), whenever accepted.
    licence = b.case(bundle, "licence")
    assert (licence.status, licence.received_on) == ("received", date(2026, 10, 12))
    assert licence.received_on == b.part(bundle, "drawing").ended_on
    b.accept(w, bundle, "licence", at=on(10, 13))
    b.settle(on(10, 13))
    assert statutory(bundle, "licence", on(10, 13)).due_on == date(2026, 10, 19)
    b.decide(w, bundle, "licence", at=on(10, 14))
    b.settle(on(10, 14))
    bundle.refresh_from_db()
    assert (bundle.status, bundle.decided_on) == ("decided", date(2026, 10, 14))
    assert set(b.states(bundle).values()) == {"granted"}
    way = timetable.timetable(bundle, selectors.parts_of(bundle), on(10, 14))
    assert way.way == ["施工图和消防设计审查", "施工许可证"] and way.last == date(2026, 10, 14)


def test_the_critical_way_goes_back_from_what_ends_last_to_what_it_waited_for_longest():
    day = lambda n: date(2026, 9, n)  # noqa: E731
    spans = {
        "a": Span(day(1), day(5)),
        "b": Span(day(1), day(9)),
        "c": Span(day(9), day(12)),
        "d": Span(day(1), day(11)),
    }

    assert critical_way(spans, {"c": ["a", "b"]}) == ["b", "c"]
    assert critical_way(spans | {"d": Span(day(1), day(30))}, {"c": ["a", "b"]}) == ["d"]
    assert critical_way({}, {}) == []


def pause(w, bundle, code, who, at):
    cases.pause_case(
        case_id=b.case(bundle, code).pk,
        ground="expert_review",
        expected_until=date(2026, 10, 8),
        reason="请专家评审。",
        by=w.other[who],
        at=at,
        key=uuid4(),
    )


def resume(w, bundle, code, who, at):
    cases.resume_case(case_id=b.case(bundle, code).pk, reason="", by=w.other[who], at=at, key=uuid4())


def due(bundle):
    bundle.refresh_from_db()
    return bundle.due_on


@pytest.mark.django_db
def test_the_joint_limit_stands_still_from_the_first_to_the_last_and_each_day_is_left_out_once(w):
    """Told late by the relay, it still counts from the day of the case."""
    bundle = accepted(w)
    before = due(bundle)

    pause(w, bundle, "drawing", "ZJJ-XF-01", on(9, 23))
    b.settle(on(9, 24))

    assert due(bundle) is None
    joint = look(bundle, selectors.parts_of(bundle), on(9, 24)).joint
    assert "专家评审" in "".join(joint.explanation.sentences)
    with pytest.raises(JointLimitStandsStill):
        services.extend_bundle(
            bundle_id=bundle.pk, limit=15, reason="x", by=head(), at=on(9, 24), key=uuid4()
        )
    resume(w, bundle, "drawing", "ZJJ-XF-01", on(9, 28))
    b.settle(on(9, 29))
    after = due(bundle)
    assert after == joint_due(bundle, on(9, 29)) and after > before
    assert (
        sum(
            1
            for row in look(bundle, selectors.parts_of(bundle), on(9, 29)).joint.explanation.rows
            if row.counted
        )
        == 45
    )


@pytest.mark.django_db
def test_paused_and_resumed_on_one_day_nothing_changes_but_the_record(w):
    bundle = accepted(w)
    before = due(bundle)
    pause(w, bundle, "drawing", "ZJJ-XF-01", on(9, 23))
    b.settle(on(9, 23))

    resume(w, bundle, "drawing", "ZJJ-XF-01", on(9, 23))
    b.settle(on(9, 23))

    assert due(bundle) == before
