"""
What else the applicant may do about their case, as rooms above offer it on its pages: this room knows none of them.

A room offers once, in its `AppConfig.ready`.
"""

from collections.abc import Callable
from typing import Literal

from mingqu.ui.types import Action

Offer = Callable[[str], list[Action]]  # by the case's number
Place = Literal["own", "herself", "code"]
"""For who applied and who acts for her; for her alone; for whoever has number and query code."""

_offers: dict[tuple[Place, str], Offer] = {}
_of_window: set[str] = set()


def offer_further(name: str, offer: Offer, *, of_window: bool = False, place: Place = "own") -> None:
    """`of_window`: asked only about what somebody else handed in for her, so that it costs nothing elsewhere."""
    _offers[place, name] = offer
    if of_window:
        _of_window.add(name)


def further_of(number: str, *, at_window: bool = False, place: Place = "own") -> list[Action]:
    left_out = set() if at_window else _of_window
    asked = [offer for (where, name), offer in _offers.items() if where == place and name not in left_out]
    return [action for offer in asked for action in offer(number)]
