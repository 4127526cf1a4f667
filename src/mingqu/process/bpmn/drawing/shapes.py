"""Sizes, in the units of BPMNDI (pixels at 100 %), and how much room a text takes."""

from typing import Final

TASK: Final = (100, 80)
EVENT: Final = 36
GATEWAY: Final = 50
DATA: Final = (36, 50)
STORE: Final = (50, 50)
NOTE: Final = 110
LINE_HEIGHT: Final = 14
LABEL: Final = 96
"""Widest label before it is broken into lines."""

PART_GAP: Final = 30
WAY_GAP: Final = 14
"""Between a way that passes and what lies above or below it."""
TRACK: Final = 12
SIDE: Final = 22
"""Between a level and the first track beside it."""
PAD: Final = 24
HEAD: Final = 30
"""Where a pool or lane has its name."""
LEAST_LANE: Final = 120
POOL_GAP: Final = 60


def measure(text: str, limit: int = LABEL) -> tuple[int, int]:
    """Width and height of a text at 11 px, broken at `limit`; (0, 0) for none."""
    if not text.strip():
        return 0, 0
    width, lines = 0, 0
    for line in text.strip().splitlines():
        long = sum(12 if ord(letter) > 0x2E7F else 7 for letter in line)
        broken = max(1, -(-long // limit))
        if broken > 1:
            broken = -(-long // (limit - 14))  # a word or sign more or less on each line
        lines += broken
        width = max(width, min(long, limit))
    return max(width + 6, 30), lines * LINE_HEIGHT
