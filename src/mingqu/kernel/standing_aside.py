"""
回避 for the rooms below the cases: what they keep of a case (a matter in another system, a fee, a result at a counter)
is no more in the hands of who stands aside than the case itself. The room of cases says who that is.
"""

from collections.abc import Callable, Collection
from uuid import UUID

Ask = Callable[[UUID], Collection[UUID]]
_asked: dict[str, Ask] = {}


def tells_who_stands_aside(room: str, ask: Ask) -> None:
    """From a room's `AppConfig.ready`; `ask` gives the persons barred from a case, nobody for what it does not know."""
    _asked[room] = ask


def standing_aside(case_id: UUID) -> frozenset[UUID]:
    """The persons who have no hand in this case, whatever posts they hold; one statement for each room that tells."""
    return frozenset(one for ask in _asked.values() for one in ask(case_id))
