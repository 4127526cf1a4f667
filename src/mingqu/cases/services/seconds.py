"""Who may give the second word about 裁量: another person, and nobody below who set the value."""

from uuid import UUID

from mingqu.cases.errors import DiscretionPostUnfit, DiscretionSubordinate
from mingqu.cases.models import Case
from mingqu.catalogue.types import SECOND_WORD, Applied
from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


def posts_for(case: Case, but: UUID, first_post: UUID, at: Instant) -> dict[str, str]:
    """
    Code and 「部门·岗位」 of every post where somebody may give the second word: not `but`, who set the value at
    `first_post`, and no post below that one. Three statements, however many posts there are.
    """
    able = identity.posts_that_may(SECOND_WORD, Place(case.department_id, case.region_code, case.item_type))
    below = identity.posts_below(first_post, able)
    held, left_out = identity.people_by_post(able, legal_day(at)), {*case.barred_ids, but}
    return {
        post: name for post, name in able.items() if post not in below and not left_out.issuperset(held[post])
    }


def people_at(case: Case, but: UUID, post: str, at: Instant) -> set[UUID]:
    """Who holds the post and may give the word: not who set the value, nobody who stands aside."""
    return set(identity.people_at([post], legal_day(at))) - set(case.barred_ids) - {but}


def require_above(post: str, first_post: UUID) -> None:
    """The post is not below the one where the value was set. Raises DiscretionSubordinate."""
    if identity.posts_below(first_post, [post]):
        names = identity.post_names([first_post])
        second = identity.post_by_code(post)
        raise DiscretionSubordinate(
            post=f"{second.department.name}·{second.name}", first=names.get(first_post, "")
        )


def choices(case: Case, found: Applied, by: Actor, at: Instant) -> dict[str, str]:
    """The posts to choose from where the post of the definition is below who decides; else none: it is that post."""
    assert by.post_id is not None  # who decides acts at a post
    if not identity.posts_below(by.post_id, [found.of.post]):
        return {}
    return posts_for(case, by.id, by.post_id, at)


def second_post(case: Case, found: Applied, chosen: str, by: Actor, at: Instant) -> str:
    """
    Which post is to agree: the one of the definition; where that is below who decides, the one that was chosen.
    Raises DiscretionSubordinate, DiscretionPostUnfit.
    """
    assert by.post_id is not None  # access let nobody else through
    if not identity.posts_below(by.post_id, [found.of.post]):
        return found.of.post
    if not chosen:
        require_above(found.of.post, by.post_id)
    require_above(chosen, by.post_id)
    if chosen not in posts_for(case, by.id, by.post_id, at):
        raise DiscretionPostUnfit(field="post" if found.table == 1 else f"post_{found.table}")
    return chosen
