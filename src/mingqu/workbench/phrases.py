"""常用语 for opinions: a beginning to be edited, by the kind of the step."""

from functools import lru_cache
from pathlib import Path

from mingqu.kernel.yaml_text import read_yaml


@lru_cache(maxsize=1)
def _file() -> dict[str, list[str]]:
    data = read_yaml((Path(__file__).parent / "phrases.yaml").read_text("utf-8"))
    return {kind: list(phrases) for kind, phrases in data.items() if kind != "source"}


def phrases_of(kind: str) -> list[str]:
    """The phrases of a kind of step (review, check), in order; none for another kind."""
    return _file().get(kind, [])
