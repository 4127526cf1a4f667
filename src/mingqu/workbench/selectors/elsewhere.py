"""
The page of what this window received for another district. What it may show is listed here: the state, what is missing,
papers that are meant for the applicant; no opinion, no question between organs, no other case.
"""

from typing import Any

from mingqu.across import selectors as across
from mingqu.across import services as receiving
from mingqu.across.services.receiving import FIX, GIVE
from mingqu.cases import selectors as cases
from mingqu.cases.services import served
from mingqu.cases.services.notices import NOTICES
from mingqu.documents import selectors as documents
from mingqu.hall import selectors as halls
from mingqu.identity import selectors as identity
from mingqu.identity.types import AssistingActor
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.workbench.selectors import window as pages

OF_DECISION = ("decision_", "approval_")
FOR_HER = NOTICES | {"receipt"}  # kinds of papers meant for the applicant; with those of the decision


def waiting(actor: Actor, at: Instant) -> Waiting | None:
    """Of what this window received for another district: corrections to bring, results to give out."""
    fixes, results = across.to_go_on(actor)
    said = [words for count, words in ((fixes, f"{fixes}件要补正"), (results, f"{results}件有结果")) if count]
    return Waiting("，".join(said)) if said else None


def name_of(here: AssistingActor) -> str:
    """Who stands at the window, masked."""
    assert here.applicant_id is not None
    return mask_name(identity.person(here.applicant_id).name)


def is_for_her(kind: str) -> bool:
    """Whether a paper is meant for the applicant."""
    return kind in FOR_HER or kind.startswith(OF_DECISION)


def page(by: Actor, row: Any, at: Instant) -> dict[str, Any]:
    """The caller has checked that the reception is this post's."""
    context: dict[str, Any] = {"shown": across.view_of(row), "today": legal_day(at)}
    if not row.is_filed:
        return context
    clerk = receiving.as_clerk(row, by, FIX | GIVE)
    case = cases.case_visible_to_id(clerk, row.draft_id)
    papers = [one for one in documents.documents_of(case.pk) if is_for_her(one.kind)]
    kept = halls.papers_of_case(by, case.pk)
    lies = halls.results_of([case.pk], legal_day(at)).get(case.pk)
    names = [one.name for one in cases.materials_of(case)]
    decided = case.status == "decided"
    comes = decided and case.delivery_way == "window" and not case.by_post and not row.home_gives
    return context | {
        "case": case,
        "waits": pages.waits(clerk, case),
        "papers": papers,
        "served": [one for one in served.lines(case, papers) if one.title],
        "kept": kept,
        "lies": lies,
        "to_arrive": comes and lies is None,
        "to_collect": comes and lies is not None,
        "to_send": decided and case.by_post,  # by the organ that decided, from its own counter
        "names": names,
        "may_keep": bool(names) and case.status in ("received", "correction", "accepted"),
    }
