"""What identity tells other rooms."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from mingqu.kernel.types import Actor

__all__ = [
    "ActingPost",
    "AssistingActor",
    "Authority",
    "CapacityView",
    "CitizenActor",
    "DepartmentView",
    "IdentityFacts",
    "Limits",
    "Located",
    "Mandate",
    "NewAccount",
    "NewDepartment",
    "NewFirm",
    "NewPerson",
    "NewPost",
    "OfAParty",
    "OfficerView",
    "OrganName",
    "PersonView",
    "Place",
    "PostView",
    "SeenDocument",
    "Span",
    "StaffActor",
    "Standing",
    "Theirs",
    "Within",
]


class Located(Protocol):
    """What an object must tell about itself before anyone may act on it."""

    @property
    def department_id(self) -> UUID | None: ...

    @property
    def region_code(self) -> str: ...

    @property
    def item_type(self) -> str: ...


class OfAParty(Protocol):
    """What tells for whom it is: the firm (None: a person's own), under which authority it was filed, of which item."""

    @property
    def firm_id(self) -> UUID | None: ...

    @property
    def capacity_id(self) -> UUID | None: ...

    @property
    def item_code(self) -> str: ...

    @property
    def item_type(self) -> str: ...


@dataclass(frozen=True)
class Place:
    """A place in the three dimensions of access, for commands whose object does not exist yet."""

    department_id: UUID | None = None
    region_code: str = ""
    item_type: str = ""


@dataclass(frozen=True)
class Mandate:
    """
    One grant of a post: a role within a department subtree, a region subtree and item types.

    `covers` decides about one object what `Scope.q` (services/access.py) writes as a filter; a property test
    holds the two together. `departments` are the ids of the whole subtree. None means no limit in that
    dimension; an empty set covers nothing. `region` is `RegionCode.prefix`, empty for everywhere.
    """

    role: str
    permissions: frozenset[str]
    departments: frozenset[UUID] | None
    region: str
    item_types: frozenset[str] | None

    def covers(self, subject: Located) -> bool:
        """Whether the object lies within all limits; what it does not say lies outside a limit."""
        if self.departments is not None and subject.department_id not in self.departments:
            return False
        if self.region and not (subject.region_code or "").startswith(self.region):
            return False
        return self.item_types is None or subject.item_type in self.item_types


@dataclass(frozen=True)
class Limits:
    """
    The matters an authority is for: items by code, kinds of items; None: no limit in that dimension. What an object
    does not say of itself lies outside a limit.
    """

    items: frozenset[str] | None = None
    item_types: frozenset[str] | None = None

    def covers(self, subject: Any) -> bool:
        if self.items is not None and getattr(subject, "item_code", None) not in self.items:
            return False
        return self.item_types is None or getattr(subject, "item_type", None) in self.item_types

    def __bool__(self) -> bool:
        return self.items is not None or self.item_types is not None


@dataclass(frozen=True)
class CapacityView:
    """
    As whom a person may act besides herself; `principal` is a firm but for a relative. Names are in the clear: only
    for the two sides.
    """

    id: UUID
    kind: str
    state: str
    principal_id: UUID
    principal_name: str = field(repr=False)
    agent_id: UUID | None
    agent_name: str = field(repr=False)
    agent_phone: str = field(repr=False)
    items: tuple[str, ...]
    item_types: tuple[str, ...]
    from_on: date
    until_on: date | None
    ended_at: datetime | None = None

    @property
    def for_firm(self) -> bool:
        return self.kind != "relative"

    @property
    def limits(self) -> Limits:
        return Limits(frozenset(self.items) or None, frozenset(self.item_types) or None)

    def holds_on(self, day: date) -> bool:
        """In force on that day: accepted, not ended, and within its days."""
        inside = self.from_on <= day and (self.until_on is None or day <= self.until_on)
        return self.state == "active" and inside


@dataclass(frozen=True, slots=True)
class CitizenActor(Actor):
    """
    A citizen as signed in: as herself, or in a capacity (`agency`) within its `limits`. `live`: the capacities she has
    today, under which what she once filed for another is still hers to see.
    """

    limits: Limits | None = field(default=None, compare=False)
    kind_of_capacity: str = field(default="", compare=False)
    live: frozenset[UUID] = field(default=frozenset(), compare=False, repr=False)


@dataclass(frozen=True)
class Theirs:
    """
    Columns of rows that may be another's: the firm (NULL: a person's own; "": there is no such column, the rows are
    never a firm's), the authority, the item.
    """

    firm: str
    capacity: str
    item: str


@dataclass(frozen=True)
class Authority:
    """What is granted: to whom (name and telephone), for which matters, until which day."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    until_on: date
    items: tuple[str, ...] = ()
    item_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class IdentityFacts:
    """What a person tells to have her identity checked: at least three facts of her document."""

    name: str = field(repr=False)
    citizen_number: str = field(repr=False)
    valid_until: str = field(repr=False)  # as on the back of the card: 2035-06-01, or "long" (长期)


@dataclass(frozen=True)
class OrganName:
    """A department as papers name it."""

    code: str
    name: str


@dataclass(frozen=True)
class ActingPost:
    """The post somebody acts as; `code` is the one definitions name it by."""

    id: UUID
    code: str
    department_id: UUID
    organ: OrganName
    region: str  # of the organ


@dataclass(frozen=True, slots=True)
class StaffActor(Actor):
    """A member of staff acting as a post, with what was read of it when the request began."""

    mandates: tuple[Mandate, ...] = field(default=(), compare=False, repr=False)
    post: ActingPost | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AssistingActor(StaffActor):
    """
    A clerk who fills in for the person who stands at the window (窗口代为录入): what is made belongs to that
    person, what is done is written down as the clerk's.
    """

    applicant_id: UUID | None = None


@dataclass(frozen=True)
class SeenDocument:
    """
    An identity document in a clerk's hands: kind (a code of the kernel's list `identity_document`), number and the
    name on it; `phone` is where its holder wants to be told things, "" for none.
    """

    kind: str
    number: str = field(repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    consent: str = ""  # which text the person agreed to, by its day; "": none was read out


@dataclass(frozen=True)
class OfficerView:
    """Who can be sent somewhere: the person, the name (public in office), 「部门·岗位」."""

    person_id: UUID
    name: str
    post: str


@dataclass(frozen=True)
class DepartmentView:
    """A department as other rooms see it. `region_code` has 12 digits."""

    id: UUID
    code: str
    name: str
    region_code: str
    credit_code: str = ""
    parent_id: UUID | None = None
    review_organ: str = ""  # 行政复议机关, where it is named for the department (行政复议法 27)
    closed_on: date | None = None  # 撤销: the first day without it


@dataclass(frozen=True)
class PostView:
    """A post that someone holds, with what it may do."""

    id: UUID
    name: str
    department_id: UUID
    department_name: str
    from_on: date
    until_on: date | None
    mandates: tuple[Mandate, ...] = field(repr=False)
    acting: ActingPost = field(repr=False)
    deputy_for: UUID | None = None  # AB岗: the person in whose place it is held


@dataclass(frozen=True)
class Standing:
    """Who a signed-in account is: the person behind it and every post it was ever given."""

    person_id: UUID
    name: str
    assurance: int
    posts: tuple[PostView, ...] = ()
    acts: bool = False  # there may be others she can act for


@dataclass(frozen=True)
class PersonView:
    """
    A natural person in the clear: only for a page or document that is for this person or the case at hand.

    `assurance` is AAL0–AAL4.
    """

    id: UUID
    name: str = field(repr=False)
    citizen_number: str = field(repr=False)
    document_kind: str
    document_number: str = field(repr=False)
    assurance: int
    contact_phone: str = field(default="", repr=False)

    @property
    def provisional(self) -> bool:
        """No citizen number is bound yet."""
        return not self.citizen_number


@dataclass(frozen=True)
class NewPerson:
    """
    A person to be registered: with a citizen number, with another identity document (a code of the kernel's
    list `identity_document` and the number), or with neither. `assurance` 2: a clerk has seen the document.
    """

    name: str = field(repr=False)
    citizen_number: str = field(default="", repr=False)
    document: tuple[str, str] | None = field(default=None, repr=False)
    assurance: int = 2


@dataclass(frozen=True)
class NewFirm:
    """A firm to be registered; without a credit code, with the number of its reserved name (自主申报)."""

    name: str
    credit_code: str = ""
    reserved_name_number: str = ""
    legal_representative: str = field(default="", repr=False)


@dataclass(frozen=True)
class NewDepartment:
    """A department to be added below `parent_id` (None: a top one)."""

    code: str
    name: str
    region_code: str
    parent_id: UUID | None = None
    credit_code: str = ""


@dataclass(frozen=True)
class NewPost:
    """A post to be added; `item_types` narrows all its roles."""

    code: str
    name: str
    department_id: UUID
    item_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewAccount:
    """An account for a member of staff; a password given by another must be changed at first sign-in."""

    username: str
    name: str = field(repr=False)
    password: str = field(repr=False)
    must_change_password: bool = True


@dataclass(frozen=True)
class Span:
    """Days from and until, both included; None: open. `deputy_for`: in place of this account's holder (AB岗)."""

    from_on: date
    until_on: date | None = None
    deputy_for: UUID | None = None


@dataclass(frozen=True)
class Within:
    """
    Limits of a grant: a region subtree ("": everywhere), a department subtree (None: all), item types
    (empty: all).
    """

    region_code: str
    department_id: UUID | None
    item_types: tuple[str, ...] = ()
