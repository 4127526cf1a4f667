"""People the demo's register knows, and their accounts."""

from mingqu.identity import services
from mingqu.identity.models import User
from mingqu.identity.tests import factories as f
from mingqu.identity.types import IdentityFacts
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

FIRM = "91990104MA0008017P"
HEAD = IdentityFacts("沈立行", "990104197904128819", "2038-09-01")
HANDLER = IdentityFacts("叶知秋", "990104199210088823", "2036-05-20")
MOTHER = IdentityFacts("邱桂芬", "990104195402038849", "long")
DAUGHTER = IdentityFacts("邱晓岚", "990104198306178861", "2033-11-30")


def signed_up(facts: IdentityFacts, *, real: bool = True) -> tuple[User, Actor]:
    user = services.open_account(phone=f.phone(), at=f.NOON)
    actor = Actor("citizen", user.person_id, user_id=user.pk, name=facts.name)
    if real:
        verify(actor, facts)
    return user, actor


def verify(actor: Actor, facts: IdentityFacts, *, consent: bool = True, at=f.NOON) -> None:
    services.verify_identity(facts=facts, consent=consent, by=actor, at=at, key=new_id())
