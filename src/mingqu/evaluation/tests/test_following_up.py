"""Every bad rating is verified, put right, called back about and published; who gave it stays hidden from the rated."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.evaluation import rules, selectors, services
from mingqu.evaluation.errors import (
    FollowUpChoiceUnknown,
    FollowUpConcernsYou,
    FollowUpMoved,
    FollowUpUnknown,
    FollowUpWordsMissing,
    FollowUpWordsPersonal,
)
from mingqu.evaluation.models import FollowUp, RatingCount
from mingqu.evaluation.tests.factories import NOON, rate, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.second_person import DeedAsked, DeedNotAsked, SecondPersonNeeded

DAY = legal_day(NOON)
SAID = "窗口说的和指南不一样，白跑一趟"


class Office:
    """A bad rating with who may do what about it."""

    def __init__(self) -> None:
        self.w = f.world()
        self.case = withdrawn_case(self.w)
        rate(self.w, self.case, 1, reasons=["guide"], text=SAID)
        relay.round_once(NOON)
        self.row = FollowUp.objects.get()
        self.place = people.department("清禾区政务服务数据管理局")
        self.officer, self.second = self.colleague("何评"), self.colleague("郑评")
        self.head = people.staff_actor("department_head", department_id=self.w.bureau, name="冯局")

    def colleague(self, name):
        """Of the evaluation office, for the whole district."""
        return f.post_of(f"PJ-{name}", name, self.place, "efficiency_supervisor")

    def give(self, step, by=None, *, at=NOON, **said):
        given = {"text": "查过了"} | said
        return step(follow_id=self.row.pk, **given, by=by or self.officer, at=at, key=uuid4())

    def answer(self, step, by):
        step(follow_id=self.row.pk, by=by, at=NOON, key=uuid4())

    def state(self) -> str:
        self.row.refresh_from_db()
        return self.row.state

    def seen_by(self, actor):
        return selectors.follow_up_at_desk(actor, self.row.number, DAY)


@pytest.fixture
def office(db) -> Office:
    return Office()


def test_from_a_bad_rating_to_what_everybody_may_read(office):
    assert office.row.due_on == selectors.due_after(DAY, "verifying")
    office.give(services.verify, finding="confirmed")
    office.give(services.rectify, office.head, text="指南改好了")
    assert office.give(services.call_back, outcome="content") == "publishing"
    office.give(services.publish_answer, text="指南和窗口说法不一致，已经改正。")

    assert office.state() == "published"
    (answer,) = selectors.published_answers()
    assert (answer.text, answer.level_words) == ("指南和窗口说法不一致，已经改正。", "非常不满意")
    tally = selectors.tally(DAY, DAY)
    assert (tally.bad, tally.rectified, tally.in_time, tally.published, tally.open) == (1, 1, 1, 1, 0)
    page = Client().get(reverse("evaluation:tally")).content.decode()
    assert "已经改正" in page and SAID not in page and office.case.number not in page
    assert selectors.figures(DAY, DAY).total == 1

    people.for_training()
    assert (selectors.tally(DAY, DAY).bad, selectors.figures(DAY, DAY).total) == (0, 0)
    assert selectors.published_answers() == []


def test_what_is_published_says_nothing_of_who_rated(office):
    office.give(services.verify, finding="confirmed")
    office.give(services.rectify, office.head, text="指南改好了")
    office.give(services.call_back, outcome="content")
    number = office.case.number
    for said in (
        f"{office.case.applicant_name}反映的",
        f"办件{number[:6]} {number[6:]}",
        "电话１９９0000 1234 已回访",
    ):
        with pytest.raises(FollowUpWordsPersonal):
            office.give(services.publish_answer, text=said)

    assert office.state() == "publishing" and not selectors.published_answers()
    assert not AuditEntry.objects.filter(action="evaluation.publish_answer").exists()


def test_a_good_rating_has_no_follow_up_and_a_rating_told_twice_has_one(db):
    w = f.world()
    rate(w, withdrawn_case(w), 3)
    rate(w, withdrawn_case(w), 2)

    for _ in range(3):
        relay.round_once(NOON)

    assert [row.level for row in FollowUp.objects.all()] == [2]


def test_the_rated_organ_sees_what_was_said_and_neither_who_nor_which_case(office):
    office.give(services.verify, finding="confirmed")
    seen = office.seen_by(office.head)
    assert (seen.text, seen.case_number, seen.may) == (
        SAID,
        "",
        {"evaluation.rectify", "evaluation.ask_review"},
    )
    client = Client()
    people.signed_in(client, User.objects.get(pk=office.head.user_id))
    url = reverse("evaluation:follow_up", args=[office.row.number])
    page = client.get(url).content.decode()
    assert SAID in page and office.case.number not in page and office.case.applicant_name not in page
    assert client.post(reverse("evaluation:rater", args=[office.row.number])).status_code == 403

    with pytest.raises(FollowUpUnknown):
        services.see_rater(follow_id=office.row.pk, by=office.head, at=NOON, key=uuid4())
    with pytest.raises(FollowUpUnknown):
        office.give(services.call_back, office.head, outcome="content")
    stranger = people.staff_actor("department_head", name="外单位")
    with pytest.raises(FollowUpUnknown):
        office.seen_by(stranger)
    office.give(services.rectify, office.head)
    assert office.seen_by(office.head).call_text == ""


def test_whom_to_call_is_shown_to_the_office_once_it_is_to_call_and_written_down(office):
    with pytest.raises(FollowUpMoved):
        services.see_rater(follow_id=office.row.pk, by=office.officer, at=NOON, key=uuid4())
    office.give(services.verify, finding="confirmed")
    office.give(services.rectify, office.head)

    found = services.see_rater(follow_id=office.row.pk, by=office.officer, at=NOON, key=uuid4())

    assert found.name == office.case.applicant_name
    entry = AuditEntry.objects.get(root_id=office.row.pk, action="evaluation.see_rater")
    assert entry.actor_id == office.officer.id
    assert found.name not in str(entry.notes)


@pytest.mark.parametrize("finding", ["mistaken", "malicious"])
def test_it_leaves_the_figures_only_when_a_second_officer_agrees(office, finding):
    office.give(services.verify, finding=finding)
    assert office.state() == "verifying"
    assert selectors.figures(DAY, DAY).total == 1, "until then it counts"
    with pytest.raises(SecondPersonNeeded):
        office.answer(services.agree_exclusion, office.officer)
    with pytest.raises(DeedAsked):
        office.give(services.verify, finding=finding)

    office.answer(services.agree_exclusion, office.second)
    relay.round_once(NOON)

    assert office.state() == "excluded"
    assert selectors.figures(DAY, DAY).total == 0
    assert RatingCount.objects.get().count == 0
    assert selectors.tally(DAY, DAY).excluded == 1


def test_bad_ratings_from_before_anyone_followed_up_are_told_of_beside_the_others(office):
    url = reverse("evaluation:tally")
    assert "开始逐条核实以前收到的" not in Client().get(url).content.decode()

    RatingCount.objects.update(count=3)

    assert "另有2条是开始逐条核实以前收到的" in Client().get(url).content.decode()


def test_what_the_second_officer_declines_is_verified_anew(office):
    office.give(services.verify, finding="malicious")

    office.answer(services.decline_exclusion, office.second)

    assert (office.state(), office.row.finding) == ("verifying", "")
    with pytest.raises(DeedNotAsked):
        office.answer(services.agree_exclusion, office.second)
    office.give(services.verify, finding="confirmed")
    assert office.state() == "rectifying"


def test_who_had_a_hand_in_the_case_neither_verifies_nor_calls(office):
    hand = office.colleague("兼岗")
    with command("case.note", office.case.pk, by=hand, at=NOON, key=uuid4()) as cmd:
        cmd.done(None)

    with pytest.raises(FollowUpConcernsYou):
        office.give(services.verify, hand, finding="confirmed")
    assert office.seen_by(hand).may == frozenset()


@pytest.mark.parametrize(
    ("outcome", "calls", "rounds", "then"),
    [
        ("content", 1, 1, "publishing"),
        ("not_content", 1, 1, "rectifying"),
        ("not_content", 1, 2, "publishing"),
        ("not_reached", 1, 1, "calling"),
        ("not_reached", 2, 1, "calling"),
        ("not_reached", 3, 1, "publishing"),
    ],
)
def test_after_a_call(outcome, calls, rounds, then):
    assert rules.after_call(outcome, calls, rounds) == then


def test_a_step_out_of_turn_empty_words_or_a_strange_choice_change_nothing(office):
    with pytest.raises(FollowUpMoved):
        office.give(services.rectify, office.head)
    with pytest.raises(FollowUpWordsMissing):
        office.give(services.verify, finding="confirmed", text=" ")
    with pytest.raises(FollowUpChoiceUnknown):
        office.give(services.verify, finding="nothing")
    with pytest.raises(FollowUpChoiceUnknown):
        office.give(services.call_back, outcome="nothing")
    assert office.state() == "verifying"


def test_a_step_after_its_day_is_late_for_good_and_stands_so_on_the_worklist(office):
    later = NOON + timedelta(days=20)
    assert selectors.to_do(office.officer, legal_day(later)) == selectors.to_do(
        office.second, legal_day(later)
    )
    assert (
        selectors.to_do(office.officer, legal_day(later)).late,
        selectors.to_do(office.head, DAY).all,
    ) == (1, 0)
    (line,) = selectors.follow_ups_at_desk(office.officer, legal_day(later)).lines
    assert line.overdue

    office.give(services.verify, finding="confirmed", at=later)
    office.give(services.rectify, office.head, at=later)

    assert selectors.tally(DAY, DAY).in_time == 0
    assert office.seen_by(office.officer).case_number == office.case.number


def test_the_office_works_on_pages_and_the_rater_sees_how_far_it_is(office):
    client, url = Client(), reverse("evaluation:follow_up", args=[office.row.number])
    people.signed_in(client, User.objects.get(pk=office.officer.user_id))
    assert office.row.number in client.get(reverse("evaluation:follow_ups")).content.decode()

    refused = client.post(url, {"key": uuid4(), "finding": "confirmed", "text": ""})
    done = client.post(url, {"key": uuid4(), "finding": "confirmed", "text": "指南确实写错了"})

    assert (refused.status_code, done.status_code, office.state()) == (400, 302, "rectifying")
    table = client.get(reverse("evaluation:follow_ups_export"))
    assert table.status_code == 200 and table["Content-Type"].endswith("sheet")
    people.signed_in(client, User.objects.get(pk=office.w.citizen.user_id))
    assert "部门正在整改" in client.get(f"/rate/{office.case.number}/").content.decode()


def test_while_an_exclusion_waits_for_its_second_officer_nobody_verifies_around_it(office):
    office.give(services.verify, finding="malicious")

    with pytest.raises(DeedAsked):
        office.give(services.verify, office.second, finding="confirmed")

    assert office.state() == "verifying"
    assert office.seen_by(office.second).finding == "malicious"
