"""
镇街 that an application is about: of the item where a street or town handles it itself, else named by an address of the
form. Nothing finer is said, and nothing where no address names exactly one street of the county (未填).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from mingqu.cases.models import Case
from mingqu.cases.rules import street_in
from mingqu.catalogue import selectors as catalogue
from mingqu.forms import services as forms
from mingqu.kernel import regions
from mingqu.kernel.rows import Columns, read_often

COUNTY, STREET, FULL = 6, 9, 12
_ASKED = Columns(Case, "c", only=("id", "region_code", "revision_id", "handling_code", "answers"))
_CASES = f"SELECT {_ASKED} FROM cases_case c WHERE c.id = ANY(%s)"  # noqa: S608  constants
Streets = dict[str, str]  # name → code


def streets_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """
    12-digit code of the street or town of each of these cases, or "". Answers are read for that alone. One statement,
    and one for each county where an address was given. The caller shows nobody a single one of them.
    """
    counties: dict[str, Streets] = {}
    found = {}
    for case in map(_ASKED.instance, read_often(_CASES, [list(ids)])):
        code = case.region_code
        if code[COUNTY:STREET].strip("0"):
            found[case.pk] = code[:STREET].ljust(FULL, "0")
            continue
        county, addresses = code[:COUNTY], [one for one in _addresses(case) if one]
        if addresses and county not in counties:
            counties[county] = regions.names_below(county)
        found[case.pk] = street_in(addresses, counties[county]) if addresses else ""
    return found


def _addresses(case: Case) -> list[str]:
    """What was typed into fields for addresses, in the order of the form."""
    answers: Any = case.answers or {}
    return [str(forms.get(answers, path) or "") for path in _paths(case.revision_id, case.handling_code)]


@cache
def _paths(revision: UUID, handling: str) -> tuple[str, ...]:
    """A published revision never changes."""
    form = catalogue.definition(revision, handling).form
    schema = forms.known_schema(form.schema, form.pages)
    return tuple(path for path, field in schema.fields.items() if field.kind == "address")
