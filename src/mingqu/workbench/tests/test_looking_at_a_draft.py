"""预览: a draft as citizens and clerks will meet it, by the very pages; nothing is stored, nothing leads out."""

import re
from uuid import UUID

import pytest
from django.urls import reverse

from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.tests.test_drafts import Staff, _plain_site, browser_of, text_of  # noqa: F401
from mingqu.forms.models import Draft
from mingqu.forms.services import html_name, read_schema

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_site")]


@pytest.fixture
def staff(db):
    return Staff()


@pytest.fixture
def draft(staff):
    return DefinitionDraft.objects.get(pk=staff.save().draft_id)


def hidden(page):
    return dict(
        re.findall(r'<input type="hidden" name="(_[a-z]+)"[^>]*value="([^"]*)"', page.content.decode())
    )


def filled(form):
    """Something right for each question of the form, whatever it asks."""
    schema = read_schema(form["schema"], form["pages"])
    typed = {"_end": "1"}
    for path, one in schema.fields.items():
        name = html_name(path)
        match one.kind:
            case "date":
                typed |= {f"{name}_year": "2026", f"{name}_month": "12", f"{name}_day": "1"}
            case "choice" | "choices":
                typed[name] = one.choices[0].value
            case "yes_no" | "confirm":
                typed[name] = "yes" if one.kind == "yes_no" else "on"
            case "number" | "integer":
                typed[name] = "60"
            case "phone":
                typed[name] = "19900001234"
            case "credit_code":
                pass  # not required
            case "citizen_number":
                typed[name] = "99010419900101123X"
            case _:
                typed[name] = "青澜街道1号"
    return typed


def leads_out(page, draft):
    found = re.findall(r'<(?:a|form)\b[^>]*\s(?:href|action)="(/[^"]*)"', page.content.decode())
    own = f"/desk/items/drafts/{draft.pk}/"
    return [way for way in found if not way.startswith(own)]


def test_the_guide_of_a_draft_is_the_guide_page_and_goes_on_to_its_questions(staff, draft):
    editor = browser_of(staff.editor)
    assert "预览" in text_of(editor.get(reverse("catalogue:draft", args=[draft.pk])))

    page = editor.get(reverse("portal:guide_preview", args=[draft.pk]))

    assert page.status_code == 200 and "<b>预览</b>" in page.content.decode()
    assert draft.item_name in text_of(page) and "材料目录" in text_of(page)
    assert leads_out(page, draft) == []
    assert reverse("cases:preview_start", args=[draft.pk]) in page.content.decode()


def test_an_applicants_way_through_a_draft_stores_nothing(staff, draft):
    editor, way = browser_of(staff.editor), f"/desk/items/drafts/{draft.pk}/preview/apply/"
    handling = draft.document["handling"][0]
    answers = {q["ask"]: q["choices"][-1]["value"] for q in handling["situations"]}

    first = editor.get(way)
    assert first.status_code == 200 and "您要办哪一项" in text_of(first)
    asked = editor.get(way, {"_handling": handling["code"]})
    assert handling["situations"][0]["text"] in text_of(asked) and leads_out(asked, draft) == []
    came = editor.get(f"{way}result/", {"_handling": handling["code"], **answers})
    assert came.status_code == 200, came.headers
    assert "您要准备的" in text_of(came) and leads_out(came, draft) == []

    page = editor.post(f"{way}form/", {"_begin": "1", "_handling": handling["code"], **answers})
    assert page.status_code == 200 and "autosave" not in page.content.decode().replace("autosave.js", "")
    wrong = editor.post(f"{way}form/", hidden(page))
    assert wrong.status_code == 400 and "请填写" in text_of(wrong)
    assert Draft.objects.count() == 0


def test_the_last_look_of_a_preview_hands_nothing_in(staff, draft):
    editor, way = browser_of(staff.editor), f"/desk/items/drafts/{draft.pk}/preview/apply/form/"
    handling = draft.document["handling"][0]
    answers = {q["ask"]: q["choices"][-1]["value"] for q in handling["situations"]}
    page = editor.post(way, {"_begin": "1", "_handling": handling["code"], **answers})
    typed = filled(handling["form"])
    for _ in handling["form"]["pages"]:
        page = editor.post(way, hidden(page) | typed)
        assert page.status_code == 200, text_of(page)

    assert "核对并提交" in text_of(page) and "预览到这里" in text_of(page)
    assert leads_out(page, draft) == []
    sent = editor.post(way, {"key": str(UUID(int=1)), "delivery": "window"})
    assert sent.status_code == 302 and sent["Location"].endswith("/preview/apply/")


def test_a_page_of_a_preview_that_the_draft_no_longer_has_begins_anew(staff, draft):
    """Somebody changes the draft while another looks; what came with the page is of the draft as it was."""
    editor, start = browser_of(staff.editor), reverse("cases:preview_start", args=[draft.pk])
    handling = draft.document["handling"][0]
    answers = {q["ask"]: q["choices"][-1]["value"] for q in handling["situations"]}
    way = f"{start}form/"
    page = editor.post(way, {"_begin": "1", "_handling": handling["code"], **answers})
    typed = filled(handling["form"])
    for _ in handling["form"]["pages"][:-1]:
        page = editor.post(way, hidden(page) | typed)
    last = hidden(page)

    form = draft.document["handling"][0]["form"]
    kept = form["pages"][:1]
    form["schema"]["properties"] = {name: form["schema"]["properties"][name] for name in kept[0]["fields"]}
    form["schema"]["required"] = [
        one for one in form["schema"].get("required", []) if one in kept[0]["fields"]
    ]
    form["pages"] = kept
    draft.save(update_fields=["document"])
    late = editor.post(way, last | typed)
    assert (late.status_code, late["Location"]) == (302, start)

    assert editor.post(way, {**last, "_carried": last["_carried"][:-3] + "xyz"}).status_code == 302


def test_a_clerk_sees_the_questions_and_then_the_materials_line_by_line(staff, draft):
    editor, way = browser_of(staff.editor), reverse("workbench:window_preview", args=[draft.pk])
    handling = draft.document["handling"][0]
    answers = {q["ask"]: q["choices"][-1]["value"] for q in handling["situations"]}

    assert handling["situations"][0]["text"] in text_of(editor.get(way))
    sent = editor.post(way, answers)
    page = editor.get(sent["Location"])
    assert "材料，一份一行" in text_of(page) and leads_out(page, draft) == []
    codes = re.findall(r'name="way-([^"]+)"', page.content.decode())
    done = editor.post(sent["Location"], {f"way-{code}": "paper" for code in codes})
    assert codes and "每一份都选好了" in text_of(done)
    assert editor.post(sent["Location"], {}).status_code == 400


@pytest.mark.parametrize("name", ["portal:guide_preview", "cases:preview_start", "workbench:window_preview"])
def test_what_is_not_whole_is_not_shown_but_says_what_is_missing(staff, name):
    made = staff.changed()
    for one in made["handling"]:
        one.pop("form")
    saved = staff.save(made)

    page = browser_of(staff.editor).get(reverse(name, args=[saved.draft_id]))

    assert page.status_code == 409 and "还不能预览：" in text_of(page)


@pytest.mark.parametrize("name", ["portal:guide_preview", "cases:preview_start", "workbench:window_preview"])
def test_a_draft_is_looked_at_only_by_who_may_see_it(staff, draft, name):
    assert browser_of(staff.strange).get(reverse(name, args=[draft.pk])).status_code in (403, 404)
