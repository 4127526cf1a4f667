"""Two at once on one matter."""

from mingqu.exchange import services
from mingqu.exchange.connectors import double
from mingqu.exchange.errors import NotAskedToCorrect
from mingqu.exchange.models import Attempt, DoubleMatter, Handover, StatesFile
from mingqu.exchange.tests import factories as f
from mingqu.kernel.ids import new_id
from mingqu.payments.tests.test_races import at_once


def test_two_jobs_at_once_hand_it_over_once(committed_db):
    row = f.handed()

    said = at_once(lambda: f.send(row), lambda: f.send(row))

    assert sorted(said) == ["", "taken"]
    assert (Attempt.objects.count(), DoubleMatter.objects.count()) == (1, 1)


def test_the_same_told_and_asked_for_at_once_is_kept_once(committed_db):
    row = f.sent()
    matter = double.say(row.reference, "granted", at=f.AT, result=f.RESULT)
    first, last = (double.signing.telling(one) for one in matter.tellings)
    f.hear(first)

    def asked():
        return services.look(root_id=row.root_id, handover_id=row.id, at=f.AT)

    told, found = at_once(lambda: f.hear(last).verdict, asked)

    assert told in {"moved", "known"} and found in {"asked", ""}
    assert f.kept(row) == 2 and f.again(row).shown == "granted"


def test_handing_over_from_two_places_makes_one_matter(committed_db):
    order = f.order()

    first, second = at_once(*[lambda: services.hand_over(order=order, at=f.AT)] * 2)

    assert first == second and Handover.objects.count() == 1


def test_two_jobs_at_once_tell_once_that_it_was_taken_back(committed_db):
    row = f.called_off()

    said = at_once(lambda: f.recall(row), lambda: f.recall(row))

    assert sorted(said) == ["", "taken"] and f.again(row).recall_tries == 1


def test_two_workers_at_once_take_each_line_of_a_file_once(committed_db):
    clerk = f.officer()
    row = f.carried(clerk, number="HJ1")
    lines = (
        "".join(f"HJ1,办理中,2026-09-18 09:{minute:02}\n" for minute in range(6)) + "HJ7,办理中,2026-09-18\n"
    )
    data = ("编号,状态,时间\n" + lines).encode()
    file_id = services.take_in(system=f.BY_HAND, name="s.csv", data=data, by=clerk, at=f.AT, key=new_id())

    def worker():
        while services.read_states(file_id, f.AT):
            pass

    at_once(worker, worker)

    file = StatesFile.objects.get()
    assert (file.state, file.total, file.done, file.wrong) == ("done", 7, 7, 1)
    assert f.kept(row) == 6


def test_she_answers_and_takes_back_at_once_and_the_other_side_hears_no_answer_after_the_end(committed_db):
    row, clerk = f.asking(), f.officer()

    def answer():
        try:
            services.answer_correction(of=row, words="补好了", by=clerk, at=f.AT, key=new_id())
        except NotAskedToCorrect:
            return "late"
        return "answered"

    said, _many = at_once(answer, lambda: services.call_off(root_id=row.root_id, at=f.AT))

    row = f.again(row)
    assert (row.sending, row.round) == ("called_off", 1 if said == "answered" else 0)
    assert f.send(row) == "", "nothing is sent any more"
    assert f.recall(row) == "taken"
