"""The organs, posts and people that one imported item needs, made by the commands that production uses."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from mingqu.catalogue import services as catalogue
from mingqu.catalogue.imports.organs import FOR_TRAINING
from mingqu.catalogue.imports.templates import seats_of
from mingqu.catalogue.imports.training import enter_posts
from mingqu.identity import selectors as identity_selectors
from mingqu.identity import services as identity
from mingqu.identity.services import regions
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewDepartment, NewPost, Within
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models_regions import Region
from mingqu.kernel.training import known
from mingqu.kernel.types import Actor
from tests.real_items import rows

# A Friday in 2024: the published list of working days ends with 2026, and some periods are longer than a year.
FILED = datetime(2024, 3, 15, 10, 0, tzinfo=BEIJING)
SYSTEM = people.SYSTEM


@dataclass
class House:
    """Who is there; `staff` by the code of their post."""

    document: dict[str, Any]
    clerk: Actor
    stranger: Actor  # a reviewer of an organ that has nothing to do with it
    citizen: Actor
    staff: dict[str, Actor] = field(default_factory=dict)

    @property
    def handling(self) -> dict[str, Any]:
        (handling,) = self.document["handling"]
        return handling


def house(code: str) -> House:
    document = rows.document(code)
    _training_region()
    organ = _department(document["item"]["organ"])
    made = House(
        document=document,
        clerk=_seated("DT-01", "综合窗口", _department("DT"), "window_clerk", None),
        stranger=_seated("WR-CB", "别的机关", (other := _department("WR")), "reviewer", other),
        citizen=people.citizen()[1],
    )
    departments = {document["item"]["organ"]: organ}
    for seat in seats_of(document):
        if seat.organ not in departments:
            departments[seat.organ] = _department(seat.organ)
    # The posts as an import into a training region enters them, and somebody in each.
    enter_posts([rows.built(code)], set(), rows.REGION, SYSTEM, FILED)
    for post in identity_selectors.posts_by_code(seat.post for seat in seats_of(document)).values():
        made.staff[post.code] = _held(post.code, post.name, post.id)
    catalogue.publish_revision(document=document, by=SYSTEM, at=FILED, key=uuid4())
    return made


def _training_region() -> None:
    Region.objects.get_or_create(
        code=rows.REGION,
        valid_until=None,
        defaults={"name": "广东省", "level": "province", "list_version": "test"},
    )
    known.read_at = None
    regions.mark_training(region_code=rows.REGION, on=True, by=Actor.system("demo"), at=FILED, key=uuid4())
    known.read_at = None


def _department(code: str) -> UUID:
    told = code.removeprefix(FOR_TRAINING)
    credit_code = told if len(told) == 18 else ""
    draft = NewDepartment(code, rows.organ_name(code), rows.REGION, None, credit_code)
    return identity.create_department(draft=draft, by=SYSTEM, at=FILED, key=uuid4())


def _seated(code: str, name: str, department: UUID, role: str, within: UUID | None) -> Actor:
    """A post, its mandate (`within`: a department's subtree; None: the region) and a person who holds it."""
    post_id = identity.create_post(
        draft=NewPost(code, name, department, ()), by=SYSTEM, at=FILED, key=uuid4()
    )
    identity.grant_role(
        post_id=post_id, role=role, within=Within(rows.REGION, within), by=SYSTEM, at=FILED, key=uuid4()
    )
    return _held(code, name, post_id)


def _held(code: str, name: str, post_id: UUID) -> Actor:
    user = people.staff_user(f"{name}{code[-12:]}", post_id)
    return Actor("staff", user.person_id, post_id=post_id, user_id=user.id, name=user.get_username())
