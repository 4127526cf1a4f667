"""How Django finds the account of a session, and how a name and password are checked."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from mingqu.identity import selectors
from mingqu.identity.models import User


class StandingBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """
    allauth's check of name and password, and one statement that brings account, person, posts and mandates.

    Locked accounts are not found, so that a lock ends what is under way.
    """

    def get_user(self, user_id: Any) -> User | None:
        return selectors.signed_in_user(UUID(str(user_id)))

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Django's permissions are not used: `services.access` is the one rule."""
        return False
