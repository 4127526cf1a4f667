"""Questions about 裁量; each holds its access check or says that its caller does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from mingqu.cases import selectors
from mingqu.cases.models import Case, Discretion
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Applied, Definition, number_words
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import Article
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.types import Actor

PAGE = 30
State = Discretion.State
COUNTS = (State.WITHIN, State.AGREED)
OPEN = (State.WAITING, State.HELD)
TAGS = {
    "within": "done",
    "waiting": "accepted",
    "held": "accepted",
    "agreed": "correct",
    "sent_back": "void",
    "dropped": "void",
}
OUTCOMES = {"granted": "准予", "refused": "不予"}


@dataclass(frozen=True)
class UseLine:
    """One use of discretion, in words. The reason and the answer are for the officers of the case."""

    id: UUID
    number: str
    item: str
    name: str
    task_id: UUID
    state: str
    state_words: str
    tag: str
    rule: str  # 第2档：超过五千立方米; of none that applied, so much
    basis: str  # law and article, as papers say them
    range: str
    chosen: str
    why: str = field(repr=False)
    person_id: UUID
    post_id: UUID
    person: str
    at: datetime
    second_post: str
    second_code: str
    answered: str
    answered_at: datetime | None
    answer: str = field(repr=False)
    reasons: str = field(repr=False)
    decided_on: date | None

    @property
    def outside(self) -> bool:
        return self.state != State.WITHIN

    @property
    def waits(self) -> bool:
        return self.state == State.WAITING


def applied_to(case: Case, definition: Definition) -> list[Applied]:
    """One for each 裁量基准; empty, and no statement, where the item has none. The caller has checked access."""
    if not definition.discretions:
        return []
    reads = any("outcome" in rule.when for of in definition.discretions for rule in of.rules)
    outcomes = {one.step: one.finding for one in selectors.standing_opinions(case)} if reads else {}
    names = {"situation": case.situation, "form": case.answers or {}, "outcome": outcomes}
    return catalogue.discretion_of(definition, names)


def open_of(case: Case) -> list[Discretion]:
    """
    What is set and not decided yet, by table: what waits for a second person, and what is held for that. No statement
    where the item has no 裁量基准. The caller has checked access.
    """
    if not selectors.definition_of(case).discretions:
        return []
    return list(Discretion.objects.filter(case=case, state__in=OPEN).order_by("table"))


def waiting_of(case: Case) -> list[Discretion]:
    """Of these, what waits for a second person."""
    return [row for row in open_of(case) if row.state == State.WAITING]


def decided(case: Case) -> list[Discretion]:
    """What was set in the decision that was made, by table. One statement; none without a 裁量基准."""
    if not selectors.definition_of(case).discretions:
        return []
    return list(Discretion.objects.filter(case=case, state__in=COUNTS).order_by("table"))


def years_of(case: Case, definition: Definition) -> int:
    """For how many years what was granted is valid. A statement only where a 裁量基准 sets it."""
    return years(decided(case) if definition.years_table else [], definition)


def years(used: Iterable[Discretion], definition: Definition) -> int:
    """As it was set, where a 裁量基准 sets it, else as the result says."""
    table = definition.years_table
    found = next((row.value for row in used if row.table == table), None) if table else None
    return int(found) if found else definition.result.valid_years


def on_paper(rows: Iterable[Discretion]) -> list[str]:
    """What the paper of the decision says: circumstances and article, range, what is set, why it lies outside."""
    given = [row for row in rows if row.value is not None]
    return [line for row in given for line in _on_paper(row, f"{row.name}的" if len(given) > 1 else "")]


def _on_paper(row: Discretion, whose: str) -> list[str]:
    assert row.value is not None
    said = [f"{row.name}：{number_words(row.value)}{row.unit}"]
    if row.rule:
        said.append(f"{whose}裁量基准：{row.says}，{_ends(row)}（{basis_words(row)}）")
    if row.why:
        said.append(f"{whose.removesuffix('的')}超出裁量基准的理由：{row.why}")
    return said


def _ends(row: Discretion) -> str:
    assert row.least is not None and row.most is not None  # of a row that applied
    return f"{number_words(row.least)}至{number_words(row.most)}{row.unit}"


def of_case(case: Case) -> list[UseLine]:
    """Newest first; no statement where the item has no 裁量基准. The caller has checked access."""
    if not selectors.definition_of(case).discretions:
        return []
    rows = Discretion.objects.filter(case=case).select_related("case").order_by("-at", "table", "-id")
    return _lines(rows)


def waiting(actor: Actor, *, after: str = "") -> tuple[list[UseLine], str]:
    """What waits for the acting post, oldest first; and where the page goes on."""
    rows = _waiting(actor).select_related("case").order_by("id")
    if cursor := id_or_none(after):
        rows = rows.filter(id__gt=cursor)
    found = list(rows[: PAGE + 1])
    return _lines(found[:PAGE]), str(found[PAGE - 1].id) if len(found) > PAGE else ""


def count_waiting(actor: Actor) -> int:
    """For others than who asked; a hundred at most are counted."""
    if not access.may(actor, "case.answer_discretion"):
        return 0
    return len(_waiting(actor).exclude(person_id=actor.id).values_list("id", flat=True)[:100])


def _waiting(actor: Actor) -> QuerySet[Discretion]:
    post = identity.acting_post(actor)
    if post is None:
        return Discretion.objects.none()
    scope = access.scope(actor, "case.answer_discretion").q(
        department="case__department_id", region="case__region_code", item_type="case__item_type"
    )
    rows = Discretion.objects.filter(scope, state=State.WAITING, second_post=post.code)
    return rows.filter(case__status=Case.Status.ACCEPTED).exclude(case__barred_ids__contains=[actor.id])


def basis_words(row: Discretion) -> str:
    return article_text(Article(row.law, row.article, row.paragraph)) if row.law else "没有适用的档次"


def range_words(row: Discretion) -> str:
    if row.rule == 0:
        return "没有适用的档次"
    said = _ends(row)
    return f"应当{OUTCOMES[row.to_be]}，{said}" if row.to_be else said


def _lines(found: Iterable[Discretion]) -> list[UseLine]:
    rows = list(found)
    people = {one for row in rows for one in (row.person_id, row.answered_by) if one}
    names = identity.names_of(people) if people else {}
    posts = identity.posts_by_code({row.second_post for row in rows if row.second_post}) if rows else {}
    return [
        UseLine(
            id=row.id,
            number=row.case.number,
            item=row.case.item_name,
            name=row.name,
            task_id=row.task_id,
            state=row.state,
            state_words=str(State(row.state).label),
            tag=TAGS[row.state],
            rule=f"第{row.rule}档：{row.says}" if row.rule else "没有适用的档次",
            basis=basis_words(row),
            range=range_words(row),
            chosen=chosen_words(row),
            why=row.why or "",
            person_id=row.person_id,
            post_id=row.post_id,
            person=names.get(row.person_id, ""),
            at=row.at,
            second_post=posts[row.second_post].name if row.second_post in posts else row.second_post,
            second_code=row.second_post,
            answered=names.get(row.answered_by, "") if row.answered_by else "",
            answered_at=row.answered_at,
            answer=row.answer or "",
            reasons=row.reasons or "",
            decided_on=row.decided_on,
        )
        for row in rows
    ]


def chosen_words(row: Discretion) -> str:
    value = "" if row.value is None else f"，{row.name}{number_words(row.value)}{row.unit}"
    return OUTCOMES[row.outcome] + value


# -- how often inside and outside ------------------------------------------------------------------------------------

BY = {"department": "部门", "item": "事项", "name": "裁量的内容", "month": "月份"}
KEYS = {
    "department": ("case__department__code", "case__department__name"),
    "item": ("case__item_code", "case__item_name"),
    "name": ("name", "name"),
}
MOST_ROWS = 200


@dataclass(frozen=True)
class Wanted:
    """What the report is about: days, by what it is divided, and what it is narrowed to ("" all)."""

    since: date
    until: date
    by: str = "department"
    department: str = ""
    item: str = ""
    outside: bool = False  # of the cases: only those decided outside the range


ENOUGH = 10  # decisions


@dataclass(frozen=True)
class Share:
    """One department, item or month: how many decisions lie within the range, and how many outside."""

    key: str
    name: str
    inside: int
    outside: int

    @property
    def whole(self) -> int:
        return self.inside + self.outside

    @property
    def percent(self) -> str:
        """Not of so few that one decision moves it far: then the two numbers alone tell something."""
        return f"{self.outside * 100 / self.whole:.1f}%" if self.whole >= ENOUGH else "—"


def report(actor: Actor, wanted: Wanted) -> list[Share]:
    """By department, item or month, within what the post may see; one statement, over an index of days."""
    rows: Any = _counted(actor, wanted)
    if wanted.by == "month":
        rows = rows.annotate(k=TruncMonth("decided_on")).values("k").order_by("-k")
    else:
        key, name = KEYS[wanted.by]
        rows = rows.values(k=F(key), n=F(name)).order_by("k", "n")
    found = rows.annotate(inside=Count("id", filter=Q(state=State.WITHIN)))
    found = found.annotate(outside=Count("id", filter=Q(state=State.AGREED)))[:MOST_ROWS]
    if wanted.by == "month":
        return [
            Share(f"{one['k']:%Y-%m}", f"{one['k'].year}年{one['k'].month}月", one["inside"], one["outside"])
            for one in found
        ]
    shares: dict[str, Share] = {}
    for one in found:  # an item may have been called otherwise before: its latest name stands
        before = shares.get(one["k"], Share(one["k"], "", 0, 0))
        whole = before.inside + one["inside"], before.outside + one["outside"]
        shares[one["k"]] = Share(one["k"], one["n"], *whole)
    return sorted(shares.values(), key=lambda one: (-one.outside, -one.inside, one.key))


def behind(actor: Actor, wanted: Wanted, *, after: str = "", size: int = PAGE) -> tuple[list[UseLine], str]:
    """The decisions of the report, the newest first, as far as the post may see the cases; keyset by id."""
    rows = _counted(actor, wanted).filter(
        access.scope(actor, "case.see").q(
            department="case__department_id", region="case__region_code", item_type="case__item_type"
        )
    )
    if wanted.outside:
        rows = rows.filter(state=State.AGREED)
    if cursor := id_or_none(after):
        rows = rows.filter(id__lt=cursor)
    found = list(rows.select_related("case").order_by("-id")[: size + 1])
    return _lines(found[:size]), str(found[size - 1].id) if len(found) > size else ""


def _counted(actor: Actor, wanted: Wanted) -> QuerySet[Discretion]:
    scope = access.scope(actor, "board.see").q(
        department="case__department_id", region="case__region_code", item_type="case__item_type"
    )
    rows = Discretion.objects.filter(
        scope, state__in=COUNTS, decided_on__gte=wanted.since, decided_on__lte=wanted.until
    )
    if wanted.department:
        rows = rows.filter(case__department__code=wanted.department)
    return rows.filter(case__item_code=wanted.item) if wanted.item else rows
