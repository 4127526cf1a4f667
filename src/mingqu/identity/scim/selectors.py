"""Questions of and about staff registers."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.crypto import constant_time_compare

from mingqu.identity.models import Person, PostHolding, StaffRegister, User
from mingqu.identity.openid.rules import digest_of
from mingqu.identity.scim.types import AccountView, RegisterView
from mingqu.kernel.fields import blind_index

LISTED = 100
INDEX = "identity.register_id"
ID_LETTERS = 32  # a token begins with the id of its register


def external_index(register_id: UUID, external_id: str) -> bytes:
    """Under this register: two registers may call different people by one number."""
    return blind_index(INDEX, f"{register_id}:{external_id}")


def registers() -> list[RegisterView]:
    """Live ones first, newest first; two statements at most."""
    rows = _rows().annotate(many=Count("accounts")).order_by("-entered_at")[:LISTED]
    return sorted((_view(row, row.many) for row in rows), key=lambda one: not one.live)


def register(register_id: UUID) -> RegisterView | None:
    row = _rows().annotate(many=Count("accounts")).filter(pk=register_id).first()
    return _view(row, row.many) if row else None


def register_of_token(token: str) -> RegisterView | None:
    """Whose token this is, while the register is live."""
    try:
        row = _rows().filter(pk=UUID(token[:ID_LETTERS]), ended_at=None).first()
    except ValueError:
        return None
    if row is None or not constant_time_compare(row.token_digest, digest_of(token)):
        return None
    return _view(row, 0)


def _rows() -> QuerySet[StaffRegister]:
    return StaffRegister.objects.select_related("department")


def _view(row: StaffRegister, many: int) -> RegisterView:
    there = row.department
    return RegisterView(
        row.id,
        row.name,
        row.operator,
        row.entered_at,
        row.ended_at,
        many,
        there.name if there else "",
        there.path if there else "",
    )


def visible(of: RegisterView, on: date) -> QuerySet[User]:
    """
    The accounts a register may see: all of staff but what a register took out. One of a department sees who holds a
    post there on this day, and whom it entered itself; nobody who (also) holds a post elsewhere.
    """
    found = User.objects.filter(kind=User.Kind.STAFF).exclude(register_entry__removed=True)
    if not of.path:
        return found
    running = Q(until_on=None) | Q(until_on__gte=on)
    held = PostHolding.objects.filter(running, user=OuterRef("pk"))
    here = Q(post__department__path__startswith=of.path)
    ours = Q(register_entry__register=of.id) | Exists(held.filter(here))
    return found.filter(ours, ~Exists(held.exclude(here)))


def accounts(of: RegisterView, where: Q, on: date, first: int, many: int) -> tuple[int, list[AccountView]]:
    """How many there are, and `many` of them from the `first` (from 0) on, oldest first; three statements."""
    found = visible(of, on).filter(where)
    rows = found.select_related("register_entry").order_by("created_at", "id")[first : first + many]
    return found.count(), views(of, list(rows))


def account(of: RegisterView, user_id: UUID, on: date) -> AccountView | None:
    _many, found = accounts(of, Q(pk=user_id), on, 0, 1)
    return found[0] if found else None


def views(of: RegisterView, rows: Iterable[User]) -> list[AccountView]:
    rows = list(rows)
    names: Mapping[UUID, str] = dict(
        Person.objects.filter(pk__in=[row.person_id for row in rows]).values_list("id", "name")
    )
    return [_account(of, row, names[row.person_id]) for row in rows]


def _account(of: RegisterView, row: User, name: str) -> AccountView:
    entry = getattr(row, "register_entry", None)
    own = entry is not None and entry.register_id == of.id
    return AccountView(
        row.id,
        row.get_username(),
        name,
        row.is_active,
        entry.external_id or "" if own else "",
        entry.version if entry else 0,
        row.created_at,
        entry.changed_at if entry else row.created_at,
    )
