"""一件事 from the questions to the progress in a browser without scripts: by links and forms standing on the pages."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import Bundle
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.ui.tests.scriptless import Scriptless

pytestmark = pytest.mark.django_db


def photo():
    return SimpleUploadedFile("图.png", b.f.PNG, content_type="image/png")


def flat(values, at=""):
    found = {}
    for name, value in values.items():
        path = f"{at}__{name}" if at else name
        found |= flat(value, path) if isinstance(value, dict) else {path: str(value)}
    return found


def answer_the_questions(reader):
    while "/result/" not in reader.url:
        asked = next(name for name in b.SITUATION if name in reader.names("radio") + reader.names("checkbox"))
        reader.press("继续", **{asked: b.SITUATION[asked]})
        assert reader.status == 200


def fill_in(reader):
    typed = flat(b.ANSWERS)
    kinds = ("text", "number", "tel", "textarea")
    while "/page/" in reader.url:
        here = {name for kind in kinds for name in reader.names(kind)}
        reader.press("保存并继续", **{name: value for name, value in typed.items() if name in here})
        assert reader.status == 200, reader.body


def test_the_whole_way_is_gone_by_links_and_forms_alone(monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: b.NOON))
    w = b.world()
    reader = Scriptless(people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id)))
    reader.go("/search/?q=开餐饮店")
    reader.follow("开餐饮店一件事")
    answer_the_questions(reader)
    reader.sees("要办的事项", "一项一项办要")
    reader.press("开始填表")
    draft = reader.url
    reader.follow_to("page/1/")
    fill_in(reader)
    if "/materials/" not in reader.url:
        reader.follow_to("materials/")
    wanted = reader.names("file")
    kept = [name for name in wanted if "safety-rules" not in name]
    reader.press("上传", **{name: photo() for name in kept})
    reader.press("签告知承诺，不交文件")
    reader.press("签署承诺", name="李晓禾", agreed="on")
    reader.sees("已签告知承诺，不用交文件")
    reader.follow_to(draft)
    reader.follow_to("check/")
    reader.press("提交申请", delivery="electronic", declared="on")
    bundle = Bundle.objects.get()
    reader.sees("申请已提交", bundle.number)
    reader.follow("看办理进度")
    reader.sees("各个事项", "食品经营许可")
    b.settle()
    reader.go(reader.url)
    reader.sees("外部系统办理中")
