"""Pages of promises, of what follows later, of whose application it is: as a browser without JavaScript has them."""

import re
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import services
from mingqu.cases.errors import DeliveryFixed, DeliveryNotChosen
from mingqu.cases.models import AfterCheck, Case, CaseMaterial, SignedCommitment
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import promising as p
from mingqu.certificates.models import Certificate, CertificateType
from mingqu.documents.models import DocumentRequest
from mingqu.forms.models import Draft
from mingqu.forms.selectors import view_of
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewFirm
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import AuditEntry
from mingqu.ui.text import zh_day

pytestmark = pytest.mark.django_db
FAR = date(2030, 1, 1)


@pytest.fixture
def w(clock, db):
    return p.world()


@pytest.fixture
def browser(w, sign_in):
    return sign_in(w.citizen)


def material(draft_id, code):
    return reverse("cases:material", args=[draft_id, code])


def sign(client, draft_id, code, kind="promise", **more):
    given = {"act": "sign", "kind": kind, "name": p.NAME, "agreed": "on", "signature": ""} | more
    return client.post(material(draft_id, code), given)


def check_url(draft_id):
    return reverse("cases:check", args=[draft_id])


# 告知承诺 ---------------------------------------------------------------------------------------------------------


def test_the_page_tells_what_is_told_promised_and_follows_before_anything_is_signed(w, browser):
    started = f.draft(w, files=[])

    text = a.body(browser.get(material(started.draft_id, p.PROMISED)))

    for words in (*p.COMMITMENT["told"], *p.COMMITMENT["promised"], p.COMMITMENT["consequence"]):
        assert words in text
    assert "签告知承诺，不用交文件" in text and "上传文件" in text


def test_a_promise_is_signed_by_name_and_tick_and_shown_as_done(w, browser):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER])

    answer = sign(browser, started.draft_id, p.PROMISED)

    assert answer.status_code == 302
    assert SignedCommitment.objects.get().signed_name == p.NAME
    assert "已签告知承诺" in a.body(browser.get(reverse("cases:draft", args=[started.draft_id])))
    assert f"告知承诺，{p.NAME}签署" in a.body(browser.get(check_url(started.draft_id)))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"agreed": ""}, "请先勾选“我已看清”"),
        ({"name": ""}, "请填写：申请人姓名"),
        ({"signature": "data:image/png;base64,xx"}, "签名"),
        ({"kind": "gap"}, "不能用承诺代替"),
    ],
)
def test_an_incomplete_promise_is_told_at_its_field_and_nothing_is_signed(w, browser, given, sentence):
    started = f.draft(w, files=[])

    answer = sign(browser, started.draft_id, p.PROMISED, **given)

    assert answer.status_code == 400 and sentence in a.body(answer)
    assert not SignedCommitment.objects.exists()


def test_a_promise_under_another_name_is_told_when_it_is_signed_and_nothing_is_kept(w, browser):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER])

    answer = sign(browser, started.draft_id, p.PROMISED, name="王五")

    assert answer.status_code == 400 and "请写申请人的姓名：李晓禾。" in a.body(answer)
    assert not SignedCommitment.objects.exists()


def test_a_promise_signed_by_another_before_sign_in_is_said_on_the_summary_with_the_way_to_sign_anew(
    w, browser
):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER])
    p.signed(w, started.draft_id, name="王五")

    text = a.body(browser.get(check_url(started.draft_id)))

    assert "签的姓名和申请人的姓名不一致" in text and 'name="declared"' not in text


def test_a_stranger_sees_neither_the_page_nor_signs(w):
    started = f.draft(w, files=[])

    assert Client().get(material(started.draft_id, p.PROMISED)).status_code == 404
    assert sign(Client(), started.draft_id, p.PROMISED).status_code == 404
    assert not SignedCommitment.objects.exists()


# 可容缺 -----------------------------------------------------------------------------------------------------------


def test_a_material_may_be_left_to_follow_and_brought_from_the_progress_page(w, browser, sign_in):
    started = f.draft(w, files=[p.LOOKED_UP, p.PROMISED])
    sign(browser, started.draft_id, p.LATER, "gap")
    assert "受理后补交" in a.body(browser.get(reverse("cases:draft", args=[started.draft_id])))
    assert "受理后5个工作日内补交" in a.body(browser.get(check_url(started.draft_id)))
    a.hand_in(browser, started.draft_id)
    case = p.accepted(w, Case.objects.get())

    url = reverse("cases:owed", args=[case.number])
    assert "您承诺补交的材料" in a.body(browser.get(reverse("cases:progress", args=[case.number])))
    assert "2026年9月24日" in a.body(browser.get(url)).replace('<span class="mq-nb">', "").replace(
        "</span>", ""
    )
    assert "还没有上传文件" in a.body(browser.post(url, {"key": uuid4()}))
    upload = reverse("cases:owed_upload", args=[case.number, p.LATER])
    assert browser.post(upload, {"files": [a.photo()], "_end": "1"}).status_code == 302
    assert browser.post(url, {"key": uuid4()}).status_code == 302

    assert CaseMaterial.objects.get(case=case, code=p.LATER).state == "brought"
    assert browser.get(url).status_code == 302  # nothing is owed any more
    assert sign_in(people.citizen()[1]).get(url).status_code == 404


def test_the_choice_to_bring_it_later_is_taken_back_by_a_button(w, browser):
    started = f.draft(w, files=[p.LOOKED_UP, p.PROMISED])
    sign(browser, started.draft_id, p.LATER, "gap")

    browser.post(material(started.draft_id, p.LATER), {"act": "bring"})

    assert "还缺材料：经营场所平面布局图" in a.body(browser.get(check_url(started.draft_id)))


def test_an_upload_of_the_wrong_kind_is_refused_in_words(w, browser):
    case = p.accepted(w, p.owing_case(w))
    upload = reverse("cases:owed_upload", args=[case.number, p.LATER])

    answer = browser.post(upload, {"files": [a.photo("程序.exe", b"MZ\x90" + b"\0" * 90)], "_end": "1"})

    assert answer.status_code == 400 and "只能上传" in a.body(answer)


# 调取的证照 ---------------------------------------------------------------------------------------------------------


def certificate(holder_id, *, until=FAR, status="valid"):
    kind, _made = CertificateType.objects.get_or_create(
        code=p.LICENCE_TYPE,
        defaults={
            "name": "营业执照",
            "organ_code": "QH-SCJG",
            "number_prefix": "YY",
            "fields": {"version": 1, "fields": []},
        },
    )
    return Certificate.objects.create(
        type=kind,
        number=f"YY{new_id().hex[:10].upper()}",
        identifier="1.2.156",
        status=status,
        holder_kind="person",
        holder_id=holder_id,
        holder_name=p.NAME,
        fields={},
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        department_id=new_id(),
        region_code=people.REGION,
        item_type="01",
        valid_from=date(2025, 1, 1),
        valid_until=until,
        case_id=new_id(),
        verification_code=new_id().hex[:16],
        issued_at=datetime(2025, 1, 1, tzinfo=BEIJING),
    )


def test_a_valid_certificate_of_the_applicant_is_looked_up_and_need_not_be_handed_in(w, browser):
    held = certificate(w.citizen.id)
    started = f.draft(w, files=[p.PROMISED, p.LATER])

    text = a.body(browser.get(material(started.draft_id, p.LOOKED_UP)))
    assert "已调取，不用交" in text and held.number in text and 'type="file"' not in text
    a.hand_in(browser, started.draft_id)

    row = CaseMaterial.objects.get(code=p.LOOKED_UP)
    assert (row.state, row.how, row.source_id) == ("given", "certificate", held.pk)
    receipt = DocumentRequest.objects.get(kind="receipt").data
    assert receipt["looked_up"] == [f"营业执照（{held.number}）"]
    written = AuditEntry.objects.get(root_id=row.case_id, action="case.file")
    assert written.notes["looked_up"] == {p.LOOKED_UP: str(held.pk)}, "read for this case, and written down"
    case = Case.objects.get(pk=row.case_id)
    desk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    seen = a.body(desk.get(f"/desk/cases/{case.number}/"))
    assert f"电子证照：营业执照 {held.number}（澜州市清禾区市场监督管理局），" in seen
    assert "收件时核对有效；现在：有效" in seen


@pytest.mark.parametrize("wrong", ["another's", "expired", "revoked", "suspended"])
def test_what_is_not_the_applicants_or_not_in_force_is_not_looked_up(w, browser, wrong):
    holder = people.citizen()[1].id if wrong == "another's" else w.citizen.id
    until = date(2026, 9, 17) if wrong == "expired" else FAR
    certificate(holder, until=until, status=wrong if wrong in {"revoked", "suspended"} else "valid")
    started = f.draft(w, files=[p.PROMISED, p.LATER])

    text = a.body(browser.get(material(started.draft_id, p.LOOKED_UP)))

    assert "没有查到您名下有效的这种证照" in text and 'type="file"' in text


def test_signed_out_the_page_says_that_it_is_looked_up_after_sign_in(w, client):
    draft_id = a.begun(client)

    assert "登录后自动查找" in a.body(client.get(material(draft_id, p.LOOKED_UP)))


# 为谁办, 送达方式 ---------------------------------------------------------------------------------------------------


def firm(*, code, representative=p.NAME):
    return identity.create_firm(
        draft=NewFirm(name="澜州市清禾餐饮有限公司", credit_code=code, legal_representative=representative),
        by=people.SYSTEM,
        at=people.NOON,
        key=new_id(),
    )


@pytest.fixture
def code():
    return str(CreditCode.build("9", "1", "990104", "MA000001"))


def choose(client, draft_id, whose, credit_code=""):
    url = reverse("cases:party", args=[draft_id])
    return client.post(url, {"whose": whose, "credit_code": credit_code})


def test_who_represents_a_firm_applies_for_it_and_the_papers_name_the_firm(w, browser, code):
    firm_id = firm(code=code)
    started = f.draft(w)

    assert choose(browser, started.draft_id, "firm", code).status_code == 302
    assert "澜州市清禾餐饮有限公司" in a.body(browser.get(check_url(started.draft_id)))
    a.hand_in(browser, started.draft_id)

    case = Case.objects.get()
    assert (case.party_kind, case.party_id, case.party_name) == ("firm", firm_id, "澜州市清禾餐饮有限公司")
    assert case.applicant_id == w.citizen.id
    assert DocumentRequest.objects.get(kind="receipt").data["recipient"] == "澜州市清禾餐饮有限公司"


def test_another_firm_and_an_unknown_one_get_the_same_answer(w, browser, code):
    started = f.draft(w)
    unknown = choose(browser, started.draft_id, "firm", code)
    firm(code=code, representative="王五")
    anothers = choose(browser, started.draft_id, "firm", code)

    for answer in (unknown, anothers):
        assert answer.status_code == 400 and "没有查到由您担任法定代表人" in a.body(answer)
    assert "party" not in view_of(Draft.objects.get(pk=started.draft_id)).context
    assert "请填写这家单位的统一社会信用代码" in a.body(choose(browser, started.draft_id, "firm"))


def test_a_firm_she_no_longer_represents_is_refused_when_filing(w, browser, code):
    firm_id = firm(code=code, representative="王五")
    started = f.draft(w, context={"party": str(firm_id)})

    answer = a.hand_in(browser, started.draft_id)

    assert answer.status_code == 400 and "没有查到由您担任法定代表人" in a.body(answer)
    assert not Case.objects.exists()


def test_back_to_herself(w, browser, code):
    firm(code=code)
    started = f.draft(w)
    choose(browser, started.draft_id, "firm", code)

    choose(browser, started.draft_id, "person")
    a.hand_in(browser, started.draft_id)

    assert Case.objects.get().party_id is None


def test_how_the_result_comes_is_chosen_by_the_applicant_and_nothing_is_chosen_for_her(w, browser):
    started = f.draft(w, context={"delivery": ""})
    text = a.body(browser.get(check_url(started.draft_id)))
    assert "我同意电子送达" in text and "checked" not in text

    answer = a.hand_in(browser, started.draft_id, delivery="")

    assert answer.status_code == 400 and "请选择怎样领取决定和证照" in a.body(answer)
    assert not Case.objects.exists()


@pytest.mark.parametrize("way", ["electronic", "window"])
def test_consent_to_electronic_delivery_is_written_down_with_its_time(w, browser, way):
    started = f.draft(w, context={"delivery": ""})

    a.hand_in(browser, started.draft_id, delivery=way)

    case = Case.objects.get()
    assert case.delivery_way == way
    assert (case.delivery_consent_at is not None) == (way == "electronic")
    words = {"electronic": "电子送达", "window": "窗口领取"}[way]
    assert DocumentRequest.objects.get(kind="receipt").data["delivery"] == words


def test_a_changed_situation_keeps_what_was_chosen_besides(w, browser):
    started = f.draft(w, files=[p.LOOKED_UP, p.PROMISED])
    sign(browser, started.draft_id, p.LATER, "gap")

    given = {"subject": "person", "open_fire": "no", "above_homes": "no", "foods": ["cold"]}
    browser.post(f"{a.START}begin/", given | {"_draft": str(started.draft_id)})

    context = view_of(Draft.objects.get(pk=started.draft_id)).context
    assert context["owed"] == [p.LATER] and context["delivery"] == "electronic"
    assert context["situation"]["foods"] == ["cold"]


def test_consent_to_electronic_delivery_is_taken_back_before_the_decision(w, browser, sign_in):
    started = f.draft(w)
    a.hand_in(browser, started.draft_id)
    case = Case.objects.get()
    url = reverse("cases:delivery", args=[case.number])
    assert url in a.body(browser.get(reverse("cases:progress", args=[case.number])))
    assert "我同意电子送达" in a.body(browser.get(url))
    assert a.body(browser.post(url, {"delivery": "", "key": uuid4()})).count("请选择怎样领取决定和证照") >= 1

    browser.post(url, {"delivery": "window", "key": uuid4()})

    case.refresh_from_db()
    assert (case.delivery_way, case.delivery_consent_at) == ("window", None)
    assert sign_in(people.citizen()[1]).get(url).status_code == 404


def test_once_decided_the_way_of_delivery_stays(w, browser):
    case = f.decided_case(w)
    url = reverse("cases:delivery", args=[case.number])

    assert browser.get(url).status_code == 302
    with pytest.raises(DeliveryFixed):
        services.choose_delivery(case_id=case.pk, way="window", by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
    case.refresh_from_db()
    assert case.delivery_way == "electronic"


def test_a_way_nobody_knows_and_a_stranger_are_refused(w):
    case = f.received_case(w)
    for by, way, refusal in (
        (w.citizen, "pigeon", DeliveryNotChosen),
        (people.citizen()[1], "window", NotAuthorised),
    ):
        with pytest.raises(refusal):
            services.choose_delivery(case_id=case.pk, way=way, by=by, at=f.FRIDAY_NOON, key=uuid4())


# 告知承诺 after the decision ---------------------------------------------------------------------------------------


def progress(browser, case):
    return a.body(browser.get(reverse("cases:progress", args=[case.number])))


def test_before_the_decision_the_page_says_what_of_the_promise_is_checked_and_within_how_many_days(
    w, browser
):
    text = progress(browser, p.promised_case(w))

    assert "决定准予以后20个工作日内核查" in text and p.COMMITMENT["promised"][0] in text


def test_after_the_decision_it_says_by_which_day(w, browser):
    case = p.accepted(w, p.promised_case(w))
    Case.objects.filter(pk=case.pk).update(
        status="decided", outcome="granted", decided_on=date(2026, 9, 18), due_on=date(2026, 10, 10)
    )
    AfterCheck.objects.create(
        case=case, material_code=p.PROMISED, department_id=case.department_id, due_on=date(2026, 10, 23)
    )

    assert "最晚2026年10月23日核查" in re.sub(r"<[^>]+>", "", progress(browser, case))


def test_who_promised_nothing_reads_nothing_of_a_check(w, browser):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER, p.PROMISED])

    assert "核查您承诺的" not in progress(browser, p.file(w, started))


def test_the_first_line_says_until_when_to_bring_what_was_promised_to_follow_and_not_when_is_decided(
    w, browser
):
    case = p.accepted(w, p.owing_case(w))
    until = CaseMaterial.objects.get(case=case, code=p.LATER).owed_until

    line = re.sub(r"<[^>]+>", "", progress(browser, case).split('mq-turn__line">')[1].split("</p>")[0])

    assert "请补交" in line and zh_day(until) in line
    assert zh_day(case.due_on) not in line
