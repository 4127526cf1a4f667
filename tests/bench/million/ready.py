"""Everything poured, or what is still missing of it; and the people through whose eyes the lists are read."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from mingqu.cases.tests.every_command import as_the_web_has_it
from mingqu.identity import services as identity
from mingqu.identity.models import Post, User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewPost, StaffActor, Within
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from tests.bench import scale
from tests.bench import world as w
from tests.bench.million import cases, items, land, prototypes
from tests.bench.million.land import Size
from tests.bench.million.pour import note, on_one_line

UNTIL = date(2026, 11, 20)
MOST, LEAST, NONE = 0, -2, -1  # counties
CLERKS = {"all": None, "most": MOST, "least": LEAST, "no": NONE}  # None: of every county


@dataclass(frozen=True)
class Poured:
    size: Size
    clerks: dict[
        str, StaffActor
    ]  # of the windows of the province, of counties with the most cases, the least, none
    reviewer: StaffActor  # whose post has the most open steps
    citizen: Actor  # who has MOST_OF_ONE cases

    def user(self, actor: Actor) -> User:
        return User.objects.get(pk=actor.user_id)


def size() -> Size:
    return Size(scale.CASES, scale.ITEMS, UNTIL)


def ready() -> Poured:
    """All items, people and cases. Raises ValueError where the database holds another number of them."""
    made = size()
    there = note("size", lambda: [made.cases, made.items, made.seed])
    if there != [made.cases, made.items, made.seed]:
        raise ValueError(f"there are {there[0]:,} cases and {there[1]:,} items in this database")
    known = note("world", _world)
    note("everything", lambda: _pour(made, known["prototypes"], UUID(known["citizen"]["id"])))
    staff = note("staff", _staff)
    citizen = Actor("citizen", **{name: UUID(value) for name, value in known["citizen"].items()})
    held = {name: _actor(one) for name, one in staff.items()}
    return Poured(made, {name: held[name] for name in CLERKS}, held["reviewer"], citizen)


def _pour(size: Size, filed: dict[str, str], whose: UUID) -> bool:
    items.pour_items(size, on_one_line)
    cases.pour_people(size, on_one_line)
    cases.pour_cases(size, filed, items.pour_land(size), whose, on_one_line)
    return True


def _world() -> dict[str, dict[str, str]]:
    """The bureau of the prototypes and the person who filed them, and what was filed."""
    with transaction.atomic():
        world = w.world()
        assert world.citizen.user_id is not None
        citizen = {"id": str(world.citizen.id), "user_id": str(world.citizen.user_id)}
        return {"citizen": citizen, "prototypes": prototypes.file_all(world)}


def _staff() -> dict[str, dict[str, str]]:
    with transaction.atomic():
        return {
            **{name: _clerk(place) for name, place in CLERKS.items()},
            "reviewer": _reviewer(),
        }


def _clerk(place: int | None) -> dict[str, str]:
    """综合窗口 of a county, of the province without one: every bureau's cases there."""
    county = land.counties()[place or 0]
    code, region = ("PROVINCE", "") if place is None else (county.stem, county.code)
    draft = NewPost(f"{code}-HALL", "综合窗口", land.bureaus(county)[0].id, ())
    post = identity.create_post(draft=draft, by=people.SYSTEM, at=people.NOON, key=new_id())
    return _held(post, "window_clerk", Within(region, None))


def _reviewer() -> dict[str, str]:
    bureau = land.bureaus(land.counties()[MOST])[0]
    return _held(
        Post.objects.get(code=bureau.post("01")).pk, "reviewer", Within(bureau.county.code, bureau.id)
    )


def _held(post: UUID, role: str, within: Within) -> dict[str, str]:
    identity.grant_role(
        post_id=post, role=role, within=within, by=people.SYSTEM, at=people.NOON, key=new_id()
    )
    user = people.staff_user("周敏", post)
    return {"id": str(user.person_id), "user_id": str(user.pk), "post_id": str(post)}


def _actor(of: dict[str, str]) -> StaffActor:
    return as_the_web_has_it(Actor("staff", **{name: UUID(value) for name, value in of.items()}))
