"""
Who may do what: the one rule, used as a filter over rows and as the check of one object. Default deny.

    access.require(actor, "case.accept", case)            # raises NotAuthorised
    Case.objects.filter(access.scope(actor, "case.see").q())

Staff act as a post: post → roles → mandates, each within a department subtree, a region subtree and item
types. A citizen may act on what is theirs (`party_ids` of the object, the party column of the row), in a
capacity on what is the firm's or person's they act for, within its limits. Parts of the system may do
what roles.yaml lists for them.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, Value

from mingqu.identity import selectors
from mingqu.identity.errors import NotAuthorised, OutsideAuthority, Recused
from mingqu.identity.roles import (
    capacity_permissions,
    citizen_permissions,
    permissions,
    system_permissions,
)
from mingqu.identity.types import CitizenActor, Limits, Located, Mandate, Place, StaffActor, Theirs
from mingqu.kernel.types import Actor

__all__ = [
    "Place",
    "Scope",
    "Theirs",
    "action_words",
    "allows",
    "kept_out",
    "may",
    "require",
    "require_may",
    "scope",
]

ACCOUNT = "identity."  # what one does with one's own account
NOTHING = Q(Value(False, output_field=BooleanField()))


@dataclass(frozen=True)
class Scope:
    """
    Where an actor may do one thing.

    `everything`: no limit (a part of the system). `party`: only what belongs to this person; what she filed for a firm
    under an authority, while she has it (`live`). `firm`: only what is this firm's. `limits`: of either, only these
    matters. Otherwise the union of the mandates; none of them means nowhere.
    """

    mandates: tuple[Mandate, ...] = ()
    party: UUID | None = None
    everything: bool = False
    firm: UUID | None = None
    limits: Limits | None = None
    live: frozenset[UUID] | None = None  # None: acts for this person, whose firms are no matter of hers

    def q(
        self,
        *,
        department: str = "department_id",
        region: str = "region_code",
        item_type: str = "item_type",
        party: str = "applicant_id",
        theirs: Theirs | None = None,
    ) -> Q:
        """
        The filter for a queryset with these columns (names may follow relations). `theirs` names the columns that tell
        for which firm a row is, under which authority it was made and of which item it is; rows that can't tell are
        nobody's but the person's own.
        """
        if self.everything:
            return Q()
        if self.party is not None or self.firm is not None:
            return self._of_citizen(party, item_type, theirs)
        found = NOTHING
        for mandate in self.mandates:
            limits: dict[str, Any] = {}
            if mandate.departments is not None:
                if not mandate.departments:
                    continue
                limits[f"{department}__in"] = sorted(mandate.departments)
            if mandate.region:
                limits[f"{region}__startswith"] = mandate.region
            if mandate.item_types is not None:
                if not mandate.item_types:
                    continue
                limits[f"{item_type}__in"] = sorted(mandate.item_types)
            if not limits:
                return Q()
            found = Q(**limits) if found is NOTHING else found | Q(**limits)
        return found

    def _of_citizen(self, party: str, item_type: str, theirs: Theirs | None) -> Q:
        if theirs is None:
            own = self.party is not None and self.live is not None
            return Q(**{party: self.party}) if own and not self.limits else NOTHING
        if not theirs.firm:  # rows that are never a firm's
            found = NOTHING if self.firm is not None else Q(**{party: self.party})
        elif self.firm is not None:
            found = Q(**{theirs.firm: self.firm})
        elif self.live is None:
            found = Q(**{party: self.party, theirs.firm: None})
        else:
            without = Q(**{theirs.firm: None}) | Q(**{theirs.capacity: None})
            found = Q(**{party: self.party}) & (without | Q(**{f"{theirs.capacity}__in": sorted(self.live)}))
        if self.limits is not None and self.limits.items is not None:
            found &= Q(**{f"{theirs.item}__in": sorted(self.limits.items)})
        if self.limits is not None and self.limits.item_types is not None:
            found &= Q(**{f"{item_type}__in": sorted(self.limits.item_types)})
        return found

    def _covers_of_citizen(self, obj: Any) -> bool:
        if self.limits is not None and not self.limits.covers(obj):
            return False
        firm_id, capacity_id = getattr(obj, "firm_id", None), getattr(obj, "capacity_id", None)
        if self.firm is not None:
            return firm_id is not None and firm_id == self.firm
        if self.party not in getattr(obj, "party_ids", ()):
            return False
        if self.live is None:
            return firm_id is None
        return firm_id is None or capacity_id is None or capacity_id in self.live

    def covers(self, obj: Any) -> bool:
        """The same rule for one object (`Located`; for a citizen it must tell its `party_ids`)."""
        if self.everything:
            return True
        if self.party is not None or self.firm is not None:
            return self._covers_of_citizen(obj)
        subject: Located = obj
        return any(mandate.covers(subject) for mandate in self.mandates)

    def __bool__(self) -> bool:
        citizen = self.party is not None or self.firm is not None
        return self.everything or citizen or bool(self.mandates)


NOWHERE = Scope()


def scope(actor: Actor | None, action: str) -> Scope:
    """
    Where the actor may do `action`; falsy for nowhere.

    Raises KeyError for an action that roles.yaml does not list: a misspelt one must not look like a refusal.
    """
    if action not in permissions():
        raise KeyError(f"{action} is not in identity/roles.yaml")
    if actor is None:
        return NOWHERE
    if actor.kind == "system":
        return Scope(everything=action in system_permissions())
    if actor.kind == "citizen":
        return _citizen_scope(actor, action)
    if actor.post_id is None:
        return NOWHERE
    held = actor.mandates if isinstance(actor, StaffActor) else selectors.mandates_of(actor.post_id)
    return Scope(mandates=tuple(m for m in held if action in m.permissions))


def _citizen_scope(actor: Actor, action: str) -> Scope:
    """
    As herself everything a citizen may do with what is hers; in a capacity what roles.yaml lists for its kind, within
    its limits. Her own account she keeps as a firm's handler; who acts for a person never touches that person's.
    """
    if actor.agency is None:
        live = actor.live if isinstance(actor, CitizenActor) else frozenset()
        return Scope(party=actor.id, live=live) if action in citizen_permissions() else NOWHERE
    if not isinstance(actor, CitizenActor):
        return NOWHERE  # an authority whose limits nobody read
    if action.startswith(ACCOUNT) and actor.agency.for_firm:
        return Scope(party=actor.id, live=actor.live) if action in citizen_permissions() else NOWHERE
    if action not in capacity_permissions(actor.kind_of_capacity):
        return NOWHERE
    limits = actor.limits or None
    if actor.agency.for_firm:
        return Scope(firm=actor.agency.for_id, limits=limits)
    return Scope(party=actor.id, limits=limits)


def allows(actor: Actor | None, action: str, obj: Any) -> bool:
    """Whether the actor may do `action` to this object."""
    return scope(actor, action).covers(obj) and not kept_out(actor, action, obj)


def kept_out(actor: Actor | None, action: str, obj: Any) -> bool:
    """
    回避: the object names persons who have no hand in it (`barred_ids`), whatever posts they hold; what
    `open_to_barred` lists they may do still.
    """
    if actor is None or actor.kind != "staff" or action in getattr(obj, "open_to_barred", ()):
        return False
    return actor.doer_id in getattr(obj, "barred_ids", ())  # may cost a statement, so it is asked for last


def require(actor: Actor | None, action: str, obj: Any) -> None:
    """Raises NotAuthorised; OutsideAuthority for who acts for another."""
    if not allows(actor, action, obj):
        raise Recused() if kept_out(actor, action, obj) else _refusal(actor, action)


def may(actor: Actor | None, action: str) -> bool:
    """Whether the actor may do `action` to anything at all: for menus and page marks, not for objects."""
    return bool(scope(actor, action))


def require_may(actor: Actor | None, action: str) -> None:
    """Raises NotAuthorised if the actor may do `action` nowhere; OutsideAuthority for who acts for another."""
    if not may(actor, action):
        raise _refusal(actor, action)


def _refusal(actor: Actor | None, action: str) -> NotAuthorised:
    outside = actor is not None and actor.agency is not None
    return OutsideAuthority(action=action) if outside else NotAuthorised(action=action)


def action_words(action: str) -> str:
    """What an action is called, for histories; "" for one that roles.yaml does not list."""
    return permissions().get(action, "")
