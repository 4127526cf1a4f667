"""Applying as a browser without JavaScript does it: for tests of the pages."""

from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.forms.models import Draft
from mingqu.identity.models import User

START = "/apply/QH-SPJYXK/"
FITS = "subject=person&open_fire=no&above_homes=no&foods=hot"
PAGE_1 = {
    "shop_name": "清禾小馆",
    "premises": "青澜街道示例路1号",
    "area_m2": "60",
    "seats": "20",
    "_end": "1",
}
PAGE_2 = {"manager_name": "李晓禾", "manager_phone": "19900001234", "_end": "1"}
MATERIALS = ("business-licence", "floor-plan", "safety-rules")


def body(answer):
    return answer.content.decode()


def begun(client, **more):
    """The id of a draft begun from the result page."""
    given = {"subject": "person", "open_fire": "no", "above_homes": "no", "foods": ["hot"]} | more
    answer = client.post(f"{START}begin/", given)
    assert answer.status_code == 302
    return UUID(answer.url.split("/")[3])


def page(draft_id, number):
    return reverse("cases:form_page", args=[draft_id, number])


def photo(name="执照.png", data=f.PNG):
    return SimpleUploadedFile(name, data, "image/png")


def upload(client, draft_id, code, *files, **more):
    url = reverse("cases:material", args=[draft_id, code])
    return client.post(url, {"files": list(files), "_end": "1"} | more)


def version(draft_id):
    return Draft.objects.get(pk=draft_id).version


def save(client, draft_id, number, data, **more):
    return client.post(page(draft_id, number), data | {"_version": version(draft_id)} | more)


def filled(client, draft_id):
    save(client, draft_id, 1, PAGE_1)
    save(client, draft_id, 2, PAGE_2)
    for code in MATERIALS:
        upload(client, draft_id, code, photo())
    return draft_id


def hand_in(client, draft_id, key=None, **more):
    data = {
        "declared": "on",
        "delivery": "electronic",
        "key": key or uuid4(),
        "version": version(draft_id),
    } | more
    return client.post(reverse("cases:check", args=[draft_id]), data)


def user_of(actor):
    return User.objects.get(pk=actor.user_id)
