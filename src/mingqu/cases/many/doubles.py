"""The same row in two tables of one person: what one of them hands in the other does not."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from mingqu.cases.models import ManyFiling, ManyRow

BEFORE = 2_000  # rows handed in earlier that a new one is compared with
IN_HAND = "——"  # instead of the number of a row that another table is just handing in
State, RowState = ManyFiling.State, ManyRow.State


def hold(owner_id: UUID) -> None:
    """Inside the command that presses: of one person's tables only one is pressed at a time."""
    waiting = ManyFiling.objects.filter(owner_id=owner_id, state__in=(State.CHECKED, State.FILING))
    list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))


def handed_in(batch: ManyFiling) -> Mapping[tuple[str, ...], str]:
    """Rows of other tables of the same person, name and service that became cases or are about to: their numbers."""
    others = ManyRow.objects.filter(
        batch__owner_id=batch.owner_id,
        batch__firm_id=batch.firm_id,
        batch__item_code=batch.item_code,
        batch__handling_code=batch.handling_code,
        batch__headers=batch.headers,
    ).exclude(batch=batch)
    taken = Q(state=RowState.FILED) | Q(state=RowState.GOOD, batch__state=State.FILING)
    found = others.filter(taken).order_by("-batch_id", "line").values_list("cells", "number")[:BEFORE]
    return {tuple(cells): number or IN_HAND for cells, number in found}


def said(number: str) -> list[str]:
    """The finding of such a row."""
    return ["", _("这一行已经提交过，办件编号%(number)s。") % {"number": number}]


def strike(batch: ManyFiling) -> None:
    """Rows that another table handed in since they were checked are good no more."""
    known, struck = handed_in(batch), []
    for row in ManyRow.objects.filter(batch=batch, state=RowState.GOOD) if known else ():
        if (number := known.get(tuple(row.cells))) is not None:
            row.findings, row.state = [said(number)], RowState.WRONG
            struck.append(row)
    ManyRow.objects.bulk_update(struck, ["findings", "state"])
