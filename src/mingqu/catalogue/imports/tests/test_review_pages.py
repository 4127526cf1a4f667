"""The reviewer's pages: filter, sample, tick, decide, look at one row, follow a long deed, take a table along."""

import html
import io
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from mingqu.catalogue.imports import review_services
from mingqu.catalogue.imports.models import ImportedItem
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.reviewing import House
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id


@pytest.fixture
def house(db):
    return House(3)


def browser(actor) -> Client:
    return people.signed_in(Client(), User.objects.get(person_id=actor.id))


def text_of(answer) -> str:
    body = re.sub(r"<(script|style|svg).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", body)))


def hidden(answer) -> dict[str, str]:
    """What the deed's own form carries, without the rows."""
    form = re.search(r'<form[^>]*action="[^"]*/act/".*?</form>', answer.content.decode(), re.S).group()
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    found.pop("shown", None)
    return {name: html.unescape(value) for name, value in found.items()}


def page(house, client, **query):
    return client.get(reverse("catalogue:review_batch", args=[house.batch.pk]), query)


def send(house, client, answer, *lines, **fields):
    rows = ImportedItem.objects.filter(batch=house.batch, line__in=lines)
    given = {"scope": "ticked", "row": [f"{row.pk}:{row.version}" for row in rows]}
    return client.post(
        reverse("catalogue:review_act", args=[house.batch.pk]), hidden(answer) | given | fields, follow=True
    )


def test_ticked_rows_are_accepted_and_the_list_says_so(house):
    client = browser(house.reviewer)
    assert house.batch.file_name in text_of(client.get(reverse("catalogue:reviews")))

    done = send(house, client, page(house, client), 1, 2, deed="accept")

    assert "通过：2行" in text_of(done)
    assert "已通过2行" in text_of(done)
    assert house.row(1).state == "accepted"


def test_all_that_match_are_asked_about_once_more_with_their_number(house):
    client = browser(house.reviewer)
    shown = page(house, client, state="proposed")

    question = send(house, client, shown, scope="matching", deed="accept")
    assert "符合筛选条件的3行都办" in text_of(question)
    assert house.row(1).state == "proposed"
    given = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', question.content.decode())
    )
    given = {name: html.unescape(value) for name, value in given.items()}
    send(house, client, shown, **given, stage="do")

    assert set(ImportedItem.objects.values_list("state", flat=True)) == {"accepted"}


def test_a_stale_click_is_told_on_the_page_and_nothing_is_done(house):
    client = browser(house.reviewer)
    shown = page(house, client)
    given = {"row": [f"{house.rows[0].pk}:1"], "scope": "ticked", "deed": "accept"}
    house.do("return", 1, by=house.second, reason="有误")

    answer = client.post(reverse("catalogue:review_act", args=[house.batch.pk]), hidden(shown) | given)

    assert answer.status_code == 409
    assert "在您打开页面以后变了" in text_of(answer)
    assert house.row(1).state == "returned"


def test_a_sample_shows_its_seed(house):
    answer = page(house, browser(house.reviewer), sample="20", seed="7")
    assert "随机抽出3行，种子7" in text_of(answer)


def test_the_row_shows_what_the_file_said_beside_what_was_made_of_it(house):
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(
        findings=[{"code": "promised_missing", "sentence": "有法定期限，没有承诺期限", "path": ""}]
    )
    client = browser(house.reviewer)

    text = text_of(client.get(reverse("catalogue:review_row", args=[house.batch.pk, 1])))

    for words in (
        "依据《食品安全法》第三十五条",
        "有法定期限，没有承诺期限",
        "《食品安全法》第35条第1款",
        "还没有发布过",
        "默认值，待确认",
    ):
        assert words in text, words


def test_the_row_says_what_would_change_of_what_is_in_force(db):
    house = House(0)
    changed = reviewing.document("QH-SPJYXK", applicable=True, name="食品经营许可（改名）")
    reviewing.row(house.batch, 1, code="QH-SPJYXK", document=changed)

    text = text_of(browser(house.reviewer).get(reverse("catalogue:review_row", args=[house.batch.pk, 1])))

    assert "和现行版本比" in text
    assert "食品经营许可（改名）" in text


def test_a_long_deed_shows_how_far_it_is_and_what_was_refused(house, monkeypatch):
    monkeypatch.setattr(review_services, "AT_ONCE", 1)
    client = browser(house.reviewer)
    ImportedItem.objects.filter(pk=house.rows[2].pk).update(listed=False)
    running = send(house, client, page(house, client), 1, 2, 3, deed="accept")
    assert "0行，共3行" in text_of(running)
    deed = ReviewDeed.objects.get()

    reviewing.finish(deed.pk)

    text = text_of(client.get(reverse("catalogue:review_deed", args=[deed.pk])))
    assert "办成2行，没有办成1行" in text
    assert "还不能公布" in text
    client.post(reverse("catalogue:review_undo", args=[deed.pk]), {"key": str(new_id())})
    assert set(ImportedItem.objects.values_list("state", flat=True)) == {"proposed"}


def test_the_importer_is_told_that_another_person_accepts(house):
    both = people.staff_actor("catalogue_reviewer", department_id=house.world.bureau, name="一人两岗")
    type(house.batch).objects.filter(pk=house.batch.pk).update(author_id=both.id)
    client = browser(both)
    shown = page(house, client)
    assert 'value="accept"' not in shown.content.decode()
    answer = send(house, client, shown, 1, deed="accept")
    assert "要由另一个人审核" in text_of(answer)


def test_nobody_reaches_rows_that_are_not_theirs(house):
    strange = browser(house.strange)
    deed = house.begin("accept", 1)
    for name, args in (
        ("review_batch", [house.batch.pk]),
        ("review_row", [house.batch.pk, 1]),
        ("review_table", [house.batch.pk]),
        ("review_deed", [deed.deed_id]),
    ):
        assert strange.get(reverse(f"catalogue:{name}", args=args)).status_code == 404, name
    assert browser(house.importer).get(reverse("catalogue:reviews")).status_code == 403


def test_the_table_has_what_is_filtered_and_no_formula(house):
    ImportedItem.objects.filter(pk=house.rows[1].pk).update(name="=1+1")
    answer = browser(house.reviewer).get(
        reverse("catalogue:review_table", args=[house.batch.pk]), {"words": "=1"}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert not str(rows[1][2]).startswith("=")


def test_of_rows_of_other_departments_a_reviewer_learns_nothing_in_a_mixed_batch(house):
    secret = reviewing.row(
        house.batch, 9, organ_code="QH-GA", organ_name="绝密分局", finding_codes=["organ_missing"], state="returned",
        kind_confirmed=False,
    )  # fmt: skip
    client = browser(house.reviewer)

    shown = text_of(page(house, client)) + text_of(client.get(reverse("catalogue:reviews")))

    assert "绝密分局" not in shown and secret.name not in shown
    assert "没有写明实施机关" not in shown
    assert "已退回1行" not in shown and "还没有人确认" not in shown
