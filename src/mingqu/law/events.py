"""What the law library tells the rooms above."""

from dataclasses import dataclass
from datetime import date

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class LawChanged(Event):
    """Two officers recorded a repeal, a new version or a first day: whatever rests on this law has to be looked at."""

    name = "law.law_changed"
    law: str
    version: str
    kind: str
    on: date
