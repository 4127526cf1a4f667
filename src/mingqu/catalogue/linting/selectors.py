"""What is doubtful: of one definition, and the list of doubtful guides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from mingqu.catalogue import rules
from mingqu.catalogue.linting.rules import RULES, Remark, Rule, law_places, lint
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.types import Document
from mingqu.law import selectors as law

PAGE = 30
ENDED = {"repealed", "no_such_article", "not_yet"}


def remarks_of(document: Document, on: date) -> list[Remark]:
    """All remarks on a definition, with the law as it stands on that day; three statements."""
    places = dict.fromkeys((name, article, 0) for _, name, article in law_places(document) if name)
    stands = law.standings(places, on=on)

    def trouble(name: str, article: int) -> str:
        found = stands[name, article, 0]
        return found.sentence if found.state in ENDED else ""

    return lint(document, trouble)


def remarks_of_draft(document: Mapping[str, Any], on: date) -> list[Remark] | None:
    """The same for a document that may be anything; None while it has not the shape of a definition."""
    return None if rules.shape_problems(document) else remarks_of(rules.document_of(document), on)


@dataclass(frozen=True)
class Doubtful:
    """One guide of the list: the item, and what rules it breaks or touches."""

    item: ServiceItem
    wrong: list[Rule]
    doubts: list[Rule]


def doubtful(
    *, rule: str = "", organ: str = "", words: str = "", only_wrong: bool = False
) -> QuerySet[ServiceItem]:
    """Published items with remarks, by code, as the filters say."""
    found = ServiceItem.objects.exclude(current=None).filter(withdrawn_at=None).exclude(remarks=[])
    if rule:
        found = found.filter(remarks__contains=[rule])
    elif only_wrong:
        found = found.filter(remarks__overlap=[r.code for r in RULES.values() if r.level == "wrong"])
    if organ:
        found = found.filter(department__code=organ)
    for word in words.split():
        found = found.filter(name__icontains=word)
    return found.select_related("department").order_by("code")


def page(found: QuerySet[ServiceItem], after: str = "") -> tuple[list[Doubtful], str]:
    """A page of the list and the code to go on from ("" at the end)."""
    rows = list((found.filter(code__gt=after) if after else found)[: PAGE + 1])
    return [line(row) for row in rows[:PAGE]], rows[PAGE - 1].code if len(rows) > PAGE else ""


def line(item: ServiceItem) -> Doubtful:
    broken = [RULES[code] for code in item.remarks if code in RULES]
    return Doubtful(
        item, [r for r in broken if r.level == "wrong"], [r for r in broken if r.level == "doubt"]
    )
