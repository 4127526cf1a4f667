"""Who acts for whom in 清禾区: a firm with representative and handler, a mother and her daughter."""

from collections.abc import Callable
from datetime import timedelta

from mingqu.config.demo.district import key
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import Authority, IdentityFacts
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

FIRM_CODE = "91990104MA0008017P"
HEAD = ("19900000081", IdentityFacts("沈立行", "990104197904128819", "2038-09-01"))
HANDLER = ("19900000082", IdentityFacts("叶知秋", "990104199210088823", "2036-05-20"))
MOTHER = ("19900000084", IdentityFacts("邱桂芬", "990104195402038849", "long"))
DAUGHTER = ("19900000086", IdentityFacts("邱晓岚", "990104198306178861", "2033-11-30"))
DAYS = {"handler": 3 * 365, "relative": 365}


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Each proved by the register, each authority accepted; those there already are left as they are."""
    mother = _citizen(*MOTHER, at)
    if people.given_by(mother.id):
        return
    head, handler, daughter = (_citizen(*one, at) for one in (HEAD, HANDLER, DAUGHTER))
    identity.become_representative(credit_code=FIRM_CODE, by=head, at=at, key=key(f"firm:{FIRM_CODE}"))
    (firm_id,) = people.firms_represented(head.id)
    of_firm = identity.appoint_handler(
        firm_id=firm_id, authority=_authority("handler", HANDLER, at), by=head, at=at, key=key("handler")
    )
    of_mother = identity.ask_relative(
        authority=_authority("relative", DAUGHTER, at), by=mother, at=at, key=key("relative")
    )
    for capacity_id, by in ((of_firm, handler), (of_mother, daughter)):
        identity.answer_capacity(
            capacity_id=capacity_id, accept=True, by=by, at=at, key=key(f"accept:{capacity_id}")
        )
    progress("a handler of a firm, a daughter who acts for her mother")


def _authority(kind: str, whom: tuple[str, IdentityFacts], at: Instant) -> Authority:
    return Authority(whom[1].name, whom[0], legal_day(at) + timedelta(days=DAYS[kind]))


def _citizen(phone: str, facts: IdentityFacts, at: Instant) -> Actor:
    user = people.citizen_with_phone(phone) or identity.open_account(phone=phone, at=at)
    actor = Actor("citizen", user.person_id, user_id=user.id, name=facts.name)
    if people.person(actor.id).assurance < 2:
        identity.verify_identity(facts=facts, consent=True, by=actor, at=at, key=key(f"real:{phone}"))
    return actor
