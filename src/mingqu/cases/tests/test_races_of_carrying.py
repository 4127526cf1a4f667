"""岗位划转 while officers of those posts, and who asks them, are at work: on two connections."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases import services
from mingqu.cases.models import Consultation
from mingqu.cases.services import consulting
from mingqu.cases.tests import asking
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Finding
from mingqu.identity.models import Department, Post
from mingqu.identity.organ_errors import DepartmentClosed
from mingqu.identity.organ_types import Change
from mingqu.identity.services import organ_changes
from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks
from mingqu.process import services as process

AT = f.FRIDAY_NOON


def at_once(*deeds):
    """Each on a connection of its own; results, or the refusals they raised. What the database raises is raised."""

    def run(deed):
        try:
            return deed()
        except DomainError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def meeting(monkeypatch):
    """Both stand in the middle at the same moment, each with what it has read and holds by then."""
    point = Barrier(2)

    def set_up(module, name):
        act = getattr(module, name)

        def met(*given, **named):
            with suppress(BrokenBarrierError):
                point.wait(1.5)
            return act(*given, **named)

        monkeypatch.setattr(module, name, met)

    return set_up


def ending(department, heir):
    """Asked for by one officer; the deed of the other, to be done."""
    change = Change("close", legal_day(AT), "清委发〔2026〕3号", other=heir, carries_posts=True)
    asker, second = people.staff_actor("system_officer"), people.staff_actor("security_officer")
    key = organ_changes.ask(department_id=department, change=change, by=asker, at=AT, key=uuid4())
    return lambda: organ_changes.agree(change_id=key, by=second, at=AT, key=uuid4())


def test_a_step_claimed_while_its_post_goes_along_stays_hers_and_is_answered(committed_db, meeting):
    w = f.world()
    case = f.accepted_case(w)
    station = Department.objects.get(code="QH-SCJG-QLS").pk
    heir = people.department("清禾区基层执法队")
    (task,) = [one for one in tasks.open_tasks(case.pk) if one.step == "fitness"]
    deed = {"case_id": case.pk, "task_id": task.task_id, "by": w.station, "at": AT}
    meeting(organ_changes, "carry_posts")
    meeting(process, "claim")

    ended, claimed = at_once(ending(station, heir), lambda: services.claim_step(key=uuid4(), **deed))

    assert ended is None and not isinstance(claimed, DomainError)
    (after,) = [one for one in tasks.open_tasks(case.pk) if one.step == "fitness"]
    assert (after.claimed_by, after.post) == (w.station.id, task.post)
    services.complete_step(finding=Finding("met"), key=uuid4(), **deed)
    assert "fitness" not in {one.step for one in tasks.open_tasks(case.pk)}


def test_nobody_is_asked_at_a_department_that_ends_meanwhile(committed_db, meeting):
    w = f.world()
    case = f.accepted_case(w)
    organ, heir = people.department("清禾区消防救援站"), people.department("清禾区消防救援大队")
    post = people.post(organ, "reviewer")
    user = people.staff_user("邹明", post)
    code = Post.objects.get(pk=post).code
    end = ending(organ, heir)
    meeting(organ_changes, "carry_posts")
    meeting(consulting, "_asked")

    ended, asked = at_once(end, lambda: asking.asked(case, w.reviewer, post=code))

    assert ended is None and isinstance(asked, DepartmentClosed)
    assert not Consultation.objects.exists()
    one = asking.asked(case, w.reviewer, post=code)
    answerer = Actor("staff", user.person_id, post_id=post, user_id=user.pk, name="邹明")
    asking.answered(one, answerer)
    assert Consultation.objects.get().department_id == heir
