"""Who stands above whom: by department, else by the rank that is registered, or that the roles tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.identity import selectors
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Post
from mingqu.identity.ranks import Ranked
from mingqu.identity.services.organs import rank_post
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

PATHS = st.sampled_from(["A/", "A/B/", "A/C/", "D/"])
RANKED = st.builds(Ranked, PATHS, st.integers(1, 4))


@given(RANKED, RANKED, RANKED)
def test_nobody_is_below_herself_and_of_two_at_most_one_is_below(one, other, third):
    assert not one.below(one)
    assert not (one.below(other) and other.below(one))
    if one.path == other.path == third.path and one.below(other) and other.below(third):
        assert one.below(third)


@pytest.mark.django_db
def test_the_roles_tell_until_a_rank_is_registered():
    bureau = people.department()
    leader, checker, head = (people.post(bureau, role) for role in ("approver", "checker", "department_head"))
    codes = {pk: Post.objects.get(pk=pk).code for pk in (leader, checker, head)}
    assert selectors.posts_below(leader, codes.values()) == {codes[checker]}

    rank_post(post_id=checker, rank=Post.Rank.DEPUTY, by=people.SYSTEM, at=people.NOON, key=new_id())

    assert selectors.posts_below(leader, codes.values()) == set()
    notes = AuditEntry.objects.get(root_id=checker, action="identity.rank_post").notes
    assert (notes["rank"], notes["rank_before"]) == (3, 0)


@pytest.mark.django_db
def test_a_station_is_below_its_bureau_whatever_its_head_is_called():
    bureau = people.department()
    station = people.department("青澜所", parent=bureau)
    leader, head = people.post(bureau, "approver"), people.post(station, "department_head")
    code = {pk: Post.objects.get(pk=pk).code for pk in (leader, head)}

    assert selectors.posts_below(leader, [code[head]]) == {code[head]}
    assert selectors.posts_below(head, [code[leader]]) == set()


@pytest.mark.django_db
def test_a_rank_is_registered_by_who_grants_powers_alone():
    post = people.post(people.department(), "reviewer")

    with pytest.raises(NotAuthorised):
        rank_post(post_id=post, rank=4, by=people.staff_actor("reviewer"), at=people.NOON, key=new_id())

    assert Post.objects.get(pk=post).rank == 0
