"""Who runs a hall says what it is: name and hours, lines, windows, Saturdays; the next press follows it."""

import re
from datetime import date, time
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as cases
from mingqu.hall import errors, selectors, services
from mingqu.hall.models import Hall, OpeningRule, QueueLine, Slot, Window
from mingqu.hall.rules import Opening
from mingqu.hall.tests import factories as f
from mingqu.hall.types import NewLine
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db
SATURDAY, HOLIDAY, WORKED_SUNDAY = date(2026, 9, 19), date(2026, 9, 26), date(2026, 9, 20)


@pytest.fixture
def made(db):
    return f.hall()


def keep_window(made, *, by=None, **more):
    wish = {"number": 1, "name": "综合窗口", "letters": ("A", "B")} | more
    return services.keep_window(
        hall_id=made.hall_id,
        window=services.WindowWish(**wish),
        by=by or made.manager,
        at=f.NINE,
        key=uuid4(),
    )


def keep_line(made, *, by=None, **more):
    line = NewLine(**({"letter": "C", "name": "不动产登记", "minutes": 30} | more))
    return services.keep_line(hall_id=made.hall_id, line=line, by=by or made.manager, at=f.NINE, key=uuid4())


def open_saturday(made, *openings):
    services.set_opening(
        line_id=made.a, openings=openings, saturday=True, by=made.manager, at=f.NINE, key=uuid4()
    )
    services.open_slots(hall_id=made.hall_id, by=f.SYSTEM, at=f.NINE, key=uuid4())


def test_a_window_out_of_use_calls_nobody_and_comes_back(made):
    number = f.taken(made.a)
    f.at_window(services.call_next, made)

    with pytest.raises(errors.WindowAtWork):
        keep_window(made, in_use=False)
    f.at_window(services.finish, made, number)
    assert keep_window(made, in_use=False) == made.one
    f.taken(made.a)
    with pytest.raises(errors.NumberUnknown):
        f.at_window(services.call_next, made)
    assert made.one not in [one.id for one in selectors.windows_for(made.clerk, "hall.call")]
    keep_window(made)
    assert f.at_window(services.call_next, made).label == "A002"


def test_a_new_line_is_served_by_the_window_that_names_it(made):
    cases.world()
    line = keep_line(made, item_codes=("QH-SPJYXK",))
    window = keep_window(made, number=7, name="不动产窗口", letters=("C",))

    f.taken(line)

    assert f.at_window(services.call_next, made, window=window).label == "C001"
    assert QueueLine.objects.get(pk=line).item_codes == ["QH-SPJYXK"]
    assert keep_line(made, name="不动产", item_codes=()) == line  # the same letter is the same line
    assert QueueLine.objects.filter(hall_id=made.hall_id).count() == 3


@pytest.mark.parametrize(
    ("deed", "more", "refusal"),
    [
        (keep_line, {"letter": "ab"}, errors.LineLetterWrong),
        (keep_line, {"name": " "}, errors.HallIncomplete),
        (keep_line, {"minutes": 0}, errors.HallIncomplete),
        (keep_line, {"item_codes": ("QH-NONE",)}, errors.LineItemsUnknown),
        (keep_window, {"letters": ("Z",)}, errors.HallIncomplete),
        (keep_window, {"letters": ()}, errors.HallIncomplete),
        (keep_window, {"number": 0}, errors.HallIncomplete),
    ],
)
def test_what_is_not_whole_changes_nothing(made, deed, more, refusal):
    before = (
        list(Window.objects.order_by("number").values()),
        list(QueueLine.objects.order_by("letter").values()),
    )

    with pytest.raises(refusal):
        deed(made, **more)
    with pytest.raises(NotAuthorised):
        deed(made, by=made.clerk)

    assert before == (
        list(Window.objects.order_by("number").values()),
        list(QueueLine.objects.order_by("letter").values()),
    )


def test_saturdays_are_open_for_those_who_say_so_and_never_within_a_holiday(made):
    assert not selectors.is_open(made.hall_id, SATURDAY)
    with pytest.raises(errors.HallShut):
        f.taken(made.a, at=f.NINE + cases.DAY)

    open_saturday(made, Opening(time(9), time(10), 30, 1))

    days = set(Slot.objects.filter(line_id=made.a).values_list("day", flat=True))
    assert SATURDAY in days and HOLIDAY not in days and WORKED_SUNDAY in days
    assert Slot.objects.filter(line_id=made.a, day=SATURDAY).count() == 2
    assert Slot.objects.filter(line_id=made.a, day=WORKED_SUNDAY).count() == 4  # worked on as any other day
    assert (
        selectors.is_open(made.hall_id, SATURDAY) and f.taken(made.a, at=f.NINE + cases.DAY).label == "A001"
    )
    open_saturday(made)  # no more of them; what was offered is kept
    assert not OpeningRule.objects.filter(saturday=True).exists()
    assert selectors.is_open(made.hall_id, SATURDAY)


@pytest.fixture
def manager(made):
    return people.signed_in(Client(), User.objects.get(pk=made.manager.user_id))


def post(client, name, code, /, **given):
    page = client.get(reverse("hall:windows", args=[code])).content.decode()
    form = page[page.index(f'action="{reverse(f"hall:{name}", args=[code])}"') :]
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', form)[1]
    return client.post(reverse(f"hall:{name}", args=[code]), {"key": key, **given})


def test_a_hall_is_opened_named_and_furnished_on_its_pages(made, manager):
    page = manager.get(reverse("hall:new")).content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1]
    given = {"key": key, "code": "H7", "name": "青澜街道便民服务中心", "address": "青澜街道示例路9号"}

    taken = manager.post(reverse("hall:new"), given | {"code": "h1"})
    opened = manager.post(reverse("hall:new"), given)
    assert taken.status_code == 409 and errors.HallCodeTaken().message in taken.content.decode()
    assert opened["Location"] == reverse("hall:windows", args=["H7"])

    assert (
        post(manager, "change", "H7", name="中心", address="示例路9号", hours="星期六上午").status_code == 302
    )
    assert post(manager, "change", "H7", name="", address="").status_code == 400
    line = {"letter": "b", "name": "社会保险", "minutes": "15", "item_codes": ""}
    assert post(manager, "keep_line", "H7", **line).status_code == 302
    unknown = post(manager, "keep_line", "H7", **line | {"of": "B", "item_codes": "QH-NONE"})
    assert unknown.status_code == 400 and "没有这些事项编码：QH-NONE" in unknown.content.decode()
    window = {"number": "1", "of": "1", "name": "综合窗口", "letters": ["A", "B"], "in_use": "on"}
    assert post(manager, "keep_window", "H7", **window).status_code == 302
    assert post(manager, "keep_window", "H7", **window | {"letters": []}).status_code == 400

    hall = Hall.objects.get(code="H7")
    assert (hall.name, hall.hours) == ("中心", "星期六上午")
    lines = {one.letter: one.pk for one in selectors.lines_of(hall.pk)}
    assert selectors.windows_of(hall.pk)[0].line_ids == [lines["A"], lines["B"]]


def test_saturday_is_chosen_where_the_times_are_set(made, manager):
    given = {
        "key": str(uuid4()),
        "line": str(made.a),
        "days": "saturday",
        "morning_from": "09:00",
        "morning_to": "11:00",
        "minutes": "30",
        "places": "2",
    }

    manager.post(reverse("hall:opening", args=["H1"]), given)

    assert "星期六09:00–11:00" in manager.get(reverse("hall:manage", args=["H1"])).content.decode()
    assert OpeningRule.objects.filter(saturday=True).count() == 1
