"""A table of organisations and staff: shown before anything changes, done whole by a second officer, never deletes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.identity import org_lists, services
from mingqu.identity.errors import (
    NotAuthorised,
    OrgImportClosed,
    OrgImportOutside,
    OrgImportWrong,
    OrgPlanChanged,
    OwnPost,
)
from mingqu.identity.models import Department, OrgImport, Post, PostHolding, RoleGrant, User
from mingqu.identity.org_plan import COLUMNS, Known, plan
from mingqu.identity.services import org_import
from mingqu.identity.tests import factories as f
from mingqu.identity.types import Within
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.second_person import SecondPersonNeeded
from mingqu.kernel.tables import book, read_table
from mingqu.kernel.types import Actor

TODAY = legal_day(f.NOON)
NEW = {
    "部门编码": "QH-SWJ", "部门名称": "清禾区水务局", "行政区划代码": f.REGION, "岗位编码": "SWJ-CB",
    "岗位名称": "承办岗", "职责": "承办人", "账号": "zhang.san", "姓名": "张三",
}  # fmt: skip
NOTHING = Known(
    {},
    {},
    {},
    {},
    {"reviewer": "承办人", "audit_officer": "审计管理员"},
    item_types={"01": "行政许可", "20": "公共服务"},
)


def table(*rows):
    return book("表", COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in rows])


def officer(role="system_officer"):
    return f.staff_actor(role)


def brought(*rows, by=None):
    return org_import.bring(data=table(*rows), name="表.xlsx", by=by or officer(), at=f.NOON, key=uuid4())


def plan_now(import_id):
    return org_lists.plan_of(OrgImport.objects.get(pk=import_id), TODAY)


def agreed(import_id, *, by=None, digest=None, key=None):
    return org_import.agree(
        import_id=import_id,
        digest=digest or plan_now(import_id).digest,
        by=by or officer("security_officer"),
        at=f.NOON,
        key=key or uuid4(),
    )


@pytest.mark.django_db
def test_what_a_table_asks_for_is_done_whole_by_the_second_officer_and_once():
    made, key = brought(NEW, NEW | {"账号": "li.si", "姓名": "李四"}), uuid4()
    assert not Department.objects.filter(code="QH-SWJ").exists(), "handed in, nothing changed"
    second = officer("security_officer")

    many = agreed(made, by=second, key=key)

    assert many == 7  # a department, a post, a role, two accounts, two holdings
    post = Post.objects.get(code="SWJ-CB", department__code="QH-SWJ")
    assert RoleGrant.objects.filter(post=post, role="reviewer", department__code="QH-SWJ").count() == 1
    assert PostHolding.objects.filter(post=post, from_on=TODAY, until_on=None).count() == 2
    row = OrgImport.objects.get(pk=made)
    assert row.state == "done" and row.rows == [], "the names in the table are kept no longer"
    assert org_import.agree(import_id=made, digest="", by=second, at=f.NOON, key=key) == 7
    with pytest.raises(OrgImportClosed):
        org_import.drop(import_id=made, by=second, at=f.NOON, key=uuid4())


@pytest.mark.django_db
def test_what_is_there_handed_in_again_changes_nothing_and_who_leaves_leaves_with_a_day():
    agreed(brought(NEW))
    now = read_table(book("表", COLUMNS, org_lists.present(TODAY)))
    rows = [dict(zip(now.headers, cells, strict=True)) for _line, cells in now.rows]
    again = brought(*rows)
    assert plan_now(again).changes == () and plan_now(again).wrong == ()

    last = TODAY + timedelta(days=30)
    agreed(brought(NEW | {"离任日期": f"{last}"}))

    assert PostHolding.objects.get(user__username="zhang.san").until_on == last
    assert User.objects.get(username="zhang.san").is_active


@pytest.mark.django_db
def test_a_deed_that_is_refused_undoes_all_of_them(monkeypatch):
    made = brought(NEW)

    def refuse(**_given):
        raise NotAuthorised()

    monkeypatch.setattr(org_import.organs, "assign_post", refuse)
    with pytest.raises(OrgImportWrong) as refused:
        agreed(made)

    assert "第2行" in refused.value.message
    assert not Department.objects.filter(code="QH-SWJ").exists() and not User.objects.filter(
        username="zhang.san"
    )
    assert OrgImport.objects.get(pk=made).state == "waiting"


@pytest.mark.django_db
def test_nobody_does_it_alone_or_for_herself_and_not_what_was_not_looked_at():
    first, second = officer(), officer("security_officer")
    made = brought(NEW, by=first)
    with pytest.raises(NotAuthorised):
        agreed(made, by=first)
    with pytest.raises(NotAuthorised):
        brought(NEW, by=second)
    OrgImport.objects.filter(pk=made).update(brought_by=second.id)
    with pytest.raises(SecondPersonNeeded):
        agreed(made, by=second)
    OrgImport.objects.filter(pk=made).update(brought_by=first.id)
    with pytest.raises(OrgPlanChanged):
        agreed(made, by=second, digest="0" * 64)
    own = User.objects.get(person_id=first.id).username
    with pytest.raises(OwnPost):
        agreed(brought(NEW | {"账号": own, "姓名": ""}, by=first), by=second)
    with pytest.raises(OrgImportWrong):
        org_import.bring(data=book("表", ["甲"], [["乙"]]), name="", by=first, at=f.NOON, key=uuid4())

    assert not Department.objects.filter(code="QH-SWJ").exists()


@pytest.mark.django_db
def test_deputies_and_the_reach_of_roles_come_by_table_and_again_change_nothing():
    last = TODAY + timedelta(days=14)
    stands_in = NEW | {"账号": "li.si", "姓名": "李四", "代理谁的账号": "zhang.san", "离任日期": f"{last}"}
    wider = {
        "部门编码": "QH-SWJ", "岗位编码": "SWJ-CB", "职责": "审核人", "授权区划代码": "990104000000",
        "授权部门编码": "不限", "授权事项类型": "行政许可、20",
    }  # fmt: skip
    rows = [stands_in, NEW, wider]  # the deputy may stand above who is stood in for

    made = brought(*rows)
    assert plan_now(made).wrong == () and agreed(made) == 8

    post = Post.objects.get(code="SWJ-CB")
    deputy = PostHolding.objects.get(post=post, user__username="li.si")
    assert deputy.deputy_for.username == "zhang.san" and deputy.until_on == last
    grant = RoleGrant.objects.get(post=post, role="checker")
    assert (grant.region_code, grant.department_id, grant.item_types) == ("990104000000", None, ["01", "20"])
    assert plan_now(brought(*rows)).changes == (), "handed in again"
    now = read_table(book("表", COLUMNS, org_lists.present(TODAY)))
    again = plan_now(brought(*(dict(zip(now.headers, cells, strict=True)) for _line, cells in now.rows)))
    assert again.changes == () and again.wrong == (), "what there is, handed in"

    sooner = TODAY + timedelta(days=3)
    agreed(brought(stands_in | {"离任日期": f"{sooner}"}))
    deputy.refresh_from_db()
    assert deputy.until_on == sooner


@pytest.mark.django_db
def test_one_deputyship_that_is_shortened_leaves_the_other_ones_alone():
    days = [f"{TODAY + timedelta(days=n)}" for n in (0, 10, 20, 30, 25)]
    stands_in = NEW | {"账号": "li.si", "姓名": "李四", "代理谁的账号": "zhang.san"}
    first = stands_in | {"任职日期": days[0], "离任日期": days[1]}
    second = stands_in | {"任职日期": days[2], "离任日期": days[3]}
    other = NEW | {"账号": "wang.wu", "姓名": "王五"}
    agreed(brought(NEW, other, first))
    agreed(brought(second | {"代理谁的账号": "wang.wu"}))

    wrong = plan_now(brought(second | {"代理谁的账号": "wang.wu", "离任日期": days[1]})).wrong
    assert "不能早于代理开始的" in wrong[0][1], "that day lies in the deputyship for the other holder"
    agreed(brought(second | {"代理谁的账号": "wang.wu", "离任日期": days[4]}))

    spells = PostHolding.objects.filter(user__username="li.si").order_by("from_on")
    assert [f"{one.until_on}" for one in spells] == [days[1], days[4]]


@pytest.mark.django_db
def test_two_deputyships_in_the_same_place_are_told_apart_by_their_first_day():
    days = [f"{TODAY + timedelta(days=n)}" for n in (0, 10, 20, 30, 25)]
    stands_in = NEW | {"账号": "li.si", "姓名": "李四", "代理谁的账号": "zhang.san"}
    first = stands_in | {"任职日期": days[0], "离任日期": days[1]}
    second = stands_in | {"任职日期": days[2], "离任日期": days[3]}
    agreed(brought(NEW, first, second))

    again = plan_now(brought(NEW, first, second))
    assert (again.changes, again.wrong) == ((), ())
    agreed(brought(second | {"离任日期": days[4]}))

    spells = PostHolding.objects.filter(user__username="li.si").order_by("from_on")
    assert [f"{one.until_on}" for one in spells] == [days[1], days[4]]


ELSEWHERE = "990105000000"


def of_the_district():
    """A security officer whose reach is one district."""
    post = f.post()
    within = Within(f.REGION, None)
    services.grant_role(
        post_id=post, role="security_officer", within=within, by=f.SYSTEM, at=f.NOON, key=uuid4()
    )
    user = f.staff_user("甲", post)
    return Actor(kind="staff", id=user.person_id, post_id=post, user_id=user.id, name="甲")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([NEW | {"行政区划代码": ELSEWHERE}], 2),
        ([NEW, {"部门编码": "QH-SWJ", "岗位编码": "SWJ-CB", "职责": "审核人", "授权区划代码": ELSEWHERE}], 3),
        ([NEW, {"部门编码": "QH-SWJ", "岗位编码": "SWJ-CB", "职责": "审核人", "授权区划代码": "不限",
                "授权部门编码": "不限"}], 3),
    ],
)  # fmt: skip
def test_who_agrees_agrees_to_nothing_outside_her_own_reach(rows, line):
    made = brought(*rows)
    here = of_the_district()
    with pytest.raises(OrgImportOutside) as refused:
        agreed(made, by=here)

    assert f"第{line}行" in refused.value.message
    assert not Department.objects.filter(code="QH-SWJ").exists()
    assert OrgImport.objects.get(pk=made).state == "waiting"
    assert agreed(brought(NEW), by=here) == 5
    agreed(brought({"部门编码": "QH-SWJ", "岗位编码": "SWJ-CB", "职责": "审核人"}), by=here)
    assert RoleGrant.objects.filter(post__code="SWJ-CB").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([NEW | {"行政区划代码": ELSEWHERE}], 2),
        ([NEW, NEW | {"部门编码": "YH-SWJ", "行政区划代码": ELSEWHERE}], 3),
        ([NEW | {"行政区划代码": ELSEWHERE, "职责": "没有这个职责"}], 2),  # a wrong row is its district's too
        ([{"部门编码": "QH-NONE", "岗位编码": "X"}], 2),  # nobody's: who reaches everything
    ],
)
def test_who_refuses_a_table_refuses_none_of_another_district(rows, line):
    made, here = brought(*rows), of_the_district()
    with pytest.raises(OrgImportOutside) as refused:
        org_import.drop(import_id=made, by=here, at=f.NOON, key=uuid4())

    row = OrgImport.objects.get(pk=made)
    assert f"第{line}行" in refused.value.message and (row.state, row.many) == ("waiting", len(rows))
    client = f.signed_in(Client(), User.objects.get(pk=here.user_id))
    address = reverse("identity:org_drop", args=[made])
    assert address not in client.get(reverse("identity:org_import", args=[made])).content.decode()
    assert client.post(address, {"key": str(uuid4())}).status_code == 403
    org_import.drop(import_id=made, by=officer("security_officer"), at=f.NOON, key=uuid4())
    assert OrgImport.objects.get(pk=made).state == "dropped"


@pytest.mark.django_db
def test_of_her_own_district_she_refuses_it_and_who_brought_one_may_call_it_off_wherever_it_is():
    here, mine = of_the_district(), officer()

    org_import.drop(import_id=brought(NEW), by=here, at=f.NOON, key=uuid4())
    away = brought(NEW | {"行政区划代码": ELSEWHERE}, by=mine)
    org_import.drop(import_id=away, by=mine, at=f.NOON, key=uuid4())

    assert set(OrgImport.objects.values_list("state", flat=True)) == {"dropped"}


BOSS = NEW | {"账号": "boss", "姓名": "甲", "离任日期": f"{TODAY + timedelta(days=5)}"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"代理谁的账号": "nobody", "离任日期": f"{TODAY}"}, "账号nobody没有担任岗位SWJ-CB"),
        ({"代理谁的账号": "zhang.san", "离任日期": f"{TODAY}"}, "账号zhang.san没有担任岗位SWJ-CB"),
        ({"代理谁的账号": "boss"}, "代理要写明到哪一天止"),
        ({"代理谁的账号": "boss", "离任日期": f"{TODAY + timedelta(days=6)}"}, "没有一直担任"),
        ({"代理谁的账号": "boss", "离任日期": f"{TODAY - timedelta(days=1)}"}, "不能早于今天"),
        ({"代理谁的账号": "boss", "账号": "", "姓名": ""}, "没有填写账号"),
        ({"授权区划代码": "1"}, "行政区划代码不正确"),
        ({"授权部门编码": "X"}, "没有授权的部门X"),
        ({"授权事项类型": "许可"}, "没有“许可”这个事项类型"),
        ({"授权事项类型": "不限", "职责": ""}, "没有填写职责"),
        ({"授权事项类型": "不限", "职责": "审计管理员"}, "不能用表格授权"),
    ],
)
def test_a_deputy_of_nobody_and_a_scope_that_is_none_are_wrong(row, words):
    found = plan([(2, BOSS), (3, NEW | row)], NOTHING, TODAY)

    assert [line for line, _said in found.wrong] == [3] and words in found.wrong[0][1]


@pytest.mark.django_db
def test_who_holds_a_post_is_no_deputy_in_it_and_officers_are_made_by_no_scope():
    agreed(brought(BOSS, NEW))
    own = {"部门编码": "QH-SWJ", "岗位编码": "SWJ-CB", "账号": "zhang.san", "代理谁的账号": "boss"}
    wrong = plan_now(brought(own | {"离任日期": f"{TODAY}"})).wrong
    assert "自己担任岗位SWJ-CB，不用代理" in wrong[0][1]
    post = Post.objects.get(code="SWJ-CB")
    RoleGrant.objects.create(post=post, role="audit_officer", region_code="", department=None)
    wider = {"部门编码": "QH-SWJ", "岗位编码": "SWJ-CB", "职责": "审计管理员", "授权部门编码": "QH-SWJ"}
    assert "不能用表格授权" in plan_now(brought(wider)).wrong[0][1]


@pytest.mark.django_db
def test_wrong_rows_are_downloaded_as_they_were_written_with_what_is_wrong():
    made = brought(NEW, NEW | {"职责": "局长"})
    client = f.signed_in(Client(), User.objects.get(pk=officer().user_id))

    answer = client.get(reverse("identity:org_wrong", args=[made]))

    ((_line, cells),) = read_table(answer.content).rows
    assert cells[:2] == ["3", "没有“局长”这个职责"] and "局长" in cells[2:] and "张三" in cells
    assert client.get(reverse("identity:org_wrong", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"部门编码": ""}, "没有填写部门编码"),
        ({"行政区划代码": ""}, "新建要填写部门名称和行政区划代码"),
        ({"行政区划代码": "1"}, "行政区划代码不正确"),
        ({"上级部门编码": "X"}, "没有上级部门X"),
        ({"统一社会信用代码": "1"}, "统一社会信用代码不正确"),
        ({"岗位编码": ""}, "没有填写岗位编码"),
        ({"岗位名称": ""}, "新建要填写岗位名称"),
        ({"职责": "局长"}, "没有“局长”这个职责"),
        ({"职责": "审计管理员"}, "不能用表格授权"),
        ({"账号": ""}, "没有填写账号"),
        ({"账号": "张三"}, "账号是3到32位"),
        ({"姓名": ""}, "新建要填写姓名"),
        ({"任职日期": "明天"}, "任职日期应写成"),
        ({"任职日期": "2020-01-01"}, "不能早于今天"),
        ({"离任日期": "2020-01-01"}, "离任日期不能早于任职日期"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_asks_for_nothing(row, words):
    found = plan([(2, NEW | row)], NOTHING, TODAY)

    assert [line for line, _said in found.wrong] == [2] and words in found.wrong[0][1]
    assert found.changes == ()


def test_a_table_renames_nothing():
    known = Known({"QH-SWJ": "清禾区水利局"}, {}, {}, {}, NOTHING.roles)

    ((_line, said),) = plan([(2, NEW)], known, TODAY).wrong

    assert "清禾区水利局" in said and "不改名" in said


@given(st.lists(st.sampled_from(["zhang.san", "li.si", "wang.wu"]), max_size=6))
def test_however_often_somebody_stands_in_it_each_thing_is_made_once(accounts):
    rows = [(n, NEW | {"账号": one, "姓名": one}) for n, one in enumerate(accounts, start=2)]
    found = plan(rows, NOTHING, TODAY)
    asked = [(one.kind, one.about, one.given.get("account")) for one in found.changes]

    assert len(asked) == len(set(asked)) and found.wrong == ()
    assert len(asked) == (3 + 2 * len(set(accounts)) if accounts else 0)


@pytest.mark.django_db
def test_the_pages_show_what_would_change_and_who_does_it():
    first, second = officer(), officer("security_officer")
    clients = {who: f.signed_in(Client(), User.objects.get(pk=who.user_id)) for who in (first, second)}
    made = brought(NEW, by=first)
    address = reverse("identity:org_import", args=[made])

    assert "同意，全部生效" not in clients[first].get(address).content.decode()
    page = clients[second].get(address).content.decode()
    assert "会有5处改动" in page and "张三" in page and "同意，全部生效" in page
    agree = reverse("identity:org_agree", args=[made])
    assert clients[second].post(agree, {"key": str(uuid4()), "digest": "0" * 64}).status_code == 409
    assert clients[second].post(agree, {"key": str(uuid4())}).status_code == 400
    assert clients[first].post(agree, {"key": str(uuid4()), "digest": "0" * 64}).status_code == 403
    dropped = clients[second].post(reverse("identity:org_drop", args=[made]), {"key": str(uuid4())})
    assert dropped.status_code == 302 and OrgImport.objects.get(pk=made).state == "dropped"
    filled = clients[second].get(reverse("identity:org_template") + "?now=1")
    assert filled["Content-Type"].endswith("sheet")
    assert clients[second].get(reverse("identity:org_import", args=[uuid4()])).status_code == 404


@pytest.mark.django_db
def test_a_file_is_handed_in_on_the_page_and_what_is_none_is_refused_beside_its_field():
    client = f.signed_in(Client(), User.objects.get(pk=officer().user_id))
    address = reverse("identity:org_imports")

    good = client.post(address, {"key": str(uuid4()), "file": SimpleUploadedFile("表.xlsx", table(NEW))})
    bad = client.post(address, {"key": str(uuid4()), "file": SimpleUploadedFile("表.xlsx", b"PK\x03\x04x")})

    assert good["Location"] == reverse("identity:org_import", args=[OrgImport.objects.get().pk])
    assert bad.status_code == 400 and "表格损坏" in bad.content.decode() and OrgImport.objects.count() == 1
