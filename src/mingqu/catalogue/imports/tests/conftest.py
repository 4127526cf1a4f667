"""The house of a review, and a law library as its tests need it."""

from types import SimpleNamespace

import pytest

from mingqu.catalogue.imports import review_deeds
from mingqu.catalogue.imports.tests.reviewing import House


@pytest.fixture
def house(db):
    return House()


@pytest.fixture
def standing(monkeypatch):
    """The law library as these tests need it: every law is in force, but for what they name."""
    repealed = set()

    def standings(places, *, on):
        state = {place: "repealed" if place[0] in repealed else "in_force" for place in places}
        return {
            place: SimpleNamespace(state=found, sentence=f"《{place[0]}》已废止")
            for place, found in state.items()
        }

    monkeypatch.setattr(review_deeds.law, "standings", standings)
    return repealed


@pytest.fixture
def library(monkeypatch):
    """The law library knows one thing by its name."""
    text = "取用水资源的，都应当申请领取取水许可证，并缴纳水资源费。"
    standing = SimpleNamespace(state="in_force", sentence="现行有效", article=SimpleNamespace(text=text))
    known = {"取水许可证": (("取水许可条例", 2, 0), standing)}
    monkeypatch.setattr(
        review_deeds.law,
        "laying_down",
        lambda names, *, on: {name: known[name] for name in names if name in known},
    )
