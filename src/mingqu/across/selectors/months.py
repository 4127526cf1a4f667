"""
Figures of 通办 for both sides: sums of kept months, what goes on now by age, and what lies behind a number.

Who sees what follows `across.figures`: of a hall on either side of the agreement, or of the organ that decides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum

from mingqu.across import rules
from mingqu.across.models import Agreement, AgreementItem, MonthFigure, Reception, ReceptionFacts
from mingqu.across.types import Asked, Counted, FactLine, FigureRow, Figures, OpenOnes
from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.hall import selectors as halls
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.types import Actor

PAGE, LONGEST, OPEN_MOST, LOOKED_AT = 30, 36, 2000, 200  # rows, months, receptions, agreements
READER = Actor.system("across")
SIDES = {"away": "我方代收、对方办", "home": "对方代收、我方办"}
# Dimension → its column, its word.
DIMENSIONS = {
    "agreement": ("agreement_id", "协议"),
    "item": ("item_code", "事项"),
    "hall": ("agreement__away__code", "代收的大厅"),
    "organ": ("organ_id", "负责办理的部门"),
    "month": ("month", "月份"),
}
ON = {
    "received": "received_on",
    "sent": "sent_on",
    "decided": "decided_on",
    "late": "decided_on",
    "given": "given_on",
    "given_here": "given_on",
}
LATE_ENDS = frozenset({"granted", "refused"})
OPEN = "open"


# One reception ----------------------------------------------------------------------------------------------


def facts_now(row: Reception) -> ReceptionFacts | None:
    """What of this reception is to be counted, as it stands written, not stored; None of a case that was voided."""
    assert row.draft_id is not None
    life = next(iter(cases.lives_of([row.draft_id])), None)
    if life is None:
        return None
    number, given_on = (
        cases.visible_cases(READER).filter(pk=row.draft_id).values_list("number", "delivered_on")[0]
    )
    result = halls.result(row.draft_id) if given_on else None
    decided = life.ending in LATE_ENDS
    binding = life.ends.promised or life.ends.statutory
    here = result is not None and result.hall_id == row.hall_id and result.state != result.State.TAKEN_BACK
    return ReceptionFacts(
        id=row.draft_id,
        agreement_id=row.agreement_id,
        item_code=row.item_code,
        item_type=life.item_type,
        organ_id=life.department_id,
        region_code=life.region_code,
        case_number=number,
        received_on=life.received_on,
        sent_on=row.sent_on,
        returned_on=list(life.corrections),
        decided_on=life.ended_on if decided else None,
        late=decided and binding is not None and not binding.in_time,
        given_on=given_on,
        given_here=here and not row.home_gives,
        ended_on=given_on or (None if decided else life.ended_on),
    )


def to_recount(limit: int) -> list[UUID]:
    """Filed receptions that were never counted, and the ones that go on, the longest first."""
    counted = ReceptionFacts.objects.filter(pk=OuterRef("draft_id"))
    never = Reception.objects.filter(~Exists(counted), state=Reception.State.FILED).order_by("id")
    found = [one for one in never.values_list("draft_id", flat=True)[:limit] if one is not None]
    going = ReceptionFacts.objects.filter(ended_on=None).order_by("received_on", "id")
    return [*found, *going.values_list("pk", flat=True)[:limit]]


# Sums -------------------------------------------------------------------------------------------------------


def sides(by: Actor) -> list[str]:
    """Of SIDES, those on which this post has something to look at; two statements at most."""
    return [side for side in SIDES if MonthFigure.objects.filter(_seen(by, side)).values_list("month")[:1]]


def figures(by: Actor, asked: Asked, today: date) -> Figures:
    """Rows of one dimension, the most received first (months: in their order), the total, its months, what goes on."""
    where = _where(by, asked)
    column = DIMENSIONS[asked.by][0]
    by_row, total = _sums(where, column)
    by_month = by_row if asked.by == "month" else _sums(where, "month")[0]
    names = _names(asked.by, by_row)
    rows = [FigureRow(str(key), names.get(key, str(key)), _counted(sums)) for key, sums in by_row.items()]
    if asked.by == "month":
        rows.sort(key=lambda one: one.key)
    else:
        rows.sort(key=lambda one: (-one.counted.received, one.name))
    months = [FigureRow(str(key), _month(key), _counted(by_month[key])) for key in sorted(by_month)]
    return Figures(asked, tuple(rows), _counted(total), tuple(months), _open(by, asked, today))


def behind(by: Actor, asked: Asked, today: date, *, after: str = "") -> tuple[list[FactLine], str]:
    """The receptions behind a number, the latest first, keyset; and where the next page begins."""
    rows = _facts(by, asked, today).select_related("agreement__away").order_by("-id")
    if cursor := id_or_none(after):
        rows = rows.filter(pk__lt=cursor)
    found = list(rows[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return _lines(by, found[:PAGE]), more


def choices(
    by: Actor, side: str
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """(agreements, items, halls) that this post may narrow to: of agreements of its halls."""
    rows = list(_agreements(by, side).select_related("away").order_by("-id")[:LOOKED_AT])
    codes = AgreementItem.objects.filter(agreement__in=[row.pk for row in rows])
    names = catalogue.names(set(codes.values_list("item_code", flat=True)))
    halls_here = {row.away.code: row.away.name for row in rows}
    return (
        [(row.number, f"{row.number} {row.away.name}") for row in rows],
        sorted(names.items(), key=lambda one: one[1]),
        sorted(halls_here.items()),
    )


def _agreements(by: Actor, side: str) -> Any:
    scope = access.scope(by, "across.figures")
    hall = {
        "department": f"{side}__department_id",
        "region": f"{side}__region_code",
        "item_type": "way",  # who is limited to types of items has no hall
    }
    return Agreement.objects.filter(scope.q(**hall), way=Agreement.Way.COLLECT)


def _seen(by: Actor, side: str) -> Q:
    """What this post may count on this side: of its halls; on the home side of its organ as well."""
    seen = Q(agreement__in=_agreements(by, side).values("pk"))
    if side == "home":
        seen |= access.scope(by, "across.figures").q(department="organ_id")
    return seen & regions.not_training()


def _where(by: Actor, asked: Asked) -> Q:
    where = _seen(by, asked.side) & Q(month__gte=asked.since, month__lte=asked.until)
    return where & _narrow(asked)


def _narrow(asked: Asked) -> Q:
    where = Q()
    if asked.agreement:
        where &= Q(agreement__number=asked.agreement)
    if asked.item:
        where &= Q(item_code=asked.item)
    if asked.hall:
        where &= Q(agreement__away__code=asked.hall)
    return where


Sums = dict[Any, Counter[tuple[str, int]]]


def _sums(where: Q, column: str) -> tuple[Sums, Counter[tuple[str, int]]]:
    """By the values of a column, and of all; one statement over kept months, never over receptions."""
    found: Sums = defaultdict(Counter)
    total: Counter[tuple[str, int]] = Counter()
    rows = MonthFigure.objects.filter(where).order_by().values_list(column, "measure", "days")
    for key, measure, days, number in rows.annotate(sum=Sum("number")):
        if number:
            found[key][measure, days] += number
            total[measure, days] += number
    return found, total


def _counted(sums: Counter[tuple[str, int]]) -> Counted:
    by_measure: Counter[str] = Counter()
    taken: Counter[int] = Counter()
    for (measure, days), number in sums.items():
        by_measure[measure] += number
        if measure == "given":
            taken[days] += number
    return Counted(
        **{measure: by_measure[measure] for measure in rules.MEASURES},
        half=rules.within_days(taken, rules.HALF),
        most=rules.within_days(taken, rules.MOST),
    )


def _names(by: str, keys: Mapping[Any, Any]) -> dict[Any, str]:
    """What a row is called, by its key."""
    if by == "agreement":
        rows = Agreement.objects.filter(pk__in=list(keys)).select_related("away")
        return {row.pk: f"{row.number} {row.away.name}" for row in rows}
    if by == "item":
        return dict(catalogue.names(set(keys)))
    if by == "hall":
        return {one.code: one.name for one in halls.halls()}
    if by == "organ":
        return _organs(keys)
    return {key: _month(key) for key in keys}


def _organs(ids: Iterable[UUID]) -> dict[Any, str]:
    return {pk: one.name for pk, one in identity.departments_by_id(ids).items()}


def _month(month: date) -> str:
    return f"{month.year}年{month.month}月"


# What goes on, and what lies behind a number ------------------------------------------------------------------


def _open(by: Actor, asked: Asked, today: date) -> OpenOnes:
    """What goes on today, whatever months are asked about; OPEN_MOST are looked at, the oldest first."""
    rows = ReceptionFacts.objects.filter(_seen(by, asked.side) & _narrow(asked), ended_on=None)
    found = list(rows.order_by("received_on", "id").values_list("pk", "received_on")[: OPEN_MOST + 1])
    more, found = len(found) > OPEN_MOST, found[:OPEN_MOST]
    ages = [(today - received_on).days for _pk, received_on in found]
    parts = tuple(
        (
            age_words(least, most),
            f"{least}-{'' if most is None else most}",
            sum(1 for age in ages if _of_age(age, least, most)),
        )
        for least, most in rules.AGES
    )
    late = cases.visible_cases(READER).filter(pk__in=[pk for pk, _on in found], due_on__lt=today)
    return OpenOnes(parts, len(found), len(late.values_list("pk")) if found else 0, more)


def age_words(least: int, most: int | None) -> str:
    return f"{least}天以上" if most is None else f"{least}到{most}天"


def _of_age(age: int, least: int, most: int | None) -> bool:
    return least <= age and (most is None or age <= most)


def _facts(by: Actor, asked: Asked, today: date) -> Any:
    rows = ReceptionFacts.objects.filter(_seen(by, asked.side) & _narrow(asked))
    if asked.measure.startswith(OPEN):
        return rows.filter(_aged(asked.measure.removeprefix(OPEN), today), ended_on=None)
    first, last = asked.since, rules.month_after(asked.until) - timedelta(days=1)
    if asked.measure == "returned":
        days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
        return rows.filter(returned_on__overlap=days)
    column = ON.get(asked.measure, "received_on")
    rows = rows.filter(**{f"{column}__gte": first, f"{column}__lte": last})
    return rows.filter(**{asked.measure: True}) if asked.measure in ("late", "given_here") else rows


def _aged(span: str, today: date) -> Q:
    """Of an age in natural days: -least-most; what is none of AGES means all."""
    for least, most in rules.AGES:
        if span == f"-{least}-{'' if most is None else most}":
            newest = Q(received_on__lte=today - timedelta(days=least))
            return newest if most is None else newest & Q(received_on__gte=today - timedelta(days=most))
    return Q()


def _lines(by: Actor, rows: Iterable[ReceptionFacts]) -> list[FactLine]:
    found = list(rows)
    items = catalogue.names({row.item_code for row in found})
    organs = _organs({row.organ_id for row in found})
    shown = cases.visible_cases(by).filter(pk__in=[row.pk for row in found])
    opens = set(shown.values_list("pk", flat=True)) if access.may(by, "case.see") else set()
    return [
        FactLine(
            number=row.case_number,
            item=items.get(row.item_code, row.item_code),
            hall=row.agreement.away.name,
            organ=organs.get(row.organ_id, ""),
            agreement=row.agreement.number,
            received_on=row.received_on,
            decided_on=row.decided_on,
            given_on=row.given_on,
            days=(row.given_on - row.received_on).days if row.given_on else None,
            opens=row.pk in opens,
        )
        for row in found
    ]
