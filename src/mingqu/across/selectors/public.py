"""For everybody: what can be handed in or done somewhere else, in which way."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from mingqu.across.models import Agreement, AgreementItem
from mingqu.across.selectors.receiving import in_force_on
from mingqu.across.types import PublicLine
from mingqu.catalogue import selectors as catalogue
from mingqu.kernel.errors import spoken, to_citizens

WAY_WORDS = {
    "online": to_citizens("全程网办"),
    "collect": to_citizens("异地代收代办"),
    "joint": to_citizens("多地联办"),
}


def places(today: date) -> list[tuple[str, str]]:
    """(code, name) of the halls elsewhere that receive something today."""
    rows = Agreement.objects.filter(in_force_on(today)).order_by("away__code")
    return list(dict.fromkeys(rows.values_list("away__code", "away__name")))


def codes_elsewhere(today: date, among: Iterable[str] | None = None) -> frozenset[str]:
    """Items (of these, or all) that a hall of another district receives today; one statement."""
    rows = AgreementItem.objects.filter(
        agreement__in=Agreement.objects.filter(in_force_on(today), way=Agreement.Way.COLLECT).values("pk")
    )
    if among is not None:
        rows = rows.filter(item_code__in=list(among))
    return frozenset(rows.values_list("item_code", flat=True))


def halls_of(item_code: str, today: date) -> list[str]:
    """Which halls of other districts receive this item today; one statement."""
    rows = Agreement.objects.filter(in_force_on(today), way=Agreement.Way.COLLECT, items__item_code=item_code)
    return list(rows.order_by("away__code").values_list("away__name", flat=True).distinct())


def lines(today: date, *, hall: str = "", way: str = "", theme: str = "", item: str = "") -> list[PublicLine]:
    """By name of the item: who decides, where it is received, in which way. Three statements."""
    rows = Agreement.objects.filter(in_force_on(today)).select_related("home", "away")
    if hall:
        rows = rows.filter(away__code=hall)
    if way in WAY_WORDS:
        rows = rows.filter(way=way)
    agreements = {row.pk: row for row in rows}
    named = AgreementItem.objects.filter(agreement__in=list(agreements))
    if item:
        named = named.filter(item_code=item)
    pairs = list(named.values_list("agreement_id", "item_code"))
    items = catalogue.items({code for _pk, code in pairs})
    found = [
        _line(agreements[pk], items[code])
        for pk, code in pairs
        if code in items and theme in ("", items[code].theme)
    ]
    return sorted(set(found), key=lambda one: (one.name, one.hall, one.way))


def themes(found: list[PublicLine]) -> list[str]:
    """Themes of these lines, to choose from."""
    return sorted({one.theme for one in found if one.theme})


def _line(row: Agreement, item: Any) -> PublicLine:
    return PublicLine(
        code=item.code,
        name=item.name,
        organ=item.department.name,
        theme=item.theme,
        way=row.way,
        way_words=spoken(WAY_WORDS[row.way]),
        hall=row.away.name,
        address=row.away.address,
        hours=row.away.hours,
    )
