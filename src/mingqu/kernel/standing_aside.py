"""
回避 for what does not know itself whom it bars. Rooms below the cases: what they keep of a case (a matter in another
system, a fee, a result at a counter) is no more in the hands of who stands aside than the case itself; the room of
cases says who that is. And objects whose own room works it out from what other rooms know.
"""

from collections.abc import Callable, Collection
from uuid import UUID

Ask = Callable[[UUID], Collection[UUID]]
CASE = "case"
_asked: dict[str, dict[str, Ask]] = {}


def tells_who_stands_aside(room: str, ask: Ask, *, of: str = CASE) -> None:
    """
    From a room's `AppConfig.ready`; `ask` gives the persons barred from a case (or another kind of object), nobody for
    what it does not know.
    """
    _asked.setdefault(of, {})[room] = ask


def standing_aside(root_id: UUID, *, of: str = CASE) -> frozenset[UUID]:
    """The persons who have no hand in it, whatever posts they hold; one statement for each room that tells."""
    return frozenset(one for ask in _asked.get(of, {}).values() for one in ask(root_id))
