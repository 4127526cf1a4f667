"""Questions about fees. None of them writes."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from mingqu.documents import selectors as papers
from mingqu.identity import selectors as identity
from mingqu.identity.errors import SwitchFirst
from mingqu.identity.services import access
from mingqu.identity.types import CapacityView
from mingqu.kernel import second_person
from mingqu.kernel.errors import spoken
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models_asked import AskedDeed
from mingqu.kernel.types import Actor, Instant
from mingqu.payments import rules
from mingqu.payments.errors import NoticeUnknown, TogetherUnknown
from mingqu.payments.models import (
    Difference,
    FeeNotice,
    NoticeNumber,
    Payment,
    ReconciledDay,
    Refund,
    TogetherPayment,
)
from mingqu.payments.providers import registry
from mingqu.payments.types import NoticeView, PaymentView, TogetherView
from mingqu.ui.menu import Waiting

pays_at = registry.site
LEFT_DAYS = 31  # how long ago a day may be that is still asked for

OWN_LIMIT, DESK_LIMIT, DAYS_LIMIT, DIFFERENCES_LIMIT = 200, 200, 60, 500
MOST = 5_000  # rows of a file
SHOWN = {
    "owed": ("待缴费", ("due", "paying")),
    "paid": ("已缴费", ("paid",)),
    "back": ("退费", ("refunding", "refunded")),
    "free": ("免缴、取消", ("exempted", "cancelled")),
}


def row_of_number(number: str) -> FeeNotice:
    """Raises NoticeUnknown."""
    found = NoticeNumber.objects.filter(pk=number.strip().upper()).first()
    row = FeeNotice.objects.filter(pk=found.notice_id).first() if found else None
    if row is None:
        raise NoticeUnknown()
    return row


def notice_visible_to(actor: Actor | None, number: str, held: Iterable[CapacityView] = ()) -> FeeNotice:
    """
    One's own, or within the post's scope. Raises NoticeUnknown for any other; SwitchFirst for a firm's that one of the
    capacities she has (`held`) covers.
    """
    row = row_of_number(number)
    if not access.allows(actor, "payment.see", row):
        if firm := identity.in_whose_name(held, row):
            raise SwitchFirst(name=firm.principal_name)
        raise NoticeUnknown()
    return row


def view_of(row: FeeNotice) -> NoticeView:
    paper = papers.document(row.id, row.request_id) if row.request_id else None
    return _view(row, paper.file_id if paper else None)


def _view(row: FeeNotice, file_id: UUID | None = None) -> NoticeView:
    return NoticeView(
        id=row.id,
        number=row.number,
        case_id=row.case_id,
        case_number=row.case_number,
        item_name=row.item_name,
        payer_name=row.payer_name or "",
        payer_kind=row.payer_kind,
        firm_id=row.firm_id,
        department_id=row.department_id,
        name=row.fee_name,
        standard=row.standard,
        basis=row.basis,
        because=row.because,
        amount=row.amount,
        state=row.state,
        state_words=spoken(str(FeeNotice.State(row.state).label)),
        issued_at=row.issued_at,
        due_on=row.due_on,
        paid_at=row.ended_at if row.receipt_number else None,
        receipt_number=row.receipt_number,
        ended_because=row.ended_because,
        waits=row.waits,
        file_id=file_id,
        request_id=row.request_id,
    )


def payments_of(row: FeeNotice) -> list[PaymentView]:
    """Every attempt with its refund, the first first; the caller has checked that it may be seen."""
    refunds = {
        one.payment_id: one for one in Refund.objects.filter(notice=row).exclude(state=Refund.State.DECLINED)
    }
    found = list(Payment.objects.filter(notice=row).order_by("began_at", "id"))
    orders = orders_by_reference(one.order_reference for one in found)
    return [
        PaymentView(
            id=one.id,
            way=one.way,
            way_words=spoken(str(Payment.Way(one.way).label)),
            state=one.state,
            state_words=spoken(str(Payment.State(one.state).label)),
            amount=one.amount,
            reference=one.reference,
            trade_number=one.trade_number,
            began_at=one.began_at,
            paid_at=one.paid_at,
            receipt_number=one.receipt_number,
            surplus=one.surplus,
            refund_state=refunds[one.id].state if one.id in refunds else "",
            refund_words=spoken(str(refunds[one.id].get_state_display())) if one.id in refunds else "",
            told_amount=one.told_amount,
            checked_because=one.checked_because,
            together_id=orders[one.order_reference].pk if one.order_reference in orders else None,
            together_number=orders[one.order_reference].number if one.order_reference in orders else "",
        )
        for one in found
    ]


def orders_by_reference(references: Iterable[str]) -> dict[str, TogetherPayment]:
    """合并缴款 by what the provider calls them; no statement where there is none."""
    wanted = {one for one in references if one}
    if not wanted:
        return {}
    return {one.reference: one for one in TogetherPayment.objects.filter(reference__in=wanted)}


def together_visible_to(
    actor: Actor | None, together_id: UUID, held: Iterable[CapacityView] = ()
) -> TogetherView:
    """One's own, with its notices. Raises TogetherUnknown for any other, SwitchFirst as for a notice."""
    row = TogetherPayment.objects.filter(pk=together_id).first()
    if row is None:
        raise TogetherUnknown()
    if not access.allows(actor, "payment.see", row):
        if firm := identity.in_whose_name(held, row):
            raise SwitchFirst(name=firm.principal_name)
        raise TogetherUnknown()
    notices = FeeNotice.objects.filter(pk__in=row.shares).order_by("case_number", "id")
    return _together(row, [_view(one) for one in notices])


def together_about(about_id: UUID) -> list[TogetherView]:
    """What was paid at once of something, the latest first; the caller has checked it. At most two statements."""
    rows = TogetherPayment.objects.filter(about_id=about_id).exclude(state__in=("failed", "expired"))
    return [_together(row, []) for row in rows.order_by("-id")[:OWN_LIMIT]]


def together_open(actor: Actor, at: Instant) -> list[TogetherView]:
    """What this person began to pay at once and left, the latest first; one statement where there is none."""
    mine = access.scope(actor, "payment.pay").q(party="payer_id", theirs=TogetherPayment.THEIRS)
    rows = TogetherPayment.objects.filter(mine, state="open", settled=True, until__gt=at).order_by("-id")
    return [_together(row, []) for row in rows[:OWN_LIMIT]]


def _together(row: TogetherPayment, notices: list[NoticeView]) -> TogetherView:
    written = len(row.notice_ids)
    if not row.settled:
        shares = Payment.objects.filter(notice__in=row.shares, order_reference=row.reference)
        written = shares.filter(state=row.state).count()
    return TogetherView(
        id=row.pk,
        number=row.number,
        amount=row.amount,
        state=row.state,
        state_words=spoken(str(row.get_state_display())),
        many=len(row.notice_ids),
        written=written,
        began_at=row.began_at,
        until=row.until,
        told_at=row.told_at,
        trade_number=row.trade_number,
        settled=row.settled,
        notices=tuple(notices),
    )


def notices_of_cases(case_ids: Collection[UUID]) -> list[NoticeView]:
    """Every fee of these cases, for a list of them; one statement, the caller checked them."""
    return [
        _view(row) for row in FeeNotice.objects.filter(case_id__in=case_ids).order_by("case_number", "id")
    ]


def refunds_of(row: FeeNotice) -> list[Refund]:
    return list(Refund.objects.filter(notice=row).order_by("asked_at", "id"))


def notices_of_case(case_id: UUID) -> list[NoticeView]:
    """What one case is asked to pay; one statement. The caller has checked that the case may be seen."""
    return [_view(row) for row in FeeNotice.objects.filter(case_id=case_id).order_by("id")]


def case_of(notice_id: UUID) -> UUID | None:
    """The case a notice came of; None for what is no notice."""
    return FeeNotice.objects.filter(pk=notice_id).values_list("case_id", flat=True).first()


def owed_of_cases(case_ids: Collection[UUID]) -> list[NoticeView]:
    """What is still to be paid for any of these cases, what is due first; one statement, the caller checked them."""
    rows = FeeNotice.objects.filter(case_id__in=case_ids, state__in=rules.OWED)
    return [_view(row) for row in rows.order_by("due_on", "id")]


def waits_for(case_id: UUID) -> bool:
    """Whether the time of this case stands still until a fee is settled."""
    return FeeNotice.objects.filter(case_id=case_id, waits=True, state__in=rules.OWED).exists()


def own(actor: Actor, whose: str = "") -> list[NoticeView]:
    """What a person is asked to pay, for herself or the firms she applied for, what is owed first."""
    rows = FeeNotice.objects.filter(_own(actor)).order_by("-id")
    if whose == "own":
        rows = rows.filter(firm_id=None)
    elif whose:
        rows = rows.filter(firm_id=whose)
    found = [_view(row) for row in rows[:OWN_LIMIT]]
    return sorted(found, key=lambda one: not one.is_open)


def owed_by(actor: Actor) -> int:
    """How many notices wait for this person's payment; one statement."""
    return FeeNotice.objects.filter(_own(actor), state__in=rules.OWED).count()


def firms_of(actor: Actor) -> list[tuple[UUID, str]]:
    """The firms she was asked to pay for, by name."""
    firms = FeeNotice.objects.filter(_own(actor), payer_id=actor.id, firm_id__isnull=False)
    ids = {pk for pk in firms.values_list("firm_id", flat=True).distinct()[:OWN_LIMIT] if pk}
    return sorted((firm.pk, firm.name) for firm in identity.firms_by_id(ids)) if ids else []


def _own(actor: Actor) -> Q:
    """What she was asked to pay for a firm is hers to see while her authority holds."""
    return access.scope(actor, "payment.see").q(party="payer_id", theirs=FeeNotice.THEIRS)


def at_desk(actor: Actor, shown: str, *, before: UUID | None = None) -> QuerySet[FeeNotice]:
    """Of the post's scope, the newest first."""
    states = SHOWN.get(shown, SHOWN["owed"])[1]
    scope = access.scope(actor, "payment.see").q(party="payer_id")
    rows = FeeNotice.objects.filter(scope, state__in=states)
    return (rows.filter(pk__lt=before) if before else rows).order_by("-id")


def of_case_number(actor: Actor, number: str) -> list[FeeNotice]:
    """The notices of a case by its number, of the post's scope."""
    scope = access.scope(actor, "payment.see").q(party="payer_id")
    plain = number.replace(" ", "")
    return list(FeeNotice.objects.filter(scope, case_number=plain).order_by("id")[:DESK_LIMIT])


def exemption_waiting(row: FeeNotice) -> AskedDeed | None:
    return next(iter(second_person.waiting(["payment.exempt"], row.id)), None)


def refunds_waiting(actor: Actor) -> list[tuple[Refund, FeeNotice]]:
    """Refunds that are asked for, did not go through or wait for the counter, in the post's scope; oldest first."""
    rows = Refund.objects.filter(state__in=("asked", "failed", "sending")).select_related("notice")
    scope = access.scope(actor, "payment.refund").q(
        department="notice__department_id",
        region="notice__region_code",
        item_type="notice__item_type",
        party="notice__payer_id",
    )
    return [(one, one.notice) for one in rows.filter(scope).order_by("asked_at")[:DESK_LIMIT]]


def differing(actor: Actor) -> list[tuple[Payment, FeeNotice]]:
    """Payments of another amount than was asked for, in the scope of who looks at them; oldest first."""
    scope = access.scope(actor, "payment.refund").q(
        department="notice__department_id",
        region="notice__region_code",
        item_type="notice__item_type",
        party="notice__payer_id",
    )
    rows = Payment.objects.filter(scope, state=Payment.State.DIFFERS).select_related("notice")
    return [(one, one.notice) for one in rows.order_by("began_at")[:DESK_LIMIT]]


def differing_everywhere() -> int:
    """How many payments of another amount nobody has looked at yet, for who runs the platform."""
    return Payment.objects.filter(state=Payment.State.DIFFERS).count()


def waiting(actor: Actor, at: Instant) -> Waiting | None:
    """What waits for a finance officer, on the first page; one statement."""
    if not access.may(actor, "payment.refund"):
        return None
    many = len(differing(actor))
    return Waiting(f"{many}笔金额不符，等您核对") if many else None


def exemptions_waiting(actor: Actor) -> list[FeeNotice]:
    """Exemptions somebody else asked for and this post may approve, oldest first."""
    asked = second_person.waiting_for(actor, ["payment.exempt"])
    scope = access.scope(actor, "payment.exempt").q(party="payer_id")
    found = {row.id: row for row in FeeNotice.objects.filter(scope, pk__in=[one.about_id for one in asked])}
    return [found[one.about_id] for one in asked if one.about_id in found]


def days() -> list[ReconciledDay]:
    """The latest reconciled days, with how many differences are open."""
    opened = Count("differences__id", filter=Q(differences__settled_at__isnull=True))
    return list(ReconciledDay.objects.annotate(open=opened).order_by("-day", "provider")[:DAYS_LIMIT])


def days_left(at: Instant) -> list[tuple[str, date]]:
    """(provider, day) of days that are over, on which money came in and which nobody reconciled, the oldest first."""
    today = legal_day(at)
    since = today - timedelta(days=LEFT_DAYS)
    money = Payment.objects.filter(
        provider__in=registry.names(), state=Payment.State.SUCCEEDED, paid_on__gte=since, paid_on__lt=today
    )
    came = set(money.order_by().values_list("provider", "paid_on").distinct())
    done = set(ReconciledDay.objects.filter(day__gte=since).values_list("provider", "day"))
    return sorted(came - done, key=lambda one: (one[1], one[0]))


def days_waiting(actor: Actor, at: Instant) -> Waiting | None:
    """Days nobody has reconciled, on the first page of who does; two statements."""
    left = len(days_left(at)) if access.may(actor, "payment.reconcile") else 0
    return Waiting(f"{left}天的收款没有对账", state="correct") if left else None


def reconciled_day(provider: str, day: date) -> ReconciledDay | None:
    return ReconciledDay.objects.filter(provider=provider, day=day).first()


def differences_of(row: ReconciledDay) -> list[Difference]:
    """Open ones first."""
    rows = Difference.objects.filter(day=row).order_by("settled_at", "kind", "reference")
    return sorted(rows[:DIFFERENCES_LIMIT], key=lambda one: one.settled_at is not None)


def numbers_of(notice_ids: Iterable[UUID]) -> dict[UUID, str]:
    ids = [one for one in notice_ids if one]
    return dict(FeeNotice.objects.filter(pk__in=ids).values_list("pk", "number")) if ids else {}


def money_of_day(day: date) -> list[tuple[str, int, int]]:
    """(provider, how many, sum) of what came in on a day."""
    rows = Payment.objects.filter(state=Payment.State.SUCCEEDED, paid_on=day).values("provider")
    totals = rows.annotate(many=Count("id"), total=Sum("amount")).order_by("provider")
    return [(one["provider"], one["many"], one["total"]) for one in totals]


def taken_at_post(post_id: UUID, day: date) -> list[tuple[str, int, int]]:
    """(way in words, how many, sum in 分) of what one window's post took on a day; one statement."""
    rows = Payment.objects.filter(
        provider=registry.COUNTER, state=Payment.State.SUCCEEDED, paid_on=day, post_id=post_id
    )
    totals = rows.values("way").annotate(many=Count("id"), total=Sum("amount")).order_by("way")
    return [(str(Payment.Way(one["way"]).label), one["many"], one["total"]) for one in totals]
