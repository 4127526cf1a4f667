"""
Draws that belong to a case and a step, not to the order in which they are asked for: the same case takes as long in
every process it is sent through, so two processes are compared by the same cases. Pure.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from zlib import crc32

Quantile = Callable[[float], float]
"""From a number in [0, 1) to minutes."""
_ALL = 0xFFFFFFFFFFFFFFFF


def uniform(seed: int, case: int, about: str, again: int = 0) -> float:
    """A number in [0, 1), always the same for the same words (SplitMix64)."""
    mixed = (seed * 0x9E3779B97F4A7C15 + case * 0xD1B54A32D192ED03 + crc32(about.encode()) + again) & _ALL
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = ((mixed ^ (mixed >> shift)) * factor) & _ALL
    mixed ^= mixed >> 31
    return (mixed >> 11) / (1 << 53)


def sampled(minutes: Sequence[float]) -> Quantile:
    """Any of these, each as likely. Raises ValueError for none."""
    if not minutes:
        raise ValueError("nothing to draw from")
    known = sorted(minutes)
    return lambda number: known[int(number * len(known))]


def spread(typical: float) -> Quantile:
    """
    Where nothing is recorded: a triangle from half of what is typical to twice that, most often near it. Raises
    ValueError for nothing or less.
    """
    if typical <= 0:
        raise ValueError("work takes time")
    low, high = typical / 2, typical * 2
    at = (typical - low) / (high - low)

    def draw(number: float) -> float:
        if number < at:
            return low + float((number * (high - low) * (typical - low)) ** 0.5)
        return high - float(((1 - number) * (high - low) * (high - typical)) ** 0.5)

    return draw


def one_of(words: Sequence[tuple[str, float]], number: float) -> str:
    """A word by its share; shares are counted together, so they need not make one."""
    sums: list[float] = []
    for _word, share in words:
        sums.append((sums[-1] if sums else 0.0) + share)
    return words[min(bisect_right(sums, number * sums[-1]), len(words) - 1)][0]
