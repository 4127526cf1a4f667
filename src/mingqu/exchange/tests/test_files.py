"""States by file: read in a job, saying no more than what may be typed; what can't be read stops nothing else."""

import io
import json

import openpyxl
import pytest

from mingqu.exchange import services
from mingqu.exchange.connectors import signing
from mingqu.exchange.errors import CallbackUnreadable, FileUnreadable
from mingqu.exchange.models import StatesFile, StatesLine
from mingqu.exchange.services import states
from mingqu.exchange.states_file import read_states
from mingqu.exchange.tests import factories as f
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import TableDamaged

HEAD = "编号,状态,时间,说明,结果编号\n"
LINE = ("HJ1", "办理中", "2026-09-18 09:30")


def xlsx() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["办理时间", "对方编号", "办理状态"])  # their own order and names
    made.active.append([LINE[2], LINE[0], LINE[1]])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


FORMATS = {
    "csv": f"{HEAD}{','.join(LINE)}".encode(),
    "a csv of a Chinese Windows": f"{HEAD}{','.join(LINE)}".encode("gb18030"),
    "line ends of its own": f"{HEAD}{','.join(LINE)}".replace("\n", "\r").encode(),
    "xlsx": xlsx(),
    "json lines": json.dumps({"number": "HJ1", "state": "handling", "happened_at": LINE[2]}).encode(),
}


@pytest.mark.parametrize("data", FORMATS.values(), ids=FORMATS)
def test_each_format_says_the_same(data):
    ((_line, told),) = read_states(data)

    assert (told.reference, told.state) == ("HJ1", "handling")
    assert told.happened_at.isoformat() == "2026-09-18T09:30:00+08:00"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("HJ1,办理中,0001-01-01", "时间应写成"),
        ("HJ1,在路上,2026-09-18", "不认识的状态"),
        (",办理中,2026-09-18", "没有流水号"),
        (f"{'9' * 65},办理中,2026-09-18", "最多64个字"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_by_its_line(line, wrong):
    ((place, said),) = read_states((HEAD + line).encode())
    assert place == 2 and wrong in said


@pytest.mark.parametrize("line", ["[]", "7", "{", '{"number": {"a": 1}, "state": null}'])
def test_a_json_line_that_is_no_telling_is_said_by_its_line(line):
    found = list(
        read_states(('{"number": "HJ1", "state": "handling", "happened_at": "2026-09-18"}\n' + line).encode())
    )
    assert [place for place, _said in found] == [1, 2] and "没有流水号" in found[1][1]


def test_an_endless_cell_is_no_table():
    with pytest.raises(TableDamaged):
        list(read_states((HEAD + 'HJ1,"办理中' + "x" * 200_000).encode()))


@pytest.mark.django_db
def test_a_file_decides_nothing_that_a_connection_carries():
    row, clerk = f.sent(), f.officer()
    lines = f"{HEAD}{row.reference},已办结,2026-09-18 09:00,,SD-77"

    file = f.states_by_file(clerk, lines, system=f.SYSTEM)

    ((_line, why),) = f.wrong_lines(file)
    assert (file.taken, file.state) == (0, "done") and "系统对接" in why
    assert f.kept(row) == 0 and f.again(row).outside == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "lacking"), [("已办结", "结果的编号"), ("不予办理", "理由"), ("要求补正", "补正什么")]
)
def test_an_end_in_a_file_says_what_it_would_say_typed(line, lacking):
    clerk = f.officer()
    row = f.carried(clerk, number="HJ1")

    file = f.states_by_file(clerk, f"{HEAD}HJ1,{line},2026-09-18")

    assert file.taken == 0 and lacking in f.wrong_lines(file)[0][1]
    assert f.kept(row) == 0


@pytest.mark.django_db
def test_wrong_lines_stop_no_other_and_the_same_file_again_changes_nothing():
    clerk = f.officer()
    row = f.carried(clerk, number="HJ1")
    lines = f"{HEAD}HJ1,办理中,2026-09-18 09:00\nHJ7,办理中,2026-09-18\nHJ1,在路上,2026-09-18\n"

    first, second = (f.states_by_file(clerk, lines) for _time in range(2))

    assert (first.total, first.taken, first.known, first.wrong) == (3, 1, 0, 2)
    assert (second.taken, second.known, second.wrong) == (0, 1, 2)
    assert [line for line, _why in f.wrong_lines(first)] == [3, 4]
    assert (f.again(row).shown, f.kept(row)) == ("handling", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["_read", "_kept", "_mark"])
def test_a_worker_that_is_struck_down_leaves_nothing_out_and_counts_nothing_twice(monkeypatch, where):
    clerk = f.officer()
    f.carried(clerk, number="HJ1")
    data = f"{HEAD}HJ1,办理中,2026-09-18 09:00\nHJ7,办理中,2026-09-18".encode()
    file_id = services.take_in(system=f.BY_HAND, name="s.csv", data=data, by=clerk, at=f.AT, key=new_id())

    def strike(*_given):
        raise ConnectionError

    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(states, where, strike)
        while services.read_states(file_id, f.AT):
            pass
    assert services.sweep_states(f.AT + 3 * f.MINUTE) == 1
    while services.read_states(file_id, f.AT + 3 * f.MINUTE):
        pass

    file = StatesFile.objects.get()
    assert (file.state, file.taken + file.known, file.wrong) == ("done", 1, 1)
    assert services.sweep_states(f.AT + f.DAY) == 0


@pytest.mark.django_db
def test_what_is_no_table_is_said_and_nothing_of_it_is_kept():
    file = f.states_by_file(f.officer(), b"\xd0\xcf\x11\xe0old")

    assert file.state == "unread" and file.why
    assert not StatesLine.objects.exists()


@pytest.mark.django_db
def test_what_was_taken_from_the_post_meanwhile_is_not_done_any_more(monkeypatch):
    clerk = f.officer()
    row = f.carried(clerk, number="HJ1")
    data = f"{HEAD}HJ1,办理中,2026-09-18 09:00".encode()
    file_id = services.take_in(system=f.BY_HAND, name="s.csv", data=data, by=clerk, at=f.AT, key=new_id())
    other = f.officer("finance_officer", "钱进")
    StatesFile.objects.update(by_post=other.post_id)  # as if the post had lost the role
    while services.read_states(file_id, f.AT):
        pass

    assert StatesFile.objects.get().wrong == 1 and f.kept(row) == 0


def test_a_list_with_line_ends_of_its_own_is_read_and_one_with_an_endless_cell_refused_whole():
    ((one),) = services.read_list("流水号,编号\rA,1".encode())
    assert (one.reference, one.number) == ("A", "1")
    with pytest.raises(FileUnreadable):
        list(services.read_list(('流水号,编号\n"' + "x" * 200_000).encode()))


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
def test_a_telling_from_the_ends_of_the_calendar_is_refused_as_unreadable(instant):
    said = {"reference": "a", "state": "received", "happened_at": instant}
    with pytest.raises(CallbackUnreadable):
        signing.telling(said)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["\\ud800", "\\u0000"])
@pytest.mark.parametrize("where", ["reference", "state", "words", "number"])
def test_a_character_no_database_keeps_is_a_wrong_line_and_stops_no_other(where, wrong):
    clerk = f.officer()
    f.carried(clerk, number="HJ1")
    good = {"reference": "HJ1", "state": "handling", "happened_at": LINE[2], "words": "好"}
    bad = {**good, "result": {"number": "x"}}
    text = (
        json.dumps(bad | {where: "HERE"}) if where != "number" else json.dumps(bad).replace('"x"', '"HERE"')
    )

    file = f.states_by_file(clerk, f"{text.replace('HERE', wrong)}\n{json.dumps(good)}".encode())

    assert (file.state, file.taken, file.wrong) == ("done", 1, 1)
    assert [line for line, _why in f.wrong_lines(file)] == [1]
