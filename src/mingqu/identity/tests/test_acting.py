"""Who may act for whom: offered, accepted, ended; and what an authority opens and what it does not."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connections

from mingqu.identity import selectors, services
from mingqu.identity.errors import (
    ActingForAnother,
    CapacityAnswered,
    CapacityOver,
    CapacityUnknown,
    GivenOn,
    NameDiffers,
    NotRepresentative,
    NotToOneself,
    RealNameNeeded,
    TooManyAttempts,
    WrongPeriod,
)
from mingqu.identity.forms import RealNameForm
from mingqu.identity.models import Capacity, User
from mingqu.identity.services import access
from mingqu.identity.services.capacities import require_live
from mingqu.identity.sources import registry
from mingqu.identity.tests import factories as f
from mingqu.identity.tests.demo_people import DAUGHTER, FIRM, HANDLER, HEAD, MOTHER, signed_up, verify
from mingqu.identity.types import Authority, CitizenActor
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.types import Actor

TODAY = legal_day(f.NOON)


@pytest.fixture(autouse=True)
def _a_demo(settings):
    settings.MINGQU_DEMO = True


def as_whom(user: User, capacity_id: UUID | None = None, *, day: date = TODAY) -> CitizenActor:
    held = selectors.capacities_of(user.person_id, day)
    return selectors.citizen_actor(user, "", held, str(capacity_id or ""))[0]


def authority(user: User, name: str, **changed) -> Authority:
    given = Authority(name, user.phone or "", TODAY + timedelta(days=30))
    return replace(given, **changed)


def accept(capacity_id: UUID, by: Actor, *, at=f.NOON, yes: bool = True) -> None:
    services.answer_capacity(capacity_id=capacity_id, accept=yes, by=by, at=at, key=new_id())


def family(**changed) -> tuple[Actor, User, UUID]:
    """The mother, her daughter's account, and the authority the daughter has."""
    _account, mother = signed_up(MOTHER)
    user, daughter = signed_up(DAUGHTER)
    given = authority(user, DAUGHTER.name, **changed)
    capacity_id = services.ask_relative(authority=given, by=mother, at=f.NOON, key=new_id())
    accept(capacity_id, daughter)
    return mother, user, capacity_id


def firm(**changed) -> tuple[Actor, User, UUID, UUID]:
    """The representative, a handler's account, the firm and the authority the handler has."""
    _account, head = signed_up(HEAD)
    own = services.become_representative(credit_code=FIRM, by=head, at=f.NOON, key=new_id())
    firm_id = Capacity.objects.get(pk=own).principal_id
    user, handler = signed_up(HANDLER)
    given = authority(user, HANDLER.name, **changed)
    capacity_id = services.appoint_handler(firm_id=firm_id, authority=given, by=head, at=f.NOON, key=new_id())
    accept(capacity_id, handler)
    return head, user, firm_id, capacity_id


@dataclass(frozen=True)
class Thing:
    """What the rule of access looks at."""

    party_ids: tuple[UUID, ...]
    firm_id: UUID | None = None
    capacity_id: UUID | None = None
    item_code: str = "QH-A"
    item_type: str = "01"


# --- firms


def test_the_register_proves_the_representative_and_tells_nobody_else_anything(db):
    _user, head = signed_up(HEAD)
    _user, other = signed_up(HANDLER)
    _user, unknown = signed_up(MOTHER, real=False)

    own = services.become_representative(credit_code=FIRM, by=head, at=f.NOON, key=new_id())
    again = services.become_representative(credit_code=FIRM, by=head, at=f.NOON, key=new_id())

    assert own == again
    assert selectors.firms_represented(head.id) == [Capacity.objects.get(pk=own).principal_id]
    with pytest.raises(NotRepresentative):
        services.become_representative(credit_code=FIRM, by=other, at=f.NOON, key=new_id())
    with pytest.raises(RealNameNeeded):
        services.become_representative(credit_code=FIRM, by=unknown, at=f.NOON, key=new_id())


def test_a_new_representative_ends_the_one_before(db, monkeypatch):
    head, _handler, firm_id, _capacity = firm()
    _user, other = signed_up(MOTHER)
    monkeypatch.setattr(registry, "firms", lambda: Now(MOTHER.name))

    services.become_representative(credit_code=FIRM, by=other, at=f.NOON, key=new_id())

    assert selectors.representatives_of(firm_id) == [other.id]
    with pytest.raises(GivenOn if selectors.capacities_of(head.id, TODAY) else CapacityUnknown):
        services.appoint_handler(
            firm_id=firm_id,
            authority=Authority("某人", "19900009999", TODAY),
            by=head,
            at=f.NOON,
            key=new_id(),
        )


class Now:
    def __init__(self, name: str) -> None:
        self.name = name

    def represented(self, code, name, number):
        from mingqu.identity.sources.base import RegisteredFirm

        return RegisteredFirm(code, "澜州市青澜文具有限公司", name) if name == self.name else None


def test_a_handler_sees_the_firm_in_its_name_and_nothing_of_it_as_herself(db):
    _head, user, firm_id, capacity_id = firm()
    colleagues = Thing((new_id(),), firm_id, new_id())
    of_another = Thing((new_id(),), new_id())
    own = Thing((user.person_id,))

    acting = as_whom(user, capacity_id)
    assert access.allows(acting, "case.see", colleagues)
    assert not access.allows(acting, "case.see", of_another)
    assert not access.allows(acting, "case.see", own)
    assert not access.allows(acting, "voice.file", colleagues)
    herself = as_whom(user)
    assert not access.allows(herself, "case.see", colleagues)
    assert access.allows(herself, "case.see", own)


def test_what_a_handler_filed_is_no_longer_hers_to_see_when_her_authority_ends(db):
    head, user, firm_id, capacity_id = firm()
    filed = Thing((user.person_id,), firm_id, capacity_id)
    assert access.allows(as_whom(user), "case.see", filed)

    services.end_capacity(capacity_id=capacity_id, by=head, at=f.NOON, key=new_id())

    assert not access.allows(as_whom(user), "case.see", filed)
    assert not access.allows(Actor("citizen", user.person_id), "case.see", filed)
    assert as_whom(user, capacity_id).agency is None


def test_a_scope_too_narrow_covers_nothing_beside_it(db):
    _head, user, firm_id, capacity_id = firm(items=("QH-A",), item_types=("01",))
    acting = as_whom(user, capacity_id)
    inside = Thing((), firm_id)

    assert access.allows(acting, "case.file", inside)
    assert not access.allows(acting, "case.file", replace(inside, item_code="QH-B"))
    assert not access.allows(acting, "case.file", replace(inside, item_type="07"))
    assert not access.allows(acting, "case.file", object())


# --- relatives


def test_a_daughter_acts_as_her_mother_and_both_names_are_kept(db):
    mother, user, capacity_id = family()
    acting = as_whom(user, capacity_id)

    assert (acting.id, acting.doer_id, acting.stands_in) == (mother.id, user.person_id, True)
    assert access.allows(acting, "case.file", Thing((mother.id,)))
    assert not access.allows(acting, "case.see", Thing((mother.id,), firm_id=new_id()))
    assert not access.allows(acting, "case.see", Thing((user.person_id,)))
    root = new_id()
    with command("case.withdraw", root, by=acting, at=f.NOON, key=new_id()) as cmd:
        cmd.done(None)
    entry = AuditEntry.objects.get(root_id=root)
    assert entry.actor_id == user.person_id
    assert entry.notes == {"acting_for": str(mother.id), "capacity": str(capacity_id)}
    told = OutboxEvent.objects.get(root_id=root)
    assert (told.name, told.payload["for_id"]) == ("kernel.acted_for_another", str(mother.id))


@pytest.mark.parametrize(
    "action",
    ["certificate.see", "evaluation.rate", "voice.file", "identity.ask_closing", "identity.change_phone"],
)
def test_what_nobody_gave_is_refused(db, action):
    mother, user, capacity_id = family()

    assert not access.allows(as_whom(user, capacity_id), action, Thing((mother.id,)))


def test_an_authority_of_an_authority_is_none(db):
    _mother, user, capacity_id = family()
    other, _actor = signed_up(HANDLER)
    acting = as_whom(user, capacity_id)
    given = authority(other, HANDLER.name)

    with pytest.raises(GivenOn):
        services.ask_relative(authority=given, by=acting, at=f.NOON, key=new_id())
    with pytest.raises(ActingForAnother):
        verify(acting, DAUGHTER)
    with pytest.raises(GivenOn):
        services.end_capacity(capacity_id=capacity_id, by=acting, at=f.NOON, key=new_id())


def test_a_handler_appoints_nobody_and_a_stranger_neither(db):
    _head, user, firm_id, capacity_id = firm()
    _other, stranger = signed_up(DAUGHTER)
    given = Authority("某人", "19900009999", TODAY)

    for by, refusal in (
        (as_whom(user), GivenOn),
        (as_whom(user, capacity_id), GivenOn),
        (stranger, CapacityUnknown),
    ):
        with pytest.raises(refusal):
            services.appoint_handler(firm_id=firm_id, authority=given, by=by, at=f.NOON, key=new_id())


def test_only_who_is_named_answers_and_only_once(db):
    _account, mother = signed_up(MOTHER)
    user, daughter = signed_up(DAUGHTER)
    _other, stranger = signed_up(HANDLER)
    offer = services.ask_relative(
        authority=authority(user, DAUGHTER.name), by=mother, at=f.NOON, key=new_id()
    )
    misnamed = services.ask_relative(authority=authority(user, "邱小岚"), by=mother, at=f.NOON, key=new_id())

    assert as_whom(user, offer).agency is None
    with pytest.raises(CapacityUnknown):
        accept(offer, stranger)
    with pytest.raises(NameDiffers):
        accept(misnamed, daughter)
    accept(misnamed, daughter, yes=False)
    accept(offer, daughter)
    with pytest.raises(CapacityAnswered):
        accept(offer, daughter)
    with pytest.raises(CapacityUnknown):
        services.end_capacity(capacity_id=offer, by=stranger, at=f.NOON, key=new_id())
    services.end_capacity(capacity_id=offer, by=daughter, at=f.NOON, key=new_id())
    with pytest.raises(CapacityAnswered):
        services.end_capacity(capacity_id=offer, by=mother, at=f.NOON, key=new_id())


def test_who_is_not_known_by_her_document_neither_gives_nor_takes(db):
    _account, mother = signed_up(MOTHER, real=False)
    user, daughter = signed_up(DAUGHTER, real=False)
    with pytest.raises(RealNameNeeded):
        services.ask_relative(authority=authority(user, DAUGHTER.name), by=mother, at=f.NOON, key=new_id())
    verify(mother, MOTHER)
    offer = services.ask_relative(
        authority=authority(user, DAUGHTER.name), by=mother, at=f.NOON, key=new_id()
    )
    with pytest.raises(RealNameNeeded):
        accept(offer, daughter)


def test_an_authority_has_an_end_and_holds_until_that_day(db):
    account, mother = signed_up(MOTHER)
    user, _daughter = signed_up(DAUGHTER)
    for until in (TODAY - timedelta(days=1), TODAY + timedelta(days=366)):
        with pytest.raises(WrongPeriod):
            services.ask_relative(
                authority=authority(user, DAUGHTER.name, until_on=until), by=mother, at=f.NOON, key=new_id()
            )
    with pytest.raises(NotToOneself):
        services.ask_relative(authority=authority(account, "邱桂芬"), by=mother, at=f.NOON, key=new_id())


def test_after_its_last_day_it_opens_nothing_and_carries_nothing(db):
    _mother, user, capacity_id = family(until_on=TODAY)
    acting = as_whom(user, capacity_id)

    require_live(acting, f.NOON)
    assert as_whom(user, capacity_id, day=TODAY + timedelta(days=1)).agency is None
    with pytest.raises(CapacityOver):
        require_live(acting, f.NOON + timedelta(days=1))
    with pytest.raises(CapacityOver):
        require_live(replace(acting, agency=replace(acting.agency, for_id=new_id())), f.NOON)


def test_offers_are_limited(db):
    _account, mother = signed_up(MOTHER)
    user, _daughter = signed_up(DAUGHTER)
    with pytest.raises(TooManyAttempts):
        for _n in range(11):
            services.ask_relative(authority=authority(user, "某人"), by=mother, at=f.NOON, key=new_id())


def test_an_end_comes_before_a_deed_or_after_it(committed_db):
    """The deed holds the authority's row: who ends it meanwhile waits, and the next deed is refused."""
    mother, user, capacity_id = family()
    acting = as_whom(user, capacity_id)
    inside, done = Barrier(2), []

    def end() -> None:
        inside.wait(timeout=20)
        try:
            services.end_capacity(capacity_id=capacity_id, by=mother, at=f.NOON, key=new_id())
            done.append("ended")
        finally:
            connections.close_all()

    ending = Thread(target=end)
    ending.start()
    with command("case.withdraw", new_id(), by=acting, at=f.NOON, key=new_id()) as cmd:
        inside.wait(timeout=20)
        ending.join(timeout=0.5)
        done.append("acted")
        cmd.done(None)
    ending.join(timeout=20)

    assert done == ["acted", "ended"]
    with (
        pytest.raises(CapacityOver),
        command("case.withdraw", new_id(), by=acting, at=f.NOON, key=new_id()),
    ):
        done.append("too late")
    assert done == ["acted", "ended"]


def test_consent_that_is_missing_is_told_with_the_other_mistakes_at_once_and_beside_its_field(db):
    form = RealNameForm(
        {"name": "", "citizen_number": HEAD.citizen_number, "valid_until": "", "key": str(new_id())}
    )

    assert list(form.errors) == ["name", "valid_until", "consent"], "in the order of the page"
