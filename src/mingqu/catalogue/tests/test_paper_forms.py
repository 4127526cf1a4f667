"""空白表格 and 样表 of a material: made of one text, or files an editor put in (行政许可法 30; CAS-09)."""

import copy
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.catalogue import selectors, services
from mingqu.catalogue.errors import DefinitionInvalid, DraftChanged, MaterialOfNoDraft
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.paper_forms import Piece, form_of, offers, paragraphs, problems
from mingqu.catalogue.rules import definition_of
from mingqu.catalogue.services import FormChange, NewFile
from mingqu.catalogue.services.paper_forms import with_form
from mingqu.catalogue.tests.test_drafts import NOW, Staff
from mingqu.catalogue.types import PaperForm
from mingqu.documents import services as documents
from mingqu.documents.tests import samples
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people

LINES = ("# 承诺", "{店名|样例小馆}承诺照着做，由{谁|样例人甲}负责。")


@pytest.fixture
def staff(db):
    return Staff()


@pytest.fixture
def draft(staff):
    return DefinitionDraft.objects.get(pk=staff.save(staff.document).draft_id)


def put(staff, draft, by=None, version=None, **given):
    change = FormChange("01", given.pop("material", "special-process"), **given)
    return services.put_form(
        draft_id=draft.pk,
        version=draft.version if version is None else version,
        change=change,
        by=by or staff.editor,
        at=NOW,
        key=uuid4(),
    )


def form_in(draft, code="special-process"):
    draft.refresh_from_db()
    return next(m for m in draft.document["handling"][0]["materials"] if m["code"] == code).get("form")


def test_a_text_says_where_to_write_and_what_the_sample_says_there():
    first, second = paragraphs(PaperForm("承诺书", 1, list(LINES)))

    assert first.heading and first.pieces == (Piece("承诺"),)
    assert second.pieces == (
        Piece("店名", "样例小馆"), Piece("承诺照着做，由"), Piece("谁", "样例人甲"), Piece("负责。")
    )  # fmt: skip


@pytest.mark.parametrize("line", ["{店名}", "店名|样例}", "{店名|}", "{|样例}", "{店名|样例", " "])
def test_a_place_that_is_not_written_right_is_told(line):
    assert list(problems(PaperForm("承诺书", 1, [line])))


def test_a_form_with_neither_words_nor_files_is_none():
    assert list(problems(PaperForm("承诺书", 1))) == ["没有内容：写表格的文字，或者放上文件"]


def test_what_is_promised_has_the_words_of_its_promise_as_a_form(staff):
    document = copy.deepcopy(staff.document)
    material = document["handling"][0]["materials"][2]
    material.pop("form")
    definition = definition_of(document, "01")

    form = form_of(definition, definition.material(material["code"]))

    assert form.title == definition.commitments[0].title
    assert all(any(said in line for line in form.text) for said in definition.commitments[0].promised)
    assert offers(form, "blank") and offers(form, "sample")


def test_each_change_of_a_published_form_is_its_next_version_and_the_same_words_are_not():
    published = {"handling": [{"code": "01", "materials": [{"code": "a", "name": "甲"}]}]}
    keep = pytest.fail
    first, name = with_form(published, {}, FormChange("01", "a", "承诺书", LINES), keep)
    again, _ = with_form(first, first, FormChange("01", "a", "承诺书", LINES), keep)
    changed, _ = with_form(again, first, FormChange("01", "a", "承诺书", LINES[:1]), keep)
    gone, _ = with_form(changed, first, FormChange("01", "a"), keep)

    versions = [one["handling"][0]["materials"][0]["form"]["version"] for one in (first, again, changed)]
    assert (name, versions) == ("甲", [1, 1, 2])
    assert "form" not in gone["handling"][0]["materials"][0]


def test_an_editor_puts_a_file_in_and_it_is_published_with_the_definition(staff, draft):
    upload = documents.check_upload(samples.pdf())
    saved = put(staff, draft, title="专间说明", text=LINES, sample=NewFile("样图.pdf", upload))
    digest = form_in(draft)["sample"]
    sent = services.submit_draft(
        draft_id=draft.pk, version=saved.version, by=staff.editor, at=NOW, key=uuid4()
    )
    staff.publish(staff.approve(sent))

    item, definition = selectors.current_definition("QH-SPJYXK", "01")
    form = definition.material("special-process").form
    assert (form.sample, form.version) == (digest, 2)
    file = selectors.form_file(item.pk, digest)
    assert documents.read_file(file.root_id, file.id) == upload.data


def test_a_file_that_nobody_put_in_keeps_the_definition_from_being_handed_in(staff):
    document = copy.deepcopy(staff.document)
    document["handling"][0]["materials"][3]["form"]["sample"] = "0" * 64
    saved = staff.save(document)

    with pytest.raises(DefinitionInvalid) as refused:
        services.submit_draft(
            draft_id=saved.draft_id, version=saved.version, by=staff.editor, at=NOW, key=uuid4()
        )

    assert "没有放上来" in refused.value.problems[0]


def test_only_the_editor_of_the_department_puts_a_form_in_and_on_the_draft_as_it_was_seen(staff, draft):
    with pytest.raises(NotAuthorised):
        put(staff, draft, by=staff.strange, title="别局的", text=LINES)
    with pytest.raises(DraftChanged):
        put(staff, draft, version=99, title="旧页", text=LINES)
    with pytest.raises(MaterialOfNoDraft):
        put(staff, draft, material="none", title="没有", text=LINES)
    assert form_in(draft)["version"] == 1


def page_of(staff, draft):
    client = Client()
    people.signed_in(client, User.objects.get(pk=staff.editor.user_id))
    address = reverse("catalogue:draft_form", args=[draft.pk, "01", "special-process"])
    key = client.get(address).context["form"]["key"].value()
    fields = {"key": key, "version": draft.version, "title": "专间说明", "text": "\n".join(LINES)}
    return client, address, fields


@pytest.mark.parametrize(
    ("name", "content"),
    [("表.pdf", b"%PDF-1.7 cut off"), ("表.pdf", b"<script>alert(1)</script>"), ("图.png", b"GIF89a")],
)
def test_a_file_that_is_not_what_it_says_is_refused_on_the_page_and_nothing_is_kept(
    staff, draft, name, content
):
    client, address, fields = page_of(staff, draft)

    answer = client.post(address, fields | {"sample": SimpleUploadedFile(name, content)})

    assert answer.status_code == 400
    assert answer.context["form"].errors["sample"]
    assert "sample" not in form_in(draft)


def test_the_page_keeps_the_file_that_is_there_until_it_is_told_to_drop_it(staff, draft):
    client, address, fields = page_of(staff, draft)
    picture = SimpleUploadedFile("样图.jpg", samples.picture())
    assert client.post(address, fields | {"sample": picture}).status_code == 302
    digest = form_in(draft)["sample"]
    shown = client.get(reverse("catalogue:draft_form_file", args=[draft.pk, digest]))
    assert shown["Content-Type"] == "image/jpeg"

    client, address, fields = page_of(staff, draft)
    assert client.post(address, fields).status_code == 302
    assert form_in(draft)["sample"] == digest

    client, address, fields = page_of(staff, draft)
    assert client.post(address, fields | {"drop_sample": "on"}).status_code == 302
    assert "sample" not in form_in(draft)


def test_a_draft_that_is_wrong_in_every_way_still_shows_its_forms(staff):
    document = copy.deepcopy(staff.document)
    document["handling"] = [
        "x",
        {"name": "无码"},
        {"code": "01", "name": "新办", "materials": [3, {"code": "a/b"}]},
    ]
    saved = staff.save(document)
    client = Client()
    people.signed_in(client, User.objects.get(pk=staff.editor.user_id))

    assert client.get(reverse("catalogue:draft_forms", args=[saved.draft_id])).status_code == 200
