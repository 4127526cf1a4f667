"""复核: a bad rating counts until another person says not; who gave it hears of it and stays hidden."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.errors import CaseUnknown
from mingqu.cases.tests import factories as f
from mingqu.evaluation import selectors, services
from mingqu.evaluation.errors import (
    FollowUpChoiceUnknown,
    FollowUpConcernsYou,
    FollowUpMoved,
    FollowUpUnknown,
    FollowUpWordsMissing,
    ReviewByAnother,
    ReviewOnce,
    ReviewOver,
    ReviewUnknown,
    ReviewWaits,
)
from mingqu.evaluation.models import FollowUp, Rating, Review
from mingqu.evaluation.tests.factories import NOON
from mingqu.evaluation.tests.test_following_up import DAY, Office
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.second_person import DeedAsked
from mingqu.notifications.models import InboxMessage

WHY, PROOF = "那天停电，不是窗口的原因", "值班记录，存在办公室"


class Reviewed(Office):
    def mistaken(self, *, by=None, at=NOON, contact="result"):
        services.say_mistaken(
            case_id=self.case.pk, contact=contact, by=by or self.w.citizen, at=at, key=uuid4()
        )

    def ask(self, by=None, *, at=NOON, ground="malicious", text=WHY, evidence=PROOF):
        given = {"ground": ground, "text": text, "evidence": evidence}
        services.ask_review(follow_id=self.row.pk, **given, by=by or self.head, at=at, key=uuid4())

    def reply(self, accept, by=None, *, side="organ", at=NOON, text="看过记录，属实"):
        services.answer_review(
            follow_id=self.row.pk,
            side=side,
            accept=accept,
            text=text,
            by=by or self.second,
            at=at,
            key=uuid4(),
        )
        relay.round_once(at)

    def told(self):
        return list(InboxMessage.objects.filter(about_id=self.row.pk).values_list("kind", "person_id"))


@pytest.fixture
def office(db) -> Reviewed:
    return Reviewed()


@pytest.mark.parametrize("ground", ["mistaken", "malicious"])
def test_what_the_organ_asks_counts_until_another_person_agrees(office, ground):
    office.ask(ground=ground)
    assert selectors.figures(DAY, DAY).total == 1
    assert office.seen_by(office.head).reviews[0].waits

    office.reply(accept=True)

    assert (office.state(), office.row.finding) == ("excluded", ground)
    assert selectors.figures(DAY, DAY).total == 0
    tally = selectors.tally(DAY, DAY)
    assert (tally.excluded, getattr(tally, ground)) == (1, 1)
    assert Rating.objects.get().level == 1, "kept"
    assert [one.left_out for one in selectors.ratings_visible_to(office.head).ratings] == [True]
    listed = selectors.follow_ups_at_desk(office.head, DAY, show="excluded").lines
    assert [one.number for one in listed] == [office.row.number]
    assert office.told() == [("rating_left_out", office.w.citizen.id)]
    assert "另有1条经复核不计入" in Client().get(reverse("evaluation:tally")).content.decode()


def test_who_rated_says_that_it_was_a_mistake_and_another_person_agrees(office):
    office.mistaken()
    with pytest.raises(ReviewOnce):
        office.mistaken()
    assert selectors.figures(DAY, DAY).total == 1

    office.reply(accept=True, side="rater")

    assert (office.state(), office.row.finding) == ("excluded", "mistaken")
    assert office.told() == [("rating_left_out", office.w.citizen.id)]


def test_a_refusal_gives_its_reason_to_who_asked_and_the_rating_counts(office):
    office.mistaken()
    office.ask()
    office.reply(accept=False, text="没有证据")
    assert office.told() == [], "what the organ tried to no avail is no news for her"

    office.reply(accept=False, side="rater", text="本人说没有按错")

    assert office.state() == "verifying" and selectors.figures(DAY, DAY).total == 1
    assert office.told() == [("rating_review_refused", office.w.citizen.id)]
    assert [one.answer_text for one in office.seen_by(office.head).reviews] == ["本人说没有按错", "没有证据"]
    with pytest.raises(ReviewUnknown):
        office.reply(accept=True)


def test_what_both_sides_asked_is_answered_at_once_where_it_is_accepted(office):
    office.mistaken()
    office.ask()

    office.reply(accept=True, side="rater")

    assert set(Review.objects.values_list("answer", flat=True)) == {"accepted"}
    assert len(office.told()) == 1


def test_who_proposed_to_leave_it_out_in_vain_does_not_get_it_by_the_review_of_the_organ(office):
    office.give(services.verify, office.second, finding="malicious")
    office.answer(services.decline_exclusion, office.officer)
    office.ask()

    assert "evaluation.answer_review" not in office.seen_by(office.second).may
    with pytest.raises(ReviewByAnother):
        office.reply(accept=True, by=office.second)

    assert office.state() == "verifying" and selectors.figures(DAY, DAY).total == 1
    assert "evaluation.answer_review" in office.seen_by(office.officer).may
    office.reply(accept=False, by=office.officer)


@pytest.mark.parametrize("ask", [Reviewed.mistaken, Reviewed.ask])
def test_the_last_day_counts_whole_and_the_next_one_does_not(office, ask):
    last = selectors.last_day(DAY, "mistaken")
    at = NOON + timedelta(days=(last - DAY).days)
    while legal_day(at + timedelta(hours=1)) == last:
        at += timedelta(hours=1)

    with pytest.raises(ReviewOver, match=f"{last.year}年{last.month}月{last.day}日"):
        ask(office, at=at + timedelta(hours=1))
    assert not Review.objects.exists()
    ask(office, at=at)
    assert Review.objects.get().due_on == selectors.due_after(last, "reviewing")


def test_nobody_says_it_in_the_raters_name_and_the_query_code_is_not_enough(office):
    _, stranger = people.citizen("李四")
    for actor in (stranger, office.w.clerk, office.head, services.BY_CODE):
        with pytest.raises(CaseUnknown):
            office.mistaken(by=actor)
    with pytest.raises(FollowUpUnknown):
        office.mistaken(contact="pickup")
    client = Client()
    said = {"number": office.case.number, "code": office.case.query_code}
    opened = client.get(client.post("/rate/", said)["Location"]).content.decode()
    assert "按错" not in opened
    assert not Review.objects.exists()


def test_who_verified_asked_or_handled_the_case_does_not_answer(office):
    office.give(services.verify, finding="confirmed")
    office.ask()
    with pytest.raises(ReviewByAnother):
        office.reply(accept=True, by=office.officer)
    assert "evaluation.answer_review" not in office.seen_by(office.officer).may
    hand = office.colleague("兼岗")
    with command("case.note", office.case.pk, by=hand, at=NOON, key=uuid4()) as cmd:
        cmd.done(None)
    with pytest.raises(FollowUpConcernsYou):
        office.reply(accept=True, by=hand)
    for actor in (office.head, office.w.citizen):
        with pytest.raises(FollowUpUnknown):
            office.reply(accept=True, by=actor)

    office.reply(accept=True)

    assert office.state() == "excluded"


def test_only_the_rated_organ_asks_with_reasons_evidence_and_a_ground(office):
    with pytest.raises(FollowUpUnknown):
        office.ask(people.staff_actor("department_head", name="外单位"))
    for given in ({"text": " "}, {"evidence": ""}):
        with pytest.raises(FollowUpWordsMissing) as refused:
            office.ask(**given)
        assert refused.value.field == next(iter(given))
    with pytest.raises(FollowUpChoiceUnknown):
        office.ask(ground="confirmed")
    assert not Review.objects.exists()


def test_meanwhile_the_steps_go_on_but_nothing_is_published_nor_proposed_beside_it(office):
    office.ask()
    with pytest.raises(ReviewWaits):
        office.give(services.verify, finding="mistaken")
    office.give(services.verify, finding="confirmed")
    office.give(services.rectify, office.head)
    office.give(services.call_back, outcome="content")
    with pytest.raises(ReviewWaits):
        office.give(services.publish_answer)

    office.reply(accept=False)
    office.give(services.publish_answer)

    assert office.state() == "published"
    with pytest.raises(FollowUpMoved):
        office.mistaken()


def test_what_the_office_is_about_to_leave_out_is_not_asked_again(office):
    office.give(services.verify, finding="malicious")

    with pytest.raises(DeedAsked):
        office.ask()
    with pytest.raises(DeedAsked):
        office.mistaken()


def test_the_rated_never_learn_who_said_it_and_who_reviews_may_call_her(office):
    office.mistaken()
    seen = services.see_rater(follow_id=office.row.pk, by=office.second, at=NOON, key=uuid4())
    assert seen.name == office.case.applicant_name

    entry = AuditEntry.objects.get(action="evaluation.say_mistaken")
    assert entry.root_id == office.row.pk, "officers read the history of the case"
    assert Review.objects.get().asked_by is None
    client, url = Client(), reverse("evaluation:follow_up", args=[office.row.number])
    people.signed_in(client, User.objects.get(pk=office.head.user_id))
    page = client.get(url).content.decode()
    assert "评价人登录后说按错了级别" in page
    assert office.case.applicant_name not in page and office.case.number not in page


def test_it_goes_by_pages(office):
    today = legal_day(timezone.now())
    FollowUp.objects.update(rated_on=today, due_on=selectors.due_after(today, "verifying"))
    citizen, head, second = Client(), Client(), Client()
    people.signed_in(citizen, User.objects.get(pk=office.w.citizen.user_id))
    people.signed_in(head, User.objects.get(pk=office.head.user_id))
    people.signed_in(second, User.objects.get(pk=office.second.user_id))
    own = reverse("evaluation:rate", args=[office.case.number])
    assert "是按错的，请复核" in citizen.get(own).content.decode()
    said = {"key": str(uuid4()), "contact": "result"}
    assert citizen.post(f"{own}mistaken/", said)["Location"] == own
    assert citizen.post(f"{own}mistaken/", said).status_code == 302, "a second click"
    shown = citizen.get(own).content.decode()
    assert "您说是按错的" in shown and "请复核</button>" not in shown

    ask = reverse("evaluation:ask_review", args=[office.row.number])
    given = {"ask-key": str(uuid4()), "ask-ground": "mistaken", "ask-text": WHY, "ask-evidence": ""}
    assert head.post(ask, given).status_code == 400
    assert head.post(ask, given | {"ask-evidence": PROOF}).status_code == 302
    waiting = selectors.to_do(office.second, DAY)
    assert waiting.all == 1
    assert "等复核" in second.get(f"{reverse('evaluation:follow_ups')}?show=review").content.decode()

    answer = reverse("evaluation:answer_review", args=[office.row.number])
    given = {"answer-key": str(uuid4()), "answer-side": "rater", "answer-accept": "no"}
    assert second.post(answer, given).status_code == 400
    assert second.post(answer, given | {"answer-text": "本人说没有按错"}).status_code == 302
    assert "复核没有采纳" in citizen.get(own).content.decode()


def test_the_worklist_of_who_reviews_counts_what_waits_once(office):
    office.give(services.verify, finding="confirmed")
    assert selectors.to_do(office.second, DAY).all == 0

    office.mistaken()
    office.ask()

    assert selectors.to_do(office.second, DAY).all == 1
    assert selectors.to_do(f.post_of("PJ-x", "外评", people.department("外区"), "reviewer"), DAY).all == 0
