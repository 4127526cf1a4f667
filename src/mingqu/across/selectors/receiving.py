"""What a window may receive for another district, and what it received; never a case that it did not receive."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.across import rules
from mingqu.across.errors import ReceptionUnknown
from mingqu.across.models import Agreement, AgreementItem, Reception
from mingqu.across.types import Offered, ReceivedAt, ReceptionPage, ReceptionView
from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView, Place
from mingqu.kernel import regions
from mingqu.kernel.errors import spoken
from mingqu.kernel.identifiers import COUNTY
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor

PAGE = 30
MOST_COUNTED = 99
NEW = "new"  # of the kinds of handling the one that acts on no certificate
READER = Actor.system("across")
S = Reception.State
TABS = {"filed": "已收件", "open": "正在填", "ended": "没有收"}
TAGS = {"open": "received", "filed": "accepted", "ended": "void"}
NEXT = {
    "received": "等{organ}答复",
    "correction": "要补正：请申请人带材料来，在这里补交",
    "accepted": "{organ}在办",
    "decided": "有结果了：没到的等到件，到了的发给申请人",
    "delivered": "结果已送达",
    "archived": "办完了",
}
HOLDS = Q(state__in=(Agreement.State.AGREED, Agreement.State.WITHDRAWN))


def in_force_on(today: date) -> Q:
    """The filter for agreements that hold on a day: what `rules.in_force` says of one."""
    until = Q(until_on=None) | Q(until_on__gte=today)
    return HOLDS & Q(from_on__lte=today) & until & (Q(ends_on=None) | Q(ends_on__gt=today))


def offered(by: Actor, today: date) -> list[Offered]:
    """What this post's window may receive for another district today, by name; nothing that acts on a certificate."""
    scope = access.scope(by, "across.receive")
    rows = Agreement.objects.filter(in_force_on(today), way=Agreement.Way.COLLECT)
    found = list(rows.select_related("home", "away").order_by("number"))
    pairs = AgreementItem.objects.filter(agreement__in=[row.pk for row in found]).order_by("item_code")
    by_id = {row.pk: row for row in found}
    codes = [(by_id[pk], code) for pk, code in pairs.values_list("agreement_id", "item_code")]
    items = catalogue.items({code for _row, code in codes})
    lines = []
    for row, code in codes:
        item, hall = items.get(code), row.away
        if item is None or item.current_id is None:
            continue
        if not scope.covers(Place(hall.department_id, hall.region_code, item.item_type)):
            continue
        for handling in catalogue.applicable(catalogue.document(item.current_id)):
            if handling.kind == NEW:
                name = f"{item.name}（{handling.name}）"
                lines.append(
                    Offered(
                        row.pk, row.number, code, handling.code, name, item.department.name, row.home.name
                    )
                )
    return sorted(lines, key=lambda one: (one.name, one.agreement))


def reception(by: Actor, reception_id: UUID) -> Reception:
    """Of this post's hall. Raises ReceptionUnknown."""
    row = Reception.objects.select_related("agreement", "hall").filter(pk=reception_id).first()
    if row is None or not access.allows(by, "across.receive", row):
        raise ReceptionUnknown()
    return row


def reception_of_draft(by: Actor, draft_id: UUID) -> Reception:
    """The same by the draft it fills. Raises ReceptionUnknown."""
    row = Reception.objects.select_related("agreement", "hall").filter(draft_id=draft_id).first()
    if row is None or row.state == S.ENDED or not access.allows(by, "across.receive", row):
        raise ReceptionUnknown()
    return row


def receptions(by: Actor, tab: str, *, after: str = "") -> ReceptionPage:
    """Of this post's halls, one tab, the latest first. Keyset."""
    rows = _of(by).filter(state=tab if tab in TABS else S.FILED).order_by("-id")
    if cursor := id_or_none(after):
        rows = rows.filter(pk__lt=cursor)
    found = list(rows.select_related("agreement__home", "hall")[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return ReceptionPage(tuple(_views(found[:PAGE])), more)


def view_of(row: Reception) -> ReceptionView:
    """The caller has checked that it is this post's."""
    return _views([row])[0]


def to_go_on(by: Actor) -> tuple[int, int]:
    """Of what this post's halls received: how many wait for a correction, how many have a result; one statement."""
    ours = _of(by).filter(state=S.FILED).values("draft_id")
    rows = cases.visible_cases(READER).filter(pk__in=ours, status__in=("correction", "decided"))
    found = list(rows.values_list("status", flat=True)[: 2 * MOST_COUNTED])
    return found.count("correction"), found.count("decided")


def received_at(case_id: UUID) -> ReceivedAt | None:
    """For the pages of the case, whose reader was let in there; one statement where nobody received it elsewhere."""
    row = (
        Reception.objects.select_related("agreement__home", "hall")
        .filter(draft_id=case_id, state=S.FILED)
        .first()
    )
    if row is None or row.filed_on is None:
        return None
    clerk = identity.names_of([row.officer_id]).get(row.officer_id, "")
    home = row.agreement.home.name
    return ReceivedAt(row.hall.name, clerk, row.filed_on, row.agreement.number, home, row.home_gives)


def given_elsewhere(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of these cases, those whose result another district's hall gives out: its name; the caller has checked access."""
    rows = Reception.objects.filter(draft_id__in=list(case_ids), state=S.FILED, home_gives=False)
    return {pk: name for pk, name in rows.values_list("draft_id", "hall__name") if pk is not None}


def marks(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """
    Of these cases, those that a hall of another district received: the district. One statement; the caller has checked
    access, and asks only for what was filed at a window.
    """
    wanted = list(case_ids)
    rows = (
        Reception.objects.filter(draft_id__in=wanted, state=S.FILED) if wanted else Reception.objects.none()
    )
    return {
        pk: district_name(region)
        for pk, region in rows.values_list("draft_id", "hall__region_code")
        if pk is not None
    }


@cache
def district_name(region_code: str) -> str:
    """临泊区; of what has no name the whole one of the region."""
    found = regions.current(f"{region_code[:COUNTY]}000000")
    return found.name if found else regions.full_name(region_code)


def may_move_giving(case: Any) -> bool:
    """Whether it can still be changed which hall gives the result out."""
    return rules.may_move_giving(case.status, case.delivery_way, case.by_post)


def giving_of(case_id: UUID) -> tuple[str, Any]:
    """Of what a hall elsewhere received: which hall gives the result out, and its case. For who is to be told."""
    row = Reception.objects.select_related("hall", "agreement__home").get(draft_id=case_id)
    case = cases.visible_cases(READER).get(pk=case_id)
    return (row.agreement.home if row.home_gives else row.hall).name, case


def organ_of(row: Reception) -> DepartmentView:
    """Who decides: the item's department. Raises ItemUnknown only for what was never published."""
    if row.state == S.FILED and row.draft_id is not None:
        found = cases.visible_cases(READER).filter(pk=row.draft_id).values_list("department_id", flat=True)
        if department_id := found.first():
            return identity.department(department_id)
    return identity.department(catalogue.item(row.item_code).department_id)


def joint_regions(item_code: str, region: str, day: date) -> list[str]:
    """多地联办: the other districts whose organs give an opinion about this item of a region on a day."""
    rows = Agreement.objects.filter(in_force_on(day), way=Agreement.Way.JOINT, items__item_code=item_code)
    rows = rows.filter(home__region_code__startswith=region[:COUNTY])
    return list(rows.values_list("away__region_code", flat=True).distinct())


def partners(by: Actor, today: date) -> list[tuple[UUID, str]]:
    """Departments of the other side's halls under agreements of this post's district: originals go back to them."""
    own = identity.acting_post(by)
    if own is None:
        return []
    county = identity.department(own.department_id).region_code[:COUNTY]
    rows = Agreement.objects.filter(in_force_on(today), way=Agreement.Way.COLLECT)
    found = rows.filter(home__region_code__startswith=county).order_by("away__code")
    pairs = found.values_list("away__department_id", "away__department__name")
    return list(dict.fromkeys(pairs))


def _of(by: Actor) -> QuerySet[Reception]:
    return Reception.objects.filter(access.scope(by, "across.receive").q(party="person_id"))


def _views(rows: list[Reception]) -> list[ReceptionView]:
    names = identity.names_of({one for row in rows for one in (row.person_id, row.officer_id)})
    items = catalogue.names({row.item_code for row in rows})
    known = _cases(row.draft_id for row in rows if row.state == S.FILED and row.draft_id)
    organs = _organs(rows, known)
    return [_view(row, names, items, known, organs) for row in rows]


def _view(
    row: Reception,
    names: dict[UUID, str],
    items: dict[str, str],
    known: dict[UUID, Any],
    organs: dict[UUID, str],
) -> ReceptionView:
    case = known.get(row.draft_id) if row.draft_id else None
    organ = organs.get(row.pk, "")
    return ReceptionView(
        id=row.pk,
        state=row.state,
        state_words=str(S(row.state).label),
        tag=TAGS[row.state],
        item_name=items.get(row.item_code, row.item_code),
        person=mask_name(names.get(row.person_id, "")),
        person_id=row.person_id,
        organ=organ,
        home=row.agreement.home.name,
        hall=row.hall.name,
        agreement=row.agreement.number,
        clerk=names.get(row.officer_id, ""),
        opened_on=row.opened_on,
        filed_on=row.filed_on,
        next=_next(row, case, organ),
        due_on=case.due_on if case is not None else None,
        case_id=case.pk if case is not None else None,
        case_number=case.number if case is not None else "",
        case_state=spoken(str(case.get_status_display())) if case is not None else "",
        begun=row.draft_id is not None,
        home_gives=row.home_gives,
        district=district_name(row.agreement.home.region_code),
    )


def _next(row: Reception, case: Any, organ: str) -> str:
    if row.state == S.ENDED:
        return "没有收，不用再办"
    if case is None:
        return "填好申请，提交"
    if case.status == "decided" and row.home_gives:
        return f"有结果了：对方已经收回，由{row.agreement.home.name}发给申请人"
    if case.status == "decided" and case.by_post:
        return f"有结果了：申请人要求寄给他，由{organ}寄出"
    return NEXT.get(case.status, "不再办理").format(organ=organ)


def _cases(ids: Iterable[UUID]) -> dict[UUID, Any]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = cases.visible_cases(READER).filter(pk__in=wanted).select_related("department")
    return {case.pk: case for case in rows.defer("answers")}


def _organs(rows: list[Reception], known: dict[UUID, Any]) -> dict[UUID, str]:
    """Who decides, by row: of the case, or else of the item."""
    filed = {row.pk: known[row.draft_id].department.name for row in rows if row.draft_id in known}
    items = catalogue.items({row.item_code for row in rows if row.pk not in filed})
    rest = {row.pk: items[row.item_code].department.name for row in rows if row.item_code in items}
    return rest | filed
