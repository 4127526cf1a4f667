"""Each number beside a theme, event, department, region or letter is how many services the list behind it shows."""

from urllib.parse import parse_qsl

import pytest

from mingqu.catalogue.search import selectors as index
from mingqu.catalogue.search import services as kept
from mingqu.catalogue.search.models import SearchTerm
from mingqu.catalogue.search.types import Source
from mingqu.identity.services.regions import mark_training
from mingqu.identity.tests import factories as people
from mingqu.kernel import training
from mingqu.kernel.ids import new_id
from mingqu.kernel.models_regions import Region
from mingqu.portal.selectors import services
from mingqu.portal.types import Filters

TOWN, DISTRICT, OTHER = "990104100000", "990104000000", "990105000000"
PERSON, FIRM = ["natural_person"], ["enterprise"]


def service(code, name, region, audience, **more):
    return Source(code=code, name=name, region_code=region, audience=audience, applicable=True, **more)


MADE = (
    service("A1", "取水许可", DISTRICT, FIRM, theme="水务", department_code="SW"),
    service("A2", "取水许可变更", TOWN, FIRM, theme="水务", department_code="SW"),
    service("A3", "结婚登记", DISTRICT, PERSON, theme="婚姻登记", life_events=["结婚"], department_code="MZ"),
    service("A4", "离婚登记", TOWN, PERSON, theme="婚姻登记", life_events=["结婚"], department_code="MZ"),
    service("A5", "捕捞许可", TOWN, [*FIRM, *PERSON], theme="渔业", department_code="NY"),
    service("A6", "户口迁移", OTHER, PERSON, theme="户籍", department_code="GA"),
    Source(
        kind="bundle", code="B1", name="开饭店", region_code=DISTRICT, audience=FIRM, department_code="SW"
    ),
)

SAND = service("A7", "采砂许可", TOWN, FIRM, theme="水务", department_code="SW")


@pytest.fixture
def some(db):
    for code in (TOWN, DISTRICT, OTHER):
        Region.objects.update_or_create(
            code=code,
            defaults={"name": f"示例{code}", "level": "county", "list_version": "test", "training": False},
        )
    training.known.read_at = None
    for one in MADE:
        kept.put(one)


def mark(code, on):
    mark_training(region_code=code, on=on, by=people.SYSTEM, at=people.NOON, key=new_id())


def shown(filters):
    return len(services.services(filters).services)


def wrong_numbers():
    """(what is counted, the number, what the list shows) wherever they differ; and how many numbers there were."""
    found, looked = [], 0
    for audience in ("all", "personal", "legal"):
        for facet, options in services.choices(Filters(audience=audience)):
            for one in options:
                if one.number:
                    looked += 1
                    behind = shown(Filters(**dict(parse_qsl(one.url.removeprefix("?")))))
                    found += [(facet, one.label, one.number, behind)] if behind != one.number else []
        for bucket in services.buckets(audience):
            looked += 1
            lines, _more = services.of_letters(bucket.first, bucket.last, audience, "")
            found += [("letters", bucket, len(lines))] if len(lines) != bucket.number else []
    for name, groups in services.by_audience().items():
        field = {"themes": "theme", "events": "life_event"}[name]
        for group, values in groups.items():
            for value, _words, number in values:
                looked += 1
                behind = shown(Filters(audience=group, **{field: value}))
                found += [(name, value, number, behind)] if behind != number else []
    return found, looked


def test_numbers_and_lists_agree_before_while_and_after_a_town_is_for_training(some, settings):
    settings.MINGQU_SITE = settings.MINGQU_SITE | {"region_code": DISTRICT}
    before = wrong_numbers()
    assert before[0] == [] and before[1] > 20

    mark(TOWN, True)
    wrong, looked = wrong_numbers()
    assert wrong == [] and looked < before[1]
    assert dict(index.counts(index.THEMES, "all")) == {"水务": 1, "婚姻登记": 1, "户籍": 1}
    kept.put(SAND)
    kept.drop("item", "A5")
    assert wrong_numbers()[0] == []
    of_town = dict(services.choices(Filters(region="990104100")))
    assert [one.label for one in of_town["主题"]] == ["全部", "婚姻登记", "户籍", "水务"]

    mark(TOWN, False)
    assert wrong_numbers()[0] == []
    one_by_one = dict(SearchTerm.objects.exclude(entries=0).values_list("term", "entries"))
    kept.fill(
        [
            *(one for one in MADE if one.code != "A5"),
            service("A7", "采砂许可", TOWN, FIRM, theme="水务", department_code="SW"),
        ]
    )
    assert dict(SearchTerm.objects.values_list("term", "entries")) == one_by_one


def test_where_the_whole_installation_is_for_training_everything_is_shown_and_counted(some, settings):
    settings.MINGQU_SITE = settings.MINGQU_SITE | {"region_code": DISTRICT}
    mark(DISTRICT, True)
    assert wrong_numbers()[0] == []
    assert dict(index.counts(index.THEMES, "all"))["水务"] == 2


def test_no_number_stands_where_something_else_narrows_the_list_too(some):
    told = services.choices(Filters(theme="水务"))
    numbers = {facet: sum(one.number for one in options) for facet, options in told}
    assert numbers.pop("主题") > 0
    assert set(numbers.values()) == {0}
