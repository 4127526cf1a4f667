"""Geometry of server-drawn SVG: flowcharts and bar charts. Pure; units are SVG units (px at full size)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mingqu.ui.types import Bar

ROW = 40  # height of one bar with its gap
THICK = 22
AFTER, BEFORE = "、， ", "和与及"  # signs after and before which a name may be parted
LINE = 22  # from one line of words in a box to the next, where there is room


@dataclass(frozen=True)
class DrawnBar:
    label: str
    text: str
    label_x: int
    text_y: int
    x: int
    y: int
    length: int
    mark_x: int | None
    over: bool

    @property
    def mark_top(self) -> int:
        return self.y - 5

    @property
    def mark_bottom(self) -> int:
        return self.y + THICK + 5

    @property
    def text_x(self) -> int:
        """Behind the bar, and behind its limit too where that is near."""
        end = self.x + self.length
        return (self.mark_x if self.mark_x is not None and 0 <= self.mark_x - end < 60 else end) + 8


@dataclass(frozen=True)
class BarDrawing:
    width: int
    height: int
    thick: int
    bars: list[DrawnBar]


def path_data(points: Sequence[tuple[int, int]]) -> str:
    """Straight lines through the points: M0 0L10 0L10 20."""
    return "".join(f"{'L' if index else 'M'}{x} {y}" for index, (x, y) in enumerate(points))


def box_places(box: Any) -> dict[str, object]:
    """Where the words of a box stand, or the outline and plus of a gate."""
    x, y, w, h = box.x, box.y, box.width, box.height
    cx, cy = x + w // 2, y + h // 2
    if getattr(box, "gate", False):
        diamond = path_data([(x, cy), (cx, y), (x + w, cy), (cx, y + h)]) + "Z"
        return {"diamond": diamond, "cross": _sign(getattr(box, "sign", "all"), cx, cy)}
    lines = two_lines(box.title, w)
    count = len(lines) + bool(box.detail)
    step = min(LINE, (h - 8) // count)
    first = cy + 6 - (count - 1) * step // 2
    titles = [(line, first + step * index) for index, line in enumerate(lines)]
    return {"middle": cx, "titles": titles, "detail_y": first + step * len(lines)}


def _sign(sign: str, x: int, y: int) -> str:
    """What stands in a gate: a plus, a cross or a ring, as BPMN draws them."""
    if sign == "one":
        return f"M{x - 5} {y - 5}L{x + 5} {y + 5}M{x - 5} {y + 5}L{x + 5} {y - 5}"
    if sign == "some":
        return f"M{x - 6} {y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0"
    return f"M{x - 7} {y}H{x + 7}M{x} {y - 7}V{y + 7}"


def two_lines(words: str, width: int) -> list[str]:
    """A name in a box this wide: one line, or two about as long, parted at a sign or 和 near the middle."""
    fits = (width - 2) // text_width("受")
    if text_width(words) <= fits * text_width("受"):
        return [words]
    half = min(fits, -(-len(words) // 2))
    near = range(min(fits, half + 2), half - 2, -1)
    places = (at for at in near if words[at - 1] in AFTER or words[at] in BEFORE)
    cut = next((at for at in places if len(words) - at <= fits), half)
    rest = words[cut:]
    return [words[:cut], rest if len(rest) <= fits else f"{rest[: fits - 1]}…"]


def text_width(words: str) -> int:
    """Rough width of a line of 16 px text: 17 for a Chinese character, 9 for anything narrow."""
    return sum(17 if ord(letter) > 0x2E80 else 9 for letter in words)


def bars(rows: Sequence[Bar], *, wide: bool) -> BarDrawing:
    """Place the bars from zero to the largest value or limit; the words of each keep room at the right."""
    width = 640 if wide else 325
    left = min(max([text_width(row.label) for row in rows], default=0), width * 2 // 5) + 14
    right = min(max([text_width(row.text) for row in rows], default=0), width // 3) + 24
    top = max([row.value for row in rows] + [row.mark for row in rows if row.mark is not None] + [1e-9])
    scale = (width - left - right) / top
    drawn = [
        DrawnBar(
            label=row.label,
            text=row.text,
            label_x=left - 10,
            text_y=ROW * index + 29,
            x=left,
            y=ROW * index + 13,
            length=round(row.value * scale),
            mark_x=None if row.mark is None else left + round(row.mark * scale),
            over=row.over,
        )
        for index, row in enumerate(rows)
    ]
    return BarDrawing(width, ROW * len(rows) + 12, THICK, drawn)
