"""月度统计 of 帮办代办: what happened in a month, by point and agent, and who may see it."""

import io
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.tests import factories as f
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry
from mingqu.outreach import selectors, services
from mingqu.outreach.tests import factories as made

NOON = made.NOON
MONTH = date(2026, 9, 1)


@pytest.fixture
def w(db):
    return f.world()


def filed(p, at=NOON):
    row = made.by_paper(p, made.errand(p, at=at), at=at)
    made.hand_in(p, row, made.begun(p, row, at=at), at=at)
    relay.deliver_root(row.draft_id, at)
    return row


def test_a_month_is_counted_by_point_and_agent_on_the_day_of_each_deed(w):
    p, other = made.place(w), made.place(w, code="xihe")
    row = filed(p)
    made.errand(p)
    made.errand(other)
    october = NOON + timedelta(days=20)
    services.end_errand(errand_id=row.pk, by=p.clerk, at=october, key=uuid4())

    first, second = selectors.tally(p.manager, MONTH)

    assert {first.agent, second.agent} == {"代办员"} and first.point == "青澜社区便民服务点"
    both = selectors.total([first, second])
    assert (both.opened, both.by_paper, both.by_code, both.filed, both.ended) == (3, 1, 0, 1, 0)
    (later,) = selectors.tally(p.manager, date(2026, 10, 1))
    assert (later.opened, later.ended) == (0, 1)
    assert selectors.tally(p.manager, date(2026, 8, 1)) == []


def test_an_agent_sees_his_own_and_nobody_else_sees_any(w):
    p, other = made.place(w), made.place(w, code="xihe")
    made.errand(p)
    made.errand(other)
    made.errand(other)

    assert [one.opened for one in selectors.tally(other.agent, MONTH)] == [2]
    assert [one.opened for one in selectors.tally(p.agent, MONTH)] == [1]
    with pytest.raises(NotAuthorised):
        services.export_tally(first=MONTH, rows=[], by=w.reviewer, at=NOON)
    assert selectors.tally(w.reviewer, MONTH) == []


def test_the_page_and_the_workbook_say_the_same_and_taking_it_is_written_down(w):
    p = made.place(w)
    made.errand(p, at=NOON)
    client = people.signed_in(Client(), User.objects.get(pk=p.manager.user_id))

    page = client.get(reverse("outreach:tally"), {"month": "2026-09"})
    taken = client.get(reverse("outreach:tally_export"), {"month": "2026-09"})

    assert "2026年9月里发生的" in page.content.decode() and "代办员" in page.content.decode()
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(taken.streaming_content))).active.values)
    assert [row[:3] for row in rows[1:]] == [("青澜社区便民服务点", "代办员", 1), ("合计", None, 1)]
    assert AuditEntry.objects.get(action="errand.tally").notes["rows"] == 1


@given(
    day=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    text=st.text(max_size=8) | st.dates().map("{:%Y-%m}".format),
)
def test_any_month_that_is_asked_for_is_one_that_has_begun(day, text):
    first = selectors.month_of(text, day)

    assert first.day == 1 and first <= day
    assert selectors.months(day)[0] == day.replace(day=1) and len(set(selectors.months(day))) == 12
