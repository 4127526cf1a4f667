"""现场核查: agreed on, moved, recorded by two officers on the spot (行政许可法 34, third paragraph)."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mingqu.cases import rules, selectors, services
from mingqu.cases import visit_errors as refusals
from mingqu.cases.errors import FindingMissing, NotInReview, NotYourTask, ReasonMissing
from mingqu.cases.models import Opinion, Visit, VisitPhoto
from mingqu.cases.services.files import Upload
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Finding, OfficerSigned, PointFound, VisitParty
from mingqu.catalogue.types import CheckPoint
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.errors import FileTypeNotAllowed
from mingqu.documents.tests.test_signatures import SIGNED
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
NOON = f.FRIDAY_NOON


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def case(w):
    return f.accepted_case(w, situation=f.RAW_FOOD)


@pytest.fixture
def visit(w, case):
    return f.visit_planned(w, case)


def task_of(case):
    return next(t for t in tasks.open_tasks(case.pk) if t.step == "visit")


def plan(w, case, **other):
    by = other.pop("by", w.inspector)
    at = other.pop("at", NOON)
    task_id = other.pop("task_id", None) or task_of(case).task_id
    made = f.visit_plan(w, NOON, **other)
    return services.plan_visit(case_id=case.pk, task_id=task_id, plan=made, by=by, at=at, key=uuid4())


def move(w, case, visit, *, by=None, at=NOON, reason="申请人那天不在", **other):
    made = f.visit_plan(w, NOON, **({"planned_for": hour(21, 14)} | other))
    return services.move_visit(
        case_id=case.pk, visit_id=visit.id, plan=made, reason=reason, by=by or w.inspector, at=at, key=uuid4()
    )


def record(w, case, visit, *, by=None, at=None, **other):
    at = at or visit.planned_for
    made = f.visit_record(w, case, visit, at, **other)
    return services.record_visit(
        case_id=case.pk, visit_id=visit.id, record=made, by=by or w.inspector, at=at, key=uuid4()
    )


def wish(w, case, visit, *, by=None, at=NOON, wish_on=None, reason="当天进货走不开"):
    return services.ask_new_date(
        case_id=case.pk,
        visit_id=visit.id,
        wish_on=wish_on,
        reason=reason,
        by=by or w.citizen,
        at=at,
        key=uuid4(),
    )


def save(w, case, visit, *points, by=None, at=NOON):
    return services.save_visit(
        case_id=case.pk, visit_id=visit.id, points=points, by=by or w.inspector, at=at, key=uuid4()
    )


def hour(day: int, at: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, at, minute, tzinfo=BEIJING)


def photo(taken: str = "") -> bytes:
    picture = Image.new("RGB", (60, 40), "grey")
    exif = picture.getexif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def unchanged(case, visit=None):
    case.refresh_from_db()
    assert case.status == "accepted"
    assert "visit" in {t.step for t in tasks.open_tasks(case.pk)}
    if visit is not None:
        assert Visit.objects.get(case=case, id=visit.id).state == "planned"


# Agreed on ----------------------------------------------------------------------------------------------------


def test_a_visit_has_a_date_a_place_and_two_officers_and_is_told(w, case):
    done = plan(w, case)

    visit = Visit.objects.get(case=case, id=done.visit_id)
    assert (visit.state, visit.planned_for) == ("planned", NOON + timedelta(hours=1))
    assert visit.officer_ids == [w.inspector.id, w.station.id]
    assert visit.checklist == "food-premises" and visit.department_id == w.bureau
    assert OutboxEvent.objects.filter(root_id=case.pk, name="cases.visit_planned").count() == 1
    entry = AuditEntry.objects.get(root_id=case.pk, action="case.plan_visit")
    assert f.ANSWERS["premises"] not in str(entry.notes), "where somebody lives is not in the ledger"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"officers": "one"}, refusals.TwoOfficersNeeded),
        ({"officers": "twice"}, refusals.TwoOfficersNeeded),
        ({"officers": "stranger"}, refusals.OfficerUnknown),
        ({"officers": "clerk"}, refusals.OfficerUnknown),
        ({"planned_for": hour(18, 11)}, refusals.VisitInThePast),
        ({"planned_for": hour(19, 10)}, refusals.OutsideHours),  # a Saturday
        ({"planned_for": hour(21, 7, 59)}, refusals.OutsideHours),
        ({"planned_for": hour(21, 18)}, refusals.OutsideHours),
        ({"planned_for": NOON + timedelta(days=61)}, refusals.VisitTooFar),
        ({"place": "  "}, refusals.PlaceMissing),
    ],
)
def test_a_plan_that_no_two_officers_could_keep_is_refused(w, case, wrong, refusal):
    officers = {
        "one": (w.inspector.id,),
        "twice": (w.inspector.id, w.inspector.id),
        "stranger": (w.inspector.id, new_id()),
        "clerk": (w.inspector.id, w.clerk.id),
    }
    if "officers" in wrong:
        wrong = {"officers": officers[wrong["officers"]]}

    with pytest.raises(refusal):
        plan(w, case, **wrong)

    assert not Visit.objects.filter(case=case).exists()
    unchanged(case)


def test_a_working_sunday_is_a_day_for_a_visit(w, case):
    assert plan(w, case, planned_for=hour(20, 10)).state == "planned"


def test_only_the_post_of_the_step_plans_and_only_once_and_only_a_visit(w, case, visit):
    with pytest.raises(NotYourTask):
        plan(w, case, by=w.reviewer)
    with pytest.raises(NotAuthorised):
        plan(w, case, by=w.leader)
    with pytest.raises(refusals.VisitAlreadyPlanned):
        plan(w, case)
    check = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")
    with pytest.raises(refusals.VisitNotForeseen):
        plan(w, case, task_id=check.task_id, by=w.reviewer)

    assert Visit.objects.filter(case=case).count() == 1


def test_a_step_of_kind_visit_is_not_closed_by_an_opinion(w, case):
    with pytest.raises(refusals.VisitNotRecorded):
        services.complete_step(
            case_id=case.pk,
            task_id=task_of(case).task_id,
            finding=Finding("met", "", second_officer="赵一凡"),
            by=w.inspector,
            at=NOON,
            key=uuid4(),
        )

    unchanged(case)


# Moved --------------------------------------------------------------------------------------------------------


def test_a_moved_visit_keeps_the_old_date_on_record(w, case, visit):
    move(w, case, visit)

    assert [(v.state, v.planned_for) for v in selectors.visits_of(case)] == [
        ("moved", visit.planned_for),
        ("planned", hour(21, 14)),
    ]


def test_moving_needs_a_reason_an_officer_and_a_visit_still_agreed_on(w, case, visit):
    with pytest.raises(ReasonMissing):
        move(w, case, visit, reason=" ")
    with pytest.raises(refusals.NotAnOfficer):
        move(w, case, visit, by=w.reviewer)
    with pytest.raises(refusals.TwoOfficersNeeded):
        move(w, case, visit, officers=(w.inspector.id,))
    unchanged(case, visit)
    move(w, case, visit, by=w.station)

    with pytest.raises(refusals.VisitGone):
        move(w, case, visit)


def test_the_applicant_may_ask_for_another_date_once_for_each_and_twice_in_all(w, case, visit):
    wish(w, case, visit, wish_on=date(2026, 9, 22))
    with pytest.raises(refusals.WishGiven):
        wish(w, case, visit)
    second = move(w, case, visit)
    wish(w, case, selectors.visit_of(case, second.visit_id))
    third = move(w, case, selectors.visit_of(case, second.visit_id), planned_for=hour(22, 9))

    with pytest.raises(refusals.WishesSpent):
        wish(w, case, selectors.visit_of(case, third.visit_id))

    kept = selectors.visit_of(case, visit.id)
    assert (kept.wish_on, kept.wish) == (date(2026, 9, 22), "当天进货走不开")
    assert case.due_on == date(2026, 9, 30), "the clock runs on"


def test_a_wish_has_a_reason_and_a_day_to_come_and_comes_before_the_visit(w, case, visit):
    with pytest.raises(ReasonMissing):
        wish(w, case, visit, reason="")
    with pytest.raises(refusals.VisitInThePast):
        wish(w, case, visit, wish_on=date(2026, 9, 18))
    with pytest.raises(refusals.VisitTooFar):
        wish(w, case, visit, wish_on=date(2027, 1, 1))
    with pytest.raises(refusals.NothingToMove):
        wish(w, case, visit, at=visit.planned_for)
    with pytest.raises(NotAuthorised):
        wish(w, case, visit, by=w.inspector)

    assert selectors.visit_of(case, visit.id).wished_at is None


# Recorded -----------------------------------------------------------------------------------------------------


def test_the_record_closes_the_step_with_both_officers(w, case, visit):
    done = record(w, case, visit)

    assert (done.state, done.outcome) == ("done", "met")
    assert "visit" not in {t.step for t in tasks.open_tasks(case.pk)}
    opinion = Opinion.objects.get(case=case, step="visit")
    assert (opinion.finding, opinion.person_id, opinion.second_officer) == (
        "met",
        w.inspector.id,
        "市场监管所",
    )
    assert len(opinion.points) == 12 and all(met for _, _, met in opinion.points)
    assert [d.kind for d in documents.documents_of(case.pk)][-1] == "visit_record"
    assert OutboxEvent.objects.filter(root_id=case.pk, name="cases.step_completed").count() == 1


def test_the_other_officer_may_write_the_record_too(w, case, visit):
    record(w, case, visit, by=w.station)

    assert Opinion.objects.get(case=case, step="visit").second_officer == "现场核查"


def test_a_critical_point_not_met_makes_the_finding(w, case, visit):
    wrong = {"wash": PointFound("wash", "not_met", "没有洗手池")}
    with pytest.raises(refusals.OverrideReasonMissing):
        record(w, case, visit, points=wrong)

    record(w, case, visit, points=wrong, outcome="not_met")

    opinion = Opinion.objects.get(case=case, step="visit")
    assert opinion.finding == "not_met"
    assert "没有洗手池" in opinion.text


def test_against_the_critical_points_the_officers_give_their_reason(w, case, visit):
    wrong = {"wash": PointFound("wash", "not_met", "洗手池正在安装")}

    record(w, case, visit, points=wrong, text="当场装好，已经复看。")

    assert Opinion.objects.get(case=case, step="visit").finding == "met"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"points": {"wash": PointFound("wash", "")}}, refusals.PointOpen),
        ({"points": {"wash": PointFound("wash", "perhaps")}}, refusals.PointUnknown),
        ({"points": {"wash": PointFound("nowhere", "met")}}, refusals.PointUnknown),
        ({"points": {"place": PointFound("place", "not_met")}}, refusals.NoteMissing),
        ({"points": {"wash": PointFound("wash", "na")}}, refusals.NoteMissing),
        ({"outcome": "perhaps"}, FindingMissing),
        ({"outcome": ""}, FindingMissing),
        ({"outcome": "not_met"}, refusals.OverrideReasonMissing),
        ({"outcome": "again", "again_by": date(2026, 9, 25)}, refusals.NothingToPutRight),
        ({"party": VisitParty("")}, refusals.PartyUnsigned),
        ({"party": VisitParty("李晓禾", refused=True)}, refusals.PartyUnsigned),
        ({"officers": ()}, refusals.OfficersUnsigned),
        ({"officers": "one"}, refusals.OfficersUnsigned),
        ({"officers": "other name"}, refusals.OfficersUnsigned),
        ({"began_at": hour(18, 15)}, refusals.BeganWrong),
        ({"began_at": hour(17, 15)}, refusals.BeganWrong),
    ],
)
def test_a_record_that_lacks_something_is_refused_as_a_whole(w, case, visit, wrong, refusal):
    signed = {
        "one": (OfficerSigned(w.inspector.id, "现场核查"),),
        "other name": (OfficerSigned(w.inspector.id, "现场核查"), OfficerSigned(w.station.id, "张三")),
    }
    if wrong.get("officers") in signed:
        wrong = {"officers": signed[wrong["officers"]]}

    with pytest.raises(refusal):
        record(w, case, visit, **wrong)

    unchanged(case, visit)
    assert not documents.files_of(case.pk, "visit_signature")


def test_who_is_not_among_the_officers_records_nothing(w, case, visit):
    for stranger in (w.reviewer, replace(w.inspector, id=new_id())):
        with pytest.raises(refusals.NotAnOfficer):
            record(w, case, visit, by=stranger)
        with pytest.raises(refusals.NotAnOfficer):
            save(w, case, visit, PointFound("wash", "met"), by=stranger)
    with pytest.raises(NotAuthorised):
        record(w, case, visit, by=w.clerk)

    unchanged(case, visit)


def test_a_visit_is_not_recorded_before_its_day(w, case):
    visit = f.visit_planned(w, case, planned_for=hour(21, 10))

    with pytest.raises(refusals.VisitNotYet):
        record(w, case, visit, at=hour(20, 10))

    unchanged(case, visit)


def test_who_does_not_sign_is_noted_with_the_reason(w, case, visit):
    record(w, case, visit, party=VisitParty("李晓禾", refused=True, reason="认为布局没有问题，拒绝签字"))

    kept = selectors.visit_of(case, visit.id)
    assert kept.party_refused and kept.party_reason.startswith("认为")


def test_drawn_signatures_are_kept_and_nobody_else_sees_them(w, case, visit):
    drawn = document_services.check_signature(SIGNED)
    record(
        w,
        case,
        visit,
        party=VisitParty("李晓禾", drawn=drawn),
        officers=(
            OfficerSigned(w.inspector.id, "现场核查", drawn),
            OfficerSigned(w.station.id, "市场 监管所"),
        ),
    )

    kept = selectors.visit_of(case, visit.id)
    assert kept.party_signature_id and list(kept.officer_signature_ids) == [str(w.inspector.id)]
    assert len(documents.files_of(case.pk, "visit_signature")) == 2


def test_the_paper_can_be_made_with_signatures_and_photos(w, case, visit):
    services.add_visit_photos(
        case_id=case.pk,
        visit_id=visit.id,
        uploads=[Upload("后厨.jpg", photo("2026:09:18 12:59:00"))],
        by=w.inspector,
        at=NOON,
        key=uuid4(),
    )
    drawn = document_services.check_signature(SIGNED)
    wrong = {"place": PointFound("place", "not_met", "仓库太小")}
    record(w, case, visit, points=wrong, party=VisitParty("李晓禾", drawn=drawn), text="一般项一条不符合。")
    document_services.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name="市场监督管理局", by=f.SYSTEM, at=NOON, key=new_id()
    )
    paper = documents.documents_of(case.pk)[-1]

    document_services.make_document(root_id=case.pk, request_id=paper.id, at=NOON)

    made = documents.documents_of(case.pk)[-1]
    assert (made.state, made.reason, made.detail) == ("ready", "", "")
    assert made.number.startswith("澜州市清禾区市场监督管理局核〔2026〕")


def test_again_keeps_the_step_open_and_the_clock_running(w, case, visit):
    wrong = {"wash": PointFound("wash", "not_met", "没有洗手池")}
    for day in (None, date(2026, 9, 18), date(2027, 1, 1)):
        with pytest.raises(refusals.AgainDayWrong):
            record(w, case, visit, points=wrong, outcome="again", again_by=day)

    record(w, case, visit, points=wrong, outcome="again", again_by=date(2026, 9, 22))

    case.refresh_from_db()
    assert case.due_on == date(2026, 9, 30), "整改 is no special procedure of 行政许可法 45"
    assert not Opinion.objects.filter(case=case, step="visit").exists()
    assert OutboxEvent.objects.filter(root_id=case.pk, name="cases.visit_to_be_repeated").exists()
    second = f.visit_planned(w, case, planned_for=hour(23, 10))
    record(w, case, second, at=hour(23, 11))
    assert Opinion.objects.get(case=case, step="visit").finding == "met"
    assert [v.outcome for v in selectors.visits_of(case)] == ["again", "met"]


def test_the_same_press_twice_records_once(w, case, visit):
    key, at = uuid4(), visit.planned_for
    given = {"case_id": case.pk, "visit_id": visit.id, "by": w.inspector, "at": at, "key": key}
    made = f.visit_record(w, case, visit, at)

    assert services.record_visit(record=made, **given) == services.record_visit(record=made, **given)
    assert Opinion.objects.filter(case=case, step="visit").count() == 1
    with pytest.raises(refusals.VisitGone):
        record(w, case, visit)


# Kept on the way ----------------------------------------------------------------------------------------------


def test_each_point_is_kept_by_itself_and_the_later_word_counts(w, case, visit):
    save(w, case, visit, PointFound("wash", "not_met", "没有"), PointFound("place", "met"))
    save(w, case, visit, PointFound("wash", "met"), by=w.station)
    save(w, case, visit, PointFound("place", ""))

    kept = selectors.visit_of(case, visit.id)
    assert selectors.points_found(kept.findings) == {"wash": ("met", "")}
    with pytest.raises(refusals.PointUnknown):
        save(w, case, visit, PointFound("nowhere", "met"))


def test_photos_lose_their_position_and_keep_their_hour(w, case, visit):
    uploads = [Upload("后厨.jpg", photo("2026:09:18 10:11:12")), Upload("前厅.jpg", photo())]
    services.add_visit_photos(
        case_id=case.pk, visit_id=visit.id, uploads=uploads, by=w.station, at=NOON, key=uuid4()
    )

    first, second = selectors.photos_of(visit)
    assert first.taken_at == datetime(2026, 9, 18, 10, 11, 12, tzinfo=BEIJING) and second.taken_at is None
    kept = document_services.read_file(case.pk, first.file_id)
    assert first.sha256 == sha256(kept).hexdigest()
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}


def test_a_photo_is_taken_back_before_the_record_and_never_after(w, case, visit):
    services.add_visit_photos(
        case_id=case.pk,
        visit_id=visit.id,
        uploads=[Upload("一.jpg", photo()), Upload("二.jpg", photo())],
        by=w.inspector,
        at=NOON,
        key=uuid4(),
    )
    first, second = selectors.photos_of(visit)

    def remove(photo_id, by=w.inspector):
        return services.remove_visit_photo(
            case_id=case.pk, visit_id=visit.id, photo_id=photo_id, by=by, at=NOON, key=uuid4()
        )

    remove(first.id)
    assert [p.id for p in selectors.photos_of(visit)] == [second.id]
    with pytest.raises(refusals.PhotoGone):
        remove(first.id)
    with pytest.raises(refusals.NotAnOfficer):
        remove(second.id, by=w.reviewer)
    record(w, case, visit)
    with pytest.raises(refusals.VisitGone):
        remove(second.id)
    assert VisitPhoto.objects.filter(case=case).count() == 2, "marked, not destroyed"


def test_what_is_no_photo_and_too_many_are_refused_as_a_whole(w, case, visit):
    def add(uploads):
        services.add_visit_photos(
            case_id=case.pk, visit_id=visit.id, uploads=uploads, by=w.inspector, at=NOON, key=uuid4()
        )

    with pytest.raises(FileTypeNotAllowed):
        add([Upload("一.jpg", photo()), Upload("二.pdf", b"%PDF-1.4 x")])
    with pytest.raises(refusals.TooManyPhotos):
        add([Upload(f"{n}.jpg", photo()) for n in range(31)])

    assert not VisitPhoto.objects.filter(case=case).exists()


def test_photos_are_for_the_departments_that_visit_and_decide(w, case, visit):
    assert selectors.may_see_photos(w.inspector, case, visit)
    assert selectors.may_see_photos(w.leader, case, visit)
    assert not selectors.may_see_photos(w.clerk, case, visit)
    assert not selectors.may_see_photos(w.citizen, case, visit)


# Ended from outside -------------------------------------------------------------------------------------------


def test_nobody_comes_once_the_application_is_withdrawn(w, case, visit):
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=NOON, key=uuid4())

    assert selectors.visit_of(case, visit.id).state == "void"
    with pytest.raises(NotInReview):
        record(w, case, visit)
    with pytest.raises(NotInReview):
        wish(w, case, visit)


def test_the_days_ahead_stand_in_order_page_by_page(w, case, visit):
    other = f.accepted_case(w, situation=f.RAW_FOOD)
    later = f.visit_planned(w, other, planned_for=hour(21, 9), officers=(w.station.id, w.reviewer.id))

    assert [v.id for v in selectors.visits_ahead(w.inspector, own=True)] == [visit.id]
    assert [v.id for v in selectors.visits_ahead(w.inspector, own=False)] == [visit.id, later.id]
    cursor = selectors.VisitCursor(visit.planned_for, visit.id)
    after = selectors.VisitCursor.parse(str(cursor))
    assert [v.id for v in selectors.visits_ahead(w.station, own=True, after=after)] == [later.id]
    assert selectors.visits_ahead(w.clerk, own=False) == []
    assert selectors.VisitCursor.parse("x") is None


# Pure ---------------------------------------------------------------------------------------------------------

POINTS = st.lists(
    st.builds(CheckPoint, st.text("abcdefgh", min_size=1, max_size=3), st.just("x"), st.booleans()),
    unique_by=lambda point: point.code,
)


@given(POINTS, st.data())
def test_the_finding_follows_the_critical_points_alone(points, data):
    found = {p.code: data.draw(st.sampled_from(["met", "not_met", "na"])) for p in points}

    finding = rules.visit_finding(points, found)

    assert (finding == "not_met") == any(p.critical and found[p.code] == "not_met" for p in points)
    better = found | {p.code: "met" for p in points if p.critical}
    assert rules.visit_finding(points, better) == "met"
    assert rules.open_points(points, found) == []
