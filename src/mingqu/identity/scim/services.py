"""
Commands about staff registers, and what a register has done to accounts.

A register enters who comes, renames, and says who left. It gives no post, no role and no password: those stay with the
officers, and it does not touch theirs.
"""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from mingqu.identity import selectors as identity
from mingqu.identity.errors import (
    NameMissing,
    UnknownAccount,
    UnknownDepartment,
    UsernameTaken,
    WrongUsername,
)
from mingqu.identity.models import Department, Person, RegisterEntry, StaffRegister, User
from mingqu.identity.openid.rules import digest_of
from mingqu.identity.rules import normal_username, officers_of
from mingqu.identity.scim import selectors
from mingqu.identity.scim.errors import AccountVersionOld, ExternalIdTaken, OfficerKept, RegisterUnknown
from mingqu.identity.scim.types import RegisterView, Wanted
from mingqu.identity.services import access, organs
from mingqu.identity.services.people import name_of
from mingqu.identity.types import Place
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

PROGRAM = Actor.system("scim")
LEFT = "人事系统通知离岗"


def token_of(register_id: UUID, key: UUID) -> str:
    """Follows from the deed that made it, so that a second press shows the same; begins with the register's id."""
    rest = salted_hmac("mingqu.identity.scim_token", f"{register_id} {key}", algorithm="sha256").hexdigest()
    return register_id.hex + rest


def enter_register(
    *, name: str, operator: str, department: UUID | None = None, by: Actor, at: Instant, key: UUID
) -> UUID:
    """
    A staff register that may speak to us, of the people of this department and those below it, or of all who work
    here; its token is `token_of(key, key)`. Raises NameMissing, UnknownDepartment, NotAuthorised.
    """
    with command("identity.enter_register", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require(by, "identity.enter_register", Place())
        called, run_by = " ".join(name.split()), " ".join(operator.split())
        if not called:
            raise NameMissing(field="name")
        if not run_by:
            raise NameMissing(field="operator")
        if department is not None and not Department.objects.filter(pk=department).exists():
            raise UnknownDepartment(field="department")
        StaffRegister.objects.create(
            id=key,
            name=called,
            operator=run_by,
            department_id=department,
            token_digest=digest_of(token_of(key, key)),
            entered_at=at,
        )
        cmd.note(app=called, operator=run_by, department=str(department or ""))
        cmd.done(None)
    return key


def end_register(*, register_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Its token opens nothing from now on; the accounts stay as they are. Raises RegisterUnknown, NotAuthorised."""
    with command("identity.end_register", register_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.end_register", Place())
        row = StaffRegister.objects.select_for_update().filter(pk=register_id, ended_at=None).first()
        if row is None:
            raise RegisterUnknown()
        cmd.change(row, ended_at=at)
        cmd.done(None)


def add_account(*, of: RegisterView, wanted: Wanted, at: Instant, key: UUID) -> UUID:
    """
    An account for who came; returns its id (which is `key`). Nobody signs in with it before the system officer gave a
    temporary password. Raises WrongUsername, NameMissing, UsernameTaken, ExternalIdTaken.
    """
    with command("identity.add_account", key, by=PROGRAM, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require(PROGRAM, "identity.add_account", Place())
        username = normal_username(wanted.username)
        if username is None:
            raise WrongUsername(field="username")
        person = Person.objects.create(id=new_id(), name=name_of(wanted.name), created_at=at)
        user = User(
            id=key,
            kind=User.Kind.STAFF,
            username=username,
            person_id=person.id,
            must_change_password=True,
            password=make_password(None),
            is_active=wanted.active,
            locked_because=None if wanted.active else LEFT,
            created_at=at,
        )
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as taken:
            raise UsernameTaken(field="username") from taken
        _write(RegisterEntry(user=user, stopped=not wanted.active), of, wanted.external_id, at)
        cmd.note(username=username, register=of.id)
        cmd.note_digest(name=person.name)
        cmd.done(None)
    return key


def change_account(
    *, of: RegisterView, user_id: UUID, wanted: Wanted, version: int | None, at: Instant, key: UUID
) -> None:
    """
    The name, the register's own number, whether she is still there. Who left is signed out, her holdings end with this
    day. Who comes back signs in again and holds no post; an account that an officer stopped stays stopped.

    `version`: what the register had read, None when it does not say. Raises UnknownAccount, OfficerKept,
    AccountVersionOld, NameMissing, ExternalIdTaken.
    """
    with command("identity.change_account", user_id, by=PROGRAM, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(PROGRAM, "identity.change_account", Place())
        user, entry = _for_update(of, user_id, version, at)
        person = Person.objects.select_for_update().get(pk=user.person_id)
        if (name := name_of(wanted.name)) != person.name:
            cmd.change(person, name=name)
            cmd.note_digest(name=name)
        _stop_or_open(cmd, user, entry, wanted.active, at)
        _write(entry, of, wanted.external_id, at)
        cmd.note(register=of.id, active=wanted.active)
        cmd.done(None)


def remove_account(*, of: RegisterView, user_id: UUID, version: int | None, at: Instant, key: UUID) -> None:
    """
    As who left, and no register sees the account again. What she did stays hers. Raises UnknownAccount, OfficerKept,
    AccountVersionOld.
    """
    with command("identity.remove_account", user_id, by=PROGRAM, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(PROGRAM, "identity.remove_account", Place())
        user, entry = _for_update(of, user_id, version, at)
        _stop_or_open(cmd, user, entry, active=False, at=at)
        entry.removed, entry.external_index = True, None
        _write(entry, of, "", at)
        cmd.note(register=of.id)
        cmd.done(None)


def _for_update(
    of: RegisterView, user_id: UUID, version: int | None, at: Instant
) -> tuple[User, RegisterEntry]:
    user = selectors.visible(of, legal_day(at)).select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise UnknownAccount()
    if officers_of(role for role, _since, _until in identity.roles_held(user_id)):
        raise OfficerKept()
    entry = RegisterEntry.objects.filter(pk=user_id).first() or RegisterEntry(user=user, version=0)
    if version is not None and version != entry.version:
        raise AccountVersionOld()
    return user, entry


def _stop_or_open(cmd: Command, user: User, entry: RegisterEntry, active: bool, at: Instant) -> None:
    if user.is_active and not active:
        cmd.note(posts=organs.end_holdings(user.pk, legal_day(at)))
        cmd.change(user, is_active=False, epoch=user.epoch + 1, locked_because=LEFT)
        entry.stopped = True
    elif active and entry.stopped:
        if user.locked_because == LEFT:  # an officer who stopped it since has said why; that stands
            cmd.change(user, is_active=True, locked_because=None)
        entry.stopped = False


def _write(entry: RegisterEntry, of: RegisterView, external_id: str, at: Instant) -> None:
    """The number under which the register knows the account; another register's gives way to it."""
    entry.register_id, entry.changed_at = of.id, at
    entry.external_id = external_id or None
    entry.external_index = selectors.external_index(of.id, external_id) if external_id else None
    entry.version += 1
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as taken:
        raise ExternalIdTaken(field="externalId") from taken
