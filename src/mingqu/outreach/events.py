"""What outreach tells: nothing personal, nothing of what it is about."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class ConsentPaper(Event):
    """A consent paper waits for a second person."""

    name = "outreach.consent_paper"
    department_id: UUID


@dataclass(frozen=True)
class ConsentAnswered(Event):
    """A second person agreed to the paper, or did not."""

    name = "outreach.consent_answered"
    agreed: bool


@dataclass(frozen=True)
class ErrandFiled(Event):
    """An agent handed in for a person who had agreed."""

    name = "outreach.filed"
    person_id: UUID


@dataclass(frozen=True)
class ErrandEnded(Event):
    """The person took the consent back (`by_person`), or the agent gave up."""

    name = "outreach.ended"
    by_person: bool


@dataclass(frozen=True)
class PapersCollected(Event):
    """The person gave originals to the agent."""

    name = "outreach.papers_collected"
    person_id: UUID
    many: int
    nth: int  # how often she has by now


@dataclass(frozen=True)
class HomeVisitAsked(Event):
    name = "outreach.home_visit_asked"
    department_id: UUID
    due_on: date


@dataclass(frozen=True)
class HomeVisitPlanned(Event):
    name = "outreach.home_visit_planned"
    post_id: UUID
    visit_on: date


@dataclass(frozen=True)
class HomeVisitClosed(Event):
    """Done, or not possible."""

    name = "outreach.home_visit_closed"
    done: bool
