"""Fees as they come to be: a department, a payer, a notice; the double as the bank."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.payments import services
from mingqu.payments.models import DoubleOrder, FeeNotice, Payment, TogetherPayment
from mingqu.payments.providers import double, registry
from mingqu.payments.types import Charge, Heard, Of

AT = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)  # noon in Beijing, a Friday
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FEN = 1_260_000


def department() -> UUID:
    found = Department.objects.filter(code="QH-SWJ").first()
    return found.pk if found else people.department("澜州市清禾区水务局", code="QH-SWJ")


def charge(amount: int = FEN, **more) -> Charge:
    given = {"because": "占地21000平方米", "within": 10} | more
    return Charge(
        "soil",
        "水土保持补偿费",
        "按占地面积计算",
        "《中华人民共和国水土保持法》第三十二条第二款",
        amount,
        **given,
    )


def of(payer: UUID | None = None, **more) -> Of:
    given = {
        "case_id": new_id(),
        "case_number": "99010420260918000001",
        "item_name": "生产建设项目水土保持方案审批",
        "item_type": "01",
        "department_id": more.get("department_id") or department(),
        "region_code": "990104000000",
        "payer_id": payer or new_id(),
        "payer_name": "李晓禾",
    }
    return Of(**given | more)


def notice(payer: Actor | None = None, *, amount: int = FEN, at=AT, **more) -> FeeNotice:
    fee = charge(amount, **more)
    return FeeNotice.objects.get(
        pk=services.issue_notice(of=of(payer.id if payer else None), charge=fee, at=at)
    )


def payer_of(row: FeeNotice) -> Actor:
    return Actor("citizen", row.payer_id)


def begin(row: FeeNotice, *, at=AT, key=None) -> Payment:
    begun = services.begin_payment(notice_id=row.id, by=payer_of(row), at=at, key=key or new_id())
    return Payment.objects.get(notice=row, id=begun.payment_id)


def bank_pays(payment: Payment | TogetherPayment, *, at=AT) -> DoubleOrder:
    """At the bank's page; nothing is told yet."""
    decided = double.decide(payment.reference, paid=True, at=at)
    assert decided is not None
    return decided


def tell(order: DoubleOrder, kind="paid", *, at=AT, **more) -> Heard:
    """By the door of a real provider: signed bytes, read and heard."""
    headers, body = double.telling(order, kind, at=at, **more)
    return services.hear(provider="double", told=registry.named("double").read(headers, body, at=at), at=at)


def paid(row: FeeNotice, *, at=AT) -> Payment:
    payment = begin(row, at=at)
    assert tell(bank_pays(payment, at=at), at=at).verdict == "paid"
    return Payment.objects.get(notice=row, id=payment.id)


def officer(role: str, name: str) -> Actor:
    """Somebody of the staff with one role for the whole district."""
    return people.staff_actor(role, department_id=department(), name=name)


def state(row: FeeNotice) -> str:
    return FeeNotice.objects.get(pk=row.pk).state
