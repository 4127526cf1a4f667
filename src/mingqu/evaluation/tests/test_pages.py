"""The page of a rating, and the list of staff."""

from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.evaluation.models import Rating
from mingqu.evaluation.tests.factories import delivered_case, rate, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people


@pytest.fixture
def w(db):
    return f.world()


def page(response) -> str:
    return response.content.decode()


def signed_in(client, actor):
    return people.signed_in(client, User.objects.get(pk=actor.user_id))


def give(client, case, **data):
    return client.post(f"/rate/{case.number}/", {"key": str(uuid4()), **data})


def test_a_rating_is_given_and_then_shown(client, w):
    case = delivered_case(w)
    signed_in(client, w.citizen)

    assert "这件事办得怎么样？" in page(client.get(f"/rate/{case.number}/"))
    response = give(client, case, level="2", reasons=["speed", "ease"], text="跑了两趟")
    assert response.status_code == 302

    text = page(client.get(response["Location"]))
    assert "谢谢您的评价" in text
    assert "不满意" in text
    assert "办事效率、办事便捷度" in text
    assert "跑了两趟" in text
    assert "<textarea" not in text


def test_a_second_click_changes_nothing(client, w):
    case, key = withdrawn_case(w), str(uuid4())
    signed_in(client, w.citizen)

    for _ in range(2):
        assert give(client, case, level="4", key=key).status_code == 302

    assert Rating.objects.count() == 1


def test_a_second_rating_is_refused_with_its_sentence(client, w):
    case = withdrawn_case(w)
    signed_in(client, w.citizen)
    give(client, case, level="4")

    response = give(client, case, level="1")

    assert response.status_code == 409
    assert "已经评价过了" in page(response)
    assert Rating.objects.get().level == 4


def test_before_there_is_an_outcome_the_filing_is_rated(client, w):
    case = f.received_case(w)
    signed_in(client, w.citizen)

    assert "这次提交申请顺不顺利？" in page(client.get(f"/rate/{case.number}/"))
    assert give(client, case, level="5", contact="filing").status_code == 302
    assert "有了结果，还可以评价办理的结果" in page(client.get(f"/rate/{case.number}/"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "请选择：这件事办得怎么样？"),
        ({"level": "9"}, "选择"),
        ({"level": "1", "reasons": ["weather"]}, "选择"),
        ({"level": "1", "text": "长" * 501}, "最多写500个字"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client, w, data, words):
    case = withdrawn_case(w)
    signed_in(client, w.citizen)

    response = give(client, case, **data)

    assert response.status_code == 400
    assert words in page(response)
    assert not Rating.objects.exists()


def test_a_broken_key_rates_nothing(client, w):
    case = withdrawn_case(w)
    signed_in(client, w.citizen)

    assert give(client, case, level="5", key="x").status_code == 400
    assert not Rating.objects.exists()


def test_the_case_of_another_is_not_found(client, w):
    case = withdrawn_case(w)
    other, _ = people.citizen("李四")
    people.signed_in(client, other)

    assert client.get(f"/rate/{case.number}/").status_code == 404
    assert give(client, case, level="1").status_code == 404
    assert client.get("/rate/99010420260918999999/").status_code == 404
    assert not Rating.objects.exists()


def test_without_signing_in_and_for_staff_there_is_no_rating(client, w):
    case = withdrawn_case(w)

    assert "/sign-in/" in client.get(f"/rate/{case.number}/")["Location"]
    assert signed_in(client, w.clerk).get(f"/rate/{case.number}/").status_code == 403


def test_staff_in_scope_read_ratings_without_rater_and_case(client, w):
    case = delivered_case(w)
    rate(w, case, 1, text="等太久")
    head = people.post(w.bureau, "department_head", name="局长")
    people.signed_in(client, people.staff_user("周敏", head))

    text = page(client.get("/desk/ratings/"))

    assert "非常不满意" in text
    assert "等太久" in text
    assert "食品经营许可" in text
    for hidden in (case.number, str(case.pk), "李晓禾", str(w.citizen.id)):
        assert hidden not in text


def test_a_head_of_another_department_sees_none_of_them(client, w):
    rate(w, withdrawn_case(w), 1, text="等太久")
    other = people.post(people.department("清禾区水务局"), "department_head")
    people.signed_in(client, people.staff_user("吴岚", other))

    assert "还没有评价" in page(client.get("/desk/ratings/"))


def test_whoever_decides_cases_does_not_read_ratings(client, w):
    assert signed_in(client, w.reviewer).get("/desk/ratings/").status_code == 403


def test_only_the_bad_ones_can_be_shown(client, w):
    for level in (5, 2):
        rate(w, withdrawn_case(w), level, text=f"第{level}级")
    people.signed_in(client, people.staff_user("周敏", people.post(w.bureau, "department_head")))

    text = page(client.get("/desk/ratings/?show=bad"))

    assert "第2级" in text
    assert "第5级" not in text


def test_the_list_of_staff_goes_on_by_key(client, w, monkeypatch):
    from mingqu.evaluation.selectors import ratings

    monkeypatch.setattr(ratings, "PAGE", 2)
    for number in range(3):
        rate(w, withdrawn_case(w), 5, text=f"评语{number}")
    people.signed_in(client, people.staff_user("周敏", people.post(w.bureau, "department_head")))

    first = page(client.get("/desk/ratings/"))
    assert "评语2" in first
    assert "评语0" not in first
    cursor = first.split("?before=")[1].split('"')[0]
    assert "评语0" in page(client.get(f"/desk/ratings/?before={cursor}"))
    assert client.get("/desk/ratings/?before=x").status_code == 200
