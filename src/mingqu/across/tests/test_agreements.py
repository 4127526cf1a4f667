"""通办协议: proposed by one side, confirmed by the other, left by either; nothing counts before both agreed."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from mingqu.across import rules, selectors, services
from mingqu.across.errors import (
    AgreedAlready,
    AgreementDates,
    AgreementItems,
    AgreementNotNow,
    AgreementReason,
    AgreementUnknown,
    HallNotYours,
    OutsideArea,
    OwnProposal,
    SamePlace,
)
from mingqu.across.models import Agreement, AgreementDeed
from mingqu.across.tests import factories as made
from mingqu.across.wiring import to_answer
from mingqu.cases.tests import factories as f
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.models import InboxMessage
from mingqu.payments.tests.test_races import at_once

DAYS = some.dates(date(2026, 1, 1), date(2026, 12, 31))
TODAY = made.NOON.date()


@given(DAYS, some.none() | DAYS, some.none() | DAYS, DAYS)
def test_an_agreement_holds_only_between_its_days(from_on, until_on, ends_on, day):
    holds = rules.in_force("withdrawn" if ends_on else "agreed", from_on, until_on, ends_on, day)

    late = (until_on is not None and day > until_on) or (ends_on is not None and day >= ends_on)
    assert holds is (from_on <= day and not late)


@given(some.sampled_from([None, 0, 2, 4, 6]), some.integers(0, 6))
def test_a_wider_area_lets_in_whoever_a_narrower_one_does(area, alike):
    home, away = "990104000000", "990104000000"[:alike].ljust(12, "7")

    assert rules.within(area, home, away) is (area is not None and alike >= area)


@given(some.sampled_from(["proposed", "declined", "taken_back"]), DAYS)
def test_what_both_sides_did_not_agree_to_never_holds(state, day):
    assert not rules.in_force(state, date(2026, 1, 1), None, None, day)


@given(
    some.sampled_from(["declined", "taken_back", "withdrawn"]),
    some.sampled_from(["agree", "decline", "take_back", "withdraw"]),
)
def test_what_has_ended_does_not_begin_again(state, deed):
    assert rules.after(state, deed) is None


@pytest.mark.django_db
class TestSides:
    def test_it_counts_once_the_other_side_has_confirmed_from_its_first_day_on(self):
        s = made.sides()
        row = made.proposed(s)
        before = selectors.agreement(s.home, row.number, made.FROM)

        made.answered(s, row)

        shown = selectors.agreement(s.away, row.number, made.FROM)
        assert (before.in_force, before.turn, before.may_answer) == (False, "等清禾区政务服务大厅确认", True)
        assert (shown.in_force, shown.state_words) == (True, "双方已确认")
        assert [(one.words, one.side) for one in shown.deeds] == [
            ("提出", "临泊区政务服务大厅"),
            ("确认", "清禾区政务服务大厅"),
        ]
        assert not selectors.agreement(s.home, row.number, TODAY).in_force

    def test_either_side_may_propose(self):
        s = made.sides()

        row = made.proposed(s, by=s.home, own="QH-H", other="LB-H", receives=False)

        assert (row.home.code, row.away.code, row.by_home) == ("QH-H", "LB-H", True)
        assert selectors.waiting(s.away) == 1
        assert selectors.waiting(s.home) == 0

    def test_left_from_a_day_on_it_holds_until_the_day_before(self):
        s = made.sides()
        row = made.answered(s, made.proposed(s))

        services.withdraw(
            agreement_id=row.pk,
            ends_on=date(2026, 10, 1),
            reason="窗口搬家",
            by=s.home,
            at=made.NOON,
            key=uuid4(),
        )

        held = [
            selectors.agreement(s.away, row.number, day).in_force
            for day in (date(2026, 9, 30), date(2026, 10, 1))
        ]
        assert held == [True, False]

    def test_a_proposal_is_taken_back_before_it_is_answered(self):
        s = made.sides()
        row = made.proposed(s)

        services.take_back(agreement_id=row.pk, reason="写错了事项", by=s.away, at=made.NOON, key=uuid4())

        with pytest.raises(AgreementNotNow):
            made.answered(s, row)
        assert Agreement.objects.get(pk=row.pk).state == "taken_back"

    def test_a_second_press_proposes_nothing_more(self):
        s, key = made.sides(), uuid4()

        first, again = (
            services.propose(draft=made.draft(), by=s.away, at=made.NOON, key=key) for _ in range(2)
        )

        assert first == again
        assert Agreement.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"own": "QH-H", "other": "LB-H"}, HallNotYours),
            ({"other": "LB-H"}, SamePlace),
            ({"items": ("NO-SUCH",)}, AgreementItems),
            ({"items": ()}, AgreementItems),
            ({"items": ("QH-SPJYXK", "QH-NEAR")}, OutsideArea),
            ({"receives": False}, AgreementItems),  # the neighbour has no such item
            ({"until_on": date(2026, 9, 20)}, AgreementDates),
            ({"from_on": date(2025, 1, 1), "until_on": date(2026, 9, 17)}, AgreementDates),
            ({"terms": "字" * 501}, AgreementReason),
        ],
    )
    def test_a_proposal_that_cannot_hold_leaves_nothing(self, given, refusal):
        s = made.sides()
        made.item_without_area()

        with pytest.raises(refusal):
            made.proposed(s, **given)

        assert not Agreement.objects.exists() and not AgreementDeed.objects.exists()

    def test_what_is_refused_later_leaves_it_as_it_was(self):
        s = made.sides()
        row = made.proposed(s, until_on=date(2026, 9, 30))
        given = {"agreement_id": row.pk, "by": s.away, "at": made.NOON}

        with pytest.raises(OwnProposal):
            made.answered(s, row, by=s.away)
        with pytest.raises(NotAuthorised):
            made.answered(s, row, by=s.away_clerk)
        with pytest.raises(NotAuthorised):  # a colleague of who proposed
            made.answered(s, row, by=f.post_of("LB-D2", "临泊第二人", row.away.department_id, "hall_manager"))
        with pytest.raises(NotAuthorised):
            services.take_back(**(given | {"by": s.home}), reason="不是我提的", key=uuid4())
        with pytest.raises(AgreementReason):
            made.answered(s, row, agreed=False)
        with pytest.raises(AgreementDates):
            made.answered(s, row, at=made.NOON + timedelta(days=30))
        with pytest.raises(AgreementNotNow):
            services.withdraw(**given, ends_on=TODAY, reason="不收了", key=uuid4())
        assert Agreement.objects.get(pk=row.pk).state == "proposed"
        made.answered(s, row)
        with pytest.raises(AgreementDates):
            services.withdraw(**given, ends_on=TODAY - timedelta(days=1), reason="不收了", key=uuid4())
        with pytest.raises(AgreementUnknown):
            services.take_back(**(given | {"agreement_id": uuid4()}), reason="没有", key=uuid4())
        assert Agreement.objects.get(pk=row.pk).state == "agreed"

    def test_only_the_two_halls_see_it(self):
        s = made.sides()
        row = made.proposed(s)
        third = f.post_of(
            "QH-XB", "事项编辑", f.Department.objects.get(code="QH-ZWZX").pk, "catalogue_editor"
        )

        assert [one.number for one in selectors.agreements(third, TODAY).lines] == [row.number]
        for nobody in (s.away_clerk, f.post_of("SC-DT", "别处大厅", _third(), "hall_manager")):
            assert selectors.agreements(nobody, TODAY).lines == ()
            with pytest.raises(AgreementUnknown):
                selectors.agreement(nobody, row.number, TODAY)

    def test_the_list_costs_the_same_for_one_and_for_many(self, django_assert_max_num_queries):
        s = made.sides()
        for month in range(1, 5):
            made.proposed(s, from_on=date(2027, month, 1), until_on=date(2027, month, 28))

        with django_assert_max_num_queries(5):
            assert len(selectors.agreements(s.home, TODAY).lines) == 4


def _third():
    draft = made.NewDepartment("SX-ZWZX", "第三区政务服务中心", "990106000000", None, "")
    return made.identity.create_department(draft=draft, by=f.SYSTEM, at=made.NOON, key=uuid4())


def test_confirmed_and_taken_back_at_once_it_is_one_of_the_two(committed_db):
    s = made.sides()
    row = made.proposed(s)
    given = {"agreement_id": row.pk, "at": made.NOON}

    said = at_once(
        lambda: services.answer(**given, agreed=True, reason="", by=s.home, key=uuid4()).number,
        lambda: services.take_back(**given, reason="先不签", by=s.away, key=uuid4()).number,
    )

    assert sorted(said) == sorted([row.number, "agreement_not_now"])
    assert AgreementDeed.objects.filter(agreement=row).count() == 2


@pytest.mark.django_db
def test_the_pages_propose_confirm_and_leave(client):
    s = made.sides()
    people.signed_in(client, User.objects.get(pk=s.away.user_id))
    day = legal_day(timezone.now()) + timedelta(days=1)
    dates = {f"from_on_{part}": str(getattr(day, part)) for part in ("year", "month", "day")}
    fields = {"key": str(uuid4()), "own": "LB-H", "other": "QH-H", "receives": "own", "way": "collect"}
    wrong = client.post(reverse("across:new"), fields | dates | {"items": "NO-SUCH"})
    made.item_without_area()
    found = client.post(
        reverse("across:new"), fields | dates | {"find": "食品", "search": "1"}
    ).content.decode()
    client.post(reverse("across:new"), fields | dates | {"items": made.ITEM})
    row = Agreement.objects.get()
    page = reverse("across:agreement", args=[row.number])
    people.signed_in(client, User.objects.get(pk=s.home.user_id))

    asked = client.get(page).content.decode()
    first = client.get(reverse("across:agreements")).content.decode()
    client.post(f"{page}answer/", {"key": str(uuid4()), "agreed": "yes"})
    kept = client.post(f"{page}withdraw/", {"key": str(uuid4()), "reason": ""})
    table = b"".join(client.get(reverse("across:export")).streaming_content)

    assert wrong.status_code == 400 and "请重新找事项" in wrong.content.decode()
    assert f'value="{made.ITEM}"' in found and "QH-NEAR" not in found
    assert f'value="{day.day}"' in found, "what was typed before the search is kept"
    assert "轮到我方确认" in asked and "1份等我方确认" in first
    assert kept.status_code == 400
    assert Agreement.objects.get().state == "agreed"
    (_head, line) = load_workbook(io.BytesIO(table)).active.iter_rows(values_only=True)
    assert line[4] == made.ITEM


@pytest.mark.django_db
def test_the_first_page_says_how_many_wait():
    s = made.sides()
    assert to_answer(s.home, made.NOON) is None
    made.proposed(s)

    assert to_answer(s.home, made.NOON).words == "1份等我方确认"
    assert to_answer(s.away, made.NOON) is None


@pytest.mark.django_db
def test_the_other_side_is_told_once_of_each_deed():
    s = made.sides()
    row = made.answered(s, made.proposed(s))

    while relay.round_once(made.NOON):
        pass

    told = list(InboxMessage.objects.filter(about_id=row.pk).values_list("person_id", "kind"))
    assert sorted(told, key=str) == sorted(
        [(s.home.id, "agreement_proposed"), (s.away.id, "agreement_moved")], key=str
    )


SPANS = some.tuples(DAYS, some.none() | DAYS)


@given(SPANS, SPANS, some.none() | DAYS)
def test_two_spans_overlap_when_one_day_is_in_both(first, second, ends_on):
    (begins, until), (other, last) = first, second
    own = rules.span_of(begins, until, ends_on)
    days = [date(2026, 1, 1) + timedelta(days=one) for one in range(365)]
    mine = {one for one in days if rules.in_force("withdrawn", begins, until, ends_on, one)}
    theirs = {one for one in days if rules.in_force("agreed", other, last, None, one)}

    if mine and theirs:  # a span that ends before it begins has no day
        assert rules.overlap(own, second) is bool(mine & theirs)


@pytest.mark.django_db
def test_an_item_stands_once_between_two_halls_for_a_day_and_a_way():
    s = made.sides()
    row = made.in_force(s, until_on=date(2026, 12, 31))

    for by, what in ((s.away, {}), (s.home, {"own": "QH-H", "other": "LB-H", "receives": False})):
        with pytest.raises(AgreedAlready, match=row.number):
            made.proposed(s, by=by, from_on=date(2026, 12, 31), **what)
    assert Agreement.objects.count() == 1

    made.proposed(s, from_on=date(2027, 1, 1))
    made.proposed(s, way="online", from_on=date(2026, 12, 31))
    services.withdraw(
        agreement_id=row.pk, ends_on=date(2026, 10, 1), reason="搬家", by=s.home, at=made.NOON, key=uuid4()
    )
    made.proposed(s, from_on=date(2026, 10, 1), until_on=date(2026, 12, 31))


def test_both_sides_proposing_the_same_at_once_leave_one(committed_db):
    s = made.sides()
    other = {"own": "QH-H", "other": "LB-H", "receives": False}

    found = at_once(lambda: made.proposed(s), lambda: made.proposed(s, by=s.home, **other))

    assert [one for one in found if one == AgreedAlready.code] == [AgreedAlready.code]
    assert Agreement.objects.count() == 1
