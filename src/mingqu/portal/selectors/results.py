"""准予行政许可的决定, open to everyone (行政许可法 40), as the public page shows them."""

from dataclasses import dataclass
from datetime import date

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.search import selectors as index
from mingqu.identity import selectors as identity

EVERYBODY = ""  # the counts of no group


@dataclass(frozen=True)
class Asked:
    """What the page was asked for; "" and None where it was not."""

    organ: str = ""
    item: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ResultLine:
    """One decision, with the organ's name."""

    what: cases.Granted
    organ: str


@dataclass(frozen=True)
class ResultPage:
    lines: tuple[ResultLine, ...]
    more: str


def page(asked: Asked, before: str) -> ResultPage:
    """A page of decisions; an unknown organ or cursor is as if it had not been asked for."""
    organ = next((one.id for one in identity.departments() if one.code == asked.organ), None)
    wanted = cases.WantedGrants(organ, asked.item, asked.since, asked.until, asked.words)
    found, more = cases.granted(wanted, before=cases.Cursor.parse(before))
    names = identity.departments_by_id({one.department_id for one in found})
    lines = (
        ResultLine(one, names[one.department_id].name if one.department_id in names else "") for one in found
    )
    return ResultPage(tuple(lines), str(more) if more else "")


def organs() -> list[tuple[str, str]]:
    """Organs with services, by code and name: from counts, two statements."""
    known = {one.code: one.name for one in identity.departments()}
    counted = index.counted(index.ORGANS)
    codes = {code for (_letter, _group), found in counted.items() for code, _number in found if code in known}
    return sorted(((code, known[code]) for code in codes), key=lambda one: one[1])


def item_name(code: str) -> str:
    return catalogue.names([code]).get(code, "") if code else ""
