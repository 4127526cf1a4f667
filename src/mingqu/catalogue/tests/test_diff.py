"""Differences are told by meaning: by code, in Chinese, every changed leaf once."""

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingqu.cases.tests.factories import DEFINITION
from mingqu.catalogue import files, places
from mingqu.catalogue.diff import diff, text_of
from mingqu.catalogue.tests.made import documents, leaves

DEMO = files.read_document(DEFINITION.read_bytes())
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def changed(change):
    document = copy.deepcopy(DEMO)
    change(document)
    return diff(DEMO, document)


@settings(suppress_health_check=SLOW, deadline=None)
@given(documents())
def test_a_document_does_not_differ_from_itself(document):
    assert diff(document, copy.deepcopy(document)) == []


@settings(suppress_health_check=SLOW, deadline=None)
@given(documents(), documents())
def test_two_documents_differ_exactly_where_they_are_not_the_same(one, other):
    rows = diff(one, other)

    assert bool(rows) == (one != other)
    assert len({(row.path, row.kind) for row in rows}) == len(rows), "no place is told twice"
    for row in rows:
        if row.kind != "added":
            assert places.exists(one, row.path), row
        if row.kind != "removed":
            assert places.exists(other, row.path), row
        if row.kind in ("changed", "added"):
            assert places.found(other, row.path) == row.after
        if row.kind in ("changed", "removed"):
            assert places.found(one, row.path) == row.before
    back = {(row.path, row.kind) for row in diff(other, one)}
    turned = {"added": "removed", "removed": "added"}
    assert back == {(row.path, turned.get(row.kind, row.kind)) for row in rows}


def test_elements_called_like_the_place_of_another_are_told_as_a_whole_list():
    """Two fees of one name have no code; one of them is called 0, so that [0] would lead to it instead of the first."""
    fees = [{"name": "a", "standard": "1"}, {"name": "a", "standard": "2"}, {"name": "0", "standard": "3"}]
    one = changed(lambda document: document["handling"][0].update(fees=fees))
    assert [(row.path, row.kind) for row in one] == [("handling[01].fees", "changed")]


@settings(suppress_health_check=SLOW, deadline=None, max_examples=60)
@given(st.data())
def test_whatever_leaf_is_changed_stands_in_exactly_one_row(data):
    path, leaf = data.draw(st.sampled_from([(p, v) for p, v in leaves(DEMO) if isinstance(v, str)]))
    document = copy.deepcopy(DEMO)
    place = document
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = leaf + "改"

    rows = diff(DEMO, document)

    # A changed code or a changed line of a list of words is another element: one goes, one comes.
    assert len(rows) == 1 or sorted(row.kind for row in rows) == ["added", "removed"]
    assert any(leaf + "改" in str(row.after) for row in rows)


def test_a_difference_is_told_in_the_words_of_the_office():
    (row,) = changed(lambda d: d["handling"][0]["clocks"]["promised"].update(limit=5))

    assert row.path == "handling[01].clocks.promised.limit"
    assert row.words == "业务办理项“新办” · 办理期限 · 承诺期限 · 期限"
    assert (row.before, row.after, row.kind, row.kind_words) == (8, 5, "changed", "修改")


def test_materials_are_matched_by_their_code_wherever_they_stand():
    def swap_and_rename(document):
        materials = document["handling"][0]["materials"]
        materials.reverse()
        materials[-1]["name"] = "营业执照（副本）"

    name, order = changed(swap_and_rename)

    assert name.path == "handling[01].materials[business-licence].name"
    assert (order.path, order.kind, order.kind_words) == ("handling[01].materials", "moved", "调整顺序")
    assert order.after == list(reversed(order.before))


def test_a_new_and_a_dropped_element_are_one_row_each():
    def exchange(document):
        steps = document["handling"][1]["steps"]
        gone = steps.pop()
        steps.append({**gone, "id": "second", "name": "复核"})

    added, removed = changed(exchange)

    assert (added.words, added.kind) == ("业务办理项“变更” · 环节“复核”", "added")
    assert (removed.words, removed.kind) == ("业务办理项“变更” · 环节“审核”", "removed")


def test_a_condition_that_is_reworded_goes_and_comes():
    rows = changed(lambda d: d["handling"][0]["conditions"].__setitem__(0, "有场所。"))

    assert [(row.kind, row.path.split("[")[1][:2]) for row in rows] == [("added", "01"), ("removed", "01")]


def test_values_are_told_as_text():
    assert text_of({"a": True, "b": [], "c": ["x", 1]}) == "a：是；b：（空）；c：x、1"
    assert text_of(None) == text_of("") == "（空）"
