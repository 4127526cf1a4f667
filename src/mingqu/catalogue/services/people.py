"""Posts a definition names: that they are there, and that they may do what it gives them to do."""

from collections.abc import Iterator, Mapping
from typing import Any

from mingqu.catalogue import rules
from mingqu.catalogue.types import SECOND_WORD, Document, Handling, action_of, tables_of
from mingqu.identity import selectors as identity
from mingqu.identity.errors import UnknownDepartment
from mingqu.identity.services import access
from mingqu.identity.types import Place


def unknown_people(whole: Document) -> list[str]:
    """An organ and posts that the house does not know: nobody could ever do their steps."""
    codes = {whole.item.responsible_post: "责任岗位"}
    for handling in whole.handling:
        for step in (*handling.steps, *([handling.decide] if handling.decide else [])):
            for post in (step.post, *step.signers):
                codes.setdefault(post, f"{handling.name}：环节“{step.name}”的岗位")
        for of in tables_of(handling):
            codes.setdefault(of.post, f"{handling.name}：裁量基准“{of.name}”的复核岗位")
    codes.pop("", None)
    known = identity.posts_by_code(codes)
    return [f"{what}“{code}”不存在" for code, what in codes.items() if code not in known]


def powerless_people(whole: Document) -> list[str]:
    """
    Posts that are there and may not do their step on cases of the item's organ: a case would stop there and wait for
    nobody (docs/decisions/0007). The decision and the second word about 裁量 are such steps too. Of a post that is not
    there, and of steps done in another system, nothing is said.
    """
    try:
        organ = identity.department_by_code(whole.item.organ)
    except UnknownDepartment:
        return [f"实施机构“{whole.item.organ}”不存在"]
    place = Place(organ.id, whole.item.region_code, whole.item.type)
    asked = {one: None for handling in whole.handling for one in _asked(handling)}
    names = identity.posts_by_code(post for _what, post, _action in asked)
    able = {
        action: identity.posts_that_may(action, place)
        for action in dict.fromkeys(action for _what, _post, action in asked)
    }
    unable = [
        f"{what}“{names[post].department.name}·{names[post].name}”不能对{organ.name}的办件"
        f"“{access.action_words(action)}”，件会停在这里没有人办。请换一个岗位，或者请管理员在“部门和岗位”里给它授权"
        for what, post, action in asked
        if post in names and post not in able[action]
    ]
    return [*unable, *(sentence for handling in whole.handling for sentence in _below(handling, names))]


def _below(handling: Handling, names: Mapping[str, Any]) -> Iterator[str]:
    """Nobody looks over what is set by who is above (docs/decisions/0030)."""
    decides = names.get(handling.decide.post) if handling.decide else None
    tables = tables_of(handling) if decides else []
    below = identity.posts_below(decides.pk, {of.post for of in tables}) if decides and tables else set()
    for of in tables:
        if of.post in below and decides is not None:
            yield (
                f"{handling.name}：裁量基准“{of.name}”的复核岗位“{names[of.post].name}”层级低于作出决定的"
                f"“{decides.name}”，下级不能复核上级。请换一个岗位，或者请管理员在“部门和岗位”里登记岗位层级"
            )


def _asked(handling: Handling) -> Iterator[tuple[str, str, str]]:
    """(what it is, the post's code, what it must be allowed to do), each once."""
    for step in (*handling.steps, *([handling.decide] if handling.decide else [])):
        if step.where not in rules.ELSEWHERE:
            for post in (step.post, *step.signers):
                yield f"{handling.name}：环节“{step.name}”的岗位", post, action_of(step.kind)
    for of in tables_of(handling):
        yield f"{handling.name}：裁量基准“{of.name}”的复核岗位", of.post, SECOND_WORD
