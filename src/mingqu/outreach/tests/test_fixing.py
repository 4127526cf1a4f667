"""补正 by an agent: only with the person's consent to just that, once for each time, and she is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases import services as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import Case
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked
from mingqu.forms import selectors as drafts
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.notifications.models import InboxMessage
from mingqu.outreach import selectors, services
from mingqu.outreach.errors import ErrandNotNow, ErrandUnknown, FixConsentMissing, NotDelegated
from mingqu.outreach.models import Errand
from mingqu.outreach.tests import factories as made
from mingqu.outreach.tests.test_errands import agree, follow, sent
from mingqu.portal.selectors import my

NOON = made.NOON
MATERIAL = "floor-plan"


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def p(w):
    return made.place(w)


def asked(w, row, at=NOON):
    """The case of an errand, for which a plan is asked for again."""
    asked_for = [Asked(MATERIAL, "看不清尺寸，请重新画一张。")]
    cases.ask_correction(case_id=row.draft_id, asked=asked_for, by=w.clerk, at=at, key=uuid4())
    row.refresh_from_db()
    return row


def filed(w, p, *, at=NOON, **paper):
    """Handed in with a code, or (`paper`) with a paper."""
    mother = made.with_telephone(p.clerk, at=at)
    row = made.errand(p, person=mother, at=at)
    version = made.begun(p, row, at=at)
    if paper:
        made.by_paper(p, row, at=at, **paper)
    else:
        agree(p, row, sent(p, row, at=at), at=at)
    made.hand_in(p, row, version, at=at)
    follow()
    services.note_filed(row.draft_id, Case.objects.get(pk=row.draft_id).number, at)
    return asked(w, row, at), mother


def correct(p, row, at=NOON):
    by = services.as_agent(row, p.agent, services.FIX)
    add_correction_files(
        case_id=row.draft_id, material=MATERIAL, uploads=[Upload("平面图.png", f.PNG)], by=by, at=at
    )
    cases.supplement_case(case_id=row.draft_id, by=by, at=at, key=uuid4())


def test_without_a_new_consent_nothing_is_handed_in_and_the_case_waits(w, p):
    row, _mother = filed(w, p)

    assert "请本人同意" in selectors.errand_at_desk(p.agent, row.number, NOON.date()).line.next
    with pytest.raises(FixConsentMissing):
        correct(p, row)
    assert Case.objects.get().status == "correction"


def test_with_a_new_code_the_agent_corrects_once_and_she_is_told(w, p):
    row, mother = filed(w, p)
    agree(p, row, sent(p, row))
    assert (row.state, row.consent) == ("filed", "code")
    assert selectors.errand_at_desk(p.agent, row.number, NOON.date()).fix == "ready"
    correct(p, row)
    follow()

    assert Case.objects.get().status == "received"
    assert InboxMessage.objects.filter(person_id=mother.id, kind="errand_fixed").count() == 1
    asked(w, row)  # a second time: the consent was to the first
    with pytest.raises(FixConsentMissing):
        correct(p, row)


def test_a_paper_that_says_so_covers_every_correction_one_that_does_not_covers_none(w, p):
    row, _mother = filed(w, p, fixes=True)
    correct(p, row)
    correct(p, asked(w, row))
    assert Case.objects.get().status == "received"

    other, _mother = filed(w, p, agreed=True)
    with pytest.raises(FixConsentMissing):
        correct(p, other)


def test_consent_taken_back_before_the_correction_bars_it_and_herself_is_not_barred(w, p):
    row, mother = filed(w, p)
    agree(p, row, sent(p, row))
    services.end_errand(errand_id=row.pk, by=mother, at=NOON, key=uuid4())

    with pytest.raises((FixConsentMissing, NotDelegated)):
        correct(p, row)
    with pytest.raises(ErrandUnknown):
        selectors.of_case(p.agent, row.number)
    uploads = [Upload("平面图.png", f.PNG)]
    add_correction_files(case_id=row.draft_id, material=MATERIAL, uploads=uploads, by=mother, at=NOON)
    cases.supplement_case(case_id=row.draft_id, by=mother, at=NOON, key=uuid4())
    follow()
    assert not InboxMessage.objects.filter(kind="errand_fixed").exists()


def test_another_points_agent_corrects_nothing(w, p):
    row, _mother = filed(w, p, fixes=True)
    other = made.place(w, code="yunlan")
    with pytest.raises(ErrandUnknown):
        selectors.of_case(other.agent, row.number)
    with pytest.raises(NotDelegated):
        services.as_agent(row, other.agent, services.FIX)
    with pytest.raises(CaseUnknown):
        correct(other, made.errand(other, name="石大海"))


def test_by_the_pages_the_agent_hands_in_what_was_asked_for(w, p):
    now = timezone.now()
    row, _mother = filed(w, p, at=now)
    client = people.signed_in(Client(), User.objects.get(pk=p.agent.user_id))
    url = reverse("workbench:errand_fix", args=[row.number])
    here = reverse("outreach:at_desk", args=[row.number])
    assert client.get(url)["Location"] == here
    assert "发补正同意码" in client.get(here).content.decode()
    agree(p, row, sent(p, row, at=now), at=now)
    assert "去补正" in client.get(here).content.decode()
    page = client.get(url).content.decode()
    assert "看不清尺寸" in page and here in page
    given = {"key": str(uuid4())}
    assert client.post(url, given).status_code == 400
    answer = client.post(url, given | {f"files-{MATERIAL}": SimpleUploadedFile("平面图.png", f.PNG)})
    assert answer["Location"] == here
    assert Case.objects.get().status == "received"


def test_what_an_agent_fills_in_is_marked_in_her_own_list_and_named_by_its_point(p):
    mother = made.with_telephone(p.clerk)
    row = made.errand(p, person=mother)
    made.begun(p, row)
    (line,) = my.drafts(mother, NOON)

    assert (line.errand, line.point) == (row.number, "青澜社区便民服务点")
    services.end_errand(errand_id=row.pk, by=mother, at=NOON, key=uuid4())
    assert [one.errand for one in my.drafts(mother, NOON)] == [""]
    assert drafts.drafts_of(mother, at=NOON)[0].draft_id == row.draft_id


def test_a_code_for_the_correction_holds_ten_minutes_and_is_of_the_filed_errand_alone(w, p):
    row, _mother = filed(w, p)
    code = sent(p, row)
    with pytest.raises(Exception, match="同意码不对"):
        agree(p, row, code, at=NOON + timedelta(minutes=11))
    assert not services.may_fix(Errand.objects.get(pk=row.pk))
    correct_anyway = Errand.objects.filter(pk=row.pk)
    correct_anyway.update(state="brought")
    with pytest.raises(ErrandNotNow):
        sent(p, Errand.objects.get(pk=row.pk))


def test_consent_to_one_correction_is_none_to_the_next_whoever_handed_the_first_in(w, p):
    row, mother = filed(w, p)
    agree(p, row, sent(p, row))
    uploads = [Upload("平面图.png", f.PNG)]
    add_correction_files(case_id=row.draft_id, material=MATERIAL, uploads=uploads, by=mother, at=NOON)
    cases.supplement_case(case_id=row.draft_id, by=mother, at=NOON, key=uuid4())  # she did it herself
    asked(w, row)

    assert not services.may_fix(row)
    with pytest.raises(FixConsentMissing):
        correct(p, row)


def test_no_consent_is_asked_for_before_a_correction_is(w, p):
    row, _mother = filed(w, p, fixes=True)
    code = sent(p, row)
    correct(p, row)

    with pytest.raises(ErrandNotNow):
        sent(p, row)
    with pytest.raises(ErrandNotNow):
        agree(p, row, code)
    assert Errand.objects.get(pk=row.pk).fix_agreed_at is None
