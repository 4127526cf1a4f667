"""
Posts that go along, results in one parcel, originals in an agent's hands and a review of a rating, when the process
dies: as it was or wholly done, and done once by the same press (see test_statements_elsewhere).
"""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from mingqu.cases.bundles.tests import factories as bundles
from mingqu.cases.tests import factories as cases
from mingqu.evaluation import services as evaluation
from mingqu.evaluation.models import FollowUp, Review
from mingqu.evaluation.tests.test_reviews import Reviewed
from mingqu.hall import services as hall
from mingqu.hall.models import Consignment, KeptPaper
from mingqu.hall.tests import factories as halls
from mingqu.hall.tests.test_consignments import HOUR, send, tell
from mingqu.hall.types import NewPaper
from mingqu.identity.models import Department, Post, PostMove
from mingqu.identity.organ_types import Change
from mingqu.identity.services import organ_changes
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import OutboxEvent
from mingqu.outreach import services as outreach
from mingqu.outreach.models import Collected
from mingqu.outreach.tests import factories as errands
from tests.kill.test_statements_elsewhere import NOON, Deed, killed_everywhere


def of_a_department() -> list[Callable[[], Deed]]:
    organ, heir = people.department("甲所"), people.department("乙局")
    for _ in range(2):
        people.staff_user("李一", people.post(organ, "reviewer"))
    change = Change("close", legal_day(NOON), "清委发〔2026〕3号", other=heir, carries_posts=True)
    asker, second = people.staff_actor("system_officer"), people.staff_actor("security_officer")
    asked = organ_changes.ask(department_id=organ, change=change, by=asker, at=NOON, key=uuid4())
    agree = partial(organ_changes.agree, change_id=asked, by=second, at=NOON, key=uuid4())

    def all_there() -> bool:
        ended = Department.objects.get(pk=organ).successor_id == heir
        return (
            ended and Post.objects.filter(department_id=heir).count() == 2 and PostMove.objects.count() == 2
        )

    return [lambda: Deed("the posts go along", agree, all_there)]


def of_a_parcel() -> list[Callable[[], Deed]]:
    w = bundles.world()
    made = halls.hall(at=NOON)
    bundle = bundles.accepted(w, context={"delivery": "window"})
    first, second = (lying(w, bundle, code, made.hall_id) for code in ("food", "sign"))
    bundles.settle()
    lead_id, key = send(w, first), uuid4()
    hall.order_parcel(case_id=first.pk, consignment_id=lead_id, at=NOON)

    def along() -> Consignment:
        return Consignment.objects.get(root_id=second.pk)

    def put() -> object:
        return hall.put_along(
            case_id=second.pk, lead_root=first.pk, lead_id=lead_id, by=w.clerk, at=NOON, key=key
        )

    def follow() -> object:
        return hall.follow_parcel(case_id=second.pk, consignment_id=along().id, at=NOON + HOUR)

    def following() -> Deed:
        tell(Consignment.objects.get(id=lead_id), "collected")

        def told_once() -> bool:
            told = OutboxEvent.objects.filter(root_id=second.pk, name="hall.parcel_sent")
            return along().state == "moving" and told.count() == 1

        return Deed("it follows the parcel", follow, told_once)

    return [lambda: Deed("it is put in", put, lambda: along().along_id == lead_id), following]


def lying(w, bundle, code: str, hall_id):
    bundles.decide(w, bundle, code)
    bundles.settle()
    case = bundles.case(bundle, code)
    hall.result_arrived(case_id=case.pk, hall_id=hall_id, place="3号柜", by=w.clerk, at=NOON, key=uuid4())
    return case


def of_an_errand() -> list[Callable[[], Deed]]:
    p = errands.place(cases.world())
    row = errands.by_paper(p, errands.errand(p, person=errands.with_telephone(p.clerk)))
    errands.hand_in(p, row, errands.begun(p, row))
    relay.deliver_root(row.draft_id, NOON)
    papers = (NewPaper("身份证", "original", 1), NewPaper("平面图", "copy", 2))
    collect = partial(
        outreach.collect_papers, errand_id=row.pk, papers=papers, drawn=None, by=p.agent, at=NOON, key=uuid4()
    )

    def in_his_book_once() -> bool:
        return (
            KeptPaper.objects.filter(post_id=p.agent.post_id).count() == 2 and Collected.objects.count() == 1
        )

    return [lambda: Deed("she gives originals and signs", collect, in_his_book_once, whole=False)]


def of_a_review() -> list[Callable[[], Deed]]:
    office = Reviewed()
    office.ask()
    answer = partial(
        evaluation.answer_review,
        follow_id=office.row.pk, side="organ", accept=True, text="看过记录，属实", by=office.second, at=NOON,
        key=uuid4(),
    )  # fmt: skip

    def left_out_once() -> bool:
        told = OutboxEvent.objects.filter(root_id=office.row.pk, name="evaluation.rating_excluded")
        return (FollowUp.objects.get().state, Review.objects.get().answer, told.count()) == (
            "excluded",
            "accepted",
            1,
        )

    return [lambda: Deed("a review is answered", answer, left_out_once)]


EVERY = {"department": of_a_department, "parcel": of_a_parcel, "errand": of_an_errand, "review": of_a_review}


@pytest.mark.parametrize("what", EVERY)
def test_what_goes_along_survives_a_process_that_dies(committed_db, what):
    for make in EVERY[what]():
        killed_everywhere(make(), few=True)


@pytest.mark.long
@pytest.mark.parametrize("what", EVERY)
def test_what_goes_along_survives_a_death_at_every_statement(committed_db, what):
    for make in EVERY[what]():
        killed_everywhere(make(), few=False)
