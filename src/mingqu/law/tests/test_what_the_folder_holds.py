"""The counts of the real folder, taken by a script of its own, and the importer's reading against them."""

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import mingqu.config.demo
from mingqu.identity.tests.factories import NOON
from mingqu.kernel.yaml_text import read_yaml
from mingqu.law import rules, selectors, sources
from mingqu.law.models import Article, LawVersion
from mingqu.law.tests import counting
from mingqu.law.tests.made import AS_OF, bring_in

pytestmark = pytest.mark.skipif(not counting.DATA.is_dir(), reason="no shared data")

FILES = 1058  # and 13 pages of the collection itself
WORKS = 980
VERSIONS = 1047
SEVERAL_VERSIONS = 66
ARTICLES_BY_LINES = 52178
QUOTED = 5  # lines of 宪法修正案（2018年） that quote another article
IN_ONE_LINE = 112  # 飞行基本规则: many articles in one line
SLIPS = 2  # 笫五十四条; 第一百二十八 条
WITHOUT_ARTICLES = 23
WITHOUT_DAY_IN_NAME = 14
MARKED_EXPIRED = 52
DEFINITIONS = Path(mingqu.config.demo.__file__).parent / "definitions"


@pytest.fixture(scope="module")
def texts():
    return counting.texts()


@pytest.fixture(scope="module")
def read():
    return sources.read_folder(counting.DATA)


def test_the_folder_holds_what_was_counted(texts):
    versions = counting.versions(texts)
    kept = counting.one_of_each(texts)

    assert len(texts) == FILES
    assert len(versions) == WORKS
    assert sum(map(len, versions.values())) == VERSIONS
    assert sum(len(days) > 1 for days in versions.values()) == SEVERAL_VERSIONS
    assert sum(counting.articles(texts[path]) for path in kept) == ARTICLES_BY_LINES
    assert sum(not counting.articles(text) for text in texts.values()) == WITHOUT_ARTICLES
    assert sum(not counting.name_and_day(path)[1] for path in texts) == WITHOUT_DAY_IN_NAME
    assert len(counting.marked_expired(texts)) == MARKED_EXPIRED


def test_the_importer_reads_all_that_was_counted(read):
    versions = [version for work in read.works for version in work.versions]
    articles = [one for version in versions for one in version.read.articles if one.number]

    assert read.files == FILES + 13
    assert (len(read.works), len(versions)) == (WORKS, VERSIONS)
    assert sum(len(work.versions) > 1 for work in read.works) == SEVERAL_VERSIONS
    assert len(articles) == ARTICLES_BY_LINES - QUOTED + IN_ONE_LINE + SLIPS
    assert sum(version.repealed for version in versions) == MARKED_EXPIRED
    assert Counter(one.outcome for one in read.reports) == {"skipped": 13, "same": 4, "remark": QUOTED}


def test_every_article_of_a_version_has_a_number_of_its_own(read):
    for work in read.works:
        for version in work.versions:
            places = [(one.number, one.suffix) for one in version.read.articles]
            assert len(places) == len(set(places)), (work.name, version.label)


@pytest.mark.parametrize(
    ("law", "on", "article", "words"),
    [
        ("中华人民共和国行政许可法", date(2025, 1, 1), 42, "二十日内不能作出决定的"),
        ("行政许可法", date(2025, 1, 1), 82, "以工作日计算，不含法定节假日"),
        ("民法典", date(2025, 1, 1), 201, "开始的当日不计入"),
        ("民法典", date(2025, 1, 1), 1259, "本数"),
        ("飞行基本规则", date(2025, 1, 1), 124, "施行"),
        ("刑事诉讼法", date(2025, 1, 1), 128, "勘验或者检查"),
        ("农民专业合作社法", date(2025, 1, 1), 54, "清算组成员"),
    ],
)
def test_named_articles_are_found_in_the_version_in_force(read, law, on, article, words):
    version, found = version_of(read, law, on)

    assert found.state == "in_force"
    assert words in next(one.text for one in version.read.articles if one.number == article)


@pytest.mark.parametrize(
    ("law", "on", "label", "state"),
    [
        ("公司法", date(2024, 6, 30), "2018-10-26", "in_force"),
        ("公司法", date(2024, 7, 1), "2023-12-29", "in_force"),
        ("行政复议法", date(2023, 12, 31), "2017-09-01", "in_force"),
        ("行政复议法", date(2024, 1, 1), "2023-09-01", "in_force"),
        ("民法典", date(2020, 12, 31), "2020-05-28", "not_yet"),
        ("信访条例", date(2025, 4, 19), "2005-01-10", "repealed"),
        ("信访条例", date(2021, 1, 1), "2005-01-10", "unknown_date"),  # the index marks it, without a day
        (
            "监察法",
            date(2025, 4, 19),
            "2024-12-25",
            "unknown_date",
        ),  # amended; the text does not say from when
        ("监察法", date(2024, 12, 24), "2018-03-20", "in_force"),
        ("道路运输条例", date(2025, 4, 19), "2023-07-20", "in_force"),
    ],
)
def test_which_version_of_a_real_law_counts_on_a_day(read, law, on, label, state):
    version, found = version_of(read, law, on)

    assert (version.label, found.state) == (label, state)


def test_what_our_own_definitions_cite_stands(read):
    """Every article the demo's services rest on is in the library and in force on the day of the collection."""
    wrong = []
    for path in sorted(DEFINITIONS.glob("*.yaml")):
        for law, article in cited(read_yaml(path.read_text("utf-8"))):
            version, found = version_of(read, law, AS_OF)
            numbers = {one.number for one in version.read.articles} | {0}
            if found.state != "in_force" or article not in numbers:
                wrong.append((path.name, law, article, found.state))

    assert wrong == []


@pytest.mark.long
@pytest.mark.django_db
def test_the_whole_folder_comes_in_within_a_minute(record_property):
    begun, worked = time.monotonic(), time.process_time()
    done = bring_in(counting.DATA, NOON)
    seconds = time.process_time() - worked  # wall time depends on who else uses the machine
    record_property("seconds", time.monotonic() - begun)

    assert (LawVersion.objects.count(), Article.objects.filter(number__gt=0).count()) == (VERSIONS, 52287)
    assert done.counts["added"] == VERSIONS
    assert seconds < 60
    assert bring_in(counting.DATA, NOON).counts["same"] == VERSIONS + 4
    assert selectors.standing("行政许可法", 42, on=AS_OF).state == "in_force"


def version_of(read, law, on):
    work = next(one for one in read.works if one.key == rules.key_of(law))
    editions = {
        version.label: rules.Edition(
            version.label, version.read.decided_on, version.read.since, AS_OF, version.repealed
        )
        for version in work.versions
    }
    found = rules.on_day(list(editions.values()), on)
    return next(version for version in work.versions if version.label == found.edition.label), found


def cited(node):
    if isinstance(node, dict):
        if "law" in node:
            yield node["law"], node.get("article", 0)
        for value in node.values():
            yield from cited(value)
    elif isinstance(node, list):
        for value in node:
            yield from cited(value)
    elif isinstance(node, str):
        yield from ((one.law, one.article) for one in rules.citations(node))
