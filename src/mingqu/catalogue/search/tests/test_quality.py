"""
How often people's own words lead to what they mean, over two real catalogues and a set of queries the search was not
tuned on: others wrote and labelled it without knowing the code, and whoever changed the code has not read it.

A label is what a reasonable official accepts among the first three; two people labelled apart. Noise must find
nothing; a real wish for which the corpus has nothing (`absent`) may find what is near, as the set says: it is told
beside, and all that found something where nothing fits keep their bar.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import pytest
from django.db import transaction

from mingqu.catalogue.search import selectors, services
from mingqu.catalogue.search.tests import corpus
from mingqu.kernel.yaml_text import read_yaml

FOLDER = Path(__file__).with_name("quality")
# Set after a run over the frozen set, a little below it; never lowered, never tuned against.
# First run: 0.61, 0.66, 0.23; second: 0.75, 0.81, 0.23.
FIRST, THIRD, FALSE_FINDS = 0.71, 0.77, 0.27
NOISE = 1  # of twenty; first run that told it apart: none
# First answer right, at least.
OWN = {"dev_queries": 0.9, "dev_queries_life": 0.88, "validation_queries": 0.85}


@dataclass
class Tally:
    """Of some queries: how many there are, whose first answer was right, whose first three held a right one."""

    asked: int = 0
    first: int = 0
    third: int = 0


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, z * z / of
    middle, half = share + square / 2, z * sqrt(share * (1 - share) / of + square / (4 * of))
    return (middle - half) / (1 + square), (middle + half) / (1 + square)


def told(name: str, right: int, of: int) -> str:
    low, high = wilson(right, of)
    return f"{name} {right}/{of} = {right / max(1, of):.2f} [{low:.2f}, {high:.2f}]"


def read(name: str) -> Mapping[str, list[str]]:
    found: Mapping[str, list[str]] = read_yaml((FOLDER / name).read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def index(django_db_setup, django_db_blocker):
    """The two catalogues, put into the index once for this module and taken back at its end."""
    if not corpus.present():
        pytest.skip("no shared data")
    with django_db_blocker.unblock(), transaction.atomic():
        services.fill(corpus.everything())
        yield
        transaction.set_rollback(True)


def tallies(labels: Mapping[str, set[str]]) -> tuple[dict[str, Tally], dict[str, list[bool]]]:
    """By kind; and of the queries that nothing fits, by kind, which found something."""
    found: dict[str, Tally] = {}
    empty: dict[str, list[bool]] = {}
    for one in read_yaml((FOLDER / "queries.yaml").read_text("utf-8")):
        hits = [hit.code for hit in selectors.find(one["query"], most=3).hits]
        right = labels[one["id"]]
        if not right:
            empty.setdefault(one["kind"], []).append(bool(hits))
            continue
        for kind in (one["kind"], "all"):
            tally = found.setdefault(kind, Tally())
            tally.asked += 1
            tally.first += bool(set(hits[:1]) & right)
            tally.third += bool(set(hits) & right)
    return found, empty


@pytest.mark.long
def test_peoples_own_words_lead_to_what_they_mean(index):
    a, b = read("labels_a.yaml"), read("labels_b.yaml")
    labels = {
        "labels a": {key: set(one) for key, one in a.items()},
        "labels b": {key: set(one) for key, one in b.items()},
        "either": {key: set(one) | set(b[key]) for key, one in a.items()},
    }
    found = {name: tallies(these) for name, these in labels.items()}

    for name, (kinds, empty) in found.items():
        print(f"\n{name}")
        for kind, tally in sorted(kinds.items()):
            print(
                f"  {kind:9} {told('first', tally.first, tally.asked)}  {told('third', tally.third, tally.asked)}"
            )
        for kind, hit in sorted(empty.items()):
            print(f"  {told(f'something found for {kind}', sum(hit), len(hit))}")
    kinds, empty = found["labels a"]
    every = [hit for hits in empty.values() for hit in hits]
    assert kinds["all"].first / kinds["all"].asked >= FIRST
    assert kinds["all"].third / kinds["all"].asked >= THIRD
    assert sum(every) / len(every) <= FALSE_FINDS
    assert sum(empty["noise"]) <= NOISE


@pytest.mark.long
@pytest.mark.parametrize("name", OWN)
def test_what_was_gained_on_the_queries_for_tuning_is_not_lost(index, name):
    """Only the share is looked at; of validation_queries nobody looks at single ones."""
    tally, false = Tally(), 0
    for one in read_yaml(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")):
        names = [hit.name for hit in selectors.find(one["query"], most=3).hits]
        right = [any(re.search(pattern, name) for pattern in one["names"]) for name in names]
        if not one["names"]:
            false += bool(names)
            continue
        tally.asked += 1
        tally.first += right[:1] == [True]
        tally.third += any(right)

    print(
        f"\n{name}: {told('first', tally.first, tally.asked)} {told('third', tally.third, tally.asked)} {false}"
    )
    assert tally.first / tally.asked >= OWN[name]
    assert false <= 2
