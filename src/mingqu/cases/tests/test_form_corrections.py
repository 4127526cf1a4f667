"""一次性告知 of fields of the form: named, typed anew at their place, everything else locked, both answers kept."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import errors, selectors, services
from mingqu.cases.models import AskedAnswer, Case
from mingqu.cases.services import answers
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked
from mingqu.documents.models import DocumentRequest
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
LATER = f.FRIDAY_NOON + 3 * f.DAY
FIELD = Asked("area_m2", "和平面图上写的面积不一样")
FILE = Asked("floor-plan", "看不清")


@pytest.fixture
def w():
    return f.world()


def ask(w, case, *fields, asked=(), at=f.FRIDAY_NOON):
    services.ask_correction(case_id=case.pk, asked=asked, fields=fields, by=w.clerk, at=at, key=uuid4())
    case.refresh_from_db()


def change(w, case, value, at=LATER, **more):
    answers.keep_answers(case_id=case.pk, changes={"area_m2": value, **more}, by=w.citizen, at=at)


def hand_in(w, case, at=LATER):
    services.supplement_case(case_id=case.pk, by=w.citizen, at=at, key=uuid4())
    case.refresh_from_db()


def test_one_notice_lists_fields_and_materials_together_and_the_applicant_is_told_of_both(w):
    case = f.received_case(w)

    ask(w, case, FIELD, asked=[FILE])
    while relay.round_once(f.FRIDAY_NOON):
        pass

    paper = DocumentRequest.objects.get(root_id=case.pk, kind="correction_notice")
    name = answers.schema_of(case).fields["area_m2"].title
    assert [(one["material"], one["problem"]) for one in paper.data["asked"]] == [
        (f"申请表：{name}", FIELD.what),
        ("经营场所平面布局图", FILE.what),
    ]
    told = InboxMessage.objects.get(person_id=w.citizen.id, kind="case_correction_asked")
    assert f"申请表里的“{name}”、经营场所平面布局图" in told.body


def test_the_new_answer_stands_in_the_case_once_it_is_handed_in_and_the_old_one_is_kept(w):
    case = f.received_case(w)
    old = case.answers["area_m2"]
    ask(w, case, FIELD)
    assert (case.status, case.due_on) == (Case.Status.CORRECTION, None)

    change(w, case, old + 7)
    case.refresh_from_db()
    assert case.answers["area_m2"] == old, "it waits until it is handed in"
    hand_in(w, case)

    assert (case.status, case.answers["area_m2"]) == (Case.Status.RECEIVED, old + 7)
    row = AskedAnswer.objects.get(case=case)
    assert (row.before, row.after, row.state) == ({"value": old}, {"value": old + 7}, "supplemented")


def test_nothing_but_the_field_asked_for_can_be_changed(w):
    case = f.received_case(w)
    ask(w, case, FIELD)

    change(w, case, 61, shop_name="别的店名")
    hand_in(w, case)

    assert case.answers == f.ANSWERS | {"area_m2": 61}


@pytest.mark.parametrize("value", [None, "", "很大", -1])
def test_a_wrong_answer_is_refused_and_not_kept(w, value):
    case = f.received_case(w)
    ask(w, case, FIELD)

    with pytest.raises(errors.FormIncomplete):
        change(w, case, value)

    assert not AskedAnswer.objects.get(case=case).given


def test_all_that_was_asked_is_handed_in_together_or_nothing(w):
    case = f.received_case(w)
    ask(w, case, FIELD, asked=[FILE])

    with pytest.raises(errors.AnswersMissing):
        hand_in(w, case)
    change(w, case, 61)
    with pytest.raises(errors.MaterialsMissing):
        hand_in(w, case)
    uploads = [Upload("p.png", f.PNG)]
    add_correction_files(case_id=case.pk, material=FILE.code, uploads=uploads, by=w.citizen, at=LATER)
    hand_in(w, case)

    assert case.status == Case.Status.RECEIVED


def test_a_second_notice_names_only_what_the_first_did(w):
    """行政许可法 32(4): at one time; of the form as of the materials."""
    case = f.received_case(w)
    ask(w, case, FIELD)
    change(w, case, 61)
    hand_in(w, case)

    for more in ({"fields": [Asked("shop_name", "写全名")]}, {"asked": [FILE], "fields": ()}):
        with pytest.raises(errors.CorrectionAskedBefore, match="行政许可法第三十二条"):
            services.ask_correction(
                **{"case_id": case.pk, "asked": (), "by": w.clerk, "at": LATER, "key": uuid4()} | more
            )
    ask(w, case, FIELD, at=LATER)
    change(w, case, 62)
    hand_in(w, case)

    kept = [
        (row.before["value"], row.after["value"]) for row in selectors.asked_answers(case, all_rounds=True)
    ]
    assert kept == [(f.ANSWERS["area_m2"], 61), (61, 62)]


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (Asked("area_m2", " "), errors.NothingAsked),
        (Asked("nonsense", "什么"), errors.FieldUnknown),
    ],
)
def test_what_can_not_be_asked_changes_nothing(w, asked, refusal):
    case = f.received_case(w)

    with pytest.raises(refusal):
        ask(w, case, asked)

    case.refresh_from_db()
    assert case.status == Case.Status.RECEIVED and not AskedAnswer.objects.exists()


def test_the_form_of_a_bundle_is_changed_in_the_bundle_and_not_in_one_part(w):
    case = f.received_case(w)
    ask(w, case, FIELD)
    Case.objects.filter(pk=case.pk).update(bundle_id=uuid4())

    with pytest.raises(errors.FormOfBundle):
        change(w, case, 61)
    assert not AskedAnswer.objects.get(case=case).given


def test_a_stranger_changes_nothing(w):
    case = f.received_case(w)
    ask(w, case, FIELD)

    with pytest.raises(errors.CaseUnknown):
        answers.keep_answers(case_id=case.pk, changes={"area_m2": 1}, by=people.citizen()[1], at=LATER)


def test_the_page_opens_at_the_field_with_what_was_filled_in_and_shows_the_rest_to_be_read(w, client):
    case = f.received_case(w)
    ask(w, case, FIELD)
    people.signed_in(client, User.objects.get(pk=w.citizen.user_id))
    url = reverse("cases:correction", args=[case.number])

    page = client.get(url).content.decode()
    assert FIELD.what in page and f'value="{case.answers["area_m2"]}"' in page
    assert 'name="shop_name"' not in page and case.answers["shop_name"] in page
    cut = client.post(url, {"act": "answers", "area_m2": "61"})
    assert cut.status_code == 400 and not AskedAnswer.objects.get().given
    wrong = client.post(url, {"act": "answers", "area_m2": "很大", "_end": "1"})
    assert wrong.status_code == 400 and "很大" in wrong.content.decode()
    assert "没有改好" in client.post(url, {"key": uuid4()}).content.decode()
    kept = client.post(url, {"act": "answers", "area_m2": "61", "_end": "1"})
    assert kept.url == f"{url}#go"
    done = client.post(url, {"key": uuid4()})

    case.refresh_from_db()
    assert done.url == reverse("cases:progress", args=[case.number])
    assert (case.status, case.answers["area_m2"]) == (Case.Status.RECEIVED, 61)
