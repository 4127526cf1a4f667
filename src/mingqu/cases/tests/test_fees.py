"""A fee of the definition becomes a notice of the case; where its law says so, the clock waits for it."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse

from mingqu.cases import charging as joined
from mingqu.cases import events, selectors, services
from mingqu.cases.errors import NotSuspended, SuspendedNow
from mingqu.cases.models import Case
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import factories as f
from mingqu.cases.turns import turn_of
from mingqu.catalogue import checking, fees, rules
from mingqu.catalogue import selectors as catalogue_selectors
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.decisions.tests import models as dmn
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.identity.types import CitizenActor
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.notifications.models import InboxMessage
from mingqu.payments import selectors as money_asked
from mingqu.payments import services as payments
from mingqu.payments.errors import NoticeUnknown
from mingqu.payments.models import FeeNotice
from mingqu.payments.tests import factories as money

TABLE = (
    'if form.area_m2 < 50 then {amount: 0, because: "不足50平方米，免缴", law: "某办法", article: 3}'
    ' else {amount: form.area_m2 * 1.5, because: "按面积"}'
)
BASIS = {"law": "某条例", "article": 9}


def charging(logic=TABLE, *, needs="form", **more):
    """The food licence with a fee, and its table."""
    whole = deepcopy(f.food_licence())
    body = dmn.data(needs) + dmn.decision("收多少", dmn.text(logic), needs=[needs])
    digest, file = checking.stored_file("dmn", dmn.file(body).encode())
    fee = {"name": "检测费", "standard": "每平方米1.5元", "basis": BASIS, "code": "test", "within": 5}
    whole["handling"][0]["fees"] = [fee | {"table": {"file": digest, "decision": "收多少"}} | more]
    return whole, {digest: file}


def world(*, answers=None, **more):
    w = f.world()
    document, files = charging(**more)
    f.catalogue_services.publish_revision(
        document=document, files=files, by=f.SYSTEM, at=f.people.NOON, key=new_id()
    )
    case = f.accepted_case(w, answers=answers or f.ANSWERS)
    heard()
    case.refresh_from_db()
    return w, case


def heard(at=f.FRIDAY_NOON):
    while relay.round_once(at):
        pass


def paid(case, at=f.FRIDAY_NOON):
    money.paid(FeeNotice.objects.get(case_id=case.pk), at=at)
    heard(at)
    case.refresh_from_db()


WAITS = {"not_counted": {"law": "某条例", "article": 12}}

pytestmark = pytest.mark.django_db


def test_acceptance_raises_the_notice_with_amount_reason_basis_and_message():
    _w, case = world()

    row = FeeNotice.objects.get()
    assert (row.case_id, row.amount, row.because, row.basis) == (case.pk, 9000, "按面积", "《某条例》第九条")
    assert (row.payer_id, row.state, row.waits) == (case.applicant_id, "due", False)
    assert "请缴费：检测费" in [one.title for one in InboxMessage.objects.all()]
    assert case.suspended_since is None, "the clock runs on: no law says that it waits"


def test_the_fee_stands_on_the_page_of_the_applicant_and_at_the_desk(clock, sign_in):
    w, case = world()
    number = FeeNotice.objects.get().number

    progress = sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])).content.decode()
    assert reverse("payments:detail", args=[number]) in progress and "90.00" in progress
    desk = sign_in(w.reviewer).get(reverse("workbench:case", args=[case.number])).content.decode()
    assert reverse("payments:at_desk", args=[number]) in desk
    free = f.accepted_case(
        w, context={"revision_id": str(case.revision_id)}, answers=f.ANSWERS | {"area_m2": 40}
    )
    heard()
    assert "已免缴" in sign_in(w.citizen).get(reverse("cases:progress", args=[free.number])).content.decode()


def test_a_service_without_fees_says_so_on_the_progress_page(clock, sign_in):
    w = f.world()
    case = f.accepted_case(w)

    assert "不收费" in sign_in(w.citizen).get(reverse("cases:progress", args=[case.number])).content.decode()


def test_what_the_table_makes_free_is_exempted_with_the_tables_own_basis():
    world(answers=f.ANSWERS | {"area_m2": 40})

    row = FeeNotice.objects.get()
    assert (row.state, row.amount, row.basis) == ("exempted", 0, "《某办法》第三条")


def test_a_fee_that_does_not_arise_raises_nothing():
    world(logic="null")

    assert not FeeNotice.objects.exists()


def test_a_case_that_is_withdrawn_owes_nothing_more():
    w, case = world()

    services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=new_id())
    heard()
    assert FeeNotice.objects.get().state == "cancelled"


def test_who_is_refused_pays_nothing_more():
    _w, case = world()

    event = events.CaseDecided(
        case.pk, case.number, case.item_code, case.applicant_id, "refused", case.accepted_on
    )
    joined.cancel_fees_of_refused(event, at=f.FRIDAY_NOON)
    assert FeeNotice.objects.get().state == "cancelled"


def test_where_the_law_says_so_the_clock_waits_until_the_fee_is_paid_and_names_that_law():
    _w, case = world(**WAITS)
    before = clocks.preview(
        catalogue_selectors.clock_specs(selectors.definition_of(case))[0], case.accepted_on
    ).deadline.due_on

    assert (case.due_on, case.suspended_ground) == (None, "payment")
    assert "《某条例》第十二条" in str(clocks.explain(case.pk, Kind.STATUTORY, f.FRIDAY_NOON).sentences)
    assert turn_of(case, "市场监管局").whose == "you"
    paid(case, f.FRIDAY_NOON + timedelta(days=11))
    assert (case.suspended_since, case.suspended_ground) == (None, "")
    after = clocks.due_on(case.pk, Kind.STATUTORY)
    assert after is not None and before is not None and after > before


def test_a_case_that_ended_before_the_notice_does_not_wait_and_nothing_is_said_of_waiting():
    _w, case = world()
    FeeNotice.objects.update(waits=True)
    Case.objects.filter(pk=case.pk).update(status="withdrawn")

    assert not joined.wait(case.pk, "JK1", f.FRIDAY_NOON)
    payments.cancel_of_case(case_id=case.pk, because="已撤回", at=f.FRIDAY_NOON)
    assert not joined.go_on(case.pk, "JK1", f.FRIDAY_NOON)
    said = set(AuditEntry.objects.filter(root_id=case.pk).values_list("action", flat=True))
    assert not said & {"case.wait_for_payment", "case.payment_came"}


def test_while_a_fee_is_waited_for_nothing_is_decided_and_nobody_ends_the_waiting_by_hand():
    w, case = world(**WAITS)

    assert "case.resume" not in selectors.actions_now(w.reviewer, case)
    with pytest.raises(NotSuspended):
        services.resume_case(case_id=case.pk, reason="", by=w.reviewer, at=f.FRIDAY_NOON, key=new_id())
    with pytest.raises(SuspendedNow):
        services.pause_case(
            case_id=case.pk, ground="testing", expected_until=case.accepted_on, reason="检测",
            by=w.reviewer, at=f.FRIDAY_NOON, key=new_id(),
        )  # fmt: skip


def test_an_exemption_ends_the_waiting_too():
    _w, case = world(**WAITS)
    row = FeeNotice.objects.get()
    bureau = case.department_id
    clerk, leader = (f.people.staff_actor(role, department_id=bureau) for role in ("reviewer", "approver"))

    payments.ask_exemption(
        notice_id=row.id, basis="某办法第四条", reason="抢险", by=clerk, at=f.FRIDAY_NOON, key=new_id()
    )
    payments.exempt(notice_id=row.id, by=leader, at=f.FRIDAY_NOON, key=new_id())
    heard()
    case.refresh_from_db()
    assert (case.suspended_since, case.due_on is not None) == (None, True)


def test_the_reconciliation_asks_which_cases_there_are():
    _w, case = world()
    stranger = new_id()
    assert joined.unknown([case.pk, stranger]) == {stranger}
    assert Case.objects.filter(pk=case.pk).exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"code": ""}, "要有编码"),
        ({"table": None, **WAITS}, "没有金额的决策表"),
        (
            {"not_counted": {"law": "中华人民共和国行政许可法", "article": 45}},
            "行政许可法没有规定缴费时间不计入",
        ),
        ({"table": {"file": "0" * 64, "decision": "收多少"}}, "没有随定义提交"),
    ],
)
def test_a_fee_that_can_not_be_charged_is_not_published(more, sentence):
    document, files = charging(**more)

    with pytest.raises(DefinitionInvalid) as refused:
        checking.check(document, clocks.current_calendar(), files)
    assert sentence in str(refused.value.problems)


def test_a_table_that_reads_what_nobody_answers_is_not_published():
    document, files = charging("form.nothing * 2")

    assert "申请表" in str(checking.findings(document, clocks.current_calendar(), files))


@pytest.mark.parametrize("said", ["9", True, {"because": "？"}, {"amount": -1}, {"amount": 10**12}])
def test_an_answer_of_a_table_that_is_no_amount_is_an_error_and_not_free_of_charge(said):
    fee = rules.document_of(charging()[0]).handling[0].fees[0]

    with pytest.raises(ValueError):
        fees.charged(fee, said)


def test_the_payer_is_who_applied_and_nobody_else():
    _w, case = world()
    assert FeeNotice.objects.get().party_ids == (case.applicant_id,)
    assert Actor("citizen", case.applicant_id).id in FeeNotice.objects.get().party_ids


def test_the_fee_of_a_firm_is_its_handlers_to_see_and_pay_while_the_authority_holds():
    w = f.world()
    document, files = charging()
    f.catalogue_services.publish_revision(
        document=document, files=files, by=f.SYSTEM, at=f.people.NOON, key=new_id()
    )
    case, authority = f.accepted_case(w, answers=f.ANSWERS), new_id()
    Case.objects.filter(pk=case.pk).update(
        party_kind="firm", party_id=new_id(), party_name="清禾食品", capacity_id=authority
    )
    heard()

    row = FeeNotice.objects.get()
    holds = CitizenActor("citizen", case.applicant_id, live=frozenset({authority}))
    ended = CitizenActor("citizen", case.applicant_id)

    assert [one.number for one in money_asked.own(holds)] == [row.number]
    assert money_asked.notice_visible_to(holds, row.number) == row
    assert (money_asked.own(ended), money_asked.owed_by(ended), money_asked.firms_of(ended)) == ([], 0, [])
    with pytest.raises(NoticeUnknown):
        money_asked.notice_visible_to(ended, row.number)
    with pytest.raises(NotAuthorised):
        payments.begin_payment(notice_id=row.pk, by=ended, at=f.FRIDAY_NOON, key=new_id())


def test_who_stands_aside_takes_no_money_of_the_case_and_asks_for_no_exemption():
    w, case = world()
    why = StandAside("kin", "申请人是我表弟")
    services.recuse(case_id=case.pk, why=why, by=w.reviewer, at=f.FRIDAY_NOON, key=new_id())
    row = FeeNotice.objects.get()
    given = {"notice_id": row.pk, "at": f.FRIDAY_NOON, "key": new_id()}

    assert money_asked.notice_visible_to(w.reviewer, row.number) == row
    with pytest.raises(Recused):
        payments.ask_exemption(**given, basis="某条例第十二条", reason="困难", by=w.reviewer)
    Case.objects.filter(pk=case.pk).update(barred_ids=[w.clerk.id])
    with pytest.raises(Recused):
        payments.take_at_window(**given, way="cash", amount=row.amount, proof="S-1", by=w.clerk)
    row.refresh_from_db()
    assert row.state == "due"
