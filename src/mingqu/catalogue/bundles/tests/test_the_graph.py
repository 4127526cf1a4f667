"""Prerequisites of a bundle: circles named, parts left out bridged, the longest way found."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from mingqu.catalogue.bundles import rules


@st.composite
def graphs(draw):
    """Graphs without a circle: each part may come after parts before it; then shuffled."""
    size = draw(st.integers(1, 7))
    codes = [f"p{i}" for i in range(size)]
    after = {
        code: draw(st.lists(st.sampled_from(codes[:place]), unique=True)) if place else []
        for place, code in enumerate(codes)
    }
    return {code: after[code] for code in draw(st.permutations(codes))}


def ways(after, end):
    """Every way to a part, by plain search."""
    if not after[end]:
        return [[end]]
    return [[*way, end] for before in after[end] for way in ways(after, before)]


@given(graphs())
def test_a_graph_without_a_circle_has_none_and_its_order_keeps_every_prerequisite(after):
    assert rules.cycle(after) == []
    order = rules.in_order(after)
    assert sorted(order) == sorted(after)
    assert all(order.index(before) < order.index(code) for code in after for before in after[code])


@given(graphs(), st.data())
def test_a_circle_is_found_and_named_step_by_step(after, data):
    codes = list(after)
    ring = data.draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
    closed = {code: list(needs) for code, needs in after.items()}
    for first, then in itertools.pairwise([*ring, ring[0]]):
        closed[then] = [*closed[then], first]

    found = rules.cycle(closed)

    assert found and found[0] == found[-1]
    assert all(first in closed[then] for first, then in itertools.pairwise(found))


@given(graphs(), st.data())
def test_the_time_is_that_of_the_longest_way(after, data):
    days = {code: data.draw(st.integers(0, 20)) for code in after}

    found = rules.elapsed(after, days)

    longest = max(sum(days[c] for c in way) for end in after for way in ways(after, end))
    assert found.days == longest == sum(days[code] for code in found.path)
    assert found.serial == sum(days.values()) >= found.days
    assert all(first in after[then] for first, then in itertools.pairwise(found.path))


@given(graphs(), st.data())
def test_what_falls_away_is_bridged(after, data):
    """C after B after A, B not needed: C waits for A."""
    kept = data.draw(st.lists(st.sampled_from(list(after)), unique=True))

    left = rules.among(after, kept)

    assert set(left) == set(kept)
    for code in kept:
        reached = {c for end in [code] for way in ways(after, end) for c in way[:-1]} & set(kept)
        chain = {c for way in ways(left, code) for c in way[:-1]}
        assert chain == reached


@given(graphs(), st.data())
def test_what_depends_on_a_part_is_what_has_it_on_a_way(after, data):
    code = data.draw(st.sampled_from(list(after)))

    found = set(rules.depending_on(after, code))

    assert found == {end for end in after if end != code and any(code in way for way in ways(after, end))}
