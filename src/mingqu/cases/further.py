"""
What else the applicant may do about their case, as rooms above offer it on its page: this room knows none of them.

A room offers once, in its `AppConfig.ready`.
"""

from collections.abc import Callable

from mingqu.ui.types import Action

Offer = Callable[[str], list[Action]]  # by the case's number

_offers: dict[str, Offer] = {}


def offer_further(name: str, offer: Offer) -> None:
    _offers[name] = offer


def further_of(number: str) -> list[Action]:
    return [action for offer in _offers.values() for action in offer(number)]
