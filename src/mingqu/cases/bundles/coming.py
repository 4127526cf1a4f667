"""How the results of a bundle come to its applicant: said once for all its parts, and where each decided one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.coming import address_rows, where_is
from mingqu.cases.models import Bundle, BundlePart, Case
from mingqu.cases.types import Addressee, Whereabouts
from mingqu.kernel.types import Instant
from mingqu.ui import language
from mingqu.ui.types import Action, Fact


@dataclass(frozen=True)
class ComingTogether:
    rows: list[Fact]
    actions: list[Action]
    to_post: bool  # sent, and something is still to come


def coming(
    bundle: Bundle, parts: Sequence[BundlePart], at: Instant, *, own: bool, allowed: frozenset[str]
) -> ComingTogether | None:
    """None where nothing comes any more. `own`: for the applicant, who alone sees where it goes, masked."""
    ours = [part for part in parts if not part.is_outside]
    comes = [p for p in ours if p.state not in rules.ENDED or selectors.to_deliver(p)]
    served = [p for p in ours if p.delivered_on]
    if not (comes or served) or bundle.status == Bundle.Status.WITHDRAWN:
        return None
    rows = [Fact(_("方式"), _way(bundle), _("作出决定以后送达") if comes else "")]
    if own and bundle.sent_to and comes:
        rows += address_rows(Addressee.of(bundle.sent_to))
    lying = [(p, where_is(p.case_id, p.case_number, at)) for p in comes if _on_paper(bundle, p) and p.case_id]
    rows += [_place(part, where) for part, where in lying if where.lies or where.under_way]
    rows += [_served(part.name, part.delivered_on) for part in served if part.delivered_on]
    actions = {action.label: action for _part, where in lying for action in where.actions} if own else {}
    found = list(actions.values())
    if own and comes and "bundle.choose_delivery" in allowed:
        found.append(Action(_("改送达方式"), reverse("bundles:delivery", args=[bundle.number])))
    return ComingTogether(rows, found, bundle.by_post and bool(comes))


def _on_paper(bundle: Bundle, part: BundlePart) -> bool:
    return bundle.delivery_way == Case.DeliveryWay.WINDOW and part.state in rules.WITH_DECISION


def _way(bundle: Bundle) -> str:
    if bundle.by_post:
        return _("寄递：各事项的结果装在一个邮件里寄给您")
    if bundle.delivery_way == Case.DeliveryWay.WINDOW:
        return _("窗口领取，一次领齐")
    return _("电子送达：决定书和证照放进“我的办件”")


def _served(name: str, on: date) -> Fact:
    return Fact(name, _("%(day)s已经送达") % {"day": language.day(on)})


def _place(part: BundlePart, where: Whereabouts) -> Fact:
    """Where its result is, in a line: at a counter, or how far its parcel is."""
    first = next(iter(where.rows), None)
    note = str(first.note) if first else ""
    if where.under_way:
        return Fact(part.name, where.words, note)
    return Fact(part.name, first.value if first else where.words, note)
