"""
Where the rows of each table come from: what is looked through, and what one thing of ours comes to. A thing that is no
more, or is an exercise (培训区域), comes to no row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.catalogue.upward import selectors as catalogue
from mingqu.catalogue.upward.selectors import ReportedItem
from mingqu.certificates import selectors as certificates
from mingqu.evaluation import selectors as evaluation
from mingqu.federation.selectors import items, people
from mingqu.federation.types import Source
from mingqu.identity import selectors as identity

IDS = Callable[..., list[UUID]]


@dataclass(frozen=True)
class _Read:
    """`ids`: what there is, by id, from after one on; None: keys that are no ids. `rows`: what some come to."""

    ids: IDS | None
    rows: Callable[[Sequence[UUID], date], list[Source]]


def _of_items(make: Callable[[ReportedItem], Source]) -> Callable[[Sequence[UUID], date], list[Source]]:
    return lambda ids, _day: [make(one) for one in catalogue.reported_items(ids)]


def _extended(ids: Sequence[UUID], day: date) -> list[Source]:
    return [items.extend(one, day) for one in catalogue.reported_items(ids)]


READ = {
    "task_general_basic": _Read(catalogue.item_ids, _of_items(items.basic)),
    "task_general_extend": _Read(catalogue.item_ids, _extended),
    "task_general_material": _Read(catalogue.item_ids, _of_items(items.material)),
    "fee_project": _Read(catalogue.item_ids, _of_items(items.fees)),
    "questions": _Read(catalogue.item_ids, _of_items(items.questions)),
    "certificate": _Read(certificates.certificate_ids, people.certificates_of),
    "evaluation": _Read(evaluation.rated_case_ids, people.ratings_of),
    "affair": _Read(cases.case_ids, people.affairs_of),
    "result": _Read(cases.case_ids, people.results_of),
    "user": _Read(identity.registered_ids, people.users_of),
}
BASE = "task_directory"


def keys_after(table: str, mark: str, limit: int) -> list[str]:
    """The next keys of a table's things, in order; "" begins at the first."""
    if table == BASE:
        return catalogue.base_keys(after=mark, limit=limit)
    ids = READ[table].ids
    assert ids is not None
    return [str(one) for one in ids(after=UUID(mark) if mark else None, limit=limit)]


def read(table: str, keys: Sequence[str], day: date) -> dict[str, Source]:
    """What these come to on that day, by key; those that come to nothing are left out."""
    if table == BASE:
        found = [items.base(one) for one in catalogue.base_entries(keys)]
    else:
        found = READ[table].rows([UUID(key) for key in keys], day)
    return {one.key: one for one in found if one.rows}
