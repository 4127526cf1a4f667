"""Questions about who stands aside; each holds its access check or says that its caller does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.cases.models import Case, Recusal
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.types import Actor

PAGE = 30
TAGS = {"asked": "accepted", "stands": "void", "lifted": "done"}


@dataclass(frozen=True)
class RecusalLine:
    """One officer of one case. The words are for who may decide and for the officer; others see that it is so."""

    id: UUID
    number: str
    item: str
    person_id: UUID
    name: str
    ground: str
    text: str = field(repr=False)
    state: str
    state_words: str
    tag: str
    asked_at: datetime
    decision: str = field(default="", repr=False)


def of_case(case: Case, actor: Actor) -> list[RecusalLine]:
    """
    Who stood or stands aside, oldest first; why only for who decides and for the officer. The caller has checked
    access.
    """
    if not case.barred_ids and not access.allows(actor, "case.exclude", case):
        return []
    rows = Recusal.objects.filter(case=case).select_related("case").order_by("asked_at", "id")
    return _lines(rows, actor)


def to_decide(actor: Actor, *, after: str = "") -> tuple[list[RecusalLine], str]:
    """What waits for the head's decision within the acting post's scope, oldest first; and where the page goes on."""
    rows = _waiting(actor).select_related("case").order_by("id")
    if cursor := id_or_none(after):
        rows = rows.filter(id__gt=cursor)
    found = list(rows[: PAGE + 1])
    return _lines(found[:PAGE], actor), str(found[PAGE - 1].id) if len(found) > PAGE else ""


def standing_aside_from(case_id: UUID | None, party_id: UUID | None) -> frozenset[UUID]:
    """
    Who stands aside in this case, or in any case of this person or firm: an interest in whom a licence was granted to
    does not end with the grant. One statement. For a rule of access, so it checks none.
    """
    whose = Q(pk=case_id) if case_id else Q(pk__in=())
    if party_id is not None:
        whose |= Q(applicant_id=party_id, party_id=None) | Q(party_id=party_id)
    rows = Case.objects.filter(whose).exclude(barred_ids=[]).order_by()
    return frozenset(one for barred in rows.values_list("barred_ids", flat=True) for one in barred)


def undecided(found: Iterable[Case]) -> set[UUID]:
    """
    Of these cases those in which somebody asked to stand aside and the head has not decided yet. No statement where
    nobody stands aside; the caller has checked access.
    """
    barred = [case.pk for case in found if case.barred_ids]
    if not barred:
        return set()
    rows = Recusal.objects.filter(case_id__in=barred, state=Recusal.State.ASKED)
    return set(rows.values_list("case_id", flat=True))


def count_to_decide(actor: Actor) -> int:
    """One statement; a hundred at most are counted."""
    if not access.may(actor, "case.exclude"):
        return 0
    return len(_waiting(actor).values_list("id", flat=True)[:100])


def _waiting(actor: Actor) -> QuerySet[Recusal]:
    scope = access.scope(actor, "case.exclude").q(
        department="case__department_id", region="case__region_code", item_type="case__item_type"
    )
    return Recusal.objects.filter(scope, state=Recusal.State.ASKED).exclude(
        case__barred_ids__contains=[actor.id]
    )


def _lines(found: Iterable[Recusal], actor: Actor) -> list[RecusalLine]:
    rows = list(found)
    names = identity.names_of({row.person_id for row in rows})
    return [
        RecusalLine(
            id=row.id,
            number=row.case.number,
            item=row.case.item_name,
            person_id=row.person_id,
            name=names.get(row.person_id, ""),
            ground=str(Recusal.Ground(row.ground).label) if _may_read(row, actor) else "",
            text=(row.text or "") if _may_read(row, actor) else "",
            state=row.state,
            state_words=str(Recusal.State(row.state).label),
            tag=TAGS[row.state],
            asked_at=row.asked_at,
            decision=(row.decision or "") if _may_read(row, actor) else "",
        )
        for row in rows
    ]


def _may_read(row: Recusal, actor: Actor) -> bool:
    return actor.id == row.person_id or access.allows(actor, "case.exclude", row.case)
