"""The result counter without JavaScript: results arrive, are looked for, handed out, or nobody comes for them."""

from datetime import timedelta

import pytest

from mingqu.cases.models import ServiceOfPaper
from mingqu.cases.tests import factories as f
from mingqu.hall import services as hall_services
from mingqu.hall.models import Hall
from mingqu.hall.tests import factories as halls
from mingqu.identity.models import Person
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.tables import read_table
from mingqu.workbench.tests.pages import act, key_in, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def lying(w):
    return f.decided_case(w, context={"delivery": "window"})


def test_results_wait_at_the_counter_and_are_handed_out(w, browse, lying):
    client = browse("clerk")

    assert lying.number in client.get("/desk/counter/").content.decode()
    done = act(client, "deliver", lying, way="window", relation="self", seen="on", on_paper="on")

    assert done.url == url("case", lying)
    row = ServiceOfPaper.objects.get(case=lying)
    assert (row.way, row.receiver, row.proof) == ("window", "李晓禾", "在纸质送达回证上签名")
    assert lying.number not in client.get("/desk/counter/").content.decode()
    assert "送达回证" in text_of(client.get(url("case", lying)))


def test_the_counter_refuses_what_a_way_asks_for(w, browse, lying):
    client = browse("clerk")
    given = {"way": "window", "relation": "self", "on_paper": "on"}

    unseen = act(client, "deliver", lying, **given)
    agent = act(client, "deliver", lying, **given | {"relation": "agent", "seen": "on", "receiver": "王代理"})
    unsigned = act(client, "deliver", lying, way="window", relation="self", seen="on")

    assert unseen.status_code == 400 and "核对签收人的证件" in text_of(unseen)
    assert (
        agent.status_code == 400 and "签收人的证件" in text_of(agent) and "王代理" in agent.content.decode()
    )
    assert unsigned.status_code == 400 and "签名" in text_of(unsigned)
    assert not ServiceOfPaper.objects.exists()


def test_a_result_is_found_by_whole_number_only(w, browse, lying):
    client = browse("clerk")
    hers = Person.objects.get(pk=lying.applicant_id).citizen_number

    by_case = client.post("/desk/counter/", {"number": lying.number})
    by_person = client.post("/desk/counter/", {"number": hers})
    part = client.post("/desk/counter/", {"number": lying.number[:10]})

    assert len(by_case.context["found"]) == len(by_person.context["found"]) == 1
    assert part.context["found"] == []


def arrive(client, case, **more):
    page = client.get("/desk/counter/")
    given = {"number": case.number, "hall": str(Hall.objects.get().pk), "place": "3号柜2格"} | more
    return client.post("/desk/counter/arrived/", {"key": key_in(page), **given})


def test_a_result_arrives_by_the_scanner_and_the_next_one_needs_its_number_only(w, browse, lying):
    halls.hall(at=f.FRIDAY_NOON)
    client = browse("clerk")

    assert lying.number in client.get("/desk/counter/?list=away").content.decode()
    assert arrive(client, lying).url == "/desk/counter/"

    page = client.get("/desk/counter/?list=here")
    assert lying.number in page.content.decode() and "今天到件，清禾区政务服务大厅，3号柜2格" in text_of(page)
    assert 'value="3号柜2格"' in page.content.decode()
    assert lying.number not in client.get("/desk/counter/?list=away").content.decode()
    assert "在清禾区政务服务大厅，3号柜2格" in text_of(client.get(url("deliver", lying)))
    again, unknown = arrive(client, lying), arrive(client, lying, number="99010420200101000001")
    assert again.status_code == 409 and "已经登记到件" in text_of(again)
    assert unknown.status_code == 404 and "没有找到" in text_of(unknown)


def test_a_result_registered_by_mistake_is_taken_back_with_its_reason(w, browse, lying):
    halls.hall(at=f.FRIDAY_NOON)
    client = browse("clerk")
    arrive(client, lying)
    address = url("counter_take_back", lying)
    key = key_in(client.get(url("deliver", lying)), address)

    empty = client.post(address, {"key": key, "reason": ""})
    done = client.post(address, {"key": key, "reason": "扫错了"})

    assert empty.status_code == 400 and "请写明哪里登记错了" in text_of(empty)
    assert done.url == "/desk/counter/"
    assert lying.number in client.get("/desk/counter/?list=away").content.decode()


def test_what_nobody_came_for_is_a_list_of_its_own_and_told_on_the_first_page(w, browse, lying, clock):
    halls.hall(at=f.FRIDAY_NOON)
    client = browse("clerk")
    arrive(client, lying)
    client.get("/desk/counter/")  # where it is said that it arrived

    assert lying.number not in client.get("/desk/counter/?list=longest").content.decode()
    clock.at += timedelta(days=8)
    client = browse("clerk")  # signed in again
    page = client.get("/desk/counter/?list=longest")
    assert lying.number in page.content.decode() and "放了8天" in text_of(page)
    assert "1件结果超过7天没有来领" in text_of(client.get("/desk/"))


def test_the_list_that_is_open_is_taken_away_masked_and_written_down(w, browse, lying):
    client = browse("clerk")

    file = client.post("/desk/counter/export/", {"list": "away"})

    ((_, cells),) = read_table(b"".join(file.streaming_content)).rows
    assert cells[0] == lying.number and cells[3] == "李*" and lying.applicant_name not in cells
    entry = AuditEntry.objects.filter(action="case.export").latest("at")
    assert entry.notes == {"tab": "出件：还没有到窗口", "rows": 1}
    assert browse("reviewer").post("/desk/counter/export/", {"list": "away"}).status_code == 403


def test_the_counter_costs_the_same_however_much_lies_there(w, browse, lying, django_assert_max_num_queries):
    client = browse("clerk")
    client.get("/desk/counter/")
    f.decided_case(w, context={"delivery": "window"})
    f.decided_case(w, context={"delivery": "window"}, outcome="refused")

    with django_assert_max_num_queries(10):
        client.get("/desk/counter/")


def test_nothing_is_handed_out_before_the_decision(w, browse):
    case = f.accepted_case(w)

    assert browse("clerk").get(url("deliver", case)).url == url("case", case)


def test_officers_who_hand_nothing_out_have_no_counter(w, browse):
    assert browse("reviewer").get("/desk/counter/").status_code == 403


def test_the_window_that_is_done_with_a_person_closes_her_number(w, browse):
    made = halls.hall(at=f.FRIDAY_NOON)
    number = halls.taken(made.a, at=f.FRIDAY_NOON)
    client = browse("clerk")
    client.post("/desk/window/queue/", {"window": str(made.one)})
    called = {"window_id": made.one, "by": made.clerk, "at": f.FRIDAY_NOON, "key": new_id()}
    hall_services.call_next(**called)

    done = client.post("/desk/window/finish/")
    again = client.post("/desk/window/finish/")

    assert done.url == "/desk/window/queue/" and again.url == "/desk/window/"
    assert halls.again(number).state == "done"
    assert "A001办结" in text_of(client.get(done.url))
