"""Ratings for tests: each given by the command, of a case that was really filed and decided."""

from uuid import uuid4

from mingqu.cases import services as cases
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.evaluation.services import Answer, rate_case

NOON = f.FRIDAY_NOON


def rate(w, case, level=5, *, reasons=(), text="", by=None, at=NOON, key=None):
    return rate_case(
        case_id=case.pk,
        answer=Answer(level, list(reasons), text),
        by=by or w.citizen,
        at=at,
        key=key or uuid4(),
    )


def withdrawn_case(w, at=NOON):
    """The cheapest case that may be rated."""
    case = f.received_case(w, at=at)
    cases.withdraw_case(case_id=case.pk, by=w.citizen, at=at, key=uuid4())
    case.refresh_from_db()
    return case


def not_accepted_case(w, at=NOON):
    case = f.received_case(w, at=at)
    cases.refuse_acceptance(
        case_id=case.pk,
        ground="not_competent",
        organ="澜州市市场监督管理局",
        reason="经营场所不在清禾区",
        by=w.clerk,
        at=at,
        key=uuid4(),
    )
    case.refresh_from_db()
    return case


def delivered_case(w, at=NOON):
    case = f.decided_case(w, at=at)
    cases.deliver_case(case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=at, key=uuid4())
    case.refresh_from_db()
    return case
