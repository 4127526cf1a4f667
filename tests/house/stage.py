"""Who and what there is in a house, and what all its rooms call it by."""

from dataclasses import dataclass, field
from uuid import UUID

from django.test import Client

from mingqu.identity.models import PostHolding, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.types import Actor

TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RARE_NAME = "阿依努尔·买买提江·艾合买提𬱖䶮"
LONG_SHOP = "清禾区云澜街道老张头私房小碗菜热干面早餐店（青年路二分店）𬱖"
ORGAN = "澜州市清禾区市场监督管理局"
PHONE = "19900009999"  # nobody's yet


@dataclass
class Stage:
    """Who and what there is. `who` "" is somebody who has not signed in."""

    users: dict[str, User] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)  # a case in each state
    cases: dict[str, UUID] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A browser in which this person is signed in, staff with both factors."""
        client = Client()
        if who == "half_way":  # password given, no second factor set up yet
            user = self.users[who]
            user.backend = "mingqu.identity.backends.StandingBackend"
            client.force_login(user)
        elif who:
            people.signed_in(client, self.users[who])
        return client


def actor(user: User) -> Actor:
    post_id = PostHolding.objects.filter(user=user).values_list("post_id", flat=True)[0]
    return Actor("staff", user.person_id, post_id=post_id, user_id=user.pk, name="周敏")


def post_of(user: User) -> UUID:
    return UUID(str(PostHolding.objects.get(user=user).post_id))
