"""One telephone for many items: shown first, made into drafts by a job, published by a second person, or taken back."""

import copy
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue import services as publishing
from mingqu.catalogue import tasks
from mingqu.catalogue.batches import selectors, services
from mingqu.catalogue.batches.errors import (
    BatchBeforeNeeded,
    BatchEmpty,
    BatchFieldUnknown,
    BatchSamePerson,
    BatchState,
    BatchTooLarge,
    BatchUnknown,
)
from mingqu.catalogue.batches.models import BatchChange
from mingqu.catalogue.batches.rules import FIELDS, Change, changed
from mingqu.catalogue.models import DefinitionDraft, Revision, ServiceItem
from mingqu.catalogue.tests.test_drafts import LATER, NOW, Staff, _plain_site, browser_of, text_of  # noqa: F401
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.asides import TRIES, RowStoodAside

PHONE = Change("consult", "", "0000-99999")
CODE = "QH-SPJYXK"

guides = st.fixed_dictionaries(
    {
        "guide": st.fixed_dictionaries(
            {"consult": st.sampled_from(["1", "2", ""])},
            optional={
                "windows": st.lists(
                    st.fixed_dictionaries({"telephone": st.sampled_from(["1", "2"])}), max_size=3
                )
            },
        ),
        "basis": st.lists(
            st.fixed_dictionaries({"law": st.sampled_from(["1", "2"]), "confirmed_by": st.just("甲")}),
            max_size=3,
        ),
    }
)


@given(guides, st.sampled_from(sorted(FIELDS)), st.sampled_from(["", "1"]))
def test_a_change_touches_only_what_said_so_and_once(document, field, before):
    given_ = copy.deepcopy(document)
    change = Change(field, before, "9")

    made, said = changed(document, change)

    assert document == given_, "the document of the caller is its own"
    assert all(one == before for one in said) if before else True
    assert changed(made, change)[1] == [], "a second time there is nothing to change"
    assert (made == document) == (not said)


def test_a_law_put_in_anothers_place_is_not_confirmed_by_who_confirmed_the_other():
    document = {"basis": [{"law": "旧法", "confirmed_by": "甲"}, {"law": "别的", "confirmed_by": "乙"}]}

    made, _before = changed(document, Change("basis_law", "旧法", "新法"))

    assert made["basis"] == [{"law": "新法", "confirmed_by": ""}, {"law": "别的", "confirmed_by": "乙"}]


@pytest.fixture
def staff(db, _plain_site):  # noqa: F811
    made = Staff()
    other = copy.deepcopy(made.document)
    other["item"] |= {"code": "QH-SPJYXK-2", "name": "小餐饮登记"}
    publishing.publish_revision(document=other, by=f.SYSTEM, at=NOW, key=uuid4())
    return made


def codes(staff):
    found, _more = selectors.lines(staff.editor, PHONE, selectors.Filter())
    return [one.code for one in found if not one.why]


def test_a_second_press_of_the_button_begins_nothing_new(staff):
    given_ = {"change": PHONE, "codes": codes(staff), "by": staff.editor, "at": NOW, "key": uuid4()}

    assert services.begin(**given_) == services.begin(**given_)
    assert BatchChange.objects.count() == 1


def begun(staff, change=PHONE, chosen=None):
    return services.begin(change=change, codes=chosen or codes(staff), by=staff.editor, at=NOW, key=uuid4())


def made(staff, **more):
    change_id = begun(staff, **more)
    while services.work(change_id, NOW):
        pass
    return BatchChange.objects.get(pk=change_id)


def states(change):
    return {row.item.code: (row.state, row.said) for row in change.rows.select_related("item")}


def approve(staff, change, by=None):
    services.approve(change_id=change.pk, by=by or staff.reviewer, at=LATER, key=uuid4())
    while services.work(change.pk, LATER):
        pass


def consult(code=CODE):
    return catalogue.current_document(code)[1].guide.consult


def test_many_items_are_changed_by_one_and_published_by_another(staff):
    wanted = codes(staff)
    change = made(staff)

    assert change.state == "made" and len(wanted) > 1
    assert {state for state, _ in states(change).values()} == {"drafted"}, states(change)
    assert consult() != "0000-99999", "not before a second person agreed"

    approve(staff, change)
    change.refresh_from_db()
    assert change.state == "done"
    assert {state for state, _ in states(change).values()} == {"published"}, states(change)
    assert {consult(code) for code in wanted} == {"0000-99999"}


def test_who_made_it_does_not_publish_it_and_a_stranger_does_neither(staff):
    change = BatchChange.objects.get(
        pk=services.begin(change=PHONE, codes=[CODE], by=staff.both, at=NOW, key=uuid4())
    )
    services.work(change.pk, NOW)

    with pytest.raises(BatchSamePerson):
        services.approve(change_id=change.pk, by=staff.both, at=LATER, key=uuid4())
    with pytest.raises(NotAuthorised):
        services.approve(change_id=change.pk, by=staff.editor, at=LATER, key=uuid4())
    with pytest.raises(BatchState):
        services.take_back(change_id=change.pk, by=staff.editor, at=LATER, key=uuid4())
    assert selectors.recent(staff.both) == [change] and selectors.recent(staff.strange) == []
    with pytest.raises(BatchUnknown):
        selectors.change_of(staff.strange, change.pk)
    with pytest.raises(BatchEmpty):
        services.begin(change=PHONE, codes=[CODE], by=staff.strange, at=NOW, key=uuid4())


def test_an_item_that_somebody_edits_is_left_to_them_and_says_so(staff):
    (line,) = list(selectors.lines(staff.editor, PHONE, selectors.Filter(words="食品经营"))[0])
    assert line.before and not line.why
    staff.save()
    (line,) = list(selectors.lines(staff.editor, PHONE, selectors.Filter(words="食品经营"))[0])
    assert "草稿" in line.why

    change = made(staff, chosen=[CODE])

    state, said = states(change)[CODE]
    assert state == "refused" and "草稿" in said
    assert DefinitionDraft.objects.count() == 1


def test_a_change_is_taken_back_with_its_drafts(staff):
    change = made(staff)
    before = Revision.objects.count()

    services.take_back(change_id=change.pk, by=staff.editor, at=LATER, key=uuid4())
    while services.work(change.pk, LATER):
        pass

    change.refresh_from_db()
    assert change.state == "undone" and Revision.objects.count() == before
    assert not DefinitionDraft.objects.filter(state__in=DefinitionDraft.OPEN).exists()
    with pytest.raises(BatchState):
        services.approve(change_id=change.pk, by=staff.reviewer, at=LATER, key=uuid4())


def test_what_was_returned_meanwhile_is_not_published_with_the_others(staff):
    change = made(staff)
    row = change.rows.get(item__code=CODE)
    services.drafts.return_draft(
        draft_id=row.draft_id,
        version=row.version,
        reason="电话不对",
        by=staff.reviewer,
        at=LATER,
        key=uuid4(),
    )

    approve(staff, change)

    change.refresh_from_db()
    state, said = states(change)[CODE]
    assert (change.state, state) == ("done", "drafted") and "退回" in said
    assert consult() != "0000-99999"


def test_a_portion_done_again_after_a_lost_worker_makes_nothing_twice(staff):
    change_id = begun(staff)
    services.work(change_id, NOW)
    drafts = DefinitionDraft.objects.count()
    BatchChange.objects.get(pk=change_id).rows.update(state="waiting", draft=None)
    BatchChange.objects.filter(pk=change_id).update(state="making")

    while services.work(change_id, NOW):
        pass

    assert DefinitionDraft.objects.count() == drafts
    assert {state for state, _ in states(BatchChange.objects.get(pk=change_id)).values()} == {"drafted"}


def test_a_change_whose_worker_was_lost_is_queued_anew(staff):
    begun(staff)

    assert services.sweep(NOW + timedelta(minutes=1)) == 0
    assert services.sweep(NOW + timedelta(minutes=5)) == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (Change("consult", "", " "), BatchFieldUnknown),
        (Change("item_code", "", "x"), BatchFieldUnknown),
        (Change("basis_law", "", "新法"), BatchBeforeNeeded),
    ],
)
def test_a_change_that_says_too_little_is_not_begun(staff, change, refusal):
    with pytest.raises(refusal):
        begun(staff, change=change, chosen=[CODE])
    assert not BatchChange.objects.exists()


def test_more_than_can_be_read_through_is_not_changed_at_once(staff, monkeypatch):
    monkeypatch.setattr(services, "MOST", 1)

    with pytest.raises(BatchTooLarge):
        begun(staff)


def test_the_pages_show_before_and_after_and_lead_through(staff, django_assert_max_num_queries):
    editor, reviewer = browser_of(staff.editor), browser_of(staff.reviewer)
    asked = {"field": "consult", "before": "", "after": "0000-99999"}
    with django_assert_max_num_queries(24):
        page = editor.get(reverse("catalogue:new_change"), asked)
    assert ServiceItem.objects.get(code=CODE).name in text_of(page) and "0000-99999" in text_of(page)
    way = reverse("catalogue:new_change") + "?field=consult&before=&after=0000-99999"
    assert editor.post(way, {"key": str(uuid4())}).status_code == 400, "nothing ticked"
    sent = editor.post(way, {"key": str(uuid4()), "code": [CODE]})
    change_id = UUID(sent["Location"].rstrip("/").rpartition("/")[2])
    assert "正在做成草稿" in text_of(editor.get(sent["Location"]))
    services.work(change_id, NOW)
    assert "全部审核通过并发布" not in text_of(editor.get(sent["Location"]))
    assert "全部审核通过并发布" in text_of(reviewer.get(sent["Location"]))
    act = reverse("catalogue:change_act", args=[change_id])
    assert reviewer.post(act, {"deed": "approve", "key": str(uuid4())}).status_code == 302
    services.work(change_id, NOW)
    assert "1个已发布" in text_of(reviewer.get(sent["Location"]))
    assert reviewer.post(act, {"deed": "approve", "key": str(uuid4())}).status_code == 409
    with pytest.raises(BatchUnknown):
        selectors.change_of(staff.editor, uuid4())


def test_items_are_ticked_beforehand_only_where_the_old_content_was_named(staff):
    editor = browser_of(staff.editor)
    asked = {"field": "consult", "after": "0000-99999"}
    now = consult()

    anything = editor.get(reverse("catalogue:new_change"), asked | {"before": ""}).content.decode()
    named = editor.get(reverse("catalogue:new_change"), asked | {"before": now}).content.decode()

    assert 'name="code"' in anything and " checked>" not in anything and "一个都没有先勾上" in anything
    assert " checked>" in named


def test_a_row_that_fails_as_nobody_foresaw_stands_aside_after_three_times_and_the_others_go_on(
    staff, monkeypatch
):
    real = services.drafts.save_draft

    def breaks(**given):
        if given["document"]["item"]["code"] == CODE:
            raise ZeroDivisionError("something personal")
        return real(**given)

    monkeypatch.setattr(services.drafts, "save_draft", breaks)
    change_id, runs = begun(staff), 0
    while BatchChange.objects.get(pk=change_id).at_work and runs < 10:
        runs += 1
        while services.work(change_id, NOW):
            pass
    change = BatchChange.objects.get(pk=change_id)

    found = states(change)
    state, said = found[CODE]
    reference = re.search(r"代码([0-9a-f]{8})", said)[1]
    assert (state, said) == ("refused", RowStoodAside(tries=TRIES, reference=reference).message)
    assert "personal" not in found[CODE][1]
    assert {state for code, (state, _said) in found.items() if code != CODE} == {"drafted"}
    assert (change.state, 1 < runs < 4) == ("made", True), "not all tries at once"
    assert "有1行" in tasks.change_sweep(LATER)
