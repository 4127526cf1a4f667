"""Identifiers of aggregates: UUID version 7, so that rows made together lie together on disk."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new time-ordered identifier; also the shard key of the aggregate it names."""
    return uuid7()


def id_or_none(text: str) -> UUID | None:
    """What an address or a form names as an identifier; None if it isn't one."""
    try:
        return UUID(text)
    except ValueError:
        return None
