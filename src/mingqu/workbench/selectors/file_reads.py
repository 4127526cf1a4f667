"""Who read the files of a case, or what an officer read, for the audit officer."""

from datetime import datetime
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.documents import selectors as documents
from mingqu.documents.types import BY_CODE, OWN, ReadLine
from mingqu.identity import selectors as identity
from mingqu.identity.errors import UnknownAccount
from mingqu.workbench.operating_types import ReadsPage, ReadView
from mingqu.workbench.selectors.history import action_words

PAGE = 50
OTHER = {
    "visit_photo": "现场照片",
    "visit_signature": "现场核查的签名",
    "receipt_signature": "签收",
    "commitment_signature": "承诺书的签名",
    "application_signature": "申请人签名",
}
GROUNDS = {OWN: "申请人一方", BY_CODE: "凭草稿的取件码"}


def reads_of_root(root_id: UUID, title: str, *, after: str = "") -> ReadsPage:
    """The files of one aggregate; the latest reading first."""
    return _page(title, documents.reads(root_id=root_id, before=_cursor(after), limit=PAGE + 1))


def reads_of_actor(username: str, *, after: str = "") -> ReadsPage | None:
    """What an officer opened, the latest first; None where there is no such account."""
    try:
        account = identity.staff_account(username)
    except UnknownAccount:
        return None
    found = documents.reads(actor_id=account.person_id, before=_cursor(after), limit=PAGE + 1)
    return _page(f"账号{account.username}", found)


def _page(title: str, found: list[ReadLine]) -> ReadsPage:
    lines, last = found[:PAGE], found[PAGE - 1] if len(found) > PAGE else None
    more = f"{last.at.isoformat()}_{last.id}" if last else ""
    people = identity.names_of({one.actor_id for one in lines if one.actor_kind == "staff" and one.actor_id})
    posts = identity.post_names({one.post_id for one in lines if one.post_id})
    roots = {one.root_id for one in lines}
    numbers, names = cases.numbers_of(roots), cases.material_names(roots)
    views = [_view(one, _who(one, people, posts), numbers, names) for one in lines]
    return ReadsPage(title, views, more)


def _who(one: ReadLine, people: dict[UUID, str], posts: dict[UUID, str]) -> str:
    if one.actor_kind != "staff" or one.actor_id is None:
        return "个人用户" if one.actor_kind == "citizen" else "没有登录的人"
    name, post = people.get(one.actor_id, ""), posts.get(one.post_id, "") if one.post_id else ""
    return f"{name}（{post}）" if post else name


def _view(one: ReadLine, who: str, numbers: dict[UUID, str], names: dict[tuple[UUID, str], str]) -> ReadView:
    ground = GROUNDS.get(one.ground) or action_words(one.ground)
    return ReadView(
        root_id=one.root_id,
        case=numbers.get(one.root_id, ""),
        at=one.at,
        who=who,
        what=one.title or names.get((one.root_id, one.kind), OTHER.get(one.kind, one.kind)),
        way=f"{one.way}（自助机）" if one.terminal else one.way,
        ground=ground,
        request_id=one.request_id,
    )


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    try:
        at, last = text.split("_")
        instant = datetime.fromisoformat(at)
        return (instant, UUID(last)) if instant.tzinfo else None
    except ValueError:
        return None
