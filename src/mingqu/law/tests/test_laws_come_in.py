"""Law texts are brought in once, as a whole or not at all, one by one."""

from datetime import date

import pytest

from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.law import selectors
from mingqu.law.errors import LawUnreadable
from mingqu.law.models import Article, Law, LawVersion
from mingqu.law.services import import_laws, importing
from mingqu.law.tests.made import bring_in, folder

pytestmark = pytest.mark.django_db
STALLS, FEES = "样例摊位管理条例", "样例收费规定"
SECOND = "行政法规/样例摊位管理条例(2022-06-15).md"


@pytest.fixture
def texts(tmp_path):
    return folder(tmp_path)


def test_texts_are_in_the_library_with_their_versions_and_days(texts):
    done = bring_in(texts, people.NOON)

    assert (done.files, done.laws, done.articles, done.counts["added"]) == (3, 2, 13, 3)
    assert Law.objects.get(key=STALLS).slug == "yang-li-tan-wei-guan-li-tiao-li"
    assert [
        (v.label, v.since, v.since_from, v.repealed, v.as_of)
        for v in LawVersion.objects.order_by("law__key", "label")
    ] == [
        ("2019-03-01", date(2019, 5, 1), "index", False, date(2025, 4, 19)),
        ("2022-06-15", date(2022, 9, 1), "text", False, date(2025, 4, 19)),
        ("2001-07-01", date(2001, 7, 1), "text", True, date(2025, 4, 19)),
    ]
    assert AuditEntry.objects.filter(action="law.import").count() == 1


def test_the_same_folder_again_changes_nothing(texts):
    bring_in(texts, people.NOON)
    before = list(Article.objects.values_list("pk", flat=True))

    again = bring_in(texts, people.NOON)

    assert again.counts == {"same": 3, "remark": 1}
    assert (again.articles, list(Article.objects.values_list("pk", flat=True))) == (0, before)


def test_another_text_of_the_same_version_is_reported_and_not_taken(texts):
    bring_in(texts, people.NOON)
    path = texts / SECOND
    path.write_text(path.read_text("utf-8").replace("只需提交申请书", "不需要任何材料"), encoding="utf-8")

    done = bring_in(texts, people.NOON)

    (report,) = [one for one in done.reports if one.outcome == "changed"]
    assert (report.file, "没有替换" in report.words) == (SECOND, True)
    assert "只需提交申请书" in selectors.article(STALLS, 3, on=date(2025, 1, 1)).text


def test_what_a_newer_index_knows_of_the_days_is_added(texts):
    (texts / "db.sqlite3").unlink()
    bring_in(texts, people.NOON, as_of=date(2024, 1, 1))
    assert selectors.standing(FEES, 1, on=date(2025, 4, 19)).state == "in_force"

    done = bring_in(folder(texts / "newer"), people.NOON)

    assert [one.words for one in done.reports if one.outcome == "dated"] == [
        f"《{FEES}》2001-07-01：已标明失效"
    ]
    assert selectors.standing(FEES, 1, on=date(2025, 4, 19)).state == "repealed"


def test_a_bad_file_does_not_stop_the_rest(texts):
    (texts / "坏的.md").write_bytes(b"\xff\xfe")
    (texts / "说明.md").write_text("---\nbookHidden: true\n---\n", encoding="utf-8")

    done = bring_in(texts, people.NOON)

    assert {one.file: one.outcome for one in done.reports if one.outcome in ("unreadable", "skipped")} == {
        "坏的.md": "unreadable",
        "说明.md": "skipped",
    }
    assert Law.objects.count() == 2


def test_a_link_that_leads_out_of_the_folder_is_not_followed(texts, tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text("# 机密条例\n\n<!-- INFO END -->\n\n第一条 口令。\n", encoding="utf-8")
    (texts / "行政法规/机密条例(2020-01-01).md").symlink_to(outside)

    done = bring_in(texts, people.NOON)

    report = next(one for one in done.reports if "机密条例" in one.file)
    assert (report.outcome, report.words) == ("unreadable", "它指向这个文件夹外面的文件")
    assert not Law.objects.filter(key="机密条例").exists()


def test_markup_in_a_text_of_strangers_never_becomes_markup_of_a_page(texts, client):
    hostile = (
        "<script>alert(1)</script> [点我](javascript:alert(1)) <img src=x onerror=alert(1)> {% load x %}"
    )
    nested = ">" * 2000 + "*" * 2000
    path = texts / "行政法规/样例恶意条例(2020-01-01).md"
    path.write_text(
        f"# 样例恶意条例\n\n<!-- INFO END -->\n\n## 第一章 {hostile}\n\n第一条 {hostile}{nested}\n",
        encoding="utf-8",
    )
    bring_in(texts, people.NOON)
    law = Law.objects.get(key="样例恶意条例")

    for address in (f"/laws/{law.slug}/", "/laws/?q=恶意", "/laws/articles/?q=alert"):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text and 'href="javascript:' not in text
    assert "&lt;script&gt;alert(1)" in client.get(f"/laws/{law.slug}/").content.decode()


def test_a_law_the_database_refuses_does_not_stop_the_rest(texts):
    path = texts / "行政法规/太长的.md"
    path.write_text("# " + "长" * 230 + "\n<!-- INFO END -->\n第一条 甲。\n", encoding="utf-8")

    done = bring_in(texts, people.NOON)

    assert [(one.file, one.words) for one in done.reports if one.outcome == "unreadable"] == [
        ("行政法规/太长的.md", "数据库没有收下（DataError）")
    ]
    assert Law.objects.count() == 2


def test_an_import_that_breaks_off_is_finished_by_the_next(texts, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 1)
    seen = []

    def stop(what, done, total):
        seen.append((what, done))
        if (what, done) == ("入库", 1):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_laws(texts, by=Actor.system("tests"), at=people.NOON, tell=stop)
    assert Law.objects.count() == 1

    bring_in(texts, people.NOON)

    assert Law.objects.count() == 2
    assert ("读取", 3) in seen


def test_a_law_in_parts_is_one_law(tmp_path):
    for number, part in ((1, "总则"), (205, "物权编")):
        path = tmp_path / f"样例法典/{part}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"# 中华人民共和国样例法典\n\n# {part}\n\n2020年5月28日 通过\n\n2021年1月1日 施行\n\n<!-- INFO END -->\n\n"
            f"## 第一章 一般规定\n\n{'第一条' if number == 1 else '第二百零五条'} {part}的第一条。\n",
            encoding="utf-8",
        )

    bring_in(tmp_path, people.NOON)

    found = selectors.article("样例法典", 205, on=date(2024, 1, 1))
    assert (found.law, found.heading) == ("中华人民共和国样例法典", "物权编 第一章 一般规定")
    assert LawVersion.objects.get().files == ["样例法典/总则.md", "样例法典/物权编.md"]


def test_nobody_without_the_right_brings_laws_in(texts):
    with pytest.raises(NotAuthorised):
        import_laws(texts, by=people.staff_actor("reviewer"), at=people.NOON)


def test_a_folder_without_texts_is_refused(tmp_path):
    with pytest.raises(LawUnreadable):
        bring_in(tmp_path, people.NOON)


def test_standing_says_what_is_not_there(texts):
    on = date(2025, 4, 19)
    assert selectors.standing("样例法", 3, on=on).state == "unknown_law"

    bring_in(texts, people.NOON)

    assert selectors.standing(STALLS, 9, on=on).state == "no_such_article"
    assert selectors.standing(STALLS, 3, on=on, suffix=1).state == "no_such_article"
    assert selectors.standing(STALLS, 3, on=date(2020, 1, 1), suffix=1).state == "in_force"
    assert selectors.standing(STALLS, 0, on=on).state == "in_force"
    assert selectors.standing(FEES, 1, on=on).state == "repealed"
    assert selectors.known(f"《中华人民共和国{STALLS}》") and not selectors.known("样例法")


def test_many_standings_take_three_statements(texts, django_assert_num_queries):
    bring_in(texts, people.NOON)

    with django_assert_num_queries(3):
        found = selectors.standings(
            [(STALLS, n, 0) for n in range(6)] + [(FEES, 1, 0), ("别的法", 1, 0)], on=date(2025, 4, 19)
        )

    assert len(found) == 8


POINTS = """# 样例夜市规定

2020年1月2日 样例部令第1号公布

2020年3月1日 施行

<!-- POINTS -->

<!-- INFO END -->

第三条 （要点）摊位先登记。
"""


def test_points_of_a_law_answer_until_its_text_comes_and_never_take_its_place(tmp_path):
    """The demo district brings points in our own words; no law text lies in the repository."""
    place = tmp_path / "行政法规"
    place.mkdir()
    path = place / "样例夜市规定(2020-01-02).md"
    path.write_text(POINTS, encoding="utf-8")
    bring_in(tmp_path, people.NOON)
    stands = selectors.standing("样例夜市规定", 3, on=date(2024, 1, 1))
    assert stands.state == "in_force" and "不是原文" in stands.sentence
    assert selectors.standing("样例夜市规定", 4, on=date(2024, 1, 1)).state == "unknown_date"
    assert bring_in(tmp_path, people.NOON).counts == {"same": 1}

    text = POINTS.replace("<!-- POINTS -->\n\n", "").replace("（要点）摊位先登记。", "经营者应当登记。")
    path.write_text(text, encoding="utf-8")
    assert bring_in(tmp_path, people.NOON).counts == {"added": 1}
    stands = selectors.standing("样例夜市规定", 3, on=date(2024, 1, 1))
    assert stands.article is not None and stands.article.text == "经营者应当登记。"
    assert "不是原文" not in stands.sentence
    assert selectors.standing("样例夜市规定", 4, on=date(2024, 1, 1)).state == "no_such_article"
    assert LawVersion.objects.filter(law__key="样例夜市规定").count() == 1

    path.write_text(POINTS, encoding="utf-8")
    assert bring_in(tmp_path, people.NOON).counts == {"same": 1}
    assert selectors.article("样例夜市规定", 3, on=date(2024, 1, 1)).text == "经营者应当登记。"
