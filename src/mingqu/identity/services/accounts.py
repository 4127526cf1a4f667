"""
Commands about accounts: opened by a telephone number, or made for staff; locked, reset, signed in to.

Sign-ins, refusals, new second factors and password changes are entries of the audit ledger like any command
(GB/T 22239-2019 8.1.4.3).
"""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from mingqu.identity import selectors
from mingqu.identity.errors import (
    NameMissing,
    NotAuthorised,
    PhoneTaken,
    SamePassword,
    UnknownAccount,
    UsernameTaken,
    WeakPassword,
    WrongPassword,
    WrongUsername,
)
from mingqu.identity.models import Person, User
from mingqu.identity.rules import normal_username, password_weakness
from mingqu.identity.services import access
from mingqu.identity.types import NewAccount, Place
from mingqu.kernel.commands import command
from mingqu.kernel.fields import blind_index
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

SIGN_IN = Actor.system("sign-in")
# Refused sign-ins under names that don't exist are audited too, under one root: else the time an answer
# takes would tell which names exist.
NOBODY = Actor.system("no such account").id


def open_account(*, phone: str, at: Instant) -> User:
    """
    The personal account of a telephone number whose holder has just proved to have it; made on first use.

    `phone` is 11 digits, already parsed. Two first sign-ins at one moment end with one account.
    """
    known = selectors.citizen_with_phone(phone)
    if known is not None:
        return known
    person_id, user_id = new_id(), new_id()
    index = blind_index("identity.phone", phone)
    try:
        with command("identity.open_account", person_id, by=SIGN_IN, at=at, key=new_id()) as cmd:
            Person.objects.create(id=person_id, created_at=at)
            user = User(
                id=user_id,
                kind=User.Kind.CITIZEN,
                phone=phone,
                phone_index=index,
                phone_verified_at=at,
                person_id=person_id,
                created_at=at,
            )
            user.set_unusable_password()
            user.save(force_insert=True)
            cmd.note(user=user_id)
            cmd.note_digest(phone=phone)
    except IntegrityError:
        first = selectors.citizen_with_phone(phone)
        if first is None:
            raise
        return first
    return user


def change_phone(*, user_id: UUID, phone: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Another telephone number, proved by a code, for one's own account; all other sessions end, for the telephone may be
    lost. Raises PhoneTaken, NotAuthorised.
    """
    with command("identity.change_phone", user_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "identity.change_phone")
        if by.user_id != user_id:
            raise NotAuthorised()
        user = _for_update(user_id)
        user.phone, user.phone_index = phone, blind_index("identity.phone", phone)
        user.phone_verified_at = at
        user.epoch += 1
        try:
            with transaction.atomic():
                user.save(update_fields=["phone", "phone_index", "phone_verified_at", "epoch"])
        except IntegrityError as taken:
            raise PhoneTaken(field="phone") from taken
        cmd.note_digest(phone=phone)
        cmd.done(None)


def create_user(*, draft: NewAccount, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    An account for a member of staff; returns its id (which is `key`). It can do nothing before a second
    factor is set up and a post is given.

    Raises WrongUsername, UsernameTaken, WeakPassword, NameMissing, NotAuthorised.
    """
    with command("identity.create_user", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require(by, "identity.create_user", Place())
        account, name = normal_username(draft.username), " ".join(draft.name.split())
        if account is None:
            raise WrongUsername(field="username")
        if not name:
            raise NameMissing(field="name")
        _require_strong(draft.password, account)
        person = Person.objects.create(id=new_id(), name=name, created_at=at)
        user = User(
            id=key,
            kind=User.Kind.STAFF,
            username=account,
            person_id=person.id,
            must_change_password=draft.must_change_password,
            password_changed_at=at,
            created_at=at,
        )
        user.set_password(draft.password)
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as taken:
            raise UsernameTaken(field="username") from taken
        cmd.note(username=account)
        cmd.note_digest(name=name)
        cmd.done(None)
    return key


def lock_user(*, user_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """Stop an account; the reason is kept encrypted, sessions end at once. Raises UnknownAccount, NotAuthorised."""
    with command("identity.lock_user", user_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.lock_user", Place())
        user = _for_update(user_id)
        user.is_active = False
        user.epoch += 1
        user.locked_because = reason.strip()
        user.save(update_fields=["is_active", "epoch", "locked_because"])
        cmd.note_digest(reason=reason.strip())
        cmd.done(None)


def unlock_user(*, user_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Let a stopped account sign in again. Raises UnknownAccount, NotAuthorised."""
    with command("identity.unlock_user", user_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.unlock_user", Place())
        user = _for_update(user_id)
        if user.closed_at is not None:  # its owner closed it: nobody opens it again
            raise UnknownAccount()
        user.is_active, user.locked_because = True, None
        user.save(update_fields=["is_active", "locked_because"])
        cmd.done(None)


def reset_password(*, user_id: UUID, password: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    A temporary password, to be changed at the next sign-in; sessions end at once.

    Raises WeakPassword, UnknownAccount, NotAuthorised.
    """
    with command("identity.reset_password", user_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.reset_password", Place())
        user = _for_update(user_id)
        if user.kind != User.Kind.STAFF:
            raise UnknownAccount()
        _require_strong(password, user.get_username())
        _set_password(user, password, at, must_change=True)
        cmd.done(None)


def change_password(*, user_id: UUID, old: str, new: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    One's own password; all other sessions end.

    Raises WrongPassword, SamePassword, WeakPassword, NotAuthorised.
    """
    with command("identity.change_password", user_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        if by.user_id != user_id:
            raise NotAuthorised()
        user = _for_update(user_id)
        if not user.check_password(old):
            raise WrongPassword(field="old")
        if old == new:
            raise SamePassword(field="password")
        _require_strong(new, user.get_username())
        _set_password(user, new, at, must_change=False)
        cmd.done(None)


def note_sign_in(*, user: User, method: str, at: Instant) -> None:
    """That an account was signed in to, and how: `code`, `password`, `passkey`."""
    with command("identity.sign_in", user.id, by=as_actor(user), at=at, key=new_id()) as cmd:
        cmd.note(method=method)


def note_refused_sign_in(*, user_id: UUID | None, method: str, at: Instant) -> None:
    """That somebody tried and was refused."""
    with command("identity.refuse_sign_in", user_id or NOBODY, by=SIGN_IN, at=at, key=new_id()) as cmd:
        cmd.note(method=method)


def note_sign_out(*, user: User, at: Instant) -> None:
    """That the person ended the session."""
    with command("identity.sign_out", user.id, by=as_actor(user), at=at, key=new_id()) as cmd:
        cmd.note()


def as_actor(user: User) -> Actor:
    """The account as an actor without a post: for what concerns only itself."""
    if user.kind == User.Kind.CITIZEN:
        return Actor("citizen", user.person_id, user_id=user.id)
    return Actor("staff", user.person_id, user_id=user.id)


def _for_update(user_id: UUID) -> User:
    found = User.objects.select_for_update().filter(pk=user_id).first()
    if found is None:
        raise UnknownAccount()
    return found


def _require_strong(password: str, username: str) -> None:
    if reason := password_weakness(password, username):
        raise WeakPassword(field="password", reason=reason)
    try:
        validate_password(password)
    except ValidationError as weak:
        raise WeakPassword(field="password", reason="common") from weak


def _set_password(user: User, password: str, at: Instant, *, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = at
    user.epoch += 1
    user.save(update_fields=["password", "must_change_password", "password_changed_at", "epoch"])
