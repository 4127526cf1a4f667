"""行政许可法 42: no promise of a definition in the tree ends after the law's last day, whenever somebody applies."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from mingqu.catalogue import promises, rules
from mingqu.catalogue.files import read_document
from mingqu.catalogue.linting.rules import lint
from mingqu.catalogue.types import complete, view
from mingqu.clocks.selectors import deadline, seed_calendar
from mingqu.clocks.types import Action, Entry
from mingqu.config.demo import definitions as demo
from mingqu.kernel.legal_day import BEIJING

FILES = sorted(Path(demo.__path__[0]).glob("*.yaml"))
ROOT = Path(rules.__file__).parents[3]
YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def documents():
    for path in sorted({*FILES, *ROOT.glob("docs/definition/**/*.yaml")}):
        document = read_document(path.read_text())
        if not rules.shape_problems(document):
            yield path.name, rules.document_of(document)


def test_every_promise_of_the_tree_keeps_within_the_law_on_every_day_of_a_year():
    calendar, seen = seed_calendar(), set()
    for name, document in documents():
        for handling in document.handling:
            if not complete(handling):
                continue
            specs = promises.clock_specs(view(document, handling.code))
            pair = tuple((spec.limit, spec.unit) for spec in specs)
            assert specs[1].within is None or specs[1].unit is not specs[0].unit
            assert not promises.problem(handling.clocks), (name, handling.name)
            if pair in seen:
                continue
            seen.add(pair)
            for day in YEAR:
                law, ours = (last_day(spec, day, calendar) for spec in specs)
                assert ours <= law, (name, handling.name, day)
    assert len(seen) > 10


def last_day(spec, day, calendar):
    at = datetime.combine(day, time(9), BEIJING)
    entry = Entry(1, Action.START, day, at, at=at if spec.unit.is_time_of_day else None, spec=spec)
    return deadline([entry], calendar, at).due_on


@pytest.mark.parametrize(
    ("statutory", "promised", "example"),
    [
        ((7, "days"), (3, "working_days"), "2026年2月13日"),
        ((20, "working_days"), (3, "months"), "2026年1月1日"),
    ],
)
def test_what_can_end_after_the_law_is_neither_published_nor_passed_over_while_editing(
    statutory, promised, example
):
    document = read_document((FILES[0].parent / "food-licence.yaml").read_text())
    for name, (limit, unit) in (("statutory", statutory), ("promised", promised)):
        document["handling"][0]["clocks"][name] |= {"limit": limit, "unit": unit}
    whole = rules.document_of(document)

    said = promises.problem(whole.handling[0].clocks)
    remarks = [one.sentence for one in lint(whole) if one.code == "promised_over_statutory"]
    assert example in said and "承诺时限不能长于法定时限" in said
    assert len(remarks) == 1 and said in remarks[0]
