"""A mother, her daughter who acts for her, and the firm the daughter represents: by the commands production uses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mingqu.identity import services
from mingqu.identity.models import Capacity, Person, User
from mingqu.identity.tests import factories as f
from mingqu.identity.types import Authority, NewFirm
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor


@dataclass(frozen=True)
class Household:
    mother: User
    daughter: User
    firm: UUID
    relative: UUID  # the daughter's authority
    offered: UUID  # what the daughter asks of her mother, unanswered


def made(at: datetime, *, long_name: str = "") -> Household:
    """Both known by their documents; nothing of it is shared by two tests."""
    mother, her = _known(long_name or "邱桂芬", at)
    daughter, hers = _known("邱晓岚", at)
    firm = _firm(daughter, at)
    relative = _asked(her, daughter, "邱晓岚", at)
    services.answer_capacity(capacity_id=relative, accept=True, by=hers, at=at, key=new_id())
    return Household(mother, daughter, firm, relative, _asked(hers, mother, long_name or "邱桂芬", at))


def _known(name: str, at: datetime) -> tuple[User, Actor]:
    user, actor = f.citizen(name, at=at)
    Person.objects.filter(pk=user.person_id).update(assurance=2)
    return user, actor


def _asked(by: Actor, whom: User, name: str, at: datetime) -> UUID:
    given = Authority(name, whom.phone or "", legal_day(at) + timedelta(days=30))
    return services.ask_relative(authority=given, by=by, at=at, key=new_id())


def _firm(head: User, at: datetime) -> UUID:
    """Its representative is written down as the register would prove her: there is none for people made up here."""
    code = str(CreditCode.build("9", "1", "990104", f"MA{f.number():06d}"))
    draft = NewFirm("澜州市青澜文具有限公司", code, legal_representative="邱晓岚")
    firm_id = services.create_firm(draft=draft, by=f.SYSTEM, at=at, key=new_id())
    Capacity.objects.create(
        kind="representative",
        state="active",
        principal_id=firm_id,
        principal_name=draft.name,
        agent_id=head.person_id,
        agent_name="邱晓岚",
        granted_by=head.person_id,
        from_on=legal_day(at),
        offered_at=at,
        accepted_at=at,
    )
    return firm_id
