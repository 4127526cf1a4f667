"""The one rule of access: filter and object check are the same, and nothing is allowed by default."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.identity import services
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Department, RoleGrant
from mingqu.identity.roles import permissions, roles
from mingqu.identity.services import access
from mingqu.identity.services.access import Scope
from mingqu.identity.tests import factories
from mingqu.identity.types import Mandate, Place, Within
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

IDS = [UUID(int=n) for n in range(1, 5)]
REGIONS = ["990104001000", "990104002000", "990105000000", "990201000000", "980101000000", ""]
TYPES = ["01", "07", "20", ""]

mandates = st.lists(
    st.builds(
        Mandate,
        role=st.just("reviewer"),
        permissions=st.just(frozenset({"case.see"})),
        departments=st.none() | st.frozensets(st.sampled_from(IDS), max_size=3),
        region=st.sampled_from(["", "99", "9901", "990104", "990104001"]),
        item_types=st.none() | st.frozensets(st.sampled_from(TYPES[:3]), max_size=2),
    ),
    max_size=4,
)


def rows() -> list[RoleGrant]:
    """Every combination of the three dimensions, in a table that has them as columns."""
    posts = [factories.post() for _ in IDS]
    made = []
    for place, post_id in enumerate([*posts, None]):
        for region in REGIONS:
            for item in TYPES:
                if post_id is None:
                    continue
                made.append(
                    RoleGrant(
                        id=new_id(),
                        post_id=post_id,
                        role=f"{item}/{place}",
                        region_code=region,
                        item_types=[item],
                    )
                )
    RoleGrant.objects.bulk_create(made)
    return made


@pytest.mark.django_db
def test_the_filter_finds_exactly_what_the_object_check_allows():
    made = rows()
    places = {post_id: IDS[at] for at, post_id in enumerate(dict.fromkeys(row.post_id for row in made))}
    real = {v: k for k, v in places.items()}

    @given(mandates)
    def same(held: list[Mandate]) -> None:
        in_database = tuple(
            Mandate(
                m.role,
                m.permissions,
                None if m.departments is None else frozenset(real[d] for d in m.departments),
                m.region,
                None
                if m.item_types is None
                else frozenset(f"{i}/{n}" for i in m.item_types for n in range(5)),
            )
            for m in held
        )
        scope = Scope(mandates=in_database)
        filtered = RoleGrant.objects.filter(id__in=[row.id for row in made]).filter(
            scope.q(department="post_id", region="region_code", item_type="role")
        )
        checked = {
            row.id
            for row in made
            if Scope(mandates=tuple(held)).covers(
                Place(places[row.post_id], row.region_code, row.item_types[0])
            )
        }
        assert set(filtered.values_list("id", flat=True)) == checked

    same()


@pytest.mark.django_db
def test_a_post_acts_in_its_departments_subtree_and_nowhere_else():
    bureau = factories.department("市场监督管理局")
    office = factories.department("许可科", parent=bureau)
    other = factories.department("城市管理局")
    actor = factories.staff_actor("reviewer", department_id=bureau)

    assert access.allows(actor, "case.see", Place(bureau, "990104000000", "01"))
    assert access.allows(actor, "case.see", Place(office, "990104001000", "01"))
    assert not access.allows(actor, "case.see", Place(other, "990104000000", "01"))
    assert not access.allows(actor, "case.see", Place(bureau, "990105000000", "01"))
    assert not access.allows(actor, "case.see", Place(None, "990104000000", "01"))


@pytest.mark.django_db
def test_a_department_whose_code_begins_like_another_is_not_in_its_subtree():
    first, second = factories.department(code="scjg"), factories.department(code="scjg2")
    actor = factories.staff_actor("reviewer", department_id=first)

    assert not access.allows(actor, "case.see", Place(second, "990104000000", "01"))


@pytest.mark.django_db
def test_item_types_of_post_and_grant_narrow_each_other():
    bureau = factories.department()
    post_id = factories.post(bureau, item_types=("01", "07"))
    services.grant_role(
        post_id=post_id,
        role="reviewer",
        within=Within("", None, ("07", "20")),
        by=factories.SYSTEM,
        at=factories.NOON,
        key=new_id(),
    )
    actor = Actor(kind="staff", id=new_id(), post_id=post_id)

    allowed = [
        item for item in ("01", "07", "20") if access.allows(actor, "case.see", Place(bureau, "", item))
    ]

    assert allowed == ["07"]


@pytest.mark.django_db
@pytest.mark.parametrize("action", sorted(permissions()))
def test_nobody_may_do_anything_by_default(action):
    nowhere = Place(new_id(), "990104000000", "01")

    assert not access.allows(None, action, nowhere)
    assert not access.allows(Actor(kind="staff", id=new_id()), action, nowhere)
    assert not access.allows(Actor(kind="staff", id=new_id(), post_id=new_id()), action, nowhere)
    assert not access.allows(Actor(kind="citizen", id=new_id()), action, nowhere)
    assert Department.objects.filter(access.scope(None, action).q(department="id")).count() == 0


def test_a_citizen_may_act_on_what_is_theirs_only():
    me = Actor(kind="citizen", id=new_id())
    mine, yours = SimpleNamespace(party_ids={me.id}), SimpleNamespace(party_ids={new_id()})

    assert access.allows(me, "case.withdraw", mine)
    assert not access.allows(me, "case.withdraw", yours)
    assert not access.allows(me, "case.accept", mine)
    with pytest.raises(NotAuthorised):
        access.require(me, "case.withdraw", yours)


def test_a_misspelt_action_is_an_error_and_not_a_refusal():
    with pytest.raises(KeyError):
        access.allows(Actor(kind="citizen", id=new_id()), "case.acept", Place())


def test_no_officer_sees_a_case_and_each_may_do_what_the_others_may_not():
    three = ("system_officer", "security_officer", "audit_officer")
    officers = {code: roles()[code].permissions for code in three}

    assert all(not {p for p in held if p.startswith("case.")} for held in officers.values())
    assert "identity.grant_role" not in officers["system_officer"]
    assert "identity.create_user" not in officers["security_officer"]
    reading = (".see", ".export")
    assert {p for p in officers["audit_officer"] if not p.endswith(reading) and "see_" not in p} == set()


def test_many_mandates_widen_and_an_empty_one_adds_nothing():
    empty = Mandate("a", frozenset(), frozenset(), "", None)
    one = Mandate("b", frozenset(), frozenset({IDS[0]}), "", None)

    assert Scope((empty, one)).covers(Place(IDS[0]))
    assert not Scope((empty,)).covers(Place(IDS[0]))
