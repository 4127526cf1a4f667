"""万里审批图 (CAS-05): the longest way, circles named, of the catalogue and of a table."""

from io import BytesIO
from itertools import pairwise
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from mingqu.cases.tests import factories as f
from mingqu.identity.tests import factories as people
from mingqu.kernel.tables import book
from mingqu.redesign import errors, prerequisites, services
from mingqu.redesign.models import PrerequisiteMap
from mingqu.redesign.prerequisites import Approval, Before, Graph, Length
from mingqu.redesign.services.mapping import graph_of

HEAD = ["审批事项", "前置事项", "天数", "依据"]
LINES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14)
DAYS = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=7, max_size=7)


def graph(days, lines) -> Graph:
    return Graph(
        [Approval(str(n), f"事项{n}", "", number, natural) for n, (number, natural) in enumerate(days)],
        [Before(str(a), str(b)) for a, b in lines],
    )


def every_way(of: Graph, code: str):
    """By hand: each way that ends at `code`, of a graph without circles."""
    before = [line.source for line in of.lines if line.target == code]
    yield [code]
    for one in before:
        for way in every_way(of, one):
            yield [*way, code]


@given(DAYS, LINES)
def test_the_longest_way_is_the_longest_of_all_ways(days, lines):
    of = graph(days, [(a, b) for a, b in lines if a < b])

    found = prerequisites.analyse(of)

    def weight(way):
        """By hand, in fifths of a day: a week is five working days."""
        return sum(number * (5 if natural else 7) for number, natural in (days[int(n)] for n in way))

    length = {code: max(map(weight, every_way(of, code))) for code in of.by_code}
    assert found.circles == []
    assert {code: one.weight for code, one in found.ready.items()} == length
    assert found.days.weight == max(length.values()) == weight(found.longest)
    on_way = [days[int(n)] for n in found.longest]
    apart = [sum(number for number, natural in on_way if natural is kind) for kind in (False, True)]
    assert [found.days.working, found.days.natural] == apart, "each kind is added up by itself"
    steps = {(line.source, line.target) for line in of.lines}
    assert all(pair in steps for pair in pairwise(found.longest))


def reaches(lines, start):
    seen, waiting = set(), [start]
    while waiting:
        for target in [b for a, b in lines if a == waiting[0]]:
            if target not in seen:
                seen.add(target)
                waiting.append(target)
        waiting.pop(0)
    return seen


@given(LINES)
def test_a_circle_is_found_where_something_comes_back_to_itself_and_nowhere_else(lines):
    found = prerequisites.analyse(graph([(1, False)] * 7, lines))

    in_circles = {n for n in range(7) if n in reaches(lines, n)}
    named = {int(code) for circle in found.circles for code in circle}
    assert named <= in_circles
    assert bool(named) == bool(in_circles)
    for circle in found.circles:
        assert circle[0] == circle[-1]
        assert all((int(a), int(b)) in lines for a, b in pairwise(circle))


def test_a_drawing_has_every_box_once_and_is_left_out_where_it_would_be_a_tangle():
    of = graph([(1, False)] * 7, [(0, 1), (1, 2), (0, 3)])
    many = Graph([Approval(str(n), str(n)) for n in range(prerequisites.MOST_DRAWN + 1)], [])

    drawing = prerequisites.draw(of, prerequisites.analyse(of))

    assert sorted(box.code for box in drawing.boxes) == list("0123456")
    assert len({(box.x, box.y) for box in drawing.boxes}) == 7
    assert [box.code for box in drawing.boxes if box.on_way] == ["0", "1", "2"]
    assert prerequisites.draw(many, prerequisites.analyse(many)) is None


def table(*rows) -> bytes:
    return book("前置", HEAD, [[*row, *[""] * (4 - len(row))] for row in rows])


def test_a_table_says_which_waits_for_which():
    found = graph_of(
        table(["开工", "施工许可", "0", "建筑法"], ["施工许可", "用地；规划", "7"], ["用地", "", "20天"])
    )

    assert {one.name: one.days for one in found.approvals} == {
        "开工": 0,
        "施工许可": 7,
        "用地": 20,
        "规划": 0,
    }
    came = prerequisites.analyse(found)
    assert (came.longest, came.days.words) == (["用地", "施工许可", "开工"], "7个工作日加20天")
    assert came.serial == Length(7, 20)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["", "用地"]], "第2行没有写审批事项"),
        ([["开工", "用地", "三天"]], "第2行的天数"),
        ([["开工", "用地", "9999"]], "天数"),
    ],
)
def test_a_table_that_can_t_be_read_is_refused_with_its_line(rows, words):
    with pytest.raises(errors.MapNotRead, match=words):
        graph_of(table(*rows))


@pytest.mark.django_db
def test_a_table_with_a_circle_is_refused_with_its_name_and_one_without_is_kept(client):
    w = f.world()
    user = people.staff_user("周正", people.post(w.bureau, "catalogue_editor"))
    people.signed_in(client, user)
    address = reverse("redesign:bring_map")

    def sent(data):
        upload = SimpleUploadedFile("图.xlsx", data)
        return client.post(address, {"title": "施工许可", "key": str(uuid4()), "file": upload})

    with pytest.raises(errors.MapHasCircle, match="乙证→甲证→乙证"):
        services.bring_map(
            title="圈",
            data=table(["甲证", "乙证"], ["乙证", "甲证"]),
            by=people.staff_actor("catalogue_editor", department_id=w.bureau),
            at=f.FRIDAY_NOON,
            key=uuid4(),
        )
    refused = sent(table(["甲证", "乙证"], ["乙证", "丙证"], ["丙证", "甲证"]))
    assert refused.status_code == 400
    assert "丙证→乙证→甲证→丙证" in refused.content.decode()
    assert not PrerequisiteMap.objects.exists()

    kept = sent(table(["开工", "施工许可", "1"], ["施工许可", "用地", "7"]))
    page = client.get(kept.url)
    assert page.context["shown"].analysis.days == Length(8)
    assert "8个工作日" in page.content.decode()
    answer = client.get(reverse("redesign:map_export", args=[PrerequisiteMap.objects.get().pk]))
    assert graph_of(answer.content) == graph_of(
        table(["用地"], ["施工许可", "用地", "7"], ["开工", "施工许可", "1"])
    )
    assert load_workbook(BytesIO(answer.content)).active["G1"].value == "在最长的一条上"
    missing = client.get(reverse("redesign:map", args=[uuid4()]))
    assert missing.status_code == 404 and "prerequisites_unknown" in missing.content.decode()


@pytest.mark.django_db
def test_the_map_of_the_catalogue_is_made_again_and_says_the_same(client):
    w = f.world()
    services.map_again(f.FRIDAY_NOON)
    first = PrerequisiteMap.objects.get()
    services.map_again(f.FRIDAY_NOON + f.DAY)

    assert PrerequisiteMap.objects.get().made_at == first.made_at  # nothing changed
    user = people.staff_user("周正", people.post(w.bureau, "department_head"))
    people.signed_in(client, user)
    assert client.get(reverse("redesign:prerequisites")).status_code == 200
