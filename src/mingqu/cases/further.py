"""
What else the applicant may do about their case, as rooms above offer it on its page: this room knows none of them.

A room offers once, in its `AppConfig.ready`.
"""

from collections.abc import Callable

from mingqu.ui.types import Action

Offer = Callable[[str], list[Action]]  # by the case's number

_offers: dict[str, Offer] = {}
_of_window: set[str] = set()


def offer_further(name: str, offer: Offer, *, of_window: bool = False) -> None:
    """`of_window`: asked only about what somebody else handed in for her, so that it costs nothing elsewhere."""
    _offers[name] = offer
    if of_window:
        _of_window.add(name)


def further_of(number: str, *, at_window: bool = False) -> list[Action]:
    left_out = set() if at_window else _of_window
    asked = [offer for name, offer in _offers.items() if name not in left_out]
    return [action for offer in asked for action in offer(number)]
