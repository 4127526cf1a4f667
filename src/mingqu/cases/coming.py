"""
How the result of a case comes to its applicant, in rows and the next step: for its page and the page after filing.

Where a result on paper lies and how far its parcel is, the room that keeps results tells (`offer_whereabouts`, once, in
its `AppConfig.ready`): this room knows no counter. It is asked only of decided cases.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases import selectors
from mingqu.cases.models import Case
from mingqu.cases.types import Addressee, Whereabouts
from mingqu.catalogue.types import Definition
from mingqu.kernel.masking import mask_address, mask_name, mask_phone
from mingqu.kernel.types import Instant
from mingqu.ui import language
from mingqu.ui.types import Action, Fact

Tell = Callable[[UUID, str, Instant], Whereabouts]  # by the case's id and number
NOWHERE: Final = Whereabouts()
_tellers: dict[str, Tell] = {}

WITHOUT: Final = frozenset(
    {
        Case.Status.NOT_ACCEPTED,
        Case.Status.NOT_REQUIRED,
        Case.Status.TERMINATED,
        Case.Status.WITHDRAWN,
        Case.Status.VOIDED,
    }
)  # there is no result to come


def offer_whereabouts(name: str, tell: Tell) -> None:
    _tellers[name] = tell


def where_is(case_id: UUID, number: str, at: Instant) -> Whereabouts:
    """Of a decided case whose result is served on paper."""
    return next((tell(case_id, number, at) for tell in _tellers.values()), NOWHERE)


@dataclass(frozen=True)
class Coming:
    rows: list[Fact]
    where: Whereabouts
    actions: list[Action]
    to_post: bool  # it waits to be sent: the address may be changed

    @property
    def under_way(self) -> bool:
        return self.where.under_way


def coming(
    case: Case, definition: Definition, at: Instant, *, own: bool, allowed: frozenset[str]
) -> Coming | None:
    """
    None where no result comes (any more, or of its own: that of a bundle comes with the bundle). `own`: for the
    applicant, who alone sees where it goes, masked; `allowed`: what she may do now.
    """
    if case.bundle_id or case.status in WITHOUT or (case.status == Case.Status.ARCHIVED and not case.outcome):
        return None
    on_paper = case.delivery_way == Case.DeliveryWay.WINDOW
    where = NOWHERE
    if on_paper and case.outcome:
        where = where_is(case.pk, case.number, at)
    served = case.delivered_on is not None
    sent = case.by_post or where.under_way
    rows = [Fact(_("方式"), _way(case, sent), "" if served else _until(case))]
    if own and case.by_post and not served:
        to = selectors.delivery_address(case)
        rows += address_rows(to) if to else []
    if on_paper and not (sent or served or where.lies):
        rows += _windows(definition)
    rows += where.rows
    if case.delivered_on:
        rows.append(Fact(_("送达"), _("%(day)s已经送达") % {"day": language.day(case.delivered_on)}))
    actions = list(where.actions) if own else []
    if own and "case.choose_delivery" in allowed:
        actions.append(Action(_("改送达方式"), reverse("cases:delivery", args=[case.number])))
    return Coming(rows, where, actions, case.by_post and not (served or where.under_way))


def _way(case: Case, sent: bool) -> str:
    if sent:
        return _("寄递：快递寄给您")
    if case.delivery_way == Case.DeliveryWay.WINDOW:
        return _("窗口领取")
    return _("电子送达：决定书和证照放进“我的办件”")


def _until(case: Case) -> str:
    """By when it is served: known with the decision (行政许可法 44)."""
    if case.status == Case.Status.DECIDED and case.due_on:
        return _("最晚%(day)s送达") % {"day": language.day(case.due_on)}
    return _("作出决定以后送达")


def address_rows(to: Addressee) -> list[Fact]:
    """Where it is sent, masked: for the applicant alone."""
    whom = _("%(name)s，%(phone)s") % {"name": mask_name(to.receiver), "phone": mask_phone(to.phone)}
    return [Fact(_("寄到"), mask_address(to.address), whom)]


def _windows(definition: Definition) -> list[Fact]:
    """Where it may be collected, as the guide says, until it lies at a counter."""
    return [
        Fact(
            _("在哪里领"),
            one.name,
            _("%(address)s，%(hours)s") % {"address": one.address, "hours": one.hours},
        )
        for one in definition.guide.windows
    ]
