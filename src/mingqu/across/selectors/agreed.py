"""Questions about agreements; each holds its access check."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from mingqu.across import rules
from mingqu.across.errors import AgreementUnknown
from mingqu.across.models import Agreement, AgreementDeed, AgreementItem
from mingqu.across.types import AgreementPage, AgreementView, DeedLine, ItemLine
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.search import selectors as search
from mingqu.catalogue.search.types import Narrow
from mingqu.hall import selectors as halls
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel.codelists import code_list
from mingqu.kernel.identifiers import COUNTY
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.types import Actor

PAGE = 30
LOOKED_AT, SHOWN_ITEMS = 60, 20
S = Agreement.State
TAGS = {
    "proposed": "received",
    "agreed": "accepted",
    "declined": "refused",
    "taken_back": "void",
    "withdrawn": "void",
}
SHOWN = {
    "": ("全部", Q()),
    "open": ("等确认的", Q(state=S.PROPOSED)),
    "agreed": ("双方已确认的", Q(state=S.AGREED)),
    "ended": ("没有成、已退出的", Q(state__in=(S.DECLINED, S.TAKEN_BACK, S.WITHDRAWN))),
}


def place_of(hall: Any) -> Place:
    """Where a side lies for the access rule."""
    return Place(hall.department_id, hall.region_code, "")


def own_halls(by: Actor) -> list[Any]:
    """Those for which the acting post may propose and answer."""
    return list(halls.halls_managed(by, "agreement.propose"))


def other_halls(by: Actor) -> list[Any]:
    """Those with which it may agree: of other districts."""
    own = own_halls(by)
    return [
        one
        for one in halls.halls()
        if any(rules.another_place(one.region_code, mine.region_code) for mine in own)
    ]


def agreements(by: Actor, today: date, *, shown: str = "", way: str = "", after: str = "") -> AgreementPage:
    """Of the acting post's halls on either side, the latest first. Keyset."""
    rows = _of(by).filter(SHOWN.get(shown, SHOWN[""])[1])
    if way in Agreement.Way.values:
        rows = rows.filter(way=way)
    if cursor := id_or_none(after):
        rows = rows.filter(pk__lt=cursor)
    found = list(rows[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return AgreementPage(tuple(_views(found[:PAGE], today)), more)


def all_agreements(by: Actor, today: date) -> list[AgreementView]:
    """For the table that is taken away."""
    return _views(_of(by), today)


def agreement(by: Actor, number: str, today: date) -> AgreementView:
    """With its history and what this post may do now. Raises AgreementUnknown."""
    row = _of(by).filter(number=number.strip().upper()).first()
    if row is None:
        raise AgreementUnknown()
    return _views([row], today, by=by)[0]


def area_of(item: Any) -> tuple[int | None, str]:
    """通办范围 of a published item: digits of two regions that must be alike (None: none is named), and its words."""
    code = catalogue.document(item.current_id).item.handle_area
    known = code_list("handle_area")
    if code not in known:
        return None, "没有写"
    return int(known.require(code).attributes["same_digits"]), f"是{known.name(code)}"


def choices(by: Actor, words: str) -> list[ItemLine]:
    """
    Items for an agreement, found by words as citizens find them: those whose definition names a 通办范围 beyond their
    district, of the districts of any two halls this post may agree between.
    """
    hits = search.find(words, Narrow(gate="applicable", kind="item"), most=LOOKED_AT).hits
    codes = [hit.code for hit in hits]
    items, halls_here = catalogue.items(codes), [*own_halls(by), *other_halls(by)]
    found = []
    for code in dict.fromkeys(codes):
        item = items.get(code)
        area = area_of(item)[0] if item is not None else None
        if item is None or area is None or area >= COUNTY:
            continue
        if any(rules.lies_in(item.region_code, hall.region_code) for hall in halls_here):
            found.append(ItemLine(code, item.name, item.department.name))
    return found[:SHOWN_ITEMS]


def named(codes: Iterable[str]) -> list[ItemLine]:
    """Published items by code, as they may be ticked; what is none is left out."""
    items = catalogue.items(codes)
    return [ItemLine(code, one.name, one.department.name) for code, one in sorted(items.items())]


def waiting(by: Actor) -> int:
    """How many wait for this post's side to answer, at most PAGE; one statement."""
    scope = access.scope(by, "agreement.answer")
    asked = Q(by_home=False) & scope.q(**_columns("home")) | Q(by_home=True) & scope.q(**_columns("away"))
    return len(Agreement.objects.filter(asked, state=S.PROPOSED).values_list("pk")[:PAGE])


def hold_pair(home_id: UUID, away_id: UUID) -> None:
    """Until the transaction ends nobody else proposes between these two halls."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"agreement:{home_id}:{away_id}"]
        )


def live_between(home_id: UUID, away_id: UUID, way: str, codes: Iterable[str]) -> list[tuple[Agreement, str]]:
    """Agreements of these halls and this way, proposed or agreed to, each with every one of these items it names."""
    live = Agreement.objects.filter(
        home=home_id, away=away_id, way=way, state__in=(S.PROPOSED, S.AGREED, S.WITHDRAWN)
    )
    named = AgreementItem.objects.filter(agreement__in=live, item_code__in=list(codes)).select_related(
        "agreement"
    )
    return [(one.agreement, one.item_code) for one in named.order_by("agreement_id", "item_code")]


def for_update(agreement_id: UUID) -> Agreement:
    """Locked. Raises AgreementUnknown."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("home", "away")
    found = rows.filter(pk=agreement_id).first()
    if found is None:
        raise AgreementUnknown()
    return found


def _columns(side: str) -> dict[str, Any]:
    return {
        "department": f"{side}__department_id",
        "region": f"{side}__region_code",
        "item_type": "way",  # who is limited to types of items signs for no hall
    }


def _of(by: Actor) -> QuerySet[Agreement]:
    scope = access.scope(by, "agreement.see")
    seen = scope.q(**_columns("home")) | scope.q(**_columns("away"))
    return Agreement.objects.filter(seen).select_related("home", "away").order_by("-id")


def _views(found: Iterable[Agreement], today: date, *, by: Actor | None = None) -> list[AgreementView]:
    rows = list(found)
    items = _items(rows)
    return [
        AgreementView(
            id=row.pk,
            number=row.number,
            way=row.way,
            way_words=str(Agreement.Way(row.way).label),
            state=row.state,
            state_words=str(S(row.state).label),
            tag=TAGS[row.state],
            home=row.home.name,
            away=row.away.name,
            from_on=row.from_on,
            until_on=row.until_on,
            ends_on=row.ends_on,
            terms=row.terms,
            in_force=rules.in_force(row.state, row.from_on, row.until_on, row.ends_on, today),
            turn=_turn(row, today),
            items=tuple(items.get(row.pk, ())),
            **(_own(row, by) if by is not None else {}),
        )
        for row in rows
    ]


def _items(rows: list[Agreement]) -> dict[UUID, list[ItemLine]]:
    found_items = AgreementItem.objects.filter(agreement__in=[row.pk for row in rows]).order_by("item_code")
    pairs = list(found_items.values_list("agreement_id", "item_code"))
    names = catalogue.names({code for _pk, code in pairs})
    found: dict[UUID, list[ItemLine]] = {}
    for pk, code in pairs:
        found.setdefault(pk, []).append(ItemLine(code, names.get(code, code)))
    return found


def _turn(row: Agreement, today: date) -> str:
    """Whose turn it is, in words."""
    if row.state == S.PROPOSED:
        return f"等{(row.away if row.by_home else row.home).name}确认"
    if rules.in_force(row.state, row.from_on, row.until_on, row.ends_on, today):
        return "有效"
    return "还没有开始" if row.state == S.AGREED and today < row.from_on else "不再有效"


def _own(row: Agreement, by: Actor) -> dict[str, Any]:
    deeds = list(AgreementDeed.objects.filter(agreement=row).order_by("at", "id"))
    names = identity.names_of({one.officer_id for one in deeds})
    posts = identity.post_names(one.post_id for one in deeds if one.post_id)
    asked, asking = (row.away, row.home) if row.by_home else (row.home, row.away)
    sides = [place_of(row.home), place_of(row.away)]
    return {
        "deeds": tuple(
            DeedLine(
                words=str(AgreementDeed.Deed(one.deed).label),
                side=(row.home if one.by_home else row.away).name,
                post=posts.get(one.post_id, "") if one.post_id else "",
                person=names.get(one.officer_id, ""),
                at=one.at,
                reason=one.reason,
            )
            for one in deeds
        ),
        "may_answer": row.state == S.PROPOSED
        and access.allows(by, "agreement.answer", place_of(asked))
        and deeds[0].officer_id != by.id,
        "may_take_back": row.state == S.PROPOSED and access.allows(by, "agreement.propose", place_of(asking)),
        "may_withdraw": row.state == S.AGREED
        and any(access.allows(by, "agreement.withdraw", side) for side in sides),
    }
