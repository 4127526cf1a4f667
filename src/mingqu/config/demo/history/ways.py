"""
How a case of the demo's history may stand, and for each way one case that was really filed and taken there by the
commands of production. All of them are one person's, who came with the same shop each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.types import Asked
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.district import key
from mingqu.config.demo.history.making import PERSON, PHONE, WINDOW, Kind, Making, key_of
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import SeenDocument
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.models import CommandRecord
from mingqu.kernel.types import Actor, Instant

FOREVER = 100_000


@dataclass(frozen=True)
class Way:
    """
    Where a case stands: from `life` working days after the receipt, when the last thing happened to it, until
    `until`, when none stands there any more. `level`: how it was rated, 0 for not at all.
    """

    name: str
    life: int
    until: int
    weight: float
    make: Callable[["Making"], None]
    level: int = 0


def _received(m: Making) -> None:
    m.file()


def _accepted(m: Making) -> None:
    m.file()
    m.accept()


def _checked(m: Making) -> None:
    _accepted(m)
    m.review(1)


def _deciding(m: Making) -> None:
    _accepted(m)
    m.review(2)


def _decided(m: Making) -> None:
    _deciding(m)
    m.decide()


def _delivered(m: Making) -> None:
    _decided(m)
    m.deliver()


def _archived(m: Making) -> None:
    _delivered(m)
    m.archive()


def _refused(m: Making) -> None:
    _deciding(m)
    m.decide("refused")
    m.deliver()
    m.archive()


def _rated(level: int) -> Callable[[Making], None]:
    def make(m: Making) -> None:
        _delivered(m)
        m.rate(level)
        m.archive()

    return make


def _withdrawn(m: Making) -> None:
    _accepted(m)
    services.withdraw_case(case_id=m.case_id, by=m.citizen, at=m.at(2), key=m.key("withdraw"))
    m.told()


def _not_accepted(m: Making) -> None:
    m.file()
    services.refuse_acceptance(
        case_id=m.case_id,
        ground="not_competent",
        organ="云禾区市场监督管理局",
        reason="经营场所不在清禾区。",
        by=m.staff["window"],
        at=m.at(1),
        key=m.key("refuse"),
    )
    m.told()


def _correction(m: Making) -> None:
    m.file()
    asked = [Asked("floor-plan", "请标出洗手和消毒的位置。")]
    services.ask_correction(
        case_id=m.case_id, asked=asked, by=m.staff["window"], at=m.at(1), key=m.key("correct")
    )
    m.told()


def ways_of(kind: Kind) -> tuple[Way, ...]:
    """
    Open cases are few, and no step of theirs is late: what is overdue in the demo is told as a story. What is older
    than a fortnight has its end, but for what is in 补正.
    """
    over = kind.decided_after
    ended = [
        Way("archived", over + 4, FOREVER, 78, _archived),
        Way("rated_5", over + 4, FOREVER, 10.2, _rated(5), 5),
        Way("rated_4", over + 4, FOREVER, 3.6, _rated(4), 4),
        Way("rated_3", over + 4, FOREVER, 0.8, _rated(3), 3),
        Way("rated_2", over + 4, FOREVER, 0.58, _rated(2), 2),
        Way("refused", over + 4, FOREVER, 3, _refused),
    ]
    if kind.before:
        return tuple(ended)
    under_way = [
        Way("received", 0, 2, 10, _received),
        Way("accepted", 0, 1, 50, _accepted),
        Way("checked", 1, 1, 60, _checked),
        Way("deciding", 2, over - 1, 60, _deciding),
        Way("delivered", over if kind.online else over + 2, 30, 40, _delivered),
        *ended,
    ]
    if kind.online:
        under_way += [
            Way("correction", 1, 8, 3, _correction),
            Way("not_accepted", 1, FOREVER, 1, _not_accepted),
            Way("withdrawn", 2, FOREVER, 2, _withdrawn),
        ]
    else:
        under_way.append(Way("decided", over, over + 3, 30, _decided))
    return tuple(under_way)


def person(clerk: Actor, at: Instant) -> UUID:
    """Who applied at the window and online: registered by a clerk who saw her document, with an account of her own."""
    number = str(CitizenNumber.build("990104", date(1979, 5, 16), "399"))
    if people.person_with_document("citizen_number", number) is None:
        user = people.citizen_with_phone(PHONE) or identity.open_account(phone=PHONE, at=at)
        identity.declare_identity(
            person_id=user.person_id,
            name=PERSON,
            citizen_number=number,
            by=Actor("citizen", user.person_id, user_id=user.id, name=PERSON),
            at=at,
            key=key("history:declared"),
        )
    document = SeenDocument("citizen_number", number, PERSON, PHONE)
    return identity.receive_person(document=document, by=clerk, at=at, key=key("history:person"))


def staff_of(kind: Kind) -> dict[str, Actor]:
    seats = (("window", *WINDOW), *kind.officers)
    return {step: _officer(post, username) for step, post, username in seats}


def _officer(code: str, username: str) -> Actor:
    account, post = people.staff_account(username), people.post_by_code(code)
    return Actor("staff", account.person_id, post_id=post.id, user_id=account.id)


def filed(kind: Kind, way: Way) -> UUID | None:
    """The case of this kind that stands so, if it was filed."""
    found = CommandRecord.objects.filter(key=key_of(kind, way.name, "file")).first()
    return found.root_id if found else None


def made(kind: Kind, way: Way, first: date, person_id: UUID) -> Case:
    """The same, filed now if it was not before."""
    case_id = filed(kind, way)
    if case_id is None:
        making = Making(kind, way.name, person_id, staff_of(kind), first)
        with transaction.atomic():
            way.make(making)
        case_id = making.case_id
    return Case.objects.get(pk=case_id)


def days_before(day: date, number: int) -> date:
    """So many working days before."""
    calendar = clocks.current_calendar()
    while number:
        day -= timedelta(days=1)
        number -= calendar.working_day(day)
    return day
