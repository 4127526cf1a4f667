"""The first accounts of a real installation (`mingqu setup`)."""

from uuid import UUID

from django.conf import settings

from mingqu.identity.errors import CodeTaken, UnknownRole
from mingqu.identity.models import Department, Post, RoleGrant
from mingqu.identity.roles import roles
from mingqu.identity.rules import OFFICERS
from mingqu.identity.services.accounts import create_user
from mingqu.identity.services.organs import assign_post, create_department, create_post, grant_role
from mingqu.identity.types import NewAccount, NewDepartment, NewPost, Span, Within
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

SETUP = Actor.system("setup")
PLATFORM = "platform"


def has_officer(officer: str) -> bool:
    """Whether anyone was ever given this officer role."""
    return RoleGrant.objects.filter(role=officer, post__holdings__isnull=False).exists()


def create_operator(
    username: str, name: str, password: str, *, at: Instant, officer: str = "system_officer"
) -> UUID:
    """
    Make one of the three officers with department and post; returns the account's id.

    The person chose the password, so it need not be changed; the second factor is set up at first sign-in.
    Raises CodeTaken when this officer exists (more are made in the product), and what create_user raises.
    """
    if officer not in OFFICERS:
        raise UnknownRole(field="officer")
    if has_officer(officer):
        raise CodeTaken(field="officer")
    department_id = Department.objects.filter(code=PLATFORM).values_list("id", flat=True).first()
    if department_id is None:
        draft = NewDepartment(PLATFORM, "平台管理", settings.MINGQU_SITE["region_code"])
        department_id = create_department(draft=draft, by=SETUP, at=at, key=new_id())
    account = NewAccount(username, name, password, must_change_password=False)
    user_id = create_user(draft=account, by=SETUP, at=at, key=new_id())
    code = f"{PLATFORM}.{officer}"
    post_id = Post.objects.filter(code=code).values_list("id", flat=True).first()
    if post_id is None:
        post = NewPost(code, roles()[officer].name, department_id)
        post_id = create_post(draft=post, by=SETUP, at=at, key=new_id())
        grant_role(post_id=post_id, role=officer, within=Within("", None), by=SETUP, at=at, key=new_id())
    assign_post(user_id=user_id, post_id=post_id, span=Span(legal_day(at)), by=SETUP, at=at, key=new_id())
    return user_id
