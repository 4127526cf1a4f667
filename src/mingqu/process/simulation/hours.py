"""Working time: when a post works, and what a length of work comes to on the clock. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta

DAY = 24 * 60.0
"""Minutes."""
AHEAD = 60
"""Days that are looked up at a time."""
NEVER = 4000
"""Days in a row without work, after which nobody is waited for any more."""


FARTHEST = 100 * 366
"""Days; work that would be done after them is not laid out: nobody waits so long, and it would take all memory."""


class TooFar(Exception):
    """With so few people for so much work it would go on for more than FARTHEST days, or beyond the calendar."""


class NoHours(Exception):
    """Nobody ever works: the work would never be done. A programming error; whoever asks checks the hours first."""


class Hours:
    """
    The working minutes of a post, from midnight of `first` on.

    `works` says which days it works, `spans` from which to which minute of such a day (540 is nine o'clock).
    Moments are minutes since that midnight, work is counted in minutes from there.
    """

    __slots__ = ("_begins", "_done", "_ends", "_known", "first", "per_day", "spans", "works")

    def __init__(
        self, first: date, works: Callable[[date], bool], spans: Sequence[tuple[float, float]]
    ) -> None:
        self.first, self.works, self.spans = first, works, tuple(spans)
        self.per_day = sum(end - begin for begin, end in self.spans)
        self._begins: list[float] = []
        self._ends: list[float] = []
        self._done: list[float] = []  # work before each span
        self._known = 0

    def worked(self, moment: float) -> float:
        """Working minutes before `moment`."""
        while self._known * DAY <= moment:
            self._look_ahead()
        place = bisect_right(self._begins, moment) - 1
        if place < 0:
            return 0.0
        return self._done[place] + min(moment, self._ends[place]) - self._begins[place]

    def moment(self, work: float) -> float:
        """The earliest moment by which so much has been worked. Raises NoHours."""
        if work <= 0:
            return 0.0
        without = 0
        while not self._done or self._done[-1] + self._ends[-1] - self._begins[-1] < work:
            without = without + AHEAD if not self._look_ahead() else 0
            if without > NEVER:
                raise NoHours()
        place = bisect_right(self._done, work) - 1
        if self._done[place] == work:
            place -= 1  # done when the span before ended, not when the next begins
        return self._begins[place] + work - self._done[place]

    def after(self, moment: float, work: float) -> float:
        """When work that begins at `moment` is done: it goes on the next morning where it was left."""
        return max(moment, self.moment(self.worked(moment) + work))

    def _look_ahead(self) -> bool:
        """The next days; whether any of them is worked on. Raises TooFar."""
        if self._known > min(FARTHEST, (date.max - self.first).days - AHEAD):
            raise TooFar()
        before = len(self._begins)
        for number in range(self._known, self._known + AHEAD):
            if not self.works(self.first + timedelta(days=number)):
                continue
            for begin, end in self.spans:
                done = self._done[-1] + self._ends[-1] - self._begins[-1] if self._done else 0.0
                self._done.append(done)
                self._begins.append(number * DAY + begin)
                self._ends.append(number * DAY + end)
        self._known += AHEAD
        return len(self._begins) > before


def always(first: date) -> Hours:
    """Day and night, every day: what is done by a machine, or elsewhere."""
    return Hours(first, lambda _day: True, [(0.0, DAY)])
