"""A day without a line: what was taken down on the device comes in once, however often it is sent."""

import io
import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.forms import services as forms
from mingqu.forms.models import Draft
from mingqu.forms.types import Answers
from mingqu.identity import selectors as identity
from mingqu.identity.models import Person, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.outreach import selectors, services
from mingqu.outreach.errors import DelegationRows, DeviceDraftUnreadable, DraftOfAnother, ErrandAlready
from mingqu.outreach.models import Delegation, Errand
from mingqu.outreach.selectors.offline import items_for_device
from mingqu.outreach.tests import factories as made

NAMES = ("田桂香", "石大海", "蒋大满")


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def p(w):
    return made.place(w, at=timezone.now())


@pytest.fixture
def browser(p):
    return people.signed_in(Client(), User.objects.get(pk=p.agent.user_id))


def draft(**changed):
    usual = {
        "id": str(uuid4()),
        "name": "田桂香",
        "number": people.citizen_number(),
        "what": f"{made.ITEM}|01",
        "answers": {f"s:{ask}": value for ask, value in f.SITUATION.items()}
        | {"f:shop_name": "田家早点", "f:area_m2": "60"},
    }
    return usual | changed


def send(browser, given):
    return browser.post(
        reverse("outreach:offline_sync"), json.dumps(given), content_type="application/json"
    ).json()


def test_a_draft_sent_twice_is_one_errand_with_one_application(browser):
    given = draft()
    first, second = send(browser, given), send(browser, given)

    assert first["state"] == "taken" and first == second, first
    row = Errand.objects.get()
    assert (str(row.pk), row.number, row.state) == (given["id"], first["number"], "open")
    assert Draft.objects.count() == 1
    assert held()["shop_name"] == "田家早点"


def held():
    return Answers.load(Draft.objects.get().answers).values


@pytest.mark.parametrize("where", ["open_errand", "begin_form", "save"])
def test_cut_off_in_the_middle_nothing_is_lost_and_nothing_doubled(browser, p, monkeypatch, where):
    from mingqu.outreach.services import from_device

    given = draft()
    home = from_device.forms if where == "save" else from_device
    name = "save_draft" if where == "save" else where
    real = getattr(home, name)

    def dies_after(**args):
        real(**args)
        raise ConnectionError

    monkeypatch.setattr(home, name, dies_after)
    with pytest.raises(ConnectionError):
        send(browser, given)
    monkeypatch.setattr(home, name, real)

    assert send(browser, given)["state"] == "taken"
    assert (Errand.objects.count(), Draft.objects.count()) == (1, 1)
    assert held()["shop_name"] == "田家早点"


def test_of_several_drafts_each_is_one_errand_and_a_wrong_one_stops_no_other(browser):
    several = [draft(name=name) for name in NAMES]
    wrong = draft(number="99010419540203884X")
    said = [send(browser, one) for one in [several[0], wrong, *several[1:], *several]]

    assert [one["state"] for one in said].count("wrong") == 1
    assert said[1]["words"]
    assert Errand.objects.count() == len(NAMES)
    mended = wrong | {"number": people.citizen_number()}
    assert send(browser, mended)["state"] == "taken"
    assert str(Errand.objects.order_by("-opened_at")[0].pk) == wrong["id"]


def test_a_mistyped_number_put_right_on_the_device_is_another_person(browser, p):
    given = draft(what="nothing|01")
    assert send(browser, given)["state"] == "wrong"
    before = Person.objects.count()
    right = given | {"what": f"{made.ITEM}|01", "number": people.citizen_number()}
    assert send(browser, right)["state"] == "taken"
    assert Person.objects.count() == before + 1


@pytest.mark.parametrize("other", ["person", "nobody registered", "item"])
def test_changed_on_the_device_after_it_had_come_in_it_is_neither_lost_nor_the_first_persons(
    browser, other, p
):
    given = draft()
    first = send(browser, given)
    if other == "person":
        number = identity.person(made.with_telephone(p.clerk, at=timezone.now()).id).citizen_number
        later = given | {"name": "邱桂芬", "number": number, "answers": {"f:shop_name": "邱家面馆"}}
    elif other == "item":
        later = given | {"what": f"{made.ITEM}|02"}
    else:
        later = given | {"name": "石大海", "number": people.citizen_number()}

    said = send(browser, later)

    assert said["state"] in {"conflict", "wrong"}, said
    assert Errand.objects.count() == 1
    assert held()["shop_name"] == "田家早点"
    if other != "item":
        assert (said["state"], said["number"]) == ("conflict", first["number"])
        assert said["words"] == DraftOfAnother(number=first["number"]).message
        again = send(browser, later | {"id": str(uuid4())})
        assert again["state"] == "taken" and again["number"] != first["number"]


def test_what_is_under_way_already_is_a_conflict_and_not_opened_again(browser):
    first = draft()
    number = send(browser, first)["number"]
    said = send(browser, draft(number=first["number"]))

    assert (said["state"], said["number"]) == ("conflict", number)
    assert said["words"] == ErrandAlready(number=number).message and Errand.objects.count() == 1


def test_an_application_changed_with_a_line_meanwhile_is_not_overwritten(browser, p):
    given = draft()
    send(browser, given)
    row = Errand.objects.get()
    by = services.as_agent(row, p.agent)
    version = Draft.objects.get().version
    now = timezone.now()
    forms.save_draft(
        draft_id=row.draft_id, changes={"shop_name": "网上改的"}, base_version=version, by=by, at=now
    )
    said = send(browser, given | {"answers": given["answers"] | {"f:shop_name": "设备上的"}})

    assert "没有用这台设备上的内容覆盖" in said["words"]
    assert held()["shop_name"] == "网上改的"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"id": "x"}',
        json.dumps({"id": "1", "name": 1, "number": "", "what": ""}),
        "[" * 9_000,
    ],
)
def test_what_the_page_does_not_send_is_refused_in_words(browser, body):
    answer = browser.post(reverse("outreach:offline_sync"), body, content_type="application/json")
    assert answer.json() == {"state": "wrong", "words": DeviceDraftUnreadable().message, "field": ""}
    assert not Errand.objects.exists()


def test_the_page_the_worker_and_the_sync_are_the_agents_alone(browser, w, p):
    names = ("offline", "offline_worker", "offline_token")
    assert [browser.get(reverse(f"outreach:{name}")).status_code for name in names] == [200] * 3
    page = browser.get(reverse("outreach:offline")).content.decode()
    assert "QH-SPJYXK|01" in page and 'id="mq-lock"' not in page, "it locks itself: others need a line for it"
    clerk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    for name in names:
        assert clerk.get(reverse(f"outreach:{name}")).status_code == 403
    assert (
        clerk.post(reverse("outreach:offline_sync"), "{}", content_type="application/json").status_code == 403
    )


def test_what_the_device_is_given_asks_nothing_the_platform_knows_itself(p):
    (first, *_more) = items_for_device(p.point, legal_day(timezone.now()))
    names = {one["name"] for one in first["questions"]}
    assert {f"s:{ask}" for ask in f.SITUATION} <= names
    assert "f:shop_name" in names and "f:applicant.name" not in names


# Delegated items by table -------------------------------------------------------------------------------------

HEADERS = ["事项编码", "从哪天起", "到哪天止"]


def imported(p, *rows, headers=None):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = people.signed_in(Client(), User.objects.get(pk=p.manager.user_id))
    given = {
        "key": str(uuid4()),
        "table": SimpleUploadedFile("清单.xlsx", book("清单", headers or HEADERS, rows)),
    }
    return client.post(reverse("outreach:import_items", args=[p.point.code]), given)


def test_delegated_items_come_from_a_table_and_the_exported_one_is_read_back(p):
    assert imported(p, [made.ITEM, "2026-01-01", "2026/12/31"]).status_code == 302
    (row,) = Delegation.objects.all()
    assert (f"{row.from_on}", f"{row.until_on}") == ("2026-01-01", "2026-12-31")
    manager = people.signed_in(Client(), User.objects.get(pk=p.manager.user_id))
    exported = b"".join(manager.get(reverse("outreach:export_points")).streaming_content)
    from mingqu.kernel.tables import read_table

    items, wrong = services.read_items(read_table(exported))
    assert (items, wrong) == ([(row.item_code, row.from_on, row.until_on)], [])
    assert io.BytesIO(exported).read(2) == b"PK"


def test_one_wrong_row_and_none_is_taken_each_with_its_line_and_reason(p):
    rows = [
        [made.ITEM, "2026-01-01", ""],
        ["NOTHING", "2026-01-01", ""],
        [made.ITEM, "2026-01-02", ""],
        ["", "2026-01-01", ""],
    ]
    answer = imported(p, *rows)
    page = answer.content.decode()

    assert answer.status_code == 400
    assert "没有事项“NOTHING”" in page and "写了两行" in page and "没有写事项编码" in page
    assert DelegationRows(rows=3).message in page
    assert Delegation.objects.get().from_on == made.LAST_YEAR
    assert "缺少这些列" in imported(p, ["x"], headers=["别的"]).content.decode()
    for bad in (["2026-13-01", ""], ["2026-01-02", "2026-01-01"], ["2026-01-02", "明年"]):
        assert imported(p, [made.ITEM, *bad]).status_code == 400
    assert selectors.delegated(p.point.pk, legal_day(timezone.now()))[0].until_on is None
