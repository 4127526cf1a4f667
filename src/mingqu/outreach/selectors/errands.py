"""Errands: for the agent's post, for who looks at consent papers, for whom they are, for the pages of the case."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import spoken
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor
from mingqu.outreach.errors import ErrandUnknown
from mingqu.outreach.models import Errand, OutreachNumber
from mingqu.outreach.types import ErrandLine, ErrandPage, ErrandView, Helped

PAGE = 30
READER = Actor.system("outreach")
S = Errand.State
TAGS = {
    "open": "received",
    "paper": "special",
    "agreed": "correct",
    "filed": "accepted",
    "brought": "done",
    "ended": "void",
}
NEXT = {
    "open": "请本人同意：发同意码，或者上传签名的委托书",
    "paper": "等另一个人复核委托书",
    "agreed": "填好申请，提交",
    "brought": "办完了",
    "ended": "不用再办",
}
TABS = {
    "consent": (S.OPEN, S.PAPER),
    "fill": (S.AGREED,),
    "filed": (S.FILED,),
    "done": (S.BROUGHT, S.ENDED),
}
OVER = ("decided", "delivered", "archived")  # of a case: its result can be brought


def id_of(number: str) -> UUID:
    """Of an errand or a visit. Raises ErrandUnknown."""
    found = (
        OutreachNumber.objects.filter(number=number.strip().upper()).values_list("root_id", flat=True).first()
    )
    if found is None:
        raise ErrandUnknown()
    return found


def errand_for_update(errand_id: UUID) -> Errand:
    """Locked by its shard key. Raises ErrandUnknown."""
    found = (
        Errand.objects.select_for_update(of=("self",)).select_related("point").filter(pk=errand_id).first()
    )
    if found is None:
        raise ErrandUnknown()
    return found


def is_agents(by: Actor | None, row: Errand) -> bool:
    """His own post's, and neither ended nor taken back: an agent sees nothing but what he helps with."""
    return by is not None and row.post_id == by.post_id and access.allows(by, "errand.open", row)


def errand_at_desk(by: Actor, number: str, today: date) -> ErrandView:
    """
    For the agent's post; for who looks at its consent paper and takes down that the person takes the consent back.
    Raises ErrandUnknown.
    """
    row = Errand.objects.select_related("point").filter(pk=id_of(number)).first()
    if row is None or not (is_agents(by, row) or access.allows(by, "errand.confirm", row)):
        raise ErrandUnknown()
    return _view(row, of_agent=is_agents(by, row))


def agents_errand(by: Actor, errand_id: UUID) -> Errand:
    """Raises ErrandUnknown for what is not this post's."""
    row = Errand.objects.select_related("point").filter(pk=errand_id).first()
    if row is None or not is_agents(by, row):
        raise ErrandUnknown()
    return row


def of_draft(by: Actor, draft_id: UUID) -> Errand:
    """Its application is the person's: once she took the consent back nobody else opens it. Raises ErrandUnknown."""
    row = Errand.objects.select_related("point").filter(draft_id=draft_id).first()
    if row is None or row.state == S.ENDED or not is_agents(by, row):
        raise ErrandUnknown()
    return row


def errands_at_desk(by: Actor, tab: str, after: str = "") -> ErrandPage:
    """Of the acting post, one tab, the latest first. Keyset."""
    rows = Errand.objects.filter(post_id=by.post_id, state__in=TABS[tab])
    rows = rows.filter(access.scope(by, "errand.open").q(party="person_id")).order_by("-id")
    if cursor := id_or_none(after):
        rows = rows.filter(pk__lt=cursor)
    shown = list(rows.select_related("point").defer("said")[: PAGE + 1])
    lines = _lines(shown[:PAGE])
    return ErrandPage(tuple(lines), str(shown[PAGE - 1].pk) if len(shown) > PAGE else "")


def papers_to_check(by: Actor) -> list[ErrandLine]:
    """Consent papers that wait for a second person, the oldest first."""
    within = access.scope(by, "errand.confirm").q(party="person_id")
    rows = Errand.objects.filter(within, state=S.PAPER).order_by("opened_on", "id")
    return _lines(list(rows.select_related("point").defer("said")[:PAGE]))


def waiting_papers(by: Actor) -> int:
    """How many at most PAGE; one statement."""
    within = access.scope(by, "errand.confirm").q(party="person_id")
    return Errand.objects.filter(within, state=S.PAPER)[:PAGE].count()


def waiting_of_agent(by: Actor) -> int:
    """What waits for the agent: agreed and not handed in; one statement."""
    within = access.scope(by, "errand.open").q(party="person_id")
    return Errand.objects.filter(within, post_id=by.post_id, state=S.AGREED)[:PAGE].count()


def of_case(by: Actor, number: str) -> Errand:
    """Filed, this agent's and not taken back; for the correction of its case. Raises ErrandUnknown."""
    row = agents_errand(by, id_of(number))
    if row.state != S.FILED or row.draft_id is None:
        raise ErrandUnknown()
    return row


def helped_drafts(draft_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Of these drafts those an agent is filling in: number of the errand and name of the point; one statement."""
    rows = Errand.objects.filter(draft_id__in=list(draft_ids)).exclude(state=S.ENDED)
    return {
        draft_id: (number, point)
        for draft_id, number, point in rows.values_list("draft_id", "number", "point__name")
        if draft_id
    }


# For whom it is ----------------------------------------------------------------------------------------------


def own_errands(by: Actor) -> list[ErrandLine]:
    """What agents did or want to do for a person, the latest first."""
    rows = Errand.objects.filter(person_id=by.id).order_by("-id").select_related("point").defer("said")
    return _lines(list(rows[:PAGE]))


def own_errand(by: Actor | None, number: str) -> ErrandView:
    """Raises ErrandUnknown for anybody else's."""
    row = Errand.objects.select_related("point").filter(pk=id_of(number)).first()
    if row is None or not access.allows(by, "errand.end", row):
        raise ErrandUnknown()
    return _view(row, of_agent=False)


def helped_with(case_number: str) -> Helped | None:
    """Who helped to hand in a case, for its pages; the caller may see the case. One statement where nobody did."""
    rows = Errand.objects.exclude(case_number="").filter(case_number=case_number)
    row = rows.select_related("point").defer("said").first()
    if row is None:
        return None
    names = identity.names_of([row.agent_id])
    return Helped(
        number=row.number,
        point=row.point.name,
        telephone=row.point.telephone,
        agent=names.get(row.agent_id, ""),
        on=row.filed_on,
        consent=spoken(str(Errand.Consent(row.consent).label)),
        ended=row.state == S.ENDED,
    )


# Composition -------------------------------------------------------------------------------------------------


def _lines(rows: list[Errand]) -> list[ErrandLine]:
    names = identity.names_of({row.person_id for row in rows})
    items = catalogue.names({row.item_code for row in rows})
    known = _cases({row.draft_id for row in rows if row.state in (S.FILED, S.BROUGHT) and row.draft_id})
    return [_line(row, names, items, known) for row in rows]


def _cases(ids: Iterable[UUID]) -> dict[UUID, Any]:
    wanted = list(ids)
    if not wanted:
        return {}
    return {case.pk: case for case in cases.visible_cases(READER).filter(pk__in=wanted).defer("answers")}


def _line(row: Errand, names: dict[UUID, str], items: dict[str, str], known: dict[UUID, Any]) -> ErrandLine:
    case = known.get(row.draft_id) if row.draft_id else None
    return ErrandLine(
        number=row.number,
        state=row.state,
        state_words=spoken(str(S(row.state).label)),
        tag=TAGS[row.state],
        item_name=items.get(row.item_code, row.item_code),
        person=mask_name(names.get(row.person_id, "")),
        point=row.point.name,
        opened_on=row.opened_on,
        next=_next(row, case),
        due_on=case.due_on if case is not None and row.state == S.FILED else None,
        case_number=row.case_number if row.state != S.ENDED else "",
    )


def _next(row: Errand, case: Any) -> str:
    if row.state != S.FILED or case is None:
        return NEXT.get(row.state, "等部门答复")
    if case.status == "correction":
        agreed = row.covers_fixes or row.fix_agreed_at is not None
        return "要补正材料：本人已同意，由您补" if agreed else "要补正材料：请本人同意由您补，或者本人自己补"
    return "有结果了：送到本人手上" if case.status in OVER else "等部门办理"


def _view(row: Errand, *, of_agent: bool) -> ErrandView:
    (line,) = _lines([row])
    shut = of_agent and row.state == S.ENDED  # taken back: nothing of the case any more
    case = _cases([row.draft_id]).get(row.draft_id) if row.draft_id and row.case_number and not shut else None
    return ErrandView(
        line=replace(line, case_number="" if shut else row.case_number),
        id=row.pk,
        own=of_agent,
        has_telephone=bool(identity.phone_of(row.person_id)),
        code_sent=row.code_digest is not None and row.state in (S.OPEN, S.FILED),
        consent_words=spoken(str(Errand.Consent(row.consent).label)) if row.consent else "",
        paper_id=row.paper_id,
        said=row.said or "",
        agent=identity.names_of([row.agent_id]).get(row.agent_id, ""),
        case_words=spoken(str(case.get_status_display())) if case is not None else "",
        case_number="" if shut else row.case_number,
        query_code=str(case.query_code) if case is not None and _may_have_code(row, of_agent) else "",
        begun=row.draft_id is not None,
        fix=_fix(row, case) if of_agent else "",
    )


def _may_have_code(row: Errand, of_agent: bool) -> bool:
    """The agent prints the slip for her; once she took the consent back the new one is hers, and never his."""
    return row.state == (S.FILED if of_agent else S.ENDED)


def _fix(row: Errand, case: Any) -> str:
    if row.state != S.FILED or case is None or case.status != "correction":
        return ""
    return "ready" if row.covers_fixes or row.fix_agreed_at is not None else "ask"
