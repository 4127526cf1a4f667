"""Frozen values of OpenID Connect."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class NewApp:
    """An application to be registered."""

    name: str
    operator: str
    return_addresses: tuple[str, ...]
    scopes: tuple[str, ...]
    confidential: bool = True


@dataclass(frozen=True)
class AppView:
    """An application that is registered; `live` until it is withdrawn."""

    id: UUID
    name: str
    operator: str
    confidential: bool
    return_addresses: tuple[str, ...]
    scopes: tuple[str, ...]
    registered_at: datetime
    withdrawn_at: datetime | None

    @property
    def live(self) -> bool:
        return self.withdrawn_at is None


@dataclass(frozen=True)
class GrantView:
    """What somebody let in."""

    id: UUID
    app: AppView
    subject: str
    scopes: tuple[str, ...]
    granted_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """What a code is for: scopes let in, where it goes, what it must be shown with."""

    return_address: str
    scopes: tuple[str, ...]
    challenge: str
    nonce: str
    signed_in_at: datetime
    asked: tuple[str, ...] = ()  # what stood on the page she answered; none where she had let it in before


@dataclass(frozen=True)
class Tokens:
    """What an application gets for a code or a refresh token; `refresh` is "" where she did not allow it."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    scopes: tuple[str, ...]
    subject: str
    user_id: UUID
    nonce: str = ""
    signed_in_at: datetime | None = None


@dataclass(frozen=True)
class Outsider:
    """Who an outside service says somebody is."""

    issuer: str
    subject: str = field(repr=False)
    level: int
