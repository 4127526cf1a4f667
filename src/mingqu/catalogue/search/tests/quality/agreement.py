"""
How far two people agree on the labels of the frozen set: `python agreement.py` prints one table by kind.

"Nothing" is the share of queries for which both say that nothing fits. Of the other queries: the share whose two sets
have a key in common, and the mean Jaccard. Kappa (Cohen) compares only the answer "something fits"; it says nothing
where each of the two gave one and the same answer throughout, and stands as a dash there.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from mingqu.kernel.yaml_text import read_yaml

HERE = Path(__file__).parent


class Pair(NamedTuple):
    query: str
    kind: str
    first: frozenset[str]
    second: frozenset[str]

    @property
    def empty(self) -> bool:
        return not self.first | self.second

    @property
    def jaccard(self) -> float:
        return len(self.first & self.second) / len(self.first | self.second)


def read(name: str) -> Any:
    return read_yaml((HERE / name).read_text(encoding="utf-8"))


def pairs() -> list[Pair]:
    first, second = read("labels_a.yaml"), read("labels_b.yaml")
    return [
        Pair(q["id"], q["kind"], frozenset(first[q["id"]]), frozenset(second[q["id"]]))
        for q in read("queries.yaml")
    ]


def mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else None


def kappa(of: list[Pair]) -> float | None:
    same = sum(bool(p.first) == bool(p.second) for p in of) / len(of)
    one, two = (sum(map(bool, side)) / len(of) for side in ([p.first for p in of], [p.second for p in of]))
    chance = one * two + (1 - one) * (1 - two)
    return None if chance == 1 else (same - chance) / (1 - chance)


def row(name: str, of: list[Pair]) -> str:
    others = [p for p in of if not p.empty]
    figures = [
        mean(p.empty for p in of),
        mean(bool(p.first & p.second) for p in others),
        mean(p.jaccard for p in others),
        kappa(of),
    ]
    shown = ["–" if figure is None else f"{figure:.2f}" for figure in figures]
    return f"| {' | '.join([name, str(len(of)), *shown])} |"


if __name__ == "__main__":
    everything = pairs()
    print("| kind | queries | both: nothing | a key in common | Jaccard | kappa |")
    print("|---|---|---|---|---|---|")
    for kind in dict.fromkeys(p.kind for p in everything):
        print(row(f"`{kind}`", [p for p in everything if p.kind == kind]))
    print(row("all", everything))
    apart = [p.query for p in everything if not p.empty and not p.first & p.second]
    print(f"\nNo key in common: {', '.join(apart) or 'none'}.")
