"""
The definition a case rests on: promise, form and materials as filed; the steps as it goes on by now, where its process
was brought to a later revision (流程迁移).
"""

from dataclasses import replace
from uuid import UUID

from mingqu.cases.models import Case
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.catalogue.types import Definition


def definition_of(case: Case) -> Definition:
    """
    By what it is handled. A revision that was published without an 行政复议机关 names the one that its department has,
    so that its papers can be made (行政复议法 20).
    """
    if case.flow_revision_id is None:
        found = catalogue.definition(case.revision_id, case.handling_code)
    else:
        found = revisions.by_steps_of(case.revision_id, case.flow_revision_id, case.handling_code)
    if found.guide.reconsideration_organ.strip():
        return found
    return replace(found, guide=replace(found.guide, reconsideration_organ=case.department.review_organ))


def flow_of(case: Case) -> UUID:
    """The revision whose steps it goes by."""
    return case.flow_revision_id or case.revision_id


def kinds_of(case: Case) -> dict[str, str]:
    """What each step is (承办, 审核 …), those of the processes it went by before included."""
    kinds: dict[str, str] = {}
    for revision in (*case.flow_past, flow_of(case)):
        of = catalogue.definition(revision, case.handling_code)
        kinds |= {step.id: step.kind for step in (*of.steps, of.decide)}
    return kinds
