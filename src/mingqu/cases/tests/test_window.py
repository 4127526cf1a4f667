"""
One window receives for every department; what begins on a telephone goes on at the window and back, as one case
(行政许可法 26; ARC-07).
"""

from uuid import uuid4

import pytest

from mingqu.cases import selectors, services
from mingqu.cases.errors import (
    ApplicantNotSeen,
    CopiesWrong,
    DeliveryNotReachable,
    FormIncomplete,
    MaterialsMissing,
    MaterialUnknown,
    SituationStops,
)
from mingqu.cases.models import Case, CaseMaterial
from mingqu.cases.services import window
from mingqu.cases.services.files import Holder, Upload, add_correction_files, add_draft_files
from mingqu.cases.tests import at_window as t
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, OnPaper
from mingqu.documents.models import DocumentRequest
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound
from mingqu.identity import selectors as identity_selectors
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Person, PostHolding, User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewDepartment, NewPost, SeenDocument, Within
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def her(w):
    return t.walk_in(w)


def test_a_clerk_files_for_who_stands_at_the_window(w, her):
    case = t.filed_case(w, her)

    assert (case.channel, case.filed_by_post, case.applicant_id) == ("window", w.clerk.post_id, her)
    assert case.visits == 1  # 到现场次数: she came once
    assert case.delivery_way == "window" and case.status == "received"
    assert {m.how for m in CaseMaterial.objects.filter(case=case)} == {"paper"}


def test_the_five_days_run_as_for_anyone_and_the_slip_is_asked_for(w, her):
    case, online = t.filed_case(w, her), f.received_case(w)

    assert case.due_on == online.due_on
    kinds = {d.kind for d in selectors.documents.documents_of(case.pk)}
    assert "receipt" in kinds


def test_the_ledger_says_which_post_filed_for_whom_and_how_it_was_signed(w, her):
    case = t.filed_case(w, her)

    entry = AuditEntry.objects.get(root_id=case.pk, action="case.file")
    assert entry.actor_kind == "staff" and entry.post_id == w.clerk.post_id
    assert entry.notes["signed"] == "paper" and entry.notes["applicant"] == str(her)


def test_filing_twice_with_one_key_is_filing_once(w, her):
    draft, key = t.window_draft(w, her), uuid4()

    first, again = t.file_it(w, her, draft, key=key), t.file_it(w, her, draft, key=key)

    assert first == again and Case.objects.filter(applicant_id=her).count() == 1


def test_nobody_files_for_a_person_whose_document_was_not_seen(w):
    started = f.draft(w)

    with pytest.raises(ApplicantNotSeen):
        t.file_it(w, w.citizen.id, (started.draft_id, started.version))

    assert not Case.objects.exists()


def _window_of(w, *, region=people.REGION, department=None, role="window_clerk"):
    """Another window: of another region, or only for one department."""
    hall = identity.create_department(
        draft=NewDepartment(f"hall{people.number()}", "别处大厅", region),
        by=f.SYSTEM,
        at=people.NOON,
        key=new_id(),
    )
    post = identity.create_post(
        draft=NewPost(f"w{people.number()}", "别处窗口", hall, ()), by=f.SYSTEM, at=people.NOON, key=new_id()
    )
    identity.grant_role(
        post_id=post, role=role, within=Within(region, department), by=f.SYSTEM, at=people.NOON, key=new_id()
    )
    user = people.staff_user("别处", post)
    return f.Actor("staff", user.person_id, post_id=post, user_id=user.id, name="别处")


def test_a_window_of_another_region_files_nothing_here(w, her):
    draft = t.window_draft(w, her)

    with pytest.raises(NotAuthorised):
        t.file_it(w, her, draft, by=_window_of(w, region="990105000000"))

    assert not Case.objects.exists()


def test_a_window_that_receives_for_another_department_only_files_nothing_for_this_one(w, her):
    other = people.department("清禾区水务局")
    clerk = _window_of(w, department=other)

    with pytest.raises(NotAuthorised):
        t.file_it(w, her, t.window_draft(w, her), by=clerk)
    with pytest.raises(NotAuthorised):
        window.begin(
            item_code="QH-SPJYXK",
            handling="01",
            answers=t._listed(f.SITUATION),
            by=identity.assisting(clerk, her),
            at=f.FRIDAY_NOON,
        )


@pytest.mark.parametrize("who", ["reviewer", "leader", "station"])
def test_officers_who_receive_nothing_do_not_fill_in_for_anyone(w, her, who):
    with pytest.raises(NotAuthorised):
        identity.assisting(getattr(w, who), her)


def test_a_citizen_is_no_window(w, her):
    with pytest.raises(NotAuthorised):
        identity.assisting(w.citizen, her)


def test_a_clerk_opens_only_drafts_of_who_stands_there(w, her):
    somebody_elses = f.draft(w)

    with pytest.raises(DraftNotFound):
        window.open_draft(draft_id=somebody_elses.draft_id, by=t.assisting(w, her), at=f.FRIDAY_NOON)
    with pytest.raises(DraftNotFound):
        t.file_it(w, her, (somebody_elses.draft_id, somebody_elses.version))


def test_what_is_missing_is_refused_at_the_window_as_online(w, her):
    draft = t.window_draft(w, her, originals=("business-licence",))
    with pytest.raises(MaterialsMissing):
        t.file_it(w, her, draft)
    empty = t.window_draft(w, her, answers={"shop_name": "清禾小馆"})
    with pytest.raises(FormIncomplete):
        t.file_it(w, her, empty)

    assert not Case.objects.exists()


def test_an_answer_that_stops_stops_at_the_window_too(w, her):
    answers = t._listed({**f.SITUATION, "open_fire": "yes", "above_homes": "yes"})

    with pytest.raises(SituationStops):
        window.begin(
            item_code="QH-SPJYXK", handling="01", answers=answers, by=t.assisting(w, her), at=f.FRIDAY_NOON
        )


def test_originals_are_marked_for_materials_of_the_item_only(w, her):
    draft_id, _ = t.window_draft(w, her)

    with pytest.raises(MaterialUnknown):
        window.mark_originals(
            draft_id=draft_id, seen={"fire-plan": True}, by=t.assisting(w, her), at=f.FRIDAY_NOON
        )


@pytest.mark.parametrize("copies", [-1, 100])
def test_nobody_brings_a_hundred_copies(w, her, copies):
    draft_id, _ = t.window_draft(w, her)
    papers = {"floor-plan": OnPaper("copy", copies)}

    with pytest.raises(CopiesWrong):
        window.mark_papers(draft_id=draft_id, papers=papers, by=t.assisting(w, her), at=f.FRIDAY_NOON)


def test_an_original_counts_only_where_a_clerk_stands_for_it(w):
    """原件核对 written into a draft by its owner is worth nothing online."""
    started = f.draft(w, files=[], context={"paper": list(t.ORIGINALS)})

    with pytest.raises(MaterialsMissing):
        services.file_case(
            draft_id=started.draft_id,
            base_version=started.version,
            by=w.citizen,
            at=f.FRIDAY_NOON,
            key=uuid4(),
        )


# Online → window → online: one case, one trail ------------------------------------------------------------


def _anonymous(w):
    """A draft begun on a telephone without signing in."""
    return forms.start_draft(
        about="QH-SPJYXK",
        form_digest=selectors.catalogue.item("QH-SPJYXK").current.digest,
        context={
            "revision_id": str(selectors.catalogue.item("QH-SPJYXK").current_id),
            "handling": "01",
            "situation": f.SITUATION,
        },
        by=None,
        at=f.FRIDAY_NOON,
        answers=f.ANSWERS,
    )


def test_begun_on_a_telephone_gone_on_at_the_window_followed_on_the_telephone(w):
    phone, number = people.phone(), people.citizen_number()
    begun = _anonymous(w)
    her = t.walk_in(w, number=number, phone=phone)
    by = t.assisting(w, her)

    draft_id = window.take_over(code=begun.token.lower(), by=by, at=f.FRIDAY_NOON, key=uuid4())
    window.mark_originals(draft_id=draft_id, seen=dict.fromkeys(t.ORIGINALS, True), by=by, at=f.FRIDAY_NOON)
    version = window.open_draft(draft_id=draft_id, by=by, at=f.FRIDAY_NOON).view.version
    filed = t.file_it(w, her, (draft_id, version))
    user = identity.open_account(phone=phone, at=f.FRIDAY_NOON)  # she signs in at home
    citizen = f.Actor("citizen", user.person_id, user_id=user.id)
    bound = identity.bind_account(
        user_id=user.id, name="禾小满", citizen_number=number, by=citizen, at=f.FRIDAY_NOON, key=uuid4()
    )

    assert bound and filed.case_id == draft_id == begun.draft_id  # one id from the first word on
    user.refresh_from_db()
    assert [c.pk for c in selectors.cases_of(user.person_id)] == [draft_id]
    trail = list(AuditEntry.objects.filter(root_id=draft_id).order_by("seq").values_list("action", flat=True))
    assert trail == ["draft.claim", "case.file"]


def test_her_own_draft_goes_on_at_the_window(w):
    user = identity.open_account(phone=people.phone(), at=f.FRIDAY_NOON)
    number = people.citizen_number()
    citizen = f.Actor("citizen", user.person_id, user_id=user.id)
    identity.declare_identity(
        person_id=citizen.id, name="禾小满", citizen_number=number, by=citizen, at=f.FRIDAY_NOON, key=uuid4()
    )
    w.citizen = citizen
    begun = f.draft(w, files=["business-licence"])
    her = t.walk_in(w, number=number, phone=user.phone)

    assert her == citizen.id  # found by number and the telephone she proved, not doubled
    by = t.assisting(w, her)
    window.mark_originals(
        draft_id=begun.draft_id, seen={"floor-plan": True, "safety-rules": True}, by=by, at=f.FRIDAY_NOON
    )
    version = window.open_draft(draft_id=begun.draft_id, by=by, at=f.FRIDAY_NOON).view.version
    filed = t.file_it(w, her, (begun.draft_id, version))

    assert selectors.case_visible_to(citizen, filed.number).pk == begun.draft_id


def test_the_code_of_a_draft_of_another_windows_item_opens_nothing(w, her):
    clerk = _window_of(w, department=people.department("清禾区水务局"))
    begun = _anonymous(w)

    with pytest.raises(NotAuthorised):
        window.take_over(code=begun.token, by=identity.assisting(clerk, her), at=f.FRIDAY_NOON, key=uuid4())
    with pytest.raises(DraftNotFound):
        window.take_over(code="ABCD" * 4, by=t.assisting(w, her), at=f.FRIDAY_NOON, key=uuid4())
    assert drafts.draft(begun.draft_id, by=None, at=f.FRIDAY_NOON, token=begun.token).owner_id is None


def test_a_draft_changed_elsewhere_is_not_filed_unread(w, her):
    draft_id, version = t.window_draft(w, her)
    forms.save_draft(
        draft_id=draft_id,
        changes={"seats": 3},
        base_version=version,
        by=t.assisting(w, her),
        at=f.FRIDAY_NOON,
    )

    with pytest.raises(DraftChangedElsewhere):
        t.file_it(w, her, (draft_id, version))


def test_two_clerks_who_file_one_draft_file_it_once(w, her):
    draft = t.window_draft(w, her)
    t.file_it(w, her, draft)

    with pytest.raises(DraftAlreadyFiled):
        t.file_it(w, her, draft, by=_window_of(w))

    assert Case.objects.filter(applicant_id=her).count() == 1


def test_what_was_asked_is_brought_to_the_window_and_counted_as_a_visit(w):
    case = f.correction_case(w)
    add_correction_files(
        case_id=case.pk,
        material="floor-plan",
        uploads=[Upload("平面图.png", f.PNG)],
        by=w.clerk,
        at=f.FRIDAY_NOON,
    )

    services.supplement_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    case.refresh_from_db()
    assert (case.status, case.visits) == ("received", 1)


def test_a_scan_made_at_the_window_is_hers(w, her):
    draft_id, _ = t.window_draft(w, her, originals=())
    add_draft_files(
        draft_id=draft_id,
        material="floor-plan",
        uploads=[Upload("图.png", f.PNG)],
        holder=Holder(t.assisting(w, her)),
        at=f.FRIDAY_NOON,
    )

    found = window.open_draft(draft_id=draft_id, by=t.assisting(w, her), at=f.FRIDAY_NOON)

    assert set(found.files) == {"floor-plan"}
    assert found.missing == ["营业执照", "食品安全管理制度"]


def test_who_has_no_account_is_not_served_electronically_whoever_ticks_it(w, her):
    draft_id, version = t.window_draft(w, her)
    window.choose_delivery(draft_id=draft_id, way="electronic", by=t.assisting(w, her), at=f.FRIDAY_NOON)

    with pytest.raises(DeliveryNotReachable):
        t.file_it(w, her, (draft_id, version + 1))

    assert not Case.objects.filter(pk=draft_id).exists()


def test_a_locked_account_opens_no_papers_and_counts_for_none(w):
    user, _actor = people.citizen("禾小满")
    number = identity_selectors.person(user.person_id).citizen_number
    her = t.walk_in(w, number=number, phone=user.phone)
    User.objects.filter(pk=user.pk).update(is_active=False)
    draft_id, version = t.window_draft(w, her)
    window.choose_delivery(draft_id=draft_id, way="electronic", by=t.assisting(w, her), at=f.FRIDAY_NOON)

    with pytest.raises(DeliveryNotReachable):
        t.file_it(w, her, (draft_id, version + 1))


def test_electronic_delivery_is_hers_to_choose_at_the_window(w):
    user, actor = people.citizen("禾小满")
    person = identity_selectors.person(user.person_id)
    her = t.walk_in(w, name="禾小满", number=person.citizen_number, phone=user.phone)
    assert her == actor.id
    draft_id, version = t.window_draft(w, her)
    assert window.choose_delivery(
        draft_id=draft_id, way="electronic", by=t.assisting(w, her), at=f.FRIDAY_NOON
    )

    case = Case.objects.get(pk=t.file_it(w, her, (draft_id, version + 1)).case_id)

    assert case.delivery_way == "electronic" and case.delivery_consent_at == f.FRIDAY_NOON


def test_a_foreigner_without_citizen_number_files_with_a_passport(w):
    document = SeenDocument("passport", "E12345678", "约翰·史密斯")
    her = identity.receive_person(document=document, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    assert t.filed_case(w, her).applicant_name == "约翰·史密斯"


def test_the_world_of_these_tests_is_what_it_says(w, her):
    """A guard of the tests above: the person was seen, the clerk holds the post."""
    assert Person.objects.get(pk=her).assurance == 2
    assert PostHolding.objects.filter(post_id=w.clerk.post_id).exists()


def test_who_filed_on_paper_is_told_to_bring_paper_and_who_filed_online_to_upload(w, her):
    at_window, online = t.filed_case(w, her), f.received_case(w)
    how = {}
    for case in (at_window, online):
        services.ask_correction(
            case_id=case.pk,
            asked=[Asked(code="floor-plan", what="没有标出口")],
            by=w.clerk,
            at=f.FRIDAY_NOON,
            key=new_id(),
        )
        (row,) = DocumentRequest.objects.get(root_id=case.pk, kind="correction_notice").data["asked"]
        how[case.channel] = row["how"]

    assert "带到综合窗口" in how["window"] and how["online"] == "请重新拍照或者上传。"
