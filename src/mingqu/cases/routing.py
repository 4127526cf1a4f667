"""自动判定 of a case: what the decision tables of its drawn flow say of its way, when it comes to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingqu.cases.defined import flow_of
from mingqu.cases.models import Case
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import LawRef, Route
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import Article
from mingqu.kernel.types import Instant
from mingqu.process import selectors as process
from mingqu.process.types import Json, WorkItem


@dataclass(frozen=True)
class RouteLine:
    """One 自动判定 that was made; `result` "": the table gave none, the way for all other cases was taken."""

    name: str
    result: str
    basis: str
    at: datetime


def work(root_id: UUID, item: WorkItem, at: Instant) -> tuple[str, Mapping[str, Json]]:
    """
    What the table of this element says of the situation and the form of the case. Only the value of a result goes to
    the flow, never an answer. Raises ValueError for a task of another kind, which publication refuses.
    """
    if not item.rule:
        raise ValueError(f"a case does no service task {item.step}")
    case = Case.objects.get(pk=root_id)
    definition = catalogue.definition(flow_of(case), case.handling_code)
    return catalogue.routed(definition, item.step, case.situation, case.answers or {}), {}


def of_case(case: Case) -> list[RouteLine]:
    """
    Oldest first, each with the article of the result; no statement where its flow has none. The caller has checked
    access.
    """
    routes = _routes(case)
    if not routes or case.instance_id is None:
        return []
    found = []
    for row in process.rules_done(case.pk):
        route = routes.get(row.node)
        if route is not None:
            result = route.result(row.outcome)
            said = (result.label, _words(result.basis)) if result else ("", "")
            found.append(RouteLine(route.name, *said, row.at))
    return found


def _routes(case: Case) -> dict[str, Route]:
    """Of the flow it goes by, and of those it went by before."""
    found: dict[str, Route] = {}
    for revision in (*case.flow_past, flow_of(case)):
        of = catalogue.definition(revision, case.handling_code)
        found |= {route.code: route for route in of.routes}
    return found


def _words(basis: LawRef) -> str:
    return article_text(Article(basis.law, basis.article, basis.paragraph, basis.point))
