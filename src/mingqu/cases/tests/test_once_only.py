"""一次提交、多次使用: what was handed in and answered last time is offered, taken by a press, never uploaded again."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from mingqu.cases import acting, again, rules, services
from mingqu.cases.errors import NothingHandedInBefore
from mingqu.cases.models import Case, MaterialFile
from mingqu.cases.services.files import use_again
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.catalogue import selectors as catalogue
from mingqu.certificates.types import HeldFirm
from mingqu.documents.models import StoredFile
from mingqu.forms.models import Draft
from mingqu.identity.models import Firm
from mingqu.identity.tests import factories as people
from mingqu.identity.types import CitizenActor
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day

pytestmark = pytest.mark.django_db
PLAN = "floor-plan"
EARLIER = f.FRIDAY_NOON - timedelta(days=30)
TODAY = legal_day(f.FRIDAY_NOON)


@pytest.fixture
def w(world):
    return world


def material_page(draft_id, code=PLAN) -> str:
    return f"/apply/draft/{draft_id}/material/{code}/"


def wanted(code=PLAN, **changes) -> dict[str, again.Wanted]:
    item, definition = catalogue.current_definition("QH-SPJYXK")
    material = replace(definition.material(code), **changes)
    return {code: again.Wanted(material, frozenset({(item.code, code)}))}


def offered(w, *, by=None, party=None, day=TODAY, **changes):
    return again.handed_in_before(wanted(**changes), by or w.citizen, party, day)


def test_the_second_application_is_filled_in_and_handed_in_without_an_upload(w, sign_in, monkeypatch):
    before = f.decided_case(w, at=EARLIER)
    client = sign_in(w.citizen)
    draft_id = a.begun(client)
    page = a.body(client.get(a.page(draft_id, 1)))
    assert f.ANSWERS["shop_name"] in page and "时填的" in page and before.number in page
    for number in (1, 2):
        given = {"_version": a.version(draft_id), "_end": "1", "_known": "*"}
        assert client.post(a.page(draft_id, number), given).status_code == 302
    assert "上次交过，点一下就能用" in a.body(client.get(f"/apply/draft/{draft_id}/"))

    for code in a.MATERIALS:
        told = a.body(client.get(material_page(draft_id, code)))
        assert "用上次交的" in told and f"{code}.png" in told, code
        press = {"act": "again", "before": str(before.pk)}
        assert client.post(material_page(draft_id, code), press).status_code == 302
    monkeypatch.setattr("mingqu.documents.services.store_upload", None)  # nothing is uploaded from here on
    assert a.hand_in(client, draft_id).status_code == 302

    case = Case.objects.get(pk=draft_id)
    assert case.answers == before.answers
    digests = {
        root: set(StoredFile.objects.filter(root_id=root, kind__in=a.MATERIALS).values_list("kind", "digest"))
        for root in (before.pk, case.pk)
    }
    assert digests[case.pk] == digests[before.pk] and len(digests[case.pk]) == len(a.MATERIALS)
    assert {m.how for m in case.materials.all()} == {"upload"}


def test_the_same_press_twice_brings_the_files_once_and_they_keep_their_day(w):
    before = f.decided_case(w, at=EARLIER)
    draft = f.draft(w, files=[])
    press = {"draft_id": draft.draft_id, "material": PLAN, "case_id": before.pk, "by": w.citizen}

    counts = [use_again(**press, at=f.FRIDAY_NOON) for _ in range(2)]

    assert counts == [1, 0]
    file = MaterialFile.objects.get(root_id=draft.draft_id)
    assert (file.state, legal_day(file.added_at)) == ("pending", legal_day(EARLIER))
    assert MaterialFile.objects.get(root_id=before.pk, material_code=PLAN).state == "current"


def test_files_used_again_and_again_do_not_become_younger(w):
    first = f.decided_case(w, at=EARLIER)
    draft = f.draft(w, files=["business-licence", "safety-rules"])
    use_again(draft_id=draft.draft_id, material=PLAN, case_id=first.pk, by=w.citizen, at=f.FRIDAY_NOON)
    second = services.file_case(
        draft_id=draft.draft_id, base_version=draft.version, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4()
    )
    services.accept_case(case_id=second.case_id, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())

    found = offered(w)[PLAN]

    assert found.case_id == second.case_id and found.on == legal_day(EARLIER)
    assert offered(w, day=legal_day(EARLIER) + timedelta(days=366)) == {}


@pytest.mark.parametrize(
    ("days", "valid_days", "good"),
    [(0, 1, True), (1, 1, True), (2, 1, False), (365, 365, True), (366, 365, False)],
)
def test_a_file_is_good_for_as_many_days_as_the_definition_says(days, valid_days, good):
    assert rules.still_good(TODAY, valid_days, TODAY + timedelta(days=days)) is good


def test_what_must_be_new_each_time_is_not_offered(w):
    f.decided_case(w, at=EARLIER)

    assert PLAN in offered(w) and offered(w, valid_days=0) == {} and offered(w, valid_days=10) == {}


def withdrawn(w, case):
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())


def refused_before_review(w, case):
    Case.objects.filter(pk=case.pk).update(status="not_accepted")


def of_a_firm(w, case):
    Case.objects.filter(pk=case.pk).update(party_kind="firm", party_id=new_id())


@pytest.mark.parametrize("happened", [withdrawn, refused_before_review, of_a_firm])
def test_what_did_not_stand_or_was_a_firms_is_not_offered_for_oneself(w, happened):
    case = f.accepted_case(w, at=f.FRIDAY_NOON)
    assert offered(w)[PLAN].case_id == case.pk

    happened(w, case)

    assert offered(w) == {}


def test_a_file_that_was_replaced_or_taken_back_is_not_offered(w):
    case = f.accepted_case(w, at=f.FRIDAY_NOON)
    for state in ("replaced", "removed"):
        MaterialFile.objects.filter(root_id=case.pk, material_code=PLAN).update(state=state)

        assert offered(w) == {}, state


def test_nobody_elses_files_are_offered_or_taken(w, sign_in):
    before = f.decided_case(w, at=EARLIER)
    _user, other = people.citizen(name="王生人")
    client = sign_in(other)
    draft_id = a.begun(client)

    assert offered(w, by=other) == {}
    assert "用上次交的" not in a.body(client.get(material_page(draft_id)))
    for given in (str(before.pk), str(new_id()), "", "x"):
        told = client.post(material_page(draft_id), {"act": "again", "before": given}, follow=True)
        assert "没有可以直接用的旧文件" in a.body(told), given
    assert not MaterialFile.objects.filter(root_id=draft_id).exists()


def test_into_a_draft_that_is_nobodys_yet_nothing_of_hers_is_put(w, sign_in):
    """Whoever gave her the code would read it."""
    before = f.decided_case(w, at=EARLIER)
    stranger = Client()
    draft_id = a.begun(stranger)
    code = stranger.get(f"/apply/draft/{draft_id}/").context["code"]
    client = sign_in(w.citizen)
    client.post("/apply/resume/", {"code": code})

    page = a.body(client.get(material_page(draft_id)))
    client.post(material_page(draft_id), {"act": "again", "before": str(before.pk)})
    anonymous = stranger.post(
        material_page(draft_id), {"act": "again", "before": str(before.pk)}, follow=True
    )

    assert Draft.objects.get(pk=draft_id).owner_id is None and "用上次交的" not in page
    assert "没有可以直接用的旧文件" in a.body(anonymous)
    assert not MaterialFile.objects.filter(root_id=draft_id).exists()


@pytest.mark.parametrize(
    ("acts", "filed_it", "sees"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_a_firms_files_are_for_who_represents_it_or_handed_them_in_for_it(
    w, monkeypatch, acts, filed_it, sees
):
    firm, handler = new_id(), people.citizen(name="王经办")[1]
    case = f.decided_case(w, at=EARLIER)
    Case.objects.filter(pk=case.pk).update(
        party_kind="firm", party_id=firm, applicant_id=handler.id if filed_it else w.citizen.id
    )
    held = [HeldFirm(firm, "示例公司", None if acts else frozenset())]
    monkeypatch.setattr("mingqu.cases.again.acting.firms_of", lambda by: held)

    assert (PLAN in offered(w, by=handler, party=firm)) is sees
    assert offered(w, by=handler) == {}, "for herself never"


def test_the_same_standard_material_of_another_service_is_the_same_paper(w):
    document = variants.document()
    for material in document["handling"][0]["materials"]:
        if material["code"] == PLAN:
            material["standard"] = "STD-0001"
    f.catalogue_services.publish_revision(document=document, by=f.SYSTEM, at=EARLIER, key=uuid4())
    f.decided_case(w, at=EARLIER)
    [material] = [one.material for one in wanted().values()]
    elsewhere = frozenset({("QH-OTHER", "shop-plan")})

    def found(standard):
        asked = {"shop-plan": again.Wanted(replace(material, standard=standard), elsewhere)}
        return again.handed_in_before(asked, w.citizen, None, TODAY)

    assert found("STD-0001")["shop-plan"].files[0].name == f"{PLAN}.png"
    assert found("STD-0002") == {} and found("") == {}


def test_what_may_be_used_is_looked_at_again_when_it_is_pressed(w):
    before = f.decided_case(w, at=EARLIER)
    draft = f.draft(w, files=[])
    late = f.FRIDAY_NOON + timedelta(days=20)
    MaterialFile.objects.filter(root_id=before.pk).update(added_at=late - timedelta(days=366))

    with pytest.raises(NothingHandedInBefore):
        use_again(draft_id=draft.draft_id, material=PLAN, case_id=before.pk, by=w.citizen, at=late)


def test_what_a_handler_handed_in_for_a_firm_is_kept_for_her_no_longer_than_her_authority(w):
    firm, authority = (
        Firm.objects.create(name="示例公司", reserved_name_number="YL1", created_at=EARLIER).pk,
        new_id(),
    )
    handler = people.citizen(name="王经办")[1]
    case = f.decided_case(w, at=EARLIER)
    Case.objects.filter(pk=case.pk).update(
        party_kind="firm", party_id=firm, applicant_id=handler.id, capacity_id=authority
    )
    holds = CitizenActor("citizen", handler.id, live=frozenset({authority}))
    ended = CitizenActor("citizen", handler.id)

    assert [one.id for one in acting.firms_of(holds)] == [firm]
    assert [one.pk for one in again.earlier(holds, firm)] == [case.pk]
    assert (acting.firms_of(ended), again.earlier(ended, firm)) == ([], [])
