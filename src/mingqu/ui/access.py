"""
Who may open a page, written on the view itself. `identity.middleware` enforces it; a view without a mark
is refused, and a test finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AccessRule:
    kind: Literal["public", "signed_in", "staff"]
    action: str = (
        ""  # for staff, and for who acts for another person: what the page does and they must be allowed
    )


def _mark(view: View, rule: AccessRule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anyone may open it."""
    return _mark(view, AccessRule("public"))


def signed_in(view: View) -> View:
    """A signed-in citizen (staff have their own pages); what they see of it is the selector's matter."""
    return _mark(view, AccessRule("signed_in"))


def on_behalf(action: str) -> Callable[[View], View]:
    """
    A signed-in citizen, also one who acts for another person with an authority that allows `action`; a page marked
    `signed_in` alone is for herself.
    """

    def mark(view: View) -> View:
        return _mark(view, AccessRule("signed_in", action))

    return mark


def staff(action: str) -> Callable[[View], View]:
    """A member of staff whose acting post allows `action` somewhere; the object check follows in the selector."""

    def mark(view: View) -> View:
        return _mark(view, AccessRule("staff", action))

    return mark
