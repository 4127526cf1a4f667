"""A correction the other side asks for goes there with its files, once; its time begins anew as the law has it."""

import itertools
import json
from hashlib import sha256

import pytest

from mingqu.documents import services as documents
from mingqu.documents.models import FileRead
from mingqu.documents.tests.samples import picture
from mingqu.exchange import rules, selectors, services
from mingqu.exchange.connectors.contrib.folder import FolderConnector
from mingqu.exchange.errors import AnswerEmpty, AnswerFilesTooMany, NotAskedToCorrect, NothingToSendAgain
from mingqu.exchange.models import HandoverFile
from mingqu.exchange.services import answering
from mingqu.exchange.services.sending import parcel_of
from mingqu.exchange.tests import factories as f
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db
APPLICANT = Actor("citizen", new_id())


def upload(name="门牌号.jpg"):
    return name, documents.check_upload(picture())


def keep(row, *given):
    return services.keep_files(root_id=row.root_id, handover_id=row.id, given=given or [upload()], at=f.AT)


def answer(row, words="", key=None):
    with command("exchange.answer", row.root_id, by=APPLICANT, at=f.AT, key=key or new_id()) as cmd:
        if not cmd.repeated:
            services.answer_of_owner(cmd, handover_id=row.id, words=words)
            cmd.done(None)
    return f.again(row)


def test_the_applicants_answer_goes_there_as_another_round_with_its_files():
    row = f.asking()
    keep(row)
    row = answer(row, "住所：望渠路5号")
    assert (row.shown, row.round, row.needs) == ("waiting", 1, "")

    (file,) = parcel_of(row).files
    assert (file.name, file.digest) == ("门牌号.jpg", sha256(file.data).hexdigest())
    assert f.send(row) == "taken"
    said = [line[2] for line in f.over_there(row).sheet if line[0] == "第1次补正"]
    assert said[0] == "住所：望渠路5号" and said[1].startswith("门牌号.jpg")
    assert set(FileRead.objects.values_list("actor_kind", flat=True)) == {"system"}


def test_words_or_files_are_enough_and_neither_is_nothing():
    row = f.asking()
    with pytest.raises(AnswerEmpty):
        answer(row, "  ")
    assert f.again(row).round == 0

    keep(row)
    assert answer(row).round == 1


def test_pressed_twice_it_goes_once_and_a_later_answer_has_nothing_to_answer():
    row, key = f.asking(), new_id()
    answer(row, "补好了", key)
    answer(row, "补好了", key)
    assert f.again(row).round == 1
    with pytest.raises(NotAskedToCorrect):
        answer(row, "还有一句")
    with pytest.raises(NotAskedToCorrect):
        keep(row)
    assert HandoverFile.objects.count() == 0


def test_a_file_taken_back_goes_nowhere_and_the_next_correction_begins_without_files():
    row = f.asking()
    keep(row, upload("错的.jpg"))
    keep(row, upload("对的.jpg"))
    wrong, _right = selectors.waiting_files(row.root_id, row.id)
    services.take_back_file(root_id=row.root_id, handover_id=row.id, file_id=wrong.id)
    row = answer(row)
    assert [one.name for one in parcel_of(row).files] == ["对的.jpg"]

    f.send(row)
    f.hear(f.telling(row, "correction", 4, words="还缺章程"))
    assert selectors.waiting_files(row.root_id, row.id) == []


def test_more_or_larger_files_than_fit_in_one_parcel_are_refused_whole(monkeypatch):
    row = f.asking()
    monkeypatch.setattr(answering, "FILES_MOST", 1)
    keep(row)
    with pytest.raises(AnswerFilesTooMany):
        keep(row)
    monkeypatch.setattr(answering, "FILES_MOST", 10)
    monkeypatch.setattr(answering, "BYTES_MOST", 1000)
    with pytest.raises(AnswerFilesTooMany):
        keep(row, upload(), upload())
    assert HandoverFile.objects.count() == 1


def test_of_a_matter_that_people_carry_her_answer_waits_for_them_to_take_it_there():
    clerk = f.officer()
    row = f.carried(clerk, number="HJ1")
    told = f.telling(row, "correction", 1, words="住所没有填")
    services.type_state(of=row, told=told, by=clerk, at=f.AT)
    keep(row)
    row = answer(f.again(row), "望渠路5号")
    assert (row.shown, row.needs) == ("by_hand", "carry")

    services.carried_over(of=row, by=clerk, at=f.AT, key=new_id())
    assert (f.again(row).shown, f.again(row).needs) == ("sent", "")
    with pytest.raises(NothingToSendAgain):
        services.carried_over(of=f.again(row), by=clerk, at=f.AT, key=new_id())


def test_what_the_window_takes_in_for_her_goes_with_its_files_too():
    row, clerk = f.asking(), f.officer()
    given = {"of": row, "by": clerk, "at": f.AT, "given": [upload()]}
    with pytest.raises(AnswerEmpty):
        services.answer_correction(**given, words="", key=new_id())
    services.answer_correction(**given, words="窗口收的", key=new_id())

    assert len(parcel_of(f.again(row)).files) == 1


def test_its_time_begins_anew_where_it_had_not_accepted_and_runs_on_where_it_had():
    fresh = f.asking()
    assert fresh.due_on is None, "it waits for her: no day is promised"
    assert answer(fresh, "补好了").due_on.isoformat() == "2026-09-22"

    accepted = f.sent()
    due_on = accepted.due_on
    f.hear(f.telling(accepted, "handling", 2))
    f.hear(f.telling(accepted, "correction", 3, words="还缺章程"))
    assert f.again(accepted).due_on == due_on
    assert answer(f.again(accepted), "补好了").due_on == due_on


@pytest.mark.parametrize("order", list(itertools.permutations([2, 3])))
def test_that_it_had_accepted_may_be_told_late_and_comes_to_the_same_day(order):
    row = f.sent()
    told = {2: f.telling(row, "handling", 2), 3: f.telling(row, "correction", 3, words="还缺章程")}
    for seq in order:
        f.hear(told[seq])

    assert (f.again(row).shown, f.again(row).due_on) == ("correction", row.due_on)


@pytest.mark.parametrize(
    ("before", "anew"), [([], True), (["received"], True), (["received", "handling"], False)]
)
def test_only_a_correction_before_acceptance_begins_anew(before, anew):
    assert rules.starts_anew(before) is anew


def test_by_folder_files_lie_beside_the_parcel_under_names_of_our_own(tmp_path):
    (tmp_path / "out").mkdir()
    row = f.asking()
    keep(row, upload("../../etc/门牌.jpg"))
    parcel = parcel_of(answer(row))

    assert FolderConnector("f", "f", frozenset(), tmp_path).send(parcel, at=f.AT).outcome == "taken"
    said = json.loads((tmp_path / "out" / f"{parcel.key}.json").read_text("utf-8"))
    (file,) = said["files"]
    assert (tmp_path / "out" / file["file"]).read_bytes() == parcel.files[0].data
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        f"{parcel.key}-file1",
        f"{parcel.key}.json",
    ]
