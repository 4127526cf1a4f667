"""我的 for somebody with many cases and bundles: found, narrowed, in the wanted order, page by page, as a table."""

import io
import re

import openpyxl
import pytest
from django.test import Client

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import services as bundle_services
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import Bundle, Case
from mingqu.cases.tests import factories as f
from mingqu.cases.turns import turn_of
from mingqu.cases.types import Asked as AskedOfApplicant
from mingqu.evaluation.tests.factories import delivered_case, not_accepted_case, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.portal.selectors import own_list
from mingqu.portal.types import Asked

pytestmark = pytest.mark.django_db
AT = f.FRIDAY_NOON + f.DAY
STATEMENTS = (
    25  # of the whole page, with cases and bundles on it; one of them for 合并缴款 that were left open
)


def client_of(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def text_of(client, address="/my/") -> str:
    return client.get(address).content.decode()


def numbers(text: str) -> list[str]:
    """In the order of the page."""
    return re.findall(r'mq-case-line__name" href="/(?:bundles/mine|cases)/(B?\d+)/', text)


def shown(actor, **asked) -> list[str]:
    return [line.number for line in own_list.page(actor, AT, Asked(**asked)).lines]


def walked(client, address: str) -> list[list[str]]:
    """The numbers of each page, following 下一页."""
    pages = []
    while address:
        text = text_of(client, address)
        pages.append(numbers(text))
        on = re.search(r'href="(\?[^"]*)" rel="next"', text)
        address = f"/my/{on.group(1)}".replace("&amp;", "&") if on else ""
    return pages


def copies(model, row, count: int) -> list[str]:
    """The same again under other numbers: an agent's year in one statement."""
    rows = []
    for serial in range(count):
        copy = model.objects.get(pk=row.pk)
        copy.pk, copy.number = new_id(), f"{row.number[:-6]}{900000 + serial}"
        rows.append(copy)
    model.objects.bulk_create(rows)
    return [one.number for one in rows]


@pytest.mark.parametrize("order", own_list.ORDERS)
def test_cases_and_bundles_go_on_by_key_in_one_list_without_losing_one(db, order):
    w = b.world()
    case, bundle = f.received_case(w.base), b.filed(w)
    wanted = {case.number, bundle.number, *copies(Case, case, 13), *copies(Bundle, bundle, 12)}

    pages = walked(client_of(w.citizen), f"/my/?order={order}")

    assert [len(page) for page in pages] == [10, 10, 7]
    assert {number for page in pages for number in page} == wanted
    assert sum(map(len, pages)) == len(wanted)


def test_what_i_must_do_stands_first_before_what_others_do(w):
    correction, accepted, received = f.correction_case(w), f.accepted_case(w), f.received_case(w)

    assert shown(w.citizen) == [correction.number, received.number, accepted.number]
    assert shown(w.citizen, order="new") == [received.number, accepted.number, correction.number]


def test_by_deadline_the_nearest_stands_first_and_what_has_none_last(w):
    later = f.received_case(w, at=f.FRIDAY_NOON + 9 * f.DAY)
    sooner, without = f.received_case(w), f.correction_case(w)

    assert shown(w.citizen, order="due") == [sooner.number, later.number, without.number]


def test_narrowed_to_whose_turn_it_is(w):
    mine, theirs, ended = f.correction_case(w), f.received_case(w), withdrawn_case(w)

    assert shown(w.citizen, turn="you", shown="all") == [mine.number]
    assert shown(w.citizen, turn="others", shown="all") == [theirs.number]
    assert ended.number in shown(w.citizen, shown="done")


def test_the_list_and_the_line_agree_on_whose_turn_it_is(w):
    """The one is asked of the database, the other says it in words: they must never differ."""
    for make in (f.received_case, f.correction_case, f.accepted_case, delivered_case, withdrawn_case):
        make(w)
    f.decided_case(w, context={"delivery": "window"})
    f.decided_case(w, outcome="refused")
    not_accepted_case(w)
    owing = f.accepted_case(w)
    Case.objects.filter(pk=owing.pk).update(owes=True)
    still = f.accepted_case(w)
    Case.objects.filter(pk=still.pk).update(
        owes=True, suspended_since=still.accepted_on, suspended_ground="inspection", due_on=None
    )
    yours = set(Case.objects.filter(cases.YOUR_TURN).values_list("pk", flat=True))

    every = list(Case.objects.select_related("department"))
    assert {case.pk for case in every if turn_of(case, "").whose == cases.YOU} == yours
    assert len(yours) == 3


def test_a_bundle_is_mine_to_act_on_while_a_part_waits_for_its_correction(db):
    w = b.world()
    bundle = b.licensed(w)
    assert shown(w.citizen, turn="you") == []
    asked = {"food": [AskedOfApplicant("floor-plan", "看不清")]}
    bundle_services.ask_bundle_correction(
        bundle_id=bundle.pk, asked=asked, by=w.clerk, at=b.NOON, key=new_id()
    )
    b.settle()

    assert shown(w.citizen, turn="you") == [bundle.number]
    text = text_of(client_of(w.citizen))
    assert "轮到您：请为“开餐饮店一件事”补要补的材料" in text
    assert text.count(f'href="/bundles/mine/{bundle.number}/correction/"') == 2


def test_found_by_number_by_its_end_and_by_the_name_of_the_item(db):
    w = b.world()
    case, bundle = f.received_case(w.base), b.licensed(w)
    part = b.case(bundle, "drainage")
    client = client_of(w.citizen)

    assert numbers(text_of(client, f"/my/?q={case.number}")) == [case.number]
    assert case.number in numbers(text_of(client, f"/my/?q={case.number[-6:]}"))
    assert numbers(text_of(client, "/my/?q=食品经营 新办")) == [case.number]
    assert numbers(text_of(client, f"/my/?q={bundle.number.lower()}")) == [bundle.number]
    for words in (part.number, "排水", "餐饮店"):
        assert numbers(text_of(client, f"/my/?q={words}")) == [bundle.number], words
    assert "没有符合的办件" in text_of(client, "/my/?q=没有这样的")


def test_a_search_looks_among_what_is_done_too(citizen, w):
    ended = withdrawn_case(w)

    assert numbers(text_of(citizen, f"/my/?q={ended.number}")) == [ended.number]
    assert numbers(text_of(citizen, f"/my/?q={ended.number}&show=open")) == []


@pytest.mark.parametrize(
    "nonsense",
    [
        "q=%25",
        "q=_",
        "turn=x&order=x&whose=x&show=x",
        "before=0~x",
        "before=x~y",
        "order=due&before=0~0",
        "q=" + "9" * 500,
    ],
)
def test_nonsense_in_the_address_does_no_harm_and_finds_nothing_by_chance(citizen, w, nonsense):
    case = f.received_case(w)

    response = citizen.get(f"/my/?{nonsense}")

    assert response.status_code == 200
    found = numbers(response.content.decode())
    assert found == ([] if nonsense.startswith("q=") else [case.number])


def test_the_table_holds_the_list_as_it_is_narrowed_and_nothing_of_others(citizen, w):
    mine, ended = f.correction_case(w), withdrawn_case(w)
    people.citizen("李四")

    answer = citizen.get("/my/list.xlsx?show=open")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == own_list.HEADERS
    assert [row[0] for row in rows[1:]] == [mine.number]
    assert rows[1][1:6] == (
        "食品经营许可（新办）", "本人", "等您补正", "申请人", "请把要补的材料交上来"
    )  # fmt: skip
    assert "attachment" in answer["Content-Disposition"]
    stranger = client_of(people.citizen("王五")[1])
    empty = openpyxl.load_workbook(io.BytesIO(stranger.get("/my/list.xlsx?show=all").content)).active
    assert empty.max_row == 1
    assert ended.number not in [row[0] for row in rows]


def test_the_table_is_for_who_is_signed_in_alone(client, db):
    assert client.get("/my/list.xlsx").status_code == 302


def test_the_firms_i_file_for_stand_apart_from_what_is_my_own(db):
    w = b.world()
    own, bundle = f.received_case(w.base), b.licensed(w)
    client = client_of(w.citizen)
    firm = str(bundle.party_id)

    text = text_of(client)
    assert 'aria-label="为谁办的"' in text
    assert f"whose={firm}" in text
    assert bundle.party_name in text
    assert numbers(text_of(client, "/my/?whose=own")) == [own.number]
    assert numbers(text_of(client, f"/my/?whose={firm}")) == [bundle.number]
    assert set(numbers(text_of(client, f"/my/?whose={new_id()}"))) == {own.number, bundle.number}


def test_who_files_for_nobody_else_sees_no_switch(citizen, w):
    f.received_case(w)

    assert 'aria-label="为谁办的"' not in text_of(citizen)


def test_with_many_firms_the_switch_becomes_a_list_to_choose_from(db):
    w = b.world()
    bundle = b.filed(w)
    for serial in range(6):
        copy = Bundle.objects.get(pk=bundle.pk)
        copy.pk, copy.number, copy.party_id = new_id(), f"{bundle.number[:-1]}{serial + 3}", new_id()
        copy.party_name = f"代办的第{serial}家公司"
        copy.save(force_insert=True)

    text = text_of(client_of(w.citizen))

    assert '<select name="whose">' in text
    assert "代办的第5家公司" in text


def test_statements_do_not_grow_with_cases_and_bundles(
    db, django_assert_num_queries, django_assert_max_num_queries
):
    w = b.world()
    bundle = b.licensed(w)
    for make in (f.received_case, f.accepted_case, f.correction_case, delivered_case, not_accepted_case):
        make(w.base)
    client = client_of(w.citizen)
    client.get("/my/?show=all")
    with django_assert_num_queries(STATEMENTS):
        client.get("/my/?show=all")
    for make in (f.received_case, f.accepted_case, f.correction_case):
        make(w.base)
    copies(Bundle, bundle, 20)
    with django_assert_max_num_queries(STATEMENTS):
        client.get("/my/?show=all")
    with django_assert_max_num_queries(STATEMENTS):
        client.get("/my/?show=all&order=due&q=0")
