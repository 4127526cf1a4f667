"""Two officers at one announced paper at the same moment, on two connections that really commit."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases import serving
from mingqu.cases.announcing import services as announcing
from mingqu.cases.models import Announcement
from mingqu.cases.services.notices import close_notice, serve_notice
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_announcing import AT, DAY, announce, noticed
from mingqu.cases.types import Served
from mingqu.kernel.errors import DomainError
from mingqu.notifications import selectors as notifications
from mingqu.notifications.models import ServiceRecord, UnservedPaper

HANDED = Served("handed", "禾小满", "self", address="示例路1号", proof="在纸上签名")


class Stage:
    """One notice of one case, announced or not, and what two officers do with it."""

    def __init__(self, posted: bool) -> None:
        self.w = f.world()
        self.case, self.paper = noticed(self.w)
        waits = serving._waits(self.case, self.paper.id, self.paper.kind, "", AT)
        UnservedPaper(**vars(waits)).save(force_insert=True)
        self.about = {"case_id": self.case.pk, "at": AT + timedelta(days=1)}
        if posted:
            self.deemed = announce(self.w, self.case, self.paper)
            self.row = Announcement.objects.get()

    def announce(self):
        return announce(self.w, self.case, self.paper)

    def withdraw(self):
        return announcing.withdraw_announcement(
            **self.about, announcement_id=self.row.id, reason="人找到了。", by=self.w.clerk, key=uuid4()
        )

    def serve(self):
        return serve_notice(**self.about, paper_id=self.paper.id, served=HANDED, by=self.w.clerk, key=uuid4())

    def close(self):
        (ground, _words), *_others = notifications.closing_grounds()
        return close_notice(
            **self.about,
            paper_id=self.paper.id,
            ground=ground,
            reason="申请人已经撤回。",
            by=self.w.clerk,
            key=uuid4(),
        )

    def run_out(self):
        late = AT + timedelta(days=(self.deemed - DAY).days + 1)
        return announcing.serve_announced(root_id=self.case.pk, announcement_id=self.row.id, at=late)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Each on a connection of its own; what it returned, or the refusal."""
    found: dict[int, object] = {}
    start = threading.Barrier(len(deeds))

    def act(place: int, deed: Callable[[], object]) -> None:
        start.wait(timeout=20)
        try:
            found[place] = deed()
        except DomainError as refused:
            found[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=one) for one in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert len(found) == len(deeds), "one died, or they wait for each other"
    return [found[place] for place in range(len(deeds))]


def refused(outcome: list[object]) -> list[str]:
    return sorted(one.code for one in outcome if isinstance(one, DomainError))


def test_a_paper_announced_by_two_at_once_is_announced_once(committed_db):
    stage = Stage(posted=False)

    outcome = at_once(stage.announce, stage.announce)

    assert refused(outcome) == ["announced_already"]
    assert [one.state for one in Announcement.objects.all()] == ["posted"]


def test_an_announcement_withdrawn_by_two_at_once_is_withdrawn_once(committed_db):
    stage = Stage(posted=True)

    outcome = at_once(stage.withdraw, stage.withdraw)

    assert refused(outcome) == ["announcement_unknown"]
    assert Announcement.objects.get().state == "withdrawn"


@pytest.mark.parametrize("ends", ["serve", "close"])
def test_an_announcement_withdrawn_while_the_paper_is_ended_has_one_end(committed_db, ends):
    stage = Stage(posted=True)

    outcome = at_once(stage.withdraw, getattr(stage, ends))

    withdrawn = not isinstance(outcome[0], DomainError)
    assert not isinstance(outcome[1], DomainError), "the paper is served or closed either way"
    by_service = not withdrawn and ends == "serve"
    assert Announcement.objects.get().state == ("overtaken" if by_service else "withdrawn")
    assert ServiceRecord.objects.count() == (ends == "serve")


@pytest.mark.parametrize("ends", ["withdraw", "serve"])
def test_what_ran_its_time_while_another_ends_it_is_served_once_or_not_at_all(committed_db, ends):
    stage = Stage(posted=True)

    outcome = at_once(stage.run_out, getattr(stage, ends))

    by_time = outcome[0] is True
    assert Announcement.objects.get().state == (
        "served" if by_time else {"withdraw": "withdrawn", "serve": "overtaken"}[ends]
    )
    ways = list(ServiceRecord.objects.values_list("way", flat=True))
    assert ways == (["announced"] if by_time else [] if ends == "withdraw" else ["handed"])


@pytest.mark.parametrize("ends", ["serve", "close"])
def test_a_paper_that_is_ended_while_another_announces_it_stands_announced_nowhere(committed_db, ends):
    stage = Stage(posted=False)

    outcome = at_once(stage.announce, getattr(stage, ends))

    assert not isinstance(outcome[1], DomainError)
    assert not Announcement.objects.filter(state="posted").exists()
