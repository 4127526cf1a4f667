"""States by file say no more than what may be typed, and a file that can't be read stops nothing else."""

import pytest

from mingqu.exchange import services
from mingqu.exchange.connectors import signing
from mingqu.exchange.errors import CallbackUnreadable, FileUnreadable
from mingqu.exchange.states_file import read_states
from mingqu.exchange.tests import factories as f

HEAD = "编号,状态,时间,说明,结果编号\n"


@pytest.mark.django_db
def test_a_file_decides_nothing_that_a_connection_carries():
    row, clerk = f.sent(), f.officer()
    lines = f"{HEAD}{row.reference},已办结,2026-09-18 09:00,,SD-77"

    report = services.import_states(text=lines, system=f.SYSTEM, by=clerk, at=f.AT)

    assert report.taken == 0 and "系统对接" in report.wrong[0][1]
    assert f.kept(row) == 0 and f.again(row).outside == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "lacking"), [("已办结", "结果的编号"), ("不予办理", "理由"), ("要求补正", "补正什么")]
)
def test_an_end_in_a_file_says_what_it_would_say_typed(line, lacking):
    clerk = f.officer()
    row = f.carried(clerk, number="HJ1")

    report = services.import_states(text=f"{HEAD}HJ1,{line},2026-09-18", system=f.BY_HAND, by=clerk, at=f.AT)

    assert report.taken == 0 and lacking in report.wrong[0][1]
    assert f.kept(row) == 0


@pytest.mark.parametrize("line", ["an endless cell", "HJ1,办理中,0001-01-01"])
def test_what_is_no_table_or_no_time_is_said_by_its_line(line):
    text = HEAD + ('HJ1,"办理中' + "x" * 200_000 if line == "an endless cell" else line)
    ((place, wrong),) = read_states(text)
    assert place == 2 and isinstance(wrong, str)


def test_a_table_with_line_ends_of_its_own_is_read():
    ((_line, told),) = read_states("编号,状态,时间\rHJ1,办理中,2026-09-18")
    assert told.state == "handling"
    ((one),) = services.read_list("流水号,编号\rA,1".encode())
    assert (one.reference, one.number) == ("A", "1")


def test_a_list_with_an_endless_cell_is_refused_whole():
    with pytest.raises(FileUnreadable):
        list(services.read_list(('流水号,编号\n"' + "x" * 200_000).encode()))


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
def test_a_telling_from_the_ends_of_the_calendar_is_refused_as_unreadable(instant):
    said = {"reference": "a", "state": "received", "happened_at": instant}
    with pytest.raises(CallbackUnreadable):
        signing.telling(said)
