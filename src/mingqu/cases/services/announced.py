"""What becomes of the announcement of a paper (公告送达) when the paper is served."""

from typing import Any
from uuid import UUID

from mingqu.cases.announcing.errors import AnnouncedOnly, AnnouncementUnknown
from mingqu.cases.models import Announcement
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

ANNOUNCED = "announced"
State = Announcement.State


def require_ran_out(way: str, by: Actor) -> None:
    """公告送达 follows from an announcement, by the system alone. Raises AnnouncedOnly."""
    if way == ANNOUNCED and by.kind != "system":
        raise AnnouncedOnly()


def announcement_ends(root_id: UUID, way: str, at: Instant, **of: Any) -> None:
    """
    Inside the command that serves a paper: it ran its time, or another way was sooner. `of`: which announcements of
    the case or bundle, by columns; the caller holds its lock. Raises AnnouncementUnknown where a paper is to count as
    announced and its announcement was withdrawn meanwhile.
    """
    state = State.SERVED if way == ANNOUNCED else State.OVERTAKEN
    rows = Announcement.objects.filter(root_id=root_id, state=State.POSTED, **of)
    ended = rows.update(state=state, ended_on=legal_day(at))
    if way == ANNOUNCED and not ended:
        raise AnnouncementUnknown()


def announcement_of_closed(root_id: UUID, paper_id: UUID, reason: str, at: Instant) -> None:
    """Inside the command that closes a paper without service: nobody reads an announcement of it any more."""
    for row in Announcement.objects.filter(root_id=root_id, paper_id=paper_id, state=State.POSTED):
        row.state, row.ended_on, row.withdrawn_because = State.WITHDRAWN, legal_day(at), reason
        row.save(update_fields=["state", "ended_on", "withdrawn_because"])
