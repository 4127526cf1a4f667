"""决定书: what was decided, on what it rests, what it allows, and where to complain (行政许可法 38)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mingqu.cases import rules
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.models import Case, Discretion
from mingqu.cases.papers import Organ, basis, iso, remedies, request_paper
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition
from mingqu.certificates import selectors as certificates
from mingqu.kernel.types import Instant


def decision(
    case: Case,
    definition: Definition,
    reasons: str,
    at: Instant,
    *,
    organ: Organ,
    on_the_spot: bool = False,
    used: Sequence[Discretion] = (),
) -> str:
    """
    准予 or 不予行政许可决定书, of what is no licence 准予 or 不予决定书; its 文号.

    Headed, numbered and sealed by `organ`, which decides, also where it is not the organ of the item: a decision is
    made in the name of the organ that makes it (行政许可法 22, 38, 39). `used`: what the 裁量基准 had set.
    """
    kind = rules.decision_kind(case.item_type, case.outcome)
    common: dict[str, Any] = {
        "on_the_spot": on_the_spot,
        "accepted_on": iso(case.accepted_on),
        "basis": basis(definition, case),
        "outcome": case.outcome,
        **remedies(definition.guide),
    }
    if case.outcome == Case.Outcome.REFUSED:
        return request_paper(case, kind, at, organ, **common, reasons=reasons.splitlines())
    assert case.decided_on is not None
    result = definition.result
    granted: dict[str, Any] = {**common, "handling": case.handling_kind, "scope": _scope(case, definition)}
    granted["discretion"] = uses.on_paper(used)
    if not result.is_certificate:
        return request_paper(case, kind, at, organ, **granted, result_type=result.type)
    valid_from, valid_until = _validity(case, case.decided_on, uses.years(used, definition))
    return request_paper(
        case,
        kind,
        at,
        organ,
        **granted,
        certificate_name=result.certificate_name,
        certificate_number=_number_acted_on(case, at),
        valid_from=iso(valid_from),
        valid_until=iso(valid_until),
    )


def _number_acted_on(case: Case, at: Instant) -> str | None:
    """The number of the certificate that is changed, renewed, replaced or struck off; a new one has none yet."""
    return certificates.certificate(case.acts_on_id, at).number if case.acts_on_id else None


def _validity(case: Case, decided_on: date, years: int) -> tuple[date, date | None]:
    """First and last day of what is granted: a change keeps those of the certificate, a renewal goes on after them."""
    if case.acts_on_id is None:
        return certificates.validity(decided_on, years)
    return certificates.validity_after(case.acts_on_id, case.handling_kind, decided_on, years)


def _scope(case: Case, definition: Definition) -> str:
    """What exactly is allowed, to whom and where: the lines the certificate will have, or the decision has."""
    names = {"form": case.answers, "situation": case.situation, "applicant": {"name": case.applicant_name}}
    values = catalogue.certificate_values(definition, names)
    lines = ((field.label, values.get(field.code, "")) for field in definition.result.fields)
    return "；".join(f"{label}：{value}" for label, value in lines if value)
