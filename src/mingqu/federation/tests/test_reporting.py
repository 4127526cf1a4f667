"""From what changed to the report on it: nothing lost or told twice, what is rejected put right and sent again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from mingqu.cases.models import Decision
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.federation import rules, selectors, services, tasks
from mingqu.federation.above.double import DoubleAbove
from mingqu.federation.errors import AboveUnavailable, NotRejected
from mingqu.federation.models import DoubleUpward, DoubleUpwardRow, UpwardBatch, UpwardEntry, UpwardFeed
from mingqu.federation.tests.factories import CODE, delivered_and_told, now, told
from mingqu.federation.types import QualityReport, Wrong
from mingqu.identity.models import Department, Person
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


class Above(DoubleAbove):
    """A platform above that is down, dies after taking, or is still looking, as told."""

    def __init__(self):
        self.down = self.dies = self.looking = False
        self.puts = []

    def put(self, parcel, *, at):
        self.puts.append(parcel)
        if self.down:
            raise AboveUnavailable()
        super().put(parcel, at=at)
        if self.dies:
            raise RuntimeError("struck down")

    def report(self, number):
        return None if self.looking else super().report(number)


def reported(above=None, *, tables=None, turns=3):
    """What the jobs do, until nothing is left to do."""
    to = above or Above()
    for _turn in range(turns):
        for table in tables or rules.layouts():
            services.look_through(table, now())
            services.gather(table, now())
        for batch_id in services.due(now()):
            services.go_on(batch_id, to, now())
    return to


def states(table):
    return sorted(UpwardEntry.objects.filter(table=table).values_list("state", flat=True))


@pytest.fixture
def world():
    return delivered_and_told()


def test_every_table_is_reported_and_nothing_of_the_applicant_in_the_clear(world):
    w, _case = world
    above = reported()

    taken = {one.table: one for one in above.puts}
    assert set(taken) == set(rules.layouts()) - {"task_directory", "fee_project"}
    assert all(set(states(code)) == {"accepted"} for code in taken), {code: states(code) for code in taken}
    said = str([parcel.rows for parcel in above.puts])
    person = Person.objects.get(pk=w.citizen.id)
    names = ("李晓禾", "很满意", f.ANSWERS["manager_phone"], person.name, person.citizen_number)
    assert [needle for needle in names if needle and needle in said] == []


def test_a_certificate_is_valid_from_its_own_day_and_a_rating_says_who_decided_and_of_no_person_which_document(
    world,
):
    _w, case = world
    Certificate.objects.filter(case_id=case.pk).update(valid_from=date(2026, 10, 1))
    rows = {one.table: one.rows[0] for one in reported().puts}

    certificate, rating = rows["certificate"], rows["evaluation"]
    issued = legal_day(Certificate.objects.get(case_id=case.pk).issued_at)
    assert certificate["zzyxqqsrq"] == "2026-10-01"
    assert certificate["issue_date"] == issued.isoformat() != certificate["zzyxqqsrq"]
    decided_by = Decision.objects.get(case=case, kind="granted").person_id
    assert rating["affairDealOfficer"] == Person.objects.get(pk=decided_by).name
    assert (rating["userType"], rating["certificateType"], rating["certificateNo"]) == ("0", "", "")


def test_what_is_told_of_an_item_is_so(world, settings):
    """寄递 where there is a courier; one account; the theme for those whom it is for."""
    rows = {one.table: one.rows[0] for one in reported().puts}
    basic, extend = rows["task_general_basic"], rows["task_general_extend"]

    assert (basic["is_single_login"], extend["is_online"]) == ("1", "1")
    assert extend["is_express"] == ("1" if settings.MINGQU_COURIER else "0")
    assert extend["user_topic_type"] == extend["corp_topic_type"] == "准营准办"


def test_events_alone_say_what_is_to_be_told(world):
    _w, case = world

    assert set(UpwardEntry.objects.filter(state="waiting").values_list("table", flat=True)) == {
        "task_general_basic", "task_general_extend", "task_general_material", "fee_project", "questions",
        "certificate", "evaluation", "affair", "result",
    }  # fmt: skip
    assert UpwardEntry.objects.get(table="affair").key == str(case.pk)


def test_what_did_not_change_is_not_told_again(world):
    above = reported()
    before = len(above.puts)
    for table in rules.layouts():
        services.rescan(table=table, by=steward(), at=now(), key=new_id())

    reported(above)

    assert len(above.puts) == before
    assert not UpwardEntry.objects.exclude(state="accepted").exists()


def steward():
    return people.staff_actor("data_steward")


def test_a_case_that_goes_on_is_told_again_and_only_it(world):
    w, _case = world
    above = reported()
    before = len(above.puts)
    f.received_case(w)
    told()

    reported(above)

    (one,) = above.puts[before:]
    assert one.table == "affair" and len(one.rows) == 1


def test_what_is_rejected_says_the_field_and_is_taken_once_it_was_put_right(world):
    w, _case = world
    Department.objects.filter(pk=w.bureau).update(credit_code="")
    reported()
    (line,), _more = selectors.rejected(steward(), "affair")
    assert ("实施主体编码", "没有填写", 1) in line.wrong
    assert states("result") == ["waiting"], "what belongs to it waits"

    Department.objects.filter(pk=w.bureau).update(credit_code=CODE)
    services.resend(entry_id=line.id, by=steward(), at=now(), key=new_id())
    reported()

    assert states("affair") == ["accepted"] == states("result")
    feed = UpwardFeed.objects.get(table="affair")
    assert feed.accepted == 1
    with pytest.raises(NotRejected):
        services.resend(entry_id=line.id, by=steward(), at=now(), key=new_id())


def test_what_is_put_right_at_its_source_is_sent_without_being_asked(world):
    w, case = world
    Department.objects.filter(pk=w.bureau).update(credit_code="")
    reported()
    Department.objects.filter(pk=w.bureau).update(credit_code=CODE)
    services.mark("affair", [str(case.pk)], now())

    reported()

    assert states("affair") == ["accepted"]


def test_an_attempt_that_was_struck_down_after_it_was_taken_is_repeated_with_the_same(world):
    above = Above()
    services.look_through("affair", now())
    services.gather("affair", now())
    (batch_id,) = services.due(now())
    above.dies = True
    with pytest.raises(RuntimeError):
        services.go_on(batch_id, above, now())
    above.dies = False

    assert services.go_on(batch_id, above, now()) == "answered"

    first, second = above.puts
    assert first == second and DoubleUpward.objects.count() == 1
    assert UpwardBatch.objects.get().payload is None, "what was answered lies here no more"
    assert AuditEntry.objects.filter(root_id=batch_id).count() == 3


def test_while_it_is_down_or_looking_the_batch_waits_longer_each_time(world):
    above = Above()
    above.down = True
    services.look_through("affair", now())
    services.gather("affair", now())
    (batch_id,) = services.due(now())
    waits = []
    at = now()
    for _time in range(3):
        services.go_on(batch_id, above, at)
        row = UpwardBatch.objects.get()
        waits.append(row.try_at - at)
        assert services.go_on(batch_id, above, at) == "made", "not before its time"
        at = row.try_at
    assert waits == [timedelta(minutes=n) for n in (1, 2, 5)] and row.reason == "unavailable"
    above.down, above.looking = False, True
    services.go_on(batch_id, above, at)
    assert UpwardBatch.objects.get().state == "sent"
    above.looking = False
    services.go_on(batch_id, above, UpwardBatch.objects.get().try_at)
    assert UpwardBatch.objects.get().state == "answered"


def test_what_changes_while_it_is_out_is_looked_at_again(world):
    _w, case = world
    above = Above()
    above.looking = True
    reported(above, tables=["affair"], turns=1)
    services.mark("affair", [str(case.pk)], now())
    assert states("affair") == ["sent"]
    above.looking = False

    services.go_on(UpwardBatch.objects.get().pk, above, now() + timedelta(hours=1))

    assert states("affair") == ["waiting"]
    services.gather("affair", now())
    assert states("affair") == ["accepted"], "and found to be the same"


def test_a_row_that_is_no_more_is_taken_back(world):
    above = reported()
    entry = UpwardEntry.objects.get(table="task_general_material")
    entry.guids = [*entry.guids, "0" * 36]
    entry.save()
    DoubleUpwardRow.objects.create(guid="0" * 36, table="task_general_material")
    services.mark(entry.table, [entry.key], now())

    reported(above, tables=["task_general_material"])

    assert {row["row_guid"] for row in above.puts[-1].rows if row["cd_operation"] == "D"} == {"0" * 36}
    assert not DoubleUpwardRow.objects.filter(guid="0" * 36).exists()


def test_faults_of_rows_that_are_not_ours_concern_nobody(world):
    class Confused(Above):
        def report(self, number):
            found = super().report(number)
            stranger = rules.guid("x", "y")
            return QualityReport((*found.wrong, Wrong(stranger, "task_name", "没有填写")))

    reported(Confused())

    assert states("affair") == ["accepted"]


def test_one_number_never_stands_for_two_contents(world):
    above = reported(tables=["affair"])
    with pytest.raises(AboveUnavailable):
        DoubleAbove().put(replace(above.puts[0], digest="0" * 64), at=now())


def test_jobs_are_asked_for_once_where_there_is_work_and_nobody_is_asked_without_a_platform(world, settings):
    def asked():
        jobs = ProcrastinateJob.objects.filter(queue_name=tasks.QUEUE, status="todo")
        return sorted((job.task_name, *job.args.values()) for job in jobs)

    settings.MINGQU_DEMO = False
    assert tasks.report(now()) == "" and asked() == []
    settings.MINGQU_DEMO = True
    assert tasks.report(now()) == tasks.report(now()) == ""
    assert asked() == sorted((tasks.GATHER, table) for table in rules.layouts())

    tasks.gather("affair")
    batch = UpwardBatch.objects.get()
    assert (tasks.GO_ON, str(batch.pk)) in asked()
    tasks.go_on(str(batch.pk))

    assert states("affair") == ["accepted"]
    assert not services.has_work("affair", now()) and services.has_work("affair", now() + timedelta(days=7))


def test_a_file_that_cant_be_used_is_said_on_the_page_of_health(settings, tmp_path):
    settings.MINGQU_UPWARD_FILE = str(tmp_path / "none")

    assert "FileNotFoundError" in tasks.report(now())
