"""What a change of a department says."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Change:
    """
    What is asked of a department: `kind` of DepartmentChange, from which day, by which document (依据). `name` of a new
    name; `other`: the department it comes under (None: none), or the one that takes over (None: its duties end);
    `carries_posts`: with all its posts, who holds them and what lies open there.
    """

    kind: str
    from_on: date
    basis: str
    name: str = ""
    other: UUID | None = None
    carries_posts: bool = False
