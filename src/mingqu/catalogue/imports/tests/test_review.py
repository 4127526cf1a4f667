"""Rows of an import are decided on by a second person, many at once, and the last deed can be taken back."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from mingqu.catalogue.imports import review_deeds, review_rules, review_selectors, review_services
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_errors import (
    ChoiceChanged,
    DeedRunning,
    ImporterReviews,
    NothingChosen,
    NothingToUndo,
    NotReady,
    NoValue,
    RowsChanged,
    RowUnknown,
    WithoutReason,
)
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.review_selectors import Filter, fingerprint
from mingqu.catalogue.imports.review_services import Chosen, Order
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.reviewing import AT, House
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

KINDS = ["accept", "return", "confirm", "propose", "bases", "publish"]


def states(house):
    return list(
        ImportedItem.objects.filter(batch=house.batch).order_by("line").values_list("state", flat=True)
    )


def undo(house, deed_id, by=None):
    return review_services.undo(deed_id=deed_id, by=by or house.reviewer, at=AT, key=new_id())


# Accepting and returning -------------------------------------------------------------------------------------


def test_ticked_rows_are_accepted_by_a_second_person_and_the_batch_counts_them(house):
    house.do("accept", 1, 2)

    assert states(house) == ["accepted", "accepted", "proposed"]
    row = house.row(1)
    assert (row.reviewer_id, row.reviewed_at, row.version) == (house.reviewer.id, AT, 2)
    house.batch.refresh_from_db()
    assert house.batch.counts["states"] == {"accepted": 2, "proposed": 1}


def test_the_ledger_says_who_did_what_to_how_many_rows(house):
    house.do("return", 1, 3, reason="没有实施机关")

    entry = AuditEntry.objects.filter(root_id=house.batch.pk, actor_id=house.reviewer.id).latest("seq")
    assert entry.action == "catalogue.review"
    assert (entry.notes["kind"], entry.notes["rows"], entry.notes["lines"]) == ("return", 2, "1-3")
    assert entry.notes["reason"] == "没有实施机关"


def test_whoever_imported_neither_accepts_nor_confirms_but_may_return(house):
    both = reviewing.people.staff_actor(
        "catalogue_reviewer", department_id=house.world.bureau, name="一人两岗"
    )
    ImportBatch.objects.filter(pk=house.batch.pk).update(author_id=both.id)

    for kind in ("accept", "confirm", "bases"):
        with pytest.raises(ImporterReviews):
            house.begin(kind, 1, by=both)
    house.do("return", 1, by=both, reason="我自己看错了")

    assert states(house) == ["returned", "proposed", "proposed"]


def test_a_return_needs_a_reason_and_the_importer_reads_it(house):
    with pytest.raises(WithoutReason):
        house.begin("return", 1, reason=" ")
    house.do("return", 1, reason="办理机关写错了")
    assert house.row(1).remark == "办理机关写错了"


@pytest.mark.parametrize("kind", KINDS)
def test_each_deed_is_possible_in_its_states_and_refused_with_a_sentence_in_all_others(
    db, standing, library, kind
):
    house, every = House(0), ImportedItem.State.values
    for line, state in enumerate(every, start=1):
        without = {"bases": [], "name": "取水许可证核发"} if kind == "propose" else {}
        reviewing.row(house.batch, line, state=state, **without)

    deed = ReviewDeed.objects.get(pk=house.do(kind, reason="理由", item_type="01"))

    refused = {row.item.state if row.said else "" for row in deed.rows.select_related("item")} - {""}
    assert refused == set(every) - set(review_rules.ALLOWED_IN[kind])
    assert deed.refused == len(refused)
    assert all(row.said for row in deed.rows.filter(state="refused"))


def test_what_can_not_be_listed_is_not_accepted(db):
    house = House(1, listed=False)
    deed = ReviewDeed.objects.get(pk=house.do("accept"))
    assert "还不能公布" in deed.rows.get().said[0]
    assert states(house) == ["proposed"]


def test_outside_a_training_region_type_and_kind_are_confirmed_first(db, monkeypatch):
    house = House(1, kind_confirmed=False)
    house.do("accept")
    assert states(house) == ["proposed"]

    monkeypatch.setattr(review_deeds, "is_training", lambda code: True)
    house.do("accept")
    assert states(house) == ["accepted"]


# Who ---------------------------------------------------------------------------------------------------------


def test_a_reviewer_of_another_department_sees_and_does_nothing(house):
    assert not review_selectors.rows(house.strange, house.batch, Filter())
    with pytest.raises(RowUnknown):
        review_selectors.row(house.strange, house.batch.pk, 1)
    with pytest.raises(RowUnknown):
        house.begin("accept", 1, by=house.strange)
    with pytest.raises(NothingChosen):
        everything = Chosen(asked=Filter(), seen=fingerprint(house.strange, house.batch, Filter()))
        house.begin("accept", by=house.strange, chosen=everything)


def test_a_reviewer_for_one_item_type_has_only_its_rows(house):
    post = reviewing.people.post(house.world.bureau, "catalogue_reviewer", item_types=("07",))
    user = reviewing.people.staff_user("专管", post)
    only = reviewing.Actor("staff", user.person_id, post_id=post, name="专管")
    ImportedItem.objects.filter(pk=house.rows[1].pk).update(item_type="07")

    assert [row.line for row in review_selectors.rows(only, house.batch, Filter())] == [2]
    with pytest.raises(RowUnknown):
        house.begin("accept", 1, 2, by=only)


def test_a_batch_of_another_region_is_out_of_reach(house):
    ImportBatch.objects.filter(pk=house.batch.pk).update(region_code="990100000000")
    house.batch.refresh_from_db()
    assert not review_selectors.rows(house.reviewer, house.batch, Filter())


@pytest.mark.parametrize("who", ["importer", "clerk"])
def test_whoever_does_not_review_is_refused(house, who):
    by = house.importer if who == "importer" else house.world.clerk
    with pytest.raises(NotAuthorised):
        house.begin("accept", 1, by=by)


# Stale clicks ------------------------------------------------------------------------------------------------


def test_a_click_on_rows_that_changed_meanwhile_does_nothing_at_all(house):
    seen = house.ticked(1, 2)
    house.do("return", 1, reason="有误", by=house.second)

    with pytest.raises(RowsChanged) as refused:
        house.begin("accept", chosen=seen)

    assert "有1行" in refused.value.message
    assert states(house) == ["returned", "proposed", "proposed"]


def test_a_click_on_all_that_match_counts_for_what_was_shown(house):
    asked = Filter(state="proposed")
    seen = fingerprint(house.reviewer, house.batch, asked)
    reviewing.row(house.batch, 9)
    with pytest.raises(ChoiceChanged) as refused:
        house.begin("accept", chosen=Chosen(asked=asked, seen=seen))
    assert "原来是3行，现在是4行" in refused.value.message

    house.do("accept", chosen=Chosen(asked=asked, seen=fingerprint(house.reviewer, house.batch, asked)))
    assert states(house) == ["accepted"] * 4


def test_a_row_the_import_writes_anew_between_choice_and_portion_is_left_alone(house):
    begun = house.begin("accept", 1, 2)
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(version=7, name="改过的名称")

    reviewing.finish(begun.deed_id)

    assert states(house) == ["proposed", "accepted", "proposed"]
    deed = ReviewDeed.objects.get(pk=begun.deed_id)
    assert (deed.done, deed.refused) == (2, 1)
    assert "又变了" in review_selectors.refused_rows(house.reviewer, deed)[0].said[0]


def test_one_deed_at_a_time_and_none_while_the_file_is_read(house):
    house.begin("accept", 1)
    with pytest.raises(DeedRunning):
        house.begin("accept", 2)
    ImportBatch.objects.filter(pk=house.batch.pk).update(state="reading")
    with pytest.raises(NotReady):
        house.begin("accept", 2)


def test_nothing_chosen_is_a_sentence(house):
    with pytest.raises(NothingChosen):
        house.begin("accept", chosen=Chosen())


def test_the_same_click_twice_is_one_deed(house):
    key, chosen = new_id(), house.ticked(1)
    given = {
        "batch_id": house.batch.pk,
        "order": Order("accept"),
        "chosen": chosen,
        "by": house.reviewer,
        "at": AT,
    }

    first, second = (review_services.begin(**given, key=key) for _ in range(2))

    assert first == second
    assert ReviewDeed.objects.count() == 1


# Kinds, types, bases -----------------------------------------------------------------------------------------


def test_a_confirmed_type_stands_in_the_document_with_who_confirmed_it(house):
    ImportedItem.objects.update(kind_confirmed=False)
    house.do("confirm", 1, 2, item_type="07")

    row = house.row(1)
    assert (row.item_type, row.document["item"]["type"], row.kind_confirmed) == ("07", "07", True)
    confirmed = {one["path"]: one["confirmed_by"] for one in row.document["sources"]}
    assert confirmed == {"item.type": "范定", "item.handling_kind": "范定"}
    assert not house.row(3).kind_confirmed


def test_what_is_not_applied_for_loses_its_handling_items_and_can_not_be_applied_for(db):
    house = House(1, applicable=True)
    assert house.row(1).applicable

    house.do("confirm", handling_kind="ex_officio")

    row = house.row(1)
    assert (row.handling_kind, row.applicable, row.document["handling"]) == ("ex_officio", False, [])
    assert "not_on_application" in row.stopped_by


def test_a_row_without_a_type_is_confirmed_only_with_one_chosen(db):
    house = House(1, item_type="", kind_confirmed=False)
    house.do("confirm")
    assert not house.row(1).kind_confirmed
    with pytest.raises(NoValue):
        house.begin("confirm", item_type="nonsense")


# Undoing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["accept", "return", "confirm", "propose", "bases"])
def test_the_last_deed_is_undone_and_everything_is_as_before(house, standing, library, kind):
    if kind == "propose":
        ImportedItem.objects.update(bases=[], name="取水许可证核发")
    columns = [name for name in review_deeds.CHANGED if name != "version"]
    before = list(ImportedItem.objects.order_by("line").values(*columns))

    deed_id = house.do(kind, 1, 3, reason="理由", item_type="07")
    assert list(ImportedItem.objects.order_by("line").values(*columns)) != before
    assert undo(house, deed_id) == 2

    assert list(ImportedItem.objects.order_by("line").values(*columns)) == before


def test_deeds_are_undone_from_the_last_to_the_first(house):
    first, second = house.do("accept", 1), house.do("return", 2, reason="有误")
    with pytest.raises(NothingToUndo):
        undo(house, first)
    undo(house, second)
    undo(house, first)
    assert states(house) == ["proposed"] * 3
    with pytest.raises(NothingToUndo):
        undo(house, first)


def test_a_deed_whose_row_changed_since_is_not_undone(house):
    deed_id = house.do("accept", 1, 2)
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(version=9)
    with pytest.raises(NothingToUndo) as refused:
        undo(house, deed_id)
    assert "又变了" in refused.value.message


def test_somebody_who_may_not_review_the_rows_does_not_undo(house):
    deed_id = house.do("accept", 1)
    with pytest.raises(RowUnknown):
        undo(house, deed_id, by=house.strange)


# Lists and jobs ----------------------------------------------------------------------------------------------


def test_filters_find_by_state_gate_finding_organ_type_kind_and_words(house):
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(
        state="returned", finding_codes=["no_limit"], name="取水许可"
    )
    ImportedItem.objects.filter(pk=house.rows[1].pk).update(
        applicable=True, handling_kind="enquiry", item_type="07"
    )

    def lines(**asked):
        return [row.line for row in review_selectors.rows(house.reviewer, house.batch, Filter.of(asked))]

    assert lines(state="returned") == [1]
    assert lines(gate="applicable") == [2]
    assert lines(gate="-applicable") == [1, 3]
    assert lines(finding="no_limit") == [1]
    assert lines(kind="enquiry") == [2]
    assert lines(type="07") == [2]
    assert lines(words="取水") == [1]
    assert lines(organ="别处") == []
    assert lines(gate="nonsense; drop") == [1, 2, 3]


def test_pages_go_on_by_line_and_a_sample_is_the_same_for_the_same_seed(house, monkeypatch):
    monkeypatch.setattr(review_selectors, "PAGE", 2)
    rows, more = review_selectors.page(house.reviewer, house.batch, Filter())
    assert ([row.line for row in rows], more) == ([1, 2], 2)
    rest, end = review_selectors.page(house.reviewer, house.batch, Filter(), more)
    assert ([row.line for row in rest], end) == ([3], 0)

    for line in range(4, 40):
        reviewing.row(house.batch, line, code=f"S-{line}")

    def drawn(seed):
        return [row.line for row in review_selectors.sample(house.reviewer, house.batch, Filter(), 10, seed)]

    assert drawn("7") == drawn("7")
    assert len(set(drawn("7"))) == 10
    assert drawn("7") != drawn("8")


def test_many_rows_are_done_by_a_job_that_goes_on_where_it_was_killed(house, monkeypatch):
    monkeypatch.setattr(review_services, "AT_ONCE", 2)
    monkeypatch.setattr(review_services, "PORTION", 1)

    begun = house.begin("accept")

    assert not begun.at_once
    assert ProcrastinateJob.objects.get(task_name=review_services.WORK).args == {
        "deed_id": str(begun.deed_id)
    }
    assert review_services.work(begun.deed_id, AT)
    assert states(house).count("accepted") == 1
    assert review_services.sweep(AT + 2 * review_services.LOST_AFTER) == 1
    reviewing.finish(begun.deed_id)
    assert states(house) == ["accepted"] * 3
    assert not review_services.work(begun.deed_id, AT)
