"""A department ends: originals in its posts' hands, and slips it has to sign, are not left with nobody."""

from contextlib import suppress
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError
from uuid import UUID, uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.hall import selectors, services
from mingqu.hall.models import Hall, KeptPaper, Slip
from mingqu.hall.services import paper as papers_of_hall
from mingqu.hall.tests import factories as halls
from mingqu.hall.tests.test_paper import NOON, PAPERS, keep, send, sign
from mingqu.hall.types import Counted
from mingqu.identity.models import Post
from mingqu.identity.organ_errors import DepartmentClosed, DepartmentNotSettled
from mingqu.identity.organ_types import Change
from mingqu.identity.services import end_post, organ_changes
from mingqu.identity.tests import factories as people
from mingqu.identity.tests.test_races_of_closing import at_once
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor


@dataclass
class Office:
    """A department without cases of its own, with one officer, and who takes over."""

    organ: UUID
    heir: UUID
    officer: Actor


def office() -> Office:
    organ, heir = people.department("清禾区档案室"), people.department("清禾区档案馆")
    return Office(organ, heir, people.staff_actor("reviewer", department_id=organ, name="白洁"))


def ending(at, *, carries_posts):
    """Asked for by one officer; the deed of the other, to be done, and how it is dropped."""
    change = Change("close", legal_day(NOON), "清委发〔2026〕3号", other=at.heir, carries_posts=carries_posts)
    asker, second = people.staff_actor("system_officer"), people.staff_actor("security_officer")
    key = organ_changes.ask(department_id=at.organ, change=change, by=asker, at=NOON, key=uuid4())
    said = {"change_id": key, "at": NOON}
    return (
        lambda: organ_changes.agree(by=second, key=uuid4(), **said),
        lambda: organ_changes.drop(by=asker, key=uuid4(), **said),
    )


@pytest.mark.django_db
def test_originals_in_its_hands_hold_a_department_though_nobody_is_at_its_posts():
    w, at = f.world(), office()
    sign(send(w, keep(w, f.received_case(w)), to=at.organ), at.officer, 1, 3)
    end_post(
        user_id=at.officer.user_id, post_id=at.officer.post_id, until_on=legal_day(NOON), by=f.SYSTEM,
        at=NOON, key=uuid4(),
    )  # fmt: skip
    end, _drop = ending(at, carries_posts=False)

    with pytest.raises(DepartmentNotSettled, match=r"1项.*原件"):
        end()


@pytest.mark.django_db
def test_what_its_posts_keep_and_what_they_are_to_sign_goes_along_with_them():
    w, at = f.world(), office()
    first, second = keep(w, f.received_case(w))
    sign(send(w, [first], to=at.organ), at.officer, 1)
    slip = send(w, [second], to=at.organ)
    end, drop = ending(at, carries_posts=False)
    with pytest.raises(DepartmentNotSettled):
        end()
    drop()

    ending(at, carries_posts=True)[0]()

    assert KeptPaper.objects.get(state="kept").department_id == at.heir
    assert [one.number for one in selectors.slips_to_sign(at.officer)] == [slip.number]
    assert sign(slip, at.officer, 3) == "received"
    with pytest.raises(DepartmentClosed):
        send(w, keep(w, f.received_case(w)), to=at.organ)


@pytest.mark.django_db
def test_a_hall_is_kept_by_who_took_over():
    made = halls.hall()
    organ = Hall.objects.get(pk=made.hall_id).department_id
    heir = people.department("清禾区数据局")

    ending(Office(organ, heir, made.manager), carries_posts=True)[0]()

    assert Hall.objects.get(pk=made.hall_id).department_id == heir
    assert [one.pk for one in selectors.halls_managed(made.manager, "hall.manage")] == [made.hall_id]


def test_a_slip_that_is_signed_while_the_department_ends_is_signed_before_or_after(committed_db, monkeypatch):
    w, at = f.world(), office()
    slip = send(w, keep(w, f.received_case(w), papers=PAPERS[:1]), to=at.organ)
    line = selectors.lines_of_slip(slip.pk)[0]
    (end, _drop), point = ending(at, carries_posts=True), Barrier(2)
    for module, name in ((organ_changes, "carry_posts"), (papers_of_hall, "_on_slip_for_update")):
        monkeypatch.setattr(module, name, _meeting(point, getattr(module, name)))
    counted = [Counted(line.id, 1)]

    ended, signed = at_once(
        end,
        lambda: services.receive_papers(
            slip_id=slip.pk, counted=counted, by=at.officer, at=NOON, key=uuid4()
        ),
    )

    assert ended is None
    if isinstance(signed, DepartmentClosed):
        assert sign(slip, at.officer, 1) == "received"
    assert Slip.objects.get().state == "received"
    assert KeptPaper.objects.get(state="kept").department_id == at.heir
    assert Post.objects.get(pk=at.officer.post_id).department_id == at.heir


def _meeting(point, act):
    """Both stand there at the same moment, or the one that need not wait goes on after a while."""

    def met(*given, **named):
        with suppress(BrokenBarrierError):
            point.wait(1.5)
        return act(*given, **named)

    return met
