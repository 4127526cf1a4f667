"""Questions about who may act for whom; `selectors` offers them to other rooms."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from mingqu.identity.errors import ActingForAnother
from mingqu.identity.models import Capacity, User
from mingqu.identity.types import CapacityView, CitizenActor, OfAParty
from mingqu.kernel.types import Actor, Agency

LISTED = 200
NO_ACCOUNT = UUID(int=0)


def in_own_name(actor: Actor) -> None:
    """Signing in somewhere is a person's own, never a firm's or another's. Raises ActingForAnother."""
    if actor.agency is not None:
        raise ActingForAnother()


def capacity_view(row: Capacity) -> CapacityView:
    return CapacityView(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        principal_id=row.principal_id,
        principal_name=row.principal_name or "",
        agent_id=row.agent_id,
        agent_name=row.agent_name or "",
        agent_phone=row.agent_phone or "",
        items=tuple(row.items),
        item_types=tuple(row.item_types),
        from_on=row.from_on,
        until_on=row.until_on,
        ended_at=row.ended_at,
    )


def capacities_of(person_id: UUID, day: date) -> list[CapacityView]:
    """As whom this person may act on a day besides herself: firms first; one statement."""
    rows = Capacity.objects.filter(agent_id=person_id, state=Capacity.State.ACTIVE).order_by("-id")[:LISTED]
    found = [view for row in rows if (view := capacity_view(row)).holds_on(day)]
    return sorted(found, key=lambda one: (not one.for_firm, one.kind != "representative"))


def given_by(person_id: UUID) -> list[CapacityView]:
    """The authorities a person gave in her own name, and those of firms she represents, newest first."""
    firms = firms_represented(person_id)
    given = Q(principal_id=person_id, kind=Capacity.Kind.RELATIVE) | Q(
        principal_id__in=firms, kind=Capacity.Kind.HANDLER
    )
    return [capacity_view(row) for row in Capacity.objects.filter(given).order_by("-id")[:LISTED]]


def got_by(actor: Actor) -> list[CapacityView]:
    """What waits for this person's answer, by her proved telephone, and what she had and has, newest first."""
    phone = (
        User.objects.filter(
            pk=actor.user_id or NO_ACCOUNT, person_id=actor.id, phone_verified_at__isnull=False
        )
        .values_list("phone_index", flat=True)
        .first()
    )
    mine = Q(agent_id=actor.id)
    if phone is not None:
        mine |= Q(state=Capacity.State.OFFERED, agent_phone_index=phone)
    return [capacity_view(row) for row in Capacity.objects.filter(mine).order_by("-id")[:LISTED]]


def capacity(capacity_id: UUID) -> CapacityView | None:
    """Not an access check: the caller knows why it may see it."""
    row = Capacity.objects.filter(pk=capacity_id).first()
    return capacity_view(row) if row else None


def representatives_of(firm_id: UUID) -> list[UUID]:
    """Who is the representative of a firm now."""
    rows = Capacity.objects.filter(
        principal_id=firm_id, kind=Capacity.Kind.REPRESENTATIVE, state=Capacity.State.ACTIVE
    )
    return [person_id for person_id in rows.values_list("agent_id", flat=True) if person_id]


def firms_represented(person_id: UUID) -> list[UUID]:
    """The firms whose proved representative this person is."""
    rows = Capacity.objects.filter(
        agent_id=person_id, kind=Capacity.Kind.REPRESENTATIVE, state=Capacity.State.ACTIVE
    )
    return list(rows.values_list("principal_id", flat=True))


def whom_to_tell(filed_by: UUID, matter: OfAParty, day: date) -> list[UUID]:
    """
    Who hears of a matter now. A person's own, or one filed for a firm under no authority: who filed it. One filed under
    an authority: who filed it while that holds; afterwards everybody who may act for the firm in it on that day, its
    representative and the handlers whose limits cover it; nobody where there is none (民法典 173: an agent whose
    authority ended is told no more). At most one statement.
    """
    if matter.firm_id is None or matter.capacity_id is None:
        return [filed_by]
    rows = Capacity.objects.filter(principal_id=matter.firm_id, state=Capacity.State.ACTIVE).order_by("id")
    live = [one for row in rows[:LISTED] if (one := capacity_view(row)).holds_on(day)]
    if any(one.id == matter.capacity_id for one in live):
        return [filed_by]
    covered = (one.agent_id for one in live if one.for_firm and one.limits.covers(matter))
    return list(dict.fromkeys(person for person in covered if person))


def in_whose_name(held: Iterable[CapacityView], matter: OfAParty) -> CapacityView | None:
    """The capacity a person would have to switch to for this matter of a firm; None where none of hers covers it."""
    return next(
        (
            one
            for one in held
            if one.for_firm and one.principal_id == matter.firm_id and one.limits.covers(matter)
        ),
        None,
    )


def account_asked(capacity_id: UUID) -> UUID | None:
    """The person whose proved telephone an offer names, for telling her; None if nobody has signed in with it."""
    row = Capacity.objects.filter(pk=capacity_id).values_list("agent_phone_index", flat=True).first()
    if row is None:
        return None
    found = User.objects.filter(kind=User.Kind.CITIZEN, phone_index=row, is_active=True)
    return found.values_list("person_id", flat=True).first()


def citizen_actor(
    user: User, name: str, held: Iterable[CapacityView], chosen: str = ""
) -> tuple[CitizenActor, CapacityView | None]:
    """
    A citizen as she acts now: in the capacity chosen (its id) while she has it, else as herself. A relative is given
    the person's id, so that what is made is that person's, and the agency says whose hands it is.
    """
    held = list(held)
    live = frozenset(one.id for one in held)
    acting = next((one for one in held if str(one.id) == chosen), None)
    if acting is None:
        return CitizenActor("citizen", user.person_id, user_id=user.pk, name=name, live=live), None
    agency = Agency(acting.id, user.person_id, acting.principal_id, acting.for_firm)
    actor = CitizenActor(
        "citizen",
        user.person_id if acting.for_firm else acting.principal_id,
        user_id=user.pk,
        name=name,
        agency=agency,
        limits=acting.limits,
        kind_of_capacity=acting.kind,
        live=live,
    )
    return actor, acting
