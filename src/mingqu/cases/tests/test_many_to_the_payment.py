"""批量申报 to its end: wrong rows mended and uploaded again, nothing twice, one payment, one list with query codes."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases.models import Case, ManyFiling
from mingqu.cases.tests import in_bulk as b
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.payments import services as payments
from mingqu.payments.models import FeeNotice, Payment, TogetherPayment
from mingqu.payments.providers import double, registry
from mingqu.payments.tests import factories as fees
from mingqu.payments.types import Of

FEN = 1_200
BAD = ({"经营面积": "很大"}, {"营业执照": "没有.png"})


@pytest.fixture
def office(clock, settings, db):
    settings.MINGQU_DEMO = True
    clock.at = b.AT
    of = b.office()
    client = people.signed_in(Client(), of.user)
    client.post(reverse("portal:switch"), {"capacity": str(of.capacity_id)})
    return of, client


def upload(client, data):
    given = {"file": SimpleUploadedFile("门店.xlsx", data), "key": str(new_id())}
    packed = SimpleUploadedFile("材料.zip", b.packed())
    answer = client.post(reverse("cases:many_prepare", args=[b.ITEM, b.NEW]), given | {"packed": packed})
    assert answer.status_code == 302, answer.content.decode()
    return b.worked(ManyFiling.objects.order_by("-id")[0])


def mended(client, batch, column, right):
    """The table of wrong rows as it is downloaded, each wrong cell put right, as somebody would in Excel."""
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("cases:many_wrong", args=[batch.pk])).content)
    )
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    for line in range(2, sheet.max_row + 1):
        for header, value in zip(column, right, strict=True):
            sheet.cell(line, headers.index(header) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pressed(client, batch):
    given = {"delivery": "electronic", "declared": "on", "key": str(new_id())}
    assert client.post(reverse("cases:many_batch", args=[batch.pk]), given).status_code == 302
    return b.worked(batch)


def charge(cases):
    """A fee for each, as its acceptance raises one."""
    for case in cases:
        of = Of(
            case.pk,
            case.number,
            case.item_name,
            case.item_type,
            case.department_id,
            case.region_code,
            case.applicant_id,
            "清禾食品有限公司",
            "firm",
            case.firm_id,
            case.capacity_id,
            case.item_code,
        )
        payments.issue_notice(of=of, charge=fees.charge(FEN), at=b.AT)


def test_eight_rows_two_of_them_bad_are_handed_in_mended_paid_once_and_listed(office, monkeypatch):
    _of, client = office
    rows = [b.row(n, **(BAD[n - 7] if n > 6 else {})) for n in range(1, 9)]
    first = upload(client, b.table(*rows))
    assert (
        "6行可以提交，2行要改正" in client.get(reverse("cases:many_batch", args=[first.pk])).content.decode()
    )
    pressed(client, first)
    fixed = mended(client, first, ("经营面积", "营业执照"), ("60", "执照.png"))
    second = pressed(client, upload(client, fixed))
    again = upload(client, fixed)  # sent twice
    assert again.rows.filter(state="good").count() == 0
    names = [case.answers["shop_name"] for case in Case.objects.all()]
    assert sorted(names) == [f"清禾小馆{n}" for n in range(1, 9)]

    charge(Case.objects.filter(pk__in=first.rows.values("draft_id")))
    page = reverse("cases:many_batch", args=[first.pk])
    monkeypatch.setattr(registry.current(), "site", "https://pay.example.org")
    answer = client.get(page)
    shown = answer.content.decode()
    assert "6笔要缴费" in shown and "72.00元" in shown
    assert "form-action 'self' https://pay.example.org;" in answer["Content-Security-Policy"]
    pay = reverse("cases:many_pay", args=[first.pk])
    to_bank = [client.post(pay, {"key": str(new_id())}).url for _ in range(2)]
    assert to_bank[0] == to_bank[1]
    order = TogetherPayment.objects.get()
    bank = double.decide(order.reference, paid=True, at=b.AT)
    for _ in range(3):
        fees.tell(bank, at=b.AT)
    payments.settle(together_id=order.pk, at=b.AT)

    assert set(FeeNotice.objects.values_list("state", flat=True)) == {"paid"}
    assert Payment.objects.count() == 6
    assert order.number in client.get(page).content.decode()
    table = client.get(reverse("cases:many_listed", args=[first.pk])).content
    lines = list(
        openpyxl.load_workbook(io.BytesIO(table)).worksheets[0].iter_rows(min_row=2, values_only=True)
    )
    assert {line[3] for line in lines} == set(
        Case.objects.filter(pk__in=first.rows.values("draft_id")).values_list("query_code", flat=True)
    )
    assert {(line[6], line[7]) for line in lines} == {("12.00", "已缴费")}
    printed = client.get(reverse("cases:many_printed", args=[first.pk])).content.decode()
    assert all(line[3] in printed and line[8] in printed for line in lines)
    assert second.rows.filter(state="filed").count() == 2


def test_a_strangers_batch_is_paid_by_nobody_else(office):
    of, client = office
    batch = pressed(client, upload(client, b.table(b.row(1))))
    charge(Case.objects.all())
    url = reverse("cases:many_pay", args=[batch.pk])

    assert (
        people.signed_in(Client(), people.citizen()[0]).post(url, {"key": str(new_id())}).status_code == 404
    )
    assert not TogetherPayment.objects.exists()
    assert of.capacity_id is not None
