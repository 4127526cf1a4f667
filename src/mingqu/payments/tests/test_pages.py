"""By clicking: paying at the demo's bank, cash at the window, exemption, refund, the reconciliation of a day."""

import io
import re
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.masking import mask_name
from mingqu.kernel.models import AuditEntry
from mingqu.payments.models import Difference, Payment, Refund
from mingqu.payments.providers import registry
from mingqu.payments.tests import factories as f
from mingqu.payments.tests.test_reconciling import DAY, NEXT, statement
from mingqu.ui.text import zh_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    hand = SimpleNamespace(at=f.AT)
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: hand.at))
    return hand


@pytest.fixture
def payer(clock):
    return people.citizen()[1]


def browser(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def at(name, row, *more):
    return reverse(f"payments:{name}", args=[row.number, *more])


def test_a_citizen_sees_why_pays_at_the_bank_and_has_a_receipt(payer):
    row, client = f.notice(payer), browser(payer)
    assert "水土保持补偿费" in client.get(reverse("payments:mine")).content.decode()
    shown = client.get(at("detail", row)).content.decode()
    assert "12,600.00" in shown and "《中华人民共和国水土保持法》第三十二条第二款" in shown

    bank = client.post(at("pay", row), {"key": new_id()})["Location"]
    assert "12,600.00" in client.get(bank).content.decode()
    back = client.post(bank, {"choice": "thrice"})["Location"]
    page = client.get(back).content.decode()

    assert "已缴费" in page and "990104202600000001" in page
    assert Payment.objects.filter(state="succeeded").count() == 1
    assert client.post(at("pay", row), {"key": new_id()}).status_code == 409


def test_the_button_may_lead_to_the_site_of_the_bank_and_to_no_other(payer, monkeypatch):
    row, client = f.notice(payer), browser(payer)
    assert "form-action 'self';" in client.get(at("detail", row))["Content-Security-Policy"]

    monkeypatch.setattr(registry.current(), "site", "https://pay.example.org/cashier")
    policy = client.get(at("detail", row))["Content-Security-Policy"]
    assert "form-action 'self' https://pay.example.org;" in policy


def test_the_bank_of_the_demo_sends_back_to_the_host_the_payer_came_from(payer, settings):
    settings.MINGQU_BASE_URL = "http://localhost:8000"  # and the page is open under 127.0.0.1
    row, client = f.notice(payer), browser(payer)
    bank = client.post(at("pay", row), {"key": new_id()})["Location"]

    assert client.post(bank, {"choice": "pay"})["Location"] == at("detail", row)
    assert f'href="{at("detail", row)}"' in client.get(bank).content.decode()


@pytest.mark.parametrize(
    ("choice", "words"),
    [("slow", "正在等收款机构确认"), ("fail", "待缴费"), ("less", "缴费处理中"), ("close", "去缴费")],
)
def test_what_a_bank_may_do_otherwise_the_page_says_as_it_is(payer, choice, words):
    row, client = f.notice(payer), browser(payer)
    bank = client.post(at("pay", row), {"key": new_id()})["Location"]

    assert words in client.get(client.post(bank, {"choice": choice})["Location"]).content.decode()
    assert f.state(row) != "paid"


def test_without_a_provider_the_page_sends_to_the_window(payer, settings):
    row, client = f.notice(payer), browser(payer)
    settings.MINGQU_PAYMENT_PROVIDER, settings.MINGQU_DEMO = "", False

    page = client.post(at("pay", row), {"key": new_id()})
    assert page.status_code == 503
    assert "网上缴费暂时不能用" in page.content.decode() and "窗口" in page.content.decode()


def test_the_clerk_takes_cash_and_a_wrong_amount_is_said_beside_what_was_typed(payer, clock):
    row, client = f.notice(payer), browser(f.officer("window_clerk", "陈晓岚"))
    given = {"key": str(new_id()), "way": "cash", "proof": "S-77"}

    wrong = client.post(at("take", row), given | {"amount": "12600.01"})
    assert wrong.status_code == 400
    assert "收的金额应当正好是12,600.00元" in wrong.content.decode() and "S-77" in wrong.content.decode()
    assert client.post(at("take", row), given | {"amount": "12,600"}, follow=True).status_code == 200
    assert f.state(row) == "paid"


def test_exemption_and_refund_by_two_on_the_page(payer, clock):
    clerk, leader, finance = (
        browser(f.officer(role, role)) for role in ("window_clerk", "approver", "finance_officer")
    )
    row, other = f.notice(payer), f.notice(payer)
    clerk.post(at("exemption", row), {"key": new_id(), "basis": "某办法第一条", "reason": "学校"})
    assert "批准免缴" in leader.get(at("at_desk", row)).content.decode()
    assert "批准免缴" not in clerk.get(at("at_desk", row)).content.decode()
    leader.post(at("exemption", row), {"key": new_id(), "answer": "agree"})
    assert f.state(row) == "exempted"

    payment = f.paid(other)
    clerk.post(at("refund", other), {"key": new_id(), "payment": payment.id, "reason": "缴错了"})
    refund = Refund.objects.get()
    assert "同意退费" in finance.get(at("at_desk", other)).content.decode()
    finance.post(at("refund", other), {"key": new_id(), "refund": refund.id, "answer": "agree"})
    assert f.state(other) == "refunding"


def test_the_finance_officer_reconciles_a_day_settles_and_takes_it_home_as_a_table(payer, clock):
    row = f.notice(payer)
    f.paid(row)
    clock.at = NEXT
    client = browser(f.officer("finance_officer", "钱正"))
    form = client.get(reverse("payments:days")).content.decode()
    names = re.findall(r'name="(day[^"]*)"', form)
    day = dict(zip(names, ("2026", "9", "18"), strict=True))
    file = SimpleUploadedFile("对账单.csv", statement(("X", 500)), "text/csv")

    page = client.post(
        reverse("payments:days"), {"key": new_id(), "provider": "double", "file": file} | day, follow=True
    )
    assert "对账单有，我方没有" in page.content.decode() and "我方有，对账单没有" in page.content.decode()
    where = [f"payments:{name}" for name in ("settle", "day_export")]
    one = Difference.objects.get(reference="X")
    args = ["double", DAY.isoformat()]
    empty = client.post(reverse(where[0], args=args), {"key": one.id, "difference": one.id, "reason": ""})
    assert empty.status_code == 400
    client.post(
        reverse(where[0], args=args), {"key": one.id, "difference": one.id, "reason": "银行记错，已冲正"}
    )
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse(where[1], args=args)).content))
    cells = [str(cell) for line in book.active.iter_rows(values_only=True) for cell in line]
    assert "银行记错，已冲正" in cells and "12,600.00" in cells and "钱正" in cells


def test_the_desk_finds_the_fees_of_a_case_by_its_number(payer, clock):
    row, client = f.notice(payer), browser(f.officer("window_clerk", "陈晓岚"))

    assert row.number in client.get(reverse("payments:desk"), {"number": row.case_number}).content.decode()
    assert client.get(reverse("payments:desk"), {"number": row.number})["Location"] == at("at_desk", row)
    assert client.get(reverse("payments:desk"), {"number": "99010420990101000001"}).status_code == 404


def test_a_statement_with_a_line_that_cant_be_read_names_the_line(clock):
    clock.at = NEXT
    client = browser(f.officer("finance_officer", "钱正"))
    names = re.findall(r'name="(day[^"]*)"', client.get(reverse("payments:days")).content.decode())
    file = SimpleUploadedFile("坏.csv", statement(("A", 5)) + b"B,?,1\n", "text/csv")
    day = dict(zip(names, ("2026", "9", "18"), strict=True))

    page = client.post(reverse("payments:days"), {"key": new_id(), "provider": "double", "file": file} | day)
    assert page.status_code == 400
    assert "第3行" in page.content.decode()


def test_outside_a_demo_there_is_no_bank(payer, settings):
    row, client = f.notice(payer), browser(payer)
    bank = client.post(at("pay", row), {"key": new_id()})["Location"]
    settings.MINGQU_DEMO = False

    assert client.get(bank).status_code == 404


def test_finance_sees_by_when_each_is_paid_and_takes_the_list_as_a_file(clock):
    row, other = f.notice(people.citizen()[1]), f.notice()
    f.paid(other)
    officer = people.staff_actor("finance_officer", department_id=row.department_id)
    client = browser(officer)

    page = client.get(reverse("payments:desk")).content.decode()
    assert "最晚缴费" in page and zh_day(row.due_on) in page and "已过期限" not in page
    clock.at = f.AT + 30 * f.DAY
    client = browser(officer)
    assert "已过期限" in client.get(reverse("payments:desk")).content.decode()

    made = client.post(reverse("payments:export"), {"show": "owed"})
    (titles, told) = list(openpyxl.load_workbook(io.BytesIO(made.content)).active.values)
    line = dict(zip(titles, told, strict=True))
    assert (line["编号"], line["金额（元）"], line["缴款人"]) == (row.number, 12600, mask_name("李晓禾"))
    assert AuditEntry.objects.filter(action="payment.export").count() == 1
    approver = people.staff_actor("approver", department_id=row.department_id)
    assert browser(approver).post(reverse("payments:export")).status_code == 403
