"""
People, departments and posts for tests of every room: made by the commands that production uses.

`signed_in(client, user)` gives a client a session as if the person had just signed in with both factors.
"""

from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from django.test import Client

from mingqu.identity import services
from mingqu.identity.models import Department, User
from mingqu.identity.types import NewAccount, NewDepartment, NewPost, Span, Within
from mingqu.kernel import training
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models_regions import Region
from mingqu.kernel.types import Actor

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)
LONG_AGO = date(2020, 1, 1)
SYSTEM = Actor.system("demo")
PASSWORD = "Qinghe-2026-stream"
REGION = "990104000000"

_serial = count(1)


def number() -> int:
    return next(_serial)


def go_on_after(last: int) -> None:
    """Numbers go on after those of a world that another process made and this one works on."""
    global _serial  # noqa: PLW0603 - one for all that this process makes
    _serial = count(max(number(), last + 1))


def citizen_number(sequence: int | None = None) -> str:
    """Somebody's of 1980, the 999 after them born a day later: no two people of a run share a number."""
    day, place = divmod(sequence or number(), 999)
    return str(CitizenNumber.build("990104", date(1980, 2, 29) + timedelta(days=day), f"{place:03d}"))


def phone() -> str:
    return f"1990000{number():04d}"


def for_training(region: str = REGION) -> None:
    """Mark it although something was done there, which the command refuses: what is shown then is looked at."""
    marked = Region.objects.filter(code=region).update(training=True)
    if not marked:
        Region.objects.create(code=region, name="练习区", level="county", list_version="test", training=True)
    training.known.read_at = None


def department(
    name: str = "清禾区市场监督管理局", *, parent: UUID | None = None, region: str = REGION, code: str = ""
) -> UUID:
    draft = NewDepartment(code or f"d{number()}", name, region, parent)
    return services.create_department(draft=draft, by=SYSTEM, at=NOON, key=new_id())


def post(
    department_id: UUID | None = None, *roles: str, name: str = "承办岗", item_types: tuple[str, ...] = ()
) -> UUID:
    """A post with these roles over its own department's subtree and region; officers have no limits."""
    own = Department.objects.get(pk=department_id or department())
    draft = NewPost(f"p{number()}", name, own.id, item_types)
    post_id = services.create_post(draft=draft, by=SYSTEM, at=NOON, key=new_id())
    for role in roles:
        within = Within("", None) if role.endswith("_officer") else Within(own.region_code, own.id)
        services.grant_role(post_id=post_id, role=role, within=within, by=SYSTEM, at=NOON, key=new_id())
    return post_id


def staff_user(name: str = "周敏", *posts: UUID, at: datetime = NOON) -> User:
    """An account without second factor that has held these posts for years."""
    draft = NewAccount(f"staff{number()}", name, PASSWORD, must_change_password=False)
    user_id = services.create_user(draft=draft, by=SYSTEM, at=at, key=new_id())
    for post_id in posts:
        services.assign_post(
            user_id=user_id, post_id=post_id, span=Span(LONG_AGO), by=SYSTEM, at=at, key=new_id()
        )
    return User.objects.get(pk=user_id)


def staff_actor(*roles: str, department_id: UUID | None = None, name: str = "周敏") -> Actor:
    """Someone who acts as a new post with these roles; the mandates are read from the database."""
    post_id = post(department_id, *roles)
    user = staff_user(name, post_id)
    return Actor(kind="staff", id=user.person_id, post_id=post_id, user_id=user.id, name=name)


def citizen(name: str = "李晓禾", *, at: datetime = NOON) -> tuple[User, Actor]:
    """Somebody who has signed in and told name and number."""
    user = services.open_account(phone=phone(), at=at)
    actor = Actor(kind="citizen", id=user.person_id, user_id=user.id, name=name)
    services.declare_identity(
        person_id=user.person_id, name=name, citizen_number=citizen_number(), by=actor, at=at, key=new_id()
    )
    return user, actor


def signed_in(client: Client, user: User) -> Client:
    """A session with every factor proved, without going through the pages."""
    from django.utils import timezone

    user.backend = "mingqu.identity.backends.StandingBackend"  # type: ignore[attr-defined]
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": timezone.now().timestamp()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
