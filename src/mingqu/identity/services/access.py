"""
Who may do what: the one rule, used as a filter over rows and as the check of one object. Default deny.

    access.require(actor, "case.accept", case)            # raises NotAuthorised
    Case.objects.filter(access.scope(actor, "case.see").q())

Staff act as a post: post → roles → mandates, each within a department subtree, a region subtree and item
types. A citizen may act on what is theirs (`party_ids` of the object, the party column of the row). Parts
of the system may do what roles.yaml lists for them.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, Value

from mingqu.identity import selectors
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.roles import citizen_permissions, permissions, system_permissions
from mingqu.identity.types import Located, Mandate, Place, StaffActor
from mingqu.kernel.types import Actor

__all__ = ["Place", "Scope", "action_words", "allows", "may", "require", "require_may", "scope"]

NOTHING = Q(Value(False, output_field=BooleanField()))


@dataclass(frozen=True)
class Scope:
    """
    Where an actor may do one thing.

    `everything`: no limit (a part of the system). `party`: only what belongs to this person.
    Otherwise the union of the mandates; none of them means nowhere.
    """

    mandates: tuple[Mandate, ...] = ()
    party: UUID | None = None
    everything: bool = False

    def q(
        self,
        *,
        department: str = "department_id",
        region: str = "region_code",
        item_type: str = "item_type",
        party: str = "applicant_id",
    ) -> Q:
        """The filter for a queryset with these columns (names may follow relations)."""
        if self.everything:
            return Q()
        if self.party is not None:
            return Q(**{party: self.party})
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

    def covers(self, obj: Any) -> bool:
        """The same rule for one object (`Located`; for a citizen it must tell its `party_ids`)."""
        if self.everything:
            return True
        if self.party is not None:
            return self.party in getattr(obj, "party_ids", ())
        subject: Located = obj
        return any(mandate.covers(subject) for mandate in self.mandates)

    def __bool__(self) -> bool:
        return self.everything or self.party is not None or bool(self.mandates)


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
        return Scope(party=actor.id) if action in citizen_permissions() else NOWHERE
    if actor.post_id is None:
        return NOWHERE
    held = actor.mandates if isinstance(actor, StaffActor) else selectors.mandates_of(actor.post_id)
    return Scope(mandates=tuple(m for m in held if action in m.permissions))


def allows(actor: Actor | None, action: str, obj: Any) -> bool:
    """Whether the actor may do `action` to this object."""
    return scope(actor, action).covers(obj)


def require(actor: Actor | None, action: str, obj: Any) -> None:
    """Raises NotAuthorised."""
    if not allows(actor, action, obj):
        raise NotAuthorised(action=action)


def may(actor: Actor | None, action: str) -> bool:
    """Whether the actor may do `action` to anything at all: for menus and page marks, not for objects."""
    return bool(scope(actor, action))


def require_may(actor: Actor | None, action: str) -> None:
    """Raises NotAuthorised if the actor may do `action` nowhere."""
    if not may(actor, action):
        raise NotAuthorised(action=action)


def action_words(action: str) -> str:
    """What an action is called, for histories; "" for one that roles.yaml does not list."""
    return permissions().get(action, "")
