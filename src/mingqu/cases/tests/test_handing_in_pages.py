"""Applying without JavaScript, second part: files, the summary, one case for two presses."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.cases.models import Case, MaterialFile
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.applying import (
    PAGE_1,
    begun,
    body,
    filled,
    hand_in,
    page,
    photo,
    save,
    upload,
    user_of,
    version,
)
from mingqu.forms.models import Draft
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db


# Files --------------------------------------------------------------------------------------------------------


def test_several_photos_at_once_are_listed_with_size_and_scan_state(client, world):
    draft_id = begun(client)

    upload(client, draft_id, "floor-plan", photo("图1.png"), photo("图2.png"))
    text = body(client.get(reverse("cases:material", args=[draft_id, "floor-plan"])))

    assert "图1.png" in text and "图2.png" in text and "查毒" not in text
    assert "已收到2个文件。" in text
    file_id = MaterialFile.objects.filter(root_id=draft_id).values_list("file_id", flat=True).first()
    url = reverse("cases:draft_file", args=[draft_id, file_id])
    assert client.get(url)["Content-Type"] == "image/png"
    assert client.get(f"{url}?small")["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("程序.exe", b"MZ\x90\x00" + b"\x00" * 100, "只能上传"),
        ("空.pdf", b"", "这个文件是空的"),
        ("坏.png", f.PNG[:40], "这张图片打不开"),
    ],
)
def test_a_file_that_cant_be_taken_is_told_by_name_and_the_good_one_stays(
    client, world, name, data, sentence
):
    draft_id = begun(client)

    answer = upload(client, draft_id, "floor-plan", photo("好.png"), SimpleUploadedFile(name, data))

    text = body(answer)
    assert answer.status_code == 400
    assert f"“{name}”：" in text and sentence in text and 'href="#files-floor-plan"' in text
    assert MaterialFile.objects.filter(root_id=draft_id, state="pending").count() == 1


def test_a_file_over_the_limit_is_refused(client, world, settings):
    settings.MINGQU_UPLOAD_LIMITS = {"file_bytes": 1000}
    draft_id = begun(client)

    text = body(upload(client, draft_id, "floor-plan", SimpleUploadedFile("大.png", f.PNG + b"\0" * 2000)))

    assert "“大.png”：文件超过" in text


def test_a_picture_that_would_unpack_to_too_much_is_refused(client, world):
    bomb = f.PNG.replace(b"\x00\x00\x00\x01\x00\x00\x00\x01", b"\x00\x01\x00\x00\x00\x01\x00\x00")
    draft_id = begun(client)

    answer = upload(client, draft_id, "floor-plan", photo("炸弹.png", bomb))

    assert answer.status_code == 400
    assert "“炸弹.png”：" in body(answer)
    assert not MaterialFile.objects.exists()


def test_more_than_ten_files_are_refused_in_words(client, world):
    draft_id = begun(client)
    upload(client, draft_id, "floor-plan", *[photo() for _ in range(10)])

    assert "最多上传10个文件" in body(upload(client, draft_id, "floor-plan", photo()))


def test_no_file_and_half_a_form_are_told_apart(client, world):
    draft_id = begun(client)
    url = reverse("cases:material", args=[draft_id, "floor-plan"])

    assert "还没有选择文件" in body(client.post(url, {"_end": "1"}))
    assert "文件没有传完整" in body(client.post(url, {"files": [photo()]}))
    assert not MaterialFile.objects.exists()


def test_a_file_is_taken_back_after_a_last_question(client, world):
    draft_id = begun(client)
    upload(client, draft_id, "floor-plan", photo("图.png"))
    file_id = MaterialFile.objects.get().file_id
    url = reverse("cases:remove_file", args=[draft_id, file_id])

    assert "撤下这个文件？" in body(client.get(url)) and MaterialFile.objects.get().state == "pending"
    client.post(url)

    assert MaterialFile.objects.get().state == "removed"
    assert client.get(url).status_code == 404


def test_htmx_gets_the_list_alone_and_errors_too(client, world):
    draft_id = begun(client)
    url = reverse("cases:material", args=[draft_id, "floor-plan"])

    answer = client.post(url, {"files": [photo()], "_end": "1"}, headers={"HX-Request": "true"})
    wrong = client.post(url, {"_end": "1"}, headers={"HX-Request": "true"})

    assert answer.status_code == wrong.status_code == 200, "HTMX swaps nothing else"
    assert "<html" not in body(answer) and "执照.png" in body(answer)
    assert "还没有选择文件" in body(wrong)


# Handing in ---------------------------------------------------------------------------------------------------


def test_the_summary_asks_to_sign_in_and_the_draft_then_belongs_to_that_person(client, world):
    draft_id = filled(client, begun(client))
    url = reverse("cases:check", args=[draft_id])
    code = client.get(reverse("cases:draft", args=[draft_id])).context["code"]

    assert client.get(url).url == f"{reverse('identity:sign_in')}?next={url.replace('/', '%2F')}"
    people.signed_in(client, user_of(world.citizen))
    answer = client.get(url, follow=True)

    assert "已存到您名下" in body(answer)
    assert Draft.objects.get(pk=draft_id).owner_id == world.citizen.id
    assert Client().post("/apply/resume/", {"code": code}).status_code == 404, (
        "the code opens nothing any more"
    )


def test_a_claimed_draft_survives_signing_out(client, world):
    draft_id = filled(client, begun(client))
    people.signed_in(client, user_of(world.citizen))
    client.get(reverse("cases:check", args=[draft_id]))
    client.post(reverse("identity:sign_out"))
    assert client.get(reverse("cases:draft", args=[draft_id])).status_code == 404

    again = people.signed_in(Client(), user_of(world.citizen))

    assert again.get(reverse("cases:draft", args=[draft_id])).status_code == 200


def test_the_summary_shows_every_answer_with_a_way_to_change_it_and_masks_the_number(world, sign_in):
    client = sign_in(world.citizen)
    draft_id = filled(client, begun(client))

    text = body(client.get(reverse("cases:check", args=[draft_id])))

    assert "清禾小馆" in text and "60平方米" in text and "执照.png" in text and "热食" in text
    assert f"{page(draft_id, 1)}?back=check" in text
    assert "9901**********" in text
    assert "提交申请" in text
    assert save(client, draft_id, 1, PAGE_1).status_code == 302
    back = client.post(f"{page(draft_id, 1)}?back=check", PAGE_1 | {"_version": version(draft_id)})
    assert back.url == reverse("cases:check", args=[draft_id])


def test_what_is_missing_is_listed_with_links_and_nothing_can_be_handed_in(world, sign_in):
    client = sign_in(world.citizen)
    draft_id = begun(client)

    text = body(client.get(reverse("cases:check", args=[draft_id])))
    answer = hand_in(client, draft_id)

    assert "还缺材料：经营场所平面布局图" in text and 'name="declared"' not in text
    assert f"{page(draft_id, 1)}?back=check#id_shop_name" in text
    assert answer.status_code == 400
    assert not Case.objects.exists()


def test_who_has_not_told_name_and_number_is_sent_to_do_so(world, sign_in, client):
    from mingqu.identity.services import open_account

    nobody = open_account(phone=people.phone(), at=people.NOON)
    client = sign_in(nobody)
    draft_id = filled(client, begun(client))

    text = body(client.get(reverse("cases:check", args=[draft_id])))

    assert f"{reverse('identity:declare')}?next=%2Fapply%2Fdraft%2F{draft_id}%2Fcheck%2F" in text
    assert hand_in(client, draft_id).status_code == 400
    assert not Case.objects.exists()


def test_the_declaration_must_be_made(world, sign_in):
    client = sign_in(world.citizen)
    draft_id = filled(client, begun(client))

    answer = hand_in(client, draft_id, declared="")

    assert answer.status_code == 400
    assert "请先勾选" in body(answer)
    assert not Case.objects.exists()


def test_handing_in_gives_number_query_code_and_what_happens_next(world, sign_in):
    client = sign_in(world.citizen)
    draft_id = filled(client, begun(client))

    answer = hand_in(client, draft_id)
    case = Case.objects.get()
    text = body(client.get(answer.url))

    assert answer.url == reverse("cases:done", args=[case.number])
    assert "<span>990104</span><span>20260918</span>" in text
    assert f"<span>{case.query_code[:4]}</span>" in text
    assert "2026年9月24日" in text and "为什么是这一天" in text
    assert "正在生成" in text and 'hx-trigger="every 3s"' in text
    part = client.get(answer.url, headers={"HX-Request": "true"})
    assert "<html" not in body(part) and "正在生成" in body(part)


def test_pressing_twice_makes_one_case(world, sign_in):
    client = sign_in(world.citizen)
    draft_id, key = filled(client, begun(client)), uuid4()
    base = version(draft_id)

    first = hand_in(client, draft_id, key=key)
    second = hand_in(client, draft_id, key=key, version=base)
    third = hand_in(client, draft_id, version=base)

    case = Case.objects.get()
    assert first.url == reverse("cases:done", args=[case.number])
    assert second.status_code == third.status_code == 302
    assert second.url == third.url == reverse("cases:progress", args=[case.number])


def test_a_stale_summary_is_not_handed_in_but_shown_anew(world, sign_in):
    client = sign_in(world.citizen)
    draft_id = filled(client, begun(client))
    base = version(draft_id)
    save(client, draft_id, 1, PAGE_1 | {"shop_name": "改过的店"})

    answer = hand_in(client, draft_id, version=base)

    assert answer.status_code == 409
    assert "请重新核对后再提交" in body(answer) and "改过的店" in body(answer)
    assert not Case.objects.exists()


def test_the_pages_of_a_filed_draft_lead_to_its_case(world, sign_in):
    client = sign_in(world.citizen)
    draft_id = filled(client, begun(client))
    hand_in(client, draft_id)

    for name, args in (("draft", [draft_id]), ("form_page", [draft_id, 1]), ("check", [draft_id])):
        assert client.get(reverse(f"cases:{name}", args=args)).url.endswith("/progress/"), name
    assert Client().get(reverse("cases:draft", args=[draft_id])).status_code == 404


def test_staff_fill_in_nothing_in_their_own_name(world, sign_in):
    client = sign_in(world.clerk)
    draft_id = begun(client)

    assert Draft.objects.get(pk=draft_id).owner_id is None
    assert client.get(reverse("cases:check", args=[draft_id])).status_code == 403
