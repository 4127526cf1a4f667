"""变更 延续 补办 注销 from the first question to the new certificate, and what is refused on the way."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import errors, rules, services
from mingqu.cases.models import Case
from mingqu.cases.services.certificate import find_certificate, issue_certificate, require_still_usable
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.applying import START, body
from mingqu.cases.turns import turn_of
from mingqu.cases.types import Finding
from mingqu.catalogue import selectors as catalogue
from mingqu.certificates.models import Certificate
from mingqu.certificates.tests.factories import REVOKED, revoked
from mingqu.documents import services as documents
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.notifications import selectors as notifications
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
ITEM = "QH-SPJYXK"
CODES = {"change": "02", "renew": "03", "replace": "04", "cancel": "05"}
SITUATIONS = {
    "change": {"what": ["name"], "foods": ["hot"]},
    "renew": {"changed": "no"},
    "replace": {"why": "lost"},
    "cancel": {"why": "closed"},
}
ANSWERS = {
    "change": {"shop_name": "清禾新馆", "reason": "店名改了", "contact_phone": "19900001234"},
    "renew": {"manager_name": "李晓禾", "contact_phone": "19900001234"},
    "replace": {"how": "搬家的时候丢了", "contact_phone": "19900001234"},
    "cancel": {"stop_on": "2026-09-10", "contact_phone": "19900001234"},
}
DAY = timedelta(days=1)


@pytest.fixture
def seal(world):
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        by=f.SYSTEM,
        at=f.FRIDAY_NOON,
        key=new_id(),
    )
    return world


def definition_of(kind):
    return catalogue.current_definition(ITEM, CODES[kind])[1]


def first_choices(definition):
    """An answer to each question that stops nothing."""
    return {q.ask: [q.choices[0].value] if q.many else q.choices[0].value for q in definition.situations}


def answers_for(definition, given):
    on_form = definition.form.schema["properties"]
    return {name: value for name, value in given.items() if name in on_form}


def draft(w, kind, certificate_id, at):
    item, definition = catalogue.current_definition(ITEM, CODES[kind])
    situation = first_choices(definition)
    started = forms.start_draft(
        about=item.code,
        form_digest=item.current.digest,
        context={
            "revision_id": str(item.current_id),
            "handling": CODES[kind],
            "situation": situation,
            "certificate": str(certificate_id) if certificate_id else "",
            "delivery": "electronic",
        },
        by=w.citizen,
        at=at,
        answers=answers_for(definition, ANSWERS[kind]),
    )
    for material in catalogue.situation_of_answers(definition, situation).materials:
        add_draft_files(
            draft_id=started.draft_id,
            material=material.code,
            uploads=[Upload(f"{material.code}.png", f.PNG)],
            holder=Holder(w.citizen),
            at=at,
        )
    return started


def file(w, started, at):
    services.file_case(
        draft_id=started.draft_id, base_version=started.version, by=w.citizen, at=at, key=uuid4()
    )
    return Case.objects.get(pk=started.draft_id)


def licence(w, at=f.FRIDAY_NOON):
    case = f.decided_case(w, at=at)
    return issue_certificate(case_id=case.pk, at=at)


def granted(w, case, at):
    """Through whatever steps its 业务办理项 has."""
    services.accept_case(case_id=case.pk, by=w.clerk, at=at, key=uuid4())
    by_post = {
        "SCJG-SPXK-01": w.reviewer,
        "SCJG-SPXK-SH": w.checker,
        "SCJG-HC": w.inspector,
        "SCJG-QLS": w.station,
    }
    while waiting := [t for t in tasks.open_tasks(case.pk) if t.step != "decide"]:
        services.complete_step(
            case_id=case.pk,
            task_id=waiting[0].task_id,
            finding=Finding("met", "", second_officer="赵一凡"),
            by=by_post[waiting[0].post],
            at=at,
            key=uuid4(),
        )
    by_post |= {"SCJG-LEAD": w.leader, "QH-HALL-03": w.clerk}
    decider = by_post[definition_of(case.handling_kind).decide.post]
    services.decide_case(case_id=case.pk, outcome="granted", reasons="", by=decider, at=at, key=uuid4())
    issued = issue_certificate(case_id=case.pk, at=at)
    case.refresh_from_db()
    return issued


def near_end(certificate):
    """A working day in the window of renewal."""
    end = Certificate.objects.get(pk=certificate.certificate_id).valid_until
    return f.FRIDAY_NOON.replace(year=end.year, month=end.month, day=end.day) - 60 * DAY


@pytest.mark.parametrize(
    ("kind", "state", "version"),
    [("change", "changed", 2), ("replace", "replaced", 2), ("cancel", "cancelled", 1)],
)
def test_a_grant_does_to_the_certificate_what_was_applied_for(seal, kind, state, version):
    """行政许可法 49, 70."""
    first = licence(seal)
    case = file(seal, draft(seal, kind, first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)

    done = granted(seal, case, f.FRIDAY_NOON)

    assert (case.acts_on_id, case.certificate_id) == (first.certificate_id, done.certificate_id)
    assert Certificate.objects.get(pk=first.certificate_id).status == state
    assert Certificate.objects.get(pk=done.certificate_id).version == version
    assert issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON) == done


def test_a_lost_licence_is_replaced_at_the_window_while_one_waits(seal):
    """行政许可法 34, second paragraph: no step stands before the decision, which the definition gives to the window."""
    first = licence(seal)
    case = file(seal, draft(seal, "replace", first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)

    services.settle_on_spot(
        case_id=case.pk, outcome="granted", reasons="", by=seal.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )

    done = issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON)
    assert Certificate.objects.get(pk=first.certificate_id).status == "replaced"
    assert Certificate.objects.get(pk=done.certificate_id).version == 2


@pytest.mark.parametrize("kind", ["change", "cancel"])
def test_who_cancelled_is_not_sent_to_look_for_a_certificate(seal, kind):
    first = licence(seal)
    case = file(seal, draft(seal, kind, first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)
    granted(seal, case, f.FRIDAY_NOON)
    case.refresh_from_db()

    relay.deliver_root(case.pk, f.FRIDAY_NOON)
    told = " ".join(m.title for m in notifications.messages_about(seal.citizen.id, case.pk))
    now = turn_of(case, "局").what
    case.status = Case.Status.DELIVERED
    then = turn_of(case, "局").what

    assert ("准予注销" in now, "准予注销" in then) == (kind == "cancel", kind == "cancel")
    assert ("我的证照" in then) == (kind == "change")
    assert ("准予注销：食品经营许可（注销）" in told, "准予许可" in told) == (
        kind == "cancel",
        kind != "cancel",
    )


def test_a_changed_certificate_says_the_new_name_and_keeps_the_rest(seal):
    first = licence(seal)
    before = Certificate.objects.get(pk=first.certificate_id).fields

    done = granted(
        seal,
        file(seal, draft(seal, "change", first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON),
        f.FRIDAY_NOON,
    )

    after = Certificate.objects.get(pk=done.certificate_id).fields
    assert after["operator"] == "清禾新馆"
    assert after["premises"] == before["premises"]


@pytest.mark.parametrize("kind", ["change", "replace", "cancel"])
def test_only_ones_own_certificate_of_this_kind_in_force_is_acted_on(seal, kind):
    first = licence(seal)
    definition = definition_of(kind)
    row = Certificate.objects.filter(pk=first.certificate_id)
    mine = {seal.citizen.id}

    def look(given, holders=mine):
        return find_certificate(definition, given, holders, f.FRIDAY_NOON)

    assert look(str(first.certificate_id)).number == first.number
    assert look(first.number).id == first.certificate_id
    with pytest.raises(errors.CertificateNotChosen):
        look("")
    for given, holders in (("NONE", mine), (str(new_id()), mine), (first.number, {new_id()})):
        with pytest.raises(errors.CertificateNotYours):
            look(given, holders)
    row.update(status="cancelled")
    with pytest.raises(errors.CertificateUnusable, match="已注销"):
        look(first.number)


def test_filing_asks_the_same_and_files_nothing_when_it_is_refused(seal):
    first = licence(seal)
    Certificate.objects.filter(pk=first.certificate_id).update(holder_id=new_id())
    started = draft(seal, "change", first.certificate_id, f.FRIDAY_NOON)

    with pytest.raises(errors.CertificateNotYours):
        file(seal, started, f.FRIDAY_NOON)
    assert not Case.objects.filter(pk=started.draft_id).exists()


def test_one_application_at_a_time_acts_on_a_certificate(seal):
    first = licence(seal)
    open_one = file(seal, draft(seal, "change", first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)

    with pytest.raises(errors.CertificateBusy, match=open_one.number):
        file(seal, draft(seal, "cancel", first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)
    services.withdraw_case(case_id=open_one.pk, by=seal.citizen, at=f.FRIDAY_NOON, key=uuid4())
    assert file(seal, draft(seal, "cancel", first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)


def test_what_was_granted_and_is_not_in_the_register_yet_still_counts(seal):
    first = licence(seal)
    case = file(seal, draft(seal, "change", first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)
    Case.objects.filter(pk=case.pk).update(
        status="decided", outcome="granted", decided_on=f.FRIDAY_NOON.date()
    )

    with pytest.raises(errors.CertificateBusy):
        find_certificate(definition_of("cancel"), first.number, {seal.citizen.id}, f.FRIDAY_NOON)


def test_when_a_renewal_is_too_early_in_time_late_and_too_late(seal, monkeypatch):
    """行政许可法 50: thirty days before the end; later, but before the end, it is still taken in."""
    first = licence(seal)
    row = Certificate.objects.get(pk=first.certificate_id)

    def on(days_before):
        end = row.valid_until - days_before * DAY
        at = f.FRIDAY_NOON.replace(year=end.year, month=end.month, day=end.day)
        return find_certificate(definition_of("renew"), first.number, {seal.citizen.id}, at)

    with pytest.raises(errors.RenewalTooEarly, match="从20"):
        on(91)
    assert on(90).renewal == "open"
    assert on(30).renewal == "open"
    assert on(29).renewal == "late"
    assert on(0).renewal == "late"
    with pytest.raises(errors.RenewalTooLate, match="重新申请新办"):
        on(-1)
    with monkeypatch.context() as other:  # what is no licence: the same answer without that law
        other.setattr(rules, "is_licence", lambda item_type: False)
        with pytest.raises(errors.RenewalOver, match="重新申请新办"):
            on(-1)
    Certificate.objects.filter(pk=row.pk).update(valid_until=None)
    with pytest.raises(errors.NothingToRenew):
        on(0)


def test_a_certificate_of_another_kind_is_not_taken(seal):
    first = licence(seal)
    kind = Certificate.objects.get(pk=first.certificate_id).type
    kind.pk, kind.code, kind.name = new_id(), "11990104MB0000019E099", "别的证"
    kind.save(force_insert=True)
    Certificate.objects.filter(pk=first.certificate_id).update(type=kind)

    with pytest.raises(errors.CertificateOfAnotherKind, match="别的证"):
        find_certificate(definition_of("change"), first.number, {seal.citizen.id}, f.FRIDAY_NOON)


def test_a_certificate_revoked_during_the_review_is_not_changed_any_more(seal):
    """行政许可法 69: nothing is granted upon what was taken away meanwhile."""
    first = licence(seal)
    case = file(seal, draft(seal, "change", first.certificate_id, f.FRIDAY_NOON), f.FRIDAY_NOON)
    revoked(first.certificate_id, seal.leader, REVOKED, f.FRIDAY_NOON)

    with pytest.raises(errors.CertificateUnusable, match="已撤销"):
        require_still_usable(case, f.FRIDAY_NOON)
    with pytest.raises(errors.CertificateUnusable):
        granted(seal, case, f.FRIDAY_NOON)
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("accepted", "")


# The pages ----------------------------------------------------------------------------------------------------


def test_the_questions_lead_from_the_handling_item_over_the_certificate_to_the_draft(seal, sign_in):
    first = licence(seal)
    client = sign_in(seal.citizen)

    text = body(client.get(f"{START}?_handling=02&_asked=_handling"))
    assert "要变更哪一个证照？" in text and first.number in text
    query = f"_handling=02&_certificate={first.number}"
    text = body(client.get(f"{START}?{query}&_asked=_certificate"))
    assert definition_of("change").situations[0].text in text
    answers = {q.ask: q.choices[0].value for q in definition_of("change").situations}
    given = {"_handling": "02", "_certificate": first.number, **answers}
    page = client.get(f"{START}result/", given)
    assert page.status_code == 200 and "编号和有效期不变" in body(page)
    started = client.post(f"{START}begin/", given)

    made = seen(seal, UUID(started.url.split("/")[3]))
    assert (made.context["handling"], made.context["certificate"]) == ("02", str(first.certificate_id))
    assert made.answers["shop_name"] == f.ANSWERS["shop_name"], "what the certificate says is not asked again"


def seen(w, draft_id):
    """The draft as its owner has it."""
    return drafts.draft(draft_id, by=w.citizen, at=f.FRIDAY_NOON)


def test_signed_out_the_number_is_typed_or_left_for_later_and_nothing_is_told_of_it(seal):
    first = licence(seal)
    client = Client()

    text = body(client.get(f"{START}?_handling=02"))
    assert "登录，选我的证照" in text and "证照编号" in text
    answer = client.get(f"{START}?_handling=02&_certificate=&_asked=_certificate")
    assert answer.status_code == 400 and "请填写证照编号" in body(answer)
    for number in (first.number, "NO-SUCH", "later"):
        text = body(client.get(f"{START}?_handling=02&_certificate={number}"))
        assert definition_of("change").situations[0].text in text


def test_signed_in_a_certificate_that_can_not_be_acted_on_is_said_so_before_the_questions(seal, sign_in):
    first = licence(seal)
    client = sign_in(seal.citizen)

    answer = client.get(f"{START}?_handling=03&_certificate={first.number}")
    assert answer.status_code == 400 and "现在还早" in body(answer)
    stranger = sign_in(people.citizen("李四")[1])
    answer = stranger.get(f"{START}?_handling=02&_certificate={first.number}")
    assert answer.status_code == 400 and "没有找到这个证照" in body(answer)
    assert "您名下没有" in body(stranger.get(f"{START}?_handling=02"))


def test_an_unknown_handling_item_is_asked_again(client, seal):
    answer = client.get(f"{START}?_handling=99")

    assert answer.status_code == 400
    assert "不是这道题的选项" in body(answer)


def test_the_certificate_is_chosen_before_handing_in_at_the_latest(seal, sign_in):
    first = licence(seal)
    started = draft(seal, "change", None, f.FRIDAY_NOON)
    client = sign_in(seal.citizen)

    text = body(client.get(reverse("cases:check", args=[started.draft_id])))
    assert "请先选择要变更的证照" in text
    given = {"_draft": str(started.draft_id), "_certificate": first.number}
    given |= {q.ask: q.choices[0].value for q in definition_of("change").situations}
    client.post(f"{START}begin/", given)

    assert seen(seal, started.draft_id).context["certificate"] == str(first.certificate_id)
    assert "请先选择要变更的证照" not in body(client.get(reverse("cases:check", args=[started.draft_id])))
