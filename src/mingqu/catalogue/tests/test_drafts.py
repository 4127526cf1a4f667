"""A definition comes to publication by two persons (roles.md 8; 编制状态 草稿 → 待审核 → 审核通过/退回 → 已发布)."""

import copy
import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.catalogue import reports, selectors, services
from mingqu.catalogue.errors import (
    AlreadyWithdrawn,
    BaseChanged,
    DayPast,
    DefinitionInvalid,
    DraftChanged,
    DraftExists,
    DraftNeeded,
    DraftOrganUnknown,
    DraftOtherItem,
    DraftState,
    DraftUnchanged,
    DraftUnknown,
    DraftWithoutItem,
    ItemWithdrawn,
    ReasonNeeded,
    SameReviewer,
)
from mingqu.catalogue.files import read_document, write_document
from mingqu.catalogue.models import DefinitionDraft, Revision, ServiceItem
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Post, RoleGrant, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.tests.made_once import made_once

NOW = people.NOON + timedelta(days=1)
LATER = NOW + timedelta(hours=1)


@made_once
def _officers():
    world = f.world()
    write, review = "catalogue_editor", "catalogue_reviewer"
    return world, (
        people.staff_actor(write, department_id=world.bureau, name="叶知秋"),
        people.staff_actor(review, department_id=world.bureau, name="范定"),
        people.staff_actor(write, review, department_id=world.bureau, name="一人两岗"),
        people.staff_actor(write, review, name="别局"),
    )


class Staff:
    """The bureau's own editor and reviewer, one of another bureau, and what is in force."""

    def __init__(self):
        self.world, (self.editor, self.reviewer, self.both, self.strange) = _officers()
        self.document = Revision.objects.get(item__code="QH-SPJYXK").document

    def changed(self, summary="改过的简介。"):
        other = copy.deepcopy(self.document)
        other["item"]["summary"] = summary
        return other

    def save(self, document=None, by=None, **more):
        return services.save_draft(
            document=document or self.changed(), by=by or self.editor, at=NOW, key=uuid4(), **more
        )

    def submitted(self, document=None):
        saved = self.save(document)
        return services.submit_draft(
            draft_id=saved.draft_id, version=saved.version, by=self.editor, at=NOW, key=uuid4()
        )

    def approve(self, saved, by=None):
        return services.approve_draft(
            draft_id=saved.draft_id,
            version=saved.version,
            comment="同意",
            by=by or self.reviewer,
            at=LATER,
            key=uuid4(),
        )

    def approved(self, document=None):
        return self.approve(self.submitted(document))

    def publish(self, saved, on=None, by=None, at=LATER):
        return services.publish_draft(
            draft_id=saved.draft_id, on=on, by=by or self.reviewer, at=at, key=uuid4()
        )


@pytest.fixture
def staff(db):
    return Staff()


def summary():
    return selectors.current_document("QH-SPJYXK")[1].item.summary


def test_what_is_approved_is_published_and_what_runs_keeps_its_revision(staff):
    case = f.accepted_case(staff.world)

    done = staff.publish(staff.approved())

    assert done.state == "published"
    assert summary() == "改过的简介。"
    case.refresh_from_db()
    assert selectors.document(case.revision_id).item.summary != "改过的简介。"
    deeds = list(
        AuditEntry.objects.filter(root_id=services.item_id("QH-SPJYXK"))
        .order_by("seq")
        .values_list("action", flat=True)
    )
    assert deeds[1:] == ["catalogue.edit", "catalogue.submit", "catalogue.review", "catalogue.publish"]


def test_an_incomplete_definition_can_be_kept_and_not_handed_in(staff):
    document = staff.changed()
    document["handling"][0]["clocks"]["promised"]["limit"] = 99
    saved = staff.save(document)

    with pytest.raises(DefinitionInvalid, match="承诺时限不能长于法定时限"):
        services.submit_draft(
            draft_id=saved.draft_id, version=saved.version, by=staff.editor, at=NOW, key=uuid4()
        )
    assert DefinitionDraft.objects.get().state == "draft"


@pytest.mark.parametrize("signs", [False, True])
def test_a_post_nobody_knows_is_not_handed_in(staff, signs):
    document = staff.changed()
    if signs:
        document["handling"][0]["steps"][0] |= {"sign": "all", "signers": ["NOBODY"]}
    else:
        document["handling"][0]["decide"]["post"] = "NOBODY"

    with pytest.raises(DefinitionInvalid, match="NOBODY"):
        staff.submitted(document)


@pytest.mark.parametrize("part", ["decide", "step", "signer"])
def test_a_post_that_may_not_do_its_step_on_the_organ_s_cases_is_not_handed_in(staff, part):
    other = people.post(people.department(name="别局"), "window_clerk")
    document, code = staff.changed(), Post.objects.get(pk=other).code
    handling = document["handling"][0]
    if part == "signer":
        handling["steps"][0] |= {"sign": "all", "signers": [code]}
    else:
        (handling["decide"] if part == "decide" else handling["steps"][0])["post"] = code

    (line,) = [one for one in reports.report(document).lines if "没有人办" in one.sentence]

    assert line.kind == "部门岗位" and "部门和岗位" in line.sentence and "别局" in line.sentence
    with pytest.raises(DefinitionInvalid, match="没有人办"):
        staff.submitted(document)
    assert DefinitionDraft.objects.get().state == "draft"


def test_a_post_that_lost_its_mandate_since_is_found_at_publication(staff):
    approved = staff.approved()
    code = staff.document["handling"][0]["decide"]["post"]
    RoleGrant.objects.filter(post__code=code).delete()

    with pytest.raises(DefinitionInvalid, match="作出决定"):
        staff.publish(approved)
    assert DefinitionDraft.objects.get().state == "approved"


def test_the_check_of_a_definition_without_an_organ_says_so(staff):
    document = staff.changed()
    document["item"]["organ"] = "NOBODY"

    assert "实施机构“NOBODY”不存在" in {one.sentence for one in reports.report(document).lines}


@pytest.mark.parametrize("who", ["editor", "both"])
def test_who_wrote_or_handed_in_does_not_approve(staff, who):
    if who == "editor":
        with pytest.raises(NotAuthorised):
            staff.approve(staff.submitted(), by=staff.editor)
        return
    saved = staff.save(by=staff.both)
    sent = services.submit_draft(
        draft_id=saved.draft_id, version=saved.version, by=staff.editor, at=NOW, key=uuid4()
    )
    with pytest.raises(SameReviewer):
        staff.approve(sent, by=staff.both)


def test_an_earlier_author_does_not_approve_either(staff):
    saved = staff.save(by=staff.both)
    again = staff.save(staff.changed("又改。"), draft_id=saved.draft_id, version=saved.version)
    sent = services.submit_draft(
        draft_id=saved.draft_id, version=again.version, by=staff.editor, at=NOW, key=uuid4()
    )
    with pytest.raises(SameReviewer):
        staff.approve(sent, by=staff.both)


def test_it_is_returned_with_a_reason_and_comes_again(staff):
    sent = staff.submitted()
    told = {"draft_id": sent.draft_id, "version": sent.version, "by": staff.reviewer, "at": LATER}
    with pytest.raises(ReasonNeeded):
        services.return_draft(reason=" ", key=uuid4(), **told)

    services.return_draft(reason="简介太短", key=uuid4(), **told)

    draft = DefinitionDraft.objects.get()
    assert (draft.state, draft.remarks[-1]["text"]) == ("returned", "简介太短")
    again = staff.save(staff.changed("再改。"), draft_id=sent.draft_id, version=sent.version)
    assert again.version == 2


def test_what_was_handed_in_does_not_change(staff):
    sent = staff.submitted()
    with pytest.raises(DraftState, match="待审核"):
        staff.save(staff.changed("偷改。"), draft_id=sent.draft_id, version=sent.version)


def test_one_editor_does_not_write_over_another(staff):
    saved = staff.save()
    staff.save(staff.changed("甲"), draft_id=saved.draft_id, version=1)
    with pytest.raises(DraftChanged):
        staff.save(staff.changed("乙"), draft_id=saved.draft_id, version=1)
    with pytest.raises(DraftChanged):
        services.submit_draft(draft_id=saved.draft_id, version=1, by=staff.editor, at=NOW, key=uuid4())


def test_an_item_has_one_open_draft(staff):
    saved = staff.save()
    with pytest.raises(DraftExists):
        staff.save()
    services.drop_draft(draft_id=saved.draft_id, reason="重写", by=staff.editor, at=NOW, key=uuid4())
    assert staff.save().version == 1


def test_a_draft_stays_with_its_item(staff):
    saved, other = staff.save(), staff.changed()
    other["item"]["code"] = "QH-OTHER"
    with pytest.raises(DraftOtherItem):
        staff.save(other, draft_id=saved.draft_id, version=1)


@pytest.mark.parametrize(("part", "error"), [("code", DraftWithoutItem), ("organ", DraftOrganUnknown)])
def test_it_must_say_whose_it_is(staff, part, error):
    document = staff.changed()
    document["item"][part] = "" if part == "code" else "NOBODY"
    with pytest.raises(error):
        staff.save(document)


def test_dropping_needs_a_reason_and_a_state_that_allows_it(staff):
    saved = staff.approved()
    with pytest.raises(DraftState):
        services.drop_draft(draft_id=saved.draft_id, reason="不要", by=staff.editor, at=NOW, key=uuid4())


def test_a_draft_nobody_knows(staff):
    with pytest.raises(DraftUnknown):
        staff.publish(services.Saved(uuid4(), 1, "draft"))


@pytest.mark.parametrize("deed", ["save", "submit", "review", "publish"])
def test_another_bureau_does_none_of_it(staff, deed):
    with pytest.raises(NotAuthorised):
        if deed == "save":
            staff.save(by=staff.strange)
        elif deed == "submit":
            saved = staff.save()
            services.submit_draft(draft_id=saved.draft_id, version=1, by=staff.strange, at=NOW, key=uuid4())
        elif deed == "review":
            staff.approve(staff.submitted(), by=staff.strange)
        else:
            staff.publish(staff.approved(), by=staff.strange)


def test_a_draft_can_not_be_moved_to_another_bureau_to_be_published(staff):
    """Who may publish is asked of the document's own organ, too."""
    assert staff.publish(staff.approved()).state == "published"


def test_staff_publish_nothing_without_review(staff):
    with pytest.raises(DraftNeeded):
        services.publish_revision(document=staff.changed(), by=staff.reviewer, at=NOW, key=uuid4())
    with pytest.raises(DraftState):
        staff.publish(staff.submitted())


def test_on_a_day_the_platform_publishes_by_itself(staff):
    day = legal_day(LATER) + timedelta(days=3)
    staff.publish(staff.approved(), on=day)
    assert services.publish_due(LATER + timedelta(days=2)) == 0
    before = summary()

    assert services.publish_due(LATER + timedelta(days=3)) == 1

    assert before != summary() == "改过的简介。"
    assert services.publish_due(LATER + timedelta(days=3)) == 0


@pytest.mark.parametrize("days", [0, -1, 400])
def test_the_day_lies_ahead(staff, days):
    with pytest.raises(DayPast):
        staff.publish(staff.approved(), on=legal_day(LATER) + timedelta(days=days))


def test_what_was_compared_must_still_be_in_force(staff):
    saved = staff.approved()
    staff.publish(saved, on=legal_day(LATER) + timedelta(days=1))
    services.publish_revision(document=staff.changed("系统改。"), by=f.SYSTEM, at=LATER, key=uuid4())
    with pytest.raises(BaseChanged):
        staff.publish(saved)

    assert services.publish_due(LATER + timedelta(days=1)) == 0

    draft = DefinitionDraft.objects.get()
    assert (draft.publish_on, draft.remarks[-1]["deed"]) == (None, "到期没有发布")
    services.return_draft(
        draft_id=draft.pk, version=1, reason="对照新版", by=staff.reviewer, at=LATER, key=uuid4()
    )


def test_the_same_key_does_it_once(staff):
    key, document = uuid4(), staff.changed()
    first = services.save_draft(document=document, by=staff.editor, at=NOW, key=key)
    assert services.save_draft(document=document, by=staff.editor, at=NOW, key=key) == first


def test_an_item_is_withdrawn_with_a_public_reason_and_comes_back_when_published_anew(staff):
    told = {"code": "QH-SPJYXK", "by": staff.reviewer, "at": NOW}
    with pytest.raises(NotAuthorised):
        services.withdraw_item(**(told | {"by": staff.editor}), reason="x", key=uuid4())
    with pytest.raises(ReasonNeeded):
        services.withdraw_item(**told, reason=" ", key=uuid4())
    services.withdraw_item(**told, reason="依据已经废止。", key=uuid4())

    with pytest.raises(ItemWithdrawn, match="依据已经废止"):
        selectors.current_definition("QH-SPJYXK")
    with pytest.raises(AlreadyWithdrawn):
        services.withdraw_item(**told, reason="再停", key=uuid4())
    assert not selectors.published_items().exists()
    assert selectors.names(["QH-SPJYXK"])
    assert "依据已经废止" in Client().get(reverse("portal:guide", args=["QH-SPJYXK"])).content.decode()
    staff.publish(staff.approved())
    assert selectors.published_items().get().withdrawn_at is None


# Pages ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def _plain_site(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def browser_of(actor):
    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def text_of(answer):
    body = re.sub(r"<(script|style|svg).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", body)))


def act(client, page, deed, **given):
    found = re.search(
        rf'name="key" value="([^"]+)"(?:(?!name="key").)*?value="{deed}"', page.content.decode(), re.S
    )
    version = re.search(r'name="version" value="(\d+)"', page.content.decode())
    fields = {
        "key": found[1] if found else str(uuid4()),
        "version": version[1] if version else "1",
        "deed": deed,
    }
    return client.post(f"{page.request['PATH_INFO']}act/", fields | given)


@pytest.mark.usefixtures("_plain_site")
def test_from_a_pasted_text_to_the_guide_in_the_browser(staff):
    editor, reviewer = browser_of(staff.editor), browser_of(staff.reviewer)
    wrong = staff.changed("新的简介。")
    wrong["handling"][0]["clocks"]["promised"]["limit"] = 99
    fields = {"key": str(uuid4()), "version": "0", "text": write_document(wrong)}
    saved = editor.post(reverse("catalogue:new_draft"), fields, follow=True)
    assert "承诺时限不能长于法定时限" in text_of(saved)
    assert "新的简介。" in text_of(saved)
    draft_id = DefinitionDraft.objects.get().pk
    edit = reverse("catalogue:edit_draft", args=[draft_id])
    assert "99" in editor.get(edit).content.decode()
    fields = {"key": str(uuid4()), "version": "1", "text": write_document(staff.changed("新的简介。"))}
    page = editor.post(edit, fields, follow=True)
    assert "符合要求" in text_of(page)
    page = editor.get(reverse("catalogue:draft", args=[draft_id]))
    assert act(editor, page, "submit").status_code == 302

    page = reviewer.get(reverse("catalogue:draft", args=[draft_id]))
    assert act(reviewer, page, "return").status_code == 400
    assert act(reviewer, page, "approve", comment="同意").status_code == 302
    page = reviewer.get(reverse("catalogue:draft", args=[draft_id]))
    assert act(reviewer, page, "publish", when="day").status_code == 400
    assert act(reviewer, page, "publish", when="today").status_code == 302

    assert "新的简介。" in text_of(Client().get(reverse("portal:guide", args=["QH-SPJYXK"])))
    rows = text_of(editor.get(reverse("catalogue:compare", args=["QH-SPJYXK"])))
    assert "修改" in rows
    assert "新的简介。" in rows


@pytest.mark.usefixtures("_plain_site")
def test_a_file_that_can_not_be_read_says_where(staff):
    editor = browser_of(staff.editor)
    page = editor.post(reverse("catalogue:new_draft"), {"key": str(uuid4()), "text": "a: [1"})
    assert page.status_code == 400
    assert "定义文件读不懂" in text_of(page)
    assert editor.post(reverse("catalogue:new_draft"), {"key": str(uuid4())}).status_code == 400


@pytest.mark.usefixtures("_plain_site")
def test_drafts_are_seen_by_those_who_work_on_them(staff):
    saved = staff.save()
    address = reverse("catalogue:draft", args=[saved.draft_id])
    assert browser_of(staff.reviewer).get(address).status_code == 200
    assert browser_of(staff.strange).get(address).status_code == 404
    assert browser_of(staff.world.reviewer).get(address).status_code == 404
    assert "没有在编的定义" in text_of(browser_of(staff.world.reviewer).get(reverse("catalogue:drafts")))
    assert "草稿" in text_of(browser_of(staff.editor).get(reverse("catalogue:drafts")))


@pytest.mark.usefixtures("_plain_site")
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_any_revision_can_be_downloaded_and_read_again(staff, form):
    answer = browser_of(staff.editor).get(reverse("catalogue:download", args=["QH-SPJYXK", 1, form]))
    assert read_document(answer.content) == staff.document


@pytest.mark.usefixtures("_plain_site")
def test_the_item_page_says_what_is_waited_for_and_withdraws(staff):
    client = browser_of(staff.reviewer)
    page = text_of(client.get(reverse("catalogue:item", args=["QH-SPJYXK"])))
    assert "默认值，待确认" in page
    assert "法定期限" in page
    address = reverse("catalogue:withdraw", args=["QH-SPJYXK"])
    assert client.post(address, {"key": str(uuid4()), "reason": ""}).status_code == 400
    assert client.post(address, {"key": str(uuid4()), "reason": "依据废止。"}).status_code == 302
    assert "依据废止。" in text_of(client.get(reverse("catalogue:item", args=["QH-SPJYXK"])))
    assert ServiceItem.objects.get().withdrawn_at
    for offer, there in (("withdrawn", True), ("open", False)):
        listed = text_of(client.get(reverse("catalogue:items"), {"offer": offer}))
        assert ("QH-SPJYXK" in listed) is there


def test_a_draft_without_any_change_is_not_handed_in(staff):
    saved = staff.save(staff.document)

    with pytest.raises(DraftUnchanged) as refused:
        services.submit_draft(
            draft_id=saved.draft_id, version=saved.version, by=staff.editor, at=NOW, key=uuid4()
        )

    assert "没有改动" in refused.value.message
    assert DefinitionDraft.objects.get(pk=saved.draft_id).state == "draft"
